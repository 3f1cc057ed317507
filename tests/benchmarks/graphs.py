"""Long and wide graphs: sweeps whose cost grows with the edges, and counts of paths never listed."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from itertools import cycle, islice

import bpmath as bp
from bpmath.graph import Graph, Node
from bpmath.operations import ADD, MULTIPLY, SIN
from bpmath.sweeps import Sweep
from bpmath.symbols import Symbol, a, x
from tests.benchmarks.measurement import Measurement, growth, typical_seconds

SHORT, LONG = 10**4, 10**5
LAYERS = WIDTH = 100


def chain(gates: int) -> tuple[Node, ...]:
    """Return so many gates after two inputs: products, sums and sines, all of which but sines have a fork."""
    nodes = [Node(x(1)), Node(x(2))]
    for k, gate in enumerate(islice(cycle((MULTIPLY, ADD, SIN)), gates), 1):
        sources = (nodes[-1].symbol,) if gate is SIN else (nodes[-1].symbol, nodes[-2].symbol)
        nodes.append(Node(Symbol("v", None, (k,)), gate, sources))
    return tuple(nodes)


def swept(nodes: tuple[Node, ...]) -> Sweep:
    """Return the reverse sweep of a graph that is made, checked and evaluated for it."""
    graph = Graph(nodes, nodes[-1].symbol)
    return graph.evaluate(dict.fromkeys(graph.inputs, 0.5)).reverse()


def sweep_is_linear() -> Iterator[Measurement]:
    """Graph, evaluation and reverse sweep of ten times as many gates: less than 12 times the time."""
    figure = growth(partial(swept, chain(LONG)), partial(swept, chain(SHORT)))
    yield Measurement(f"{SHORT} to {LONG} gates, made, evaluated and swept", figure, 12.0, "times", True)


def layered() -> tuple[Node, ...]:
    """Return 100 layers of 100 nodes, each fed by the whole layer before, and an output fed by the last."""
    sources = tuple(x(k) for k in range(1, WIDTH + 1))
    nodes = list(map(Node, sources))
    for layer in range(1, LAYERS):
        symbols = tuple(a(layer, k) for k in range(1, WIDTH + 1))
        nodes += [Node(symbol, ADD, sources) for symbol in symbols]
        sources = symbols
    return (*nodes, Node(Symbol("e"), ADD, sources))


def counted(nodes: tuple[Node, ...]) -> int:
    """Return the number of paths from the first node to the output of a graph that is made for it."""
    return bp.Graph(nodes, nodes[-1].symbol).count_paths(nodes[0].symbol)


def paths_are_counted() -> Iterator[Measurement]:
    """The 100^99 paths from an input through 100 layers of 100 nodes: under half a second."""
    nodes = layered()
    making = typical_seconds(partial(Graph, nodes, nodes[-1].symbol))
    whole = typical_seconds(partial(counted, nodes))
    name = f"{WIDTH}^{LAYERS - 1} paths counted"
    yield Measurement(name, whole - making, 0.5, "seconds", True)
    yield Measurement(f"{name}, with making the graph", whole, 0.5, "seconds", True)

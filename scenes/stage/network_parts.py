"""The part of a network's graph of single gates that leads to one of its errors, small enough to be drawn."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from bpmath import Derivation, derive, example_network, example_sample
from bpmath.graph import Graph, Node
from bpmath.network import Network
from bpmath.operations import DomainError
from bpmath.symbols import Symbol, a, e
from bpmath.trace import Trace
from scenes.stage.graph_plan import SPLITS, GraphPlan, GraphTooLarge, plan_graph


@dataclass(frozen=True)
class NetworkParts:
    """The last layer's part for the first error and, where there is a layer before it, that of both.

    `single` is the last layer's in single gates, as that of both is; in `last` its activation is one gate.
    `is_example` says that they are of the example network, because the user's are too large.
    """

    derivation: Derivation
    last: Trace
    single: Trace
    both: Trace | None
    is_example: bool

    @property
    def whole(self) -> Trace:
        """The largest part in single gates that can be drawn."""
        return self.both or self.single

    @property
    def is_joined(self) -> bool:
        """Whether the activation of the last layer takes several gates."""
        return len(self.last.graph.nodes) < len(self.single.graph.nodes)


def network_parts(derivation: Derivation) -> NetworkParts:
    """Return the parts of a network that can be drawn, or those of the example network.

    In the last layer's part, and where both are large, only the product with the first source is traced back.
    """
    try:
        parts = _parts(derivation, only_first=False, is_example=False)
        return parts if parts.both else _parts(derivation, only_first=True, is_example=False)
    except (GraphTooLarge, DomainError):
        example = derive(example_network(), *example_sample())
        return _parts(example, only_first=False, is_example=True)


def _parts(derivation: Derivation, only_first: bool, is_example: bool) -> NetworkParts:
    network = derivation.network
    trace = network.graph(expanded=True).evaluate(_inputs(derivation))
    layers, sizes = network.layers, network.sizes
    others = {v(layers, j) for j in range(2, sizes[layers - 1] + 1)}
    single = part_of(trace, e(1), others | {a(layers - 1, 1)})
    plan_graph(single.graph)
    last = with_one_activation(single, network)
    if layers == 1:
        return NetworkParts(derivation, last, single, None, is_example)
    ends = {a(layers - 1, j) for j in range(2, sizes[layers - 1] + 1)}
    ends |= {a(layers - 2, j) for j in range(1, sizes[layers - 2] + 1)}
    ends |= others | {v(layers - 1, j) for j in range(2, sizes[layers - 2] + 1)} if only_first else set()
    both = part_of(trace, e(1), ends)
    try:
        plan_graph(both.graph)
    except GraphTooLarge:
        return NetworkParts(derivation, last, single, None, is_example)
    return NetworkParts(derivation, last, single, both, is_example)


def with_one_activation(trace: Trace, network: Network) -> Trace:
    """Return the last layer's part with one gate between its weighted sum and its activation."""
    joined = network.graph()[a(network.layers, 1)]
    kept = [node for node in trace.graph.nodes if node.symbol.letter != "u"]
    graph = Graph(
        tuple(joined if node.symbol == joined.symbol else node for node in kept), trace.graph.output
    )
    return graph.evaluate({symbol: trace[symbol] for symbol in graph.inputs})


def v(layer: int, source: int) -> Symbol:
    """Return the product of a weight of a layer's first node with its source."""
    return Symbol("v", layer, (1, source))


def _inputs(derivation: Derivation) -> dict[Symbol, float]:
    graph = derivation.network.graph(expanded=True)
    return {symbol: derivation.trace[symbol] for symbol in graph.inputs}


def part_of(trace: Trace, output: Symbol, ends: Collection[Symbol]) -> Trace:
    """Return what a node is computed from, back to some nodes that become inputs, with their values."""
    wanted, unseen = {output}, [output]
    while unseen:
        symbol = unseen.pop()
        sources = () if symbol in ends else trace.graph[symbol].inputs
        unseen += [source for source in sources if source not in wanted]
        wanted |= set(sources)
    nodes = [node for node in trace.graph.nodes if node.symbol in wanted]
    kept = tuple(Node(node.symbol) if node.symbol in ends else node for node in nodes)
    graph = Graph(kept, output)
    return graph.evaluate({symbol: trace[symbol] for symbol in graph.inputs})


def roomy_plan(graph: Graph) -> GraphPlan:
    """Return where a part stands, with a high board above it where the part is small enough."""
    try:
        return plan_graph(graph, SPLITS[:1])
    except GraphTooLarge:
        return plan_graph(graph)

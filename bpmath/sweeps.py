"""Forward and reverse mode: how derivatives are swept through a graph, recorded step by step.

What you can do here: carry the derivatives of one output with respect to every node backwards
(`reverse`), or the derivatives of every node with respect to one node forwards (`forward`), and read
off what was multiplied with what, what was added to what, and how often.

    reverse   de/du += de/dv  dv/du     for every edge u -> v, from the output backwards
    forward   dv/dx += dv/du  du/dx     for every edge u -> v, from x onwards

Both take one multiplication for each edge that they cross, and one addition for each that leads to a
node that has been reached before; edges on no way are not crossed.  One reverse sweep gives the
derivatives for all inputs, where forward mode needs a sweep for each (Griewank & Walther, Evaluating
Derivatives, 2008, chapter 3).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from bpmath.graph import Edge, Graph
from bpmath.symbols import Symbol

if TYPE_CHECKING:
    from bpmath.trace import Trace

Mode = Literal["forward", "reverse"]
Slopes = Sequence[Sequence[float]]


@dataclass(frozen=True)
class Cost:
    """Numbers of multiplications and additions; the costs of several sweeps can be added."""

    multiplications: int = 0
    additions: int = 0

    @property
    def total(self) -> int:
        """multiplications + additions"""
        return self.multiplications + self.additions

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.multiplications + other.multiplications, self.additions + other.additions)


@dataclass(frozen=True, slots=True)
class Step:
    """One edge crossed: total = before + contribution, contribution = carried * local.

    The derivative `carried` stood at the node `sender` (reverse: the gate, forward: its input), `local` is
    the local derivative on the edge, and the running sum at the node `receiver` grew from `before` to
    `total`.  `before` is None at the first contribution, where nothing is added.
    """

    edge: Edge
    sender: Symbol
    receiver: Symbol
    carried: float
    local: float
    contribution: float
    before: float | None
    total: float


class ByNode(Mapping[Symbol, float]):
    """A number for every node, looked up by symbol or by name; KeyError for what is no node."""

    def __init__(self, graph: Graph, values: Sequence[float]) -> None:
        self._graph = graph
        self._values = values

    def __getitem__(self, symbol: Symbol | str) -> float:
        try:
            return self._values[self._graph.position(symbol)]
        except ValueError:
            raise KeyError(symbol) from None

    def __iter__(self) -> Iterator[Symbol]:
        return (node.symbol for node in self._graph.nodes)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return repr(dict(self))


@dataclass(frozen=True)
class Crossings:
    """Which edges a sweep crossed, in order: where their gates stand, and for which of the gate's inputs."""

    gates: list[int] = field(default_factory=list)
    arguments: list[int] = field(default_factory=list)

    def add(self, gate: int, argument: int) -> None:
        """Note that one more edge was crossed."""
        self.gates.append(gate)
        self.arguments.append(argument)


@dataclass(frozen=True)
class Sweep:
    """One sweep from `start`: a derivative for every node (0 where no path leads), the steps, the cost.

    Reverse mode starts at the output e and finds de/dv for every node v; forward mode starts at a node x
    and finds dv/dx.
    """

    mode: Mode
    start: Symbol
    derivative: ByNode
    cost: Cost
    """The multiplications and additions spent; the 1 at the start costs nothing."""
    _graph: Graph = field(repr=False)
    _slopes: Slopes = field(repr=False)
    _crossings: Crossings = field(repr=False)

    # Of a long sweep that nobody watches, most of the time would go into its steps.
    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """One step for every edge that was crossed, in order."""
        found, steps = {self.start: 1.0}, []
        for gate, argument in zip(self._crossings.gates, self._crossings.arguments, strict=True):
            edge, local = self._graph.edges[gate][argument], self._slopes[gate][argument]
            ends = (edge.target, edge.source) if self.mode == "reverse" else (edge.source, edge.target)
            steps.append(_step(edge, *ends, local, found))
            found[steps[-1].receiver] = steps[-1].total
        return tuple(steps)


def reverse(trace: Trace) -> Sweep:
    """Return the sweep de/du += de/dv dv/du from the output e back to every node u; linear time."""
    graph, slopes = trace.graph, trace.locals.slopes
    start = graph.position(graph.output)
    found, crossings = _known(start, graph), Crossings()
    for gate in range(start, -1, -1):
        if (carried := found[gate]) is None:
            continue
        for argument, source in enumerate(graph.sources[gate]):
            found[source] = _total(found[source], _contribution(carried, slopes[gate][argument]))
            crossings.add(gate, argument)
    return _finish("reverse", trace, start, found, crossings)


def forward(trace: Trace, wrt: Symbol | str) -> Sweep:
    """Return the sweep dv/dx += dv/du du/dx from the node x = `wrt` to every node v; linear time.

    Raises ValueError when `wrt` is not a node.
    """
    graph, slopes = trace.graph, trace.locals.slopes
    start = graph.position(wrt)
    found, crossings = _known(start, graph), Crossings()
    for gate in range(start + 1, len(graph.nodes)):
        for argument, source in enumerate(graph.sources[gate]):
            if (carried := found[source]) is not None:
                found[gate] = _total(found[gate], _contribution(carried, slopes[gate][argument]))
                crossings.add(gate, argument)
    return _finish("forward", trace, start, found, crossings)


def _known(start: int, graph: Graph) -> list[float | None]:
    """Return the derivatives, by position, that are known before the first step: 1 at the start."""
    found: list[float | None] = [None] * len(graph.nodes)
    found[start] = 1.0
    return found


def _contribution(carried: float, local: float) -> float:
    # As in a product of an equation: what is multiplied by exactly 0 contributes 0, even an overflow.
    return carried * local if carried and local else 0.0


def _total(before: float | None, contribution: float) -> float:
    return contribution if before is None else before + contribution


def _step(edge: Edge, sender: Symbol, receiver: Symbol, local: float, found: Mapping[Symbol, float]) -> Step:
    carried, before = found[sender], found.get(receiver)
    contribution = _contribution(carried, local)
    return Step(edge, sender, receiver, carried, local, contribution, before, _total(before, contribution))


def _finish(mode: Mode, trace: Trace, start: int, found: list[float | None], crossings: Crossings) -> Sweep:
    graph = trace.graph
    everywhere = [0.0 if derivative is None else derivative for derivative in found]
    multiplications = len(crossings.gates)
    # The first contribution to a node is not added to anything, and the start has none.
    first = len(found) - found.count(None) - 1
    cost = Cost(multiplications, multiplications - first)
    symbol = graph.nodes[start].symbol
    return Sweep(mode, symbol, ByNode(graph, everywhere), cost, graph, trace.locals.slopes, crossings)

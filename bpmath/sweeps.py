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

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from bpmath.graph import Edge
from bpmath.symbols import Symbol

if TYPE_CHECKING:
    from bpmath.trace import Trace

Mode = Literal["forward", "reverse"]


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


@dataclass(frozen=True)
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


class Derivatives(Mapping[Symbol, float]):
    """A derivative for every node, looked up by symbol or by name; KeyError for what is no node."""

    def __init__(self, values: Mapping[Symbol, float]) -> None:
        self._values = dict(values)

    def __getitem__(self, symbol: Symbol | str) -> float:
        return self._values[Symbol(symbol) if isinstance(symbol, str) else symbol]

    def __iter__(self) -> Iterator[Symbol]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __repr__(self) -> str:
        return repr(self._values)


@dataclass(frozen=True)
class Sweep:
    """One sweep from `start`: a derivative for every node (0 where no path leads), the steps, the cost.

    Reverse mode starts at the output e and finds de/dv for every node v; forward mode starts at a node x
    and finds dv/dx.
    """

    mode: Mode
    start: Symbol
    derivative: Derivatives
    steps: tuple[Step, ...]

    @property
    def cost(self) -> Cost:
        """The multiplications and additions spent; the 1 at the start costs nothing."""
        additions = sum(step.before is not None for step in self.steps)
        return Cost(len(self.steps), additions)


def reverse(trace: Trace) -> Sweep:
    """Return the sweep de/du += de/dv dv/du from the output e back to every node u; linear time."""
    graph = trace.graph
    found, steps = {graph.output: 1.0}, []
    for node in reversed(graph.nodes):
        if node.symbol in found:
            for edge in graph.edges_into(node.symbol):
                steps.append(_cross(trace, edge, edge.target, edge.source, found))
    return _finish("reverse", trace, graph.output, found, steps)


def forward(trace: Trace, wrt: Symbol | str) -> Sweep:
    """Return the sweep dv/dx += dv/du du/dx from the node x = `wrt` to every node v; linear time.

    Raises ValueError when `wrt` is not a node.
    """
    graph = trace.graph
    start = graph[wrt].symbol
    found, steps = {start: 1.0}, []
    for node in graph.nodes:
        for edge in graph.edges_into(node.symbol) if node.symbol != start else ():
            if edge.source in found:
                steps.append(_cross(trace, edge, edge.source, edge.target, found))
    return _finish("forward", trace, start, found, steps)


def _cross(trace: Trace, edge: Edge, sender: Symbol, receiver: Symbol, found: dict[Symbol, float]) -> Step:
    carried, local, before = found[sender], trace.locals[edge], found.get(receiver)
    # As in a product of an equation: what is multiplied by exactly 0 contributes 0, even an overflow.
    contribution = carried * local if carried and local else 0.0
    found[receiver] = total = contribution if before is None else before + contribution
    return Step(edge, sender, receiver, carried, local, contribution, before, total)


def _finish(mode: Mode, trace: Trace, start: Symbol, found: dict[Symbol, float], steps: list[Step]) -> Sweep:
    everywhere = {node.symbol: found.get(node.symbol, 0.0) for node in trace.graph.nodes}
    return Sweep(mode, start, Derivatives(everywhere), tuple(steps))

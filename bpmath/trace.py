"""A graph with every value and every local derivative filled in."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain
from types import MappingProxyType

from bpmath import sweeps
from bpmath.graph import Edge, Graph
from bpmath.symbols import Symbol


class LocalDerivatives(Mapping[Edge, float]):
    """A local derivative for every edge of a graph, in the order of the edges; KeyError for what is none.

    `slopes` holds them node by node, as the gates computed them.
    """

    def __init__(self, graph: Graph, slopes: Sequence[Sequence[float]]) -> None:
        self._graph = graph
        self.slopes = slopes

    def __getitem__(self, edge: Edge) -> float:
        if not self._graph.has_edge(edge):
            raise KeyError(edge)
        return self.slopes[self._graph.position(edge.target)][edge.argument]

    def __iter__(self) -> Iterator[Edge]:
        return chain.from_iterable(self._graph.edges)

    def __len__(self) -> int:
        return sum(map(len, self._graph.sources))


@dataclass(frozen=True)
class Trace:
    """What one evaluation of a graph left behind.

    `values` holds every node's value, `locals` every edge's local derivative, and `gradients` the
    whole derivative of the output with respect to a node, where a backward pass has found it.
    """

    graph: Graph
    values: Mapping[Symbol, float]
    locals: LocalDerivatives
    gradients: Mapping[Symbol, float]

    def __getitem__(self, symbol: Symbol | str) -> float:
        return self.values[self.graph[symbol].symbol]

    def value(self, symbol: Symbol) -> float:
        """Return the value of a node."""
        return self[symbol]

    def edge(self, of: Symbol, wrt: Symbol, occurrence: int = 0) -> Edge:
        """Return the edge from `wrt` into `of`; ValueError when there is none."""
        edges = [edge for edge in self.graph.edges_into(of) if edge.source == wrt]
        if occurrence >= len(edges):
            raise ValueError(f"there is no edge number {occurrence} from {wrt} to {of} in this graph")
        return edges[occurrence]

    def partial(self, of: Symbol, wrt: Symbol, occurrence: int = 0) -> float:
        """Return the local derivative of `of` with respect to its direct input `wrt`."""
        return self.locals[self.edge(of, wrt, occurrence)]

    def derivative(self, of: Symbol, wrt: Symbol) -> float:
        """Return the whole derivative of one node with respect to another, over all paths between them.

        For the output it comes from the backward pass where there was one, otherwise from a reverse sweep;
        for any other node from a forward sweep.  Raises ValueError when one of them is not a node.
        """
        of, wrt = self.graph[of].symbol, self.graph[wrt].symbol
        if of != self.graph.output:
            return self.forward(wrt).derivative[of]
        return self.gradients[wrt] if wrt in self.gradients else self.reverse().derivative[wrt]

    def reverse(self) -> sweeps.Sweep:
        """Return the reverse sweep: the derivative of the output with respect to every node."""
        return self._reverse

    @cached_property
    def _reverse(self) -> sweeps.Sweep:
        return sweeps.reverse(self)

    def forward(self, wrt: Symbol | str) -> sweeps.Sweep:
        """Return the forward sweep: the derivative of every node with respect to one, `wrt`."""
        return sweeps.forward(self, wrt)

    def with_gradients(self, gradients: Mapping[Symbol, float]) -> Trace:
        """Return the same trace with the gradients that a backward pass found."""
        return replace(self, gradients=MappingProxyType(dict(gradients)))


def evaluate(graph: Graph, given: Mapping[Symbol, float]) -> Trace:
    """Run a graph forward on its inputs; `Graph.evaluate` describes the errors."""
    _check_inputs(graph, given)
    values: list[float] = []
    slopes: list[tuple[float, ...]] = []
    for node, sources in zip(graph.nodes, graph.sources, strict=True):
        if node.operation is None:
            values.append(float(given[node.symbol]))
            slopes.append(())
            continue
        inputs = [values[source] for source in sources]
        values.append(node.operation.value(inputs))
        slopes.append(tuple(node.operation.derivatives(inputs)))
    return Trace(graph, sweeps.ByNode(graph, values), LocalDerivatives(graph, slopes), MappingProxyType({}))


def _check_inputs(graph: Graph, given: Mapping[Symbol, float]) -> None:
    missing = [str(symbol) for symbol in graph.inputs if symbol not in given]
    inputs = set(graph.inputs)
    unknown = [str(symbol) for symbol in given if symbol not in inputs]
    if missing or unknown:
        wrong = f"lack {', '.join(missing)}" if missing else f"have {', '.join(unknown)}, which is no input"
        raise ValueError(f"values {wrong}; the inputs are {', '.join(map(str, graph.inputs))}")
    for symbol in graph.inputs:
        if not _is_finite(given[symbol]):
            raise ValueError(f"values: {symbol} is {given[symbol]}, but it must be a finite number")


def _is_finite(value: object) -> bool:
    try:
        return math.isfinite(value)  # type: ignore[arg-type]
    except (TypeError, OverflowError):
        return False

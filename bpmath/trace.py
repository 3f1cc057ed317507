"""A graph with every value and every local derivative filled in."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from types import MappingProxyType

from bpmath import sweeps
from bpmath.graph import Edge, Graph
from bpmath.symbols import Symbol


@dataclass(frozen=True)
class Trace:
    """What one evaluation of a graph left behind.

    `values` holds every node's value, `locals` every edge's local derivative, and `gradients` the
    whole derivative of the output with respect to a node, where a backward pass has found it.
    """

    graph: Graph
    values: Mapping[Symbol, float]
    locals: Mapping[Edge, float]
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
    values: dict[Symbol, float] = {}
    local_derivatives: dict[Edge, float] = {}
    for node in graph.nodes:
        if node.operation is None:
            values[node.symbol] = float(given[node.symbol])
            continue
        inputs = [values[symbol] for symbol in node.inputs]
        values[node.symbol] = node.operation.value(inputs)
        derivatives = node.operation.derivatives(inputs)
        local_derivatives.update(zip(graph.edges_into(node.symbol), derivatives, strict=True))
    return Trace(graph, MappingProxyType(values), MappingProxyType(local_derivatives), MappingProxyType({}))


def _check_inputs(graph: Graph, given: Mapping[Symbol, float]) -> None:
    missing = [str(symbol) for symbol in graph.inputs if symbol not in given]
    inputs = set(graph.inputs)
    unknown = [str(symbol) for symbol in given if symbol not in inputs]
    if missing or unknown:
        wrong = f"lack {', '.join(missing)}" if missing else f"have {', '.join(unknown)}, which is no input"
        raise ValueError(f"values {wrong}; the inputs are {', '.join(map(str, graph.inputs))}")
    for symbol in graph.inputs:
        if not math.isfinite(given[symbol]):
            raise ValueError(f"values: {symbol} is {given[symbol]}, but it must be a finite number")

"""Scalar computational graphs: which quantity is computed from which, by what gate.

What you can do here: evaluate a graph to a `Trace`, count the paths from any node to the output
without listing them, and list them when they are few.

An edge leads from an input of a gate to the gate; the derivative of the output with respect to a
node is the sum, over all paths between the two, of the product of the local derivatives along the
path (Griewank & Walther, Evaluating Derivatives, 2008, chapter 2).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from bpmath.operations import Operation
from bpmath.symbols import Symbol
from bpmath.validation import finite

if TYPE_CHECKING:
    from bpmath.trace import Trace


class TooManyPaths(ValueError):
    """There are more paths than was asked for; the message names the count."""


def too_many_paths(count: int, symbol: Symbol, output: Symbol, limit: int) -> TooManyPaths:
    """Return the error that says how many paths there are."""
    return TooManyPaths(
        f"{count} paths lead from {symbol} to {output}, more than the limit of {limit}; "
        "count_paths counts them without listing"
    )


@dataclass(frozen=True, slots=True)
class Edge:
    """One use of `source` as the input number `argument` (from 0) of the gate `target`."""

    source: Symbol
    target: Symbol
    argument: int


Path = tuple[Edge, ...]
"""Edges from the output backwards to a node."""


@dataclass(frozen=True, slots=True)
class Node:
    """A quantity; `operation` is None for an input, which has a value of its own."""

    symbol: Symbol
    operation: Operation | None = None
    inputs: tuple[Symbol, ...] = ()


class Graph:
    """A computational graph with one output, its nodes in an order in which they can be computed."""

    def __init__(self, nodes: tuple[Node, ...], output: Symbol) -> None:
        self.nodes = nodes
        self.output = output
        self._position: dict[Symbol, int] = {}
        self.sources = tuple(map(self._placed, nodes))
        """For every node, in order, where its inputs stand: what is long to sweep is swept by position."""
        self.position(output)

    def _placed(self, node: Node) -> tuple[int, ...]:
        """Put a node in the next position and return those of its inputs, which must stand before it."""
        position = self._position
        try:
            sources = tuple([position[symbol] for symbol in node.inputs])
        except KeyError:
            sources = None
        if sources is None or node.symbol in position:
            raise ValueError(f"nodes: {node.symbol} stands twice or before one of its inputs")
        position[node.symbol] = len(position)
        return sources

    @staticmethod
    def from_expression(text: str, name: str = "e") -> Graph:
        """Return the graph of an expression such as "(a + b) * (b + 1)", gate by gate; `name` is its output.

        Raises ExpressionError when the text is not such an expression; `bpmath.expressions` says what is.
        """
        from bpmath.expressions import graph_of

        return graph_of(text, name)

    def __getitem__(self, symbol: Symbol | str) -> Node:
        return self._require(symbol)

    def _require(self, symbol: Symbol | str) -> Node:
        return self.nodes[self.position(symbol)]

    def position(self, symbol: Symbol | str) -> int:
        """Return where a node stands among the nodes, from 0; ValueError for what is no node."""
        key = Symbol(symbol) if isinstance(symbol, str) else symbol
        try:
            return self._position[key]
        except KeyError:
            raise ValueError(
                f"symbol: {symbol} is not a node of this graph, whose output is {self.output}"
            ) from None

    @cached_property
    def inputs(self) -> tuple[Symbol, ...]:
        """The nodes without a gate, in order."""
        return tuple(node.symbol for node in self.nodes if node.operation is None)

    def edges_into(self, symbol: Symbol) -> tuple[Edge, ...]:
        """Return the edges that end at a node, one for each input of its gate."""
        return self.edges[self.position(symbol)]

    def has_edge(self, edge: object) -> bool:
        """Return whether something is an edge of this graph."""
        if not isinstance(edge, Edge) or edge.target not in self._position:
            return False
        inputs = self._require(edge.target).inputs
        return 0 <= edge.argument < len(inputs) and inputs[edge.argument] == edge.source

    @cached_property
    def edges(self) -> tuple[tuple[Edge, ...], ...]:
        """The edges that end at each node, in the order of the nodes."""
        return tuple(
            tuple([Edge(source, node.symbol, k) for k, source in enumerate(node.inputs)])
            for node in self.nodes
        )

    @cached_property
    def _edges_from(self) -> tuple[tuple[Edge, ...], ...]:
        leaving: list[list[Edge]] = [[] for _ in self.nodes]
        for edges, sources in zip(self.edges, self.sources, strict=True):
            for edge, source in zip(edges, sources, strict=True):
                leaving[source].append(edge)
        return tuple(map(tuple, leaving))

    @cached_property
    def _reaching(self) -> list[int]:
        """The number of paths from each node to the output, found in one backward sweep."""
        counts = [0] * len(self.nodes)
        output = self.position(self.output)
        counts[output] = 1
        for position in range(output, -1, -1):
            if count := counts[position]:
                for source in self.sources[position]:
                    counts[source] += count
        return counts

    def edges_from(self, symbol: Symbol | str) -> tuple[Edge, ...]:
        """Return the edges that leave a node on a way to the output."""
        edges = self._edges_from[self.position(symbol)]
        return tuple(edge for edge in edges if self._reaching[self._position[edge.target]])

    def count_paths(self, symbol: Symbol | str) -> int:
        """Return the number of paths from a node to the output: exact, linear time, none listed."""
        return self._reaching[self.position(symbol)]

    def paths(self, symbol: Symbol | str, limit: int = 10_000) -> list[Path]:
        """Return all paths between the output and a node, each from the output backwards.

        Raises TooManyPaths when there are more than `limit`.
        """
        start = self._require(symbol).symbol
        self.check_path_count(start, limit)
        return list(self._walk(start))

    def check_path_count(self, symbol: Symbol, limit: int) -> None:
        """Raise TooManyPaths when more than `limit` paths lead from a node to the output."""
        count = self.count_paths(symbol)
        if count > limit:
            raise too_many_paths(count, symbol, self.output, limit)

    def _walk(self, start: Symbol) -> Iterator[Path]:
        unfinished: list[tuple[Symbol, Path]] = [(start, ())]
        while unfinished:
            symbol, behind = unfinished.pop()
            if symbol == self.output:
                yield behind
            for edge in reversed(self.edges_from(symbol)):
                unfinished.append((edge.target, (edge, *behind)))

    def evaluate(self, values: Mapping[Symbol, float] | None = None, /, **named: float) -> Trace:
        """Return the trace: every node's value and every edge's local derivative.

        Inputs are given by symbol, or by name: `graph.evaluate(a=2, b=1)`.
        Raises ValueError when an input is missing, unknown or no finite number, and DomainError where a gate
        has no finite value or derivative.
        """
        from bpmath.trace import evaluate

        given = {**(values or {}), **{Symbol(name): value for name, value in named.items()}}
        numbers = {
            symbol: value if type(value) is float else finite(f"values: {symbol}", value)
            for symbol, value in given.items()
        }
        return evaluate(self, numbers)

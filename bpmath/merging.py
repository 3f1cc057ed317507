"""Merging the paths stage by stage: a product of sums instead of a sum of products.

Where all paths from x to z pass through y, and three edges lead from x to y and three from y to z::

    dz/dx = alpha delta + alpha epsilon + alpha zeta + ... + gamma zeta     nine products, one for each path
          = (alpha + beta + gamma) (delta + epsilon + zeta)                 one product

What you can do here: `merge` the derivative of a trace's output with respect to any node, write it
`path_by_path`, and compare what both cost; `bpmath.layered_graphs` makes graphs to try it on.

Source: Olah, Calculus on Computational Graphs: Backpropagation (2015), "Factoring Paths".
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

from bpmath.algebra import Derivative, Expression, Number, Partial, Product, product, total
from bpmath.costs import cost_of
from bpmath.equations import Equation
from bpmath.graph import Edge, Graph, TooManyPaths
from bpmath.sweeps import Cost
from bpmath.symbols import Symbol
from bpmath.trace import Trace

MOST_TERMS = 10_000
DEEPEST = 50


@dataclass(frozen=True)
class Merging:
    """A derivative as a product of sums, and what the merging saves.

    `nodes` are those that lie on every path, from the node to the output; `paths` and `edges` are counted
    between these two, exactly.  The costs are those of the right-hand sides as they are written: of
    `path_by_path` (the sum over all paths, which need not be few enough to be written) and of `equation`.
    """

    equation: Equation
    nodes: tuple[Symbol, ...]
    paths: int
    edges: int
    path_by_path: Cost
    merged: Cost


def merge(trace: Trace, symbol: Symbol | str, limit: int = MOST_TERMS) -> Merging:
    """Return the derivative of the output with respect to a node, as a product of sums.

    Between two neighbours of the nodes that lie on all paths, there is one factor: a local derivative, or the
    sum over the edges that leave the first, with what follows each merged in the same way.  Factors stand
    from the output backwards.  The nodes on all paths are found in one sweep.  Raises ValueError for what is
    no node, and TooManyPaths when more than `limit` local derivatives, or sums nested more than 50 deep,
    would have to be written.
    """
    graph = trace.graph
    start = graph[symbol].symbol
    reach = _Reach(graph, start)
    nodes, paths = reach.on_all_paths(start, graph.output), graph.count_paths(start)
    many = bool(paths) and start != graph.output
    written = _Writer(graph, reach, limit).between(start, graph.output).expression if many else Number(paths)
    edges = sum(len(leaving) for leaving in reach.leaving.values())
    equation = Equation(Derivative(graph.output, start), written, trace)
    return Merging(equation, nodes, paths, edges, _cost_path_by_path(graph, reach), cost_of(written))


def path_by_path(trace: Trace, symbol: Symbol | str, limit: int = MOST_TERMS) -> Equation:
    """Return the derivative of the output with respect to a node, as the sum of a product for each path.

    Factors stand from the output backwards.  Raises TooManyPaths when there are more than `limit` paths.
    """
    graph = trace.graph
    start = graph[symbol].symbol
    paths = graph.paths(start, limit)
    products = [product(*(local(graph, edge) for edge in path)) for path in paths]
    rhs = total(tuple(products)) if products and start != graph.output else Number(len(paths))
    return Equation(Derivative(graph.output, start), rhs, trace)


def local(graph: Graph, edge: Edge) -> Partial:
    """Return the local derivative on an edge."""
    before = graph[edge.target].inputs[: edge.argument]
    return Partial(edge.target, edge.source, before.count(edge.source))


class _Reach:
    """The part of a graph that lies on a way from one node to the output."""

    def __init__(self, graph: Graph, start: Symbol) -> None:
        self.position: dict[Symbol, int] = {}
        self.order: list[Symbol] = []
        self.leaving: dict[Symbol, tuple[Edge, ...]] = {}
        reached = {start}
        for node in graph.nodes:
            if node.symbol in reached and graph.count_paths(node.symbol):
                self.position[node.symbol] = len(self.order)
                self.order.append(node.symbol)
                self.leaving[node.symbol] = edges = graph.edges_from(node.symbol)
                reached.update(edge.target for edge in edges)

    def on_all_paths(self, source: Symbol, target: Symbol) -> tuple[Symbol, ...]:
        """Return the nodes on all paths from one node to another that lies on all paths onwards from it.

        A node lies on all of them when no edge passes over it, in an order in which nodes can be computed.
        """
        if source not in self.position:
            return ()
        start, end = self.position[source], self.position[target]
        found, furthest, met = [], start, {source}
        for position, symbol in enumerate(self.order[start : end + 1], start):
            if symbol in met:
                if position == furthest:
                    found.append(symbol)
                following = [edge.target for edge in self.leaving[symbol]]
                furthest = max(furthest, *(self.position[after] for after in following), 0)
                met.update(following)
        return tuple(found)


@dataclass(frozen=True)
class _Written:
    """An expression, the number of local derivatives in it, and how deep its sums are nested."""

    expression: Expression
    size: int = 0
    height: int = 0


@dataclass
class _Writer:
    """Writes the product of sums between two nodes; what is shared is made once and written often."""

    graph: Graph
    reach: _Reach
    limit: int
    known: dict[tuple[Symbol, Symbol], _Written] = field(default_factory=dict)

    def between(self, source: Symbol, target: Symbol, depth: int = 0) -> _Written:
        """Return d(target)/d(source), for a target on all paths from the source to the output."""
        if depth > DEEPEST:
            raise self._too_many(f"more than {DEEPEST} sums within each other")
        if (source, target) not in self.known:
            nodes = self.reach.on_all_paths(source, target)
            factors = [self._factor(*pair, depth) for pair in reversed(list(pairwise(nodes)))]
            expression = product(*(factor.expression for factor in factors))
            nothing = _Written(Product(()))
            self.known[source, target] = self._checked(expression, factors or [nothing])
        return self.known[source, target]

    def _factor(self, source: Symbol, target: Symbol, depth: int) -> _Written:
        """Return the sum over the edges that leave the source, each with all that follows it."""
        edges, parts = self.reach.leaving[source], []
        for edge in edges:
            rest = self.between(edge.target, target, depth + 1)
            term = product(rest.expression, local(self.graph, edge))
            parts.append(_Written(term, rest.size + 1, rest.height + (len(edges) > 1)))
            # At once, not at the end: the terms may be many and long.
            whole = self._checked(term, parts)
        return _Written(total(tuple(part.expression for part in parts)), whole.size, whole.height)

    def _checked(self, expression: Expression, parts: list[_Written]) -> _Written:
        size, height = sum(part.size for part in parts), max(part.height for part in parts)
        if size > self.limit:
            raise self._too_many(f"more than {self.limit} local derivatives")
        if height > DEEPEST:
            raise self._too_many(f"more than {DEEPEST} sums within each other")
        return _Written(expression, size, height)

    def _too_many(self, what: str) -> TooManyPaths:
        return TooManyPaths(
            f"with its paths merged, the derivative of {self.graph.output} still has {what}; a reverse sweep "
            "finds it without writing it"
        )


def _cost_path_by_path(graph: Graph, reach: _Reach) -> Cost:
    """Return the cost of the sum over all paths, exactly and without listing them."""
    if not reach.order:
        return Cost()
    start = reach.order[0]
    paths, factors = graph.count_paths(start), 0
    arriving = dict.fromkeys(reach.order, 0)
    arriving[start] = 1
    for symbol in reach.order:
        for edge in reach.leaving[symbol]:
            factors += arriving[symbol] * graph.count_paths(edge.target)
            arriving[edge.target] += arriving[symbol]
    return Cost(max(0, factors - paths), paths - 1)

"""Layered graphs, on which paths multiply: every node of a layer reads every node of the one before.

What you can do here: `layered_graph((1, 1, 1), parallel=3)` is x -> y -> z with three edges each, called
alpha, beta, gamma and delta, epsilon, zeta; any numbers can stand on them.  `LayeredGraph.named` writes an
equation with these names.

Source: Olah, Calculus on Computational Graphs: Backpropagation (2015), "Factoring Paths".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from bpmath.algebra import Expression, Partial, Product, Quantity, Sum, Values
from bpmath.equations import Equation
from bpmath.graph import Edge, Graph, Node
from bpmath.languages import GREEK
from bpmath.merging import local
from bpmath.operations import AFFINE, with_constants
from bpmath.symbols import Symbol
from bpmath.validation import counted, finite, layer_sizes, whole

Layer = tuple[Symbol, ...]


@dataclass(frozen=True)
class LayeredGraph:
    """A graph of layers, and a name for each of its edges: alpha, beta, ... in reading order.

    With more edges than Greek letters a name is alpha(stage, number), both counted from 1.
    """

    graph: Graph
    names: Mapping[Edge, Symbol]

    def named(self, equation: Equation) -> Equation:
        """Return the same equation with the names of the edges for their local derivatives.

        Factors that stood from the output backwards now stand as the edges are followed, as Olah writes them:
        (alpha + beta) (gamma + delta).
        """
        names = {local(self.graph, edge): name for edge, name in self.names.items()}
        values = _NamedEdges(equation.values, {name: partial for partial, name in names.items()})
        return Equation(equation.lhs, _renamed(equation.rhs, names), values)


def _renamed(expression: Expression, names: Mapping[Partial, Symbol]) -> Expression:
    match expression:
        case Partial():
            return Quantity(names[expression])
        case Sum(terms=terms):
            return Sum(tuple(_renamed(term, names) for term in terms))
        case Product(factors=factors):
            return Product(tuple(_renamed(factor, names) for factor in reversed(factors)))
        case _:
            return expression


@dataclass(frozen=True)
class _NamedEdges:
    """The values of a trace, and those of its local derivatives by the names of their edges."""

    values: Values
    partials: Mapping[Symbol, Partial]

    def value(self, symbol: Symbol) -> float:
        """Return the local derivative on an edge, or the value of a node."""
        if symbol in self.partials:
            return self.partials[symbol].evaluate(self.values)
        return self.values.value(symbol)

    def partial(self, of: Symbol, wrt: Symbol, occurrence: int = 0) -> float:
        """Return a local derivative."""
        return self.values.partial(of, wrt, occurrence)

    def derivative(self, of: Symbol, wrt: Symbol) -> float:
        """Return a whole derivative."""
        return self.values.derivative(of, wrt)


def layered_graph(
    widths: Sequence[int], parallel: int = 1, slopes: Sequence[float] | None = None
) -> LayeredGraph:
    """Return layers of so many nodes, with `parallel` edges from every node to every node of the next layer.

    A node is the sum of what its edges bring: a slope times the node where the edge begins.  The slopes are
    the local derivatives, in reading order: node by node, and for each its sources from the first on.
    Without them all are 1, so that a derivative is the number of paths.  A single input is x, several are
    x(1), x(2), ...; the nodes between are h(layer, node), or y where there is but one; the output is z.
    Raises ValueError for widths that do not end with 1 and for slopes that are not as many as the edges.
    """
    layers = _layers(layer_sizes(widths))
    parallel = whole("parallel", parallel, 1)
    count = sum(len(before) * len(layer) * parallel for before, layer in pairwise(layers))
    given = iter(_checked(slopes, count))
    nodes = [Node(symbol) for symbol in layers[0]]
    for before, layer in pairwise(layers):
        sources = tuple(source for source in before for _ in range(parallel))
        nodes += [_weighted_sum(symbol, sources, given) for symbol in layer]
    graph = Graph(tuple(nodes), layers[-1][0])
    return LayeredGraph(graph, dict(_names(graph, layers, count)))


def _layers(sizes: tuple[int, ...]) -> list[Layer]:
    if sizes[-1] != 1:
        raise ValueError(f"widths ends with {sizes[-1]}, but the last layer must be one node, the output")
    first = tuple(Symbol("x", None, (k,)) for k in range(1, sizes[0] + 1)) if sizes[0] > 1 else (Symbol("x"),)
    if sizes[1:-1] == (1,):
        return [first, (Symbol("y"),), (Symbol("z"),)]
    hidden = enumerate(sizes[1:-1], 1)
    inner = [tuple(Symbol("h", layer, (k,)) for k in range(1, size + 1)) for layer, size in hidden]
    return [first, *inner, (Symbol("z"),)]


def _checked(slopes: Sequence[float] | None, count: int) -> list[float]:
    if slopes is None:
        return [1.0] * count
    given = [finite(f"slopes[{i}]", slope) for i, slope in enumerate(slopes)]
    if len(given) != count:
        edges = counted(count, "edge")
        raise ValueError(f"slopes has {counted(len(given), 'number')}, but there are {edges}, with one each")
    return given


def _weighted_sum(symbol: Symbol, sources: Layer, slopes: Iterator[float]) -> Node:
    constants = [place for _ in sources for place in (next(slopes), None)]
    return Node(symbol, with_constants(AFFINE, (*constants, 0.0)), sources)


def _names(graph: Graph, layers: list[Layer], count: int) -> Iterator[tuple[Edge, Symbol]]:
    letters = iter(GREEK)
    for stage, layer in enumerate(layers[1:], 1):
        edges = (edge for symbol in layer for edge in graph.edges_into(symbol))
        for number, edge in enumerate(edges, 1):
            few = count <= len(GREEK)
            yield edge, Symbol(next(letters)) if few else Symbol(next(iter(GREEK)), None, (stage, number))

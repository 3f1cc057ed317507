"""The chain rule at a node of a graph, with the local derivatives written as what they are.

    written_out(graph)                 (x + y) z                      the whole expression
    received(trace, Symbol("x"))       df/dx = df/dv · 1 + df/df · y  what arrives times the local derivative

Source: Karpathy, CS231n course notes, Backpropagation, Intuitions.
"""

from __future__ import annotations

from collections.abc import Iterator

from bpmath.activations import STEP
from bpmath.algebra import Apply, Derivative, Expression, Number, Quantity, Sum, product, total
from bpmath.equations import Equation
from bpmath.gates import gate_formula, local_derivative_formula
from bpmath.graph import Edge, Graph
from bpmath.symbols import Symbol
from bpmath.trace import Trace
from bpmath.trees import parts, rebuilt


def written_out(graph: Graph, symbol: Symbol | None = None) -> Expression:
    """Return what a node computes from the inputs of the graph, by default the output: (x + y) z."""
    known: dict[Symbol, Expression] = {}
    for node in graph.nodes:
        formula = gate_formula(node) if node.operation is not None else Quantity(node.symbol)
        known[node.symbol] = _with_quantities(formula, known)
    return known[symbol or graph.output]


def _with_quantities(term: Expression, known: dict[Symbol, Expression]) -> Expression:
    """Return a term with known expressions in the places of quantities; sums in sums are opened."""
    if isinstance(term, Quantity):
        return known.get(term.symbol, term)
    if not term.operands:
        return term
    operands = tuple(_with_quantities(operand, known) for operand in term.operands)
    return total(tuple(_opened(operands))) if isinstance(term, Sum) else rebuilt(term, operands)


def _opened(terms: tuple[Expression, ...]) -> Iterator[Expression]:
    for term in terms:
        yield from term.terms if isinstance(term, Sum) else (term,)


def contribution(trace: Trace, edge: Edge) -> Expression:
    """Return de/dv · dv/du for an edge u -> v, the second factor as the formula of its gate.

    Of a gate that chooses it is the number: 1 for what it chose, 0 for the others.
    """
    slope = local_derivative_formula(trace.graph[edge.target], edge.argument)
    if any(isinstance(part.term, Apply) and part.term.function == STEP for part in parts(slope)):
        slope = Number(trace.locals[edge])
    return product(Derivative(trace.graph.output, edge.target), slope)


def received(trace: Trace, symbol: Symbol) -> Equation:
    """Return de/du = the sum of de/dv · dv/du over the edges u -> v, with the formulas of dv/du.

    For the output it is de/de = 1.  Raises ValueError for what is no node.
    """
    graph = trace.graph
    terms = tuple(contribution(trace, edge) for edge in graph.edges_from(symbol))
    unknown = 1.0 if graph.position(symbol) == graph.position(graph.output) else 0.0
    return Equation(Derivative(graph.output, symbol), total(terms) if terms else Number(unknown), trace)

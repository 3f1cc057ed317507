"""An equation worked out step by step: numbers for symbols, then products, then their sum, all executed."""

from __future__ import annotations

from bpmath.algebra import Expression, Number, Sum, total
from bpmath.equations import Equation
from bpmath.numbers import numbers
from bpmath.rewrites import Kind, Origin, Rewrite
from bpmath.trees import Position, leaves

_LEFT = Origin((0,), Kind.KEPT, ((0,),))


def valued(equation: Equation) -> Rewrite:
    """Return lhs = rhs -> lhs = rhs with the value of every symbol on the right in its place."""
    whole = numbers(equation)
    after = whole.after
    assert isinstance(after, Equation)
    right = tuple(origin for origin in whole.correspondence if origin.after[0] == 1)
    return Rewrite(equation, Equation(equation.lhs, after.rhs, equation.values), (_LEFT, *right), "numbers")


def multiplied(equation: Equation) -> Rewrite:
    """Return lhs = a b + c d -> lhs = the value of a b + the value of c d."""
    rhs = equation.rhs
    terms = rhs.terms if isinstance(rhs, Sum) else (rhs,)
    after = total(tuple(Number(term.evaluate(equation.values)) for term in terms))
    where: list[Position] = [(1, index) for index in range(len(terms))] if isinstance(rhs, Sum) else [(1,)]
    return _worked_out(equation, after, where, "products")


def added(equation: Equation) -> Rewrite:
    """Return lhs = rhs -> lhs = the value of rhs."""
    return _worked_out(equation, Number(equation.rhs.evaluate(equation.values)), [(1,)], "sum")


def _worked_out(equation: Equation, rhs: Expression, where: list[Position], step: str) -> Rewrite:
    """Return the rewrite in which what stands at each of some places becomes one number."""
    origins = [_LEFT]
    for place in where:
        inside = [leaf.position for leaf in leaves(equation) if leaf.position[: len(place)] == place]
        kind = Kind.KEPT if inside == [place] else Kind.MERGED
        origins.append(Origin(place, kind, tuple(inside)))
    return Rewrite(equation, Equation(equation.lhs, rhs, equation.values), tuple(origins), step)

"""An equation worked out step by step: numbers for symbols, then products, then their sum, all executed."""

from __future__ import annotations

from bpmath.algebra import Expression, Negative, Number, Sum, total
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
    rhs = _with_minus_signs(after.rhs)
    right = tuple(
        Origin(_moved(origin.after, rhs), origin.kind, origin.before)
        for origin in whole.correspondence
        if origin.after[0] == 1
    )
    return Rewrite(equation, Equation(equation.lhs, rhs, equation.values), (_LEFT, *right), "numbers")


def multiplied(equation: Equation) -> Rewrite:
    """Return lhs = a b + c d -> lhs = the value of a b + the value of c d."""
    rhs = equation.rhs
    terms = rhs.terms if isinstance(rhs, Sum) else (rhs,)
    after = _with_minus_signs(total(tuple(Number(term.evaluate(equation.values)) for term in terms)))
    where: list[Position] = [(1, index) for index in range(len(terms))] if isinstance(rhs, Sum) else [(1,)]
    return _worked_out(equation, after, where, "products")


def added(equation: Equation) -> Rewrite:
    """Return lhs = rhs -> lhs = the value of rhs."""
    return _worked_out(equation, Number(equation.rhs.evaluate(equation.values)), [(1,)], "sum")


def _worked_out(equation: Equation, rhs: Expression, where: list[Position], step: str) -> Rewrite:
    """Return the rewrite in which what stands at each of some places becomes one number."""
    origins = [_LEFT]
    inside_of: dict[Position, list[Position]] = {place: [] for place in where}
    for leaf in leaves(equation):
        if (place := leaf.position[: len(where[0])]) in inside_of:
            inside_of[place].append(leaf.position)
    for place, inside in inside_of.items():
        kind = Kind.KEPT if inside == [place] else Kind.MERGED
        origins.append(Origin(_moved(place, rhs), kind, tuple(inside)))
    return Rewrite(equation, Equation(equation.lhs, rhs, equation.values), tuple(origins), step)


def _with_minus_signs(expression: Expression) -> Expression:
    """Return a sum in which negative numbers after the first are taken away: 3 - 2, not 3 + (-2)."""
    if not isinstance(expression, Sum):
        return expression
    first, *others = expression.terms
    return Sum((first, *(_taken_away(term) for term in others)))


def _taken_away(term: Expression) -> Expression:
    return Negative(Number(-term.number)) if isinstance(term, Number) and term.number < 0 else term


def _moved(place: Position, rhs: Expression) -> Position:
    """Return where a term of the right-hand side stands when a minus sign may have come before it."""
    away = isinstance(rhs, Sum) and len(place) == 2 and isinstance(rhs.terms[place[1]], Negative)
    return (*place, 0) if away else place

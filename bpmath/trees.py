"""Walking through expressions and equations: a position leads from the whole to a part, an index a step.

The sides of an equation are 0 and 1, its parts are numbered as they are written:
in dE/dw = delta · dz/dw, (0,) is dE/dw, (1, 0) is delta and (1, 1) is dz/dw.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TypeVar

from bpmath.algebra import Apply, Expression, Negative, Power, Product, Quotient, Sum
from bpmath.matrices import Cells, MatrixExpression
from bpmath.matrix_algebra import (
    Diagonal,
    Entrywise,
    Hadamard,
    MatrixNegative,
    MatrixProduct,
    MatrixSum,
    Transpose,
)
from bpmath.matrix_equations import Statement, Term

Position = tuple[int, ...]
Tree = TypeVar("Tree", bound=Term)


@dataclass(frozen=True)
class Part:
    """A part of an expression or a statement, and where it stands."""

    position: Position
    term: Term


def parts(whole: Statement | Term, position: Position = ()) -> Iterator[Part]:
    """Yield every expression inside, the outer before the inner, in the order of reading."""
    if isinstance(whole, Expression | MatrixExpression):
        yield Part(position, whole)
    for index, operand in enumerate(whole.operands):
        yield from parts(operand, (*position, index))


def leaves(whole: Statement | Term) -> list[Part]:
    """Return the terms that have no parts, in the order of reading: what stands in an equation to be seen."""
    return [part for part in parts(whole) if not part.term.operands]


def at(whole: Statement | Term, position: Position) -> Statement | Term:
    """Return the part at a position; ValueError when there is none."""
    part: Statement | Term = whole
    for step, index in enumerate(position):
        if not 0 <= index < len(part.operands):
            raise ValueError(f"position: {position} leads nowhere after {step} steps")
        part = part.operands[index]
    return part


def rebuilt(term: Tree, operands: tuple[Term, ...]) -> Tree:
    """Return the same kind of expression with other operands."""
    match term:
        case Sum() | MatrixSum():
            return replace(term, terms=operands)  # type: ignore[arg-type]
        case Product() | MatrixProduct() | Hadamard():
            return replace(term, factors=operands)  # type: ignore[arg-type]
        case Apply():
            return replace(term, arguments=operands)  # type: ignore[arg-type]
        case Cells():
            width = term.shape.columns
            rows = tuple(operands[start : start + width] for start in range(0, len(operands), width))
            return replace(term, rows=rows)  # type: ignore[arg-type]
    fields: dict[type, tuple[str, ...]] = {
        Negative: ("term",),
        MatrixNegative: ("term",),
        Quotient: ("numerator", "denominator"),
        Power: ("base", "exponent"),
        Transpose: ("of",),
        Entrywise: ("argument",),
        Diagonal: ("vector",),
    }
    return replace(term, **dict(zip(fields[type(term)], operands, strict=True)))  # type: ignore[type-var]


def with_leaves(term: Tree, change: Callable[[Term], Term]) -> Tree:
    """Return the expression with every leaf changed."""
    if not term.operands:
        return change(term)  # type: ignore[return-value]
    return rebuilt(term, tuple(with_leaves(operand, change) for operand in term.operands))


def unshared(term: Tree) -> Tree:
    """Return an equal expression in which every leaf is an object of its own."""
    return with_leaves(term, copy.copy)

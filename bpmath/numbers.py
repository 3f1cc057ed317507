"""Numbers in the places of symbols: the same equation, every term by its value.

dE/dw = de/da da/dz dz/dw     becomes     -0.0822 = -0.629 · 0.233 · 0.561
"""

from __future__ import annotations

import numpy as np

from bpmath.algebra import Expression, Number, Values
from bpmath.equations import Equation
from bpmath.matrices import Cells, MatrixExpression, MatrixValues
from bpmath.matrix_equations import EquationSystem, MatrixEquation, Statement, Term
from bpmath.rewrites import Provenance, Rewrite
from bpmath.trees import rebuilt, with_leaves


def numbers(statement: Statement, wholes: tuple[type[MatrixExpression], ...] = ()) -> Rewrite:
    """Return the rewrite of a statement in which every leaf is replaced by its value.

    A named matrix becomes the matrix of its entries' values; a number stays.  A matrix expression of one of
    the kinds in `wholes` becomes its value as a whole: with `Entrywise`, f'(z) is one matrix of numbers.
    Both sides are executed again.
    """
    account = Provenance()
    return account.rewrite(statement, _valued(account, statement, wholes), "numbers")


def _valued(
    account: Provenance, statement: Statement, wholes: tuple[type[MatrixExpression], ...]
) -> Statement:
    match statement:
        case Equation(lhs=lhs, rhs=rhs, values=values):
            return Equation(_numbers(account, lhs, values), _numbers(account, rhs, values), values)
        case MatrixEquation(lhs=lhs, rhs=rhs, values=values):
            left, right = (_matrix_numbers(account, side, values, wholes) for side in (lhs, rhs))
            return MatrixEquation(left, right, values, statement.row_form)
        case EquationSystem(rows=rows):
            valued = (tuple(_valued(account, equation, wholes) for equation in row) for row in rows)
            return EquationSystem(tuple(valued))  # type: ignore[arg-type]


def _numbers(account: Provenance, term: Expression, values: Values) -> Expression:
    def value(leaf: Term) -> Term:
        assert isinstance(leaf, Expression)
        return leaf if isinstance(leaf, Number) else account.substituted(Number(leaf.evaluate(values)), leaf)

    return with_leaves(term, value)


def _matrix_numbers(
    account: Provenance,
    term: MatrixExpression,
    values: MatrixValues,
    wholes: tuple[type[MatrixExpression], ...],
) -> MatrixExpression:
    def value(part: Term) -> Term:
        if isinstance(part, Expression):
            return _numbers(account, part, values)
        if part.operands and not isinstance(part, wholes):
            return rebuilt(part, tuple(value(operand) for operand in part.operands))
        return account.substituted(matrix_of(part.evaluate(values)), part)

    valued = value(term)
    assert isinstance(valued, MatrixExpression)
    return valued


def matrix_of(array: np.ndarray) -> Cells:
    """Return an array of shape (n, m), or (n,) as a column, as a written-out matrix of numbers."""
    columns = array[:, np.newaxis] if array.ndim == 1 else array
    return Cells(tuple(tuple(map(Number, row)) for row in columns.tolist()))

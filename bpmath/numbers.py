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
from bpmath.trees import with_leaves


def numbers(statement: Statement) -> Rewrite:
    """Return the rewrite of a statement in which every leaf is replaced by its value.

    A named matrix becomes the matrix of its entries' values; a number stays.  Both sides are executed again.
    """
    account = Provenance()
    return account.rewrite(statement, _valued(account, statement), "numbers")


def _valued(account: Provenance, statement: Statement) -> Statement:
    match statement:
        case Equation(lhs=lhs, rhs=rhs, values=values):
            return Equation(_numbers(account, lhs, values), _numbers(account, rhs, values), values)
        case MatrixEquation(lhs=lhs, rhs=rhs, values=values):
            left, right = (_matrix_numbers(account, side, values) for side in (lhs, rhs))
            return MatrixEquation(left, right, values, statement.row_form)
        case EquationSystem(rows=rows):
            valued = (tuple(_valued(account, equation) for equation in row) for row in rows)
            return EquationSystem(tuple(valued))  # type: ignore[arg-type]


def _numbers(account: Provenance, term: Expression, values: Values) -> Expression:
    def value(leaf: Term) -> Term:
        assert isinstance(leaf, Expression)
        return leaf if isinstance(leaf, Number) else account.substituted(Number(leaf.evaluate(values)), leaf)

    return with_leaves(term, value)


def _matrix_numbers(account: Provenance, term: MatrixExpression, values: MatrixValues) -> MatrixExpression:
    def value(leaf: Term) -> Term:
        if isinstance(leaf, Expression):
            return _numbers(account, leaf, values)
        cells = Cells(tuple(tuple(map(Number, row)) for row in leaf.evaluate(values).tolist()))
        return account.substituted(cells, leaf)

    return with_leaves(term, value)


def matrix_of(array: np.ndarray) -> Cells:
    """Return an array of shape (n, m), or (n,) as a column, as a written-out matrix of numbers."""
    columns = array[:, np.newaxis] if array.ndim == 1 else array
    return Cells(tuple(tuple(map(Number, row)) for row in columns.tolist()))

"""Equations between matrices, and families of scalar equations that stand together: all executed."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from bpmath.algebra import Expression
from bpmath.equations import ROUNDING_UNITS, TOLERANCE, Equation, FalseEquation, Written
from bpmath.matrices import Array, MatrixExpression, MatrixValues, ShapeError
from bpmath.row_vectors import in_rows, lies_in_rows

MOST_ENTRIES = 100
MOST_NAMED_ENTRIES = 16
"""Up to this many entries in named matrices, the formula of each is executed when an equation is made."""


@dataclass(frozen=True)
class MatrixEquation(Written):
    """lhs = rhs between matrices of one shape, executed on `values` when it is made.

    Both sides are evaluated as arrays, and compared entry by entry.  Where the matrices are written out, or
    small, the formula of each entry is executed too, as an `Equation`; `check_entries` does so for any.
    `row_form` says that vectors lie in rows; `in_rows` sets it.
    Raises ShapeError when the shapes differ, FalseEquation when
    |lhs - rhs| > 1e-9 max(|lhs|, |rhs|) plus the rounding error of the terms, in any entry.
    """

    lhs: MatrixExpression
    rhs: MatrixExpression
    values: MatrixValues = field(compare=False, repr=False)
    row_form: bool = field(default=False, repr=False)

    def __post_init__(self) -> None:
        if self.lhs.shape != self.rhs.shape:
            raise ShapeError(f"{self.lhs.shape} on the left never equals {self.rhs.shape} on the right")
        left, right = self.value, self.rhs.evaluate(self.values)
        if not (np.isfinite(left).all() and np.isfinite(right).all()):
            raise FalseEquation("an entry of a matrix equation is not finite, so it equals nothing")
        spelled = left.size <= MOST_ENTRIES and self._named_entries() <= MOST_NAMED_ENTRIES
        if np.array_equal(left, right) and not spelled:
            return
        scale = np.maximum(self.lhs.magnitude(self.values), self.rhs.magnitude(self.values))
        allowed = _allowed(left, right, scale)
        self._compare(left, right, allowed)
        if spelled:
            self._check_entries(left, allowed)

    def check_entries(self) -> None:
        """Execute the formula of every entry; FalseEquation when one is false or not that of the matrix."""
        left = self.value
        self._check_entries(left, _allowed(left, left, self.lhs.magnitude(self.values)))

    def _named_entries(self) -> int:
        waiting: list[Term] = [self.lhs, self.rhs]
        count = 0
        while waiting:
            term = waiting.pop()
            waiting += term.operands
            if isinstance(term, MatrixExpression) and not term.operands:
                count += term.shape.rows * term.shape.columns
        return count

    def _compare(self, left: Array, right: Array, allowed: Array) -> None:
        wrong = ~((abs(left - right) <= allowed) & np.isfinite(allowed))
        if wrong.any():
            row, column = (int(index) for index in np.argwhere(wrong)[0])
            written = self.to_text("row" if self.lies_in_rows else "article")
            raise FalseEquation(
                f"{written} is false in row {row + 1}, column {column + 1}: "
                f"{float(left[row, column])!r} on the left, {float(right[row, column])!r} on the right"
            )

    def _check_entries(self, left: Array, allowed: Array) -> None:
        for (row, column), value in np.ndenumerate(left):
            found = self.entry(row + 1, column + 1).value
            if not abs(found - value) <= allowed[row, column]:
                raise FalseEquation(
                    f"row {row + 1}, column {column + 1} of a matrix is {value!r}, by its formula {found!r}"
                )

    @property
    def operands(self) -> tuple[MatrixExpression, MatrixExpression]:
        """The two sides."""
        return (self.lhs, self.rhs)

    @property
    def value(self) -> Array:
        """The value of the left-hand side, of its shape."""
        return self.lhs.evaluate(self.values)

    @property
    def residual(self) -> Array:
        """lhs - rhs, of their shape."""
        return self.value - self.rhs.evaluate(self.values)

    @property
    def lies_in_rows(self) -> bool:
        """Whether its vectors are rows; `row_form` tells it where all matrices are written out."""
        return self.row_form or lies_in_rows(self.lhs) or lies_in_rows(self.rhs)

    def in_rows(self) -> MatrixEquation:
        """Return the same equation with vectors in rows, executed; of one in rows, that with columns.

        Both sides are transposed, as `bpmath.row_vectors` tells.  Raises FalseEquation as ever.
        """
        return MatrixEquation(in_rows(self.lhs), in_rows(self.rhs), self.values, not self.lies_in_rows)

    def entry(self, row: int, column: int = 1) -> Equation:
        """Return the scalar equation in one place, executed; rows and columns count from 1."""
        return Equation(self.lhs.entry(row, column), self.rhs.entry(row, column), self.values)


@dataclass(frozen=True)
class EquationSystem(Written):
    """Scalar equations that stand in rows and columns, as the weights that they belong to do.

    Raises ShapeError unless all rows are equally long.
    """

    rows: tuple[tuple[Equation, ...], ...]

    def __post_init__(self) -> None:
        if len({len(row) for row in self.rows}) != 1 or not self.rows[0]:
            raise ShapeError("rows: all must have the same number of equations, at least one")

    @cached_property
    def operands(self) -> tuple[Equation, ...]:
        """The equations, row by row."""
        return tuple(equation for row in self.rows for equation in row)

    def in_rows(self) -> EquationSystem:
        """Return the equations as the weights stand when vectors are rows: rows and columns change places."""
        return EquationSystem(tuple(zip(*self.rows, strict=True)))

    @property
    def value(self) -> Array:
        """The values of the left-hand sides, of shape (rows, columns)."""
        return np.array([[equation.value for equation in row] for row in self.rows])

    @property
    def residual(self) -> Array:
        """lhs - rhs of each, of shape (rows, columns)."""
        return np.array([[equation.residual for equation in row] for row in self.rows])


def _allowed(left: Array, right: Array, scale: Array) -> Array:
    machine = np.finfo(float)
    relative = TOLERANCE * np.maximum(abs(left), abs(right))
    return np.asarray(relative + ROUNDING_UNITS * machine.eps * scale + machine.tiny)


Statement = Equation | MatrixEquation | EquationSystem
Term = Expression | MatrixExpression

"""Equations between matrices, and families of scalar equations that stand together: all executed."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from bpmath.algebra import Expression
from bpmath.equations import ROUNDING_UNITS, TOLERANCE, Equation, FalseEquation, Written
from bpmath.matrices import Array, MatrixExpression, MatrixValues, ShapeError

MOST_ENTRIES = 100
"""Up to this many entries, every entry's formula is executed as well when an equation is made."""


@dataclass(frozen=True)
class MatrixEquation(Written):
    """lhs = rhs between matrices of one shape, executed on `values` when it is made.

    Both sides are evaluated as arrays, and compared entry by entry; where there are at most MOST_ENTRIES
    entries, the formula of each is executed too, as an `Equation` (`entry` makes any of them).
    Raises ShapeError when the shapes differ, FalseEquation when
    |lhs - rhs| > 1e-9 max(|lhs|, |rhs|) plus the rounding error of the terms, in any entry.
    """

    lhs: MatrixExpression
    rhs: MatrixExpression
    values: MatrixValues = field(compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.lhs.shape != self.rhs.shape:
            raise ShapeError(f"{self.lhs.shape} on the left never equals {self.rhs.shape} on the right")
        left, right = self.value, self.rhs.evaluate(self.values)
        if not (np.isfinite(left).all() and np.isfinite(right).all()):
            raise FalseEquation("an entry of a matrix equation is not finite, so it equals nothing")
        scale = np.maximum(self.lhs.magnitude(self.values), self.rhs.magnitude(self.values))
        allowed = _allowed(left, right, scale)
        self._compare(left, right, allowed)
        if left.size <= MOST_ENTRIES:
            self._check_entries(left, allowed)

    def _compare(self, left: Array, right: Array, allowed: Array) -> None:
        wrong = abs(left - right) > allowed
        if wrong.any():
            row, column = (int(index) for index in np.argwhere(wrong)[0])
            raise FalseEquation(
                f"{self.to_text()} is false in row {row + 1}, column {column + 1}: "
                f"{float(left[row, column])!r} on the left, {float(right[row, column])!r} on the right"
            )

    def _check_entries(self, left: Array, allowed: Array) -> None:
        for (row, column), value in np.ndenumerate(left):
            found = self.entry(row + 1, column + 1).value
            if abs(found - value) > allowed[row, column]:
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

    @property
    def operands(self) -> tuple[Equation, ...]:
        """The equations, row by row."""
        return tuple(equation for row in self.rows for equation in row)

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

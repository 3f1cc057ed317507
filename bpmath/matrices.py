"""Matrix expressions: every one has a shape, a value as an array, and a formula for each of its entries.

What you can do here: write W a + b, delta a^T or (W^T delta) * f'(z) as a tree, evaluate it as matrices,
and ask for the scalar expression in any row and column.  What stands at the leaves is here; products, sums
and transposes are in `bpmath.matrix_algebra`.  What does not fit together cannot be made.

    MatrixSymbol      W^(l), delta^(l), a^(l), ...: a matrix or a column that has a name
    MatrixDerivative  dE/dW^(l): the derivatives of E, in the shape of what it is taken with respect to
    Cells             a matrix whose entries are written out
    Ones              a column of ones, or a row of them

Vectors are columns, (n, 1), unless `bpmath.row_vectors` has turned them into rows.  Rows and columns count
from 1.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bpmath.algebra import Delta, Derivative, Expression, Number, Quantity, Values
from bpmath.symbols import E, Symbol, a, b, e, w, x, y, z

Array = NDArray[np.float64]


class ShapeError(ValueError):
    """Matrices that do not fit together; the message names their shapes."""


@dataclass(frozen=True)
class Shape:
    """The numbers of rows and columns."""

    rows: int
    columns: int

    def __str__(self) -> str:
        return f"{self.rows} × {self.columns}"

    @property
    def transposed(self) -> Shape:
        """The shape of the transpose."""
        return Shape(self.columns, self.rows)


class MatrixValues(Values, Protocol):
    """What a matrix expression is evaluated on: it also knows whole matrices by their names."""

    def matrix(self, name: MatrixSymbol | MatrixDerivative) -> Array:
        """Return the matrix of that name, of shape (rows, columns), vectors as columns."""
        ...


class MatrixExpression(ABC):
    """Anything that has a matrix as its value."""

    @property
    def operands(self) -> tuple[MatrixExpression | Expression, ...]:
        """What stands directly inside, in the order in which it is written."""
        return ()

    @property
    @abstractmethod
    def shape(self) -> Shape:
        """The numbers of rows and columns."""

    @abstractmethod
    def evaluate(self, values: MatrixValues) -> Array:
        """Return the value, of this shape."""

    @abstractmethod
    def magnitude(self, values: MatrixValues) -> Array:
        """Return the scale of the rounding error of every entry, as `Expression.magnitude` does."""

    @abstractmethod
    def _entry(self, row: int, column: int) -> Expression: ...

    def entry(self, row: int, column: int) -> Expression:
        """Return the formula of one entry; rows and columns count from 1.  ShapeError when there is none."""
        if not (1 <= row <= self.shape.rows and 1 <= column <= self.shape.columns):
            raise ShapeError(f"entry: there is no entry ({row}, {column}) in a matrix of {self.shape}")
        return self._entry(row, column)


_SCALARS: dict[str, Callable[[int, int, int], Expression]] = {
    "W": lambda layer, row, column: Quantity(w(layer, row, column)),
    "b": lambda layer, row, column: Quantity(b(layer, row)),
    "z": lambda layer, row, column: Quantity(z(layer, row)),
    "a": lambda layer, row, column: Quantity(a(layer, row)),
    "delta": lambda layer, row, column: Delta(layer, row),
    "e": lambda layer, row, column: Quantity(e(row)),
    "y": lambda layer, row, column: Quantity(y(row)),
    "x": lambda layer, row, column: Quantity(x(row)),
}


@dataclass(frozen=True)
class MatrixSymbol(MatrixExpression):
    """A matrix or a column with a name: W, b, z, a or delta of a layer, x, y or e; a of layer 0 is x.

    Any other capital is a matrix of its own, such as D in D = W X with the entries d(i, j); any other small
    letter a column, such as p with the entries p(i).  A vector of several columns has one for each sample of
    a batch, with the entries a(l, (i, sample)).
    With `as_row` a vector lies in a row and W has a row for each source and a column for each node.
    """

    letter: str
    layer: int | None
    size: Shape
    as_row: bool = False

    @property
    def shape(self) -> Shape:
        return self.size.transposed if self.as_row else self.size

    @property
    def symbol(self) -> Symbol:
        """Its name, without indices."""
        return Symbol(self.letter, self.layer)

    def evaluate(self, values: MatrixValues) -> Array:
        return _oriented(values.matrix(self), self.as_row)

    def magnitude(self, values: MatrixValues) -> Array:
        return np.abs(self.evaluate(values))

    def _entry(self, row: int, column: int) -> Expression:
        return self.scalar(column, row) if self.as_row else self.scalar(row, column)

    def scalar(self, row: int, column: int = 1) -> Expression:
        """Return the entry that stands there when vectors are columns."""
        is_single = self.letter.isupper() or self.size.columns == 1
        if self.letter in _SCALARS and is_single and not (self.layer is None and self.letter not in "xye"):
            return _SCALARS[self.letter](self.layer or 0, row, column)
        indices = (row, column) if self.letter.isupper() or not is_single else (row,)
        return Quantity(Symbol(self.letter.lower(), self.layer, indices))


@dataclass(frozen=True)
class MatrixDerivative(MatrixExpression):
    """dE/dM: the derivative of a scalar with respect to every entry of M, in the shape of M.

    Source: Petersen & Pedersen, The Matrix Cookbook, 2012, section 2, denominator layout.
    """

    wrt: MatrixSymbol
    of: Symbol = E

    @property
    def shape(self) -> Shape:
        return self.wrt.shape

    @property
    def as_row(self) -> bool:
        """Whether it lies as `wrt` does when vectors are rows."""
        return self.wrt.as_row

    def evaluate(self, values: MatrixValues) -> Array:
        return _oriented(values.matrix(self), self.as_row)

    def magnitude(self, values: MatrixValues) -> Array:
        return np.abs(self.evaluate(values))

    def _entry(self, row: int, column: int) -> Expression:
        scalar = self.wrt.entry(row, column)
        if not isinstance(scalar, Quantity):
            raise ShapeError(f"entry: there is no derivative with respect to {self.wrt.symbol}")
        return Derivative(self.of, scalar.symbol)


@dataclass(frozen=True)
class Ones(MatrixExpression):
    """A column of ones, or a row of them: c 1^T repeats the column c."""

    size: Shape

    @property
    def shape(self) -> Shape:
        return self.size

    def evaluate(self, values: MatrixValues) -> Array:
        return np.ones((self.size.rows, self.size.columns))

    def magnitude(self, values: MatrixValues) -> Array:
        return self.evaluate(values)

    def _entry(self, row: int, column: int) -> Expression:
        return Number(1)


@dataclass(frozen=True)
class Cells(MatrixExpression):
    """A matrix that is written out, row by row."""

    rows: tuple[tuple[Expression, ...], ...]

    def __post_init__(self) -> None:
        lengths = {len(row) for row in self.rows}
        if len(lengths) != 1 or 0 in lengths:
            raise ShapeError(
                f"rows: they have {sorted(lengths)} entries, but all must have the same number, at least one"
            )

    # Once for all: whoever walks to each of many cells asks for them many times.
    @cached_property
    def operands(self) -> tuple[Expression, ...]:
        return tuple(cell for row in self.rows for cell in row)

    @property
    def shape(self) -> Shape:
        return Shape(len(self.rows), len(self.rows[0]))

    def evaluate(self, values: MatrixValues) -> Array:
        return np.array([[cell.evaluate(values) for cell in row] for row in self.rows])

    def magnitude(self, values: MatrixValues) -> Array:
        return np.array([[cell.magnitude(values) for cell in row] for row in self.rows])

    def _entry(self, row: int, column: int) -> Expression:
        return self.rows[row - 1][column - 1]


def _oriented(array: Array, as_row: bool) -> Array:
    return array.T if as_row else array

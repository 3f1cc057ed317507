"""How matrix expressions are put together: products, Hadamard products, sums, transposes.

    MatrixProduct     A B ...           (n, k) (k, m) -> (n, m)
    Hadamard          A * B * ...       (n, m) (n, m) -> (n, m), entry by entry
    MatrixSum         A + B - ...       (n, m) (n, m) -> (n, m)
    MatrixNegative    -A                (n, m) -> (n, m)
    Transpose         A^T               (n, m) -> (m, n)
    Entrywise         f(A)              (n, m) -> (n, m)
    Diagonal          diag(v)           (n, 1) or (1, n) -> (n, n)
    outer(u, v)       u v^T             (n, 1) (m, 1) -> (n, m)

Each raises ShapeError, naming the shapes, when its parts do not fit together.

Source: Golub & Van Loan, Matrix Computations, 2013, section 1.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from bpmath.algebra import Expression, Function, Negative, Number, apply, product, total
from bpmath.matrices import Array, MatrixExpression, MatrixValues, Shape, ShapeError


@dataclass(frozen=True)
class MatrixProduct(MatrixExpression):
    """A B ...; ShapeError unless each factor has as many rows as the one before has columns."""

    factors: tuple[MatrixExpression, ...]

    def __post_init__(self) -> None:
        for left, right in zip(self.factors, self.factors[1:], strict=False):
            if left.shape.columns != right.shape.rows:
                raise ShapeError(
                    f"factors: {left.shape} times {right.shape} is no matrix product; "
                    f"{left.shape.columns} columns meet {right.shape.rows} rows"
                )

    @property
    def operands(self) -> tuple[MatrixExpression, ...]:
        return self.factors

    @property
    def shape(self) -> Shape:
        return Shape(self.factors[0].shape.rows, self.factors[-1].shape.columns)

    def evaluate(self, values: MatrixValues) -> Array:
        return reduce(np.matmul, (factor.evaluate(values) for factor in self.factors))

    def magnitude(self, values: MatrixValues) -> Array:
        return reduce(np.matmul, (factor.magnitude(values) for factor in self.factors))

    def _entry(self, row: int, column: int) -> Expression:
        *left, right = self.factors
        if not left:
            return right.entry(row, column)
        before = MatrixProduct(tuple(left))
        inner = range(1, right.shape.rows + 1)
        return _plus(*(_times(before.entry(row, k), right.entry(k, column)) for k in inner))


@dataclass(frozen=True)
class Hadamard(MatrixExpression):
    """The product entry by entry; ShapeError unless all factors have one shape."""

    factors: tuple[MatrixExpression, ...]

    def __post_init__(self) -> None:
        _check_same_shape("factors", self.factors)

    @property
    def operands(self) -> tuple[MatrixExpression, ...]:
        return self.factors

    @property
    def shape(self) -> Shape:
        return self.factors[0].shape

    def evaluate(self, values: MatrixValues) -> Array:
        return reduce(np.multiply, (factor.evaluate(values) for factor in self.factors))

    def magnitude(self, values: MatrixValues) -> Array:
        return reduce(np.multiply, (factor.magnitude(values) for factor in self.factors))

    def _entry(self, row: int, column: int) -> Expression:
        return _times(*(factor.entry(row, column) for factor in self.factors))


@dataclass(frozen=True)
class Transpose(MatrixExpression):
    """A^T: rows become columns."""

    of: MatrixExpression

    @property
    def operands(self) -> tuple[MatrixExpression, ...]:
        return (self.of,)

    @property
    def shape(self) -> Shape:
        return self.of.shape.transposed

    def evaluate(self, values: MatrixValues) -> Array:
        return self.of.evaluate(values).T

    def magnitude(self, values: MatrixValues) -> Array:
        return self.of.magnitude(values).T

    def _entry(self, row: int, column: int) -> Expression:
        return self.of.entry(column, row)


@dataclass(frozen=True)
class MatrixSum(MatrixExpression):
    """A + B + ...; a `MatrixNegative` term is written with a minus sign."""

    terms: tuple[MatrixExpression, ...]

    def __post_init__(self) -> None:
        _check_same_shape("terms", self.terms)

    @property
    def operands(self) -> tuple[MatrixExpression, ...]:
        return self.terms

    @property
    def shape(self) -> Shape:
        return self.terms[0].shape

    def evaluate(self, values: MatrixValues) -> Array:
        return reduce(np.add, (term.evaluate(values) for term in self.terms))

    def magnitude(self, values: MatrixValues) -> Array:
        return reduce(np.add, (term.magnitude(values) for term in self.terms))

    def _entry(self, row: int, column: int) -> Expression:
        return _plus(*(term.entry(row, column) for term in self.terms))


@dataclass(frozen=True)
class MatrixNegative(MatrixExpression):
    """-A"""

    term: MatrixExpression

    @property
    def operands(self) -> tuple[MatrixExpression, ...]:
        return (self.term,)

    @property
    def shape(self) -> Shape:
        return self.term.shape

    def evaluate(self, values: MatrixValues) -> Array:
        return -self.term.evaluate(values)

    def magnitude(self, values: MatrixValues) -> Array:
        return self.term.magnitude(values)

    def _entry(self, row: int, column: int) -> Expression:
        return Negative(self.term.entry(row, column))


@dataclass(frozen=True)
class Entrywise(MatrixExpression):
    """f(A): a function of every entry by itself."""

    function: Function
    argument: MatrixExpression

    @property
    def operands(self) -> tuple[MatrixExpression, ...]:
        return (self.argument,)

    @property
    def shape(self) -> Shape:
        return self.argument.shape

    def evaluate(self, values: MatrixValues) -> Array:
        argument = self.argument.evaluate(values)
        if self.function.on_array is not None:
            return np.asarray(self.function.on_array(argument), dtype=float)
        return np.array([[self.function.call(entry) for entry in row] for row in argument], dtype=float)

    def magnitude(self, values: MatrixValues) -> Array:
        return np.abs(self.evaluate(values)) + self.argument.magnitude(values)

    def _entry(self, row: int, column: int) -> Expression:
        return apply(self.function, self.argument.entry(row, column))


@dataclass(frozen=True)
class Diagonal(MatrixExpression):
    """diag(v): the entries of a vector on the diagonal, 0 elsewhere; ShapeError unless v is a vector."""

    vector: MatrixExpression

    def __post_init__(self) -> None:
        if 1 not in (self.vector.shape.rows, self.vector.shape.columns):
            raise ShapeError(f"vector: diag needs a column or a row, not a matrix of {self.vector.shape}")

    @property
    def operands(self) -> tuple[MatrixExpression, ...]:
        return (self.vector,)

    @property
    def shape(self) -> Shape:
        length = max(self.vector.shape.rows, self.vector.shape.columns)
        return Shape(length, length)

    def evaluate(self, values: MatrixValues) -> Array:
        return np.diag(self.vector.evaluate(values).ravel())

    def magnitude(self, values: MatrixValues) -> Array:
        return np.diag(self.vector.magnitude(values).ravel())

    def _entry(self, row: int, column: int) -> Expression:
        if row != column:
            return Number(0)
        return self.vector.entry(row, 1) if self.vector.shape.columns == 1 else self.vector.entry(1, row)


def outer(column: MatrixExpression, other: MatrixExpression) -> MatrixProduct:
    """Return u v^T, the outer product of two columns; ShapeError unless both are columns."""
    if column.shape.columns != 1 or other.shape.columns != 1:
        raise ShapeError(f"outer: the factors are {column.shape} and {other.shape}, but both must be columns")
    return MatrixProduct((column, Transpose(other)))


def _check_same_shape(name: str, parts: Sequence[MatrixExpression]) -> None:
    for part in parts:
        if part.shape != parts[0].shape:
            raise ShapeError(f"{name}: {parts[0].shape} and {part.shape} have no entries in common places")


ONE, ZERO = Number(1), Number(0)


def _times(*factors: Expression) -> Expression:
    """Return the product without factors of one; zero when one of them is."""
    if ZERO in factors:
        return ZERO
    telling = [factor for factor in factors if factor != ONE]
    return product(*telling) if telling else ONE


def _plus(*terms: Expression) -> Expression:
    """Return the sum without terms of zero."""
    telling = tuple(term for term in terms if term not in (ZERO, Negative(ZERO)))
    return total(telling) if telling else ZERO

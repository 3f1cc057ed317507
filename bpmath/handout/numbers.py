"""The same formulas with numbers in them: every symbol by its value, large matrices by their corners."""

from __future__ import annotations

from dataclasses import dataclass

from bpmath.algebra import Expression, Negative, Number, Sum, Values
from bpmath.handout.blocks import LONGEST_MATRIX
from bpmath.matrices import Cells, MatrixExpression, MatrixValues, Shape
from bpmath.matrix_algebra import Entrywise, Hadamard, MatrixProduct, MatrixSum, Transpose
from bpmath.matrix_equations import MatrixEquation
from bpmath.trees import rebuilt

Places = tuple[int, ...]
MOST_INNER = 400
"""A product over more inner rows than this is not written out in numbers."""


def with_numbers(expression: Expression, values: Values) -> Expression:
    """Return the expression with every symbol and derivative replaced by its number."""
    if not expression.operands:
        return Number(expression.evaluate(values))
    operands = tuple(with_numbers(operand, values) for operand in expression.operands)
    if isinstance(expression, Sum):
        operands = (operands[0], *map(_signed, operands[1:]))
    return rebuilt(expression, operands)


def _signed(term: Expression) -> Expression:
    """Return a negative number behind a minus sign: a sum reads 0.5 - 0.2."""
    if isinstance(term, Number) and term.number < 0:
        return Negative(Number(-term.number))
    if isinstance(term, Negative) and isinstance(term.term, Number) and term.term.number < 0:
        return Number(-term.term.number)
    return term


@dataclass(frozen=True)
class Corner:
    """The rows and columns of a matrix that are shown, counted from 1."""

    rows: Places
    columns: Places

    @property
    def transposed(self) -> Corner:
        """The same of the transpose."""
        return Corner(self.columns, self.rows)


def corner(shape: Shape) -> Corner:
    """Return what is shown of a matrix: all, or the first rows and columns and the last."""
    return Corner(_ends(shape.rows), _ends(shape.columns))


def _ends(count: int) -> Places:
    """Return 1, ..., count; of more than are shown, one more than are shown, so that dots are written."""
    if count <= LONGEST_MATRIX:
        return tuple(range(1, count + 1))
    return (*range(1, LONGEST_MATRIX + 1), count)


def in_numbers(matrix: MatrixExpression, values: MatrixValues, at: Corner) -> MatrixExpression:
    """Return the shown part of a matrix expression with numbers for its leaves."""
    match matrix:
        case Hadamard(factors=factors):
            return Hadamard(tuple(in_numbers(factor, values, at) for factor in factors))
        case MatrixSum(terms=terms):
            return MatrixSum(tuple(in_numbers(term, values, at) for term in terms))
        case Transpose(of=of):
            return Transpose(in_numbers(of, values, at.transposed))
        case MatrixProduct(factors=(left, right)) if left.shape.columns <= MOST_INNER:
            inner = tuple(range(1, left.shape.columns + 1))
            return MatrixProduct(
                (
                    in_numbers(left, values, Corner(at.rows, inner)),
                    in_numbers(right, values, Corner(inner, at.columns)),
                )
            )
        case Entrywise():
            return _cells(matrix, values, at)
    return _cells(matrix, values, at)


def _cells(matrix: MatrixExpression, values: MatrixValues, at: Corner) -> Cells:
    array = matrix.evaluate(values)
    return Cells(
        tuple(tuple(Number(float(array[row - 1, column - 1])) for column in at.columns) for row in at.rows)
    )


def numeric_equations(
    left: MatrixExpression, right: MatrixExpression, values: MatrixValues
) -> tuple[MatrixExpression, ...]:
    """Return the right-hand side in numbers and the value, each executed against the entries of the left.

    Of large matrices it is the part that is shown.
    """
    at = corner(left.shape)
    entries = Cells(tuple(tuple(left.entry(row, column) for column in at.columns) for row in at.rows))
    value = _cells(left, values, at)
    numbers = in_numbers(right, values, at)
    found = [numbers] if not isinstance(numbers, Cells) else []
    return tuple(MatrixEquation(entries, side, values).rhs for side in (*found, value))

"""The same matrices with vectors in rows: z = a W + b in place of z = W a + b.

What you can do here: `in_rows(expression)` gives the transpose of a matrix expression, rewritten so that
every vector lies in a row and every W has a row for each source and a column for each node::

    W a + b                 becomes   a W + b
    (W^T delta) * f'(z)     becomes   (delta W^T) * f'(z)
    delta a^T               becomes   a^T delta

on the right with W, a, ... for W^T, a^T, ... of the left.  Products are reversed, since (A B)^T = B^T A^T.
Source: Golub & Van Loan, Matrix Computations, 2013, section 1.1.
"""

from __future__ import annotations

from dataclasses import replace

from bpmath.algebra import Expression
from bpmath.matrices import Cells, MatrixDerivative, MatrixExpression, MatrixSymbol, Ones
from bpmath.matrix_algebra import (
    Diagonal,
    Entrywise,
    Hadamard,
    MatrixNegative,
    MatrixProduct,
    MatrixSum,
    Transpose,
)


def in_rows(expression: MatrixExpression) -> MatrixExpression:
    """Return the transpose of an expression of columns as an expression of rows, of shape (m, n) for (n, m).

    Named matrices are replaced by those of the other orientation (`as_row` is toggled), so that applied
    twice it gives the original again; but transposes of products and sums are pushed to their leaves.
    Raises TypeError for an unknown kind of matrix expression.
    """
    match expression:
        case MatrixSymbol(as_row=as_row):
            return replace(expression, as_row=not as_row)
        case MatrixDerivative(wrt=wrt):
            return replace(expression, wrt=replace(wrt, as_row=not wrt.as_row))
        case Ones(size=size):
            return Ones(size.transposed)
        case Cells(rows=rows):
            return Cells(tuple(zip(*rows, strict=True)))
        case MatrixProduct(factors=factors):
            return MatrixProduct(tuple(map(in_rows, reversed(factors))))
        case Hadamard(factors=factors):
            return Hadamard(tuple(map(in_rows, factors)))
        case MatrixSum(terms=terms):
            return MatrixSum(tuple(map(in_rows, terms)))
        case MatrixNegative(term=term):
            return MatrixNegative(in_rows(term))
        case Entrywise(argument=argument):
            return replace(expression, argument=in_rows(argument))
        case Diagonal(vector=vector):
            return Diagonal(in_rows(vector))
        case Transpose(of=of):
            return transposed(in_rows(of))
    raise TypeError(f"expression: a {type(expression).__name__} has no form in rows")


def transposed(expression: MatrixExpression) -> MatrixExpression:
    """Return the transpose, with the sign at the leaves: (A B)^T = B^T A^T, (A + B)^T = A^T + B^T, ..."""
    match expression:
        case Transpose(of=of):
            return of
        case Diagonal():
            return expression
        case MatrixProduct(factors=factors):
            return MatrixProduct(tuple(map(transposed, reversed(factors))))
        case Hadamard(factors=factors):
            return Hadamard(tuple(map(transposed, factors)))
        case MatrixSum(terms=terms):
            return MatrixSum(tuple(map(transposed, terms)))
        case MatrixNegative(term=term):
            return MatrixNegative(transposed(term))
        case Entrywise(argument=argument):
            return replace(expression, argument=transposed(argument))
    return Transpose(expression)


def lies_in_rows(expression: MatrixExpression | Expression) -> bool:
    """Tell whether a named matrix in an expression lies in rows."""
    if isinstance(expression, MatrixSymbol | MatrixDerivative):
        return expression.as_row
    return any(map(lies_in_rows, expression.operands))

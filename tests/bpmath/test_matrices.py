"""Matrices: their values, shapes and formulas agree with NumPy, and what does not fit is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

import bpmath as bp
from bpmath.algebra import Delta, Derivative, Expression, Negative, Number, Product, Quantity, Sum
from bpmath.equations import FalseEquation
from bpmath.matrices import (
    Array,
    Cells,
    MatrixDerivative,
    MatrixExpression,
    MatrixSymbol,
    Ones,
    Shape,
    ShapeError,
)
from bpmath.matrix_algebra import (
    Diagonal,
    Entrywise,
    Hadamard,
    MatrixNegative,
    MatrixProduct,
    MatrixSum,
    Transpose,
    outer,
)
from bpmath.matrix_equations import EquationSystem, MatrixEquation
from bpmath.symbols import Symbol
from tests.bpmath.matrix_strategies import SIGMA, Named, matrices, named

W = MatrixSymbol("W", 2, Shape(2, 3))
M = MatrixSymbol("D", None, Shape(2, 3))
A = MatrixSymbol("a", 1, Shape(3, 1))
B, DELTA = MatrixSymbol("b", 2, Shape(2, 1)), MatrixSymbol("delta", 2, Shape(2, 1))


def refused(sentence: str) -> Any:
    return pytest.raises(ShapeError, match=rf"^{sentence}[^\n]*$")


# -- values, shapes and entries -----------------------------------------------------------------------


@given(expression=matrices(), values=named())
def test_values_have_the_shape_and_the_entries_of_their_formulas(
    expression: MatrixExpression, values: Named
) -> None:
    found = expression.evaluate(values)
    assert found.shape == (expression.shape.rows, expression.shape.columns)
    for row, column in np.ndindex(found.shape):
        entry = expression.entry(row + 1, column + 1)
        assert entry.evaluate(values) == pytest.approx(found[row, column], rel=1e-9, abs=1e-9)


@given(expression=matrices(), values=named())
def test_no_value_is_larger_than_its_magnitude(expression: MatrixExpression, values: Named) -> None:
    found, magnitude = expression.evaluate(values), expression.magnitude(values)
    assert magnitude.shape == found.shape
    assert (np.abs(found) <= magnitude * (1 + 1e-12) + 1e-12).all()


@pytest.mark.parametrize(
    ("expression", "by_hand"),
    [
        (MatrixProduct((W, A)), lambda w, a, b, d, m: np.einsum("ij,jk->ik", w, a)),
        (MatrixProduct((Transpose(W), W, A)), lambda w, a, b, d, m: np.einsum("ji,jk,kl->il", w, w, a)),
        (Hadamard((W, M, W)), lambda w, a, b, d, m: w * m * w),
        (MatrixSum((W, MatrixNegative(M))), lambda w, a, b, d, m: w - m),
        (MatrixSum((MatrixProduct((W, A)), B)), lambda w, a, b, d, m: np.tensordot(w, a, 1) + b),
        (Transpose(W), lambda w, a, b, d, m: np.swapaxes(w, 0, 1)),
        (Entrywise(SIGMA, W), lambda w, a, b, d, m: np.reciprocal(1 + np.exp(-w))),
        (Diagonal(B), lambda w, a, b, d, m: np.eye(2) * b),
        (Diagonal(Transpose(B)), lambda w, a, b, d, m: np.eye(2) * b),
        (MatrixProduct((Diagonal(DELTA), W)), lambda w, a, b, d, m: d * w),
        (outer(DELTA, A), lambda w, a, b, d, m: np.outer(d, a)),
        (MatrixProduct((B, Ones(Shape(1, 3)))), lambda w, a, b, d, m: np.repeat(b, 3, axis=1)),
    ],
    ids=[
        "product", "three", "hadamard", "difference", "affine", "transpose", "entrywise", "diagonal",
        "diagonal of a row", "scaled rows", "outer", "repeated",
    ],
)  # fmt: skip
def test_values_are_those_of_numpy(expression: MatrixExpression, by_hand: Callable[..., Array]) -> None:
    values = Named(4)
    arrays = (values.matrix(name) for name in (W, A, B, DELTA, M))
    np.testing.assert_allclose(expression.evaluate(values), by_hand(*arrays), rtol=1e-13)


def test_shapes_are_read_as_rows_and_columns() -> None:
    assert str(Shape(2, 3)) == "2 × 3"
    assert Shape(2, 3).transposed == Shape(3, 2)


@pytest.mark.parametrize(
    ("matrix", "row", "column", "entry"),
    [
        (W, 2, 3, Quantity(bp.w(2, 2, 3))),
        (B, 2, 1, Quantity(bp.b(2, 2))),
        (A, 3, 1, Quantity(bp.a(1, 3))),
        (MatrixSymbol("z", 1, Shape(2, 1)), 1, 1, Quantity(bp.z(1, 1))),
        (MatrixSymbol("a", 0, Shape(2, 1)), 2, 1, Quantity(bp.x(2))),
        (MatrixSymbol("x", None, Shape(2, 1)), 2, 1, Quantity(bp.x(2))),
        (MatrixSymbol("y", None, Shape(2, 1)), 2, 1, Quantity(bp.y(2))),
        (MatrixSymbol("e", None, Shape(2, 1)), 2, 1, Quantity(bp.e(2))),
        (DELTA, 2, 1, Delta(2, 2)),
        (M, 2, 3, Quantity(Symbol("d", None, (2, 3)))),
        (MatrixSymbol("W", None, Shape(2, 3)), 2, 3, Quantity(Symbol("w", None, (2, 3)))),
        (MatrixDerivative(W), 2, 3, Derivative(bp.E, bp.w(2, 2, 3))),
        (MatrixDerivative(W, bp.e(1)), 1, 1, Derivative(bp.e(1), bp.w(2, 1, 1))),
        (Ones(Shape(1, 2)), 1, 2, Number(1)),
        (MatrixSymbol("W", 2, Shape(2, 3), as_row=True), 3, 2, Quantity(bp.w(2, 2, 3))),
        (MatrixSymbol("b", 2, Shape(2, 1), as_row=True), 1, 2, Quantity(bp.b(2, 2))),
    ],
    ids=[
        "W", "b", "a", "z", "a0", "x", "y", "e", "delta", "D", "W alone", "dE/dW", "de/dW", "ones",
        "W in rows", "b in a row",
    ],
)  # fmt: skip
def test_named_matrices_know_their_entries(
    matrix: MatrixExpression, row: int, column: int, entry: Expression
) -> None:
    assert matrix.entry(row, column) == entry


def test_entries_are_written_without_ones_and_zeros() -> None:
    w, b = bp.w(2, 1, 1), bp.b(2, 1)
    assert MatrixProduct((Diagonal(B), W)).entry(1, 1) == Product((Quantity(b), Quantity(w)))
    assert MatrixProduct((B, Ones(Shape(1, 3)))).entry(1, 2) == Quantity(b)
    assert Diagonal(B).entry(1, 2) == Number(0)
    assert MatrixSum((Diagonal(B), MatrixNegative(Diagonal(B)))).entry(1, 2) == Number(0)
    assert Hadamard((Ones(Shape(2, 1)), Ones(Shape(2, 1)))).entry(1, 1) == Number(1)
    assert MatrixNegative(B).entry(1, 1) == Negative(Quantity(b))
    affine = MatrixSum((MatrixProduct((W, A)), B)).entry(1, 1)
    assert isinstance(affine, Sum)


# -- what does not fit together -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (
            lambda: MatrixProduct((A, W)),
            r"factors: 3 × 1 times 2 × 3 is no matrix product; 1 columns meet 2 rows",
        ),
        (lambda: MatrixProduct((W, A, B)), r"factors: 3 × 1 times 2 × 1 is no matrix product"),
        (lambda: Hadamard((B, A)), r"factors: 2 × 1 and 3 × 1 have no entries in common places"),
        (lambda: Hadamard((B, Transpose(B))), r"factors: 2 × 1 and 1 × 2 have no entries in common places"),
        (lambda: MatrixSum((B, B, A)), r"terms: 2 × 1 and 3 × 1 have no entries in common places"),
        (lambda: Diagonal(W), r"vector: diag needs a column or a row, not a matrix of 2 × 3"),
        (lambda: outer(B, Transpose(A)), r"outer: the factors are 2 × 1 and 1 × 3, but both must be columns"),
        (lambda: Cells(((Number(1),), (Number(1), Number(2)))), r"rows: they have \[1, 2\] entries, but all"),
        (lambda: Cells(((),)), r"rows: they have \[0\] entries"),
        (lambda: Cells(()), r"rows: they have \[\] entries"),
        (lambda: W.entry(0, 1), r"entry: there is no entry \(0, 1\) in a matrix of 2 × 3"),
        (lambda: W.entry(1, 4), r"entry: there is no entry \(1, 4\) in a matrix of 2 × 3"),
        (lambda: Transpose(W).entry(1, 3), r"entry: there is no entry \(1, 3\) in a matrix of 3 × 2"),
        (lambda: MatrixDerivative(DELTA).entry(1, 1), r"entry: there is no derivative with respect to delta"),
        (lambda: MatrixEquation(B, A, Named(1)), r"2 × 1 on the left never equals 3 × 1 on the right"),
        (lambda: EquationSystem(()), r"rows: all must have the same number of equations, at least one"),
    ],
    ids=[
        "product", "third factor", "hadamard", "column and row", "sum", "diagonal", "outer", "ragged",
        "empty row", "no rows", "row 0", "column 4", "transposed", "no derivative", "sides", "no equations",
    ],
)  # fmt: skip
def test_what_does_not_fit_together_is_refused(make: Callable[[], object], sentence: str) -> None:
    with refused(sentence):
        make()


# -- equations ----------------------------------------------------------------------------------------


@settings(max_examples=50)
@given(expression=matrices(), values=named())
def test_true_equations_are_made(expression: MatrixExpression, values: Named) -> None:
    equation = MatrixEquation(expression, Transpose(Transpose(expression)), values)
    np.testing.assert_array_equal(equation.value, expression.evaluate(values))
    np.testing.assert_array_equal(equation.residual, np.zeros_like(equation.value))
    equation.check_entries()
    assert equation.operands == (equation.lhs, equation.rhs)
    first = equation.entry(1)
    assert first.value == pytest.approx(equation.value[0, 0], rel=1e-9, abs=1e-9)


def test_a_false_entry_is_named() -> None:
    weights, values = MatrixSymbol("W", 1, Shape(2, 2)), Named(3)
    cells = [[weights.entry(row, column) for column in (1, 2)] for row in (1, 2)]
    cells[1][0] = Sum((cells[1][0], Number(1e-6)))
    value = values.value(bp.w(1, 2, 1))
    with pytest.raises(FalseEquation) as raised:
        MatrixEquation(weights, Cells(tuple(map(tuple, cells))), values)
    message = str(raised.value)
    assert message.startswith("W⁽¹⁾ = [w₁₁⁽¹⁾, w₁₂⁽¹⁾; w₂₁⁽¹⁾ + 1e-6, w₂₂⁽¹⁾] is false in row 2, column 1: ")
    assert repr(value) in message
    assert "\n" not in message


def test_a_false_product_is_refused_however_large() -> None:
    left, right = MatrixSymbol("W", 1, Shape(30, 20)), MatrixSymbol("W", 2, Shape(20, 30))
    product = MatrixProduct((left, right))
    MatrixEquation(product, Transpose(MatrixProduct((Transpose(right), Transpose(left)))), Named(1))
    with pytest.raises(FalseEquation, match=r"^W⁽¹⁾ W⁽²⁾ = \(W⁽¹⁾ W⁽²⁾\)ᵀ is false in row 1, column 2: "):
        MatrixEquation(product, Transpose(product), Named(1))


def test_what_is_not_finite_equals_nothing() -> None:
    infinite = Cells(((Number(float("inf")),),))
    with pytest.raises(FalseEquation, match=r"^an entry of a matrix equation is not finite"):
        MatrixEquation(infinite, infinite, Named(1))


def test_an_entry_that_is_not_its_formula_is_found() -> None:
    class Wrong(Named):
        """Serves a matrix whose entries are not the quantities of their names."""

        def matrix(self, name: MatrixSymbol | MatrixDerivative) -> Array:
            return super().matrix(name) + 1

    with pytest.raises(FalseEquation, match=r"^row 1, column 1 of a matrix is "):
        MatrixEquation(B, B, Wrong(1))


def test_equations_stand_in_rows_and_columns() -> None:
    equation = MatrixEquation(W, W, Named(2))
    system = EquationSystem(
        tuple(tuple(equation.entry(row, column) for column in (1, 2, 3)) for row in (1, 2))
    )
    np.testing.assert_allclose(system.value, Named(2).matrix(W))
    np.testing.assert_array_equal(system.residual, np.zeros((2, 3)))
    assert [each.lhs for each in system.operands] == [W.entry(i, j) for i in (1, 2) for j in (1, 2, 3)]
    with refused("rows: all must have the same number of equations"):
        EquationSystem((system.rows[0], system.rows[1][:2]))

"""Vectors in rows: every matrix becomes its transpose, and every equation stays true."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

import bpmath as bp
from bpmath.activations import activation_named
from bpmath.equations import FalseEquation
from bpmath.matrices import Cells, MatrixDerivative, MatrixExpression, MatrixSymbol, Ones, Shape
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
from bpmath.matrix_equations import MatrixEquation
from bpmath.row_vectors import in_rows, lies_in_rows, transposed
from bpmath.trees import parts
from tests.bpmath.matrix_strategies import SIGMA, Named, matrices, named

COLUMN, SIZE = Shape(2, 1), Shape(2, 3)
W, A, B, DELTA = (
    MatrixSymbol("W", 1, SIZE),
    MatrixSymbol("x", None, Shape(3, 1)),
    MatrixSymbol("b", 1, COLUMN),
    MatrixSymbol("delta", 1, COLUMN),
)


def row(symbol: MatrixSymbol) -> MatrixSymbol:
    return MatrixSymbol(symbol.letter, symbol.layer, symbol.size, as_row=True)


@settings(max_examples=30)
@given(expression=matrices(), values=named())
def test_in_rows_everything_is_its_transpose(expression: MatrixExpression, values: Named) -> None:
    turned = in_rows(expression)
    assert turned.shape == expression.shape.transposed
    np.testing.assert_allclose(turned.evaluate(values), expression.evaluate(values).T, rtol=1e-9, atol=1e-9)
    magnitude = expression.magnitude(values).T
    np.testing.assert_allclose(turned.magnitude(values), magnitude, rtol=1e-9, atol=1e-9)


@settings(max_examples=30)
@given(expression=matrices(depth=2), values=named())
def test_the_formulas_of_entries_turn_with_the_matrix(expression: MatrixExpression, values: Named) -> None:
    turned, found = in_rows(expression), expression.evaluate(values)
    for i, j in np.ndindex(found.shape):
        assert turned.entry(j + 1, i + 1).evaluate(values) == pytest.approx(found[i, j], rel=1e-9, abs=1e-9)


@settings(max_examples=30)
@given(expression=matrices(), values=named())
def test_turned_twice_is_the_original(expression: MatrixExpression, values: Named) -> None:
    again = in_rows(in_rows(expression))
    assert again.shape == expression.shape
    np.testing.assert_allclose(again.evaluate(values), expression.evaluate(values), rtol=1e-9, atol=1e-9)
    pushed = any(isinstance(part.term, Transpose) and part.term.of.operands for part in parts(expression))
    assert pushed or again == expression
    assert in_rows(in_rows(again)) == again


@settings(max_examples=30)
@given(expression=matrices(), values=named())
def test_transposes_are_pushed_to_the_leaves(expression: MatrixExpression, values: Named) -> None:
    signs = [part.term for part in parts(in_rows(expression)) if isinstance(part.term, Transpose)]
    assert all(isinstance(sign.of, Cells) or not sign.of.operands for sign in signs)
    value = transposed(expression).evaluate(values)
    np.testing.assert_allclose(value, expression.evaluate(values).T, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize(
    ("columns", "rows"),
    [
        (MatrixSum((MatrixProduct((W, A)), B)), MatrixSum((MatrixProduct((row(A), row(W))), row(B)))),
        (MatrixProduct((Transpose(W), DELTA)), MatrixProduct((row(DELTA), Transpose(row(W))))),
        (outer(DELTA, A), MatrixProduct((Transpose(row(A)), row(DELTA)))),
        (MatrixDerivative(W), MatrixDerivative(row(W))),
        (Transpose(MatrixProduct((W, A))), MatrixProduct((Transpose(row(W)), Transpose(row(A))))),
        (Transpose(Transpose(W)), row(W)),
        (Diagonal(DELTA), Diagonal(row(DELTA))),
        (MatrixNegative(Entrywise(SIGMA, B)), MatrixNegative(Entrywise(SIGMA, row(B)))),
        (Hadamard((B, DELTA)), Hadamard((row(B), row(DELTA)))),
        (Ones(COLUMN), Ones(Shape(1, 2))),
        (
            Cells(((W.entry(1, 1), W.entry(1, 2)),)),
            Cells(((W.entry(1, 1),), (W.entry(1, 2),))),
        ),
    ],
    ids=[
        "sum", "backward", "outer", "derivative", "product", "twice", "diagonal", "entrywise", "hadamard",
        "ones", "cells",
    ],
)  # fmt: skip
def test_what_becomes_of_each(columns: MatrixExpression, rows: MatrixExpression) -> None:
    assert in_rows(columns) == rows


def test_what_lies_in_rows_is_known() -> None:
    backward = Hadamard((MatrixProduct((Transpose(W), DELTA)), A))
    assert not lies_in_rows(backward)
    assert lies_in_rows(in_rows(backward))
    assert lies_in_rows(in_rows(MatrixDerivative(W)))


def test_what_is_no_matrix_expression_is_refused() -> None:
    with pytest.raises(TypeError, match=r"^expression: a Symbol has no form in rows$"):
        in_rows(bp.w(1, 1, 1))  # type: ignore[arg-type]


# -- equations ----------------------------------------------------------------------------------------


@settings(max_examples=50)
@given(expression=matrices(), values=named())
def test_equations_turn_and_are_executed_again(expression: MatrixExpression, values: Named) -> None:
    weights = MatrixSymbol("W", 9, expression.shape)
    with_zero = MatrixSum((expression, weights, MatrixNegative(weights)))
    equation = MatrixEquation(expression, with_zero, values)
    turned = equation.in_rows()
    assert turned.lies_in_rows != equation.lies_in_rows
    np.testing.assert_allclose(turned.value, equation.value.T, rtol=1e-9, atol=1e-9)
    assert turned.in_rows().lies_in_rows == equation.lies_in_rows


def test_an_equation_written_out_remembers_how_it_lies() -> None:
    values = Named(1)
    column = Cells(((B.entry(1, 1),), (B.entry(2, 1),)))
    equation = MatrixEquation(column, column, values)
    assert not equation.lies_in_rows
    assert equation.in_rows().lies_in_rows
    assert not equation.in_rows().in_rows().lies_in_rows
    assert equation.in_rows().in_rows() == equation


def test_a_false_equation_is_false_in_rows_too() -> None:
    with pytest.raises(FalseEquation, match=r"^b⁰ = δ¹ is false in row 1, column 1: "):
        MatrixEquation(row(B), row(DELTA), Named(1))
    with pytest.raises(FalseEquation, match=r"^b⁽¹⁾ = δ⁽¹⁾ is false in row 1, column 1: "):
        MatrixEquation(B, DELTA, Named(1))


def test_the_four_equations_hold_in_rows_against_numpy() -> None:
    """The gradients of a real network, computed here with rows alone: no code of bpmath but its numbers."""
    network = bp.Network.random((3, 2, 4), seed=5)
    x, y = np.array([[0.2, -0.4, 0.9]]), np.array([[0.1, 0.8, 0.3, 0.5]])
    back = bp.backward(bp.forward(network, x[0], y[0]))
    (w1, w2), (b1, b2) = (m.T for m in network.weights), (v[np.newaxis] for v in network.biases)
    a1 = 1 / (1 + np.exp(-(x @ w1 + b1)))
    a2 = 1 / (1 + np.exp(-(a1 @ w2 + b2)))
    d2 = (a2 - y) * a2 * (1 - a2)
    d1 = (d2 @ w2.T) * a1 * (1 - a1)
    weights = MatrixSymbol("W", 2, Shape(4, 2))
    delta = {1: MatrixSymbol("delta", 1, Shape(2, 1)), 2: MatrixSymbol("delta", 2, Shape(4, 1))}
    slope = Entrywise(activation_named("sigmoid").slope, MatrixSymbol("z", 1, Shape(2, 1)))
    backward = Hadamard((MatrixProduct((Transpose(weights), delta[2])), slope))
    served = Served({"W": network.weights[1], "z": back.run.z[1], "a": back.run.a[1]}, back.delta)
    np.testing.assert_allclose(in_rows(backward).evaluate(served), d1, rtol=1e-12)
    gradient = outer(delta[2], MatrixSymbol("a", 1, Shape(2, 1)))
    np.testing.assert_allclose(in_rows(gradient).evaluate(served), a1.T @ d2, rtol=1e-12)


class Served:
    """Just enough of a network's values: its matrices."""

    def __init__(self, arrays: dict[str, np.ndarray], deltas: dict[int, np.ndarray]) -> None:
        self.arrays, self.deltas = arrays, deltas

    def matrix(self, name: MatrixSymbol | MatrixDerivative) -> np.ndarray:
        """Return a matrix by its name, vectors as columns."""
        assert isinstance(name, MatrixSymbol)
        found = self.deltas[name.layer or 0] if name.letter == "delta" else self.arrays[name.letter]
        return found.reshape(name.size.rows, name.size.columns)

    def value(self, symbol: object) -> float:
        """Refuse: matrices alone are asked for."""
        raise AssertionError(symbol)

    def partial(self, of: object, wrt: object, occurrence: int = 0) -> float:
        """Refuse: matrices alone are asked for."""
        raise AssertionError(of, wrt)

    def derivative(self, of: object, wrt: object) -> float:
        """Refuse: matrices alone are asked for."""
        raise AssertionError(of, wrt)

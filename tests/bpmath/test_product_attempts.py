"""All ways to set two matrices side by side, which of them fit, and numbers that check the right one."""

from __future__ import annotations

import numpy as np

from bpmath.matrices import MatrixDerivative, MatrixSymbol, Shape
from bpmath.matrix_algebra import Transpose
from bpmath.product_gradients import Attempt, ProductGradients, example_product, product_gradients
from tests.bpmath.strategies import refused

D, W, X = (
    MatrixSymbol(letter, None, Shape(*s)) for letter, s in (("D", (5, 3)), ("W", (5, 10)), ("X", (10, 3)))
)
dD = MatrixDerivative(D)


def test_there_are_eight_and_one_has_the_right_shape() -> None:
    given = example_product()
    for letter, right in (
        ("W", Attempt(dD, Transpose(X))),
        ("X", Attempt(Transpose(W), dD)),
    ):
        attempts = given.attempts(letter)
        assert len(set(attempts)) == 8
        # The inner sides fit twice: once for the gradient, once for its transpose.
        assert sum(attempt.fits for attempt in attempts) == 2
        assert right in attempts
        assert given.candidates(letter) == (right.product,)
        assert given.backward(letter).rhs == right.product


def test_wrong_orders_do_not_fit() -> None:
    assert not Attempt(dD, X).fits
    assert Attempt(X, Transpose(dD)).fits
    assert Attempt(X, Transpose(dD)).product.shape == Shape(10, 5)


def test_every_entry_agrees_with_difference_quotients() -> None:
    given = example_product()
    assert given.W.shape == (5, 10) and given.X.shape == (10, 3)
    assert (given.W != 0).all() and (given.X != 0).all() and (given.gradient != 0).all()
    for letter, entries in (("W", 50), ("X", 30)):
        check = given.check(letter)
        assert (check.agreeing, check.entries) == (entries, entries)
        assert check.largest < 1e-9
    assert np.allclose(given.backward("W").value, given.gradient @ given.X.T)


def test_a_wrong_gradient_does_not_agree() -> None:
    right = product_gradients(np.array([[1, 2], [3, 4]]), np.array([[0.5, 1], [2, -1]]))
    wrong = _Transposed(right.W, right.X, right.gradient)
    assert wrong.check("W").agreeing < wrong.check("W").entries


class _Transposed(ProductGradients):
    """Gradients of another error than the one that is swept."""

    def _error(self, W: np.ndarray, X: np.ndarray) -> float:
        return float((self.gradient * (W @ X).T).sum() + (W @ X)[0, 1])


def test_only_factors_are_asked_for() -> None:
    with refused("letter is 'D', but it must be W or X"):
        example_product().attempts("D")

"""Softmax, the deltas of the losses and the gradients of a product, derived and compared with others."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bpmath as bp
from bpmath.algebra import Negative, Quantity, Sum
from bpmath.matrices import ShapeError
from bpmath.matrix_algebra import MatrixProduct, Transpose
from bpmath.matrix_equations import MatrixEquation
from bpmath.product_gradients import product_gradients
from bpmath.rewrites import Kind
from bpmath.softmax import p, softmax_of
from tests.bpmath.strategies import networks, numbers, samples


def probabilities(logits: np.ndarray) -> np.ndarray:
    exponentials = np.exp(logits - logits.max())
    return exponentials / exponentials.sum()


@st.composite
def distributions(draw: st.DrawFn, size: int) -> np.ndarray:
    y = np.abs(draw(numbers(size))) + 0.01
    return y / y.sum()


@given(data=st.data(), size=st.integers(1, 5))
def test_the_jacobian_is_that_of_central_differences(data: st.DataObject, size: int) -> None:
    logits, targets = data.draw(numbers(size, 3.0)), data.draw(distributions(size))
    softmax, step = softmax_of(logits, targets), 1e-5
    jacobian = softmax.jacobian()
    for j in range(size):
        nudge = np.zeros(size)
        nudge[j] = step
        slope = (probabilities(logits + nudge) - probabilities(logits - nudge)) / (2 * step)
        np.testing.assert_allclose(jacobian.value[:, j], slope, atol=1e-9)
    named = softmax.named_jacobian()
    np.testing.assert_allclose(named.after.value, jacobian.value, rtol=1e-12)
    assert isinstance(named.after, MatrixEquation)
    named.after.check_entries()


@given(data=st.data(), size=st.integers(1, 5))
def test_almost_everything_cancels(data: st.DataObject, size: int) -> None:
    logits, targets = data.draw(numbers(size, 3.0)), data.draw(distributions(size))
    softmax = softmax_of(logits, targets)
    for j in range(1, size + 1):
        steps = softmax.cancellation(j)
        assert [step.step for step in steps][:4] == ["substitute", "cancel", "multiply out", "collect"]
        assert all(first.after is second.before for first, second in pairwise(steps))
        last = steps[-1].after
        assert isinstance(last, bp.Equation)
        assert last.value == pytest.approx(probabilities(logits)[j - 1] - targets[j - 1], rel=1e-9, abs=1e-12)


def test_the_last_line_is_p_minus_y() -> None:
    steps = softmax_of([1.0, 2.0, -1.0], [0.25, 0.5, 0.25]).cancellation(2)
    assert steps[-1].step == "sum to one"
    assert steps[-1].after.operands[1] == Sum((Quantity(p(2)), Negative(Quantity(bp.y(2)))))
    collected = steps[-2]
    merged = [origin for origin in collected.correspondence if origin.kind is Kind.MERGED]
    assert [len(origin.before) for origin in merged] == [3]
    assert len(steps[-1].gone()) == 3


def test_logits_of_ten_thousand() -> None:
    jacobian = softmax_of([1e4, -1e4, 9999.0], [0.2, 0.5, 0.3]).jacobian().value
    slope = np.exp(-1) / (1 + np.exp(-1)) ** 2
    expected = slope * np.array([[1, 0, -1], [0, 0, 0], [-1, 0, 1]])
    np.testing.assert_allclose(jacobian, expected, rtol=1e-12)


def test_softmax_of_a_network_names_its_activations() -> None:
    network = bp.Network.random((2, 3), activation="identity", loss="softmax_cross_entropy", seed=5)
    d = bp.derive(network, [0.4, -0.2], [0.0, 1.0, 0.0])
    gradient = d.softmax().cancellation(3)[-1].after
    assert gradient.value == pytest.approx(d.gradients[bp.a(1, 3)])
    assert "a₃⁽¹⁾" in gradient.to_text()
    other = bp.derive(bp.example_network(), *bp.example_sample())
    with pytest.raises(ValueError, match="softmax belongs to softmax_cross_entropy"):
        other.softmax()


def test_wrong_logits_and_targets_are_refused() -> None:
    with pytest.raises(ValueError, match=r"shape \(2,\) and logits \(3,\)"):
        softmax_of([1, 2, 3], [0.5, 0.5])
    with pytest.raises(ValueError, match="must sum to 1"):
        softmax_of([1, 2], [0.5, 0.1])
    with pytest.raises(ValueError, match="finite"):
        softmax_of([1, np.inf], [0.5, 0.5])
    with pytest.raises(ValueError, match="the outputs are 1 to 2"):
        softmax_of([1, 2], [0.5, 0.5]).cancellation(3)


# -- the other losses -----------------------------------------------------------------------------


@given(
    data=st.data(), network=networks(losses=("squared_error", "mean_squared_error", "binary_cross_entropy"))
)
def test_every_line_of_a_loss_ends_at_its_delta(data: st.DataObject, network: bp.Network) -> None:
    derivation = bp.derive(network, *data.draw(samples(network)))
    for k in range(1, network.sizes[-1] + 1):
        steps = derivation.loss_delta(k)
        assert all(first.after is second.before for first, second in pairwise(steps))
        expected = derivation.gradients.delta[network.layers][k - 1]
        assert steps[-1].after.value == pytest.approx(expected, rel=1e-12)


def test_under_binary_cross_entropy_the_slope_of_the_sigmoid_cancels() -> None:
    network = bp.Network.random((2, 1), loss="binary_cross_entropy", seed=2)
    steps = bp.derive(network, [0.3, 0.9], [1.0]).loss_delta(1)
    assert [step.step for step in steps] == ["differentiate", "one fraction", "spell", "cancel"]
    output, target = Quantity(bp.a(1, 1)), Quantity(bp.y(1))
    assert steps[-1].after.operands[1] == Sum((output, Negative(target)))
    assert all(origin.kind is Kind.KEPT for origin in steps[-1].correspondence)


def test_a_loss_that_reads_all_outputs_is_derived_elsewhere() -> None:
    network = bp.Network.random((2, 2), activation="identity", loss="softmax_cross_entropy", seed=2)
    derivation = bp.derive(network, [0.3, 0.9], [1.0, 0.0])
    with pytest.raises(ValueError, match=r"softmax\(\) derives it"):
        derivation.loss_delta(1)


# -- the recursion unrolled -----------------------------------------------------------------------


@given(data=st.data(), network=networks())
def test_the_recursion_unrolls(data: st.DataObject, network: bp.Network) -> None:
    derivation = bp.derive(network, *data.draw(samples(network)))
    for layer in range(1, network.layers + 1):
        equation = derivation.unrolled(layer)
        np.testing.assert_allclose(equation.value.ravel(), derivation.gradients.delta[layer])
        equation.check_entries()


def test_without_activations_it_is_a_product_of_transposes() -> None:
    network = bp.Network.random((2, 3, 4, 2), activation="identity", seed=2)
    equation = bp.derive(network, [0.3, 0.9], [1.0, 0.0]).unrolled(1)
    assert isinstance(equation.rhs, MatrixProduct)
    assert [type(factor) for factor in equation.rhs.factors[:-1]] == [Transpose, Transpose]
    assert equation.rhs.factors[-1] == equation.rhs.factors[-1].__class__(
        "delta", 3, equation.rhs.factors[-1].shape
    )  # type: ignore[call-arg]


# -- the gradients of a product -------------------------------------------------------------------


@given(data=st.data(), shape=st.tuples(*[st.integers(1, 4)] * 3))
def test_the_gradients_of_a_product(data: st.DataObject, shape: tuple[int, int, int]) -> None:
    n, m, k = shape
    W, X, G = (data.draw(numbers(size)) for size in ((n, m), (m, k), (n, k)))
    gradients = product_gradients(W, X, G)
    np.testing.assert_allclose(gradients.forward().value, W @ X, atol=1e-12)
    for letter, array, expected in (("W", W, G @ X.T), ("X", X, W.T @ G)):
        equation = gradients.backward(letter)
        assert equation.value.shape == array.shape
        np.testing.assert_allclose(equation.value, expected, rtol=1e-12, atol=1e-15)
        equation.check_entries()


def test_the_shapes_alone_leave_one_product() -> None:
    generator = np.random.default_rng(0)
    gradients = product_gradients(generator.normal(size=(5, 10)), generator.normal(size=(10, 3)))
    assert len(gradients.candidates("W")) == len(gradients.candidates("X")) == 1
    assert gradients.backward("W").rhs == gradients.candidates("W")[0]


def test_square_matrices_leave_several_products_of_which_the_true_one_is_found() -> None:
    generator = np.random.default_rng(1)
    gradients = product_gradients(*(generator.normal(size=(3, 3)) for _ in range(3)))
    assert len(gradients.candidates("W")) == 8
    right = gradients.backward("W").rhs
    assert isinstance(right, MatrixProduct) and isinstance(right.factors[1], Transpose)


def test_matrices_that_cannot_be_multiplied_are_refused() -> None:
    with pytest.raises(ShapeError, match=r"W has shape \(2, 3\) and X \(2, 3\)"):
        product_gradients(np.ones((2, 3)), np.ones((2, 3)))
    with pytest.raises(ShapeError, match=r"gradient has shape \(1, 2\), but W X has \(2, 1\)"):
        product_gradients(np.ones((2, 3)), np.ones((3, 1)), np.ones((1, 2)))
    with pytest.raises(ValueError, match="finite"):
        product_gradients([[np.nan]], [[1.0]])
    with pytest.raises(ValueError, match="letter is 'D'"):
        product_gradients([[1.0]], [[1.0]]).candidates("D")

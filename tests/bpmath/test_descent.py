"""One step of gradient descent and the mean of a batch: against training, central differences and sums."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bpmath as bp
from bpmath.descent import batch_average, descent_step
from tests.bpmath.strategies import networks, samples


@given(data=st.data(), network=networks(), batch=st.sampled_from([None, 3]))
def test_a_step_is_one_step_of_training(data: st.DataObject, network: bp.Network, batch: int | None) -> None:
    x, y = data.draw(samples(network, batch))
    step, trained = descent_step(network, x, y, 0.1), bp.train(network, x, y, 0.1, steps=1)
    assert trained.losses == (step.before.E, step.after.E)
    for parameter in network.parameters():
        moved = step.equation(parameter)
        assert moved.value == pytest.approx(trained.network.value(parameter), rel=1e-12, abs=1e-15)


def test_e_falls_as_the_gradient_foretells() -> None:
    network, (x, y) = bp.example_network(), bp.example_sample()
    step = descent_step(network, x, y, 1e-4)
    squares = sum(step.gradients[parameter] ** 2 for parameter in network.parameters())
    fall = step.before.E - step.after.E
    assert fall == pytest.approx(1e-4 * squares, rel=1e-3)


@given(data=st.data(), network=networks())
def test_the_gradient_of_a_batch_is_the_mean(data: st.DataObject, network: bp.Network) -> None:
    x, y = data.draw(samples(network, 4))
    average = batch_average(network, x, y)
    for parameter in network.parameters():
        singles = [bp.backward(bp.forward(network, *pair))[parameter] for pair in zip(x, y, strict=True)]
        assert average.equation(parameter).value == pytest.approx(np.mean(singles), rel=1e-9, abs=1e-13)
    assert np.mean(average.errors) == pytest.approx(average.value(bp.E), rel=1e-12)


def test_both_are_written() -> None:
    network, (x, y) = bp.example_network(), bp.example_sample()
    step = descent_step(network, x, y)
    assert step.equation(bp.w(3, 1, 2)).to_text().startswith("w₁₂⁽³⁾ - η · ∂E/∂w₁₂⁽³⁾ = ")
    assert step.equation(bp.w(3, 1, 2)).to_text("row").startswith("w₂₁² - η · ∂L/∂w₂₁² = ")
    average = batch_average(network, [x, x], [y, y])
    assert average.equation(bp.b(1, 2)).to_text() == "∂E/∂b₂⁽¹⁾ = (∂E₁/∂b₂⁽¹⁾ + ∂E₂/∂b₂⁽¹⁾)/2"
    assert average.equation(bp.b(1, 2)).to_text("nielsen").count("C₂") == 1


def test_wrong_arguments_are_refused() -> None:
    network, (x, y) = bp.example_network(), bp.example_sample()
    with pytest.raises(ValueError, match="learning_rate is 0"):
        descent_step(network, x, y, 0)
    with pytest.raises(ValueError, match=r"x has shape \(2,\), but the mean of a batch needs \(batch, 2\)"):
        batch_average(network, x, y)
    with pytest.raises(ValueError, match="does not exist"):
        descent_step(network, x, y).equation(bp.w(4, 1, 1))
    average = batch_average(network, [x], [y])
    with pytest.raises(ValueError, match="has 1 samples"):
        average.derivative(bp.Symbol("E", None, (2,)), bp.w(1, 1, 1))

"""The deltas of the last layer by the formulas of the losses, and the examples of the losses."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bpmath as bp
from bpmath.last_deltas import LastDeltas
from bpmath.loss_examples import EXAMPLES, loss_example
from bpmath.softmax import softmax_of
from tests.bpmath.strategies import networks, samples


@given(
    data=st.data(), network=networks(losses=("squared_error", "mean_squared_error", "binary_cross_entropy"))
)
def test_the_column_is_what_the_backward_pass_found(data: st.DataObject, network: bp.Network) -> None:
    derivation = bp.derive(network, *data.draw(samples(network)))
    column = LastDeltas(derivation).column
    np.testing.assert_allclose(column.value.ravel(), derivation.gradients.delta[network.layers], rtol=1e-12)
    np.testing.assert_allclose(column.rhs.evaluate(column.values), column.value, rtol=1e-9)


def test_the_examples_by_hand() -> None:
    x = np.array([0.4, 0.8])
    logits = np.array([[0.5, 0.4], [1.2, 0.9], [-0.8, -0.6]]) @ x + [-0.1, 0.1, 0.2]
    probabilities = np.exp(logits) / np.exp(logits).sum()
    outputs = 1 / (1 + np.exp(-(np.array([[0.9, -1.6], [1.2, 0.5]]) @ x + [-0.6, 0.7])))
    three = 1 / (1 + np.exp(-(np.array([[0.9, -1.6], [1.2, 0.5], [-0.7, 1.1]]) @ x + [0.2, -0.3, 0.1])))
    expected = {
        "softmax_cross_entropy": probabilities - [1, 0, 0],
        "binary_cross_entropy": outputs - [1, 0],
        "mean_squared_error": 2 / 3 * (three - [0.9, 0.5, 0.2]) * three * (1 - three),
    }
    for loss in EXAMPLES:
        example = loss_example(loss)
        assert example.network.loss == loss
        deltas = LastDeltas(bp.derive(example.network, example.x, example.y))
        np.testing.assert_allclose(deltas.column.value.ravel(), expected[loss], rtol=1e-12)
        if loss == "mean_squared_error":
            with pytest.raises(ValueError, match="more than outputs minus targets"):
                deltas.named()
        else:
            np.testing.assert_allclose(np.ravel(deltas.named().after.value), expected[loss], rtol=1e-12)


def test_with_half_the_square_and_no_activation_it_is_a_difference() -> None:
    network = bp.Network.random((2, 3), activation="identity", loss="squared_error", seed=4)
    named = LastDeltas(bp.derive(network, [0.3, 0.9], [1.0, 0.0, 0.5])).named()
    assert named.after.to_text() == "δ⁽¹⁾ = a⁽¹⁾ - y"


def test_an_unknown_loss_has_no_example() -> None:
    with pytest.raises(ValueError, match="loss is 'hinge', but it must be one of mean_squared_error"):
        loss_example("hinge")


def test_softmax_and_its_errors_written_with_p() -> None:
    softmax = softmax_of([0.42, 1.3, -0.6], [0.5, 0.25, 0.25])
    exponentials = np.exp([0.42, 1.3, -0.6])
    p = exponentials / exponentials.sum()
    assert softmax.definition(2).value == pytest.approx(p[1])
    assert softmax.error(2).value == pytest.approx(-0.25 * np.log(p[1]))
    assert softmax.error(2).to_text() == "e₂ = - y₂ ln(p₂)"
    assert softmax.unit_sum("p").to_text() == "p₁ + p₂ + p₃ = 1"
    assert softmax.unit_sum("y").to_text() == "y₁ + y₂ + y₃ = 1"
    with pytest.raises(ValueError, match="letter is 'q'"):
        softmax.unit_sum("q")

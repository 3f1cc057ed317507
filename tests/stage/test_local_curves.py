"""The curves of activation and loss pass through what the forward pass computed, and reach far enough."""

from __future__ import annotations

import numpy as np
import pytest

import bpmath as bp
from bpmath.algebra import Partial, Quantity
from scenes.stage.local_curves import OutputError, activation_curve, last_deltas

LOSSES = ("squared_error", "mean_squared_error", "binary_cross_entropy", "softmax_cross_entropy")
STEP = 1e-6


def derived(loss: str = "squared_error", activation: str = "sigmoid") -> bp.Derivation:
    network = bp.Network.random((2, 3, 2), seed=2, loss=loss, activation=activation)
    return bp.derive(network, [0.4, 0.7], [1.0, 0.0])


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu", "softplus", "identity"])
def test_every_node_of_a_layer_stands_on_the_curve_of_its_activation(activation: str) -> None:
    derivation = derived(activation=activation)
    curve = activation_curve(derivation, 1, (1, 2, 3))
    for node in (1, 2, 3):
        total = derivation.value(Quantity(bp.z(1, node)))
        assert curve.low < total < curve.high
        assert curve.function(np.array([total]))[0] == pytest.approx(
            derivation.value(Quantity(bp.a(1, node)))
        )


@pytest.mark.parametrize("loss", LOSSES)
def test_the_curve_of_the_loss_has_the_slope_of_the_derivation(loss: str) -> None:
    activation = ("sigmoid", "identity") if loss == "softmax_cross_entropy" else "sigmoid"
    error = OutputError(derived(loss, activation))  # type: ignore[arg-type]
    derivation, output = error.derivation, error.derivation.value(Quantity(error.output))
    low, high = error.curve.function(np.array([output - STEP, output + STEP]))
    wanted = derivation.value(error.statements()[1].lhs)
    assert (high - low) / (2 * STEP) == pytest.approx(wanted, rel=1e-5)
    assert error.joint == (loss == "softmax_cross_entropy")
    assert error.curve.low < output < error.curve.high


@pytest.mark.parametrize("loss", LOSSES[:3])
def test_the_target_is_on_the_axis_and_the_curve_is_finite(loss: str) -> None:
    error = OutputError(derived(loss))
    curve = error.curve
    assert curve.low <= error.derivation.value(Quantity(error.target)) <= curve.high
    assert np.isfinite(curve.function(curve.samples)).all()


def test_ends_are_short_numbers() -> None:
    curve = OutputError(derived()).curve
    for end in (curve.low, curve.high):
        assert end * 20 == pytest.approx(round(end * 20))


def test_the_last_deltas_are_the_product_of_both_derivatives() -> None:
    derivation = derived()
    after = last_deltas(derivation).after
    assert isinstance(after, bp.MatrixEquation)
    shown = np.asarray(after.lhs.evaluate(derivation.values)).ravel()
    wanted = [
        derivation.value(Partial(bp.e(k), bp.a(2, k))) * derivation.value(Partial(bp.a(2, k), bp.z(2, k)))
        for k in (1, 2)
    ]
    assert shown == pytest.approx(wanted)

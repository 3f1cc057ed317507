"""What the passes refuse: numbers that overflow, outputs that saturate, samples that do not fit."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np
import pytest

from bpmath.network import Network
from bpmath.passes import backward, forward
from tests.bpmath.strategies import refused


def chain(*weights: float, **names: Any) -> Network:
    """Return a network of one node a layer, identity everywhere."""
    options = {"activation": "identity"} | names
    return Network([[[weight]] for weight in weights], [[0.0]] * len(weights), **options)


@pytest.mark.parametrize("batch", [False, True])
@pytest.mark.parametrize(
    ("network", "sentence"),
    [
        (chain(1.0, 1e200, 1e200, activation="relu"), "the weighted sums z of layer 3 overflow"),
        (chain(1e308, 1.0, activation="sigmoid"), "the weighted sums z of layer 1 overflow"),
        (chain(1e100, 1e100), "the errors e of layer 2 overflow"),
    ],
)
def test_overflow_is_told_with_its_layer_and_without_a_warning(
    network: Network, sentence: str, batch: bool
) -> None:
    inputs, targets = ([[10.0]], [[0.0]]) if batch else ([10.0], [0.0])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with refused(f"{sentence}, so the weights, the inputs or the targets must be smaller"):
            forward(network, inputs, targets)


def test_overflow_to_both_sides_is_told_without_a_warning_too() -> None:
    network = Network([[[1e308, -1e308]]], [[0.0]], "identity")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with refused("the weighted sums z of layer 1 overflow"):
            forward(network, [10.0, 10.0], [0.0])


def test_a_mean_of_errors_that_overflows_is_refused() -> None:
    with refused("the errors e of layer 1 overflow"):
        forward(chain(1.0), [[1.3e154]] * 3, [[0.0]] * 3)


@pytest.mark.parametrize("batch", [False, True])
def test_gradients_that_overflow_are_refused(batch: bool) -> None:
    network = chain(1e-160, 1e155, 1e155, 1e155)
    inputs, targets = ([[1e-300]], [[1e150]]) if batch else ([1e-300], [1e150])
    run = forward(network, inputs, targets)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with refused("the gradients dW of layer 2 overflow"):
            backward(run)


def test_large_numbers_that_fit_are_no_overflow() -> None:
    run = forward(chain(1e160, 1e-160), [1.0], [0.0])
    assert run.z[1].tolist() == [1e160]
    assert backward(run).dW[2].tolist() == [[1e160]]


def test_saturation_against_a_target_is_refused() -> None:
    network = chain(1000.0, activation="sigmoid", loss="binary_cross_entropy")
    assert forward(network, [1.0], [1.0]).E == 0.0
    assert backward(forward(network, [1.0], [1.0])).dW[1].tolist() == [[0.0]]
    with refused("output 1 has saturated to 1 against its target 0"):
        forward(network, [1.0], [0.0])
    with refused("output 1 of sample 2 has saturated to 0 against its target 1"):
        forward(network, [[0.0], [-1.0]], [[1.0], [1.0]])


@pytest.mark.parametrize("batch", [None, 1, 3])
@pytest.mark.parametrize("shift", [0.0, 1e4, -1e4])
def test_softmax_cross_entropy_of_logits_of_ten_thousand(shift: float, batch: int | None) -> None:
    logits, y = [shift, shift - 1, shift - 2e4], np.array([0.2, 0.3, 0.5])
    network = Network([[[0.5]] * 3], [logits], "identity", "softmax_cross_entropy")
    rows = () if batch is None else (batch,)
    run = forward(network, np.zeros((*rows, 1)), np.broadcast_to(y, (*rows, 3)))
    # The sum of the exponentials is e^shift (1 + 1/e), for e^-20000 adds nothing to it.
    others = math.log1p(math.exp(-1))
    p = np.array([1 / (1 + math.exp(-1)), 1 / (1 + math.e), 0.0])
    errors = [0.2 * others, 0.3 * (others + 1), 0.5 * (others + 2e4)]
    np.testing.assert_allclose(run.e, np.broadcast_to(errors, run.e.shape), rtol=1e-14)
    assert pytest.approx(sum(errors), rel=1e-14) == run.E
    back = backward(run)
    np.testing.assert_allclose(
        back.delta[1], np.broadcast_to((p - y) / (batch or 1), run.e.shape), rtol=1e-14
    )
    np.testing.assert_allclose(back.db[1], p - y, rtol=1e-14)
    assert back.dW[1].tolist() == [[0.0]] * 3
    np.testing.assert_allclose(back.dx.sum(), 0.0, atol=1e-15)


def test_samples_that_do_not_fit_are_refused() -> None:
    with refused("x has shape (2,), but the network has 1 input"):
        forward(chain(1.0), [1.0, 2.0], [1.0])

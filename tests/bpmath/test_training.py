"""Training: each step is the step by hand, the loss falls, and what diverges is named."""

from __future__ import annotations

import dataclasses
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bpmath as bp
from tests.bpmath.strategies import networks, refused, samples

# Mazur, A Step by Step Backpropagation Example (2015).
MAZUR = bp.Network([[[0.15, 0.20], [0.25, 0.30]], [[0.40, 0.45], [0.50, 0.55]]], [[0.35, 0.35], [0.60, 0.60]])
MAZURS_SAMPLE = ([0.05, 0.10], [0.01, 0.99])
MAZURS_FIRST_STEP = (
    [[0.149780716, 0.19956143], [0.24975114, 0.29950229]],
    [[0.35891648, 0.408666186], [0.511301270, 0.561370121]],
)
MAZURS_LOSS = 0.298371109


@given(data=st.data(), network=networks(), batch=st.none() | st.integers(1, 4), rate=st.floats(1e-6, 0.1))
def test_a_step_is_the_step_by_hand(
    data: st.DataObject, network: bp.Network, batch: int | None, rate: float
) -> None:
    x, y = data.draw(samples(network, batch))
    run = bp.forward(network, x, y)
    back = bp.backward(run)
    training = bp.train(network, x, y, rate, steps=1)
    for layer in range(1, network.layers + 1):
        W, b = network.weights[layer - 1], network.biases[layer - 1]
        assert np.array_equal(training.network.weights[layer - 1], W - rate * back.dW[layer])
        assert np.array_equal(training.network.biases[layer - 1], b - rate * back.db[layer])
    assert training.losses == (run.E, bp.forward(training.network, x, y).E)


@given(data=st.data(), network=networks(), steps=st.integers(0, 5))
def test_many_steps_are_single_steps_in_a_row(data: st.DataObject, network: bp.Network, steps: int) -> None:
    x, y = data.draw(samples(network, 3))
    losses, current = [bp.forward(network, x, y).E], network
    for _ in range(steps):
        single = bp.train(current, x, y, 0.01, steps=1)
        current = single.network
        losses.append(single.losses[-1])
    training = bp.train(network, x, y, 0.01, steps)
    assert training.network == current
    assert training.losses == tuple(losses)


def test_mazurs_first_step() -> None:
    training = bp.train(MAZUR, *MAZURS_SAMPLE, learning_rate=0.5, steps=1)
    assert training.losses[0] == pytest.approx(MAZURS_LOSS, abs=1e-9)
    # He leaves the biases as they are, and prints eight decimals of some weights.
    for W, published in zip(training.network.weights, MAZURS_FIRST_STEP, strict=True):
        np.testing.assert_allclose(W, published, rtol=0, atol=6e-9)


def test_the_example_learns_its_sample() -> None:
    training = bp.train(bp.example_network(), *bp.example_sample())
    assert len(training.losses) == 101
    assert all(after < before for before, after in pairwise(training.losses))
    assert training.losses[-1] < 0.1 * training.losses[0]


def test_exclusive_or_is_learned() -> None:
    x, y = [[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]]
    network = bp.Network.random((2, 8, 1), "tanh", "binary_cross_entropy", seed=1)
    training = bp.train(network, x, y, learning_rate=0.5, steps=2000)
    outputs = bp.forward(training.network, x, y).a[2]
    assert np.array_equal(outputs.round(), y)
    assert training.losses[-1] < 0.05


def test_a_network_stays_as_it_was() -> None:
    network = bp.example_network()
    training = bp.train(network, *bp.example_sample(), steps=3)
    assert network == bp.example_network() != training.network
    trained = training.network
    assert not any(array.flags.writeable for array in (*trained.weights, *trained.biases))
    assert (trained.sizes, trained.activations, trained.loss) == (
        network.sizes,
        network.activations,
        network.loss,
    )


def test_no_step_at_all() -> None:
    network = bp.example_network()
    training = bp.train(network, *bp.example_sample(), steps=0)
    assert training.network == network
    assert training.losses == (bp.forward(network, *bp.example_sample()).E,)


def test_what_training_returns_cannot_be_changed() -> None:
    training = bp.train(bp.example_network(), *bp.example_sample(), steps=0)
    with pytest.raises(dataclasses.FrozenInstanceError):
        training.losses = ()  # type: ignore[misc]


# -- divergence and other refusals ------------------------------------------------------------------------


def test_divergence_names_the_step_and_the_learning_rate() -> None:
    network = bp.Network([[[1.0]]], [[0.0]], "identity")
    # a - y is multiplied by 1 - 3 (x^2 + 1) = -5 in each step, so E is 0.5 * 25^step: past 1.8e308 at 221.
    assert len(bp.train(network, [1.0], [0.0], 3.0, steps=220).losses) == 221
    sentence = (
        "training stops at step 221 with learning_rate 3.0, which may be too large: the errors e of layer"
    )
    with refused(sentence):
        bp.train(network, [1.0], [0.0], 3.0, steps=221)


@pytest.mark.parametrize("activation", ["identity", "relu", "leaky_relu", "softplus"])
@pytest.mark.parametrize("rate", [1e3, 1e200, 1e308])
@pytest.mark.filterwarnings("error")
def test_divergence_never_ends_in_nan(activation: str, rate: float) -> None:
    network = bp.Network.random((2, 3, 2), activation, seed=4)
    try:
        training = bp.train(network, [[3.0, -4.0], [0.0, 2.0]], [[1.0, 0.0], [9.0, -1.0]], rate, steps=400)
    except ValueError as error:
        assert f"with learning_rate {rate!r}, which may be too large: " in str(error)
        assert str(error).startswith("training stops at step ")
    else:  # a ReLU that has died learns nothing more
        assert np.isfinite(training.losses).all()


def test_a_saturated_output_names_the_step() -> None:
    network = bp.Network([[[1.0]]], [[0.0]], "sigmoid", "binary_cross_entropy")
    with refused("training stops at step 1 with learning_rate 5000.0, which may be too large: "):
        bp.train(network, [[1.0], [1.0]], [[1.0], [0.0]], 5e3, steps=9)


@pytest.mark.parametrize("rate", [0, -0.5, 0.0])
def test_learning_rates_that_are_not_positive_are_refused(rate: float) -> None:
    with refused(f"learning_rate is {rate!r}, but it must be a positive number"):
        bp.train(bp.example_network(), *bp.example_sample(), learning_rate=rate)


@pytest.mark.parametrize("rate", [float("nan"), float("inf"), True, "0.5", None, 1j, 10**400])
def test_learning_rates_that_are_no_numbers_are_refused(rate: Any) -> None:
    with refused(f"learning_rate is {rate!r}, but it must be a finite number"):
        bp.train(bp.example_network(), *bp.example_sample(), learning_rate=rate)


@pytest.mark.parametrize("steps", [-1, 1.0, True, "3", None])
def test_steps_that_are_not_whole_are_refused(steps: Any) -> None:
    with refused(f"steps is {steps!r}, but it must be a whole number from 0 on"):
        bp.train(bp.example_network(), *bp.example_sample(), steps=steps)


def test_a_sample_that_does_not_fit_is_refused_as_by_forward() -> None:
    with refused("x has shape (3,), but the network has 2 inputs, so it must be (2,) or (batch, 2)"):
        bp.train(bp.example_network(), [1.0, 2.0, 3.0], [0.0, 1.0])

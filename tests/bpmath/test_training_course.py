"""Training step by step: against training at once, and outputs against plain NumPy."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bpmath as bp
from bpmath.datasets import xor, xor_network
from bpmath.training_course import RATES, outputs, square, training_course
from tests.bpmath.strategies import networks, refused, samples


@given(data=st.data(), network=networks())
def test_a_course_is_training(data: st.DataObject, network: bp.Network) -> None:
    x, y = data.draw(samples(network, 3))
    course, training = training_course(network, x, y, 0.01, 5), bp.train(network, x, y, 0.01, 5)
    assert course.losses == training.losses
    assert course.networks[-1] == training.network
    assert course.networks[0] == network
    assert course.steps == 5
    for step in range(6):
        assert course.equation(step).value == course.losses[step]


def test_exclusive_or_is_learned() -> None:
    data = xor()
    course = training_course(xor_network(), data.x, data.y, 0.5, 300)
    assert not course.learned(0)
    assert course.learned(300)
    assert course.losses[-1] < 0.03
    assert course.first_below(0.0) == 0
    assert course.count(7).to_text() == "t = 7"
    with refused("symbol: E is not the number of a step"):
        course.count(7).values.value(bp.E)
    half = course.first_below(0.5)
    assert course.losses[half] <= (course.losses[0] + course.losses[-1]) / 2 < course.losses[half - 1]
    hidden = np.tanh(data.x @ course.networks[300].weights[0].T + course.networks[300].biases[0])
    z = hidden @ course.networks[300].weights[1].T + course.networks[300].biases[1]
    assert course.answers(300) == pytest.approx(1 / (1 + np.exp(-z)), rel=1e-12)


def test_without_a_hidden_layer_it_is_not_learned() -> None:
    data = xor()
    line = bp.Network([[[1.0, -1.0]]], [[0.2]], "sigmoid", "binary_cross_entropy")
    course = training_course(line, data.x, data.y, steps=200)
    assert not course.learned(200)
    # The best that a straight line can say is one half, everywhere.
    assert course.losses[-1] == pytest.approx(np.log(2), rel=1e-3)


def test_the_rate_is_the_best_of_those_tried() -> None:
    data, network = xor(), bp.Network.random((2, 3, 1), "relu", seed=1)
    course = training_course(network, data.x, data.y, steps=50)
    ends = {}
    for rate in RATES:
        try:
            ends[rate] = bp.train(network, data.x, data.y, rate, 50).losses[-1]
        except ValueError:
            continue
    assert course.losses[-1] == min(ends.values())


def test_where_every_rate_fails_the_reason_is_told() -> None:
    network = bp.Network([[[1e200]]], [[0.0]], "identity")
    with pytest.raises(ValueError, match="overflow"):
        training_course(network, [[1e120]], [[0.0]])


def test_outputs_need_no_targets() -> None:
    network = bp.Network([[[1000.0]]], [[0.0]], "sigmoid", "binary_cross_entropy")
    assert outputs(network, [[-1.0], [0.0], [1.0]]).ravel() == pytest.approx([0.0, 0.5, 1.0])


def test_a_square_of_points() -> None:
    points = square(0.0, 1.0, 2)
    assert points.tolist() == [[0.25, 0.25], [0.75, 0.25], [0.25, 0.75], [0.75, 0.75]]
    assert square(-1.0, 2.0, 7).shape == (49, 2)


def test_wrong_arguments_are_refused() -> None:
    data = xor()
    with refused("steps is 0, but it must be a whole number from 1 on"):
        training_course(xor_network(), data.x, data.y, steps=0)
    with refused("learning_rate is -1, but it must be a positive number"):
        training_course(xor_network(), data.x, data.y, -1)

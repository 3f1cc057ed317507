"""E after a step, by learning rate: against training, straight lines, and a parabola known in closed form."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bpmath as bp
from bpmath.datasets import batch_around
from bpmath.step_sizes import RATES, step_sizes
from tests.bpmath.strategies import networks, refused, samples


@given(data=st.data(), network=networks(), batch=st.none() | st.integers(1, 4))
def test_a_step_is_one_step_of_training(data: st.DataObject, network: bp.Network, batch: int | None) -> None:
    x, y = data.draw(samples(network, batch))
    sizes = step_sizes(network, x, y)
    for rate in (0.01, 0.1):
        trained = bp.train(network, x, y, rate, steps=1)
        reached = sizes.equation(rate)
        assert reached.value == pytest.approx(trained.losses[1], rel=1e-12, abs=1e-300)
    assert sizes.errors([0.0]) == pytest.approx([sizes.before.E], rel=1e-12, abs=1e-300)


def test_the_slope_at_zero_is_that_of_the_function() -> None:
    sizes = step_sizes(bp.example_network(), *bp.example_sample())
    # The function begins at 0, hence forward differences, of second order.
    at_0, at_1, at_2 = sizes.errors([0.0, 1e-4, 2e-4])
    assert sizes.slope == pytest.approx((-3 * at_0 + 4 * at_1 - at_2) / 2e-4, rel=1e-6)


# One weight and one bias at input 2: a is 1 at first, its target 0.  A step makes it 1 - 5 rate, so that
# E = (1 - 5 rate)^2 / 2: at rest at 0.2, and over its beginning from 0.4 on.
PARABOLA = bp.Network([[[1.0]]], [[-1.0]], "identity")


def test_a_parabola() -> None:
    sizes = step_sizes(PARABOLA, [2.0], [0.0])
    rates = np.array([[0.0, 0.1], [0.2, 1.0]])
    assert sizes.errors(rates) == pytest.approx((1 - 5 * rates) ** 2 / 2, abs=1e-15)
    assert sizes.slope == pytest.approx(-5.0)
    assert sizes.easy_rate == 0.1
    assert sizes.too_large_rate == 0.5


def test_the_rates_of_the_example() -> None:
    network, (x, y) = bp.example_network(), bp.example_sample()
    one = step_sizes(network, x, y)
    assert one.easy_rate == 5.0
    # On one sample sigmoids only saturate, in the right direction.
    assert one.too_large_rate is None
    batch = batch_around(network, x, y)
    many = step_sizes(network, batch.x, batch.y)
    losses = {rate: bp.train(network, batch.x, batch.y, rate, 1).losses for rate in RATES}
    assert many.easy_rate == max(rate for rate in RATES if losses[rate][1] < losses[rate][0] and rate <= 10)
    assert many.too_large_rate == min(rate for rate in RATES if losses[rate][1] > losses[rate][0])


def test_a_steep_error_needs_a_tiny_rate() -> None:
    # At input 1000 a step multiplies the output by 1 - 1000001 rate.
    steep = step_sizes(bp.Network([[[1.0]]], [[0.0]], "identity"), [1000.0], [0.0])
    assert steep.easy_rate == pytest.approx(1e-6)
    assert steep.after(steep.easy_rate).E < 1e-6 * steep.before.E


def test_at_rest_no_step_helps() -> None:
    rest = bp.Network([[[1.0]]], [[-2.0]], "identity")
    sizes = step_sizes(rest, [2.0], [0.0])
    assert sizes.slope == 0
    assert sizes.easy_rate == RATES[0]
    assert sizes.too_large_rate is None


def test_wrong_arguments_are_refused() -> None:
    sizes = step_sizes(bp.example_network(), *bp.example_sample())
    with refused("learning_rate is -1.0, but it must be a positive number"):
        sizes.after(-1.0)
    with refused("symbol: y(1) is neither the error after a step nor the learning rate"):
        sizes.equation(0.5).values.value(bp.y(1))
    for ask in (sizes.equation(0.5).values.partial, sizes.equation(0.5).values.derivative):
        with pytest.raises(ValueError, match="after a step"):
            ask(bp.E, bp.e(1))

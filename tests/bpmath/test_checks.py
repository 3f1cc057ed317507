"""The gradient check: it agrees with what is right and finds what is wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bpmath import checks
from bpmath.checks import gradient_check
from bpmath.example import example_network, example_sample
from bpmath.network import Network
from bpmath.passes import Gradients, Run, backward, forward
from bpmath.symbols import b, w
from tests.bpmath.strategies import near_kink, networks, refused, samples


def test_the_example_agrees_in_one_line() -> None:
    check = gradient_check(example_network(), *example_sample())
    assert (check.agreeing, check.total) == (18, 18)
    assert 0.0 < check.max_relative_error < 1e-8
    error = f"{check.max_relative_error:.1e}"
    assert str(check) == f"18 of 18 gradients agree (largest relative error {error} at {check.worst})"


def test_both_gradients_of_every_parameter_are_kept() -> None:
    network, sample = example_network(), example_sample()
    check, back = gradient_check(network, *sample), backward(forward(network, *sample))
    assert list(check.analytic) == list(check.numeric) == list(network.parameters())
    assert all(check.analytic[symbol] == back[symbol] for symbol in network.parameters())
    assert all(check.numeric[symbol] == pytest.approx(back[symbol], rel=1e-8) for symbol in check.numeric)
    assert any(check.numeric[symbol] != back[symbol] for symbol in check.numeric)


def test_each_parameter_says_whether_it_agrees() -> None:
    # The weighted sum of the only node lies at the kink: its two derivatives differ, those behind it agree.
    network = Network([[[0.0]], [[0.5]]], [[0.0], [0.1]], activation=("relu", "identity"))
    check = gradient_check(network, [1.0], [1.0])
    assert {p for p in check.errors if not check.agrees(p)} == {w(1, 1, 1), b(1, 1)}
    assert check.agreeing == sum(check.agrees(p) for p in check.errors)


@given(data=st.data())
def test_random_networks_agree(data: st.DataObject) -> None:
    network = data.draw(networks())
    inputs, targets = data.draw(samples(network, data.draw(st.sampled_from([None, 2]))))
    assume(not near_kink(forward(network, inputs, targets)))
    check = gradient_check(network, inputs, targets)
    assert check.agreeing == check.total == len(network.parameters()), str(check)


@pytest.mark.parametrize("factor", [1.001, -1.0, 0.0])
def test_one_wrong_gradient_is_found(monkeypatch: pytest.MonkeyPatch, factor: float) -> None:
    def wrong(run: Run) -> Gradients:
        back = backward(run)
        changed = back.dW[2].copy()
        changed[1, 0] *= factor
        return replace(back, dW=back.dW | {2: changed})

    monkeypatch.setattr(checks, "backward", wrong)
    check = gradient_check(example_network(), *example_sample())
    assert (check.agreeing, check.total, check.worst) == (17, 18, w(2, 2, 1))
    expected = abs(1 - factor) / max(1.0, abs(factor))
    assert check.max_relative_error == pytest.approx(expected, rel=1e-4)
    assert str(check).startswith("17 of 18 gradients agree (largest relative error ")


def test_a_gradient_that_is_truly_zero_agrees() -> None:
    network = Network([[[1.0]], [[0.0]]], [[0.5], [0.25]])
    check = gradient_check(network, [1.0], [1.0])
    assert check.analytic[w(1, 1, 1)] == 0.0
    assert check.agreeing == check.total == 4


def test_the_rounding_of_a_difference_is_no_disagreement() -> None:
    tiny_gradient = Network([[[1.0]], [[1e-9]]], [[0.5], [0.25]])
    large_error = Network([[[1.0]], [[1e-6]]], [[0.5], [0.25]], "identity")
    for network, target in ((tiny_gradient, 1.0), (large_error, 1e4)):
        check = gradient_check(network, [1.0], [target])
        assert check.agreeing == check.total == 4, str(check)


def test_the_step_is_the_one_that_rounding_left() -> None:
    network = Network([[[2.0**26]]], [[1.0 - 2.0**10]], "identity")
    assert gradient_check(network, [2.0**-16], [0.0]).agreeing == 2


def test_at_a_kink_the_difference_disagrees() -> None:
    network = Network([[[1.0]]], [[0.0]], "relu")
    check = gradient_check(network, [0.0], [1.0])
    assert (check.agreeing, check.total, check.worst) == (1, 2, b(1, 1))
    assert check.analytic[b(1, 1)] == 0.0
    assert check.numeric[b(1, 1)] == pytest.approx(-0.5, rel=1e-4)


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        (0, "step is 0, but it must be a positive number"),
        (-1e-5, "step is -1e-05, but it must be a positive number"),
        (float("nan"), "step is nan, but it must be a finite number"),
        ("1e-5", "step is '1e-5', but it must be a finite number"),
        (True, "step is True, but it must be a finite number"),
        (1e-30, "step is 1e-30, but w(1, 1, 1) = -0.2 is not changed by it, so it must be larger"),
    ],
)
def test_steps_without_sense_are_refused(step: Any, sentence: str) -> None:
    with refused(sentence):
        gradient_check(example_network(), *example_sample(), step=step)


def test_samples_that_do_not_fit_are_refused() -> None:
    with refused("x has shape (3,), but the network has 2 inputs"):
        gradient_check(example_network(), [1, 2, 3], [0, 1])

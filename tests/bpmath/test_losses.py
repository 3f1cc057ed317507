"""Losses: known values, derivatives, formulas, stability, targets."""

from __future__ import annotations

import re
import warnings
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bpmath as bp
from bpmath.activations import Array
from bpmath.algebra import Number
from bpmath.losses import LOSSES, log_softmax, loss_named
from bpmath.notation import write
from bpmath.symbols import Symbol
from bpmath.symbols import a as activation
from bpmath.symbols import y as target
from tests.bpmath.strategies import Known, numbers

NAMES = ("squared_error", "mean_squared_error", "binary_cross_entropy", "softmax_cross_entropy")
STEP = 1e-6


@st.composite
def outputs(draw: st.DrawFn, name: str) -> tuple[Array, Array]:
    """Outputs and targets of one to four nodes, for which the loss has a meaning."""
    n = draw(st.integers(1, 4))
    a, y = draw(numbers(n, 3.0)), draw(numbers(n))
    if name == "binary_cross_entropy":
        a, y = 1 / (1 + np.exp(-a)), np.abs(y)
    if name == "softmax_cross_entropy":
        y = (np.abs(y) + 0.1) / (np.abs(y) + 0.1).sum()
    return a, y


def given_as(a: Array, y: Array) -> tuple[list[Symbol], list[Symbol], Known]:
    """Return the symbols of outputs and targets, and their values."""
    numbers_of = range(1, len(a) + 1)
    a_symbols, y_symbols = [activation(2, k) for k in numbers_of], [target(k) for k in numbers_of]
    values = dict(zip((*a_symbols, *y_symbols), map(float, (*a, *y)), strict=True))
    return a_symbols, y_symbols, Known(values)


def slope(function: Any, at: Array, k: int) -> Any:
    """Return the central difference of a function of an array in its entry k."""
    step = np.zeros_like(at)
    step[k] = STEP
    return (function(at + step) - function(at - step)) / (2 * STEP)


def test_the_table_holds_the_four_under_their_names() -> None:
    assert tuple(LOSSES) == NAMES
    assert all(record.name == name for name, record in LOSSES.items())


@pytest.mark.parametrize(("name", "last"), list(zip(NAMES, [None, None, "sigmoid", "identity"], strict=True)))
def test_what_the_last_layer_must_be(name: str, last: str | None) -> None:
    assert LOSSES[name].last_activation == last


@pytest.mark.parametrize(
    ("name", "a", "y", "errors"),
    [
        ("squared_error", [0.5, 3.0], [1.0, 1.0], [0.125, 2.0]),
        ("mean_squared_error", [0.5, 3.0], [1.0, 1.0], [0.125, 2.0]),
        ("mean_squared_error", [0.5, 3.0, 1.0, 1.0], [1.0, 1.0, 1.0, 0.0], [0.0625, 1.0, 0.0, 0.25]),
        ("binary_cross_entropy", [0.9, 0.9], [1.0, 0.0], [0.10536051565782628, 2.302585092994046]),
        ("binary_cross_entropy", [0.2], [0.3], [0.6390318596501769]),
        ("softmax_cross_entropy", [1.0, 2.0, 3.0], [0.0, 0.0, 1.0], [0.0, 0.0, 0.4076059644443803]),
        ("softmax_cross_entropy", [0.0, 0.0], [0.25, 0.75], [0.17328679513998632, 0.5198603854199589]),
    ],
)
def test_known_errors(name: str, a: list[float], y: list[float], errors: list[float]) -> None:
    computed = LOSSES[name].errors(np.array(a), np.array(y))
    np.testing.assert_allclose(computed, errors, rtol=1e-14)


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
def test_the_gradient_is_the_limit_of_the_difference_quotient(name: str, data: st.DataObject) -> None:
    loss, (a, y) = LOSSES[name], data.draw(outputs(name))
    gradient = loss.gradient(a, y)
    for k in range(len(a)):
        quotient = slope(lambda a: loss.errors(a, y).sum(), a, k)
        assert gradient[k] == pytest.approx(quotient, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
def test_local_derivatives_are_those_of_one_error(name: str, data: st.DataObject) -> None:
    loss, (a, y) = LOSSES[name], data.draw(outputs(name))
    for k in range(1, len(a) + 1):
        *by_outputs, by_target = loss.local_derivatives(k, a, y)
        quotients = [slope(lambda a, k=k: loss.errors(a, y)[k - 1], a, j) for j in range(len(a))]
        reads = loss.inputs(k, len(a))
        assert by_outputs == pytest.approx([quotients[j - 1] for j in reads], rel=1e-6, abs=1e-8)
        unread = [quotients[j - 1] for j in range(1, len(a) + 1) if j not in reads]
        assert unread == pytest.approx([0.0] * len(unread), abs=1e-12)
        quotient = slope(lambda y, k=k: loss.errors(a, y)[k - 1], y, k - 1)
        assert by_target == pytest.approx(quotient, rel=1e-6, abs=1e-8)
        assert all(type(number) is float for number in (*by_outputs, by_target))


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
def test_local_derivatives_add_up_to_the_gradient(name: str, data: st.DataObject) -> None:
    loss, (a, y) = LOSSES[name], data.draw(outputs(name))
    summed = np.zeros_like(a)
    for k in range(1, len(a) + 1):
        summed[np.array(loss.inputs(k, len(a))) - 1] += loss.local_derivatives(k, a, y)[:-1]
    np.testing.assert_allclose(summed, loss.gradient(a, y), rtol=1e-12, atol=1e-14)


def test_which_outputs_an_error_reads() -> None:
    assert LOSSES["squared_error"].inputs(2, 3) == (2,)
    assert LOSSES["mean_squared_error"].inputs(3, 3) == (3,)
    assert LOSSES["binary_cross_entropy"].inputs(1, 3) == (1,)
    assert LOSSES["softmax_cross_entropy"].inputs(2, 3) == (1, 2, 3)


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
def test_the_term_says_what_the_function_does(name: str, data: st.DataObject) -> None:
    loss, (a, y) = LOSSES[name], data.draw(outputs(name))
    n = len(a)
    a_symbols, y_symbols, known = given_as(a, y)
    terms = [loss.term(k, n, a_symbols, y_symbols).evaluate(known) for k in range(1, n + 1)]
    np.testing.assert_allclose(terms, loss.errors(a, y), rtol=1e-12, atol=1e-15)


# -- the formulas of the derivatives ----------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
def test_the_slope_term_is_the_derivative_of_one_error(name: str, data: st.DataObject) -> None:
    loss, (a, y) = LOSSES[name], data.draw(outputs(name))
    n, (a_symbols, y_symbols, known) = len(a), given_as(a, y)
    for k in range(1, n + 1):
        *by_outputs, _ = loss.local_derivatives(k, a, y)
        vectorised = dict(zip(loss.inputs(k, n), by_outputs, strict=True))
        for j in range(1, n + 1):
            value = loss.slope_term(k, j, n, a_symbols, y_symbols).evaluate(known)
            assert value == pytest.approx(vectorised.get(j, 0.0), rel=1e-12, abs=1e-15)
            quotient = slope(lambda a, k=k: loss.errors(a, y)[k - 1], a, j - 1)
            assert value == pytest.approx(quotient, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("given_targets", [False, True])
@pytest.mark.parametrize("name", NAMES)
@given(data=st.data())
def test_the_gradient_term_is_the_derivative_of_the_total_error(
    name: str, given_targets: bool, data: st.DataObject
) -> None:
    loss, (a, y) = LOSSES[name], data.draw(outputs(name))
    n, (a_symbols, y_symbols, known) = len(a), given_as(a, y)
    targets = y if given_targets else None
    for j, vectorised in enumerate(loss.gradient(a, y), 1):
        value = loss.gradient_term(j, n, a_symbols, y_symbols, targets).evaluate(known)
        assert value == pytest.approx(vectorised, rel=1e-12, abs=1e-15)
        slopes = [loss.slope_term(k, j, n, a_symbols, y_symbols).evaluate(known) for k in range(1, n + 1)]
        assert value == pytest.approx(sum(slopes), rel=1e-12, abs=1e-15)
        quotient = slope(lambda a: loss.errors(a, y).sum(), a, j - 1)
        assert value == pytest.approx(quotient, rel=1e-6, abs=1e-8)


@pytest.mark.parametrize("name", NAMES)
def test_the_slope_without_a_second_output_is_by_its_own(name: str) -> None:
    loss, (a, y, _) = LOSSES[name], given_as(np.zeros(3), np.zeros(3))
    assert loss.slope_term(2, None, 3, a, y) == loss.slope_term(2, 2, 3, a, y)
    assert (loss.slope_term(2, 3, 3, a, y) == Number(0)) == (not loss.reads_all)


OWN = "e^a₂/(e^a₁ + e^a₂)"


@pytest.mark.parametrize(
    ("name", "slope_by_own", "gradient"),
    [
        ("squared_error", "a₂ - y₂", "a₂ - y₂"),
        ("mean_squared_error", "(2 (a₂ - y₂))/2", "(2 (a₂ - y₂))/2"),
        ("binary_cross_entropy", "(a₂ - y₂)/(a₂ (1 - a₂))", "(a₂ - y₂)/(a₂ (1 - a₂))"),
        ("softmax_cross_entropy", f"y₂ ({OWN} - 1)", f"{OWN} - y₂"),
    ],
)
def test_derivatives_are_written_as_is_customary(name: str, slope_by_own: str, gradient: str) -> None:
    a, y = ([Symbol(letter, None, (k,)) for k in (1, 2)] for letter in "ay")
    assert write(LOSSES[name].slope_term(2, 2, 2, a, y)) == slope_by_own
    assert write(LOSSES[name].gradient_term(2, 2, a, y, [0.25, 0.75])) == gradient


def test_the_other_outputs_and_sums_that_are_not_1() -> None:
    loss = LOSSES["softmax_cross_entropy"]
    a, y = ([Symbol(letter, None, (k,)) for k in (1, 2)] for letter in "ay")
    assert write(loss.slope_term(1, 2, 2, a, y)) == f"y₁ {OWN}"
    for targets in (None, [0.25, 0.7500005]):
        assert write(loss.gradient_term(2, 2, a, y, targets)) == f"{OWN} (y₁ + y₂) - y₂"


@given(
    off=st.sampled_from([0.0, 1e-16, 3e-16, 1e-15, 3e-15, 1e-14, 1e-12, 1e-9, 9e-7]),
    logits=st.lists(st.floats(-10, 10), min_size=1, max_size=5),
    certain=st.booleans(),
)
def test_the_gradient_is_a_true_equation_whatever_the_targets_sum_to(
    off: float, logits: list[float], certain: bool
) -> None:
    loss, a = LOSSES["softmax_cross_entropy"], np.array(logits)
    # Targets that the outputs have reached leave nothing but the error of the textbook's form.
    y = np.exp(log_softmax(a)) if certain else np.full(len(a), 1 / len(a))
    y = np.minimum(y * (1 - off), 1.0)
    loss.check_targets(y)
    a_symbols, y_symbols, known = given_as(a, y)
    for j, gradient in enumerate(loss.gradient(a, y).tolist(), 1):
        bp.Equation(Number(gradient), loss.gradient_term(j, len(a), a_symbols, y_symbols, y), known)


@given(
    logits=st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=5),
    data=st.data(),
)
def test_the_derivatives_of_large_logits_are_true_equations(logits: list[float], data: st.DataObject) -> None:
    loss, a, n = LOSSES["softmax_cross_entropy"], np.array(logits), len(logits)
    y = np.eye(n)[data.draw(st.integers(0, n - 1))]
    a_symbols, y_symbols, known = given_as(a, y)
    for j, gradient in enumerate(loss.gradient(a, y).tolist(), 1):
        bp.Equation(Number(gradient), loss.gradient_term(j, n, a_symbols, y_symbols, y), known)
        for k in range(1, n + 1):
            derivative = loss.local_derivatives(k, a, y)[j - 1]
            bp.Equation(Number(derivative), loss.slope_term(k, j, n, a_symbols, y_symbols), known)


@pytest.mark.parametrize("saturated", [0.0, 1.0])
def test_the_formula_of_a_saturated_output_is_no_equation(saturated: float) -> None:
    loss, reached = LOSSES["binary_cross_entropy"], np.array([saturated])
    a, y, known = given_as(reached, reached)
    gradient = float(loss.gradient(reached, reached)[0])
    for formula in (loss.slope_term(1, 1, 1, a, y), loss.gradient_term(1, 1, a, y, reached)):
        with pytest.raises(bp.FalseEquation, match="right-hand side of an equation is nan"):
            bp.Equation(Number(gradient), formula, known)


@pytest.mark.parametrize("name", NAMES)
def test_a_batch_is_its_samples_one_below_the_other(name: str) -> None:
    loss = LOSSES[name]
    a = np.array([[0.2, 0.3, 0.6], [0.9, 0.1, 0.5]])
    y = np.array([[0.1, 0.6, 0.3], [0.0, 1.0, 0.0]])
    for function in (loss.errors, loss.gradient, loss.target_slopes):
        rows = [function(*sample) for sample in zip(a, y, strict=True)]
        np.testing.assert_allclose(function(a, y), rows, rtol=1e-15)
        assert not np.shares_memory(function(a, y), a)


def test_softmax_cross_entropy_is_stable() -> None:
    loss, a = LOSSES["softmax_cross_entropy"], np.array([1e4, 0.0, -1e4])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert loss.errors(a, np.array([0.0, 0.0, 1.0])).tolist() == [0.0, 0.0, 2e4]
        assert loss.gradient(a, np.array([0.0, 0.0, 1.0])).tolist() == [1.0, 0.0, -1.0]
        assert loss.local_derivatives(3, a, np.array([0.0, 0.0, 1.0])) == (1.0, 0.0, -1.0, 2e4)


def test_every_sample_of_a_batch_is_stable_on_its_own() -> None:
    loss, a = LOSSES["softmax_cross_entropy"], np.array([[1e4, 0.0], [0.0, -1e4]])
    y = np.array([[0.0, 1.0], [0.0, 1.0]])
    assert loss.errors(a, y).tolist() == [[0.0, 1e4], [0.0, 1e4]]
    assert loss.gradient(a, y).tolist() == [[1.0, -1.0], [1.0, -1.0]]


def test_nothing_times_the_logarithm_of_nothing_is_nothing() -> None:
    loss, certain = LOSSES["binary_cross_entropy"], np.array([0.0, 1.0, 0.5])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        errors = loss.errors(certain, np.array([0.0, 1.0, 1.0]))
        gradient = loss.gradient(certain, np.array([0.0, 1.0, 1.0]))
        slopes = loss.target_slopes(certain, np.array([0.0, 1.0, 1.0]))
    assert errors.tolist() == [0.0, 0.0, -np.log(0.5)]
    assert not np.signbit(errors).any()
    assert gradient.tolist() == [1.0, -1.0, -2.0]
    assert slopes.tolist() == [np.inf, -np.inf, 0.0]


@pytest.mark.parametrize("function", ["errors", "gradient"])
@pytest.mark.parametrize(
    ("a", "y", "sentence"),
    [
        ([0.5, 1.0], [0.0, 0.25], "output 2 has saturated to 1 against its target 0.25, but"),
        ([0.0, 0.5], [1.0, 0.0], "output 1 has saturated to 0 against its target 1, but"),
        ([1e-310, 0.5], [1.0, 0.0], "output 1 has saturated to 1e-310 against its target 1, but"),
        ([[0.5, 0.5], [0.5, 1.0]], [[0, 0], [0, 0]], "output 2 of sample 2 has saturated to 1 against its"),
    ],
)
def test_saturation_against_the_target_is_refused(function: str, a: Any, y: Any, sentence: str) -> None:
    loss = LOSSES["binary_cross_entropy"]
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}.* strictly between 0 and 1$"):
        getattr(loss, function)(np.array(a), np.array(y, dtype=float))


@pytest.mark.parametrize(
    ("name", "y", "sentence"),
    [
        (
            "binary_cross_entropy",
            [0.5, 1.5],
            "y has 1.5 for output 2, but the targets of a cross-entropy are",
        ),
        ("binary_cross_entropy", [-0.5, 1.0], "y has -0.5 for output 1, but"),
        ("binary_cross_entropy", [[0.0, 1.0], [2.0, 0.0]], "y has 2 for output 1 of sample 2, but"),
        ("softmax_cross_entropy", [-0.5, 1.5], "y has -0.5 for output 1, but"),
        ("softmax_cross_entropy", [0.5, 0.4], "y sums to 0.9, but the targets of softmax_cross_entropy are"),
        ("softmax_cross_entropy", [0.5, 0.500002], "y sums to 1.000002, but"),
        ("softmax_cross_entropy", [[0.0, 1.0], [1.0, 1.0]], "y sums to 2 for sample 2, but"),
        ("softmax_cross_entropy", [0.0, 0.0], "y sums to 0, but"),
    ],
)
def test_targets_that_are_no_probabilities_are_refused(name: str, y: Any, sentence: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}"):
        LOSSES[name].check_targets(np.array(y))


@pytest.mark.parametrize(
    ("name", "y"),
    [
        ("squared_error", [-3.0, 7.0]),
        ("mean_squared_error", [-3.0, 7.0]),
        ("binary_cross_entropy", [0.0, 1.0]),
        ("binary_cross_entropy", [[1.0, 1.0], [0.3, 0.0]]),
        ("softmax_cross_entropy", [0.3, 0.7000005]),
        ("softmax_cross_entropy", [[1.0, 0.0], [0.3, 0.7]]),
    ],
)
def test_targets_with_a_meaning_are_accepted(name: str, y: Any) -> None:
    LOSSES[name].check_targets(np.array(y))


def test_losses_are_found_by_name() -> None:
    assert [loss_named(name) for name in NAMES] == list(LOSSES.values())
    sentence = (
        "loss is 'square_error', but must be one of squared_error, mean_squared_error, binary_cross_entropy, "
        "softmax_cross_entropy (did you mean 'squared_error'?)"
    )
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        loss_named("square_error")
    with pytest.raises(ValueError, match=r"^loss is None, but must be one of"):
        loss_named(None)

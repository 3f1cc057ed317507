"""Activation functions: known values, derivatives, formulas, stability."""

from __future__ import annotations

import math
import re
import warnings

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bpmath as bp
from bpmath.activations import ACTIVATIONS, STEP, activation_named
from bpmath.algebra import Function, Partial, Quantity, apply
from bpmath.notation import write
from bpmath.symbols import Symbol, a, z
from tests.bpmath.strategies import Known, networks, samples

NAMES = ("identity", "sigmoid", "tanh", "relu", "leaky_relu", "softplus")
SUMS = st.floats(-20, 20)


def test_the_table_holds_the_six_under_their_names() -> None:
    assert tuple(ACTIVATIONS) == NAMES
    assert all(record.name == name for name, record in ACTIVATIONS.items())


@pytest.mark.parametrize(
    ("name", "at", "value", "slope"),
    [
        ("identity", -2.5, -2.5, 1.0),
        ("sigmoid", 0.0, 0.5, 0.25),
        ("sigmoid", 1.0, 0.7310585786300049, 0.19661193324148185),
        ("tanh", 0.5, 0.46211715726000975, 0.7864477329659274),
        ("relu", 3.0, 3.0, 1.0),
        ("relu", -3.0, 0.0, 0.0),
        ("leaky_relu", 3.0, 3.0, 1.0),
        ("leaky_relu", -3.0, -0.03, 0.01),
        ("softplus", 0.0, 0.6931471805599453, 0.5),
        ("softplus", 1.0, 1.3132616875182228, 0.7310585786300049),
    ],
)
def test_known_values(name: str, at: float, value: float, slope: float) -> None:
    activation = ACTIVATIONS[name]
    assert activation.function(at) == pytest.approx(value, rel=1e-15)
    assert activation.derivative(at) == pytest.approx(slope, rel=1e-14)


@pytest.mark.parametrize(("name", "slope"), [("relu", 0.0), ("leaky_relu", 0.01)])
def test_the_slope_at_a_kink_is_the_one_from_the_left(name: str, slope: float) -> None:
    assert ACTIVATIONS[name].derivative(np.array([0.0, -0.0])).tolist() == [slope, slope]


@pytest.mark.parametrize("name", NAMES)
@given(at=SUMS.filter(lambda at: abs(at) > 1e-3))
def test_the_derivative_is_the_limit_of_the_difference_quotient(name: str, at: float) -> None:
    activation, h = ACTIVATIONS[name], 1e-5
    quotient = (activation.function(at + h) - activation.function(at - h)) / (2 * h)
    assert activation.derivative(at) == pytest.approx(quotient, rel=1e-7, abs=1e-9)


@pytest.mark.parametrize("name", NAMES)
def test_a_known_activation_gives_the_same_derivative(name: str) -> None:
    activation, sums = ACTIVATIONS[name], np.linspace(-4, 4, 17)
    with_a = activation.derivative(sums, activation.function(sums))
    np.testing.assert_array_equal(with_a, activation.derivative(sums))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("shape", [(), (3,), (2, 3), (0, 3)])
def test_shapes_are_kept_and_the_sums_left_alone(name: str, shape: tuple[int, ...]) -> None:
    activation, sums = ACTIVATIONS[name], np.full(shape, 1.5)
    results = (activation.function(sums), activation.derivative(sums))
    for result in results:
        assert np.shape(result) == shape
        assert np.asarray(result).dtype == np.float64
        assert not np.shares_memory(result, sums)
    assert (sums == 1.5).all()


@pytest.mark.parametrize("name", NAMES)
def test_integers_are_taken_as_numbers(name: str) -> None:
    activation = ACTIVATIONS[name]
    whole, real = np.array([-3, 0, 2]), np.array([-3.0, 0.0, 2.0])
    np.testing.assert_array_equal(activation.function(whole), activation.function(real))
    np.testing.assert_array_equal(activation.derivative(whole), activation.derivative(real))


@pytest.mark.parametrize(
    ("name", "values", "slopes"),
    [
        ("identity", [-1e4, 1e4], [1.0, 1.0]),
        ("sigmoid", [0.0, 1.0], [0.0, 0.0]),
        ("tanh", [-1.0, 1.0], [0.0, 0.0]),
        ("relu", [0.0, 1e4], [0.0, 1.0]),
        ("leaky_relu", [-100.0, 1e4], [0.01, 1.0]),
        ("softplus", [0.0, 1e4], [0.0, 1.0]),
    ],
)
def test_far_out_there_is_no_overflow(name: str, values: list[float], slopes: list[float]) -> None:
    activation, far = ACTIVATIONS[name], np.array([-1e4, 1e4])
    with warnings.catch_warnings(), np.errstate(over="warn", invalid="warn", divide="warn"):
        warnings.simplefilter("error")
        assert activation.function(far).tolist() == values
        assert activation.derivative(far).tolist() == slopes


@pytest.mark.parametrize("name", ["sigmoid", "softplus"])
def test_small_activations_keep_their_digits(name: str) -> None:
    assert ACTIVATIONS[name].function(-40.0) == pytest.approx(math.exp(-40.0), rel=1e-14)


@pytest.mark.parametrize("name", NAMES)
@given(at=SUMS)
def test_the_formula_says_what_the_function_does(name: str, at: float) -> None:
    activation = ACTIVATIONS[name]
    value = activation.formula(z(2, 1)).evaluate(Known({z(2, 1): at}))
    assert value == pytest.approx(activation.function(at), rel=1e-12, abs=1e-15 if name != "tanh" else 1e-14)


@pytest.mark.parametrize("name", NAMES)
@given(at=SUMS)
def test_the_named_function_is_the_function_of_one_number(name: str, at: float) -> None:
    activation = ACTIVATIONS[name]
    assert activation.symbol.call(at) == activation.function(at)
    assert isinstance(activation.symbol.call(at), float)


@pytest.mark.parametrize("name", NAMES)
def test_the_named_function_bears_the_name(name: str) -> None:
    assert ACTIVATIONS[name].symbol == Function(name, math.sin)


# -- the formulas of the derivatives ----------------------------------------------------------------------


def slope_of(name: str, at: float) -> float:
    """Return the value of the derivative's formula at a weighted sum."""
    activation, (sum_, output) = ACTIVATIONS[name], (z(2, 1), a(2, 1))
    known = Known({sum_: at, output: float(activation.function(at))})
    return activation.derivative_formula(sum_, output).evaluate(known)


@pytest.mark.parametrize("name", NAMES)
@given(at=SUMS | st.floats(-1e4, 1e4))
def test_the_formula_of_the_derivative_says_what_the_derivative_does(name: str, at: float) -> None:
    assert slope_of(name, at) == pytest.approx(ACTIVATIONS[name].derivative(at), rel=1e-12)


@pytest.mark.parametrize("name", NAMES)
@given(at=SUMS.filter(lambda at: abs(at) > 1e-3))
def test_the_formula_of_the_derivative_is_the_limit_of_the_quotient(name: str, at: float) -> None:
    function, h = ACTIVATIONS[name].function, 1e-5
    quotient = (function(at + h) - function(at - h)) / (2 * h)
    assert slope_of(name, at) == pytest.approx(quotient, rel=1e-7, abs=1e-9)


@pytest.mark.parametrize("at", [0.0, -0.0, 5e-324, -5e-324])
def test_the_formulas_know_the_slope_at_a_kink(at: float) -> None:
    assert slope_of("relu", at) == (1.0 if at > 0 else 0.0)
    assert slope_of("leaky_relu", at) == (1.0 if at > 0 else 0.01)
    assert STEP.call(at) == (1.0 if at > 0 else 0.0)


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("identity", "1"),
        ("sigmoid", "a (1 - a)"),
        ("tanh", "1 - a²"),
        ("relu", "step(z)"),
        ("leaky_relu", "max(0.01, step(z))"),
        ("softplus", "σ(z)"),
    ],
)
def test_derivatives_are_written_as_is_customary(name: str, written: str) -> None:
    assert write(ACTIVATIONS[name].derivative_formula(Symbol("z"), Symbol("a"))) == written


@pytest.mark.parametrize("name", NAMES)
@given(at=SUMS)
def test_the_named_derivative_is_the_derivative_of_one_number(name: str, at: float) -> None:
    slope = ACTIVATIONS[name].slope
    assert slope == Function(f"{name}'", math.sin)
    assert slope.call(at) == ACTIVATIONS[name].derivative(at)
    assert isinstance(slope.call(at), float)


@given(data=st.data(), network=networks())
def test_the_formulas_can_be_substituted_in_every_derivation(
    data: st.DataObject, network: bp.Network
) -> None:
    derivation = bp.derive(network, *data.draw(samples(network)))
    for layer, width in enumerate(network.sizes[1:], 1):
        activation = derivation.activation(layer)
        for k in range(1, width + 1):
            output, sum_ = a(layer, k), z(layer, k)
            partial, named = Partial(output, sum_), apply(activation.slope, Quantity(sum_))
            derivation.equation(partial, named)
            derivation.equation(named, activation.derivative_formula(sum_, output))


@pytest.mark.parametrize("name", NAMES)
def test_activations_are_found_by_name(name: str) -> None:
    assert activation_named(name) is ACTIVATIONS[name]


def test_a_slip_of_the_keyboard_gets_a_hint() -> None:
    sentence = (
        "activation is 'sigmiod', but must be one of identity, sigmoid, tanh, relu, leaky_relu, softplus "
        "(did you mean 'sigmoid'?)"
    )
    with pytest.raises(ValueError, match=re.escape(sentence)):
        activation_named("sigmiod")


@pytest.mark.parametrize("wrong", ["xyz", "", 3, None, ("relu",), ["relu"]])
def test_a_name_that_is_none_is_refused(wrong: object) -> None:
    with pytest.raises(ValueError) as refusal:
        activation_named(wrong, "activation[1]")
    message = str(refusal.value)
    assert message.startswith(f"activation[1] is {wrong!r}, but must be one of identity, ")
    assert "\n" not in message


def test_a_name_far_from_all_gets_no_hint() -> None:
    with pytest.raises(ValueError, match=r"softplus$"):
        activation_named("xyz")

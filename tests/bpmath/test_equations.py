"""A false equation cannot be made."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bpmath as bp
from bpmath.algebra import Derivative, Number, Partial, Product, Quantity, Sum

LOCAL = (
    Partial(bp.e(1), bp.a(3, 1)),
    Partial(bp.a(3, 1), bp.z(3, 1)),
    Partial(bp.z(3, 1), bp.w(3, 1, 1)),
)


def test_a_true_equation_stands(example: bp.Derivation) -> None:
    equation = bp.Equation(Derivative(bp.E, bp.w(3, 1, 1)), Product(LOCAL), example.trace)
    assert equation.value == bp.backward(example.run)[bp.w(3, 1, 1)]
    assert abs(equation.residual) <= 1e-15


def test_a_forgotten_factor_is_found(example: bp.Derivation) -> None:
    with pytest.raises(bp.FalseEquation, match="is false"):
        bp.Equation(Derivative(bp.E, bp.w(3, 1, 1)), Product(LOCAL[:2]), example.trace)


def test_swapped_indices_are_found(example: bp.Derivation) -> None:
    with pytest.raises(bp.FalseEquation):
        bp.Equation(Derivative(bp.E, bp.w(3, 2, 1)), Product(LOCAL), example.trace)


def test_a_forgotten_branch_is_found(example: bp.Derivation) -> None:
    right = example.path_sum(bp.w(2, 1, 1)).rhs
    assert isinstance(right, Product)
    one_branch = Product((right.factors[0].operands[0], *right.factors[1:]))
    with pytest.raises(bp.FalseEquation):
        bp.Equation(Derivative(bp.E, bp.w(2, 1, 1)), one_branch, example.trace)


@given(relative=st.floats(2e-9, 1.0), sign=st.sampled_from([-1, 1]))
def test_a_relative_difference_over_the_tolerance_is_found(relative: float, sign: int) -> None:
    derivation = bp.derive(bp.example_network(), *bp.example_sample())
    value = derivation.trace[bp.E]
    with pytest.raises(bp.FalseEquation):
        derivation.equation(Quantity(bp.E), Number(value * (1 + sign * relative)))


def test_nothing_and_something_small_differ(example: bp.Derivation) -> None:
    with pytest.raises(bp.FalseEquation):
        example.equation(Number(0.0), Number(1e-12))


def test_what_is_not_a_number_is_false(example: bp.Derivation) -> None:
    with pytest.raises(bp.FalseEquation):
        example.equation(Number(float("nan")), Number(float("nan")))
    with pytest.raises(bp.FalseEquation):
        example.equation(Number(float("inf")), Number(float("inf")))


def test_rounding_inside_a_logarithm_is_no_falsehood() -> None:
    for bias in (-20.0, -30.0, 20.0):
        network = bp.Network([[[1.0]]], [[bias]], activation="softplus")
        derivation = bp.derive(network, [0.0], [0.0])
        assert derivation.activation_formula(bp.a(1, 1)).value == derivation.trace[bp.a(1, 1)]


def test_nothing_times_the_logarithm_of_nothing_is_nothing() -> None:
    network = bp.Network([[[0.0]]], [[40.0]], loss="binary_cross_entropy")
    derivation = bp.derive(network, [0.0], [1.0])
    assert derivation.trace[bp.a(1, 1)] == 1.0
    assert derivation.definition(bp.e(1)).value == 0.0


def test_rounding_of_cancelling_terms_is_no_falsehood(example: bp.Derivation) -> None:
    terms = (Number(1e8), Number(0.1), Number(-1e8))
    assert example.equation(Sum(terms), Number(1e8 + 0.1 - 1e8)).value == pytest.approx(0.1)


def logit_network(logits: list[float], loss: str, activation: str = "identity") -> bp.Network:
    """Return a network whose weighted sums are the logits, whatever its input."""
    return bp.Network([[[0.0]] * len(logits)], [logits], activation, loss)


@pytest.mark.parametrize(
    ("logits", "errors"),
    [
        ([1e4, -1e4], [0.5 * 0.0, 0.5 * 2e4]),
        ([-1e4, 1e4], [0.5 * 2e4, 0.5 * 0.0]),
        ([1e4, 1e4], [0.5 * math.log(2)] * 2),
        ([-1e4, -1e4 - 1], [0.5 * math.log1p(math.exp(-1)), 0.5 * (1 + math.log1p(math.exp(-1)))]),
        ([710.0, 0.0], [0.0, 0.5 * 710.0]),
    ],
)
def test_the_definition_of_a_cross_entropy_holds_for_large_logits(
    logits: list[float], errors: list[float]
) -> None:
    network = logit_network(logits, "softmax_cross_entropy")
    derivation = bp.derive(network, [0.0], [0.5, 0.5])
    for k, error in enumerate(errors, 1):
        definition = derivation.definition(bp.e(k))
        assert definition.rhs.evaluate(definition.values) == pytest.approx(error, rel=1e-14, abs=1e-15)


def test_a_wrong_cross_entropy_of_large_logits_is_found() -> None:
    derivation = bp.derive(logit_network([1e4, -1e4], "softmax_cross_entropy"), [0.0], [0.5, 0.5])
    formula = derivation.definition(bp.e(2)).rhs
    for wrong in (0.0, 1e4 + 0.01, 2e4):
        with pytest.raises(bp.FalseEquation):
            derivation.equation(Number(wrong), formula)


@pytest.mark.parametrize("bias", [-1e4, -1e3, -40.0, 40.0, 1e3, 1e4])
@pytest.mark.parametrize(
    ("activation", "limits"),
    [
        ("softplus", (0.0, None)),
        ("sigmoid", (0.0, 1.0)),
        ("tanh", (-1.0, 1.0)),
        ("relu", (0.0, None)),
        ("leaky_relu", (None, None)),
    ],
)
def test_the_formula_of_an_activation_holds_far_out(
    activation: str, limits: tuple[float | None, float | None], bias: float
) -> None:
    derivation = bp.derive(logit_network([bias], "squared_error", activation), [0.0], [0.0])
    formula = derivation.activation_formula(bp.a(1, 1))
    limit = limits[bias > 0]
    expected = limit if limit is not None else bias * (0.01 if bias < 0 else 1.0)
    assert formula.rhs.evaluate(formula.values) == pytest.approx(expected, rel=1e-14, abs=1e-17)
    with pytest.raises(bp.FalseEquation):
        derivation.equation(Number(expected + 1e-3), formula.rhs)

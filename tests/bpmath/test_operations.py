"""Each gate has the derivatives that it claims, and refuses inputs where it has none."""

from __future__ import annotations

import math

import pytest

from bpmath import operations as gates
from bpmath.operations import DomainError, Operation, with_constants

ONE_INPUT = [
    gates.NEGATE,
    gates.RECIPROCAL,
    gates.IDENTITY,
    gates.EXP,
    gates.LOG,
    gates.SQRT,
    gates.SIN,
    gates.COS,
    gates.ABS,
    gates.TANH,
    gates.SIGMOID,
    gates.RELU,
]
TWO_INPUTS = [gates.ADD, gates.SUBTRACT, gates.MULTIPLY, gates.DIVIDE, gates.POWER, gates.MAX, gates.MIN]
FIXED = [with_constants(gate, fixed) for gate in TWO_INPUTS for fixed in ((None, 2.5), (0.3, None))]


def central_difference(gate: Operation, inputs: list[float], position: int, h: float = 1e-6) -> float:
    ahead, behind = list(inputs), list(inputs)
    ahead[position] += h
    behind[position] -= h
    return (gate.value(ahead) - gate.value(behind)) / (2 * h)


def name_of(value: Operation | int) -> str:
    return f"{value.name}{value.constants or ''}" if isinstance(value, Operation) else str(value)


@pytest.mark.parametrize(
    ("gate", "count"), [*((g, 1) for g in ONE_INPUT + FIXED), *((g, 2) for g in TWO_INPUTS)], ids=name_of
)
@pytest.mark.parametrize("start", [0.4, 1.7])
def test_derivatives_are_central_differences(gate: Operation, count: int, start: float) -> None:
    inputs = [start, 2.2][:count]
    expected = [central_difference(gate, inputs, position) for position in range(count)]
    assert gate.derivatives(inputs) == pytest.approx(expected, rel=1e-7, abs=1e-9), name_of(gate)


def test_patterns() -> None:
    """Add distributes, multiply swaps, max routes (CS231n, Backpropagation, Intuitions)."""
    assert gates.ADD.derivatives([3.0, -4.0]) == [1, 1]
    assert gates.MULTIPLY.derivatives([3.0, -4.0]) == [-4, 3]
    assert gates.MAX.derivatives([2.0, -1.0]) == [1, 0]
    assert gates.MIN.derivatives([2.0, -1.0]) == [0, 1]


def test_ties_go_to_the_first() -> None:
    assert gates.MAX.derivatives([1.0, 5.0, 5.0]) == [0, 1, 0]
    assert gates.MIN.derivatives([5.0, 1.0, 1.0]) == [0, 1, 0]
    assert with_constants(gates.MAX, (0.0, None)).derivatives([0.0]) == [0]
    assert with_constants(gates.MAX, (None, 0.0)).derivatives([0.0]) == [1]


def test_kinks_have_slope_zero() -> None:
    assert gates.RELU.derivatives([0.0]) == [0]
    assert gates.ABS.derivatives([0.0]) == gates.ABS.derivatives([-0.0]) == [0]
    assert gates.ABS.derivatives([-2.0]) == [-1]


def test_powers_of_negative_numbers() -> None:
    assert with_constants(gates.POWER, (None, 2.0)).value([-3.0]) == 9
    assert with_constants(gates.POWER, (None, 2.0)).derivatives([-3.0]) == [-6]
    assert with_constants(gates.POWER, (None, 0.0)).derivatives([0.0]) == [0]
    assert with_constants(gates.POWER, (None, 1.0)).derivatives([0.0]) == [1]
    assert with_constants(gates.POWER, (0.0, None)).derivatives([0.5]) == [0]
    assert with_constants(gates.POWER, (None, None)) is gates.POWER


@pytest.mark.parametrize(
    ("gate", "inputs", "message"),
    [
        (gates.LOG, [-1.0], r"log\(-1\)"),
        (gates.LOG, [0.0], r"log\(0\)"),
        (gates.DIVIDE, [1.0, 0.0], r"divide\(1, 0\)"),
        (gates.RECIPROCAL, [0.0], r"reciprocal\(0\)"),
        (gates.SQRT, [-4.0], r"sqrt\(-4\)"),
        (gates.POWER, [0.0, -1.0], r"power\(0, -1\)"),
        (gates.POWER, [-8.0, 1 / 3], r"power\(-8, 0.333333\)"),
        (gates.EXP, [1000.0], r"exp\(1000\)"),
        (gates.MULTIPLY, [1e200, 1e200], r"multiply\(1e\+200, 1e\+200\)"),
        (gates.ADD, [1.7e308, 1.7e308], r"add\(1.7e\+308, 1.7e\+308\)"),
        (with_constants(gates.POWER, (None, -1.0)), [0.0], r"power\(0, -1\)"),
        (with_constants(gates.DIVIDE, (3.0, None)), [0.0], r"divide\(3, 0\)"),
        (with_constants(gates.DIVIDE, (None, 0.0)), [3.0], r"divide\(3, 0\)"),
    ],
)
def test_no_value(gate: Operation, inputs: list[float], message: str) -> None:
    with pytest.raises(DomainError, match=f"^{message} has no finite value$"):
        gate.value(inputs)


@pytest.mark.parametrize(
    ("gate", "inputs"),
    [(gates.SQRT, [0.0]), (gates.POWER, [-2.0, 2.0]), (gates.POWER, [0.0, 0.0]), (gates.POWER, [0.0, 0.5])],
)
def test_no_derivative(gate: Operation, inputs: list[float]) -> None:
    assert math.isfinite(gate.value(inputs))
    with pytest.raises(DomainError, match="has no finite derivative"):
        gate.derivatives(inputs)


def test_saturation_is_no_error() -> None:
    assert gates.SIGMOID.value([-1000.0]) == 0
    assert gates.SIGMOID.derivatives([1000.0]) == [0]
    assert gates.TANH.derivatives([1000.0]) == [0]


def test_a_fixed_argument_has_no_slope_to_overflow() -> None:
    assert with_constants(gates.DIVIDE, (None, 1e-200)).derivatives([1.0]) == [1e200]
    with pytest.raises(DomainError, match=r"divide\(1, 1e-200\) has no finite derivative"):
        gates.DIVIDE.derivatives([1.0, 1e-200])


def test_an_infinite_input_passes_through() -> None:
    assert gates.ADD.value([math.inf, 1.0]) == math.inf


def test_a_constant_has_no_inputs() -> None:
    constant = gates.constant_gate(3.0)
    assert (constant.value([]), constant.derivatives([])) == (3, [])

"""The gates of a computational graph: each a value with its local derivatives side by side.

What you can do here: look up a gate, fix some of its arguments to numbers, or make one from an
activation or a loss.

    gate        value                    local derivative for each input
    add         x1 + x2 + ...            1, 1, ...
    subtract    x1 - x2                  1, -1
    multiply    x1 x2                    x2, x1
    divide      x1 / x2                  1 / x2, -x1 / x2^2
    power       x1 ^ x2                  x2 x1^(x2 - 1), x1^x2 log x1
    negate      -x                       -1
    reciprocal  1 / x                    -1 / x^2
    identity    x                        1
    max         the largest of x1, ...   1 for the first of the largest, 0 for the others
    min         the smallest of x1, ...  1 for the first of the smallest, 0 for the others
    exp         e^x                      e^x
    log         natural logarithm of x   1 / x
    sqrt        square root of x         1 / (2 sqrt x)
    sin         sin x                    cos x
    cos         cos x                    -sin x
    abs         |x|                      -1, 0 or 1: the sign of x, so 0 at 0
    tanh        tanh x                   1 - tanh^2 x
    sigmoid     1 / (1 + e^-x)           s (1 - s), s the value
    relu        max(0, x)                1 for x > 0, otherwise 0
    affine      w1 a1 + w2 a2 + ... + b  a1, w1, a2, w2, ..., 1
    activation  f(z)                     f'(z)
    loss        e_k(a, y)                de_k/da for each a it reads, de_k/dy_k

Where finite inputs give no finite value or derivative (log of -1, 1 / 0, the slope of sqrt at 0,
e^1000) the arithmetic gates raise DomainError.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from bpmath.activations import ACTIVATIONS, Activation
from bpmath.losses import Loss


class DomainError(ValueError):
    """A gate has no finite value or derivative at its inputs; the message names the gate and the inputs."""


@dataclass(frozen=True)
class Operation:
    """A gate: its value and its local derivatives, both functions of the list of its inputs.

    `constants` is empty unless arguments are fixed numbers: 2 * x is the gate multiply with the constants
    (2, None), None where an input goes.
    """

    name: str
    value: Callable[[list[float]], float]
    derivatives: Callable[[list[float]], list[float]]
    constants: tuple[float | None, ...] = ()


@dataclass(frozen=True)
class LossGate(Operation):
    """The gate of the error e_k of one output, k = `output` counted from 1, of `outputs` in all."""

    output: int = 1
    outputs: int = 1


def _gate(
    name: str,
    value: Callable[..., float],
    *derivatives: Callable[..., float],
    constants: tuple[float | None, ...] = (),
) -> Operation:
    """Return a gate of a function and its partial derivatives, which raises DomainError."""
    return _checked(
        Operation(
            name,
            lambda inputs: value(*inputs),
            lambda inputs: [derivative(*inputs) for derivative in derivatives],
            constants,
        )
    )


def _checked(gate: Operation) -> Operation:
    """Return the gate, raising DomainError where finite inputs give no finite value or derivative."""

    def fail(what: str, inputs: list[float]) -> DomainError:
        given = iter(inputs)
        arguments = [next(given) if fixed is None else fixed for fixed in gate.constants] or inputs
        written = ", ".join(f"{argument:.6g}" for argument in arguments)
        return DomainError(f"{gate.name}({written}) has no finite {what}")

    def value(inputs: list[float]) -> float:
        try:
            found = float(gate.value(inputs))
        except (ArithmeticError, ValueError):
            raise fail("value", inputs) from None
        if not math.isfinite(found) and all(map(math.isfinite, inputs)):
            raise fail("value", inputs)
        return found

    def derivatives(inputs: list[float]) -> list[float]:
        try:
            found = gate.derivatives(inputs)
        except (ArithmeticError, ValueError):
            raise fail("derivative", inputs) from None
        if not all(map(math.isfinite, found)) and all(map(math.isfinite, inputs)):
            raise fail("derivative", inputs)
        return found

    return Operation(gate.name, value, derivatives, gate.constants)


def _affine_value(inputs: list[float]) -> float:
    *pairs, bias = inputs
    return math.fsum([*(w * a for w, a in zip(pairs[::2], pairs[1::2], strict=True)), bias])


def _affine_derivatives(inputs: list[float]) -> list[float]:
    *pairs, _ = inputs
    swapped = [factor for w, a in zip(pairs[::2], pairs[1::2], strict=True) for factor in (a, w)]
    return [*swapped, 1.0]


def _power_by_base(base: float, exponent: float) -> float:
    # A constant has slope 0 everywhere, also where base^(exponent - 1) is infinite.
    return exponent * math.pow(base, exponent - 1) if exponent else 0.0


def _power_by_exponent(base: float, exponent: float) -> float:
    if base == 0 and exponent > 0:
        return 0.0
    return math.pow(base, exponent) * math.log(base)


def _selector(name: str, choose: Callable[[Sequence[float]], float]) -> Operation:
    """Return the gate that passes one of its inputs on: the whole derivative goes to the first such."""

    def derivatives(inputs: list[float]) -> list[float]:
        first = inputs.index(choose(inputs))
        return [float(position == first) for position in range(len(inputs))]

    return Operation(name, choose, derivatives)


ADD = _checked(Operation("add", math.fsum, lambda inputs: [1.0] * len(inputs)))
AFFINE = Operation("affine", _affine_value, _affine_derivatives)
SUBTRACT = _gate("subtract", lambda x1, x2: x1 - x2, lambda x1, x2: 1.0, lambda x1, x2: -1.0)
MULTIPLY = _gate("multiply", lambda x1, x2: x1 * x2, lambda x1, x2: x2, lambda x1, x2: x1)
DIVIDE = _gate("divide", lambda x1, x2: x1 / x2, lambda x1, x2: 1 / x2, lambda x1, x2: -x1 / x2 / x2)
POWER = _gate("power", math.pow, _power_by_base, _power_by_exponent)
NEGATE = _gate("negate", lambda x: -x, lambda x: -1.0)
RECIPROCAL = _gate("reciprocal", lambda x: 1 / x, lambda x: -1 / x / x)
IDENTITY = _gate("identity", lambda x: x, lambda x: 1.0)
MAX = _selector("max", max)
MIN = _selector("min", min)
EXP = _gate("exp", math.exp, math.exp)
LOG = _gate("log", math.log, lambda x: 1 / x)
SQRT = _gate("sqrt", math.sqrt, lambda x: 0.5 / math.sqrt(x))
SIN = _gate("sin", math.sin, math.cos)
COS = _gate("cos", math.cos, lambda x: -math.sin(x))
ABS = _gate("abs", abs, lambda x: float((x > 0) - (x < 0)))


def constant_gate(number: float) -> Operation:
    """Return the gate without inputs whose value is a number."""
    return Operation("constant", lambda inputs: number, lambda inputs: [], (number,))


def _power_with(base: float | None, exponent: float | None) -> Operation:
    constants = (base, exponent)
    if exponent is not None:
        value, slope = lambda x: math.pow(x, exponent), lambda x: _power_by_base(x, exponent)
    elif base is not None:
        value, slope = lambda x: math.pow(base, x), lambda x: _power_by_exponent(base, x)
    else:
        return POWER
    return _gate("power", value, slope, constants=constants)


def with_constants(gate: Operation, constants: tuple[float | None, ...]) -> Operation:
    """Return the gate with some arguments fixed to numbers; None stands where an input goes.

    A power with a fixed exponent is defined for negative bases too: (-3)^2 has the slope 2 (-3).
    """
    if gate is POWER:
        return _power_with(*constants)
    match gate.name, constants:
        case "divide", (None, float(divisor)):
            # The slope for the divisor, which can overflow, is not asked for.
            return _gate("divide", lambda x: x / divisor, lambda x: 1 / divisor, constants=constants)

    def filled(inputs: list[float]) -> list[float]:
        given = iter(inputs)
        return [next(given) if fixed is None else fixed for fixed in constants]

    def derivatives(inputs: list[float]) -> list[float]:
        pairs = zip(gate.derivatives(filled(inputs)), constants, strict=True)
        return [derivative for derivative, fixed in pairs if fixed is None]

    return Operation(gate.name, lambda inputs: gate.value(filled(inputs)), derivatives, constants)


def activation_gate(activation: Activation) -> Operation:
    """Return the gate a = f(z), with da/dz = f'(z)."""
    return Operation(
        activation.name,
        lambda inputs: float(activation.function(np.float64(inputs[0]))),
        lambda inputs: [float(activation.derivative(np.float64(inputs[0])))],
    )


def loss_gate(loss: Loss, output: int, outputs: int) -> LossGate:
    """Return the gate of the error e_k of one output, k = `output` counted from 1.

    Its inputs are the activations that e_k reads, in order, then the target y_k.
    """
    reads = loss.inputs(output, outputs)

    def spread(inputs: list[float]) -> tuple[np.ndarray, np.ndarray]:
        activations, targets = np.zeros(outputs), np.zeros(outputs)
        activations[[k - 1 for k in reads]] = inputs[:-1]
        targets[output - 1] = inputs[-1]
        return activations, targets

    def value(inputs: list[float]) -> float:
        return float(loss.errors(*spread(inputs))[output - 1])

    def derivatives(inputs: list[float]) -> list[float]:
        return [float(d) for d in loss.local_derivatives(output, *spread(inputs))]

    return LossGate(loss.name, value, derivatives, (), output, outputs)


SIGMOID, TANH, RELU = (activation_gate(ACTIVATIONS[name]) for name in ("sigmoid", "tanh", "relu"))
"""The activations as gates; the derivative of relu at 0 is 0."""

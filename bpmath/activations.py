"""Activation functions: each a record of function, derivative and formula, in one table.

Source of the derivatives: Goodfellow, Bengio & Courville, Deep Learning (2016), sections 3.10 and 6.3.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bpmath.algebra import (
    EXP,
    LOG,
    MAX,
    Expression,
    Function,
    Negative,
    Number,
    Power,
    Quantity,
    Quotient,
    apply,
    product,
    total,
)
from bpmath.symbols import Symbol

Array = NDArray[np.float64]
Record = TypeVar("Record")

LEAK = 0.01
"""The slope of leaky_relu for z <= 0, as in Maas, Hannun & Ng (2013) and PyTorch."""


# NumPy is quicker with an array, even of no dimensions, than with a float; and the result is in float64.
MINUS_ONE, ZERO, PLUS_ONE = np.array(-1.0), np.array(0.0), np.array(1.0)


class Curve(Protocol):
    """An activation function of the weighted sum z."""

    def __call__(self, z: ArrayLike, *, out: Array | None = None) -> Array:
        """Return a, of the shape of z: a new array, or `out`, which takes the result where it is given."""
        ...


class Derivative(Protocol):
    """The derivative of an activation function, of the weighted sum z."""

    def __call__(self, z: ArrayLike, a: Array | None = None, *, out: Array | None = None) -> Array:
        """Return da/dz, of the shape of z, in `out` where it is given.

        Whoever has a = function(z) at hand passes it and saves time; `out` must be neither z nor a.
        """
        ...


@dataclass(frozen=True)
class Activation:
    """An activation function a = function(z), applied to every weighted sum of a layer.

    `function` and `derivative` take and return arrays of one shape.  In equations, for the symbols z and a:

    formula(z)                f(z) written out, such as 1 / (1 + e^-z)
    derivative_formula(z, a)  f'(z) as it is customarily written, such as a (1 - a)
    symbol                    the named function: apply(symbol, Quantity(z)) is f(z)
    slope                     the named derivative, such as sigmoid': apply(slope, Quantity(z)) is f'(z)
    """

    name: str
    function: Curve
    derivative: Derivative
    formula: Callable[[Symbol], Expression]
    derivative_formula: Callable[[Symbol, Symbol], Expression]
    symbol: Function
    slope: Function

    @cached_property
    def unguarded(self) -> Curve:
        """The function without a guard against NumPy's warnings, for whoever has one around a whole pass."""
        return getattr(self.function, "__wrapped__", self.function)


def identity(z: ArrayLike, *, out: Array | None = None) -> Array:
    """Return a = z, a new array of the shape of z."""
    return np.array(z, dtype=np.float64) if out is None else np.positive(z, out)


def identity_derivative(z: ArrayLike, a: Array | None = None, *, out: Array | None = None) -> Array:
    """Return da/dz = 1, of the shape of z."""
    slope = np.empty(np.shape(z)) if out is None else out
    slope.fill(1.0)
    return slope


# exp(-z) may reach infinity, and 1/(1 + infinity) = 0 is then the right answer.
@np.errstate(over="ignore")
def sigmoid(z: ArrayLike, *, out: Array | None = None) -> Array:
    """Return a = 1 / (1 + exp(-z)), of the shape of z, without a warning however large |z|."""
    a = np.exp(np.multiply(z, MINUS_ONE, out), out)
    a += PLUS_ONE
    return np.reciprocal(a, out)


def sigmoid_derivative(z: ArrayLike, a: Array | None = None, *, out: Array | None = None) -> Array:
    """Return da/dz = a (1 - a), of the shape of z."""
    a = sigmoid(z) if a is None else a
    slope = np.subtract(PLUS_ONE, a, out)
    slope *= a
    return slope


def tanh(z: ArrayLike, *, out: Array | None = None) -> Array:
    """Return a = tanh(z), of the shape of z."""
    return np.tanh(z, out, dtype=np.float64)


def tanh_derivative(z: ArrayLike, a: Array | None = None, *, out: Array | None = None) -> Array:
    """Return da/dz = 1 - a^2, of the shape of z."""
    a = tanh(z) if a is None else a
    return np.subtract(PLUS_ONE, np.square(a, out), out)


def relu(z: ArrayLike, *, out: Array | None = None) -> Array:
    """Return a = max(0, z), of the shape of z."""
    return np.maximum(z, ZERO, out=out)


def relu_derivative(z: ArrayLike, a: Array | None = None, *, out: Array | None = None) -> Array:
    """Return da/dz = 1 for z > 0 and 0 for z <= 0, of the shape of z.

    At z = 0 there is no derivative; 0 is the convention here, as in PyTorch.
    """
    if out is None:
        return np.greater(z, ZERO).astype(np.float64)
    return np.greater(z, ZERO, out)


def leaky_relu(z: ArrayLike, *, out: Array | None = None) -> Array:
    """Return a = max(0.01 z, z), of the shape of z."""
    return np.maximum(np.multiply(z, LEAK, out), z, out=out, dtype=np.float64)


def leaky_relu_derivative(z: ArrayLike, a: Array | None = None, *, out: Array | None = None) -> Array:
    """Return da/dz = 1 for z > 0 and 0.01 for z <= 0, of the shape of z.

    At z = 0 there is no derivative; 0.01 is the convention here, as in PyTorch.
    """
    slope = np.empty(np.shape(z)) if out is None else out
    slope.fill(LEAK)
    np.copyto(slope, 1.0, where=np.greater(z, ZERO))
    return slope


def softplus(z: ArrayLike, *, out: Array | None = None) -> Array:
    """Return a = log(1 + exp(z)), of the shape of z, without a warning however large |z|."""
    return np.logaddexp(0.0, z, out, dtype=np.float64)


def softplus_derivative(z: ArrayLike, a: Array | None = None, *, out: Array | None = None) -> Array:
    """Return da/dz = 1 / (1 + exp(-z)), of the shape of z."""
    return sigmoid(z, out=out)


ONE, TWO = Number(1), Number(2)

STEP = Function("step", lambda z: float(z > 0.0))
"""The step function: 1 for z > 0, 0 for z <= 0; at 0 the convention is that of relu's derivative."""


def _sigmoid_formula(z: Symbol) -> Expression:
    return Quotient(ONE, total((ONE, apply(EXP, Negative(Quantity(z))))))


# The form with (exp(z) - exp(-z)) above is infinity / infinity for large |z|; this one is right everywhere.
def _tanh_formula(z: Symbol) -> Expression:
    decay = apply(EXP, Negative(product(TWO, Quantity(z))))
    return total((Quotient(TWO, total((ONE, decay))), Negative(ONE)))


def _relu_formula(z: Symbol) -> Expression:
    return apply(MAX, Number(0), Quantity(z))


def _leaky_relu_formula(z: Symbol) -> Expression:
    return apply(MAX, product(Number(LEAK), Quantity(z)), Quantity(z))


def _softplus_formula(z: Symbol) -> Expression:
    return apply(LOG, total((ONE, apply(EXP, Quantity(z)))))


def _sigmoid_slope(z: Symbol, a: Symbol) -> Expression:
    return product(Quantity(a), total((ONE, Negative(Quantity(a)))))


def _tanh_slope(z: Symbol, a: Symbol) -> Expression:
    return total((ONE, Negative(Power(Quantity(a), TWO))))


def _relu_slope(z: Symbol, a: Symbol) -> Expression:
    return apply(STEP, Quantity(z))


# As leaky_relu takes the larger of two lines, its derivative takes the larger of their slopes.
def _leaky_relu_slope(z: Symbol, a: Symbol) -> Expression:
    return apply(MAX, Number(LEAK), apply(STEP, Quantity(z)))


def _softplus_slope(z: Symbol, a: Symbol) -> Expression:
    return apply(_named("sigmoid", sigmoid), Quantity(z))


def _named(name: str, function: Callable[[ArrayLike], Array]) -> Function:
    return Function(name, lambda z: float(function(z)), function)


def _record(
    name: str,
    function: Curve,
    derivative: Derivative,
    formula: Callable[[Symbol], Expression],
    slope: Callable[[Symbol, Symbol], Expression],
) -> Activation:
    """Return the record of an activation that has one name in Python and in equations."""
    names = _named(name, function), _named(f"{name}'", derivative)
    return Activation(name, function, derivative, formula, slope, *names)


# fmt: off
ACTIVATIONS: Mapping[str, Activation] = {
    record.name: record
    for record in (
        #       name          function    derivative             formula              derivative_formula
        _record("identity",   identity,   identity_derivative,   Quantity,            lambda z, a: ONE),
        _record("sigmoid",    sigmoid,    sigmoid_derivative,    _sigmoid_formula,    _sigmoid_slope),
        _record("tanh",       tanh,       tanh_derivative,       _tanh_formula,       _tanh_slope),
        _record("relu",       relu,       relu_derivative,       _relu_formula,       _relu_slope),
        _record("leaky_relu", leaky_relu, leaky_relu_derivative, _leaky_relu_formula, _leaky_relu_slope),
        _record("softplus",   softplus,   softplus_derivative,   _softplus_formula,   _softplus_slope),
    )
}
# fmt: on
"""The activation functions by name."""


def activation_named(name: object, argument: str = "activation") -> Activation:
    """Return the activation of that name; ValueError, naming `argument`, if there is none."""
    return record_named(name, ACTIVATIONS, argument)


def record_named(name: object, table: Mapping[str, Record], argument: str) -> Record:
    """Return the record of a table; ValueError that names the argument, the nearest name and all names."""
    if isinstance(name, str) and name in table:
        return table[name]
    near = difflib.get_close_matches(str(name), table, n=1)
    hint = f" (did you mean {near[0]!r}?)" if near else ""
    raise ValueError(f"{argument} is {name!r}, but must be one of {', '.join(table)}{hint}")

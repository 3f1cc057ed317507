"""Activation functions: each a record of function, derivative and formula, in one table.

Source of the derivatives: Goodfellow, Bengio & Courville, Deep Learning (2016), sections 3.10 and 6.3.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
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


class Derivative(Protocol):
    """The derivative of an activation function, of the weighted sum z."""

    def __call__(self, z: ArrayLike, a: Array | None = None) -> Array:
        """Return da/dz, of the shape of z; whoever has a = function(z) at hand passes it and saves time."""
        ...


@dataclass(frozen=True)
class Activation:
    """An activation function a = function(z), applied to every weighted sum of a layer.

    `function` and `derivative` take and return arrays of one shape; `formula(z)` is the definition written
    out in the symbol z, and `symbol` is the named function, which stands in an equation as sigma(z) does.
    """

    name: str
    function: Callable[[ArrayLike], Array]
    derivative: Derivative
    formula: Callable[[Symbol], Expression]
    symbol: Function


def identity(z: ArrayLike) -> Array:
    """Return a = z, a new array of the shape of z."""
    return np.array(z, dtype=np.float64)


def identity_derivative(z: ArrayLike, a: Array | None = None) -> Array:
    """Return da/dz = 1, of the shape of z."""
    return np.ones(np.shape(z))


# exp(-z) may reach infinity, and 1/(1 + infinity) = 0 is then the right answer.
@np.errstate(over="ignore")
def sigmoid(z: ArrayLike) -> Array:
    """Return a = 1 / (1 + exp(-z)), of the shape of z, without a warning however large |z|."""
    a = np.exp(np.negative(z, dtype=np.float64))
    a += 1.0
    return np.divide(1.0, a)


def sigmoid_derivative(z: ArrayLike, a: Array | None = None) -> Array:
    """Return da/dz = a (1 - a), of the shape of z."""
    a = sigmoid(z) if a is None else a
    slope = np.subtract(1.0, a)
    slope *= a
    return slope


def tanh(z: ArrayLike) -> Array:
    """Return a = tanh(z), of the shape of z."""
    return np.tanh(z, dtype=np.float64)


def tanh_derivative(z: ArrayLike, a: Array | None = None) -> Array:
    """Return da/dz = 1 - a^2, of the shape of z."""
    a = tanh(z) if a is None else a
    return np.subtract(1.0, np.square(a))


def relu(z: ArrayLike) -> Array:
    """Return a = max(0, z), of the shape of z."""
    return np.maximum(z, 0.0, dtype=np.float64)


def relu_derivative(z: ArrayLike, a: Array | None = None) -> Array:
    """Return da/dz = 1 for z > 0 and 0 for z <= 0, of the shape of z.

    At z = 0 there is no derivative; 0 is the convention here, as in PyTorch.
    """
    return np.greater(z, 0.0).astype(np.float64)


def leaky_relu(z: ArrayLike) -> Array:
    """Return a = max(0.01 z, z), of the shape of z."""
    return np.maximum(np.multiply(z, LEAK), z, dtype=np.float64)


def leaky_relu_derivative(z: ArrayLike, a: Array | None = None) -> Array:
    """Return da/dz = 1 for z > 0 and 0.01 for z <= 0, of the shape of z.

    At z = 0 there is no derivative; 0.01 is the convention here, as in PyTorch.
    """
    return np.where(np.greater(z, 0.0), 1.0, LEAK)


def softplus(z: ArrayLike) -> Array:
    """Return a = log(1 + exp(z)), of the shape of z, without a warning however large |z|."""
    return np.logaddexp(0.0, z, dtype=np.float64)


def softplus_derivative(z: ArrayLike, a: Array | None = None) -> Array:
    """Return da/dz = 1 / (1 + exp(-z)), of the shape of z."""
    return sigmoid(z)


ONE, TWO = Number(1), Number(2)


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


def _record(
    name: str,
    function: Callable[[ArrayLike], Array],
    derivative: Derivative,
    formula: Callable[[Symbol], Expression],
) -> Activation:
    """Return the record of an activation that has one name in Python and in equations."""
    return Activation(name, function, derivative, formula, Function(name, lambda z: float(function(z))))


# fmt: off
ACTIVATIONS: Mapping[str, Activation] = {
    record.name: record
    for record in (
        #       name          function    derivative             formula
        _record("identity",   identity,   identity_derivative,   Quantity),
        _record("sigmoid",    sigmoid,    sigmoid_derivative,    _sigmoid_formula),
        _record("tanh",       tanh,       tanh_derivative,       _tanh_formula),
        _record("relu",       relu,       relu_derivative,       _relu_formula),
        _record("leaky_relu", leaky_relu, leaky_relu_derivative, _leaky_relu_formula),
        _record("softplus",   softplus,   softplus_derivative,   _softplus_formula),
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

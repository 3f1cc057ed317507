"""A check of the backward pass against central differences."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from numpy.typing import ArrayLike

from bpmath.network import Network
from bpmath.passes import backward, forward
from bpmath.symbols import Symbol
from bpmath.validation import finite

AGREEMENT = 1e-5
"""The relative error up to which two gradients agree."""

FLOOR = 1e-5
"""Gradients under FLOOR max(1, E) are compared as if they were that large.

A central difference with step h has a rounding error of about 1e-16 E / h, whatever the gradient: in smaller
gradients it would look like disagreement.
"""


@dataclass(frozen=True)
class GradientCheck:
    """How the gradients of the backward pass compare with central differences, parameter by parameter."""

    max_relative_error: float
    worst: Symbol
    analytic: Mapping[Symbol, float]
    numeric: Mapping[Symbol, float]
    errors: Mapping[Symbol, float]
    agreeing: int
    total: int

    def agrees(self, symbol: Symbol) -> bool:
        """Tell whether the two gradients of a parameter agree."""
        return self.errors[symbol] <= AGREEMENT

    def __str__(self) -> str:
        """Return the outcome in one line."""
        return (
            f"{self.agreeing} of {self.total} gradients agree "
            f"(largest relative error {self.max_relative_error:.1e} at {self.worst})"
        )


def gradient_check(network: Network, x: ArrayLike, y: ArrayLike, step: float = 1e-5) -> GradientCheck:
    """Compare every gradient g with the central difference d = (E(w + h) - E(w - h)) / 2h, h = step.

    The relative error is |g - d| / max(|g|, |d|, 1e-5 max(1, E)), and two agree up to 1e-5.  Shapes as in
    `forward`.  Where the weighted sum of a ReLU-like node lies within the reach of the step from 0, the
    difference straddles the kink and disagrees although the gradient is right.  Raises ValueError as
    `forward` does, and for a step that is not a positive number or is lost in a parameter's rounding.

    Source: Stanford CS231n, Neural Networks Part 3, Gradient Checks; Goodfellow, Bengio & Courville, Deep
    Learning (2016), section 11.5.
    """
    if finite("step", step) <= 0.0:
        raise ValueError(f"step is {step!r}, but it must be a positive number")
    run = forward(network, x, y)
    back = backward(run)
    symbols = network.parameters()
    analytic = {symbol: back[symbol] for symbol in symbols}
    numeric = {symbol: _central_difference(network, symbol, run.x, run.y, step) for symbol in symbols}
    floor = FLOOR * max(1.0, run.E)
    errors = {
        symbol: abs(analytic[symbol] - numeric[symbol])
        / max(abs(analytic[symbol]), abs(numeric[symbol]), floor)
        for symbol in symbols
    }
    worst = max(symbols, key=errors.__getitem__)
    agreeing = sum(error <= AGREEMENT for error in errors.values())
    return GradientCheck(errors[worst], worst, analytic, numeric, errors, agreeing, len(symbols))


def _central_difference(network: Network, symbol: Symbol, x: ArrayLike, y: ArrayLike, step: float) -> float:
    value = network.value(symbol)
    above, below = value + step, value - step
    if above == below:
        raise ValueError(
            f"step is {step!r}, but {symbol} = {value!r} is not changed by it, so it must be larger"
        )
    rise = forward(network.with_parameter(symbol, above), x, y).E
    rise -= forward(network.with_parameter(symbol, below), x, y).E
    # Not 2 step: above and below were rounded.
    return rise / (above - below)

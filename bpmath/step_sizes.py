"""E after one step of gradient descent, as a function of the learning rate: too small, good, too large.

    E(rate) = E of the network whose parameters are p - rate dE/dp

Every value is that of a forward pass.  At 0 the function falls with the slope -(sum of (dE/dp)^2); further
on it rises again where the step has gone too far.

Source: Goodfellow, Bengio & Courville, Deep Learning, 2016, section 4.3.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from bpmath.activations import Array
from bpmath.algebra import Number, Quantity
from bpmath.descent import ETA
from bpmath.equations import Equation
from bpmath.network import Network, with_arrays
from bpmath.passes import Gradients, Run, backward, forward, forward_checked
from bpmath.symbols import E, Symbol
from bpmath.training import check_learning_rate

RATES = tuple(digit * 10.0**power for power in range(-4, 5) for digit in (1.0, 2.0, 5.0))
"""The learning rates that are tried, the smallest first."""
RISE = 1.05
MOST_POWERS = 12


@dataclass(frozen=True, eq=False)
class StepSizes:
    """The steps that can be taken from one place: against the same gradients, by any learning rate."""

    gradients: Gradients

    @property
    def before(self) -> Run:
        """The forward pass before any step."""
        return self.gradients.run

    @cached_property
    def slope(self) -> float:
        """The slope of E(rate) at 0: -(sum of (dE/dp)^2)."""
        arrays = (*self.gradients.dW.values(), *self.gradients.db.values())
        return -float(sum(np.vdot(array, array) for array in arrays))

    # What overflows here makes the weighted sums overflow, and the forward pass names their layer.
    @np.errstate(over="ignore", invalid="ignore")
    def after(self, learning_rate: float) -> Run:
        """Return the forward pass after a step; ValueError when a number overflows, or for no such rate."""
        rate = check_learning_rate(learning_rate) if learning_rate else 0.0
        network, found = self.before.network, self.gradients
        weights = [W - rate * found.dW[layer] for layer, W in enumerate(network.weights, 1)]
        biases = [b - rate * found.db[layer] for layer, b in enumerate(network.biases, 1)]
        return forward_checked(with_arrays(network, weights, biases), self.before.x, self.before.y)

    def errors(self, learning_rates: ArrayLike) -> Array:
        """Return E after steps by several learning rates, of their shape."""
        rates = np.asarray(learning_rates, dtype=float)
        return np.array([self.after(float(rate)).E for rate in rates.ravel()]).reshape(rates.shape)

    @cached_property
    def easy_rate(self) -> float:
        """A learning rate of 0.0001, 0.0002, 0.0005, 0.001, ... by which E falls, to a quarter of it at most.

        The largest up to which E falls more with every one.  Where even the smallest is too large, a tenth of
        it, a hundredth, and so on; the smallest where no step lets E fall.
        """
        found, last = self._first_rate, self.before.E
        for rate in RATES:
            reached = self._error(rate)
            if not self.before.E / 4 <= reached < last:
                break
            found, last = rate, reached
        return found

    @property
    def _first_rate(self) -> float:
        """Return the smallest rate, or a far smaller one by which E falls where that is too large."""
        smaller = (RATES[0] / 10.0**power for power in range(MOST_POWERS))
        return next((rate for rate in smaller if self._error(rate) < self.before.E), RATES[0])

    @cached_property
    def too_large_rate(self) -> float | None:
        """The first of those learning rates by which E rises over E before the step, by a twentieth or more.

        None if none does, or if no smaller one lets E fall.
        """
        least = self.before.E
        for rate in RATES:
            reached = self._error(rate)
            if np.isfinite(reached) and reached >= RISE * self.before.E and least < self.before.E:
                return rate
            least = min(least, reached)
        return None

    def _error(self, rate: float) -> float:
        try:
            return self.after(rate).E
        except ValueError:
            return float("inf")

    def equation(self, learning_rate: float) -> Equation:
        """Return E = its number after a step by a learning rate; the rate is the value of eta."""
        reached = _Reached(learning_rate, self.after(learning_rate).E)
        return Equation(Quantity(E), Number(reached.error), reached)


@dataclass(frozen=True)
class _Reached:
    """What is known after a step: the learning rate, and E."""

    rate: float
    error: float

    def value(self, symbol: Symbol) -> float:
        if symbol not in (E, ETA):
            raise ValueError(f"symbol: {symbol} is neither the error after a step nor the learning rate")
        return self.error if symbol == E else self.rate

    def partial(self, of: Symbol, wrt: Symbol, occurrence: int = 0) -> float:
        raise ValueError(f"there is no local derivative of {of} after a step")

    def derivative(self, of: Symbol, wrt: Symbol) -> float:
        raise ValueError(f"there is no derivative of {of} after a step")


def step_sizes(network: Network, x: ArrayLike, y: ArrayLike) -> StepSizes:
    """Return the steps that can be taken on a sample or a batch; shapes and errors as for `forward`."""
    return StepSizes(backward(forward(network, x, y)))

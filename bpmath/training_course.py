"""Training as it goes: the network at every step, E there, and what it makes of any input.

What you can do here::

    course = training_course(xor_network(), data.x, data.y, steps=300)
    course.losses[7], course.networks[7]        E and the network after seven steps
    outputs(course.networks[-1], grid)          what the trained network answers, for many inputs at once
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from bpmath.activations import Array
from bpmath.algebra import Number, Quantity
from bpmath.descent import batch_average
from bpmath.equations import Equation
from bpmath.network import Network
from bpmath.passes import forward
from bpmath.symbols import E, Symbol
from bpmath.training import check_learning_rate, train
from bpmath.validation import whole

STEP = Symbol("t")
"""The number of a step."""
RATES = (2.0, 1.0, 0.5, 0.2, 0.1, 0.05, 0.02, 0.01)
"""Learning rates that are tried, the boldest first."""


@dataclass(frozen=True, eq=False)
class Course:
    """A training run: the networks before the first step and after each, and E of them on the data."""

    x: Array
    y: Array
    learning_rate: float
    networks: tuple[Network, ...]
    losses: tuple[float, ...]

    @property
    def steps(self) -> int:
        """How many steps were taken."""
        return len(self.losses) - 1

    def equation(self, step: int) -> Equation:
        """Return E = its number after a step, executed by a forward pass; IndexError for no such step."""
        average = batch_average(self.networks[step], self.x, self.y)
        return Equation(Quantity(E), Number(self.losses[step]), average)

    def count(self, step: int) -> Equation:
        """Return t = the number of a step."""
        return Equation(Quantity(STEP), Number(step), _Counted(step))

    def first_below(self, share: float) -> int:
        """Return the first step at which so much of the way down is done: 1 is all of it."""
        start, end = self.losses[0], min(self.losses)
        return next(step for step, loss in enumerate(self.losses) if loss <= start + share * (end - start))

    def learned(self, step: int, threshold: float = 0.5) -> bool:
        """Tell whether all outputs lie on the same side of a threshold as their targets after a step."""
        return bool(np.all((self.answers(step) > threshold) == (self.y > threshold)))

    def answers(self, step: int) -> Array:
        """Return the outputs for the data after a step, one sample a row."""
        return outputs(self.networks[step], self.x)


@dataclass(frozen=True)
class _Counted:
    """What is known of a step by itself: its number."""

    step: int

    def value(self, symbol: Symbol) -> float:
        if symbol != STEP:
            raise ValueError(f"symbol: {symbol} is not the number of a step")
        return float(self.step)

    def partial(self, of: Symbol, wrt: Symbol, occurrence: int = 0) -> float:
        raise ValueError("there is no derivative of the number of a step")

    def derivative(self, of: Symbol, wrt: Symbol) -> float:
        raise ValueError("there is no derivative of the number of a step")


def training_course(
    network: Network, x: ArrayLike, y: ArrayLike, learning_rate: float | None = None, steps: int = 300
) -> Course:
    """Return the run of `train`, step by step; without a learning rate that by which E ends lowest.

    Raises ValueError as `train` does; with no rate given only where every one of `RATES` fails.
    """
    count = whole("steps", steps, smallest=1)
    rate = _best_rate(network, x, y, count) if learning_rate is None else check_learning_rate(learning_rate)
    networks, losses = [network], list(train(network, x, y, rate, 0).losses)
    for _ in range(count):
        step = train(networks[-1], x, y, rate, 1)
        networks.append(step.network)
        losses.append(step.losses[-1])
    run = forward(network, x, y)
    return Course(run.x, run.y, rate, tuple(networks), tuple(losses))


def _best_rate(network: Network, x: ArrayLike, y: ArrayLike, steps: int) -> float:
    ends: dict[float, float] = {}
    for rate in RATES:
        try:
            ends[rate] = train(network, x, y, rate, steps).losses[-1]
        except ValueError as error:
            refused = error
    if not ends:
        raise refused
    return min(ends, key=lambda rate: ends[rate])


def outputs(network: Network, x: ArrayLike) -> Array:
    """Return the outputs of a network for a batch of inputs, whatever its loss.

    Shapes (batch, n0) and (batch, nL); for softmax_cross_entropy, the outputs before the softmax.
    """
    inputs = np.asarray(x, dtype=float)
    # No target is given, so that no loss can object to it.
    judged = Network(network.weights, network.biases, network.activations, "squared_error")
    return forward(judged, inputs, np.zeros((len(inputs), network.sizes[-1]))).a[network.layers]


def square(low: float, high: float, points: int) -> Array:
    """Return the middles of points x points cells of a square, row by row from below; (points^2, 2)."""
    side = low + (high - low) * (np.arange(points) + 0.5) / points
    first, second = np.meshgrid(side, side)
    return np.column_stack([first.ravel(), second.ravel()])

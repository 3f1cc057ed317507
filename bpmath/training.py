"""Training: full-batch gradient descent, with the loss before the first step and after each."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from bpmath.activations import Array
from bpmath.network import Network, with_arrays
from bpmath.passes import Run, backward, forward, forward_checked
from bpmath.validation import finite, whole


@dataclass(frozen=True)
class Training:
    """What training leaves behind: the trained network, and E before the first step and after each."""

    network: Network
    losses: tuple[float, ...]


def train(net: Network, x: ArrayLike, y: ArrayLike, learning_rate: float = 0.5, steps: int = 100) -> Training:
    """Return the network after so many steps of gradient descent over the whole batch, and its losses.

        W[l] <- W[l] - learning_rate dE/dW[l],   b[l] <- b[l] - learning_rate dE/db[l]

    All parameters change at once, by the gradients of the step before.  Shapes as in `forward`; `net` itself
    stays as it is; `losses` has steps + 1 values.  Raises ValueError as `forward` does, for a learning rate
    that is not a positive number, for a number of steps that is not whole or negative, and, naming the step,
    when training diverges until a number overflows.

    Source: Nielsen, Neural Networks and Deep Learning (2015), chapter 1, with all samples in the batch.
    """
    rate = check_learning_rate(learning_rate)
    count = whole("steps", steps, smallest=0)
    run = forward(net, x, y)
    losses = [run.E]
    for step in range(1, count + 1):
        try:
            run = after_step(run, rate)
        except ValueError as error:
            raise ValueError(
                f"training stops at step {step} with learning_rate {rate!r}, which may be too large: {error}"
            ) from None
        losses.append(run.E)
    return Training(run.network, tuple(losses))


def check_learning_rate(learning_rate: object) -> float:
    """Return a learning rate as a float; ValueError when it is not a positive number."""
    rate = finite("learning_rate", learning_rate)
    if rate <= 0.0:
        raise ValueError(f"learning_rate is {learning_rate!r}, but it must be a positive number")
    return rate


# What overflows here makes the next weighted sums overflow, and the forward pass names their layer.
@np.errstate(over="ignore", invalid="ignore")
def after_step(run: Run, rate: float) -> Run:
    """Return the forward pass of the network that one step of gradient descent makes.

    Raises ValueError, naming the layer, when a number overflows.
    """
    back = backward(run)
    weights = [_descended(W, back.dW[layer], rate) for layer, W in enumerate(run.network.weights, 1)]
    biases = [_descended(b, back.db[layer], rate) for layer, b in enumerate(run.network.biases, 1)]
    return forward_checked(with_arrays(run.network, weights, biases), run.x, run.y)


def _descended(parameter: Array, gradient: Array, rate: float) -> Array:
    """Return parameter - rate gradient, in the memory of the gradient, which nobody else has seen."""
    gradient *= rate
    return np.subtract(parameter, gradient, gradient)

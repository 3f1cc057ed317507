"""The network and the sample that the films and the documentation use."""

from __future__ import annotations

import numpy as np

from bpmath.activations import Array
from bpmath.network import Network

# Found by a search, so that the numbers are worth reading: every value has one decimal, every layer has
# weights of both signs, no two weights have the same size, no node saturates (activations from 0.37 to 0.78),
# and no two of the 18 gradients share their first two significant digits, rounded or cut off.  Their absolute
# values lie between 0.016 and 0.15: a wrong index or a forgotten factor shows in the digits that are printed.
WEIGHTS = (
    ((-0.2, 0.5), (-0.4, 1.1)),
    ((0.7, -1.0), (-1.3, 1.4)),
    ((0.8, -0.9), (-0.3, 1.2)),
)
BIASES = (
    (0.3, -0.2),
    (0.4, 0.1),
    (-0.5, 0.8),
)
INPUTS = (0.6, 0.8)
TARGETS = (1.0, 0.0)


def example_network() -> Network:
    """Return the 2-2-2-2 network of the films: sigmoid, squared error."""
    return Network(WEIGHTS, BIASES, activation="sigmoid", loss="squared_error")


def example_sample() -> tuple[Array, Array]:
    """Return the sample of the films: x = (0.6, 0.8), y = (1, 0); shapes (2,) and (2,)."""
    return np.array(INPUTS), np.array(TARGETS)

"""Small data sets, made here and not downloaded: the exclusive or, and a batch around one sample.

Sources: Minsky & Papert, Perceptrons, 1969 (no network without a hidden layer learns the exclusive or);
Rumelhart, Hinton & Williams, Learning Internal Representations by Error Propagation, 1986 (with one it does).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from bpmath.activations import Array
from bpmath.network import Network, check_sample
from bpmath.validation import whole

BATCH = 4
DRAWS = 100
"""After so many draws another digit is taken: of one input there are only 21 short numbers."""


@dataclass(frozen=True, eq=False)
class DataSet:
    """Samples and their targets, one sample a row; shapes x (samples, n0) and y (samples, nL)."""

    x: Array
    y: Array

    @property
    def samples(self) -> int:
        """How many samples there are."""
        return len(self.x)


def xor() -> DataSet:
    """Return the exclusive or of two bits: the target is 1 where the inputs differ; shapes (4, 2), (4, 1)."""
    x = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    return DataSet(x, (x[:, :1] != x[:, 1:]).astype(float))


def xor_network() -> Network:
    """Return a small network that learns the exclusive or in 300 steps of rate 0.5: 2-3-1, tanh."""
    return Network.random((2, 3, 1), ("tanh", "sigmoid"), "binary_cross_entropy", seed=2)


def batch_around(network: Network, x: ArrayLike, y: ArrayLike, samples: int = BATCH) -> DataSet:
    """Return a batch of different samples: the given one, and others with short numbers and other targets.

    The inputs lie between -1 and 1.  A network of one output is to say 0 and 1 in turn (but a single
    probability can only be 1); of several, each output in turn is to be 1, which every loss accepts.
    Shapes x (n0,), y (nL,).  Raises ValueError for a sample that does not fit, and for no samples.
    """
    count = whole("samples", samples, smallest=1)
    first_x, first_y = check_sample(network, x, y)
    if first_x.ndim != 1:
        raise ValueError(f"x has shape {first_x.shape}, but a batch is made around one sample")
    others = _others(first_x, count - 1)
    targets = _targets(first_y, count - 1, network.loss)
    return DataSet(np.vstack([first_x, others]), np.vstack([first_y, targets]))


def _targets(first: Array, count: int, loss: str) -> Array:
    outputs = len(first)
    if outputs == 1 and loss == "softmax_cross_entropy":
        return np.ones((count, 1))
    start = int(np.argmax(first)) if outputs > 1 else int(first[0] >= 1 / 2)
    turns = (start + np.arange(1, count + 1)) % max(outputs, 2)
    return np.eye(outputs)[turns] if outputs > 1 else turns[:, np.newaxis].astype(float)


def _others(first: Array, count: int) -> Array:
    """Return short vectors of numbers between -1 and 1, all of them different, and not the first one."""
    generator = np.random.default_rng(1)
    found, draws = [first], 0
    while len(found) <= count:
        drawn = np.round(generator.uniform(-1.0, 1.0, len(first)), 1 + draws // DRAWS)
        if not any(np.array_equal(drawn, known) for known in found):
            found.append(drawn)
        draws += 1
    return np.array(found[1:]).reshape(count, len(first))

"""A small network and a sample for each of three losses: one layer, short numbers, outputs that are wrong.

mean_squared_error      2-3, sigmoid; targets 0.9, 0.5, 0.2
binary_cross_entropy    2-2, sigmoid; the outputs 0.18 and 0.83 should be 1 and 0
softmax_cross_entropy   2-3; the right class has the probability 0.27
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bpmath.activations import Array
from bpmath.network import Network
from bpmath.writing import choose

INPUTS = (0.4, 0.8)
# weights, biases, targets
EXAMPLES = {
    "mean_squared_error": (
        ((0.9, -1.6), (1.2, 0.5), (-0.7, 1.1)),
        (0.2, -0.3, 0.1),
        (0.9, 0.5, 0.2),
    ),
    "binary_cross_entropy": (((0.9, -1.6), (1.2, 0.5)), (-0.6, 0.7), (1.0, 0.0)),
    "softmax_cross_entropy": (
        ((0.5, 0.4), (1.2, 0.9), (-0.8, -0.6)),
        (-0.1, 0.1, 0.2),
        (1.0, 0.0, 0.0),
    ),
}


@dataclass(frozen=True, eq=False)
class LossExample:
    """A network with some loss and one sample; x of shape (2,), y of shape (n,)."""

    network: Network
    x: Array
    y: Array


def loss_example(loss: str) -> LossExample:
    """Return the example for a loss; ValueError, naming those there are, for another."""
    weights, biases, targets = EXAMPLES[choose("loss", loss, EXAMPLES)]
    return LossExample(Network([weights], [biases], loss=loss), np.array(INPUTS), np.array(targets))

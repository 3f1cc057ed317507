"""Against HIPS autograd: every error and every gradient of hundreds of networks, one sample and batches.

The network is written here a second time, from the definitions, and autograd differentiates it.
Source: Maclaurin, Duvenaud & Adams, Autograd: Effortless Gradients in Numpy (2015).
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy
import pytest

import bpmath as bp
from bpmath.activations import ACTIVATIONS, Array
from bpmath.losses import LOSSES

# They bring no types.
grad: Any = importlib.import_module("autograd").grad
np: Any = importlib.import_module("autograd.numpy")

TOLERANCE = 1e-10
NETWORKS = 4
BATCHES = (None, 1, 5)

FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "identity": lambda z: z,
    "sigmoid": lambda z: 0.5 * (1 + np.tanh(z / 2)),
    "tanh": lambda z: 2 / (1 + np.exp(-2 * z)) - 1,
    "relu": lambda z: np.where(z > 0, z, 0.0),
    "leaky_relu": lambda z: np.where(z > 0, z, 0.01 * z),
    "softplus": lambda z: np.maximum(z, 0.0) + np.log(1 + np.exp(-np.abs(z))),
}


def softmax_errors(a: Any, y: Any) -> Any:
    """Return y_k (ln(e^{a_1} + ...) - a_k); the largest output is taken off, which changes no difference."""
    shifted = a - np.max(a, axis=-1, keepdims=True)
    return y * (np.log(np.sum(np.exp(shifted), axis=-1, keepdims=True)) - shifted)


ERRORS: dict[str, Callable[[Any, Any], Any]] = {
    "squared_error": lambda a, y: (a - y) ** 2 / 2,
    "mean_squared_error": lambda a, y: (a - y) ** 2 / a.shape[-1],
    "binary_cross_entropy": lambda a, y: -y * np.log(a) - (1 - y) * np.log(1 - a),
    "softmax_cross_entropy": softmax_errors,
}
PAIRS = [
    (last, loss)
    for loss, record in LOSSES.items()
    for last in ([record.last_activation] if record.last_activation else ACTIVATIONS)
]


@dataclass(frozen=True)
class Case:
    """A network and a sample or a batch for it."""

    network: bp.Network
    x: Array
    y: Array

    def error(self, weights: Any, biases: Any, x: Any, offsets: Any) -> Any:
        """Return E; the offsets, all 0, are added to the weighted sums: dE/d(offset) is delta."""
        a = x
        layers = zip(weights, biases, offsets, self.network.activations, strict=True)
        for W, b, offset, name in layers:
            a = FUNCTIONS[name](np.dot(a, np.transpose(W)) + b + offset)
        return np.sum(ERRORS[self.network.loss](a, self.y)) / (len(self.x) if self.x.ndim == 2 else 1)


def case_of(names: Sequence[str], loss: str, seed: int, batch: int | None) -> Case:
    """Return a random case; the outputs stay small enough for no sigmoid to saturate."""
    generator = numpy.random.default_rng([seed, 0 if batch is None else batch])
    sizes = generator.integers(1, 6, size=len(names) + 1).tolist()
    weights = [generator.normal(size=(n_out, n_in)) / n_in**0.5 for n_in, n_out in pairwise(sizes)]
    biases = [generator.normal(size=n_out) / 2 for n_out in sizes[1:]]
    rows = () if batch is None else (batch,)
    y = generator.uniform(0.05, 1.0, size=(*rows, sizes[-1]))
    if loss == "softmax_cross_entropy":
        y /= y.sum(axis=-1, keepdims=True)
    return Case(bp.Network(weights, biases, names, loss), generator.normal(size=(*rows, sizes[0])), y)


def close(ours: Any, theirs: Any) -> None:
    """Check that two results agree to 1e-10, each entry relative to itself or to the unit."""
    numpy.testing.assert_allclose(ours, theirs, rtol=TOLERANCE, atol=1e-14, strict=True)


def compare(case: Case) -> None:
    """Compare E, dW, db, dx and delta."""
    network, run = case.network, bp.forward(case.network, case.x, case.y)
    offsets = [numpy.zeros_like(run.z[layer]) for layer in range(1, network.layers + 1)]
    given = (list(network.weights), list(network.biases), case.x, offsets)
    back = bp.backward(run)
    close(numpy.float64(run.E), numpy.float64(case.error(*given)))
    by_weights, by_biases, by_input, by_sums = grad(case.error, argnum=(0, 1, 2, 3))(*given)
    close(back.dx, by_input)
    for layer in range(1, network.layers + 1):
        close(back.dW[layer], by_weights[layer - 1])
        close(back.db[layer], by_biases[layer - 1])
        close(back.delta[layer], by_sums[layer - 1])


@pytest.mark.parametrize("batch", BATCHES)
@pytest.mark.parametrize(("last", "loss"), PAIRS)
@pytest.mark.parametrize("hidden", ACTIVATIONS)
def test_every_activation_with_every_loss(hidden: str, last: str, loss: str, batch: int | None) -> None:
    for seed in range(NETWORKS):
        compare(case_of((hidden, last), loss, seed, batch))


@pytest.mark.parametrize("batch", BATCHES)
@pytest.mark.parametrize("loss", LOSSES)
def test_deep_networks_of_mixed_activations(loss: str, batch: int | None) -> None:
    for seed in range(25):
        generator = numpy.random.default_rng(seed)
        names = generator.choice(list(ACTIVATIONS), size=generator.integers(1, 7)).tolist()
        names[-1] = LOSSES[loss].last_activation or names[-1]
        compare(case_of(names, loss, 1000 + seed, batch))


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_wide_networks(activation: str) -> None:
    network = bp.Network.random((40, 30, 20, 10), activation, "softmax_cross_entropy", seed=3)
    generator = numpy.random.default_rng(0)
    x, y = generator.normal(size=(32, 40)), numpy.eye(10)[generator.integers(10, size=32)]
    compare(Case(network, x, y))


@pytest.mark.parametrize("logits", [[1e4, -1e4, 0.0], [-1e4, -1e4 + 2, -1e4 - 1], [1e4, 1e4 - 3, 1e4 - 40]])
def test_logits_of_ten_thousand(logits: list[float]) -> None:
    network = bp.Network([[[logit] for logit in logits]], [[0.0] * 3], "identity", "softmax_cross_entropy")
    x, y = numpy.array([[1.0], [0.5]]), numpy.array([[0.2, 0.3, 0.5], [0.0, 1.0, 0.0]])
    compare(Case(network, x, y))
    compare(Case(network, x[0], y[0]))

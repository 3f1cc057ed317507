"""The forward and the backward pass, beside PyTorch and micrograd."""

from __future__ import annotations

import os
from collections.abc import Iterator

import numpy as np

import bpmath as bp
from bpmath.activations import Array
from bpmath.losses import LOSSES
from tests.benchmarks.measurement import Measurement, speed
from tests.benchmarks.peers import MicrogradPass, TorchPass, bpmath_arrays, bpmath_pass

SMALL = (2, 2, 2, 2)
MIDDLE = (50, 30, 10)
LARGE = (784, 128, 64, 10)
BATCH = 128


def small_beside_torch() -> Iterator[Measurement]:
    """One sample through 2-2-2-2, sigmoid, for every loss: at least 3 times as fast as PyTorch."""
    x, y = np.array([0.05, 0.1]), np.array([0.3, 0.7])
    for loss in LOSSES:
        network = bp.Network.random(SMALL, "sigmoid", loss)
        figure = speed(bpmath_arrays(network, x, y), TorchPass(network, x, y))
        yield Measurement(f"{named(SMALL)}, one sample, {loss}: beside PyTorch", figure, 3.0)


def large_beside_torch() -> Iterator[Measurement]:
    """A batch of 128 through 784-128-64-10: no slower than PyTorch, on one thread and on all."""
    generator = np.random.default_rng(0)
    x, y = generator.normal(size=(BATCH, LARGE[0])), np.eye(LARGE[-1])[generator.integers(10, size=BATCH)]
    threads = os.environ["OPENBLAS_NUM_THREADS"]
    for activation, loss in (("sigmoid", "squared_error"), ("relu", "softmax_cross_entropy")):
        network = bp.Network.random(LARGE, activation, loss)
        figure = speed(bpmath_arrays(network, x, y), TorchPass(network, x, y), calls=10)
        name = f"{named(LARGE)}, batch of {BATCH}, {activation}, threads: {threads}: beside PyTorch"
        yield Measurement(name, figure, 1.0)


def beside_micrograd() -> Iterator[Measurement]:
    """One sample, the example network first: at least 10 times as fast as micrograd."""
    example = (bp.example_network(), *bp.example_sample())
    for network, x, y in (example, *(relu_sample(sizes) for sizes in (SMALL, MIDDLE))):
        calls = 100 if network.sizes == SMALL else 2
        figure = speed(bpmath_pass(network, x, y), MicrogradPass(network, x, y), calls)
        name = f"{named(network.sizes)}, one sample, {network.activations[0]}: beside micrograd"
        yield Measurement(name, figure, 10.0)


def relu_sample(sizes: tuple[int, ...]) -> tuple[bp.Network, Array, Array]:
    """Return a random network of rectifiers and a sample for it."""
    return (
        bp.Network.random(sizes, "relu"),
        np.linspace(-1.0, 1.0, sizes[0]),
        np.linspace(0.0, 1.0, sizes[-1]),
    )


def named(sizes: tuple[int, ...]) -> str:
    """Return sizes as they are written: 2-2-2-2."""
    return "-".join(map(str, sizes))

"""Deriving a large network: the general equations and all factorings beside one backward pass."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator

import numpy as np

import bpmath as bp
from tests.benchmarks.measurement import Measurement, speed

SIZES = (784, 30, 10)


def large(loss: str) -> bp.Derivation:
    """Return a derivation of the network of handwritten digits."""
    network = bp.Network.random(SIZES, loss=loss, seed=0)
    pixels = np.random.default_rng(0).random(SIZES[0])
    return bp.derive(network, pixels, np.eye(SIZES[-1])[3])


def derived_beside_backward() -> Iterator[Measurement]:
    """derive, general() and factors() of 784-30-10: under 20 backward passes, memory as the parameters."""
    for loss in ("squared_error", "softmax_cross_entropy"):
        derivation = large(loss)
        run, network = derivation.run, derivation.network

        def derived(run: bp.Run = run, network: bp.Network = network) -> bp.Derivation:
            found = bp.derive(network, run.x, run.y)
            found.factors()
            return found

        def backward(run: bp.Run = run) -> bp.Gradients:
            return bp.backward(run)

        figure = speed(backward, derived)
        yield Measurement(f"derive and check all equations, {loss}", figure, 20.0, "backward passes", True)
    yield Measurement("its memory", memory(), 4.0, "times the parameters", True)


def memory() -> float:
    """Return the most memory that deriving takes, in parameters of 8 bytes."""
    derivation = large("squared_error")
    tracemalloc.start()
    bp.derive(derivation.network, derivation.run.x, derivation.run.y).factors()
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return most / (8 * sum(array.size for array in (*derivation.network.weights, *derivation.network.biases)))

"""The benchmarks compare like with like: the same gradients, the whole sweep, the exact count."""

from __future__ import annotations

import numpy as np
import pytest

import bpmath as bp
from bpmath.losses import LOSSES
from tests.benchmarks.__main__ import row
from tests.benchmarks.graphs import chain, counted, layered, swept
from tests.benchmarks.measurement import Measurement
from tests.benchmarks.passes import MIDDLE, SMALL
from tests.benchmarks.peers import MicrogradPass, TorchPass, bpmath_pass


def compare(network: bp.Network, peer: MicrogradPass | TorchPass, ours: bp.Gradients) -> None:
    peer()
    peer()  # the gradients of the call before must not add up
    for layer, gradient in enumerate(peer.gradients(), 1):
        np.testing.assert_allclose(ours.dW[layer], gradient, rtol=1e-10, atol=1e-12)


@pytest.mark.parametrize("sizes", [SMALL, MIDDLE], ids=str)
@pytest.mark.parametrize("activation", ["sigmoid", "relu"])
def test_micrograd_computes_the_same(activation: str, sizes: tuple[int, ...]) -> None:
    pytest.importorskip("micrograd")
    network = bp.Network.random(sizes, activation, seed=1)
    x, y = np.linspace(-1.0, 1.0, sizes[0]), np.linspace(0.0, 1.0, sizes[-1])
    ours = bpmath_pass(network, x, y)()
    assert any(gradient.any() for gradient in ours.dW.values())
    compare(network, MicrogradPass(network, x, y), ours)


@pytest.mark.parametrize("batch", [None, 3])
@pytest.mark.parametrize("activation", ["sigmoid", "relu"])
@pytest.mark.parametrize("loss", LOSSES)
def test_torch_computes_the_same(loss: str, activation: str, batch: int | None) -> None:
    pytest.importorskip("torch")
    network = bp.Network.random((4, 3, 2), activation, loss, seed=1)
    generator = np.random.default_rng(2)
    x = generator.normal(size=4 if batch is None else (batch, 4))
    y = np.array([0.3, 0.7]) if batch is None else np.tile([0.3, 0.7], (batch, 1))
    compare(network, TorchPass(network, x, y), bpmath_pass(network, x, y)())


def test_the_chain_is_swept_as_a_whole() -> None:
    nodes = chain(300)
    sweep = swept(nodes)
    assert len(nodes) == 302
    assert sweep.cost.multiplications == sum(len(node.inputs) for node in nodes)
    assert sweep.derivative[nodes[0].symbol] != 0.0


def test_the_paths_through_the_layers() -> None:
    assert counted(layered()) == 100**99


def test_what_is_met() -> None:
    assert row(Measurement("speed", 3.0, 3.0)).endswith(" met")
    assert row(Measurement("speed", 2.9, 3.0)).endswith("NOT MET")
    assert row(Measurement("time", 0.5, 0.5, "seconds", True)).endswith(" met")
    assert row(Measurement("time", 0.6, 0.5, "seconds", True)).endswith("NOT MET")

"""Small data sets: what they hold, and that every loss accepts them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bpmath as bp
from bpmath.datasets import batch_around, xor
from tests.bpmath.strategies import networks, refused, samples


def test_exclusive_or() -> None:
    data = xor()
    assert data.samples == 4
    for (first, second), (target,) in zip(data.x.astype(int), data.y.astype(int), strict=True):
        assert first ^ second == target
    assert len({tuple(row) for row in data.x}) == 4


@given(data=st.data(), network=networks(), count=st.integers(1, 6))
def test_a_batch_is_accepted_by_its_network(data: st.DataObject, network: bp.Network, count: int) -> None:
    x, y = data.draw(samples(network))
    batch = batch_around(network, x, y, count)
    assert batch.samples == count
    assert np.array_equal(batch.x[0], x)
    assert np.array_equal(batch.y[0], y)
    assert np.isfinite(bp.forward(network, batch.x, batch.y).E)
    again = batch_around(network, x, y, count)
    assert np.array_equal(again.x, batch.x)
    assert np.array_equal(again.y, batch.y)


@pytest.mark.parametrize("outputs", [1, 2, 3])
def test_targets_differ_and_numbers_are_short(outputs: int) -> None:
    network = bp.Network.random((2, outputs))
    y = [1.0, 0.0, 0.0][:outputs]
    batch = batch_around(network, [0.6, 0.8], y)
    assert len(np.unique(batch.y, axis=0)) == max(2, outputs)
    assert len(np.unique(batch.x, axis=0)) == 4
    assert np.array_equal(batch.x, np.round(batch.x, 1))
    assert np.all(np.any(batch.y[1:] != batch.y[:-1], axis=1))


def test_wrong_arguments_are_refused() -> None:
    network, (x, y) = bp.example_network(), bp.example_sample()
    with refused("samples is 0, but it must be a whole number from 1 on"):
        batch_around(network, x, y, 0)
    with refused("x has shape (1, 2), but a batch is made around one sample"):
        batch_around(network, [x], [y])

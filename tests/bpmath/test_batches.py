"""A batch is its samples: its error and its gradients are the means of theirs, whatever the network."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bpmath as bp
from bpmath.activations import ACTIVATIONS, Array
from bpmath.losses import LOSSES
from tests.bpmath.strategies import networks, samples


def gradients_of(network: bp.Network, x: Array, y: Array) -> bp.Gradients:
    """Return the gradients of one sample or a batch."""
    return bp.backward(bp.forward(network, x, y))


def each(network: bp.Network, x: Array, y: Array) -> list[bp.Gradients]:
    """Return the gradients of every sample on its own."""
    return [gradients_of(network, *sample) for sample in zip(x, y, strict=True)]


def close(actual: Any, expected: Any) -> None:
    """Check that two computations of the same differ by rounding alone."""
    np.testing.assert_allclose(actual, expected, rtol=1e-10, atol=1e-14)


def check_means(batch: bp.Gradients, singles: Sequence[bp.Gradients]) -> None:
    """Check that E, dW and db are means over the samples, and that delta and dx are 1/batch of theirs."""
    size = len(singles)
    close(batch.run.E, np.mean([single.run.E for single in singles]))
    close(batch.run.e, [single.run.e for single in singles])
    close(batch.dx, np.array([single.dx for single in singles]) / size)
    for layer in range(1, batch.run.network.layers + 1):
        close(batch.run.z[layer], [single.run.z[layer] for single in singles])
        close(batch.run.a[layer], [single.run.a[layer] for single in singles])
        close(batch.delta[layer], np.array([single.delta[layer] for single in singles]) / size)
        close(batch.dW[layer], np.mean([single.dW[layer] for single in singles], axis=0))
        close(batch.db[layer], np.mean([single.db[layer] for single in singles], axis=0))


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
@given(data=st.data(), size=st.integers(1, 5))
def test_a_batch_is_the_mean_of_its_samples(
    activation: str, loss: str, data: st.DataObject, size: int
) -> None:
    network = data.draw(networks(activations=[activation], losses=[loss]))
    x, y = data.draw(samples(network, size))
    check_means(gradients_of(network, x, y), each(network, x, y))


@given(data=st.data(), network=networks(), size=st.integers(2, 6))
def test_the_order_of_the_samples_does_not_matter(
    data: st.DataObject, network: bp.Network, size: int
) -> None:
    x, y = data.draw(samples(network, size))
    order = np.array(data.draw(st.permutations(range(size))))
    one, other = gradients_of(network, x, y), gradients_of(network, x[order], y[order])
    close(other.run.E, one.run.E)
    close(other.dx, one.dx[order])
    for layer in range(1, network.layers + 1):
        close(other.dW[layer], one.dW[layer])
        close(other.db[layer], one.db[layer])
        close(other.delta[layer], one.delta[layer][order])


@given(data=st.data(), network=networks(), sizes=st.tuples(st.integers(1, 4), st.integers(1, 4)))
def test_two_batches_one_below_the_other_are_their_weighted_mean(
    data: st.DataObject, network: bp.Network, sizes: tuple[int, int]
) -> None:
    x, y = data.draw(samples(network, sum(sizes)))
    whole = gradients_of(network, x, y)
    parts = [gradients_of(network, x[: sizes[0]], y[: sizes[0]])]
    parts.append(gradients_of(network, x[sizes[0] :], y[sizes[0] :]))
    close(whole.run.E, np.average([part.run.E for part in parts], weights=sizes))
    for layer in range(1, network.layers + 1):
        close(whole.dW[layer], np.average([part.dW[layer] for part in parts], axis=0, weights=sizes))
        close(whole.db[layer], np.average([part.db[layer] for part in parts], axis=0, weights=sizes))


@given(data=st.data(), network=networks(), size=st.integers(1, 6))
def test_a_sample_repeated_is_the_sample(data: st.DataObject, network: bp.Network, size: int) -> None:
    x, y = data.draw(samples(network))
    single = gradients_of(network, x, y)
    check_means(gradients_of(network, np.tile(x, (size, 1)), np.tile(y, (size, 1))), [single] * size)

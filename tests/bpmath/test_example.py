"""The example: its numbers, and that they are worth reading."""

from __future__ import annotations

import numpy as np
import pytest

from bpmath.example import example_network, example_sample
from bpmath.passes import Gradients, backward, forward


@pytest.fixture
def back() -> Gradients:
    """The gradients of the example."""
    return backward(forward(example_network(), *example_sample()))


def sizes_of_gradients(back: Gradients) -> list[float]:
    """Return the absolute values of the gradients of all parameters."""
    return [abs(back[symbol]) for symbol in back.run.network.parameters()]


def test_the_network_is_the_one_of_the_films() -> None:
    network = example_network()
    assert network.sizes == (2, 2, 2, 2)
    assert network.activations == ("sigmoid", "sigmoid", "sigmoid")
    assert network.loss == "squared_error"
    assert example_network() == network


def test_the_sample_is_a_new_one_each_time() -> None:
    x, y = example_sample()
    x[0] = y[0] = 9.0
    assert [array.tolist() for array in example_sample()] == [[0.6, 0.8], [1.0, 0.0]]


def test_every_number_is_short() -> None:
    network, sample = example_network(), example_sample()
    for array in (*network.weights, *network.biases, *sample):
        np.testing.assert_array_equal(array, np.round(array, 1))


def test_weights_differ_in_size_and_every_layer_has_both_signs() -> None:
    weights = example_network().weights
    assert np.unique(np.abs(weights)).size == 12
    assert np.abs(weights).max() <= 1.5
    assert all((matrix < 0).any() and (matrix > 0).any() for matrix in weights)


def test_no_node_saturates(back: Gradients) -> None:
    activations = np.array([back.run.a[l] for l in (1, 2, 3)])
    assert 0.3 < activations.min() < activations.max() < 0.8


def test_no_two_gradients_share_their_first_two_digits(back: Gradients) -> None:
    sizes = sizes_of_gradients(back)
    rounded = {f"{size:.1e}"[:3] for size in sizes}
    cut_off = {f"{size:.15e}"[:3] for size in sizes}
    assert len(rounded) == len(cut_off) == 18


def test_gradients_are_neither_tiny_nor_large(back: Gradients) -> None:
    sizes = sizes_of_gradients(back)
    assert 0.016 < min(sizes) < max(sizes) < 0.15


def test_gradients_of_both_signs_in_every_layer(back: Gradients) -> None:
    assert all(np.sign(back.delta[l]).sum() == 0 for l in (1, 2, 3))


def test_the_numbers_on_screen(back: Gradients) -> None:
    run = back.run
    np.testing.assert_allclose(run.z[1], [0.58, 0.44], rtol=1e-12)
    np.testing.assert_allclose(run.z[2], [0.2405, 0.1182], atol=5e-5)
    np.testing.assert_allclose(run.z[3], [-0.5287, 1.2675], atol=5e-5)
    np.testing.assert_allclose(run.a[3], [0.3708, 0.7803], atol=5e-5)
    np.testing.assert_allclose(run.e, [0.1979, 0.3044], atol=5e-5)
    assert round(run.E, 4) == 0.5024
    np.testing.assert_allclose(back.dW[1], [[-0.0168, -0.0224], [0.0201, 0.0269]], atol=5e-5)
    np.testing.assert_allclose(back.dW[2], [[-0.0249, -0.0236], [0.0467, 0.0443]], atol=5e-5)
    np.testing.assert_allclose(back.dW[3], [[-0.0822, -0.0777], [0.0749, 0.0708]], atol=5e-5)
    np.testing.assert_allclose(back.db[1], [-0.0281, 0.0336], atol=5e-5)
    np.testing.assert_allclose(back.db[2], [-0.0388, 0.0729], atol=5e-5)
    np.testing.assert_allclose(back.db[3], [-0.1468, 0.1338], atol=5e-5)

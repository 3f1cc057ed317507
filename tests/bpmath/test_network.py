"""Networks: what they hold, what they refuse."""

from __future__ import annotations

import dataclasses
import itertools
from typing import Any

import numpy as np
import pytest
from hypothesis import given

from bpmath.losses import LOSSES
from bpmath.network import Network
from bpmath.symbols import Symbol, b, w, z
from tests.bpmath.strategies import networks, refused

W1, B1 = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], [0.1, 0.2]
W2, B2 = [[7.0, 8.0]], [0.3]


@pytest.fixture
def network() -> Network:
    """A 3-2-1 network in which every parameter is a different number."""
    return Network([W1, W2], [B1, B2], activation=["tanh", "relu"])


# -- what a network holds ---------------------------------------------------------------------------------


def test_sizes_and_names(network: Network) -> None:
    assert network.sizes == (3, 2, 1)
    assert network.layers == 2
    assert network.activations == ("tanh", "relu")
    assert network.loss == "squared_error"


def test_arrays_are_read_only_copies_in_float64() -> None:
    weights, biases = [np.array(W1, dtype=np.float32), np.array(W2)], [np.array([1, 2]), np.array(B2)]
    network = Network(weights, biases)
    for array in (*weights, *biases):
        array[...] = 99.0
    assert [matrix.tolist() for matrix in network.weights] == [W1, W2]
    assert [vector.tolist() for vector in network.biases] == [[1.0, 2.0], B2]
    for array in (*network.weights, *network.biases):
        assert array.dtype == np.float64
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0.0


def test_a_network_cannot_be_changed(network: Network) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        network.loss = "mean_squared_error"  # type: ignore[misc]


def test_weights_may_come_in_one_array() -> None:
    weights = np.arange(8.0).reshape(2, 2, 2)
    network = Network(weights, np.zeros((2, 2)))
    assert [matrix.tolist() for matrix in network.weights] == weights.tolist()


def test_parameters_in_printed_order(network: Network) -> None:
    first = [w(1, 1, 1), w(1, 1, 2), w(1, 1, 3), w(1, 2, 1), w(1, 2, 2), w(1, 2, 3), b(1, 1), b(1, 2)]
    assert list(network.parameters()) == [*first, w(2, 1, 1), w(2, 1, 2), b(2, 1)]


def test_values_in_printed_order(network: Network) -> None:
    values = [network.value(symbol) for symbol in network.parameters()]
    assert values == [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 0.1, 0.2, 7.0, 8.0, 0.3]
    assert all(type(value) is float for value in values)


@pytest.mark.parametrize("symbol", [w(1, 2, 3), w(2, 1, 2), b(1, 2), b(2, 1)])
def test_one_parameter_replaced(network: Network, symbol: Symbol) -> None:
    changed = network.with_parameter(symbol, -9)
    for parameter in network.parameters():
        assert changed.value(parameter) == (-9.0 if parameter == symbol else network.value(parameter))
    assert network.value(symbol) != -9.0
    assert (changed.activations, changed.loss) == (network.activations, network.loss)
    assert not any(array.flags.writeable for array in (*changed.weights, *changed.biases))


def test_equality() -> None:
    def made(weight: float = 1.0, activation: str = "tanh", loss: str = "squared_error") -> Network:
        return Network([[[weight]]], [[0.5]], activation, loss)

    assert made() == made()
    assert hash(made()) == hash(made())
    assert hash(made(0.0)) == hash(made(-0.0))
    others = (made(2.0), made(activation="relu"), made(loss="mean_squared_error"), Network([[[1]]], [[0]]))
    assert all(made() != other for other in (*others, "made"))


def test_the_repr_is_short(network: Network) -> None:
    assert repr(Network([W1, W2], [B1, B2])) == (
        "Network(sizes=(3, 2, 1), activation='sigmoid', loss='squared_error')"
    )
    assert repr(network) == "Network(sizes=(3, 2, 1), activation=('tanh', 'relu'), loss='squared_error')"


def test_the_graph_is_that_of_the_network(network: Network) -> None:
    inputs = set(network.graph().inputs)
    assert set(network.parameters()) < inputs


# -- activations and the loss -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("loss", "last"),
    [
        ("squared_error", "relu"),
        ("mean_squared_error", "relu"),
        ("binary_cross_entropy", "sigmoid"),
        ("softmax_cross_entropy", "identity"),
    ],
)
def test_the_last_layer_takes_what_the_loss_requires(loss: str, last: str) -> None:
    assert Network([W1, W2], [B1, B2], "relu", loss).activations == ("relu", last)
    assert Network.random((3, 2, 1), "relu", loss).activations == ("relu", last)
    assert Network([W1, W2], [B1, B2], ("relu", last), loss).activations == ("relu", last)


# -- parameters that do not exist -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("symbol", "sentence"),
    [
        (w(3, 1, 1), "w(3, 1, 1) does not exist: the layers of this network are 1 to 2"),
        (b(4, 1), "b(4, 1) does not exist: the layers of this network are 1 to 2"),
        (Symbol("w", 0, (1, 1)), "w(0, 1, 1) does not exist: the layers of this network are 1 to 2"),
        (w(1, 3, 1), "w(1, 3, 1) does not exist: the indices of w in layer 1 are (1 to 2, 1 to 3)"),
        (w(1, 1, 4), "w(1, 1, 4) does not exist: the indices of w in layer 1 are (1 to 2, 1 to 3)"),
        (
            Symbol("w", 1, (0, 1)),
            "w(1, 0, 1) does not exist: the indices of w in layer 1 are (1 to 2, 1 to 3)",
        ),
        (b(2, 2), "b(2, 2) does not exist: the indices of b in layer 2 are (1 to 1)"),
        (Symbol("w", 1, (1,)), "w(1, 1) does not exist: the indices of w in layer 1 are (1 to 2, 1 to 3)"),
        (Symbol("w"), "symbol is w, but must be a weight w(layer, to, source) or a bias b(layer, node)"),
        (z(1, 1), "symbol is z(1, 1), but must be a weight w(layer, to, source) or a bias b(layer, node)"),
        ("w11", "symbol is 'w11', but must be a weight w(layer, to, source) or a bias b(layer, node)"),
    ],
)
def test_symbols_of_no_parameter_are_refused(network: Network, symbol: Any, sentence: str) -> None:
    with refused(sentence):
        network.value(symbol)
    with refused(sentence):
        network.with_parameter(symbol, 1.0)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), True, "1", None, 1j, 10**400])
def test_values_that_are_no_finite_numbers_are_refused(network: Network, value: Any) -> None:
    with refused(f"value is {value!r}, but it must be a finite number"):
        network.with_parameter(w(1, 1, 1), value)


# -- random networks --------------------------------------------------------------------------------------


def test_random_networks_depend_on_the_seed_alone() -> None:
    assert Network.random((3, 4, 2), seed=5) == Network.random([3, 4, 2], seed=5)
    assert Network.random((3, 4, 2), seed=5) != Network.random((3, 4, 2), seed=6)
    assert Network.random((3, 4, 2)) == Network.random((3, 4, 2), seed=0)
    assert Network.random((3, 4, 2)).sizes == (3, 4, 2)


@pytest.mark.parametrize(
    ("activation", "variance"),
    [
        ("sigmoid", 2 / (200 + 300)),
        ("tanh", 2 / (200 + 300)),
        ("identity", 2 / (200 + 300)),
        ("relu", 2 / 200),
        ("softplus", 2 / 200),
        ("leaky_relu", 2 / (200 * 1.0001)),
    ],
)
def test_random_weights_have_the_variance_of_glorot_or_he(activation: str, variance: float) -> None:
    weights = Network.random((200, 300), activation).weights[0]
    assert weights.var() == pytest.approx(variance, rel=0.03)
    assert weights.mean() == pytest.approx(0, abs=3 * np.sqrt(variance / weights.size))


def test_uniform_weights_stay_within_glorots_limit() -> None:
    weights = Network.random((200, 300), "tanh").weights[0]
    assert 0.99 * np.sqrt(6 / 500) < np.abs(weights).max() <= np.sqrt(6 / 500)


def test_random_biases_are_small_and_not_zero() -> None:
    biases = np.concatenate(Network.random((50, 50, 50)).biases)
    assert np.abs(biases).min() > 0
    assert 0.05 < np.abs(biases).max() <= 0.1
    assert np.unique(biases).size == 100


@given(network=networks())
def test_a_network_can_be_made_again_from_what_it_holds(network: Network) -> None:
    again = Network(network.weights, network.biases, network.activations, network.loss)
    assert again == network
    assert network.activations[-1] == (LOSSES[network.loss].last_activation or network.activations[-1])


def test_what_no_memory_holds_is_refused_before_it_is_made() -> None:
    with refused("sizes make 1000000000000000000 weights, but memory is for 100000000 at most"):
        Network.random((10**9, 10**9))


def test_a_list_without_an_end_is_refused() -> None:
    with refused("weights is of type count, but it must be a list of matrices, one a layer"):
        Network(itertools.count(), [[0.0]])  # type: ignore[arg-type]

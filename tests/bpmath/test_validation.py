"""Every refusal is one sentence: the argument, what it got, what it takes."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pytest

from bpmath.network import Network, check_sample
from bpmath.symbols import w
from tests.bpmath.strategies import refused

W1, B1 = [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], [0.1, 0.2]
W2, B2 = [[7.0, 8.0]], [0.3]
NAN, INF = float("nan"), float("inf")


@pytest.fixture
def network() -> Network:
    """A 3-2-1 network."""
    return Network([W1, W2], [B1, B2])


@pytest.mark.parametrize(
    ("weights", "biases", "sentence"),
    [
        (
            [W1, [[1, 2, 3], [4, 5, 6]]],
            [B1, B1],
            "weights[1] has shape (2, 3), but layer 1 has 2 nodes, so it must be (n, 2)",
        ),
        (
            [[[1.0, 2.0]], W2],
            [[1], B2],
            "weights[1] has shape (1, 2), but layer 1 has 1 node, so it must be (n, 1)",
        ),
        (
            [B1, W2],
            [B1, B2],
            "weights[0] has shape (2,), but it must be a matrix, of shape (nodes, nodes of the",
        ),
        ([[W1]], [B1], "weights[0] has shape (1, 2, 3), but it must be a matrix"),
        ([3.0], [B1], "weights[0] has shape (), but it must be a matrix"),
        (
            [np.zeros((0, 3))],
            [[]],
            "weights[0] has shape (0, 3), but every layer must have at least one node",
        ),
        (
            [np.zeros((3, 0))],
            [[1] * 3],
            "weights[0] has shape (3, 0), but every layer must have at least one node",
        ),
        ([], [], "weights is empty, but a network has at least one layer"),
        (3.0, [], "weights is of type float, but it must be a list of matrices, one a layer"),
        (None, [], "weights is of type NoneType, but it must be a list of matrices, one a layer"),
        ("W", [], "weights is of type str, but it must be a list of matrices, one a layer"),
        ({1: W1}, [B1], "weights is of type dict, but it must be a list of matrices, one a layer"),
        (np.float64(1), [], "weights is of type float64, but it must be a list of matrices, one a layer"),
        ([[[1.0, NAN]]], [[0]], "weights[0][0, 1] is nan, but it must be a finite number"),
        ([W1, [[-INF, 1]]], [B1, B2], "weights[1][0, 0] is -inf, but it must be a finite number"),
        ([[[1, 2], [3]]], [B1], "weights[0] is ragged or not numeric, but it must be an array of numbers"),
        ([[["1", "2"]]], [B2], "weights[0] holds text values, but it must be an array of real numbers"),
        ([[[None, 2]]], [B2], "weights[0] holds object values, but it must be an array of real numbers"),
        ([[[1j, 2]]], [B2], "weights[0] holds complex values, but it must be an array of real numbers"),
        ([[[True, False]]], [B2], "weights[0] holds bool values, but it must be an array of real numbers"),
        ([[[True, 0.5]]], [B2], "weights[0] holds bool values, but it must be an array of real numbers"),
        (
            [np.ones((1, 2), bool)],
            [B2],
            "weights[0] holds bool values, but it must be an array of real numbers",
        ),
        ([W1, W2], [B1, [1, 2]], "biases[1] has shape (2,), but weights[1] has 1 row, so it must be (1,)"),
        ([W1, W2], [[B1], B2], "biases[0] has shape (1, 2), but weights[0] has 2 rows, so it must be (2,)"),
        ([W1, W2], [B1], "biases has 1 vector, but there are 2 layers of weights, so it must have 2"),
        (
            [W1, W2],
            [B1, B2, B2],
            "biases has 3 vectors, but there are 2 layers of weights, so it must have 2",
        ),
        ([W1, W2], [], "biases is empty, but a network has at least one layer"),
        ([W1, W2], 0.0, "biases is of type float, but it must be a list of vectors, one a layer"),
        ([W1, W2], [[0, INF], B2], "biases[0][1] is inf, but it must be a finite number"),
        ([W1, W2], [[0, "x"], B2], "biases[0] holds text values, but it must be an array of real numbers"),
        ([W1, W2], [[0, 1j], B2], "biases[0] holds complex values, but it must be an array of real numbers"),
    ],
)
def test_arrays_that_do_not_fit_are_refused(weights: Any, biases: Any, sentence: str) -> None:
    with refused(sentence):
        Network(weights, biases)


def test_large_finite_numbers_are_accepted_without_a_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        network = Network([[[1e300, -1e300]]], [[1e300]])
        x, y = check_sample(network, [1e300, 1.0], [1e200])
    assert network.value(w(1, 1, 2)) == -1e300
    assert (x.tolist(), y.tolist()) == ([1e300, 1.0], [1e200])


def test_one_nan_among_many_numbers_is_found(network: Network) -> None:
    inputs = np.ones((100, 3))
    inputs[98, 2] = NAN
    with refused("x[98, 2] is nan, but it must be a finite number"):
        check_sample(network, inputs, np.ones((100, 1)))


@pytest.mark.skipif(np.finfo(np.longdouble).max == np.finfo(float).max, reason="longdouble is float64 here")
def test_numbers_beyond_float64_are_refused_without_a_warning() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with refused("weights[0][0, 0] is inf, but it must be a finite number"):
            Network([np.array([[1e308]], dtype=np.longdouble) * 10], [[0.0]])


@pytest.mark.parametrize(
    ("activation", "loss", "sentence"),
    [
        (
            ("sigmoid", "relu"),
            "binary_cross_entropy",
            "activation[1] is 'relu', but with the loss binary_cross_entropy the last layer's must be "
            "'sigmoid'",
        ),
        (
            ["sigmoid", "sigmoid"],
            "softmax_cross_entropy",
            "activation[1] is 'sigmoid', but with the loss softmax_cross_entropy the last layer's must be "
            "'identity'",
        ),
        (
            ("sigmoid",),
            "squared_error",
            "activation has 1 name, but the network has 2 layers, so it must be one name for all or a list "
            "of 2",
        ),
        (["tanh"] * 3, "squared_error", "activation has 3 names, but the network has 2 layers"),
        (("sigmoid", "rellu"), "squared_error", "activation[1] is 'rellu', but must be one of identity, "),
        (("sigmoid", None), "squared_error", "activation[1] is None, but must be one of identity, "),
        ("sigmoids", "squared_error", "activation is 'sigmoids', but must be one of identity, "),
        ((), "squared_error", "activation is empty, but a network has at least one layer"),
        (
            None,
            "squared_error",
            "activation is of type NoneType, but it must be a list of names, one a layer",
        ),
        ("sigmoid", "hinge", "loss is 'hinge', but must be one of squared_error, "),
        ("sigmoid", None, "loss is None, but must be one of squared_error, "),
    ],
)
def test_names_that_do_not_fit_are_refused(activation: Any, loss: Any, sentence: str) -> None:
    with refused(sentence):
        Network([W1, W2], [B1, B2], activation, loss)


@pytest.mark.parametrize(
    ("sizes", "seed", "sentence"),
    [
        ((3,), 0, "sizes has 1 layer, but a network has at least two"),
        ((), 0, "sizes is empty, but a network has at least one layer"),
        (3, 0, "sizes is of type int, but it must be a list of whole numbers, one a layer"),
        ("22", 0, "sizes is of type str, but it must be a list of whole numbers, one a layer"),
        ((3, 0, 2), 0, "sizes[1] is 0, but it must be a whole number from 1 on"),
        ((3, -1), 0, "sizes[1] is -1, but it must be a whole number from 1 on"),
        ((2.0, 2), 0, "sizes[0] is 2.0, but it must be a whole number from 1 on"),
        ((2, True), 0, "sizes[1] is True, but it must be a whole number from 1 on"),
        ((2, 2), -1, "seed is -1, but it must be a whole number from 0 on"),
        ((2, 2), 1.5, "seed is 1.5, but it must be a whole number from 0 on"),
        ((2, 2), None, "seed is None, but it must be a whole number from 0 on"),
    ],
)
def test_random_networks_without_sense_are_refused(sizes: Any, seed: Any, sentence: str) -> None:
    with refused(sentence):
        Network.random(sizes, seed=seed)


@pytest.mark.parametrize(
    ("x", "y", "sentence"),
    [
        ([1, 2], [1], "x has shape (2,), but the network has 3 inputs, so it must be (3,) or (batch, 3)"),
        (
            [[1, 2]],
            [[1]],
            "x has shape (1, 2), but the network has 3 inputs, so it must be (3,) or (batch, 3)",
        ),
        (1.0, [1], "x has shape (), but the network has 3 inputs, so it must be (3,) or (batch, 3)"),
        ([[[1, 2, 3]]], [[1]], "x has shape (1, 1, 3), but the network has 3 inputs"),
        (
            [1, 2, 3],
            [1, 2],
            "y has shape (2,), but x has shape (3,) and the network 1 output, so it must be (1,)",
        ),
        ([1, 2, 3], 1.0, "y has shape (), but x has shape (3,) and the network 1 output, so it must be (1,)"),
        (
            [[1, 2, 3], [4, 5, 6]],
            [1, 2],
            "y has shape (2,), but x has shape (2, 3) and the network 1 output, so it must be (2, 1)",
        ),
        (
            [[1, 2, 3], [4, 5, 6]],
            [[1]],
            "y has shape (1, 1), but x has shape (2, 3) and the network 1 output, so it must be (2, 1)",
        ),
        (
            [1, 2, 3],
            [[1]],
            "y has shape (1, 1), but x has shape (3,) and the network 1 output, so it must be (1,)",
        ),
        (np.zeros((0, 3)), np.zeros((0, 1)), "x has shape (0, 3), but a batch has at least one sample"),
        ([1, NAN, 3], [1], "x[1] is nan, but it must be a finite number"),
        ([[1, 2, 3], [4, 5, INF]], [[1], [2]], "x[1, 2] is inf, but it must be a finite number"),
        ([1, 2, 3], [-INF], "y[0] is -inf, but it must be a finite number"),
        ([1, 2, 3], NAN, "y is nan, but it must be a finite number"),
        ([1, 2, "3"], [1], "x holds text values, but it must be an array of real numbers"),
        ([1, 2, 3], [True], "y holds bool values, but it must be an array of real numbers"),
        ([1, 2, 3j], [1], "x holds complex values, but it must be an array of real numbers"),
        ([1, [2], 3], [1], "x is ragged or not numeric, but it must be an array of numbers"),
        (None, [1], "x holds object values, but it must be an array of real numbers"),
    ],
)
def test_samples_that_do_not_fit_are_refused(network: Network, x: Any, y: Any, sentence: str) -> None:
    with refused(sentence):
        check_sample(network, x, y)


def test_targets_are_those_of_the_loss() -> None:
    network = Network([W1, W2], [B1, B2], loss="binary_cross_entropy")
    with refused("y has 2 for output 1, but the targets of a cross-entropy are probabilities"):
        check_sample(network, [1, 2, 3], [2])


def test_a_sample_is_copied(network: Network) -> None:
    x, y = np.array([1.0, 2.0, 3.0]), np.array([4.0])
    checked = check_sample(network, x, y)
    x[0] = y[0] = 9.0
    assert [array.tolist() for array in checked] == [[1.0, 2.0, 3.0], [4.0]]


@pytest.mark.parametrize("dtype", [np.uint8, np.int64, np.float32])
def test_samples_become_float64(network: Network, dtype: type) -> None:
    for x, y in (([1, 2, 3], [4]), ([[1, 2, 3]] * 2, [[4]] * 2)):
        checked = check_sample(network, np.array(x, dtype), np.array(y, dtype))
        assert [array.tolist() for array in checked] == [x, y]
        assert all(array.dtype == np.float64 for array in checked)

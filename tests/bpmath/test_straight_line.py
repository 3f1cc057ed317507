"""Passes written out as Python: the same as the vectorised ones, which they leave the odd cases to."""

from __future__ import annotations

import copy
import math
import pickle
from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import bpmath as bp
from bpmath import passes
from bpmath.activations import ACTIVATIONS, Array
from bpmath.losses import LOSSES
from bpmath.network import check_sample
from bpmath.passes import vectorised_backward, vectorised_forward
from bpmath.straight_line import FORMULAS, LARGEST, parameter_count, straight_line
from bpmath.symbols import Symbol
from tests.bpmath.strategies import networks, refused, samples

PAIRS = list(product(ACTIVATIONS, LOSSES))


def vectorised(network: bp.Network, x: Any, y: Any) -> bp.Run:
    return vectorised_forward(network, *check_sample(network, x, y))


def single(activation: str, loss: str = "squared_error") -> bp.Network:
    return bp.Network([[[1.0]]], [[0.0]], activation, loss)


def fields(run: bp.Run, back: bp.Gradients) -> list[Array]:
    """Return all that two passes leave behind."""
    layers = [run.z, run.a, back.delta, back.dW, back.db]
    return [
        run.x,
        run.y,
        run.e,
        np.array(run.E),
        *(v for by_layer in layers for v in by_layer.values()),
        back.dx,
    ]


def assert_same(network: bp.Network, x: Any, y: Any) -> None:
    """Assert that the passes are those of the vectorised functions, but for a few units in the last place."""
    ours, theirs = bp.forward(network, x, y), vectorised(network, x, y)
    back, expected = bp.backward(ours), vectorised_backward(theirs)
    for mine, reference in zip(fields(ours, back), fields(theirs, expected), strict=True):
        assert mine.dtype == np.float64
        # Where an output is close to 1, binary_cross_entropy reads 1 - a, which has lost so many digits.
        lost = 1.0 - theirs.a[network.layers].max() if network.loss == "binary_cross_entropy" else 1.0
        np.testing.assert_allclose(mine, reference, rtol=1e-12 / lost, atol=1e-14 / lost)
    assert [list(by_layer) for by_layer in (ours.z, ours.a)] == [list(theirs.z), list(theirs.a)]
    assert list(back.dW) == list(back.db) == list(back.delta) == list(expected.dW)


@pytest.fixture
def no_vectors(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make the vectorised passes fail."""

    def refuse(*_: object) -> None:
        raise AssertionError("the vectorised pass was taken")

    monkeypatch.setattr(passes, "vectorised_forward", refuse)
    monkeypatch.setattr(passes, "vectorised_backward", refuse)


# -- the same numbers -------------------------------------------------------------------------------------


@given(data=st.data())
def test_the_passes_are_the_vectorised_ones(data: st.DataObject) -> None:
    network = data.draw(networks(max_layers=4, max_width=6))
    assume(network.straight_line is not None)
    assert_same(network, *data.draw(samples(network)))


@pytest.mark.parametrize("sizes", [(1, 1), (63, 1), (1, 32), (11, 2, 12), (1, 1, 1, 1, 1, 1, 1)], ids=str)
@pytest.mark.parametrize(("activation", "loss"), PAIRS)
def test_every_shape_of_network(activation: str, loss: str, sizes: tuple[int, ...]) -> None:
    network = bp.Network.random(sizes, activation, loss, seed=3)
    assert network.straight_line is not None
    y = np.linspace(1.0, 2.0, sizes[-1])
    assert_same(network, np.linspace(-1.0, 1.0, sizes[0]), y / y.sum())


@pytest.mark.parametrize("z", [0.0, -0.0, 5e-324, -1e-20, 1e-20, 30.0, -30.0, 37.0, 700.0, -700.0])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_large_and_tiny_sums(activation: str, z: float) -> None:
    assert_same(bp.Network([[[1.0]]], [[0.0]], activation), [z], [0.25])


@pytest.mark.parametrize("outputs", [(700.0, -700.0), (1e5, 1e5 + 1.0), (-1e300, 0.0), (0.0, 0.0)], ids=str)
def test_large_outputs_of_softmax(outputs: tuple[float, float]) -> None:
    network = bp.Network([[[1.0, 0.0], [0.0, 1.0]]], [[0.0, 0.0]], loss="softmax_cross_entropy")
    for y in ([1.0, 0.0], [0.25, 0.75]):
        assert_same(network, outputs, y)


def test_an_error_of_zero_has_no_sign() -> None:
    run = bp.forward(single("identity", "softmax_cross_entropy"), [0.5], [1.0])
    assert math.copysign(1.0, run.e[0]) == math.copysign(1.0, run.E) == 1.0


@pytest.mark.usefixtures("no_vectors")
@pytest.mark.parametrize(("activation", "loss"), PAIRS)
def test_ordinary_samples_take_the_passes_in_floats(activation: str, loss: str) -> None:
    network = bp.Network.random((2, 3, 2), activation, loss)
    for x, y in (([0.5, -1.0], [0.25, 0.75]), ((0.5, -1.0), np.array([0.25, 0.75])), ([1, 0], [0, 1])):
        assert bp.backward(bp.forward(network, x, y)).dW[1].shape == (3, 2)


@pytest.mark.usefixtures("no_vectors")
def test_large_networks_and_batches_do_not() -> None:
    large = bp.Network.random((LARGEST, 1))
    assert large.straight_line is None
    assert parameter_count(large) == len(large.parameters()) == LARGEST + 1
    for network, x, y in (
        (large, np.ones(LARGEST), [1.0]),
        (bp.example_network(), [[1.0, 1.0]], [[1.0, 1.0]]),
    ):
        with pytest.raises(AssertionError, match="the vectorised pass was taken"):
            bp.forward(network, x, y)


@given(network=networks())
def test_parameter_values_are_in_the_order_of_the_parameters(network: bp.Network) -> None:
    assert network.parameter_values == tuple(map(network.value, network.parameters()))


# -- what is out of the ordinary --------------------------------------------------------------------------


def outcome(passing: Callable[[bp.Network, Any, Any], bp.Run], *given: Any) -> tuple[Any, ...]:
    """Return all numbers of a forward and a backward pass, to the bit, or how they are refused."""
    try:
        run = passing(*given)
        return tuple(array.tolist() for array in fields(run, bp.backward(run)))
    except Exception as error:
        return type(error), str(error)


# fmt: off
OUT_OF_THE_ORDINARY: dict[str, tuple[bp.Network, Any, Any]] = {
    "exp overflows":            (single("sigmoid"), [-800.0], [0.0]),
    "sigmoid is subnormal":     (single("sigmoid"), [-709.5], [0.0]),
    "slope of softplus":        (single("softplus"), [-800.0], [0.0]),
    "sum overflows":            (bp.Network([[[1e308]]], [[1e308]]), [1.0], [0.0]),
    "sums cancel":              (bp.Network([[[1e308, 1e308, -1e308]]], [[0.0]]), [1.0, 1.0, 1.0], [0.0]),
    "sums overflow together":   (bp.Network([[[1e308], [1e308]]], [[0.0, 0.0]]), [1.0], [0.0, 0.0]),
    "error overflows":          (single("identity"), [1e200], [0.0]),
    "half the error does not":  (single("identity"), [1.5e154], [0.0]),
    "gradient overflows":       (single("identity"), [1e154], [-1e150]),
    "hidden gradient is large": (bp.Network([[[0.0]], [[1e200]]], [[0.0], [0.0]], "relu"), [1e5], [-1e150]),
    "gradient of off nodes":    (bp.Network([[[1.0]], [[1e180]]], [[-1.0], [1.0]], "relu"), [0.5], [-1e150]),
    "reached 0":                (single("sigmoid", "binary_cross_entropy"), [-800.0], [0.0]),
    "reached 1":                (single("sigmoid", "binary_cross_entropy"), [40.0], [1.0]),
    "almost reached 0":         (single("sigmoid", "binary_cross_entropy"), [-709.5], [0.0]),
    "saturated at 0":           (single("sigmoid", "binary_cross_entropy"), [-800.0], [1.0]),
    "saturated at subnormal":   (single("sigmoid", "binary_cross_entropy"), [-709.5], [0.5]),
    "saturated at 1":           (single("sigmoid", "binary_cross_entropy"), [40.0], [0.5]),
    "no probability":           (single("sigmoid", "binary_cross_entropy"), [0.0], [1.5]),
    "negative probability":     (single("sigmoid", "binary_cross_entropy"), [0.0], [-1e-9]),
    "no distribution":          (single("identity", "softmax_cross_entropy"), [0.0], [0.9]),
    "negative share":           (bp.Network.random((1, 2), loss="softmax_cross_entropy"), [0.0], [-0.5, 1.5]),
    "NaN in x":                 (single("relu"), [math.nan], [0.0]),
    "infinity in x":            (single("relu"), [-math.inf], [0.0]),
    "infinity that vanishes":   (bp.Network([[[0.0]]], [[0.0]]), np.array([math.inf]), [0.0]),
    "NaN in y":                 (single("tanh"), [0.0], [math.nan]),
    "NaN as probability":       (single("sigmoid", "binary_cross_entropy"), [0.0], [math.nan]),
    "infinity in y":            (single("tanh"), [0.0], np.array([math.inf])),
    "too many":                 (single("tanh"), [0.0, 1.0], [0.0]),
    "too few":                  (single("tanh"), [], [0.0]),
    "too many targets":         (single("tanh"), [0.0], np.zeros(2)),
    "no vector":                (single("tanh"), 0.5, 0.5),
    "no vector of NumPy":       (single("tanh"), np.array(0.5), np.array(0.5)),
    "column":                   (single("tanh"), [0.5], np.array([[0.5]])),
    "batch":                    (single("tanh"), [[0.5], [0.25]], [[0.5], [0.5]]),
    "bool":                     (single("tanh"), [True], [0.0]),
    "bools of NumPy":           (single("tanh"), np.array([True]), [0.0]),
    "text":                     (single("tanh"), "5", [0.0]),
    "texts":                    (single("tanh"), ["0.5"], [0.0]),
    "nothing":                  (single("tanh"), None, [0.0]),
    "complex":                  (single("tanh"), [0.5j], [0.0]),
    "whole numbers":            (single("tanh"), [2], np.array([1])),
    "numbers too large":        (single("tanh"), [10**400], [0.0]),
    "numbers large":            (single("identity"), [2**64 - 1], [2**63]),
    "single precision":         (single("tanh"), np.array([0.1], np.float32), [0.1]),
    "other byte order":         (single("tanh"), np.array([0.1], ">f8"), [0.1]),
    "scalars of NumPy":         (single("tanh"), [np.float64(0.1)], (np.float32(0.1),)),
    "masked":                   (single("tanh"), np.ma.masked_array([0.1], [True]), [0.1]),
    "set":                      (single("tanh"), {0.5}, [0.1]),
}
# fmt: on


@pytest.mark.parametrize("name", OUT_OF_THE_ORDINARY)
def test_whatever_is_out_of_the_ordinary_is_as_before(name: str) -> None:
    network, x, y = OUT_OF_THE_ORDINARY[name]
    expected, found = outcome(vectorised, network, x, y), outcome(bp.forward, network, x, y)
    assert len(found) == len(expected)
    assert [type(value) for value in found] == [type(value) for value in expected]
    if isinstance(expected[0], type):
        assert found == expected
    else:
        for mine, reference in zip(found, expected, strict=True):
            np.testing.assert_allclose(mine, reference, rtol=1e-12)


@given(data=st.data())
def test_any_floats_have_the_same_outcome(data: st.DataObject) -> None:
    floats = st.one_of(st.floats(), st.floats(-1e3, 1e3), st.sampled_from([0.0, 1.0, 1e154, -1e308]))
    network = data.draw(networks(max_layers=2, max_width=2))
    x = data.draw(st.lists(floats, min_size=network.sizes[0], max_size=network.sizes[0]))
    y = data.draw(st.lists(floats, min_size=network.sizes[-1], max_size=network.sizes[-1]))
    expected, found = outcome(vectorised, network, x, y), outcome(bp.forward, network, x, y)
    if isinstance(expected[0], type) or isinstance(found[0], type):
        assert found == expected


# -- the source -------------------------------------------------------------------------------------------


def test_the_source_is_mathematics() -> None:
    lines = straight_line(bp.example_network())
    forward, backward = (
        [line.strip() for line in source.splitlines()]
        for source in (lines.forward_source, lines.backward_source)
    )
    assert "z_2_1 = w_2_1_1 * a_1_1 + w_2_1_2 * a_1_2 + b_2_1" in forward
    assert "a_2_1 = 1.0 / (1.0 + exp(-z_2_1))" in forward
    assert "E = e_1 + e_2" in forward
    assert "da_2_1 = w_3_1_1 * delta_3_1 + w_3_2_1 * delta_3_2" in backward
    assert "delta_2_1 = (1.0 - a_2_1) * a_2_1 * da_2_1" in backward
    assert "dw_3_2_1 = delta_3_2 * a_2_1" in backward


def test_the_source_is_what_runs() -> None:
    network, (x, y) = bp.example_network(), bp.example_sample()
    lines = straight_line(network)
    namespace: dict[str, Any] = {"exp": math.exp, "isfinite": math.isfinite}
    exec(lines.forward_source + lines.backward_source, namespace)
    found = namespace["forward"](network.parameter_values, x, y)
    assert found == lines.forward(network.parameter_values, x.tolist(), y.tolist())
    assert namespace["backward"](network.parameter_values, found[1]) == lines.backward(
        network.parameter_values, found[1]
    )


def test_an_architecture_is_written_once() -> None:
    first, second = bp.Network.random((2, 3, 1), seed=1), bp.Network.random((2, 3, 1), seed=2)
    assert straight_line(first) is straight_line(second)
    others = (bp.Network.random((2, 3, 1), "tanh"), bp.Network.random((2, 3, 1), loss="mean_squared_error"))
    assert len({straight_line(network).forward_source for network in (first, *others)}) == 3


def test_large_networks_are_not_written_out() -> None:
    with refused("network has 65 weights and biases, but passes are written out for at most 64"):
        straight_line(bp.Network.random((64, 1)))


def test_every_activation_is_written() -> None:
    assert list(FORMULAS) == list(ACTIVATIONS)


def test_networks_that_have_run_are_networks_still() -> None:
    fresh, used = bp.example_network(), bp.example_network()
    expected = bp.forward(used, *bp.example_sample()).E
    for network in (copy.copy(used), copy.deepcopy(used), pickle.loads(pickle.dumps(used))):
        assert network == used == fresh
        assert hash(network) == hash(fresh)
        assert repr(network) == repr(fresh)
        assert expected == bp.forward(network, *bp.example_sample()).E
        assert network.straight_line is used.straight_line


def test_another_value_of_a_parameter_counts() -> None:
    network, sample = bp.example_network(), bp.example_sample()
    before = bp.forward(network, *sample).E
    symbol = Symbol("w", 1, (1, 1))
    assert before != bp.forward(network.with_parameter(symbol, 3.0), *sample).E
    assert before == bp.forward(network, *sample).E

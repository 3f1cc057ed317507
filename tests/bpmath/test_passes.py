"""The forward and the backward pass, against plain loops, difference quotients and published numbers."""

from __future__ import annotations

import copy
import math
import operator
import pickle
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bpmath.activations import ACTIVATIONS
from bpmath.losses import LOSSES
from bpmath.network import Network
from bpmath.passes import Gradients, Run, backward, forward
from bpmath.symbols import E, Symbol, a, b, delta, e, w, x, y, z
from tests.bpmath.strategies import near_kink, networks, refused, samples

STEP = 1e-5
KEPT = "there are gradients for w, b, x, e and E, and for z, a and delta"


@pytest.fixture
def mazur() -> Run:
    """The example of Matt Mazur, A Step by Step Backpropagation Example (2015)."""
    network = Network(
        weights=[[[0.15, 0.20], [0.25, 0.30]], [[0.40, 0.45], [0.50, 0.55]]],
        biases=[[0.35, 0.35], [0.60, 0.60]],
    )
    return forward(network, [0.05, 0.10], [0.01, 0.99])


def numeric(network: Network, symbol: Symbol, inputs: Any, targets: Any) -> float:
    """Return the central difference of E with respect to one parameter."""
    value = network.value(symbol)
    above = forward(network.with_parameter(symbol, value + STEP), inputs, targets).E
    below = forward(network.with_parameter(symbol, value - STEP), inputs, targets).E
    return (above - below) / (2 * STEP)


def close(actual: Any, expected: Any) -> None:
    """Assert that two computations of the same differ by rounding alone."""
    np.testing.assert_allclose(actual, expected, rtol=1e-9, atol=1e-12)


# -- published numbers ------------------------------------------------------------------------------------


def test_mazurs_forward_pass(mazur: Run) -> None:
    assert mazur.z[1][0] == pytest.approx(0.3775, abs=1e-12)
    assert mazur.a[1] == pytest.approx([0.593269992, 0.596884378], abs=5e-10)
    assert mazur.z[2][0] == pytest.approx(1.105905967, abs=5e-10)
    assert mazur.a[2] == pytest.approx([0.75136507, 0.772928465], abs=5e-9)
    assert mazur.e == pytest.approx([0.274811083, 0.023560026], abs=5e-10)
    assert pytest.approx(0.298371109, abs=5e-10) == mazur.E


def test_mazurs_gradients(mazur: Run) -> None:
    back = backward(mazur)
    assert back[w(1, 1, 1)] == pytest.approx(0.000438568, abs=5e-10)
    assert back[w(2, 1, 1)] == pytest.approx(0.082167041, abs=5e-10)


def test_mazurs_weights_after_one_step(mazur: Run) -> None:
    back, rate = backward(mazur), 0.5
    stepped = [W - rate * back.dW[layer] for layer, W in enumerate(mazur.network.weights, 1)]
    assert stepped[0].ravel() == pytest.approx([0.149780716, 0.19956143, 0.24975114, 0.29950229], abs=5e-9)
    assert stepped[1].ravel() == pytest.approx([0.35891648, 0.408666186, 0.511301270, 0.561370121], abs=5e-9)


# -- the forward pass -------------------------------------------------------------------------------------


@given(data=st.data())
def test_the_forward_pass_is_what_plain_loops_compute(data: st.DataObject) -> None:
    network = data.draw(networks())
    inputs, targets = data.draw(samples(network))
    run = forward(network, inputs, targets)
    activations = inputs.tolist()
    assert run.a[0].tolist() == run.x.tolist() == activations
    for layer in range(1, network.layers + 1):
        W, biases = network.weights[layer - 1].tolist(), network.biases[layer - 1].tolist()
        function = ACTIVATIONS[network.activations[layer - 1]].function
        sums = [
            math.fsum([*(p * q for p, q in zip(row, activations, strict=True)), bias])
            for row, bias in zip(W, biases, strict=True)
        ]
        close(run.z[layer], sums)
        activations = [float(function(s)) for s in sums]
        close(run.a[layer], activations)
    assert sorted(run.z) == list(range(1, network.layers + 1))
    assert sorted(run.a) == list(range(network.layers + 1))
    errors = LOSSES[network.loss].errors(np.array(activations), targets)
    close(run.e, errors)
    close(run.E, math.fsum(errors))
    assert type(run.E) is float


def test_a_run_keeps_its_sample_when_the_callers_changes() -> None:
    network = Network.random((2, 3, 1))
    inputs, targets = np.array([0.5, 0.25]), np.array([1.0])
    run = forward(network, inputs, targets)
    before = backward(run).dW[1]
    inputs[:] = targets[:] = 9.0
    np.testing.assert_array_equal(backward(run).dW[1], before)


def test_the_activations_of_the_identity_are_not_its_sums() -> None:
    run = forward(Network([[[2.0]]], [[1.0]], "identity"), [3.0], [0.0])
    assert run.a[1].tolist() == run.z[1].tolist() == [7.0]
    assert not np.shares_memory(run.a[1], run.z[1])


def test_a_run_cannot_be_changed(mazur: Run) -> None:
    with pytest.raises(AttributeError):
        mazur.E = 0.0  # type: ignore[misc]


# -- the backward pass ------------------------------------------------------------------------------------


@given(data=st.data())
def test_gradients_are_limits_of_difference_quotients(data: st.DataObject) -> None:
    network = data.draw(networks())
    inputs, targets = data.draw(samples(network, data.draw(st.sampled_from([None, 1, 3]))))
    run = forward(network, inputs, targets)
    assume(not near_kink(run))
    back, scale = backward(run), max(1.0, run.E)
    for symbol in network.parameters():
        assert back[symbol] == pytest.approx(
            numeric(network, symbol, inputs, targets), rel=1e-5, abs=1e-8 * scale
        )


@given(data=st.data())
def test_the_gradient_of_the_input_is_a_difference_quotient_too(data: st.DataObject) -> None:
    network = data.draw(networks())
    inputs, targets = data.draw(samples(network))
    run = forward(network, inputs, targets)
    assume(not near_kink(run))
    steps = np.eye(len(inputs)) * STEP
    differences = [
        forward(network, inputs + step, targets).E - forward(network, inputs - step, targets).E
        for step in steps
    ]
    expected = np.array(differences) / (2 * STEP)
    assert backward(run).dx == pytest.approx(expected, rel=1e-5, abs=1e-8 * max(1.0, run.E))


@pytest.mark.parametrize("activation", ["relu", "leaky_relu"])
def test_kinked_activations_pass_the_gradient_on_one_side_only(activation: str) -> None:
    network = Network([[[1.0], [-1.0]], [[2.0, 3.0]]], [[0.0, 0.0], [0.0]], (activation, "identity"))
    back = backward(forward(network, [0.5], [0.0]))
    slope = 0.0 if activation == "relu" else 0.01
    output = 2 * 0.5 + 3 * slope * -0.5
    assert back.delta[1] == pytest.approx([2 * output, 3 * slope * output], rel=1e-14)


def test_single_gradients_are_the_entries_of_the_arrays(mazur: Run) -> None:
    back = backward(mazur)
    for l in (1, 2):
        for k in (1, 2):
            assert back[b(l, k)] == back.db[l][k - 1]
            assert back[z(l, k)] == back[delta(l, k)] == back.delta[l][k - 1]
            assert [back[w(l, k, j)] for j in (1, 2)] == back.dW[l][k - 1].tolist()
    assert [back[x(1)], back[x(2)]] == back.dx.tolist()
    assert [back[symbol] for symbol in (e(1), e(2), E)] == [1.0, 1.0, 1.0]
    assert type(back[w(1, 1, 1)]) is type(back[a(1, 1)]) is type(back[z(1, 1)]) is float


def test_gradients_of_activations_are_the_deltas_before_the_slope(mazur: Run) -> None:
    back, outputs, targets = backward(mazur), mazur.a[2], mazur.y
    for k in (1, 2):
        assert back[a(2, k)] == outputs[k - 1] - targets[k - 1]
        through = math.fsum(mazur.network.value(w(2, i, k)) * back[z(2, i)] for i in (1, 2))
        assert back[a(1, k)] == pytest.approx(through, rel=1e-14)


def test_biases_and_deltas_do_not_share_memory(mazur: Run) -> None:
    back = backward(mazur)
    assert not np.shares_memory(back.db[1], back.delta[1])


@pytest.mark.parametrize("batch", [False, True])
@pytest.mark.parametrize(
    ("symbol", "sentence"),
    [
        (w(3, 1, 1), "w(3, 1, 1) does not exist: the layers of this network are 1 to 2"),
        (w(1, 1, 3), "w(1, 1, 3) does not exist: the indices of w in layer 1 are (1 to 2, 1 to 2)"),
        (b(1, 3), "b(1, 3) does not exist: the indices of b in layer 1 are (1 to 2)"),
        (z(2, 3), "z(2, 3) does not exist: layer 2 has 2 nodes"),
        (x(3), "x(3) does not exist: layer 0 has 2 nodes"),
        (e(3), "e(3) does not exist: layer 2 has 2 nodes"),
        (Symbol("x", None, (0,)), "x(0) does not exist: layer 0 has 2 nodes"),
        (z(3, 1), f"symbol is z(3, 1), but {KEPT} of the layers 1 to 2"),
        (y(1), f"symbol is y(1), but {KEPT} of the layers 1 to 2"),
        (Symbol("w", 1, (1,)), f"symbol is w(1, 1), but {KEPT}"),
        ("w", f"symbol is 'w', but {KEPT}"),
    ],
)
def test_symbols_without_a_gradient_are_refused(mazur: Run, symbol: Any, sentence: str, batch: bool) -> None:
    run = forward(mazur.network, [mazur.x] * 2, [mazur.y] * 2) if batch else mazur
    with refused(sentence):
        backward(run)[symbol]


@pytest.mark.parametrize("symbol", [z(1, 1), a(2, 2), x(1), delta(1, 2), e(1), E])
def test_in_a_batch_only_parameters_have_a_single_gradient(mazur: Run, symbol: Symbol) -> None:
    back = backward(forward(mazur.network, [mazur.x] * 3, [mazur.y] * 3))
    with refused(f"{symbol} has a gradient in each of the 3 samples of the batch; only weights and biases"):
        back[symbol]


# -- records of floats, whose arrays are made when they are asked for --------------------------------------


def is_made(record: Run | Gradients) -> bool:
    """Return whether a record has arrays."""
    return "z" in record.__dict__ or "dW" in record.__dict__


def test_arrays_are_made_when_they_are_asked_for(mazur: Run) -> None:
    back = backward(mazur)
    assert type(mazur.E) is float
    assert not hasattr(mazur, "nothing")
    assert not hasattr(back, "_repr_html_")
    assert not is_made(mazur)
    assert not is_made(back)
    assert mazur.a[0] is mazur.x
    assert back.dW[1] is back.dW[1]
    assert is_made(mazur)
    assert is_made(back)


def test_what_is_written_to_arrays_counts(mazur: Run) -> None:
    back = backward(mazur)
    back.dW[2][0, 1] = back.db[1][0] = back.delta[2][1] = 7.0
    assert back[w(2, 1, 2)] == back[b(1, 1)] == back[z(2, 2)] == 7.0
    assert back.delta[1][0] != 7.0
    mazur.y[:] = mazur.a[2]
    assert not backward(mazur).dW[1].any()


@pytest.mark.parametrize("made", [False, True])
def test_copies_are_the_same_runs_and_gradients(mazur: Run, made: bool) -> None:
    back = backward(mazur)
    if made:
        assert back.dW[1].shape == mazur.z[1].shape * 2
    records: list[Any] = [mazur, back]
    for record in records:
        for other in (copy.copy(record), copy.deepcopy(record), pickle.loads(pickle.dumps(record))):
            assert isinstance(other, type(record).__mro__[-2])
            assert repr(other) == repr(record)
            assert other != record
    assert backward(copy.copy(mazur)).dW[1] == pytest.approx(back.dW[1], rel=1e-14)
    assert copy.copy(mazur).z is mazur.z
    assert copy.deepcopy(mazur).z[1] is not mazur.z[1]


def test_a_run_with_another_field_is_that_run(mazur: Run) -> None:
    other = replace(mazur, y=np.array(mazur.a[2]))
    assert isinstance(other, Run)
    assert not backward(other).dW[1].any()
    assert backward(mazur).dW[1].all()


def test_runs_and_gradients_are_written_as_such(mazur: Run) -> None:
    assert repr(mazur).startswith("Run(network=Network(sizes=(2, 2, 2), ")
    assert repr(backward(mazur)).startswith("Gradients(run=Run(network=")
    assert isinstance(mazur, Run)
    assert isinstance(backward(mazur), Gradients)


@pytest.mark.parametrize("name", ["x", "E", "floats", "nothing"])
def test_no_attribute_can_be_set_or_deleted(mazur: Run, name: str) -> None:
    for record in (mazur, backward(mazur)):
        with pytest.raises(AttributeError):
            setattr(record, name, 1.0)
        with pytest.raises(AttributeError):
            delattr(record, name)


def test_what_is_no_attribute_is_named(mazur: Run) -> None:
    for record, kind in ((mazur, "Run"), (backward(mazur), "Gradients")):
        with pytest.raises(AttributeError, match=rf"\A'{kind}' object has no attribute 'nothing'\Z"):
            operator.attrgetter("nothing")(record)


@pytest.mark.parametrize("kind", [list, tuple, np.array])
def test_a_sample_of_any_kind_is_kept(kind: Any) -> None:
    network, x = Network.random((2, 3, 1)), kind([0.5, 0.25])
    run, target = forward(network, x, [1.0]), [1.0]
    other = forward(network, [0.5, 0.25], target)
    target[0] = 9.0
    if kind is not tuple:
        x[0] = 9.0
    for kept in (run, other):
        assert kept.x.tolist() == [0.5, 0.25]
        assert kept.y.tolist() == [1.0]
        assert kept.x.flags.writeable
        assert kept.batch is None

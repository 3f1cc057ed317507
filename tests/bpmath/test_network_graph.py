"""A network as a graph, gate by gate: the same values and gradients as its vectorised passes."""

from __future__ import annotations

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

import bpmath as bp
from bpmath.activations import ACTIVATIONS
from bpmath.graph import Graph
from bpmath.losses import LOSSES
from bpmath.network_graph import input_values
from bpmath.symbols import Symbol
from tests.bpmath.strategies import near_kink, networks, samples

ARITHMETIC = {"add", "subtract", "multiply", "divide", "power", "negate", "reciprocal", "exp", "log", "max"}
KEPT = ARITHMETIC | {"identity", "tanh", "relu"}


def names(graph: Graph) -> list[str]:
    """Return every gate as one line: v(1, 1, 1) = multiply(w(1, 1, 1), x(1))."""
    written = []
    for node in graph.nodes:
        if node.operation:
            given = iter(node.inputs)
            constants = node.operation.constants or (None,) * len(node.inputs)
            arguments = [str(next(given)) if fixed is None else f"{fixed:g}" for fixed in constants]
            written.append(f"{node.symbol} = {node.operation.name}[{'; '.join(arguments)}]")
    return written


def small(activation: str, loss: str = "squared_error", outputs: int = 1) -> Graph:
    network = bp.Network([[[1.0]] * outputs], [[0.0] * outputs], activation, loss)
    return network.graph(expanded=True)


@given(data=st.data(), network=networks())
def test_values_and_gradients_are_those_of_the_plain_graph(data: st.DataObject, network: bp.Network) -> None:
    x, y = data.draw(samples(network))
    run = bp.forward(network, x, y)
    back = bp.backward(run)
    given_values = input_values(network, x, y)
    plain = network.graph().evaluate(given_values)
    expanded = network.graph(expanded=True).evaluate(given_values)
    found, expected = expanded.reverse().derivative, plain.reverse().derivative
    for symbol in plain.values:
        assert expanded[symbol] == pytest.approx(plain[symbol], rel=1e-10, abs=1e-10)
        assert found[symbol] == pytest.approx(expected[symbol], rel=1e-10, abs=1e-10), symbol
    for parameter in network.parameters():
        assert found[parameter] == pytest.approx(back[parameter], rel=1e-10, abs=1e-10)


@given(data=st.data(), network=networks(max_layers=2, max_width=3))
def test_gradients_are_central_differences(data: st.DataObject, network: bp.Network) -> None:
    x, y = data.draw(samples(network))
    assume(not near_kink(bp.forward(network, x, y)))
    given_values, graph, step = input_values(network, x, y), network.graph(expanded=True), 1e-5
    found = graph.evaluate(given_values).reverse().derivative
    for symbol in network.parameters():
        above = graph.evaluate({**given_values, symbol: given_values[symbol] + step})["E"]
        below = graph.evaluate({**given_values, symbol: given_values[symbol] - step})["E"]
        assert found[symbol] == pytest.approx((above - below) / (2 * step), rel=1e-4, abs=1e-6)


@given(network=networks())
def test_every_gate_is_single_and_every_name_the_networks_own(network: bp.Network) -> None:
    plain, expanded = network.graph(), network.graph(expanded=True)
    assert {node.symbol for node in plain.nodes} <= {node.symbol for node in expanded.nodes}
    assert expanded.inputs == plain.inputs
    assert expanded.output == plain.output == bp.E
    new = {node.symbol.letter for node in expanded.nodes} - {node.symbol.letter for node in plain.nodes}
    assert new <= set("vur")
    gates = {node.operation.name for node in expanded.nodes if node.operation}
    assert gates <= KEPT
    multiplied = [node.inputs for node in expanded.nodes if node.symbol.letter == "v"]
    assert [pair[0] for pair in multiplied] == [s for s in network.parameters() if s.letter == "w"]


def test_the_example_gate_by_gate() -> None:
    network = bp.Network([[[1.0, 2.0]]], [[0.5]])
    assert names(network.graph(expanded=True)) == [
        "v(1, 1, 1) = multiply[w(1, 1, 1); x(1)]",
        "v(1, 1, 2) = multiply[w(1, 1, 2); x(2)]",
        "z(1, 1) = add[v(1, 1, 1); v(1, 1, 2); b(1, 1)]",
        "u(1, 1, 1) = negate[z(1, 1)]",
        "u(1, 1, 2) = exp[u(1, 1, 1)]",
        "u(1, 1, 3) = add[u(1, 1, 2); 1]",
        "a(1, 1) = reciprocal[u(1, 1, 3)]",
        "r(1, 1) = subtract[a(1, 1); y(1)]",
        "r(1, 2) = power[r(1, 1); 2]",
        "e(1) = multiply[0.5; r(1, 2)]",
        "E = add[e(1)]",
    ]


@pytest.mark.parametrize(
    ("activation", "gates"),
    [
        ("identity", ["a(1, 1) = identity[z(1, 1)]"]),
        ("tanh", ["a(1, 1) = tanh[z(1, 1)]"]),
        ("relu", ["a(1, 1) = relu[z(1, 1)]"]),
        ("leaky_relu", ["u(1, 1, 1) = multiply[0.01; z(1, 1)]", "a(1, 1) = max[u(1, 1, 1); z(1, 1)]"]),
        (
            "softplus",
            [
                "u(1, 1, 1) = relu[z(1, 1)]",
                "u(1, 1, 2) = multiply[2; u(1, 1, 1)]",
                "u(1, 1, 3) = subtract[z(1, 1); u(1, 1, 2)]",
                "u(1, 1, 4) = exp[u(1, 1, 3)]",
                "u(1, 1, 5) = add[u(1, 1, 4); 1]",
                "u(1, 1, 6) = log[u(1, 1, 5)]",
                "a(1, 1) = add[u(1, 1, 1); u(1, 1, 6)]",
            ],
        ),
    ],
)
def test_the_gates_of_an_activation(activation: str, gates: list[str]) -> None:
    assert names(small(activation))[2:-4] == gates


@pytest.mark.parametrize(
    ("loss", "gates"),
    [
        (
            "mean_squared_error",
            [
                "r(1, 1) = subtract[a(1, 1); y(1)]",
                "r(1, 2) = power[r(1, 1); 2]",
                "e(1) = divide[r(1, 2); 2]",
                "r(2, 1) = subtract[a(1, 2); y(2)]",
                "r(2, 2) = power[r(2, 1); 2]",
                "e(2) = divide[r(2, 2); 2]",
            ],
        ),
        (
            "softmax_cross_entropy",
            [
                "r(1) = max[a(1, 1); a(1, 2)]",
                "r(1, 1) = subtract[a(1, 1); r(1)]",
                "r(1, 2) = exp[r(1, 1)]",
                "r(2, 1) = subtract[a(1, 2); r(1)]",
                "r(2, 2) = exp[r(2, 1)]",
                "r(2) = add[r(1, 2); r(2, 2)]",
                "r(3) = log[r(2)]",
                "r(1, 3) = subtract[r(3); r(1, 1)]",
                "e(1) = multiply[y(1); r(1, 3)]",
                "r(2, 3) = subtract[r(3); r(2, 1)]",
                "e(2) = multiply[y(2); r(2, 3)]",
            ],
        ),
    ],
)
def test_the_gates_of_a_loss(loss: str, gates: list[str]) -> None:
    assert names(small("identity", loss, outputs=2))[6:-1] == gates


def test_the_gates_of_binary_cross_entropy() -> None:
    assert names(small("sigmoid", "binary_cross_entropy"))[6:-1] == [
        "r(1, 1) = log[a(1, 1)]",
        "r(1, 2) = multiply[y(1); r(1, 1)]",
        "r(1, 3) = subtract[1; y(1)]",
        "r(1, 4) = subtract[1; a(1, 1)]",
        "r(1, 5) = log[r(1, 4)]",
        "r(1, 6) = multiply[r(1, 3); r(1, 5)]",
        "r(1, 7) = add[r(1, 2); r(1, 6)]",
        "e(1) = negate[r(1, 7)]",
    ]


def test_intermediate_gates_stand_in_reading_order() -> None:
    graph = bp.Network.random((3, 4, 2), ["softplus", "sigmoid"]).graph(expanded=True)
    for letter in "vur":
        steps = [(n.symbol.layer or 0, *n.symbol.indices) for n in graph.nodes if n.symbol.letter == letter]
        assert all(before < after for before, after in pairwise(steps))


@pytest.mark.parametrize("logits", [(1e4, -1e4, 0.0), (1e4, 1e4, 1e4), (-1e4, -1e4 + 1, -1e4 - 1)])
def test_logits_of_any_size(logits: tuple[float, ...]) -> None:
    network = bp.Network([[[z] for z in logits]], [[0.0] * 3], loss="softmax_cross_entropy")
    x, y = [1.0], [0.25, 0.5, 0.25]
    run = bp.forward(network, x, y)
    trace = network.graph(expanded=True).evaluate(input_values(network, run.x, run.y))
    assert trace["E"] == pytest.approx(run.E, rel=1e-12)
    gradients = [trace.reverse().derivative[bp.b(1, k)] for k in (1, 2, 3)]
    assert gradients == pytest.approx(bp.backward(run).db[1].tolist(), rel=1e-12, abs=1e-12)


@pytest.mark.parametrize("activation", list(ACTIVATIONS))
@pytest.mark.parametrize("z", [-300.0, -40.0, 0.0, 40.0, 1e4])
def test_weighted_sums_of_any_size(activation: str, z: float) -> None:
    network = bp.Network([[[z]]], [[0.0]], activation)
    run = bp.forward(network, [1.0], [2.0])
    trace = network.graph(expanded=True).evaluate(input_values(network, run.x, run.y))
    assert trace[bp.a(1, 1)] == pytest.approx(float(run.a[1][0]), rel=1e-12, abs=1e-15)
    found = trace.reverse().derivative[bp.z(1, 1)]
    assert found == pytest.approx(float(bp.backward(run).delta[1][0]), rel=1e-12, abs=1e-15)


@pytest.mark.parametrize("z", [-300.0, -35.0, -5.0, 5.0, 15.0, 25.0, 35.0])
def test_binary_cross_entropy_loses_the_digits_of_one_minus_a(z: float) -> None:
    network = bp.Network([[[z]]], [[0.0]], loss="binary_cross_entropy")
    run = bp.forward(network, [1.0], [0.3])
    trace = network.graph(expanded=True).evaluate(input_values(network, run.x, run.y))
    lost = 2 * np.finfo(float).eps / (1 - run.a[1][0])
    expected = float(bp.backward(run).delta[1][0])
    assert trace.reverse().derivative[bp.z(1, 1)] == pytest.approx(expected, rel=1e-13 + lost)


@pytest.mark.parametrize(
    ("weight", "target", "loss", "sentence"),
    [
        (-1000.0, 0.5, "squared_error", "exp(1000) has no finite value"),
        (50.0, 1.0, "binary_cross_entropy", "log(0) has no finite value"),
    ],
)
def test_a_gate_that_overflows_is_named(weight: float, target: float, loss: str, sentence: str) -> None:
    network = bp.Network([[[weight]]], [[0.0]], loss=loss)
    run = bp.forward(network, [1.0], [target])
    with pytest.raises(bp.DomainError, match=f"^{re.escape(sentence)}$"):
        network.graph(expanded=True).evaluate(input_values(network, run.x, run.y))


def test_every_loss_and_activation_has_its_gates() -> None:
    for loss, record in LOSSES.items():
        for activation in ACTIVATIONS:
            names_of_layers = ["sigmoid", record.last_activation or activation]
            graph = bp.Network.random((1, 2, 2), names_of_layers, loss).graph(expanded=True)
            assert graph["E"].inputs == (bp.e(1), bp.e(2))
            assert graph.count_paths(bp.w(1, 1, 1)) > 0


def test_paths_are_counted_and_not_listed() -> None:
    network = bp.Network.random((10, 10, 10, 10, 10, 1), "tanh")
    graph = network.graph(expanded=True)
    assert graph.count_paths(bp.w(1, 1, 1)) == 10**3
    assert graph.count_paths(Symbol("v", 1, (1, 1))) == 10**3

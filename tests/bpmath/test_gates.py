"""Every gate written as mathematics is the gate: its value and its local derivatives, executed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bpmath as bp
from bpmath import operations as gates
from bpmath.activations import ACTIVATIONS
from bpmath.algebra import Expression
from bpmath.gates import FORMULAS, gate_formula, local_derivative_formula
from bpmath.graph import Graph, Node
from bpmath.losses import LOSSES
from bpmath.network_graph import input_values
from bpmath.notation import write
from bpmath.operations import Operation, activation_gate, constant_gate, loss_gate, with_constants
from bpmath.symbols import Symbol
from bpmath.trace import Trace
from tests.bpmath.strategies import networks, refused, samples

F = Symbol("f")
ANYWHERE = [gates.NEGATE, gates.IDENTITY, gates.EXP, gates.SIN, gates.COS, gates.ABS]
ANYWHERE += [activation_gate(activation) for activation in ACTIVATIONS.values()]
OVER_0 = [gates.LOG, gates.SQRT, gates.RECIPROCAL, with_constants(gates.POWER, (None, -1.5))]
OVER_0 += [with_constants(gates.POWER, (0.7, None)), with_constants(gates.DIVIDE, (3.0, None))]
PAIRS = [gates.ADD, gates.SUBTRACT, gates.MULTIPLY, gates.MAX, gates.MIN]
FIXED = [with_constants(gate, fixed) for gate in PAIRS for fixed in ((None, -2.5), (0.3, None))]
FIXED += [with_constants(gates.POWER, (None, n)) for n in (0.0, 1.0, 2.0, 3.0, -1.0, -2.0)]
FIXED += [with_constants(gates.DIVIDE, (None, -4.0)), with_constants(gates.MULTIPLY, (-1.0, None))]
ERRORS = [loss_gate(loss, 2, 3) for loss in LOSSES.values() if not loss.reads_all]
GATES: list[tuple[Operation, int, float]] = [
    *((gate, 1, -2.0) for gate in ANYWHERE + FIXED),
    *((gate, 1, 0.2) for gate in OVER_0),
    *((gate, 2, -2.0) for gate in PAIRS),
    (gates.DIVIDE, 2, 0.2),
    (gates.POWER, 2, 0.2),
    *((gate, 4, -2.0) for gate in (gates.ADD, gates.MAX, gates.MIN)),
    (with_constants(gates.MAX, (None, 0.1, None)), 2, -2.0),
    (gates.AFFINE, 5, -2.0),
    (gates.AFFINE, 1, -2.0),
    (with_constants(gates.AFFINE, (2.0, None, -3.0, None, 0.0)), 2, -2.0),
    (constant_gate(2.5), 0, 0.0),
    *((gate, 2, 0.2) for gate in ERRORS),
    (loss_gate(LOSSES["softmax_cross_entropy"], 2, 3), 4, 0.2),
]
STEP = 1e-6


def name_of(value: Operation | float) -> str:
    return f"{value.name}{value.constants or ''}" if isinstance(value, Operation) else f"{value:g}"


def gate_node(gate: Operation, count: int) -> Node:
    return Node(F, gate, tuple(Symbol("x", None, (k,)) for k in range(1, count + 1)))


def trace_of(node: Node, inputs: list[float]) -> Trace:
    graph = Graph((*map(Node, node.inputs), node), node.symbol)
    return graph.evaluate(dict(zip(node.inputs, inputs, strict=True)))


def local_equation(trace: Trace, node: Node, argument: int) -> bp.Equation:
    occurrence = node.inputs[:argument].count(node.inputs[argument])
    partial = bp.Partial(node.symbol, node.inputs[argument], occurrence)
    return bp.Equation(partial, local_derivative_formula(node, argument), trace)


@pytest.mark.parametrize(("gate", "count", "least"), GATES, ids=name_of)
@settings(max_examples=40)
@given(data=st.data())
def test_a_formula_is_its_gate(gate: Operation, count: int, least: float, data: st.DataObject) -> None:
    most = 0.9 if gate.name == "binary_cross_entropy" else 2.0
    number = st.floats(least, most).map(lambda value: round(value, 3))
    inputs = data.draw(st.lists(number, min_size=count, max_size=count))
    node = gate_node(gate, count)
    if gate.name == "power" and gate.constants[1:] in ((-1.0,), (-2.0,)) and abs(inputs[0]) < 0.1:
        inputs = [0.5]
    trace = trace_of(node, inputs)
    formula = gate_formula(node)
    assert formula.evaluate(trace) == pytest.approx(trace["f"], rel=1e-12, abs=1e-14)
    assert bp.Equation(bp.Quantity(F), formula, trace).value == trace["f"]
    for argument, slope in enumerate(gate.derivatives(inputs)):
        derivative = local_derivative_formula(node, argument)
        assert derivative.evaluate(trace) == pytest.approx(slope, rel=1e-12, abs=1e-14)
        assert local_equation(trace, node, argument).value == slope


@pytest.mark.parametrize(("gate", "count", "least"), GATES, ids=name_of)
def test_a_derivative_is_the_central_difference_of_the_formula(
    gate: Operation, count: int, least: float
) -> None:
    inputs, node = [0.7, 0.4, 0.85, 0.55, 0.3][:count], gate_node(gate, count)
    formula = gate_formula(node)
    for argument in range(count):
        ahead, behind = list(inputs), list(inputs)
        ahead[argument] += STEP
        behind[argument] -= STEP
        rise = formula.evaluate(trace_of(node, ahead)) - formula.evaluate(trace_of(node, behind))
        derivative = local_derivative_formula(node, argument).evaluate(trace_of(node, inputs))
        assert derivative == pytest.approx(rise / (2 * STEP), rel=1e-7, abs=1e-9)


def test_every_gate_is_tried() -> None:
    assert {gate.name for gate, _, _ in GATES} == {*FORMULAS, *LOSSES}


@pytest.mark.parametrize(
    ("gate", "count", "inputs"),
    [
        (gates.MAX, 3, [1.0, 5.0, 5.0]),
        (gates.MIN, 3, [5.0, 1.0, 1.0]),
        (gates.MAX, 2, [-0.0, 0.0]),
        (with_constants(gates.MAX, (0.0, None)), 1, [0.0]),
        (with_constants(gates.MAX, (None, 0.0)), 1, [0.0]),
        (with_constants(gates.MIN, (None, 0.0)), 1, [0.0]),
        (gates.RELU, 1, [0.0]),
        (activation_gate(ACTIVATIONS["leaky_relu"]), 1, [0.0]),
        (gates.ABS, 1, [0.0]),
        (gates.MAX, 1, [3.0]),
        (gates.MAX, 2, [1.7e308, -1.7e308]),
    ],
    ids=lambda value: str(value) if isinstance(value, list) else name_of(value),
)
def test_ties_are_decided_as_the_gate_decides(gate: Operation, count: int, inputs: list[float]) -> None:
    node = gate_node(gate, count)
    trace = trace_of(node, inputs)
    found = [local_derivative_formula(node, k).evaluate(trace) for k in range(count)]
    assert found == gate.derivatives(inputs)


@pytest.mark.parametrize(
    ("text", "formula", "derivatives"),
    [
        ("a + 1", "a + 1", ["1"]),
        ("a - 1", "a - 1", ["1"]),
        ("a + (-1)", "a - 1", ["1"]),
        ("1 - a", "1 - a", ["-1"]),
        ("x * y", "x y", ["y", "x"]),
        ("x * 2", "2 x", ["2"]),
        ("-2 * x", "- 2 x", ["-2"]),
        ("1 / x", "1/x", ["- 1/x²"]),
        ("x / y", "x/y", ["1/y", "- x/y²"]),
        ("x ** 2", "x²", ["2 x"]),
        ("x ** 3", "x³", ["3 x²"]),
        ("x ** -1", "x⁻¹", ["- x⁻²"]),
        ("x ** y", "x^y", ["y x^(y - 1)", "f ln(x)"]),
        ("exp(x)", "e^x", ["f"]),
        ("log(x)", "ln(x)", ["1/x"]),
        ("sqrt(x)", "sqrt(x)", ["1/(2 f)"]),
        ("sin(x)", "sin(x)", ["cos(x)"]),
        ("cos(x)", "cos(x)", ["- sin(x)"]),
        ("max(z, w)", "max(z, w)", ["1 - step(w - z)", "step(w - z)"]),
        ("min(z, w)", "min(z, w)", ["1 - step(z - w)", "step(z - w)"]),
        ("max(0, z)", "max(0, z)", ["step(z)"]),
        ("relu(z)", "ReLU(z)", ["step(z)"]),
        ("abs(z)", "abs(z)", ["sign(z)"]),
        ("sigmoid(z)", "σ(z)", ["f (1 - f)"]),
        ("tanh(z)", "tanh(z)", ["1 - f²"]),
    ],
)
def test_how_gates_are_written(text: str, formula: str, derivatives: list[str]) -> None:
    node = Graph.from_expression(text, name="f")["f"]

    def plain(expression: Expression) -> str:
        return write(expression).replace("−", "-")

    assert plain(gate_formula(node)) == formula
    assert [plain(local_derivative_formula(node, k)) for k in range(len(node.inputs))] == derivatives


@given(data=st.data(), network=networks(max_layers=2, max_width=3), expanded=st.booleans())
def test_the_gates_of_a_network(data: st.DataObject, network: bp.Network, expanded: bool) -> None:
    x, y = data.draw(samples(network))
    trace = network.graph(expanded=expanded).evaluate(input_values(network, x, y))
    for node in trace.graph.nodes:
        if node.operation:
            assert (
                bp.Equation(bp.Quantity(node.symbol), gate_formula(node), trace).value == trace[node.symbol]
            )
            for argument, source in enumerate(node.inputs):
                if source.letter != "y":
                    local_equation(trace, node, argument)


def test_parallel_edges_have_a_derivative_each() -> None:
    graph = Graph.from_expression("x * x", name="f")
    trace = graph.evaluate(x=3)
    assert [local_equation(trace, graph["f"], k).value for k in (0, 1)] == [3, 3]


def test_what_has_no_formula() -> None:
    graph = Graph.from_expression("a + 1", name="f")
    with refused("node: a is an input, but only a gate has a formula"):
        gate_formula(graph["a"])
    with refused("argument is 1, but f has 1 input, numbered from 0"):
        local_derivative_formula(graph["f"], 1)
    unknown = Node(F, Operation("twist", lambda x: x[0], lambda x: [1.0]), (Symbol("x"),))
    with refused("node: the gate twist has no formula; there is one for constant, add, "):
        gate_formula(unknown)

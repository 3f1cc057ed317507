"""Code of graphs is executed: every variable is what the trace and the reverse sweep say."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given

import bpmath as bp
from bpmath.algebra import Derivative, Quantity
from bpmath.code import Code, Names, write_code
from bpmath.graph import Graph, Node
from bpmath.operations import Operation
from bpmath.symbols import Symbol
from bpmath.trace import Trace
from tests.bpmath.strategies import refused
from tests.bpmath.test_sweeps import expressions, points, random_trace

STAGED = "(x + sigmoid(y)) / (sigmoid(x) + (x + y) ** 2)"
WRITTEN = """\
from math import exp
def sigmoid(x): return 1 / (1 + exp(-x)) if x >= 0 else exp(x) / (1 + exp(x))
v1 = sigmoid(y)
v2 = x + v1
v3 = sigmoid(x)
v4 = x + y
v5 = v4 ** 2
v6 = v3 + v5
f = v2 / v6
df = 1
dv2 = (1 / v6) * df
dv6 = (-v2 / v6 ** 2) * df
dv3 = 1 * dv6
dv5 = 1 * dv6
dv4 = (2 * v4) * dv5
dx = 1 * dv4
dy = 1 * dv4
dx += (v3 * (1 - v3)) * dv3
dx += 1 * dv2
dv1 = 1 * dv2
dy += (v1 * (1 - v1)) * dv1
"""
CASES: list[tuple[str, dict[str, float]]] = [
    (STAGED, {"x": 3, "y": -4}),
    ("(a + b) * (b + 1)", {"a": 2, "b": 1}),
    ("x*x*x + sin(x) * exp(x*y)", {"x": 1.2, "y": 0.3}),
    ("2 * (x*y + max(z, w))", {"x": 3, "y": -4, "z": 2, "w": -1}),
    ("exp(sin(sqrt(1 + x**2))) * tanh(x*y)", {"x": 0.7, "y": 0.4}),
    ("x * y", {"x": 2, "y": 3}),
    ("-(x - 2) ** 3 / -y - (x + y) - (3 - x)", {"x": 0.4, "y": -1.5}),
    ("x ** y ** 2 + 2 ** x - x ** -2 + (-2) ** 3 * x", {"x": 1.7, "y": 0.6}),
    ("1 / x / y * (x / (y / 3)) * -x", {"x": 1.3, "y": 0.7}),
    ("min(x, y, 3) + max(x, y, 1) - abs(y) + relu(x) + relu(y)", {"x": 2, "y": -1}),
    ("cos(log(x) - 0.1) * -2.5e-7 + 1e300 * y", {"x": 2, "y": 0.5}),
    ("sigmoid(x) + sigmoid(-x)", {"x": 700}),
    ("x", {"x": 5}),
    ("2 + 3", {}),
]


def executed(code: Code, values: dict[str, float]) -> dict[str, Any]:
    """Return the variables that the program leaves behind."""
    variables: dict[str, Any] = dict(values)
    exec(code.program, variables)
    return variables


def check(trace: Trace) -> None:
    """Compare every variable with the trace and with the reverse sweep."""
    code, names, sweep = write_code(trace.graph), Names(trace.graph), trace.reverse()
    given_values = {names.value(symbol).text: trace[symbol] for symbol in trace.graph.inputs}
    variables = executed(code, given_values)
    # Differences of large numbers keep the rounding of these, which the order of operations may change.
    largest = max(map(abs, sweep.derivative.values()))
    rounding = 1e-13 * max(map(abs, trace.values.values()), default=0.0)
    for node in trace.graph.nodes:
        value, derivative = names.value(node.symbol).text, names.derivative(node.symbol).text
        assert math.isclose(variables[value], trace[node.symbol], rel_tol=1e-12, abs_tol=rounding)
        if derivative in variables:
            found = sweep.derivative[node.symbol]
            assert math.isclose(variables[derivative], found, rel_tol=1e-9, abs_tol=1e-9 * largest)
        else:
            assert trace.graph.count_paths(node.symbol) == 0
    assert [line.edges[0] for line in code.backward[1:]] == [step.edge for step in sweep.steps]
    assert [line.adds for line in code.backward[1:]] == [step.before is not None for step in sweep.steps]


def test_the_staged_example() -> None:
    assert write_code(Graph.from_expression(STAGED, "f")).program == WRITTEN


@pytest.mark.parametrize(("text", "values"), CASES, ids=[text for text, _ in CASES])
def test_every_variable_is_right(text: str, values: dict[str, float]) -> None:
    check(Graph.from_expression(text, "f").evaluate(**values))


@given(expressions(), points)
def test_every_variable_is_right_for_any_expression(text: str, point: tuple[float, ...]) -> None:
    check(random_trace(text, point))


def test_a_network_is_a_program(example: bp.Derivation) -> None:
    check(example.trace)


@pytest.mark.parametrize("name", ["f", "e", "step"])
def test_no_name_is_a_word_of_python_or_a_name_twice(name: str) -> None:
    inputs = [n for n in ("el", "ef", "x", "dx", "step", "sign", "d", "v1", "u1", "g1") if n != name]
    graph = Graph.from_expression(" * ".join([*inputs, "abs(x)", "relu(d)"]), name)
    check(graph.evaluate(**dict.fromkeys(inputs, 1.5)))


def test_lines_say_what_they_are_about() -> None:
    graph = Graph.from_expression("x * y + x", "f")
    code = write_code(graph)
    x, y, v, f = Symbol("x"), Symbol("y"), Symbol("v", None, (1,)), Symbol("f")
    assert [line.sets for line in code.forward] == [v, f]
    assert code.forward[0].edges == graph.edges_into(v)
    assert code.forward[0].reads == (x, y)
    start, *others = code.backward
    assert (start.text, start.gate, start.edges) == ("df = 1", f, ())
    assert [line.text for line in others] == ["dv1 = 1 * df", "dx = 1 * df", "dx += y * dv1", "dy = x * dv1"]
    assert [line.gate for line in others] == [f, f, v, v]
    assert [line.reads for line in others] == [(), (), (y,), (x,)]
    assert [line.adds for line in others] == [False, False, True, False]


def test_parts_say_what_they_stand_for() -> None:
    graph = Graph.from_expression("x ** 2", "f")
    x, f = Symbol("x"), Symbol("f")
    target, _, *right = write_code(graph).backward[1].parts
    local = bp.Partial(f, x)
    assert target.term == Derivative(f, x)
    assert [(part.text, part.term) for part in right] == [
        ("(", local),
        ("2", local),
        (" * ", local),
        ("x", Quantity(x)),
        (")", local),
        (" * ", None),
        ("df", Derivative(f, f)),
    ]


def test_texts_are_their_parts() -> None:
    code = write_code(Graph.from_expression(STAGED, "f"))
    assert all(line.text in WRITTEN for line in (*code.forward, *code.backward))
    assert all(before.sets != after.sets for before, after in pairwise(code.forward))


def test_a_gate_without_python_is_refused(example: bp.Derivation) -> None:
    odd = Operation("odd", lambda x: x[0], lambda x: [1.0])
    with refused("node: the gate odd has no formula"):
        write_code(Graph((Node(Symbol("x")), Node(Symbol("f"), odd, (Symbol("x"),))), Symbol("f")))

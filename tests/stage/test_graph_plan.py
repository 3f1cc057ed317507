"""Graphs stand in layers from left to right, nothing too close, the same every time; others are refused."""

from __future__ import annotations

import subprocess
import sys
from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bpmath.graph import Graph
from bpmath.symbols import Symbol
from scenes.stage.graph_plan import GraphPlan, GraphTooLarge, plan_graph
from scenes.stage.graph_rows import isotonic
from scenes.stage.layout import (
    FRAME,
    GATE_RADIUS,
    LEAST_GATE_GAP,
    LEAST_GATE_ROW,
    LEAST_GRAPH_SCALE,
    MOST_GATES,
    MOST_GRAPH_SCALE,
)

EXPRESSIONS = {
    "olah": "(a + b) * (b + 1)",
    "circuit": "(x + y) * z",
    "neuron": "1 / (1 + exp(-(w0*x0 + w1*x1 + w2)))",
    "staged": "(x + sigmoid(y)) / (sigmoid(x) + (x + y)**2)",
    "max": "2 * (x*y + max(z, w))",
    "fork of three": "x*x*x + sin(x) * exp(x*y)",
    "nested": "exp(sin(log(sqrt(1 + x**2)))) * max(x, y) + tanh(x*y)",
    "twenty gates": "a*b + c*d + f*g + h*i + j*k + l*m + n*o + p*q + r*s + t*u + 1",
    "one input": "x",
}
ROUNDING = 1e-6
each = pytest.mark.parametrize("text", EXPRESSIONS.values(), ids=EXPRESSIONS)


def planned(text: str) -> tuple[Graph, GraphPlan]:
    graph = Graph.from_expression(text)
    return graph, plan_graph(graph)


@each
def test_every_node_and_its_numbers_are_in_the_frame(text: str) -> None:
    _, plan = planned(text)
    for centre in plan.centres.values():
        assert FRAME.left + GATE_RADIUS <= centre[0] <= FRAME.right - GATE_RADIUS
        assert FRAME.bottom + LEAST_GATE_ROW / 2 <= centre[1] <= plan.board.bottom - LEAST_GATE_ROW / 2


@each
def test_derivatives_flow_from_right_to_left(text: str) -> None:
    graph, plan = planned(text)
    for edges in graph.edges:
        for edge in edges:
            assert plan.centres[edge.source][0] < plan.centres[edge.target][0]


@each
def test_no_two_nodes_come_too_close(text: str) -> None:
    _, plan = planned(text)
    assert LEAST_GRAPH_SCALE <= plan.scale <= MOST_GRAPH_SCALE
    for one, other in combinations(plan.centres.values(), 2):
        across, down, _ = np.abs(one - other) / plan.scale
        assert across >= LEAST_GATE_GAP - ROUNDING or down >= LEAST_GATE_ROW - ROUNDING


@each
def test_long_edges_keep_clear_of_other_nodes(text: str) -> None:
    graph, plan = planned(text)
    for edge, route in plan.routes.items():
        assert route[0] is plan.centres[edge.source]
        assert route[-1] is plan.centres[edge.target]
        assert all(before[0] < after[0] for before, after in pairwise(route))
        others = [plan.centres[n.symbol] for n in graph.nodes if n.symbol not in (edge.source, edge.target)]
        for bend in route[1:-1]:
            assert all(np.linalg.norm(bend - centre) > GATE_RADIUS * plan.scale for centre in others)


def test_two_uses_of_one_input_bend_apart() -> None:
    graph, plan = planned("x * x")
    one, other = graph.edges_into(Symbol("e"))
    assert plan.bulges[one] == -plan.bulges[other] != 0
    three = planned("(x + y) * z")[1]
    assert set(three.bulges.values()) == {0}


def test_small_graphs_are_drawn_large() -> None:
    assert planned(EXPRESSIONS["olah"])[1].scale > 1.2 > planned(EXPRESSIONS["neuron"])[1].scale


def test_the_plan_is_the_same_in_every_process() -> None:
    source = f"""
from bpmath.graph import Graph
from scenes.stage.graph_plan import plan_graph
plan = plan_graph(Graph.from_expression({EXPRESSIONS["staged"]!r}))
print([(str(symbol), *map(float, centre)) for symbol, centre in plan.centres.items()])
"""
    runs = [
        subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)
        for _ in "ab"
    ]
    assert runs[0].stdout == runs[1].stdout != ""


def test_too_many_gates_are_refused_with_their_number() -> None:
    graph = Graph.from_expression(" + ".join(f"x{k} * y" for k in range(20)))
    with pytest.raises(GraphTooLarge, match=rf"39 gates, but at most {MOST_GATES}.*take a part"):
        plan_graph(graph)


def test_too_many_rows_are_refused_with_their_number() -> None:
    text = "(a*b+c)*(b*c+a)*(c*a+b) + (a+b+c)*exp(-a)/(1+exp(b-c)) + a*a*a"
    with pytest.raises(GraphTooLarge, match=r"21 gates needs \d+ layers and \d+ rows, but at most"):
        plan_graph(Graph.from_expression(text))


@given(st.lists(st.floats(-10, 10), min_size=1, max_size=12))
def test_isotonic_regression_is_the_nearest_that_does_not_fall(values: list[float]) -> None:
    found = isotonic(np.array(values))
    assert (np.diff(found) >= -ROUNDING).all()
    # Independent: the minimax formula, max over i <= k of min over j >= k of the mean from i to j.
    expected = [
        max(min(float(np.mean(values[i : j + 1])) for j in range(k, len(values))) for i in range(k + 1))
        for k in range(len(values))
    ]
    np.testing.assert_allclose(found, expected, atol=1e-9)

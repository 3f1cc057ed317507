"""A graph's picture answers to its symbols and edges, and says what the trace says."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import numpy as np
import pytest
from manim import tempconfig

from bpmath.activations import ACTIVATIONS, activation_named
from bpmath.algebra import Partial, Quantity
from bpmath.graph import Edge, Graph, Node
from bpmath.operations import activation_gate
from bpmath.symbols import Symbol
from scenes.stage.formula import Formula
from scenes.stage.graph_map import GraphMap
from scenes.stage.label_placement import Box
from scenes.stage.layout import FRAME
from scenes.stage.theme import DARK, Role
from tests.scenes.drawn import recorded

X, Y, E1 = Symbol("x"), Symbol("y"), Symbol("e")


@pytest.fixture(autouse=True)
def quiet(tmp_path_factory: pytest.TempPathFactory) -> object:
    with tempconfig({"dry_run": True, "media_dir": str(media(tmp_path_factory)), "verbosity": "ERROR"}):
        yield


def media(factory: pytest.TempPathFactory) -> Path:
    return factory.getbasetemp()


def drawn(text: str, **at: float) -> GraphMap:
    return GraphMap(Graph.from_expression(text).evaluate(**at), DARK)


def box(mobject: object) -> Box:
    return Box(mobject.get_x(), mobject.get_y(), mobject.width, mobject.height)  # type: ignore[attr-defined]


def test_inputs_wear_names_and_gates_signs() -> None:
    shown = drawn("x * y", x=2, y=3)
    label = shown.node(X).label
    assert isinstance(label, Formula)
    assert label.what == Quantity(X)
    assert not isinstance(shown.node(E1).label, Formula)
    assert shown.where(X) is label
    assert shown.where(E1) is shown.node(E1)


def test_numbers_are_those_of_the_trace() -> None:
    shown = drawn("x * y", x=2, y=3)
    with recorded() as found:
        value, derivative = shown.value(E1), shown.derivative(X, 3.0)
    assert found.numbers == [6.0, 3.0]
    assert value.get_bottom()[1] > shown.node(E1).circle.get_top()[1]
    assert derivative.get_top()[1] < shown.node(X).circle.get_bottom()[1]
    assert value.glyphs[0].get_fill_color().to_hex() == DARK[Role.VALUE]
    assert derivative.glyphs[0].get_fill_color().to_hex() == DARK[Role.GRADIENT]


def test_lines_lead_from_rim_to_rim() -> None:
    shown = drawn("x*x*x + sin(x) * exp(x*y)", x=1.2, y=0.3)
    for edges in shown.graph.edges:
        for edge in edges:
            line = shown.line(edge)
            for end, symbol in ((line.get_start(), edge.source), (line.get_end(), edge.target)):
                circle = shown.node(symbol).circle
                assert np.linalg.norm(end - circle.get_center()) == pytest.approx(circle.width / 2, rel=1e-3)


def test_a_line_backwards_begins_at_the_gate() -> None:
    shown = drawn("x * y", x=2, y=3)
    edge = Edge(X, E1, 0)
    forwards, backwards = shown.lit(edge, Role.VALUE), shown.lit(edge, Role.GRADIENT, backwards=True)
    np.testing.assert_allclose(forwards.get_start(), backwards.get_end(), atol=1e-6)
    np.testing.assert_allclose(forwards.get_end(), backwards.get_start(), atol=1e-6)
    colour = backwards.get_stroke_color()
    assert colour is not None
    assert colour.to_hex() == DARK[Role.GRADIENT]


def test_a_second_use_of_an_input_has_a_line_of_its_own() -> None:
    shown = drawn("x * x", x=2)
    first, second = shown.graph.edges_into(E1)
    assert shown.line_of(Partial(E1, X)) is shown.line(first)
    assert shown.line_of(Partial(E1, X, 1)) is shown.line(second)
    assert abs(shown.line(first).get_center()[1] - shown.line(second).get_center()[1]) > 0.3


@pytest.mark.parametrize("text", ["(x + y) * (y + 1)", "1 / (1 + exp(-(x*y + x)))"])
def test_labels_on_edges_touch_neither_each_other_nor_numbers(text: str) -> None:
    shown = drawn(text, x=2, y=3)
    numbers = [shown.value(node.symbol) for node in shown.graph.nodes]
    edges = [edge for into in shown.graph.edges for edge in into]
    made = {edge: Formula(Partial(edge.target, edge.source), DARK, shown.size) for edge in edges}
    labels = shown.labels(made, numbers)
    assert len(labels) == len(edges)
    for one, other in combinations([*labels.values(), *numbers], 2):
        assert not box(one).touches(box(other), 0.0)


def test_what_is_not_there_is_refused() -> None:
    shown = drawn("x * y", x=2, y=3)
    assert not shown.shows(Symbol("z"))
    with pytest.raises(ValueError, match="z is not a node"):
        shown.node(Symbol("z"))
    with pytest.raises(ValueError, match="is no edge of this graph"):
        shown.line(Edge(X, Y, 0))


@pytest.mark.parametrize("name", ACTIVATIONS)
def test_a_sign_is_no_wider_than_its_circle(name: str) -> None:
    gate = activation_gate(activation_named(name))
    graph = Graph((Node(X), Node(E1, gate, (X,))), E1)
    node = GraphMap(graph.evaluate(x=0.5), DARK).node(E1)
    assert node.label.width < node.circle.width


@pytest.mark.parametrize(
    ("text", "number"), [("x + y", -123.0), ("exp(sin(sqrt(1 + x**2))) * tanh(x*y)", 0.5)]
)
def test_numbers_stay_inside_the_frame_and_off_the_edges(text: str, number: float) -> None:
    shown = drawn(text, x=0.7, y=0.4)
    ways = [shown.line(edge).way.thing for into in shown.graph.edges for edge in into]
    for node in shown.graph.nodes:
        for label in (shown.value(node.symbol), shown.derivative(node.symbol, number)):
            assert FRAME.contains(label)
            assert min(box(label).distance(way) for way in ways) > 0

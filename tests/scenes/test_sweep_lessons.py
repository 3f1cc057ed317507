"""The lessons about sweeps: the numbers they draw, and every kind of expression."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bpmath.symbols import E, Symbol, a, e, y, z
from scenes.stage.lesson import Lesson
from scenes.stage.theme import Role
from scenes.sweeps import ForwardMode, ForwardVersusReverse, NetworkAsGraph, ReverseMode
from tests.scenes.expressions import EXPRESSIONS
from tests.scenes.lessons import NETWORKS, in_turn, named, perform, some

A, B, E1 = Symbol("a"), Symbol("b"), Symbol("e")
CASES: dict[str, dict[str, Any]] = {
    "default": {},
    "fork": {"expression": EXPRESSIONS["fork of three"], "language": "zh"},
    "max": {"expression": EXPRESSIONS["max"], "theme": "light"},
    "one gate, without numbers": {"expression": EXPRESSIONS["one gate"], "numbers": False},
    "nested, without captions": {"expression": EXPRESSIONS["nested"], "captions": "off"},
    "one input": {"expression": EXPRESSIONS["one input"], "language": "zh", "theme": "light"},
    "default, without numbers": {"numbers": False, "language": "zh"},
    "twenty gates": {"expression": EXPRESSIONS["twenty gates"]},
    "fork, without numbers": {"expression": EXPRESSIONS["fork of three"], "numbers": False},
    "twenty gates, without numbers": {"expression": EXPRESSIONS["twenty gates"], "numbers": False},
}
# The example, a network of which a part is drawn, and one that is too large; then the others.
PARTS = dict.fromkeys(("example", "deep", "wide", *NETWORKS))
LESSONS: list[type[Lesson]] = [ForwardMode, ReverseMode, ForwardVersusReverse]


@pytest.mark.parametrize(("lesson", "name"), in_turn(LESSONS, CASES), ids=named)
def test_every_still_is_in_order(lesson: type[Lesson], name: str, media: Path) -> None:
    performance = perform(lesson, CASES[name], media)
    scene = performance.lesson
    performance.check()
    assert scene.time < 120
    if name == "default":
        assert scene.time > 20


def test_a_forward_sweep_carries_the_derivatives_by_its_input(media: Path) -> None:
    performance = perform(ForwardMode, {}, media)
    scene = performance.lesson
    assert isinstance(scene, ForwardMode)
    # e = (a + b)(b + 1) at 2, 1: by b it is (b + 1) + (a + b), by a it is b + 1.
    for said in ("∂e/∂b = 2 · 1 + 3 · 1", "∂e/∂b = 5", "∂e/∂a = 2"):
        assert said in performance.texts
    assert scene.sweep.start == A
    assert {symbol: scene.sweep.derivative[symbol] for symbol in (A, B, E1)} == {A: 1, B: 0, E1: 2}


def test_a_reverse_sweep_finds_the_whole_gradient(media: Path) -> None:
    performance = perform(ReverseMode, {}, media)
    scene = performance.lesson
    assert isinstance(scene, ReverseMode)
    assert scene.fork == B
    for said in ("∂e/∂b = 3 · 1 + 2 · 1", "∂e/∂b = 5", "∂e/∂a = 2"):
        assert said in performance.texts
    assert scene.sweep.cost.multiplications == 5
    assert scene.sweep.cost.additions == 1


def test_both_ways_are_counted(media: Path) -> None:
    scene = perform(ForwardVersusReverse, {}, media).lesson
    assert isinstance(scene, ForwardVersusReverse)
    # From a two edges are crossed, from b four that meet once; back all five, of which two meet at b.
    spent = (scene.forward_bar.spent, scene.reverse_bar.spent)
    assert [(cost.multiplications, cost.additions) for cost in spent] == [(6, 1), (5, 1)]


@pytest.mark.parametrize("name", some(PARTS, 3))
def test_the_four_equations_are_read_off_a_network(name: str, media: Path) -> None:
    performance = perform(NetworkAsGraph, NETWORKS[name], media)
    scene = performance.lesson
    assert isinstance(scene, NetworkAsGraph)
    performance.check()
    assert scene.parts.is_example == (name in ("softmax", "wide"))
    assert 20 < scene.time < 120


def test_the_part_for_one_error_has_the_derivatives_of_the_network(media: Path) -> None:
    scene = perform(NetworkAsGraph, {}, media).lesson
    assert isinstance(scene, NetworkAsGraph)
    part, network = scene.parts.last, scene.derivation.trace
    output, target = network[a(3, 1)], network[y(1)]
    # e = (a - y)^2 / 2 and a = 1 / (1 + exp(-z)): de/dz = (a - y) a (1 - a).
    expected = (output - target) * output * (1 - output)
    assert part.derivative(e(1), z(3, 1)) == pytest.approx(expected, rel=1e-12)
    assert network.derivative(E, z(3, 1)) == pytest.approx(expected, rel=1e-12)
    both = scene.parts.both
    assert both is not None
    assert both[e(1)] == pytest.approx(network[e(1)], rel=1e-12)


def test_the_activation_becomes_one_gate_and_every_arrow_says_its_derivative(media: Path) -> None:
    scene = perform(NetworkAsGraph, {}, media).lesson
    assert isinstance(scene, NetworkAsGraph)
    single, last = scene.parts.single.graph, scene.parts.last.graph
    between = [node.symbol for node in single.nodes if node.symbol.letter == "u"]
    assert len(between) == 3
    assert {node.symbol for node in single.nodes} - {node.symbol for node in last.nodes} == {*between}
    assert set(scene.labels) == set(scene.edges())
    theme = scene.theme
    colours = {
        (edge.source.letter, edge.target.letter): label.name_glyphs.glyphs[0].get_fill_color().to_hex()
        for edge, label in scene.labels.items()
    }
    assert colours["z", "a"] == theme[Role.ACTIVATION_DERIVATIVE]
    assert colours["w", "v"] == theme[Role.INPUT_DERIVATIVE]
    assert colours["a", "v"] == theme[Role.WEIGHT_DERIVATIVE]


def test_what_a_sweep_finds_is_written_as_large_as_the_map_where_there_is_room(media: Path) -> None:
    nested = {"expression": EXPRESSIONS["nested"], "numbers": False}
    scene = perform(ReverseMode, nested, media).lesson
    assert isinstance(scene, ReverseMode)
    assert scene.name_size == scene.map.size

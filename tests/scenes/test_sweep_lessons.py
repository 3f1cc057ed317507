"""The lessons about sweeps: the numbers they draw, and every kind of expression."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from bpmath.symbols import E, Symbol, a, e, y, z
from scenes.stage.lesson import Lesson
from scenes.sweeps import ForwardMode, ForwardVersusReverse, NetworkAsGraph, ReverseMode
from tests.scenes.drawn import recorded, unfounded
from tests.scenes.lessons import NETWORKS, perform

A, B, E1 = Symbol("a"), Symbol("b"), Symbol("e")
TERMS = ("ab", "cd", "fg", "hi", "jk", "lm", "no", "pq", "rs", "tu")
EXPRESSIONS: dict[str, dict[str, Any]] = {
    "fork": {"formula": "x*x*x + sin(x) * exp(x*y)", "at": {"x": 1.2, "y": 0.3}},
    "max": {"formula": "2 * (x*y + max(z, w))", "at": {"x": 3, "y": -4, "z": 2, "w": -1}},
    "nested": {"formula": "exp(sin(sqrt(1 + x**2))) * tanh(x*y)", "at": {"x": 0.7, "y": 0.4}},
    "twenty gates": {
        "formula": " + ".join(map("*".join, TERMS)) + " + 1",
        "at": dict.fromkeys("".join(TERMS), 0.5),
    },
    "one gate": {"formula": "x * y", "at": {"x": 2, "y": 3}},
    "one input": {"formula": "x * sin(x)", "at": {"x": 2}},
}
CASES: dict[str, dict[str, Any]] = {
    "default": {},
    "fork": {"expression": EXPRESSIONS["fork"], "language": "zh"},
    "max": {"expression": EXPRESSIONS["max"], "theme": "light"},
    "one gate, without numbers": {"expression": EXPRESSIONS["one gate"], "numbers": False},
    "nested, without captions": {"expression": EXPRESSIONS["nested"], "captions": "off"},
    "one input": {"expression": EXPRESSIONS["one input"], "language": "zh", "theme": "light"},
    "default, without numbers": {"numbers": False, "language": "zh"},
    "twenty gates": {"expression": EXPRESSIONS["twenty gates"]},
    "fork, without numbers": {"expression": EXPRESSIONS["fork"], "numbers": False},
    "twenty gates, without numbers": {"expression": EXPRESSIONS["twenty gates"], "numbers": False},
}
LESSONS: list[type[Lesson]] = [ForwardMode, ReverseMode, ForwardVersusReverse]


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for what the typesetter leaves behind."""
    return tmp_path_factory.mktemp("media")


def selection() -> list[tuple[type[Lesson], str]]:
    """Return for every lesson the default and two more cases, in turn; with ALL_CASES=1 all of them."""
    others = [name for name in CASES if name != "default"]
    if os.environ.get("ALL_CASES"):
        return [(lesson, name) for lesson in LESSONS for name in CASES]
    chosen = [(lesson, "default") for lesson in LESSONS]
    for number, lesson in enumerate(LESSONS):
        chosen += [(lesson, others[(2 * number + step) % len(others)]) for step in (0, 1)]
    return chosen


@pytest.mark.parametrize(("lesson", "name"), selection(), ids=lambda value: getattr(value, "__name__", value))
def test_every_still_is_in_order(lesson: type[Lesson], name: str, media: Path) -> None:
    with recorded() as drawn:
        scene, faults = perform(lesson, CASES[name], media)
    assert faults == []
    assert unfounded(scene, drawn) == []
    assert len(scene.beats) >= 5
    assert scene.time < 120
    if name == "default":
        assert scene.time > 20


def test_a_forward_sweep_carries_the_derivatives_by_its_input(media: Path) -> None:
    with recorded() as drawn:
        scene, _ = perform(ForwardMode, {}, media)
    assert isinstance(scene, ForwardMode)
    # e = (a + b)(b + 1) at 2, 1: by b it is (b + 1) + (a + b), by a it is b + 1.
    texts = [getattr(formula, "to_text", str)() for formula in drawn.formulas]
    for said in ("∂e/∂b = 2 · 1 + 3 · 1", "∂e/∂b = 5", "∂e/∂a = 2"):
        assert said in texts
    assert scene.sweep.start == A
    assert {symbol: scene.sweep.derivative[symbol] for symbol in (A, B, E1)} == {A: 1, B: 0, E1: 2}


def test_a_reverse_sweep_finds_the_whole_gradient(media: Path) -> None:
    with recorded() as drawn:
        scene, _ = perform(ReverseMode, {}, media)
    assert isinstance(scene, ReverseMode)
    assert scene.fork == B
    texts = [getattr(formula, "to_text", str)() for formula in drawn.formulas]
    for said in ("∂e/∂b = 3 · 1 + 2 · 1", "∂e/∂b = 5", "∂e/∂a = 2"):
        assert said in texts
    assert scene.sweep.cost.multiplications == 5
    assert scene.sweep.cost.additions == 1


def test_both_ways_are_counted(media: Path) -> None:
    scene, _ = perform(ForwardVersusReverse, {}, media)
    assert isinstance(scene, ForwardVersusReverse)
    # From a two edges are crossed, from b four that meet once; back all five, of which two meet at b.
    spent = (scene.forward_bar.spent, scene.reverse_bar.spent)
    assert [(cost.multiplications, cost.additions) for cost in spent] == [(6, 1), (5, 1)]


def networks() -> list[str]:
    """Return the example, one network whose part is drawn and one that is too large; all with ALL_CASES=1."""
    return [*NETWORKS] if os.environ.get("ALL_CASES") else ["example", "deep", "wide"]


@pytest.mark.parametrize("name", networks())
def test_the_four_equations_are_read_off_a_network(name: str, media: Path) -> None:
    with recorded() as drawn:
        scene, faults = perform(NetworkAsGraph, NETWORKS[name], media)
    assert isinstance(scene, NetworkAsGraph)
    assert faults == []
    assert unfounded(scene, drawn) == []
    assert scene.parts.is_example == (name in ("softmax", "wide"))
    assert 20 < scene.time < 120


def test_the_part_for_one_error_has_the_derivatives_of_the_network(media: Path) -> None:
    scene, _ = perform(NetworkAsGraph, {}, media)
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

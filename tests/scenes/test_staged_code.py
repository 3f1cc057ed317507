"""The program beside its graph: its numbers, and every kind of expression."""

from __future__ import annotations

import math
import os
from pathlib import Path
from typing import Any

import pytest

from bpmath.code import write_code
from bpmath.graph import Graph
from scenes.settings import settings_from
from scenes.stage.code_plan import CodeWindow, longest, plan_beside
from scenes.staged_code import StagedBackpropagation
from tests.scenes.drawn import recorded, unfounded
from tests.scenes.lessons import perform

TERMS = ("ab", "cd", "fg", "hi", "jk", "lm", "no", "pq", "rs", "tu")
FORK = {"formula": "x*x*x + sin(x) * exp(x*y)", "at": {"x": 1.2, "y": 0.3}}
MAX = {"formula": "2 * (x*y + max(z, w))", "at": {"x": 3, "y": -4, "z": 2, "w": -1}}
NESTED = {"formula": "exp(sin(sqrt(1 + x**2))) * tanh(x*y)", "at": {"x": 0.7, "y": 0.4}}
TWENTY = {"formula": " + ".join(map("*".join, TERMS)) + " + 1", "at": dict.fromkeys("".join(TERMS), 0.5)}
ONE = {"formula": "x * y", "at": {"x": 2, "y": 3}}
CASES: dict[str, dict[str, Any]] = {
    "default": {},
    "max": {"expression": MAX, "theme": "light", "language": "zh"},
    "one gate": {"expression": ONE, "captions": "off"},
    "fork": {"expression": FORK, "language": "zh"},
    "nested": {"expression": NESTED, "captions": "off"},
    "twenty gates": {"expression": TWENTY},
    "without numbers": {"numbers": False, "theme": "light"},
    "a number alone": {"expression": {"formula": "2 + 3"}},
}
CHOSEN = CASES if os.environ.get("ALL_CASES") else ["default", "max", "one gate"]


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for what the typesetter leaves behind."""
    return tmp_path_factory.mktemp("media")


@pytest.mark.parametrize("name", CHOSEN)
def test_every_still_is_in_order(name: str, media: Path) -> None:
    with recorded() as drawn:
        scene, faults = perform(StagedBackpropagation, CASES[name], media)
    assert faults == []
    assert unfounded(scene, drawn) == []
    assert len(scene.beats) >= 5
    assert 20 < scene.time < 120


def test_the_numbers_of_the_lesson(media: Path) -> None:
    with recorded() as drawn:
        scene, _ = perform(StagedBackpropagation, {}, media)
    assert isinstance(scene, StagedBackpropagation)
    # The staged lines of the notes (CS231n) on their numbers.
    x, y = 3.0, -4.0
    sigy, sigx, xpy = 1 / (1 + math.exp(-y)), 1 / (1 + math.exp(-x)), x + y
    num, den = x + sigy, sigx + xpy**2
    dnum, dden = 1 / den, -num / den**2
    dx = dnum + dden * (2 * xpy + (1 - sigx) * sigx)
    dy = dnum * (1 - sigy) * sigy + dden * 2 * xpy
    values = [x, y, sigy, num, sigx, xpy, xpy**2, den, num / den]
    for number in (*values, dnum, dden, dden * 2 * xpy, dx, dy):
        assert any(math.isclose(number, shown, rel_tol=1e-9) for shown in drawn.numbers), number
    assert [len(scene.code.forward), len(scene.code.backward)] == [7, 12]


@pytest.mark.parametrize("name", CASES)
def test_code_stands_where_it_can_be_read(name: str) -> None:
    shown = settings_from(CASES[name]).expression
    graph = shown.trace.graph if shown else Graph.from_expression("(x + sigmoid(y)) / (x + y) ** 2", "f")
    code = write_code(graph)
    plan = plan_beside(graph, code)
    for window, lines in ((plan.forward, code.forward), (plan.backward, code.backward)):
        assert window.rows >= min(2, len(lines))
        assert window.columns >= longest(code)
        assert window.rows * window.pitch <= window.zone.height + 1e-6
    assert apart(plan.forward, plan.backward)


def apart(one: CodeWindow, other: CodeWindow) -> bool:
    return one.zone.right <= other.zone.left or other.zone.top <= one.zone.bottom

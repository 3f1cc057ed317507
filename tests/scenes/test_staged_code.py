"""The program beside its graph: its numbers, and every kind of expression."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from bpmath.code import write_code
from bpmath.graph import Graph
from scenes.settings import settings_from
from scenes.stage.code_plan import CodeWindow, longest, plan_beside
from scenes.staged_code import StagedBackpropagation
from tests.scenes.expressions import EXPRESSIONS
from tests.scenes.lessons import perform, some

CASES: dict[str, dict[str, Any]] = {
    "default": {},
    "max": {"expression": EXPRESSIONS["max"], "theme": "light", "language": "zh"},
    "one gate": {"expression": EXPRESSIONS["one gate"], "captions": "off"},
    "fork": {"expression": EXPRESSIONS["fork of three"], "language": "zh"},
    "nested": {"expression": EXPRESSIONS["nested"], "captions": "off"},
    "twenty gates": {"expression": EXPRESSIONS["twenty gates"]},
    "without numbers": {"numbers": False, "theme": "light"},
    "a number alone": {"expression": {"formula": "2 + 3"}},
}


@pytest.mark.parametrize("name", some(CASES, 3))
def test_every_still_is_in_order(name: str, media: Path) -> None:
    performance = perform(StagedBackpropagation, CASES[name], media)
    scene = performance.lesson
    performance.check()
    assert 20 < scene.time < 120


def test_the_numbers_of_the_lesson(media: Path) -> None:
    performance = perform(StagedBackpropagation, {}, media)
    scene = performance.lesson
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
        assert any(math.isclose(number, shown, rel_tol=1e-9) for shown in performance.drawn.numbers), number
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

"""The program beside its graph: its numbers, and every kind of expression."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from bpmath.code import write_code
from bpmath.graph import Graph
from scenes.settings import settings_from
from scenes.stage.code_board import CodeBoard
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
    windows = ((plan.alone, code.forward), (plan.forward, code.forward), (plan.backward, code.backward))
    for window, lines in windows:
        assert window.rows >= min(2, len(lines))
        assert window.columns >= longest(code)
        assert window.rows * window.pitch <= window.zone.height + 1e-6
    assert apart(plan.forward, plan.backward)


def test_a_long_program_fills_the_width_in_strips(media: Path) -> None:
    shown = settings_from(CASES["twenty gates"]).expression
    assert shown is not None
    code = write_code(shown.trace.graph)
    plan = plan_beside(shown.trace.graph, code)
    assert plan.alone.strips == 2 * plan.forward.strips == 2 * plan.backward.strips == 4
    assert plan.alone.strip_width * plan.alone.strips > plan.alone.zone.width
    board = CodeBoard(code.forward, settings_from({}).theme, plan.alone)
    for number in range(len(code.forward)):
        board.scroll(number)
        line = board.ready(number)
        assert plan.alone.zone.contains(line, tolerance=0.05), number
    seen = [number for number in range(len(code.forward)) if board.shows(number)]
    # Whole strips leave, so that no line jumps from the top of one to the foot of another.
    assert seen == list(range(9, 20))
    board.move_into(plan.forward)
    assert [number for number in range(20) if board.shows(number)] == list(range(15, 20))


def test_the_choice_of_a_gate_is_put_in_words(media: Path) -> None:
    scene = perform(StagedBackpropagation, {"expression": EXPRESSIONS["max"]}, media).lesson
    assert "choice" in [beat.name for beat in scene.beats]


def apart(one: CodeWindow, other: CodeWindow) -> bool:
    return one.zone.right <= other.zone.left or other.zone.top <= one.zone.bottom

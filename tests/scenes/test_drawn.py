"""What was typed by hand would be found among what was drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from manim import tempconfig

from bpmath.algebra import Derivative, Number, Quantity
from bpmath.equations import Equation
from bpmath.symbols import E, w
from scenes.settings import settings_from
from scenes.stage import formula, typeset
from scenes.stage.lesson import Lesson
from tests.scenes.drawn import Drawn, recorded, unexecuted, unfounded


@pytest.fixture
def lesson(tmp_path: Path) -> Iterator[Lesson]:
    with tempconfig({"dry_run": True, "media_dir": str(tmp_path), "verbosity": "ERROR"}):
        made = Lesson(settings=settings_from({}))
        made.setup()
        yield made


def drawn_by(draw: Callable[[], Any]) -> Drawn:
    with recorded() as drawn:
        draw()
    return drawn


def test_an_executed_equation_and_its_values_are_founded(lesson: Lesson) -> None:
    equation = lesson.derivation.path_sum(w(1, 1, 1))

    def draw() -> None:
        lesson.formula(equation)
        formula.number_mobject(equation.value, "#ffffff")
        formula.number_mobject(equation.rhs.operands[0].evaluate(equation.values), "#ffffff")

    assert unfounded(lesson, drawn_by(draw)) == []


def test_a_typed_number_is_found(lesson: Lesson) -> None:
    drawn = drawn_by(lambda: (lesson.formula(Quantity(E)), formula.number_mobject(0.123, "#ffffff")))
    assert unfounded(lesson, drawn) == ["the number 0.123 is the value of nothing that was drawn"]


def test_typed_mathematics_is_found(lesson: Lesson) -> None:
    drawn = drawn_by(lambda: typeset.set_mathematics(lambda mark: "z = w x + b", 48, "#ffffff"))
    assert drawn.makers == {(__name__, "<lambda>")}
    assert len(unfounded(lesson, drawn)) == 1


def test_a_false_equation_is_found(lesson: Lesson) -> None:
    equation = Equation(Derivative(E, w(1, 1, 1)), Derivative(E, w(1, 1, 1)), lesson.derivation.values)
    assert unexecuted(equation) == []
    object.__setattr__(equation, "rhs", Number(1.0))
    assert len(unexecuted(equation)) == 1


def test_the_recorder_leaves_the_stage_as_it_was(lesson: Lesson) -> None:
    with recorded() as drawn:
        pass
    lesson.formula(Quantity(E))
    assert drawn.formulas == []

"""A line worked out: symbols, their values, and the result that the equation is executed to."""

from __future__ import annotations

from typing import Any

import pytest
from manim import Animation, AnimationGroup

import bpmath as bp
from bpmath.algebra import Number, Quantity
from bpmath.equations import Equation
from scenes.stage.formula import Formula, number_mobject
from scenes.stage.layout import Zone
from scenes.stage.relabelling import alike
from scenes.stage.theme import DARK, Role
from scenes.stage.typeset import Glyph
from scenes.stage.worked_line import WorkedLine

WIDE, NARROW = Zone(-7.0, 7.0, -0.8, 0.8), Zone(-1.5, 1.5, -0.6, 0.6)
SIZE = 40.0


def formula(what: Any, size: float = SIZE, **options: Any) -> Formula:
    return Formula(what, DARK, size, **options)


def worked(equation: Equation, zone: Zone = WIDE, numbers: bool = True) -> WorkedLine:
    return WorkedLine(formula(equation), formula, zone, numbers, Role.VALUE)


def weighted_sum(example: bp.Derivation) -> Equation:
    return example.definition(bp.z(1, 1))


def reads(glyphs: Any, value: float) -> bool:
    """Tell whether glyphs are those of a number as the stage writes it."""
    expected = number_mobject(value, DARK[Role.INK], SIZE).glyphs
    found = [glyph for glyph in glyphs.get_family() if isinstance(glyph, Glyph)]
    return len(found) == len(expected) and all(map(alike, found, expected))


def arriving(animation: Animation | None) -> set[int]:
    assert animation is not None
    return {id(glyph) for glyph in _shown(animation)}


def _shown(animation: Animation) -> list[Glyph]:
    if isinstance(animation, AnimationGroup):
        return [glyph for part in animation.animations for glyph in _shown(part)]
    mobject = getattr(animation, "target_mobject", None) or animation.mobject
    return [glyph for glyph in mobject.get_family() if isinstance(glyph, Glyph)]


def test_symbols_values_and_result_stand_in_one_line(example: bp.Derivation) -> None:
    line = worked(weighted_sum(example))
    assert line.symbols.get_right()[0] < line.values.get_left()[0]
    assert line.values.get_right()[0] < line.result.get_left()[0]
    assert WIDE.contains(line)
    assert line.get_center()[:2] == pytest.approx(WIDE.centre[:2])
    assert reads(line.answer, example.values.value(bp.z(1, 1)))


def test_the_result_has_its_colour(example: bp.Derivation) -> None:
    line = worked(weighted_sum(example))
    assert {glyph.get_fill_color().to_hex() for glyph in line.answer} == {DARK[Role.VALUE]}


def test_values_are_left_out_where_there_is_no_room(example: bp.Derivation) -> None:
    line = worked(weighted_sum(example), NARROW)
    assert not len(line.values)
    assert line.values_arrive(1.0) is None
    assert line.result_arrives(1.0) is not None
    assert NARROW.contains(line)


def test_without_numbers_the_symbols_are_the_answer(example: bp.Derivation) -> None:
    line = worked(weighted_sum(example), numbers=False)
    assert not len(line.values) and not len(line.result)
    assert (line.values_arrive(1.0), line.result_arrives(1.0)) == (None, None)
    assert {id(glyph) for glyph in line.answer} == {id(glyph) for glyph in line.symbols.at((1,))}


def test_a_number_is_not_worked_out(example: bp.Derivation) -> None:
    value = example.values.value(bp.E)
    line = worked(Equation(Quantity(bp.E), Number(value), example.values))
    assert not len(line.values) and not len(line.result)


def test_everything_that_is_shown_has_arrived(example: bp.Derivation) -> None:
    line = worked(weighted_sum(example))
    values = {id(glyph) for glyph in line.values.get_family() if isinstance(glyph, Glyph)}
    assert values <= arriving(line.values_arrive(1.0))
    result = {id(glyph) for glyph in line.result.get_family() if isinstance(glyph, Glyph)}
    assert result <= arriving(line.result_arrives(1.0))

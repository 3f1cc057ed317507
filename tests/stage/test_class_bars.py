"""Bars of classes: as high as their values, on one line, and of many classes the first and the last."""

from __future__ import annotations

import pytest

from bpmath.softmax import p
from scenes.stage.class_bars import ClassBars, shown_classes
from scenes.stage.formula import Formula
from scenes.stage.layout import BARS_LEFT, BARS_MOST, LEAST_SIZE
from scenes.stage.theme import DARK, Role


def bars_of(values: list[float], **options: float | bool) -> ClassBars:
    names = [Formula(p(k), DARK, 42.0) for k in shown_classes(len(values)) if k is not None]
    return ClassBars(values, names, DARK, BARS_LEFT, Role.VALUE, **options)  # type: ignore[arg-type]


def test_few_classes_are_all_shown_and_many_with_a_gap() -> None:
    assert shown_classes(3) == [1, 2, 3]
    assert shown_classes(BARS_MOST) == list(range(1, BARS_MOST + 1))
    many = shown_classes(50)
    assert many[-1] == 50
    assert many[-2] is None
    assert len(many) == BARS_MOST


def test_bars_are_as_high_as_their_values() -> None:
    bars = bars_of([0.42, 1.3, -0.6])
    heights = [bars.bars[k].height for k in (1, 2, 3)]
    assert heights[1] / heights[0] == pytest.approx(1.3 / 0.42)
    assert heights[2] / heights[0] == pytest.approx(0.6 / 0.42)
    level = bars.line.get_y()
    assert bars.bars[1].get_bottom()[1] == pytest.approx(level)
    assert bars.bars[3].get_top()[1] == pytest.approx(level)
    assert all(
        BARS_LEFT.contains(part)
        for part in bars.submobjects
        if len(part.get_family()) > 1 or len(part.points)
    )


def test_room_is_kept_for_a_bar_that_grows() -> None:
    bars = bars_of([0.2, 0.3], most=1.0)
    assert BARS_LEFT.contains(bars.bar(1, 1.0))
    assert bars.bar(1, 1.0).height == pytest.approx(5 * bars.bars[1].height)


def test_an_outline_is_wider_than_its_bar() -> None:
    bars = bars_of([0.2, 0.8])
    outline = bars.outline(1, 0.5, Role.TARGET)
    assert outline.width > bars.bars[1].width
    assert outline.height == pytest.approx(2.5 * bars.bars[1].height)


def test_numbers_stand_above_or_below_and_can_be_left_out() -> None:
    bars = bars_of([0.5, -0.5])
    assert bars.numbers[1].get_bottom()[1] > bars.bars[1].get_top()[1]
    assert bars.numbers[2].get_top()[1] < bars.bars[2].get_bottom()[1]
    assert min(number.font_size for number in bars_of([0.0123] * 40).numbers.values()) >= LEAST_SIZE - 0.01
    assert len(bars.column(1)) == 2
    assert len(bars_of([0.5, -0.5], with_numbers=False).column(1)) == 1

"""Equations that stand together: equals signs below each other, rows level, columns apart."""

from __future__ import annotations

from itertools import pairwise

import pytest

import bpmath as bp
from scenes.stage.alignment import aligned, side_by_side
from scenes.stage.formula import Formula
from scenes.stage.layout import COLUMN_GAP, GRID_GAP
from scenes.stage.theme import DARK

WEIGHTS = [bp.w(3, 1, 1), bp.w(2, 1, 2), bp.w(1, 1, 1)]
"""From a short equation to a long and high one."""


def column(example: bp.Derivation, size: float = 30.0) -> list[Formula]:
    return [Formula(example.path_sum(weight), DARK, size) for weight in WEIGHTS]


def test_equals_signs_stand_below_each_other(example: bp.Derivation) -> None:
    formulas = column(example)
    assert len({round(formula.width, 3) for formula in formulas}) == len(formulas)
    whole = aligned(formulas)
    assert [formula.equals.get_x() for formula in formulas] == pytest.approx([0.0] * 3, abs=1e-9)
    for upper, lower in pairwise(formulas):
        assert upper.get_bottom()[1] - lower.get_top()[1] == pytest.approx(GRID_GAP)
    assert list(whole) == formulas


def test_columns_stand_apart_and_their_rows_level(example: bp.Derivation) -> None:
    columns = [column(example), column(example)[::-1]]
    side_by_side(columns)
    for left, right in zip(*columns, strict=True):
        assert left.equals.get_y() == pytest.approx(right.equals.get_y())
    ends = [max(formula.get_right()[0] for formula in columns[0])]
    ends.append(min(formula.get_left()[0] for formula in columns[1]))
    assert ends[1] - ends[0] == pytest.approx(COLUMN_GAP)
    rows = list(zip(*columns, strict=True))
    for upper, lower in pairwise(rows):
        gap = min(one.get_bottom()[1] for one in upper) - max(one.get_top()[1] for one in lower)
        assert gap == pytest.approx(GRID_GAP)


def test_columns_of_different_lengths_are_only_aligned(example: bp.Derivation) -> None:
    columns = [column(example), column(example)[:1]]
    side_by_side(columns)
    assert len({round(float(formula.equals.get_x()), 6) for formula in columns[0]}) == 1
    middle = (columns[0][0].get_top()[1] + columns[0][-1].get_bottom()[1]) / 2
    assert columns[1][0].get_y() == pytest.approx(middle)

"""Equations in rows and columns: of one size, level, their equals signs below each other, inside."""

from __future__ import annotations

from itertools import pairwise

import pytest

import bpmath as bp
from scenes.stage.equation_grid import cell, of_one_size, set_level
from scenes.stage.formula import Formula
from scenes.stage.layout import TRACE_COLUMN_GAP, TRACE_ROW_GAP, Zone
from scenes.stage.theme import DARK

ZONE = Zone(-6.0, 6.0, -1.0, 3.0)


def grid(example: bp.Derivation) -> list[list[Formula]]:
    """The equations of the last layer, of different sizes."""
    return [[Formula(example.path_sum(bp.w(3, k, j)), DARK, 36.0 + k + j) for j in (1, 2)] for k in (1, 2)]


def test_cells_share_a_zone() -> None:
    room = cell(ZONE, rows=2, columns=3)
    assert 3 * room.width + 2 * TRACE_COLUMN_GAP == pytest.approx(ZONE.width)
    assert 2 * room.height + TRACE_ROW_GAP == pytest.approx(ZONE.height)
    assert (room.left, room.top) == (ZONE.left, ZONE.top)


def test_the_smallest_size_is_that_of_all(example: bp.Derivation) -> None:
    formulas = [formula for row in grid(example) for formula in row]
    of_one_size(formulas)
    assert [formula.font_size for formula in formulas] == pytest.approx([38.0] * 4)


def test_equations_stand_in_rows_and_columns(example: bp.Derivation) -> None:
    rows = grid(example)
    set_level(rows, ZONE)
    for row in rows:
        assert row[0].equals.get_y() == pytest.approx(row[1].equals.get_y())
        assert row[0].get_right()[0] < row[1].get_left()[0]
    for column in zip(*rows, strict=True):
        assert column[0].equals.get_x() == pytest.approx(column[1].equals.get_x())
        assert column[0].get_bottom()[1] > column[1].get_top()[1]
    assert all(ZONE.contains(formula) for row in rows for formula in row)


def test_they_stand_in_the_middle(example: bp.Derivation) -> None:
    rows = grid(example)
    set_level(rows, ZONE)
    formulas = [formula for row in rows for formula in row]
    left = min(formula.get_left()[0] for formula in formulas)
    right = max(formula.get_right()[0] for formula in formulas)
    above = ZONE.top - max(formula.get_top()[1] for formula in formulas)
    below = min(formula.get_bottom()[1] for formula in formulas) - ZONE.bottom
    assert (left + right) / 2 == pytest.approx(ZONE.centre[0])
    assert above == pytest.approx(below, abs=0.05)


def test_room_is_kept_below_each_row(example: bp.Derivation) -> None:
    rows = [[formula] for row in grid(example)[:1] for formula in row]
    set_level(rows, ZONE, reserve=0.5, from_top=True)
    assert rows[0][0].get_top()[1] == pytest.approx(ZONE.top)
    for (upper,), (lower,) in pairwise(rows):
        assert upper.get_bottom()[1] - lower.get_top()[1] >= 0.5
    assert rows[-1][0].get_bottom()[1] - ZONE.bottom >= 0.5

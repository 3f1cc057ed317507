"""Equations in rows and columns: of one size, their equals signs below each other."""

from __future__ import annotations

from collections.abc import Sequence

from manim import DOWN, RIGHT, UP

from scenes.stage.formula import Formula
from scenes.stage.layout import TRACE_COLUMN_GAP, TRACE_ROW_GAP, Zone

Grid = Sequence[Sequence[Formula]]


def cell(zone: Zone, rows: int, columns: int) -> Zone:
    """Return the room that each of so many equations has in a zone, as a zone at the zone's upper left."""
    width = (zone.width - TRACE_COLUMN_GAP * (columns - 1)) / columns
    height = (zone.height - TRACE_ROW_GAP * (rows - 1)) / rows
    return Zone(zone.left, zone.left + width, zone.top - height, zone.top)


def of_one_size(formulas: Sequence[Formula]) -> None:
    """Scale formulas down to the size of the smallest."""
    size = min(formula.font_size for formula in formulas)
    for formula in formulas:
        formula.scale(size / formula.font_size)


def set_level(grid: Grid, zone: Zone, reserve: float = 0.0, *, from_top: bool = False) -> None:
    """Set equations in rows and columns, evenly spaced, into a zone; below each row `reserve` is kept free.

    With `from_top` the first row stands at the upper rim of the zone.
    """
    of_one_size([formula for row in grid for formula in row])
    heights = [max(formula.height for formula in row) + reserve for row in grid]
    free = (zone.height - sum(heights)) / len(grid)
    top = zone.top if from_top else zone.top - free / 2
    for row, height in zip(grid, heights, strict=True):
        for formula in row:
            formula.shift(UP * (top - formula.get_top()[1]))
        for formula in row[1:]:
            formula.shift(DOWN * (formula.equals.get_y() - row[0].equals.get_y()))
        top -= height + free
    left = 0.0
    for column in zip(*grid, strict=True):
        before = max(_before(formula) for formula in column)
        for formula in column:
            formula.shift(RIGHT * (left + before - formula.equals.get_x()))
        left = max(float(formula.get_right()[0]) for formula in column) + TRACE_COLUMN_GAP
    shift = zone.centre[0] - (left - TRACE_COLUMN_GAP) / 2
    for row in grid:
        for formula in row:
            formula.shift(RIGHT * shift)


def _before(formula: Formula) -> float:
    return float(formula.equals.get_x() - formula.get_left()[0])

"""Equations that stand together: equals sign below equals sign, columns side by side."""

from __future__ import annotations

from collections.abc import Sequence

from manim import DOWN, LEFT, RIGHT, UP, VGroup

from scenes.stage import layout
from scenes.stage.formula import Formula


def aligned(formulas: Sequence[Formula], gap: float = layout.GRID_GAP) -> VGroup:
    """Set equations one below the other, equals sign below equals sign, and return them as a group."""
    column = VGroup(*formulas).arrange(DOWN, buff=gap)
    for formula in formulas:
        formula.shift(LEFT * formula.equals.get_x())
    return column


def side_by_side(columns: Sequence[Sequence[Formula]]) -> VGroup:
    """Set columns of equations side by side; in columns of equal length the equations stand level."""
    whole = VGroup(*map(aligned, columns)).arrange(RIGHT, buff=layout.COLUMN_GAP)
    if len({len(column) for column in columns}) == 1:
        edge = float(whole.get_top()[1])
        for row in zip(*columns, strict=True):
            level = edge - max(float(one.get_top()[1] - one.equals.get_y()) for one in row)
            for one in row:
                one.shift(UP * (level - one.equals.get_y()))
            edge = min(float(one.get_bottom()[1]) for one in row) - layout.GRID_GAP
    return whole

"""Equations too long for one line, broken before plus signs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from manim import DOWN, RIGHT

from scenes.stage import typeset
from scenes.stage.formula import Formula
from scenes.stage.layout import AFTER_EQUALS, LINE_SIZES, LINE_SPACE, SHORTEST_LINE


@dataclass(frozen=True)
class _Plus:
    """A plus sign: where it stands, and how deep inside other terms."""

    left: float
    depth: int


def in_lines(formula: Formula, width: float, gap: float = LINE_SPACE) -> Formula:
    """Break a formula into lines of a width, before the plus signs that are least deep inside; return it.

    The lines after the first begin behind the equals sign, and are pieces of their own.
    """
    if formula.width <= width:
        return formula
    size, left, height = formula.font_size, formula.get_left()[0], formula.height
    indent = formula.equals.get_right()[0] + AFTER_EQUALS - left
    starts = [left, *_breaks(formula, width, indent)]
    pieces = [formula.piece, *(typeset.next_serial_number() for _ in starts[1:])]
    for glyph in formula.glyphs:
        line = sum(start <= glyph.get_x() for start in starts) - 1
        if line > 0:
            glyph.shift(RIGHT * (left + indent - starts[line]) + DOWN * line * (height + gap))
            glyph.piece = pieces[line]
    formula.relaid(size)
    return formula


def _breaks(formula: Formula, width: float, indent: float) -> list[float]:
    """Return where the lines after the first begin."""
    signs = [
        _Plus(glyph.get_left()[0], len(glyph.place.position))
        for glyph in formula.glyphs
        if glyph.place.part.startswith("plus")
    ]
    breaks: list[float] = []
    start, room = formula.get_left()[0], width
    while formula.get_right()[0] - start > room:
        near = [sign for sign in signs if start < sign.left <= start + room]
        full = [sign for sign in near if sign.left > start + SHORTEST_LINE * room] or near
        if not full:
            break
        start = min(full, key=lambda sign: (sign.depth, -sign.left)).left
        room = width - indent
        breaks.append(start)
    return breaks


def largest_in_lines(
    make: Callable[[float], Formula], width: float, height: float, sizes: Sequence[float] = LINE_SIZES
) -> Formula:
    """Return the formula that `make` gives for the largest of some sizes at which its lines fit.

    ValueError when it does not fit at any.
    """
    for size in sizes:
        formula = in_lines(make(size), width)
        if formula.width <= width and formula.height <= height:
            return formula
    raise ValueError(f"formula: in lines of {width:.1f} it does not fit into {height:.1f} at {sizes[-1]:.0f}")

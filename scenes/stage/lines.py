"""Equations too long for one line: broken at plus signs, further lines set in to the right-hand side.

Each further line is a typeset piece of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from manim import DOWN, RIGHT, VGroup
from numpy.typing import NDArray

from bpmath.trees import Position
from scenes.stage.formula import EPSILON, Formula
from scenes.stage.layout import LEAST_EQUATION_SIZE
from scenes.stage.typeset import Glyph, stand_alone

MOST_LINES = 8
BROKEN_LINE_GAP = 0.22


def set_in_lines(
    formula: Formula,
    width: float,
    height: float,
    most_size: float,
    *,
    line_for_each_term: bool = False,
    line_for_each_plus: bool = False,
) -> bool:
    """Break an equation into as few lines as width and height ask for, as large as they then allow.

    With `line_for_each_term` each term of the outermost sum has a line, where they fit; with
    `line_for_each_plus` also each term of the sums inside.  Returns whether the equation could be set at
    a legible size; if not, it is left as it was.
    """
    measured = _measured(formula)
    sizes = range(int(most_size), int(LEAST_EQUATION_SIZE) - 1, -1)
    terms = [plus.x for plus in measured.pluses if plus.depth == 1 or line_for_each_plus]
    if (line_for_each_term or line_for_each_plus) and terms:
        for size in sizes:
            if measured.fits(terms, size, width, height):
                _break(formula, measured, terms, size)
                return True
    for lines in range(1, MOST_LINES + 1):
        for size in sizes:
            breaks = measured.breaks(width * measured.size / size)
            if breaks is not None and len(breaks) < lines and measured.fits(breaks, size, width, height):
                _break(formula, measured, breaks, size)
                return True
    return False


@dataclass(frozen=True)
class _Plus:
    """A plus sign: where its left edge is, and how deep inside brackets it stands."""

    x: float
    depth: int


@dataclass(frozen=True)
class _Measured:
    """What is to be known of an equation in one line to break it."""

    size: float
    lefts: NDArray[np.float64]
    rights: NDArray[np.float64]
    pluses: list[_Plus]
    inset: float
    height: float

    def breaks(self, width: float) -> list[float] | None:
        """Return the places to break at, before the outermost signs that can be; None for a part too wide."""
        breaks: list[float] = []
        start, end, room = self.lefts.min(), self.rights.max(), width
        while end - start > room + EPSILON:
            here = [plus for plus in self.pluses if start + EPSILON < plus.x <= start + room]
            if not here:
                return None
            depth = min(plus.depth for plus in here)
            start, room = [plus.x for plus in here if plus.depth == depth][-1], width - self.inset
            breaks.append(start)
        return breaks

    def fits(self, breaks: list[float], size: float, width: float, height: float) -> bool:
        """Tell whether the lines between breaks, at a size, keep within width and height."""
        scale = size / self.size
        widths = [
            float(self.rights[line].max() - self.lefts[line].min() + (self.inset if number else 0.0))
            for number, line in enumerate(self.lines(breaks))
        ]
        tall = (len(breaks) + 1) * (self.height * scale + BROKEN_LINE_GAP) - BROKEN_LINE_GAP
        return max(widths) * scale <= width + EPSILON and tall <= height + EPSILON

    def lines(self, breaks: list[float]) -> list[NDArray[np.intp]]:
        """Return which glyphs stand on each line."""
        numbers = np.searchsorted(np.array(breaks) - EPSILON, (self.lefts + self.rights) / 2)
        return [np.flatnonzero(numbers == line) for line in range(len(breaks) + 1)]


def _measured(formula: Formula) -> _Measured:
    glyphs = formula.glyphs
    lefts = np.array([glyph.get_left()[0] for glyph in glyphs])
    rights = np.array([glyph.get_right()[0] for glyph in glyphs])
    pluses = [
        _Plus(float(left), len(glyph.place.position))
        for glyph, left in zip(glyphs, lefts, strict=True)
        if glyph.place.part.startswith("plus")
    ]
    # Further lines begin where the right-hand side does: behind the equals sign.
    inset = float(formula.equals.get_right()[0] - lefts.min())
    return _Measured(formula.font_size, lefts, rights, pluses, inset, formula.height)


def _break(formula: Formula, measured: _Measured, breaks: list[float], size: float) -> None:
    scale = size / measured.size
    formula.scale(scale)
    step, left = formula.height + BROKEN_LINE_GAP, formula.get_left()[0] + measured.inset * scale
    glyphs = formula.glyphs
    for number, indices in enumerate(measured.lines(breaks)):
        if number:
            line = VGroup(*(glyphs[index] for index in indices))
            stand_alone(line)
            line.shift(DOWN * step * number + RIGHT * (left - line.get_left()[0]))
    formula.relaid(size)


def signs_before(formula: Formula) -> dict[Position, VGroup]:
    """Return for every term without parts the signs that are written between it and the term before it.

    Those behind the last term, closing brackets, go with it.
    """
    owners = {
        id(glyph): position
        for position, term in formula.positions
        if not term.operands
        for glyph in formula.at(position)
    }
    signs: dict[Position, VGroup] = {}
    waiting: list[Glyph] = []
    last: Position = ()
    for glyph in formula.glyphs:
        if id(glyph) not in owners:
            waiting.append(glyph)
        elif owners[id(glyph)] != last:
            last = owners[id(glyph)]
            signs[last] = VGroup(*waiting)
            waiting = []
    signs[last].add(*waiting)
    return signs

"""Equations too long for one line: broken at plus signs, further lines set in to the right-hand side."""

from __future__ import annotations

from manim import DOWN, RIGHT, VGroup

from bpmath.trees import Position
from scenes.stage.formula import EPSILON, Formula
from scenes.stage.layout import LEAST_EQUATION_SIZE
from scenes.stage.typeset import Glyph

MOST_LINES = 8
BROKEN_LINE_GAP = 0.22


def set_in_lines(
    formula: Formula, width: float, height: float, most_size: float, *, line_for_each_term: bool = False
) -> bool:
    """Break an equation into as few lines as width and height ask for, as large as they then allow.

    With `line_for_each_term` each term of the outermost sum has a line, where they fit.  Returns whether
    the equation could be set at a legible size; if not, it is left as it was.
    """
    sizes = range(int(most_size), int(LEAST_EQUATION_SIZE) - 1, -1)
    wanted = [(lines, size) for lines in range(1, MOST_LINES + 1) for size in sizes]
    terms = _outermost(formula)
    if line_for_each_term and terms:
        for size in sizes:
            if _set(formula, terms, size, width, height):
                return True
    for lines, size in wanted:
        breaks = _breaks(formula, width * formula.font_size / size)
        if breaks is not None and len(breaks) < lines and _set(formula, breaks, size, width, height):
            return True
    return False


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


def _pluses(formula: Formula) -> list[Glyph]:
    return [glyph for glyph in formula.glyphs if glyph.place.part.startswith("plus")]


def _outermost(formula: Formula) -> list[Glyph]:
    """Return the plus signs of a sum that is the whole right-hand side."""
    return [plus for plus in _pluses(formula) if plus.place.position == (1,)]


def _breaks(formula: Formula, width: float) -> list[Glyph] | None:
    """Return the plus signs to break at, the outermost that can be; None when a part is too wide."""
    inset = _inset(formula)
    breaks: list[Glyph] = []
    start, end = formula.get_left()[0], formula.get_right()[0]
    room = width
    while end - start > room + EPSILON:
        here = [p for p in _pluses(formula) if start + EPSILON < p.get_left()[0] <= start + room]
        if not here:
            return None
        depth = min(len(plus.place.position) for plus in here)
        breaks.append([plus for plus in here if len(plus.place.position) == depth][-1])
        start, room = breaks[-1].get_left()[0], width - inset
    return breaks


def _inset(formula: Formula) -> float:
    """Return how far the lines below the first are set in: to just behind the equals sign."""
    return float(formula.equals.get_right()[0] - formula.get_left()[0])


def _set(formula: Formula, breaks: list[Glyph], size: float, width: float, height: float) -> bool:
    """Break at some plus signs, at a size; False when it does not fit then."""
    scale = size / formula.font_size
    lines = _lines(formula, breaks)
    ends = [VGroup(*line) for line in lines]
    inset = _inset(formula) * scale
    widths = [end.width * scale + (inset if index else 0.0) for index, end in enumerate(ends)]
    step = formula.height * scale + BROKEN_LINE_GAP
    if max(widths) > width + EPSILON or step * len(lines) - BROKEN_LINE_GAP > height + EPSILON:
        return False
    formula.scale(scale)
    left = formula.get_left()[0] + _inset(formula)
    for index, line in enumerate(ends[1:], 1):
        line.shift(DOWN * step * index + RIGHT * (left - line.get_left()[0]))
    formula.relaid(size)
    return True


def _lines(formula: Formula, breaks: list[Glyph]) -> list[list[Glyph]]:
    cuts = [plus.get_left()[0] - EPSILON for plus in breaks]
    lines: list[list[Glyph]] = [[] for _ in range(len(cuts) + 1)]
    for glyph in formula.glyphs:
        lines[sum(glyph.get_x() >= cut for cut in cuts)].append(glyph)
    return lines

"""Matrix equations that take the whole board: in one line or broken into two, with labels below each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from manim import DOWN, RIGHT, UP, Animation, MoveToTarget, VGroup, VMobject

from bpmath.matrices import MatrixExpression
from bpmath.matrix_algebra import Hadamard, MatrixProduct, Transpose
from bpmath.notation import Place
from bpmath.rewrites import Kind, Rewrite
from bpmath.trees import Position, at
from scenes.stage.formula import Formula, Written
from scenes.stage.layout import (
    BRACE_ROOM,
    DIM_OPACITY,
    EQUATION_SIZE,
    GROUPED_LABEL_SIZE,
    LABEL_CLEARANCE,
    LEAST_EQUATION_SIZE,
    SHAPE_GAP,
    SHAPE_ROOM,
    Zone,
)
from scenes.stage.matrix import matrices, shape_mobject
from scenes.stage.theme import Role
from scenes.stage.typeset import Glyph, Typeset


@dataclass(frozen=True)
class Lines:
    """A formula on the board, and the lines that its glyphs stand in."""

    formula: Formula
    lines: tuple[VGroup, ...]
    zone: Zone

    def below(self, position: Position, label: VGroup) -> VGroup:
        """Put a label below the line of the term at a position, in the middle of that term."""
        glyphs = self.formula.at(position)
        line = next(line for line in self.lines if any(glyph is glyphs[0] for glyph in line))
        return label.next_to(line, DOWN, buff=SHAPE_GAP).set_x(glyphs.get_x())

    def shapes(self) -> VGroup:
        """Return the shape of every matrix, below its line; none where there is no room."""
        labels = VGroup()
        for written in _with_transposes(self.formula):
            label = shape_mobject(written.term.shape, self.formula.theme[Role.QUIET], GROUPED_LABEL_SIZE)
            labels.add(self.below(written.position, label))
        crowded = any(_meet(*pair) for pair in pairwise(labels))
        return VGroup() if crowded else VGroup(*(label for label in labels if self.has_room_for(label)))

    def names(self, naming: Rewrite) -> VGroup:
        """Return the names that a rewrite gives to the matrices, below their shapes; none without room."""
        labels = VGroup()
        for origin in naming.correspondence:
            if origin.kind is Kind.MERGED:
                label = self._name(naming, origin.after)
                self.below(origin.before[0][:-1], label).shift(DOWN * SHAPE_ROOM)
                labels.add(label)
        return labels if all(self.has_room_for(label) for label in labels) else VGroup()

    def _name(self, naming: Rewrite, position: Position) -> Formula:
        """Return the name at a position of the rewritten equation, with the sign of its transpose."""
        around = at(naming.after, position[:-1])
        name = around if isinstance(around, Transpose) else at(naming.after, position)
        assert isinstance(name, MatrixExpression)
        formula = self.formula
        (origin,) = (origin for origin in naming.correspondence if origin.after == position)
        role = formula.role_at(origin.before[0]) or Role.INK
        named = Formula(name, formula.theme, LEAST_EQUATION_SIZE, notation=formula.notation)
        return named.set_fill(formula.theme[role])

    def has_room_for(self, below: VMobject) -> bool:
        """Tell whether something below a line is inside the zone, and clear of the other lines."""
        top, bottom = below.get_top()[1], below.get_bottom()[1]
        return self.zone.contains(below) and not any(bottom < line.get_top()[1] < top for line in self.lines)


def _meet(left: VMobject, right: VMobject) -> bool:
    level = abs(left.get_y() - right.get_y()) < left.height
    return level and bool(left.get_right()[0] + LABEL_CLEARANCE > right.get_left()[0])


def _with_transposes(formula: Formula) -> Iterator[Written[MatrixExpression]]:
    """Yield the matrices of a formula; one that is transposed as its transpose."""
    for written in matrices(formula):
        around = at(formula.what, written.position[:-1])
        if isinstance(around, Transpose):
            yield Written[MatrixExpression](written.position[:-1], around)
        else:
            yield written


def laid_out(formula: Formula, zone: Zone, most: float = EQUATION_SIZE) -> Lines | None:
    """Lay a formula out in a zone, with room for labels; None when it does not fit in two lines.

    The formula must come in the least size; it grows, up to the size `most`, where there is room.
    """
    height = zone.height - SHAPE_ROOM
    factor = min(most / LEAST_EQUATION_SIZE, zone.width / formula.width, height / formula.height)
    if factor >= 1:
        formula.scale(factor)
        lines: tuple[VGroup, ...] = (VGroup(*formula.glyphs),)
    else:
        lines = _in_two_lines(formula, zone)
    if not lines or formula.height > zone.height:
        return None
    formula.move_to(zone.centre + UP * min(SHAPE_ROOM, zone.height - formula.height) / 2)
    return Lines(formula, lines, zone)


def _in_two_lines(formula: Formula, zone: Zone) -> tuple[VGroup, ...]:
    """Break the right-hand side before the last factor before which the first line is short enough."""
    side = at(formula.what, (1,))
    if not isinstance(side, Hadamard | MatrixProduct):
        return ()
    for index in reversed(range(1, len(side.operands))):
        glyphs = _factors_from(index, len(side.operands), formula)
        moved, second = {id(glyph) for glyph in glyphs}, VGroup(*glyphs)
        first = VGroup(*(glyph for glyph in formula.glyphs if id(glyph) not in moved))
        if first.width <= zone.width and second.width <= zone.width:
            size = formula.font_size
            gap = min(BRACE_ROOM, max(SHAPE_ROOM, zone.height - SHAPE_ROOM - first.height - second.height))
            left = min(formula.at((1,)).get_left()[0], first.get_left()[0] + zone.width - second.width)
            second.shift(RIGHT * (left - second.get_left()[0]))
            second.shift(UP * (first.get_bottom()[1] - gap - second.get_top()[1]))
            formula.relaid(size)
            # A piece of its own: labels may stand between the lines.
            return first, Typeset(glyphs, size)
    return ()


def _factors_from(index: int, count: int, formula: Formula) -> list[Glyph]:
    numbers = range(index, count)
    signs, starts = (
        {Place((1,), f"times {number}") for number in numbers},
        [(1, number) for number in numbers],
    )
    return [glyph for glyph in formula.glyphs if glyph.place in signs or glyph.place.position[:2] in starts]


def one_below(above: Formula, below: Formula, gap: float, width: float) -> VGroup:
    """Set an equation below another, their equals signs in one line where the width allows it."""
    both = VGroup(above, below).arrange(DOWN, buff=gap)
    level = RIGHT * (above.equals.get_x() - below.equals.get_x())
    below.shift(level)
    if both.width > width:
        below.shift(-level)
    return both


# -- light ------------------------------------------------------------------------------------------------


def merging(rewrite: Rewrite) -> list[Position]:
    """Return the positions, before a rewrite, of all terms that fall together with their likes."""
    found: list[Position] = []
    for origin in rewrite.correspondence:
        terms = [at(rewrite.before, position) for position in origin.before]
        if origin.kind is Kind.MERGED and len(terms) > 1 and all(term == terms[0] for term in terms):
            found += origin.before
    return found


def spotlight(formula: Formula, positions: Sequence[Position]) -> list[Animation]:
    """Return the animations that dim all of a formula but the terms at some positions."""
    lit = {id(glyph) for position in positions for glyph in formula.at(position)}
    for glyph in formula.glyphs:
        glyph.generate_target().set_fill(opacity=1.0 if id(glyph) in lit else DIM_OPACITY)
    return [MoveToTarget(glyph) for glyph in formula.glyphs]

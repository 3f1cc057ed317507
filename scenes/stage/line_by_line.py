"""A derivation line by line: each line comes out of the one above it, equals sign below equals sign.

Where not all lines have room, the first ones leave at the top.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from manim import DL, RIGHT, UP, UR, Animation, FadeOut, Line, VGroup
from manim.typing import Vector3D

from bpmath.matrices import Cells
from bpmath.matrix_equations import Statement
from bpmath.rewrites import Rewrite
from bpmath.trees import Position, at, leaves, parts
from scenes.stage import layout
from scenes.stage.formula import Formula, role_of
from scenes.stage.map_pen import RINGS
from scenes.stage.rewriting import REWRITE, follow
from scenes.stage.theme import Role


class Make(Protocol):
    """How a line is typeset."""

    def __call__(self, what: Statement, size: float, *, roles_at: Mapping[Position, Role]) -> Formula:
        """Return a statement in a size, with the colours of some places."""
        ...


class LineByLine:
    """The lines of some rewrites in a zone, as large as the sizes of `layout.LINE_SIZES` allow.

    At first only the first line has its place, in the middle; `make_room` gives the others theirs.

    `roles` are the colours of places in the first line; what comes out of a term keeps its colour.
    Raises ValueError when a line is too wide in the least size.
    """

    def __init__(
        self,
        rewrites: Sequence[Rewrite],
        make: Make,
        zone: layout.Zone,
        roles: Mapping[Position, Role] | None = None,
    ) -> None:
        self.rewrites, self.zone = tuple(rewrites), zone
        self.lines = self._largest(make, dict(roles or {}))
        self.strikes = [VGroup() for _ in self.lines]
        self._first = 0
        self._centre()

    def _largest(self, make: Make, roles: Mapping[Position, Role]) -> list[Formula]:
        lines: list[Formula] = []
        for size in layout.LINE_SIZES:
            lines = self._typeset(make, roles, size)
            wide = max(line.width for line in lines) <= self.zone.width
            most = layout.LINES_AT_ONCE
            groups = [lines[start : start + most] for start in range(max(1, len(lines) - most + 1))]
            if wide and max(map(self._height, groups)) <= self.zone.height:
                return lines
        if not wide:
            raise ValueError(f"rewrites: a line is wider than {self.zone.width:.1f} in the least size")
        return lines

    def _typeset(self, make: Make, roles: Mapping[Position, Role], size: float) -> list[Formula]:
        lines = [make(self.rewrites[0].before, size, roles_at=roles)]
        for rewrite in self.rewrites:
            lines.append(make(rewrite.after, size, roles_at=inherited(rewrite, lines[-1])))
        for line in lines[1:]:
            line.shift(lines[0].equals.get_center() - line.equals.get_center())
        return lines

    def _height(self, lines: Sequence[Formula]) -> float:
        return float(sum(line.height for line in lines) + layout.STACK_GAP * (len(lines) - 1))

    def _centre(self) -> None:
        """Set all lines in the middle; only across, for they move up as more of them come."""
        whole = VGroup(*self.lines)
        whole.shift(RIGHT * (self.zone.centre[0] - whole.get_x()))
        self.lines[0].shift(UP * (self.zone.centre[1] - self.lines[0].get_y()))

    def _first_with(self, index: int) -> int:
        """Return the first line that has room together with the lines up to another."""
        every = range(self._first, index + 1)
        return next(first for first in every if self._fits(first, index) or first == index)

    def _fits(self, first: int, index: int) -> bool:
        return self._height(self.lines[first : index + 1]) <= self.zone.height + layout.TOUCHING

    def make_room(self, index: int) -> list[Animation]:
        """Return what moves the lines up until there is room for another, and lets the first ones leave.

        All that stands then is in the middle of the zone.
        """
        ways = self._ways(index)
        first = min(ways)
        self.lines[index].shift(ways.pop(index))
        moved = [self._with_strikes(number).animate.shift(way).build() for number, way in ways.items()]
        leaving = [FadeOut(self._with_strikes(number), shift=UP) for number in range(self._first, first)]
        self._first = first
        return [*moved, *leaving]

    def settle(self, index: int) -> None:
        """Give the lines up to one their places at once, where none of them is seen yet."""
        for number, way in self._ways(index).items():
            self._with_strikes(number).shift(way)

    def _ways(self, index: int) -> dict[int, Vector3D]:
        """Return how far the lines that stand together with a line, and it, are from their places."""
        first = self._first_with(index)
        lines = self.lines[first : index + 1]
        free = (self.zone.height - self._height(lines)) / len(lines)
        gap = layout.STACK_GAP + min(max(free, 0.0), layout.LINE_GAP)
        taken = sum(line.height for line in lines) + gap * (len(lines) - 1)
        ways, top = dict[int, Vector3D](), self.zone.centre[1] + taken / 2
        for number, line in enumerate(lines, first):
            ways[number] = UP * (top - line.get_top()[1])
            top -= line.height + gap
        return ways

    def _with_strikes(self, number: int) -> VGroup:
        return VGroup(self.lines[number], self.strikes[number])

    def come(self, index: int, run_time: float = REWRITE) -> Animation:
        """Let a line come out of a copy of the one above it."""
        return follow(self.rewrites[index - 1], self.lines[index - 1].copy(), self.lines[index], run_time)

    def strike(self, index: int, position: Position) -> Line:
        """Return a stroke through what stands at a position of a line, which goes along with that line."""
        line = self.lines[index]
        struck, colour = line.at(position), line.theme[Role.TARGET]
        ends = struck.get_corner(DL), struck.get_corner(UR)
        stroke = Line(*ends, stroke_width=layout.STRIKE_STROKE, color=colour).set_z_index(RINGS)
        self.strikes[index].add(stroke)
        return stroke

    @property
    def standing(self) -> VGroup:
        """The lines that have not left, with what is struck out in them."""
        return VGroup(*self.lines[self._first :], *self.strikes[self._first :])


def inherited(rewrite: Rewrite, before: Formula) -> dict[Position, Role]:
    """Return the colours of the terms of the next line: each has that of what it came from."""
    roles: dict[Position, Role] = {}
    for origin in rewrite.correspondence:
        found = [_role(rewrite.before, before, position) for position in origin.before]
        if found and found[0] is not None:
            roles[origin.after] = found[0]
    for part in parts(rewrite.after):
        # The brackets of a matrix belong to none of its cells.
        if part.term.operands and not isinstance(part.term, Cells):
            inside = {roles.get((*part.position, *leaf.position)) for leaf in leaves(part.term)}
            role = next(iter(inside))
            if len(inside) == 1 and role is not None:
                roles[part.position] = role
    return roles


def _role(statement: Statement, formula: Formula, position: Position) -> Role | None:
    return formula.role_at(position) or role_of(at(statement, position))  # type: ignore[arg-type]


def cancelled(rewrite: Rewrite) -> list[Position]:
    """Return the largest terms of the line before of which nothing is left in the line after."""
    gone, found = set(rewrite.gone()), list[Position]()
    for part in parts(rewrite.before):
        covered = any(part.position[: len(place)] == place for place in found)
        inside = {(*part.position, *leaf.position) for leaf in leaves(part.term)}
        if not covered and inside <= gone:
            found.append(part.position)
    return found

"""What a network answers for every point of a plane, in coarse cells: one colour for each side."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

import numpy as np
from manim import Circle, Dot, Square, VGroup, VMobject, interpolate_color
from manim.typing import Point3D
from manim.utils.color import ManimColor
from numpy.typing import NDArray

from scenes.stage.layout import (
    EDGE_STROKE,
    REGION_DEPTH,
    REGION_DOT,
    REGION_LEVELS,
    REGION_RING,
    Zone,
)
from scenes.stage.theme import Role, Theme

FIELDS, POINTS = 0, 6
ABOVE, BELOW = Role.BRANCH_A, Role.BRANCH_B


class Regions(VGroup):
    """A square of a plane; `paint` fills it with the colours of answers from 0 to 1.

    Answers over one half have the colour of positive weights, those under it that of negative ones.
    """

    def __init__(self, theme: Theme, zone: Zone, low: float, high: float) -> None:
        super().__init__()
        self.theme, self.zone, self.low, self.high = theme, zone, low, high
        self.bands = VGroup(*(self._band(level) for level in range(REGION_LEVELS)))
        self.border = Square(side_length=zone.width, color=theme[Role.QUIET], stroke_width=EDGE_STROKE)
        self.add(self.bands, self.border.move_to(zone.centre))

    def _band(self, level: int) -> VMobject:
        """Return the shape of all cells of one shade, still empty."""
        share = 2 * (level + 1 / 2) / REGION_LEVELS - 1
        colour = ManimColor(self.theme[ABOVE if share > 0 else BELOW])
        shade = interpolate_color(ManimColor(self.theme[Role.BACKGROUND]), colour, abs(share) * REGION_DEPTH)
        return VMobject(stroke_width=0, fill_color=shade, fill_opacity=1).set_z_index(FIELDS)

    def at(self, first: float, second: float) -> Point3D:
        """Return where a point of the plane stands."""
        scale = self.zone.width / (self.high - self.low)
        corner = np.array([self.zone.left, self.zone.bottom, 0.0])
        return corner + scale * np.array([first - self.low, second - self.low, 0.0])

    def paint(self, answers: NDArray[np.float64]) -> None:
        """Give every cell the shade of its answer; row by row from below, shape (cells, cells)."""
        levels = np.clip((answers * REGION_LEVELS).astype(int), 0, REGION_LEVELS - 1)
        shapes: list[list[NDArray[np.float64]]] = [[] for _ in range(REGION_LEVELS)]
        for row, line in enumerate(levels.tolist()):
            for level, start, end in _runs(line):
                shapes[level].append(self._rectangle(row, start, end, len(line)))
        for band, found in zip(self.bands, shapes, strict=True):
            band.set_points(np.concatenate(found) if found else np.zeros((0, 3)))

    def _rectangle(self, row: int, start: int, end: int, cells: int) -> NDArray[np.float64]:
        """Return the curves around cells of a row, from one to before another."""
        side = self.zone.width / cells
        left, right = self.zone.left + start * side, self.zone.left + end * side
        bottom, top = self.zone.bottom + row * side, self.zone.bottom + (row + 1) * side
        corners = np.array([[left, bottom, 0], [right, bottom, 0], [right, top, 0], [left, top, 0]])
        parts = np.array([0, 1 / 3, 2 / 3, 1])[:, np.newaxis]
        sides = zip(corners, np.roll(corners, -1, axis=0), strict=True)
        return np.concatenate([first + parts * (second - first) for first, second in sides])

    def sample(self, first: float, second: float, is_above: bool) -> VMobject:
        """Return a sample: a disc where the answer should be over one half, else a ring."""
        place, colour = self.at(first, second), self.theme[ABOVE if is_above else BELOW]
        around = self.theme[Role.BACKGROUND]
        if is_above:
            point: VMobject = Dot(place, radius=REGION_DOT, color=colour)
            point.set_stroke(around, width=2 * REGION_RING, background=True)
        else:
            point = Circle(radius=REGION_DOT, color=colour, stroke_width=REGION_RING).move_to(place)
            point.set_fill(around, opacity=1)
        return point.set_z_index(POINTS)


def _runs(line: list[int]) -> Iterator[tuple[int, int, int]]:
    """Yield equal neighbours: what they are, where they begin, and where the next ones do."""
    start = 0
    for level, members in groupby(line):
        end = start + len(list(members))
        yield level, start, end
        start = end

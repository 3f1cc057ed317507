"""A curve with its slope at a point: the picture of a derivative, with no LaTeX anywhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, DashedLine, Dot, Line, VGroup, VMobject
from manim.typing import Point3D
from numpy.typing import NDArray

from scenes.stage.formula import Formula, number_mobject
from scenes.stage.layout import (
    CURVE_STROKE,
    DOT_RADIUS,
    EDGE_STROKE,
    LIT_STROKE,
    MARK_GAP,
    MARK_SIZE,
    PLOT_HEADROOM,
    TANGENT_LENGTH,
    Zone,
)
from scenes.stage.theme import Role, Theme
from scenes.stage.typeset import Typeset

SAMPLES = 241
GRID, CURVE, TANGENT, POINT = 1, 2, 3, 6


@dataclass(frozen=True)
class Curve:
    """A function of one variable, and where it is looked at."""

    function: Callable[[NDArray[np.float64]], NDArray[np.float64]]
    low: float
    high: float

    @property
    def samples(self) -> NDArray[np.float64]:
        """Where the curve is drawn through: evenly spread, and 0, where several have a corner."""
        spread = np.linspace(self.low, self.high, SAMPLES)
        return np.unique(np.append(spread, 0.0)) if self.low < 0 < self.high else spread


class SlopePlot(VGroup):
    """A curve over two axes at the left and at the bottom, whose names are the two quantities.

    `curve` is the graph, `frame` everything else; points, tangents and marks are made when asked for.
    """

    def __init__(self, curve: Curve, theme: Theme, zone: Zone, across: Formula, up: Formula) -> None:
        super().__init__()
        self.theme, self.zone = theme, zone
        x, y = curve.samples, curve.function(curve.samples)
        low, high = min(0.0, float(y.min())), float(y.max())
        room = PLOT_HEADROOM * (high - low or 1.0)
        self._low, self._high = (curve.low, low - room), (curve.high, high + room)
        self.curve = VMobject(stroke_width=CURVE_STROKE, color=theme[Role.INK]).set_z_index(CURVE)
        self.curve.set_points_as_corners([self.at(*pair) for pair in zip(x, y, strict=True)])
        self.frame = VGroup(*self._axes(), *self._ends(), *self._names(across, up))
        self.add(self.frame, self.curve)

    def at(self, x: float, y: float) -> Point3D:
        """Return where a point of the plane stands in the picture."""
        (left, bottom), (right, top) = self._low, self._high
        across = self.zone.left + (x - left) / (right - left) * self.zone.width
        up = self.zone.bottom + (y - bottom) / (top - bottom) * self.zone.height
        return np.array([across, up, 0.0])

    def _axes(self) -> list[Line]:
        (left, bottom), (right, top) = self._low, self._high
        corner, quiet = self.at(left, bottom), self.theme[Role.QUIET]
        ends = self.at(right, bottom), self.at(left, top)
        lines = [Line(corner, end, stroke_width=EDGE_STROKE, color=quiet) for end in ends]
        faint = self.theme[Role.FAINT]
        if left < 0 < right:
            lines.append(DashedLine(self.at(0, bottom), self.at(0, top), color=faint))
        if bottom < 0 < top:
            lines.append(DashedLine(self.at(left, 0), self.at(right, 0), color=faint))
        for line in lines:
            line.set_stroke(width=EDGE_STROKE).set_z_index(GRID)
        return lines

    def _ends(self) -> list[Typeset]:
        """Return the numbers at the ends of the axis below."""
        bottom = self._low[1]
        return [self._mark(x, self.at(x, bottom), DOWN) for x in (self._low[0], self._high[0])]

    def _names(self, across: Formula, up: Formula) -> list[Formula]:
        (left, bottom), (right, top) = self._low, self._high
        across.next_to(self.at(right, bottom), UP + RIGHT, buff=MARK_GAP)
        return [across, up.next_to(self.at(left, top), UP, buff=MARK_GAP)]

    def _mark(self, value: float, place: Point3D, side: Point3D, role: Role = Role.QUIET) -> Typeset:
        number = number_mobject(value, self.theme[role], MARK_SIZE)
        return number.next_to(place, side, buff=MARK_GAP)

    def named_mark(self, x: float, name: Formula, other: float) -> VGroup:
        """Return a name below the axis, at a place of its own; nothing where there is no room."""
        place = self.at(x, self._low[1])
        tick = Line(place, self.at(x, 0.0), stroke_width=EDGE_STROKE, color=self.theme[Role.QUIET])
        name.set_fill(self.theme[Role.QUIET]).next_to(place, DOWN, buff=MARK_GAP)
        taken = [*self.frame[-4:-2], self._mark(other, self.at(other, self._low[1]), DOWN)]
        far = all(
            abs(name.get_x() - mark.get_x()) > (name.width + mark.width) / 2 + MARK_GAP for mark in taken
        )
        return VGroup(tick.set_z_index(GRID), name) if far else VGroup()

    # -- one point --------------------------------------------------------------------------------

    def point(self, x: float, y: float) -> Dot:
        """Return a point of the curve."""
        return Dot(self.at(x, y), radius=DOT_RADIUS, color=self.theme[Role.TARGET]).set_z_index(POINT)

    def feet(self, x: float, y: float) -> VGroup:
        """Return the lines from a point to both axes, with the numbers where they end."""
        (left, bottom), place = self._low, self.at(x, y)
        colour = self.theme[Role.TARGET]
        lines = [
            DashedLine(place, end, stroke_width=EDGE_STROKE, color=colour).set_z_index(GRID)
            for end in (self.at(x, bottom), self.at(left, y))
        ]
        marks = (
            self._mark(x, self.at(x, bottom), DOWN, Role.TARGET),
            self._mark(y, self.at(left, y), LEFT, Role.TARGET),
        )
        return VGroup(*lines, *marks)

    def tangent(self, x: float, y: float, slope: float, role: Role, length: float = TANGENT_LENGTH) -> Line:
        """Return the straight line through a point with the slope of the curve, cut where it would leave."""
        place = self.at(x, y)
        way = self.at(x + 1.0, y + slope) - place
        way *= length / 2 / np.linalg.norm(way)
        ends = [place - self._inside(place, -way) * way, place + self._inside(place, way) * way]
        line = Line(ends[0], ends[1], stroke_width=LIT_STROKE, color=self.theme[role])
        return line.set_z_index(TANGENT)

    def _inside(self, place: Point3D, way: Point3D) -> float:
        """Return which part of a way from a place, at most the whole, lies inside the picture."""
        part = 1.0
        for axis, (low, high) in enumerate(
            ((self.zone.left, self.zone.right), (self.zone.bottom, self.zone.top))
        ):
            if abs(way[axis]) > 1e-9:
                limit = high if way[axis] > 0 else low
                part = min(part, max(0.0, (limit - place[axis]) / way[axis]))
        return part

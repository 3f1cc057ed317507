"""A curve with its slope at a point: the picture of a derivative, with no LaTeX anywhere."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from manim import DOWN, LEFT, RIGHT, UP, DashedLine, Dot, Line, VGroup, VMobject
from manim.typing import Point3D
from numpy.typing import NDArray

from scenes.stage.formula import Formula, number_mobject
from scenes.stage.layout import (
    CURVE_SAMPLES,
    CURVE_STROKE,
    DOT_RADIUS,
    EDGE_STROKE,
    LEAST_SIZE,
    LIT_STROKE,
    MARK_GAP,
    MARK_SIZE,
    PLOT_HEADROOM,
    PLOT_NUMBER_WIDTH,
    TANGENT_LENGTH,
    Zone,
)
from scenes.stage.theme import Role, Theme
from scenes.stage.typeset import Typeset

GRID, CURVE, TANGENT, POINT = 1, 2, 3, 6


@dataclass(frozen=True)
class Curve:
    """A function of one variable, and where it is looked at.

    `inset` is how far from both ends it is drawn, where it is infinite at the ends.  A curve that is not
    drawn `from_zero` fills the height of its plot, wherever zero is.
    """

    function: Callable[[NDArray[np.float64]], NDArray[np.float64]]
    low: float
    high: float
    inset: float = 0.0
    from_zero: bool = True

    @property
    def samples(self) -> NDArray[np.float64]:
        """Where the curve is drawn through: evenly spread, and 0, where several have a corner."""
        spread = np.linspace(self.low + self.inset, self.high - self.inset, CURVE_SAMPLES)
        return np.unique(np.append(spread, 0.0)) if self.low < 0 < self.high else spread


class SlopePlot(VGroup):
    """A curve over two axes at the left and at the bottom, whose names are the two quantities.

    `curve` is the graph, `frame` everything else; points, tangents and marks are made when asked for.
    """

    def __init__(self, curve: Curve, theme: Theme, zone: Zone, across: Formula, up: Formula) -> None:
        super().__init__()
        self.theme, self.zone = theme, zone
        x, y = curve.samples, curve.function(curve.samples)
        least, high = float(y.min()), float(y.max())
        low = min(0.0, least) if curve.from_zero else least
        room = PLOT_HEADROOM * (high - low or 1.0)
        self._low, self._high = (curve.low, low - room), (curve.high, high + room)
        self.curve = VMobject(stroke_width=CURVE_STROKE, color=theme[Role.INK]).set_z_index(CURVE)
        self.curve.set_points_as_corners([self.at(*pair) for pair in zip(x, y, strict=True)])
        self.ends, self.names = VGroup(*self._ends()), self.named(across, up)
        self.frame = VGroup(*self._axes(), self.ends, self.names)
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

    def named(self, across: Formula, up: Formula) -> VGroup:
        """Return the names of the axes, where the axes end."""
        (left, bottom), (right, top) = self._low, self._high
        end = self.at(right, bottom)
        across.next_to(end, RIGHT, buff=MARK_GAP).align_to(end, DOWN)
        return VGroup(across, up.next_to(self.at(left, top), UP, buff=MARK_GAP))

    def _mark(self, value: float, place: Point3D, side: Point3D, role: Role = Role.QUIET) -> Typeset:
        number = number_mobject(value, self.theme[role], MARK_SIZE)
        number.scale(max(min(1.0, PLOT_NUMBER_WIDTH / number.width), LEAST_SIZE / MARK_SIZE))
        return number.next_to(place, side, buff=MARK_GAP)

    def named_mark(self, x: float, name: Formula, other: float | None) -> tuple[VGroup, list[VMobject]]:
        """Return a name below the axis, and the ends that it covers; no name where another number stands."""
        place = self.at(x, self._low[1])
        tick = Line(place, self.at(x, 0.0), stroke_width=EDGE_STROKE, color=self.theme[Role.QUIET])
        name.set_fill(self.theme[Role.QUIET]).next_to(place, DOWN, buff=MARK_GAP)
        if other is not None and _touch(name, self._mark(other, self.at(other, self._low[1]), DOWN)):
            return VGroup(), []
        return VGroup(tick.set_z_index(GRID), name), [end for end in self.ends if _touch(name, end)]

    # -- one point --------------------------------------------------------------------------------

    def point(self, x: float, y: float) -> Dot:
        """Return a point of the curve."""
        return Dot(self.at(x, y), radius=DOT_RADIUS, color=self.theme[Role.TARGET]).set_z_index(POINT)

    def feet(self, x: float, y: float, numbers: bool = True) -> VGroup:
        """Return the lines from a point to both axes, with the numbers where they end."""
        (left, bottom), place = self._low, self.at(x, y)
        lines = [self._foot(place, end) for end in (self.at(x, bottom), self.at(left, y))]
        if not numbers:
            return VGroup(*lines)
        marks = (
            self._mark(x, self.at(x, bottom), DOWN, Role.TARGET),
            self._mark(y, self.at(left, y), LEFT, Role.TARGET),
        )
        return VGroup(*lines, *marks)

    def _foot(self, place: Point3D, end: Point3D) -> DashedLine:
        colour = self.theme[Role.TARGET]
        return DashedLine(place, end, stroke_width=EDGE_STROKE, color=colour).set_z_index(GRID)

    def named_feet(self, points: Sequence[tuple[float, float]], names: Sequence[Formula]) -> list[VGroup]:
        """Return a line from each point to the axis below, with a name where it ends, apart from others."""
        bottom, (first, last) = self._low[1], self.ends
        low, high = first.get_right()[0] + MARK_GAP, last.get_left()[0] - MARK_GAP
        places = apart(
            [self.at(x, bottom)[0] for x, _ in points], [n.width + MARK_GAP for n in names], low, high
        )
        feet = []
        for (x, y), name, place in zip(points, names, places, strict=True):
            foot = self.at(x, bottom)
            name.set_fill(self.theme[Role.TARGET]).next_to(foot, DOWN, buff=MARK_GAP).set_x(place)
            feet.append(VGroup(self._foot(self.at(x, y), foot), name))
        return feet

    def distance(self, x: float, other: float, role: Role) -> Line:
        """Return the part of the axis below between two of its numbers."""
        bottom, colour = self._low[1], self.theme[role]
        line = Line(self.at(x, bottom), self.at(other, bottom), stroke_width=LIT_STROKE, color=colour)
        return line.set_z_index(TANGENT)

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


def apart(wished: Sequence[float], widths: Sequence[float], low: float, high: float) -> list[float]:
    """Return places near those wished for, in their order, where things of some widths do not touch.

    They stay between low and high as long as there is room for all.
    """
    order = sorted(range(len(wished)), key=lambda index: wished[index])
    places, edge = list(wished), low
    for index in order:
        places[index] = max(places[index], edge + widths[index] / 2)
        edge = places[index] + widths[index] / 2
    edge = high
    for index in reversed(order):
        places[index] = min(places[index], edge - widths[index] / 2)
        edge = places[index] - widths[index] / 2
    return places


def _touch(one: VMobject, other: VMobject) -> bool:
    return bool(abs(one.get_x() - other.get_x()) < (one.width + other.width) / 2 + MARK_GAP)

"""Two counts that grow with the stages of a graph: a plot over a chain of stages, whose scale grows along."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import DOWN, PI, ArcBetweenPoints, Circle, Line, VGroup, VMobject
from manim.typing import Point3D

from scenes.stage.formula import number_mobject
from scenes.stage.layout import (
    CURVE_STROKE,
    DOT_RADIUS,
    EDGE_STROKE,
    GROWTH_BULGE,
    GROWTH_DEPTH,
    GROWTH_NODE,
    GROWTH_RISE,
    MARK_GAP,
    MARK_SIZE,
    NODE_STROKE,
    Zone,
)
from scenes.stage.theme import Role, Theme
from scenes.stage.typeset import Typeset


class GrowthPlot(VGroup):
    """The axes; the chain of stages lies along the one below, the counts above it are made for each stage."""

    def __init__(self, theme: Theme, zone: Zone, stages: int, parallel: int) -> None:
        super().__init__()
        self.theme, self.zone, self.stages, self.parallel = theme, zone, stages, parallel
        quiet = theme[Role.QUIET]
        corner, right, top = self.at(0, 0), self.at(stages, 0), self.at(0, 1)
        self.add(*(Line(corner, end, stroke_width=EDGE_STROKE, color=quiet) for end in (right, top)))

    def at(self, stage: float, share: float) -> Point3D:
        """Return where a count stands, as a share of the largest."""
        across = self.zone.left + stage / self.stages * self.zone.width
        return np.array([across, self.zone.bottom + GROWTH_RISE + share * self._height, 0.0])

    @property
    def _height(self) -> float:
        return self.zone.height - GROWTH_RISE

    def node(self, stage: int) -> Circle:
        """Return a node of the chain."""
        circle = Circle(radius=GROWTH_NODE, color=self.theme[Role.QUIET], stroke_width=NODE_STROKE)
        return circle.move_to(self._place(stage))

    def edges(self, stage: int) -> VGroup:
        """Return the edges from the node before to that of a stage."""
        step = np.array([GROWTH_NODE, 0.0, 0.0])
        ends = self._place(stage - 1) + step, self._place(stage) - step
        bends = np.linspace(-GROWTH_BULGE, GROWTH_BULGE, self.parallel) if self.parallel > 1 else [0.0]
        arcs = [ArcBetweenPoints(*ends, angle=bend * PI) if bend else Line(*ends) for bend in bends]
        for arc in arcs:
            arc.set_stroke(self.theme[Role.LOCAL_DERIVATIVE], width=EDGE_STROKE)
        return VGroup(*arcs)

    def mark(self, stage: int) -> Typeset:
        """Return the number of a stage, below the chain."""
        number = number_mobject(stage, self.theme[Role.QUIET], MARK_SIZE)
        return number.next_to(self.node(stage), DOWN, buff=MARK_GAP)

    def _place(self, stage: int) -> Point3D:
        return self.at(stage, 0) + DOWN * GROWTH_RISE * GROWTH_DEPTH

    def curve(self, counts: Sequence[int], largest: int, role: Role) -> VGroup:
        """Return counts for the stages from the first on, as shares of the largest: points and lines."""
        colour = self.theme[role]
        places = [self.at(stage, count / largest) for stage, count in enumerate(counts, 1)]
        line = VMobject(stroke_width=CURVE_STROKE, color=colour)
        # As many corners whatever the stage, so that one curve turns into the next without a kink.
        line.set_points_as_corners([*places, *[places[-1]] * (self.stages + 1 - len(places))])
        dots = (Circle(radius=DOT_RADIUS, color=colour, fill_opacity=1).move_to(place) for place in places)
        return VGroup(line, *dots)

"""Draws the single parts of a network map: nodes, edges, the short edges of biases and targets."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from manim import UP, BackgroundRectangle, Circle, Dot, Line, VGroup, VMobject
from manim.typing import Point3D

from bpmath.symbols import Symbol
from scenes.stage.formula import Formula, number_mobject
from scenes.stage.layout import (
    EDGE_STROKE,
    LABEL_PATCH,
    LABEL_SHARE,
    LEAST_SIZE,
    MAP_SIZE,
    NODE_STROKE,
    STUB,
    STUB_DOT,
    STUB_LABEL_GAP,
)
from scenes.stage.theme import Role, Theme
from scenes.stage.typeset import Typeset, set_mathematics

# What lies over what, from the back.
EDGES, LIT_EDGES, PATCHES, LABELS, NODES, RINGS = range(6)


class MapNode(VGroup):
    """A node: its circle and its name."""

    def __init__(self, circle: Circle, label: Typeset) -> None:
        super().__init__(circle, label)
        self.circle, self.label = circle, label


class Stub(VGroup):
    """The short edge by which a bias or a target enters a node; at its `end` stands a name or a dot."""

    def __init__(self, line: Line, end: VMobject) -> None:
        super().__init__(line, end)
        self.line, self.end = line, end


class EdgeLabel(VGroup):
    """The name of a weight on a patch that hides the edge behind it."""

    def __init__(self, patch: BackgroundRectangle, name: Typeset) -> None:
        super().__init__(patch, name)
        self.patch, self.name_glyphs = patch, name


@dataclass(frozen=True)
class MapPen:
    """How the parts of a map are drawn."""

    theme: Theme
    notation: str
    radius: float

    def symbol(self, symbol: Symbol, role: Role) -> Formula:
        """Return the name of a quantity."""
        label = Formula(symbol, self.theme, MAP_SIZE, notation=self.notation)
        label.set_fill(self.theme[role])
        return label

    def circle(self, centre: Point3D) -> Circle:
        """Return an empty node."""
        circle = Circle(radius=self.radius, color=self.theme[Role.QUIET], stroke_width=NODE_STROKE)
        circle.set_fill(self.theme[Role.BACKGROUND], opacity=1).move_to(centre)
        return circle.set_z_index(NODES)

    def node(self, symbol: Symbol, centre: Point3D) -> MapNode:
        """Return a node with its name, which fits inside."""
        label = self.symbol(symbol, Role.INK)
        room = 2 * self.radius * LABEL_SHARE
        label.scale(max(min(1.0, room / label.width, room / label.height), LEAST_SIZE / MAP_SIZE))
        return MapNode(self.circle(centre), label.move_to(centre).set_z_index(NODES))

    def line(self, source: Point3D, target: Point3D) -> Line:
        """Return an edge between the rims of two nodes."""
        along = (target - source) / np.linalg.norm(target - source) * self.radius
        line = Line(source + along, target - along, stroke_width=EDGE_STROKE, color=self.theme[Role.FAINT])
        return line.set_z_index(EDGES)

    def stub(self, centre: Point3D) -> Stub:
        """Return the short edge by which something enters a node from above, with a dot at its end."""
        end = centre + self.radius * UP
        start = end + STUB * UP
        line = Line(start, end, stroke_width=EDGE_STROKE, color=self.theme[Role.QUIET])
        dot = Dot(start, radius=STUB_DOT, color=self.theme[Role.QUIET])
        return Stub(line.set_z_index(EDGES), dot.set_z_index(EDGES))

    def named_stub(self, symbol: Symbol, centre: Point3D) -> Stub:
        """Return the same short edge with the name of what enters by it."""
        line, label = self.stub(centre).line, self.symbol(symbol, Role.QUIET)
        label.next_to(line.get_start(), UP, buff=STUB_LABEL_GAP)
        return Stub(line, label.set_z_index(LABELS))

    def patched(self, label: Typeset) -> EdgeLabel:
        """Return a name on a patch that hides the edge behind it."""
        colour = self.theme[Role.BACKGROUND]
        patch = BackgroundRectangle(label, color=colour, fill_opacity=1, buff=LABEL_PATCH)
        return EdgeLabel(patch.set_z_index(PATCHES), label.set_z_index(LABELS))

    def ellipsis(self, size: int, centre: Point3D) -> VGroup:
        """Return the sign that a layer has more nodes than are shown, and how many it has."""
        colour = self.theme[Role.QUIET]
        dots = set_mathematics(lambda mark: "dots.v", MAP_SIZE, colour)
        count = number_mobject(size, colour, MAP_SIZE)
        return VGroup(dots, count).arrange(buff=LABEL_PATCH * 3).move_to(centre)

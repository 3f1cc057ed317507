"""A computational graph as a picture: gates between inputs and output, values above, derivatives below.

`map.node(symbol)`, `map.line(edge)`; numbers and labels are made when they are asked for, and fly from there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from manim import DOWN, UP, BackgroundRectangle, Circle, Mobject, VGroup, VMobject
from manim.typing import Point3D, Vector3D

from bpmath.algebra import Partial, Quantity
from bpmath.gate_signs import gate_sign
from bpmath.graph import Edge, Graph, Node
from bpmath.matrix_equations import Term
from bpmath.symbols import Symbol
from bpmath.trace import Trace
from scenes.stage.formula import Formula, number_mobject
from scenes.stage.graph_plan import GraphPlan, plan_graph
from scenes.stage.kept import Kept
from scenes.stage.label_placement import Bent, Box, Wish, place_most_labels
from scenes.stage.layout import (
    EDGE_STROKE,
    FRAME,
    GATE_NUMBER_GAP,
    GATE_RADIUS,
    GATE_SIZE,
    HALO_STROKE,
    LABEL_PATCH,
    LABEL_SHARE,
    LABEL_SHIFTS,
    LEAST_SIZE,
    LIT_STROKE,
    MARGIN,
    NODE_STROKE,
    RING_STROKE,
    TOUCHING,
)
from scenes.stage.map_pen import EDGES, LABELS, LIT_EDGES, NODES, PATCHES, RINGS, EdgeLabel, MapNode
from scenes.stage.theme import Role, Theme
from scenes.stage.typeset import Typeset, set_mathematics

SAMPLES = 48


@dataclass(frozen=True)
class _Shown:
    trace: Trace
    plan: GraphPlan
    theme: Theme
    notation: str


class GraphLine(VMobject):
    """An edge of a graph, from the rim of its source to the rim of its gate, along its bends."""

    def __init__(self, way: Bent, colour: str) -> None:
        super().__init__(stroke_width=EDGE_STROKE, color=colour)
        self.way = Kept(way)
        self.set_points_as_corners([*way.points])

    def backwards(self) -> VMobject:
        """Return the same line from its gate to its source, the way that derivatives go."""
        line = VMobject(stroke_width=self.stroke_width, color=self.get_stroke_color())
        return line.set_points_as_corners([*self.way.thing.points[::-1]])


class GraphMap(VGroup):
    """A trace, drawn: inputs as circles with their names, gates as circles with their signs.

    Raises GraphTooLarge for a graph that cannot be drawn legibly.
    """

    def __init__(
        self, trace: Trace, theme: Theme, notation: str = "article", plan: GraphPlan | None = None
    ) -> None:
        super().__init__()
        self._kept = Kept(_Shown(trace, plan or plan_graph(trace.graph), theme, notation))
        self._nodes = {node.symbol: self._drawn(node) for node in trace.graph.nodes}
        edges = [edge for into in trace.graph.edges for edge in into]
        self._lines = {
            edge: GraphLine(self._way(edge), theme[Role.FAINT]).set_z_index(EDGES) for edge in edges
        }
        self.add(*self._lines.values(), *self._nodes.values())

    @property
    def graph(self) -> Graph:
        """The graph that is drawn."""
        return self._kept.thing.trace.graph

    @property
    def plan(self) -> GraphPlan:
        """Where everything stands."""
        return self._kept.thing.plan

    @property
    def theme(self) -> Theme:
        """The colours that it is drawn in."""
        return self._kept.thing.theme

    @property
    def notation(self) -> str:
        """How names are written."""
        return self._kept.thing.notation

    @property
    def size(self) -> float:
        """The font size of signs and numbers."""
        return GATE_SIZE * self.plan.scale

    # -- what is where ----------------------------------------------------------------------------

    def node(self, symbol: Symbol) -> MapNode:
        """Return a node: its circle and its name or sign; ValueError for what is none."""
        return self._nodes[self.graph[symbol].symbol]

    def line(self, edge: Edge) -> GraphLine:
        """Return the line of an edge; ValueError for what is none."""
        if edge not in self._lines:
            raise ValueError(f"edge: {edge} is no edge of this graph")
        return self._lines[edge]

    def line_of(self, partial: Partial) -> GraphLine:
        """Return the line that yields a local derivative."""
        return self.line(self.edge_of(partial))

    def edge_of(self, partial: Partial) -> Edge:
        """Return the edge that yields a local derivative."""
        return self._kept.thing.trace.edge(partial.of, partial.wrt, partial.occurrence)

    def shows(self, symbol: Symbol) -> bool:
        """Tell whether a quantity is seen on the map."""
        return symbol in self._nodes

    def where(self, symbol: Symbol) -> Mobject:
        """Return where a quantity is seen: the name in its circle, or the whole gate."""
        node = self.node(symbol)
        return node.label if isinstance(node.label, Formula) else node

    # -- numbers and labels -------------------------------------------------------------------------

    def value(self, symbol: Symbol) -> Typeset:
        """Return the value of a node, above it."""
        return self.above(
            symbol, number_mobject(self._kept.thing.trace[symbol], self.theme[Role.VALUE], self.size)
        )

    def derivative(self, symbol: Symbol, number: float) -> Typeset:
        """Return what a sweep carries at a node, below it."""
        return self.below(symbol, number_mobject(number, self.theme[Role.GRADIENT], self.size))

    def above(self, symbol: Symbol, what: Typeset) -> Typeset:
        """Set something above a node."""
        return self._beside(symbol, what, UP)

    def below(self, symbol: Symbol, what: Typeset) -> Typeset:
        """Set something below a node."""
        return self._beside(symbol, what, DOWN)

    def _beside(self, symbol: Symbol, what: Typeset, side: Vector3D) -> Typeset:
        """Set something at a side of a node, inside the frame, a little aside where an edge is in its way."""
        gap = GATE_NUMBER_GAP * self.plan.scale
        what.next_to(self.node(symbol).circle, side, buff=gap).set_z_index(LABELS)
        ways = [line.way.thing for line in self._lines.values()]
        middle = what.get_x()
        for share in LABEL_SHIFTS:
            what.set_x(_within(middle + share * what.width, what.width))
            if all(_box(what).distance(way) > TOUCHING for way in ways):
                return what
        # A rim keeps it clear of the edge, but takes a little of neighbouring glyphs: only where it must.
        what.set_stroke(self.theme[Role.BACKGROUND], width=HALO_STROKE, background=True)
        return what.set_x(_within(middle, what.width))

    def labels(self, what: Mapping[Edge, Typeset], clear_of: Iterable[Mobject] = ()) -> dict[Edge, EdgeLabel]:
        """Return upright labels at free places of their edges, on patches; some may find none."""
        wishes = [
            Wish(edge, self.line(edge).way.thing, made.width + LABEL_PATCH, made.height + LABEL_PATCH)
            for edge, made in what.items()
        ]
        solid = [*(node.circle for node in self._nodes.values()), *clear_of]
        edges = {edge: line.way.thing for edge, line in self._lines.items()}
        places = place_most_labels(wishes, map(_box, solid), edges)
        found = {edge: made for edge, made in what.items() if edge in places}
        return {edge: self._patched(made.move_to(places[edge])) for edge, made in found.items()}

    # -- light --------------------------------------------------------------------------------------

    def lit(self, edge: Edge, role: Role, backwards: bool = False) -> VMobject:
        """Return a bright line over an edge, drawn in the way that a sweep goes."""
        line = self.line(edge)
        lit = line.backwards() if backwards else line.copy()
        return lit.set_stroke(self.theme[role], width=LIT_STROKE * self.plan.scale).set_z_index(LIT_EDGES)

    def ring(self, symbol: Symbol, role: Role = Role.TARGET) -> Circle:
        """Return a bright ring for a node."""
        circle = self.node(symbol).circle
        ring = Circle(radius=circle.width / 2, color=self.theme[role], stroke_width=RING_STROKE)
        return ring.move_to(circle).set_z_index(RINGS)

    # -- drawing ------------------------------------------------------------------------------------

    def _drawn(self, node: Node) -> MapNode:
        """Return a node: an input with its name, a gate with its sign."""
        shown = self._kept.thing
        radius, ink = GATE_RADIUS * shown.plan.scale, shown.theme[Role.INK]
        circle = Circle(radius=radius, color=shown.theme[Role.QUIET], stroke_width=NODE_STROKE)
        circle.set_fill(shown.theme[Role.BACKGROUND], opacity=1).move_to(shown.plan.centres[node.symbol])
        label = self._sign(node, ink) if node.operation else self._name(node.symbol)
        room = 2 * radius * LABEL_SHARE
        least = LEAST_SIZE / self.size
        label.scale(max(min(1.0, room / label.width, room / label.height), least)).move_to(circle)
        return MapNode(circle.set_z_index(NODES), label.set_z_index(NODES))

    def _sign(self, node: Node, colour: str) -> Typeset:
        """Return the sign of a gate; a name that is too long for its circle is but f."""
        assert node.operation is not None
        source = gate_sign(node.operation, "typst")
        sign = set_mathematics(lambda mark: source, self.size, colour)
        if sign.width * LEAST_SIZE / self.size <= 2 * GATE_RADIUS * self.plan.scale:
            return sign
        return set_mathematics(lambda mark: "f", self.size, colour)

    def _name(self, symbol: Symbol) -> Formula:
        roles: dict[Term, Role] = {Quantity(symbol): Role.VALUE}
        return Formula(symbol, self.theme, self.size, notation=self.notation, roles=roles)

    def _patched(self, label: Typeset) -> EdgeLabel:
        patch = BackgroundRectangle(
            label, color=self.theme[Role.BACKGROUND], fill_opacity=1, buff=LABEL_PATCH
        )
        return EdgeLabel(patch.set_z_index(PATCHES), label.set_z_index(LABELS))

    def _way(self, edge: Edge) -> Bent:
        """Return the way of an edge between the rims of its ends: smooth through its bends."""
        route, bulge = [*self.plan.routes[edge]], self.plan.bulges[edge]
        if bulge:
            along = route[-1] - route[0]
            aside = np.array([-along[1], along[0], 0.0]) / np.linalg.norm(along)
            route = [route[0], (route[0] + route[-1]) / 2 + bulge * aside, route[-1]]
        curve = (
            VMobject().set_points_smoothly(route)
            if len(route) > 2
            else VMobject().set_points_as_corners(route)
        )
        steps = SAMPLES if len(route) > 2 else 1
        points = [curve.point_from_proportion(step / steps) for step in range(steps + 1)]
        return Bent(tuple(_between_rims(points, GATE_RADIUS * self.plan.scale)))


def _between_rims(points: list[Point3D], radius: float) -> list[Point3D]:
    """Cut off what of a way lies inside the circles at its ends."""
    return _from_rim(_from_rim(points, radius)[::-1], radius)[::-1]


def _from_rim(points: list[Point3D], radius: float) -> list[Point3D]:
    """Cut off what of a way lies inside the circle at its start."""
    start = points[0]
    outside = next(k for k, point in enumerate(points) if np.linalg.norm(point - start) > radius)
    inner, outer = points[outside - 1], points[outside]
    low, high = 0.0, 1.0
    for _ in range(SAMPLES):
        middle = (low + high) / 2
        inside = np.linalg.norm(inner + middle * (outer - inner) - start) <= radius
        low, high = (middle, high) if inside else (low, middle)
    return [inner + low * (outer - inner), *points[outside:]]


def _within(x: float, width: float) -> float:
    """Return where the middle of something so wide can be, clear of the sides of the frame."""
    room = (FRAME.width - MARGIN - width) / 2
    return float(np.clip(x, -room, room))


def _box(mobject: Mobject) -> Box:
    return Box(mobject.get_x(), mobject.get_y(), mobject.width, mobject.height)

"""The network, drawn: nodes and edges that answer to bpmath symbols."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from manim import Animation, Circle, Line, Mobject, MoveToTarget, VGroup, VMobject

from bpmath.algebra import Partial
from bpmath.network import Network
from bpmath.symbols import Symbol, a
from scenes.stage.formula import role_of
from scenes.stage.kept import Kept
from scenes.stage.label_placement import Box, Segment, Wish, place_labels
from scenes.stage.layout import (
    DIM_OPACITY,
    LABEL_PATCH,
    LIT_STROKE,
    MAP,
    MOST_CLOSE,
    RING_STROKE,
    STUB,
    STUB_NAME,
    Zone,
)
from scenes.stage.map_pen import LIT_EDGES, RINGS, EdgeLabel, MapNode, MapPen, Stub
from scenes.stage.network_plan import Plan, entry_of, node_of, plan
from scenes.stage.theme import Role, Theme
from scenes.stage.view import View

Key = TypeVar("Key")
Found = TypeVar("Found")


@dataclass(frozen=True)
class _Shown:
    network: Network
    plan: Plan
    pen: MapPen


class NetworkMap(VGroup):
    """A map of a network of any layer sizes, every node split into z and a.

    Layers with more nodes than there is room for show the first ones and the last, an ellipsis
    between, and how many there are.  `named_stubs` writes the names of biases and targets at the
    short edges by which they enter, where there is room.
    """

    def __init__(
        self,
        network: Network,
        theme: Theme,
        *,
        notation: str = "article",
        zone: Zone = MAP,
        named_stubs: bool = True,
    ) -> None:
        super().__init__()
        placed = plan(network, zone, STUB + STUB_NAME)
        named_stubs = named_stubs and placed.has_room_for_names
        placed = placed if named_stubs else plan(network, zone)
        self._kept = Kept(_Shown(network, placed, MapPen(theme, notation, placed.radius)))
        self._view = View()
        self._nodes = {symbol: self._pen.node(symbol, centre) for symbol, centre in placed.centres.items()}
        self._edges = {
            (source, target): self._pen.line(placed.centres[source], placed.centres[target])
            for source, target in placed.connections()
        }
        self._stubs = {symbol: self._make_stub(symbol, named_stubs) for symbol in placed.entering()}
        self._labels: dict[Symbol, EdgeLabel] = {}
        self.ellipses = {
            layer: self._pen.ellipsis(network.sizes[layer], centre)
            for layer, centre in placed.ellipses.items()
        }
        self.add(*self._edges.values(), *self._stubs.values(), *self.ellipses.values(), *self._nodes.values())

    @property
    def network(self) -> Network:
        """The network that is drawn."""
        return self._kept.thing.network

    @property
    def theme(self) -> Theme:
        """The colours that it is drawn in."""
        return self._pen.theme

    @property
    def _pen(self) -> MapPen:
        return self._kept.thing.pen

    @property
    def plan(self) -> Plan:
        """Where its nodes stand."""
        return self._kept.thing.plan

    # -- what is where ----------------------------------------------------------------------------

    def node(self, symbol: Symbol) -> MapNode:
        """Return a node: its circle and its label."""
        return self._find(self._nodes, symbol, "node")

    def edge(self, source: Symbol, target: Symbol) -> Line:
        """Return the line from one node to another; a bias or a target enters by its stub."""
        if source in self._stubs and node_of(source) == target:
            return self.stub(source).line
        return self._find(self._edges, (source, target), "edge")

    def edge_of(self, partial: Partial) -> Line:
        """Return the line that yields a local derivative; a weight's is the edge that it sits on."""
        return self.edge(entry_of(partial.wrt), partial.of)

    def stub(self, symbol: Symbol) -> Stub:
        """Return the short edge, with its label or its dot, by which a bias or a target enters."""
        return self._find(self._stubs, symbol, "bias or target")

    def where(self, symbol: Symbol) -> Mobject:
        """Return where a quantity is seen on the map: its own glyphs, or the edge that it belongs to."""
        if symbol in self._nodes:
            return self.node(symbol).label
        if symbol in self._stubs:
            return self.stub(symbol).end
        if symbol in self._labels:
            return self.label(symbol).name_glyphs
        if symbol.letter == "w":
            return self.edge(entry_of(symbol), node_of(symbol))
        return self.node(symbol)

    def stub_ends(self) -> list[VMobject]:
        """Return the names or dots of all biases and targets."""
        return [stub.end for stub in self._stubs.values()]

    def shows(self, symbol: Symbol) -> bool:
        """Tell whether a node, a stub or the edge of a weight is drawn, not hidden by an ellipsis."""
        if symbol.letter == "w":
            return (entry_of(symbol), node_of(symbol)) in self._edges
        return symbol in self._nodes or symbol in self._stubs

    def shows_edge(self, partial: Partial) -> bool:
        """Tell whether the line that yields a local derivative is drawn."""
        source = entry_of(partial.wrt)
        return (source, partial.of) in self._edges or (
            source in self._stubs and node_of(source) == partial.of
        )

    def edges_into(self, symbol: Symbol) -> VGroup:
        """Return the lines that end at a node."""
        return VGroup(*(line for (_, target), line in self._edges.items() if target == symbol))

    def column(self, letter: str, layer: int | None = None) -> VGroup:
        """Return the shown nodes of one letter and layer, from above."""
        members = (n for s, n in self._nodes.items() if s.letter == letter and s.layer == layer)
        return VGroup(*members)

    def symbols(self, letter: str, layer: int | None = None) -> list[Symbol]:
        """Return the symbols of the shown nodes and stubs of one letter and layer, from above."""
        shown = [*self._nodes, *self._stubs]
        return [symbol for symbol in shown if symbol.letter == letter and symbol.layer == layer]

    # -- near and far -----------------------------------------------------------------------------

    def come_close(self, layer: int, zone: Zone) -> bool:
        """Enlarge the map so that all up to `layer` fills a zone; tell whether there was anything to gain.

        For before the map is shown; `step_back` undoes it.
        """
        nodes = [node for symbol, node in self._nodes.items() if _column(symbol) <= layer]
        stubs = [stub for symbol, stub in self._stubs.items() if _column(symbol) <= layer]
        part = VGroup(*nodes, *stubs)
        factor = min(MOST_CLOSE, zone.width / part.width, zone.height / part.height)
        if factor <= 1:
            return False
        self._view = View(factor, zone.centre - factor * part.get_center())
        self._view.apply(self)
        return True

    def step_back(self, shown: Iterable[Mobject]) -> list[Animation]:
        """Return the animations that take what is shown back to its place; the rest goes at once."""
        view, self._view = self._view, View()
        visible = {id(member) for mobject in shown for member in mobject.get_family()}
        moves: list[Animation] = []
        for part in (*self.submobjects, *self._labels.values()):
            if any(id(member) in visible for member in part.get_family()):
                view.undo(part.generate_target())
                moves.append(MoveToTarget(part))
            else:
                view.undo(part)
        return moves

    # -- light ------------------------------------------------------------------------------------

    def lit(self, partial: Partial) -> Line:
        """Return a bright line over an edge, in the colour of its factor, drawn from E backwards."""
        line = self.edge_of(partial)
        role = role_of(partial) or Role.TARGET
        lit = Line(line.get_end(), line.get_start(), stroke_width=LIT_STROKE, color=self.theme[role])
        return lit.set_z_index(LIT_EDGES)

    def ring(self, symbol: Symbol, role: Role = Role.TARGET) -> Circle:
        """Return a bright ring for a node."""
        circle = self.node(symbol).circle
        ring = Circle(radius=circle.width / 2, color=self.theme[role], stroke_width=RING_STROKE)
        return ring.move_to(circle).set_z_index(RINGS)

    def recede(self, symbols: Iterable[Symbol]) -> list[Animation]:
        """Return the animations that dim nodes, with the edges into and out of them and their stubs."""
        gone = set(symbols)
        edges = [line for ends, line in self._edges.items() if gone & set(ends)]
        stubs = [stub for symbol, stub in self._stubs.items() if node_of(symbol) in gone]
        faded: list[VMobject] = [*(self._nodes[symbol] for symbol in gone), *edges, *stubs]
        for mobject in faded:
            mobject.generate_target().fade(1 - DIM_OPACITY)
        return [MoveToTarget(mobject) for mobject in faded]

    # -- labels of weights ------------------------------------------------------------------------

    def label(self, weight: Symbol) -> EdgeLabel:
        """Return the label of a weight, made by `make_labels`."""
        return self._find(self._labels, weight, "labelled weight")

    def make_labels(self, weights: Iterable[Symbol], role: Role = Role.QUIET) -> VGroup:
        """Make upright labels on the edges of weights and return those that found a free place.

        The first weights choose their places first.
        """
        formulas = {weight: self._pen.symbol(weight, role) for weight in weights}
        for formula in formulas.values():
            formula.scale(self._view.factor)
        layers = range(1, self.network.layers + 1)
        edges = {weight: self._segment(weight) for layer in layers for weight in self.plan.weights(layer)}
        wishes = [
            Wish(weight, self._segment(weight), f.width + LABEL_PATCH, f.height + LABEL_PATCH)
            for weight, f in formulas.items()
        ]
        places = place_labels(wishes, self._obstacles(), edges)
        made = VGroup()
        for weight, formula in formulas.items():
            if (place := places.get(weight)) is not None:
                self._labels[weight] = self._pen.patched(formula.move_to(place))
                made.add(self._labels[weight])
        return made

    def _obstacles(self) -> list[Box]:
        solid = [*self._nodes.values(), *self.stub_ends(), *self._labels.values()]
        return [_box(mobject) for mobject in solid]

    # -- before a node opens ----------------------------------------------------------------------

    def closed_nodes(self, layer: int) -> VGroup:
        """Return the circles of a layer before they open into z and a, from above."""
        rows = self.plan.rows(layer)
        circles = VGroup(*(self._pen.circle(self.plan.closed_centre(layer, row)) for row in rows))
        return self._view.apply(circles)

    def closed_edges(self, layer: int) -> VGroup:
        """Return the edges into a layer before its nodes open, in the order of `open_edges`."""
        ends = [
            (self.plan.centres[a(layer - 1, j)], self.plan.closed_centre(layer, k))
            for k in self.plan.rows(layer)
            for j in self.plan.rows(layer - 1)
        ]
        return self._view.apply(VGroup(*(self._pen.line(*pair) for pair in ends)))

    def open_edges(self, layer: int) -> VGroup:
        """Return the edges into a layer, to node after node."""
        return VGroup(
            *(self._edges[entry_of(weight), node_of(weight)] for weight in self.plan.weights(layer))
        )

    def _segment(self, weight: Symbol) -> Segment:
        line = self.edge(entry_of(weight), node_of(weight))
        return Segment(line.get_start(), line.get_end())

    def _make_stub(self, symbol: Symbol, named: bool) -> Stub:
        centre = self.plan.centres[node_of(symbol)]
        return self._pen.named_stub(symbol, centre) if named else self._pen.stub(centre)

    def _find(self, among: dict[Key, Found], key: Key, kind: str) -> Found:
        if key not in among:
            raise ValueError(f"symbol: {key} is no {kind} of this map of {self.network.sizes}")
        return among[key]


def _box(mobject: Mobject) -> Box:
    return Box(mobject.get_x(), mobject.get_y(), mobject.width, mobject.height)


def _column(symbol: Symbol) -> int:
    """Return the layer whose column a node or a stub stands in; errors and targets come last of all."""
    return sys.maxsize if symbol.letter in "eEy" else symbol.layer or 0

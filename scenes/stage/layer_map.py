"""One layer of a network, seen close: the nodes where its edges begin and those where they end."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from manim import UP, Animation, Circle, FadeOut, Line, Mobject, ReplacementTransform, VGroup
from manim.typing import Point3D

from bpmath.algebra import Partial
from bpmath.symbols import Symbol, a, b, w, z
from scenes.stage.formula import role_of
from scenes.stage.label_placement import Box, Segment, Wish, place_labels
from scenes.stage.layout import (
    LABEL_PATCH,
    LABEL_SHARE,
    LAYER_LABEL_SIZE,
    LAYER_RADIUS,
    LAYER_ROW_SPACING,
    LAYER_STUB_NAME,
    LAYER_ZONE,
    LIT_STROKE,
    MAP_SIZE,
    RING_STROKE,
    STUB,
    STUB_LABEL_GAP,
    Zone,
)
from scenes.stage.map_pen import LIT_EDGES, RINGS, EdgeLabel, MapNode, MapPen, Stub
from scenes.stage.network_map import NetworkMap
from scenes.stage.network_plan import entry_of, node_of
from scenes.stage.theme import Role


class LayerMap(VGroup):
    """The part of a map between a^(l-1) and z^(l), enlarged, with the biases and the names of the weights.

    It shows the same nodes as the map that it comes from.
    """

    def __init__(self, network_map: NetworkMap, layer: int, notation: str, zone: Zone = LAYER_ZONE) -> None:
        super().__init__()
        self.layer, self.theme = layer, network_map.theme
        self._pen = MapPen(self.theme, notation, LAYER_RADIUS)
        plan = network_map.plan
        self.targets, self.sources = plan.rows(layer), plan.rows(layer - 1)
        top = zone.top - STUB - LAYER_STUB_NAME
        rows = Zone(zone.left + LAYER_RADIUS, zone.right - LAYER_RADIUS, zone.bottom, top)
        self._nodes: dict[Symbol, MapNode] = {}
        self.ellipses = VGroup()
        self._spacing = LAYER_ROW_SPACING
        for letter_layer, x in ((layer - 1, rows.left), (layer, rows.right)):
            self._column(network_map, letter_layer, x, rows)
        self._edges = {weight: self._line(weight) for weight in plan.weights(layer)}
        self._stubs = {b(layer, k): self._stub(b(layer, k)) for k in self.targets}
        self._labels: dict[Symbol, EdgeLabel] = {}
        self.labels = self._make_labels()
        self.add(*self._edges.values(), *self._stubs.values(), *self.ellipses, *self._nodes.values())
        self.add(*self.labels)

    def _column(self, network_map: NetworkMap, layer: int, x: float, rows: Zone) -> None:
        """Set the shown nodes of one layer below each other, around the middle."""
        numbers = network_map.plan.rows(layer)
        slots: list[int | None] = list(numbers)
        if layer in network_map.ellipses:
            slots.insert(-1, None)
        free = (rows.height - 2 * LAYER_RADIUS) / max(len(slots) - 1, 1)
        spacing = min(LAYER_ROW_SPACING, free)
        self._spacing = min(self._spacing, spacing)
        for index, number in enumerate(slots):
            height = rows.centre[1] + spacing * ((len(slots) - 1) / 2 - index)
            centre = np.array([x, height, 0.0])
            if number is None:
                size = network_map.network.sizes[layer]
                self.ellipses.add(self._pen.ellipsis(size, centre))
            else:
                symbol = z(layer, number) if layer == self.layer else a(layer, number)
                self._nodes[symbol] = self._node(symbol, centre)

    def _node(self, symbol: Symbol, centre: Point3D) -> MapNode:
        node = self._pen.node(symbol, centre)
        room = 2 * LAYER_RADIUS * LABEL_SHARE
        growth = LAYER_LABEL_SIZE / node.label.font_size
        node.label.scale(min(growth, room / node.label.width, room / node.label.height))
        return node

    def _line(self, weight: Symbol) -> Line:
        ends = (self._nodes[symbol].get_center() for symbol in (entry_of(weight), node_of(weight)))
        return self._pen.line(*ends)

    def _stub(self, symbol: Symbol) -> Stub:
        centre = self._nodes[node_of(symbol)].circle.get_center()
        if self._spacing >= 2 * LAYER_RADIUS + STUB + LAYER_STUB_NAME:
            stub = self._pen.named_stub(symbol, centre)
            stub.end.scale(LAYER_LABEL_SIZE / MAP_SIZE).next_to(
                stub.line.get_start(), UP, buff=STUB_LABEL_GAP
            )
            return stub
        return self._pen.stub(centre)

    def _make_labels(self) -> VGroup:
        formulas = {weight: self._pen.symbol(weight, Role.QUIET) for weight in self._edges}
        for formula in formulas.values():
            formula.scale(LAYER_LABEL_SIZE / formula.font_size)
        segments = {weight: Segment(line.get_start(), line.get_end()) for weight, line in self._edges.items()}
        wishes = [
            Wish(weight, segments[weight], f.width + LABEL_PATCH, f.height + LABEL_PATCH)
            for weight, f in formulas.items()
        ]
        solid = [*self._nodes.values(), *(stub.end for stub in self._stubs.values()), *self.ellipses]
        boxes = [Box(m.get_x(), m.get_y(), m.width, m.height) for m in solid]
        for weight, place in place_labels(wishes, boxes, segments).items():
            assert isinstance(weight, Symbol)
            self._labels[weight] = self._pen.patched(formulas[weight].move_to(place))
        return VGroup(*self._labels.values())

    # -- what is where ----------------------------------------------------------------------------

    def shows(self, symbol: Symbol) -> bool:
        """Tell whether a node, a bias or the edge of a weight is drawn."""
        return symbol in self._nodes or symbol in self._edges or symbol in self._stubs

    def where(self, symbol: Symbol) -> Mobject:
        """Return where a quantity is seen: its own glyphs, or the edge that it belongs to."""
        if symbol in self._nodes:
            return self._nodes[symbol].label
        if symbol in self._stubs:
            return self._stubs[symbol].end
        return self._labels[symbol].name_glyphs if symbol in self._labels else self.edge(symbol)

    def node(self, symbol: Symbol) -> MapNode:
        """Return a node: its circle and its label."""
        return self._nodes[symbol]

    @property
    def target_nodes(self) -> list[Symbol]:
        """The nodes where the edges end, from above."""
        return [z(self.layer, k) for k in self.targets]

    def edge(self, weight: Symbol) -> Line:
        """Return the edge that a weight sits on."""
        return self._edges[weight]

    @property
    def weights(self) -> list[Symbol]:
        """The weights whose edges are drawn, in printed order."""
        return list(self._edges)

    def weight_of(self, partial: Partial) -> Symbol:
        """Return the weight on the edge that yields dz/da or dz/dw."""
        if partial.wrt.letter == "w":
            return partial.wrt
        return w(self.layer, partial.of.indices[0], partial.wrt.indices[0])

    # -- light ------------------------------------------------------------------------------------

    def lit(self, partial: Partial) -> Line:
        """Return a bright line over the edge that yields a derivative, in its colour, drawn backwards."""
        line = self.edge(self.weight_of(partial))
        colour = self.theme[role_of(partial) or Role.TARGET]
        lit = Line(line.get_end(), line.get_start(), stroke_width=LIT_STROKE, color=colour)
        return lit.set_z_index(LIT_EDGES)

    def ring(self, symbol: Symbol, role: Role = Role.TARGET) -> Circle:
        """Return a bright ring for a node."""
        ring = Circle(radius=LAYER_RADIUS, color=self.theme[role], stroke_width=RING_STROKE)
        return ring.move_to(self._nodes[symbol].circle).set_z_index(RINGS)

    # -- coming close -----------------------------------------------------------------------------

    def come_from(self, network_map: NetworkMap, others: Iterable[Mobject] = ()) -> list[Animation]:
        """Return the animations in which this part of the map comes close and the rest goes."""
        moves: list[Animation] = [
            ReplacementTransform(network_map.node(symbol).copy(), node)
            for symbol, node in self._nodes.items()
        ]
        for weight, line in self._edges.items():
            edge = network_map.edge(entry_of(weight), node_of(weight))
            moves.append(ReplacementTransform(edge.copy(), line))
        ends = (self.layer - 1, self.layer)
        far = [network_map.ellipses[layer] for layer in ends if layer in network_map.ellipses]
        moves += [ReplacementTransform(old.copy(), new) for old, new in zip(far, self.ellipses, strict=True)]
        return [*moves, FadeOut(network_map, *others)]

    def rest(self) -> VGroup:
        """Return what joins when it has come close: the biases, and the names of the weights."""
        return VGroup(*self._stubs.values(), *self.labels)

"""Where the gates of a computational graph stand: layered from left to right, pure geometry, no drawing.

The layers, the order in them and the bends of long edges come from fast-sugiyama (Sugiyama, Tagawa & Toda,
Methods for Visual Understanding of Hierarchical System Structures, 1981), the same on every machine.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import fast_sugiyama
import numpy as np
from manim.typing import Point3D

from bpmath.graph import Edge, Graph
from bpmath.symbols import Symbol
from scenes.stage.graph_rows import compact_rows
from scenes.stage.layout import (
    EASY_GATE_GAP,
    EASY_GATE_ROW,
    GATE_RADIUS,
    GATE_ROOM,
    GRAPH,
    GRAPH_BOARD,
    LEAST_GATE_GAP,
    LEAST_GATE_ROW,
    LEAST_GRAPH_SCALE,
    MOST_GATE_GAP,
    MOST_GATE_ROW,
    MOST_GATES,
    MOST_GRAPH_SCALE,
    PARALLEL_BULGE,
    SLIM_BOARD,
    TALL_GRAPH,
    Zone,
)

UNIT = 1.0
Ranking = Literal["up", "minimize"]
RANKINGS: tuple[Ranking, ...] = ("up", "minimize")
"""All inputs in the first layer where there is room, else each near the gates that use it."""
# It tells every step of its work.
for name in ("rust-sugiyama", "connected_components"):
    logging.getLogger(name).setLevel(logging.WARNING)
Place = tuple[float, float]


class GraphTooLarge(ValueError):
    """A graph cannot be drawn legibly; the message says how large it is, and what could be."""


@dataclass(frozen=True)
class GraphPlan:
    """The centres of all nodes, and for every edge the points that it leads through, ends included.

    `bulges` says how far an edge bends aside: several between the same two nodes must not lie on each other.
    Gates and numbers are drawn at `scale`, over 1 where there is much room; equations stand in `board`.
    """

    centres: Mapping[Symbol, Point3D]
    routes: Mapping[Edge, tuple[Point3D, ...]]
    bulges: Mapping[Edge, float]
    scale: float
    board: Zone


@dataclass(frozen=True)
class Split:
    """A way to share the frame between a graph and its equations."""

    graph: Zone
    board: Zone


SPLITS = (Split(GRAPH, GRAPH_BOARD), Split(TALL_GRAPH, SLIM_BOARD))


@dataclass(frozen=True)
class Layered:
    """A graph in layers of unit distance, the output at depth 0, before it is fitted into a zone."""

    places: Mapping[int, Place]
    chains: Mapping[tuple[int, int], tuple[int, ...]]

    @property
    def depth(self) -> float:
        """How many layers lie between the first and the last."""
        return max(depth for depth, _ in self.places.values())

    @property
    def rows(self) -> tuple[float, float]:
        """Where the first and the last row are."""
        rows = [row for _, row in self.places.values()]
        return min(rows), max(rows)

    def scale_in(self, zone: Zone) -> float:
        """Return how large gates can be drawn in a zone: over 1 only where they stay far apart."""
        tight = self._scale(zone, LEAST_GATE_GAP, LEAST_GATE_ROW)
        easy = self._scale(zone, EASY_GATE_GAP, EASY_GATE_ROW)
        return max(min(1.0, tight), min(MOST_GRAPH_SCALE, easy))

    def _scale(self, zone: Zone, gap: float, row: float) -> float:
        first, last = self.rows
        across = zone.width / (self.depth * gap + 2 * GATE_RADIUS)
        return min(across, zone.height / ((last - first) * row + GATE_ROOM))

    def points_in(self, zone: Zone, scale: float) -> dict[int, Point3D]:
        """Return where the nodes and bends are in a zone, as far apart as there is room."""
        first, last = self.rows
        across = _spacing(zone.width - 2 * GATE_RADIUS * scale, self.depth, MOST_GATE_GAP * scale)
        down = _spacing(zone.height - GATE_ROOM * scale, last - first, MOST_GATE_ROW * scale)
        middle = np.array([self.depth / 2, (first + last) / 2])
        steps = {node: middle - place for node, place in self.places.items()}
        return {
            n: zone.centre + np.array([step[0] * across, step[1] * down, 0.0]) for n, step in steps.items()
        }


def plan_graph(graph: Graph, splits: Sequence[Split] = SPLITS) -> GraphPlan:
    """Return where a graph stands, inputs at the left, the output at the right, as large as can be.

    Raises GraphTooLarge when it has more gates, layers or rows than can be read.
    """
    check_size(graph)
    ways = [(split, _layered(graph, ranking)) for split in splits for ranking in RANKINGS]
    scales = [layered.scale_in(split.graph) for split, layered in ways]
    best = max(scales)
    split, layered = ways[scales.index(best)]
    if best < LEAST_GRAPH_SCALE:
        raise GraphTooLarge(_too_large(graph, layered, split.graph))
    return _planned(graph, layered, layered.points_in(split.graph, best), best, split.board)


def check_size(graph: Graph) -> None:
    """Raise GraphTooLarge for more gates than can be drawn, saying how many there are and what to do."""
    gates = len(graph.nodes) - len(graph.inputs)
    if gates > MOST_GATES:
        raise GraphTooLarge(
            f"the graph has {gates} gates, but at most {MOST_GATES} can be drawn so that they can be read; "
            "take a part of the expression, or name a part of it as an input of its own"
        )


def _too_large(graph: Graph, layered: Layered, zone: Zone) -> str:
    gates = len(graph.nodes) - len(graph.inputs)
    first, last = layered.rows
    most_layers = zone.width / LEAST_GRAPH_SCALE - 2 * GATE_RADIUS
    most_rows = zone.height / LEAST_GRAPH_SCALE - GATE_ROOM
    return (
        f"the graph of {gates} gates needs {round(layered.depth) + 1} layers and {round(last - first) + 1} "
        f"rows, but at most {int(most_layers / LEAST_GATE_GAP) + 1} layers and "
        f"{int(most_rows / LEAST_GATE_ROW) + 1} rows can be drawn so that they can be read; "
        "take a part of the expression, or name a part of it as an input of its own"
    )


def _spacing(room: float, steps: float, most: float) -> float:
    return min(most, room / steps) if steps else most


def _layered(graph: Graph, ranking: Ranking) -> Layered:
    """Return the graph in layers; a graph of one node has one."""
    edges = sorted({(source, target) for target, sources in enumerate(graph.sources) for source in sources})
    if not edges:
        return Layered({graph.position(graph.output): (0.0, 0.0)}, {})
    (layout, *_) = fast_sugiyama.from_edges(
        edges,
        vertex_spacing=UNIT,
        dummy_vertices=True,
        dummy_size=UNIT,
        ranking_type=ranking,
        crossing_minimization="barycenter",
        transpose=True,
    )
    positions, _, _, pieces = layout
    parts = [(int(start), int(end)) for start, end in pieces or []]
    layers: dict[float, list[tuple[float, int]]] = {}
    for node, (row, depth) in positions:
        layers.setdefault(depth, []).append((row, int(node)))
    in_order = {depth: [node for _, node in sorted(layers[depth])] for depth in sorted(layers)}
    bends = {node for layer in in_order.values() for node in layer if node >= len(graph.nodes)}
    rows = compact_rows([*in_order.values()], parts, bends)
    places = {node: (depth, rows[node]) for depth, layer in in_order.items() for node in layer}
    return _upright(graph, Layered(places, _chains(edges, parts)))


def _chains(
    edges: Iterable[tuple[int, int]], parts: Iterable[tuple[int, int]]
) -> dict[tuple[int, int], tuple[int, ...]]:
    """Return for every edge the bends on its way: a bend has one part before it and one behind it."""
    nodes = {end for edge in edges for end in edge}
    behind = {start: end for start, end in parts if start not in nodes}
    chains = {}
    for start, end in parts:
        if start in nodes:
            bends = []
            while end not in nodes:
                bends.append(end)
                end = behind[end]
            chains[start, end] = tuple(bends)
    return chains


def _upright(graph: Graph, layered: Layered) -> Layered:
    """Return the layers with the first input above the last one."""
    rows = [layered.places[graph.position(symbol)][1] for symbol in graph.inputs]
    if not rows or rows[0] <= rows[-1]:
        return layered
    return Layered({n: (depth, -row) for n, (depth, row) in layered.places.items()}, layered.chains)


def _planned(
    graph: Graph, layered: Layered, points: Mapping[int, Point3D], scale: float, board: Zone
) -> GraphPlan:
    routes: dict[Edge, tuple[Point3D, ...]] = {}
    bulges: dict[Edge, float] = {}
    for node, edges in zip(graph.nodes, graph.edges, strict=True):
        uses = Counter(node.inputs)
        for edge in edges:
            start, end = graph.position(edge.source), graph.position(edge.target)
            way = (start, *layered.chains[start, end], end)
            routes[edge] = tuple(points[stop] for stop in way)
            earlier = node.inputs[: edge.argument].count(edge.source)
            bulges[edge] = PARALLEL_BULGE * scale * ((uses[edge.source] - 1) / 2 - earlier)
    centres = {node.symbol: points[graph.position(node.symbol)] for node in graph.nodes}
    return GraphPlan(centres, routes, bulges, scale, board)

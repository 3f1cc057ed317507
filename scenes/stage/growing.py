"""How the parts of a network come onto its map."""

from __future__ import annotations

from manim import (
    DOWN,
    Animation,
    AnimationGroup,
    Create,
    FadeIn,
    GrowFromCenter,
    LaggedStart,
    ReplacementTransform,
    VGroup,
)

from bpmath.symbols import a, z
from scenes.stage import layout
from scenes.stage.network_map import NetworkMap


class ClosedLayer:
    """The nodes of a layer before they open into z and a, with the edges that reach them."""

    def __init__(self, network_map: NetworkMap, layer: int) -> None:
        self.map, self.layer = network_map, layer
        self.nodes: VGroup = network_map.closed_nodes(layer)
        self.edges: VGroup = network_map.closed_edges(layer)

    def grow(self, run_time: float) -> Animation:
        """Return the edges growing, then the nodes that they reach."""
        edges = LaggedStart(*(Create(edge) for edge in self.edges), lag_ratio=0.15)
        nodes = [GrowFromCenter(node) for node in self.nodes]
        arrivals = LaggedStart(*nodes, *ellipsis(self.map, self.layer), lag_ratio=0.3)
        return AnimationGroup(edges, arrivals, run_time=run_time)

    def open(self) -> list[Animation]:
        """Return the nodes opening into z and a: circles become circles, edges edges."""
        moved: list[Animation] = []
        for closed, node in zip(self.nodes, self.map.plan.rows(self.layer), strict=True):
            pair = z(self.layer, node), a(self.layer, node)
            for symbol, circle in zip(pair, (closed, closed.copy()), strict=True):
                moved.append(ReplacementTransform(circle, self.map.node(symbol).circle))
                moved.append(FadeIn(self.map.node(symbol).label))
            moved.append(FadeIn(self.map.edge(*pair)))
        edges = zip(self.edges, self.map.open_edges(self.layer), strict=True)
        return [*moved, *(ReplacementTransform(*pair) for pair in edges)]


def ellipsis(network_map: NetworkMap, layer: int) -> list[Animation]:
    """Return the ellipsis of a layer arriving, where it has one."""
    return [FadeIn(network_map.ellipses[layer])] if layer in network_map.ellipses else []


def error_nodes(network_map: NetworkMap) -> list[Animation]:
    """Return the animations that bring the errors, their edges and the targets."""
    errors = network_map.symbols("e")
    edges = [Create(line) for error in errors for line in network_map.edges_into(error)]
    nodes = [GrowFromCenter(network_map.node(error)) for error in errors]
    targets = [network_map.stub(symbol) for symbol in network_map.symbols("y")]
    stubs = [FadeIn(stub, shift=DOWN * layout.STUB) for stub in targets]
    return [AnimationGroup(*edges), AnimationGroup(*nodes), AnimationGroup(*stubs)]

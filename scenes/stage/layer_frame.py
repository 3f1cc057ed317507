"""A frame on the map around what an equation of one layer reads, and the places that its terms come from."""

from __future__ import annotations

from manim import RoundedRectangle, VGroup

from bpmath.matrices import MatrixDerivative, MatrixSymbol
from bpmath.matrix_equations import Term
from bpmath.symbols import E
from scenes.stage.layout import BOARD, BORDER, FRAME_CORNER, FRAME_GAP, MAP, RING_STROKE, Zone
from scenes.stage.map_pen import RINGS
from scenes.stage.network_map import NetworkMap
from scenes.stage.theme import Role

WHOLE = Zone(BOARD.left, BOARD.right, MAP.bottom, BOARD.top)
"""The frame between the title and the captions, where no map is shown."""


def layer_frame(network_map: NetworkMap, name: str, layer: int, role: Role = Role.TARGET) -> RoundedRectangle:
    """Return a frame around the layer of an equation: with the layer behind it, before it, or the errors."""
    columns = [network_map.column("z", layer), network_map.column("a", layer)]
    if name == "BP1":
        columns.append(network_map.column("e"))
    if name == "BP2":
        columns.append(network_map.column("z", layer + 1))
    if name == "BP4":
        columns = [_activations(network_map, layer - 1), network_map.column("z", layer)]
    return _frame(network_map, VGroup(*columns), role)


def whole_layer(network_map: NetworkMap, layer: int, role: Role = Role.TARGET) -> RoundedRectangle:
    """Return a frame around all that belongs to a layer, from what it reads to what it gives."""
    columns = [_activations(network_map, layer - 1), network_map.column("z", layer)]
    return _frame(network_map, VGroup(*columns, network_map.column("a", layer)), role)


def _frame(network_map: NetworkMap, around: VGroup, role: Role) -> RoundedRectangle:
    frame = RoundedRectangle(
        corner_radius=FRAME_CORNER,
        width=around.width + 2 * FRAME_GAP,
        height=MAP.height + BORDER / 2,
        color=network_map.theme[role],
        stroke_width=RING_STROKE,
    )
    return frame.move_to(MAP.centre).set_x(around.get_x()).set_z_index(RINGS)


def _activations(network_map: NetworkMap, layer: int) -> VGroup:
    return network_map.column("a", layer) if layer else network_map.column("x")


def place_of(network_map: NetworkMap, term: Term) -> VGroup:
    """Return what a named matrix belongs to on the map: its column of nodes, its edges, its biases."""
    of = term.wrt if isinstance(term, MatrixDerivative) else term
    assert isinstance(of, MatrixSymbol)
    layer = of.layer or 0
    match of.letter:
        case "W":
            return network_map.open_edges(layer)
        case "b":
            return VGroup(*(network_map.stub(symbol) for symbol in network_map.symbols("b", layer)))
        case "delta" | "z":
            return network_map.column("z", layer)
        case "a" | "x":
            return _activations(network_map, layer)
    return VGroup(network_map.node(E))

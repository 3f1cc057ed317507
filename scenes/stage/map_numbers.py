"""The numbers of a sample on the map: the value of a node, below it."""

from __future__ import annotations

from manim import DOWN, BackgroundRectangle, VGroup

from bpmath.algebra import Values
from bpmath.network import Network
from bpmath.symbols import Symbol
from scenes.stage.formula import number_mobject
from scenes.stage.layout import (
    BOARD,
    FLAT_MAP,
    LABEL_PATCH,
    LEAST_SIZE,
    MAP_SIZE,
    MOST_ROOMY,
    NODE_SPLIT,
    NUMBER_BELOW_NODE,
    SHORT_BOARD,
    TALL_MAP,
    Zone,
)
from scenes.stage.map_pen import LABELS, PATCHES
from scenes.stage.network_map import NetworkMap
from scenes.stage.network_plan import shown_rows
from scenes.stage.theme import Role
from scenes.stage.typeset import Typeset


class MapNumber(VGroup):
    """The value of a node on a patch that hides the edges behind it."""

    def __init__(self, patch: BackgroundRectangle, number: Typeset) -> None:
        super().__init__(patch, number)
        self.patch, self.number = patch, number


def zones(network: Network) -> tuple[Zone, Zone]:
    """Return the zones of map and board when every node shows its number."""
    most = max(len(shown_rows(size)) for size in network.sizes)
    return (FLAT_MAP, BOARD) if most <= MOST_ROOMY else (TALL_MAP, SHORT_BOARD)


def number_at(network_map: NetworkMap, symbol: Symbol, values: Values, role: Role = Role.VALUE) -> MapNumber:
    """Return the value of a node, below it, no wider than there is room."""
    node, theme = network_map.node(symbol), network_map.theme
    number = number_mobject(values.value(symbol), theme[role], MAP_SIZE)
    room = NODE_SPLIT - 2 * LABEL_PATCH
    number.scale(max(min(1.0, room / number.width), LEAST_SIZE / MAP_SIZE))
    number.next_to(node.circle, DOWN, buff=NUMBER_BELOW_NODE).set_z_index(LABELS)
    patch = BackgroundRectangle(number, color=theme[Role.BACKGROUND], fill_opacity=1, buff=LABEL_PATCH / 2)
    return MapNumber(patch.set_z_index(PATCHES), number)

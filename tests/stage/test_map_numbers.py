"""The number of a node stands below it, inside the frame, on a patch of the background."""

from __future__ import annotations

import pytest

import bpmath as bp
from scenes.stage import layout, map_numbers
from scenes.stage.network_map import NetworkMap
from scenes.stage.theme import DARK, Role

FEW, MANY = bp.Network.random((2, 2, 1)), bp.Network.random((3, 4, 2))


def test_networks_of_few_rows_leave_the_board_its_height() -> None:
    assert map_numbers.zones(FEW) == (layout.FLAT_MAP, layout.BOARD)
    tall, short = map_numbers.zones(MANY)
    assert (tall, short) == (layout.TALL_MAP, layout.SHORT_BOARD)
    assert short.bottom > tall.top


@pytest.mark.parametrize("network", [FEW, MANY], ids=["few", "many"])
def test_every_number_stands_below_its_node(network: bp.Network) -> None:
    zone, _ = map_numbers.zones(network)
    network_map = NetworkMap(network, DARK, zone=zone)
    derivation = bp.derive(network, [0.5] * network.sizes[0], [1.0] * network.sizes[-1])
    nodes = [*network_map.symbols("x"), *network_map.symbols("z", 1), *network_map.symbols("e"), bp.E]
    for symbol in nodes:
        shown = map_numbers.number_at(network_map, symbol, derivation.values)
        circle = network_map.node(symbol).circle
        assert shown.number.get_top()[1] < circle.get_bottom()[1]
        assert shown.number.get_x() == pytest.approx(circle.get_x())
        assert shown.number.get_bottom()[1] > layout.CAPTION.top
        assert shown.number.font_size >= layout.LEAST_SIZE
        assert shown.number.width <= layout.NODE_SPLIT
        assert shown.patch.get_fill_color().to_hex() == DARK[Role.BACKGROUND]
        assert shown.patch.width > shown.number.width

"""One layer seen close shows the nodes, edges and names of the map that it comes from."""

from __future__ import annotations

import pytest

import bpmath as bp
from bpmath.algebra import Partial
from scenes.stage import layout
from scenes.stage.formula import role_of
from scenes.stage.layer_frame import layer_frame, place_of, whole_layer
from scenes.stage.layer_map import LayerMap
from scenes.stage.network_map import NetworkMap
from scenes.stage.theme import DARK, Role
from scenes.stage.typeset import Typeset

NETWORK = bp.Network.random((2, 3, 2))
WIDE = bp.Network.random((784, 30, 10))


@pytest.fixture(scope="module")
def close() -> LayerMap:
    return LayerMap(NetworkMap(NETWORK, DARK), 2, "article")


def test_it_shows_the_layer_and_no_other(close: LayerMap) -> None:
    assert close.weights == [bp.w(2, k, j) for k in (1, 2) for j in (1, 2, 3)]
    assert all(close.shows(symbol) for symbol in (bp.a(1, 3), bp.z(2, 2), bp.b(2, 1), bp.w(2, 2, 3)))
    assert not any(close.shows(symbol) for symbol in (bp.a(2, 1), bp.z(1, 1), bp.w(1, 1, 1)))


def test_every_edge_runs_from_the_source_to_the_target_of_its_weight(close: LayerMap) -> None:
    for weight in close.weights:
        line, (to, source) = close.edge(weight), weight.indices
        ends = close.node(bp.a(1, source)).circle, close.node(bp.z(2, to)).circle
        for point, circle in zip((line.get_start(), line.get_end()), ends, strict=True):
            apart = point - circle.get_center()
            assert (apart @ apart) ** 0.5 == pytest.approx(layout.LAYER_RADIUS)


@pytest.mark.parametrize(
    "partial", [Partial(bp.z(2, 2), bp.a(1, 3)), Partial(bp.z(2, 2), bp.w(2, 2, 3))], ids=str
)
def test_light_lies_on_the_edge_that_yields_a_derivative_in_its_colour(
    close: LayerMap, partial: Partial
) -> None:
    edge, lit, role = close.edge(bp.w(2, 2, 3)), close.lit(partial), role_of(partial)
    assert role is not None
    assert lit.get_start() == pytest.approx(edge.get_end())
    assert lit.get_end() == pytest.approx(edge.get_start())
    assert lit.get_color().to_hex() == DARK[role]


@pytest.mark.parametrize("network", [NETWORK, WIDE], ids=["small", "wide"])
def test_it_stays_in_its_zone_with_readable_names(network: bp.Network) -> None:
    close = LayerMap(NetworkMap(network, DARK), 2, "article")
    assert layout.LAYER_ZONE.contains(close)
    names = [close.where(weight) for weight in close.weights]
    sizes = [name.font_size for name in names if isinstance(name, Typeset)]
    assert sizes == pytest.approx([layout.LAYER_LABEL_SIZE] * len(close.labels))


def test_wide_layers_have_an_ellipsis_each() -> None:
    assert len(LayerMap(NetworkMap(WIDE, DARK), 2, "article").ellipses) == 2
    assert not len(LayerMap(NetworkMap(NETWORK, DARK), 2, "article").ellipses)


@pytest.mark.parametrize("name", ["BP1", "BP2", "BP3", "BP4"])
def test_a_frame_surrounds_what_an_equation_reads(name: str) -> None:
    network_map = NetworkMap(NETWORK, DARK)
    frame = layer_frame(network_map, name, 1, Role.DELTA)
    inside = {
        "BP1": [bp.z(1, 1), bp.a(1, 1), bp.e(1)],
        "BP2": [bp.z(1, 1), bp.a(1, 1), bp.z(2, 1)],
        "BP3": [bp.z(1, 1), bp.a(1, 1)],
        "BP4": [bp.x(1), bp.z(1, 1)],
    }[name]
    nodes = [network_map.node(symbol) for symbol in inside]
    assert frame.get_left()[0] < min(node.get_left()[0] for node in nodes)
    assert frame.get_right()[0] > max(node.get_right()[0] for node in nodes)
    if name != "BP2" and name != "BP1":
        assert frame.get_right()[0] < network_map.node(bp.z(2, 1)).get_left()[0]
    assert frame.get_color().to_hex() == DARK[Role.DELTA]


def test_a_whole_layer_is_framed_from_what_it_reads_to_what_it_gives() -> None:
    network_map = NetworkMap(NETWORK, DARK)
    frame = whole_layer(network_map, 2)
    assert frame.get_left()[0] < network_map.node(bp.a(1, 1)).get_left()[0]
    assert frame.get_right()[0] > network_map.node(bp.a(2, 1)).get_right()[0]
    assert frame.get_left()[0] > network_map.node(bp.z(1, 1)).get_right()[0]


def test_a_named_matrix_has_its_place_on_the_map() -> None:
    network_map, names = NetworkMap(NETWORK, DARK), bp.naming.Names(NETWORK)
    for term, wanted in [
        (names.weights(2), list(network_map.open_edges(2))),
        (names.vector("z", 1), list(network_map.column("z", 1))),
        (names.vector("a", 0), list(network_map.column("x"))),
        (names.vector("b", 2), [network_map.stub(symbol) for symbol in network_map.symbols("b", 2)]),
    ]:
        assert [*place_of(network_map, term)] == wanted

"""Every network has its place on the map: nothing off the zone, nothing on top of another."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import bpmath as bp
from scenes.stage.layout import MAP, STUB, STUB_NAME, Zone
from scenes.stage.network_plan import Plan, entry_of, node_of, plan

DEEPEST = 4
CLOSE_TOGETHER = 1e-9
some_sizes = st.lists(st.integers(1, 12), min_size=2, max_size=DEEPEST + 1).map(tuple)
some_losses = st.sampled_from(["squared_error", "softmax_cross_entropy"])


def planned(
    sizes: tuple[int, ...], headroom: float = STUB, zone: Zone = MAP, loss: str = "squared_error"
) -> Plan:
    return plan(bp.Network.random(sizes, loss=loss), zone, headroom)


def column(found: Plan, letter: str, layer: int | None) -> list[tuple[float, float]]:
    """Return where the nodes of one letter and layer stand, by index."""
    symbols = sorted(
        (s for s in found.centres if (s.letter, s.layer) == (letter, layer)), key=lambda s: s.indices
    )
    return [(float(found.centres[s][0]), float(found.centres[s][1])) for s in symbols]


def columns(found: Plan) -> list[list[tuple[float, float]]]:
    """Return all columns in the order in which the network computes them."""
    letters: list[tuple[str, int | None]] = [("x", None)]
    for layer in range(1, found.network.layers + 1):
        letters += [("z", layer), ("a", layer)]
    return [column(found, *which) for which in (*letters, ("e", None), ("E", None))]


@given(sizes=some_sizes, headroom=st.sampled_from([STUB, STUB + STUB_NAME]))
@example(sizes=(1, 1), headroom=STUB)
@example(sizes=(784, 30, 10), headroom=STUB)
@example(sizes=(2, 2, 2, 2, 2), headroom=STUB)
@example(sizes=(4, 4, 4, 4, 4), headroom=STUB + STUB_NAME)
def test_every_node_is_wholly_inside_the_zone(sizes: tuple[int, ...], headroom: float) -> None:
    found = planned(sizes, headroom)
    for x, y, _ in found.centres.values():
        assert MAP.left - CLOSE_TOGETHER <= x - found.radius <= x + found.radius <= MAP.right + CLOSE_TOGETHER
        assert MAP.bottom - CLOSE_TOGETHER <= y - found.radius
        assert y + found.radius + headroom <= MAP.top + CLOSE_TOGETHER


@given(sizes=some_sizes, headroom=st.sampled_from([STUB, STUB + STUB_NAME]))
@example(sizes=(1, 1), headroom=STUB)
@example(sizes=(784, 30, 10), headroom=STUB + STUB_NAME)
@example(sizes=(4, 4, 4, 4, 4), headroom=STUB + STUB_NAME)
def test_no_two_nodes_touch(sizes: tuple[int, ...], headroom: float) -> None:
    found = planned(sizes, headroom)
    centres = np.array(list(found.centres.values()))
    distances = np.linalg.norm(centres[:, None] - centres[None], axis=-1)
    assert distances[~np.eye(len(centres), dtype=bool)].min() > 2 * found.radius + 0.1


@given(sizes=some_sizes)
@example(sizes=(784, 30, 10))
def test_columns_follow_the_computation_and_rows_the_indices(sizes: tuple[int, ...]) -> None:
    found = columns(planned(sizes))
    for nodes in found:
        assert len({round(x, 9) for x, _ in nodes}) == 1
        assert all(upper > lower for (_, upper), (_, lower) in pairwise(nodes))
    assert all(one[0][0] < other[0][0] for one, other in pairwise(found))


@given(sizes=some_sizes)
def test_every_column_is_centred_on_the_same_height(sizes: tuple[int, ...]) -> None:
    found = columns(planned(sizes))
    (_, middle) = found[-1][0]
    assert all(nodes[0][1] + nodes[-1][1] == pytest.approx(2 * middle) for nodes in found)


@given(sizes=some_sizes)
@example(sizes=(784, 30, 10))
def test_wide_layers_show_the_first_nodes_and_the_last(sizes: tuple[int, ...]) -> None:
    found = planned(sizes)
    for layer, size in enumerate(sizes):
        shown = [
            s.indices[0]
            for s in found.centres
            if (s.letter, s.layer) == (("a", layer) if layer else ("x", None))
        ]
        assert shown == found.rows(layer) == (list(range(1, size + 1)) if size <= 4 else [1, 2, size])


@given(sizes=some_sizes)
@example(sizes=(784, 30, 10))
def test_an_ellipsis_stands_where_nodes_are_left_out(sizes: tuple[int, ...]) -> None:
    found = planned(sizes)
    assert set(found.ellipses) == {layer for layer, size in enumerate(sizes) if size > 4}
    for layer, (x, y, _) in found.ellipses.items():
        shown = [c for s, c in found.centres.items() if s.letter in "xza" and (s.layer or 0) == layer]
        second, last = sorted({round(float(c[1]), 9) for c in shown})[1::-1]
        assert second - found.radius > y > last + found.radius
        assert min(c[0] for c in shown) <= x <= max(c[0] for c in shown)


@pytest.mark.parametrize("layers", [DEEPEST + 1, DEEPEST + 2, 40])
def test_networks_too_deep_for_the_map_are_refused(layers: int) -> None:
    sentence = rf"^network: {layers} layers of weights do not fit on the map; at most {DEEPEST} do$"
    with pytest.raises(ValueError, match=sentence):
        planned((2,) * (layers + 1))


def test_the_deepest_network_that_is_promised_fits() -> None:
    assert len(columns(planned((2,) * (DEEPEST + 1)))) == 2 * DEEPEST + 3


def test_the_map_of_the_example_uses_the_frame() -> None:
    found = planned(bp.example_network().sizes)
    across = [x for x, _, _ in found.centres.values()]
    assert max(across) - min(across) + 2 * found.radius >= 12


def test_a_node_opens_around_the_place_where_it_stood() -> None:
    found = planned((2, 3, 2))
    (z_x, z_y), (a_x, a_y) = column(found, "z", 1)[2], column(found, "a", 1)[2]
    assert found.closed_centre(1, 3) == pytest.approx([(z_x + a_x) / 2, z_y, 0])
    assert z_y == a_y


@given(sizes=some_sizes.filter(lambda sizes: max(sizes) <= 4), loss=some_losses)
def test_small_networks_are_connected_as_they_are_computed(sizes: tuple[int, ...], loss: str) -> None:
    found = planned(sizes, loss=loss)
    expected = set()
    for edge in found.network.graph().edges_into(bp.E):
        expected.add((edge.source, bp.E))
    for node in found.network.graph().nodes:
        for source in node.inputs:
            if source.letter in "xzae":
                expected.add((source, node.symbol))
    assert set(found.connections()) == expected
    assert len(list(found.connections())) == len(expected)


@given(sizes=some_sizes.filter(lambda sizes: max(sizes) <= 4))
def test_weights_come_in_printed_order(sizes: tuple[int, ...]) -> None:
    found = planned(sizes)
    weights = [weight for layer in range(1, len(sizes)) for weight in found.weights(layer)]
    assert weights == [symbol for symbol in found.network.parameters() if symbol.letter == "w"]


def test_only_connections_between_shown_nodes_are_drawn() -> None:
    found = planned((784, 30, 10), loss="softmax_cross_entropy")
    ends = {symbol for pair in found.connections() for symbol in pair}
    assert ends == set(found.centres)
    assert len(list(found.connections())) == 9 + 3 + 9 + 3 + 9 + 3


def test_biases_and_targets_enter_shown_nodes() -> None:
    entering = planned((2, 30, 1)).entering()
    assert entering == [bp.b(1, 1), bp.b(1, 2), bp.b(1, 30), bp.b(2, 1), bp.y(1)]
    assert {node_of(symbol) for symbol in entering} == {
        bp.z(1, 1),
        bp.z(1, 2),
        bp.z(1, 30),
        bp.z(2, 1),
        bp.e(1),
    }


def test_a_weight_leads_from_an_activation_to_a_weighted_sum() -> None:
    assert (entry_of(bp.w(2, 3, 1)), node_of(bp.w(2, 3, 1))) == (bp.a(1, 1), bp.z(2, 3))
    assert (entry_of(bp.w(1, 3, 2)), node_of(bp.w(1, 3, 2))) == (bp.x(2), bp.z(1, 3))


@given(sizes=some_sizes)
@example(sizes=(4, 4, 4))
def test_the_short_edge_of_a_bias_ends_below_the_node_above(sizes: tuple[int, ...]) -> None:
    found = planned(sizes)
    for nodes in columns(found)[1:]:
        for (_, upper), (_, lower) in pairwise(nodes):
            assert lower + found.radius + STUB < upper - found.radius

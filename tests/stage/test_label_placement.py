"""Labels lie on their own edges and touch nothing, whatever stands in the way."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from manim.typing import Point3D

from scenes.stage.label_placement import PLACES, Bent, Box, Segment, Wish, place_labels, place_most_labels
from scenes.stage.layout import LABEL_CLEARANCE

ROUNDING = 1e-9
coordinates = st.floats(-7, 7).map(lambda x: round(x, 3))
sizes = st.floats(0.05, 1.5).map(lambda x: round(x, 3))


def point(x: float, y: float) -> Point3D:
    return np.array([x, y, 0.0])


@st.composite
def segments(draw: st.DrawFn) -> Segment:
    x, y, angle, length = (
        draw(coordinates),
        draw(coordinates),
        draw(st.floats(0, 6.28)),
        draw(st.floats(0.5, 9)),
    )
    return Segment(point(x, y), point(x + length * math.cos(angle), y + length * math.sin(angle)))


def straight(wish: Wish) -> Segment:
    assert isinstance(wish.edge, Segment)
    return wish.edge


boxes = st.builds(Box, coordinates, coordinates, sizes, sizes)
wishes = st.lists(
    st.builds(Wish, st.uuids(), segments(), sizes, sizes), max_size=6, unique_by=lambda wish: wish.key
)


def gap(one: Box, other: Box) -> float:
    """Return the free space between two boxes, across or along, whichever is more; negative for overlap."""
    across = max(one.x - one.width / 2, other.x - other.width / 2) - min(
        one.x + one.width / 2, other.x + other.width / 2
    )
    along = max(one.y - one.height / 2, other.y - other.height / 2) - min(
        one.y + one.height / 2, other.y + other.height / 2
    )
    return max(across, along)


def box_of(wish: Wish, place: Point3D) -> Box:
    return Box(float(place[0]), float(place[1]), wish.width, wish.height)


@given(wishes=wishes, obstacles=st.lists(boxes, max_size=8))
def test_labels_touch_neither_obstacles_nor_each_other(wishes: list[Wish], obstacles: list[Box]) -> None:
    places = place_labels(wishes, obstacles, {wish.key: wish.edge for wish in wishes})
    taken = list(obstacles)
    for wish in wishes:
        if wish.key in places:
            box = box_of(wish, places[wish.key])
            assert all(gap(box, other) >= LABEL_CLEARANCE - ROUNDING for other in taken)
            taken.append(box)


@given(wishes=wishes, obstacles=st.lists(boxes, max_size=8))
def test_labels_lie_on_their_own_edges_away_from_the_ends(wishes: list[Wish], obstacles: list[Box]) -> None:
    places = place_labels(wishes, obstacles, {wish.key: wish.edge for wish in wishes})
    for wish in wishes:
        if wish.key in places:
            edge = straight(wish)
            along, there = edge.end - edge.start, places[wish.key] - edge.start
            fraction = float(there @ along / (along @ along))
            np.testing.assert_allclose(there, fraction * along, atol=ROUNDING)
            assert 0.15 < fraction < 0.85


@given(wishes=wishes, obstacles=st.lists(boxes, max_size=8))
def test_a_label_is_left_out_only_where_every_place_is_taken(
    wishes: list[Wish], obstacles: list[Box]
) -> None:
    places = place_labels(wishes, obstacles, {})
    taken = list(obstacles)
    for wish in wishes:
        if wish.key in places:
            taken.append(box_of(wish, places[wish.key]))
            continue
        for fraction in PLACES:
            there = box_of(wish, straight(wish).at(fraction))
            assert min(gap(there, other) for other in taken) < LABEL_CLEARANCE + ROUNDING


def test_a_label_alone_stands_in_the_middle() -> None:
    wish = Wish("w", Segment(point(-2, 1), point(4, 3)), 0.5, 0.3)
    np.testing.assert_allclose(place_labels([wish], [], {})["w"], point(1, 2), atol=ROUNDING)


def test_the_first_label_chooses_first() -> None:
    edge = Segment(point(-3, 0), point(3, 0))
    places = place_labels([Wish(k, edge, 1.0, 0.4) for k in "abc"], [], {})
    np.testing.assert_allclose(places["a"], point(0, 0), atol=ROUNDING)
    assert places.keys() == {"a", "b", "c"}
    assert sorted(np.sign(places[k][0]) for k in "bc") == [-1, 1]


def test_a_label_keeps_away_from_where_its_edge_is_crossed() -> None:
    rising, falling = Segment(point(-2, -1), point(2, 1)), Segment(point(-2, 1), point(2, -1))
    (place,) = place_labels([Wish("up", rising, 0.4, 0.3)], [], {"up": rising, "down": falling}).values()
    assert abs(place[0]) > 0.5
    corners = [(place[0] + x * 0.2, place[1] + y * 0.15) for x in (-1, 1) for y in (-1, 1)]
    sides = {np.sign(y + x / 2) for x, y in corners}  # falling is y = -x/2
    assert len(sides) == 1


@given(wishes=wishes)
def test_only_the_first_label_may_hide_a_foreign_edge(wishes: list[Wish]) -> None:
    places = place_labels(wishes, [], {wish.key: wish.edge for wish in wishes})
    for wish in [wish for wish in wishes if wish.key in places][1:]:
        for other in wishes:
            points = np.linspace(straight(other).start, straight(other).end, 1000)
            inside = np.abs(points - places[wish.key])[:, :2] < (wish.width / 2, wish.height / 2)
            assert other is wish or not inside.all(axis=1).any()


def test_a_label_without_a_free_place_is_left_out() -> None:
    wish = Wish("w", Segment(point(-2, 0), point(2, 0)), 0.5, 0.3)
    assert place_labels([wish], [Box(0, 0, 6, 1)], {}) == {}


def test_no_wishes_are_no_labels() -> None:
    assert place_labels([], [Box(0, 0, 1, 1)], {}) == {}


@pytest.mark.parametrize(
    ("segment", "distance"),
    [
        (Segment(point(-3, 2), point(3, 2)), 1.5),
        (Segment(point(-2, -3), point(-2, 3)), 1.0),
        (Segment(point(4, 4.5), point(6, 8)), 5.0),
        (Segment(point(-3, 0), point(3, 0)), 0.0),
        (Segment(point(0.2, 0.1), point(0.3, 0.2)), 0.0),
    ],
    ids=["above", "left", "corner", "through", "inside"],
)
def test_the_distance_of_a_segment_is_known(segment: Segment, distance: float) -> None:
    assert Box(0, 0, 2, 1).distance(segment) == pytest.approx(distance, abs=0.01)


@given(
    box=boxes, x=st.floats(-0.45, 0.45), y=st.floats(-0.45, 0.45), angle=st.floats(0, 6.28), data=st.data()
)
def test_a_segment_through_a_box_has_no_distance(
    box: Box, x: float, y: float, angle: float, data: st.DataObject
) -> None:
    inside, along = (
        point(box.x + x * box.width, box.y + y * box.height),
        point(math.cos(angle), math.sin(angle)),
    )
    before, after = data.draw(st.floats(0.1, 7)), data.draw(st.floats(0.1, 7))
    assert box.distance(Segment(inside - before * along, inside + after * along)) == 0


@given(one=boxes, other=boxes, clearance=st.floats(0, 0.5))
def test_boxes_touch_when_the_gap_is_under_the_clearance(one: Box, other: Box, clearance: float) -> None:
    if abs(gap(one, other) - clearance) > ROUNDING:
        assert one.touches(other, clearance) == other.touches(one, clearance) == (gap(one, other) < clearance)


def test_a_bent_edge_is_walked_at_even_pace() -> None:
    bent = Bent((point(0, 0), point(2, 0), point(2, 6)))
    assert bent.at(0.0) == pytest.approx(point(0, 0))
    assert bent.at(0.25) == pytest.approx(point(2, 0))
    assert bent.at(0.625) == pytest.approx(point(2, 3))
    assert bent.at(1.0) == pytest.approx(point(2, 6))


def test_a_label_on_a_bent_edge_keeps_clear_of_another_bend() -> None:
    upper = Bent((point(-3, 0), point(0, 1), point(3, 0)))
    lower = Bent((point(-3, 0), point(0, -1), point(3, 0)))
    (place,) = place_labels([Wish("upper", upper, 0.6, 0.4)], [], {"upper": upper, "lower": lower}).values()
    assert place[1] > 0.6  # near the top, where the other edge is far
    box = Box(place[0], place[1], 0.6, 0.4)
    assert box.distance(upper) == 0 < box.distance(lower)


@pytest.mark.parametrize(
    ("box", "share"),
    [
        (Box(5, 0, 2, 1), 0.2),
        (Box(0, 0, 2, 1), 0.1),
        (Box(5, 0.49, 2, 1), 0.2),
        (Box(5, 0.51, 2, 1), 0.0),
        (Box(20, 0, 2, 1), 0.0),
        (Box(5, 0, 30, 1), 1.0),
    ],
)
def test_the_share_of_an_edge_in_a_box(box: Box, share: float) -> None:
    start, middle, end = (np.array([x, 0.0, 0.0]) for x in (0, 5.5, 10))
    assert box.share_of(Segment(start, end)) == pytest.approx(share)
    assert box.share_of(Bent((start, middle, end))) == pytest.approx(share)


def test_a_label_that_finds_no_place_may_choose_first() -> None:
    edges = {
        "long": Segment(np.array([0.0, 0, 0]), np.array([6.0, 0, 0])),
        "short": Segment(np.array([3.0, -1, 0]), np.array([3.0, 1, 0])),
    }
    obstacles = [Box(3, 1, 2, 0.4), Box(3, -1, 2, 0.4)]
    wishes = [Wish(name, edge, 0.8, 0.8) for name, edge in edges.items()]
    assert set(place_labels(wishes, obstacles, {})) == {"long"}
    assert set(place_most_labels(wishes, obstacles, {})) == {"long", "short"}


def test_what_finds_no_place_in_any_order_is_left_out() -> None:
    edge = Segment(np.array([0.0, 0, 0]), np.array([2.0, 0, 0]))
    wishes = [Wish(number, edge, 0.8, 0.8) for number in range(3)]
    assert list(place_most_labels(wishes, [], {})) == list(place_labels(wishes, [], {})) == [0]

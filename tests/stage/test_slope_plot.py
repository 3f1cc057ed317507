"""A plot shows its curve where it is, tangents with the slope they were given, names that do not touch."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bpmath as bp
from scenes.stage import layout
from scenes.stage.formula import Formula
from scenes.stage.slope_plot import Curve, SlopePlot, apart
from scenes.stage.theme import DARK, Role

ZONE = layout.PLOTS[0][0]
SQUARE = Curve(lambda x: x * x, -2.0, 3.0)


def name(symbol: bp.Symbol) -> Formula:
    return Formula(symbol, DARK, layout.LEAST_EQUATION_SIZE)


@pytest.fixture(scope="module")
def plot() -> SlopePlot:
    return SlopePlot(SQUARE, DARK, ZONE, name(bp.z(1, 1)), name(bp.a(1, 1)))


def test_the_curve_runs_through_its_values(plot: SlopePlot) -> None:
    assert plot.curve.get_start() == pytest.approx(plot.at(-2.0, 4.0))
    assert plot.curve.get_end() == pytest.approx(plot.at(3.0, 9.0))
    lowest = min(plot.curve.points, key=lambda point: point[1])
    assert lowest == pytest.approx(plot.at(0.0, 0.0))
    assert ZONE.contains(plot.curve)


def test_a_curve_that_is_infinite_at_its_ends_stays_away_from_them() -> None:
    samples = Curve(np.log, 0.0, 1.0, 0.02).samples
    assert (samples.min(), samples.max()) == pytest.approx((0.02, 0.98))


@pytest.mark.parametrize("x", [-1.0, 0.5, 2.0])
def test_a_tangent_has_the_slope_of_the_plane(plot: SlopePlot, x: float) -> None:
    line = plot.tangent(x, x * x, 2 * x, Role.ACTIVATION_DERIVATIVE)
    unit = plot.at(1.0, 1.0) - plot.at(0.0, 0.0)
    way = (line.get_end() - line.get_start())[:2] / unit[:2]
    assert way[1] / way[0] == pytest.approx(2 * x)
    assert line.get_color().to_hex() == DARK[Role.ACTIVATION_DERIVATIVE]


def test_a_tangent_is_cut_where_it_would_leave(plot: SlopePlot) -> None:
    assert ZONE.contains(plot.tangent(3.0, 9.0, 6.0, Role.TARGET))


def test_feet_stand_on_both_axes_with_their_numbers(plot: SlopePlot) -> None:
    down, across, *numbers = plot.feet(1.0, 1.0)
    assert down.get_bottom()[1] == pytest.approx(ZONE.bottom, abs=0.1)
    assert across.get_left()[0] == pytest.approx(ZONE.left, abs=0.1)
    assert len(numbers) == 2
    assert len(plot.feet(1.0, 1.0, numbers=False)) == 2


def test_points_close_together_have_names_apart_in_their_order(plot: SlopePlot) -> None:
    points = [(1.0, 1.0), (0.9, 0.81), (1.1, 1.21), (0.95, 0.9)]
    names = [name(bp.z(1, k)) for k in range(1, 5)]
    feet = plot.named_feet(points, names)
    shown = [foot[1] for foot in feet]
    in_order = [shown[index] for index in sorted(range(4), key=lambda index: points[index][0])]
    assert all(one.get_right()[0] < other.get_left()[0] for one, other in pairwise(in_order))
    first, last = plot.ends
    assert first.get_right()[0] < in_order[0].get_left()[0]
    assert in_order[-1].get_right()[0] < last.get_left()[0]


def test_a_distance_lies_on_the_axis(plot: SlopePlot) -> None:
    line = plot.distance(2.0, 0.5, Role.LOSS_DERIVATIVE)
    start, end = line.get_start(), line.get_end()
    assert (start[0], end[0]) == pytest.approx((plot.at(2.0, 0.0)[0], plot.at(0.5, 0.0)[0]))
    assert (start[1], end[1]) == pytest.approx((ZONE.bottom, ZONE.bottom))


@pytest.mark.parametrize(("x", "covered"), [(0.5, 0), (3.0, 1)])
def test_a_name_takes_the_place_of_the_number_at_an_end(plot: SlopePlot, x: float, covered: int) -> None:
    mark, ends = plot.named_mark(x, name(bp.y(1)), -1.0)
    assert len(mark) == 2
    assert ends == [*plot.ends][2 - covered :]


def test_a_name_gives_way_to_the_number_of_the_point(plot: SlopePlot) -> None:
    mark, ends = plot.named_mark(1.0, name(bp.y(1)), 1.0)
    assert (len(mark), ends) == (0, [])


@given(st.lists(st.tuples(st.floats(-5, 5), st.floats(0.1, 1.0)), min_size=1, max_size=8))
def test_things_stand_apart_and_within_bounds(things: list[tuple[float, float]]) -> None:
    wished, widths = [place for place, _ in things], [width for _, width in things]
    places = apart(wished, widths, -5.0, 5.0)
    order = sorted(range(len(things)), key=lambda index: wished[index])
    for one, other in pairwise(order):
        assert places[other] - places[one] >= (widths[one] + widths[other]) / 2 - 1e-9
    assert min(p - w / 2 for p, w in zip(places, widths, strict=True)) >= -5.0 - 1e-9
    assert max(p + w / 2 for p, w in zip(places, widths, strict=True)) <= 5.0 + 1e-9


def test_things_that_do_not_touch_stay_where_they_are() -> None:
    assert apart([2.0, -1.0, 0.5], [1.0, 1.0, 1.0], -5.0, 5.0) == [2.0, -1.0, 0.5]


def test_a_curve_not_from_zero_fills_its_plot() -> None:
    flat = Curve(lambda x: 10 + x * x, -1.0, 1.0)
    high = Curve(flat.function, -1.0, 1.0, from_zero=False)
    heights = [
        SlopePlot(curve, DARK, ZONE, name(bp.z(1, 1)), name(bp.a(1, 1))).curve.height
        for curve in (flat, high)
    ]
    assert heights[0] < 0.1 * ZONE.height
    assert heights[1] > 0.8 * ZONE.height

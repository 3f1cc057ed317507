"""Losses and deltas in a table, and a tangent that slides along a curve."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pytest
from manim import Dot, Line

import bpmath as bp
from bpmath.loss_examples import loss_example
from bpmath.matrix_equations import Statement
from scenes.stage.formula import Formula
from scenes.stage.layout import LOSS_LINES, PLOTS, Zone
from scenes.stage.local_curves import OutputError
from scenes.stage.loss_table import Choice, largest_table, loss_row, roles_of_cells
from scenes.stage.sliding import slide
from scenes.stage.slope_plot import SlopePlot
from scenes.stage.theme import DARK, Role


def make(what: Statement, size: float, *, roles_at: Any) -> Formula:
    return Formula(what, DARK, size, roles_at=roles_at)


def derived(loss: str) -> bp.Derivation:
    example = loss_example(loss)
    return bp.derive(example.network, example.x, example.y)


def choices(*losses: str) -> list[Choice]:
    found = [derived(loss) for loss in losses]
    return [Choice(derivation, derivation.definition(bp.e(1))) for derivation in found]


def test_deltas_stand_level_with_their_losses() -> None:
    row = partial(loss_row, make=make, with_number=True)
    rows = largest_table(choices("mean_squared_error", "mean_squared_error"), row, LOSS_LINES)
    for one in rows:
        assert one.loss.equals.get_y() == pytest.approx(one.delta.equals.get_y())
        assert one.delta.get_left()[0] > one.loss.get_right()[0]
        assert LOSS_LINES.contains(one.whole)
    assert rows[0].whole.get_bottom()[1] > rows[1].whole.get_top()[1]
    assert rows[0].delta.equals.get_x() == pytest.approx(rows[1].delta.equals.get_x())


def test_a_long_loss_has_its_delta_below() -> None:
    row = partial(loss_row, make=make, with_number=False)
    (one,) = largest_table(choices("binary_cross_entropy"), row, Zone(-5.0, 5.0, -3.0, 3.0))
    assert one.delta.get_top()[1] < one.loss.get_bottom()[1]
    assert not len(one.number)
    with pytest.raises(ValueError, match=r"no table of them fits into 2\.0 x 6\.0"):
        largest_table(choices("binary_cross_entropy"), row, Zone(-1.0, 1.0, -3.0, 3.0))


def test_every_cell_has_the_colours_of_the_line() -> None:
    line = loss_row(choices("mean_squared_error")[0], 46.0, make=make, with_number=False).delta
    roles = roles_of_cells(line, 3)
    assert {roles[1, cell, 0] for cell in range(3)} == {line.role_at((1, 0))} == {Role.LOSS_DERIVATIVE}
    assert roles[0, 2] is Role.DELTA


def test_a_tangent_slides_with_the_slope_of_the_curve() -> None:
    error = OutputError(derived("mean_squared_error"))
    names = [Formula(symbol, DARK, 36.0) for symbol in (error.output, bp.e(1))]
    plot = SlopePlot(error.curve, DARK, PLOTS[0][0], *names)
    stops = error.stops()
    assert stops[0] == stops[-1]
    # The slope by central differences.
    h = 1e-6
    for x in stops:
        expected = (error.height_at(x + h) - error.height_at(x - h)) / (2 * h)
        assert error.slope_at(x) == pytest.approx(expected, abs=1e-8)
    point, tangent = Dot(), Line()
    way = slide(plot, error.height_at, error.slope_at, stops, Role.TARGET, point, tangent)
    way.begin()
    way.interpolate(1 / 3)
    # After a third of the way it has reached the target, where the curve is flat.
    np.testing.assert_allclose(point.get_center(), plot.at(stops[1], error.height_at(stops[1])), atol=1e-6)
    assert tangent.get_start()[1] == pytest.approx(tangent.get_end()[1], abs=1e-6)
    way.interpolate(1.0)
    np.testing.assert_allclose(point.get_center(), plot.at(stops[0], error.height_at(stops[0])), atol=1e-6)


def test_where_the_error_is_infinite_it_slides_to_the_wrong_end_first() -> None:
    output, wrong, right, _ = OutputError(derived("binary_cross_entropy")).stops()
    assert 0 < wrong < output < right < 1

"""What is seen enlarged and shifted comes back to where it was."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from manim import RIGHT, UP, Square

from scenes.stage.view import View

numbers = st.floats(-5, 5)


@given(st.floats(0.2, 5), numbers, numbers, numbers, numbers)
def test_undoing_brings_back(factor: float, right: float, up: float, x: float, y: float) -> None:
    square = Square(side_length=0.7).shift(x * RIGHT + y * UP)
    view, before = View(factor, right * RIGHT + up * UP), square.points.copy()
    view.apply(square)
    np.testing.assert_allclose(square.points, factor * before + view.shift, atol=1e-9)
    np.testing.assert_allclose(view.undo(square).points, before, atol=1e-9)


def test_two_pictures_keep_their_places_to_each_other() -> None:
    one, other = Square().shift(RIGHT), Square().shift(2 * UP)
    view = View(2.0, 3 * RIGHT)
    way = one.get_center() - other.get_center()
    for square in (one, other):
        view.apply(square)
    assert one.get_center() - other.get_center() == pytest.approx(2 * way)


def test_at_first_a_picture_is_seen_where_it_is() -> None:
    square = Square().shift(RIGHT)
    np.testing.assert_array_equal(View().apply(square.copy()).points, square.points)

"""Matrices to scale: as many cells as entries, sides as long as they are compared to be."""

from __future__ import annotations

import numpy as np
import pytest
from manim import VGroup

from bpmath.matrices import MatrixDerivative, MatrixExpression
from bpmath.matrix_algebra import MatrixProduct
from bpmath.product_gradients import example_product
from scenes.stage.layout import BOX_UNIT
from scenes.stage.shape_board import ShapeBox, matrix_formula, role_of_matrix
from scenes.stage.theme import DARK, Role

SIZES = {"n": 5, "m": 3, "p": 2}


@pytest.fixture(scope="module")
def factors() -> tuple[MatrixExpression, MatrixExpression]:
    """A matrix of 5 x 3 and one of 3 x 2, whose product is written out."""
    product = example_product(**SIZES).forward().rhs
    assert isinstance(product, MatrixProduct)
    first, second = product.factors
    return first, second


@pytest.fixture(scope="module")
def box(factors: tuple[MatrixExpression, MatrixExpression]) -> ShapeBox:
    return ShapeBox(factors[0], DARK, BOX_UNIT)


def test_a_rectangle_has_the_proportions_of_its_matrix(box: ShapeBox) -> None:
    assert (box.rows, box.columns) == (5, 3)
    assert box.frame.height / box.frame.width == pytest.approx(5 / 3)
    assert box.frame.width == pytest.approx(3 * BOX_UNIT)
    assert box.label.width < box.frame.width and box.label.height < box.frame.height
    assert box.size_label.get_top()[1] < box.frame.get_bottom()[1]


def test_its_cells_fill_it_row_by_row(box: ShapeBox) -> None:
    cells = box.cells(Role.VALUE)
    assert len(cells) == 15
    places = np.array([cell.get_center()[:2] for cell in cells]).reshape(5, 3, 2)
    assert np.all(np.diff(places[..., 0], axis=1) > 0)
    assert np.all(np.diff(places[..., 1], axis=0) < 0)
    whole = VGroup(*cells)
    assert (whole.width, whole.height) == pytest.approx((box.frame.width, box.frame.height))
    assert whole.get_center() == pytest.approx(box.frame.get_center())


@pytest.mark.parametrize("number", [1, 2, 3])
def test_rows_and_columns_are_counted_from_one(box: ShapeBox, number: int) -> None:
    row, column = box.row(number, Role.TARGET), box.column(number, Role.TARGET)
    assert (len(row), len(column)) == (3, 5)
    top, left = box.frame.get_top()[1], box.frame.get_left()[0]
    assert row.get_y() == pytest.approx(top - (number - 0.5) * BOX_UNIT)
    assert column.get_x() == pytest.approx(left + (number - 0.5) * BOX_UNIT)


def test_sides_that_are_compared_are_as_long_as_there_are_cells(
    factors: tuple[MatrixExpression, MatrixExpression],
) -> None:
    first, second = (ShapeBox(factor, DARK, BOX_UNIT) for factor in factors)
    assert first.across().get_length() == pytest.approx(second.down().get_length())
    assert first.down().get_length() == pytest.approx(5 * BOX_UNIT)
    beside = second.beside(4)
    assert beside.get_length() == pytest.approx(4 * BOX_UNIT)
    assert beside.get_x() < second.frame.get_left()[0]


def test_an_empty_one_has_a_name_and_a_plain_one_cells(
    factors: tuple[MatrixExpression, MatrixExpression],
) -> None:
    empty, plain = (ShapeBox(factors[0], DARK, BOX_UNIT, **{option: True}) for option in ("empty", "plain"))
    assert not len(empty.inside) and empty.label in empty.submobjects
    assert len(plain.inside) and plain.label not in plain.submobjects


def test_values_and_derivatives_have_colours_of_their_own(
    factors: tuple[MatrixExpression, MatrixExpression],
) -> None:
    given = example_product(**SIZES)
    upstream = MatrixDerivative(given.forward().lhs)  # type: ignore[arg-type]
    assert role_of_matrix(factors[0]) is Role.VALUE
    assert role_of_matrix(upstream) is Role.GRADIENT
    drawn = matrix_formula(upstream, DARK, 30.0)
    assert {glyph.get_fill_color().to_hex() for glyph in drawn.glyphs} == {DARK[Role.GRADIENT]}

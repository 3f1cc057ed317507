"""Rows of a matrix stand at the heights that they were given, their brackets around them."""

from __future__ import annotations

import pytest

import bpmath as bp
from bpmath.algebra import Quantity
from bpmath.matrices import Cells
from bpmath.naming import Names
from scenes.stage import layout
from scenes.stage.formula import Formula
from scenes.stage.level import MatrixCells, heights, indices, one_layer, rows_of, set_level
from scenes.stage.network_map import NetworkMap
from scenes.stage.theme import DARK

SIZES = (7, 6, 2)
TOUCH = 0.01


@pytest.fixture(scope="module")
def derivation() -> bp.Derivation:
    network = bp.Network.random(SIZES, seed=1)
    return bp.derive(network, [0.1] * SIZES[0], [0.5] * SIZES[-1])


def matrix(derivation: bp.Derivation, notation: str = "article") -> Formula:
    names = Names(derivation.network).weights(1)
    rows, columns = names.shape.rows, names.shape.columns
    cells = tuple(tuple(Quantity(bp.w(1, k, j)) for j in range(1, columns + 1)) for k in range(1, rows + 1))
    equation = bp.MatrixEquation(names, Cells(cells), derivation.values)
    return Formula(equation, DARK, 40.0, notation=notation, longest_matrix=layout.MOST_ROWS)


@pytest.mark.parametrize(("notation", "column"), [("article", ("z", 1)), ("row", ("x", None))])
def test_rows_stand_level_with_nodes(
    derivation: bp.Derivation, notation: str, column: tuple[str, int | None]
) -> None:
    network_map = NetworkMap(derivation.network, DARK)
    wanted = heights(network_map, *column)
    formula = set_level(matrix(derivation, notation), (1,), wanted, layout.MOST_ROWS)
    rows = rows_of(formula, (1,), layout.MOST_ROWS)
    middles = [(max(g.get_top()[1] for g in row) + min(g.get_bottom()[1] for g in row)) / 2 for row in rows]
    assert middles == pytest.approx(wanted)
    bracket = formula.sign((1,), "open")
    assert bracket.get_top()[1] > max(glyph.get_top()[1] for glyph in rows[0]) - TOUCH
    assert bracket.get_bottom()[1] < min(glyph.get_bottom()[1] for glyph in rows[-1]) + TOUCH


def test_a_bracket_is_pulled_apart_not_thickened(derivation: bp.Derivation) -> None:
    formula = matrix(derivation)
    width = formula.sign((1,), "open").width
    set_level(formula, (1,), [3.0, 1.0, 0.0, -3.0], layout.MOST_ROWS)
    assert formula.sign((1,), "open").width == pytest.approx(width)


def test_heights_must_be_as_many_as_rows(derivation: bp.Derivation) -> None:
    with pytest.raises(ValueError, match="there are 2 for 4 rows"):
        set_level(matrix(derivation), (1,), [1.0, 0.0], layout.MOST_ROWS)


@pytest.mark.parametrize("notation", ["article", "nielsen", "row"])
def test_the_indices_of_a_weight_are_told_apart(notation: str) -> None:
    found = indices(Formula(bp.w(2, 3, 1), DARK, 60.0, notation=notation).glyphs)
    assert len(found.below) == 2
    assert len(found.above) == (3 if notation == "article" else 1)
    assert found.below[0].get_x() < found.below[1].get_x()


def test_one_layer_has_its_columns_wide_apart() -> None:
    for sizes in ((2, 2), (2, 2, 2), (3, 4, 2, 2)):
        network = bp.Network.random(sizes, seed=0)
        drawn = NetworkMap(network, DARK, zone=one_layer(network.layers, layout.MAP))
        apart = drawn.node(bp.z(1, 1)).get_x() - drawn.node(bp.x(1)).get_x()
        assert apart == pytest.approx(layout.ONE_LAYER_GAP, abs=0.2)


def test_cells_answer_to_weights(derivation: bp.Derivation) -> None:
    cells = MatrixCells(matrix(derivation), (1,), layout.MOST_ROWS)
    shown = [cells.weight(glyph.place.position) for glyph in cells.glyphs_of(bp.w(1, 2, 1))]
    assert shown
    assert set(shown) == {bp.w(1, 2, 1)}
    assert cells.glyphs_of(bp.w(1, 4, 1)) == []  # behind the dots
    ending = {id(glyph) for glyph in cells.ending(1, 2)}
    weights = {cells.weight(glyph.place.position) for glyph in cells.glyphs if id(glyph) in ending}
    assert weights == {bp.w(1, k, 2) for k in (1, 2, 6)}
    dots = [glyph for glyph in cells.glyphs if cells.weight(glyph.place.position) is None]
    assert len(dots) >= 3

"""Equations in lines: broken before plus signs, the outermost first, nothing lost and nothing too wide."""

from __future__ import annotations

import numpy as np
import pytest

import bpmath as bp
from scenes.stage.formula import Formula
from scenes.stage.layout import LEAST_EQUATION_SIZE, LINE_SPACE
from scenes.stage.line_breaks import in_lines, largest_in_lines
from scenes.stage.theme import DARK

FIRST = bp.w(1, 1, 1)


def long_equation(derivation: bp.Derivation, size: float = LEAST_EQUATION_SIZE) -> Formula:
    """The weight of the first layer with its four paths, in sums inside a sum."""
    return Formula(derivation.path_sum(FIRST), DARK, size)


def lines(formula: Formula) -> list[list[int]]:
    """Return the numbers of the glyphs of each line, by the pieces that the glyphs belong to."""
    pieces = sorted({glyph.piece for glyph in formula.glyphs})
    return [[n for n, glyph in enumerate(formula.glyphs) if glyph.piece == piece] for piece in pieces]


def test_an_equation_that_fits_is_left_alone(example: bp.Derivation) -> None:
    formula = long_equation(example)
    before = [tuple(glyph.get_center()) for glyph in formula.glyphs]
    assert in_lines(formula, formula.width + 0.01) is formula
    assert [tuple(glyph.get_center()) for glyph in formula.glyphs] == before


def test_a_break_goes_before_the_outermost_plus(example: bp.Derivation) -> None:
    formula = long_equation(example)
    (outermost,) = (
        n
        for n, glyph in enumerate(formula.glyphs)
        if glyph.place.part.startswith("plus")
        and len(glyph.place.position)
        == min(len(g.place.position) for g in formula.glyphs if g.place.part.startswith("plus"))
    )
    in_lines(formula, 0.62 * formula.width)
    first, second = lines(formula)
    assert second[0] == outermost
    assert first == list(range(outermost))


@pytest.mark.parametrize("share", [0.5, 0.62, 0.8])
def test_lines_stand_one_below_the_other_behind_the_equals_sign(example: bp.Derivation, share: float) -> None:
    formula = long_equation(example)
    height, width = formula.height, share * formula.width
    count = len(formula.glyphs)
    in_lines(formula, width)
    found = lines(formula)
    assert sorted(n for line in found for n in line) == list(range(count))
    assert formula.width <= width
    signs = [formula.glyphs[line[0]] for line in found[1:]]
    assert all(sign.place.part.startswith("plus") for sign in signs)
    assert np.ptp([sign.get_left()[0] for sign in signs]) < 1e-6
    assert all(sign.get_left()[0] > formula.equals.get_right()[0] for sign in signs)
    steps = -np.diff([sign.get_y() for sign in signs])
    np.testing.assert_allclose(steps, height + LINE_SPACE)


def test_the_largest_size_that_fits_is_taken(example: bp.Derivation) -> None:
    formula = largest_in_lines(lambda size: long_equation(example, size), 13.0, 6.2, sizes=(60.0, 46.0, 36.0))
    assert formula.font_size == pytest.approx(36.0)
    formula = largest_in_lines(lambda size: long_equation(example, size), 20.0, 9.0, sizes=(60.0, 46.0, 36.0))
    assert formula.font_size == pytest.approx(60.0)


def test_what_fits_at_no_size_is_refused(example: bp.Derivation) -> None:
    with pytest.raises(ValueError, match=r"does not fit into 1\.0 at 36"):
        largest_in_lines(lambda size: long_equation(example, size), 13.0, 1.0, sizes=(46.0, 36.0))

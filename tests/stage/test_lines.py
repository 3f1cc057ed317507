"""Long equations are broken before plus signs, as large as a zone allows."""

from __future__ import annotations

import pytest

import bpmath as bp
from bpmath.nesting import nest
from scenes.stage.formula import Formula
from scenes.stage.layout import LEAST_EQUATION_SIZE
from scenes.stage.lines import set_in_lines, signs_before
from scenes.stage.theme import DARK
from scenes.stage.typeset import Glyph

HIDDEN, FIRST = bp.w(2, 1, 1), bp.w(1, 1, 1)
ROOM = 13.0


def written_out(example: bp.Derivation, weight: bp.Symbol = HIDDEN) -> Formula:
    return Formula(nest(example, weight).before, DARK, 46.0)


def lines_of(formula: Formula) -> list[int]:
    """Return the pieces, from above: each line is one."""
    tops = {glyph.piece: glyph.get_top()[1] for glyph in formula.glyphs}
    return sorted(tops, key=lambda piece: -tops[piece])


def test_a_line_that_fits_is_left_alone(example: bp.Derivation) -> None:
    formula = Formula(example.path_sum(bp.w(3, 1, 1)), DARK, 46.0)
    assert set_in_lines(formula, ROOM, 3.0, 46.0)
    assert len(lines_of(formula)) == 1
    assert formula.font_size == pytest.approx(46.0)


def test_every_term_has_a_line(example: bp.Derivation) -> None:
    formula = written_out(example, FIRST)
    assert set_in_lines(formula, ROOM, 6.0, 46.0, line_for_each_term=True)
    assert len(lines_of(formula)) == 4
    heights = [formula.at((1, k)).get_y() for k in range(4)]
    assert heights == sorted(heights, reverse=True)
    lefts = [formula.sign((1,), f"plus {k}").get_left()[0] for k in (1, 2, 3)]
    assert lefts == pytest.approx([lefts[0]] * 3)
    assert lefts[0] > formula.equals.get_right()[0] - 1e-6


def test_every_plus_begins_a_line_when_asked(example: bp.Derivation) -> None:
    nested = Formula(nest(example, FIRST).after, DARK, 46.0)
    assert set_in_lines(nested, ROOM, 6.0, 46.0, line_for_each_plus=True)
    assert len(lines_of(nested)) == 4


def test_lines_keep_within_the_room(example: bp.Derivation) -> None:
    formula = written_out(example)
    assert set_in_lines(formula, 8.5, 3.2, 46.0)
    assert formula.width <= 8.5 + 1e-6 and formula.height <= 3.2 + 1e-6
    assert LEAST_EQUATION_SIZE - 1e-6 <= formula.font_size <= 46.0


def test_what_cannot_be_legible_is_left_as_it_was(example: bp.Derivation) -> None:
    formula = written_out(example)
    width = formula.width
    assert not set_in_lines(formula, 3.0, 3.0, 46.0)
    assert formula.width == width and len(lines_of(formula)) == 1


def test_signs_go_with_the_term_that_they_stand_before(example: bp.Derivation) -> None:
    formula = written_out(example)
    signs = signs_before(formula)
    parts = {
        position: [sign.place.part for sign in group if isinstance(sign, Glyph)]
        for position, group in signs.items()
    }
    assert parts[1, 0, 0] == ["equals"]
    assert parts[1, 0, 1] == ["times 1"]
    assert parts[1, 1, 0] == ["plus 1"]
    assert sum(map(len, parts.values())) == len(formula.signs())

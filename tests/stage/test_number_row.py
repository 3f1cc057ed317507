"""The numbers below an equation stand below their factors, their signs between them."""

from __future__ import annotations

import pytest
from manim import Mobject

import bpmath as bp
from scenes.stage.formula import Formula
from scenes.stage.layout import NUMBER_GAP
from scenes.stage.lines import set_in_lines
from scenes.stage.number_row import NumberRow, all_of, in_one_line, number_row
from scenes.stage.theme import DARK, Role
from scenes.stage.typeset import Glyph

WEIGHT, HIDDEN = bp.w(3, 1, 2), bp.w(2, 1, 1)


def part(glyph: Mobject) -> str:
    assert isinstance(glyph, Glyph)
    return glyph.place.part


def row_of(example: bp.Derivation, weight: bp.Symbol, *, size: float = 46.0) -> tuple[Formula, NumberRow]:
    formula = Formula(example.path_sum(weight), DARK, size)
    return formula, number_row(formula, example.trace)


@pytest.mark.parametrize(("weight", "count"), [(WEIGHT, 3), (HIDDEN, 8)])
def test_every_factor_has_its_number_below_it(example: bp.Derivation, weight: bp.Symbol, count: int) -> None:
    formula, row = row_of(example, weight)
    factors = formula.written(bp.algebra.Partial)
    assert len(row.factors) == len(factors) == count
    for factor, number in zip(factors, row.factors, strict=True):
        glyphs = formula.at(factor.position)
        assert number.get_x() == pytest.approx(glyphs.get_x())
        assert number[0].get_fill_color() == glyphs[0].get_fill_color()
        assert number.get_top()[1] == pytest.approx(formula.get_bottom()[1] - NUMBER_GAP)


def test_the_result_stands_below_what_was_asked_for(example: bp.Derivation) -> None:
    formula, row = row_of(example, WEIGHT)
    assert row.result.get_x() == pytest.approx(formula.at((0,)).get_x())
    assert row.result[0].get_fill_color().to_hex() == DARK[Role.TARGET]


def test_the_signs_of_the_equation_stand_between(example: bp.Derivation) -> None:
    formula, row = row_of(example, WEIGHT)
    glyphs = [sign[0] for sign in row.signs]
    assert [part(glyph).split()[0] for glyph in glyphs] == ["equals", "times", "times"]
    assert [glyph.get_x() for glyph in glyphs] == pytest.approx([g.get_x() for g in formula.signs()])
    assert {round(float(glyph.get_y()), 6) for glyph in glyphs} == {round(float(row.factors[0].get_y()), 6)}


def test_signs_are_pieces_of_their_own(example: bp.Derivation) -> None:
    formula, row = row_of(example, WEIGHT)
    pieces = [glyph.piece for sign in row.signs for glyph in sign if isinstance(glyph, Glyph)]
    assert len(set(pieces)) == len(pieces) and formula.piece not in pieces


def test_brackets_are_no_higher_than_a_line_of_numbers(example: bp.Derivation) -> None:
    _, row = row_of(example, HIDDEN)
    assert {"open", "close"} <= {part(sign[0]) for sign in row.signs}
    assert max(sign.height for sign in row.signs) < 2 * row.factors[0].height


def test_signs_that_would_touch_numbers_are_left_out(example: bp.Derivation) -> None:
    formula = Formula(example.path_sum(WEIGHT), DARK, 46.0)
    last = formula.written(bp.algebra.Partial)[-1]
    formula.at(last.position).set_x(formula.sign((1,), "times 1").get_x())
    assert len(number_row(formula, example.trace).signs) == 0


def test_in_several_lines_only_the_result_is_shown(example: bp.Derivation) -> None:
    formula = Formula(example.path_sum(HIDDEN), DARK, 46.0)
    assert in_one_line(formula)
    assert set_in_lines(formula, 9.0, 4.0, 46.0)
    assert not in_one_line(formula)
    row = number_row(formula, example.trace)
    assert len(row.factors) == len(row.signs) == 0
    asked = formula.at((0,))
    assert row.result.get_top()[1] == pytest.approx(asked.get_bottom()[1] - NUMBER_GAP)
    assert list(all_of([row])[0]) == [row.factors, row.result, row.signs]

"""Matrix equations on the board: lines that fit, shapes in their places, light where it belongs."""

from __future__ import annotations

import numpy as np
import pytest
from manim import MoveToTarget

import bpmath as bp
from bpmath.algebra import Delta, Partial
from bpmath.rewrites import Rewrite
from bpmath.trees import at
from scenes.stage.formula import Formula
from scenes.stage.layout import DIM_OPACITY, LEAST_EQUATION_SIZE, MAIN_SIZE, WHOLE_BOARD, Zone
from scenes.stage.matrix import brace_below, matrices, shapes_below
from scenes.stage.matrix_board import Lines, laid_out, merging, one_below, spotlight
from scenes.stage.theme import DARK


def steps(derivation: bp.Derivation, layer: int) -> dict[str, Rewrite]:
    return {rewrite.step: rewrite for rewrite in derivation.group(layer)}


def formula_after(derivation: bp.Derivation, layer: int, step: str, size: float = 36.0) -> Formula:
    return Formula(steps(derivation, layer)[step].after, DARK, size)


def on_board(derivation: bp.Derivation, layer: int, step: str, zone: Zone = WHOLE_BOARD) -> Lines:
    found = laid_out(formula_after(derivation, layer, step), zone, MAIN_SIZE)
    assert found is not None
    return found


def test_a_short_equation_grows_in_one_line(example: bp.Derivation) -> None:
    board = on_board(example, 3, "outer")
    assert len(board.lines) == 1
    assert board.formula.font_size == pytest.approx(MAIN_SIZE)
    assert WHOLE_BOARD.contains(board.formula)


def test_a_long_equation_breaks_before_a_factor(example: bp.Derivation) -> None:
    board = on_board(example, 2, "split")
    first, second = board.lines
    assert len(first) + len(second) == len(board.formula.glyphs)
    assert first.get_bottom()[1] > second.get_top()[1]
    assert WHOLE_BOARD.contains(board.formula)
    assert board.formula.font_size == pytest.approx(LEAST_EQUATION_SIZE)


def test_what_needs_more_than_two_lines_is_not_laid_out(example: bp.Derivation) -> None:
    narrow = Zone(-3.0, 3.0, WHOLE_BOARD.bottom, WHOLE_BOARD.top)
    assert laid_out(formula_after(example, 2, "split"), narrow) is None


def test_every_matrix_has_its_shape_below_it(example: bp.Derivation) -> None:
    board = on_board(example, 3, "factor out")
    shapes, found = board.shapes(), matrices(board.formula)
    assert len(shapes) == len(found) == 5
    for shape, matrix in zip(shapes, found, strict=True):
        assert shape.get_x() == pytest.approx(board.formula.at(matrix.position).get_x())
        assert shape.get_top()[1] < board.formula.get_bottom()[1]


def test_shapes_on_one_line_below_a_formula(example: bp.Derivation) -> None:
    formula = formula_after(example, 3, "outer")
    shapes = shapes_below(formula)
    assert len(shapes) == len(matrices(formula)) == 3
    assert np.ptp([shape.get_y() for shape in shapes]) < 1e-2
    assert all(shape.get_top()[1] < formula.get_bottom()[1] for shape in shapes)


def test_a_brace_spans_what_it_names(example: bp.Derivation) -> None:
    formula = formula_after(example, 3, "factor out")
    slopes = [position for position, term in formula.positions if isinstance(term, Partial)][:2]
    braced = [glyph for position in slopes for glyph in formula.at(position)]
    brace, name = brace_below(formula, slopes, Formula(Delta(3, 1), DARK, 36.0))
    left, right = (min(g.get_left()[0] for g in braced), max(g.get_right()[0] for g in braced))
    assert brace.get_left()[0] == pytest.approx(left, abs=0.05)
    assert brace.get_right()[0] == pytest.approx(right, abs=0.05)
    assert name.get_top()[1] < brace.get_bottom()[1] < min(g.get_bottom()[1] for g in braced)


def test_what_falls_together_is_alike(example: bp.Derivation) -> None:
    rewrite = steps(example, 3)["columns"]
    lit = merging(rewrite)
    # Both columns of de/da and of da/dz: two rows, two columns, two matrices.
    terms = [at(rewrite.before, position) for position in lit]
    assert len(terms) == 8
    assert {terms.count(term) for term in terms} == {2}


def test_a_spotlight_leaves_only_its_terms_bright(example: bp.Derivation) -> None:
    formula = formula_after(example, 3, "outer")
    position = next(position for position, term in formula.positions if isinstance(term, Delta))
    for animation in spotlight(formula, [position]):
        assert isinstance(animation, MoveToTarget) and animation.mobject.target is not None
        animation.mobject.become(animation.mobject.target)
    bright = {id(glyph) for glyph in formula.at(position)}
    for glyph in formula.glyphs:
        assert glyph.get_fill_opacity() == pytest.approx(1.0 if id(glyph) in bright else DIM_OPACITY)


def test_equals_signs_stand_in_one_line(example: bp.Derivation) -> None:
    above, below = formula_after(example, 3, "outer", 60.0), formula_after(example, 3, "name")
    one_below(above, below, 0.5, WHOLE_BOARD.width)
    assert below.equals.get_x() == pytest.approx(above.equals.get_x())
    assert above.get_bottom()[1] - below.get_top()[1] == pytest.approx(0.5)


def test_equations_are_centred_where_the_width_does_not_allow_more(example: bp.Derivation) -> None:
    above, below = formula_after(example, 3, "outer", 60.0), formula_after(example, 3, "factor out")
    width = max(above.width, below.width)
    assert one_below(above, below, 0.5, width).width <= width + 1e-6
    assert below.get_x() == pytest.approx(above.get_x())

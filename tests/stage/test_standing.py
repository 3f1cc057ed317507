"""Which equations stand: those that are seen whole, the largest and the latest first."""

from __future__ import annotations

from manim import Mobject, VGroup

import bpmath as bp
from bpmath.matrix_equations import Statement
from scenes.stage.formula import Formula
from scenes.stage.standing import MOST_STANDING, standing
from scenes.stage.theme import DARK

SIZE = 40.0


def formula(derivation: bp.Derivation, weight: bp.Symbol, size: float = SIZE) -> Formula:
    return Formula(derivation.path_sum(weight), DARK, size)


def statements(*mobjects: Mobject) -> list[Statement]:
    return [each.statement for each in standing(mobjects)]


def test_an_equation_stands_in_whatever_groups_its_glyphs_are(example: bp.Derivation) -> None:
    shown = formula(example, bp.w(3, 1, 1))
    left, right = VGroup(*shown.glyphs[:5]), VGroup(VGroup(*shown.glyphs[5:]))
    assert statements(shown) == statements(right, left) == statements(shown.copy()) == [shown.what]


def test_one_of_which_a_part_is_missing_or_clear_does_not(example: bp.Derivation) -> None:
    shown = formula(example, bp.w(3, 1, 1))
    assert statements(VGroup(*shown.glyphs[:-1])) == []
    shown.glyphs[3].set_opacity(0)
    assert statements(shown) == []


def test_terms_and_labels_are_no_equations(example: bp.Derivation) -> None:
    term = Formula(example.path_sum(bp.w(3, 1, 1)).rhs, DARK, SIZE)
    assert statements(term, Formula(bp.E, DARK, SIZE), formula(example, bp.w(3, 1, 1)).as_label()) == []


def test_the_largest_is_first_then_the_latest(example: bp.Derivation) -> None:
    first, second = formula(example, bp.w(3, 1, 1)), formula(example, bp.w(3, 1, 2), SIZE * 1.02)
    large = formula(example, bp.w(3, 2, 1), SIZE * 2)
    assert statements(large, first, second) == [large.what, second.what, first.what]
    assert statements(second, first) == [first.what, second.what]


def test_equal_ones_are_told_once_and_many_only_in_part(example: bp.Derivation) -> None:
    again = [formula(example, bp.w(3, 1, 1)) for _ in range(3)]
    assert statements(*again) == [again[0].what]
    many = [formula(example, bp.w(layer, i, j)) for layer in (2, 3) for i in (1, 2) for j in (1, 2)]
    assert len(many) > MOST_STANDING
    assert statements(*many) == [each.what for each in reversed(many)][:MOST_STANDING]

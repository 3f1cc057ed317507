"""An equation about other symbols: what looks the same goes over, only what differs fades."""

from __future__ import annotations

import pytest
from manim import Animation, AnimationGroup, FadeIn, FadeOut, ReplacementTransform

import bpmath as bp
from scenes.stage.formula import Formula
from scenes.stage.relabelling import alike, relabel, same_glyphs
from scenes.stage.theme import DARK
from scenes.stage.typeset import Glyph

SIZE = 36.0


def equation(example: bp.Derivation, layer: int, k: int, j: int, size: float = SIZE) -> Formula:
    return Formula(example.path_sum(bp.w(layer, k, j)), DARK, size)


def glyphs(animation: Animation, kind: type[Animation]) -> set[int]:
    assert isinstance(animation, AnimationGroup)
    return {
        id(glyph)
        for move in animation.animations
        if isinstance(move, kind)
        for glyph in move.mobject.get_family()
        if isinstance(glyph, Glyph)
    }


def test_of_the_same_equation_everything_goes_over(example: bp.Derivation) -> None:
    old, new = equation(example, 3, 1, 1), equation(example, 3, 1, 1)
    pairs = same_glyphs(old, new)
    assert [pair.new for pair in pairs] == new.glyphs
    assert {id(pair.old) for pair in pairs} == {id(glyph) for glyph in old.glyphs}
    assert all(alike(pair.old, pair.new) for pair in pairs)


def test_only_another_subscript_fades(example: bp.Derivation) -> None:
    old, new = equation(example, 3, 1, 1), equation(example, 3, 1, 2)
    paired = {id(pair.new) for pair in same_glyphs(old, new)}
    # w11 is w12 on the left, in the last factor, and the activation behind it is another.
    assert len([glyph for glyph in new.glyphs if id(glyph) not in paired]) == 2


def test_size_does_not_matter_but_shape_does(example: bp.Derivation) -> None:
    old, new = equation(example, 3, 1, 1), equation(example, 3, 1, 1, 2 * SIZE)
    assert len(same_glyphs(old, new)) == len(new.glyphs)
    one, two = Formula(bp.w(1, 1, 1), DARK, SIZE).glyphs[0], Formula(bp.E, DARK, SIZE).glyphs[0]
    assert alike(one, one) and not alike(one, two)


@pytest.mark.parametrize(("k", "j"), [(1, 2), (2, 1), (2, 2)])
def test_nothing_is_left_behind_and_nothing_is_missing(example: bp.Derivation, k: int, j: int) -> None:
    old, new = equation(example, 3, 1, 1), equation(example, 3, k, j)
    move = relabel(old, new)
    assert isinstance(move, AnimationGroup)
    turned, gone, come = (glyphs(move, kind) for kind in (ReplacementTransform, FadeOut, FadeIn))
    assert not turned & gone
    assert turned | gone == {id(glyph) for glyph in old.glyphs}
    targets = {id(part.target_mobject) for part in move.animations if isinstance(part, ReplacementTransform)}
    assert not targets & come
    assert targets | come == {id(glyph) for glyph in new.glyphs}
    assert gone and come

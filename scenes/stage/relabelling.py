"""An equation that stays and is about something else: other layers, or letters in the places of numbers.

What looks the same goes to its new place; only what is different fades, the old out and the new in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from manim import Animation, AnimationGroup, FadeIn, FadeOut, ReplacementTransform, VGroup
from manim.typing import Point3D_Array

from bpmath.notation import Place
from scenes.stage.formula import Formula
from scenes.stage.layout import ALIKE
from scenes.stage.typeset import Glyph

RELABEL = 1.2


@dataclass(frozen=True)
class Pair:
    """Two glyphs that look the same."""

    old: Glyph
    new: Glyph


def relabel(old: Formula, new: Formula, run_time: float = RELABEL) -> Animation:
    """Return the animation that turns a formula into the same one about other symbols."""
    pairs = same_glyphs(old, new)
    gone, stayed = {id(pair.old) for pair in pairs}, {id(pair.new) for pair in pairs}
    leaving = [glyph for glyph in old.glyphs if id(glyph) not in gone]
    coming = [glyph for glyph in new.glyphs if id(glyph) not in stayed]
    return AnimationGroup(
        *(ReplacementTransform(pair.old, pair.new) for pair in pairs),
        *([FadeOut(VGroup(*leaving))] if leaving else []),
        *([FadeIn(VGroup(*coming))] if coming else []),
        run_time=run_time,
    )


def same_glyphs(old: Formula, new: Formula) -> list[Pair]:
    """Return the glyphs that look the same at the same place: from its start on, and up to its end."""
    before, after = _by_place(old), _by_place(new)
    pairs: list[Pair] = []
    for place, glyphs in after.items():
        first = _from_start(before.get(place, []), glyphs)
        rest = before.get(place, [])[len(first) :], glyphs[len(first) :]
        last = _from_start(rest[0][::-1], rest[1][::-1])
        pairs += [*first, *last]
    return pairs


def alike(one: Glyph, other: Glyph) -> bool:
    """Tell whether two glyphs have the same shape, whatever their sizes."""
    return len(one.points) == len(other.points) and np.allclose(
        _outline(one.points), _outline(other.points), atol=ALIKE
    )


def _outline(points: Point3D_Array) -> Point3D_Array:
    low, high = points.min(axis=0), points.max(axis=0)
    return (points - (low + high) / 2) / (high - low).max()


def _from_start(old: Sequence[Glyph], new: Sequence[Glyph]) -> list[Pair]:
    pairs: list[Pair] = []
    for one, other in zip(old, new, strict=False):
        if not alike(one, other):
            break
        pairs.append(Pair(one, other))
    return pairs


def _by_place(formula: Formula) -> dict[Place, list[Glyph]]:
    found: dict[Place, list[Glyph]] = {}
    for glyph in formula.glyphs:
        found.setdefault(glyph.place, []).append(glyph)
    return found

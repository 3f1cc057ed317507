"""Terms cross from columns to rows: letter to letter, transposes with their matrices, nothing twice."""

from __future__ import annotations

import pytest
from manim import AnimationGroup, FadeIn, ReplacementTransform

import bpmath as bp
from bpmath.transposition import transposition
from scenes.stage.formula import Formula
from scenes.stage.theme import THEMES
from scenes.stage.turning import turn
from scenes.stage.typeset import Glyph


@pytest.mark.parametrize("name", ["BP1", "BP2", "BP3", "BP4"])
def test_every_letter_arrives_once(name: str) -> None:
    derivation = bp.derive(bp.example_network(), *bp.example_sample())
    equation = next(found for found in derivation.general() if found.name == name).equation
    turned, theme = transposition(equation), THEMES["dark"]
    columns = Formula(turned.before, theme, 46)
    rows = Formula(turned.after, theme, 46, notation="row")
    stood = [glyph.points.copy() for glyph in columns.glyphs]
    animation = turn(turned, columns, rows)
    assert isinstance(animation, AnimationGroup)
    moved = [part.target_mobject for part in animation.animations if isinstance(part, ReplacementTransform)]
    faded = [glyph for part in animation.animations if isinstance(part, FadeIn) for glyph in part.mobject]
    assert len({id(glyph) for glyph in (*moved, *faded)}) == len(rows.glyphs) == len(moved) + len(faded)
    arrived = {glyph.place.position for glyph in moved if isinstance(glyph, Glyph)}
    assert {origin.after for origin in turned.correspondence} <= arrived
    signs = sum(glyph.place.part == "transpose" for glyph in rows.glyphs)
    assert sum(isinstance(g, Glyph) and g.place.part == "transpose" for g in moved) == signs
    assert signs == (name in ("BP2", "BP4"))
    assert all((glyph.points == points).all() for glyph, points in zip(columns.glyphs, stood, strict=True))

"""From an equation of columns to the same of rows beside it: every term is seen to go where it lies."""

from __future__ import annotations

from manim import Animation, AnimationGroup, FadeIn, ReplacementTransform, VGroup

from bpmath.matrix_algebra import Transpose
from bpmath.transposition import Transposition
from bpmath.trees import Position
from scenes.stage.formula import Formula
from scenes.stage.layout import FLIGHT_ARC

TRANSPOSED = "transpose"


def turn(transposition: Transposition, columns: Formula, rows: Formula, run_time: float = 2.0) -> Animation:
    """Return the animation in which copies of the terms of `columns` become those of `rows`.

    The sign of a transpose goes with its matrix; the order of a product is seen to reverse.
    """
    arriving: dict[int, Animation] = {}
    for origin in transposition.correspondence:
        (source,) = origin.before
        _send(columns.at(source), rows.at(origin.after), arriving)
        sign = (source[:-1], origin.after[:-1])
        if all(isinstance(_term(f, p), Transpose) for f, p in zip((columns, rows), sign, strict=True)):
            _send(columns.sign(sign[0], TRANSPOSED), rows.sign(sign[1], TRANSPOSED), arriving)
    _send(columns.equals, rows.equals, arriving)
    rest = VGroup(*(glyph for glyph in rows.glyphs if id(glyph) not in arriving))
    fading = [FadeIn(rest)] if len(rest) else []
    return AnimationGroup(*arriving.values(), *fading, run_time=run_time)


def _send(source: VGroup, target: VGroup, arriving: dict[int, Animation]) -> None:
    """Let copies go over one to one; where a name is longer in one of them, letter goes to letter."""
    if not len(source) or not len(target):
        return
    count = len(target) if len(source) == len(target) else 1
    for old, new in zip(source[:count], target[:count], strict=True):
        arriving[id(new)] = ReplacementTransform(old.copy(), new, path_arc=-FLIGHT_ARC)


def _term(formula: Formula, position: Position) -> object:
    return dict(formula.positions).get(position)

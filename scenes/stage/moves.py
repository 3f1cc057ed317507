"""Small animations, each saying where something comes from; they return animations and play nothing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, TypeVar

import numpy as np
from manim import (
    UP,
    Animation,
    AnimationGroup,
    Create,
    FadeIn,
    FadeOut,
    Line,
    Mobject,
    MoveToTarget,
    ReplacementTransform,
    ShowPassingFlash,
    Succession,
    TipableVMobject,
    VGroup,
    VMobject,
    there_and_back,
)
from manim.typing import Point3D

from bpmath.algebra import Quantity
from bpmath.matrix_equations import Term
from bpmath.notation import Place
from bpmath.symbols import Symbol
from scenes.stage.formula import Formula
from scenes.stage.layout import (
    ARROW_GAP,
    ARROW_RISES,
    ARROW_STROKE,
    ARROW_TIP,
    FLASH_SCALE,
    FLIGHT_ARC,
    LIT_STROKE,
    SEED_SCALE,
)
from scenes.stage.typeset import Glyph

FLIGHT = 1.1

Key = TypeVar("Key")


class Places(Protocol):
    """A map that knows where quantities are seen."""

    def shows(self, symbol: Symbol) -> bool:
        """Tell whether a quantity is seen on the map."""
        ...

    def where(self, symbol: Symbol) -> Mobject:
        """Return where it is seen."""
        ...


def fly(term: VGroup, origin: Mobject | Point3D, run_time: float = FLIGHT) -> Animation:
    """Let a term leave the place it comes from, small, and land where it stands in its formula."""
    seed = term.copy().scale(SEED_SCALE).move_to(origin)
    return ReplacementTransform(seed, term, path_arc=FLIGHT_ARC, run_time=run_time)


def copy_to(source: Mobject, term: VGroup, run_time: float = FLIGHT) -> Animation:
    """Let a term leave its own glyphs on the map, or the place it belongs to where they are not written."""
    if len(source.submobjects) != len(term):
        return fly(term, source, run_time)
    leaving = VGroup(*(glyph.copy() for glyph in source.submobjects if isinstance(glyph, VMobject)))
    return ReplacementTransform(leaving, term, path_arc=FLIGHT_ARC, run_time=run_time)


def from_map(network_map: Places, *formulas: Formula) -> list[Animation]:
    """Let every quantity of formulas leave the map where it is seen, and the signs fade in between."""
    arrivals: list[Animation] = []
    for formula in formulas:
        arrived: set[int] = set()
        for written in formula.written(Quantity):
            glyphs, symbol = formula.at(written.position), written.term.symbol
            if network_map.shows(symbol):
                arrivals.append(copy_to(network_map.where(symbol), glyphs))
                arrived |= {id(glyph) for glyph in glyphs}
        rest = VGroup(*(glyph for glyph in formula.glyphs if id(glyph) not in arrived))
        arrivals.append(FadeIn(rest, run_time=FLIGHT))
    return arrivals


def light_up(lit: Line, ring: VMobject | None = None, run_time: float = 0.8) -> Animation:
    """Let light run along an edge and ring the node at its end."""
    steps: list[Animation] = [Create(lit, run_time=run_time)]
    if ring is not None:
        steps.append(Create(ring, run_time=run_time))
    return AnimationGroup(*steps, lag_ratio=0.4)


def pulse(lines: Iterable[VMobject], colour: str, run_time: float = 0.9) -> Animation:
    """Let a short light run along lines, from their starts to their ends, all at once."""
    flashes = (
        line.copy().set_stroke(colour, width=LIT_STROKE).set_z_index(line.z_index + 1) for line in lines
    )
    return AnimationGroup(*(ShowPassingFlash(flash, time_width=0.6) for flash in flashes), run_time=run_time)


class BezierArrow(TipableVMobject):
    """An arrow along one cubic curve."""

    def __init__(self, points: list[Point3D], colour: str) -> None:
        super().__init__(stroke_width=ARROW_STROKE, color=colour)
        self.set_points(points)
        self.add_tip(tip_length=ARROW_TIP, tip_width=ARROW_TIP)


def arrow_over(start: Mobject, end: Mobject, colour: str, clear_of: Iterable[Mobject]) -> BezierArrow:
    """Return an arrow that rises from one thing on the map, over others, and comes down on another."""
    tail, head = start.get_top() + UP * ARROW_GAP, end.get_top() + UP * ARROW_GAP
    obstacles = list(clear_of)
    for rise in ARROW_RISES:
        over = max(tail[1], head[1]) + rise
        up, down = np.array([tail[0], over, 0.0]), np.array([head[0], over, 0.0])
        arrow = BezierArrow([tail, up, down, head], colour)
        if not any(_runs_through(arrow, obstacle) for obstacle in obstacles):
            break
    return arrow


def _runs_through(arrow: BezierArrow, obstacle: Mobject) -> bool:
    points = np.array([arrow.point_from_proportion(part) for part in np.linspace(0, 1, 100)])
    apart = np.abs(points - obstacle.get_center())[:, :2]
    return bool((apart < [obstacle.width / 2 + ARROW_GAP, obstacle.height / 2 + ARROW_GAP]).all(axis=1).any())


def gather(numbers: Iterable[VMobject], result: VMobject, run_time: float = 1.4) -> Animation:
    """Let copies of several numbers flow together and become the number that they make."""
    flows = [
        FadeOut(number.copy(), target_position=result, scale=SEED_SCALE, run_time=run_time)
        for number in numbers
    ]
    arrival = FadeIn(result, scale=SEED_SCALE, run_time=run_time / 2)
    return Succession(AnimationGroup(*flows), arrival)


def flash(term: VMobject, run_time: float = 0.9) -> Animation:
    """Let a term swell for a moment."""
    term.generate_target().scale(FLASH_SCALE)
    return MoveToTarget(term, rate_func=there_and_back, run_time=run_time)


def rewrite(old: Formula, new: Formula, run_time: float = 1.4) -> Animation:
    """Turn one formula into another: what stands in both moves, the rest fades out or in.

    Terms are matched by what they are, not by where they stand: a glyph goes over to the glyph of the same
    part of an equal term.
    """
    return _turn(_glyphs_by_term(old), _glyphs_by_term(new), run_time)


def restate(old: Formula, new: Formula, run_time: float = 1.2) -> Animation:
    """Turn an equation into the same equation about other symbols, place by place."""
    return _turn(_glyphs_by_place(old), _glyphs_by_place(new), run_time)


def _turn(before: dict[Key, list[Glyph]], after: dict[Key, list[Glyph]], run_time: float) -> Animation:
    """Let the glyphs of a key become those of the same key, one to one; fade what has no counterpart."""
    moves: list[Animation] = []
    for key, glyphs in after.items():
        if len(before.get(key, [])) == len(glyphs):
            moves += [ReplacementTransform(*pair) for pair in zip(before.pop(key), glyphs, strict=True)]
        else:
            moves.append(FadeIn(VGroup(*glyphs)))
    gone = [glyph for glyphs in before.values() for glyph in glyphs]
    return AnimationGroup(*([FadeOut(VGroup(*gone))] if gone else []), *moves, run_time=run_time)


def _glyphs_by_place(formula: Formula) -> dict[Place, list[Glyph]]:
    found: dict[Place, list[Glyph]] = {}
    for glyph in formula.glyphs:
        found.setdefault(glyph.place, []).append(glyph)
    return found


def _glyphs_by_term(formula: Formula) -> dict[tuple[object, ...], list[Glyph]]:
    """Return the glyphs of a formula, by term, part of the term, and how often the term stood before."""
    found: dict[tuple[object, ...], list[Glyph]] = {}
    seen: dict[Term, int] = {}
    numbered: dict[tuple[int, ...], tuple[object, int]] = {(): ("equation", 0)}
    for position, expression in formula.positions:
        seen[expression] = seen.get(expression, 0) + 1
        numbered[position] = (expression, seen[expression])
    for glyph in formula.glyphs:
        term, part = numbered[glyph.place.position], glyph.place.part
        sign, _, operand = part.partition(" ")
        if operand.isdigit():
            # A sign between operands goes with the operand that it stands before.
            term, part = numbered[*glyph.place.position, int(operand)], sign
        found.setdefault((*term, part), []).append(glyph)
    return found

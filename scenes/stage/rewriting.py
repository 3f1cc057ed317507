"""From a bpmath `Rewrite` to one animation: every term is seen to come from where it came from.

    kept, moved     the term goes to its new place
    merged          equal terms fall into one; what gets one name together flows into that name
    copied          a second one leaves the first
    substituted     what takes the place comes in where the old one goes
    new             it fades in

Signs and brackets, which no term owns, go over where both formulas have them, and fade elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from manim import Animation, AnimationGroup, FadeIn, FadeOut, ReplacementTransform, VGroup, VMobject

from bpmath.algebra import Expression
from bpmath.matrices import Cells
from bpmath.matrix_equations import Statement
from bpmath.rewrites import Kind, Origin, Rewrite
from bpmath.trees import Position, at, leaves, parts
from scenes.stage.formula import Formula, role_of
from scenes.stage.layout import FLIGHT_ARC, SEED_SCALE
from scenes.stage.theme import Role
from scenes.stage.typeset import Glyph

REWRITE = 2.0
"""Seconds that a rewrite takes by itself."""


def roles_after(rewrite: Rewrite, before: Formula | None = None) -> dict[tuple[int, ...], Role]:
    """Return the colours that terms take over from what they replace: w keeps the colour of dz/da."""
    roles: dict[tuple[int, ...], Role] = {}
    for origin in rewrite.correspondence:
        if origin.kind is Kind.SUBSTITUTED:
            replaced = role_of(at(rewrite.before, origin.before[0]))  # type: ignore[arg-type]
            inherited = before.role_at(origin.before[0]) if before is not None else None
            role = replaced or inherited
            if role is not None:
                roles[origin.after] = role
    return roles | _wholes(rewrite, roles)


def _wholes(rewrite: Rewrite, roles: Mapping[Position, Role]) -> dict[Position, Role]:
    """Return the colours of expressions of which all terms took the place of one: f' and a minus sign too."""
    sources = {origin.after: origin.before for origin in rewrite.correspondence if origin.after in roles}
    found: dict[Position, Role] = {}
    for part in parts(rewrite.after):
        if not isinstance(part.term, Expression) or not part.term.operands:
            continue
        places = [(*part.position, *leaf.position) for leaf in leaves(part.term)]
        if len({sources.get(place, place) for place in places}) == 1 and places[0] in sources:
            found[part.position] = roles[places[0]]
    return found


def follow(rewrite: Rewrite, old: Formula, new: Formula, run_time: float = REWRITE) -> Animation:
    """Return the animation that turns the formula of `rewrite.before` into that of `rewrite.after`.

    Both formulas stand where they are to be seen.
    """
    used: set[int] = set()
    steps: list[Animation] = []
    for origin in rewrite.correspondence:
        steps += _arrive(origin, old, new, used)
    gone = [leaf.position for leaf in leaves(rewrite.before)]
    leaving = [glyph for position in gone for glyph in old.at(position) if id(glyph) not in used]
    steps += _signs(old, new, _brackets(rewrite, old, new))
    return AnimationGroup(*steps, *_fade_out(leaving), run_time=run_time)


def _arrive(origin: Origin, old: Formula, new: Formula, used: set[int]) -> list[Animation]:
    """Return what brings one term to its place; remember the glyphs that left for it."""
    target = new.at(origin.after)
    if not len(target):
        return []
    sources = [group for position in origin.before if len(group := old.at(position))]
    if not sources:
        return [FadeIn(target)]
    fresh = [source for source in sources if id(source[0]) not in used]
    used |= {id(glyph) for source in sources for glyph in source}
    if origin.kind in (Kind.KEPT, Kind.MOVED, Kind.COPIED, Kind.MERGED) and _alike(sources, target):
        leaving = [source if source in fresh else source.copy() for source in sources]
        return _fall_together(leaving, target)
    flowing = (FadeOut(source, target_position=target, scale=SEED_SCALE) for source in fresh)
    return [*flowing, FadeIn(target, scale=SEED_SCALE)]


def _alike(sources: Iterable[VGroup], target: VGroup) -> bool:
    return all(len(source) == len(target) for source in sources)


def _fall_together(sources: list[VGroup], target: VGroup) -> list[Animation]:
    first, *others = sources
    arc = 0.0 if abs(first.get_y() - target.get_y()) < target.height else FLIGHT_ARC
    moves: list[Animation] = [
        ReplacementTransform(*pair, path_arc=arc) for pair in zip(first, target, strict=True)
    ]
    return moves + [FadeOut(other, target_position=target) for other in others]


@dataclass(frozen=True)
class _Pair:
    """Glyphs that go over one to one."""

    old: VGroup
    new: VGroup


def _brackets(rewrite: Rewrite, old: Formula, new: Formula) -> list[_Pair]:
    """Return the brackets of matrices whose cells came from one matrix: they go over with their cells."""
    matrices: dict[Position, Position] = {}
    for origin in rewrite.correspondence:
        for position in origin.before:
            target, source = _matrix(rewrite.after, origin.after), _matrix(rewrite.before, position)
            if target is not None and source is not None:
                matrices.setdefault(target, source)
    one_to_one = {source: target for target, source in matrices.items()}
    return [
        _Pair(old.sign(source, part), new.sign(target, part))
        for source, target in one_to_one.items()
        for part in ("open", "close")
    ]


def _matrix(statement: Statement, position: Position) -> Position | None:
    """Return the position of the innermost written-out matrix around a leaf."""
    for depth in reversed(range(1, len(position))):
        if isinstance(at(statement, position[:depth]), Cells):
            return position[:depth]
    return None


def _signs(old: Formula, new: Formula, brackets: list[_Pair]) -> list[Animation]:
    """Return what becomes of the signs: the equals sign and brackets go over, all others fade out and in."""
    steps: list[Animation] = []
    kept: set[int] = set()
    for pair in (_Pair(old.equals, new.equals), *brackets):
        if len(pair.old) == len(pair.new):
            glyphs = zip(pair.old, pair.new, strict=True)
            steps += [ReplacementTransform(*both) for both in glyphs]
            kept |= {id(glyph) for glyph in (*pair.old, *pair.new)}
    before = [glyph for glyph in _loose(old) if id(glyph) not in kept]
    after = [glyph for glyph in _loose(new) if id(glyph) not in kept]
    return [*steps, *_fade_out(before), *([FadeIn(VGroup(*after))] if after else [])]


def _loose(formula: Formula) -> list[Glyph]:
    """Return the glyphs that belong to no leaf: signs, brackets, bars of composed fractions."""
    owned = {
        id(glyph)
        for position, term in formula.positions
        if not term.operands
        for glyph in formula.at(position)
    }
    return [glyph for glyph in formula.glyphs if id(glyph) not in owned]


def _fade_out(glyphs: Iterable[VMobject]) -> list[Animation]:
    group = VGroup(*glyphs)
    return [FadeOut(group)] if len(group) else []

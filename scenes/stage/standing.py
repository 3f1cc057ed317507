"""Which equations stand on the stage: those whose glyphs are all to be seen, in whatever groups they are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import log
from typing import cast

from manim import Mobject

from bpmath.equations import Equation
from bpmath.matrix_equations import EquationSystem, MatrixEquation, Statement
from bpmath.trees import Position
from scenes.stage.formula import Source
from scenes.stage.theme import Role
from scenes.stage.typeset import Glyph

MOST_STANDING = 4
"""So many equations are told of: where there are more, they stand there to be compared at a glance."""
LEAST_OPACITY = 0.05
SIZE_STEP = 1.15
"""Sizes closer than this are about one size to the eye."""


@dataclass(frozen=True, eq=False)
class Standing:
    """An equation that stands on the stage: the statement, and how it is written there.

    `roles` are those in whose colours its terms are, by position.
    """

    statement: Statement
    roles: Mapping[Position, Role] = field(default_factory=dict)
    longest_sum: int | None = None
    longest_matrix: int | None = None
    layers: Mapping[int, str] | None = None

    def says_the_same_as(self, other: Standing) -> bool:
        """Tell whether another is the same statement, about layers of the same names."""
        return self.statement == other.statement and (self.layers or {}) == (other.layers or {})


@dataclass(eq=False)
class _Seen:
    """What is seen of a formula: how many glyphs, how wide an equals sign, in which of the mobjects."""

    source: Source
    mobject: int
    glyphs: int = 0
    equals: float = 0.0

    @property
    def is_whole(self) -> bool:
        return self.glyphs >= self.source.glyphs and self.equals > 0


def standing(mobjects: Iterable[Mobject]) -> tuple[Standing, ...]:
    """Return the equations that are shown whole, the largest first, of about one size the latest first.

    Labels on maps and single terms are left out, and so is an equation of which a part is still to come.
    """
    whole = [formula for formula in _seen(mobjects) if formula.is_whole]
    found: list[Standing] = []
    for formula in sorted(whole, key=lambda one: (-_step(one.equals), -one.mobject)):
        source = formula.source
        here = Standing(
            cast(Statement, source.what),
            source.roles,
            source.longest_sum,
            source.longest_matrix,
            source.layers,
        )
        if not any(here.says_the_same_as(other) for other in found):
            found.append(here)
        if len(found) == MOST_STANDING:
            break
    return tuple(found)


def _seen(mobjects: Iterable[Mobject]) -> Iterable[_Seen]:
    seen: dict[int, _Seen] = {}
    for number, mobject in enumerate(mobjects):
        for glyph in mobject.get_family():
            if not isinstance(glyph, Glyph) or not _is_seen_in_equation(glyph):
                continue
            source = glyph.source.thing  # type: ignore[union-attr]
            formula = seen.setdefault(id(source), _Seen(source, number))
            formula.glyphs += 1
            if glyph.place.part == "equals":
                formula.equals = max(formula.equals, float(glyph.width))
    return seen.values()


def _is_seen_in_equation(glyph: Glyph) -> bool:
    if glyph.source is None or glyph.get_fill_opacity() < LEAST_OPACITY:
        return False
    return isinstance(glyph.source.thing.what, Equation | MatrixEquation | EquationSystem)


def _step(size: float) -> int:
    return round(log(size, SIZE_STEP))

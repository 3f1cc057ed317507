"""An equation worked out in one line: symbols, then their values, then the result; all of it executed.

v = x + y = -2 + 5 = 3
"""

from __future__ import annotations

from collections.abc import Callable

from manim import RIGHT, UP, Animation, AnimationGroup, FadeIn, VGroup

from bpmath.arithmetic import added, valued
from bpmath.equations import Equation
from bpmath.notation import write
from bpmath.rewrites import Rewrite
from bpmath.trees import Position
from scenes.stage import moves
from scenes.stage.formula import Formula, fits
from scenes.stage.kept import Kept
from scenes.stage.layout import Zone
from scenes.stage.rewriting import roles_after
from scenes.stage.theme import Role

Make = Callable[..., Formula]


class WorkedLine(VGroup):
    """The symbols of an equation, and behind them the values and the result, in the middle of a zone.

    Where there is no room for the values, or nothing to work out, they are left out.
    """

    def __init__(self, symbols: Formula, make: Make, zone: Zone, numbers: bool, result: Role) -> None:
        self.symbols = symbols
        self.substitution: Kept[Rewrite] = Kept(valued(symbols.equation))
        self.values, self.result = VGroup(), VGroup()
        self._values: Formula | None = None
        self._make, self._role = Kept(make), result
        if numbers:
            self._work_out(zone)
        super().__init__(symbols, self.values, self.result)
        share = min(1.0, zone.width / self.width, zone.height / self.height)
        self.scale(share).move_to(zone.centre)

    def _work_out(self, zone: Zone) -> None:
        rewrite, outcome = self.substitution.thing, added(self.symbols.equation).equation
        written = {write(statement, "text") for statement in (rewrite.after, outcome)}
        if write(self.symbols.equation, "text") in written:
            # Nothing but a number stands there.
            return
        self.result = self._behind(self._piece(outcome, roles_at={(1,): self._role}), self.symbols)
        if len(written) == 1:
            return
        values = self._piece(rewrite.equation, roles_at=roles_of_numbers(rewrite, self.symbols))
        group = self._behind(values, self.symbols)
        width = self.symbols.width + group.width + self.result.width + 2 * self._gap
        if fits(self.symbols, self.symbols.width * zone.width / width, zone.height):
            self._values, self.values = values, group
            self.result.next_to(group, RIGHT, buff=self._gap, coor_mask=RIGHT)

    @property
    def _gap(self) -> float:
        """The gap before an equals sign, as in the equation itself."""
        return float(self.symbols.equals.get_left()[0] - self.symbols.at((0,)).get_right()[0])

    def _piece(self, equation: Equation, **options: object) -> Formula:
        return self._make.thing(equation, self.symbols.font_size, **options)

    def _behind(self, piece: Formula, before: Formula) -> VGroup:
        """Return the right-hand side of an equation, with its equals sign, behind another equation."""
        piece.shift(UP * (before.equals.get_y() - piece.equals.get_y()))
        group = VGroup(*piece.equals, *piece.at((1,)))
        return group.next_to(before, RIGHT, buff=self._gap, coor_mask=RIGHT)

    @property
    def answer(self) -> VGroup:
        """The result, or the right-hand side where nothing is to be worked out."""
        return VGroup(*self.result.submobjects[1:]) if len(self.result) else self.symbols.at((1,))

    def values_arrive(self, run_time: float) -> Animation | None:
        """Return the values leaving their symbols, None where they are not shown."""
        if self._values is None:
            return None
        flights, arrived = [], set()
        for origin in self.substitution.thing.correspondence:
            glyphs = self._values.at(origin.after)
            if origin.after[0] == 1 and len(glyphs):
                flights.append(moves.fly(glyphs, self.symbols.at(origin.before[0]), run_time))
                arrived |= {id(glyph) for glyph in glyphs}
        rest = VGroup(*(glyph for glyph in self.values if id(glyph) not in arrived))
        return AnimationGroup(FadeIn(rest, run_time=run_time), *flights)

    def result_arrives(self, run_time: float) -> Animation | None:
        """Return the result gathering from what stands before it, None where there is none."""
        if not len(self.result):
            return None
        sources = self.values if len(self.values) else self.symbols.at((1,))
        return moves.gather([VGroup(*sources)], self.result, run_time)


def roles_of_numbers(rewrite: Rewrite, symbols: Formula) -> dict[Position, Role]:
    """Return the colours of numbers: those of the symbols in whose places they stand."""
    kept = {
        origin.after: role
        for origin in rewrite.correspondence
        if (role := symbols.role_at(origin.before[0])) is not None
    }
    return roles_after(rewrite, symbols) | kept

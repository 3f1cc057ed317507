"""One layer deeper several ways lead to a weight: products are added, what they share is factored out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from manim import (
    DOWN,
    Animation,
    Create,
    FadeIn,
    FadeOut,
    LaggedStart,
    Restore,
    RoundedRectangle,
    VGroup,
    VMobject,
)

from bpmath.algebra import Partial, Sum
from bpmath.nesting import nest
from bpmath.symbols import E, w
from bpmath.trees import Position
from scenes.stage import layout, moves
from scenes.stage.lines import signs_before
from scenes.stage.number_row import in_one_line, number_row
from scenes.stage.rewriting import follow
from scenes.stage.theme import Role
from scenes.stage.walk import WalkLesson

TWO = 2

Fading = Any
"""What Manim's `mobject.animate` gives, for which it has no public name."""


class TraceHiddenLayerBeats(WalkLesson):
    """The beats of `TraceHiddenLayer`."""

    def prepare(self) -> None:
        """Make the map, and the sum over paths, written out and nested."""
        layers = self.derivation.network.layers
        self.weight = w(max(1, layers - 1), 1, 1)
        self.prepare_map()
        self.labels = self.map.make_labels([self.weight])
        self.nesting = nest(self.derivation, self.weight)
        self.count = self.derivation.cost(self.weight).paths
        before, after = self.nesting.before, self.nesting.after
        whole = self.laid(before, self.board, accept=self.is_walkable, line_for_each_term=True)
        room = layout.NUMBER_ROOM if self.settings.numbers else 0
        nested = self.laid(after, self.board, reserve=room) or self.laid(after, self.board)
        assert whole is not None and nested is not None
        self.whole, self.nested = whole, nested
        self.lights: list[VGroup] = []
        self.lit: list[tuple[Partial, VMobject]] = []
        self.bands: list[RoundedRectangle] = []

    @property
    def case(self) -> str:
        """Which sentences apply: no hidden layer, one way, two, or so many that some are left out."""
        if self.derivation.network.layers == 1:
            return "shallow"
        if self.count == 1:
            return "single"
        written = len(self.terms(self.whole))
        return "elided" if written < self.count else "" if self.count == TWO else "several"

    # -- the beats --------------------------------------------------------------------------------

    def ask(self) -> None:
        """The weight that is meant, and the derivative that is asked for."""
        variant = "shallow" if self.case == "shallow" else ""
        with self.beat("question", variant, E=E, weight=self.weight):
            title = self.title(variant, weight=self.weight)
            self.play(FadeIn(title), FadeIn(self.map), FadeIn(self.labels))
            self.play(self.mark(self.weight))
            self.play(*self.ask_on_board(self.whole, self.weight))
            self.new_fractions(1)

    def reach(self) -> None:
        """Send a change forward from the weight: it splits where a node is read by several."""
        with self.beat("reach", self.case, weight=self.weight, E=E, count=self.count):
            self.trail = self.trails(self.weight)
            self.play(self.spread(self.weight, self.trail))

    def walk(self) -> None:
        """Walk back along the written ways, each in its tint, every factor flying from its edge."""
        places = self.terms(self.whole)
        roles = self.tints(len(places))
        signs = signs_before(self.whole)
        for number, (place, role) in enumerate(zip(places, roles, strict=True)):
            if number == 0:
                name, variant = "first", "single" if len(places) == 1 else ""
            elif number == 1:
                name, variant = "second", "" if self.count == TWO else "several"
            else:
                break
            with self.beat(name, variant, weight=self.weight, E=E):
                self.walk_way(
                    place, role, signs, layout.TRACE_FIRST_STEP if number == 0 else layout.TRACE_LATER_STEP
                )
        if len(places) > TWO:
            with self.beat("rest", "elided" if self.case == "elided" else "", count=self.count):
                for place, role in list(zip(places, roles, strict=True))[TWO:]:
                    self.walk_way(place, role, signs, layout.TRACE_LATER_STEP / 2)

    def walk_way(
        self, place: Position, role: Role | None, signs: dict[Position, VGroup], step: float
    ) -> None:
        """Light a way edge by edge; behind each edge its factor flies to its place."""
        factors = self.factors(self.whole, place)
        unit = Partial(E, factors[0][1].of)
        way = [unit, *(factor for _, factor in factors)]
        light = self.light(way, role)
        self.lit += zip(way, light, strict=True)
        self.play(*(Create(line) for line in light[0]), run_time=step)
        for (position, _), edge in zip(factors, light[1:], strict=True):
            arrivals: list[Animation] = [moves.fly(self.whole.at(position), edge, step)]
            if len(signs[position]):
                arrivals.append(FadeIn(signs[position], run_time=step))
            self.play(*(Create(line) for line in edge), run_time=step)
            self.play(*arrivals)
        if role is not None:
            self.bands.append(self.highlight(self.whole, place, role))
            self.play(FadeIn(self.bands[-1]), run_time=0.4)
        self.lights.append(light)
        self.new_fractions(2)

    def see_what_is_shared(self) -> None:
        """The factors that stand in every product light up, on the board and on the map."""
        if self.count == 1:
            return
        shared = [o for o in self.nesting.correspondence if o.after[0] == 1 and len(o.before) == self.count]
        partials = [self.nested.what.operands[1].operands[o.after[1]] for o in shared]
        with self.beat("shared", "" if self.count == TWO else "several"):
            places = [place for origin in shared for place in origin.before]
            repeated = [glyphs for place in places if len(glyphs := self.whole.at(place))]
            self.play(FadeOut(self.trail), *self.dimmed(partials, repeated))
            edges = [self.map.lit(p) for p in partials if isinstance(p, Partial)]
            for run_time in layout.TRACE_FLASHES:
                flashes = (moves.flash(glyphs, run_time=run_time) for glyphs in repeated)
                self.play(*flashes, moves.pulse(edges, self.theme[Role.TARGET], run_time=run_time))

    def dimmed(self, partials: Sequence[object], repeated: Sequence[VGroup]) -> list[Fading]:
        """Return all that the ways do not share growing dim, on the board and on the map."""
        bright = {id(glyph) for glyphs in repeated for glyph in glyphs}
        rest = VGroup(*(glyph for glyph in self.whole.at((1,)) if id(glyph) not in bright))
        self.dim = [edge for partial, edge in self.lit if partial not in partials]
        for edge in self.dim:
            edge.save_state()
        fading = [edge.animate.fade(1 - layout.DIM_OPACITY) for edge in self.dim]
        return [rest.animate.set_opacity(layout.DIM_OPACITY), *fading]

    def factor_out(self) -> None:
        """The shared tail falls together, behind the sum of what the ways do not share."""
        multiplications = self.derivation.cost(self.weight).by_paths.multiplications
        if self.count == 1:
            self.play_nothing_to_share()
            return
        with self.beat("factored", E=E, count=multiplications):
            branches = self.branch_bands()
            bright = [Restore(edge) for edge in self.dim]
            self.play(*(FadeOut(band) for band in self.bands), *bright, run_time=0.6)
            self.play(follow(self.nesting, self.whole, self.nested, run_time=2.4))
            if branches:
                self.play(*(FadeIn(band) for band in branches))
            self.bands = branches
            self.new_fractions(2)

    def play_nothing_to_share(self) -> None:
        """With one way there is nothing to factor out; the equation comes to where numbers have room."""
        with self.beat("alone", weight=self.weight, E=E):
            self.play(FadeOut(self.trail), follow(self.nesting, self.whole, self.nested, run_time=1.0))

    def branch_bands(self) -> list[RoundedRectangle]:
        """Return the tints of the two ways behind what is left of each, where that stands in one line."""
        rhs = self.nested.equation.rhs
        inner = rhs.operands[0]
        if self.count != TWO or not isinstance(inner, Sum):
            return []
        places = [(1, 0, k) for k in range(len(inner.operands))]
        roles = self.tints(len(places))
        return [
            self.highlight(self.nested, place, role)
            for place, role in zip(places, roles, strict=True)
            if in_one_line(self.nested) and role is not None
        ]

    def show_numbers(self) -> None:
        """Put its value under each factor, or the result alone where the equation has several lines."""
        row = number_row(self.nested, self.derivation.trace)
        if self.settings.numbers and len(row.factors):
            with self.beat("numbers"):
                shown = (FadeIn(number, shift=DOWN * layout.NUMBER_GAP) for number in row.factors)
                self.play(LaggedStart(*shown, lag_ratio=0.3))
                self.play(FadeIn(row.signs), run_time=0.6)
                self.play(moves.gather(row.factors, row.result))
        elif self.settings.numbers and self.board.contains(row.result):
            with self.beat("numbers", "result"):
                self.play(FadeIn(row.result, shift=DOWN * layout.NUMBER_GAP))
        self.tell_the_meaning(self.nested, self.weight)

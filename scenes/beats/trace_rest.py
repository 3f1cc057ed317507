"""The other weights of a layer, faster and faster; their equations stand as the weights do."""

from __future__ import annotations

from collections.abc import Sequence

from manim import (
    Animation,
    AnimationGroup,
    Create,
    FadeIn,
    FadeOut,
    LaggedStart,
    Succession,
    VGroup,
)

from bpmath.algebra import Partial
from bpmath.symbols import E, Symbol
from bpmath.trees import Position
from scenes.beats.rest_board import RestBoard
from scenes.stage import moves
from scenes.stage.formula import Formula
from scenes.stage.lines import signs_before
from scenes.stage.number_row import all_of, number_row
from scenes.stage.theme import Role
from scenes.stage.typeset import Glyph


class TraceRestBeats(RestBoard):
    """The beats of `TraceFinalLayerRest` and `TraceHiddenLayerRest`; `depth` tells the layers behind."""

    def prepare(self) -> None:
        """Make the map and the equations, as many of them as fit."""
        self.prepare_map()
        self.prepare_equations()
        self.labels = self.map.make_labels(self.weights)
        self.lights: dict[Symbol, VGroup] = {}

    @property
    def case(self) -> str:
        """Which sentences apply: one weight, some of many, or all."""
        if self.total == 1:
            return "only"
        return "elided" if len(self.weights) < self.total else ""

    # -- the beats --------------------------------------------------------------------------------

    def recall(self) -> None:
        """The first equation stands, with its ways lit."""
        first, shallow = self.weights[0], "shallow" if self.derivation.network.layers == 1 else ""
        with self.beat("known", self.elided(first), weight=first, E=E):
            self.play(FadeIn(self.title(shallow)), FadeIn(self.map), FadeIn(self.labels))
            self.play(self.mark(first), self.light_ways([first], run_time=1.2))
            self.play(self.fly_in(first, self.places(first), run_time=1.6))
            self.new_fractions(2)

    def elided(self, weight: Symbol) -> str:
        """Return the variant for an equation with an ellipsis."""
        formula = self.equations[weight]
        partials = [term for _, term in formula.positions if isinstance(term, Partial)]
        return "elided" if len(formula.written(Partial)) < len(partials) else ""

    def others(self) -> None:
        """The other weights, each faster than the one before; what has no room by the map comes at once."""
        if len(self.weights) == 1:
            variant = "only" if self.total == 1 else "alone"
            with self.beat("second", variant, weight=self.weights[0]):
                self.play(moves.flash(self.equations[self.weights[0]].at((0,))))
            return
        second = self.weights[1]
        variant = "" if second.indices[0] == self.weights[0].indices[0] else "node"
        with self.beat("second", variant, weight=second, known=self.weights[0]):
            self.walk_to([second], self.weights[:1], run_time=1.4)
            if second not in self.crowded or len(self.weights) == len(self.crowded) + 1 == 2:
                self.write([second], self.weights[:1], run_time=1.4)
            self.new_fractions(1)
        later = self.weights[2:]
        if later and later[0] in self.crowded:
            with self.beat("third", "together", weight=later[0], other=later[-1]):
                self.walk_to(later, [second], run_time=1.2)
                missing = [second, *later] if second in self.crowded else later
                self.write(missing, self.weights[:1] if second in self.crowded else [second], run_time=2.0)
                self.new_fractions(1)
            return
        if later:
            with self.beat("third", weight=later[0]):
                self.walk_to(later[:1], [second], run_time=1.0)
                self.write(later[:1], [second], run_time=1.0)
        if later[1:]:
            with self.beat("rest"):
                self.walk_to(later[1:], later[:1], run_time=0.6)
                self.write(later[1:], later[:1], run_time=0.6)

    def walk_to(self, weights: Sequence[Symbol], before: Sequence[Symbol], run_time: float) -> None:
        """Let the light run to weights, after it has gone out at those before."""
        lit = self.light_ways(weights, run_time)
        gone = [FadeOut(self.lights[weight]) for weight in before]
        marks = [self.unmark(weight) for weight in before] + [self.mark(weight) for weight in weights]
        self.play(*gone, *marks, run_time=0.4)
        self.play(lit)

    def write(self, weights: Sequence[Symbol], before: Sequence[Symbol], run_time: float) -> None:
        """Write equations: what one that stands has too is copied, the rest flies from its edges.

        Where they need the room of the map, it leaves behind them.
        """
        known = {partial: (weight, place) for weight in before for place, partial in self.places(weight)}
        arrivals: list[Animation] = []
        for weight in weights:
            same = [(place, partial) for place, partial in self.places(weight) if partial in known]
            fresh = [(place, partial) for place, partial in self.places(weight) if partial not in known]
            for place, partial in same:
                source, origin = known[partial]
                glyphs = self.equations[source].at(origin)
                arrivals.append(moves.copy_to(glyphs, self.equations[weight].at(place), run_time))
            signs = [self.signs(weight, place) for place, _ in same]
            arrivals += [FadeIn(sign, run_time=run_time) for sign in signs if len(sign)]
            arrivals.append(self.fly_in(weight, fresh, run_time))
        if self.crowded and self.crowded[-1] in weights:
            arrivals.append(self.leave())
        self.play(*arrivals)
        if self.map_has_left:
            # Labels that changed their colour are in the scene by themselves as well.
            self.remove(*(part for label in self.labels for part in label.get_family()))
            self.remove(*(self.map.where(each) for each in self.weights))

    def leave(self) -> Animation:
        """Return the map leaving, with all that belongs to it."""
        self.map_has_left = True
        lit = [*self.lights.values()]
        fading = (FadeOut(part) for part in (self.map, self.labels, *lit))
        return AnimationGroup(*fading, run_time=0.6)

    def in_order(self) -> None:
        """The equations stand as the weights do; all of the ways are lit."""
        variant = self.case or ("" if self.in_matrix else "column")
        with self.beat("order", variant, count=self.total):
            if not self.map_has_left:
                marks = [self.mark(weight) for weight in self.weights]
                self.play(*marks, self.light_ways(self.weights, run_time=1.2))
            asked = [self.equations[weight].at((0,)) for weight in self.weights]
            self.play(LaggedStart(*(moves.flash(glyphs) for glyphs in asked), lag_ratio=0.5))

    def show_numbers(self) -> None:
        """Put its value under each factor, and their product under what was asked for."""
        if not self.settings.numbers:
            return
        trace = self.derivation.trace
        rows = [number_row(self.equations[weight], trace, self.number_gap) for weight in self.weights]
        variant = "elided" if self.case == "elided" else ""
        with self.beat("numbers", variant, count=self.total):
            factors = [FadeIn(row.factors) for row in rows if len(row.factors)]
            if factors:
                self.play(LaggedStart(*factors, lag_ratio=0.3))
                self.play(*(FadeIn(row.signs) for row in rows if len(row.signs)), run_time=0.6)
            self.play(
                *(
                    moves.gather(row.factors, row.result) if len(row.factors) else FadeIn(row.result)
                    for row in rows
                )
            )
            self.new_fractions(2)
        self.numbers = all_of(rows)

    def what_repeats(self) -> None:
        """The equations of one node differ in their last factor alone."""
        alone = len({weight.indices[0] for weight in self.weights}) == len(self.weights)
        with self.beat("repeats", "only" if alone else ""):
            rows: dict[int, list[Animation]] = {}
            for weight in self.weights:
                rows.setdefault(weight.indices[0], []).extend(self.marking(weight))
            self.play(Succession(*(AnimationGroup(*row) for row in rows.values())))

    def marking(self, weight: Symbol) -> list[Animation]:
        """Return what marks all factors but the last: a band in the colour of delta, which they will be."""
        formula = self.equations[weight]
        places = [place for place, _ in self.places(weight)[:-1]]
        lines: dict[int, VGroup] = {}
        for glyph in (g for p in places for g in (*self.signs(weight, p), *formula.at(p))):
            assert isinstance(glyph, Glyph)
            lines.setdefault(glyph.piece, VGroup()).add(glyph)
        bands = [FadeIn(self.band_behind(line, Role.DELTA)) for line in lines.values()]
        return [*bands, *(moves.flash(formula.at(place), run_time=1.2) for place in places)]

    def remember(self) -> None:
        """What repeats is worth a name of its own."""
        with self.beat("remember"):
            last = [self.equations[weight].at(self.places(weight)[-1][0]) for weight in self.weights]
            self.play(*(moves.flash(glyphs) for glyphs in last))

    # -- how things come --------------------------------------------------------------------------

    def places(self, weight: Symbol) -> list[tuple[Position, Partial]]:
        """Return the factors of a weight's equation that are written, with their positions."""
        return self.factors(self.equations[weight], (1,))

    def signs(self, weight: Symbol, position: Position) -> VGroup:
        """Return the signs that stand before a factor."""
        if weight not in self._signs:
            self._signs[weight] = signs_before(self.equations[weight])
        signs = [sign for sign in self._signs[weight][position] if isinstance(sign, Glyph)]
        return VGroup(*(sign for sign in signs if sign.place.part != "equals"))

    def light_ways(self, weights: Sequence[Symbol], run_time: float) -> Animation:
        """Return the ways to weights lighting up, all at once."""
        for weight in weights:
            partials = dict.fromkeys(partial for way in self.ways(weight) for partial in way)
            self.lights[weight] = VGroup(*(self.map.lit(partial) for partial in partials))
        lines = (LaggedStart(*map(Create, self.lights[weight]), lag_ratio=0.3) for weight in weights)
        return AnimationGroup(*lines, run_time=run_time)

    def fly_in(self, weight: Symbol, places: list[tuple[Position, Partial]], run_time: float) -> Animation:
        """Return the left-hand side of a weight's equation arriving, and some factors from their edges."""
        formula: Formula = self.equations[weight]
        arrivals: list[Animation] = [
            moves.fly(formula.at((0,)), self.map.where(weight)),
            FadeIn(formula.equals),
        ]
        for place, partial in places:
            extra = self.signs(weight, place)
            flight = moves.fly(formula.at(place), self.origin(partial))
            arrivals.append(AnimationGroup(flight, *([FadeIn(extra)] if len(extra) else [])))
        return LaggedStart(*arrivals, lag_ratio=0.15, run_time=run_time)

"""One layer deeper several ways lead to a weight: products are added, what they share is factored out."""

from __future__ import annotations

from manim import DOWN, Animation, Create, FadeIn, FadeOut, LaggedStart, RoundedRectangle, Succession, VGroup

from bpmath.algebra import Derivative, Partial
from bpmath.nesting import nest
from bpmath.symbols import E, w
from bpmath.trees import Position
from scenes.stage import layout, moves
from scenes.stage.formula import Written
from scenes.stage.lines import signs_before
from scenes.stage.network_map import NetworkMap
from scenes.stage.rewriting import follow
from scenes.stage.theme import Role
from scenes.stage.walk import WalkLesson

FIRST_STEP, LATER_STEP = 0.6, 0.33
TWO = 2


class TraceHiddenLayerBeats(WalkLesson):
    """The beats of `TraceHiddenLayer`."""

    def prepare(self) -> None:
        """Make the map, and the sum over paths, written out and nested."""
        layers = self.derivation.network.layers
        self.weight = w(max(1, layers - 1), 1, 1)
        self.map: NetworkMap = self.network_map()
        self.labels = self.map.make_labels([self.weight])
        self.nesting = nest(self.derivation, self.weight)
        self.count = self.derivation.cost(self.weight).paths
        whole = self.laid(self.nesting.before, layout.BOARD, line_for_each_term=True)
        nested = self.laid(self.nesting.after, layout.BOARD, reserve=layout.NUMBER_ROOM) or self.laid(
            self.nesting.after, layout.BOARD
        )
        assert whole is not None and nested is not None
        self.whole, self.nested = whole, nested
        self.lights: list[VGroup] = []
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
            self.play(FadeIn(self.title(weight=self.weight)), FadeIn(self.map), FadeIn(self.labels))
            self.play(self.mark(self.weight))
            self.play(*self.ask_on_board(self.whole, self.weight))
            self.new_fractions(1)

    def reach(self) -> None:
        """Send a change forward from the weight: it splits where a node is read by several."""
        with self.beat("reach", self.case, weight=self.weight, E=E, count=self.count):
            self.play(Succession(*self.pulses_forward(self.weight)))

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
                self.walk_way(place, role, signs, FIRST_STEP if number == 0 else LATER_STEP)
        if len(places) > TWO:
            with self.beat("rest", "elided" if self.case == "elided" else "", count=self.count):
                for place, role in list(zip(places, roles, strict=True))[TWO:]:
                    self.walk_way(place, role, signs, LATER_STEP / 2)

    def walk_way(
        self, place: Position, role: Role | None, signs: dict[Position, VGroup], step: float
    ) -> None:
        """Light a way edge by edge; behind each edge its factor flies to its place."""
        factors = self.factors(self.whole, place)
        unit = Partial(E, factors[0][1].of)
        light = self.light([unit, *(factor for _, factor in factors)], role)
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
            edges = [self.map.lit(p) for p in partials if isinstance(p, Partial)]
            places = [place for origin in shared for place in origin.before]
            repeated = [glyphs for place in places if len(glyphs := self.whole.at(place))]
            flashes = (moves.flash(glyphs, run_time=1.4) for glyphs in repeated)
            self.play(*flashes, moves.pulse(edges, self.theme[Role.TARGET], run_time=1.4))
            self.play(*(moves.flash(glyphs, run_time=0.9) for glyphs in repeated))

    def factor_out(self) -> None:
        """The shared tail falls together, behind the sum of what the ways do not share."""
        multiplications = self.derivation.cost(self.weight).by_paths.multiplications
        if self.count == 1:
            self.play_nothing_to_share()
            return
        with self.beat("factored", E=E, count=multiplications):
            branches = self.branch_bands()
            self.play(*(FadeOut(band) for band in self.bands), run_time=0.4)
            self.play(follow(self.nesting, self.whole, self.nested, run_time=2.4))
            if branches:
                self.play(*(FadeIn(band) for band in branches))
            self.bands = branches
            self.new_fractions(2)

    def play_nothing_to_share(self) -> None:
        """With one way there is nothing to factor out; the equation comes to where numbers have room."""
        with self.beat("alone", weight=self.weight, E=E):
            self.play(follow(self.nesting, self.whole, self.nested, run_time=1.0))

    def branch_bands(self) -> list[RoundedRectangle]:
        """Return the tints of the two ways behind what is left of each, where that stands in one line."""
        rhs = self.nested.equation.rhs
        inner = rhs.operands[0]
        if self.count != TWO or type(inner).__name__ != "Sum":
            return []
        places = [(1, 0, k) for k in range(len(inner.operands))]
        one_line = self.nested.height < 1.5 * self.nested.at((1, 1)).height
        roles = self.tints(len(places))
        return [
            self.highlight(self.nested, place, role)
            for place, role in zip(places, roles, strict=True)
            if one_line and role is not None
        ]

    def show_numbers(self) -> None:
        """Put its value under each factor, or under the result alone where the equation has several lines."""
        formula, trace = self.nested, self.derivation.trace
        (asked,) = formula.written(Derivative)
        one_line = formula.height < 1.5 * formula.at(asked.position).height
        factors: list[Written[Partial]] = formula.written(Partial) if one_line else []
        numbers = VGroup(*(formula.number_below(factor, trace) for factor in factors))
        result = formula.number_below(asked, trace)
        if one_line:
            with self.beat("numbers"):
                shown = (FadeIn(number, shift=DOWN * layout.NUMBER_GAP) for number in numbers)
                self.play(LaggedStart(*shown, lag_ratio=0.3))
                self.wait(0.5)
                self.play(moves.gather(numbers, result))
        elif layout.BOARD.contains(result):
            with self.beat("numbers", "result"):
                self.play(FadeIn(result, shift=DOWN * layout.NUMBER_GAP))
        value = formula.equation.value
        variant = "falls" if value < 0 else "" if value else "rests"
        with self.beat("meaning", variant, weight=self.weight, E=E, rate=abs(value)):
            self.play(moves.flash(formula.term(formula.equation.lhs)))

"""Path tracing: the derivative of the error with respect to one weight, factor by factor."""

from __future__ import annotations

from manim import DOWN, UP, Create, FadeIn, FadeOut, LaggedStart, VGroup

from bpmath.algebra import Partial
from bpmath.symbols import E, a, e, w, z
from scenes.beats.trace_bias import TraceBiasBeats
from scenes.beats.trace_first import TraceFirstLayerBeats
from scenes.beats.trace_hidden import TraceHiddenLayerBeats
from scenes.beats.trace_rest import TraceRestBeats
from scenes.stage import layout, moves
from scenes.stage.formula import Formula, Written
from scenes.stage.number_row import number_row
from scenes.stage.theme import Role
from scenes.stage.walk import WalkLesson

_BEATS = {"E": "total", "e": "loss", "a": "activation", "z": "weight"}


class TraceFinalLayer(WalkLesson):
    """How does E change with w11 of the last layer?  One path, three factors, their product (Fig. 3)."""

    def construct(self) -> None:
        """Trace the first weight of the last layer."""
        self.weight = w(self.derivation.network.layers, 1, 1)
        self.prepare()
        self.ask()
        self.reach()
        self.walk_back()
        self.drop_unit_factors()
        if self.settings.numbers:
            self.show_numbers()
            self.multiply()
        self.say_what_it_means()

    def prepare(self) -> None:
        """Make the map, the two equations and what tells the cases apart."""
        self.prepare_map()
        weights = self.map.plan.weights(self.weight.layer or 0)
        self.labels = self.map.make_labels([self.weight, *weights])
        self.paths = self.derivation.paths(self.weight)
        self.full = self.main_equation(unit_factors=True)
        self.short = self.main_equation(unit_factors=False)

    def main_equation(self, unit_factors: bool) -> Formula:
        """Return the path sum, as large as the board allows."""
        equation = self.derivation.path_sum(self.weight, unit_factors=unit_factors)
        room = layout.NUMBER_ROOM if self.settings.numbers else 0
        formula = self.largest(equation, layout.SUBJECT_WIDTH, self.board.height - room)
        return formula.move_to(self.board.centre + UP * room / 2)

    @property
    def case(self) -> str:
        """Which sentences apply: one output, errors that read all outputs, or neither."""
        if len(self.paths) > 1:
            return "joint"
        return "single" if self.derivation.network.sizes[-1] == 1 else ""

    # -- the beats --------------------------------------------------------------------------------

    def ask(self) -> None:
        """Point from E to the weight that is meant, and write the derivative that is asked for."""
        with self.beat("question", E=E, weight=self.weight):
            self.play(FadeIn(self.title(weight=self.weight)), FadeIn(self.map), FadeIn(self.labels))
            self.ring, target = self.map.ring(E), self.map.where(self.weight)
            self.arrow = moves.arrow_over(
                self.map.node(E), target, self.theme[Role.TARGET], self.map.stub_ends()
            )
            self.play(Create(self.ring), target.animate.set_fill(self.theme[Role.TARGET]))
            self.play(Create(self.arrow))
            asked, part = self.full.equation.lhs, self.full.part
            self.play(
                moves.fly(part(asked, "numerator"), self.map.node(E)),
                moves.fly(part(asked, "denominator"), target),
                FadeIn(part(asked, "bar"), self.full.equals),
            )
            self.new_fractions(1)

    def reach(self) -> None:
        """Send a change forward from the weight; what it cannot reach grows dim."""
        reached = {edge.target for path in self.paths for edge in path}
        layer = self.weight.layer or 0
        outputs = [s for k in self.map.plan.rows(layer) for s in (z(layer, k), a(layer, k), e(k))]
        rest = [symbol for symbol in outputs if symbol not in reached]
        with self.beat("reach", self.case, weight=self.weight, E=E, z=z(layer, 1), count=len(self.paths)):
            self.play(FadeOut(self.arrow))
            self.trail = self.trails(self.weight)
            self.play(self.spread(self.weight, self.trail), *self.map.recede(rest))

    def walk_back(self) -> None:
        """Light the edges from E backwards; each lets its factor fly into the equation."""
        for name, factors in self.steps().items():
            with self.beat(name, E=E, e=e(1)):
                for count, factor in enumerate(factors):
                    self.arrive(factor, run_time=1.0 if count == 0 else 0.5)

    def steps(self) -> dict[str, list[Written[Partial]]]:
        """Return the factors in the order of reading, a new step for each new kind of derivative."""
        steps: dict[str, list[Written[Partial]]] = {}
        step = ""
        for factor in self.full.written(Partial):
            kind = _BEATS[factor.term.of.letter]
            step = step if kind in steps else kind
            steps.setdefault(step, []).append(factor)
        return steps

    def arrive(self, factor: Written[Partial], run_time: float) -> None:
        """Light one edge, and let its factor fly from it to its place."""
        partial = factor.term
        lit = self.map.lit(partial)
        ring = self.map.ring(partial.wrt) if partial.wrt.letter not in "wb" else None
        self.play(moves.light_up(lit, ring, run_time))
        self.play(
            moves.fly(self.full.at(factor.position), lit, run_time),
            FadeIn(self.full.signs_up_to(factor.position), run_time=run_time),
        )
        self.new_fractions(1)

    def drop_unit_factors(self) -> None:
        """Show that dE/de is 1, and let it go."""
        units = [factor for factor in self.full.written(Partial) if factor.term.of == E]
        ones = VGroup(*(self.full.number_below(unit, self.derivation.trace) for unit in units))
        with self.beat("unit", self.case, E=E, one=self.derivation.value(units[0].term)):
            # Lit edges cover it wherever factors were read off.
            self.play(FadeOut(self.trail), run_time=0.3)
            if self.settings.numbers:
                self.play(FadeIn(ones, shift=DOWN * layout.NUMBER_GAP))
                self.wait(0.5)
                self.play(FadeOut(ones), moves.rewrite(self.full, self.short))
            else:
                self.play(*(moves.flash(self.full.at(unit.position)) for unit in units))
                self.play(moves.rewrite(self.full, self.short))

    def show_numbers(self) -> None:
        """Put its value under each factor."""
        self.numbers = number_row(self.short, self.derivation.trace)
        with self.beat("numbers"):
            shown = (FadeIn(number, shift=DOWN * layout.NUMBER_GAP) for number in self.numbers.factors)
            self.play(LaggedStart(*shown, lag_ratio=0.5))
            self.new_fractions(len(self.numbers.factors))

    def multiply(self) -> None:
        """Gather the numbers into their product, under the derivative that was asked for."""
        with self.beat("product", "joint" if self.case == "joint" else ""):
            self.play(FadeIn(self.numbers.signs), run_time=0.6)
            self.play(moves.gather(self.numbers.factors, self.numbers.result))

    def say_what_it_means(self) -> None:
        """Say in words what the number tells."""
        self.tell_the_meaning(self.short, self.weight)


class TraceHiddenLayer(TraceHiddenLayerBeats):
    """One layer deeper there are two ways back to the weight; what they share is factored out (Fig. 7)."""

    def construct(self) -> None:
        """Trace the first weight of the last hidden layer."""
        self.prepare()
        self.ask()
        self.reach()
        self.walk()
        self.see_what_is_shared()
        self.factor_out()
        self.show_numbers()


class TraceFirstLayer(TraceFirstLayerBeats):
    """One more layer: the paths double with every layer, and their sum fills the board."""

    def construct(self) -> None:
        """Trace the first weight of the first layer."""
        self.prepare()
        self.ask()
        self.count_later_layers()
        self.light_all()
        self.write()
        self.nest()
        self.there_must_be_a_better_way()


class TraceBias(TraceBiasBeats):
    """The same walk to a bias: the last factor is one, every other one is already known (Fig. 17)."""

    def construct(self) -> None:
        """Trace the first bias of the last layer, then that of the layer before it."""
        self.prepare()
        self.recall()
        self.ask()
        self.take_what_is_known()
        self.last_edge()
        self.it_is_one()
        self.drop_it()
        self.deeper()


class TraceFinalLayerRest(TraceRestBeats):
    """The other weights of the last layer; the equations stand as the weights do (Fig. 4)."""

    def construct(self) -> None:
        """Trace the weights of the last layer, faster and faster."""
        self.prepare()
        self.recall()
        self.others()
        self.in_order()
        self.show_numbers()
        self.what_repeats()
        self.remember()


class TraceHiddenLayerRest(TraceRestBeats):
    """The other weights of the last hidden layer, fast (Fig. 9)."""

    depth = 1

    def construct(self) -> None:
        """Trace the weights of the last hidden layer."""
        self.prepare()
        self.recall()
        self.others()
        self.in_order()
        self.show_numbers()
        self.what_repeats()
        self.remember()

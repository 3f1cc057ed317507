"""Path tracing: the derivative of the error with respect to one weight, factor by factor."""

from __future__ import annotations

from manim import DOWN, UP, Create, FadeIn, FadeOut, LaggedStart, Line, Succession, VGroup

from bpmath.algebra import Partial
from bpmath.graph import Edge
from bpmath.symbols import E, a, e, w, z
from scenes.stage import layout, moves
from scenes.stage.formula import Formula, fit
from scenes.stage.lesson import Lesson
from scenes.stage.theme import Role

_BEATS = {"E": "total", "e": "loss", "a": "activation", "z": "weight"}


class TraceFinalLayer(Lesson):
    """How does E change with w11 of the last layer?  One path, three factors, their product (Fig. 3)."""

    def construct(self) -> None:
        """Trace the first weight of the last layer."""
        self.weight = w(self.derivation.network.layers, 1, 1)
        self.prepare()
        self.ask()
        self.reach()
        self.walk_back()
        self.drop_unit_factors()
        self.show_numbers()
        self.multiply()
        self.say_what_it_means()

    def prepare(self) -> None:
        """Make the map, the two equations and what tells the cases apart."""
        self.map = self.network_map()
        weights = self.map.plan.weights(self.weight.layer or 0)
        self.labels = self.map.make_labels([self.weight, *weights])
        self.paths = self.derivation.paths(self.weight)
        self.full = self.main_equation(unit_factors=True)
        self.short = self.main_equation(unit_factors=False)

    def main_equation(self, unit_factors: bool) -> Formula:
        """Return the path sum, as large as the board allows."""
        equation = self.derivation.path_sum(self.weight, unit_factors=unit_factors)
        formula = self.formula(equation, layout.MAIN_SIZE, spacious=True)
        fit(formula, layout.SUBJECT_WIDTH, layout.BOARD.height - layout.NUMBER_ROOM)
        return formula.move_to(layout.BOARD.centre + UP * layout.NUMBER_ROOM / 2)

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
            self.arrow = moves.arrow_over(self.map.node(E), target, self.theme[Role.TARGET])
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
        layer, outputs = self.weight.layer or 0, self.map.plan.rows(self.weight.layer or 0)
        rest = [s for k in outputs for s in (z(layer, k), a(layer, k), e(k)) if s not in reached]
        with self.beat("reach", self.case, weight=self.weight, E=E, z=z(layer, 1), count=len(self.paths)):
            forward = [self.lines(path)[::-1] for path in self.paths]
            stages = [moves.pulse(lines, self.theme[Role.TARGET]) for lines in zip(*forward, strict=True)]
            self.play(FadeOut(self.arrow))
            self.play(Succession(*stages), *self.map.recede(rest))

    def lines(self, path: tuple[Edge, ...]) -> list[Line]:
        """Return the map's lines under a path, from E backwards."""
        return [self.map.edge_of(self.derivation.local(edge)) for edge in path]

    def walk_back(self) -> None:
        """Light the edges from E backwards; each lets its factor fly into the equation."""
        for name, factors in self.steps():
            with self.beat(name, E=E, e=factors[0][1].wrt):
                for count, (position, partial) in enumerate(factors):
                    self.arrive(position, partial, run_time=1.0 if count == 0 else 0.5)

    def steps(self) -> list[tuple[str, list[tuple[tuple[int, ...], Partial]]]]:
        """Return the factors in the order of reading, a new step for each new kind of derivative."""
        steps: dict[str, list[tuple[tuple[int, ...], Partial]]] = {}
        name = ""
        for position, term in self.full.positions:
            if isinstance(term, Partial):
                kind = _BEATS[term.of.letter]
                name = name if kind in steps else kind
                steps.setdefault(name, []).append((position, term))
        return list(steps.items())

    def arrive(self, position: tuple[int, ...], partial: Partial, run_time: float) -> None:
        """Light one edge, and let its factor fly from it to its place."""
        lit = self.map.lit(partial)
        ring = self.map.ring(partial.wrt) if partial.wrt.letter not in "wb" else None
        self.play(moves.light_up(lit, ring, run_time))
        self.play(
            moves.fly(self.full.at(position), lit, run_time),
            FadeIn(self.full.signs_up_to(position), run_time=run_time),
        )
        self.new_fractions(1)

    def drop_unit_factors(self) -> None:
        """Show that dE/de is 1, and let it go."""
        units = [term for _, term in self.full.positions if isinstance(term, Partial) and term.of == E]
        trace = self.derivation.trace
        ones = VGroup(*(self.full.number_below(unit, trace) for unit in dict.fromkeys(units)))
        with self.beat("unit", self.case, E=E):
            self.play(FadeIn(ones, shift=DOWN * layout.NUMBER_GAP))
            self.wait(0.5)
            self.play(FadeOut(ones), moves.rewrite(self.full, self.short))

    def show_numbers(self) -> None:
        """Put its value under each factor."""
        factors = [term for _, term in self.short.positions if isinstance(term, Partial)]
        self.numbers = VGroup(*(self.short.number_below(f, self.derivation.trace) for f in factors))
        with self.beat("numbers"):
            shown = (FadeIn(number, shift=DOWN * layout.NUMBER_GAP) for number in self.numbers)
            self.play(LaggedStart(*shown, lag_ratio=0.5))
            self.new_fractions(len(factors))

    def multiply(self) -> None:
        """Gather the numbers into their product, under the derivative that was asked for."""
        result = self.short.number_below(self.short.equation.lhs, self.derivation.trace)
        with self.beat("product", "joint" if self.case == "joint" else ""):
            self.play(moves.gather(self.numbers, result))

    def say_what_it_means(self) -> None:
        """Say in words what the number tells."""
        value = self.short.equation.value
        variant = "falls" if value < 0 else "" if value else "rests"
        with self.beat("meaning", variant, weight=self.weight, E=E, rate=abs(value)):
            self.play(moves.flash(self.short.term(self.short.equation.lhs)))

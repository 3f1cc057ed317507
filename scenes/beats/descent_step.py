"""One step of gradient descent: the rule for one parameter, then for all, and E before and after."""

from __future__ import annotations

from collections.abc import Sequence

from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Animation,
    FadeIn,
    FadeOut,
    GrowFromEdge,
    Indicate,
    Line,
    ReplacementTransform,
    VGroup,
)

from bpmath.algebra import Derivative, Number, Quantity
from bpmath.descent import descent_step
from bpmath.equations import Equation
from bpmath.numbers import numbers
from bpmath.step_sizes import StepSizes
from bpmath.symbols import E, Symbol, b, w
from scenes.beats.learning_rates import LearningRateBeats
from scenes.stage import layout, moves
from scenes.stage.error_bars import ErrorRow, bar, in_table
from scenes.stage.formula import Formula
from scenes.stage.map_numbers import number_at
from scenes.stage.rewriting import follow
from scenes.stage.theme import Role
from scenes.stage.typeset import set_text
from scenes.stage.weighted_edges import weighted_edges


class DescentStepBeats(LearningRateBeats):
    """The beats of `GradientDescentStep`."""

    def prepare(self) -> None:
        """Take the step, and make the map on which it is seen."""
        derivation, settings = self.derivation, self.settings
        self.map, self.board = self.network_map(), layout.BOARD
        self.last = derivation.network.layers
        sizes = StepSizes(derivation.gradients)
        self.rate = sizes.easy_rate
        self.step = descent_step(derivation.network, settings.x, settings.y, self.rate)
        self.reached = sizes.equation(self.rate)
        self.executed, self.rims = [self.reached], VGroup()
        self.edges = weighted_edges(self.map, (derivation.network, self.step.network))
        self.weight = w(self.last, 1, 1)
        self.labels = self.map.make_labels(self.map.plan.weights(self.last), Role.INK)

    # -- what is known ----------------------------------------------------------------------------

    def weights(self) -> None:
        """Every edge becomes as thick as its weight."""
        with self.beat("weights"):
            self.play(FadeIn(self.title()), FadeIn(self.map))
            for layer in range(1, self.last + 1):
                turned = self.edges.turn(self.derivation.network, self.edges.of_layer(layer))
                self.play(*turned, run_time=1.0 if layer == 1 else 0.6)
            self.play(*self.legend_arrives())
            self.play(FadeIn(self.labels), run_time=0.6)
            if self.settings.numbers:
                self.error = number_at(self.map, E, self.derivation.values)
                self.play(FadeIn(self.error, shift=DOWN * layout.NUMBER_GAP))

    def legend_arrives(self) -> list[Animation]:
        """Let two weights leave the map for the board, one of each sign, with their lines."""
        network, self.legend = self.derivation.network, VGroup()
        arrivals: list[Animation] = []
        for weight in self.edges.extremes(network):
            value, line = network.value(weight), self.edges.line(weight)
            equation = self.derivation.equation(Quantity(weight), Number(value))
            sample = self.edges.sample(value)
            name = self.formula(equation if self.settings.numbers else weight, layout.EQUATION_SIZE)
            self.legend.add(VGroup(sample, name.next_to(sample, RIGHT, buff=layout.LEGEND_GAP)))
            arrivals += [ReplacementTransform(line.copy(), sample, run_time=moves.FLIGHT)]
            arrivals += [FadeIn(name, target_position=line, scale=layout.SEED_SCALE, run_time=moves.FLIGHT)]
        self.legend.arrange(RIGHT, buff=layout.COLUMN_GAP).move_to(self.board.centre)
        return arrivals

    def gradient(self) -> None:
        """The backward pass has found how E changes with every parameter; here is one."""
        asked = Derivative(E, self.weight)
        known = self.derivation.equation(asked, Number(self.derivation.gradients[self.weight]))
        shown = known if self.settings.numbers else asked
        self.known = self.formula(shown, layout.MAIN_SIZE, roles_at={(1,): Role.TARGET})
        self.known.move_to(self.board.centre)
        with self.beat("gradient", E=E, weight=self.weight):
            self.play(FadeOut(self.legend), run_time=0.5)
            for layer in reversed(range(1, self.last + 1)):
                back = [Line(line.get_end(), line.get_start()) for line in self.map.open_edges(layer)]
                self.play(moves.pulse(back, self.theme[Role.TARGET], run_time=0.6))
            self.play(moves.fly(VGroup(*self.known.glyphs), self.map.where(self.weight)))
            self.new_fractions(1)

    # -- one parameter ----------------------------------------------------------------------------

    def update(self, parameter: Symbol, size: float) -> Formula:
        """Return what becomes of a parameter; without its number where numbers are not shown."""
        equation = self.step.equation(parameter)
        if not self.settings.numbers:
            return self.formula(equation.lhs, size)
        return self.formula(equation, size, roles_at={(1,): Role.VALUE})

    def rule(self) -> None:
        """From the parameter its gradient is subtracted, times the learning rate."""
        self.first = self.update(self.weight, layout.MAIN_SIZE)
        self.first.move_to(self.board.centre)
        shown, asked = self.settings.numbers, Derivative(E, self.weight)
        if shown:
            self.first.shift(UP * self.board.height / 2 / 2)
        named, derivative = self.first.term(self.weight), self.first.term(asked)
        side = self.first.at((0,) if shown else ())
        arrived = {id(glyph) for glyph in (*named, *derivative)}
        signs = VGroup(*(glyph for glyph in side if id(glyph) not in arrived))
        before = self.known.term(asked)
        kept = {id(glyph) for glyph in before}
        leaving = VGroup(*(glyph for glyph in self.known.glyphs if id(glyph) not in kept))
        with self.beat("rule", E=E):
            moved = [ReplacementTransform(*pair) for pair in zip(before, derivative, strict=True)]
            self.play(*moved, *([FadeOut(leaving)] if leaving else []), run_time=1.2)
            self.play(moves.copy_to(self.map.where(self.weight), named))
            self.play(FadeIn(signs))
            self.new_fractions(1)

    def one_number(self) -> None:
        """The numbers of the first update, worked out below it."""
        if not self.settings.numbers:
            return
        rewrite = numbers(self.first.equation)
        below = self.formula(rewrite.after, layout.MAIN_SIZE, roles_at={(1,): Role.VALUE})
        self.below = below.move_to(self.board.centre + DOWN * self.board.height / 2 / 2)
        leaving = self.first.copy()
        VGroup(leaving.at((1,)), leaving.equals).set_opacity(0)
        with self.beat("numbers", rate=self.rate):
            self.play(follow(rewrite, leaving, below, run_time=1.8))
            self.play(moves.copy_to(below.at((1,)), self.first.at((1,))), FadeIn(self.first.equals))
            self.new_fractions(1)

    def one_moves(self) -> None:
        """The edge of that weight changes."""
        gradient = self.derivation.gradients[self.weight]
        variant = "down" if gradient > 0 else "up" if gradient < 0 else "still"
        with self.beat("moves", variant, weight=self.weight):
            self.change([self.weight], run_time=1.5)
            self.play(Indicate(self.map.where(self.weight), color=self.theme[Role.INK]))

    def change(self, parameters: Sequence[Symbol], run_time: float) -> None:
        """Let the lines of parameters change: at their sides is seen what these gain or lose."""
        before, after = self.derivation.network, self.step.network
        rims = VGroup(*(self.edges.rim(parameter, before, after) for parameter in parameters))
        self.rims.add(*rims)
        narrowed = (self.edges.narrow(parameter, before, after) for parameter in parameters)
        self.play(FadeIn(rims), *narrowed, run_time=run_time)

    # -- all of them ------------------------------------------------------------------------------

    def others(self) -> list[Symbol]:
        """Return further parameters of the last layer, as many as there is room for: a bias is the last."""
        most = layout.LEARNING_ROWS * layout.LEARNING_COLUMNS - 1
        return [*self.map.plan.weights(self.last)[1 : most + 1], b(self.last, 1)]

    def grid(self, parameters: Sequence[Symbol]) -> list[Formula]:
        """Return the updates of parameters in a grid, as large as there is room."""
        columns = min(layout.LEARNING_COLUMNS, len(parameters))
        for size in layout.GENERAL_SIZES:
            formulas = [self.update(parameter, size) for parameter in parameters]
            whole = VGroup(*formulas).arrange_in_grid(cols=columns, buff=layout.LEARNING_GAP)
            if whole.width <= self.board.width and whole.height <= self.board.height:
                break
        whole.move_to(self.board.centre)
        return formulas

    def layer(self) -> None:
        """The same for other parameters of the last layer, a bias too."""
        chosen = self.others()
        self.shown = self.grid(chosen)
        gone = [self.first, *([self.below] if self.settings.numbers else [])]
        with self.beat("layer", "" if len(chosen) > 1 else "bias"):
            self.play(FadeOut(*gone), run_time=0.6)
            for number, (parameter, formula) in enumerate(zip(chosen, self.shown, strict=True)):
                pace = 1 if number == 0 else layout.LATER
                self.play(moves.fly(VGroup(*formula.glyphs), self.map.where(parameter)), run_time=pace)
                self.change([parameter], run_time=pace)
            self.new_fractions(2)

    def all_move(self) -> None:
        """All others at once, layer after layer."""
        known = {self.weight, *self.others()}
        count = len(self.derivation.network.parameters())
        with self.beat("all", count=count):
            for layer in reversed(range(1, self.last + 1)):
                rest = [one for one in self.edges.of_layer(layer) if one not in known]
                if rest:
                    self.change(rest, run_time=1.2)
            self.wait(0.5)

    # -- before and after -------------------------------------------------------------------------

    def before_and_after(self) -> None:
        """The sample runs forward through both networks: E is smaller."""
        before, after = self.error_rows()
        self.bars = VGroup(before.whole, after.whole)
        still = self.reached.value >= self.derivation.run.E
        with self.beat("after", "still" if still else "", E=E):
            self.play(FadeOut(*self.shown, self.rims), *self.edges.turn(self.step.network), run_time=0.8)
            self.play(FadeIn(before.whole, shift=DOWN * layout.NUMBER_GAP))
            for layer in range(1, self.last + 1):
                self.play(moves.pulse(self.map.open_edges(layer), self.theme[Role.VALUE], run_time=0.6))
            if self.settings.numbers:
                reached = number_at(self.map, E, self.reached.values)
                self.play(FadeOut(self.error), FadeIn(reached), run_time=0.8)
                self.error = reached
            self.play(FadeIn(after.head), moves.fly(VGroup(*after.name.glyphs), self.map.node(E)))
            self.play(GrowFromEdge(after.bar, LEFT))
            self.new_fractions(1)

    def error_rows(self) -> list[ErrorRow]:
        """Return the rows of E before and after the step."""
        before = self.derivation.equation(Quantity(E), Number(self.derivation.run.E))
        largest = max(before.value, self.reached.value)
        rows = [self.error_row("before", before, largest), self.error_row("past", self.reached, largest)]
        in_table(rows, self.board)
        return rows

    def error_row(self, key: str, equation: Equation, largest: float) -> ErrorRow:
        """Return the words, the equation and the bar of one E."""
        words = self.words(key).markup
        head = set_text(words, layout.CAPTION_SIZE, self.theme[Role.QUIET], self.fonts)
        shown = equation if self.settings.numbers else equation.lhs
        name = self.formula(shown, layout.MAIN_SIZE, roles_at={(1,): Role.VALUE})
        return ErrorRow(head, name, bar(equation.value / largest, self.theme[Role.VALUE]))

"""A loss in which every error reads one output: its curve, its slope, and the delta line by line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from manim import (
    UP,
    Create,
    Dot,
    FadeIn,
    FadeOut,
    LaggedStart,
    ReplacementTransform,
    VGroup,
    VMobject,
)

from bpmath.algebra import Delta, Partial, Quantity
from bpmath.derivation import Derivation, derive
from bpmath.equations import FalseEquation
from bpmath.loss_deltas import LossDelta
from bpmath.matrix_equations import Statement
from bpmath.network import Network
from bpmath.numbers import numbers
from bpmath.symbols import E, a, e, y, z
from bpmath.trees import Position
from scenes.beats.last_layer import LastLayerBeats
from scenes.settings import Settings
from scenes.stage import layout, moves
from scenes.stage.formula import Formula
from scenes.stage.line_by_line import LineByLine, cancelled
from scenes.stage.local_curves import OutputError
from scenes.stage.loss_table import Choice, LossRow, largest_table, loss_row
from scenes.stage.sliding import slide
from scenes.stage.theme import Role


class LossLinesBeats(LastLayerBeats):
    """The beats of `MeanSquaredError` and `BinaryCrossEntropy`."""

    role = Role.LOSS_DERIVATIVE

    def can_be_shown(self, settings: Settings) -> bool:
        """Tell whether the user's network has the loss, and its first output a slope that can be written."""
        if not super().can_be_shown(settings):
            return False
        try:
            return bool(LossDelta(settings.derivation(), 1).slope())
        except FalseEquation:
            return False

    def prepare(self) -> None:
        """Make the map, the curve and the lines of the derivation."""
        self.map = self.network_map()
        layer = self.derivation.network.layers
        self.node, self.output, self.target = z(layer, 1), a(layer, 1), y(1)
        self.factors = Partial(e(1), self.output), Partial(self.output, self.node)
        self.error = OutputError(self.derivation)
        self.rewrites = self.derivation.loss_delta(1)
        if self.settings.numbers:
            self.rewrites.append(numbers(self.rewrites[-1].after))
        self.by_line = LineByLine(self.rewrites, self.line, layout.LOSS_LINES)

    def slope_of_loss(self) -> None:
        """From the two factors to the curve of the loss, its tangent at this sample, and its formula."""
        self.take_factors()
        self.draw_curve()
        self.mark_sample()
        self.slope_of_curve()
        self.spell_slope()

    def derivation_by_line(self) -> None:
        """The delta, line by line, in symbols and then in numbers."""
        self.write_lines()
        self.evaluate_line()

    def line(self, what: Statement, size: float, *, roles_at: Mapping[Position, Role]) -> Formula:
        """Return one line of the derivation."""
        return self.formula(what, size, roles_at=roles_at)

    @property
    def passes_on(self) -> str:
        """Which sentences apply: "identity" where the output is its weighted sum."""
        last = self.derivation.network.activations[-1]
        return "identity" if last == "identity" else ""

    # -- the question -----------------------------------------------------------------------------

    def ask(self) -> None:
        """Light the way from the error of one output back to its weighted sum."""
        definition = self.derivation.definition(e(1))
        self.definition = self.largest(definition, layout.SUBJECT_WIDTH, self.board_height)
        self.definition.move_to(layout.BOARD.centre)
        with self.beat("question", self.whose, e=e(1), z=self.node, a=self.output):
            self.play(FadeIn(self.title()), FadeIn(self.map))
            self.play(*moves.from_map(self.map, self.definition))
            self.lights = [self.map.lit(edge) for edge in self.factors]
            self.rings = VGroup(*(self.map.ring(symbol) for symbol in (e(1), self.output, self.node)))
            self.play(Create(self.rings[0]))
            for line, ring in zip(self.lights, self.rings[1:], strict=True):
                self.play(moves.light_up(line, ring))

    def take_factors(self) -> None:
        """Each edge yields its factor: their product is the delta."""
        chain = self.rewrites[0].before
        self.chain = self.largest(chain, layout.SUBJECT_WIDTH, self.board_height)
        self.chain.move_to(layout.BOARD.centre)
        with self.beat("chain", delta=self.chain.equation.lhs):
            self.play(FadeOut(self.definition), run_time=0.6)
            self.play(moves.fly(self.chain.at((0,)), self.rings[-1]))
            self.play(FadeIn(self.chain.equals), run_time=0.4)
            for edge, line in zip(self.factors, self.lights, strict=True):
                position = self.chain.position(edge)
                self.play(moves.fly(self.chain.at(position), line), FadeIn(self.chain.signs_up_to(position)))
            self.new_fractions(2)

    @property
    def board_height(self) -> float:
        """The height of an equation above the map."""
        return layout.LOSS_SHARE * layout.BOARD.height

    # -- the curve --------------------------------------------------------------------------------

    def draw_curve(self) -> None:
        """Draw the error over the output, beside its formula; the first factor is its slope."""
        slope = LossDelta(self.derivation, 1).slope()
        self.stack = self.stacked(self.derivation.definition(e(1)), slope)
        self.plot = self.plot_of(self.error.curve, self.output, e(1))
        asked = self.chain.term(self.factors[0])
        kept = {id(glyph) for glyph in asked}
        gone = VGroup(*(glyph for glyph in self.chain.glyphs if id(glyph) not in kept))
        with self.beat("curve", self.single, e=e(1), a=self.output, y=self.target):
            moved = zip(asked, self.stack[1].at((0,)), strict=True)
            self.play(
                FadeOut(self.map, *self.lights, self.rings, gone),
                *(ReplacementTransform(*pair) for pair in moved),
                FadeIn(self.plot.frame),
                run_time=1.2,
            )
            self.play(Create(self.plot.curve), FadeIn(self.stack[0]), run_time=1.6)
            self.new_fractions(1)

    def mark_sample(self) -> None:
        """Mark the output of this sample, its error, and the target."""
        with self.beat("point", a=self.output, y=self.target):
            self.mark(self.output, e(1))
            name = self.formula(self.target, layout.LEAST_EQUATION_SIZE)
            shown = self.derivation.value(Quantity(self.target))
            mark, covered = self.plot.named_mark(shown, name, self.x if self.settings.numbers else None)
            self.play(FadeIn(mark), *(FadeOut(end) for end in covered))
            self.on_curve.add(mark)

    def slope_of_curve(self) -> None:
        """Lay the tangent on the curve, and let it slide along and back: its slope is the derivative."""
        with self.beat("slope"):
            tangent = self.lay_tangent(self.factors[0])
        with self.beat("slide", a=self.output, y=self.target):
            point = self.on_curve[0]
            assert isinstance(point, Dot)
            error, stops = self.error, self.error.stops()
            way = slide(self.plot, error.height_at, error.slope_at, stops, self.role, point, tangent)
            self.play(way, run_time=layout.SLIDE_SECONDS)
            self.number_from_tangent(self.stack[1])

    def spell_slope(self) -> None:
        """Say what the slope is: the loss, differentiated."""
        answer = self.stack[1]
        with self.beat("formula", self.single, a=self.output, y=self.target):
            self.play(FadeIn(answer.equals), run_time=0.4)
            self.play(moves.fly(answer.at((1,)), self._seen_in(self.stack[0])))
            self.new_fractions(2)

    def _seen_in(self, definition: Formula) -> VMobject:
        """Return where the slope is seen: the distance to the target below a parabola, else the formula."""
        if self.loss != "mean_squared_error":
            return definition.at((1,))
        target = self.derivation.value(Quantity(self.target))
        distance = self.plot.distance(target, self.x, self.role)
        self.play(Create(distance))
        self.on_curve.add(distance)
        return distance

    # -- line by line -----------------------------------------------------------------------------

    def write_lines(self) -> None:
        """Put what is known into the product, a line for each step."""
        old = VGroup(self.plot, self.on_curve, self.feet, self.stack[0], self.number, self.stack[1].equals)
        first, answer = self.by_line.lines[0], self.stack[1]
        for index, rewrite in enumerate(self.derivation.loss_delta(1), 1):
            name = rewrite.step.replace(" ", "_")
            with self.beat(name, self.passes_on, a=self.output, y=self.target, z=self.node):
                if index == 1:
                    self._bring(first, old, answer)
                for place in cancelled(rewrite) if name == "cancel" else ():
                    self.play(Create(self.by_line.strike(index - 1, place)), run_time=0.6)
                self.play(*self.by_line.make_room(index), self.by_line.come(index))
                self.new_fractions(2)

    def _bring(self, first: Formula, old: VGroup, answer: Formula) -> None:
        """Let the curve leave; the derivative that it was about goes to its place in the product."""
        asked = first.term(self.factors[0])
        kept = {id(glyph) for glyph in asked}
        rest = VGroup(*(glyph for glyph in first.glyphs if id(glyph) not in kept))
        moved = zip(answer.at((0,)), asked, strict=True)
        self.play(
            FadeOut(old, answer.at((1,))),
            *(ReplacementTransform(*pair) for pair in moved),
            FadeIn(rest),
            run_time=1.2,
        )

    def evaluate_line(self) -> None:
        """Put the numbers into the last line."""
        if not self.settings.numbers:
            return
        last = len(self.rewrites)
        with self.beat("values", delta=Delta(self.derivation.network.layers, 1), E=E, z=self.node):
            self.play(*self.by_line.make_room(last), self.by_line.come(last))
            self.new_fractions(1)

    # -- beside other losses ----------------------------------------------------------------------

    def this(self) -> Choice:
        """Return the loss that the lesson is about."""
        return Choice(self.derivation, self.derivation.definition(e(1)))

    def half_the_square(self) -> Choice:
        """Return half the square in its place."""
        derivation = self.other("squared_error")
        return Choice(derivation, derivation.definition(e(1)))

    def without_activation(self) -> Choice:
        """Return half the square behind an output that is its weighted sum."""
        derivation = self.other("squared_error", "identity")
        return Choice(derivation, derivation.definition(self.output))

    def other(self, loss: str, last: str = "") -> Derivation:
        """Return the same network on the same sample with another loss, and perhaps another activation."""
        network = self.derivation.network
        activations = (*network.activations[:-1], last or network.activations[-1])
        changed = Network(network.weights, network.biases, activations, loss)
        return derive(changed, self.settings.x, self.settings.y)

    def compare(self, *choices: Choice) -> None:
        """Set losses and what delta each leaves beside each other."""
        self.table = self._table(choices)
        first, *others = self.table
        last = self.by_line.lines[len(self.derivation.loss_delta(1))]
        with self.beat("compare", self.passes_on, a=self.output, z=self.node):
            stays = {id(glyph) for glyph in last.glyphs}
            standing = self.by_line.standing.family_members_with_points()
            self.play(*(FadeOut(part) for part in standing if id(part) not in stays))
            moved = zip(last.glyphs, first.delta.glyphs, strict=True)
            self.play(*(ReplacementTransform(*pair) for pair in moved), run_time=1.2)
            self.play(FadeIn(first.loss, first.number, shift=UP * layout.NUMBER_GAP))
            for row in others:
                shown = (row.loss, row.delta, row.number)
                self.play(LaggedStart(*map(FadeIn, shown), lag_ratio=0.5, run_time=1.6))
            self.new_fractions(2)

    def _table(self, choices: Sequence[Choice]) -> list[LossRow]:
        """Return losses and their deltas, side by side or below each other, in the largest size that fits."""
        make = partial(loss_row, make=self.line, with_number=self.settings.numbers)
        return largest_table(choices, make, layout.LOSS_LINES)

    # -- all outputs ------------------------------------------------------------------------------

    def every_output(self) -> None:
        """The deltas of all outputs, in the place of the table."""
        self.whole_layer(VGroup(*(row.whole for row in self.table)), self.table[0].delta)

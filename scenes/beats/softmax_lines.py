"""The loss behind softmax: its slope over a logit, and the sum in which almost everything cancels."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from manim import (
    RIGHT,
    UP,
    Animation,
    Create,
    FadeIn,
    FadeOut,
    LaggedStart,
    Line,
    ReplacementTransform,
    VGroup,
)

from bpmath.algebra import Derivative, Partial
from bpmath.matrix_equations import Statement
from bpmath.numbers import numbers
from bpmath.rewrites import Rewrite
from bpmath.softmax import p
from bpmath.symbols import E, e, y
from bpmath.trees import Position, parts
from scenes.beats.softmax_jacobian import SoftmaxJacobianBeats
from scenes.stage import layout, moves
from scenes.stage.formula import Formula
from scenes.stage.line_by_line import LineByLine, cancelled
from scenes.stage.local_curves import OutputError
from scenes.stage.theme import Role

STEPS = (("substitute",), ("cancel",), ("multiply_out", "collect"), ("sum_to_one",))
"""The steps of the cancellation that are seen together."""


class SoftmaxLinesBeats(SoftmaxJacobianBeats):
    """The last beats of `SoftmaxCrossEntropy`."""

    def show_loss(self) -> None:
        """Set the targets beside the probabilities; each class has an error."""
        self.bars = self.bars_of_probabilities(layout.BARS_TALL, max(self.softmax.targets))
        targets = [self.bars.outline(k, self.softmax.targets[k - 1], Role.TARGET) for k in self.classes]
        self.outlines = VGroup(*targets)
        self.right = self.beside(self.softmax.error(1), self.derivation.definition(E))
        with self.beat("loss", e=e(1), p=p(1), y=y(1)):
            self.play(FadeOut(self.shown), FadeIn(self.bars))
            self.play(LaggedStart(*map(Create, targets), lag_ratio=0.3, run_time=1.6))
            self.play(moves.fly(self.right[0].at(()), self.bars.bars[1]))
            self.play(FadeIn(self.right[1], shift=UP * layout.NUMBER_GAP))
            self.new_fractions(1)

    def draw_curve(self) -> None:
        """Draw the error over one logit, and lay the tangent on it at this sample."""
        error, answer = OutputError(self.derivation), self.softmax.cancellation(1)[-1].after
        self.stack = self.stacked(self.derivation.definition(E), answer)
        self.plot = self.plot_of(error.curve, error.output, E)
        with self.beat("curve", a=error.output, E=E):
            gone = FadeOut(self.bars, self.outlines, self.right[0])
            self.play(gone, moves.rewrite(self.right[1], self.stack[0]), FadeIn(self.plot.frame))
            self.play(Create(self.plot.curve))
            self.mark(error.output, E)
            tangent = self.lay_tangent(Derivative(E, error.output))
            self.play(moves.fly(self.stack[1].at((0,)), tangent))
            self.number_from_tangent(self.stack[1])

    # -- the sum ----------------------------------------------------------------------------------

    def rewrites(self) -> list[Rewrite]:
        """Return the steps from the sum over all classes to what is left, and its numbers."""
        steps = self.softmax.cancellation(1)
        return [*steps, numbers(steps[-1].after)] if self.settings.numbers else steps

    def ask_chain(self) -> None:
        """One term for each class: the logit moves all errors, on the map and in the sum."""
        self.by_line = self._lines()
        first, output = self.by_line.lines[0], self.logits[0]
        first.move_to(layout.BOARD.centre)
        layer = self.derivation.network.layers
        edges = {k: self.map.lit(Partial(e(k), output)) for k in self.map.plan.rows(layer)}
        self.lights = VGroup(*edges.values(), self.map.ring(output))
        with self.beat("chain", a=output, E=E):
            old = (self.plot, self.on_curve, self.feet, self.stack[0], self.number)
            moved = zip(self.stack[1].at((0,)), first.at((0,)), strict=True)
            self.play(FadeOut(*old), *(ReplacementTransform(*pair) for pair in moved), FadeIn(self.map))
            self.play(Create(self.lights[-1]), FadeIn(first.equals), run_time=0.6)
            for number, term in enumerate(self._terms(first)):
                self.play(*self._term_from(edges.get(term), first, term), run_time=0.8 if number else 1.4)
            self.new_fractions(2)

    def _terms(self, line: Formula) -> list[int]:
        """Return the classes whose terms are written in the sum."""
        return [k for k in self.softmax.classes if len(line.at((1, k - 1)))]

    def _term_from(self, edge: Line | None, line: Formula, k: int) -> list[Animation]:
        """Return the term of a class as it leaves its edge, with the signs before it."""
        glyphs = line.at((1, k - 1))
        signs = line.select(lambda place: place.position == (1,))
        right, left = (
            glyphs.get_right()[0],
            [line.at((1, j - 1)).get_right()[0] for j in self._terms(line) if j < k],
        )
        between = VGroup(*(sign for sign in signs if max(left, default=right) < sign.get_x() < right))
        if edge is None:
            return [FadeIn(glyphs, between)]
        return [Create(edge), moves.fly(glyphs, edge), FadeIn(between)]

    def write_lines(self) -> None:
        """What becomes of the terms, line by line."""
        for names in STEPS:
            with self.beat(names[0], p=p(1), y=y(1)):
                if names == STEPS[0]:
                    self.play(FadeOut(self.map, self.lights), run_time=0.6)
                for index, rewrite in enumerate(self.softmax.cancellation(1), 1):
                    if rewrite.step.replace(" ", "_") in names:
                        self._prepare_step(index, rewrite)
                        self.play(*self.by_line.make_room(index), self.by_line.come(index))
                if names == STEPS[-1]:
                    self._put_numbers()
                self.new_fractions(1)

    def _put_numbers(self) -> None:
        """Let the numbers of the last line come below it."""
        last = len(self.by_line.lines) - 1
        if self.settings.numbers:
            self.play(*self.by_line.make_room(last), self.by_line.come(last))

    def _lines(self) -> LineByLine:
        """Return the lines; of many classes the first and the last."""
        steps = self.rewrites()
        roles = {part.position: role for part in parts(steps[0].before) if (role := _role(part.term))}
        for longest in layout.LONGEST_SUMS:

            def make(
                what: Statement,
                size: float,
                *,
                roles_at: Mapping[Position, Role],
                longest: int | None = longest,
            ) -> Formula:
                return self.formula(what, size, roles_at=roles_at, longest_sum=longest)

            try:
                return LineByLine(steps, make, layout.LOSS_LINES, roles)
            except ValueError:
                continue
        raise ValueError("loss: the sum over the classes is too wide even with an ellipsis")

    def _prepare_step(self, index: int, rewrite: Rewrite) -> None:
        """Strike out what cancels, term by term; say why the targets are one."""
        line = self.by_line.lines[index - 1]
        if rewrite.step == "cancel":
            terms: dict[Position, list[Position]] = defaultdict(list)
            for place in cancelled(rewrite):
                if len(line.at(place)):
                    terms[place[:2]].append(place)
            for number, places in enumerate(terms.values()):
                strokes = [Create(self.by_line.strike(index - 1, place)) for place in places]
                self.play(*strokes, run_time=1.2 if number == 0 else 0.6)
        if rewrite.step == "sum to one":
            unit = self.formula(self.softmax.unit_sum("y"), line.font_size, longest_sum=layout.SHORTEST_SUM)
            unit.next_to(line, RIGHT, buff=layout.COLUMN_GAP)
            unit.shift(UP * (line.equals.get_y() - unit.equals.get_y()))
            if layout.LOSS_LINES.contains(unit):
                self.by_line.strikes[index - 1].add(unit)
                self.play(moves.flash(line.at(cancelled(rewrite)[0])), FadeIn(unit))

    def every_class(self) -> None:
        """The deltas of all classes, in the place of the lines."""
        lines = self.by_line
        self.whole_layer(lines.standing, lines.lines[len(self.softmax.cancellation(1))])


def _role(term: object) -> Role | None:
    """Return the colour of a derivative in the chain through the probabilities."""
    match term:
        case Partial():
            return Role.LOSS_DERIVATIVE
        case Derivative(of=of):
            return Role.DELTA if of == E else Role.ACTIVATION_DERIVATIVE
    return None

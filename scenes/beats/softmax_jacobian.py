"""The derivatives of all probabilities by all logits, cell by cell, then in one matrix equation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from itertools import product as pairs_of

from manim import (
    RIGHT,
    UP,
    Animation,
    FadeIn,
    FadeOut,
    LaggedStart,
    ReplacementTransform,
    VGroup,
)

from bpmath.algebra import Derivative
from bpmath.matrix_algebra import Diagonal, MatrixProduct
from bpmath.matrix_equations import Statement
from bpmath.numbers import numbers
from bpmath.rewrites import Rewrite
from bpmath.softmax import p
from bpmath.trees import Position, at, parts
from scenes.beats.softmax_bars import SoftmaxBarsBeats
from scenes.stage import layout, moves
from scenes.stage.formula import Formula
from scenes.stage.line_by_line import LineByLine, inherited
from scenes.stage.rewriting import follow
from scenes.stage.theme import Role


class SoftmaxJacobianBeats(SoftmaxBarsBeats):
    """The beats of `SoftmaxCrossEntropy` about its Jacobian."""

    def fill_matrix(self) -> None:
        """Both kinds of entries go to their cells, and with them all of their kind."""
        self.zone = layout.JACOBIAN
        self.matrix = self.jacobian(self.softmax.jacobian()).move_to(self.zone.centre)
        bars = VGroup(self.before, self.after)
        with self.beat("matrix", "large" if self.matrix.is_elided else ""):
            self.play(FadeOut(bars, *self.figures), run_time=0.6)
            row = VGroup(*(entry.copy() for entry in self.entries)).arrange(RIGHT, buff=layout.COLUMN_GAP)
            row.scale(layout.EQUATION_SIZE / layout.MAIN_SIZE).move_to(layout.ENTRIES.centre)
            moved = (entry.animate.become(place) for entry, place in zip(self.entries, row, strict=True))
            self.play(*moved, run_time=1.0)
            self.play(FadeIn(self.matrix.at((0,)), self.matrix.equals, self._frame()), run_time=0.6)
            own, other = self._kinds()
            for kind, entry in zip((own, other), self.entries, strict=True):
                self.play(ReplacementTransform(entry.at((1,)).copy(), self.matrix.at(kind[0])), run_time=1.0)
                if kind[1:]:
                    self.play(self._fill(kind[1:]))
            self.new_fractions(2)

    def _frame(self) -> VGroup:
        """Return the brackets of the right-hand side, and the dots between them."""
        return self.matrix.select(lambda place: place.position == (1,))

    def jacobian(self, what: Statement) -> Formula:
        """Return the matrix of derivatives in the colour that they have in the chain rule."""
        cells = (part.position for part in parts(what) if part.position[:1] == (1,) != part.position)
        roles = dict.fromkeys(cells, Role.ACTIVATION_DERIVATIVE)
        return self.largest_in(what, self.zone, layout.MAIN_SIZE, roles=self.slopes(), roles_at=roles)

    def slopes(self) -> dict[Derivative, Role]:
        """Return the colour of every derivative of a probability."""
        every = pairs_of(self.softmax.classes, self.logits)
        return {Derivative(p(k), logit): Role.ACTIVATION_DERIVATIVE for k, logit in every}

    def _kinds(self) -> tuple[list[Position], list[Position]]:
        """Return the places of the cells on the diagonal, and of those off it, the asked one first."""
        own: list[Position] = []
        other: list[Position] = []
        for written in self.matrix.written(Derivative):
            place = (1, *written.position[1:])
            if len(self.matrix.at(place)):
                by_itself = written.term.of.indices == written.term.wrt.indices[-1:]
                (own if by_itself else other).append(place)
        asked = Derivative(p(2), self.logits[0])
        other.sort(key=lambda place: at(self.matrix.what, (0, *place[1:])) != asked)
        return own, other

    def _fill(self, places: Iterable[Position]) -> Animation:
        """Return cells that appear one after the other."""
        arrivals = [FadeIn(self.matrix.at(place), shift=UP * layout.NUMBER_GAP) for place in places]
        return LaggedStart(*arrivals, lag_ratio=0.3, run_time=1.4)

    def name_matrix(self) -> None:
        """The whole matrix by the names of vectors, and below that in numbers where they have room."""
        self.zone, step = layout.WHOLE_BOARD, self.softmax.named_jacobian()
        lines = self._in_numbers(step) if self.settings.numbers else None
        with self.beat("name_matrix"):
            self.play(FadeOut(*self.entries), run_time=0.6)
            self._rename(self.turned(step))
            self.new_fractions(1)
        self.shown = VGroup(self.matrix)
        if lines is not None:
            lines.settle(1)
            with self.beat("matrix_numbers"):
                self.play(moves.rewrite(self.matrix, lines.lines[0]), run_time=1.2)
                self.play(lines.come(1))
            self.shown = VGroup(*lines.lines)

    def _rename(self, step: Rewrite) -> None:
        """Play a rewrite of the matrix equation; whole expressions keep their colour, signs and all."""
        roles = inherited(step, self.matrix)
        new = self.largest_in(step.after, self.zone, layout.MAIN_SIZE, roles=self.slopes(), roles_at=roles)
        self.play(follow(step, self.matrix, new.move_to(self.zone.centre)))
        self.matrix = new

    def _in_numbers(self, named: Rewrite) -> LineByLine | None:
        """Return the named matrix and its numbers: three matrices, or the vectors; None where too wide."""
        roles = inherited(self.turned(named), self.matrix)
        for wholes in ((Diagonal, MatrixProduct), ()):
            steps = [self.turned(numbers(named.after, wholes))]
            with suppress(ValueError):
                return LineByLine(steps, self._whole, layout.LOSS_LINES, roles)
        return None

    def _whole(self, what: Statement, size: float, *, roles_at: Mapping[Position, Role]) -> Formula:
        """Return a matrix equation of which the first and the last rows are shown where it is large."""
        longest = layout.MOST_ROWS - 1
        return self.formula(what, size, roles=self.slopes(), roles_at=roles_at, longest_matrix=longest)

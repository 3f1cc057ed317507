"""Forward mode in beats: a one at an input, and what every node makes of it, up to the output."""

from __future__ import annotations

from manim import Animation, FadeIn, FadeOut, LaggedStart, VGroup

from bpmath.symbols import Symbol
from scenes.beats.sweep_lesson import SweepLesson
from scenes.stage import moves
from scenes.stage.formula import Formula


class ForwardModeBeats(SweepLesson):
    """Sweeps from one input to the output, and once more from another."""

    def choose(self) -> None:
        """Begin at the input with the most ways to the output."""
        inputs = self.graph.inputs
        self.first = max(inputs, key=self.graph.count_paths)
        self.others = [symbol for symbol in inputs if symbol != self.first]
        self.sweep = self.trace.forward(self.first)
        self.prepare()

    @property
    def wrt(self) -> Symbol:
        """The input at which the sweep begins."""
        return self.sweep.start

    def ask(self) -> None:
        """Show the graph with its values, and the input that is asked about."""
        with self.beat("question", "" if self.settings.numbers else "symbols", x=self.wrt):
            self.appear()
            self.play(self.ring_moves(self.wrt))

    def local_derivatives(self) -> None:
        """Show what each gate makes of a change."""
        with self.beat("locals", self.room_for_locals):
            self.locals_appear()

    def seed(self) -> None:
        """Put the one at the input, and nothing at what does not depend on it."""
        alone = not self.unreached() and not self.marked_by
        with self.beat("seed", "alone" if alone else self.marked_by, x=self.wrt, one=1):
            result = self.result_at(self.wrt)
            self.play(*self.board_clears(), FadeIn(result))
            self.equation = result
            self.seeds_arrive()

    def seeds_arrive(self) -> None:
        """Write the one below the input, and zeros below what does not depend on it."""
        self.play(self.arrives(self.wrt))
        if self.settings.numbers and self.unreached():
            self.play(LaggedStart(*map(self.arrives, self.unreached()), lag_ratio=0.1, run_time=1.0))

    def unreached(self) -> list[Symbol]:
        """Return the nodes to which no way leads."""
        reached = {self.wrt, *self.receivers()}
        return [node.symbol for node in self.graph.nodes if node.symbol not in reached]

    def follow_the_rule(self) -> None:
        """Take the first node slowly: first in symbols, then in numbers."""
        first, *_ = self.receivers()
        many = len(self.steps_to(first)) > 1
        with self.beat("rule", "sum" if many else "", v=self.found_at(first)):
            self.write_sum(first)
            if not self.settings.numbers:
                self.put_numbers(first)
        if self.settings.numbers:
            with self.beat("numbers", v=self.found_at(first)):
                self.put_numbers(first)

    def go_through(self) -> None:
        """Take the nodes between quickly."""
        between = self.receivers()[1:-1]
        if between:
            with self.beat("rest"):
                self.go_on(between)

    def reach_the_output(self) -> None:
        """Take the output slowly again, where ways meet."""
        *before, output = self.receivers()
        if before:
            with self.beat("output", "sum" if len(self.steps_to(output)) > 1 else "", e=output):
                self.write_sum(output)
                self.put_numbers(output)

    def say_what_it_means(self) -> None:
        """Say what the number at the output tells."""
        output = self.graph.output
        rate = self.sweep.derivative[output]
        numbers = self.settings.numbers
        with self.beat("meaning", "" if numbers else "symbols", e=output, x=self.wrt, rate=rate):
            self.answer = self.result_at(output) if numbers else self.on_board(self.found_at(output))
            self.play(*self.board_clears(), self.answer_arrives(self.answer))
            self.equation = self.answer

    def answer_arrives(self, answer: Formula) -> Animation:
        """Return a result coming up from below the output."""
        return moves.fly(VGroup(*answer.glyphs), self.derivatives[self.graph.output])

    def start_again(self) -> None:
        """For another input all that is carried goes, and a second sweep is made."""
        if not self.others:
            with self.beat("again", "one", x=self.wrt):
                self.play(self.ring_moves(self.wrt))
            return
        self.sweep = self.trace.forward(self.others[0])
        with self.beat("again", x=self.wrt):
            self.play(FadeOut(*self.trail, *self.derivatives.values()), *self.board_clears())
            self.trail, self.derivatives = VGroup(), {}
            self.play(self.ring_moves(self.wrt))
            self.seeds_arrive()
            self.go_on(self.receivers())
        self.count()

    def count(self) -> None:
        """Put both answers side by side: each took a sweep."""
        output = self.graph.output
        with self.beat("count", count=len(self.graph.inputs), e=output):
            other = self.result_at(output) if self.settings.numbers else self.on_board(self.found_at(output))
            self.level([self.answer, other])
            self.play(*self.board_clears(), FadeIn(self.answer), self.answer_arrives(other))

"""Reverse mode in beats: a one at the output, and what every node gets back, down to the inputs."""

from __future__ import annotations

from collections.abc import Sequence

from manim import Create, FadeIn, LaggedStart, VGroup

from bpmath.symbols import Symbol
from scenes.beats.sweep_lesson import SweepLesson
from scenes.stage import moves
from scenes.stage.formula import Formula
from scenes.stage.theme import Role


class ReverseModeBeats(SweepLesson):
    """Sweeps once from the output back to all inputs."""

    def choose(self) -> None:
        """Begin at the output, and look for a node where ways part: the last that is reached."""
        self.sweep = self.trace.reverse()
        self.prepare()
        first, *later = self.receivers()
        parting = [symbol for symbol in later if len(self.steps_to(symbol)) > 1]
        self.first, self.later = first, later
        self.fork = parting[-1] if parting else None
        self.rings = VGroup(*map(self.map.ring, self.inputs))
        self.ringed = False

    def ask(self) -> None:
        """Show the graph with its values, and ask from the other end."""
        with self.beat("question", e=self.graph.output):
            self.appear()
            self.play(self.ring_moves(self.graph.output))

    def local_derivatives(self) -> None:
        """Show what each gate makes of a change."""
        with self.beat("locals", self.room_for_locals):
            self.locals_appear()

    def seed(self) -> None:
        """Put the one at the output."""
        output = self.graph.output
        with self.beat("seed", self.marked_by, e=output, one=1):
            result = self.result_at(output)
            self.play(*self.board_clears(), FadeIn(result))
            self.equation = result
            self.play(self.arrives(output))

    def follow_the_rule(self) -> None:
        """Take the first node slowly: first in symbols, then in numbers."""
        with self.beat("rule", "sum" if len(self.steps_to(self.first)) > 1 else ""):
            self.write_sum(self.first)
            if not self.settings.numbers:
                self.put_numbers(self.first)
        if self.settings.numbers:
            with self.beat("numbers", v=self.found_at(self.first)):
                self.put_numbers(self.first)

    def go_through(self) -> None:
        """Take the nodes before the fork quickly."""
        end = len(self.later) if self.fork is None else self.later.index(self.fork)
        if self.later[:end]:
            with self.beat("rest"):
                self.go_on(self.later[:end])

    def add_at_the_fork(self) -> None:
        """Where a value is used more than once, what comes back along its edges is added."""
        if self.fork is None:
            seen = len(self.steps_to(self.first)) > 1
            with self.beat("fork", "seen" if seen else "none", u=self.first):
                self.inputs_light()
            return
        uses = len(self.steps_to(self.fork))
        with self.beat("fork", u=self.fork, uses=uses):
            self.write_sum(self.fork)
            self.put_numbers(self.fork)
        rest = self.later[self.later.index(self.fork) + 1 :]
        if rest:
            with self.beat("after"):
                self.go_on(rest)

    @property
    def inputs(self) -> Sequence[Symbol]:
        """The inputs that the sweep reached."""
        return [symbol for symbol in self.graph.inputs if symbol in self.receivers()]

    def inputs_light(self) -> None:
        """Ring all inputs, once."""
        if not self.ringed:
            self.ringed = True
            self.play(*self.ring_leaves(), LaggedStart(*map(Create, self.rings), lag_ratio=0.2))

    def read_off(self) -> None:
        """Every input has its derivative: one sweep has found the whole gradient."""
        count = len(self.graph.inputs)
        variant = {1: "one", 2: "two"}.get(count, "")
        with self.beat("answer", variant, e=self.graph.output, count=count):
            answers = self.in_a_line([self.answer_at(symbol) for symbol in self.inputs])
            self.inputs_light()
            if leaving := self.board_clears():
                self.play(*leaving, run_time=0.4)
            flights = [
                moves.fly(VGroup(*answer.glyphs), self.derivatives[symbol])
                for symbol, answer in zip(self.inputs, answers, strict=False)
            ]
            if flights:
                self.play(LaggedStart(*flights, lag_ratio=0.3))

    def answer_at(self, symbol: Symbol) -> Formula:
        """Return the derivative at an input with its number, or by itself."""
        return self.result_at(symbol) if self.settings.numbers else self.on_board(self.found_at(symbol))

    def in_a_line(self, answers: Sequence[Formula]) -> list[Formula]:
        """Set as many results side by side as the board has room for at a legible size."""
        shown = list(answers)
        while shown:
            if self.level(shown).width <= self.zone.width:
                break
            shown.pop()
        return shown

    def say_what_it_cost(self) -> None:
        """Every edge was crossed once."""
        cost, edges = self.sweep.cost, len(self.sweep.steps)
        with self.beat("cost", edges=edges, multiplications=cost.multiplications, additions=cost.additions):
            colour = self.theme[Role.GRADIENT]
            self.play(moves.pulse([line.copy() for line in self.trail], colour, run_time=1.4))

"""The forward lines of a program light up in step with the gates of its graph."""

from __future__ import annotations

from collections.abc import Sequence

from manim import Animation, AnimationGroup, Create, FadeIn, FadeOut, LaggedStart, VGroup

from bpmath.algebra import Quantity
from bpmath.code import CodeLine, write_code
from bpmath.symbols import Symbol
from scenes.stage import layout, moves
from scenes.stage.code_board import CodeBoard
from scenes.stage.code_plan import plan_beside
from scenes.stage.formula import fits
from scenes.stage.graph_equations import whole
from scenes.stage.graph_lesson import GraphLesson
from scenes.stage.graph_map import GraphMap
from scenes.stage.theme import Role


class StagedForwardBeats(GraphLesson):
    """The beats of `StagedBackpropagation` in which the values are computed."""

    def prepare(self) -> None:
        """Write the code, and share the frame between it and the graph."""
        self.code = write_code(self.graph)
        plan = plan_beside(self.graph, self.code)
        self.map = GraphMap(self.trace, self.theme, self.settings.notation, plan.graph)
        self.zone = plan.graph.board
        self.plan, self.names = plan, self.names_on_wires()
        self.forward = CodeBoard(self.code.forward, self.theme, plan.alone)
        self.backward = CodeBoard(self.code.backward, self.theme, plan.backward)
        self.steps = self.trace.reverse().steps
        self.active, self.done = VGroup(), 0

    @property
    def output(self) -> Symbol:
        """What is computed."""
        return self.graph.output

    # -- forward ----------------------------------------------------------------------------------

    def ask(self) -> None:
        """Show the graph, and the expression that it computes where that can be read."""
        equation = self.on_board(whole(self.trace))
        self.equation = VGroup(equation) if fits(equation, *self.room) else VGroup()
        with self.beat("question", f=self.output):
            self.play(FadeIn(self.title()))
            self.play(FadeIn(self.map), *(FadeIn(formula) for formula in self.equation))
            if self.settings.numbers:
                self.play(FadeIn(self.map), *(self.value_arrives(symbol) for symbol in self.graph.inputs))

    @property
    def room(self) -> tuple[float, float]:
        """The width and the height of the board."""
        return self.zone.width, self.zone.height

    def first_line(self) -> None:
        """Write the line of the first gate, from what enters it to the value that it finds."""
        line = self.code.forward[0]
        with self.beat("first", "output" if line.gate == self.output else "", node=line.gate):
            self.play(FadeOut(self.equation), run_time=0.6)
            self.compute(line, layout.CODE_FIRST)

    def other_lines(self) -> None:
        """Write the lines of the other gates, faster."""
        lines = self.code.forward[1:]
        if not lines:
            return
        with self.beat("forward", f=self.output, count=len(self.code.forward)):
            for line in lines:
                self.compute(line, self.pace_of(lines))

    def compute(self, line: CodeLine, run_time: float) -> None:
        """Let a gate's line come from its gate, and the value go back to it."""
        number = self.forward.number_of(line)
        scrolled = self.forward.scroll(number)
        written = self.forward.ready(number)
        ring = self.map.ring(line.gate)
        edges = [self.map.lit(edge, Role.VALUE) for edge in line.edges]
        self.activate(scrolled, VGroup(*edges, ring, self.forward.band(number, Role.TARGET)), run_time)
        self.play(moves.fly(written, self.map.node(line.gate), run_time))
        arrivals: list[Animation] = []
        if self.settings.numbers:
            value = self.forward.parts_of(number, Quantity, left=True)
            arrivals.append(self.value_arrives(line.gate, value))
        if (name := self.names.get(line.gate)) is not None:
            arrivals.append(FadeIn(name))
        if arrivals:
            self.play(*arrivals, run_time=run_time)

    def keep(self) -> None:
        """Every value has a name and is kept."""
        names = [
            self.forward.parts_of(number, Quantity, left=True)
            for number in range(len(self.code.forward))
            if self.forward.shows(number)
        ]
        kept = [moves.flash(name) for name in [*names, *self.values.values()]]
        with self.beat("kept"):
            self.activate([], VGroup(), layout.CODE_LATER)
            self.play(LaggedStart(*kept, lag_ratio=0.1, run_time=2.0))

    # -- light ------------------------------------------------------------------------------------

    def activate(
        self, others: Sequence[Animation], shown: VGroup, run_time: float, lit: VGroup | None = None
    ) -> None:
        """Let what was active go dark and something else light up, while lines scroll."""
        steps: list[Animation] = [*others, FadeOut(self.active), FadeIn(shown)]
        if lit is not None:
            steps += [Create(line) for line in lit]
        self.play(AnimationGroup(*steps), run_time=run_time)
        self.active = shown

    def pace_of(self, lines: Sequence[CodeLine]) -> float:
        """Return how long each of the moves of a line takes."""
        return min(layout.CODE_LATER, layout.CODE_MOST / len(lines)) / 2

"""The lines of a program light up in step with the sweeps through its graph."""

from __future__ import annotations

from collections.abc import Sequence

from manim import Animation, AnimationGroup, Create, FadeIn, FadeOut, LaggedStart, VGroup

from bpmath.algebra import Derivative, Partial, Quantity
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


class StagedCodeBeats(GraphLesson):
    """The beats of `StagedBackpropagation`."""

    def prepare(self) -> None:
        """Write the code, and share the frame between it and the graph."""
        self.code = write_code(self.graph)
        plan = plan_beside(self.graph, self.code)
        self.map = GraphMap(self.trace, self.theme, self.settings.notation, plan.graph)
        self.zone = plan.graph.board
        self.forward = CodeBoard(self.code.forward, self.theme, plan.forward)
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
        if self.settings.numbers:
            value = self.forward.parts_of(number, Quantity, left=True)
            self.play(self.value_arrives(line.gate, value), run_time=run_time)

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

    # -- backward ---------------------------------------------------------------------------------

    def start(self) -> None:
        """Write that the derivative of the output by itself is 1."""
        one = self.trace.reverse().derivative[self.output]
        with self.beat("start", f=self.output, one=one):
            written = self.backward.ready(0)
            band = self.backward.band(0, Role.TARGET)
            self.activate([], VGroup(self.map.ring(self.output), band), layout.CODE_FIRST)
            self.play(moves.fly(written, self.map.node(self.output)))
            if self.settings.numbers:
                self.play(self.derivative_arrives(self.output, one, written))

    def across_first_edge(self) -> None:
        """Write the line of the first edge part by part: each is seen to come from somewhere."""
        if not self.steps:
            return
        step, number = self.steps[0], 1
        with self.beat("edge", f=self.output, node=step.receiver):
            lit = self.light_edge(number, self.backward.scroll(number), layout.CODE_FIRST)
            written = self.backward.ready(number)
            local = self.local_of(number)
            carried = self.backward.parts_of(number, Derivative)
            target = self.backward.parts_of(number, Derivative, left=True)
            flown = {id(glyph) for group in (local, carried, target) for glyph in group}
            rest = VGroup(*(glyph for glyph in written.glyphs if id(glyph) not in flown))
            self.play(moves.fly(target, self.map.node(step.receiver)))
            self.play(moves.fly(local, lit), FadeIn(rest))
            self.play(moves.fly(carried, self.derivatives.get(step.sender, self.map.node(step.sender))))
            self.arrive(number, layout.CODE_FIRST)
        self.done = number

    def local_of(self, number: int) -> VGroup:
        """Return the glyphs of a line that stand for the local derivative, the values in it included."""
        parts = (Partial, Quantity)
        return VGroup(*(glyph for kind in parts for glyph in self.backward.parts_of(number, kind)))

    def read_what_was_kept(self) -> None:
        """The first line that needs a value takes it from where it was kept."""
        reader = next((n for n, line in enumerate(self.code.backward) if n and line.reads), 0)
        if not reader:
            return
        with self.beat("reads", node=self.code.backward[reader].reads[0]):
            self.carry_up_to(reader)
            for symbol in self.code.backward[reader].reads:
                self.read(symbol, reader)

    def read(self, symbol: Symbol, reader: int) -> None:
        """Let a value flow from the line that computed it, or from its input, into the line that reads it."""
        parts = enumerate(self.code.backward[reader].parts)
        places = [place for place, part in parts if place and part.term == Quantity(symbol)]
        used = [self.backward.part(reader, place) for place in places]
        ring, origin = self.map.ring(symbol, Role.VALUE), self.map.where(symbol)
        shown = VGroup(ring)
        if line := self.line_of(symbol):
            number = self.forward.number_of(line)
            if scrolled := self.forward.scroll(number):
                self.play(*scrolled)
            shown.add(self.forward.band(number, Role.VALUE))
            origin = self.forward.parts_of(number, Quantity, left=True)
        self.play(FadeIn(shown), *(moves.flash(value) for value in self.value_of(symbol)))
        flows = [FadeOut(origin.copy(), target_position=place) for place in used]
        self.play(*flows, *(moves.flash(place) for place in used), run_time=1.2)
        self.active.add(shown)

    def value_of(self, symbol: Symbol) -> list[VGroup]:
        """Return the number above a node, where numbers are shown."""
        return [self.values[symbol]] if symbol in self.values else []

    def line_of(self, symbol: Symbol) -> CodeLine | None:
        """Return the line that computes a value, None for an input."""
        return next((line for line in self.code.forward if line.sets == symbol), None)

    def back(self) -> None:
        """Carry the derivative back, up to the first node that it reaches twice."""
        last = self.first_sum - 1 if self.first_sum else len(self.steps)
        if last <= self.done:
            return
        with self.beat("back", "rest" if last == len(self.steps) else ""):
            self.carry_up_to(last)

    @property
    def first_sum(self) -> int:
        """The first line that adds to what is there, 0 where none does."""
        return next((n for n, line in enumerate(self.code.backward) if line.adds and n > self.done), 0)

    def at_the_fork(self) -> None:
        """What reaches a node a second time is added."""
        if not (number := self.first_sum):
            return
        with self.beat("fork", node=self.code.backward[number].sets):
            self.carry(number, layout.CODE_FIRST)
            ring = self.map.ring(self.code.backward[number].sets)
            self.play(Create(ring))
            self.active.add(ring)
            self.done = number

    def rest(self) -> None:
        """Carry the derivative over all edges that are left."""
        if self.done == len(self.steps):
            return
        with self.beat("rest"):
            self.carry_up_to(len(self.steps))

    def carry_up_to(self, last: int) -> None:
        """Carry the derivative over edges, a line each, faster where there are many."""
        run_time = self.pace_of(self.code.backward[1:])
        for number in range(self.done + 1, last + 1):
            self.carry(number, run_time)
        self.done = max(last, self.done)

    def carry(self, number: int, run_time: float) -> None:
        """Light an edge; its line comes from there, and the derivative goes to the node that it reaches."""
        lit = self.light_edge(number, self.backward.scroll(number), run_time)
        self.play(moves.fly(self.backward.ready(number), lit, run_time))
        self.arrive(number, run_time)

    def light_edge(self, number: int, scrolled: Sequence[Animation], run_time: float) -> VGroup:
        """Light the edge of a line from its gate back, and whatever the line reads."""
        line = self.code.backward[number]
        lit = VGroup(self.map.lit(line.edges[0], Role.GRADIENT, backwards=True))
        read = [self.map.ring(symbol, Role.VALUE) for symbol in line.reads]
        kept = [self.forward.number_of(found) for symbol in line.reads if (found := self.line_of(symbol))]
        bands = [self.forward.band(n, Role.VALUE) for n in kept if self.forward.shows(n)]
        self.activate(scrolled, VGroup(self.map.ring(line.gate), *read, *bands), run_time, lit)
        return lit

    def arrive(self, number: int, run_time: float) -> None:
        """Let the derivative that a line has found so far stand below its node."""
        band = self.backward.band(number, Role.TARGET)
        self.active.add(band)
        shown: list[Animation] = [FadeIn(band)]
        if self.settings.numbers:
            step, target = self.steps[number - 1], self.backward.parts_of(number, Derivative, left=True)
            if (old := self.derivatives.get(step.receiver)) is not None:
                shown.append(FadeOut(old))
            shown.append(self.derivative_arrives(step.receiver, step.total, target))
        self.play(*shown, run_time=run_time)

    def say_what_was_done(self) -> None:
        """Ring the inputs: all their derivatives are found."""
        rings = [self.map.ring(symbol, Role.TARGET) for symbol in self.graph.inputs]
        variant = "" if self.steps else "constant"
        forward, backward = len(self.code.forward), len(self.code.backward)
        with self.beat("done", variant, f=self.output, before=forward, after=backward):
            self.activate([], VGroup(*rings), layout.CODE_FIRST)
            if found := [self.derivatives[s] for s in self.graph.inputs if s in self.derivatives]:
                self.play(*(moves.flash(number) for number in found))

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

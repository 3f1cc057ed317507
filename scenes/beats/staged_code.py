"""The backward lines of a program light up in step with the reverse sweep through its graph."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from manim import Animation, Create, FadeIn, FadeOut, VGroup

from bpmath.activations import STEP
from bpmath.algebra import Derivative, Partial, Quantity
from bpmath.code import CodeLine
from bpmath.symbols import Symbol
from scenes.beats.staged_forward import StagedForwardBeats
from scenes.stage import layout, moves
from scenes.stage.theme import Role


class StagedCodeBeats(StagedForwardBeats):
    """The beats of `StagedBackpropagation` in which the derivatives come back."""

    # -- backward ---------------------------------------------------------------------------------

    def start(self) -> None:
        """Write that the derivative of the output by itself is 1."""
        one = self.trace.reverse().derivative[self.output]
        with self.beat("start", f=self.output, one=one):
            aside = self.forward.move_into(self.plan.forward) if self.plan.forward != self.plan.alone else []
            written = self.backward.ready(0)
            band = self.backward.band(0, Role.TARGET)
            self.activate(aside, VGroup(self.map.ring(self.output), band), layout.CODE_FIRST)
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
        shown, kept = VGroup(), VGroup(self.map.node(symbol).label)
        if line := self.line_of(symbol):
            number = self.forward.number_of(line)
            if not self.forward.shows(number):
                self.play(*self.forward.scroll(number))
                shown.add(self.forward.band(number, Role.VALUE))
            kept = self.forward.parts_of(number, Quantity, left=True)
        seen = [moves.flash(thing) for thing in [kept, *self.value_of(symbol)]]
        self.play(FadeIn(shown), *seen)
        flows = [FadeOut(kept.copy(), target_position=place) for place in used]
        self.play(*flows, *(moves.flash(place) for place in used), run_time=1.2)
        self.active.add(shown)

    def value_of(self, symbol: Symbol) -> list[VGroup]:
        """Return the number above a node, where numbers are shown."""
        return [self.values[symbol]] if symbol in self.values else []

    def line_of(self, symbol: Symbol) -> CodeLine | None:
        """Return the line that computes a value, None for an input."""
        return next((line for line in self.code.forward if line.sets == symbol), None)

    def back(self) -> None:
        """Carry the derivative back, up to the first line of which there is something to say."""
        last = min((number - 1 for number, _ in self.remarks), default=len(self.steps))
        if last <= self.done:
            return
        with self.beat("back", "rest" if last == len(self.steps) else ""):
            self.carry_up_to(last)

    @property
    def remarks(self) -> list[tuple[int, Callable[[int], None]]]:
        """The lines that need a word, the earliest first: one that chooses, and one that adds."""
        lines = self.code.backward
        chooses = next((n for n, line in enumerate(lines) if any(p.text == STEP.name for p in line.parts)), 0)
        adds = next((n for n, line in enumerate(lines) if line.adds and n > self.done), 0)
        found = [(chooses, self.at_the_choice), (adds, self.at_the_fork)]
        return sorted((number, say) for number, say in found if number)

    def remarkable(self) -> None:
        """Carry the derivative on, and say what is new at some of the lines."""
        for number, say in self.remarks:
            say(number)

    def at_the_choice(self, number: int) -> None:
        """A gate that chooses lets the derivative through, or not."""
        with self.beat("choice", step=STEP.name):
            self.carry_up_to(number)
            gate = self.map.node(self.code.backward[number].gate)
            self.play(moves.flash(self.local_of(number)), moves.flash(gate), run_time=1.4)

    def at_the_fork(self, number: int) -> None:
        """What reaches a node a second time is added."""
        with self.beat("fork", node=self.code.backward[number].sets):
            self.carry_up_to(number - 1)
            if number > self.done:
                self.carry(number, layout.CODE_FIRST)
                self.done = number
            ring = self.map.ring(self.code.backward[number].sets)
            self.play(Create(ring))
            self.active.add(ring)

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

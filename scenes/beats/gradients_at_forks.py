"""A quantity that is used twice: what comes back along its wires adds up, and must not be overwritten."""

from __future__ import annotations

from dataclasses import dataclass

from manim import DL, RIGHT, UP, UR, Create, FadeIn, FadeOut, LaggedStart, Line, VGroup, VMobject

from bpmath.differences import agrees, central_difference
from bpmath.forks import Fork, clearest, forks, gathered
from bpmath.sweeps import Step
from bpmath.symbols import Symbol
from scenes.beats.circuit import CircuitLesson, chain_rule_roles
from scenes.stage import layout, moves
from scenes.stage.formula import number_mobject
from scenes.stage.map_pen import RINGS
from scenes.stage.theme import Role
from scenes.stage.typeset import Typeset, on_baseline, set_text
from scenes.stage.worked_line import WorkedLine


@dataclass(frozen=True)
class Found:
    """A number for the derivative, and in words how it was found."""

    head: Typeset
    number: Typeset

    @property
    def whole(self) -> VGroup:
        """Both, side by side."""
        return VGroup(self.head, self.number)


class GradientsAtForksBeats(CircuitLesson):
    """The beats of a fork; of an input with one use where the expression has no fork."""

    fork: Fork
    line: WorkedLine
    found_ways: list[Found]

    def prepare(self) -> None:
        """Find the fork, and measure its derivative by nudging."""
        single = self.graph.inputs[0]
        steps = tuple(step for step in self.trace.reverse().steps if step.receiver == single)
        self.fork = clearest(forks(self.trace)) or Fork(single, steps)
        self.difference = central_difference(self.trace, self.fork.symbol)

    @property
    def case(self) -> str:
        """Which sentences are true: no fork, a fork at which overwriting does no harm, or neither."""
        if len(self.fork.steps) == 1:
            return "none"
        return "same" if agrees(self.fork.overwritten, self.fork.total) else ""

    @property
    def used(self) -> str:
        """The variant for what is used once only."""
        return "none" if self.case == "none" else ""

    def expression(self) -> None:
        """Let the circuit grow, and light the wires of the fork."""
        fork = self.fork
        with self.beat("expression", self.used, fork=fork.symbol, count=len(fork.steps)):
            self.show_expression()
            lit = [self.map.lit(step.edge, Role.TARGET) for step in fork.steps]
            self.mark(self.map.ring(fork.symbol), *lit, run_time=1.2)

    def sweep(self) -> None:
        """Run both sweeps up to the fork."""
        with self.beat("sweep", self.symbolic, fork=self.fork.symbol):
            self.unmark()
            self.run_through()
            until = self.backwards.index(self.fork.symbol)
            self.play(self.derivative_arrives(self.output, self.found(self.output)))
            self.derivatives_at_once(self.backwards[1:until])

    def add_up(self) -> None:
        """Let one contribution after the other arrive; each is added to what stands there."""
        with self.beat("add", self.used, fork=self.fork.symbol, count=len(self.fork.steps)):
            self.clear_board()
            equation = gathered(self.trace, self.fork)
            options = {"spacious": False, "roles_at": chain_rule_roles(equation)}
            symbols = self.on_board(equation, **options)
            self.line = WorkedLine(symbols, self.formula, self.zone, self.settings.numbers, Role.GRADIENT)
            self.mark(self.map.ring(self.fork.symbol))
            left = VGroup(*symbols.at((0,)), *symbols.equals)
            self.play(moves.fly(left, self.map.node(self.fork.symbol)))
            for count, step in enumerate(self.fork.steps):
                self.receive(count, step, layout.AGAIN**count)
            self.written = self.line
            self.work_out()
            self.new_fractions(len(self.fork.steps))

    def receive(self, count: int, step: Step, pace: float) -> None:
        """Let one contribution come back along its wire, into the equation and below the fork."""
        lit = self.map.lit(step.edge, Role.GRADIENT, backwards=True)
        self.play(Create(lit), run_time=0.7 * pace)
        self.marks.add(lit)
        term = self.term(count)
        if len(term):
            self.play(moves.fly(term, lit), run_time=pace)
        self.stand_below(step.total, lit, pace)
        self.wait(0.4 * pace)

    def term(self, count: int) -> VGroup:
        """Return the glyphs of a contribution, with the plus sign before it."""
        symbols = self.line.symbols
        if self.case == "none":
            return symbols.at((1,))
        place, last = (1, count), len(self.fork.steps) - 1
        glyphs = [*symbols.sign((1,), f"plus {count}"), *symbols.at(place)]
        if count == last and symbols.is_elided:
            glyphs = [*symbols.sign((1,), "plus ellipsis"), *symbols.sign((1,), "ellipsis"), *glyphs]
        return VGroup(*glyphs)

    def stand_below(self, number: float, origin: VMobject, pace: float = 1) -> None:
        """Let a number stand below the fork in the place of what stood there."""
        if not self.settings.numbers:
            return
        old = self.derivatives.get(self.fork.symbol)
        new = self.map.derivative(self.fork.symbol, number)
        leaving = [FadeOut(old)] if old is not None else []
        self.play(*leaving, moves.fly(new, origin), run_time=pace)
        self.derivatives[self.fork.symbol] = new

    def overwrite(self) -> None:
        """Show what would be left if each contribution took the place of the one before."""
        with self.beat("overwrite", self.case, fork=self.fork.symbol):
            *lost, last = self.marks.submobjects[1:]
            away = VGroup(*lost)
            if lost:
                self.play(FadeOut(away), run_time=0.8)
                self.marks.remove(*lost)
            if self.settings.numbers:
                if lost:
                    self.stand_below(self.fork.overwritten, last)
                self.compare()
            elif lost:
                self.play(FadeOut(self.lost_terms()))

    def lost_terms(self) -> VGroup:
        """Return all of the equation but its last term, for what is left does not equal the derivative."""
        symbols = self.line.symbols
        last = {id(glyph) for glyph in symbols.at((1, len(self.fork.steps) - 1))}
        return VGroup(*(glyph for glyph in symbols.glyphs if id(glyph) not in last))

    def compare(self) -> None:
        """Set the ways to find the derivative side by side on the board: added, overwritten, measured."""
        self.clear_board()
        self.found_ways = [self.way("added", self.fork.total, Role.GRADIENT)]
        if self.case != "none":
            self.found_ways.append(self.way("overwritten", self.fork.overwritten, Role.GRADIENT))
        self.found_ways.append(self.way("measured", self.difference, Role.VALUE))
        row = VGroup(*(way.whole for way in self.found_ways)).arrange(RIGHT, buff=layout.COLUMN_GAP)
        row.scale(min(1, self.zone.width / row.width)).move_to(self.zone.centre)
        for way in self.found_ways[1:]:
            way.whole.shift(UP * (self.found_ways[0].number.get_bottom()[1] - way.number.get_bottom()[1]))
        node = self.map.node(self.fork.symbol)
        for way in self.found_ways[:-1]:
            self.play(FadeIn(way.head), moves.fly(way.number, node))

    def way(self, name: str, number: float, role: Role) -> Found:
        """Return a number and in words how it was found."""
        quiet = self.theme[Role.QUIET]
        head = set_text(self.words(f"way.{name}").markup, layout.CAPTION_SIZE, quiet, self.fonts)
        made = number_mobject(number, self.theme[role], layout.MAIN_SIZE)
        VGroup(head, made).arrange(RIGHT, buff=layout.NUMBER_GAP)
        return Found(on_baseline(head, made.get_bottom()[1]), made)

    def check(self) -> None:
        """Nudge the fork: the output moves as the sum says."""
        variant = self.case if agrees(self.fork.total, self.difference) else "kink"
        if not self.settings.numbers:
            variant = "symbols"
        with self.beat("check", variant, fork=self.fork.symbol, output=self.output):
            self.mark(self.map.ring(self.fork.symbol))
            self.nudge(self.fork.symbol)
            if not self.settings.numbers:
                if self.case != "none":
                    self.play(FadeIn(self.lost_terms()))
                return
            measured = self.found_ways[-1]
            node = self.map.node(self.output)
            self.play(FadeIn(measured.head), moves.fly(measured.number, node))
            if variant == "":
                self.strike(self.found_ways[1].number)
            if self.case != "none":
                self.stand_below(self.fork.total, self.found_ways[0].number)

    def nudge(self, symbol: Symbol) -> None:
        """Let a change of a node spread along all its wires to the output."""
        reached, steps = {symbol}, []
        for node, edges in zip(self.graph.nodes, self.graph.edges, strict=True):
            lines = [self.map.line(edge) for edge in edges if edge.source in reached]
            if lines:
                reached.add(node.symbol)
                steps.append(moves.pulse(lines, self.theme[Role.TARGET]))
        run_time = min(layout.CIRCUIT_MOST, layout.CIRCUIT_FIRST + layout.CIRCUIT_STEP * len(steps))
        self.play(LaggedStart(*steps, lag_ratio=0.5, run_time=run_time))

    def strike(self, number: Typeset) -> None:
        """Strike a number out."""
        line = Line(number.get_corner(DL), number.get_corner(UR), stroke_width=layout.LIT_STROKE)
        line.set_color(self.theme[Role.INK]).scale(layout.FLASH_SCALE).set_z_index(RINGS)
        self.play(Create(line))

    def close(self) -> None:
        """Let the other derivatives follow, and say the rule."""
        with self.beat("rule", self.used, output=self.output):
            self.unmark()
            until = self.backwards.index(self.fork.symbol)
            self.derivatives_at_once(self.backwards[until + 1 :])
            found = forks(self.trace)
            rings = [self.map.ring(fork.symbol) for fork in found] or [self.map.ring(self.output)]
            edges = [step.edge for fork in found for step in fork.steps]
            lit = [self.map.lit(edge, Role.GRADIENT, backwards=True) for edge in edges]
            self.mark(*lit, *rings, run_time=1.6)

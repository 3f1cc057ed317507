"""The beats of `ExpressionGraph`: an expression is taken apart into gates, and values run through them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from manim import (
    Animation,
    AnimationGroup,
    FadeIn,
    FadeOut,
    GrowFromCenter,
    LaggedStart,
    Succession,
    VGroup,
)

from bpmath.algebra import Expression, Quantity
from bpmath.arithmetic import added, valued
from bpmath.equations import Equation
from bpmath.rewrites import Rewrite
from bpmath.symbols import Symbol
from bpmath.trees import at
from scenes.stage import layout, moves
from scenes.stage.formula import Formula
from scenes.stage.graph_equations import naming, whole
from scenes.stage.graph_lesson import GraphLesson
from scenes.stage.rewriting import follow
from scenes.stage.theme import Role


class ExpressionGraphBeats(GraphLesson):
    """An expression, on the board, becomes gates on the map; then the map computes it."""

    def prepare(self) -> None:
        """Tell the inner gates, which get names, from the output, which has one."""
        self.inner = [gate for gate in self.gates if gate != self.graph.output]
        self.named: list[Symbol] = []
        self.board: VGroup = VGroup()
        self.written = self.in_the_middle(whole(self.trace))

    def in_the_middle(self, equation: Equation) -> Formula:
        """Return an equation as the subject of the whole frame."""
        for spacious in (True, False):
            formula = self.formula(equation, layout.MOST_SUBJECT, spacious=spacious)
            share = layout.SUBJECT_WIDTH / formula.width
            if share >= 1:
                break
        return formula.scale(min(1, share)).move_to(layout.WHOLE_BOARD.centre)

    # -- the graph ----------------------------------------------------------------------------------

    def write(self) -> None:
        """Write the expression."""
        with self.beat("expression", E=self.graph.output):
            self.play(FadeIn(self.title(E=self.graph.output)), FadeIn(self.written))

    def make_inputs(self) -> None:
        """Let every letter become one node, however often it stands."""
        uses = Counter(written.term.symbol for written in self.written.written(Quantity))
        often = [symbol for symbol in self.graph.inputs if uses[symbol] > 1]
        shown = often[0] if often else self.graph.inputs[0]
        with self.beat("inputs", "often" if often else "", x=shown, count=uses[shown]):
            small = self.on_board(self.written.equation)
            self.play(moves.rewrite(self.written, small))
            self.written = small
            nodes = [self.map.node(symbol) for symbol in self.graph.inputs]
            circles = [GrowFromCenter(node.circle) for node in nodes]
            letters = [self.letter_arrives(symbol) for symbol in self.graph.inputs]
            self.play(LaggedStart(*circles, lag_ratio=0.3), LaggedStart(*letters, lag_ratio=0.3), run_time=2)
            self.add(*nodes)

    def letter_arrives(self, symbol: Symbol) -> Animation:
        """Return an input's name leaving all its places in the expression for its node."""
        label = self.map.where(symbol)
        assert isinstance(label, Formula)
        places = [w.position for w in self.written.written(Quantity) if w.term.symbol == symbol]
        first, *others = [self.written.at(place) for place in places]
        gone = [FadeOut(other.copy(), target_position=label) for other in others]
        return AnimationGroup(moves.copy_to(first, VGroup(*label.glyphs)), *gone)

    def make_gates(self) -> None:
        """Take the inner gates out of the expression: one slowly, one faster, the rest at once."""
        for number, name in enumerate(("first", "second")):
            if len(self.inner) > number:
                gate = self.inner[number]
                inside = at(self.naming([gate]).before, self.place_of(gate))
                assert isinstance(inside, Expression)
                with self.beat(name, gate=gate, inside=inside):
                    self.make_gate(gate, run_time=1.4 if number == 0 else 0.9)
        rest = self.inner[2:]
        if rest:
            with self.beat("rest", count=len(rest)):
                self.make_gates_at_once(rest)

    def naming(self, gates: Sequence[Symbol]) -> Rewrite:
        """Return the rewrite that names some gates in the expression on the board."""
        return naming(self.trace, self.named, gates)

    def place_of(self, gate: Symbol) -> tuple[int, ...]:
        """Return where a gate stands in the expression on the board."""
        rewrite = self.naming([gate])
        named = self.formula(rewrite.after)
        return named.position(gate)

    def make_gate(self, gate: Symbol, run_time: float) -> None:
        """Light up a part of the expression, let its gate grow, and put the name of the gate in its place."""
        part = self.written.at(self.place_of(gate))
        self.play(part.animate.set_fill(self.theme[Role.TARGET]), run_time=run_time / 2)
        leaving = FadeOut(part.copy(), target_position=self.map.node(gate), scale=layout.SEED_SCALE)
        self.play(Succession(leaving, self.grow([gate]), run_time=2 * run_time))
        self.put_names([gate], run_time)

    def put_names(self, gates: Sequence[Symbol], run_time: float) -> None:
        """Put the names of gates into the expression, and below the gates."""
        rewrite = self.naming(gates)
        new = self.after(rewrite, self.written)
        names = [FadeIn(self.map_name(gate)) for gate in gates]
        self.play(follow(rewrite, self.written, new, run_time), *names)
        self.written = new
        self.named += gates

    def map_name(self, gate: Symbol) -> Formula:
        """Return the name of a gate, below it."""
        name = self.name(gate)
        assert isinstance(name, Formula)
        return name

    def make_gates_at_once(self, gates: Sequence[Symbol]) -> None:
        """Let gates grow one after the other, quickly; then the expression takes all their names."""
        steps = [self.grow([gate]) for gate in gates]
        self.play(LaggedStart(*steps, lag_ratio=0.4, run_time=min(layout.GATES_MOST, len(gates))))
        self.put_names(gates, run_time=1.4)

    def make_output(self) -> None:
        """The last gate computes the expression itself."""
        output = self.graph.output
        with self.beat("output", "" if self.inner else "only", E=output):
            self.play(self.written.animate.set_fill(self.theme[Role.TARGET]), run_time=0.5)
            self.play(self.grow([output]))
            name = self.map_name(output)
            back = self.on_board(self.written.equation)
            self.play(
                moves.copy_to(self.written.at((0,)), VGroup(*name.glyphs)),
                moves.rewrite(self.written, back),
            )
            self.written = back
            self.add(self.map)

    # -- values ---------------------------------------------------------------------------------------

    def run_forward(self) -> None:
        """Give the inputs their values and let them run through the gates."""
        if not self.settings.numbers:
            with self.beat("order"):
                self.pulse_forward()
            return
        with self.beat("values", count=len(self.graph.inputs)):
            arrivals = [self.value_arrives(symbol) for symbol in self.graph.inputs]
            self.play(LaggedStart(*arrivals, lag_ratio=0.3), run_time=1.5)
        first = self.gates[0]
        with self.beat("forward", gate=first, value=self.trace[first]):
            self.work_out(first, run_time=1.4)
        if self.inner:
            with self.beat("onward", E=self.graph.output, value=self.trace[self.graph.output]):
                self.run_through(self.inner[1:])
                self.work_out(self.graph.output, run_time=1.0)

    def pulse_forward(self) -> None:
        """Let light run into every gate, in the order in which they are computed."""
        pulses = [self.pulse_into(gate) for gate in self.gates]
        seconds = min(layout.GATES_MOST, len(pulses))
        self.play(LaggedStart(*pulses, lag_ratio=0.5, run_time=seconds))

    def pulse_into(self, gate: Symbol) -> Animation:
        """Return light running along the edges that enter a gate."""
        lines = [self.map.line(edge) for edge in self.graph.edges_into(gate)]
        return moves.pulse(lines, self.theme[Role.VALUE])

    def work_out(self, gate: Symbol, run_time: float) -> None:
        """Write what a gate computes, put the values in, and let the result fly to the gate."""
        equation = self.definition(gate)
        new = self.on_board(equation)
        ring = self.map.ring(gate)
        self.play(
            FadeOut(self.board, self.written, run_time=run_time / 2), FadeIn(ring, run_time=run_time / 2)
        )
        self.play(*moves.from_map(self.map, new), self.pulse_into(gate))
        self.board = VGroup(new)
        worked = self.evaluate_beside(new, run_time)
        self.play(self.value_arrives(gate, worked.at((1,))), FadeOut(ring))

    def evaluate_beside(self, old: Formula, run_time: float) -> Formula:
        """Let numbers take the places of symbols in a second copy of an equation; return its value."""
        twin, still = self.on_board(old.equation), self.on_board(old.equation)
        numbers = valued(old.equation)
        result = added(numbers.equation)
        first = self.after(numbers, twin)
        if self.side_by_side(still, first):
            flights = self.values_fly(numbers, first)
            self.play(moves.rewrite(old, still), follow(numbers, twin, first, run_time), *flights)
            last, beside = self.after(result, first), self.on_board(old.equation)
            self.side_by_side(beside, last)
            self.play(moves.rewrite(still, beside), follow(result, first, last, run_time))
            self.board = VGroup(beside, last)
        else:
            self.play(follow(numbers, old, first, run_time), *self.values_fly(numbers, first))
            last = self.after(result, first)
            self.play(follow(result, first, last, run_time))
            self.board = VGroup(last)
        return last

    def values_fly(self, numbers: Rewrite, new: Formula) -> list[Animation]:
        """Return the values leaving their nodes for the places of their symbols."""
        flights: list[Animation] = []
        for origin in numbers.correspondence:
            term = at(numbers.before, origin.before[0])
            if isinstance(term, Quantity) and origin.after[0] == 1 and term.symbol in self.values:
                copy = self.values[term.symbol].copy()
                flights.append(FadeOut(copy, target_position=new.at(origin.after)))
        return flights

    def run_through(self, gates: Sequence[Symbol]) -> None:
        """Let values run through gates, one after the other, quickly."""
        if gates:
            steps = [Succession(self.pulse_into(gate), self.value_arrives(gate)) for gate in gates]
            self.play(LaggedStart(*steps, lag_ratio=0.5), run_time=min(layout.GATES_MOST, 2 * len(gates)))

    def compare(self) -> None:
        """Write the whole expression once more, and its value."""
        output, equation = self.graph.output, whole(self.trace)
        variant = "" if self.settings.numbers else "symbols"
        with self.beat("whole", variant, E=output, value=self.trace[output], count=len(self.gates)):
            new = self.on_board(equation)
            self.play(FadeOut(self.board, self.written), FadeIn(new))
            if self.settings.numbers:
                self.wait(0.5)
                self.evaluate_beside(new, run_time=1.4)
            self.play(FadeIn(self.map.ring(output)))

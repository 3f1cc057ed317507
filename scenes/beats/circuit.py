"""What lessons about circuits share: values run forward above the gates, derivatives backward below them.

The first gates are worked out on the board, the next ones faster, the rest at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from manim import (
    Animation,
    Create,
    FadeIn,
    FadeOut,
    LaggedStart,
    Mobject,
    Succession,
    VGroup,
    VMobject,
)

from bpmath.algebra import Derivative, Number, Partial, Product, Quantity, Sum
from bpmath.chain_rule import received, written_out
from bpmath.equations import Equation
from bpmath.symbols import Symbol
from bpmath.trace import Trace
from bpmath.trees import parts
from scenes.stage import layout, moves
from scenes.stage.formula import Formula
from scenes.stage.graph_lesson import GraphLesson
from scenes.stage.map_pen import EdgeLabel
from scenes.stage.theme import Role
from scenes.stage.worked_line import WorkedLine


class CircuitLesson(GraphLesson):
    """A lesson in which a circuit computes forward and backward; `written` is what stands on the board."""

    written: WorkedLine | None = None

    def setup(self) -> None:
        """Prepare the names of what the gates compute, for the wires that lead on from them."""
        super().setup()
        # Where a lesson goes over to another circuit, or to other inputs, it adds what it computes there.
        self.traces: list[Trace] = [self.trace]
        self.names: dict[Symbol, EdgeLabel] = self.names_on_wires()
        self.marks = VGroup()

    @property
    def output(self) -> Symbol:
        """What the circuit computes."""
        return self.graph.output

    @property
    def backwards(self) -> list[Symbol]:
        """The nodes in the order in which their derivatives are known, the output first."""
        return [node.symbol for node in reversed(self.graph.nodes)]

    # -- the board --------------------------------------------------------------------------------

    def put(self, equation: Equation, run_time: float = moves.FLIGHT, **options: Any) -> None:
        """Write an equation on the board: each of its terms leaves the map where it is found."""
        self.clear_board(run_time)
        symbols = self.on_board(equation, spacious=False, **options)
        role = Role.VALUE if isinstance(equation.lhs, Quantity) else Role.GRADIENT
        self.written = WorkedLine(symbols, self.formula, self.zone, self.settings.numbers, role)
        self.play(*self.arrivals(symbols, run_time))

    def clear_board(self, run_time: float = 1.0) -> None:
        """Let go what stands on the board."""
        if self.written is not None:
            self.play(FadeOut(self.written), run_time=0.4 * run_time)
        self.written = None

    def arrivals(self, formula: Formula, run_time: float) -> list[Animation]:
        """Return how the terms of a formula come from the map, and its signs with them."""
        flights: list[Animation] = []
        arrived: set[int] = set()
        for leaf in formula.leaves():
            glyphs, origin = formula.at(leaf.position), self.origin(leaf.term, leaf.position)
            if origin is not None:
                flights.append(moves.fly(glyphs, origin, run_time))
                arrived |= {id(glyph) for glyph in glyphs}
        rest = VGroup(*(glyph for glyph in formula.glyphs if id(glyph) not in arrived))
        return [*flights, FadeIn(rest, run_time=run_time)]

    def origin(self, term: object, position: Sequence[int]) -> Mobject | None:
        """Return where a term is seen on the map: a name, a wire, a number, or a node."""
        match term:
            case Quantity(symbol=symbol) if self.map.shows(symbol):
                return self.map.where(symbol)
            case Partial():
                return self.map.line_of(term)
            case Derivative(wrt=wrt) if self.map.shows(wrt):
                return self.derivatives.get(wrt) or self.map.node(wrt)
        return None

    def work_out(self, pace: float = 1) -> None:
        """Work out the equation on the board: values for symbols, then the result."""
        assert self.written is not None
        time = layout.CIRCUIT_FIRST * pace
        for arrival in (self.written.values_arrive(time), self.written.result_arrives(time)):
            if arrival is not None:
                self.play(arrival)
                self.wait(0.3 * pace)

    @property
    def answer(self) -> VGroup:
        """The result of what stands on the board."""
        assert self.written is not None
        return self.written.answer

    def mark(self, *marks: VMobject, run_time: float = 0.5) -> None:
        """Light what the board is about; what was lit before goes."""
        self.unmark()
        self.marks = VGroup(*marks)
        self.play(LaggedStart(*map(Create, marks), lag_ratio=0.4), run_time=run_time)

    def unmark(self) -> None:
        """Let what is lit go."""
        if len(self.marks):
            self.play(FadeOut(self.marks), run_time=0.3)
        self.marks = VGroup()

    # -- the circuit -----------------------------------------------------------------------------

    def show_expression(self) -> None:
        """Write the expression, and let its circuit grow below it."""
        whole = Equation(Quantity(self.output), written_out(self.graph), self.trace)
        self.play(FadeIn(self.title()))
        self.written = WorkedLine(self.on_board(whole), self.formula, self.zone, False, Role.VALUE)
        self.play(FadeIn(self.written))
        inputs = list(self.graph.inputs)
        self.play(self.grow_from_board(inputs))
        pace = min(1, layout.CIRCUIT_GROWS / len(self.gates))
        for gate in self.gates:
            self.play(self.grow([gate], run_time=pace))
        if self.names:
            self.play(LaggedStart(*map(FadeIn, self.names.values()), lag_ratio=0.1), run_time=0.8)

    def grow_from_board(self, inputs: Sequence[Symbol]) -> Animation:
        """Return the inputs leaving the expression for the map."""
        assert self.written is not None
        formula, flights = self.written.symbols, []
        for symbol in inputs:
            found = [leaf for leaf in formula.leaves() if leaf.term == Quantity(symbol)]
            origin = formula.at(found[0].position) if found else formula
            flights.append(moves.fly(VGroup(*self.map.node(symbol).submobjects), origin))
        return LaggedStart(*flights, lag_ratio=0.2, run_time=1.4)

    def value_arrives(self, symbol: Symbol, origin: VGroup | None = None) -> Animation:
        """Return the value of a node appearing above it; a sign of life where numbers are not shown."""
        if not self.settings.numbers:
            return moves.flash(self.map.node(symbol))
        return super().value_arrives(symbol, origin)

    def derivative_arrives(self, symbol: Symbol, found: float, origin: VGroup | None = None) -> Animation:
        """Return a derivative appearing below its node; a sign of life where numbers are not shown."""
        if not self.settings.numbers:
            return moves.flash(self.map.node(symbol))
        return super().derivative_arrives(symbol, found, origin)

    # -- forward ----------------------------------------------------------------------------------

    def run_forward(self, slowly: int = 2) -> None:
        """Let values arrive: those of the inputs, then gate by gate, the first ones worked out."""
        self.clear_board()
        inputs = [self.value_arrives(symbol) for symbol in self.graph.inputs]
        self.play(LaggedStart(*inputs, lag_ratio=0.3, run_time=1.2))
        for count, gate in enumerate(self.gates[:slowly]):
            self.compute(gate, pace=1 if count == 0 else layout.AGAIN)
        self.at_once([self.value_after(gate) for gate in self.gates[slowly:]])

    def compute(self, gate: Symbol, pace: float) -> None:
        """Work out one gate on the board, its value flies to its place."""
        self.mark(self.map.ring(gate), run_time=0.4 * pace)
        self.put(self.definition(gate), moves.FLIGHT * pace)
        self.work_out(pace)
        self.play(self.value_arrives(gate, self.answer))

    def value_after(self, gate: Symbol) -> Animation:
        """Return light running into a gate, and its value."""
        lines = [self.map.line(edge) for edge in self.graph.edges_into(gate)]
        return Succession(moves.pulse(lines, self.theme[Role.VALUE], run_time=0.6), self.value_arrives(gate))

    def at_once(self, steps: Sequence[Animation]) -> None:
        """Play many steps one shortly after the other, faster the more there are."""
        if steps:
            self.unmark()
            run_time = min(layout.CIRCUIT_MOST, layout.CIRCUIT_FIRST + layout.CIRCUIT_STEP * len(steps))
            self.play(LaggedStart(*steps, lag_ratio=0.4, run_time=run_time))

    # -- backward ---------------------------------------------------------------------------------

    def received(self, symbol: Symbol) -> Equation:
        """Return what arrives at a node times the local derivative, added over the wires that leave it."""
        return received(self.trace, symbol)

    def put_received(self, symbol: Symbol, run_time: float = moves.FLIGHT) -> None:
        """Write the chain rule at a node on the board: what arrives in red, local derivatives in blue."""
        equation = self.received(symbol)
        self.put(equation, run_time, roles_at=chain_rule_roles(equation))

    def seed(self, run_time: float = moves.FLIGHT) -> None:
        """Write the derivative of the output with respect to itself below it."""
        self.mark(self.map.ring(self.output))
        self.put_received(self.output, run_time)
        found = self.trace.reverse().derivative[self.output]
        self.play(self.derivative_arrives(self.output, found, self.answer))

    def send_back(self, symbol: Symbol, pace: float) -> None:
        """Work out the derivative at one node on the board; it flies to its place."""
        lit = [self.map.lit(e, Role.GRADIENT, backwards=True) for e in self.graph.edges_from(symbol)]
        self.mark(*lit, self.map.ring(symbol), run_time=0.8 * pace)
        self.put_received(symbol, moves.FLIGHT * pace)
        self.work_out(pace)
        self.play(self.derivative_arrives(symbol, self.found(symbol), self.answer))

    def found(self, symbol: Symbol) -> float:
        """Return the derivative of the output with respect to a node."""
        return self.trace.reverse().derivative[symbol]

    def derivatives_at_once(self, symbols: Iterable[Symbol]) -> None:
        """Let light run back along the wires, and derivatives appear where it has been."""
        steps = []
        for symbol in symbols:
            lines: list[VMobject] = [self.map.line(e).backwards() for e in self.graph.edges_from(symbol)]
            light = moves.pulse(lines, self.theme[Role.GRADIENT], run_time=0.6)
            steps.append(Succession(light, self.derivative_arrives(symbol, self.found(symbol))))
        self.at_once(steps)

    def run_through(self) -> None:
        """Let all values and all derivatives arrive at once, where both sweeps are known already."""
        inputs = [self.value_arrives(symbol) for symbol in self.graph.inputs]
        self.at_once([*inputs, *(self.value_after(gate) for gate in self.gates)])

    def run_back(self) -> None:
        """Let all derivatives arrive, the output's first."""
        self.play(self.derivative_arrives(self.output, self.found(self.output)))
        self.derivatives_at_once(self.backwards[1:])

    # -- words ------------------------------------------------------------------------------------

    @property
    def symbolic(self) -> str:
        """The variant of sentences where no numbers are shown."""
        return "" if self.settings.numbers else "symbols"

    def way_of_change(self, rate: float) -> str:
        """Return which sentence says what a derivative tells."""
        if not self.settings.numbers:
            return "symbols"
        if rate == 0:
            return "rests"
        return "falls" if rate < 0 else ""

    def follow_change(self, symbol: Symbol, run_time: float = 2.4) -> None:
        """Let a change of a node run forward to the output."""
        path = self.graph.paths(symbol, limit=self.graph.count_paths(symbol))[0]
        pulses = [moves.pulse([self.map.line(edge)], self.theme[Role.TARGET]) for edge in reversed(path)]
        if pulses:
            self.play(LaggedStart(*pulses, lag_ratio=0.6), run_time=run_time)


def chain_rule_roles(equation: Equation) -> dict[tuple[int, ...], Role]:
    """Return where local derivatives stand in what a node receives: all but the first factor of a term."""
    if isinstance(equation.rhs, Number):
        return {(1,): Role.GRADIENT}
    several = isinstance(equation.rhs, Sum)
    terms = equation.rhs.operands if several else (equation.rhs,)
    roles: dict[tuple[int, ...], Role] = {}
    for index, term in enumerate(terms):
        place = (1, index) if several else (1,)
        if isinstance(term, Product):
            for factor, operand in list(enumerate(term.factors))[1:]:
                roles |= {(*place, factor, *p.position): Role.LOCAL_DERIVATIVE for p in parts(operand)}
    return roles

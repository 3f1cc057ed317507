"""A neuron gate by gate, then with one sigmoid gate in the place of a chain of four."""

from __future__ import annotations

from collections.abc import Mapping
from math import isclose

from manim import (
    Animation,
    AnimationGroup,
    FadeIn,
    FadeOut,
    GrowFromCenter,
    LaggedStart,
    Mobject,
    ReplacementTransform,
)

from bpmath.algebra import Quantity
from bpmath.equations import TOLERANCE, Equation
from bpmath.gates import gate_formula
from bpmath.graph import Edge
from bpmath.sigmoid_chain import (
    SigmoidChain,
    chain_slope,
    find_sigmoid,
    gate_slope,
    sigmoid_behind,
    through,
    with_sigmoid_gate,
)
from bpmath.symbols import Symbol
from bpmath.trace import Trace
from scenes.beats.circuit import CircuitLesson
from scenes.stage import layout, moves
from scenes.stage.graph_map import GraphMap
from scenes.stage.theme import Role


class SigmoidNeuronBeats(CircuitLesson):
    """The beats of a neuron; where the user's expression has no sigmoid, one is put behind it."""

    chain: SigmoidChain | None
    other: Trace

    def prepare(self) -> None:
        """Find the sigmoid, and run the circuit in which it is one gate."""
        self.chain = find_sigmoid(self.graph)
        graph = with_sigmoid_gate(self.graph, self.chain) if self.chain else sigmoid_behind(self.graph)
        self.other = graph.evaluate({symbol: self.trace[symbol] for symbol in self.graph.inputs})

    def expression(self) -> None:
        """Let the circuit grow."""
        with self.beat("expression", "other" if self.settings.expression else "", output=self.output):
            self.show_expression()

    def forward(self) -> None:
        """Compute gate by gate."""
        value = self.trace[self.output]
        with self.beat("forward", self.symbolic, output=self.output, value=value):
            self.run_forward()

    def backward(self) -> None:
        """Differentiate gate by gate: the first two on the board, the others fast."""
        with self.beat("backward", self.symbolic):
            self.seed(run_time=0.8)
            first, rest = self.backwards[1:][:2], self.backwards[1:][2:]
            for symbol, pace in zip(first, (1, layout.AGAIN), strict=False):
                self.send_back(symbol, pace)
            self.derivatives_at_once(rest)

    def see_the_chain(self) -> None:
        """Light the gates that are a sigmoid; their slopes multiply."""
        if self.chain is None:
            with self.beat("chain", "none", output=self.output):
                self.clear_board()
                self.mark(self.map.ring(self.output))
                self.put(self.definition_behind())
                self.work_out()
            return
        gates = self.chain.gates
        with self.beat("chain", count=len(gates), gate=self.chain.argument):
            lit = [self.map.lit(edge, Role.TARGET, backwards=True) for edge in reversed(self.chain.edges)]
            rings = [self.map.ring(gate) for gate in reversed(gates)]
            pairs = zip(rings, lit, strict=True)
            self.mark(*(mark for pair in pairs for mark in pair), run_time=2.0)
            self.put(chain_slope(self.trace, self.chain))
            self.work_out()
            self.new_fractions(len(gates))

    def definition_behind(self) -> Equation:
        """Return what the sigmoid behind the expression computes."""
        output = self.other.graph.output
        return Equation(Quantity(output), gate_formula(self.other.graph[output]), self.other)

    def one_gate(self) -> None:
        """Let one gate take the place of the chain; its slope needs its own value only."""
        with self.beat("replace", "" if self.chain else "none"):
            gate = self.chain.value if self.chain else self.other.graph.output
            self.clear_board()
            if self.chain:
                self.unmark()
                self.become(self.other, self.chain)
                self.mark(self.map.ring(gate))
            self.put(gate_slope(self.other, gate))
            self.work_out()
            self.new_fractions(1)

    def the_same(self) -> None:
        """Differentiate again through the one gate: the gradients are the same."""
        if self.chain is None:
            symbol = self.graph.inputs[0]
            with self.beat("equal", "none", output=self.output):
                self.mark(self.map.ring(symbol))
                self.put(through(self.other, symbol))
                self.work_out()
            return
        before, after = self.shown.trace.reverse().derivative, self.other.reverse().derivative
        agreeing = [s for s in self.graph.inputs if isclose(before[s], after[s], rel_tol=TOLERANCE)]
        with self.beat("equal", agreeing=len(agreeing), count=len(self.graph.inputs)):
            self.unmark()
            self.run_back()
            seen = [self.derivatives[symbol] for symbol in agreeing if symbol in self.derivatives]
            if seen:
                self.play(LaggedStart(*map(moves.flash, seen), lag_ratio=0.2), run_time=1.5)

    # -- one map becomes another ------------------------------------------------------------------

    def become(self, trace: Trace, chain: SigmoidChain) -> None:
        """Let the gates of a chain flow into one; everything else goes to its new place."""
        old, names, values, derivatives = self.map, self.names, self.values, self.derivatives
        self.traces.append(trace)
        self.trace, self.map = trace, GraphMap(trace, self.theme, self.settings.notation)
        self.zone, self.names = self.map.plan.board, self.names_on_wires()
        self.values, self.derivatives = {}, {}
        centre = self.map.node(chain.value)
        flows: list[Animation] = [
            FadeOut(old.node(gate), target_position=centre, scale=layout.SEED_SCALE) for gate in chain.gates
        ]
        for symbol in self.trace.values:
            if symbol != chain.value:
                flows.append(ReplacementTransform(old.node(symbol), self.map.node(symbol)))
            if symbol in values:
                number = self.values[symbol] = self.map.value(symbol)
                flows.append(ReplacementTransform(values.pop(symbol), number))
        flows += [FadeOut(number) for number in (*values.values(), *derivatives.values())]
        flows += self.wires(old, chain, names)
        self.play(AnimationGroup(*flows, run_time=2.0))
        self.play(GrowFromCenter(centre), FadeIn(*self.names.values()), run_time=0.8)

    def wires(self, old: GraphMap, chain: SigmoidChain, names: Mapping[Symbol, Mobject]) -> list[Animation]:
        """Return how wires and their names go over."""
        into = Edge(chain.argument, chain.value, 0)
        flows: list[Animation] = [FadeOut(label) for label in names.values()]
        for edges in old.graph.edges:
            for edge in edges:
                if edge in chain.edges[1:]:
                    flows.append(FadeOut(old.line(edge), target_position=self.map.node(chain.value)))
                else:
                    new = into if edge == chain.edges[0] else edge
                    flows.append(ReplacementTransform(old.line(edge), self.map.line(new)))
        return flows

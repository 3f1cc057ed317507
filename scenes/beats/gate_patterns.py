"""Three gates and what each does with a gradient: add distributes, max routes, multiply swaps."""

from __future__ import annotations

from collections.abc import Callable

from manim import Create, FadeIn, LaggedStart, VGroup

from bpmath.graph import Node
from bpmath.symbols import Symbol
from scenes.beats.circuit import CircuitLesson
from scenes.stage import layout, moves
from scenes.stage.theme import Role

ROUTERS = ("max", "min")


class GatePatternsBeats(CircuitLesson):
    """The beats of the three patterns; of those that the expression does not have there is no beat."""

    def expression(self) -> None:
        """Let the circuit grow."""
        with self.beat("expression", output=self.output):
            self.show_expression()

    def forward(self) -> None:
        """Let all values arrive."""
        with self.beat("forward", self.symbolic):
            self.run_through()

    def backward(self) -> None:
        """Let all gradients arrive."""
        with self.beat("backward", self.symbolic, output=self.output):
            self.run_back()

    def patterns(self) -> None:
        """Look at one gate of each kind, then at the others."""
        known: list[Symbol] = []
        kinds: dict[str, Callable[[Node], bool]] = {
            "add": lambda node: _is(node, "add"),
            "max": lambda node: _is(node, *ROUTERS),
            "multiply": lambda node: _is(node, "multiply"),
        }
        for name, belongs in kinds.items():
            gates = [node.symbol for node in self.graph.nodes if belongs(node)]
            if gates:
                gate = max(gates, key=self.clearness)
                with self.beat(name, self.variant_of(name, gate), **self.words_about(gate)):
                    self.look_at(gate)
                known += gates
        self.others([gate for gate in self.gates if gate not in known])

    def clearness(self, gate: Symbol) -> int:
        """Return how many inputs of a gate go to it alone, so that its gradient is all that they get."""
        inputs = self.graph[gate].inputs
        return sum(len(self.graph.edges_from(symbol)) == 1 for symbol in inputs)

    def variant_of(self, name: str, gate: Symbol) -> str:
        """Return which sentence is true of a gate: what min routes goes to the smaller input."""
        operation = self.graph[gate].operation
        assert operation is not None
        inputs = self.graph[gate].inputs
        if name == "multiply" and len(set(inputs)) == 1:
            return "same"
        if operation.name in ROUTERS and len({self.trace[symbol] for symbol in inputs}) == 1:
            return "tie"
        return "min" if operation.name == "min" else ""

    def words_about(self, gate: Symbol) -> dict[str, Symbol]:
        """Return the first two inputs of a gate, the one that is chosen first."""
        edges = sorted(self.graph.edges_into(gate), key=lambda edge: -abs(self.trace.locals[edge]))
        first, second = (edge.source for edge in edges[:2])
        return {"first": first, "second": second}

    def look_at(self, gate: Symbol) -> None:
        """Light a gate and the wires into it, and work out what it sends back along each."""
        edges = self.graph.edges_into(gate)
        self.mark(self.map.ring(gate))
        for count, edge in enumerate(edges[:2]):
            lit = self.map.lit(edge, Role.GRADIENT, backwards=True)
            self.play(Create(lit), run_time=0.6)
            self.marks.add(lit)
            pace = 1 if count == 0 else layout.AGAIN
            self.put_received(edge.source, pace)
            self.work_out(pace)
            number = self.derivatives.get(edge.source)
            if number is not None:
                self.play(moves.flash(number))
            self.wait(0.6)

    def others(self, gates: list[Symbol]) -> None:
        """Say what the remaining gates do: each multiplies by its slope."""
        if not gates:
            return
        with self.beat("others", "" if len(gates) < len(self.gates) else "all"):
            self.clear_board()
            self.mark(*(self.map.ring(gate) for gate in gates), run_time=1.0)
            self.put_received(self.graph[gates[-1]].inputs[0])
            self.work_out()

    def summary(self) -> None:
        """Let all gradients at the inputs stand out."""
        with self.beat("summary", self.symbolic, output=self.output):
            rings = VGroup(*(self.map.ring(symbol) for symbol in self.graph.inputs))
            self.unmark()
            self.clear_board()
            lines = [self.map.line(edge).backwards() for edge in reversed(self.edges())]
            run_time = min(layout.CIRCUIT_MOST, layout.CIRCUIT_FIRST + layout.CIRCUIT_STEP * len(lines))
            light = self.theme[Role.GRADIENT]
            self.play(LaggedStart(*(moves.pulse([line], light) for line in lines), run_time=run_time))
            self.marks = rings
            self.play(FadeIn(rings), *map(moves.flash, self.derivatives.values()))
            self.write_gradient(self.graph.inputs[0])

    def write_gradient(self, symbol: Symbol) -> None:
        """Write what an input receives."""
        self.put_received(symbol)
        self.work_out()


def _is(node: Node, *names: str) -> bool:
    """Tell whether a node is a gate of a kind with two inputs or more."""
    return node.operation is not None and node.operation.name in names and len(node.inputs) > 1

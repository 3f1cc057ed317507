"""Three gates and what each does with a gradient: add distributes, max routes, multiply swaps."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from manim import (
    LEFT,
    RIGHT,
    UP,
    Create,
    FadeIn,
    FadeOut,
    LaggedStart,
    ReplacementTransform,
    VGroup,
    VMobject,
)

from bpmath.graph import Edge, Node
from bpmath.symbols import Symbol
from scenes.beats.circuit import CircuitLesson, chain_rule_roles
from scenes.stage import layout, moves
from scenes.stage.graph_map import GraphMap
from scenes.stage.theme import Role
from scenes.stage.typeset import on_baseline, set_text
from scenes.stage.worked_line import WorkedLine

ROUTERS = ("max", "min")


class GatePatternsBeats(CircuitLesson):
    """The beats of the three patterns; of those that the expression does not have there is no beat."""

    def setup(self) -> None:
        """Prepare room for two equations at once, and for a gate of each kind."""
        super().setup()
        self.examples: dict[str, Symbol] = {}
        self.beside = VGroup()

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
                self.examples[name] = gate
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
        edges = self.graph.edges_into(gate)[:2]
        self.mark(self.map.ring(gate))
        lines = self.lines_of(list(dict.fromkeys(edge.source for edge in edges)))
        if lines:
            self.send_along(edges)
            self.work_out_together(lines)
            self.flash_below(*edges)
            return
        for count, edge in enumerate(edges):
            self.send_along([edge])
            pace = 1 if count == 0 else layout.AGAIN
            self.put_received(edge.source, pace)
            self.work_out(pace)
            self.flash_below(edge)

    def send_along(self, edges: Sequence[Edge]) -> None:
        """Let the gradient run back along wires, at the same time."""
        lit = [self.lit(edge) for edge in edges]
        self.play(*map(Create, lit), run_time=0.8)
        self.marks.add(*lit)

    def lit(self, edge: Edge) -> VMobject:
        """Return a wire along which a gradient comes back, dark where the gate lets none through."""
        role = Role.GRADIENT if self.trace.locals[edge] else Role.QUIET
        return self.map.lit(edge, role, backwards=True)

    def flash_below(self, *edges: Edge) -> None:
        """Point to the gradients that have been worked out, below their nodes."""
        below = {edge.source: self.derivatives.get(edge.source) for edge in edges}
        numbers = [moves.flash(number) for number in below.values() if number is not None]
        if numbers:
            self.play(*numbers)
        self.wait(0.6)

    # -- two equations at once ----------------------------------------------------------------------

    def lines_of(self, symbols: Sequence[Symbol]) -> list[WorkedLine]:
        """Return what nodes receive, side by side on the board; nothing where that could not be read."""
        lines = []
        for symbol in symbols:
            equation = self.received(symbol)
            formula = self.formula(equation, layout.MAIN_SIZE, roles_at=chain_rule_roles(equation))
            whole = layout.WHOLE_BOARD
            lines.append(WorkedLine(formula, self.formula, whole, self.settings.numbers, Role.GRADIENT))
        first, *others = lines
        for line in others:
            line.shift(UP * (first.symbols.equals.get_y() - line.symbols.equals.get_y()))
        row = VGroup(*lines).arrange(RIGHT, buff=layout.COLUMN_GAP, coor_mask=RIGHT)
        share = min(1, self.zone.width / row.width, self.zone.height / row.height)
        row.scale(share).move_to(self.zone.centre)
        full = self.formula(first.symbols.equation, layout.MAIN_SIZE)
        size = layout.MAIN_SIZE * first.symbols.equals.width / full.equals.width
        return lines if others and size >= layout.LEAST_EQUATION_SIZE else []

    def work_out_together(self, lines: list[WorkedLine]) -> None:
        """Write equations side by side and work them out, step by step at the same time."""
        self.clear_board()
        self.play(*(flight for line in lines for flight in self.arrivals(line.symbols, moves.FLIGHT)))
        self.beside = VGroup(*lines)
        run_time = layout.CIRCUIT_FIRST
        for steps in (
            [line.values_arrive(run_time) for line in lines],
            [line.result_arrives(run_time) for line in lines],
        ):
            if shown := [step for step in steps if step is not None]:
                self.play(*shown)
                self.wait(0.3)
        self.new_fractions(len(lines))

    def clear_board(self, run_time: float = 1.0) -> None:
        """Let go what stands on the board, two equations side by side as well."""
        if len(self.beside):
            self.play(FadeOut(self.beside), run_time=0.4 * run_time)
        self.beside = VGroup()
        super().clear_board(run_time)

    def others(self, gates: list[Symbol]) -> None:
        """Say what the remaining gates do: each multiplies by its slope."""
        if not gates:
            return
        with self.beat("others", "" if len(gates) < len(self.gates) else "all"):
            self.clear_board()
            self.mark(*(self.map.ring(gate) for gate in gates), run_time=1.0)
            edge = self.graph.edges_into(gates[-1])[0]
            self.send_along([edge])
            self.put_received(edge.source)
            self.work_out()

    def summary(self) -> None:
        """Let all gradients come back once more, below the patterns that make them."""
        with self.beat("summary", self.symbolic, output=self.output):
            self.unmark()
            self.clear_board()
            self.name_patterns()
            lit = [self.lit(edge) for edge in reversed(self.edges())]
            run_time = min(layout.CIRCUIT_MOST, layout.CIRCUIT_FIRST + layout.CIRCUIT_STEP * len(lit))
            self.play(LaggedStart(*map(Create, lit), run_time=run_time))
            rings = [self.map.ring(symbol) for symbol in self.graph.inputs]
            self.marks = VGroup(*lit, *rings)
            self.play(*map(FadeIn, rings), *map(moves.flash, self.derivatives.values()))

    def name_patterns(self) -> None:
        """Let a gate of each kind leave the circuit for the board, with a word for what it does."""
        if not self.examples:
            self.put_received(self.graph.inputs[0])
            self.work_out()
            return
        ink = self.theme[Role.INK]
        other = GraphMap(self.trace, self.theme, self.settings.notation, self.map.plan)
        gates = [other.node(gate) for gate in self.examples.values()]
        words = [
            set_text(self.words(f"pattern.{name}").markup, layout.EQUATION_SIZE, ink, self.fonts)
            for name in self.examples
        ]
        pairs = [
            VGroup(*pair).arrange(RIGHT, buff=layout.NUMBER_GAP) for pair in zip(gates, words, strict=True)
        ]
        self.beside = VGroup(*pairs).arrange(RIGHT, buff=layout.COLUMN_GAP).move_to(self.zone.centre)
        for word in words:
            on_baseline(word, self.zone.centre[1] - layout.PATTERN_BASELINE)
        for gate, shown, word in zip(self.examples.values(), gates, words, strict=True):
            leaving = ReplacementTransform(self.map.node(gate).copy(), shown)
            self.play(leaving, FadeIn(word, shift=LEFT * layout.NUMBER_GAP), run_time=0.9)


def _is(node: Node, *names: str) -> bool:
    """Tell whether a node is a gate of a kind with two inputs or more."""
    return node.operation is not None and node.operation.name in names and len(node.inputs) > 1

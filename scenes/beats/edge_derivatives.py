"""The beats of `EdgeDerivatives`: every edge gets the derivative of its gate with respect to its source."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from manim import AnimationGroup, Create, FadeIn, FadeOut, LaggedStart, Succession, VGroup, VMobject

from bpmath.algebra import Number
from bpmath.equations import Equation
from bpmath.graph import Edge
from bpmath.symbols import Symbol
from scenes.stage import layout, moves
from scenes.stage.formula import Formula
from scenes.stage.graph_equations import whole
from scenes.stage.graph_labels import local_labels, named_values
from scenes.stage.graph_lesson import GraphLesson
from scenes.stage.theme import Role

KINDS = {"add": "sum", "multiply": "product", "max": "choice", "min": "choice"}


@dataclass(frozen=True)
class _Lines:
    """What is written about an edge: what its gate computes, the local derivative, its value."""

    definition: Formula | None
    slope: Formula
    value: Formula | None

    @property
    def all(self) -> list[Formula]:
        """Everything, in the order of reading."""
        return [line for line in (self.definition, self.slope, self.value) if line is not None]


class EdgeDerivativesBeats(GraphLesson):
    """One edge slowly, one of another kind of gate, then all others."""

    def prepare(self) -> None:
        """Make what will stand on the map, and choose the edges that are looked at closely."""
        numbers = self.settings.numbers
        self.values = named_values(self.map, self.trace, numbers)
        self.locals = local_labels(self.map, self.trace, self.values.values(), numbers)
        self.board: VMobject = self.on_board(whole(self.trace))
        self.lit = VGroup()
        self.close, *self.siblings = self.graph.edges_into(self.gates[0])
        self.done: set[Edge] = set()
        others = [gate for gate in self.gates if self.kind(gate) != self.kind(self.gates[0])]
        self.other = self.graph.edges_into(others[0]) if others else ()

    def kind(self, gate: Symbol) -> str:
        """Return what kind of gate it is: a sum, a product, a choice, or a function of another kind."""
        operation = self.graph[gate].operation
        assert operation is not None
        return KINDS.get(operation.name, "function")

    def lines(self, edge: Edge) -> _Lines:
        """Return what is written about an edge, as much as there is room for."""
        value = Equation(self.local(edge), Number(self.trace.locals[edge]), self.trace)
        chosen = self.settings.numbers and self.kind(edge.target) == "choice"
        slope = value if chosen else self.slope(edge)
        definition = self.definition(edge.target)
        worked = value if self.settings.numbers and not isinstance(slope.rhs, Number) else None
        for first, last in ((definition, worked), (definition, None), (None, worked)):
            made = [self.line(each) if each else None for each in (first, slope, last)]
            assert made[1] is not None
            lines = _Lines(made[0], made[1], made[2])
            if self.side_by_side(*lines.all):
                return lines
        return _Lines(None, self.on_board(slope), None)

    def line(self, equation: Equation) -> Formula:
        """Return an equation, the value of a derivative in the colour of the derivative."""
        roles = {(1,): Role.LOCAL_DERIVATIVE} if isinstance(equation.rhs, Number) else {}
        return self.formula(equation, layout.MAIN_SIZE, roles_at=roles)

    # -- the beats ------------------------------------------------------------------------------------

    def show_graph(self) -> None:
        """Show the graph as it was left, with its values."""
        named = isinstance(self.values[self.graph.output], Formula)
        variant = "symbols" if not self.settings.numbers else "" if named else "values"
        with self.beat("graph", variant, E=self.graph.output):
            shown = VGroup(*self.values.values())
            self.play(FadeIn(self.title(E=self.graph.output)), FadeIn(self.map), FadeIn(self.board))
            self.play(FadeIn(shown))

    def ask(self) -> None:
        """Ask how a gate changes with one of its inputs."""
        edge = self.close
        with self.beat("question", gate=edge.target, x=edge.source):
            self.first = self.lines(edge)
            slope, partial = self.first.slope, self.local(edge)
            lit = self.light(edge)
            self.play(FadeOut(self.board), Create(lit))
            self.play(
                moves.fly(slope.part(partial, "numerator"), self.map.node(edge.target)),
                moves.fly(slope.part(partial, "denominator"), self.map.node(edge.source)),
                FadeIn(slope.part(partial, "bar")),
            )
            self.new_fractions(1)

    def light(self, edge: Edge) -> VMobject:
        """Return light on an edge, and remember it."""
        lit = self.map.lit(edge, Role.LOCAL_DERIVATIVE)
        self.lit.add(lit)
        return lit

    def answer(self) -> None:
        """Write what the gate computes, and differentiate it."""
        edge, lines = self.close, self.first
        with self.beat("slope", self.kind(edge.target), gate=edge.target, x=edge.source):
            if lines.definition is not None:
                self.play(*moves.from_map(self.map, lines.definition))
            slope = lines.slope
            self.play(FadeIn(slope.equals), FadeIn(slope.at((1,))))
            self.board = VGroup(*(line for line in lines.all if line is not lines.value))
            self.write_on_edge(edge, lines, run_time=1.2)

    def write_on_edge(self, edge: Edge, lines: _Lines, run_time: float) -> None:
        """Put a local derivative to its edge: its value, or its name where no numbers are shown."""
        if lines.value is not None:
            self.play(FadeIn(lines.value, run_time=run_time / 2))
            self.board = VGroup(*lines.all)
        source = lines.value or lines.slope
        self.done.add(edge)
        if edge in self.locals:
            label = self.locals[edge]
            from_board = source.at((1,)) if self.settings.numbers else source.at((0,))
            self.play(FadeIn(label.patch), moves.fly(label.name_glyphs, from_board, run_time))

    def go_on(self) -> None:
        """The other edges of the same gate, then those of a gate of another kind."""
        if self.siblings:
            edge = self.siblings[0]
            with self.beat("sibling", self.kind(edge.target), gate=edge.target, x=edge.source):
                for sibling in self.siblings:
                    self.differentiate(sibling, run_time=0.8)
        if self.other:
            edge = self.other[0]
            with self.beat("other", self.kind(edge.target), gate=edge.target):
                for each in self.other:
                    self.differentiate(each, run_time=1.0 if each == edge else 0.7)

    def differentiate(self, edge: Edge, run_time: float) -> None:
        """Light an edge, write its local derivative, and put it to the edge."""
        lines = self.lines(edge)
        old = self.lit
        self.lit = VGroup()
        self.play(FadeOut(self.board), FadeOut(old), Create(self.light(edge)), run_time=run_time)
        definition = [FadeIn(lines.definition)] if lines.definition is not None else []
        self.play(*definition, moves.fly(lines.slope.at((0,)), self.lit), run_time=run_time)
        self.play(FadeIn(lines.slope.equals), FadeIn(lines.slope.at((1,))), run_time=run_time)
        self.board = VGroup(*(line for line in lines.all if line is not lines.value))
        self.write_on_edge(edge, lines, run_time)
        self.new_fractions(1)

    def rest(self) -> None:
        """All other edges, one after the other, quickly."""
        rest = [edge for edge in self.edges() if edge not in self.done]
        if not rest:
            return
        crowded = "crowded" if self.settings.numbers else "names"
        variant = crowded if not self.all_written else "one" if len(rest) == 1 else ""
        with self.beat("rest", variant, count=len(rest)):
            self.play(FadeOut(self.lit), FadeOut(self.board))
            self.board = self.on_board(whole(self.trace))
            steps = [self.arrival(edge) for edge in rest]
            self.play(LaggedStart(*steps, lag_ratio=0.3), run_time=min(layout.GATES_MOST, len(rest) + 1))
            self.play(FadeIn(self.board))

    @property
    def all_written(self) -> bool:
        """Whether every edge has room for its label."""
        return all(edge in self.locals for edge in self.edges())

    def arrival(self, edge: Edge) -> Succession:
        """Return light along an edge, and its local derivative after it."""
        pulse = moves.pulse([self.map.line(edge)], self.theme[Role.LOCAL_DERIVATIVE])
        label = [FadeIn(self.locals[edge])] if edge in self.locals else []
        return Succession(pulse, *label)

    def see_all(self) -> None:
        """All edges have their derivatives; each knows about its own gate alone."""
        with self.beat("local", "one" if len(self.edges()) == 1 else "", count=len(self.edges())):
            flashes = self.flashes(self.edges())
            self.play(FadeOut(self.lit), LaggedStart(*flashes, lag_ratio=0.2), run_time=2)
        far = max(self.graph.inputs, key=self.distance)
        with self.beat("next", "" if self.distance(far) > 1 else "near", E=self.graph.output, x=far):
            self.play(Create(self.map.ring(far)), Create(self.map.ring(self.graph.output)))

    def distance(self, symbol: Symbol) -> int:
        """Return how many edges the longest way from a node to the output has."""
        ways = self.graph.edges_from(symbol)
        return 1 + max(self.distance(edge.target) for edge in ways) if ways else 0

    def flashes(self, edges: Sequence[Edge]) -> list[AnimationGroup]:
        """Return light running along edges."""
        role = self.theme[Role.LOCAL_DERIVATIVE]
        return [AnimationGroup(moves.pulse([self.map.line(edge)], role)) for edge in edges]

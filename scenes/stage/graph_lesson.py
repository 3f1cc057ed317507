"""A lesson about a computational graph: its map, the equations of its gates and of the two sweeps."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from manim import (
    DOWN,
    UP,
    Animation,
    AnimationGroup,
    Create,
    FadeIn,
    GrowFromCenter,
    LaggedStart,
    VGroup,
    VMobject,
)

from bpmath.algebra import Derivative, Expression, Partial, Quantity, product, total
from bpmath.equations import Equation
from bpmath.gates import gate_formula, local_derivative_formula
from bpmath.graph import Edge, Graph
from bpmath.matrix_equations import Statement, Term
from bpmath.merging import local
from bpmath.rewrites import Rewrite
from bpmath.symbols import Symbol
from bpmath.trace import Trace
from bpmath.trees import Position, parts
from scenes.stage import layout, moves
from scenes.stage.expression import ShownExpression, example_of
from scenes.stage.formula import Formula, in_line
from scenes.stage.graph_map import GraphMap
from scenes.stage.lesson import Lesson
from scenes.stage.map_pen import EdgeLabel
from scenes.stage.rewriting import roles_after
from scenes.stage.theme import Role
from scenes.stage.typeset import Typeset


class GraphLesson(Lesson):
    """A lesson about an expression: the user's, or the one of the lesson in `scenes/expressions.toml`."""

    def setup(self) -> None:
        """Evaluate the expression and lay its graph out, before anything is drawn."""
        super().setup()
        self.shown: ShownExpression = self.settings.expression or example_of(type(self).__name__)
        self.trace: Trace = self.shown.trace
        self.map = GraphMap(self.trace, self.theme, self.settings.notation)
        self.zone: layout.Zone = self.map.plan.board
        self.values: dict[Symbol, Typeset] = {}
        self.derivatives: dict[Symbol, VMobject] = {}

    @property
    def graph(self) -> Graph:
        """The graph of the expression."""
        return self.trace.graph

    @property
    def gates(self) -> list[Symbol]:
        """The gates, in the order in which they are computed."""
        return [node.symbol for node in self.graph.nodes if node.operation is not None]

    def edges(self) -> list[Edge]:
        """Return all edges, gate by gate."""
        return [edge for into in self.graph.edges for edge in into]

    # -- equations --------------------------------------------------------------------------------

    def definition(self, symbol: Symbol) -> Equation:
        """Return what a gate computes: v = f(its inputs)."""
        return Equation(Quantity(symbol), gate_formula(self.graph[symbol]), self.trace)

    def local(self, edge: Edge) -> Partial:
        """Return the local derivative on an edge."""
        return local(self.graph, edge)

    def slope(self, edge: Edge) -> Equation:
        """Return the local derivative on an edge as a formula: dv/du = f'(u)."""
        formula = local_derivative_formula(self.graph[edge.target], edge.argument)
        return Equation(self.local(edge), formula, self.trace)

    def gathered(self, symbol: Symbol) -> Equation:
        """Return what reverse mode adds up at a node: de/du = sum of de/dv dv/du over the edges u -> v."""
        output = self.graph.output
        terms = [self._term(Derivative(output, e.target), e) for e in self.graph.edges_from(symbol)]
        return Equation(Derivative(output, symbol), total(tuple(terms)), self.trace)

    def carried(self, symbol: Symbol, wrt: Symbol) -> Equation:
        """Return what forward mode adds up at a node: dv/dx = sum of dv/du du/dx over the edges u -> v."""
        reached = [e for e in self.graph.edges_into(symbol) if self._depends(e.source, wrt)]
        terms = [product(self.local(e), *self._unless_itself(e.source, wrt)) for e in reached]
        return Equation(Derivative(symbol, wrt), total(tuple(terms)), self.trace)

    def _term(self, behind: Derivative, edge: Edge) -> Expression:
        """Return de/dv dv/du, without the de/de = 1 at the output."""
        return self.local(edge) if behind.of == behind.wrt else product(behind, self.local(edge))

    def _unless_itself(self, symbol: Symbol, wrt: Symbol) -> list[Expression]:
        return [] if symbol == wrt else [Derivative(symbol, wrt)]

    def _depends(self, symbol: Symbol, wrt: Symbol) -> bool:
        """Tell whether a node is computed from another, or is that node."""
        reached = {wrt}
        for node in self.graph.nodes:
            if reached & set(node.inputs):
                reached.add(node.symbol)
        return symbol in reached

    # -- formulas ---------------------------------------------------------------------------------

    def formula(
        self, what: Statement | Term | Symbol, size: float = layout.EQUATION_SIZE, **options: Any
    ) -> Formula:
        """Return a formula in the colours of graphs: values, derivatives of the output, local derivatives."""
        roles = (
            {} if isinstance(what, Symbol) else {part.term: role_in_graphs(part.term) for part in parts(what)}
        )
        known = {term: role for term, role in roles.items() if role is not None}
        return super().formula(what, size, roles={**known, **options.pop("roles", {})}, **options)

    def on_board(self, what: Statement | Term, **options: Any) -> Formula:
        """Return a formula in the middle of the board, as large as there is room, at most in main size."""
        formula = self.formula(what, layout.MAIN_SIZE, **{"longest_sum": layout.LONGEST_SUM, **options})
        share = min(1.0, self.zone.width / formula.width, self.zone.height / formula.height)
        return formula.scale(share).move_to(self.zone.centre)

    def side_by_side(self, *formulas: Formula) -> bool:
        """Set equations side by side on the board; tell whether they can be read there, else leave them."""
        gaps = (len(formulas) - 1) * layout.COLUMN_GAP
        width = sum(formula.width for formula in formulas) + gaps
        share = min(1.0, self.zone.width / width, *(self.zone.height / f.height for f in formulas))
        if share * min(formula.font_size for formula in formulas) < layout.LEAST_EQUATION_SIZE:
            return False
        for formula in formulas:
            formula.scale(share)
        in_line(formulas, layout.COLUMN_GAP * share).move_to(self.zone.centre)
        return True

    def after(self, rewrite: Rewrite, old: Formula) -> Formula:
        """Return what a rewrite makes of a formula, on the board, in the colours of its sources."""
        return self.on_board(rewrite.after, roles_at=_colours(rewrite, old))

    def rewritten(self, old: Formula, rewrite: Rewrite, size: float, **options: Any) -> Formula:
        """Return the formula that a rewrite makes of `old`, no wider than the board.

        What takes the place of a term takes its colour: 2 that of de/dv.
        """
        formula = self.formula(rewrite.after, size, roles_at=_colours(rewrite, old), **options)
        return formula.scale(min(1.0, self.zone.width / formula.width)).move_to(old)

    # -- what happens on the map --------------------------------------------------------------------

    def grow(self, symbols: Iterable[Symbol], run_time: float = 1.2) -> Animation:
        """Return nodes growing, the edges that enter them first."""
        shown = list(symbols)
        lines = [Create(self.map.line(edge)) for symbol in shown for edge in self.graph.edges_into(symbol)]
        nodes = [GrowFromCenter(self.map.node(symbol)) for symbol in shown]
        steps = [LaggedStart(*group, lag_ratio=0.2) for group in (lines, nodes) if group]
        return AnimationGroup(*steps, lag_ratio=0.5, run_time=run_time)

    def name(self, symbol: Symbol) -> Typeset:
        """Return the name of a gate, below it, where a sweep would write what it carries."""
        name = self.formula(symbol, self.map.size).set_fill(self.theme[Role.VALUE])
        return self.map.below(symbol, name)

    def names_on_wires(self) -> dict[Symbol, EdgeLabel]:
        """Return the names of what gates compute, on wires that lead on from them, where there is room."""
        graph, found = self.graph, self.trace.reverse().derivative
        leaving = [graph.edges_from(gate)[0] for gate in self.gates if gate != graph.output]
        wishes = {edge: self.formula(edge.source, self.map.size) for edge in leaving}
        numbers = [number for s in found for number in (self.map.value(s), self.map.derivative(s, found[s]))]
        return {edge.source: label for edge, label in self.map.labels(wishes, numbers).items()}

    def value_arrives(self, symbol: Symbol, origin: VGroup | None = None) -> Animation:
        """Return the value of a node appearing above it, from where it was worked out if that is given."""
        number = self.values[symbol] = self.map.value(symbol)
        return FadeIn(number, shift=DOWN * layout.NUMBER_GAP) if origin is None else moves.fly(number, origin)

    def derivative_arrives(self, symbol: Symbol, found: float, origin: VGroup | None = None) -> Animation:
        """Return what a sweep found at a node appearing below it."""
        number = self.derivatives[symbol] = self.map.derivative(symbol, found)
        return FadeIn(number, shift=UP * layout.NUMBER_GAP) if origin is None else moves.fly(number, origin)


def _colours(rewrite: Rewrite, old: Formula) -> dict[Position, Role]:
    """Return the colours that terms take over from what they came from."""
    taken: dict[Position, Role] = {}
    for origin in rewrite.correspondence:
        roles = [role for place in origin.before if (role := old.role_at(place)) is not None]
        if roles:
            taken[origin.after] = roles[0]
    return roles_after(rewrite, old) | taken


def role_in_graphs(term: Term) -> Role | None:
    """Return the role of a term in lessons about graphs, where letters are the user's."""
    match term:
        case Partial():
            return Role.LOCAL_DERIVATIVE
        case Derivative():
            return Role.GRADIENT
        case Quantity():
            return Role.VALUE
        case _:
            return None

"""A network taken apart into single gates, in beats: the four equations are read off its arrows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from manim import (
    RIGHT,
    UP,
    Animation,
    AnimationGroup,
    Create,
    FadeIn,
    FadeOut,
    LaggedStart,
    ReplacementTransform,
    VGroup,
    VMobject,
)

from bpmath.algebra import Derivative, Partial, Quantity, product, total
from bpmath.equations import Equation
from bpmath.graph import Edge, Graph
from bpmath.matrix_equations import Statement, Term
from bpmath.merging import merge
from bpmath.naming import GeneralEquation
from bpmath.symbols import E, Symbol, a, b, e, w, z
from bpmath.trees import parts
from scenes.stage import layout, moves
from scenes.stage.alignment import aligned
from scenes.stage.factor_roles import factor_roles, role_in_networks
from scenes.stage.formula import Formula
from scenes.stage.graph_lesson import GraphLesson
from scenes.stage.graph_map import GraphMap
from scenes.stage.layer_frame import WHOLE
from scenes.stage.lesson import Lesson
from scenes.stage.network_parts import network_parts, roomy_plan
from scenes.stage.theme import Role
from scenes.stage.typeset import Typeset

NAMED = ("z", "a", "e")


class NetworkAsGraphBeats(GraphLesson):
    """Shows the part of a network's graph that leads to its first error, and sweeps back through it."""

    def setup(self) -> None:
        """Take the network apart instead of an expression."""
        Lesson.setup(self)
        self.parts = network_parts(self.derivation)
        self.trace = self.parts.last
        plan = roomy_plan(self.parts.last.graph)
        self.map = GraphMap(self.parts.last, self.theme, self.settings.notation, plan)
        self.zone = self.map.plan.board
        self.last = self.parts.derivation.network.layers
        self.equations = {found.name: found for found in self.parts.derivation.general()}
        self.z, self.a, self.error = z(self.last, 1), a(self.last, 1), e(1)
        self.written: list[Formula] = []
        self.lit = VGroup()

    @property
    def graph(self) -> Graph:
        """The graph of the last layer's part, which is seen close."""
        return self.parts.last.graph

    # -- the beats ----------------------------------------------------------------------------------------

    def formula(
        self, what: Statement | Term | Symbol, size: float = layout.EQUATION_SIZE, **options: Any
    ) -> Formula:
        """Return a formula in which the derivatives have the colours that they have in networks."""
        terms = [] if isinstance(what, Symbol) else [part.term for part in parts(what)]
        roles = {term: role for term in terms if (role := role_in_networks(term)) is not None}
        return super().formula(what, size, roles={**roles, **options.pop("roles", {})}, **options)

    def whole(self) -> None:
        """Show as much of the last two layers as can be read."""
        shown = GraphMap(self.parts.whole, self.theme, self.settings.notation)
        variant = "example" if self.parts.is_example else "" if self.parts.both else "last"
        gates = sum(node.operation is not None for node in shown.graph.nodes)
        names = self.names_on(shown)
        with self.beat("whole", variant, gates=gates, e=self.error):
            self.play(FadeIn(self.title()))
            self.written = [self.over(shown, self.sum_of_errors())]
            self.play(FadeIn(shown, *self.written), run_time=1.2)
            self.play(LaggedStart(*map(FadeIn, names.values()), lag_ratio=0.2))
        self.names = self.names_on(self.map)
        with self.beat("close", "joined" if self.parts.is_joined else "", z=self.z, a=self.a, e=self.error):
            self.come_closer(shown, names)
            self.written = self.definitions()
            self.play(*moves.from_map(self.map, *self.written))

    def come_closer(self, shown: GraphMap, names: Mapping[Symbol, Typeset]) -> None:
        """Let the last layer's part take the whole map; what is between the sum and its activation joins."""
        staying = [node.symbol for node in self.graph.nodes]
        leaving = [node.symbol for node in shown.graph.nodes if node.symbol not in staying]
        lines = [shown.line(edge) for into in shown.graph.edges for edge in into]
        moving = [self.node_moves(shown, symbol) for symbol in staying]
        moving += [ReplacementTransform(names[symbol], name) for symbol, name in self.names.items()]
        gone: list[VMobject] = [names[symbol] for symbol in names if symbol not in self.names]
        joining = [symbol for symbol in leaving if symbol.letter == "u" and symbol.layer == self.last]
        moving += [FadeOut(shown.node(s), target_position=self.map.node(self.a).circle) for s in joining]
        gone += [shown.node(symbol) for symbol in leaving if symbol not in joining]
        self.play(*map(FadeOut, (*lines, *gone, *self.written)), run_time=0.6)
        self.play(*moving, run_time=1.6)
        self.play(*(FadeIn(self.map.line(edge)) for edge in self.edges()), run_time=0.6)
        for symbol in staying:
            self.remove(*self.map.node(symbol).get_family())
        self.remove(shown)
        self.add(self.map)

    def node_moves(self, shown: GraphMap, symbol: Symbol) -> Animation:
        """Return a node going over to its place on the map, with its name or sign."""
        old, new = shown.node(symbol), self.map.node(symbol)
        circle = ReplacementTransform(old.circle, new.circle)
        if len(old.label.glyphs) == len(new.label.glyphs):
            return AnimationGroup(circle, ReplacementTransform(old.label, new.label))
        leaving = FadeOut(old.label, target_position=new.circle)
        return AnimationGroup(circle, leaving, FadeIn(new.label, target_position=old.circle))

    def partials(self) -> None:
        """Write the partial derivative on every arrow that has room for it."""
        edges = self.edges()
        made = {edge: self.formula(self.local(edge), self.map.size) for edge in edges}
        self.labels = self.map.labels(made, self.names.values())
        with self.beat("partials", "" if len(self.labels) == len(edges) else "some"):
            lines = [self.map.line(edge) for edge in edges]
            self.play(moves.pulse(lines, self.theme[Role.LOCAL_DERIVATIVE], run_time=1.0))
            self.play(LaggedStart(*map(FadeIn, self.labels.values()), lag_ratio=0.1, run_time=1.6))

    def chain(self) -> None:
        """Go back from the error to the weighted sum, arrow by arrow."""
        long = self.on_board(merge(self.parts.last, self.z).equation, spacious=False)
        legible = long.font_size >= layout.LEAST_EQUATION_SIZE and not long.is_elided
        parting = len(self.graph.paths(self.z)) > 1
        with self.beat("chain", "sum" if parting else "", e=self.error, z=self.z):
            self.light(self.ways(self.z), run_time=2.0)
            self.play(Create(self.ring_at(self.z)))
            if legible:
                self.play(*map(FadeOut, self.written), run_time=0.5)
                self.written = [long]
                self.play(*self.terms_fly(long))
                self.new_fractions(2)

    def last_delta(self) -> None:
        """The way back to a, times the slope of the activation: the first equation."""
        by_output = Derivative(self.error, self.a)
        slopes = [self.local(edge) for edge in self.graph.edges_into(self.a)]
        equation = Equation(Derivative(self.error, self.z), product(by_output, slopes[0]), self.trace)
        with self.beat("last", z=self.z, a=self.a, e=self.error):
            self.play(*map(FadeOut, self.written), run_time=0.5)
            self.read_off(equation, "BP1")

    def biases(self) -> None:
        """One arrow further is the bias."""
        bias = b(self.last, 1)
        with self.beat("biases", b=bias):
            self.one_further(bias, "BP3")

    def weights(self) -> None:
        """Two arrows further is a weight."""
        weight = w(self.last, 1, 1)
        with self.beat("weights", w=weight, a=a(self.last - 1, 1)):
            self.one_further(weight, "BP4")

    def layer_before(self) -> None:
        """The other way at the product leads to the layer before."""
        source = a(self.last - 1, 1)
        known = "BP2" in self.equations
        with self.beat("before", "" if known else "none", a=source):
            self.one_further(source, "BP2" if known else None)

    def together(self) -> None:
        """The equations by themselves."""
        room = WHOLE
        formulas = [self.in_letters(found, layout.MAIN_SIZE) for found in self.equations.values()]
        column = aligned(formulas, layout.LINE_GAP)
        column.scale(min(1, layout.SUBJECT_WIDTH / column.width, room.height / column.height))
        column.move_to(room.centre)
        with self.beat("together", count=len(formulas)):
            labels = VGroup(*self.names.values(), *self.labels.values(), *self.written)
            self.play(FadeOut(self.map, self.lit, self.ring, labels), run_time=0.8)
            self.play(LaggedStart(*map(FadeIn, formulas), lag_ratio=0.4, run_time=2.0))

    # -- how ----------------------------------------------------------------------------------------------

    def sum_of_errors(self) -> Equation:
        """Return what the whole error is: the sum of all of them."""
        trace = self.parts.derivation.trace
        errors = tuple(map(Quantity, trace.graph[E].inputs))
        return Equation(Quantity(E), total(errors), trace)

    def over(self, shown: GraphMap, equation: Equation) -> Formula:
        """Return an equation on the board above a map, which may be lower than that of the close one."""
        formula, board = self.on_board(equation, spacious=False), shown.plan.board
        share = min(1, (board.height - layout.LINE_GAP) / formula.height)
        formula.scale(share).move_to(board.centre)
        return formula.shift(UP * (board.top - formula.get_top()[1]) / 2)

    def definitions(self) -> list[Formula]:
        """Return what the first product and the weighted sum compute, side by side."""
        product_gate = self.graph[self.z].inputs[0]
        shown = [self.on_board(self.definition(symbol), spacious=False) for symbol in (product_gate, self.z)]
        row = VGroup(*shown).arrange(RIGHT, buff=layout.COLUMN_GAP)
        row.scale(min(1, self.zone.width / row.width)).move_to(self.zone.centre)
        return shown

    def names_on(self, shown: GraphMap) -> dict[Symbol, Typeset]:
        """Return the names of the network's own quantities, above their gates."""
        named = [node.symbol for node in shown.graph.nodes if node.operation and node.symbol.letter in NAMED]
        return {symbol: shown.above(symbol, self.name_in(shown, symbol)) for symbol in named}

    def name_in(self, shown: GraphMap, symbol: Symbol) -> Formula:
        """Return the name of a quantity, as large as the signs of a map."""
        return self.formula(Quantity(symbol), shown.size)

    def ways(self, symbol: Symbol) -> list[Edge]:
        """Return all edges on ways from a node to the error, from the error backwards."""
        found: dict[Edge, None] = {}
        for path in self.graph.paths(symbol):
            found |= dict.fromkeys(path)
        return [*found]

    def light(self, edges: Sequence[Edge], run_time: float) -> None:
        """Light edges backwards, each in the colour of the factor that it yields."""
        roles = [role_in_networks(self.local(edge)) or Role.LOCAL_DERIVATIVE for edge in edges]
        lit = [self.map.lit(edge, role, backwards=True) for edge, role in zip(edges, roles, strict=True)]
        self.lit.add(*lit)
        self.play(LaggedStart(*map(Create, lit), lag_ratio=0.5, run_time=run_time))

    def ring_at(self, symbol: Symbol) -> VMobject:
        """Return the ring around a node, and remember it."""
        self.ring: VMobject = self.map.ring(symbol)
        return self.ring

    def terms_fly(self, formula: Formula) -> list[Animation]:
        """Return the factors of a formula leaving their arrows and nodes, and the rest fading in."""
        arrived: set[int] = set()
        flights: list[Animation] = []
        for position, term in formula.positions:
            if position[:1] == (1,) and isinstance(term, Partial | Derivative):
                glyphs = formula.at(position)
                flights.append(moves.fly(glyphs, self.origin_of(term)))
                arrived |= {id(glyph) for glyph in glyphs}
        rest = VGroup(*(glyph for glyph in formula.glyphs if id(glyph) not in arrived))
        return [*flights, FadeIn(rest)]

    def origin_of(self, term: Partial | Derivative) -> VMobject:
        """Return where a derivative is seen: a local one at its arrow, one of the error at its node."""
        if isinstance(term, Derivative):
            return self.map.node(term.wrt)
        edge = self.map.edge_of(term)
        return self.labels.get(edge) or self.map.line(edge)

    def one_further(self, symbol: Symbol, name: str | None) -> None:
        """Go from the weighted sum to one of the things that it is made of."""
        (path,) = self.between(symbol)
        known = Derivative(self.error, self.z)
        factors = [self.local(edge) for edge in path]
        equation = Equation(Derivative(self.error, symbol), product(known, *factors), self.trace)
        old = self.ring
        self.light(path, run_time=0.8)
        self.play(FadeOut(old), Create(self.ring_at(symbol)), *map(FadeOut, self.written), run_time=0.6)
        self.read_off(equation, name)

    def between(self, symbol: Symbol) -> list[tuple[Edge, ...]]:
        """Return the ways from a node to the weighted sum, from there backwards."""
        found = []
        for path in self.graph.paths(symbol):
            ends = [edge.target for edge in path]
            if self.z in ends:
                found.append(path[ends.index(self.z) :])
        return [*dict.fromkeys(found)]

    def read_off(self, equation: Equation, name: str | None) -> None:
        """Write an equation of single numbers, and beside it the one of the whole layer."""
        own = self.on_board(equation, spacious=False)
        if name is None:
            self.play(*self.terms_fly(own))
            self.written = [own]
            return
        general = self.in_letters(self.equations[name], own.font_size)
        row = VGroup(own, general).arrange(RIGHT, buff=layout.COLUMN_GAP)
        row.scale(min(1, self.zone.width / row.width, self.zone.height / row.height))
        row.move_to(self.zone.centre)
        self.play(*self.terms_fly(own))
        self.play(moves.fly(VGroup(*general.glyphs), own))
        self.written = [own, general]
        self.new_fractions(2)

    def in_letters(self, found: GeneralEquation, size: float) -> Formula:
        """Return an equation of a whole layer, with letters for the numbers of layers."""
        roles = factor_roles(found.equation, self.settings.notation)
        return Lesson.formula(self, found.equation, size, layers=found.letters, roles_at=roles)

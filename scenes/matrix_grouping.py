"""Matrix grouping: the scalar equations of a layer become one equation between matrices, step by step."""

from __future__ import annotations

from dataclasses import replace

from manim import DOWN, RIGHT, Animation, Create, FadeIn, FadeOut, LaggedStart, Line, Transform, VGroup

from bpmath.algebra import Delta
from bpmath.equations import Equation
from bpmath.matrices import Cells
from bpmath.matrix_algebra import MatrixProduct
from bpmath.matrix_equations import MatrixEquation, Term
from bpmath.naming import Names
from bpmath.numbers import numbers
from bpmath.symbols import a, z
from bpmath.trees import Position, at
from scenes.beats.grouping import Grouping
from scenes.beats.grouping_steps import ELLIPSES
from scenes.stage import layout, moves
from scenes.stage.formula import Formula
from scenes.stage.matrix_board import one_below, spotlight
from scenes.stage.naming_moves import come_into_node, name_in_node
from scenes.stage.rewriting import follow, roles_after
from scenes.stage.theme import Role


class GroupFinalLayer(Grouping):
    """The equations of the last layer become delta times the transposed activations (Figs. 5, 6)."""

    def construct(self) -> None:
        """Group the equations of the layer, step by step."""
        self.prepare()
        self.first_equation()
        self.all_equations()
        for rewrite in self.steps:
            self.take(rewrite)
        if self.settings.numbers:
            self.show_numbers()
        self.name_the_whole()

    # -- numbers and names ------------------------------------------------------------------------

    def show_numbers(self) -> None:
        """The same equation in numbers: on the left stands what the backward pass found."""
        old = self.board.formula
        assert isinstance(old.what, MatrixEquation)
        valued = numbers(old.what)
        roles = roles_after(valued, old)
        self.values = self.formula(valued.after, layout.EQUATION_SIZE, roles_at=roles, **ELLIPSES)
        place, room = old.copy(), layout.WHOLE_BOARD
        self.values.scale(min(1, room.width / self.values.width))
        free = room.height - self.values.height - layout.LINE_GAP
        place.scale(min(1, free / place.height))
        gap = min(layout.COLUMN_GAP, layout.LINE_GAP + (free - place.height) / 2)
        one_below(place, self.values, gap, room.width).move_to(room.centre)
        flights = [
            moves.fly(self.values.at(origin.after), place.at(origin.before[0]).get_center())
            for origin in valued.correspondence
            if len(self.values.at(origin.after)) and len(place.at(origin.before[0]))
        ]
        leaves = {id(g) for origin in valued.correspondence for g in self.values.at(origin.after)}
        signs = VGroup(*(glyph for glyph in self.values.glyphs if id(glyph) not in leaves))
        with self.beat("numbers", self.case):
            if len(self.below):
                self.play(FadeOut(self.below), run_time=0.5)
                self.below = VGroup()
            self.play(Transform(old, place))
            self.play(FadeIn(signs), LaggedStart(*flights, lag_ratio=0.15))
            self.wait(0.5)
            self.play(moves.flash(self.values.at((0,))))
            self.new_fractions(2)

    def name_the_whole(self) -> None:
        """Whole matrices get their names; the map comes back to the equation that holds for all its edges."""
        named = self.whole_equation()
        with self.beat("name", "" if self.complete else "some"):
            if self.naming is not None:
                self.play(*self.make_room(named), follow(self.naming, self.board.formula, named))
            else:
                parts: list[Position] = [(0,), (1, 0), (1, 1)]
                flights = [
                    moves.fly(named.at(part), self.board.formula.at(part).get_center()) for part in parts
                ]
                leaving = FadeOut(self.board.formula, *self.below)
                self.play(*self.make_room(named), leaving, FadeIn(named.equals), *flights)
            self.play(FadeIn(self.map), FadeIn(self.labels))
            self.show_on_map()
            self.new_fractions(2)

    def show_on_map(self) -> None:
        """Light what the names stand for: the nodes of inputs and deltas, and all weights between."""
        symbols = [a(self.layer - 1, j) for j in self.map.plan.rows(self.layer - 1)]
        inputs = [self.map.ring(symbol, Role.INPUT_DERIVATIVE) for symbol in symbols]
        deltas = [Delta(self.layer, k) for k in self.map.plan.rows(self.layer)]
        self.play(*map(Create, inputs), *(self.into_its_node(delta) for delta in deltas))
        names = [self.map.where(weight) for weight in self.map.plan.weights(self.layer)]
        colour = self.theme[Role.TARGET]
        lit = [name.animate.set_fill(colour) for name in names if not isinstance(name, Line)]
        self.play(moves.pulse(self.map.open_edges(self.layer), colour), *lit)

    def into_its_node(self, delta: Delta) -> Animation:
        """Return a delta coming into its node, where it takes the place of the weighted sum."""
        name = name_in_node(self.map, delta, self.settings.notation)
        return come_into_node(self.map, name, z(delta.layer, delta.node), VGroup())

    def whole_equation(self) -> Formula:
        """Return the named equation of the layer, over the map, its inputs in the colour of their cells."""
        inputs = Names(self.derivation.network).vector("a", self.layer - 1)
        roles = dict.fromkeys([inputs, replace(inputs, as_row=True)], Role.INPUT_DERIVATIVE)
        if self.naming is not None:
            equation = self.naming.after
        else:
            weights = {general.name: general for general in self.derivation.general()}["BP4"]
            equation = weights.at[self.layer]
        named = self.formula(equation, layout.CLOSE_EQUATION_SIZE, spacious=True, roles=roles)
        return named.move_to(layout.BOARD.centre)

    def make_room(self, named: Formula) -> list[Animation]:
        """Return the numbers moving below the named equation, or leaving where there is no room for both."""
        gone: list[Animation] = [FadeOut(*self.below)] if len(self.below) and self.naming is not None else []
        if not self.settings.numbers:
            return gone
        board = layout.BOARD
        smallest = self.values.copy().scale(layout.LEAST_EQUATION_SIZE / self.values.font_size)
        stack = one_below(named, smallest, layout.LINE_GAP, board.width)
        if stack.height > board.height or not self.complete:
            named.move_to(board.centre)
            return [*gone, FadeOut(self.values)]
        stack.move_to(board.centre)
        return [*gone, Transform(self.values, smallest)]


class GroupHiddenLayer(GroupFinalLayer):
    """Sums over branches become a product with the transposed weights (Figs. 10, 11, 12)."""

    @property
    def layer(self) -> int:
        """The last hidden layer; the only layer where there is none."""
        return max(self.derivation.network.layers - 1, 1)

    @property
    def case(self) -> str:
        """Whether there is a hidden layer at all."""
        return "" if self.derivation.network.layers > 1 else "flat"

    def make_one_entry(self) -> None:
        """A row of the matrix times the column of deltas is the sum that stood there."""
        product, row, column = self.first_row_and_column()
        statement = self.board.formula.what
        assert isinstance(statement, MatrixEquation)
        entry = self.entry_beside(statement.entry(1, 1), product)
        sources = {
            position: source
            for position, term in entry.positions
            if len(entry.at(position)) and (source := self.source_of(term, [*row, *column])) is not None
        }
        with self.beat("entry", self.told("entry", "") if len(column) > 1 else "single"):
            if len(self.below):
                self.play(FadeOut(*self.below), run_time=0.5)
            self.below = VGroup(*entry.glyphs)
            self.play(*spotlight(self.board.formula, [*row, *column]), run_time=0.8)
            arrived = {id(glyph) for position in sources for glyph in entry.at(position)}
            for number, (position, source) in enumerate(sources.items()):
                leaving = self.board.formula.at(source)
                arrival = moves.copy_to(leaving, entry.at(position))
                self.play(arrival, run_time=0.8 if number < layout.ENTRY_SLOW_TERMS else 0.4)
            rest = FadeIn(*(glyph for glyph in entry.glyphs if id(glyph) not in arrived))
            used = spotlight(self.board.formula, [*row, *column, *sources.values()])
            self.play(rest, *used, run_time=0.8)
            self.new_fractions(1)

    def first_row_and_column(self) -> tuple[Position, list[Position], list[Position]]:
        """Return where the product of two written-out matrices stands, its first row and its column."""
        for position, term in self.board.formula.positions:
            if isinstance(term, MatrixProduct) and all(isinstance(factor, Cells) for factor in term.factors):
                left, right = term.factors
                row = [(*position, 0, k) for k in range(left.shape.columns)]
                column = [(*position, 1, k * right.shape.columns) for k in range(right.shape.rows)]
                return position, row, column
        raise ValueError("formula: no product of two written-out matrices stands in it")

    def entry_beside(self, entry: Equation, product: Position) -> Formula:
        """Return one entry as an equation: below the board, or beside its second line."""
        formula = self.in_width(entry, layout.EQUATION_SIZE, layout.WHOLE_BOARD.width)
        board, zone = self.board.formula, layout.WHOLE_BOARD
        if len(self.board.lines) == 1:
            return formula.next_to(board, DOWN, buff=layout.LINE_GAP).set_x(zone.centre[0])
        second = self.board.lines[1]
        room = zone.right - second.get_right()[0] - layout.LINE_GAP
        formula = self.formula(entry, layout.LEAST_EQUATION_SIZE, longest_sum=layout.SHORTEST_SUM)
        if formula.width > room:
            total = at(self.board.formula.what, product).entry(1, 1)  # type: ignore[union-attr]
            formula = self.formula(total, layout.LEAST_EQUATION_SIZE, longest_sum=layout.SHORTEST_SUM)
        formula.next_to(second, RIGHT, buff=layout.LINE_GAP)
        return formula.set_x(second.get_right()[0] + (zone.right - second.get_right()[0]) / 2)

    def source_of(self, term: Term, lit: list[Position]) -> Position | None:
        """Return where a term of the entry stands on the board, in the row and the column that are lit."""
        formula = self.board.formula
        if term.operands:
            return None
        for position in [*lit, *(position for position, _ in formula.positions)]:
            if at(formula.what, position) == term and len(formula.at(position)):
                return position
        return None

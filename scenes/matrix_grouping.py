"""Matrix grouping: the scalar equations of a layer become one equation between matrices, step by step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from manim import DOWN, RIGHT, Animation, Create, FadeIn, FadeOut, LaggedStart, ReplacementTransform, VGroup

from bpmath.algebra import Delta, Expression, Partial, Quantity
from bpmath.conventions import CONVENTIONS
from bpmath.equations import Equation
from bpmath.matrices import Cells
from bpmath.matrix_algebra import MatrixProduct
from bpmath.matrix_equations import EquationSystem, MatrixEquation, Statement
from bpmath.naming import Names
from bpmath.numbers import numbers
from bpmath.rewrites import Rewrite
from bpmath.symbols import w, z
from bpmath.trees import Position, at
from scenes.stage import layout, moves
from scenes.stage.formula import Formula
from scenes.stage.lesson import Lesson
from scenes.stage.matrix_board import Lines, full_light, laid_out, merging, spotlight
from scenes.stage.matrix import brace_below
from scenes.stage.rewriting import REWRITE, follow, roles_after
from scenes.stage.theme import Role

FEW = (1, 2)
"""The nodes whose equations are written out where a layer has too many."""
ELLIPSES = {"longest_sum": layout.SHORTEST_SUM, "longest_matrix": 3}
LONGEST_COLUMNS = (6, 5, 4, 3)


class GroupFinalLayer(Lesson):
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

    # -- what is told -----------------------------------------------------------------------------

    @property
    def layer(self) -> int:
        """The layer whose weights are grouped."""
        return self.derivation.network.layers

    @property
    def case(self) -> str:
        """Which sentences apply: a network without hidden layers has only its last."""
        return ""

    def prepare(self) -> None:
        """Make the map, and the steps that the board has room for."""
        self.map = self.network_map()
        self.labels = self.map.make_labels(self.map.plan.weights(self.layer))
        self.below = VGroup()
        self.choose_equations()
        derived = self.derivation.group(
            self.layer, nodes=self.nodes, sources=self.sources, named_left=self.names_left
        )
        rewrites = [self.turned(rewrite) for rewrite in derived]
        self.naming = rewrites.pop() if self.complete else None
        system = rewrites[0].before
        assert isinstance(system, EquationSystem)
        self.system = system
        self.steps = self.steps_with_room(rewrites)

    def choose_equations(self) -> None:
        """Take all nodes of the layer, or a few where their equations would not be legible."""
        sizes = self.derivation.network.sizes
        nodes, sources = sizes[self.layer], sizes[self.layer - 1]
        sums = len(self.derivation.paths(w(self.layer, 1, 1))) > 1 if nodes < 100 else True
        in_rows = CONVENTIONS[self.settings.notation].vectors_in_rows
        self.complete = (sources if in_rows else nodes) <= len(FEW) or not sums
        self.nodes = None if self.complete else [node for node in FEW if node <= nodes]
        self.sources = None if self.complete else [node for node in FEW if node <= sources]
        self.names_left = self.complete and (sums or nodes * sources > len(FEW) ** 2)

    def steps_with_room(self, rewrites: list[Rewrite]) -> list[Rewrite]:
        """Return the steps; one whose result does not fit is taken together with the next."""
        steps: list[Rewrite] = []
        pending: Rewrite | None = None
        for rewrite in rewrites:
            pending = rewrite if pending is None else pending.then(rewrite)
            if self.lay_out(pending.after) is not None:
                steps.append(pending)
                pending = None
        return steps

    def lay_out(self, statement: Statement, **options: Any) -> Lines | None:
        """Lay a statement out over the whole board, None when it does not fit."""
        formula = self.formula(statement, layout.LEAST_EQUATION_SIZE, **ELLIPSES, **options)
        return laid_out(formula, layout.WHOLE_BOARD)

    # -- the equations ----------------------------------------------------------------------------

    def first_equation(self) -> None:
        """The first equation, each factor from its edge."""
        equation = self.system.operands[0]
        self.first = self.largest(equation, layout.SUBJECT_WIDTH, layout.BOARD.height - layout.NUMBER_ROOM)
        self.first.move_to(layout.BOARD.centre)
        partials = [written for written in self.first.written(Partial) if self.map.shows_edge(written.term)]
        self.lit = VGroup(*(self.map.lit(written.term) for written in partials))
        with self.beat("first", self.case, weight=w(self.layer, 1, 1)):
            self.play(FadeIn(self.title()), FadeIn(self.map), FadeIn(self.labels))
            self.play(LaggedStart(*(Create(line) for line in self.lit), lag_ratio=0.3))
            self.play(*self.arrivals())
            self.new_fractions(1)

    def arrivals(self) -> list[Animation]:
        """Return the factors of the first equation leaving the map, and the signs fading in."""
        arrived: set[int] = set()
        moved: list[Animation] = []
        for written in self.first.written(Expression):
            origin = None
            if isinstance(written.term, Partial) and self.map.shows_edge(written.term):
                origin = self.map.edge_of(written.term)
            elif isinstance(written.term, Delta):
                node = z(written.term.layer, written.term.node)
                origin = self.map.node(node) if self.map.shows(node) else None
            if origin is not None:
                glyphs = self.first.at(written.position)
                moved.append(moves.fly(glyphs, origin))
                arrived |= {id(glyph) for glyph in glyphs}
        rest = VGroup(*(glyph for glyph in self.first.glyphs if id(glyph) not in arrived))
        return [*moved, FadeIn(rest, run_time=moves.FLIGHT)]

    def all_equations(self) -> None:
        """The other equations leave their weights; all stand as the weights stand, or in one column."""
        formula, stays = self.equations_formula()
        variant = "column" if len(self.system.rows[0]) > 1 and not stays else ""
        variant = variant if self.complete and not self.elided else "some"
        with self.beat("equations", variant):
            first = formula.at((0,))
            if len(first) == len(self.first.glyphs):
                pairs = zip(self.first.glyphs, first, strict=True)
                begin = [ReplacementTransform(*pair) for pair in pairs]
            else:
                begin = [FadeOut(self.first), FadeIn(first)]
            away = [self.lit] if stays else [self.lit, self.map, self.labels]
            self.play(*begin, FadeOut(*away), run_time=0.9)
            self.play(LaggedStart(*self.others(formula), lag_ratio=0.4))
        self.board = Lines(formula, (VGroup(*formula.glyphs),), layout.WHOLE_BOARD)
        self.map_is_shown = stays

    def others(self, formula: Formula) -> list[Animation]:
        """Return the other equations arriving from their weights, and what stands for the rest."""
        arrivals: list[Animation] = []
        written: set[int] = set(map(id, formula.at((0,))))
        for index, equation in enumerate(self.system.operands):
            glyphs = formula.at((index,))
            if not index or not len(glyphs):
                continue
            written |= set(map(id, glyphs))
            weight = equation.lhs.wrt  # type: ignore[attr-defined]
            place = self.map.where(weight) if self.map.shows(weight) else self.map
            arrivals.append(moves.fly(glyphs, place.get_center()))
        rest = VGroup(*(glyph for glyph in formula.glyphs if id(glyph) not in written))
        return [*arrivals, *([FadeIn(rest)] if len(rest) else [])]

    def equations_formula(self) -> tuple[Formula, bool]:
        """Return all equations: over the map if they fit there, else in a column over the whole board."""
        least, board, whole = layout.LEAST_EQUATION_SIZE, layout.BOARD, layout.WHOLE_BOARD
        formula = self.formula(self.system, least, **ELLIPSES)
        self.elided = any(glyph.place.part.startswith("ellipsis") for glyph in formula.glyphs)
        for zone in (board, whole):
            factor = min(zone.width / formula.width, zone.height / formula.height)
            if factor >= 1:
                formula.scale(min(factor, layout.EQUATION_SIZE / least)).move_to(zone.centre)
                return formula, zone is board
        column = EquationSystem(tuple((equation,) for equation in self.system.operands))
        for longest in LONGEST_COLUMNS:
            formula = self.formula(column, least, longest_sum=layout.SHORTEST_SUM, longest_matrix=longest)
            if formula.height <= whole.height:
                break
        self.elided = any(glyph.place.part.startswith("ellipsis") for glyph in formula.glyphs)
        return formula.move_to(whole.centre), False

    # -- the steps --------------------------------------------------------------------------------

    def take(self, rewrite: Rewrite) -> None:
        """Play one step of the grouping."""
        *before, last = rewrite.step.split(", ")
        key, variant = last.replace(" ", "_"), "direct" if before else ""
        own: dict[str, Callable[[Rewrite, str], None]] = {
            "columns": self.merge_columns,
            "delta": self.name_delta,
            "outer": self.multiply_out,
        }
        own.get(key, lambda rewrite, variant: self.regroup(rewrite, key, variant))(rewrite, variant)
        if key == "product":
            self.make_one_entry()

    def regroup(self, rewrite: Rewrite, key: str, variant: str) -> None:
        """Turn the equation into the next, and write the shapes below."""
        with self.beat(key, variant):
            self.turn(rewrite)
            self.new_fractions(2)

    def turn(self, rewrite: Rewrite) -> None:
        """Play a rewrite over the whole board; the shapes of its matrices follow."""
        old = self.board
        new = self.lay_out(rewrite.after, roles_at=roles_after(rewrite, old.formula))
        assert new is not None, "steps_with_room keeps only what fits"
        gone = [*self.below]
        if self.map_is_shown:
            gone += [self.map, self.labels]
            self.map_is_shown = False
        fading = [FadeOut(*gone, run_time=REWRITE / 2)] if gone else []
        self.play(*fading, follow(rewrite, old.formula, new.formula))
        self.board, self.below = new, new.shapes()
        if len(self.below):
            self.play(FadeIn(self.below, shift=DOWN * layout.NUMBER_GAP), run_time=0.6)

    def light(self, positions: list[Position]) -> None:
        """Let some terms stand out against all others."""
        self.play(*spotlight(self.board.formula, positions), run_time=0.8)
        self.wait(1.2)

    def merge_columns(self, rewrite: Rewrite, variant: str) -> None:
        """What is alike in every column lights up, and falls into one column."""
        with self.beat("columns", variant):
            self.light(merging(rewrite))
            self.turn(rewrite)
            self.new_fractions(2)

    def name_delta(self, rewrite: Rewrite, variant: str) -> None:
        """The factors of delta are braced, and become delta."""
        symbol = Names(self.derivation.network).vector("delta", self.layer)
        named = [origin for origin in rewrite.correspondence if self.is_new_delta(rewrite, origin.after)]
        positions = [position for origin in named for position in origin.before]
        positions = [position for position in positions if len(self.board.formula.at(position))]
        name = self.formula(symbol, layout.LEAST_EQUATION_SIZE)
        brace = brace_below(self.board.formula, positions, name)
        with self.beat("delta", variant, delta=symbol):
            if len(self.below):
                self.play(FadeOut(self.below), run_time=0.4)
            self.light(positions)
            self.below = VGroup()
            if self.board.has_room_for(brace):
                self.below = brace
                self.play(FadeIn(brace, shift=DOWN * layout.NUMBER_GAP))
                self.wait(0.8)
            self.turn(rewrite)

    def is_new_delta(self, rewrite: Rewrite, position: Position) -> bool:
        """Tell whether a delta of this layer stands at a position of the rewritten equation."""
        term = at(rewrite.after, position)
        return isinstance(term, Delta) and term.layer == self.layer

    def multiply_out(self, rewrite: Rewrite, variant: str) -> None:
        """The inputs take the places of dz/dw; matrices that have names show them."""
        with self.beat("outer", variant):
            same = [
                position
                for origin in rewrite.correspondence
                if isinstance(at(rewrite.after, origin.after), Quantity)
                for position in origin.before
            ]
            self.light(same)
            self.turn(rewrite)
            names = self.board.names(self.naming) if self.naming is not None else VGroup()
            if len(names):
                self.play(FadeIn(names, shift=DOWN * layout.NUMBER_GAP), run_time=0.6)
                self.below = VGroup(*self.below, *names)

    def make_one_entry(self) -> None:
        """Only sums over branches need it."""

    # -- numbers and names ------------------------------------------------------------------------

    def show_numbers(self) -> None:
        """The same equation in numbers: on the left stands what the backward pass found."""
        old = self.board.formula
        assert isinstance(old.what, MatrixEquation)
        valued = numbers(old.what)
        roles = roles_after(valued, old)
        self.values = self.formula(valued.after, layout.EQUATION_SIZE, roles_at=roles, **ELLIPSES)
        place = old.copy()
        stack = VGroup(place, self.values).arrange(DOWN, buff=layout.COLUMN_GAP)
        room = layout.WHOLE_BOARD
        stack.scale(min(1.0, room.height / stack.height, room.width / stack.width)).move_to(room.centre)
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
            self.play(old.animate.become(place))
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
            self.play(moves.pulse(self.map.open_edges(self.layer), self.theme[Role.TARGET]))
            self.new_fractions(2)

    def whole_equation(self) -> Formula:
        """Return the named equation of the layer, over the map."""
        if self.naming is not None:
            named = self.formula(self.naming.after, layout.MAIN_SIZE, spacious=True)
        else:
            (weights,) = (general for general in self.derivation.general() if general.name == "BP4")
            named = self.formula(weights.at[self.layer], layout.MAIN_SIZE, spacious=True)
        return named.move_to(layout.BOARD.centre)

    def make_room(self, named: Formula) -> list[Animation]:
        """Return the numbers moving below the named equation, or leaving where there is no room for both."""
        gone = [FadeOut(*self.below)] if len(self.below) and self.naming is not None else []
        if not self.settings.numbers:
            return gone
        board = layout.BOARD
        smallest = self.values.copy().scale(layout.LEAST_EQUATION_SIZE / self.values.font_size)
        stack = VGroup(named, smallest).arrange(DOWN, buff=layout.LINE_GAP)
        if stack.height > board.height or not self.complete:
            named.move_to(board.centre)
            return [*gone, FadeOut(self.values)]
        stack.move_to(board.centre)
        return [*gone, self.values.animate.become(smallest)]


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
        sources = [self.source_of(written.term, [*row, *column]) for written in entry.written(Expression)]
        with self.beat("entry", "" if len(row) > 1 else "single"):
            if len(self.below):
                self.play(FadeOut(*self.below), run_time=0.5)
            self.below = VGroup(*entry.glyphs)
            self.play(*spotlight(self.board.formula, [*row, *column]), run_time=0.8)
            arrived: set[int] = set()
            for written, source in zip(entry.written(Expression), sources, strict=True):
                if source is not None:
                    glyphs = entry.at(written.position)
                    self.play(moves.copy_to(self.board.formula.at(source), glyphs, run_time=0.8))
                    arrived |= {id(glyph) for glyph in glyphs}
            self.play(FadeIn(*(glyph for glyph in entry.glyphs if id(glyph) not in arrived)))
            self.wait(0.8)
            self.play(*full_light(self.board.formula), run_time=0.5)
            self.new_fractions(2)

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

    def source_of(self, term: Expression, lit: list[Position]) -> Position | None:
        """Return where a term of the entry stands on the board, in the row and the column that are lit."""
        formula = self.board.formula
        if term.operands:
            return None
        for position in [*lit, *(position for position, _ in formula.positions)]:
            if at(formula.what, position) == term and len(formula.at(position)):
                return position
        return None

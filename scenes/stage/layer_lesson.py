"""A lesson about the edges of one layer: the map comes close, one edge is asked, then all of them."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import product
from typing import Any

from manim import (
    DOWN,
    UP,
    Animation,
    Create,
    FadeIn,
    FadeOut,
    LaggedStart,
    ReplacementTransform,
    VGroup,
    Wait,
)

from bpmath.algebra import Partial, Quantity
from bpmath.equations import Equation
from bpmath.local_matrices import LocalMatrices
from bpmath.matrices import MatrixSymbol
from bpmath.matrix_algebra import Transpose
from bpmath.matrix_equations import MatrixEquation, Statement
from bpmath.numbers import numbers
from bpmath.rewrites import Rewrite
from bpmath.symbols import Symbol
from bpmath.trees import Position, leaves
from scenes.stage import layout, moves
from scenes.stage.formula import Formula, fits
from scenes.stage.layer_map import LayerMap
from scenes.stage.lesson import Lesson
from scenes.stage.matrix import shapes_below
from scenes.stage.rewriting import REWRITE, follow
from scenes.stage.theme import Role


class LayerLesson(Lesson):
    """Asks for one local derivative of the last layer, answers it, and fills the matrix of all of them.

    A lesson sets `partial`, the derivative that is asked for first, and `role`, its colour.
    """

    partial: Partial
    role: Role
    matrix: Formula

    def prepare(self) -> None:
        """Make the map and the part of it that comes close."""
        self.map = self.network_map()
        self.layer = self.derivation.network.layers
        self.local = LocalMatrices(self.derivation, self.layer)
        self.close = LayerMap(self.map, self.layer, self.settings.notation)
        self.zone = layout.LAYER_BOARD

    # -- formulas ---------------------------------------------------------------------------------

    def largest_in(self, what: Statement, zone: layout.Zone, size: float, **options: Any) -> Formula:
        """Return a formula that fits into a zone: long sums and large matrices show an ellipsis."""
        sums = layout.LONGEST_SUMS if isinstance(what, Equation) else (None,)
        matrices = (None,) if isinstance(what, Equation) else (layout.MOST_ROWS, layout.MOST_ROWS - 1)
        for longest_matrix, longest_sum in product(matrices, sums):
            formula = self.formula(
                what, size, longest_matrix=longest_matrix, longest_sum=longest_sum, **options
            )
            if fits(formula, zone.width, zone.height):
                break
        formula.scale(min(1.0, zone.width / formula.width, zone.height / formula.height))
        return formula

    def rewrite_matrix(
        self, rewrite: Rewrite, run_time: float = REWRITE, size: float = layout.MAIN_SIZE
    ) -> None:
        """Play a rewrite of the matrix equation; what replaced derivatives keeps their colour."""
        turned = self.turned(rewrite)
        sources = {origin.after: origin.before[0] for origin in turned.correspondence if origin.before}
        roles = {after: self.matrix.role_at(before) for after, before in sources.items()}
        new = self.largest_in(turned.after, self.zone, size, roles_at=_known(roles))
        self.play(follow(turned, self.matrix, new.move_to(self.zone.centre), run_time))
        self.matrix = new

    # -- one edge ---------------------------------------------------------------------------------

    def ask(self) -> None:
        """Light one edge of the whole map, and let its derivative fly to the board."""
        self.asked = self.formula(self.partial, layout.MAIN_SIZE).move_to(layout.BOARD.centre)
        lit = self.map.lit(self.partial)
        source = self.partial.wrt if self.partial.wrt.letter != "w" else None
        with self.beat("question", of=self.partial.of, wrt=self.partial.wrt):
            self.play(FadeIn(self.title()), FadeIn(self.map))
            self.rings = VGroup(self.map.ring(self.partial.of), *([self.map.ring(source)] if source else []))
            self.play(moves.light_up(lit, self.rings))
            self.play(moves.fly(self.asked.at(()), lit))
            self.new_fractions(1)
        self.rings.add(lit)

    def define(self) -> None:
        """Come close, and write down how the weighted sum is computed."""
        definition = self.derivation.definition(self.partial.of)
        self.definition = self.largest_in(definition, self.zone, layout.MAIN_SIZE)
        answer = self.derivation.local_formula(self.partial)
        self.answer = self.formula(answer, layout.MAIN_SIZE, roles_at={(1,): self.role})
        both = VGroup(self.definition, self.answer).arrange(DOWN, buff=layout.ANSWER_GAP)
        both.move_to(self.zone.centre)
        asked = self.answer.at((0,))
        with self.beat("definition", z=self.partial.of):
            self.play(
                *self.close.come_from(self.map, [self.rings]),
                *(ReplacementTransform(*pair) for pair in zip(self.asked, asked, strict=True)),
                run_time=1.6,
            )
            self.lit = {self.partial: self.close.lit(self.partial)}
            self.play(FadeIn(self.close.rest()), FadeIn(self.lit[self.partial]), run_time=0.6)
            self.play(*moves.from_map(self.close, self.definition))

    def reply(self, kept: Symbol, found: Symbol, **words: Symbol) -> None:
        """Hold all other terms still; what multiplies the asked quantity is its derivative."""
        colour, dim = self.theme[self.role], layout.DIM_OPACITY
        term = self.definition.position(found)[:2]
        others = [g for g in self.definition.glyphs if g.place.position[:2] not in (term, (0,), ())]
        with self.beat("answer", "", **words):
            factor, variable = self.definition.term(found), self.definition.term(kept)
            self.play(VGroup(*others).animate.set_fill(opacity=dim), moves.flash(variable))
            self.play(factor.animate.set_fill(colour), self.close.where(found).animate.set_fill(colour))
            self.play(moves.copy_to(factor, self.answer.at((1,))), FadeIn(self.answer.equals))
            self.new_fractions(1)

    def value(self, **words: Symbol) -> None:
        """Put the number below both sides."""
        self.values = VGroup()
        if not self.settings.numbers:
            return
        (asked,), (found,) = self.answer.written(Partial), self.answer.written(Quantity)
        trace = self.derivation.trace
        self.values = VGroup(*(self.answer.number_below(term, trace) for term in (asked, found)))
        rate = self.answer.equation.value
        variant = "falls" if rate < 0 else "" if rate else "rests"
        with self.beat("number", variant, rate=abs(rate), **words):
            self.play(FadeIn(self.values, shift=DOWN * layout.NUMBER_GAP))

    # -- all edges --------------------------------------------------------------------------------

    def gather(self, what: MatrixEquation, variant: str = "", **words: Symbol) -> None:
        """Let the derivative of every edge fly into its cell of a matrix."""
        size = layout.MAIN_SIZE
        roles = {leaf.position: self.role for leaf in leaves(what) if leaf.position[0] == 1}
        self.matrix = self.largest_in(what, self.zone, size, roles_at=roles).move_to(self.zone.centre)
        first, *others = self.matrix.written(Partial)
        left = (self.answer.at((0,)), self.matrix.at(first.position))
        gone = VGroup(self.definition, self.values, self.answer.equals, self.answer.at((1,)))
        with self.beat("matrix", variant, **words):
            self.play(
                FadeOut(gone),
                *(ReplacementTransform(*pair) for pair in zip(*left, strict=True)),
                FadeIn(self.brackets(0)),
            )
            arrivals = []
            for cell in others:
                weight = self.close.weight_of(cell.term)
                if weight in self.close.weights:
                    self.lit[cell.term] = self.close.lit(cell.term)
                    flight = moves.fly(self.matrix.at(cell.position), self.close.edge(weight))
                    arrivals += [Create(self.lit[cell.term]), flight]
                else:
                    arrivals.append(FadeIn(self.matrix.at(cell.position)))
            if arrivals:
                run_time = min(layout.MOST_ARRIVALS, 1 + layout.ARRIVAL * len(arrivals))
                self.play(LaggedStart(*arrivals, lag_ratio=0.3, run_time=run_time))
            self.new_fractions(min(4, 1 + len(others)))

    def brackets(self, side: int) -> VGroup:
        """Return the brackets and the dots of one side of the matrix equation."""
        cells = {position for position, term in self.matrix.positions if not term.operands}
        return self.matrix.select(lambda place: place.position[:1] == (side,) and place.position not in cells)

    def fill(self, order: Iterable[list[int]], variant: str = "", **words: Symbol) -> None:
        """Let what the derivatives are fly into the cells of the right-hand side, group after group."""
        cells = self.matrix.written(Quantity)
        with self.beat("fill", variant, **words):
            self.play(FadeIn(self.matrix.equals), FadeIn(self.brackets(1)), run_time=0.5)
            for count, group in enumerate(order):
                flights = [
                    moves.copy_to(
                        self.close.where(cells[index].term.symbol), self.matrix.at(cells[index].position)
                    )
                    if self.close.shows(cells[index].term.symbol)
                    else FadeIn(self.matrix.at(cells[index].position))
                    for index in group
                ]
                sources = {cells[index].term.symbol for index in group}
                self.play(*flights, *self.colour(sources), run_time=1.2 if count == 0 else 0.7)

    def colour(self, symbols: Iterable[Symbol]) -> list[Any]:
        """Return the animations in which quantities on the map take the colour of their derivatives."""
        shown = (symbol for symbol in symbols if self.close.shows(symbol))
        return [self.close.where(symbol).animate.set_color(self.theme[self.role]) for symbol in shown]

    def light_only(self, wanted: Iterable[Partial]) -> list[Animation]:
        """Return the animations that light these edges and no others."""
        keep = set(wanted)
        out = [FadeOut(line) for partial, line in self.lit.items() if partial not in keep]
        new = {partial: self.close.lit(partial) for partial in keep if partial not in self.lit}
        kept = {partial: line for partial, line in self.lit.items() if partial in keep}
        self.lit = kept | new
        return [*out, *(Create(line) for line in new.values())]

    def edges(self) -> list[Partial]:
        """Return the derivatives of the matrix whose edges are drawn."""
        written = (cell.term for cell in self.matrix.written(Partial))
        return [partial for partial in written if self.close.weight_of(partial) in self.close.weights]

    def emphasise(self, wanted: Iterable[int] | None) -> list[Any]:
        """Return the animations that dim all cells but some of both sides; None brings all back."""
        left, right = self.matrix.written(Partial), self.matrix.written(Quantity)
        every = range(len(left))
        bright = set(every if wanted is None else wanted)
        changes: list[Any] = []
        for index in every:
            opacity = 1.0 if index in bright else layout.DIM_OPACITY
            for cell in (left[index], right[index]):
                changes.append(self.matrix.at(cell.position).animate.set_fill(opacity=opacity))
        return changes

    # -- what it is for ---------------------------------------------------------------------------

    def use(self, what: MatrixEquation) -> None:
        """Show the equation that the matrix is part of; the deltas come from their nodes."""
        self.used, plain = what, self.formula(what, layout.MAIN_SIZE)
        (used,), (known,) = _transposes(plain), _transposes(self.matrix)
        self.equation = self.formula(
            what, layout.MAIN_SIZE, roles_at={(*used, 0): self.role, used: self.role}
        )
        self.enlarge(self.equation)
        deltas = next(term for term in self.equation.written(MatrixSymbol) if term.term.letter == "delta")
        with self.beat("use"):
            stays = self.matrix.at(known)
            gone = [glyph for glyph in self.matrix.glyphs if id(glyph) not in {id(g) for g in stays}]
            self.rings = VGroup(*(self.close.ring(node, Role.DELTA) for node in self.close.target_nodes))
            self.play(FadeOut(VGroup(*gone), *self.lit.values()), run_time=0.8)
            moved = zip(stays, self.equation.at(used), strict=True)
            self.play(*(ReplacementTransform(*pair) for pair in moved), Create(self.rings))
            places = (deltas.position, (0,))
            columns = (VGroup(*map(self.close.node, self.close.target_nodes)), self.close)
            self.play(
                *(
                    moves.fly(self.equation.at(place), column)
                    for place, column in zip(places, columns, strict=True)
                ),
                FadeIn(self.equation.equals),
            )
            self.new_fractions(2)

    def evaluate(self, rewrite: Rewrite | None = None) -> None:
        """Show the same equation with numbers; where they need the room, the map leaves."""
        if not self.settings.numbers:
            return
        rewrite = self.turned(rewrite or numbers(self.used))
        roles = _known(
            {o.after: self.equation.role_at(o.before[0]) for o in rewrite.correspondence if o.before}
        )
        zone, leaving = self.zone, VGroup()
        if zone is layout.LAYER_BOARD and not self._has_room(
            rewrite.after, zone, self._above(layout.MAIN_SIZE)
        ):
            zone, leaving = layout.WHOLE_BOARD, VGroup(self.close, self.rings)
        for size in (layout.MOST_SIZE, layout.MAIN_SIZE):
            below = layout.Zone(zone.left, zone.right, zone.bottom, zone.top - self._above(size))
            valued = self.largest_in(rewrite.after, below, size, roles_at=roles)
            if valued.font_size > size - 1:
                break
        place = self.equation.copy().scale(size / self.equation.font_size)
        VGroup(place, valued).arrange(DOWN, buff=2 * layout.LINE_GAP).move_to(zone.centre)
        with self.beat("numbers"):
            shrunk = self.equation.animate.scale(place.width / self.equation.width).move_to(place)
            self.play(shrunk, FadeOut(leaving) if len(leaving) else Wait(0.1))
            self.play(follow(rewrite, self.equation.copy(), valued))
            self.play(FadeIn(shapes_below(valued), shift=UP * layout.SHAPE_GAP))
            self.new_fractions(4)

    def _above(self, size: float) -> float:
        """Return the room that the equation takes at a size, above the same with numbers and their shapes."""
        return (
            self.equation.height * size / self.equation.font_size + 2 * layout.LINE_GAP + layout.NUMBER_ROOM
        )

    def enlarge(self, formula: Formula) -> None:
        """Set an equation that is the subject in the middle of its zone, as large as it looks well there."""
        width = min(layout.SUBJECT_WIDTH, layout.SUBJECT_SHARE_OF_ZONE * self.zone.width)
        formula.scale(min(layout.MOST_SUBJECT / formula.font_size, width / formula.width)).move_to(
            self.zone.centre
        )

    def _has_room(self, what: Statement, zone: layout.Zone, room: float) -> bool:
        formula = self.formula(what, layout.MAIN_SIZE, longest_matrix=layout.MOST_ROWS)
        return fits(formula, zone.width, zone.height - room)


def _transposes(formula: Formula) -> list[Position]:
    return [position for position, term in formula.positions if isinstance(term, Transpose)]


def _known(roles: dict[Position, Role | None]) -> dict[Position, Role]:
    return {position: role for position, role in roles.items() if role is not None}

"""One entry of a gradient written out: a row of one matrix times a column of the other."""

from __future__ import annotations

from manim import RIGHT, UP, FadeIn, FadeOut, LaggedStart, VGroup

from bpmath.algebra import Derivative, Quantity
from bpmath.arithmetic import added, valued
from bpmath.equations import Equation
from bpmath.matrix_algebra import MatrixProduct
from bpmath.matrix_equations import Statement
from bpmath.rewrites import Rewrite
from bpmath.trees import parts
from scenes.beats.rectangles import RectangleLesson
from scenes.stage import layout, moves
from scenes.stage.formula import Formula
from scenes.stage.rewriting import roles_after
from scenes.stage.shape_board import ShapeBox
from scenes.stage.theme import Role


class MatrixEntryBeats(RectangleLesson):
    """The beats of `MatrixMultiplyGradient` about one entry."""

    equation: Formula
    target: ShapeBox
    pair: list[ShapeBox]
    substitution: Rewrite

    def one_entry(self) -> None:
        """Write one entry of the first gradient out: a row times a column."""
        gradient = self.given.backward("W")
        assert isinstance(gradient.rhs, MatrixProduct)
        entry = gradient.entry(1, 1)
        self.both = both = [self.equation_of(gradient), self.equation_of(self.given.backward("X"))]
        VGroup(*both).arrange(RIGHT, buff=2 * layout.COLUMN_GAP).move_to(layout.BOX_EQUATION.centre)
        self.lines = self.lines_of(entry)
        line = self.entry_formula(entry).move_to(layout.BOX_ENTRY.centre)
        whole, left, right = (self.box(term) for term in (gradient.lhs, *gradient.rhs.factors))
        self.in_row([whole, left, right], layout.BOX_FACTORS)
        with self.beat("entry", derivative=entry.lhs):
            self.play(FadeOut(VGroup(self.target, *self.pair), self.marks))
            self.play(moves.rewrite(self.equation, both[1]), FadeIn(both[0]))
            self.play(FadeIn(whole, left, right))
            made, row, column = (
                whole.row(1, Role.TARGET)[0],
                left.row(1, Role.TARGET),
                right.column(1, Role.TARGET),
            )
            self.play(FadeIn(made), moves.fly(line.at((0,)), made), FadeIn(line.equals))
            self.play(FadeIn(row), FadeIn(column))
            self.terms_arrive(line, row, column)
            self.new_fractions(len(row))
        self.shown = VGroup(whole, left, right, made, row, column)
        if self.settings.numbers:
            with self.beat("numbers", derivative=entry.lhs):
                self.play(FadeOut(self.shown), moves.restate(line, self.lines[0]))
                self.work_out()
        else:
            self.lines = [line]

    def terms_arrive(self, line: Formula, row: VGroup, column: VGroup) -> None:
        """Let the factors of each term leave their cells: one of the row, one of the column."""
        terms = self.positions(line.equation)
        flights = [
            moves.fly(line.at((*term, place)), cells[number])
            for number, term in enumerate(terms)
            for place, cells in enumerate((row, column))
        ]
        factors = [line.at((*term, place)) for term in terms for place in (0, 1)]
        self.play(LaggedStart(*flights, lag_ratio=0.4))
        self.play(FadeIn(self.signs(line, factors)))

    def positions(self, entry: Equation) -> list[tuple[int, ...]]:
        """Return where the terms of the sum stand."""
        return [(1, place) for place in range(len(entry.rhs.operands))]

    def signs(self, line: Formula, terms: list[VGroup]) -> VGroup:
        """Return what stands between the terms."""
        shown = {id(glyph) for term in terms for glyph in term}
        return VGroup(*(glyph for glyph in line.at((1,)) if id(glyph) not in shown))

    def entry_formula(self, what: Statement) -> Formula:
        """Return the equation of an entry across the frame."""
        terms = [part.term for part in parts(what)]
        kinds = {Derivative: Role.GRADIENT, Quantity: Role.VALUE}
        roles = {term: kinds[type(term)] for term in terms if type(term) in kinds}
        formula = self.formula(what, layout.MAIN_SIZE, roles=roles)
        return formula.scale(min(1, layout.BOX_ZONE.width / formula.width))

    def lines_of(self, entry: Equation) -> list[Formula]:
        """Return the equation of an entry, and below it its right-hand side in numbers, then their sum."""
        lines = [self.entry_formula(entry)]
        if self.settings.numbers:
            self.substitution = valued(entry)
            assert isinstance(self.substitution.after, Equation)
            for rewrite, result in (
                (self.substitution, {}),
                (added(self.substitution.after), {(1,): Role.GRADIENT}),
            ):
                roles = roles_after(rewrite, lines[-1]) | result
                lines.append(self.formula(rewrite.after, lines[0].font_size, roles_at=roles))
        first, *others = lines
        foot = first.get_bottom()[1]
        for line in others:
            line.shift(RIGHT * (first.equals.get_x() - line.equals.get_x()))
            line.shift(UP * (foot - layout.LINE_GAP - line.at((1,)).get_top()[1]))
            foot = line.at((1,)).get_bottom()[1]
        column, zone = VGroup(first, *(line.at((1,)) for line in others)), layout.BOX_ZONE
        VGroup(*lines).shift(zone.centre - column.get_center())
        return lines

    def work_out(self) -> None:
        """Put numbers for the symbols, and add them up."""
        symbols, values, result = self.lines
        flights, arrived = [], set()
        for origin in self.substitution.correspondence:
            glyphs = values.at(origin.after)
            if origin.after[0] == 1 and len(glyphs):
                flights.append(moves.fly(glyphs, symbols.at(origin.before[0])))
                arrived |= {id(glyph) for glyph in glyphs}
        rest = [glyph for glyph in (*values.equals, *values.at((1,))) if id(glyph) not in arrived]
        self.play(*flights, FadeIn(VGroup(*rest)))
        self.wait(0.6)
        self.play(moves.gather([values.at((1,))], VGroup(*result.equals, *result.at((1,)))))

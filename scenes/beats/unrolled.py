"""The recursion of the deltas, unrolled in rows: matrices alone without activations, Hadamards with them."""

from __future__ import annotations

from manim import Create, FadeIn, FadeOut, Line, VGroup

from bpmath.derivation import Derivation, derive
from bpmath.matrices import MatrixExpression, MatrixSymbol
from bpmath.matrix_algebra import Entrywise, MatrixProduct, Transpose
from bpmath.matrix_equations import MatrixEquation, Statement
from bpmath.trees import Position
from bpmath.unrolling import LAST, unrolling, without_activations
from scenes.beats.row_vectors import IN_ROWS, RowVectors
from scenes.stage import layout, moves
from scenes.stage.factor_roles import factor_roles
from scenes.stage.formula import Formula, fits
from scenes.stage.matrix import brace_below, shape_mobject, shapes_below
from scenes.stage.relabelling import relabel
from scenes.stage.rewriting import follow
from scenes.stage.theme import Role


class Unrolled(RowVectors):
    """The last beats of the lesson on rows: from one delta to all the matrices behind it."""

    def matrices_alone(self) -> None:
        """Without activations delta comes back through nothing but matrices."""
        linear = derive(without_activations(self.derivation.network), self.settings.x, self.settings.y)
        variant = "" if self.last > 2 else "single"
        with self.beat("alone", variant):
            self.play(FadeOut(*self.mobjects_on_board()), run_time=0.8)
            self.play(FadeIn(self.map), run_time=0.8)
            shown = self.unroll(linear)
            self.run_back()
            shapes = shapes_below(shown)
            self.play(FadeIn(shapes))
            self.new_fractions(1)
        with self.beat("letters", variant):
            letters = self.lettered(linear, shown)
            self.play(FadeOut(shapes), relabel(shown, letters))
            product = self.one_matrix(letters)
            self.play(FadeIn(product))
            self.alone = VGroup(letters, product)

    def activations_between(self) -> None:
        """Each activation multiplies entry by entry, between two matrices."""
        slopes = any(name != "identity" for name in self.derivation.network.activations[:-1])
        with self.beat("activations", "" if slopes else "identity"):
            self.play(FadeOut(self.alone), run_time=0.8)
            shown = self.unroll(self.derivation)
            for place in self.slopes(shown):
                rings = self.rings(shown, place)
                self.play(moves.flash(self.with_sign(shown, place)), Create(rings), run_time=0.9)
            self.new_fractions(1)

    def run_back(self) -> None:
        """Let a light run from the last layer back to the first, through the edges of the weights."""
        for layer in reversed(range(2, self.last + 1)):
            back = [Line(line.get_end(), line.get_start()) for line in self.map.open_edges(layer)]
            self.play(moves.pulse(back, self.theme[Role.DELTA], run_time=0.7))

    def rings(self, formula: Formula, place: Position) -> VGroup:
        """Return rings around the sums whose slope stands at a place."""
        slope = dict(formula.positions)[place]
        assert isinstance(slope, Entrywise) and isinstance(slope.argument, MatrixSymbol)
        nodes = self.map.symbols("z", slope.argument.layer)
        return VGroup(*(self.map.ring(node, Role.ACTIVATION_DERIVATIVE) for node in nodes))

    # -- equations --------------------------------------------------------------------------------

    def unroll(self, derivation: Derivation) -> Formula:
        """Write a delta by the one behind it, and put delta after delta in its place; return the last."""
        layer = self.first_layer(derivation)
        whole = derivation.unrolled(layer)
        steps = [rewrite.in_rows() for rewrite in unrolling(derivation, layer)]
        size = self.in_row(whole).font_size
        shown = self.in_row(steps[0].before if steps else whole, size)
        self.play(FadeIn(shown))
        for rewrite in steps:
            new = self.in_row(rewrite.after, size)
            self.play(follow(rewrite, shown, new))
            shown = new
        return shown

    def first_layer(self, derivation: Derivation) -> int:
        """Return the first layer whose delta, by that of the last layer, can be read in one line."""
        for layer in range(1, self.last):
            formula = Formula(derivation.unrolled(layer), self.theme, layout.MAIN_SIZE, notation=IN_ROWS)
            if fits(formula, layout.SUBJECT_WIDTH, layout.BOARD.height):
                break
        return layer

    def in_row(self, what: Statement, size: float = layout.MAIN_SIZE) -> Formula:
        """Return an equation in rows, in a size, or smaller where the frame asks for it."""
        formula = Formula(what, self.theme, size, notation=IN_ROWS, roles_at=factor_roles(what, IN_ROWS))
        return formula.scale(min(1, layout.SUBJECT_WIDTH / formula.width)).move_to(layout.BOARD.centre)

    def lettered(self, derivation: Derivation, shown: Formula) -> Formula:
        """Return the unrolled equation with a letter for the number of the last layer."""
        whole, letters = derivation.unrolled(self.first_layer(derivation)), {self.last: LAST}
        roles = factor_roles(whole, IN_ROWS)
        formula = Formula(
            whole, self.theme, shown.font_size, notation=IN_ROWS, layers=letters, roles_at=roles
        )
        return formula.scale(min(1, layout.SUBJECT_WIDTH / formula.width)).move_to(layout.BOARD.centre)

    def one_matrix(self, formula: Formula) -> VGroup:
        """Return a brace below the matrices, with the shape of their product."""
        equation = formula.what
        assert isinstance(equation, MatrixEquation)
        places: dict[Position, MatrixExpression] = {
            position: term for position, term in formula.positions if isinstance(term, Transpose)
        }
        shape = MatrixProduct(tuple(places.values())).shape
        return brace_below(formula, [*places], shape_mobject(shape, self.theme[Role.INK], layout.MAP_SIZE))

    # -- the slopes -------------------------------------------------------------------------------

    def slopes(self, formula: Formula) -> list[Position]:
        """Return where the slopes of activations stand in an equation."""
        return [position for position, term in formula.positions if isinstance(term, Entrywise)]

    def with_sign(self, formula: Formula, place: Position) -> VGroup:
        """Return a factor and the sign before it."""
        return VGroup(*formula.sign(place[:-1], f"times {place[-1]}"), *formula.at(place))

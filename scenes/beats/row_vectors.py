"""Columns on the left, rows on the right: one equation at a time, with its shapes and its numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from manim import DOWN, UP, Animation, Create, FadeIn, FadeOut, LaggedStart, Line, Mobject, Transform, VGroup

from bpmath.algebra import Number
from bpmath.conventions import CONVENTIONS
from bpmath.matrices import Cells, MatrixExpression, MatrixSymbol
from bpmath.matrix_algebra import MatrixProduct, MatrixSum
from bpmath.matrix_equations import MatrixEquation, Statement
from bpmath.naming import Names
from bpmath.numbers import matrix_of
from bpmath.transposition import Transposition, transposition
from scenes.stage import layout
from scenes.stage.alignment import aligned
from scenes.stage.factor_roles import factor_roles
from scenes.stage.formula import Formula, fits
from scenes.stage.layout import Zone
from scenes.stage.lesson import Lesson
from scenes.stage.matrix import shapes_below
from scenes.stage.theme import Role
from scenes.stage.turning import turn
from scenes.stage.typeset import Typeset, set_text

IN_ROWS = "row"
OTHERWISE = "article"


@dataclass(frozen=True)
class Pair:
    """One equation, written with columns and with rows, and the way from one to the other."""

    turned: Transposition
    columns: Formula
    rows: Formula


class RowVectors(Lesson):
    """What stands on the two halves of the board."""

    def prepare(self) -> None:
        """Take the equations of the last layers, and write the headings."""
        self.map = self.network_map()
        self.last = self.derivation.network.layers
        self.names = Names(self.derivation.network)
        self.general = {found.name: found for found in self.derivation.general()}
        lies = CONVENTIONS[self.settings.notation].vectors_in_rows
        self.standing = OTHERWISE if lies else self.settings.notation
        self.headings = [self.heading("heading.columns", layout.TURN_LEFT)]
        self.headings.append(self.heading("heading.rows", layout.TURN_RIGHT))
        self.middle = Line(UP * layout.BOARD.top, UP * layout.BOARD.bottom)
        self.middle.set_stroke(self.theme[Role.QUIET], layout.EDGE_STROKE, layout.DIM_OPACITY)
        self.above: list[VGroup] = []
        self.below: list[VGroup] = []
        self.map_is_shown = True

    def heading(self, key: str, zone: Zone) -> Typeset:
        """Return what is written above a half."""
        markup = self.words(key).markup
        text = set_text(markup, layout.TURN_HEADING_SIZE, self.theme[Role.QUIET], self.fonts)
        return text.move_to(zone.centre).set_y(zone.top + layout.TURN_HEADING / 2)

    # -- equations --------------------------------------------------------------------------------

    def forward(self) -> MatrixEquation:
        """Return z = W a + b of the last layer."""
        names, layer = self.names, self.last
        weighted = MatrixProduct((names.weights(layer), names.vector("a", layer - 1)))
        right = MatrixSum((weighted, names.vector("b", layer)))
        return MatrixEquation(names.vector("z", layer), right, self.derivation.values)

    def at(self, name: str, layer: int) -> MatrixEquation:
        """Return one of the four equations, in a layer."""
        return self.general[name].at[layer]

    def table(self, matrix: MatrixSymbol) -> MatrixEquation:
        """Return a matrix with its entries: which row belongs to what."""
        nodes, sources = (range(1, count + 1) for count in (matrix.shape.rows, matrix.shape.columns))
        rows = tuple(tuple(matrix.scalar(node, source) for source in sources) for node in nodes)
        return MatrixEquation(matrix, Cells(rows), self.derivation.values)

    def numbers_of(self, what: MatrixExpression) -> MatrixEquation:
        """Return a matrix with its numbers."""
        values = self.derivation.values
        return MatrixEquation(what, matrix_of(what.evaluate(values)), values)

    def pair(self, equation: MatrixEquation, left: Zone, right: Zone, room: float = 0) -> Pair | None:
        """Return an equation written both ways, of one size, in the middle of the zones.

        `room` is what is kept free below; long rows and columns show an ellipsis.  None where there is no
        room for it.
        """
        turned = transposition(equation)
        for longest in layout.TURN_MATRICES:
            for size in layout.TURN_SIZES:
                columns = self.written(turned.before, self.standing, size, longest)
                rows = self.written(turned.after, IN_ROWS, size, longest)
                if all(fits(one, left.width, left.height - room, size) for one in (columns, rows)):
                    return self.placed(Pair(turned, columns, rows), left, right, room)
        return None

    def written(self, what: Statement, notation: str, size: float, longest: int) -> Formula:
        """Return an equation in a notation; the numbers in it have the colour of values."""
        roles = factor_roles(what, notation)
        if _is_numbers(what):
            roles[(1,)] = Role.VALUE
        return Formula(what, self.theme, size, notation=notation, longest_matrix=longest, roles_at=roles)

    def placed(self, pair: Pair, left: Zone, right: Zone, room: float) -> Pair:
        """Set both in the middle of their zones, their equals signs level."""
        for formula, zone in ((pair.columns, left), (pair.rows, right)):
            formula.move_to(zone.centre).shift(UP * room / 2)
        pair.rows.shift(UP * (pair.columns.equals.get_y() - pair.rows.equals.get_y()))
        return pair

    # -- the two halves ---------------------------------------------------------------------------

    def write_columns(self, equation: MatrixEquation) -> Pair:
        """Write an equation with columns, and the shapes below it; what stood there goes."""
        pair = self.pair(equation, layout.TURN_LEFT, layout.TURN_RIGHT, layout.SHAPE_ROOM)
        assert pair is not None, "the equations of a layer are short, whatever the network"
        shapes = shapes_below(pair.columns)
        leaving = [FadeOut(*self.above)] if self.above else []
        self.play(*leaving, FadeIn(pair.columns, shift=DOWN * layout.NUMBER_GAP))
        self.play(FadeIn(shapes), run_time=0.6)
        self.above = [VGroup(pair.columns, shapes)]
        return pair

    def lay_down(self, pair: Pair) -> None:
        """Let the equation lie down: terms cross to the right, then the shapes are written."""
        shapes = shapes_below(pair.rows)
        self.play(turn(pair.turned, pair.columns, pair.rows), run_time=2.4)
        self.play(FadeIn(shapes), run_time=0.6)
        self.above.append(VGroup(pair.rows, shapes))

    def write_below(self, equation: MatrixEquation) -> None:
        """Write a table with columns, and let it lie down; what stood there goes, also the map.

        Where there is no room for it the map comes back.
        """
        pair = self.pair(equation, layout.TURN_LOW_LEFT, layout.TURN_LOW_RIGHT)
        if pair is None:
            self.bring_map()
            return
        self.mark_first_row(pair)
        self.play(*self.clear_below(), FadeIn(pair.columns), run_time=0.8)
        self.play(turn(pair.turned, pair.columns, pair.rows), run_time=2.0)
        self.below = [VGroup(pair.columns), VGroup(pair.rows)]

    def mark_first_row(self, pair: Pair) -> None:
        """Give the first row of a table one colour in both, so that it is seen to become a column."""
        matrix = pair.turned.before.operands[1]
        assert isinstance(matrix, Cells)
        if min(matrix.shape.rows, matrix.shape.columns) < 2:
            return
        for origin in pair.turned.correspondence:
            side, *cell = origin.before[0]
            if side and cell[0] < matrix.shape.columns:
                for formula, place in ((pair.columns, origin.before[0]), (pair.rows, origin.after)):
                    formula.at(place).set_fill(self.theme[Role.TARGET])

    def bring_map(self) -> None:
        """Let the map come back into the lower half."""
        if not self.map_is_shown:
            leaving = [FadeOut(*self.below)] if self.below else []
            self.play(*leaving, self.middle_to(layout.BOARD.bottom), run_time=0.6)
            self.play(FadeIn(self.map), run_time=0.6)
        self.map_is_shown, self.below = True, []

    def clear_below(self) -> list[Animation]:
        """Return the lower half being cleared."""
        leaving: list[Animation] = [FadeOut(*self.below)] if self.below else []
        if self.map_is_shown:
            leaving += [FadeOut(self.map), self.middle_to(layout.WHOLE_BOARD.bottom)]
        self.map_is_shown, self.below = False, []
        return leaving

    def middle_to(self, height: float) -> Animation:
        """Return the line between the halves reaching down to a height."""
        longer = self.middle.copy().put_start_and_end_on(self.middle.get_start(), UP * height)
        return Transform(self.middle, longer)

    def write_both(self, equation: MatrixEquation) -> None:
        """Write an equation both ways, and its numbers both ways where numbers are wanted."""
        self.lay_down(self.write_columns(equation))
        self.new_fractions(1)
        if self.settings.numbers:
            self.write_below(self.numbers_of(equation.lhs))
        else:
            self.bring_map()

    # -- all of them ------------------------------------------------------------------------------

    def lines(self, equations: Sequence[MatrixEquation]) -> list[Pair]:
        """Return equations below each other in both halves, as large as there is room for."""
        board = layout.WHOLE_BOARD
        halves = (layout.TURN_LEFT, layout.TURN_RIGHT)
        for size in layout.TURN_SIZES:
            pairs = [self.line(equation, size) for equation in equations]
            columns = [aligned([pair.columns for pair in pairs], layout.TURN_LINES_GAP)]
            columns.append(aligned([pair.rows for pair in pairs], layout.TURN_LINES_GAP))
            height = board.height - layout.TURN_HEADING
            fitting = all(c.width <= layout.TURN_LEFT.width and c.height <= height for c in columns)
            if fitting:
                break
        for column, zone in zip(columns, halves, strict=True):
            column.move_to(zone.centre).set_y((zone.top + board.bottom) / 2)
        for pair in pairs:
            pair.rows.shift(UP * (pair.columns.equals.get_y() - pair.rows.equals.get_y()))
        return pairs

    def line(self, equation: MatrixEquation, size: float) -> Pair:
        """Return an equation written both ways in one size."""
        turned, longest = transposition(equation), layout.TURN_MATRICES[0]
        columns = self.written(turned.before, self.standing, size, longest)
        return Pair(turned, columns, self.written(turned.after, IN_ROWS, size, longest))

    def turn_all(self, pairs: Sequence[Pair]) -> None:
        """Write all with columns, then let one after the other lie down."""
        self.play(LaggedStart(*(FadeIn(pair.columns) for pair in pairs), lag_ratio=0.3))
        turning = [turn(pair.turned, pair.columns, pair.rows) for pair in pairs]
        self.play(LaggedStart(*turning, lag_ratio=0.5), run_time=1.5 * len(pairs))

    def mobjects_on_board(self) -> list[Mobject]:
        """Return what stands on both halves, with their headings and the line between them."""
        words = [self.title_shown, *([self._caption] if self._caption is not None else [])]
        return [mobject for mobject in self.mobjects if mobject not in words]

    def begin(self) -> None:
        """The map, the heading of the left half and the line between the halves."""
        self.title_shown = self.title()
        self.play(FadeIn(self.title_shown), FadeIn(self.map))
        self.play(FadeIn(self.headings[0]), Create(self.middle), run_time=0.6)


def _is_numbers(statement: Statement) -> bool:
    right = statement.operands[1]
    return isinstance(right, Cells) and isinstance(right.operands[0], Number)

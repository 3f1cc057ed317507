"""Matrices as rectangles to scale, and how their sides are compared: what fits is seen."""

from __future__ import annotations

import numpy as np
from manim import DOWN, RIGHT, Line, Rectangle, VGroup, VMobject

from bpmath.matrices import MatrixDerivative, MatrixExpression, MatrixSymbol
from bpmath.matrix_equations import Statement
from bpmath.matrix_equations import Term as AnyTerm
from bpmath.trees import parts
from scenes.stage.formula import Formula
from scenes.stage.layout import (
    BOX_CELL_STROKE,
    BOX_CHECKED,
    BOX_FILL,
    BOX_GAP,
    BOX_LIT,
    BOX_NAME_SHARE,
    BOX_NAME_SIZE,
    BOX_SHAPE_SIZE,
    BOX_SIDE_STROKE,
    BOX_STROKE,
    HALO_STROKE,
    SHAPE_GAP,
)
from scenes.stage.map_pen import EDGES, LABELS, LIT_EDGES
from scenes.stage.matrix import shape_mobject
from scenes.stage.theme import Role, Theme

NOTATION = "article"
"""Matrices without layers are called the same in all notations, and products of them are not turned."""


def role_of_matrix(term: AnyTerm) -> Role:
    """Return the role of a matrix: of values, or of derivatives."""
    derived = any(isinstance(part.term, MatrixDerivative) for part in parts(term))
    return Role.GRADIENT if derived else Role.VALUE


def matrix_formula(what: Statement | AnyTerm, theme: Theme, size: float) -> Formula:
    """Return a formula of matrices in the colours of values and of derivatives."""
    named = (part.term for part in parts(what) if isinstance(part.term, MatrixSymbol | MatrixDerivative))
    roles: dict[AnyTerm, Role] = {term: role_of_matrix(term) for term in named}
    return Formula(what, theme, size, notation=NOTATION, roles=roles)


class ShapeBox(VGroup):
    """A matrix as a rectangle of cells of a size, its name inside and its shape below, unless it is plain.

    An empty one has neither cells nor ground.
    """

    def __init__(
        self, term: MatrixExpression, theme: Theme, unit: float, empty: bool = False, plain: bool = False
    ) -> None:
        super().__init__()
        self.rows, self.columns, self.theme, self.unit = term.shape.rows, term.shape.columns, theme, unit
        colour = theme[role_of_matrix(term)]
        self.frame = Rectangle(
            width=self.columns * unit, height=self.rows * unit, color=colour, stroke_width=BOX_STROKE
        )
        self.frame.set_z_index(LIT_EDGES)
        self.inside = VGroup() if empty else self._filled(colour)
        self.label = matrix_formula(term, theme, BOX_NAME_SIZE)
        share = BOX_NAME_SHARE * min(
            self.frame.width / self.label.width, self.frame.height / self.label.height
        )
        self.label.scale(min(1.0, share)).move_to(self.frame).set_z_index(LABELS)
        self.label.set_stroke(theme[Role.BACKGROUND], width=HALO_STROKE, background=True)
        self.size_label = shape_mobject(term.shape, theme[Role.QUIET], BOX_SHAPE_SIZE)
        self.size_label.next_to(self.frame, DOWN, buff=SHAPE_GAP).set_z_index(LABELS)
        self.size_label.set_stroke(theme[Role.BACKGROUND], width=HALO_STROKE, background=True)
        self.add(self.inside, self.frame)
        if not plain:
            self.add(self.label, self.size_label)

    def _filled(self, colour: str) -> VGroup:
        """Return the ground of the rectangle and the lines between its cells."""
        ground = self.frame.copy().set_stroke(width=0.0).set_fill(colour, opacity=BOX_FILL)
        left, top = self.frame.get_left()[0], self.frame.get_top()[1]
        down, across = np.array([0.0, -self.frame.height, 0.0]), np.array([self.frame.width, 0.0, 0.0])
        upright = [np.array([left + k * self.unit, top, 0.0]) for k in range(1, self.columns)]
        level = [np.array([left, top - k * self.unit, 0.0]) for k in range(1, self.rows)]
        lines = [Line(start, start + down) for start in upright]
        lines += [Line(start, start + across) for start in level]
        cells = VGroup(*lines).set_stroke(self.theme[Role.FAINT], width=BOX_CELL_STROKE)
        return VGroup(ground.set_z_index(EDGES - 1), cells.set_z_index(EDGES - 1))

    def cells(self, role: Role, opacity: float = BOX_CHECKED) -> list[VMobject]:
        """Return the cells, row by row, filled with a colour."""
        squares = VGroup(
            *(Rectangle(width=self.unit, height=self.unit) for _ in range(self.rows * self.columns))
        )
        squares.arrange_in_grid(rows=self.rows, cols=self.columns, buff=0.0).move_to(self.frame)
        squares.set_stroke(width=0.0).set_fill(self.theme[role], opacity=opacity).set_z_index(EDGES - 1)
        return list(squares)

    def row(self, number: int, role: Role) -> VGroup:
        """Return the cells of a row, lit; the first row is 1."""
        cells, first = self.cells(role, BOX_LIT), (number - 1) * self.columns
        return VGroup(*cells[first : first + self.columns])

    def column(self, number: int, role: Role) -> VGroup:
        """Return the cells of a column, lit; the first column is 1."""
        return VGroup(*self.cells(role, BOX_LIT)[number - 1 :: self.columns])

    def across(self) -> Line:
        """Return the upper side: as long as there are columns."""
        corner = self.frame.get_corner((-1.0, 1.0, 0.0))
        return self._side(corner, corner + RIGHT * self.columns * self.unit)

    def down(self) -> Line:
        """Return the left side: as long as there are rows."""
        corner = self.frame.get_corner((-1.0, 1.0, 0.0))
        return self._side(corner, corner + DOWN * self.rows * self.unit)

    def beside(self, length: int) -> Line:
        """Return a line of a length in cells, from the upper left corner down, just beside the left side."""
        corner = self.frame.get_corner((-1.0, 1.0, 0.0)) - RIGHT * BOX_GAP
        return self._side(corner, corner + DOWN * length * self.unit)

    def _side(self, start: np.ndarray, end: np.ndarray) -> Line:
        line = Line(start, end, stroke_width=BOX_SIDE_STROKE, color=self.theme[Role.TARGET])
        return line.set_z_index(LABELS)

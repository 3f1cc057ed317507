"""A lesson whose matrices are rectangles to scale, with equations above them."""

from __future__ import annotations

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
    Transform,
    VGroup,
)

from bpmath.matrices import MatrixDerivative, MatrixExpression
from bpmath.matrix_algebra import MatrixProduct
from bpmath.matrix_equations import Statement
from bpmath.product_gradients import example_product
from scenes.stage import layout
from scenes.stage.formula import Formula
from scenes.stage.lesson import Lesson
from scenes.stage.shape_board import ShapeBox, matrix_formula


class RectangleLesson(Lesson):
    """Draws matrices as rectangles, side by side, and compares their sides."""

    def prepare(self) -> None:
        """Multiply two matrices, and find both gradients."""
        self.given = example_product()
        self.product = self.given.forward()
        assert isinstance(self.product.rhs, MatrixProduct)
        self.D = self.product.lhs
        self.W, self.X = self.product.rhs.factors
        self.upstream = MatrixDerivative(self.D)  # type: ignore[arg-type]
        self.marks = VGroup()
        self.boxes: dict[MatrixExpression, ShapeBox] = {}

    def box(self, term: MatrixExpression, empty: bool = False) -> ShapeBox:
        """Return a matrix as a rectangle to scale."""
        return ShapeBox(term, self.theme, layout.BOX_UNIT, empty)

    def equation_of(self, what: Statement) -> Formula:
        """Return an equation above the rectangles, as large as there is room."""
        formula = matrix_formula(what, self.theme, layout.MAIN_SIZE)
        room = layout.BOX_EQUATION
        share = min(1, room.width / formula.width, room.height / formula.height)
        return formula.scale(share).move_to(room.centre)

    def in_row(self, boxes: list[ShapeBox], zone: layout.Zone) -> list[ShapeBox]:
        """Set rectangles side by side, their middles at one height."""
        row = VGroup(*(box.frame.copy() for box in boxes)).arrange(RIGHT, buff=layout.BOX_SPACE)
        row.move_to(zone.centre + UP * layout.SHAPE_ROOM / 2)
        for box, place in zip(boxes, row, strict=True):
            box.shift(place.get_center() - box.frame.get_center())
        return boxes

    def compare(self, left: ShapeBox, right: ShapeBox) -> Animation:
        """Return how the upper side of one turns and is laid beside the left side of the other."""
        upper, laid, side = left.across(), left.across(), right.down()
        self.marks = VGroup(upper, laid, side)
        turned = Transform(laid, right.beside(left.columns), path_arc=-1)
        return LaggedStart(Create(upper), Create(side), turned, lag_ratio=0.9, run_time=2.4)

    def turned_into(self, old: ShapeBox, new: ShapeBox) -> Animation:
        """Return a rectangle that becomes another one."""
        gone, come = (
            VGroup(old.inside, old.label, old.size_label),
            VGroup(new.inside, new.label, new.size_label),
        )
        return AnimationGroup(FadeOut(gone), ReplacementTransform(old.frame, new.frame), FadeIn(come))

"""Rectangles to scale: which order of a product has the shape of the gradient that is looked for."""

from __future__ import annotations

from manim import (
    DOWN,
    LEFT,
    RIGHT,
    AnimationGroup,
    Create,
    FadeIn,
    FadeOut,
    GrowFromCenter,
    LaggedStart,
    SurroundingRectangle,
    VGroup,
)

from bpmath.matrix_algebra import MatrixProduct
from bpmath.matrix_equations import MatrixEquation
from bpmath.product_gradients import Attempt
from bpmath.symbols import E
from scenes.beats.matrix_entry import MatrixEntryBeats
from scenes.stage import layout, moves
from scenes.stage.shape_board import ShapeBox, matrix_formula
from scenes.stage.theme import Role


class MatrixGradientBeats(MatrixEntryBeats):
    """The beats of `MatrixMultiplyGradient`."""

    # -- the product ------------------------------------------------------------------------------

    def multiply(self) -> None:
        """Show the product, and its matrices as rectangles."""
        self.equation = self.equation_of(self.product)
        terms = [self.D, self.W, self.X]
        boxes = self.in_row([self.box(term) for term in terms], layout.BOX_ZONE)
        self.boxes = dict(zip(terms, boxes, strict=True))
        with self.beat("product", D=self.D, W=self.W, X=self.X):
            self.play(FadeIn(self.title()), FadeIn(self.equation))
            grown = [
                AnimationGroup(
                    moves.copy_to(self.equation.term(term), box.label),
                    GrowFromCenter(VGroup(box.inside, box.frame)),
                    FadeIn(box.size_label),
                )
                for term, box in self.boxes.items()
            ]
            self.play(LaggedStart(*grown, lag_ratio=0.5, run_time=3.0))
        with self.beat("inner", W=self.W, X=self.X, D=self.D):
            self.play(self.compare(self.boxes[self.W], self.boxes[self.X]))

    def come_back(self) -> None:
        """The derivative of the error by the product arrives: it has the product's shape."""
        old, new = self.boxes[self.D], self.box(self.upstream)
        new.shift(old.frame.get_center() - new.frame.get_center())
        with self.beat("upstream", E=E, D=self.D, derivative=self.upstream):
            self.play(FadeOut(self.marks))
            self.play(self.turned_into(old, new))
            self.play(moves.flash(new.size_label))
        self.boxes[self.upstream] = new

    # -- the first gradient -------------------------------------------------------------------------

    def ask(self) -> None:
        """The gradient by W has the shape of W: an empty rectangle to be filled."""
        gradient = self.given.backward("W")
        target = self.target = self.box(gradient.lhs, empty=True)
        self.in_row([target], layout.BOX_TARGET)
        old, self.equation = self.equation, self.equation_of(gradient)
        attempt = self.given.attempts("W")[0]
        self.pair = self.in_row([self.box(attempt.left), self.box(attempt.right)], layout.BOX_PAIR)
        with self.beat("asked", W=self.W, derivative=gradient.lhs):
            self.play(FadeOut(old))
            self.play(self.turned_into(self.boxes[self.W], target))
            self.play(moves.copy_to(target.label, self.equation.at((0,))), FadeIn(self.equation.equals))
            known = self.boxes[self.upstream], self.boxes[self.X]
            moved = (self.turned_into(*both) for both in zip(known, self.pair, strict=True))
            self.play(AnimationGroup(*moved))

    def try_orders(self) -> None:
        """Try orders of the product: one does not exist, one has the wrong shape."""
        attempts = self.given.attempts("W")
        wrong = next(a for a in attempts if a.fits and a.product.shape != self.W.shape)
        columns, rows = attempts[0].left.shape.columns, attempts[0].right.shape.rows
        with self.beat("unfit", columns=columns, rows=rows):
            self.play(self.compare(*self.pair))
        with self.beat("turned", W=self.W):
            self.change_to(wrong)
            self.play(self.compare(*self.pair))
            self.lay_over(wrong)
        self.play_right()

    def change_to(self, attempt: Attempt) -> None:
        """Let the two rectangles become those of another attempt."""
        old = self.pair
        self.pair = self.in_row([self.box(attempt.left), self.box(attempt.right)], layout.BOX_PAIR)
        by_size = sorted(old, key=lambda box: box.rows * box.columns)
        new = sorted(self.pair, key=lambda box: box.rows * box.columns)
        moved = (self.turned_into(*both) for both in zip(by_size, new, strict=True))
        self.play(FadeOut(self.marks), AnimationGroup(*moved))

    def lay_over(self, attempt: Attempt) -> None:
        """Lay the rectangle of the product over the one that is to be filled."""
        made = ShapeBox(attempt.product, self.theme, layout.BOX_UNIT, plain=True).inside
        made.move_to(VGroup(*(box.frame for box in self.pair)))
        self.play(FadeIn(made, scale=layout.SEED_SCALE))
        self.play(made.animate.move_to(self.target.frame))
        self.marks.add(made)

    def play_right(self) -> None:
        """The right order fills the rectangle, and becomes the equation."""
        gradient = self.given.backward("W")
        right = next(a for a in self.given.attempts("W") if a.fits and a.product == gradient.rhs)
        with self.beat("right", W=self.W, derivative=gradient.lhs):
            self.change_to(right)
            self.play(self.compare(*self.pair))
            self.lay_over(right)
            self.fill(gradient)

    def fill(self, gradient: MatrixEquation) -> None:
        """Let the factors leave their rectangles for the equation."""
        factors = (moves.fly(self.equation.at((1, place)), box.label) for place, box in enumerate(self.pair))
        rest = [
            glyph
            for glyph in self.equation.at((1,))
            if not any(glyph in self.equation.at((1, place)) for place in range(len(self.pair)))
        ]
        self.play(*factors, *(FadeIn(glyph) for glyph in rest))
        self.new_fractions(2)

    def all_ways(self) -> None:
        """Show all eight ways at once: the inner sides fit twice, the shape is right once."""
        attempts = self.given.attempts("W")
        ways = [self.way(attempt) for attempt in attempts]
        grid = VGroup(*ways).arrange_in_grid(
            cols=layout.BOX_WAYS_COLUMNS, buff=layout.BOX_SPACE, cell_alignment=DOWN
        )
        grid.move_to(layout.BOX_WAYS.centre)
        share = min(layout.BOX_WAYS.width / grid.width, layout.BOX_WAYS.height / grid.height, 1)
        grid.scale(share)
        fitting = [a.fits for a in attempts]
        right = [a.fits and a.product.shape == self.W.shape for a in attempts]
        with self.beat("ways", count=len(attempts), fitting=sum(fitting), right=sum(right)):
            self.play(FadeOut(VGroup(self.target, *self.pair), self.marks, self.equation))
            self.play(LaggedStart(*map(FadeIn, ways), lag_ratio=0.3, run_time=2.0))
            stays_lit = [True] * len(ways)
            for kept, darkness in ((fitting, layout.BOX_DARKNESS), (right, layout.BOX_DUSK)):
                gone = [w for w, lit, stays in zip(ways, stays_lit, kept, strict=True) if lit and not stays]
                stays_lit = kept
                self.play(*(way.animate.fade(darkness) for way in gone))
            ringed = [way for way, stays in zip(ways, right, strict=True) if stays]
            rings = [
                SurroundingRectangle(way, color=self.theme[Role.TARGET], buff=layout.BOX_GAP)
                for way in ringed
            ]
            self.play(*map(Create, rings))
        self.shown = VGroup(*ways, *rings)

    def way(self, attempt: Attempt) -> VGroup:
        """Return two small rectangles side by side, and what is written for them."""
        boxes = [
            ShapeBox(term, self.theme, layout.BOX_SMALL_UNIT, plain=True)
            for term in (attempt.left, attempt.right)
        ]
        row = VGroup(*boxes).arrange(RIGHT, buff=layout.BOX_GAP * 2)
        names = [matrix_formula(t, self.theme, layout.BOX_WAY_SIZE) for t in (attempt.left, attempt.right)]
        written = VGroup(*names).arrange(RIGHT, buff=layout.BOX_GAP)
        return VGroup(row, written.next_to(row, DOWN, buff=layout.BOX_GAP))

    # -- the other gradient, and the check ----------------------------------------------------------

    def other_gradient(self) -> None:
        """The gradient by X is found in the same way, at once."""
        gradient = self.given.backward("X")
        assert isinstance(gradient.rhs, MatrixProduct)
        self.equation = self.equation_of(gradient)
        self.target = self.in_row([self.box(gradient.lhs, empty=True)], layout.BOX_TARGET)[0]
        left, right = gradient.rhs.factors
        self.pair = self.in_row([self.box(left), self.box(right)], layout.BOX_PAIR)
        attempt = Attempt(left, right)
        with self.beat("other", X=self.X, derivative=gradient.lhs):
            self.play(FadeOut(self.shown))
            self.play(FadeIn(self.target), FadeIn(self.equation.at((0,)), self.equation.equals))
            self.play(*(FadeIn(box, shift=LEFT) for box in self.pair))
            self.play(self.compare(*self.pair))
            self.lay_over(attempt)
            self.fill(gradient)

    def check(self) -> None:
        """Every entry of both gradients agrees with a difference quotient."""
        checks = [self.given.check(letter) for letter in ("W", "X")]
        agreeing, entries = sum(c.agreeing for c in checks), sum(c.entries for c in checks)
        boxes = self.in_row(
            [self.box(self.given.backward(letter).lhs) for letter in ("W", "X")], layout.BOX_ZONE
        )
        for box, formula in zip(boxes, self.both, strict=True):
            box.shift(RIGHT * (formula.get_x() - box.frame.get_x()))
        with self.beat("check", agreeing=agreeing, count=entries):
            gone = [] if self.settings.numbers else [self.shown]
            self.play(FadeOut(VGroup(*self.lines, *gone)), *map(FadeIn, boxes))
            cells = [
                cell
                for box, found in zip(boxes, checks, strict=True)
                for cell, agrees in zip(box.cells(Role.TARGET), found.agrees, strict=True)
                if agrees
            ]
            self.play(LaggedStart(*map(FadeIn, cells), lag_ratio=0.2, run_time=4.0))

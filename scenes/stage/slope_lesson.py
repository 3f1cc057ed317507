"""A lesson that reads derivatives off curves: a plot at the left, equations at the right."""

from __future__ import annotations

from collections.abc import Sequence

from manim import DOWN, Create, FadeIn, Line, VGroup

from bpmath.algebra import Expression, Partial, Quantity
from bpmath.matrix_equations import Statement
from bpmath.symbols import Symbol
from scenes.stage import layout, moves
from scenes.stage.formula import Formula, Written
from scenes.stage.layer_lesson import LayerLesson
from scenes.stage.slope_plot import Curve, SlopePlot
from scenes.stage.typeset import Typeset


class SlopeLesson(LayerLesson):
    """Draws curves, marks where the sample stands and lays tangents there, in the colour of `role`."""

    plot: SlopePlot
    stack: list[Formula]

    def plot_of(self, curve: Curve, across: Symbol, up: Symbol) -> SlopePlot:
        """Return a plot with the names of its axes."""
        names = [self.formula(symbol, layout.LEAST_EQUATION_SIZE) for symbol in (across, up)]
        return SlopePlot(curve, self.theme, layout.PLOT, *names)

    def stacked(self, *statements: Statement) -> list[Formula]:
        """Return equations below each other, beside the plot; the second in the colour of `role`."""
        size = layout.CLOSE_EQUATION_SIZE
        rows = [self.largest_in(statement, layout.PLOT_BOARD, size) for statement in statements]
        rows[1].at((1,)).set_fill(self.theme[self.role])
        rows[1].at((0,)).set_fill(self.theme[self.role])
        return in_column(rows, layout.PLOT_BOARD)

    def mark(self, across: Symbol, up: Symbol) -> None:
        """Mark a point of the curve, with its two numbers."""
        self.x, self.y = (self.derivation.value(Quantity(symbol)) for symbol in (across, up))
        point, self.feet = self.plot.point(self.x, self.y), self.plot.feet(self.x, self.y)
        self.on_curve = VGroup(point)
        self.play(FadeIn(point, scale=3.0))
        self.play(FadeIn(self.feet))

    def lay_tangent(self, term: Expression) -> Line:
        """Lay the tangent on the curve at the marked point."""
        self.tangent = self.plot.tangent(self.x, self.y, self.derivation.value(term), self.role)
        self.play(Create(self.tangent))
        self.on_curve.add(self.tangent)
        return self.tangent

    def number_from_tangent(self, formula: Formula) -> None:
        """Let the slope of the tangent fly below the derivative on the left of an equation."""
        asked = Written(position=(0,), term=formula.equation.lhs)
        self.number: Typeset = formula.number_below(asked, self.derivation.values)
        self.play(moves.fly(self.number, self.tangent))
        self.new_fractions(1)

    def add_point(self, edge: Partial, row: Formula) -> None:
        """Mark another node on the curve, with a short tangent; its equation comes from there."""
        x, y = (self.derivation.value(Quantity(symbol)) for symbol in (edge.wrt, edge.of))
        slope = self.derivation.value(edge)
        tangent = self.plot.tangent(x, y, slope, self.role, layout.SHORT_TANGENT)
        point = self.plot.point(x, y)
        self.play(FadeIn(point, scale=0.5), Create(tangent), run_time=0.6)
        self.play(moves.fly(row.at(()), point, 0.9))
        self.on_curve.add(point, tangent)


def in_column(rows: Sequence[Formula], zone: layout.Zone) -> list[Formula]:
    """Set equations below each other in a zone, with room for a number below each, smaller if need be."""
    column = VGroup(*rows).arrange(DOWN, buff=layout.NUMBER_ROOM + layout.LINE_GAP)
    if column.height > zone.height:
        column.arrange(DOWN, buff=layout.LINE_GAP)
        column.scale(min(1.0, zone.height / column.height))
    column.move_to(zone.centre)
    return list(rows)

"""A lesson that reads derivatives off curves: a plot at the left, equations at the right."""

from __future__ import annotations

from collections.abc import Sequence

from manim import Create, FadeIn, Line, VGroup

from bpmath.algebra import Expression, Partial, Quantity
from bpmath.matrix_equations import Statement
from bpmath.symbols import Symbol
from scenes.stage import layout, moves
from scenes.stage.formula import Formula, Written
from scenes.stage.layer_lesson import LayerLesson
from scenes.stage.slope_plot import Curve, SlopePlot


class SlopeLesson(LayerLesson):
    """Draws curves, marks where the sample stands and lays tangents there, in the colour of `role`."""

    plot: SlopePlot
    plot_zone: layout.Zone
    stack: list[Formula]
    number: VGroup

    def plot_of(self, curve: Curve, across: Symbol, up: Symbol) -> SlopePlot:
        """Return a plot with the names of its axes."""
        names = [self.formula(symbol, layout.LEAST_EQUATION_SIZE) for symbol in (across, up)]
        return SlopePlot(curve, self.theme, self.plot_zone, *names)

    def stacked(self, *statements: Statement) -> list[Formula]:
        """Return equations below each other, beside the widest plot that leaves them room.

        The second one is in the colour of `role`.
        """
        for self.plot_zone, self.zone in layout.PLOTS:
            rows = [self.largest_in(statement, self.zone, layout.MAIN_SIZE) for statement in statements]
            if min(row.font_size for row in rows) >= layout.LEAST_EQUATION_SIZE:
                break
        rows[1].at((1,)).set_fill(self.theme[self.role])
        rows[1].at((0,)).set_fill(self.theme[self.role])
        return in_column(rows, self.zone, self.number_room)

    @property
    def number_room(self) -> float:
        """The room that a number below an equation takes."""
        return layout.NUMBER_ROOM if self.settings.numbers else 0.0

    def mark(self, across: Symbol, up: Symbol) -> None:
        """Mark a point of the curve, with its two numbers."""
        self.x, self.y = (self.derivation.value(Quantity(symbol)) for symbol in (across, up))
        point, self.feet = (
            self.plot.point(self.x, self.y),
            self.plot.feet(self.x, self.y, self.settings.numbers),
        )
        self.on_curve = VGroup(point)
        self.play(FadeIn(point, scale=layout.POINT_SCALE))
        self.play(FadeIn(self.feet))

    def lay_tangent(self, term: Expression) -> Line:
        """Lay the tangent on the curve at the marked point."""
        self.tangent = self.plot.tangent(self.x, self.y, self.derivation.value(term), self.role)
        self.play(Create(self.tangent))
        self.on_curve.add(self.tangent)
        return self.tangent

    def number_from_tangent(self, formula: Formula) -> None:
        """Let the slope of the tangent fly below the derivative on the left of an equation."""
        self.number = VGroup()
        if not self.settings.numbers:
            return
        asked = Written(position=(0,), term=formula.equation.lhs)
        self.number = formula.number_below(asked, self.derivation.values)
        self.play(moves.fly(self.number, self.tangent))
        self.new_fractions(1)

    def add_point(self, edge: Partial, row: Formula, foot: VGroup) -> None:
        """Mark another node on the curve, with its name and a tangent; its equation comes from there."""
        x, y = (self.derivation.value(Quantity(symbol)) for symbol in (edge.wrt, edge.of))
        slope = self.derivation.value(edge)
        tangent = self.plot.tangent(x, y, slope, self.role, layout.SHORT_TANGENT)
        point = self.plot.point(x, y)
        self.play(FadeIn(point, scale=layout.POINT_SCALE), FadeIn(foot), Create(tangent), run_time=0.6)
        self.play(moves.fly(row.at(()), point, 0.9))
        self.on_curve.add(point, tangent)


def in_column(rows: Sequence[Formula], zone: layout.Zone, room: float = 0.0) -> list[Formula]:
    """Set equations below each other in a zone, with some room below the second, smaller if need be."""
    heights, gaps = [row.height for row in rows], len(rows) - 1
    free = (zone.height - sum(heights) - room) / (gaps + 1)
    gap = min(max(free, layout.LINE_GAP), layout.MOST_GAP)
    taken = sum(heights) + room + gaps * gap
    column, top = VGroup(*rows), zone.centre[1] + taken / 2
    for index, row in enumerate(rows):
        row.move_to(zone.centre).set_y(top - row.height / 2)
        top -= row.height + gap + (room if index == 1 else 0.0)
    column.scale(min(1.0, zone.height / taken), about_point=zone.centre)
    return list(rows)

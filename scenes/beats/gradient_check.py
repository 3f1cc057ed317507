"""The gradients of a network against what its error does when a parameter is nudged, on the map itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Animation,
    Create,
    FadeIn,
    FadeOut,
    LaggedStart,
    RoundedRectangle,
    VGroup,
    VMobject,
)

from bpmath.algebra import Derivative
from bpmath.checks import gradient_check
from bpmath.symbols import E, Symbol, b, w
from scenes.beats.general import GeneralLesson
from scenes.stage import layout, moves
from scenes.stage.formula import Formula, number_mobject
from scenes.stage.relabelling import relabel
from scenes.stage.theme import Role
from scenes.stage.typeset import Typeset, set_text


@dataclass(frozen=True)
class Column:
    """A derivative, its value by backpropagation, and below it the same found by nudging."""

    parameter: Symbol
    name: Formula
    analytic: Typeset
    numeric: Typeset

    @property
    def whole(self) -> VGroup:
        """All of it."""
        return VGroup(self.name, self.analytic, self.numeric)


class GradientCheckBeats(GeneralLesson):
    """The beats in which a lesson checks every gradient, and closes.

    When they begin, the map and equations stand, and every gradient on the map is known.
    """

    board: dict[str, Formula]
    rings: VGroup
    frame: RoundedRectangle | None
    heads: list[Typeset]
    columns: list[Column]

    # -- parameters on the map --------------------------------------------------------------------

    def parameters(self, layer: int) -> list[Symbol]:
        """Return the weights and biases of a layer that the map shows."""
        return [*self.map.plan.weights(layer), *self.map.symbols("b", layer)]

    def edge(self, parameter: Symbol) -> VMobject:
        """Return where a parameter enters."""
        where = self.map.stub(parameter).line if parameter.letter == "b" else self.map.where(parameter)
        assert isinstance(where, VMobject)
        return where

    def tint(self, parameters: Sequence[Symbol], role: Role) -> list[Any]:
        """Return the animations that give the edges of parameters a colour."""
        colour, width = self.theme[role], layout.KNOWN_STROKE
        return [self.edge(one).animate.set_stroke(colour, width=width) for one in parameters]

    # -- the two ways compared --------------------------------------------------------------------

    def check(self) -> None:
        """Nudge a weight and a bias of the last layer: what E does is their derivative."""
        run = self.derivation.run
        self.checked = gradient_check(self.derivation.network, run.x, run.y)
        self.heads, self.columns = self.table(self.last)
        with self.beat("check", E=E):
            assert self.frame is not None
            room_for_numbers = self.board.values() if self.settings.numbers else ()
            self.play(FadeOut(self.frame, self.rings, *room_for_numbers), run_time=0.8)
            for column, pace in zip(self.columns, (1, layout.LATER), strict=True):
                self.nudge(column, pace)
            self.new_fractions(len(self.columns))

    def nudge(self, column: Column, pace: float) -> None:
        """Nudge a parameter: the change runs forward to E, and E tells the derivative."""
        shown, edge = self.settings.numbers, self.edge(column.parameter)
        first = column is self.columns[0]
        if shown:
            known = [moves.fly(VGroup(*part.glyphs), edge) for part in (column.name, column.analytic)]
            self.play(*known, *([FadeIn(self.heads[0])] if first else []), run_time=moves.FLIGHT * pace)
        way = self.derivation.paths(column.parameter)[0]
        partials = [self.derivation.local(step) for step in reversed(way)]
        lines = [self.map.edge_of(partial) for partial in partials if self.map.shows_edge(partial)]
        lights = [moves.pulse([line], self.theme[Role.VALUE], pace) for line in lines]
        ring = self.map.ring(E, Role.VALUE)
        self.play(LaggedStart(*lights, lag_ratio=0.5), run_time=2.0 * pace)
        self.play(Create(ring), run_time=0.5 * pace)
        if shown:
            found = moves.fly(VGroup(*column.numeric.glyphs), ring, moves.FLIGHT * pace)
            self.play(found, *([FadeIn(self.heads[1])] if first else []))
        self.play(FadeOut(ring), run_time=0.3)

    def table(self, layer: int) -> tuple[list[Typeset], list[Column]]:
        """Return the words before the lines of a table, and the columns: a weight and a bias of a layer."""
        zone, heads = layout.CHECK_TABLE, [self.heading("analytic"), self.heading("numeric")]
        columns = self.columns_of(layer)
        # As wide as the widest of all layers, so that the columns stay when their layer changes.
        every = (column for other in range(1, self.last + 1) for column in self.columns_of(other))
        widest = max(column.whole.width for column in every)
        table = VGroup(*(column.whole for column in columns))
        for number, column in enumerate(columns):
            column.whole.set_x(number * (widest + layout.CHECK_GAP))
        for head, line in zip(heads, (columns[0].analytic, columns[0].numeric), strict=True):
            head.set_y(line.get_y()).align_to(LEFT * (widest / 2 + layout.CHECK_GAP), RIGHT)
        VGroup(*heads, table).move_to(zone.centre)
        return heads, columns

    def columns_of(self, layer: int) -> list[Column]:
        """Return a column for the first weight of a layer, and one for its first bias."""
        return [self.column(parameter) for parameter in (w(layer, 1, 1), b(layer, 1))]

    def column(self, parameter: Symbol) -> Column:
        """Return a parameter's derivative, found both ways, one below the other."""
        size, known, found = layout.EQUATION_SIZE, self.theme[Role.TARGET], self.theme[Role.VALUE]
        analytic = number_mobject(self.checked.analytic[parameter], known, size)
        numeric = number_mobject(self.checked.numeric[parameter], found, size)
        column = Column(parameter, self.formula(Derivative(E, parameter)), analytic, numeric)
        column.whole.arrange(DOWN, buff=layout.GRID_GAP)
        return column

    def heading(self, key: str) -> Typeset:
        """Return the words before a line."""
        return set_text(self.words(key).markup, layout.CAPTION_SIZE, self.theme[Role.QUIET], self.fonts)

    # -- all of them ------------------------------------------------------------------------------

    def agree(self) -> None:
        """Check layer after layer: what agrees turns green on the map, and is counted."""
        agreeing, total = self.checked.agreeing, self.checked.total
        self.words_below = self.counted()
        with self.beat("agree", "" if agreeing == total else "most", agreeing=agreeing, count=total):
            self.counter, reached = Typeset(), 0
            self.play(*self.flashes() if self.settings.numbers else [FadeOut(*self.board.values())])
            self.play(FadeIn(self.words_below), run_time=0.5)
            for layer in reversed(range(1, self.last + 1)):
                if layer != self.last and self.settings.numbers:
                    self.next_columns(layer)
                reached = self.check_layer(layer, reached)
            self.play(moves.flash(self.counter), *(self.flashes() if self.settings.numbers else []))

    def flashes(self) -> list[Animation]:
        """Return the animations in which both numbers of every column swell."""
        numbers = [number for column in self.columns for number in (column.analytic, column.numeric)]
        return [moves.flash(VGroup(*number.glyphs)) for number in numbers]

    def next_columns(self, layer: int) -> None:
        """Let the columns go over to another layer."""
        _, columns = self.table(layer)
        moved: list[Animation] = []
        for old, new in zip(self.columns, columns, strict=True):
            new.name.move_to(old.name)
            moved.append(relabel(old.name, new.name))
            for before, after in ((old.analytic, new.analytic), (old.numeric, new.numeric)):
                after.move_to(before)
                moved += [
                    FadeOut(before, shift=UP * layout.GRID_GAP),
                    FadeIn(after, shift=UP * layout.GRID_GAP),
                ]
        self.play(*moved, run_time=0.8)
        self.columns = columns

    def check_layer(self, layer: int, reached: int) -> int:
        """Turn the edges of a layer green, those that agree, and count; return the count."""
        shown = self.parameters(layer)
        every = [parameter for parameter in self.checked.errors if parameter.layer == layer]
        hidden = [parameter for parameter in every if parameter not in set(shown)]
        groups = np.array_split(np.arange(len(shown)), min(layout.COUNT_STEPS, len(shown)))
        pace = layout.CHECK_SECONDS / len(groups)
        for number, group in enumerate(groups):
            now = [shown[index] for index in group]
            also = hidden if number == len(groups) - 1 else []
            agreeing = [parameter for parameter in now if self.checked.agrees(parameter)]
            reached += sum(map(self.checked.agrees, (*now, *also)))
            if agreeing:
                self.play(*self.tint(agreeing, Role.VALUE), run_time=pace)
            new = self.counter_at(reached)
            self.remove(self.counter)
            self.add(new)
            self.counter = new
        return reached

    def counter_at(self, count: int) -> Typeset:
        """Return how many agree so far, over its words."""
        counter = self.large_count(count)
        return counter.next_to(self.words_below, UP, buff=layout.COUNT_GAP)

    def large_count(self, count: int) -> Typeset:
        """Return a count in large digits."""
        words = self.words("reached", agreeing=count)
        return set_text(words.markup, layout.COUNT_SIZE, self.theme[Role.VALUE], self.fonts)

    def counted(self) -> Typeset:
        """Return the words below the count, with room for it above."""
        words = self.words("counted", count=self.checked.total)
        below = set_text(words.markup, layout.CAPTION_SIZE, self.theme[Role.QUIET], self.fonts)
        count = self.large_count(self.checked.total)
        zone = layout.CHECK_COUNT if self.settings.numbers else layout.BOARD
        VGroup(count, below).arrange(DOWN, buff=layout.COUNT_GAP).move_to(zone.centre)
        return below

    # -- the end ----------------------------------------------------------------------------------

    def closing(self) -> None:
        """The equations over the network that they are true of: one pass forward, one pass back."""
        places = self.grid([*self.equations.values()])
        leaving = [self.counter, self.words_below]
        if self.settings.numbers:
            leaving += self.heads
            leaving += [part for one in self.columns for part in (one.name, one.analytic, one.numeric)]
        with self.beat("closing"):
            self.play(FadeOut(*leaving), run_time=0.8)
            self.play(*(flight for one in places.values() for flight in self.from_layer(one)), run_time=1.6)
            for layer in range(1, self.last + 1):
                self.play(moves.pulse(self.map.open_edges(layer), self.theme[Role.INK], run_time=0.6))
            self.run_back(run_time=0.6)
            self.wait(4.0)

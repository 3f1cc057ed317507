"""The same walk to a bias: the last factor is one, every other factor is known from a weight."""

from __future__ import annotations

from dataclasses import dataclass

from manim import RIGHT, UP, Create, FadeIn, FadeOut, LaggedStart, VGroup

from bpmath.algebra import Partial, product
from bpmath.symbols import E, Symbol, b, w
from scenes.stage import layout, moves
from scenes.stage.equation_grid import cell, set_level
from scenes.stage.formula import Formula
from scenes.stage.lines import signs_before
from scenes.stage.walk import WalkLesson, lit_lines


@dataclass(frozen=True)
class Pair:
    """The equation of a weight, and below it that of the bias of the same node."""

    weight: Formula
    bias: Formula


class TraceBiasBeats(WalkLesson):
    """The beats of `TraceBias`."""

    def prepare(self) -> None:
        """Make the map, the equation of a weight and that of its node's bias."""
        self.layer = self.derivation.network.layers
        self.weight, self.bias = w(self.layer, 1, 1), b(self.layer, 1)
        self.prepare_map()
        self.labels = self.map.make_labels([self.weight])
        pair = self.pair(self.weight, self.bias)
        assert pair is not None
        self.known, self.asked = pair.weight, pair.bias

    def pair(self, weight: Symbol, bias: Symbol) -> Pair | None:
        """Return the equations of a weight and of a bias, one below the other, at one size, if they fit."""
        room = cell(self.board, rows=2, columns=1)
        first, second = (
            self.laid(self.derivation.path_sum(symbol), room, size=layout.TRACE_SIZE)
            for symbol in (weight, bias)
        )
        if first is None or second is None:
            return None
        set_level([[first], [second]], self.board)
        return Pair(first, second)

    def recall(self) -> None:
        """The equation of the weight stands, and its way is lit."""
        with self.beat("known", weight=self.weight, E=E):
            self.play(FadeIn(self.title(bias=self.bias)), FadeIn(self.map), FadeIn(self.labels))
            self.lights = VGroup(*(self.light(way) for way in self.ways(self.weight)))
            self.play(*map(Create, lit_lines(self.lights)), run_time=1.2)
            self.play(*self.ask_on_board(self.known, self.weight))
            rest = self.known.at((1,))
            self.play(FadeIn(rest))
            self.new_fractions(3)

    def ask(self) -> None:
        """The bias of the same node."""
        with self.beat("question", bias=self.bias, E=E):
            self.play(self.mark(self.bias))
            self.play(*self.ask_on_board(self.asked, self.bias))
            self.new_fractions(1)

    def take_what_is_known(self) -> None:
        """All factors but the last are those of the weight: they leave its equation."""
        signs = signs_before(self.asked)
        places = [(p, t) for p, t in self.factors(self.asked, (1,)) if t.wrt != self.bias]
        with self.beat("shared", weight=self.weight, bias=self.bias):
            sources = [self.known.at(place) for place, _ in places]
            self.play(*(moves.flash(source) for source in sources))
            copies = [moves.copy_to(self.known.at(p), self.asked.at(p), run_time=1.4) for p, _ in places]
            fading = [FadeIn(signs[p], run_time=1.4) for p, _ in places if len(signs[p])]
            self.play(*copies, *fading)

    def last_edge(self) -> None:
        """The last edge is the short one by which the bias enters."""
        (place,) = [p for p, t in self.factors(self.asked, (1,)) if t.wrt == self.bias]
        partial = Partial(self.derivation.local(self.derivation.paths(self.bias)[0][-1]).of, self.bias)
        signs = signs_before(self.asked)[place]
        weight_edge = [edge for light in self.lights for edge in light[-1:]]
        with self.beat("last", bias=self.bias, weight=self.weight):
            self.play(*(FadeOut(edge) for edge in weight_edge), run_time=0.5)
            lit = self.lit_edge(partial)
            self.play(Create(lit[-1]))
            self.play(moves.fly(self.asked.at(place), lit), FadeIn(signs))
            self.new_fractions(1)
        self.lit, self.last = lit, partial

    def it_is_one(self) -> None:
        """A bias is added as it is: its factor is 1, and can go."""
        one = self.derivation.local_formula(self.last)
        equation = self.formula(one, layout.LEAST_EQUATION_SIZE)
        with self.beat("one", bias=self.bias, z=self.last.of, one=one.value):
            (place,) = [p for p, t in self.factors(self.asked, (1,)) if t.wrt == self.bias]
            glyphs = self.asked.at(place)
            room = layout.BOARD.right - self.asked.get_right()[0]
            if room > equation.width + layout.COLUMN_GAP:
                equation.next_to(self.asked, buff=layout.COLUMN_GAP)
                equation.shift(UP * (self.asked.equals.get_y() - equation.equals.get_y()))
                self.play(
                    moves.copy_to(glyphs, equation.at((0,))), FadeIn(equation.equals, equation.at((1,)))
                )
                self.new_fractions(1)
                self.aside = VGroup(equation)
            else:
                self.aside = VGroup()
                self.play(moves.flash(glyphs))

    def drop_it(self) -> None:
        """Without the last factor, what is left is known already: both numbers."""
        rhs = self.asked.equation.rhs
        rest = self.derivation.equation(self.asked.equation.lhs, product(*rhs.operands[:-1]))
        short = self.formula(rest, self.asked.font_size, longest_sum=layout.SHORTEST_SUM)
        short.move_to(self.asked).shift(RIGHT * (self.asked.equals.get_x() - short.equals.get_x()))
        with self.beat("result", "" if self.settings.numbers else "symbols", bias=self.bias, rate=rest.value):
            self.play(moves.rewrite(self.asked, short))
            self.play(moves.flash(short.at((1,))))
        self.asked = short

    def deeper(self) -> None:
        """One layer deeper it is the same: the tail is known, the last factor is one."""
        if self.layer == 1:
            with self.beat("deeper", "shallow"):
                self.play(moves.flash(self.asked.at((1,))))
            return
        weight, bias = w(self.layer - 1, 1, 1), b(self.layer - 1, 1)
        pair = self.pair(weight, bias)
        if pair is None:
            with self.beat("deeper", "long"):
                self.play(moves.flash(self.asked.at((1,))))
            return
        known, asked = pair.weight, pair.bias
        with self.beat("deeper", weight=weight, bias=bias):
            leaving = [FadeOut(self.known), FadeOut(self.asked), FadeOut(self.lit), FadeOut(self.lights)]
            self.play(*leaving, *([FadeOut(self.aside)] if len(self.aside) else []), run_time=0.6)
            ways = VGroup(*(self.light(way) for way in self.ways(bias)))
            self.play(
                *map(Create, lit_lines(ways)),
                self.mark(bias),
                self.unmark(self.bias),
            )
            self.play(LaggedStart(FadeIn(known), FadeIn(asked.at((0,)), asked.equals), lag_ratio=0.4))
            places = [p for p, t in self.factors(asked, (1,)) if t.wrt != bias]
            copied = {id(glyph) for p in places for glyph in asked.at(p)}
            shown = {id(glyph) for glyph in (*asked.at((0,)), *asked.equals)}
            rest = VGroup(*(g for g in asked.glyphs if id(g) not in copied | shown))
            self.play(
                *(moves.copy_to(known.at(p), asked.at(p), run_time=1.4) for p in places),
                FadeIn(rest, run_time=1.4),
            )
            self.new_fractions(2)

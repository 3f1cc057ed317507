"""Logits become probabilities: bars over the map, then side by side with what they become."""

from __future__ import annotations

from manim import (
    DOWN,
    RIGHT,
    UP,
    Animation,
    Create,
    FadeIn,
    FadeOut,
    LaggedStart,
    Mobject,
    ReplacementTransform,
    Transform,
    VGroup,
)

from bpmath.algebra import Derivative
from bpmath.equations import FalseEquation
from bpmath.matrix_equations import Statement
from bpmath.numbers import numbers
from bpmath.softmax import p, softmax_of
from bpmath.symbols import a
from scenes.beats.last_layer import LastLayerBeats
from scenes.settings import Settings
from scenes.stage import layout, moves
from scenes.stage.class_bars import ClassBars, shown_classes
from scenes.stage.formula import Formula, Written
from scenes.stage.theme import Role


class SoftmaxBarsBeats(LastLayerBeats):
    """The first beats of `SoftmaxCrossEntropy`."""

    role = Role.DELTA

    def can_be_shown(self, settings: Settings) -> bool:
        """Tell whether the user's network has at least two classes and none that is impossible."""
        if not super().can_be_shown(settings) or not 1 < settings.network.sizes[-1] <= layout.MOST_CLASSES:
            return False
        try:
            return bool(settings.derivation().softmax().cancellation(1))
        except FalseEquation:
            return False

    def prepare(self) -> None:
        """Make the map and the bars."""
        self.map = self.network_map()
        self.softmax = self.derivation.softmax()
        self.logits = self.softmax.logits
        self.classes = [k for k in shown_classes(len(self.logits)) if k is not None]
        self.executed = [self.softmax.definition(k) for k in self.classes]
        self.over_map, self.before = map(self.bars_of_logits, (layout.BARS_WIDE, layout.BARS_LEFT))
        moved = self.softmax.at.copy()
        moved[0] += layout.BARS_NUDGE
        self.moved = softmax_of(moved, self.softmax.targets)
        self.after = self.bars_of_probabilities(layout.BARS_BELOW, max(self.moved.probabilities))

    def bars_of_logits(self, zone: layout.Zone) -> ClassBars:
        """Return the bars of what the last layer gives."""
        names = [self.formula(self.logits[k - 1], layout.BARS_NAME_SIZE) for k in self.classes]
        values, show = list(self.softmax.at), self.settings.numbers
        # The first one is going to grow.
        most = values[0] + layout.BARS_NUDGE
        return ClassBars(values, names, self.theme, zone, Role.INK, most=most, with_numbers=show)

    def bars_of_probabilities(self, zone: layout.Zone, most: float) -> ClassBars:
        """Return the bars of what softmax makes of it, with room for a probability."""
        names = [self.formula(p(k), layout.BARS_NAME_SIZE) for k in self.classes]
        values, show = list(self.softmax.probabilities), self.settings.numbers
        return ClassBars(values, names, self.theme, zone, Role.VALUE, most=most, with_numbers=show)

    @property
    def elided(self) -> str:
        """Which sentences apply: "large" where classes are left out."""
        return "large" if len(self.classes) < len(self.logits) else ""

    def beside(self, *statements: Statement) -> list[Formula]:
        """Return equations one below the other, beside the bars."""
        roles = {Derivative(p(k), self.logits[0]): Role.ACTIVATION_DERIVATIVE for k in self.classes}
        zone, size = layout.BARS_BOARD, layout.MAIN_SIZE
        rows = [self.largest_in(statement, zone, size, roles=roles) for statement in statements]
        for row in rows:
            if isinstance(row.equation.lhs, Derivative):
                row.at((1,)).set_fill(self.theme[Role.ACTIVATION_DERIVATIVE])
        VGroup(*rows).arrange(DOWN, buff=layout.ROW_GAP).move_to(zone.centre)
        return rows

    # -- logits and probabilities -----------------------------------------------------------------

    def show_logits(self) -> None:
        """Let a bar grow out of every output: any number."""
        layer, bars = self.derivation.network.layers, self.over_map
        with self.beat("question", self.whose or self.elided, count=len(self.logits), a=self.logits[0]):
            self.play(FadeIn(self.title()), FadeIn(self.map))
            rings = {k: self.map.ring(a(layer, k)) for k in self.map.plan.rows(layer)}
            self.rings = VGroup(*rings.values())
            self.play(*map(Create, rings.values()))
            self.play(FadeIn(bars.line, *bars.names.values(), bars.dots))
            steps = [self._grow(bars, k, rings.get(k, bars.names[k])) for k in self.classes]
            self.play(LaggedStart(*steps, lag_ratio=0.3, run_time=2.4))

    def _grow(self, bars: ClassBars, k: int, source: Mobject) -> Animation:
        """Return a bar that comes from somewhere, with its number."""
        return FadeIn(*bars.column(k), target_position=source.get_center(), scale=layout.SEED_SCALE)

    def make_probabilities(self) -> None:
        """The exponential of a logit, as a share of all of them."""
        unit = self.softmax.unit_sum("p")
        more = [numbers(unit).after] if self.settings.numbers else []
        self.right = self.beside(self.softmax.definition(1), unit, *more)
        definition, *sums = self.right
        with self.beat("softmax", p=p(1), a=self.logits[0]):
            moved = ReplacementTransform(self.over_map, self.before)
            self.play(FadeOut(self.map, self.rings), moved, run_time=1.2)
            self.play(FadeIn(definition.at((0,)), definition.equals), run_time=0.5)
            self.play(moves.fly(definition.at((1,)), self.before.bars[1]))
            self.play(FadeIn(self.after.line, *self.after.names.values(), self.after.dots), run_time=0.6)
            self.play(self._become(1))
            self.new_fractions(1)
        with self.beat("sum", self.elided):
            self.play(LaggedStart(*map(self._become, self.classes[1:]), lag_ratio=0.3, run_time=1.6))
            for row in sums:
                self.play(FadeIn(row, shift=UP * layout.NUMBER_GAP))

    def _become(self, k: int) -> Animation:
        """Return the bar of a probability as it comes out of that of its logit."""
        bar, *number = self.after.column(k)
        leaving = self.before.bars[k].copy()
        return LaggedStart(ReplacementTransform(leaving, bar), *map(FadeIn, number), lag_ratio=0.5)

    # -- a logit moves ----------------------------------------------------------------------------

    def nudge(self) -> None:
        """Make one logit larger, and look what the probabilities do."""
        figures = VGroup(*self.after.numbers.values(), *list(self.before.numbers.values())[:1])
        rising = [(self.before, 1, self.moved.at[0])]
        rising += [(self.after, k, self.moved.probabilities[k - 1]) for k in self.classes]
        there = [bars.bars[k].animate.become(bars.bar(k, value)) for bars, k, value in rising]
        stood = [(bars.bars[k], bars.bars[k].copy()) for bars, k, _ in rising]
        with self.beat("nudge", a=self.logits[0], p=p(1)):
            self.play(FadeOut(figures, *self.right[2:]), run_time=0.6)
            self.play(*there, run_time=2.0)
            self.wait(0.5)
            self.play(*(Transform(*pair) for pair in stood), run_time=1.2)
            self.play(FadeIn(figures), run_time=0.6)

    def ask_entries(self) -> None:
        """The derivative of one's own probability, and that of another one."""
        entries = [self.softmax.jacobian_entry(row, 1) for row in (1, 2)]
        self.entries = self.beside(*entries)
        first, second = self.entries
        second.shift(RIGHT * (first.equals.get_x() - second.equals.get_x()))
        self.figures = [self._number(entry) for entry in self.entries]
        VGroup(*self.entries, *self.figures).move_to(layout.BARS_BOARD.centre)
        gone = VGroup(*self.right[:2])
        for k, (entry, figure) in enumerate(zip(self.entries, self.figures, strict=True), 1):
            with self.beat("own" if k == 1 else "other", p=p(k), a=self.logits[0], own=p(1)):
                if k == 1:
                    self.play(FadeOut(gone), run_time=0.6)
                self.play(moves.fly(entry.at((0,)), self.before.bars[1]), FadeIn(entry.equals))
                self.play(moves.fly(entry.at((1,)), self.after.bars[k]), FadeIn(figure))
                self.new_fractions(1)

    def _number(self, entry: Formula) -> VGroup:
        """Return the number below a derivative."""
        if not self.settings.numbers:
            return VGroup()
        values = entry.equation.values
        return entry.number_below(Written(position=(0,), term=entry.equation.lhs), values)

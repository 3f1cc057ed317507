"""The first layer: paths double with every layer, and the sum over all of them fills the board."""

from __future__ import annotations

from manim import DOWN, LEFT, UP, Create, FadeIn, FadeOut, LaggedStart, Succession, VGroup, VMobject

from bpmath.algebra import Partial
from bpmath.costs import cost_of
from bpmath.equations import Equation
from bpmath.nesting import nest
from bpmath.symbols import E, Symbol, w
from scenes.stage import layout
from scenes.stage.formula import Formula
from scenes.stage.layout import Zone
from scenes.stage.rewriting import follow
from scenes.stage.typeset import Typeset
from scenes.stage.walk import WalkLesson, arrive_all, lit_lines

MOST_WAYS_LIT = 8
MOST_COUNTED = 4
COUNT_LINE = 0.62
FULL_BOARD = Zone(
    layout.BOARD.left, layout.BOARD.right, layout.CAPTION.top + COUNT_LINE, layout.BOARD.top - 0.05
)
"""The board without the map, above the line of counts."""


class TraceFirstLayerBeats(WalkLesson):
    """The beats of `TraceFirstLayer`."""

    def prepare(self) -> None:
        """Make the map, the counts of every layer, and the sums, written out where that is possible."""
        layers = self.derivation.network.layers
        self.weight = w(1, 1, 1)
        # From the last layer back to the first, at most so many that they fit on the board.
        self.counted = [w(layer, 1, 1) for layer in range(layers, 0, -1)][-MOST_COUNTED:]
        self.map = self.network_map()
        self.labels = self.map.make_labels(self.counted)
        self.count = self.derivation.cost(self.weight).paths
        self.nesting = nest(self.derivation, self.weight)
        self.nested = self.laid(self.nesting.after, FULL_BOARD)
        self.whole = self.laid(self.nesting.before, FULL_BOARD, line_for_each_term=True)

    @property
    def case(self) -> str:
        """Which sentences apply: one layer, one way, or several."""
        if self.derivation.network.layers == 1:
            return "shallow"
        return "single" if self.count == 1 else ""

    def ask(self) -> None:
        """The weight of the first layer."""
        with self.beat("question", self.case, E=E, weight=self.weight):
            self.play(FadeIn(self.title(weight=self.weight)), FadeIn(self.map), FadeIn(self.labels))
            self.play(self.mark(self.weight))

    def count_later_layers(self) -> None:
        """How many ways lead to a weight, layer by layer, from the last to the first."""
        lines = VGroup(*(self.count_of(weight) for weight in self.counted))
        lines.arrange(DOWN, buff=0.3, aligned_edge=LEFT).move_to(layout.BOARD.centre)
        self.counts = lines
        with self.beat("layers", self.case, weight=self.weight, E=E, count=self.count):
            for weight, line in zip(self.counted, lines, strict=True):
                lights = VGroup(*(self.light(way) for way in self.ways(weight)[:MOST_WAYS_LIT]))
                self.play(Succession(*self.pulses_forward(weight), run_time=1.2))
                self.play(*map(Create, lit_lines(lights)), run_time=0.7)
                self.play(FadeIn(line, shift=DOWN * 0.2))
                self.play(FadeOut(lights), run_time=0.4)

    def count_of(self, weight: Symbol) -> Typeset:
        """Return a line that says what the sum over the paths to a weight costs."""
        cost = self.derivation.cost(weight)
        multiplications = cost.by_paths.multiplications
        key = "count.one" if cost.paths == 1 else "count"
        return self.counted_line(key, weight=weight, paths=cost.paths, multiplications=multiplications)

    def light_all(self) -> None:
        """Every way to the weight lights up, one after the other, faster and faster."""
        ways = self.ways(self.weight)[:MOST_WAYS_LIT]
        hidden = self.count - len(ways)
        variant = "elided" if hidden else self.case
        with self.beat("ways", variant, E=E, weight=self.weight, count=self.count):
            self.lights = VGroup()
            run_time = 2.4
            for way, role in zip(ways, self.tints(len(ways)), strict=True):
                light = self.light(way, role)
                self.play(self.run_along(light, run_time))
                self.lights.add(light)
                run_time = max(0.8, 0.7 * run_time)

    def write(self) -> None:
        """The factors leave their edges, the map leaves, and the sum fills the board."""
        first = self.whole or self.nested
        assert first is not None
        self.equation: Formula = first
        variant = "nested" if self.whole is None else "elided" if self.is_elided(first) else self.case
        seeds = [(place, self.seed(factor)) for place, factor in self.factors(first, (1,))]
        with self.beat("equation", variant, weight=self.weight, E=E, count=self.count):
            self.play(FadeOut(self.counts), *self.ask_on_board(first, self.weight))
            flights = arrive_all(first, seeds, run_time=4.0)
            leaving = (FadeOut(self.map), FadeOut(self.labels), FadeOut(self.lights))
            self.play(flights, Succession(LaggedStart(*leaving, lag_ratio=0, run_time=2.5)))
            self.new_fractions(4)

    def seed(self, factor: Partial) -> VMobject:
        """Return what a factor leaves: its edge, or E where the map does not draw that edge."""
        if self.map.shows_edge(factor):
            return self.map.edge_of(factor).copy()
        return self.map.node(E).circle.copy()

    def is_elided(self, formula: Formula) -> bool:
        """Tell whether an ellipsis stands in a formula."""
        return len(formula.written(Partial)) < sum(isinstance(term, Partial) for _, term in formula.positions)

    def nest(self) -> None:
        """What the ways share is written once; that helps, and not enough."""
        if self.case:
            return
        sums = (self.nesting.before, self.nesting.after)
        costs = [cost_of(side).multiplications for side in sums if isinstance(side, Equation)]
        below = self.counted_line("counter", weight=self.weight, paths=self.count, multiplications=costs[0])
        below.move_to(UP * (layout.CAPTION.top + COUNT_LINE / 2))
        after = self.counted_line("counter", weight=self.weight, paths=self.count, multiplications=costs[1])
        after.move_to(below)
        with self.beat("counted", weight=self.weight, multiplications=costs[0], count=self.count):
            self.play(FadeIn(below))
        with self.beat("nested", before=costs[0], multiplications=costs[1]):
            if self.whole is not None and self.nested is not None:
                self.play(follow(self.nesting, self.whole, self.nested, run_time=2.5))
                self.equation = self.nested
            self.play(FadeOut(below), FadeIn(after))

    def there_must_be_a_better_way(self) -> None:
        """What it all costs, for every weight and bias."""
        costs = self.derivation.cost()
        words = {"paths": costs.paths, "multiplications": costs.by_paths.multiplications}
        with self.beat("all", self.case, **words):
            self.wait(0.2)
        doubling = set(self.derivation.network.sizes[2:]) == {2} and not self.case
        with self.beat("better", "double" if doubling else self.case):
            self.wait(0.2)

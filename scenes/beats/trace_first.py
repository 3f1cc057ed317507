"""The first layer: paths double with every layer, and the sum over all of them fills the board."""

from __future__ import annotations

from manim import (
    DOWN,
    RIGHT,
    UP,
    Animation,
    AnimationGroup,
    Create,
    FadeIn,
    FadeOut,
    LaggedStart,
    Restore,
    Succession,
    VGroup,
)

from bpmath.algebra import Partial
from bpmath.costs import cost_of
from bpmath.equations import Equation
from bpmath.nesting import nest
from bpmath.symbols import E, Symbol, w
from scenes.stage import layout, moves
from scenes.stage.formula import Formula
from scenes.stage.layout import Zone
from scenes.stage.rewriting import follow
from scenes.stage.theme import Role
from scenes.stage.typeset import Typeset, on_baseline, set_text
from scenes.stage.walk import WalkLesson, arrive_all, lit_lines


class TraceFirstLayerBeats(WalkLesson):
    """The beats of `TraceFirstLayer`."""

    def prepare(self) -> None:
        """Make the map, the counts of every layer, and the sums, written out where that is possible."""
        layers = self.derivation.network.layers
        self.weight = w(1, 1, 1)
        self.counted = [w(layer, 1, 1) for layer in range(layers, 0, -1)]
        self.prepare_map()
        self.labels = self.map.make_labels(self.counted)
        self.count = self.derivation.cost(self.weight).paths
        self.nesting = nest(self.derivation, self.weight)
        self.whole, self.nested = self.sums(self.board, all_written=True)
        self.map_stays = self.whole is not None and self.nested is not None
        if not self.map_stays:
            self.whole, self.nested = self.sums(layout.WHOLE_BOARD, all_written=False)
        first = self.whole or self.nested
        assert first is not None
        self.equation: Formula = first
        self.counts = VGroup(*(self.count_of(weight) for weight in self.counted))
        self.corner: Typeset | None = None

    def sums(self, zone: Zone, all_written: bool) -> list[Formula | None]:
        """Return the sum over the ways and the nested sum, at the top of a zone, where they fit."""
        accept = (lambda formula: not self.is_elided(formula)) if all_written else None
        whole = self.laid(self.nesting.before, zone, accept=accept, line_for_each_term=True)
        # Set like the sum over the ways, a line for each, so that every way keeps its place.
        nested = self.laid(self.nesting.after, zone, accept=accept, line_for_each_plus=True)
        for formula in (whole, nested):
            if formula is not None:
                formula.shift(UP * (zone.top - formula.get_top()[1]))
        return [whole, nested]

    @property
    def case(self) -> str:
        """Which sentences apply: one layer, one way, or several."""
        if self.derivation.network.layers == 1:
            return "shallow"
        return "single" if self.count == 1 else ""

    # -- the beats --------------------------------------------------------------------------------

    def ask(self) -> None:
        """The weight of the first layer, and the derivative that is asked for."""
        with self.beat("question", self.case, E=E, weight=self.weight):
            self.play(FadeIn(self.title(weight=self.weight)), FadeIn(self.map), FadeIn(self.labels))
            self.play(self.mark(self.weight))
            self.play(*self.ask_on_board(self.equation, self.weight))
            self.new_fractions(1)

    def count_later_layers(self) -> None:
        """How many ways lead to a weight, layer by layer, from the last to the first."""
        with self.beat("layers", self.case, weight=self.weight, E=E, count=self.count):
            for weight, count in zip(self.counted, self.counts, strict=True):
                lights = VGroup(*(self.light(way) for way in self.ways(weight)[: layout.TRACE_WAYS_LIT]))
                self.play(Succession(*self.pulses_forward(weight), run_time=1.2))
                self.play(*map(Create, lit_lines(lights)), run_time=0.7)
                assert isinstance(count, VGroup)
                self.play(moves.fly(count, self.map.where(weight), run_time=0.8))
                self.play(FadeOut(lights), run_time=0.4)

    def light_all(self) -> None:
        """Every way to the weight lights up, one after the other, faster and faster; then all together."""
        ways = self.ways(self.weight)[: layout.TRACE_WAYS_LIT]
        variant = "elided" if self.count > len(ways) else self.case
        with self.beat("ways", variant, E=E, weight=self.weight, count=self.count):
            self.lights, run_time = VGroup(), layout.TRACE_WAY_TIME
            for way in ways:
                light = self.light(way)
                dimming = [line.animate.fade(1 - layout.DIM_OPACITY) for line in self._bright()]
                self.play(self.run_along(light, run_time), *dimming)
                for line in lit_lines([light]):
                    line.save_state()
                self.lights.add(light)
                run_time = max(layout.TRACE_LEAST_WAY_TIME, layout.TRACE_FASTER * run_time)
            if earlier := [Restore(line) for light in self.lights[:-1] for line in lit_lines([light])]:
                self.play(*earlier)

    def _bright(self) -> VGroup:
        """Return the lines of the way that lit up last."""
        return VGroup(*lit_lines(self.lights[-1:]))

    def write(self) -> None:
        """The factors leave their edges, the map leaves, and the sum fills the board."""
        first = self.equation
        variant = "nested" if self.whole is None else "elided" if self.is_elided(first) else self.case
        seeds = [(place, self.origin(factor)) for place, factor in self.factors(first, (1,))]
        with self.beat("equation", variant, weight=self.weight, count=self.count):
            self.play(FadeOut(self.counts), run_time=0.5)
            leaving = (
                []
                if self.map_stays
                else [FadeOut(p, run_time=2.5) for p in (self.map, self.labels, self.lights)]
            )
            self.play(arrive_all(first, seeds, run_time=4.0), *leaving)
            self.new_fractions(4)

    def is_elided(self, formula: Formula) -> bool:
        """Tell whether an ellipsis stands in a formula."""
        return len(formula.written(Partial)) < sum(isinstance(term, Partial) for _, term in formula.positions)

    def nest(self) -> None:
        """What the ways share is written once; that helps, and not enough."""
        if self.case:
            return
        sums = (self.nesting.before, self.nesting.after)
        costs = [cost_of(side).multiplications for side in sums if isinstance(side, Equation)]
        with self.beat("counted", weight=self.weight, multiplications=costs[0], count=self.count):
            self.play(self.in_corner(costs[0]))
        variant = "" if self.nested is not None else "unseen"
        with self.beat("nested", variant, before=costs[0], multiplications=costs[1]):
            if self.whole is not None and self.nested is not None:
                self.play(follow(self.nesting, self.whole, self.nested, run_time=2.5))
                self.equation = self.nested
            self.play(self.in_corner(costs[1]))

    def there_must_be_a_better_way(self) -> None:
        """What it all costs, for every weight and bias; the ways doubled with every layer."""
        costs = self.derivation.cost()
        multiplications = costs.by_paths.multiplications
        with self.beat("all", self.case, paths=costs.paths, multiplications=multiplications):
            self.play(FadeOut(self.equation), *([FadeOut(self.lights)] if self.map_stays else []))
            self.counts.set_y(self.board.centre[1])
            scenery = [] if self.map_stays else [FadeIn(self.map), FadeIn(self.labels)]
            self.play(*scenery, FadeIn(self.counts), run_time=0.8)
            stages = [[self.map.lit(partial) for partial in stage] for stage in self.every_stage()]
            lit = [AnimationGroup(*map(Create, stage), run_time=0.35) for stage in stages]
            self.play(Succession(*lit), self.in_corner(multiplications))
        doubling = set(self.derivation.network.sizes[2:]) == {2} and not self.case
        with self.beat("better", "double" if doubling else self.case):
            self.play(LaggedStart(*(moves.flash(count) for count in self.counts), lag_ratio=0.6))

    # -- what is counted --------------------------------------------------------------------------

    def every_stage(self) -> list[list[Partial]]:
        """Return the edges on ways to shown weights of the first layer, stage by stage, from E backwards."""
        ways = [way for weight in self.map.plan.weights(1) for way in self.ways(weight)]
        return [list(dict.fromkeys(stage)) for stage in zip(*ways, strict=True)]

    def count_of(self, weight: Symbol) -> VGroup:
        """Return what the sum over the paths to a weight costs, to stand above its layer."""
        cost = self.derivation.cost(weight)
        key = "way" if cost.paths == 1 else "ways_number"
        ways = self.counted_line(key, layout.WAYS_SIZE, paths=cost.paths)
        multiplications = cost.by_paths.multiplications
        below = self.counted_line("cost", layout.WAYS_COST_SIZE, multiplications=multiplications)
        column = VGroup(ways, below).arrange(DOWN, buff=layout.WAYS_GAP)
        room = self.map.edge_of(self.ways(weight)[0][-1]).get_center()[0]
        column.move_to(RIGHT * room + UP * (self.board.bottom + column.height / 2 + layout.WAYS_GAP))
        left, right = layout.BOARD.left + column.width / 2, layout.BOARD.right - column.width / 2
        return column.set_x(min(max(column.get_x(), left), right))

    def in_corner(self, multiplications: int) -> AnimationGroup:
        """Return the count of multiplications, at the right of the title, going over to another."""
        sentence = self.words("cost", multiplications=multiplications)
        new = set_text(sentence.markup, layout.TITLE_SIZE, self.theme[Role.TARGET], self.fonts)
        on_baseline(new, layout.TITLE.bottom + layout.TITLE_BASELINE)
        new.shift(RIGHT * (layout.TITLE.right - new.get_right()[0]))
        changes: list[Animation] = [FadeIn(new, shift=DOWN * layout.NUMBER_GAP)]
        if self.corner is not None:
            changes.append(FadeOut(self.corner, shift=DOWN * layout.NUMBER_GAP))
        self.corner = new
        return AnimationGroup(*changes)

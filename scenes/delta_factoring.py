"""Factoring deltas: what the equations of two layers repeat gets one name and is computed once."""

from __future__ import annotations

from manim import (
    DOWN,
    UP,
    Animation,
    Create,
    FadeIn,
    FadeOut,
    LaggedStart,
    Line,
    Transform,
    VGroup,
)

from bpmath.algebra import Delta, Partial
from bpmath.equations import Equation
from bpmath.folding import MOST_FOLDED_TERMS, fold, written_terms
from bpmath.matrix_equations import Statement
from bpmath.rewrites import Rewrite
from bpmath.symbols import E, Symbol, b, w, z
from scenes.stage import layout
from scenes.stage.counted_lesson import CountedLesson, as_equation, multiplications
from scenes.stage.formula import Formula, in_line
from scenes.stage.layout import Zone
from scenes.stage.line_breaks import in_lines
from scenes.stage.naming_moves import Named, frame, from_edges, glyphs_of, lit_as, named_in, single
from scenes.stage.rewriting import follow
from scenes.stage.theme import Role


class DeltaFactoring(CountedLesson):
    """The last layer's equations above the hidden layer's: what both repeat becomes delta (Fig. 8)."""

    def construct(self) -> None:
        """Find what repeats, name it, and count what that saves."""
        self.prepare()
        self.last_layer()
        self.hidden_layer()
        self.repeats()
        self.name_above()
        self.name_below()
        self.once()
        self.every_gradient()

    def prepare(self) -> None:
        """Choose the weights, make the rewrites and write the equations."""
        derivation = self.derivation
        self.last, self.behind = derivation.network.layers, self.lower_weight()
        self.folding = fold(derivation, self.behind, self.last)
        lower = self.short(self.folding.before)
        named = [n.delta for n in named_in(self.folding) if len(glyphs_of(lower, n.sources))]
        self.weights = [w(self.last, delta.node, 1) for delta in named]
        while len(self.weights) > 1 and not self.stand_in_a_row(self.befores()):
            self.weights.pop()
        self.rewrites = [derivation.factor(weight) for weight in self.weights]
        self.prepare_map(self.behind, *self.weights)
        self.uppers, self.lower = self.rows(self.befores(), self.folding.before)
        self.ways, self.lower_ways = VGroup(), VGroup()
        self.values = [VGroup() for _ in self.uppers]

    def lower_weight(self) -> Symbol:
        """Return the hidden layer's weight, or another of the same node where no layer is hidden."""
        network, last = self.derivation.network, self.derivation.network.layers
        hidden = w(last - 1, 1, 1) if last > 1 else None
        if hidden and written_terms(network, hidden, last) <= MOST_FOLDED_TERMS:
            return hidden
        return w(last, 1, 2) if network.sizes[-2] > 1 else b(last, 1)

    @property
    def case(self) -> str:
        """Which sentences apply: a hidden layer is beside the last, or it is alone."""
        return "" if self.behind.layer != self.last else "alone"

    def befores(self) -> list[Equation]:
        """Return the equations of the last layer."""
        return [as_equation(self.derivation.factor(weight).before) for weight in self.weights]

    # -- where the equations stand ------------------------------------------------------------------

    def stand_in_a_row(self, equations: list[Equation]) -> bool:
        """Tell whether equations stand side by side at the least size."""
        row = in_line([self.short(equation) for equation in equations], layout.ROW_GAP)
        return bool(row.width <= layout.BOARD.width)

    def rows(
        self, above: list[Equation], below: Statement, numbered: bool = True
    ) -> tuple[list[Formula], Formula]:
        """Return equations in two rows, above the map where they fit there, else on the whole board."""
        for zone, breaks in ((self.board, False), (self.whole, False), (self.whole, True)):
            for size in layout.LINE_SIZES:
                uppers = [self.short(equation, size) for equation in above]
                lower = self.short(as_equation(below), size)
                if breaks:
                    in_lines(lower, zone.width, layout.LINE_SPACE + self.number_room(lower))
                if self.arrange(uppers, lower, zone, numbered):
                    return uppers, lower
        raise ValueError("formula: the equations of two layers do not fit on the board")

    def arrange(self, uppers: list[Formula], lower: Formula, zone: Zone, numbered: bool) -> bool:
        """Set equations in two rows, with room for numbers or none; tell whether they are inside the zone."""
        room, row = self.number_room(lower) if numbered else 0, in_line(uppers, layout.ROW_GAP)
        self.height = row.height + lower.height + 2 * room + layout.LINE_GAP / 2
        # The upper row comes while the map is there, whatever the rows below it need later.
        top = max(zone.centre[1] + self.height / 2, self.board.bottom + row.height + layout.NUMBER_GAP)
        row.move_to(zone.centre).set_y(top - row.height / 2)
        lower.move_to(zone.centre).set_y(top - self.height + room + lower.height / 2)
        return bool(self.height <= zone.height and max(row.width, lower.width) <= zone.width)

    def moved_up(self, news: list[Formula]) -> list[Animation]:
        """Return the equations of the last layer, with their values, going to where new ones would stand."""
        steps: list[Animation] = []
        for number, (old, new) in enumerate(zip(self.uppers, news, strict=True)):
            steps.append(Transform(old, new))
            if len(values := self.values[number]):
                steps.append(Transform(values, self.values_of_deltas(new)) if self.low else FadeOut(values))
        return [*steps, *([] if self.low or not len(self.lower_values) else [FadeOut(self.lower_values)])]

    # -- the beats ----------------------------------------------------------------------------------

    def last_layer(self) -> None:
        """The equations of the last layer come from the edges of the map."""
        row = VGroup(*self.uppers)
        self.rise = row.get_y() - self.board.centre[1]
        row.shift(DOWN * self.rise)
        with self.beat("last", self.told_last(), E=E, weight=self.weights[0]):
            self.play(FadeIn(self.title()), FadeIn(self.scenery()))
            self.map_is_shown = True
            for formula in self.uppers:
                way = self.way_of(formula)
                self.ways.add(*way)
                self.play(*self.lit_up(way), *from_edges(self.map, formula))
            self.play(*self.count(self.written_above()))
            self.new_fractions(2)

    def told_last(self) -> str:
        """Return which sentence applies: to two weights, or to one that has a way to E, several, or many."""
        if len(self.weights) > 1:
            return ""
        several = len(self.derivation.paths(z(self.last, 1))) > 1
        return "elided" if self.uppers[0].is_elided else "ways" if several else "one"

    def hidden_layer(self) -> None:
        """The equation of the hidden layer stands below."""
        with self.beat("hidden", self.case or ("elided" if self.lower.is_elided else ""), weight=self.behind):
            above = [formula.animate.shift(UP * self.rise) for formula in self.uppers]
            gone = [FadeOut(self.ways)] if len(self.ways) else []
            self.play(*above, *gone, run_time=0.8)
            leaving = self.leaving_map(self.height)
            way = [] if leaving else self.way_of(self.lower)
            self.lower_ways.add(*way)
            self.play(*self.lit_up(way), *from_edges(self.map, self.lower, run_time=1.6), *leaving)
            self.play(*self.count(self.written_now()))
            self.new_fractions(3)

    def written_above(self) -> int:
        """Return how many multiplications stand in the equations of the last layer."""
        return multiplications(*(formula.equation for formula in self.uppers))

    def written_now(self) -> int:
        """Return how many multiplications stand on the board."""
        return self.written_above() + multiplications(self.lower.equation)

    def repeats(self) -> None:
        """The same factors light up in both equations, and on the map the way that they belong to."""
        self.frames, self.lower_frames = VGroup(), VGroup()
        self.lower_values, self.lit = VGroup(), VGroup()
        with self.beat("repeats", self.case):
            for named in named_in(self.folding):
                self.light(named)
            if not self.settings.numbers:
                self.new_fractions(2)

    def light(self, named: Named) -> None:
        """Light what gets one name, wherever it stands."""
        above = {
            number: mine.sources
            for number, rewrite in enumerate(self.rewrites)
            for mine in named_in(rewrite)
            if mine.delta == named.delta
        }
        places = [(self.uppers[number], sources) for number, sources in above.items()]
        frames = VGroup(*(found for place in places if (found := frame(*place))))
        below = frame(self.lower, named.sources)
        if below is None:
            return
        lit = self.way_to(named.delta) if self.map_is_shown else []
        self.play(*(Create(line) for line in (*frames, below, *lit)))
        numbers = {number: self.numbers_of(self.uppers[number], sources) for number, sources in above.items()}
        lower = self.numbers_of(self.lower, named.sources)
        if self.settings.numbers:
            self.play(FadeIn(*numbers.values(), lower, shift=DOWN * layout.CLOSE_GAP))
        for number, values in numbers.items():
            self.values[number].add(*values)
        self.lower_values.add(*lower)
        self.frames.add(*frames)
        self.lower_frames.add(below)
        self.lit.add(*lit)

    def numbers_of(self, formula: Formula, sources: tuple[tuple[int, ...], ...]) -> VGroup:
        """Return the numbers below some local derivatives of a formula."""
        return self.numbers_under(formula, [t for t in formula.written(Partial) if t.position in sources])

    def way_to(self, delta: Delta) -> list[Line]:
        """Return the lit way from E to the node of a delta."""
        paths = self.derivation.paths(z(delta.layer, delta.node))
        return lit_as(self.map, (self.derivation.local(edge) for path in paths for edge in path), Role.DELTA)

    def name_above(self) -> None:
        """In the equations of the last layer the factors become one delta, which goes to its node."""
        first = Delta(self.last, 1)
        with self.beat("name", delta=first, E=E, z=z(self.last, 1)):
            news = [self.renamed(*pair) for pair in zip(self.uppers, self.rewrites, strict=True)]
            steps = zip(self.rewrites, self.uppers, news, strict=True)
            gone = [FadeOut(self.frames)] if len(self.frames) else []
            self.play(*gone, *(follow(rewrite, old, new) for rewrite, old, new in steps))
            self.uppers = news
            values = [self.values_of_deltas(new) for new in news]
            self.multiply(list(zip(self.values, values, strict=True)))
            self.values = values
            arrivals = self.deltas_arrive([named.delta for named in self.named_above()], *news)
            self.play(*arrivals, *self.count(self.written_now()))

    def renamed(self, old: Formula, rewrite: Rewrite) -> Formula:
        """Return an equation with its delta, in the place of the one without."""
        return self.short(as_equation(rewrite.after), old.font_size).move_to(old)

    def named_above(self) -> list[Named]:
        """Return the deltas of the equations of the last layer."""
        return [named for rewrite in self.rewrites for named in named_in(rewrite)]

    def name_below(self) -> None:
        """In the equation of the hidden layer the same factors become the same deltas."""
        with self.beat("below", self.case):
            above = [formula.equation for formula in self.uppers]
            uppers, new = self.rows(above, self.folding.after, numbered=self.low)
            self.play(FadeOut(self.lower_frames), run_time=0.4)
            self.play(follow(self.folding, self.lower, new), *self.moved_up(uppers))
            self.lower = new
            if self.low:
                values = self.values_of_deltas(new)
                self.multiply([(self.lower_values, values)])
                self.lower_values = values
            self.bring_map(self.height)
            arrivals = self.deltas_arrive([named.delta for named in named_in(self.folding)], new)
            self.play(*self.count(self.written_now()), *arrivals)

    def values_of_deltas(self, formula: Formula) -> VGroup:
        """Return the value of each delta of a formula, below it."""
        return self.numbers_under(formula, formula.written(Delta))

    def multiply(self, steps: list[tuple[VGroup, VGroup]]) -> None:
        """Let the values of factors flow into those of the deltas that they make."""
        flows = [
            FadeOut(value, target_position=min(after, key=lambda made: abs(made.get_x() - value.get_x())))
            for before, after in steps
            for value in before
            if len(after)
        ]
        made = [FadeIn(value) for _, after in steps for value in after]
        if flows or made:
            self.play(*flows, *made)

    def once(self) -> None:
        """Each delta is computed once: its definition takes the place of the last layer's equations."""
        nodes = [named.delta.node for named in self.named_above()]
        while True:
            found = self.definitions(nodes)
            if len(nodes) == 1 or self.stand_in_a_row(found):
                break
            nodes.pop()
        definitions, lower = self.rows(found, self.lower.equation, numbered=False)
        with self.beat("once", "" if len(nodes) > 1 else "one"):
            gone = [*self.uppers, *(group for group in (*self.values, self.lower_values) if len(group))]
            self.play(FadeOut(*gone), run_time=0.6)
            self.bring_map(self.height)
            arrivals = [step for formula in definitions for step in from_edges(self.map, formula)]
            self.play(Transform(self.lower, lower), *arrivals)
            self.uppers = definitions
            self.new_fractions(2)

    def definitions(self, nodes: list[int]) -> list[Equation]:
        """Return the equations of deltas of the last layer."""
        rewrites = (single(self.derivation.delta(self.last, (node,))) for node in nodes)
        return [as_equation(rewrite.after) for rewrite in rewrites]

    def every_gradient(self) -> None:
        """For all weights and biases together, the count falls far."""
        cost = self.derivation.cost()
        before, after = cost.by_paths.multiplications, cost.by_deltas.multiplications
        with self.beat("all", before=before, after=after):
            gone = [FadeOut(self.lower_ways)] if len(self.lower_ways) else []
            self.play(*self.count(before, "counter_all"), *gone)
            self.wait(1.5)
            layers = range(self.last, 0, -1)
            arrivals = self.deltas_arrive([delta for layer in layers for delta in self.deltas_of(layer)])
            self.play(*self.count(after, "counter_all"), LaggedStart(*arrivals, lag_ratio=0.2))

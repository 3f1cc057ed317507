"""Factoring deltas: what the equations of two layers repeat gets one name and is computed once."""

from __future__ import annotations

from manim import (
    DOWN,
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
from scenes.stage.counted_lesson import CLOSE_GAP, CountedLesson, as_equation, multiplications
from scenes.stage.formula import Formula, in_line
from scenes.stage.layout import Zone
from scenes.stage.line_breaks import LINE_SPACE, SIZES, in_lines
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
            for size in SIZES:
                uppers = [self.short(equation, size) for equation in above]
                lower = self.short(as_equation(below), size)
                if breaks:
                    in_lines(lower, zone.width, LINE_SPACE + self.number_room(lower))
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
        """Return the equations of the last layer going to where new ones would stand."""
        return [Transform(old, new) for old, new in zip(self.uppers, news, strict=True)]

    # -- the beats ----------------------------------------------------------------------------------

    def last_layer(self) -> None:
        """The equations of the last layer come from the edges of the map."""
        with self.beat("last", "" if len(self.weights) > 1 else "one", E=E, weight=self.weights[0]):
            self.play(FadeIn(self.title()), FadeIn(self.scenery()))
            self.map_is_shown = True
            for formula in self.uppers:
                self.play(*from_edges(self.map, formula))
            self.play(*self.count(self.written_above()))
            self.new_fractions(2)

    def hidden_layer(self) -> None:
        """The equation of the hidden layer stands below."""
        with self.beat("hidden", self.case, weight=self.behind):
            leaving = self.leaving_map(self.height)
            self.play(*from_edges(self.map, self.lower, run_time=1.6), *leaving)
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
        self.numbers, self.lit = VGroup(), VGroup()
        with self.beat("repeats", self.case):
            for named in named_in(self.folding):
                self.light(named)
            if not self.settings.numbers:
                self.new_fractions(2)

    def light(self, named: Named) -> None:
        """Light what gets one name, wherever it stands."""
        above = [
            (formula, mine.sources)
            for formula, rewrite in zip(self.uppers, self.rewrites, strict=True)
            for mine in named_in(rewrite)
            if mine.delta == named.delta
        ]
        frames = VGroup(*(found for place in above if (found := frame(*place))))
        below = frame(self.lower, named.sources)
        if below is None:
            return
        lit = self.way_to(named.delta) if self.map_is_shown else []
        self.play(*(Create(line) for line in (*frames, below, *lit)))
        numbers = VGroup(*(self.numbers_of(*place) for place in (*above, (self.lower, named.sources))))
        if self.settings.numbers:
            self.play(FadeIn(numbers, shift=DOWN * CLOSE_GAP))
        self.frames.add(*frames)
        self.lower_frames.add(below)
        self.numbers.add(*numbers)
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
            gone = [FadeOut(group) for group in (self.frames, self.numbers) if len(group)]
            self.play(*gone, *(follow(rewrite, old, new) for rewrite, old, new in steps))
            self.uppers = news
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
            self.bring_map(self.height)
            arrivals = self.deltas_arrive([named.delta for named in named_in(self.folding)], new)
            self.play(*self.count(self.written_now()), *arrivals)
            self.numbers = VGroup()
            if self.low:
                self.show_delta_numbers()

    def show_delta_numbers(self) -> None:
        """Put its value under each delta, the same in both rows."""
        for formula in (*self.uppers, self.lower):
            self.numbers.add(*self.numbers_under(formula, formula.written(Delta)))
        if len(self.numbers):
            self.play(FadeIn(self.numbers, shift=DOWN * CLOSE_GAP))

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
            gone = [FadeOut(group) for group in (self.numbers,) if len(group)]
            self.play(*(FadeOut(formula) for formula in self.uppers), *gone, run_time=0.6)
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
            self.play(*self.count(before, "counter_all"))
            self.wait(1.5)
            layers = range(self.last, 0, -1)
            arrivals = self.deltas_arrive([delta for layer in layers for delta in self.deltas_of(layer)])
            self.play(*self.count(after, "counter_all"), LaggedStart(*arrivals, lag_ratio=0.2))

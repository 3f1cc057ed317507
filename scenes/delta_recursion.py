"""Delta by delta: each layer's deltas come from those of the layer behind it."""

from __future__ import annotations

from manim import (
    DOWN,
    UP,
    Animation,
    AnimationGroup,
    Create,
    FadeIn,
    FadeOut,
    LaggedStart,
    ShowPassingFlash,
    VGroup,
)

from bpmath.algebra import Delta, Derivative, Partial
from bpmath.folding import MOST_FOLDED_TERMS, fold, written_terms
from bpmath.matrix_equations import Statement
from bpmath.rewrites import Rewrite
from bpmath.symbols import E, a, w, z
from scenes.stage import layout, moves
from scenes.stage.counted_lesson import CountedLesson, multiplications
from scenes.stage.formula import Formula
from scenes.stage.line_breaks import largest_in_lines
from scenes.stage.naming_moves import frame, from_edges, lit_as, named_in, single
from scenes.stage.rewriting import follow
from scenes.stage.theme import Role


class DeltaRecursion(CountedLesson):
    """Deltas come from those of the layer behind; a long equation folds up to one of them and one input."""

    def construct(self) -> None:
        """Go from the last layer to the first, then fold the longest equation up."""
        self.prepare()
        self.last_deltas()
        if self.last > 1:
            self.one_layer_back()
            self.step()
        if self.settings.numbers:
            self.show_numbers()
        self.other_nodes()
        self.earlier_layers()
        self.write_out()
        for number in range(len(self.foldings)):
            self.fold_up(number)
        self.one_delta()

    def prepare(self) -> None:
        """Make the map, and the steps in which the equation of the first weight folds up."""
        self.last, self.weight = self.derivation.network.layers, w(1, 1, 1)
        self.prepare_map(self.weight)
        layers = [n for n in range(self.last, 0, -1) if self.can_be_written(n)]
        self.foldings = [fold(self.derivation, self.weight, layer) for layer in layers]
        while not (written := self.long_formula(self.foldings[0].before)):
            self.foldings.pop(0)
        self.long = written

    def can_be_written(self, layer: int) -> bool:
        """Tell whether the sum with the deltas behind a layer has few enough terms."""
        return written_terms(self.derivation.network, self.weight, layer) <= MOST_FOLDED_TERMS

    def long_formula(self, statement: Statement) -> Formula | None:
        """Return an equation in lines, above the map where it fits, else on the whole board, or None."""
        for zone in (self.board, self.whole):
            try:
                formula = largest_in_lines(
                    lambda size: self.short(statement, size), zone.width, zone.height - layout.CLOSE_GAP
                )
            except ValueError:
                continue
            return formula.move_to(zone.centre)
        return None

    def rewrite_of(self, layer: int, node: int = 1) -> Rewrite:
        """Return how one delta comes from those behind it."""
        return single(self.derivation.delta(layer, (node,)))

    def on_board(self, statement: Statement) -> Formula:
        """Return an equation above the map, with room for numbers."""
        height = self.board.height - layout.NUMBER_ROOM
        formula = largest_in_lines(lambda size: self.short(statement, size), self.board.width, height)
        return formula.move_to(self.board.centre + UP * layout.NUMBER_ROOM / 2)

    def light(self, *partials: Partial) -> Animation:
        """Return light in the colour of deltas, running along edges away from E."""
        lines = lit_as(self.map, partials, Role.DELTA)
        return AnimationGroup(
            *(ShowPassingFlash(line, time_width=layout.PASSING) for line in lines), run_time=1.2
        )

    # -- the beats ----------------------------------------------------------------------------------

    def last_deltas(self) -> None:
        """The deltas of the last layer, from the edges behind it."""
        self.formula_now = self.on_board(self.rewrite_of(self.last).after)
        with self.beat("start", "" if self.last > 1 else "only", E=E):
            self.play(FadeIn(self.title()), FadeIn(self.scenery()))
            self.map_is_shown = True
            self.play(*from_edges(self.map, self.formula_now))
            self.play(*self.deltas_arrive(self.deltas_of(self.last), self.formula_now))
            self.new_fractions(2)

    def one_layer_back(self) -> None:
        """Of a node one layer earlier: what is a delta of the last layer lights up."""
        layer = self.last - 1
        self.step_back = self.rewrite_of(layer)
        with self.beat("back", z=z(layer, 1)):
            self.play(FadeOut(self.formula_now), run_time=0.5)
            self.formula_now = self.on_board(self.step_back.before)
            self.play(*from_edges(self.map, self.formula_now, run_time=1.4))
            self.frames = self.frames_in(self.formula_now, self.step_back)
            self.play(*(Create(found) for found in self.frames))
            self.new_fractions(2)

    def frames_in(self, formula: Formula, rewrite: Rewrite) -> VGroup:
        """Return frames around all that gets the name of a delta."""
        found = (frame(formula, named.sources) for named in named_in(rewrite))
        return VGroup(*(one for one in found if one is not None))

    def step(self) -> None:
        """What is framed becomes deltas; the new delta goes to its node."""
        delta = Delta(self.last - 1, 1)
        new = self.on_board(self.step_back.after)
        with self.beat("made", "" if len(self.behind(delta)) > 2 else "one", delta=delta):
            self.play(FadeOut(self.frames), follow(self.step_back, self.formula_now, new))
            self.formula_now = new
            self.play(self.light(*self.behind(delta)))
            self.play(*self.deltas_arrive([delta], new))

    def behind(self, delta: Delta) -> list[Partial]:
        """Return the local derivatives between a delta and those that it is made of."""
        activation = a(delta.layer, delta.node)
        edges = self.derivation.graph.edges_from(activation)
        own = Partial(activation, z(delta.layer, delta.node))
        return [*(self.derivation.local(edge) for edge in edges), own]

    def show_numbers(self) -> None:
        """Put its value under every term; they multiply and add up to the delta."""
        leaves = self.formula_now.leaves()
        numbers = self.numbers_under(self.formula_now, leaves)
        self.numbers = VGroup(*numbers[1:])
        with self.beat("numbers"):
            shown = (FadeIn(number, shift=DOWN * layout.NUMBER_GAP) for number in self.numbers)
            self.play(LaggedStart(*shown, lag_ratio=0.3))
            self.play(moves.gather(self.numbers, numbers[0]))
            self.numbers.add(numbers[0])
            self.new_fractions(2)

    def other_nodes(self) -> None:
        """All other nodes of the layer get their deltas at once."""
        layer = max(self.last - 1, 1)
        gone = [FadeOut(self.numbers)] if self.settings.numbers else []
        if self.derivation.network.sizes[layer] == 1:
            self.numbers_left = gone
            return
        self.numbers_left = []
        with self.beat("others"):
            self.play(*gone, self.restated(layer, 2))
            deltas = self.deltas_of(layer)
            self.play(self.light(*(partial for delta in deltas[1:] for partial in self.behind(delta))))
            if arrivals := self.deltas_arrive(deltas, self.formula_now):
                self.play(*arrivals)

    def restated(self, layer: int, node: int = 1) -> Animation:
        """Return the equation of one delta turning into that of another."""
        old, self.formula_now = self.formula_now, self.on_board(self.rewrite_of(layer, node).after)
        return moves.restate(old, self.formula_now)

    def earlier_layers(self) -> None:
        """Layer after layer, the same equation again."""
        for layer in range(self.last - 2, 0, -1):
            deltas = self.deltas_of(layer)
            with self.beat("earlier", delta=deltas[0]):
                self.play(*self.numbers_left, self.restated(layer))
                self.numbers_left = []
                self.play(self.light(*(partial for delta in deltas for partial in self.behind(delta))))
                self.play(*self.deltas_arrive(deltas, self.formula_now))

    def write_out(self) -> None:
        """The equation of the first weight, every path written out, fills the board."""
        equation, paths = self.long.equation, self.derivation.cost(self.weight).paths
        count = self.before = multiplications(equation)
        variant = "folded" if len(self.foldings) < self.last else "one" if paths == 1 else ""
        with self.beat("long", variant, weight=self.weight, count=paths, before=count):
            self.play(FadeOut(self.formula_now), *self.numbers_left, run_time=0.5)
            leaving = self.leaving_map(self.long.height)
            self.play(*from_edges(self.map, self.long, run_time=2.0), *leaving)
            self.play(*self.count(count))
            self.new_fractions(4)

    def fold_up(self, number: int) -> None:
        """Everything behind the weighted sums of one layer becomes its deltas."""
        folding = self.foldings[number]
        delta = named_in(folding)[0].delta
        is_last = number + 1 == len(self.foldings)
        variant = "whole" if is_last else "again" if number else ""
        new = self.final() if is_last else self.long_formula(folding.after)
        assert new is not None, "what was folded is shorter than what fitted"
        with self.beat("fold", variant, delta=delta):
            frames = self.frames_in(self.long, folding)
            self.play(*(Create(found) for found in frames), run_time=1.2)
            self.play(FadeOut(frames), follow(folding, self.long, new), run_time=2.0)
            self.long = new
            self.play(*self.count(multiplications(new.equation)))
            self.bring_map(new.height + layout.CLOSE_GAP)

    def final(self) -> Formula:
        """Return the equation with one delta and one input, large, above the map."""
        return self.on_board(self.foldings[-1].after)

    def one_delta(self) -> None:
        """One delta and one input are left: on the map, and as numbers."""
        after = multiplications(self.long.equation)
        with self.beat("one", weight=self.weight, before=self.before, after=after):
            self.bring_map(self.long.height)
            (local,) = self.long.written(Partial)
            (delta,) = self.long.written(Delta)
            lit = self.map.lit(local.term)
            self.play(Create(lit))
            self.play(moves.flash(self.long.at(delta.position)), moves.flash(self.long.at(local.position)))
            (asked,) = self.long.written(Derivative)
            numbers = self.numbers_under(self.long, [delta, local, asked])
            if len(numbers):
                self.play(FadeIn(numbers[:2], shift=DOWN * layout.NUMBER_GAP))
                self.play(moves.gather(numbers[:2], numbers[2]))

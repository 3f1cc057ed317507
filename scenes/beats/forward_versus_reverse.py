"""Forward against reverse mode in beats: the same graph, swept both ways, and what each way costs."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import add

from manim import LEFT, AnimationGroup, FadeIn, FadeOut, GrowFromEdge, LaggedStart, VGroup

from bpmath.sweeps import Cost, Sweep
from scenes.beats.sweep_lesson import SweepLesson
from scenes.stage import layout, moves
from scenes.stage.cost_bars import CostBar, bars
from scenes.stage.theme import Role
from scenes.stage.typeset import Typeset, set_text


class ForwardVersusReverseBeats(SweepLesson):
    """Sweeps forwards from each input, then once back, with a counter for each."""

    def choose(self) -> None:
        """Make all sweeps, and the bars of their costs."""
        self.forwards = [self.trace.forward(symbol) for symbol in self.graph.inputs]
        self.back = self.sweep = self.trace.reverse()
        self.prepare()
        self.forward_cost = reduce(add, (sweep.cost for sweep in self.forwards), Cost())
        names = (self.label("forward", Role.INK), self.label("reverse", Role.INK))
        colours = (self.theme[Role.TARGET], self.theme[Role.GRADIENT])
        most = max(self.forward_cost.total, self.back.cost.total)
        self.forward_bar, self.reverse_bar = bars(names, colours, self.zone, most)

    def label(self, key: str, role: Role, **words: int) -> Typeset:
        """Return words of the catalogue for the bars."""
        return set_text(self.words(key, **words).markup, layout.BAR_SIZE, self.theme[role], self.fonts)

    def ask(self) -> None:
        """Show the graph with values and local derivatives, and ask for the whole gradient."""
        count = len(self.graph.inputs)
        with self.beat("question", "one" if count == 1 else "", count=count, e=self.graph.output):
            self.appear()
            self.locals_appear()

    def first_forward(self) -> None:
        """Sweep once forwards; its bar begins to grow."""
        first = self.forwards[0]
        with self.beat("first", "", x=first.start, **self.counted(first.cost)):
            self.play(*self.board_clears(), FadeIn(self.forward_bar.name), FadeIn(self.reverse_bar.name))
            self.sweep_over(first, self.forward_bar, layout.FIRST_SWEEP)

    def other_forwards(self) -> None:
        """Sweep once for each other input: the second is watched, the rest only counted."""
        others = self.forwards[1:]
        if not others:
            return
        count = len(self.forwards)
        with self.beat("others", "one" if len(others) == 1 else "", count=count, x=others[0].start):
            self.clear_sweep()
            self.sweep_over(others[0], self.forward_bar, layout.NEXT_SWEEP)
            if others[1:]:
                self.clear_sweep()
                self.count_only(others[1:])

    def reverse_once(self) -> None:
        """Sweep once back: it answers for all inputs."""
        count = len(self.forwards)
        words = self.counted(self.back.cost)
        with self.beat("back", "one" if count == 1 else "", count=count, **words):
            self.clear_sweep()
            self.sweep_over(self.back, self.reverse_bar, layout.FIRST_SWEEP)

    def compare(self) -> None:
        """Put the two costs side by side."""
        forward, reverse = self.forward_cost.total, self.back.cost.total
        variant = "equal" if forward == reverse else "less" if forward < reverse else ""
        with self.beat("compare", variant, forward=forward, reverse=reverse):
            counts = [bar.count for bar in (self.forward_bar, self.reverse_bar) if bar.count is not None]
            self.play(LaggedStart(*map(moves.flash, counts), lag_ratio=0.6))

    def think_of_networks(self) -> None:
        """A network has one error and very many parameters."""
        count = len(self.derivation.network.parameters())
        with self.beat("networks", count=count):
            lines = [line.copy() for line in self.trail]
            self.play(moves.pulse(lines, self.theme[Role.TARGET], run_time=1.4))

    # -- how ----------------------------------------------------------------------------------------------

    def counted(self, cost: Cost) -> dict[str, int]:
        """Return a cost as words."""
        return {"multiplications": cost.multiplications, "additions": cost.additions}

    def clear_sweep(self) -> None:
        """Take away what a sweep has left on the map."""
        left = [*self.trail, *self.derivatives.values()]
        if left:
            self.play(FadeOut(*left), *self.ring_leaves(), run_time=0.5)
        self.trail, self.derivatives = VGroup(), {}

    def sweep_over(self, sweep: Sweep, bar: CostBar, run_time: float) -> None:
        """Let a sweep run over the map, while its cost is counted."""
        self.sweep = sweep
        self.play(self.ring_moves(sweep.start), self.arrives(sweep.start))
        taken = self.receivers()
        lit = [self.edges_light([symbol], run_time=0.8) for symbol in taken]
        steps = [
            AnimationGroup(lights, self.arrives(symbol)) for lights, symbol in zip(lit, taken, strict=True)
        ]
        self.play(LaggedStart(*steps, lag_ratio=0.4), self.grows(bar, [sweep]), run_time=run_time)
        self.count_changes(bar)

    def count_only(self, sweeps: Sequence[Sweep]) -> None:
        """Let the bar grow by the other sweeps, and light run over the whole graph."""
        lines = [self.map.line(edge) for edge in self.edges()]
        light = moves.pulse(lines, self.theme[Role.TARGET], run_time=layout.NEXT_SWEEP)
        self.play(light, self.grows(self.forward_bar, sweeps), run_time=layout.NEXT_SWEEP)
        self.count_changes(self.forward_bar)

    def grows(self, bar: CostBar, sweeps: Sequence[Sweep]) -> LaggedStart:
        """Return the bar growing, a piece for each sweep."""
        pieces = [bar.piece(sweep.cost) for sweep in sweeps]
        return LaggedStart(*(GrowFromEdge(piece, LEFT) for piece in pieces), lag_ratio=0.5)

    def count_changes(self, bar: CostBar) -> None:
        """Write behind a bar what it stands for now."""
        old = bar.count
        bar.count = bar.put_behind(self.label("cost", Role.INK, **self.counted(bar.spent)))
        self.play(*([] if old is None else [FadeOut(old)]), FadeIn(bar.count), run_time=0.5)

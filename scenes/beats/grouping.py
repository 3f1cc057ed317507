"""What the lessons on grouping share: a layer's equations on the board, and the steps that group them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from manim import (
    Animation,
    Create,
    FadeIn,
    FadeOut,
    LaggedStart,
    ReplacementTransform,
    VGroup,
    VMobject,
)

from bpmath.algebra import Delta, Derivative, Partial
from bpmath.matrix_equations import EquationSystem
from bpmath.outer_products import inputs_first
from bpmath.rewrites import Rewrite
from bpmath.symbols import e, w, z
from scenes.beats.grouping_steps import ELLIPSES, GroupingSteps
from scenes.stage import layout, moves
from scenes.stage.formula import Formula
from scenes.stage.matrix_board import Lines


class Grouping(GroupingSteps):
    """What the lessons on grouping share: the equations of a layer, and the steps that group them."""

    # -- what is told -----------------------------------------------------------------------------

    @property
    def case(self) -> str:
        """Which sentences apply: a network without hidden layers has only its last."""
        return ""

    def prepare(self) -> None:
        """Make the map, and the steps that the board has room for."""
        self.map = self.network_map()
        self.labels = self.map.make_labels(self.map.plan.weights(self.layer))
        self.below = VGroup()
        self.choose_equations()
        derived = self.derivation.group(
            self.layer, nodes=self.nodes, sources=self.sources, named_left=self.names_left
        )
        rewrites = [self.turned(rewrite) for rewrite in inputs_seen(derived)]
        self.naming = rewrites.pop() if self.complete else None
        system = rewrites[0].before
        assert isinstance(system, EquationSystem)
        self.system = system
        self.steps = self.steps_with_room(rewrites)

    def choose_equations(self) -> None:
        """Take all nodes of the layer, or a few where their equations would not be legible."""
        sizes = self.derivation.network.sizes
        nodes, sources = sizes[self.layer], sizes[self.layer - 1]
        last = self.layer == self.derivation.network.layers
        sums = len(self.derivation.graph[e(1)].inputs) > 2 if last else sizes[self.layer + 1] > 1
        low = (sources if self.in_rows else nodes) <= len(layout.GROUPED_FEW) or (last and not sums)
        self.complete = low and nodes * sources <= layout.GROUPED_MOST
        self.nodes = None if self.complete else [node for node in layout.GROUPED_FEW if node <= nodes]
        self.sources = None if self.complete else [node for node in layout.GROUPED_FEW if node <= sources]
        self.names_left = self.complete and (sums or nodes * sources > len(layout.GROUPED_FEW) ** 2)

    def steps_with_room(self, rewrites: list[Rewrite]) -> list[Rewrite]:
        """Return the steps; one whose result does not fit is taken together with the next."""
        steps: list[Rewrite] = []
        pending: Rewrite | None = None
        for rewrite in rewrites:
            pending = rewrite if pending is None else pending.then(rewrite)
            if self.lay_out(pending.after) is not None:
                steps.append(pending)
                pending = None
        if pending is not None and self.naming is not None:
            self.naming = pending.then(self.naming)
        return steps

    # -- the equations ----------------------------------------------------------------------------

    def first_equation(self) -> None:
        """The first equation, each factor from its edge."""
        equation = self.system.operands[0]
        self.first = self.largest(equation, layout.SUBJECT_WIDTH, layout.BOARD.height - layout.NUMBER_ROOM)
        self.first.move_to(layout.BOARD.centre)
        partials = [written for written in self.first.written(Partial) if self.map.shows_edge(written.term)]
        self.lit = VGroup(*(self.map.lit(written.term) for written in partials))
        with self.beat("first", self.case, weight=w(self.layer, 1, 1)):
            self.play(FadeIn(self.title()), FadeIn(self.map), FadeIn(self.labels))
            self.play(LaggedStart(*(Create(line) for line in self.lit), lag_ratio=0.3))
            self.play(*self.arrivals())
            self.new_fractions(1)

    def arrivals(self) -> list[Animation]:
        """Return the factors of the first equation leaving the map, and the signs fading in."""
        arrived: set[int] = set()
        moved: list[Animation] = []
        for position, term in self.first.positions:
            origin: VMobject | None = None
            if isinstance(term, Partial) and self.map.shows_edge(term):
                origin = self.map.edge_of(term)
            elif isinstance(term, Delta) and self.map.shows(z(term.layer, term.node)):
                origin = self.map.node(z(term.layer, term.node))
            glyphs = self.first.at(position)
            if origin is not None and len(glyphs):
                moved.append(moves.fly(glyphs, origin))
                arrived |= {id(glyph) for glyph in glyphs}
        rest = VGroup(*(glyph for glyph in self.first.glyphs if id(glyph) not in arrived))
        return [*moved, FadeIn(rest, run_time=moves.FLIGHT)]

    def all_equations(self) -> None:
        """The other equations leave their weights; all stand as the weights stand, or in one column."""
        formula, stays = self.equations_formula()
        variant = "column" if len(self.system.rows[0]) > 1 and not stays else ""
        variant = variant if self.complete and not self.elided else "some"
        variant = variant if len(self.system.operands) > 1 else "single"
        with self.beat("equations", variant):
            first = formula.at((0,))
            if len(first) == len(self.first.glyphs):
                pairs = zip(self.first.glyphs, first, strict=True)
                begin: list[Animation] = [ReplacementTransform(*pair) for pair in pairs]
            else:
                begin = [FadeOut(self.first), FadeIn(first)]
            away = [self.lit] if stays else [self.lit, self.map, self.labels]
            self.play(*begin, FadeOut(*away), run_time=0.9)
            if others := self.others(formula):
                self.play(LaggedStart(*others, lag_ratio=0.4))
            self.board = Lines(formula, (VGroup(*formula.glyphs),), layout.WHOLE_BOARD)
            self.map_is_shown = stays

    def others(self, formula: Formula) -> list[Animation]:
        """Return the other equations arriving from their weights, and what stands for the rest."""
        arrivals: list[Animation] = []
        written: set[int] = set(map(id, formula.at((0,))))
        for index, equation in enumerate(self.system.operands):
            glyphs = formula.at((index,))
            if not index or not len(glyphs):
                continue
            written |= set(map(id, glyphs))
            asked = equation.lhs
            assert isinstance(asked, Derivative)
            place = self.map.where(asked.wrt) if self.map.shows(asked.wrt) else self.map
            arrivals.append(moves.fly(glyphs, place.get_center()))
        rest = VGroup(*(glyph for glyph in formula.glyphs if id(glyph) not in written))
        return [*arrivals, *([FadeIn(rest)] if len(rest) else [])]

    def equations_formula(self) -> tuple[Formula, bool]:
        """Return all equations: over the map if they fit there, else in a column over the whole board."""
        least, board, whole = layout.LEAST_EQUATION_SIZE, layout.BOARD, layout.WHOLE_BOARD
        formula = self.formula(self.system, least, **ELLIPSES)
        self.elided = formula.is_elided
        for zone in (board, whole):
            factor = min(zone.width / formula.width, zone.height / formula.height)
            if factor >= 1:
                formula.scale(min(factor, layout.EQUATION_SIZE / least)).move_to(zone.centre)
                return formula, zone is board
        column = EquationSystem(tuple((equation,) for equation in self.system.operands))
        for longest in layout.GROUPED_COLUMNS:
            formula = self.formula(column, least, longest_sum=layout.SHORTEST_SUM, longest_matrix=longest)
            if formula.height <= whole.height:
                break
        self.elided = formula.is_elided
        return formula.move_to(whole.centre), False


def inputs_seen(derived: Iterable[Rewrite]) -> Iterator[Rewrite]:
    """Yield the steps of a grouping, the outer product in two: the inputs come first, then they merge."""
    for rewrite in derived:
        if rewrite.step == "outer":
            steps = inputs_first(rewrite)
            yield steps.inputs
            yield steps.outer
        else:
            yield rewrite

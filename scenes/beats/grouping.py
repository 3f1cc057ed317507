"""What the lessons on grouping share: a layer's equations on the board, and the steps that group them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from manim import (
    DOWN,
    Animation,
    Create,
    FadeIn,
    FadeOut,
    LaggedStart,
    ReplacementTransform,
    VGroup,
    VMobject,
)

from bpmath.algebra import Delta, Derivative, Partial, Quantity
from bpmath.conventions import CONVENTIONS
from bpmath.matrix_algebra import Transpose
from bpmath.matrix_equations import EquationSystem, Statement
from bpmath.naming import Names
from bpmath.rewrites import Rewrite
from bpmath.symbols import e, w, z
from bpmath.trees import Position, at
from scenes.stage import layout, moves
from scenes.stage.formula import Formula
from scenes.stage.lesson import Lesson
from scenes.stage.matrix import brace_below
from scenes.stage.matrix_board import Lines, laid_out, merging, spotlight
from scenes.stage.rewriting import REWRITE, follow, roles_after

FEW = (1, 2)
"""The nodes whose equations are written out where a layer has too many."""
ELLIPSES = {"longest_sum": layout.SHORTEST_SUM, "longest_matrix": 3}
MOST_EQUATIONS = 100
"""Of more equations only those of a few nodes are grouped."""
TOLD_OF_ROWS = ("columns", "factor_out", "product", "entry", "transpose")
"""The steps whose sentences speak of rows and columns."""
LONGEST_COLUMNS = (6, 5, 4, 3)


class Grouping(Lesson):
    """What the lessons on grouping share: the equations of a layer, and the steps that group them."""

    # -- what is told -----------------------------------------------------------------------------

    @property
    def layer(self) -> int:
        """The layer whose weights are grouped."""
        return self.derivation.network.layers

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
        rewrites = [self.turned(rewrite) for rewrite in derived]
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
        low = (sources if self.in_rows else nodes) <= len(FEW) or (last and not sums)
        self.complete = low and nodes * sources <= MOST_EQUATIONS
        self.nodes = None if self.complete else [node for node in FEW if node <= nodes]
        self.sources = None if self.complete else [node for node in FEW if node <= sources]
        self.names_left = self.complete and (sums or nodes * sources > len(FEW) ** 2)

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

    def lay_out(self, statement: Statement, **options: Any) -> Lines | None:
        """Lay a statement out over the whole board, None when it does not fit."""
        formula = self.formula(statement, layout.LEAST_EQUATION_SIZE, **ELLIPSES, **options)
        return laid_out(formula, layout.WHOLE_BOARD, layout.MAIN_SIZE)

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
        self.elided = any(glyph.place.part.startswith("ellipsis") for glyph in formula.glyphs)
        for zone in (board, whole):
            factor = min(zone.width / formula.width, zone.height / formula.height)
            if factor >= 1:
                formula.scale(min(factor, layout.EQUATION_SIZE / least)).move_to(zone.centre)
                return formula, zone is board
        column = EquationSystem(tuple((equation,) for equation in self.system.operands))
        for longest in LONGEST_COLUMNS:
            formula = self.formula(column, least, longest_sum=layout.SHORTEST_SUM, longest_matrix=longest)
            if formula.height <= whole.height:
                break
        self.elided = any(glyph.place.part.startswith("ellipsis") for glyph in formula.glyphs)
        return formula.move_to(whole.centre), False

    # -- the steps --------------------------------------------------------------------------------

    def take(self, rewrite: Rewrite) -> None:
        """Play one step of the grouping."""
        *before, last = rewrite.step.split(", ")
        key = last.replace(" ", "_")
        variant = self.told(key, "direct" if before else "")
        own: dict[str, Callable[[Rewrite, str], None]] = {
            "columns": self.merge_columns,
            "delta": self.name_delta,
            "transpose": self.transpose,
            "outer": self.multiply_out,
        }
        own.get(key, lambda rewrite, variant: self.regroup(rewrite, key, variant))(rewrite, variant)
        if key == "product":
            self.make_one_entry()

    def told(self, key: str, variant: str) -> str:
        """Return which sentence applies to a step, for vectors in columns or in rows."""
        return "rows" if self.in_rows and key in TOLD_OF_ROWS else variant

    @property
    def in_rows(self) -> bool:
        """Whether vectors lie in rows."""
        return CONVENTIONS[self.settings.notation].vectors_in_rows

    def regroup(self, rewrite: Rewrite, key: str, variant: str) -> None:
        """Turn the equation into the next, and write the shapes below."""
        with self.beat(key, variant):
            self.turn(rewrite)
            self.new_fractions(2)

    def turn(self, rewrite: Rewrite) -> None:
        """Play a rewrite over the whole board; the shapes of its matrices follow."""
        old = self.board
        new = self.lay_out(rewrite.after, roles_at=roles_after(rewrite, old.formula))
        assert new is not None, "steps_with_room keeps only what fits"
        gone = [*self.below]
        if self.map_is_shown:
            gone += [self.map, self.labels]
            self.map_is_shown = False
        fading = [FadeOut(*gone, run_time=REWRITE / 2)] if gone else []
        self.play(*fading, follow(rewrite, old.formula, new.formula))
        self.board, self.below = new, new.shapes()
        if len(self.below):
            self.play(FadeIn(self.below, shift=DOWN * layout.NUMBER_GAP), run_time=0.6)

    def light(self, positions: list[Position]) -> None:
        """Let some terms stand out against all others."""
        self.play(*spotlight(self.board.formula, positions), run_time=0.8)
        self.wait(0.8)

    def merge_columns(self, rewrite: Rewrite, variant: str) -> None:
        """What is alike in every column lights up, and falls into one column."""
        with self.beat("columns", variant):
            self.light(merging(rewrite))
            self.turn(rewrite)
            self.new_fractions(2)

    def name_delta(self, rewrite: Rewrite, variant: str) -> None:
        """The factors of delta are braced, and become delta."""
        symbol = Names(self.derivation.network).vector("delta", self.layer)
        named = [origin for origin in rewrite.correspondence if self.is_new_delta(rewrite, origin.after)]
        positions = [position for origin in named for position in origin.before]
        positions = [position for position in positions if len(self.board.formula.at(position))]
        name = self.formula(symbol, layout.LEAST_EQUATION_SIZE)
        brace = brace_below(self.board.formula, positions, name)
        with self.beat("delta", variant, delta=symbol):
            if len(self.below):
                self.play(FadeOut(self.below), run_time=0.4)
            self.light(positions)
            self.below = VGroup()
            if self.board.has_room_for(brace):
                self.below = brace
                self.play(FadeIn(brace, shift=DOWN * layout.NUMBER_GAP))
                self.wait(0.8)
            self.turn(rewrite)

    def transpose(self, rewrite: Rewrite, variant: str) -> None:
        """The matrix that is a transpose lights up, and is turned over."""
        with self.beat("transpose", variant):
            turned = [
                position
                for origin in rewrite.correspondence
                if any(isinstance(at(rewrite.after, origin.after[:n]), Transpose) for n in range(1, 7))
                for position in origin.before
            ]
            self.light(turned)
            self.turn(rewrite)
            self.new_fractions(2)

    def is_new_delta(self, rewrite: Rewrite, position: Position) -> bool:
        """Tell whether a delta of this layer stands at a position of the rewritten equation."""
        term = at(rewrite.after, position)
        return isinstance(term, Delta) and term.layer == self.layer

    def multiply_out(self, rewrite: Rewrite, variant: str) -> None:
        """The inputs take the places of dz/dw; matrices that have names show them."""
        with self.beat("outer", variant):
            same = [
                position
                for origin in rewrite.correspondence
                if isinstance(at(rewrite.after, origin.after), Quantity)
                for position in origin.before
            ]
            self.light(same)
            self.turn(rewrite)
            self.new_fractions(2)
            names = self.board.names(self.naming) if self.naming is not None else VGroup()
            if len(names):
                self.play(FadeIn(names, shift=DOWN * layout.NUMBER_GAP), run_time=0.6)
                self.below = VGroup(*self.below, *names)

    def make_one_entry(self) -> None:
        """Only sums over branches need it."""

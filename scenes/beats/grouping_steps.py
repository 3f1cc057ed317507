"""The steps that group a layer's equations, each a rewrite played over the whole board."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from manim import DOWN, FadeIn, FadeOut, VGroup

from bpmath.algebra import Delta, Quantity
from bpmath.conventions import CONVENTIONS
from bpmath.matrices import Ones
from bpmath.matrix_algebra import Transpose
from bpmath.matrix_equations import Statement
from bpmath.naming import Names
from bpmath.rewrites import Rewrite
from bpmath.trees import Position, at
from scenes.stage import layout
from scenes.stage.lesson import Lesson
from scenes.stage.matrix import brace_below
from scenes.stage.matrix_board import Lines, laid_out, merging, spotlight
from scenes.stage.network_map import NetworkMap
from scenes.stage.rewriting import REWRITE, follow, roles_after
from scenes.stage.theme import Role

ELLIPSES = {"longest_sum": layout.SHORTEST_SUM, "longest_matrix": layout.GROUPED_MATRIX}
TOLD_OF_ROWS = ("columns", "factor_out", "product", "entry", "transpose", "inputs", "outer")
"""The steps whose sentences speak of rows and columns."""


class GroupingSteps(Lesson):
    """Plays the steps of a grouping; what stands on the board, and what stands below it, are kept."""

    map: NetworkMap
    labels: VGroup
    below: VGroup
    board: Lines
    naming: Rewrite | None
    map_is_shown: bool

    @property
    def layer(self) -> int:
        """The layer whose weights are grouped."""
        return self.derivation.network.layers

    def lay_out(self, statement: Statement, **options: Any) -> Lines | None:
        """Lay a statement out over the whole board, None when it does not fit."""
        formula = self.formula(statement, layout.LEAST_EQUATION_SIZE, **ELLIPSES, **options)
        return laid_out(formula, layout.WHOLE_BOARD, layout.MAIN_SIZE)

    def take(self, rewrite: Rewrite) -> None:
        """Play one step of the grouping."""
        *before, last = rewrite.step.split(", ")
        key = last.replace(" ", "_")
        variant = self.told(key, "direct" if before else "")
        own: dict[str, Callable[[Rewrite, str], None]] = {
            "columns": self.merge_columns,
            "delta": self.name_delta,
            "transpose": self.transpose,
            "inputs": self.put_inputs,
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
        new = self.lay_out(rewrite.after, roles_at=self.roles(rewrite))
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

    def roles(self, rewrite: Rewrite) -> dict[Position, Role]:
        """Return the colours that terms of the rewritten equation take over from those that they were."""
        old = self.board.formula
        kept = {
            origin.after: role
            for origin in rewrite.correspondence
            if isinstance(at(rewrite.after, origin.after), Quantity)
            and origin.before
            and (role := old.role_at(origin.before[0])) is not None
        }
        return {**kept, **roles_after(rewrite, old)}

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
        # The deltas behind stand once, in the column that every row is multiplied with.
        positions = [*dict.fromkeys(position for origin in named for position in origin.before)]
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
            turned = (o for o in rewrite.correspondence if self.is_transposed(rewrite, o.after))
            self.light([position for origin in turned for position in origin.before])
            self.turn(rewrite)
            self.new_fractions(2)

    def is_transposed(self, rewrite: Rewrite, position: Position) -> bool:
        """Tell whether a cell of the rewritten equation stands in a matrix that is a transpose."""
        around = (at(rewrite.after, position[:depth]) for depth in range(1, len(position)))
        return any(isinstance(term, Transpose) for term in around)

    def is_new_delta(self, rewrite: Rewrite, position: Position) -> bool:
        """Tell whether a delta of this layer stands at a position of the rewritten equation."""
        term = at(rewrite.after, position)
        return isinstance(term, Delta) and term.layer == self.layer

    def put_inputs(self, rewrite: Rewrite, variant: str) -> None:
        """Every dz/dw lights up, and its input takes its place: the same one in every row."""
        with self.beat("inputs", variant):
            inputs = (o for o in rewrite.correspondence if isinstance(at(rewrite.after, o.after), Quantity))
            self.light([position for origin in inputs for position in origin.before])
            self.turn(rewrite)
            self.new_fractions(2)

    def multiply_out(self, rewrite: Rewrite, variant: str) -> None:
        """Equal inputs fall together; matrices that have names show them."""
        repeated = any(isinstance(term, Ones) for _, term in self.board.formula.positions)
        with self.beat("outer", variant if variant == "direct" or repeated else "single"):
            self.turn(rewrite)
            self.new_fractions(2)
            names = self.board.names(self.naming) if self.naming is not None else VGroup()
            if len(names):
                self.play(FadeIn(names, shift=DOWN * layout.NUMBER_GAP), run_time=0.6)
                self.below = VGroup(*self.below, *names)

    def make_one_entry(self) -> None:
        """Only sums over branches need it."""

"""The end of every derivation of a loss: the deltas of the last layer, all at once."""

from __future__ import annotations

from manim import UP, Animation, Create, FadeIn, FadeOut, Mobject, VGroup

from bpmath.algebra import Delta
from bpmath.matrix_equations import Statement
from bpmath.numbers import numbers
from bpmath.symbols import z
from scenes.stage import layout, moves
from scenes.stage.formula import Formula, fits
from scenes.stage.loss_lesson import LossLesson
from scenes.stage.loss_table import roles_of_cells
from scenes.stage.theme import Role


class LastLayerBeats(LossLesson):
    """The last beats of every lesson about a loss."""

    @property
    def single(self) -> str:
        """Which sentences apply: "single" where there is one output."""
        return "single" if self.derivation.network.sizes[-1] == 1 else ""

    def whole_layer(self, gone: Mobject, line: Formula) -> None:
        """The deltas of all outputs, in the colours of one line, on the map where there is room for it."""
        column = self.deltas.column
        roles = roles_of_cells(line, self.derivation.network.sizes[-1])
        self.matrix = self.formula(column, layout.MAIN_SIZE, roles_at=roles, longest_matrix=layout.MOST_ROWS)
        room = layout.LAST_BOARD.width, layout.LAST_BOARD.height
        self.zone = layout.LAST_BOARD if fits(self.matrix, *room) else layout.WHOLE_BOARD
        self.matrix = self.largest_in(column, self.zone, layout.MAIN_SIZE, roles_at=roles)
        self.matrix.move_to(self.zone.centre)
        with self.beat("layer", "large" if self.matrix.is_elided else self.single):
            self.play(FadeOut(gone))
            self.play(*self._arrivals(), run_time=2.0)
            self.new_fractions(2)
        self._name_layer()

    def _arrivals(self) -> list[Animation]:
        """Return what brings the column: each delta leaves its node, if the map is there."""
        if self.zone is not layout.LAST_BOARD:
            return [FadeIn(self.matrix, shift=UP * layout.NUMBER_GAP)]
        layer = self.derivation.network.layers
        rings = {node: self.map.ring(z(layer, node), Role.DELTA) for node in self.map.plan.rows(layer)}
        self.play(FadeIn(self.map), *map(Create, rings.values()))
        flown = {cell.term.node: self.matrix.at(cell.position) for cell in self.matrix.written(Delta)}
        flown = {node: glyphs for node, glyphs in flown.items() if node in rings}
        own = {id(glyph) for glyphs in flown.values() for glyph in glyphs}
        rest = VGroup(*(glyph for glyph in self.matrix.glyphs if id(glyph) not in own))
        return [*(moves.fly(glyphs, rings[node]) for node, glyphs in flown.items()), FadeIn(rest)]

    def _name_layer(self) -> None:
        """Whole vectors get their names, and their numbers."""
        what: Statement = self.deltas.column
        size = layout.MAIN_SIZE
        if self.deltas.is_difference:
            size = layout.MOST_SIZE
            with self.beat("name"):
                self.rewrite_matrix(self.deltas.named(), size=layout.MOST_SUBJECT)
            what = self.deltas.named().after
        if self.settings.numbers:
            with self.beat("numbers"):
                self.rewrite_matrix(numbers(what), size=size)

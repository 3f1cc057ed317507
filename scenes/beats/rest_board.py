"""How the equations of a layer's weights are laid out: as the weights stand, where there is room."""

from __future__ import annotations

from collections.abc import Sequence

from manim import VGroup

from bpmath.conventions import CONVENTIONS
from bpmath.symbols import Symbol, w
from bpmath.trees import Position
from scenes.stage import layout
from scenes.stage.equation_grid import cell, set_level
from scenes.stage.formula import Formula, fit, fits
from scenes.stage.layout import Zone
from scenes.stage.walk import WalkLesson

Rows = Sequence[Sequence[Symbol]]


class RestBoard(WalkLesson):
    """Chooses which equations of a layer are shown, and where; `depth` tells the layers behind."""

    depth = 0

    def prepare_equations(self) -> None:
        """Make the equations of the corners of the weight matrix, fewer of them where they are long."""
        network = self.derivation.network
        self.layer = max(1, network.layers - self.depth)
        self.total = network.weights[self.layer - 1].size
        self.map_has_left = False
        self._signs: dict[Symbol, dict[Position, VGroup]] = {}
        nodes, sources = sorted({1, network.sizes[self.layer]}), sorted({1, network.sizes[self.layer - 1]})
        square = [[w(self.layer, k, j) for j in sources] for k in nodes]
        column = [[weight] for row in square for weight in row]
        self.in_matrix = True
        in_rows = CONVENTIONS[self.settings.notation].vectors_in_rows
        self.equations = self.in_one_line_each(
            list(zip(*square, strict=True)) if in_rows else square, self.board
        )
        if not self.equations:
            self.in_matrix = False
            self.equations = self.first_that_fits(column)
        self.weights = sorted(self.equations, key=lambda weight: weight.indices)
        floor = self.board.bottom
        bottoms = {weight: float(formula.get_bottom()[1]) for weight, formula in self.equations.items()}
        low = [number for number, weight in enumerate(self.weights) if bottoms[weight] < floor]
        self.crowded = self.weights[min(low) :] if low else []

    def first_that_fits(self, column: Rows) -> dict[Symbol, Formula]:
        """Return equations below each other: all, the first and the last, or the first alone."""
        ends = [column[0], column[-1]]
        return (
            self.in_one_line_each(column, layout.WHOLE_BOARD)
            or self.in_one_line_each(ends, self.board)
            or self.in_lines(ends, layout.WHOLE_BOARD)
            or self.in_lines(column[:1], self.board)
            or self.in_lines(column[:1], layout.WHOLE_BOARD)
        )

    @property
    def number_gap(self) -> float:
        """The distance between an equation and its numbers."""
        return layout.NUMBER_GAP / 2

    def in_one_line_each(self, rows: Rows, zone: Zone) -> dict[Symbol, Formula]:
        """Return equations in rows and columns, each in one line with room for its numbers, if they fit."""
        reserve = layout.TRACE_NUMBER_ROOM if self.settings.numbers else 0
        room = cell(zone, len(rows), len(rows[0]))
        found: dict[Symbol, Formula] = {}
        for weight in (weight for row in rows for weight in row):
            for most in (layout.LONGEST_SUM, layout.SHORTEST_SUM):
                formula = self.formula(self.derivation.path_sum(weight), layout.TRACE_SIZE, longest_sum=most)
                if fits(formula, room.width, room.height - reserve):
                    break
            else:
                return {}
            fit(formula, min(formula.width, room.width), room.height - reserve)
            found[weight] = formula
        grid = [[found[weight] for weight in row] for row in rows]
        set_level(grid, zone, reserve, from_top=zone is not self.board)
        return found

    def in_lines(self, rows: Rows, zone: Zone) -> dict[Symbol, Formula]:
        """Return equations below each other, each broken into lines, if they fit."""
        # Every equation is as high as the board at most, so that the first has room above the map.
        height = min(cell(zone, len(rows), 1).height, self.board.height)
        room = Zone(zone.left, zone.right, zone.top - height, zone.top)
        found: dict[Symbol, Formula] = {}
        for (weight,) in rows:
            what, apart = self.derivation.path_sum(weight), layout.TRACE_NUMBER_ROOM / 2
            formula = self.laid(what, room, size=layout.TRACE_SIZE, reserve=apart)
            if formula is None:
                return {}
            found[weight] = formula
        set_level([[found[weight]] for (weight,) in rows], zone, from_top=zone is not self.board)
        return found

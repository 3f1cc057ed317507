"""A matrix whose rows stand level with something else, and the indices of a symbol."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from manim import UP, VGroup

from bpmath.algebra import Quantity
from bpmath.matrices import Cells
from bpmath.symbols import Symbol
from bpmath.trees import Position, at
from bpmath.writing import shown
from scenes.stage.formula import Formula
from scenes.stage.layout import ERROR_GAP, NODE_RADIUS, NODE_SPLIT, ONE_LAYER_GAP, Zone
from scenes.stage.network_map import NetworkMap
from scenes.stage.typeset import Glyph


def one_layer(layers: int, zone: Zone) -> Zone:
    """Return a zone on which a map of some layers leaves ONE_LAYER_GAP between its columns."""
    width = layers * (ONE_LAYER_GAP + NODE_SPLIT) + 2 * ERROR_GAP + 2 * NODE_RADIUS
    return Zone(zone.left, zone.left + width, zone.bottom, zone.top)


def heights(network_map: NetworkMap, letter: str, layer: int | None) -> list[float]:
    """Return the heights of a column of a map, from above, the ellipsis between."""
    found = [float(node.get_y()) for node in network_map.column(letter, layer)]
    ellipsis = network_map.ellipses.get(layer or 0)
    return found if ellipsis is None else [*found[:-1], float(ellipsis.get_y()), found[-1]]


@dataclass(frozen=True)
class Indices:
    """The glyphs of a symbol: its letter, what stands above, and each of its subscripts."""

    letter: Glyph
    above: VGroup
    below: VGroup


def indices(glyphs: Iterable[Glyph]) -> Indices:
    """Return the glyphs of a symbol by where they stand."""
    letter, *others = sorted(glyphs, key=lambda glyph: float(glyph.get_left()[0]))
    below = [glyph for glyph in others if glyph.get_y() < letter.get_y()]
    above = [glyph for glyph in others if glyph not in below]
    return Indices(letter, VGroup(*above), VGroup(*below))


def rows_of(formula: Formula, matrix: Position, longest: int | None) -> list[list[Glyph]]:
    """Return the shown rows of a matrix that was written out with `longest_matrix`, dots and all."""
    cells = at(formula.what, matrix)
    assert isinstance(cells, Cells)
    seen = shown(cells.shape.rows, longest)
    rows: list[list[Glyph]] = [[] for _ in seen]
    for glyph in formula.glyphs:
        position, part = glyph.place.position, glyph.place.part
        if len(position) > len(matrix) and position[: len(matrix)] == matrix:
            rows[seen.index(position[len(matrix)] // cells.shape.columns)].append(glyph)
        elif position == matrix and part.startswith("ellipsis"):
            rows[int(part.split()[1]) - 1].append(glyph)
    return rows


class MatrixCells:
    """The shown cells of a matrix of weights that was written out with `longest_matrix`."""

    def __init__(self, formula: Formula, matrix: Position, longest: int | None) -> None:
        self.rows = rows_of(formula, matrix, longest)
        self._matrix, self._cells = matrix, at(formula.what, matrix).operands

    @property
    def glyphs(self) -> list[Glyph]:
        """The glyphs inside the matrix, dots and all."""
        return [glyph for row in self.rows for glyph in row]

    def weight(self, position: Position) -> Symbol | None:
        """Return the weight in a cell, None for dots."""
        if len(position) <= len(self._matrix):
            return None
        cell = self._cells[position[len(self._matrix)]]
        return cell.symbol if isinstance(cell, Quantity) else None

    def glyphs_of(self, weight: Symbol) -> list[Glyph]:
        """Return the glyphs of a weight, none where dots stand for it."""
        return [glyph for glyph in self.glyphs if self.weight(glyph.place.position) == weight]

    def ending(self, index: int, node: int) -> VGroup:
        """Return the glyphs of the weights that have a node at one of their ends."""
        named = [(glyph, self.weight(glyph.place.position)) for glyph in self.glyphs]
        return VGroup(*(glyph for glyph, weight in named if weight and weight.indices[index] == node))


def set_level(
    formula: Formula, matrix: Position, at_heights: Sequence[float], longest: int | None
) -> Formula:
    """Move the rows of a written-out matrix to some heights, its brackets around them, the rest between.

    ValueError unless there is a height for each row that is shown.
    """
    rows = [VGroup(*row) for row in rows_of(formula, matrix, longest)]
    if len(rows) != len(at_heights):
        raise ValueError(f"at_heights: there are {len(at_heights)} for {len(rows)} rows")
    brackets = [*formula.sign(matrix, "open"), *formula.sign(matrix, "close")]
    fixed = {id(glyph) for glyph in (*brackets, *(glyph for row in rows for glyph in row))}
    old = [float(row.get_y()) for row in rows]
    centre, middle = (old[0] + old[-1]) / 2, (at_heights[0] + at_heights[-1]) / 2
    for row, height in zip(rows, at_heights, strict=True):
        row.shift(UP * (height - row.get_y()))
    for glyph in formula.glyphs:
        if id(glyph) not in fixed:
            glyph.shift(UP * (middle - centre))
    longer = ((at_heights[0] - at_heights[-1]) - (old[0] - old[-1])) / 2
    for bracket in brackets:
        _stretch(bracket, centre, middle, longer)
    return formula


def _stretch(bracket: Glyph, centre: float, middle: float, by: float) -> None:
    """Pull the ends of a bracket apart without thickening them."""
    points = bracket.points.copy()
    points[:, 1] += middle - centre + np.where(points[:, 1] > centre, by, -by)
    bracket.set_points(points)

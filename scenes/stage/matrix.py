"""What stands below a matrix on the board: its shape, its name, a brace over several."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from manim import DOWN, Brace, VGroup

from bpmath.matrices import Cells, MatrixDerivative, MatrixExpression, MatrixSymbol, Ones, Shape
from bpmath.matrix_algebra import Transpose
from bpmath.notation import Place
from bpmath.trees import Position
from scenes.stage.formula import Formula, Written
from scenes.stage.layout import BRACE_GAP, SHAPE_GAP, SHAPE_SIZE
from scenes.stage.theme import Role
from scenes.stage.typeset import Typeset, set_mathematics


def matrices(formula: Formula) -> list[Written[MatrixExpression]]:
    """Return the matrices that stand in a formula, written out or by name."""
    kinds = (Cells, MatrixSymbol, MatrixDerivative, Ones)
    return [
        Written[MatrixExpression](position, term)
        for position, term in formula.positions
        if isinstance(term, kinds) and len(formula.at(position))
    ]


def shape_mobject(shape: Shape, colour: str, size: float = SHAPE_SIZE) -> Typeset:
    """Return a shape, such as 2 × 3."""
    return set_mathematics(lambda mark: mark(Place(), f"{shape.rows} times {shape.columns}"), size, colour)


def shapes_below(formula: Formula) -> VGroup:
    """Return the shape of every matrix of a formula, as it enters a product, below it, all on one line."""
    labels = VGroup()
    for written in map(partial(_transposed, formula), matrices(formula)):
        label = shape_mobject(written.term.shape, formula.theme[Role.QUIET])
        labels.add(label.next_to(formula, DOWN, buff=SHAPE_GAP).set_x(formula.at(written.position).get_x()))
    return labels


def _transposed(formula: Formula, written: Written[MatrixExpression]) -> Written[MatrixExpression]:
    """Return the transpose of a matrix where that is what stands there, else the matrix."""
    around = dict(formula.positions).get(written.position[:-1]) if written.position else None
    return Written(written.position[:-1], around) if isinstance(around, Transpose) else written


def brace_below(formula: Formula, positions: Sequence[Position], name: Typeset) -> VGroup:
    """Return a brace below the terms at some positions, with a name below it."""
    braced = VGroup(*(glyph for position in positions for glyph in formula.at(position)))
    brace = Brace(braced, DOWN, buff=BRACE_GAP, color=formula.theme[Role.QUIET])
    return VGroup(brace, name.next_to(brace, DOWN, buff=BRACE_GAP))

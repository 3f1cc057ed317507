"""Equations of the stage as text that can be read, spoken and copied, and the same with their numbers."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bpmath import to_mathml
from bpmath.algebra import Number
from bpmath.equations import Equation
from bpmath.handout.blocks import LONGEST_MATRIX, LONGEST_SUM
from bpmath.handout.numbers import Corner, corner, in_numbers, with_numbers
from bpmath.matrices import Cells, MatrixExpression
from bpmath.matrix_equations import EquationSystem, MatrixEquation, Statement
from bpmath.notation import write
from bpmath.trees import leaves
from scenes.stage.standing import Standing


@dataclass(frozen=True)
class EquationRecord:
    """An equation that stands on the stage, in three languages, and what comes out where it is evaluated.

    `numbers` says the right-hand side in numbers and its value, "-0.63 · 0.23 · 0.56 = -0.0822"; of large
    matrices the corners.  None where the equation says its numbers itself, or numbers are not wanted.
    `layer` tells for which layer an equation in general letters was evaluated: "l = 2".
    """

    latex: str
    mathml: str
    text: str
    numbers: str | None = None
    numbers_mathml: str | None = None
    layer: str | None = None


def has_only_numbers(statement: Statement) -> bool:
    """Tell whether a statement says nothing but numbers, on both sides."""
    return all(isinstance(leaf.term, Number) for leaf in leaves(statement))


def equation_record(standing: Standing, notation: str, numbers: bool = True) -> EquationRecord:
    """Return an equation as the stage writes it, in a notation, and with `numbers` what it amounts to."""
    statement, layers = standing.statement, standing.layers
    longest_sum, longest_matrix = standing.longest_sum, standing.longest_matrix

    def written(language: str) -> str:
        return write(
            statement,
            language,
            notation,
            longest_sum=longest_sum,
            longest_matrix=longest_matrix,
            layers=layers,
        )

    mathml = to_mathml(
        statement,
        notation,
        display=True,
        longest_sum=longest_sum,
        longest_matrix=longest_matrix,
        layers=layers,
    )
    record = EquationRecord(written("latex"), mathml, written("text"))
    if not numbers or has_only_numbers(statement):
        return record
    return _with_numbers(record, standing, notation)


def _with_numbers(record: EquationRecord, standing: Standing, notation: str) -> EquationRecord:
    worked, most = worked_out(standing.statement), standing.longest_sum or LONGEST_SUM
    text = write(worked, "text", notation, longest_sum=most, longest_matrix=LONGEST_MATRIX)
    if text == record.text:
        return record
    mathml = to_mathml(worked, notation, display=True, longest_sum=most, longest_matrix=LONGEST_MATRIX)
    return replace(record, numbers=text, numbers_mathml=mathml, layer=_layer(standing))


def _layer(standing: Standing) -> str | None:
    letters = {letter: layer for layer, letter in (standing.layers or {}).items() if letter.isalpha()}
    return ", ".join(f"{letter} = {layer}" for letter, layer in letters.items()) or None


def worked_out(statement: Statement) -> Statement:
    """Return the right-hand side in numbers = its value, executed.

    Where there is nothing to work out on the right, it is the left-hand side = its value.
    """
    match statement:
        case Equation():
            return _scalar(statement)
        case MatrixEquation():
            return _matrix(statement)
        case EquationSystem(rows=rows):
            return EquationSystem(tuple(tuple(map(_scalar, row)) for row in rows))


def _scalar(equation: Equation) -> Equation:
    numbers = with_numbers(equation.rhs, equation.values)
    has_symbols = any(not isinstance(leaf.term, Number) for leaf in leaves(equation.rhs))
    works = has_symbols and not isinstance(numbers, Number)
    return Equation(numbers if works else equation.lhs, Number(equation.value), equation.values)


def _matrix(equation: MatrixEquation) -> MatrixEquation:
    at, values = corner(equation.lhs.shape), equation.values
    left, value = in_numbers(equation.rhs, values, at), _numbers(equation.value, at)
    if isinstance(left, Cells):
        left = equation.lhs if left.shape == equation.lhs.shape else _entries(equation.lhs, at)
    return MatrixEquation(left, value, values, equation.lies_in_rows)


def _numbers(array: NDArray[np.float64], at: Corner) -> Cells:
    shown = array[np.ix_([row - 1 for row in at.rows], [column - 1 for column in at.columns])]
    return Cells(tuple(tuple(map(Number, row)) for row in shown.tolist()))


def _entries(matrix: MatrixExpression, at: Corner) -> Cells:
    return Cells(tuple(tuple(matrix.entry(row, column) for column in at.columns) for row in at.rows))

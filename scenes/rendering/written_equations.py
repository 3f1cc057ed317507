"""Equations of the stage as text that can be read, spoken and copied, and the same with their numbers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bpmath.algebra import Number
from bpmath.equations import Equation
from bpmath.handout.blocks import LONGEST_MATRIX, LONGEST_SUM
from bpmath.handout.mathml import math_element, tagged
from bpmath.handout.numbers import Corner, corner, in_numbers, with_numbers
from bpmath.matrices import Cells, MatrixExpression
from bpmath.matrix_equations import EquationSystem, MatrixEquation, Statement, Term
from bpmath.notation import Mark, Place, write
from bpmath.trees import Position
from bpmath.writing import unmarked
from scenes.stage.standing import Standing
from scenes.stage.theme import Role

Roles = Mapping[Position, Role]
UNCOLOURED = ("minus", "comma")
"""Parts that MathML writes without an element of their own."""


@dataclass(frozen=True)
class EquationRecord:
    """An equation that stands on the stage, in three languages, and what comes out where it is evaluated.

    `numbers` says the right-hand side in numbers and its value, "-0.63 · 0.23 · 0.56 = -0.0822"; of large
    matrices the corners.  None where the equation says its numbers itself, or numbers are not wanted.
    In MathML the class of an element is the role in whose colour the stage has it.
    `layer` tells for which layer an equation in general letters was evaluated: "l = 2".
    """

    latex: str
    mathml: str
    text: str
    numbers: str | None = None
    numbers_mathml: str | None = None
    layer: str | None = None


@dataclass(frozen=True)
class _Writing:
    """How statements are written: the notation, and where an ellipsis stands for more."""

    notation: str
    longest_sum: int | None
    longest_matrix: int | None
    layers: Mapping[int, str] | None = None

    def write(self, statement: Statement, language: str, mark: Mark = unmarked) -> str:
        return write(
            statement,
            language,
            self.notation,
            mark=mark,
            longest_sum=self.longest_sum,
            longest_matrix=self.longest_matrix,
            layers=self.layers,
        )

    def mathml(self, statement: Statement, roles: Roles) -> str:
        """Return a <math> element with the roles of the terms as classes."""
        body = self.write(statement, "mathml", coloured(roles))
        return math_element(body, self.write(statement, "latex"), display=True)


def coloured(roles: Roles) -> Mark:
    """Return the mark that writes terms as MathML with their roles as classes, `local-derivative`."""

    def mark(place: Place, source: str) -> str:
        element, position = tagged(place, source), place.position
        around = (position[:length] for length in range(len(position), -1, -1))
        role = next((roles[outer] for outer in around if outer in roles), None)
        if role is None or place.part in UNCOLOURED:
            return element
        return element.replace(">", f' class="{role.value.replace(" ", "-")}">', 1)

    return mark


def has_only_numbers(what: Statement | Term) -> bool:
    """Tell whether a statement or a term says nothing but numbers."""
    # A written-out matrix may have thousands of leaves; mostly the first tells.
    inner: Iterable[Statement | Term] = what.operands
    return all(map(has_only_numbers, inner)) if what.operands else isinstance(what, Number)


def equation_record(standing: Standing, notation: str, numbers: bool = True) -> EquationRecord:
    """Return an equation as the stage writes it, in a notation, and with `numbers` what it amounts to."""
    writing = _Writing(notation, standing.longest_sum, standing.longest_matrix, standing.layers)
    statement = standing.statement
    record = EquationRecord(
        writing.write(statement, "latex"),
        writing.mathml(statement, standing.roles),
        writing.write(statement, "text"),
    )
    if not numbers or has_only_numbers(statement):
        return record
    return _with_numbers(record, standing, notation)


def _with_numbers(record: EquationRecord, standing: Standing, notation: str) -> EquationRecord:
    worked = worked_out(standing.statement)
    writing = _Writing(notation, standing.longest_sum or LONGEST_SUM, LONGEST_MATRIX)
    text = writing.write(worked, "text")
    if text == record.text:
        return record
    mathml = writing.mathml(worked, _roles_of_numbers(standing, worked))
    return replace(record, numbers=text, numbers_mathml=mathml, layer=_layer(standing))


def _roles_of_numbers(standing: Standing, worked: Statement) -> Roles:
    """Return the roles of numbers: what is worked out has those of the right, its value that of the left."""
    statement, depth = standing.statement, 1 if isinstance(worked, EquationSystem) else 0
    roles: dict[Position, Role] = {}
    for position, role in standing.roles.items():
        system, side, inner = position[:depth], position[depth : depth + 1], position[depth + 1 :]
        before = statement.operands[system[0]] if system else statement
        after = worked.operands[system[0]] if system else worked
        if side == (0,) and not inner:
            roles[(*system, 1)] = role
        stays = before.operands[0] == after.operands[0]
        if side == ((0,) if stays else (1,)):
            roles[(*system, 0, *inner)] = role
    return roles


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
    works = not has_only_numbers(equation.rhs) and not isinstance(numbers, Number)
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

"""Losses and the deltas that they leave, a row for each, with the number of each delta."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from manim import LEFT, RIGHT, UP, VGroup

from bpmath.derivation import Derivation
from bpmath.equations import Equation
from bpmath.trees import Position
from scenes.stage import layout
from scenes.stage.formula import Formula, Written
from scenes.stage.line_by_line import Make, inherited
from scenes.stage.theme import Role


@dataclass(frozen=True)
class Choice:
    """A network on a sample, and the equation that says what was chosen: a loss or an activation."""

    derivation: Derivation
    chosen: Equation


@dataclass(frozen=True)
class LossRow:
    """What was chosen, the delta of the first output, and the number below that."""

    loss: Formula
    delta: Formula
    number: VGroup

    @property
    def whole(self) -> VGroup:
        """All of the row."""
        return VGroup(self.loss, self.delta, self.number)


def loss_row(choice: Choice, size: float, *, make: Make, with_number: bool) -> LossRow:
    """Return what was chosen and the delta, in the colours of the factors it came from."""
    derivation = choice.derivation
    steps = derivation.loss_delta(1)
    delta = make(steps[0].before, size, roles_at={})
    for step in steps:
        delta = make(step.after, size, roles_at=inherited(step, delta))
    number = VGroup()
    if with_number:
        asked = Written(position=(0,), term=delta.equation.lhs)
        number = delta.number_below(asked, derivation.values)
    return LossRow(make(choice.chosen, size, roles_at={}), delta, number)


def largest_table(
    choices: Sequence[Choice], make: Callable[[Choice, float], LossRow], zone: layout.Zone
) -> list[LossRow]:
    """Return a row for each choice in the largest size that fits.

    Each delta stands beside its loss, or below it where that lets the table be larger.
    """
    rows: list[LossRow] = []
    for size in layout.LINE_SIZES:
        rows = [make(choice, size) for choice in choices]
        for arrange in (_beside, _below):
            whole = arrange(rows)
            if whole.width <= zone.width and whole.height <= zone.height:
                whole.move_to(zone.centre)
                return rows
    raise ValueError(f"choices: no table of them fits into {zone.width:.1f} x {zone.height:.1f}")


def _beside(rows: Sequence[LossRow]) -> VGroup:
    """Set the losses in one column and the deltas in another."""
    column = max(_reach(row.loss) for row in rows) + layout.COLUMN_GAP
    room = max(_before(row.delta, row.number) for row in rows)
    edge = 0.0
    for row in rows:
        row.loss.shift(LEFT * row.loss.equals.get_x())
        right = VGroup(row.delta, row.number)
        level = row.loss.equals.get_y() - row.delta.equals.get_y()
        right.shift(RIGHT * (column + room - row.delta.equals.get_x()) + UP * level)
        row.whole.shift(UP * (edge - row.whole.get_top()[1]))
        edge = row.whole.get_bottom()[1] - layout.LINE_GAP
    return VGroup(*(row.whole for row in rows))


def _below(rows: Sequence[LossRow]) -> VGroup:
    """Set every delta below its loss, equals sign below equals sign."""
    edge = 0.0
    for row in rows:
        row.loss.shift(LEFT * row.loss.equals.get_x() + UP * (edge - row.loss.get_top()[1]))
        edge = row.loss.get_bottom()[1] - layout.STACK_GAP
        below = VGroup(row.delta, row.number)
        below.shift(LEFT * row.delta.equals.get_x() + UP * (edge - below.get_top()[1]))
        edge = below.get_bottom()[1] - layout.ROW_GAP
    return VGroup(*(row.whole for row in rows))


def _reach(formula: Formula) -> float:
    """Return how far a formula goes behind its equals sign."""
    return float(formula.get_right()[0] - formula.equals.get_x())


def _before(formula: Formula, number: VGroup) -> float:
    """Return how far an equation with a number reaches before its equals sign."""
    return float(formula.equals.get_x() - VGroup(formula, number).get_left()[0])


def roles_of_cells(line: Formula, count: int) -> dict[Position, Role]:
    """Return the colours of a column of equations that are all like one, in the places of their cells."""
    roles: dict[Position, Role] = {}
    for position, _ in line.positions:
        role = line.role_at(position)
        if role is not None:
            side, *rest = position
            roles |= {(side, cell, *rest): role for cell in range(count)}
    return roles

"""The numbers below an equation between derivatives, with its signs between them: it can be checked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from manim import DOWN, VGroup

from bpmath.algebra import Derivative, Partial, Values
from bpmath.notation import Place
from scenes.stage.formula import Formula
from scenes.stage.layout import NUMBER_GAP, NUMBER_SIGN_CLEARANCE, NUMBER_SIGN_HEIGHT, ONE_LINE
from scenes.stage.typeset import Glyph, Typeset, stand_alone


@dataclass(frozen=True)
class NumberRow:
    """The value below each factor, the value of the whole below the left-hand side, the signs between."""

    factors: VGroup
    result: Typeset
    signs: VGroup


def number_row(formula: Formula, values: Values, gap: float = NUMBER_GAP) -> NumberRow:
    """Return the numbers of an equation in one line; of one in several lines only the result."""
    (asked,) = formula.written(Derivative)
    result = formula.number_below(asked, values)
    if not in_one_line(formula):
        # Further lines are set in: below the left-hand side there is room.
        result.next_to(formula.at(asked.position), DOWN, buff=gap)
        return NumberRow(VGroup(), result, VGroup())
    factors = VGroup(*(formula.number_below(factor, values) for factor in formula.written(Partial)))
    for number in (*factors, result):
        number_x = number.get_x()
        number.next_to(formula, DOWN, buff=gap).set_x(number_x)
    return NumberRow(factors, result, _signs_between(formula, [*factors, result]))


def in_one_line(formula: Formula) -> bool:
    """Tell whether an equation stands in one line."""
    (asked,) = formula.written(Derivative)
    return bool(formula.height < ONE_LINE * formula.at(asked.position).height)


def _signs_between(formula: Formula, numbers: list[Typeset]) -> VGroup:
    """Return the signs of a formula once more, small, between its numbers; none where one would touch."""
    groups: dict[Place, VGroup] = {}
    for glyph in formula.signs():
        if isinstance(glyph, Glyph):
            groups.setdefault(glyph.place, VGroup()).add(glyph.copy())
    share, height = numbers[0].font_size / formula.font_size, max(number.height for number in numbers)
    for sign in groups.values():
        sign.scale(min(share, NUMBER_SIGN_HEIGHT * height / sign.height)).set_y(numbers[0].get_y())
        # A piece of its own: it stands alone, not with the signs that it is a copy of.
        stand_alone(sign)
    if any(_touches(sign, number) for sign in groups.values() for number in numbers):
        return VGroup()
    return VGroup(*groups.values())


def _touches(sign: VGroup, number: Typeset) -> bool:
    room = (sign.width + number.width) / 2 + NUMBER_SIGN_CLEARANCE
    return bool(abs(sign.get_x() - number.get_x()) < room)


def all_of(rows: Iterable[NumberRow]) -> VGroup:
    """Return all that stands in rows of numbers."""
    return VGroup(*(VGroup(row.factors, row.result, row.signs) for row in rows))

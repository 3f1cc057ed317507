"""A derivation line by line: the lines stand below each other; where there are too many, the first leave."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

import bpmath as bp
from bpmath.loss_examples import loss_example
from bpmath.matrix_equations import Statement
from scenes.stage.formula import Formula
from scenes.stage.layout import LOSS_LINES, Zone
from scenes.stage.line_by_line import LineByLine, cancelled, inherited
from scenes.stage.theme import DARK, Role


def make(what: Statement, size: float, *, roles_at: Any) -> Formula:
    return Formula(what, DARK, size, roles_at=roles_at)


@pytest.fixture
def steps() -> list[bp.Rewrite]:
    example = loss_example("binary_cross_entropy")
    return bp.derive(example.network, example.x, example.y).loss_delta(1)


def test_lines_stand_below_each_other_in_the_zone(steps: list[bp.Rewrite]) -> None:
    derivation = LineByLine(steps, make, LOSS_LINES)
    derivation.settle(3)
    lines = derivation.lines[:4]
    for above, below in pairwise(lines):
        assert above.get_bottom()[1] > below.get_top()[1]
        assert above.equals.get_x() == pytest.approx(below.equals.get_x())
    assert all(LOSS_LINES.contains(line) for line in lines)
    assert {round(float(line.font_size)) for line in lines} == {40}


def test_the_first_line_leaves_when_there_is_no_room(steps: list[bp.Rewrite]) -> None:
    derivation = LineByLine(steps, make, LOSS_LINES)
    for index in range(1, len(steps) + 1):
        for animation in derivation.make_room(index):
            animation.begin()
            animation.finish()
        standing = derivation.standing.submobjects[: index + 1]
        assert LOSS_LINES.contains(derivation.lines[index])
    assert derivation.lines[0] not in standing
    assert derivation.lines[-1] in derivation.standing.submobjects


def test_a_line_that_is_too_wide_is_refused(steps: list[bp.Rewrite]) -> None:
    with pytest.raises(ValueError, match=r"a line is wider than 2\.0 in the least size"):
        LineByLine(steps, make, Zone(-1.0, 1.0, -3.0, 3.0))


def test_colours_are_handed_down(steps: list[bp.Rewrite]) -> None:
    derivation = LineByLine(steps, make, LOSS_LINES)
    first, second, *_, last = derivation.lines
    assert first.role_at((1, 0)) is Role.LOSS_DERIVATIVE
    assert first.role_at((1, 1)) is Role.ACTIVATION_DERIVATIVE
    roles = inherited(steps[0], first)
    assert set(roles.values()) == {Role.DELTA, Role.LOSS_DERIVATIVE, Role.ACTIVATION_DERIVATIVE}
    assert {role for place, role in roles.items() if place == (1, 0, 1)} == {Role.ACTIVATION_DERIVATIVE}
    assert second.role_at((1,)) is None
    assert last.role_at((1,)) is Role.LOSS_DERIVATIVE


def test_what_cancels_is_struck_out_in_the_largest_pieces(steps: list[bp.Rewrite]) -> None:
    # (a - y) / (a (1 - a)) a (1 - a): the denominator, and both factors behind it.
    places = cancelled(steps[-1])
    assert places == [(1, 0, 1), (1, 1), (1, 2)]
    derivation = LineByLine(steps, make, LOSS_LINES)
    stroke = derivation.strike(len(steps) - 1, places[0])
    struck = derivation.lines[-2].at(places[0])
    assert stroke.get_left()[0] == pytest.approx(struck.get_left()[0])
    assert stroke.get_top()[1] == pytest.approx(struck.get_top()[1])
    assert stroke in derivation.strikes[len(steps) - 1].submobjects

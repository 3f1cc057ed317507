"""Bars are as long as what they stand for: costs of sweeps, and errors."""

from __future__ import annotations

from itertools import pairwise

import pytest

import bpmath as bp
from bpmath.sweeps import Cost
from scenes.stage.cost_bars import CostBar, bars
from scenes.stage.error_bars import ErrorRow, bar, in_table
from scenes.stage.fonts import text_fonts
from scenes.stage.formula import Formula
from scenes.stage.layout import BAR_GAP, BAR_TEXT_GAP, LEARNING_BAR_GAP, Zone
from scenes.stage.theme import DARK, Role
from scenes.stage.typeset import Typeset, set_text

ZONE = Zone(-6.0, 6.0, -1.0, 1.0)
SWEEP = Cost(multiplications=3, additions=1)


def words(text: str) -> Typeset:
    return set_text(text, 24.0, DARK[Role.INK], text_fonts("en"))


def pair(most: int) -> tuple[CostBar, CostBar]:
    colours = DARK[Role.BRANCH_A], DARK[Role.BRANCH_B]
    return bars((words("forward"), words("the reverse mode")), colours, ZONE, most)


# -- what sweeps cost ---------------------------------------------------------------------------------


def test_both_bars_begin_where_the_longer_name_has_ended() -> None:
    first, second = pair(most=12)
    ends = [one.name.get_right()[0] for one in (first, second)]
    assert first.start == second.start == pytest.approx(max(ends) + BAR_TEXT_GAP)
    assert first.name.get_left()[0] == pytest.approx(second.name.get_left()[0]) == pytest.approx(ZONE.left)
    assert first.name.get_y() > second.name.get_y()


def test_a_bar_grows_piece_by_piece_by_what_a_sweep_costs() -> None:
    one, _ = pair(most=12)
    pieces = [one.piece(SWEEP) for _ in range(3)]
    assert one.spent == Cost(9, 3)
    assert pieces[0].get_left()[0] == pytest.approx(one.start)
    for before, after in pairwise(pieces):
        assert after.get_left()[0] - before.get_left()[0] == pytest.approx(SWEEP.total * one.unit)
        assert after.get_left()[0] - before.get_right()[0] == pytest.approx(BAR_GAP)
    assert {round(float(piece.get_y()), 6) for piece in pieces} == {round(float(one.name.get_y()), 6)}


@pytest.mark.parametrize("most", [4, 12, 100, 10_000])
def test_the_longest_bar_and_its_count_stay_in_the_zone(most: int) -> None:
    one, _ = pair(most)
    whole = one.piece(Cost(most, 0))
    count = one.put_behind(words("10 000 operations"))
    assert whole.get_right()[0] < count.get_left()[0]
    assert count.get_right()[0] <= ZONE.right


def test_a_sweep_that_costs_nothing_is_seen() -> None:
    one, _ = pair(most=12)
    assert one.piece(Cost()).width > 0


# -- errors -------------------------------------------------------------------------------------------


def test_errors_are_compared_in_a_table() -> None:
    shares, heads = (1.0, 0.25, 0.0), ("before", "after one step", "after two")
    rows = [
        ErrorRow(words(head), Formula(symbol, DARK, 30.0), bar(share, DARK[Role.TARGET]))
        for head, symbol, share in zip(heads, (bp.E, bp.w(1, 1, 1), bp.E), shares, strict=True)
    ]
    in_table(rows, ZONE)
    assert [row.bar.width / rows[0].bar.width for row in rows] == pytest.approx(shares)
    for parts in ([row.head for row in rows], [row.name for row in rows], [row.bar for row in rows]):
        assert len({round(float(part.get_left()[0]), 6) for part in parts}) == 1
    for row in rows:
        assert row.name.get_left()[0] - row.head.get_right()[0] > LEARNING_BAR_GAP - 1e-9
        assert row.bar.get_left()[0] - row.name.get_right()[0] > LEARNING_BAR_GAP - 1e-9
    steps = [upper.whole.get_y() - lower.whole.get_y() for upper, lower in pairwise(rows)]
    assert steps == pytest.approx([ZONE.height / 3] * 2, abs=0.05)

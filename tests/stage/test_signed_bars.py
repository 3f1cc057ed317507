"""Bars of both signs: heights in proportion, on their side of zero, inside their zone."""

from __future__ import annotations

import pytest

from scenes.stage.layout import Zone
from scenes.stage.signed_bars import SignedBars
from scenes.stage.theme import DARK, Role

ZONE = Zone(-4.0, 4.0, 0.0, 2.0)


def test_heights_are_in_proportion_and_on_their_side() -> None:
    bars = SignedBars(DARK, ZONE, [-3.0, 1.0, 0.5, -1.5])
    heights = [bar.height for bar in bars.bars]
    assert heights == pytest.approx([1.5, 0.5, 0.25, 0.75])
    zero = bars.zero.get_y()
    assert zero == pytest.approx(1.5)
    assert bars.bars[0].get_top()[1] == pytest.approx(zero)
    assert bars.bars[0].get_bottom()[1] == pytest.approx(ZONE.bottom)
    assert bars.bars[1].get_top()[1] == pytest.approx(ZONE.top)
    assert [bar.get_x() for bar in bars.bars] == pytest.approx([-3.0, -1.0, 1.0, 3.0])
    assert ZONE.contains(bars)


def test_colours_tell_the_sign() -> None:
    first, second = SignedBars(DARK, ZONE, [-1.0, 1.0]).bars
    assert first.get_fill_color().to_hex() == DARK[Role.BRANCH_B]
    assert second.get_fill_color().to_hex() == DARK[Role.BRANCH_A]


def test_a_level_is_at_the_height_of_its_number() -> None:
    bars = SignedBars(DARK, ZONE, [2.0, 4.0])
    assert bars.level(3.0).get_y() == pytest.approx(1.5)
    assert bars.level(0.0).get_y() == pytest.approx(bars.zero.get_y())


@pytest.mark.parametrize("numbers", [[0.0, 0.0], [-1.0], [1e-300, 1.0]])
def test_numbers_of_any_size_stay_in_the_zone(numbers: list[float]) -> None:
    assert ZONE.contains(SignedBars(DARK, ZONE, numbers))

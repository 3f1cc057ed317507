"""Whoever has no pointer reaches everything, and keys do what controls do."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.player.browser.conftest import Open
from tests.player.browser.looking import (
    CLOSE,
    end_of,
    now,
    playing,
    wait_until_paused,
    wait_until_playing,
)
from tests.player.rendered import SECONDS


def test_the_keyboard_does_what_the_controls_do(open_page: Open) -> None:
    tab = open_page()
    press = tab.keyboard.press
    press("Space")
    wait_until_playing(tab)
    press("Space")
    wait_until_paused(tab)
    press("ArrowRight")
    assert tab.evaluate("location.hash") == "#First/green"
    press("ArrowLeft")
    assert tab.evaluate("location.hash") == "#First/red"
    press("3")
    assert tab.evaluate("location.hash") == "#First/blue"
    press("End")
    assert tab.evaluate("location.hash") == "#First/grey"
    press("Shift+ArrowLeft")
    assert now(tab) == pytest.approx(SECONDS * 3 - 2, abs=CLOSE)
    press("]")
    assert tab.input_value("#speed") == "1.25"
    press("[")
    press("[")
    assert tab.input_value("#speed") == "0.75"
    press("b")
    assert not tab.is_checked("#stop")
    press("c")
    assert tab.input_value("#captions") == "zh"
    press("n")
    assert tab.evaluate("location.hash") == "#Second/red"
    press("Shift+N")
    assert tab.evaluate("location.hash") == "#First/red"


def test_a_clicker_plays_a_beat_with_each_press(open_page: Open) -> None:
    tab = open_page()
    for number in range(3):
        tab.keyboard.press("PageDown")
        wait_until_playing(tab)
        wait_until_paused(tab)
        assert now(tab) == pytest.approx(end_of(number), abs=CLOSE)
    tab.keyboard.press("PageUp")
    wait_until_playing(tab)
    wait_until_paused(tab)
    assert now(tab) == pytest.approx(end_of(2), abs=CLOSE)


def test_help_opens_closes_and_can_turn_the_keys_off(open_page: Open) -> None:
    tab = open_page()
    tab.keyboard.press("?")
    dialog = tab.get_by_role("dialog")
    expect(dialog).to_be_visible()
    expect(dialog).to_contain_text("Play or pause")
    tab.locator("#keys-on").uncheck(force=True)
    tab.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    tab.keyboard.press("ArrowRight")
    assert tab.evaluate("location.hash") == "#First/red"
    tab.keyboard.press("?")
    expect(dialog).to_be_visible()


def test_keys_that_a_control_needs_are_its_own(open_page: Open) -> None:
    tab = open_page()
    tab.focus("#speed")
    tab.keyboard.press("ArrowDown")
    assert tab.evaluate("location.hash") == "#First/red"
    tab.focus("#seek")
    tab.keyboard.press("ArrowRight")
    assert now(tab) == pytest.approx(1, abs=CLOSE)
    tab.focus("#theme")
    tab.keyboard.press("Space")
    assert not playing(tab)
    assert tab.evaluate("document.documentElement.dataset.theme") == "dark"


def test_tab_reaches_every_control_and_leaves_the_page_again(open_page: Open) -> None:
    tab = open_page("#First/blue")
    reached: list[str] = []
    for _ in range(60):
        tab.keyboard.press("Tab")
        here = tab.evaluate(
            "document.activeElement === document.body ? '' : "
            "document.activeElement.id || document.activeElement.textContent"
        )
        if reached and here in ("", reached[0]):
            break
        reached.append(here)
        outline = tab.evaluate(
            "(e => getComputedStyle(e.matches('.switch input') ? e.nextElementSibling : e).outlineStyle)"
            "(document.activeElement)"
        )
        assert outline == "solid", f"nobody sees that {here} has the focus"
    else:
        pytest.fail("the keyboard does not get out again")
    wanted = {"language", "theme", "help", "seek", "previous", "play", "next", "stop", "speed", "captions"}
    assert wanted <= set(reached)
    assert "Copy LaTeX" in reached

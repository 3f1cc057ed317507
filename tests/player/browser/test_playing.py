"""It plays, stops at the end of every beat to the frame, and steps."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.player.browser.conftest import Open
from tests.player.browser.looking import (
    CLOSE,
    end_of,
    now,
    picture,
    playing,
    wait_until_paused,
    wait_until_playing,
)
from tests.player.rendered import BEATS, RATE, SECONDS


@pytest.mark.parametrize("page", ["folder", "single"])
def test_it_plays_from_a_file_and_stops_at_the_end_of_each_beat(open_page: Open, page: str) -> None:
    tab = open_page(page=page)
    assert not playing(tab)
    for number, beat in enumerate(BEATS):
        tab.click("#play")
        wait_until_playing(tab)
        wait_until_paused(tab)
        assert now(tab) == pytest.approx(end_of(number), abs=CLOSE)
        assert now(tab) <= end_of(number)
        assert picture(tab) == beat, "the picture is still that of the beat, not of the next one"
        expect(tab.locator("#step")).to_have_text(f"Step {number + 1} of 4")


@pytest.mark.parametrize(("speed", "start"), [("0.25", 1.0), ("2", 0.2)])
def test_it_stops_as_exactly_at_every_speed(open_page: Open, speed: str, start: float) -> None:
    tab = open_page()
    tab.select_option("#speed", speed)
    assert tab.evaluate("document.getElementById('video').playbackRate") == float(speed)
    tab.evaluate(
        f"document.getElementById('seek').value = {start}; "
        "document.getElementById('seek').dispatchEvent(new Event('input'))"
    )
    tab.click("#play")
    wait_until_playing(tab)
    wait_until_paused(tab)
    assert now(tab) == pytest.approx(end_of(0), abs=CLOSE)
    assert picture(tab) == "red"


LOOK_ON = """
const next = () => video.requestVideoFrameCallback(seen);
const seen = (_, frame) => { window.found.push(frame.mediaTime); next(); };
next();
"""
KEEP_BUSY = """
video.pause = () => {
  window.found.push(video.currentTime);
  HTMLMediaElement.prototype.pause.call(video);
};
const work = () => {
  const end = performance.now() + 200;
  while (performance.now() < end);
  setTimeout(work, 20);
};
work();
"""


def found_while_playing(tab: Page, speed: str, script: str) -> list[float]:
    """Play the first beat at a speed; return what a script that runs in the page has found."""
    tab.select_option("#speed", speed)
    tab.evaluate(f"() => {{ const video = document.getElementById('video'); window.found = []; {script} }}")
    tab.click("#play")
    wait_until_playing(tab)
    wait_until_paused(tab)
    tab.wait_for_timeout(200)
    found: list[float] = tab.evaluate("window.found")
    return found


@pytest.mark.parametrize("speed", ["1", "2"])
def test_no_frame_of_the_next_beat_is_ever_shown(open_page: Open, speed: str) -> None:
    shown = found_while_playing(open_page(), speed, LOOK_ON)
    assert len(shown) > 2
    assert max(shown) < end_of(0) - 0.5 / RATE


@pytest.mark.parametrize("speed", ["1", "2"])
def test_a_busy_page_stops_in_time(open_page: Open, speed: str) -> None:
    tab = open_page()
    (stopped,) = found_while_playing(tab, speed, KEEP_BUSY)
    assert stopped < end_of(0) - 0.5 / RATE
    assert now(tab) == pytest.approx(end_of(0), abs=CLOSE)


def test_without_stops_it_plays_to_the_end_of_the_lesson(open_page: Open) -> None:
    tab = open_page()
    tab.select_option("#speed", "2")
    tab.locator("#stop").uncheck(force=True)
    tab.click("#play")
    wait_until_playing(tab)
    wait_until_paused(tab)
    assert now(tab) == pytest.approx(end_of(3), abs=0.1)
    expect(tab.locator("#onward")).to_have_class("strong")
    tab.click("#play")
    tab.wait_for_function("location.hash.startsWith('#Second/')")
    wait_until_playing(tab)


def test_stops_can_be_turned_on_in_the_middle_of_a_beat(open_page: Open) -> None:
    tab = open_page("#First/green")
    tab.locator("#stop").uncheck(force=True)
    tab.click("#play")
    tab.wait_for_function(f"document.getElementById('video').currentTime > {end_of(1) + 0.2}")
    tab.locator("#stop").check(force=True)
    wait_until_paused(tab)
    assert now(tab) == pytest.approx(end_of(2), abs=CLOSE)


def test_steps_go_to_the_beginnings_of_beats_and_over_to_the_next_lesson(open_page: Open) -> None:
    tab = open_page()
    for number in (1, 2, 3):
        tab.click("#next")
        assert now(tab) == pytest.approx(SECONDS * number, abs=CLOSE)
        assert not playing(tab)
    tab.click("#next")
    expect(tab.locator("#heading")).to_contain_text("Second & foremost")
    tab.wait_for_function("document.getElementById('video').readyState >= 1")
    assert now(tab) == 0
    tab.click("#previous")
    tab.wait_for_function("location.hash === '#First/grey'")
    tab.wait_for_function("document.getElementById('video').readyState >= 2")
    assert now(tab) == pytest.approx(SECONDS * 3, abs=CLOSE)


def test_a_step_back_is_first_to_the_beginning_of_the_same_beat(open_page: Open) -> None:
    tab = open_page("#First/blue")
    tab.evaluate(
        "document.getElementById('seek').value = 3.55; "
        "document.getElementById('seek').dispatchEvent(new Event('input'))"
    )
    tab.click("#previous")
    assert now(tab) == pytest.approx(SECONDS * 2, abs=CLOSE)
    tab.click("#previous")
    assert now(tab) == pytest.approx(SECONDS, abs=CLOSE)


def test_a_step_while_it_plays_plays_on(open_page: Open) -> None:
    tab = open_page()
    tab.click("#play")
    wait_until_playing(tab)
    tab.click("#next")
    assert playing(tab)
    wait_until_paused(tab)
    assert now(tab) == pytest.approx(end_of(1), abs=CLOSE)


def test_the_time_can_be_chosen_and_is_told(open_page: Open) -> None:
    tab = open_page()
    box = tab.locator("#seek").bounding_box()
    assert box is not None
    tab.mouse.click(box["x"] + box["width"] * 0.6, box["y"] + box["height"] / 2)
    assert now(tab) == pytest.approx(0.6 * end_of(3), abs=0.1)
    assert picture(tab) == "blue"
    assert tab.locator("#seek").get_attribute("aria-valuetext") == "0:02 of 0:04, step 3 of 4"


def test_a_video_that_is_gone_is_told_in_a_sentence(
    open_page: Open, pages: dict[str, Any], tmp_path: Any
) -> None:
    tab = open_page()
    tab.evaluate("document.getElementById('video').dispatchEvent(new Event('error'))")
    expect(tab.get_by_role("alert")).to_have_text(
        "The video of this lesson cannot be played: videos/First.mp4"
    )

"""The page can be used on every screen, in both themes, and by those who listen."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.player.browser.conftest import DESKTOP, PHONE, Open
from tests.player.browser.looking import (
    CONTRAST,
    TOUCH,
)


@pytest.mark.parametrize("size", [PHONE, (820, 1180), DESKTOP, (1920, 1080)], ids=str)
@pytest.mark.parametrize("address", ["#First/blue", "#Second/green"])
def test_nothing_is_wider_than_the_screen(open_page: Open, size: tuple[int, int], address: str) -> None:
    tab = open_page(address, size=size)
    assert tab.evaluate("document.documentElement.scrollWidth") <= size[0]
    tab.select_option("#language", "zh")
    assert tab.evaluate("document.documentElement.scrollWidth") <= size[0]
    assert tab.locator("#play").bounding_box()["y"] < size[1] - TOUCH  # type: ignore[index]


def test_on_a_phone_words_are_below_the_picture_and_everything_can_be_touched(open_page: Open) -> None:
    tab = open_page("#First/blue", size=PHONE)
    video, caption = tab.locator("#video").bounding_box(), tab.locator("#caption").bounding_box()
    assert video is not None
    assert caption is not None
    assert video["width"] == PHONE[0]
    assert caption["y"] >= video["y"] + video["height"]
    targets = tab.locator("button:visible, select:visible, nav a:visible, .switch:visible, #seek")
    for target in targets.all():
        box = target.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= TOUCH, target.inner_text()


THEMES = {"dark": "rgb(15, 20, 25)", "light": "rgb(252, 250, 245)"}


@pytest.mark.parametrize("theme", list(THEMES))
def test_it_is_dark_or_light_as_the_system_is_and_as_one_likes(open_page: Open, theme: str) -> None:
    tab = open_page(theme=theme)
    background = "getComputedStyle(document.body).backgroundColor"
    assert tab.evaluate(background) == THEMES[theme]
    other = "light" if theme == "dark" else "dark"
    tab.get_by_role("button", name=f"{other.capitalize()} colours").click()
    assert tab.evaluate(background) == THEMES[other]
    tab.reload()
    assert tab.evaluate(background) == THEMES[other]


CONTRASTS = """() => {
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgb = (colour) => {
    canvas.clearRect(0, 0, 1, 1);
    canvas.fillStyle = colour;
    canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data];
  };
  const light = ([r, g, b]) => [r, g, b].map((c) => c / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4))
    .reduce((sum, c, i) => sum + c * [0.2126, 0.7152, 0.0722][i], 0);
  const ground = (element) => {
    for (let each = element; each; each = each.parentElement) {
      const colour = rgb(getComputedStyle(each).backgroundColor);
      if (colour[3] > 200) return colour;
    }
    return [255, 255, 255, 255];
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.textContent.trim();
    if (!text || !element.checkVisibility()) continue;
    if (element.closest("script, style, .hidden, .skip, option")) continue;
    const [one, other] = [light(rgb(getComputedStyle(element).color)), light(ground(element))];
    found.push([text, (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05)]);
  }
  return found;
}"""


@pytest.mark.parametrize("theme", list(THEMES))
def test_all_text_can_be_read_by_weak_eyes(open_page: Open, theme: str) -> None:
    tab = open_page("#First/green", theme=theme)
    measured = tab.evaluate(CONTRASTS)
    assert len(measured) > 30
    assert [(text, ratio) for text, ratio in measured if ratio < CONTRAST] == []


def test_those_who_listen_find_landmarks_and_a_name_on_everything(open_page: Open) -> None:
    tab = open_page("#First/blue")
    for role in ("main", "navigation", "complementary", "banner"):
        expect(tab.get_by_role(role)).to_have_count(1)
    expect(tab.get_by_role("heading", level=1)).to_have_count(1)
    nameless = tab.evaluate(
        """() => [...document.querySelectorAll("button, select, input, a, nav, section[data-label]")]
          .filter((e) => e.checkVisibility() && !(e.ariaLabel || e.textContent.trim() || e.labels?.length
            || e.getAttribute("aria-labelledby")))
          .map((e) => e.outerHTML)"""
    )
    assert nameless == []
    assert tab.evaluate("[...document.querySelectorAll('svg')].every((e) => e.closest('[aria-hidden]'))")
    expect(tab.get_by_role("switch", name="Pause after each step")).to_be_checked()
    expect(tab.get_by_role("slider", name="Time in the lesson")).to_have_count(1)


def test_without_motion_nothing_moves_but_the_video(open_page: Open) -> None:
    tab = open_page()
    tab.emulate_media(reduced_motion="reduce")
    moving = tab.evaluate(
        "[...document.querySelectorAll('*')].filter((e) => "
        "parseFloat(getComputedStyle(e).transitionDuration) > 0.01).length"
    )
    assert moving == 0


def test_full_screen_takes_video_words_and_controls(open_page: Open) -> None:
    tab = open_page("#First/blue")
    tab.click("#fullscreen")
    tab.wait_for_function("document.fullscreenElement !== null")
    for part in ("#video", "#caption", "#play", "#seek"):
        box = tab.locator(part).bounding_box()
        assert box is not None
        assert 0 <= box["y"] <= box["y"] + box["height"] <= DESKTOP[1]
    expect(tab.get_by_role("button", name="Leave full screen")).to_have_count(1)


def test_on_its_side_a_phone_shows_the_picture_as_high_as_it_is(open_page: Open) -> None:
    across = (740, 360)
    tab = open_page("#First/blue", size=across)
    video = tab.locator("#video").bounding_box()
    assert video is not None
    assert 0.9 * across[1] < video["height"] < across[1]
    tab.click("#fullscreen")
    tab.wait_for_function("document.fullscreenElement !== null")
    for part in ("#video", "#caption", "#play", "#seek", "#fullscreen"):
        box = tab.locator(part).bounding_box()
        assert box is not None
        assert 0 <= box["y"] <= box["y"] + box["height"] <= across[1], part

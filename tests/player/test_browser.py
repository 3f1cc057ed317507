"""The page as its audience has it: it plays, stops, steps, speaks two languages, and all can operate it."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from tests.player.conftest import DESKTOP, PHONE, Open
from tests.player.rendered import BEATS, COLOURS, HOSTILE, RATE, SECONDS, WORDS

CLOSE = 0.004
"""Seconds that are no difference: a frame lasts 0.067."""
TOUCH = 44
CONTRAST = 4.5


def now(page: Page) -> float:
    return float(page.evaluate("document.getElementById('video').currentTime"))


def playing(page: Page) -> bool:
    return not page.evaluate("document.getElementById('video').paused")


def wait_until_paused(page: Page) -> None:
    page.wait_for_function(
        "document.getElementById('video').paused && !document.getElementById('video').seeking"
    )


def wait_until_playing(page: Page) -> None:
    page.wait_for_function("!document.getElementById('video').paused")


def picture(page: Page) -> str:
    """Return the name of the colour that the video shows."""
    page.wait_for_timeout(150)
    shot = Image.open(io.BytesIO(page.locator("#video").screenshot())).convert("RGB")
    seen = np.asarray(shot, dtype=float)[shot.height // 4, shot.width // 4]
    return min(COLOURS, key=lambda name: float(np.abs(seen - COLOURS[name]).sum()))


def end_of(beat: int) -> float:
    return SECONDS * (beat + 1)


# -- playing ----------------------------------------------------------------------------------------


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


@pytest.mark.parametrize("speed", ["0.25", "2"])
def test_it_stops_as_exactly_at_every_speed(open_page: Open, speed: str) -> None:
    tab = open_page()
    tab.select_option("#speed", speed)
    assert tab.evaluate("document.getElementById('video').playbackRate") == float(speed)
    tab.evaluate(
        "document.getElementById('seek').value = 1.0; "
        "document.getElementById('seek').dispatchEvent(new Event('input'))"
    )
    tab.click("#play")
    wait_until_playing(tab)
    wait_until_paused(tab)
    assert now(tab) == pytest.approx(end_of(0), abs=CLOSE)
    assert picture(tab) == "red"


@pytest.mark.parametrize("speed", ["1", "2"])
def test_no_frame_of_the_next_beat_is_ever_shown(open_page: Open, speed: str) -> None:
    tab = open_page()
    tab.select_option("#speed", speed)
    tab.evaluate(
        """() => {
          const video = document.getElementById("video");
          window.shown = [];
          const next = () => video.requestVideoFrameCallback(seen);
          const seen = (_, frame) => { window.shown.push(frame.mediaTime); next(); };
          next();
        }"""
    )
    tab.click("#play")
    wait_until_playing(tab)
    wait_until_paused(tab)
    tab.wait_for_timeout(200)
    shown = tab.evaluate("window.shown")
    assert len(shown) > 5
    assert max(shown) < end_of(0) - 0.5 / RATE


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


# -- words --------------------------------------------------------------------------------------------


def test_captions_follow_the_beats_in_both_languages_or_not_at_all(open_page: Open) -> None:
    tab = open_page()
    caption = tab.locator("#caption")
    expect(caption).to_have_text(WORDS["red"]["en"])
    tab.click("#next")
    expect(caption).to_have_text(HOSTILE)
    tab.select_option("#captions", "zh")
    expect(caption).to_have_text(WORDS["green"]["zh"])
    expect(caption).to_have_attribute("lang", "zh")
    assert caption.get_attribute("aria-live") == "polite"
    tab.select_option("#captions", "off")
    expect(caption).to_have_text("")


def test_words_that_are_in_the_picture_are_not_drawn_again_but_heard(open_page: Open) -> None:
    tab = open_page("#Second/red")
    caption = tab.locator("#caption")
    expect(caption).to_have_text(WORDS["red"]["en"])
    box = caption.bounding_box()
    assert box is not None
    assert box["width"] <= 1
    expect(tab.locator("#captions option[value=en]")).to_have_text("In the video")
    tab.select_option("#captions", "zh")
    drawn, video = caption.bounding_box(), tab.locator("#video").bounding_box()
    assert drawn is not None
    assert video is not None
    assert drawn["y"] >= video["y"] + video["height"], "those of the other language are below the picture"


def test_the_page_itself_speaks_chinese(open_page: Open) -> None:
    tab = open_page()
    tab.select_option("#language", "zh")
    assert tab.evaluate("document.documentElement.lang") == "zh"
    expect(tab.locator("#caption")).to_have_text(WORDS["red"]["zh"])
    expect(tab.locator("#play")).to_have_attribute("aria-label", "播放")
    expect(tab.locator("#heading")).to_contain_text("路径")
    tab.reload()
    expect(tab.locator("#contents-heading")).to_have_text("课程")
    assert tab.locator("h3").all_inner_texts() == ["推导", "A film of one's own"]


def test_chinese_and_latin_letters_are_set_in_the_embedded_fonts(open_page: Open) -> None:
    tab = open_page()
    tab.select_option("#language", "zh")
    tab.wait_for_function("document.fonts.status === 'loaded'")
    loaded = tab.evaluate("[...document.fonts].filter(f => f.status === 'loaded').map(f => f.family)")
    assert {name.strip('"') for name in loaded} >= {"Inter", "Noto Sans SC"}


# -- addresses ----------------------------------------------------------------------------------------


def test_an_address_leads_to_a_beat_and_the_browser_goes_back_and_forward(open_page: Open) -> None:
    tab = open_page("#Second/blue")
    assert now(tab) == pytest.approx(SECONDS * 2, abs=CLOSE)
    tab.get_by_role("link", name=WORDS["green"]["en"]).click()
    assert tab.evaluate("location.hash") == "#Second/green"
    tab.locator("a.lesson", has_text="First").click()
    assert tab.evaluate("location.hash") == "#First/red"
    tab.go_back()
    expect(tab.locator("#step")).to_have_text("Step 2 of 4")
    expect(tab.locator("#heading")).to_contain_text("Second")
    tab.go_back()
    assert tab.evaluate("location.hash") == "#Second/blue"
    tab.go_forward()
    assert tab.evaluate("location.hash") == "#Second/green"


@pytest.mark.parametrize("address", ["", "#", "#Nobody/nothing", "#First/nothing", "#%E0%A4%A", "#<script>"])
def test_an_address_that_leads_nowhere_leads_to_a_beginning(open_page: Open, address: str) -> None:
    tab = open_page(address)
    assert tab.evaluate("location.hash") == "#First/red"


def test_the_list_shows_where_one_is(open_page: Open) -> None:
    tab = open_page("#Second/grey", size=(1100, 500))
    outer = tab.locator("#contents").bounding_box()
    inner = tab.locator("a[aria-current=step]").bounding_box()
    assert outer is not None
    assert inner is not None
    assert outer["y"] <= inner["y"]
    assert inner["y"] + inner["height"] <= outer["y"] + outer["height"]


def test_while_it_plays_the_address_follows_and_history_does_not_grow(open_page: Open) -> None:
    tab = open_page("#First/red")
    length = tab.evaluate("history.length")
    tab.locator("#stop").uncheck(force=True)
    tab.click("#play")
    tab.wait_for_function("location.hash === '#First/blue'")
    assert tab.evaluate("history.length") == length
    expect(tab.locator("a[aria-current=step]")).to_contain_text(WORDS["blue"]["en"])


# -- the keyboard -------------------------------------------------------------------------------------


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


# -- equations ----------------------------------------------------------------------------------------


def test_the_equations_of_the_beat_stand_beside_it_with_their_numbers(open_page: Open) -> None:
    tab = open_page("#First/green")
    assert tab.locator(".equation").count() == 1
    assert tab.locator(".equation math").count() == 2
    assert "0.0822" in tab.locator(".equation .numbers").inner_text()
    tab.keyboard.press("ArrowRight")
    assert tab.locator(".equation").count() == 2
    assert tab.locator(".equation p math").text_content() == "L=3"
    tab.keyboard.press("ArrowRight")
    expect(tab.locator("#equations")).to_have_text("No equation stands on the board at the end of this step.")


def test_a_formula_can_be_selected_and_copied_as_latex_and_as_mathml(open_page: Open) -> None:
    tab = open_page("#First/green")
    tab.get_by_role("button", name="Copy LaTeX").click()
    expect(tab.locator("#said")).to_have_text("Copied")
    latex = tab.evaluate("navigator.clipboard.readText()")
    assert latex.startswith(r"\frac{\partial E}{\partial w_{11}^{(3)}} = ")
    tab.get_by_role("button", name="Copy MathML").click()
    tab.wait_for_function("navigator.clipboard.readText().then((text) => text.startsWith('<math'))")
    assert "class=" not in tab.evaluate("navigator.clipboard.readText()")
    tab.locator(".formula").first.select_text()
    assert "∂" in tab.evaluate("getSelection().toString()")


def test_a_long_formula_scrolls_in_its_place_by_keyboard_too(open_page: Open) -> None:
    tab = open_page("#First/blue", size=PHONE)
    formula = tab.locator(".formula").first
    assert formula.get_attribute("tabindex") == "0"
    assert "frac" in (formula.get_attribute("aria-label") or "")
    assert formula.evaluate("box => box.scrollWidth > box.clientWidth")


def test_formulas_have_the_colours_of_the_stage(open_page: Open) -> None:
    tab = open_page("#First/green", theme="dark")
    colour = tab.locator(".formula .target").first.evaluate("term => getComputedStyle(term).color")
    assert colour == "rgb(240, 228, 66)"


# -- looks, for everyone --------------------------------------------------------------------------------


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

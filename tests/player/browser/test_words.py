"""Captions and addresses follow the beats, in both languages."""

from __future__ import annotations

import pytest
from playwright.sync_api import Locator, expect

from scenes.stage.layout import CAPTION, CAPTION_SIZE, FRAME, SMALL_CAPTION_SIZE
from tests.player.browser.conftest import Open
from tests.player.browser.looking import (
    CLOSE,
    now,
)
from tests.player.rendered import CHAPTERS, HOSTILE, SECONDS, WORDS

MEASURES = """line => {
  const words = document.createRange();
  words.selectNodeContents(line);
  const font = parseFloat(getComputedStyle(line).fontSize);
  return { lines: words.getClientRects().length, font, height: line.getBoundingClientRect().height };
}"""

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


@pytest.mark.parametrize("size", [(1366, 768), (1920, 1080)])
def test_words_of_two_lines_are_smaller_and_stay_in_their_band(
    open_page: Open, size: tuple[int, int]
) -> None:
    tab = open_page("#First/grey", size=size)
    caption, video = tab.locator("#caption"), tab.locator("#video").bounding_box()
    short = caption.evaluate(MEASURES)
    tab.click("#previous")
    expect(caption).to_have_text(WORDS["blue"]["en"])
    long = caption.evaluate(MEASURES)
    assert (short["lines"], long["lines"]) == (1, 2)
    assert long["font"] / short["font"] == pytest.approx(SMALL_CAPTION_SIZE / CAPTION_SIZE, abs=0.01)
    assert video is not None
    assert long["height"] <= CAPTION.height / FRAME.height * video["height"] + 1
    assert long["height"] == pytest.approx(short["height"], abs=1)


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


def test_a_film_of_several_lessons_lists_its_steps_below_their_lessons(open_page: Open) -> None:
    tab = open_page("#Second/blue")
    listed = tab.locator("#contents .beats > li")
    chapters = [index for index in range(listed.count()) if "chapter" in classes(listed.nth(index))]
    assert chapters == [0, 3]
    assert [listed.nth(index).inner_text() for index in chapters] == [chapter["en"] for chapter in CHAPTERS]
    assert tab.locator("#contents .beats a .number").all_inner_texts() == ["1", "2", "3", "4"]
    assert tab.locator("#contents [aria-current=step] .words").inner_text() == WORDS["blue"]["en"]
    tab.locator("#language").select_option("zh")
    assert tab.locator("#contents .chapter").all_inner_texts() == [chapter["zh"] for chapter in CHAPTERS]
    assert open_page("#First/blue").locator("#contents .chapter").count() == 0


def classes(item: Locator) -> list[str]:
    return (item.get_attribute("class") or "").split()

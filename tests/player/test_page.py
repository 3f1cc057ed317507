"""The written page, without a browser: valid HTML, all words, nothing that escapes from its place."""

from __future__ import annotations

import base64
import json
import re
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import html5lib
import pytest

from scenes.player import write_player
from scenes.player.mathml import checked
from scenes.player.page import SCRIPTS, WEB, in_script, texts
from scenes.player.webvtt import timestamp, webvtt
from scenes.stage.captions import LANGUAGES
from scenes.stage.theme import THEMES, Role
from tests.player.rendered import BEATS, HOSTILE, WORDS, record, write_lessons

MOST_PAGE = 800_000
"""What a page may weigh without its videos; most of it are letters."""


@pytest.fixture(scope="module")
def lessons(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("lessons")
    write_lessons(made)
    return made


@pytest.fixture(scope="module")
def folder(lessons: Path) -> Path:
    return write_player([lessons], lessons / "page").page.parent


@pytest.fixture(scope="module")
def single(lessons: Path) -> str:
    return write_player([lessons], lessons / "page.html", single_file=True).page.read_text(encoding="utf-8")


def parsed(html: str) -> Any:
    """Return the tree of a page, and fail where a browser would have to guess."""
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    return parser.parse(html)


def data_of(html: str) -> dict[str, Any]:
    (script,) = (each for each in parsed(html).iter("script") if each.get("id") == "data")
    found: dict[str, Any] = json.loads(script.text)
    return found


def test_the_folder_has_the_page_the_videos_and_captions_for_others(folder: Path) -> None:
    files = {str(file.relative_to(folder)) for file in folder.rglob("*") if file.is_file()}
    videos = {f"videos/{name}.mp4" for name in ("First", "Second")}
    cues = {f"captions/{name}.{language}.vtt" for name in ("First", "Second") for language in LANGUAGES}
    assert files == {"index.html", "style.css", "script.js", *videos, *cues}


def test_the_page_is_valid_html(folder: Path, single: str) -> None:
    for html in ((folder / "index.html").read_text(encoding="utf-8"), single):
        tree = parsed(html)
        identifiers = [each.get("id") for each in tree.iter() if each.get("id")]
        assert len(identifiers) == len(set(identifiers))
        assert tree.get("lang") == "en"


def test_it_has_all_words_of_all_beats_in_both_languages(folder: Path, single: str) -> None:
    for html in ((folder / "index.html").read_text(encoding="utf-8"), single):
        first, second = data_of(html)["lessons"]
        assert [beat["name"] for beat in first["beats"]] == list(BEATS)
        assert [beat["captions"] for beat in first["beats"]] == [WORDS[name] for name in BEATS]
        assert (first["burned"], second["burned"]) == (None, "en")


def test_what_looks_like_the_end_of_a_script_is_none(folder: Path) -> None:
    html = (folder / "index.html").read_text(encoding="utf-8")
    assert "</script><b>" not in html
    assert [each.get("id") for each in parsed(html).iter("script")] == ["data", None]
    assert parsed(html).find(".//b[@id='onward-name']") is not None
    assert json.loads(in_script(json.dumps(HOSTILE))) == HOSTILE
    assert not re.search(r"[<>&]", in_script(json.dumps(HOSTILE)))


def test_nothing_is_fetched_from_anywhere(folder: Path, single: str) -> None:
    whole = "".join(file.read_text(encoding="utf-8") for file in folder.glob("*.*")) + single
    addresses = set(re.findall(r"https?://[^\s\"'<>)]+", whole))
    assert {address for address in addresses if "www.w3.org" not in address} == set()
    assert "@import" not in whole


def test_a_single_file_holds_the_videos(single: str, folder: Path) -> None:
    assert 'src="script.js"' not in single
    assert 'href="style.css"' not in single
    (video,) = re.findall(r'<script type="text/plain" id="video-First">([^<]+)</script>', single)
    assert base64.b64decode(video) == (folder / "videos" / "First.mp4").read_bytes()
    assert data_of(single)["lessons"][0]["video"] == "#video-First"


def test_the_colours_are_those_of_the_stage(folder: Path) -> None:
    style = (folder / "style.css").read_text(encoding="utf-8")
    for theme in THEMES.values():
        for role in Role:
            assert f"--{role.value.replace(' ', '-')}: {theme[role]};" in style
    assert not re.search(r"#[0-9A-Fa-f]{6}\b", (WEB / "style.css").read_text(encoding="utf-8"))


def test_the_letters_are_embedded_and_few(folder: Path) -> None:
    style = (folder / "style.css").read_text(encoding="utf-8")
    families = re.findall(r'@font-face \{ font-family: "([^"]+)"', style)
    assert families == ["Inter", "Latin Modern Math", "Noto Sans SC"]
    fonts = [base64.b64decode(font) for font in re.findall(r"data:font/woff2;base64,([^\"]+)", style)]
    assert all(font.startswith(b"wOF2") for font in fonts)
    assert sum(file.stat().st_size for file in folder.glob("*.*")) < MOST_PAGE


def test_without_the_chinese_font_the_page_says_so_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "scenes.stage.fonts.find_spec", lambda name: None if "zh" in name else find_spec(name)
    )
    write_lessons(tmp_path)
    written = write_player([tmp_path], tmp_path / "page")
    (note,) = written.notes
    assert 'pip install "backprop-manim[zh]"' in note
    assert "\n" not in note
    style = (written.page.parent / "style.css").read_text(encoding="utf-8")
    assert style.count("@font-face") == 2


def test_every_word_of_the_page_is_in_every_language() -> None:
    used = "".join((WEB / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS)
    used += (WEB / "page.html").read_text(encoding="utf-8")
    for language in LANGUAGES:
        assert all(word for group in texts(language).values() for word in group.values())
        for key in texts(language)["ui"]:
            assert f'"{key}"' in used, f"{key} is never said"
    for key in re.findall(r'word\("(\w+)"|data-(?:text|label)="(\w+)"', used):
        assert next(filter(None, key)) in texts("en")["ui"]


# -- mathematics ------------------------------------------------------------------------------------


def test_mathematics_comes_through_as_it_was() -> None:
    (equation,) = record().beats[1].equations
    kept = checked(equation.mathml)
    assert kept.startswith("<math ")
    assert 'xmlns="http://www.w3.org/1998/Math/MathML"' in kept
    assert 'class="target"' in kept
    assert kept.count("<mfrac") == equation.mathml.count("<mfrac") == 4


@pytest.mark.parametrize(
    "mathml",
    [
        "<math><script>alert(1)</script></math>",
        '<math><mi onclick="alert(1)">x</mi></math>',
        '<math><mtext><img src="x" onerror="alert(1)"></img></mtext></math>',
        '<math><mi style="background: url(x)">x</mi></math>',
        '<math><mi class="cover">x</mi></math>',
        '<math href="javascript:alert(1)"></math>',
        "<mi>x</mi>",
        "<math><mi>x</math>",
        "",
        "<math>&bogus;</math>",
    ],
)
def test_what_is_no_mathematics_does_not_get_into_the_page(mathml: str) -> None:
    with pytest.raises(ValueError, match="an equation"):
        checked(mathml)


# -- captions for other players ---------------------------------------------------------------------


def test_webvtt_has_a_cue_for_each_beat() -> None:
    blocks = webvtt(record().beats, "en").split("\n\n")
    assert blocks[0] == "WEBVTT"
    assert len(blocks) == 1 + len(BEATS)
    assert blocks[1].splitlines()[1] == "00:00:00.000 --> 00:00:01.200"
    assert "&lt;/script&gt;" in blocks[2]
    assert "-->" not in blocks[2].splitlines()[2]


@pytest.mark.parametrize(
    ("seconds", "written"), [(0, "00:00:00.000"), (59.9996, "00:01:00.000"), (3723.0405, "01:02:03.040")]
)
def test_times_are_written_as_webvtt_writes_them(seconds: float, written: str) -> None:
    assert timestamp(seconds) == written

"""The page as text: HTML with the data of the lessons in it, style with the colours of the stage, script."""

from __future__ import annotations

import html
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from scenes.player.lessons import PlayerError
from scenes.player.mathml import checked
from scenes.player.page_fonts import page_fonts
from scenes.rendering.records import BeatRecord, LessonRecord
from scenes.rendering.written_equations import EquationRecord
from scenes.stage.captions import LANGUAGES
from scenes.stage.layout import CAPTION, CAPTION_SIZE, FRAME, SMALL_CAPTION_SIZE
from scenes.stage.theme import THEMES, Role, Theme
from scenes.stage.typst_outlines import POINTS_PER_UNIT

WEB = Path(__file__).parent / "web"
SCRIPTS = ("texts", "playback", "captions", "contents", "equations", "keys", "page")
TYPST_POINTS = 10.0
"""The text size in which the stage sets, of which CAPTION_SIZE is a measure."""


@dataclass(frozen=True)
class Page:
    """The three texts of a page, and what its maker should know."""

    html: str
    style: str
    script: str
    notes: tuple[str, ...]

    def in_one(self, videos: str) -> str:
        """Return one HTML text with everything in it; `videos` are the elements that hold the videos."""
        style, script = f"<style>\n{self.style}\n</style>", f"<script>\n{self.script}\n</script>"
        return (
            self.html.replace('<link rel="stylesheet" href="style.css">', style)
            .replace("<!-- videos -->", videos)
            .replace('<script src="script.js"></script>', script)
        )


def make_page(lessons: Sequence[LessonRecord], videos: Mapping[str, str], language: str) -> Page:
    """Return the page of some lessons, whose videos are found under the given addresses.

    Raises PlayerError for equations that are no mathematics.
    """
    data = {
        "language": language,
        "texts": {each: texts(each) for each in LANGUAGES},
        "lessons": [_lesson(record, videos[record.lesson]) for record in lessons],
    }
    written = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    fonts = page_fonts(written)
    template = (WEB / "page.html").read_text(encoding="utf-8")
    words = {"language": language, **texts(language)["page"]}
    page = filled(template, words).replace("{{ data }}", in_script(written))
    style = "\n".join(
        [fonts.style, *_colours(), _measures(), (WEB / "style.css").read_text(encoding="utf-8")]
    )
    return Page(page, style, _script(), fonts.notes)


def filled(template: str, words: Mapping[str, str]) -> str:
    """Return a template with its {{ words }} in place, quoted for HTML."""
    for name, word in words.items():
        template = template.replace(f"{{{{ {name} }}}}", html.escape(word))
    return template


def in_script(data: str) -> str:
    """Return JSON as it may stand in a script element: nothing in it ends the element or begins a comment."""
    return data.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


@cache
def texts(language: str) -> Mapping[str, Mapping[str, str]]:
    """Return the page's own words in a language."""
    given = tomllib.loads((WEB / "texts.toml").read_text(encoding="utf-8"))
    return {group: {key: words[language] for key, words in table.items()} for group, table in given.items()}


def _script() -> str:
    parts = ((WEB / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS)
    return "\n".join(["(() => {", '"use strict";', *parts, "})();"])


def _lesson(record: LessonRecord, video: str) -> dict[str, Any]:
    return {
        "name": record.lesson,
        "film": record.film,
        "title": record.title,
        "step": record.step,
        "burned": record.language if record.captions == "burned" else None,
        "theme": record.theme,
        "duration": record.duration,
        "video": video,
        "beats": [_beat(beat, record.lesson) for beat in record.beats],
    }


def _beat(beat: BeatRecord, lesson: str) -> dict[str, Any]:
    try:
        equations = [_equation(equation) for equation in beat.equations]
    except ValueError as error:
        raise PlayerError(f"beat {beat.name} of {lesson}: {error}; render the lesson again") from None
    return {
        "name": beat.name,
        "start": beat.start,
        "end": beat.end,
        "still": beat.still,
        "captions": beat.captions,
        "equations": equations,
        "chapter": beat.chapter or None,
    }


def _equation(equation: EquationRecord) -> dict[str, str | None]:
    numbers = equation.numbers_mathml
    return {
        "latex": equation.latex,
        "mathml": checked(equation.mathml),
        "text": equation.text,
        "numbers": None if numbers is None else checked(numbers),
        "layer": equation.layer,
    }


def _colours() -> list[str]:
    """Return the colours of both themes of the stage: of the page, and of the film in it."""
    dark, light = THEMES["dark"], THEMES["light"]
    return [
        _rule(":root", light),
        f"@media (prefers-color-scheme: dark) {{ {_rule(':root', dark)} }}",
        *(_rule(f':root[data-theme="{theme.name}"]', theme) for theme in THEMES.values()),
        *(f"math .{name} {{ color: var(--{name}); }}" for name in map(_name, Role)),
        *(_rule(f'[data-film-theme="{theme.name}"]', theme, "film-") for theme in THEMES.values()),
    ]


def _name(role: Role) -> str:
    return role.value.replace(" ", "-")


def _rule(selector: str, theme: Theme, prefix: str = "") -> str:
    colours = (f"--{prefix}{_name(role)}: {colour};" for role, colour in theme.colours.items())
    scheme = "" if prefix else f"color-scheme: {theme.name}; "
    return f"{selector} {{ {scheme}{' '.join(colours)} }}"


def _measures() -> str:
    """Return where the stage sets captions, in shares of the frame."""
    sizes = (CAPTION_SIZE, SMALL_CAPTION_SIZE)
    size, small = (each * TYPST_POINTS / POINTS_PER_UNIT / FRAME.width for each in sizes)
    bottom = (CAPTION.bottom - FRAME.bottom) / FRAME.height
    return (
        f":root {{ --frame: {FRAME.width / FRAME.height:.6f}; --caption-size: {100 * size:.3f}cqw; "
        f"--caption-small: {100 * small:.3f}cqw; "
        f"--caption-width: {100 * CAPTION.width / FRAME.width:.2f}%; --caption-bottom: {100 * bottom:.2f}%; "
        f"--caption-height: {100 * CAPTION.height / FRAME.height:.2f}%; }}"
    )

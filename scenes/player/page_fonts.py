"""The letters of the page: subsets of the stage's fonts as WOFF2, written into the style sheet.

A page that is opened from `file://` may not load fonts beside it in every browser, so they come as data.
Inter and Noto Sans SC are under the SIL Open Font License, Latin Modern Math under the GUST Font License.
"""

from __future__ import annotations

import base64
import io
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

from scenes.stage.fonts import INTER, NOTO_SANS_SC, FontFamily, MissingFont

LATIN = frozenset(map(chr, [*range(0x20, 0x7F), *range(0xA0, 0x100)])) | frozenset("–—‘’“”…←→↑↓−×·⊙⁻⁺⁽⁾ᵀˡ")
FIRST_IDEOGRAPH = 0x2E80
TEXT_SIZE = 14
WEIGHTS = (400, 400, 650)
MATHEMATICS = Path(__file__).parent / "fonts" / "latin-modern-math.woff2"


@dataclass(frozen=True)
class PageFonts:
    """The @font-face rules of a page, and what its reader should know of them."""

    style: str
    notes: tuple[str, ...] = ()


def page_fonts(text: str) -> PageFonts:
    """Return the fonts for all characters of a text; Chinese ones come where that font is installed."""
    wanted = frozenset(text)
    ideographs = frozenset(character for character in wanted if ord(character) >= FIRST_IDEOGRAPH)
    rules = [
        _face("Inter", _inter(_upright(INTER), wanted - ideographs | LATIN), f"{WEIGHTS[0]} {WEIGHTS[2]}"),
        _face("Latin Modern Math", MATHEMATICS.read_bytes()),
    ]
    if not ideographs:
        return PageFonts("\n".join(rules))
    try:
        rules.append(_face(NOTO_SANS_SC.name, _chinese(_upright(NOTO_SANS_SC), ideographs)))
    except MissingFont:
        note = f"Chinese captions are set in the reader's own font; to embed one: {NOTO_SANS_SC.remedy}"
        return PageFonts("\n".join(rules), (note,))
    return PageFonts("\n".join(rules))


@cache
def _inter(file: Path, characters: frozenset[str]) -> bytes:
    font = _subset(file, characters, ["kern", "mark", "mkmk", "ccmp", "tnum"])
    if "fvar" in font:
        font = instancer.instantiateVariableFont(font, {"opsz": TEXT_SIZE, "wght": WEIGHTS})
    return _woff2(font)


@cache
def _chinese(file: Path, characters: frozenset[str]) -> bytes:
    return _woff2(_subset(file, characters, []))


def _upright(family: FontFamily) -> Path:
    """Return the file of the regular letters; MissingFont where the family is not installed."""
    return next(file for file in family.files() if "Italic" not in file.name)


def _subset(file: Path, characters: Iterable[str], features: list[str]) -> TTFont:
    logging.getLogger("fontTools").setLevel(logging.WARNING)  # Manim shows what others log, and this is much
    options = Options()
    options.layout_features, options.hinting = features, False
    font = TTFont(file)
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[ord(character) for character in characters])
    subsetter.subset(font)
    return font


def _woff2(font: TTFont) -> bytes:
    font.flavor = "woff2"
    written = io.BytesIO()
    font.save(written)
    return written.getvalue()


def _face(family: str, woff2: bytes, weight: str = "400") -> str:
    source = f"data:font/woff2;base64,{base64.b64encode(woff2).decode()}"
    return (
        f'@font-face {{ font-family: "{family}"; font-weight: {weight}; font-display: swap; '
        f'src: url("{source}") format("woff2"); }}'
    )

"""Which font files text is set in, told to Typst so that every machine draws the same letters."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

__all__ = [
    "INTER",
    "NOTO_SANS_SC",
    "FontFamily",
    "MissingFont",
    "TextFonts",
    "chinese_font_directory",
    "text_fonts",
]


class MissingFont(RuntimeError):
    """A font that the chosen language needs is not installed; the message says how to install it."""


@dataclass(frozen=True)
class FontFamily:
    """A font family whose files come with an installed Python package."""

    name: str
    package: str
    folder: str
    pattern: str
    remedy: str

    @property
    def directory(self) -> Path:
        """The folder that holds the font files."""
        return self.files()[0].parent

    def files(self) -> tuple[Path, ...]:
        """The font files in order of name, or MissingFont when there are none."""
        spec = find_spec(self.package)
        roots = (spec.submodule_search_locations if spec else None) or []
        files = tuple(sorted(path for root in roots for path in Path(root, self.folder).glob(self.pattern)))
        if not files:
            raise MissingFont(f"The font {self.name} is not installed: run `{self.remedy}`.")
        return files


INTER = FontFamily("Inter", "fontpkg_inter", "files", "Inter*.ttf", "pip install fontpkg-inter")
"""Inter, a variable font: every weight and the italic (SIL Open Font License, https://rsms.me/inter)."""

NOTO_SANS_SC = FontFamily(
    "Noto Sans SC", "pylopdf_fonts_zh_cn", ".", "NotoSansSC-*.otf", 'pip install "backprop-manim[zh]"'
)
"""Noto Sans SC, regular only (SIL Open Font License, https://github.com/notofonts/noto-cjk)."""


def chinese_font_directory() -> Path:
    """The folder with Noto Sans SC, or MissingFont when the optional package is absent."""
    return NOTO_SANS_SC.directory


@dataclass(frozen=True)
class TextFonts:
    """The fonts of one language: give Typst `directories` as `font_paths`, and the preamble."""

    language: str
    families: tuple[FontFamily, ...]
    locale: str
    """Typst's `lang` and `region` settings; they choose the punctuation's shape."""

    @property
    def names(self) -> tuple[str, ...]:
        """The families as Typst knows them, the first preferred."""
        return tuple(family.name for family in self.families)

    @property
    def directories(self) -> tuple[str | Path, ...]:
        """The folders for Typst's `font_paths`, in the type that Manim asks for."""
        return tuple(family.directory for family in self.families)

    def typst_preamble(self) -> str:
        """Typst code that sets text in these fonts; it differs whenever a font file or Typst differs.

        Manim names its cached drawings by a hash of the Typst source and does not look at `font_paths`:
        without the fingerprints, letters of an older font would come back from the cache.
        """
        prints = [f"{path.name} {_fingerprint(path)}" for family in self.families for path in family.files()]
        comment = f"// typst {version('typst')}; " + "; ".join(prints)
        return f"{comment}\n#set text(font: {self._typst_families()}, {self.locale})"

    def _typst_families(self) -> str:
        first, *others = (f'"{name}"' for name in self.names)
        if not others:
            return first
        # Inter has quotation marks, dashes and dots too; in Chinese these must be the wide Chinese ones.
        return f'((name: {first}, covers: "latin-in-cjk"), {", ".join(others)})'


_LANGUAGES = {
    "en": TextFonts("en", (INTER,), 'lang: "en"'),
    "zh": TextFonts("zh", (INTER, NOTO_SANS_SC), 'lang: "zh", region: "cn"'),
}


def text_fonts(language: str) -> TextFonts:
    """The fonts for text in "en" or "zh"; MissingFont when a font of that language is not installed."""
    if language not in _LANGUAGES:
        accepted = " or ".join(f'"{known}"' for known in _LANGUAGES)
        raise ValueError(f"There are no fonts for the language {language!r}: choose {accepted}.")
    fonts = _LANGUAGES[language]
    for family in fonts.families:
        family.files()  # asked now, so that a missing font is told before anything is drawn
    return fonts


@cache
def _fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]

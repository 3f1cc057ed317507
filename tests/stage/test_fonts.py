"""Text is set in the fonts that are named, in every weight, and a missing font says what to install."""

from __future__ import annotations

import re
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
import typst

from scenes.stage.fonts import (
    INTER,
    NOTO_SANS_SC,
    FontFamily,
    MissingFont,
    TextFonts,
    chinese_font_directory,
    text_fonts,
)

needs_chinese_font = pytest.mark.skipif(
    not find_spec(NOTO_SANS_SC.package), reason='needs pip install "backprop-manim[zh]"'
)
AUTO_PAGE = "#set page(width: auto, height: auto, margin: 0pt, fill: none)"


def font_collection(*directories: str | Path, embedded: bool = True) -> typst.Fonts:
    """These fonts and Typst's own, but none of the machine's: a font found by luck proves nothing."""
    return typst.Fonts(
        include_system_fonts=False,
        include_embedded_fonts=embedded,
        font_paths=[Path(directory) for directory in directories],
    )


def outlines(language: str, body: str) -> list[str]:
    """The distinct glyph outlines of a text, in order; Typst's complaints fail the test."""
    chosen = text_fonts(language)
    source = f"{AUTO_PAGE}\n{chosen.typst_preamble()}\n{body}".encode()
    drawing, warnings = typst.compile_with_warnings(
        source, format="svg", font_paths=font_collection(*chosen.directories)
    )
    assert not [warning.message for warning in warnings]
    assert isinstance(drawing, bytes)
    return re.findall(r'<symbol[^>]*><path[^>]* d="([^"]+)"', drawing.decode())


def test_typst_finds_inter_and_uses_it() -> None:
    assert font_collection(INTER.directory, embedded=False).families() == ["Inter"]
    fallback = outlines("en", '#text(font: "Libertinus Serif")[Rag]')
    assert len(outlines("en", "Rag")) == 3
    assert outlines("en", "Rag") != fallback
    assert outlines("en", "Rag") == outlines("en", '#text(font: "Inter", fallback: false)[Rag]')


def test_every_weight_has_its_own_shape() -> None:
    weights = ("regular", "medium", "semibold", "bold")
    shapes = {weight: tuple(outlines("en", f'#text(weight: "{weight}")[Rag]')) for weight in weights}
    assert len(set(shapes.values())) == len(weights)
    assert outlines("en", "_Rag_") != outlines("en", "Rag")


@needs_chinese_font
def test_chinese_characters_have_shapes_of_their_own() -> None:
    characters = "反向传播误差权重偏置"
    assert len(set(outlines("zh", characters))) == len(characters)


@needs_chinese_font
def test_chinese_text_keeps_inter_for_latin_and_not_for_punctuation() -> None:
    assert outlines("zh", "Rag") == outlines("en", "Rag")
    assert outlines("zh", "——") != outlines("en", "——")


@needs_chinese_font
def test_chinese_fonts_are_named_after_inter() -> None:
    chosen = text_fonts("zh")
    assert chosen.names == ("Inter", "Noto Sans SC")
    assert chosen.directories == (INTER.directory, chinese_font_directory())


def test_missing_chinese_font_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pylopdf_fonts_zh_cn", None)
    sentence = 'The font Noto Sans SC is not installed: run `pip install "backprop-manim[zh]"`.'
    for ask in (lambda: text_fonts("zh"), chinese_font_directory):
        with pytest.raises(MissingFont, match=f"^{re.escape(sentence)}$"):
            ask()


def test_english_needs_no_chinese_font(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pylopdf_fonts_zh_cn", None)
    assert text_fonts("en").names == ("Inter",)


def test_unknown_language_is_named_with_those_that_exist() -> None:
    sentence = 'There are no fonts for the language \'fr\': choose "en" or "zh".'
    with pytest.raises(ValueError, match=f"^{re.escape(sentence)}$"):
        text_fonts("fr")


def test_another_font_file_is_another_source(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    before = text_fonts("en").typst_preamble()
    package = tmp_path / "other_inter"
    (package / "files").mkdir(parents=True)
    (package / "files" / INTER.files()[0].name).write_bytes(b"another release")
    monkeypatch.syspath_prepend(str(tmp_path))
    other = FontFamily("Inter", "other_inter", "files", INTER.pattern, INTER.remedy)
    after = TextFonts("en", (other,), text_fonts("en").locale).typst_preamble()
    assert before != after
    assert before.splitlines()[1:] == after.splitlines()[1:]

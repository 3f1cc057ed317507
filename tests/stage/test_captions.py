"""Captions say the same in every language, in letters that the fonts have, and no formula is typed."""

from __future__ import annotations

import re
import string

import pytest
import typst

import bpmath as bp
from bpmath.algebra import Delta, Number, Partial, Product, Quantity
from scenes.stage.captions import LANGUAGES, Caption, Word, caption, catalogue
from scenes.stage.fonts import INTER, NOTO_SANS_SC, FontFamily, text_fonts
from scenes.stage.layout import CAPTION, SMALL_CAPTION_SIZE
from scenes.stage.typeset import Typeset, set_text

INK = "#E8EAED"
WORDS: dict[str, Word] = {
    "E": bp.E,
    "W": bp.MatrixSymbol("W", 1, bp.Shape(2, 2)),
    "a": bp.a(1, 1),
    "after": 26,
    "agreeing": 18,
    "b": bp.b(1, 1),
    "before": 190,
    "bias": bp.b(3, 1),
    "count": 18,
    "delta": Delta(3, 1),
    "edges": 30,
    "difference": 1.4e-17,
    "e": bp.e(1),
    "error": 0.107,
    "f": Product((Number(2), Quantity(bp.z(1, 1)))),
    "node": bp.z(1, 2),
    "one": 1.0,
    "rate": 0.0743,
    "gate": bp.Symbol("v", None, (1,)),
    "inside": Quantity(bp.Symbol("a")),
    "value": 6.0,
    "w": bp.w(1, 1, 1),
    "weight": bp.w(3, 1, 1),
    "x": bp.MatrixSymbol("a", 0, bp.Shape(2, 1)),
    "z": bp.z(1, 1),
    "first": bp.Symbol("x"),
    "factor": 1000,
    "fork": bp.Symbol("x"),
    "data": bp.Symbol("x"),
    "eta": bp.Symbol("eta"),
    "input": bp.Symbol("x"),
    "step": "step",
    "second": bp.Symbol("y"),
    "multiplications": 116,
    "output": bp.Symbol("f"),
    "paths": 40,
}
# A test for each lesson, not for each sentence: there are more than a thousand.
LESSONS = [(language, lesson) for language in LANGUAGES for lesson in catalogue(language)]
# A typed formula or number would be wrong on another network, and was executed by nobody.
TYPED_FORMULA = re.compile(
    r"""[=$\\#_^<>+/]              # signs, and the markup of Typst and LaTeX
      | [₀-₉ᵢⱼₖₗ⁰¹²³⁴-⁹⁽⁾]          # indices
      | [\u0370-\u03ff∂∇∑∏×⊙]\s*\{?[A-Za-z(] # Greek and operators before a letter
      | \d                          # digits
      | (?<!['’])\b[B-HJ-Zb-z]\b    # a letter alone, but for the words "a" and "I"
    """,
    re.VERBOSE,
)

# Hieroglyphs, which neither font has.
MISSING = "\U00013000\U00013001"


def literals(sentence: str) -> str:
    """Return a sentence without its placeholders."""
    return " ".join(literal for literal, *_ in string.Formatter().parse(sentence))


def placeholders(sentence: str) -> set[str]:
    return {name for _, name, *_ in string.Formatter().parse(sentence) if name is not None}


def filled(language: str, lesson: str, key: str) -> Caption:
    """Return a caption with something in each of its placeholders."""
    names = placeholders(catalogue(language)[lesson][key])
    return caption(
        language, lesson, key, "article", **{name: WORDS.get(name, bp.w(3, 1, 1)) for name in names}
    )


def drawn_in_the_band(language: str, lesson: str, key: str) -> Typeset:
    """Return a caption as small as it may become, broken into lines."""
    markup = filled(language, lesson, key).markup
    return set_text(markup, SMALL_CAPTION_SIZE, INK, text_fonts(language), CAPTION.width)


def outlines(characters: str, family: FontFamily) -> int:
    """Return how many different shapes a font has for characters; it has one for all that it lacks."""
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[family.directory]
    )
    page = f'#set page(width: auto, height: auto)\n#set text(font: "{family.name}", fallback: false)\n'
    lines = "\n".join(f'#"\\u{{{ord(character):x}}}"\\' for character in characters)
    return typst.compile((page + lines).encode(), format="svg", font_paths=fonts).decode().count("<symbol")


# -- the catalogues -----------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_says_the_same_things(language: str) -> None:
    expected, found = catalogue("en"), catalogue(language)
    assert list(found) == list(expected)
    for lesson, sentences in expected.items():
        assert list(found[lesson]) == list(sentences)
        for key, sentence in sentences.items():
            assert placeholders(found[lesson][key]) == placeholders(sentence)


@pytest.mark.parametrize(("language", "lesson"), LESSONS)
def test_placeholders_are_plain_names(language: str, lesson: str) -> None:
    for sentence in catalogue(language)[lesson].values():
        for _, name, spec, conversion in string.Formatter().parse(sentence):
            assert name is None or (name.isidentifier() and not spec and not conversion)


@pytest.mark.parametrize(("language", "lesson"), LESSONS)
def test_no_formula_and_no_number_is_typed_by_hand(language: str, lesson: str) -> None:
    for sentence in catalogue(language)[lesson].values():
        typed = literals(sentence)
        assert not TYPED_FORMULA.search(typed), sentence
        if language == "zh":
            assert not re.search("[A-Za-z]", typed), sentence


@pytest.mark.parametrize(
    "typed",
    [
        "the weight w11",
        "E = e",
        "the w of it",
        "∂E",
        "18 weights",
        "$x$",
        "σ(z)",
        "a₁",
        "z²",
        "by 1.5",
        "it is 1.",
        "1/2",
        "w_1",
    ],
)
def test_a_typed_formula_would_be_found(typed: str) -> None:
    assert TYPED_FORMULA.search(typed)


@pytest.mark.parametrize(
    "plain",
    ["a weight, of which I say: one", "Path tracing · last layer", "It can go."],
)
def test_words_are_not_taken_for_formulas(plain: str) -> None:
    assert not TYPED_FORMULA.search(plain)


def test_the_fonts_have_every_character() -> None:
    chinese = "".join(literals(s) for sentences in catalogue("zh").values() for s in sentences.values())
    wide = "".join(sorted({c for c in chinese if not c.isascii()}))
    latin = "".join(literals(s) for sentences in catalogue("en").values() for s in sentences.values())
    letters = "".join(sorted({c for c in latin if not c.isspace()}))
    assert len(wide) > 100
    for characters, family in ((wide, NOTO_SANS_SC), (letters, INTER)):
        assert outlines(characters + MISSING, family) == len(characters) + 1


@pytest.mark.parametrize(("language", "lesson"), LESSONS)
def test_every_caption_fits_into_its_band_and_prints_every_letter(language: str, lesson: str) -> None:
    for key, sentence in catalogue(language)[lesson].items():
        drawn = drawn_in_the_band(language, lesson, key)
        assert drawn.width <= CAPTION.width, key
        assert drawn.height <= CAPTION.height, key
        if not placeholders(sentence):
            assert len(drawn.glyphs) == len(re.sub(r"\s", "", sentence)), key


# -- one caption --------------------------------------------------------------------------------------


def test_a_caption_shows_symbols_as_formulas_do() -> None:
    asked = caption("en", "TraceFinalLayer", "question", "article", E=bp.E, weight=bp.w(3, 1, 2))
    assert asked.text == "How does the error E change when the weight w₁₂⁽³⁾ changes?"
    assert "$w_(12)^((3))$" in asked.markup
    assert "$E$" in asked.markup


def test_a_caption_writes_numbers_with_three_digits() -> None:
    meant = caption(
        "en", "TraceFinalLayer", "meaning", "article", E=bp.E, weight=bp.w(3, 1, 1), rate=0.0743219
    )
    assert meant.text == "If w₁₁⁽³⁾ grows a little, E grows 0.0743 times as much."
    assert "$0.0743$" in meant.markup


def test_a_caption_counts_in_whole_numbers() -> None:
    asked = caption("zh", "NetworkSetup", "question", "article", count=23860, E=bp.E)
    assert asked.text.startswith("23860 个权重和偏置")
    assert "$23860$" not in asked.markup


def test_a_caption_holds_expressions_and_words() -> None:
    slope = Partial(bp.E, bp.e(1))
    asked = caption("en", "NetworkSetup", "activation", "article", f=slope)
    assert asked.text.endswith("here it is ∂E/∂e₁.")
    assert "frac(partial E, partial e_(1))" in asked.markup
    assert caption("en", "NetworkSetup", "activation", "article", f='a "#" b').text.endswith('a "#" b.')


@pytest.mark.parametrize(("language", "lesson"), LESSONS)
def test_the_text_of_a_caption_is_plain(language: str, lesson: str) -> None:
    for key in catalogue(language)[lesson]:
        found = filled(language, lesson, key)
        assert not re.search(r'[$#"{}_^\\]|frac|partial|\bdot\b|\bquad\b', found.text), key
        assert "  " not in found.text, key
        assert found.text == found.text.strip(), key


def test_reading_takes_as_long_as_words_or_characters() -> None:
    english = caption("en", "NetworkSetup", "sum", "article")
    assert english.text == "The weighted sum: every input times its weight, plus the bias."
    assert english.reading_time == pytest.approx(11 / 2.5)
    chinese = caption("zh", "NetworkSetup", "parameters", "article", w=bp.w(1, 1, 1), b=bp.b(1, 1))
    assert chinese.reading_time == pytest.approx(len(chinese.text.replace(" ", "")) / 4.5)
    assert 5 < chinese.reading_time < 10


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (
            ("en", "TraceFinalLayer", "answer"),
            r"captions: there is no sentence 'answer' for TraceFinalLayer in en",
        ),
        (("zh", "NoLesson", "title"), r"captions: there is no sentence 'title' for NoLesson in zh"),
        (
            ("en", "TraceFinalLayer", "reach"),
            r"captions: TraceFinalLayer.reach in en asks for 'weight', .*",
        ),
        (("fr", "NetworkSetup", "title"), r"language is 'fr', but it must be one of en, zh"),
    ],
)
def test_what_cannot_be_said_is_refused(arguments: tuple[str, str, str], sentence: str) -> None:
    with pytest.raises(ValueError, match=rf"^{sentence}$"):
        caption(*arguments, "article", E=bp.E)


def test_every_language_has_its_fonts() -> None:
    assert all(text_fonts(language).language == language for language in LANGUAGES)

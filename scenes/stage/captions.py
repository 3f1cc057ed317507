"""The words of the lessons, in several languages, with formulas in them.

A caption is a sentence of the catalogue `scenes/captions/LANGUAGE/CHAPTER.toml`: one table for each lesson,
one sentence for each beat ("beat.variant" where a beat has several).  Its {placeholders} are filled with
bpmath symbols, expressions and numbers, so no formula is ever typed into a caption either.
"""

from __future__ import annotations

import string
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bpmath.matrix_equations import Statement, Term
from bpmath.notation import number, write
from bpmath.symbols import Symbol
from scenes.stage.typeset import quoted

LANGUAGES = {"en": "English", "zh": "中文"}
WORDS_A_SECOND = 2.5
CHARACTERS_A_SECOND = 4.5
_CATALOGUES = Path(__file__).parent.parent / "captions"

Word = Statement | Term | Symbol | float | int | str


@dataclass(frozen=True)
class Caption:
    """A sentence, as Typst markup for the screen and as plain text for subtitle files."""

    markup: str
    text: str
    language: str

    @property
    def reading_time(self) -> float:
        """The seconds that it takes to read the sentence."""
        if self.language == "zh":
            return sum(not c.isspace() for c in self.text) / CHARACTERS_A_SECOND
        return len(self.text.split()) / WORDS_A_SECOND


@cache
def catalogue(language: str) -> Mapping[str, Mapping[str, str]]:
    """Return the sentences of a language, by lesson and key; ValueError for an unknown language."""
    if language not in LANGUAGES:
        raise ValueError(f"language is {language!r}, but it must be one of {', '.join(LANGUAGES)}")
    chapters = sorted((_CATALOGUES / language).glob("*.toml"))
    tables = (tomllib.loads(chapter.read_text(encoding="utf-8")) for chapter in chapters)
    return {lesson: sentences for table in tables for lesson, sentences in table.items()}


def caption(language: str, lesson: str, key: str, notation: str, **words: Word) -> Caption:
    """Return a sentence of the catalogue with its placeholders filled.

    Raises ValueError when the catalogue has no such sentence or a placeholder stays empty.
    """
    sentence = catalogue(language).get(lesson, {}).get(key)
    if sentence is None:
        raise ValueError(f"captions: there is no sentence {key!r} for {lesson} in {language}")
    markup, text = "", ""
    for literal, name, _, _ in string.Formatter().parse(sentence):
        markup, text = markup + quoted(literal), text + literal
        if name is None:
            continue
        if name not in words:
            raise ValueError(
                f"captions: {lesson}.{key} in {language} asks for {name!r}, which it is not given"
            )
        markup += _markup(words[name], notation)
        text += _plain(words[name], notation)
    return Caption(markup, text, language)


def translations(lesson: str, key: str, notation: str, **words: Word) -> Mapping[str, str]:
    """Return a sentence with its placeholders filled as plain text, by language; ValueError as `caption`."""
    return {language: caption(language, lesson, key, notation, **words).text for language in LANGUAGES}


def _markup(word: Word, notation: str) -> str:
    match word:
        case str():
            return quoted(word)
        case int():
            return quoted(str(word))
        case float():
            return f"${number(word, 'typst')}$"
        case _:
            return f"${write(word, 'typst', notation)}$"


def _plain(word: Word, notation: str) -> str:
    match word:
        case str() | int():
            return str(word)
        case float():
            return number(word)
        case _:
            return write(word, "text", notation)

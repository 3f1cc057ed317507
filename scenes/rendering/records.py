"""What a rendered lesson is, beside its video: beats in time, words in all languages, equations to read.

A record is made when a lesson has been played (`record_of`), written beside the video as JSON (`to_json`),
and read by the player (`from_json`).  Every formula and every number in it is written by bpmath.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from types import MappingProxyType
from typing import Any

from scenes.rendering.written_equations import EquationRecord, equation_record, has_only_numbers
from scenes.settings import CAPTIONS, Settings
from scenes.stage.captions import LANGUAGES
from scenes.stage.lesson import Beat, Lesson
from scenes.stage.standing import Standing
from scenes.stage.theme import THEMES

__all__ = ["VERSION", "BeatRecord", "EquationRecord", "LessonRecord", "RecordError", "record_of"]

VERSION = 2
LONGEST_QUOTE = 40
NOTHING: Mapping[str, str] = MappingProxyType({})


class RecordError(ValueError):
    """A record that cannot be read; the message says what is wrong in it, and what would be accepted."""


@dataclass(frozen=True)
class BeatRecord:
    """A step of a lesson: from when to when, its words by language, the equations that stand at its end.

    `still` says for how many seconds before its end nothing moves.  In a film `chapter` is the title of the
    lesson that the step is of, by language.
    """

    name: str
    start: float
    end: float
    captions: Mapping[str, str]
    equations: tuple[EquationRecord, ...] = ()
    chapter: Mapping[str, str] = field(default_factory=dict)
    still: float = 0.0


@dataclass(frozen=True)
class LessonRecord:
    """A rendered lesson: `title` and `step` by language, `language` and `captions` as in the settings."""

    lesson: str
    film: str
    title: Mapping[str, str]
    step: Mapping[str, str]
    language: str
    captions: str
    theme: str
    duration: float
    beats: tuple[BeatRecord, ...]

    def to_json(self) -> str:
        """Return the record as JSON, one line."""
        return json.dumps({"version": VERSION, **asdict(self)}, ensure_ascii=False)

    @staticmethod
    def from_json(text: str, name: str = "the record") -> LessonRecord:
        """Return the record that JSON describes; `name` is what messages call it.

        Raises RecordError for anything that `to_json` does not write.
        """
        try:
            given = json.loads(text)
        except json.JSONDecodeError as error:
            raise RecordError(f"{name} is no JSON: {error}; render the lesson again") from None
        return read_lesson(given, name)


def record_of(lesson: Lesson, film: str) -> LessonRecord:
    """Return the record of a lesson that has been played to its end, as a part of a film."""
    settings = lesson.settings
    clerk = Clerk(settings)
    return LessonRecord(
        lesson=type(lesson).__name__,
        film=film,
        title=dict(lesson.chapter_words),
        step=dict(lesson.step_words),
        language=settings.language,
        captions=settings.captions,
        theme=settings.theme.name,
        duration=lesson.time,
        beats=tuple(clerk.beat((beat,)) for beat in lesson.beats),
    )


class Clerk:
    """Writes down what was played with some settings; the same equation stands through many beats."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._written: dict[tuple[int, str], EquationRecord] = {}

    def beat(
        self, played: Sequence[Beat], name: str = "", chapter: Mapping[str, str] = NOTHING
    ) -> BeatRecord:
        """Return the record of a beat, with those that pass below its words."""
        first, last = played[0], played[-1]
        # An equation of numbers alone repeats what stands below the others, unless there are no others.
        symbolic = [each for each in last.equations if not has_only_numbers(each.statement)]
        equations = tuple(map(self._equation, symbolic or last.equations))
        captions = dict(first.captions)
        return BeatRecord(
            name or first.name, first.start, last.end, captions, equations, dict(chapter), last.still
        )

    def _equation(self, standing: Standing) -> EquationRecord:
        key = id(standing.statement), repr(standing.layers)
        if key not in self._written:
            settings = self._settings
            self._written[key] = equation_record(standing, settings.notation, settings.numbers)
        return self._written[key]


class _Fields:
    """The fields of a JSON object, each asked for with the kind that it must be of."""

    def __init__(self, given: Any, where: str) -> None:
        if not isinstance(given, dict):
            raise RecordError(
                f"{where} is {_short(given)}, but it must be an object; render the lesson again"
            )
        self._given, self.where = given, where

    def _field(self, key: str, kinds: tuple[type, ...], kind: str) -> Any:
        value = self._given.get(key)
        if not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds):
            said = f"is {_short(value)}" if key in self._given else "is missing"
            raise RecordError(f"{key} of {self.where} {said}, but it must be {kind}; render the lesson again")
        return value

    def has(self, key: str) -> bool:
        """Return whether there is anything in a field."""
        return bool(self._given.get(key))

    def text(self, key: str, accepted: Iterable[str] = ()) -> str:
        """Return a text, one of those accepted."""
        value = self._field(key, (str,), "a text")
        if accepted and value not in accepted:
            choice = ", ".join(accepted)
            raise RecordError(f"{key} of {self.where} is {_short(value)}, but it must be one of {choice}")
        return str(value)

    def maybe(self, key: str) -> str | None:
        """Return a text or None."""
        return None if self._given.get(key) is None else self.text(key)

    def seconds(self, key: str, least: float = 0.0) -> float:
        """Return a number of seconds."""
        value = float(self._field(key, (int, float), "a number of seconds"))
        if not least <= value < float("inf"):
            raise RecordError(f"{key} of {self.where} is {value}, but it must be at least {least}")
        return value

    def words(self, key: str) -> dict[str, str]:
        """Return a text for each language."""
        words = _Fields(self._field(key, (dict,), "an object"), f"{key} of {self.where}")
        return {language: words.text(language) for language in LANGUAGES}

    def parts(self, key: str) -> list[_Fields]:
        """Return the objects of a list."""
        parts = self._field(key, (list,), "a list")
        return [_Fields(part, f"{key}[{number}] of {self.where}") for number, part in enumerate(parts)]


def read_lesson(given: Any, name: str) -> LessonRecord:
    """Return the record in an object that was JSON; RecordError for one that is no record."""
    fields = _Fields(given, name)
    if given.get("version") != VERSION:
        found = _short(given.get("version"))
        raise RecordError(f"{name} has version {found}, but {VERSION} is read here; render the lesson again")
    return LessonRecord(
        lesson=fields.text("lesson"),
        film=fields.text("film"),
        title=fields.words("title"),
        step=fields.words("step"),
        language=fields.text("language", LANGUAGES),
        captions=fields.text("captions", CAPTIONS),
        theme=fields.text("theme", THEMES),
        duration=fields.seconds("duration"),
        beats=tuple(_read_beat(beat) for beat in fields.parts("beats")),
    )


def _read_beat(fields: _Fields) -> BeatRecord:
    start = fields.seconds("start")
    return BeatRecord(
        name=fields.text("name"),
        start=start,
        end=fields.seconds("end", start),
        captions=fields.words("captions"),
        equations=tuple(_read_equation(equation) for equation in fields.parts("equations")),
        chapter=fields.words("chapter") if fields.has("chapter") else {},
        still=fields.seconds("still"),
    )


def _read_equation(fields: _Fields) -> EquationRecord:
    texts = (fields.text("latex"), fields.text("mathml"), fields.text("text"))
    return EquationRecord(*texts, *map(fields.maybe, ("numbers", "numbers_mathml", "layer")))


def _short(value: Any) -> str:
    written = repr(value)
    return written if len(written) <= LONGEST_QUOTE else f"{written[:LONGEST_QUOTE]}..."

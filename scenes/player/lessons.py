"""Rendered lessons as they lie in folders: `Lesson.json`, the record, beside `Lesson.mp4`, the video."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from scenes.rendering.records import LessonRecord, RecordError

VIDEO = ".mp4"
SECTIONS = ".sections.json"
LEAST_VIDEO = 64
"""No video is shorter than this many bytes."""


class PlayerError(Exception):
    """Why no page can be made of what is there, in one sentence."""


@dataclass(frozen=True)
class RenderedLesson:
    """A lesson that was rendered: its record and its video."""

    record: LessonRecord
    video: Path


def rendered_lessons(places: Iterable[Path]) -> tuple[RenderedLesson, ...]:
    """Return the lessons in folders, in order of name, and those of single records, in the order given.

    The lessons of a film stand together.
    Raises PlayerError where there are none, a record is corrupt, a video is missing, or two are called alike.
    """
    given = list(places)
    found = [_read(record) for place in given for record in _records(place)]
    if not found:
        where = ", ".join(map(str, given)) or "no folder"
        raise PlayerError(f"there are no rendered lessons in {where}; render some first: backprop render")
    _check_names(found)
    films = list(dict.fromkeys(lesson.record.film for lesson in found))
    return tuple(sorted(found, key=lambda lesson: films.index(lesson.record.film)))


def _records(place: Path) -> Sequence[Path]:
    if place.is_dir():
        return [file for file in sorted(place.glob("*.json")) if not file.name.endswith(SECTIONS)]
    if not place.is_file():
        raise PlayerError(f"there are no rendered lessons in {place}: there is no such folder")
    return [place]


def _read(file: Path) -> RenderedLesson:
    try:
        record = LessonRecord.from_json(file.read_text(encoding="utf-8"), str(file))
    except (RecordError, OSError, UnicodeDecodeError) as error:
        said = str(error) if isinstance(error, RecordError) else f"{file} cannot be read: {error}"
        raise PlayerError(said) from None
    if not record.beats:
        raise PlayerError(f"{file} has no beats; render the lesson again")
    video = file.with_suffix(VIDEO)
    if not video.is_file() or video.stat().st_size < LEAST_VIDEO:
        state = "empty" if video.exists() else "missing"
        raise PlayerError(f"the video {video} of {record.lesson} is {state}; render the lesson again")
    return RenderedLesson(record, video)


def _check_names(lessons: Iterable[RenderedLesson]) -> None:
    videos: dict[str, Path] = {}
    for lesson in lessons:
        name = lesson.record.lesson
        if name in videos:
            both = f"{videos[name]} and {lesson.video}"
            raise PlayerError(f"{name} is there twice, as {both}; a page has room for one")
        if not name.isidentifier():
            raise PlayerError(f"{lesson.video} is of {name!r}, but a lesson has the name of a class")
        videos[name] = lesson.video

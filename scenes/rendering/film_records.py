"""What a rendered film is: the steps that are told, by the lessons that they are of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from scenes.rendering.film_parts import PartOfFilm
from scenes.rendering.jobs import Job
from scenes.rendering.records import BeatRecord, Clerk, LessonRecord
from scenes.stage.captions import LANGUAGES
from scenes.stage.film import title_of
from scenes.stage.lesson import Beat

__all__ = ["join_records", "record_of_part"]


def record_of_part(part: PartOfFilm, job: Job) -> LessonRecord:
    """Return the record of lessons of a film that have been played to their end.

    A beat that goes by quickly belongs to the one below whose words it goes by: nobody stops there.
    """
    settings = part.settings
    clerk = Clerk(settings)
    beats: list[BeatRecord] = []
    for lesson in part.played:
        chapter = {each: f"{lesson.chapter_words[each]} · {lesson.step_words[each]}" for each in LANGUAGES}
        for told in told_steps(lesson.beats):
            beats.append(clerk.beat(told, f"{told[0].lesson}.{told[0].name}", chapter))
    return LessonRecord(
        lesson=job.lesson.name,
        film=job.lesson.film,
        title=title_of(part.kind, "title", settings.notation),
        step=title_of(part.kind, "step", settings.notation),
        language=settings.language,
        captions=settings.captions,
        theme=settings.theme.name,
        duration=part.time,
        beats=tuple(beats),
    )


def told_steps(beats: Sequence[Beat]) -> Iterator[tuple[Beat, ...]]:
    """Yield each beat that is told, with those that pass after it."""
    told: list[Beat] = []
    for beat in beats:
        if beat.told and told:
            yield tuple(told)
            told = []
        told.append(beat)
    if told:
        yield tuple(told)


def join_records(records: Sequence[LessonRecord], lengths: Sequence[float]) -> LessonRecord:
    """Return the record of a film whose parts follow one another, each so many seconds long."""
    beats: list[BeatRecord] = []
    start = 0.0
    for record, length in zip(records, lengths, strict=True):
        beats += [replace(beat, start=beat.start + start, end=beat.end + start) for beat in record.beats]
        start += length
    return replace(records[0], duration=start, beats=tuple(beats))

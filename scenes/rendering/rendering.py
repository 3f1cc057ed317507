"""From lessons and settings to finished files: what is good already, what is to do, what is to be joined."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from scenes.rendering.catalogue import Listed, lesson_class
from scenes.rendering.crews import Crew
from scenes.rendering.faults import RenderError, sentence_of
from scenes.rendering.fingerprints import fingerprint, note, still_good
from scenes.rendering.jobs import Job, Rendered, work_folder
from scenes.rendering.pool import Outcome, Watcher, render_jobs

__all__ = ["Plan", "complete", "plan"]

PARTS = ".parts"
"""The folder in the output folder that keeps the parts of films."""


@dataclass(frozen=True)
class Plan:
    """What is to be rendered into a folder: jobs, with their fingerprints; lessons that are `good` already.

    `films` are to be joined from `parts`, which are kept in a folder of their own.
    """

    folder: Path
    jobs: tuple[Job, ...]
    good: tuple[Job, ...]
    films: tuple[Job, ...]
    parts: Mapping[str, tuple[Job, ...]]
    fingerprints: Mapping[str, str]

    def place(self, job: Job) -> Path:
        """Return the folder of a job's files."""
        return self.folder if job.part is None else self.folder / PARTS

    def render(self, crew: Crew, watcher: Watcher) -> Outcome:
        """Render what is to do; each is noted as soon as it is done."""
        return render_jobs(self.jobs, self.place, crew, _Notes(self, watcher))


@dataclass(frozen=True)
class _Notes:
    """A watcher that notes what is finished, and tells the other."""

    plan: Plan
    watcher: Watcher

    def progress(self, seconds: dict[str, float]) -> None:
        self.watcher.progress(seconds)

    def finished(self, job: Job, rendered: Rendered | RenderError) -> None:
        if isinstance(rendered, Rendered):
            note(job, rendered, self.plan.place(job), self.plan.fingerprints[job.name])
        self.watcher.finished(job, rendered)


def plan(
    lessons: Sequence[Listed],
    settings: Mapping[str, Any],
    quality: str,
    format: str,
    folder: Path,
    *,
    again: bool = False,
) -> Plan:
    """Return what is to be rendered; `again` renders what is good too."""
    jobs, good, films = [], [], []
    parts: dict[str, tuple[Job, ...]] = {}
    prints: dict[str, str] = {}
    for lesson in lessons:
        job = Job(lesson, settings, quality, format)
        prints[job.name] = fingerprint(job)
        if not again and still_good(job, folder, prints[job.name]):
            good.append(job)
        elif lesson.is_film and format != "png":
            films.append(job)
            parts[job.name] = parts_of(job)
            for part in parts[job.name]:
                prints[part.name] = fingerprint(part)
                if again or not still_good(part, folder / PARTS, prints[part.name]):
                    jobs.append(part)
        else:
            jobs.append(job)
    return Plan(folder, tuple(jobs), tuple(good), tuple(films), parts, prints)


def parts_of(job: Job) -> tuple[Job, ...]:
    """Return the jobs of a film's parts; a GIF is made of the joined film."""
    kind: Any = lesson_class(job.lesson)
    count = len(kind.parts)
    length = None if job.lesson.seconds is None else job.lesson.seconds / count
    lesson = replace(job.lesson, seconds=length)
    format = "mp4" if job.format == "gif" else job.format
    return tuple(replace(job, lesson=lesson, part=number, format=format) for number in range(count))


def complete(wanted: Plan, outcome: Outcome) -> dict[str, RenderError]:
    """Join films whose parts are all there; return what failed."""
    failed = {}
    for film in wanted.films:
        lost = [part.name for part in wanted.parts[film.name] if part.name in outcome.failed]
        try:
            if lost:
                raise RenderError(f"it waits for its parts {', '.join(lost)}")
            join_film(film, wanted)
        except (OSError, ValueError) as error:
            failed[film.name] = RenderError(sentence_of(error, wanted.folder))
        except RenderError as error:
            failed[film.name] = error
    return failed


def join_film(film: Job, wanted: Plan) -> None:
    """Join the parts of a film, in a place beside, and put the result where it belongs."""
    from scenes.rendering.gif import write_gif
    from scenes.rendering.joining import join

    parts = [wanted.folder / PARTS / f"{p.name}.{p.format}" for p in wanted.parts[film.name]]
    with work_folder(wanted.folder) as work:
        joined = work / parts[0].with_stem(film.name).name
        length = join(parts, joined)
        if film.format == "gif":
            write_gif(joined, work / f"{film.name}.gif")
        made = [file for file in work.iterdir() if film.format == "mp4" or file.suffix == f".{film.format}"]
        for file in made:
            os.replace(file, wanted.folder / file.name)
    rendered = Rendered(tuple(sorted(file.name for file in made)), float(length), 0, 0.0)
    note(film, rendered, wanted.folder, wanted.fingerprints[film.name])

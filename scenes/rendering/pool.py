"""Renders jobs on any executor, the longest first; what fails is told at the end, what is lost is retried."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from scenes.rendering.crews import Crew
from scenes.rendering.faults import RenderError
from scenes.rendering.jobs import Job, Rendered, sweep

__all__ = ["Outcome", "Watcher", "render_jobs"]

TRIES = 2
"""A job whose process was lost is tried again once."""
PATIENCE = 0.2
UNKNOWN_LENGTH = 60.0


class Watcher(Protocol):
    """Is told how far the work is."""

    def progress(self, seconds: dict[str, float]) -> None:
        """Take how many seconds of film are drawn of the jobs under way."""

    def finished(self, job: Job, rendered: Rendered | RenderError) -> None:
        """Take what became of a job."""


@dataclass(frozen=True)
class Outcome:
    """What became of the jobs: what was made, and what failed and why."""

    rendered: dict[str, Rendered] = field(default_factory=dict)
    failed: dict[str, RenderError] = field(default_factory=dict)


def length_of(job: Job) -> float:
    """Return about how long a job is, in seconds of film."""
    return job.lesson.seconds or UNKNOWN_LENGTH


def render_jobs(jobs: Iterable[Job], place: Callable[[Job], Path], crew: Crew, watcher: Watcher) -> Outcome:
    """Render jobs, each into the folder that `place` names; one that fails does not stop the others.

    On any other exception, such as KeyboardInterrupt, the crew is sent away and nothing unfinished stays.
    """
    ordered = deque(sorted(jobs, key=length_of, reverse=True))
    round_ = _Round(place, {place(job) for job in ordered}, crew, watcher, ordered)
    round_.sweep()
    try:
        while round_.waiting or round_.running:
            round_.hand_out()
            round_.collect()
    except BaseException:
        crew.dismiss()
        round_.sweep()
        raise
    return round_.outcome


@dataclass
class _Round:
    place: Callable[[Job], Path]
    folders: set[Path]
    crew: Crew
    watcher: Watcher
    waiting: deque[Job]
    running: dict[Future[Rendered], Job] = field(default_factory=dict)
    lost: Counter[str] = field(default_factory=Counter)
    outcome: Outcome = field(default_factory=Outcome)

    def sweep(self) -> None:
        """Remove what killed processes left."""
        for folder in self.folders:
            sweep(folder)

    def hand_out(self) -> None:
        """Give the crew as much as it has places for; a job whose process was lost is tried alone."""
        while self.waiting and len(self.running) < self.crew.places:
            alone = self.lost[self.waiting[0].name] or any(
                self.lost[job.name] for job in self.running.values()
            )
            if alone and self.running:
                return
            job = self.waiting.popleft()
            try:
                self.running[self.crew.submit(job, self.place(job))] = job
            except BrokenExecutor:
                self.waiting.appendleft(job)
                self.renew()

    def collect(self) -> None:
        """Wait a moment, and take what is done."""
        done, _ = wait(self.running, timeout=PATIENCE, return_when=FIRST_COMPLETED)
        self.watcher.progress(self.crew.progress(self.running.values()))
        broken = False
        for future in done:
            job = self.running[future]
            try:
                result: Rendered | RenderError = self.crew.take(future, self.place(job))
            except RenderError as error:
                result = error
            except self.crew.losses:
                broken = True
                continue
            del self.running[future]
            self.settle(job, result)
        if broken:
            self.renew()

    def renew(self) -> None:
        """Go on with new processes; what the lost ones were doing is done again, once."""
        jobs = list(self.running.values())
        self.running.clear()
        self.crew.renew()
        self.sweep()
        for job in jobs:
            self.lost[job.name] += 1
            if self.lost[job.name] < TRIES:
                self.waiting.appendleft(job)
            else:
                self.settle(job, RenderError("its process was killed twice; is there too little memory?"))

    def settle(self, job: Job, result: Rendered | RenderError) -> None:
        """Note what became of a job."""
        if isinstance(result, RenderError):
            self.outcome.failed[job.name] = result
        else:
            self.outcome.rendered[job.name] = result
        self.watcher.finished(job, result)

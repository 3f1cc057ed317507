"""A lesson to be rendered, as plain data that can be sent to other machines, and its rendering."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scenes.rendering.catalogue import Listed, lesson_class
from scenes.rendering.faults import RenderError, sentence_of

__all__ = ["FORMATS", "QUALITIES", "Delivery", "Job", "Rendered", "deliver", "perform", "receive"]

QUALITIES = {
    "l": "low_quality",
    "m": "medium_quality",
    "h": "high_quality",
    "p": "production_quality",
    "k": "fourk_quality",
}
"""Manim's letters: 480p15, 720p30, 1080p60, 1440p60, 2160p60."""
FORMATS = ("mp4", "gif", "webm", "png")
WORK = f".rendering-{socket.gethostname()}-"
"""How folders begin in which unfinished files lie; the number of the process follows."""
_ONE_AT_A_TIME = threading.Lock()
"""Manim has one configuration for a process, and some executors run several jobs in one."""

Report = Callable[[float], None]


@dataclass(frozen=True)
class Job:
    """A lesson, with the table of settings as a settings file has it; of a film, `part` is which lesson."""

    lesson: Listed
    settings: Mapping[str, Any] = field(default_factory=dict)
    quality: str = "h"
    format: str = "mp4"
    part: int | None = None

    @property
    def name(self) -> str:
        """What its files are called, without their endings."""
        return self.lesson.name if self.part is None else f"{self.lesson.name}.{self.part:02d}"


@dataclass(frozen=True)
class Rendered:
    """What a job made: the names of its files, the seconds of film, the frames, the seconds of work."""

    files: tuple[str, ...]
    seconds: float
    frames: int
    work: float


@dataclass(frozen=True)
class Delivery:
    """What a job made on a machine that shares no folder: the files themselves."""

    rendered: Rendered
    contents: Mapping[str, bytes]


def perform(job: Job, folder: Path, report: Report | None = None) -> Rendered:
    """Render a job into a folder; its files come to stand there when all of them are complete.

    `report` is told the seconds drawn so far.  Raises RenderError, with one sentence.
    """
    begun = time.perf_counter()
    try:
        with _ONE_AT_A_TIME, work_folder(folder) as work:
            # Manim takes two seconds to import; who only lists lessons need not wait for it.
            from scenes.rendering.playing import play

            played = play(job, lesson_class(job.lesson), work, report)
            put_in_place(work / "done", folder)
    except (Exception, SystemExit) as error:
        raise RenderError(sentence_of(error, folder), traceback.format_exc()) from None
    return Rendered(played.files, played.seconds, played.frames, time.perf_counter() - begun)


def deliver(job: Job) -> Delivery:
    """Render a job on a machine of its own, and return the files."""
    with tempfile.TemporaryDirectory(prefix="backprop-") as folder:
        rendered = perform(job, Path(folder))
        return Delivery(rendered, {name: Path(folder, name).read_bytes() for name in rendered.files})


def receive(delivery: Delivery, folder: Path) -> Rendered:
    """Write the files that came from another machine."""
    try:
        with work_folder(folder) as work:
            (work / "done").mkdir()
            for name, content in delivery.contents.items():
                (work / "done" / name).write_bytes(content)
            put_in_place(work / "done", folder)
    except OSError as error:
        raise RenderError(sentence_of(error, folder), traceback.format_exc()) from None
    return delivery.rendered


@contextmanager
def work_folder(folder: Path) -> Iterator[Path]:
    """Make a folder for unfinished files beside the finished ones, and remove it at the end."""
    folder.mkdir(parents=True, exist_ok=True)
    work = Path(tempfile.mkdtemp(prefix=f"{WORK}{os.getpid()}-", dir=folder))
    try:
        yield work
    finally:
        shutil.rmtree(work, ignore_errors=True)


def put_in_place(done: Path, folder: Path) -> None:
    """Move finished files to where they belong, each in one step, the videos last."""
    order = sorted(done.iterdir(), key=lambda file: (file.suffix in (".mp4", ".webm", ".gif"), file.name))
    for file in order:
        os.replace(file, folder / file.name)


def sweep(folder: Path) -> None:
    """Remove what processes left behind that were killed."""
    for work in folder.glob(f"{WORK}*"):
        number = work.name.removeprefix(WORK).partition("-")[0]
        if number.isdigit() and not _runs(int(number)):
            shutil.rmtree(work, ignore_errors=True)


def _runs(process: int) -> bool:
    if os.name == "nt":
        return process == os.getpid()  # to ask would end the process
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True

"""`backprop render`: what is to be rendered, who does it, how far it is, and what became of it."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn, TimeRemainingColumn

from scenes.command.choices import Choices
from scenes.command.listing import clock
from scenes.rendering.catalogue import Listed
from scenes.rendering.crews import Crew, LocalCrew, dask_crew
from scenes.rendering.faults import RenderError, sentence_of
from scenes.rendering.jobs import Job, Rendered
from scenes.rendering.pool import Outcome, length_of
from scenes.rendering.rendering import Plan, complete, plan

DASK = "dask://"


@dataclass(frozen=True)
class Wishes:
    """How lessons are rendered, as the options say."""

    quality: str
    format: str
    jobs: int | None
    executor: str
    output: Path
    again: bool


class Display:
    """Shows how far the work is: one bar for all lessons, in seconds of film, with the time left."""

    def __init__(self, jobs: Sequence[Job], console: Console) -> None:
        self._console = console
        self._lengths = {job.name: length_of(job) for job in jobs}
        self._done = 0.0
        columns = (
            *(TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f} %")),
            *(TimeElapsedColumn(), TextColumn("left"), TimeRemainingColumn()),
        )
        self._bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
        self._task: TaskID = self._bar.add_task("", total=sum(self._lengths.values()))

    def __enter__(self) -> Display:
        self._bar.start()
        return self

    def __exit__(self, *about: object) -> None:
        self._bar.stop()

    def progress(self, seconds: dict[str, float]) -> None:
        """Take how many seconds of film are drawn of the lessons under way."""
        under_way = sum(min(drawn, self._lengths[name]) for name, drawn in seconds.items())
        names = ", ".join(seconds)
        self._bar.update(self._task, completed=self._done + under_way, description=names)

    def finished(self, job: Job, rendered: Rendered | RenderError) -> None:
        """Take what became of a lesson."""
        self._done += self._lengths[job.name]
        if isinstance(rendered, RenderError):
            say(self._console, f"[red]{job.name} failed[/red]", f"{job.name} failed")
        else:
            length = f"{clock(rendered.seconds)} of film in {clock(rendered.work)}"
            say(self._console, f"[green]{job.name}[/green]  {length}", f"{job.name}  {length}")


def say(console: Console, marked: str, plain: str) -> None:
    """Print a line, in colours where the terminal has them."""
    if console.is_terminal:
        console.print(marked)
    else:
        click.echo(plain)


def render_lessons(lessons: Sequence[Listed], choices: Choices, wishes: Wishes) -> int:
    """Render lessons; return the exit code: 0, or 1 where one failed.

    Raises MissingFont where the letters of the chosen language are not installed.
    """
    console = Console()
    try:
        settings = choices.settings()
        wanted = plan(lessons, settings, wishes.quality, wishes.format, wishes.output, again=wishes.again)
    except ValueError as error:
        raise click.UsageError(str(error)) from None
    if wanted.good:
        click.echo(f"{_count(len(wanted.good))} already rendered: nothing changed")
    outcome = _work(wanted, wishes, console) if wanted.jobs else Outcome()
    failed = {**outcome.failed, **complete(wanted, outcome)}
    for name, fault in failed.items():
        click.echo(f"backprop: {name}: {fault}", err=True)
    click.echo(f"{_count(len(lessons) - len(failed))} in {wishes.output}")
    return 1 if failed else 0


def _count(number: int) -> str:
    return "1 lesson is" if number == 1 else f"{number} lessons are"


def _work(wanted: Plan, wishes: Wishes, console: Console) -> Outcome:
    check_folder(wishes.output)
    with _crew(wishes, len(wanted.jobs)) as crew, Display(wanted.jobs, console) as display:
        return wanted.render(crew, display)


def check_folder(folder: Path) -> None:
    """Raise RenderError where a folder cannot be written to, before any work is done."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise RenderError(sentence_of(error, folder)) from None


def _crew(wishes: Wishes, jobs: int) -> Crew:
    if wishes.executor.startswith(DASK):
        return dask_crew(wishes.executor.removeprefix(DASK))
    if wishes.executor != "local":
        raise click.UsageError(
            f"--executor is {wishes.executor!r}, but it must be local, or dask:// and a scheduler's host:port"
        )
    return LocalCrew(min(wishes.jobs or os.cpu_count() or 1, jobs))

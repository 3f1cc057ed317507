"""Many jobs at a time: failures, lost processes and interruptions concern only the lesson they hit."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from scenes.rendering.crews import Crew, ExecutorCrew, LocalCrew
from scenes.rendering.faults import RenderError
from scenes.rendering.jobs import Job, Rendered
from scenes.rendering.pool import render_jobs
from tests.rendering.tiny import job

ROOT = Path(__file__).parent.parent.parent
PATIENCE = 240.0
"""Seconds after which a program hangs, on however busy a machine."""
LOOKS_A_SECOND = 10
FILES = ["Tiny.json", "Tiny.mp4", "Tiny.sections.json", "Tiny.srt"]


@dataclass
class Watched:
    """Notes what it is told."""

    seen: dict[str, float] = field(default_factory=dict)
    ended: list[str] = field(default_factory=list)

    def progress(self, seconds: dict[str, float]) -> None:
        self.seen.update(seconds)

    def finished(self, job: Job, rendered: Rendered | RenderError) -> None:
        self.ended.append(job.name)


def names(folder: Path) -> list[str]:
    return sorted(file.name for file in folder.iterdir())


@pytest.fixture
def crew() -> Iterator[LocalCrew]:
    with LocalCrew(2) as crew:
        yield crew


def test_a_failure_does_not_stop_the_others(crew: LocalCrew, tmp_path: Path) -> None:
    watched = Watched()
    jobs = [job("Failing"), job("Tiny"), job("KilledOnce"), job("Other")]
    outcome = render_jobs(jobs, lambda _: tmp_path, crew, watched)
    assert set(outcome.rendered) == {"Tiny", "KilledOnce", "Other"}  # the killed process was replaced
    assert {name: str(error) for name, error in outcome.failed.items()} == {
        "Failing": "ValueError: this lesson cannot be played"
    }
    assert sorted(watched.ended) == ["Failing", "KilledOnce", "Other", "Tiny"]
    assert (tmp_path / "KilledOnce.mp4").read_bytes()
    assert [name for name in names(tmp_path) if name.startswith(".")] == []


def test_a_process_that_is_killed_every_time_is_given_up(crew: LocalCrew, tmp_path: Path) -> None:
    outcome = render_jobs([job("KilledAlways"), job("Tiny")], lambda _: tmp_path, crew, Watched())
    assert str(outcome.failed["KilledAlways"]) == "its process was killed twice; is there too little memory?"
    assert set(outcome.rendered) == {"Tiny"}
    assert names(tmp_path) == FILES


def test_any_executor_will_do(tmp_path: Path) -> None:
    with ExecutorCrew(ThreadPoolExecutor(2), 2) as threads:
        outcome = render_jobs([job("Tiny"), job("Failing")], lambda _: tmp_path, threads, Watched())
    assert set(outcome.rendered) == {"Tiny"} and set(outcome.failed) == {"Failing"}
    assert names(tmp_path) == FILES


# -- in which order, without rendering ---------------------------------------------------------------


class Pretender(Crew):
    """A crew that does what it is told at once, or loses it."""

    def __init__(self, places: int, lost: Callable[[Job], bool] = lambda job: False) -> None:
        self.places, self.lost = places, lost
        self.begun: list[str] = []
        self.together: list[set[str]] = []
        self.renewed = 0
        self.dismissed = False

    def submit(self, job: Job, folder: Path) -> Future[Rendered]:
        self.begun.append(job.name)
        future: Future[Rendered] = Future()
        if self.lost(job):
            future.set_exception(BrokenExecutor())
        else:
            future.set_result(Rendered((), 1.0, 1, 1.0))
        return future

    def progress(self, jobs: object) -> dict[str, float]:
        self.together.append({job.name for job in jobs})  # type: ignore[attr-defined]
        return {}

    def renew(self) -> None:
        self.renewed += 1

    def dismiss(self) -> None:
        self.dismissed = True


def long(name: str, seconds: float | None) -> Job:
    plain = job(name)
    return replace(plain, lesson=replace(plain.lesson, seconds=seconds))


def test_the_longest_come_first(tmp_path: Path) -> None:
    crew = Pretender(1)
    jobs = [long("Short", 5.0), long("Long", 90.0), long("Unknown", None), long("Middle", 20.0)]
    render_jobs(jobs, lambda _: tmp_path, crew, Watched())
    assert crew.begun == ["Long", "Unknown", "Middle", "Short"]


def test_what_was_lost_is_tried_again_alone_and_only_once(tmp_path: Path) -> None:
    crew = Pretender(2, lambda job: job.name == "Deadly")
    outcome = render_jobs([job("Deadly"), job("Innocent"), job("Later")], lambda _: tmp_path, crew, Watched())
    assert set(outcome.failed) == {"Deadly"}
    assert set(outcome.rendered) == {"Innocent", "Later"}
    assert crew.begun.count("Deadly") == 2
    assert crew.together.count({"Deadly"}) == 1


def test_an_interruption_sends_the_crew_away(tmp_path: Path) -> None:
    class Interrupted(Watched):
        def progress(self, seconds: dict[str, float]) -> None:
            raise KeyboardInterrupt

    crew = Pretender(1)
    with pytest.raises(KeyboardInterrupt):
        render_jobs([job()], lambda _: tmp_path, crew, Interrupted())
    assert crew.dismissed


# -- an interrupted command --------------------------------------------------------------------------

PROGRAM = """
import sys
from pathlib import Path
from scenes.command.choices import Choices
from scenes.command.commands import backprop, main
import click

@backprop.command("tiny")
@click.argument("names", nargs=-1)
def tiny(names):
    from scenes.command import rendering
    from tests.rendering.tiny import listed
    folder = Path(names[0])
    wishes = rendering.Wishes("l", "mp4", 2, "local", folder, False)
    sys.exit(rendering.render_lessons([listed(name) for name in names[1:]], Choices(captions="file"), wishes))

if __name__ == "__main__":
    main()
"""


def begin(folder: Path, *lessons: str) -> subprocess.Popen[str]:
    """Begin the command in a program of its own, as a shell would."""
    program = folder.with_name("program.py")
    program.write_text(PROGRAM)
    return subprocess.Popen(
        [sys.executable, str(program), "tiny", str(folder), *lessons],
        cwd=folder.parent,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler) and None,
    )


def wait_for(folder: Path, pattern: str) -> Path:
    """Return the first file of a pattern that comes to be."""
    for _ in range(int(PATIENCE * LOOKS_A_SECOND)):
        if found := list(folder.glob(pattern)):
            return found[0]
        time.sleep(1 / LOOKS_A_SECOND)
    raise AssertionError(f"there was no {pattern} in {PATIENCE} s")


def wait_until_under_way(folder: Path) -> Path:
    return wait_for(folder, ".rendering-*/under_way")


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_stopped_command_leaves_only_finished_lessons(tmp_path: Path, number: int, code: int) -> None:
    folder = tmp_path / "lessons"
    command = begin(folder, "Slow", "Tiny")
    wait_until_under_way(folder)
    wait_for(folder, ".Tiny.mp4.rendered")
    os.killpg(command.pid, number) if number == signal.SIGINT else command.send_signal(number)
    output, errors = command.communicate(timeout=PATIENCE)
    assert command.returncode == code
    assert names(folder) == [".Tiny.mp4.rendered", *FILES]
    if number == signal.SIGINT:
        assert errors.splitlines()[-1] == (
            "backprop: stopped; what was finished is kept, and the next call goes on from there"
        )
    assert "Traceback" not in errors
    with pytest.raises(ProcessLookupError):  # nobody works on
        for _ in range(100):
            os.killpg(command.pid, 0)
            time.sleep(0.1)
    again = begin(folder, "Slow", "Tiny")
    wait_until_under_way(folder).unlink()
    output, errors = again.communicate(timeout=PATIENCE)
    assert (again.returncode, errors) == (0, "")
    assert output.splitlines()[0] == "1 lesson is already rendered: nothing changed"
    assert (folder / "Slow.mp4").exists()

"""The lessons on a cluster: a real scheduler and two workers, one of which is killed in the middle."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from scenes.rendering.crews import ExecutorCrew, dask_crew
from scenes.rendering.faults import RenderError
from scenes.rendering.jobs import perform
from scenes.rendering.pool import render_jobs
from tests.rendering.test_pool import PATIENCE, Watched
from tests.rendering.tiny import job

ROOT = Path(__file__).parent.parent.parent
LOCAL = "127.0.0.1"


@dataclass
class Cluster:
    """A scheduler and its workers, each a process."""

    address: str
    workers: list[subprocess.Popen[bytes]]


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DASK_DISTRIBUTED__WORKER__DAEMON": "False"}

    def start(*arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", *arguments]
        with (tmp_path / f"{len(processes)}.log").open("wb") as log:
            return subprocess.Popen(command, cwd=tmp_path, env=environment, stdout=log, stderr=log)

    processes: list[subprocess.Popen[bytes]] = []
    processes.append(
        start("distributed.cli.dask_scheduler", "--host", LOCAL, "--port", "0", "--no-dashboard")
    )
    address = _address(tmp_path / "0.log")
    for number in (1, 2):
        options = ["--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", LOCAL, "--name", f"w{number}"]
        processes.append(start("distributed.cli.dask_worker", f"tcp://{address}", *options))
    yield Cluster(address, processes[1:])
    for process in processes:
        process.kill()
        process.wait()


def _address(log: Path) -> str:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if found := re.search(r"Scheduler at:\s+tcp://(\S+)", log.read_text()):
            return found[1]
        time.sleep(0.1)
    raise AssertionError(log.read_text())


def crew_of_two(cluster: Cluster) -> ExecutorCrew:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            crew = dask_crew(cluster.address)
        except RenderError:
            time.sleep(0.2)
            continue
        if crew.places == 2:
            return crew
        crew.dismiss()
    raise AssertionError("the workers did not come")


class Killer(Watched):
    """Kills a worker when the first lesson is done."""

    def __init__(self, worker: subprocess.Popen[bytes]) -> None:
        super().__init__()
        self.worker = worker

    def finished(self, job, rendered) -> None:
        if not self.ended:
            self.worker.send_signal(signal.SIGKILL)
        super().finished(job, rendered)


def test_a_cluster_that_loses_a_worker_renders_the_same(cluster: Cluster, tmp_path: Path) -> None:
    here, there = tmp_path / "here", tmp_path / "there"
    jobs = [job("Tiny"), job("Other"), job("Tiny", quality="m", part=7), job("Failing")]
    with crew_of_two(cluster) as crew:
        outcome = render_jobs(jobs, lambda _: there, crew, Killer(cluster.workers[0]))
    assert cluster.workers[0].wait(PATIENCE) == -signal.SIGKILL
    assert set(outcome.rendered) == {"Tiny", "Other", "Tiny.07"}
    assert {name: str(error) for name, error in outcome.failed.items()} == {
        "Failing": "ValueError: this lesson cannot be played"
    }
    for one in jobs[:3]:
        perform(one, here)
    assert {file.name: file.read_bytes() for file in there.iterdir()} == {
        file.name: file.read_bytes() for file in here.iterdir()
    }


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scenes.rendering.crews.TIMEOUT", 0.5)


@pytest.mark.usefixtures("impatient")
def test_no_scheduler_is_one_sentence() -> None:
    with pytest.raises(RenderError, match=r"^no Dask scheduler answers at 127\.0\.0\.1:9: "):
        dask_crew("127.0.0.1:9")


@pytest.mark.usefixtures("impatient")
def test_an_address_that_is_none_is_one_sentence() -> None:
    with pytest.raises(RenderError, match=r"^no Dask scheduler answers at nowhere: "):
        dask_crew("nowhere")


def test_without_dask_it_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(RenderError, match=r"pip install \"backprop-manim\[dask\]\""):
        dask_crew("127.0.0.1:8786")

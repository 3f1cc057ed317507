"""Who renders: processes of this machine, or any executor, such as that of a Dask cluster."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import signal
import tempfile
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ProcessPoolExecutor
from pathlib import Path
from typing import Any, Self

from scenes.rendering.faults import RenderError
from scenes.rendering.jobs import Delivery, Job, Rendered, deliver, perform, receive

__all__ = ["Crew", "ExecutorCrew", "LocalCrew", "dask_crew"]

ORPHAN_CHECK = 2.0
REPORT_INTERVAL = 0.5
TIMEOUT = 10.0
"""So many seconds a Dask scheduler has to answer."""
METHOD = "spawn" if os.name == "nt" else "forkserver"


class Crew:
    """Renders jobs, `places` at a time; `losses` are the exceptions that mean a lost process."""

    places: int
    losses: tuple[type[BaseException], ...] = (BrokenExecutor, CancelledError)

    def submit(self, job: Job, folder: Path) -> Future[Any]:
        """Begin a job whose files shall come to stand in a folder."""
        raise NotImplementedError

    def take(self, future: Future[Any], folder: Path) -> Rendered:
        """Return what was made, or raise RenderError."""
        rendered: Rendered = future.result()
        return rendered

    def progress(self, jobs: Iterable[Job]) -> dict[str, float]:
        """Return how many seconds of film are drawn of jobs under way, where that is known."""
        return {}

    def renew(self) -> None:
        """Go on after processes were lost."""

    def dismiss(self) -> None:
        """Stop all work at once."""

    def leave(self) -> None:
        """End when all work is done."""
        self.dismiss()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *about: object) -> None:
        if kind is None:
            self.leave()
        else:
            self.dismiss()


class ExecutorCrew(Crew):
    """Renders on any `concurrent.futures.Executor`; files come back as bytes, no folder is shared."""

    def __init__(
        self,
        executor: Executor,
        places: int,
        losses: tuple[type[BaseException], ...] = (),
        close: Callable[[], None] | None = None,
    ) -> None:
        self.executor, self.places, self._close = executor, places, close
        self.losses = (*Crew.losses, *losses)
        self._begun: list[Future[Delivery]] = []

    def submit(self, job: Job, folder: Path) -> Future[Delivery]:
        """Begin a job; its files are returned."""
        future = self.executor.submit(deliver, job)
        self._begun.append(future)
        return future

    def take(self, future: Future[Any], folder: Path) -> Rendered:
        """Write the files that a job returned."""
        return receive(future.result(), folder)

    def dismiss(self) -> None:
        """Cancel what has not begun."""
        for future in self._begun:
            future.cancel()
        self.executor.shutdown(wait=False)
        if self._close is not None:
            self._close()


class LocalCrew(Crew):
    """Renders in processes of this machine, which write into the folder themselves."""

    def __init__(self, places: int) -> None:
        self.places = places
        self._progress = tempfile.TemporaryDirectory(prefix="backprop-progress-")
        self._context = multiprocessing.get_context(METHOD)
        if METHOD == "forkserver":
            self._context.set_forkserver_preload(["scenes.rendering.playing"])
        self._executor = self._new_executor()

    def _new_executor(self) -> ProcessPoolExecutor:
        return ProcessPoolExecutor(self.places, self._context, initializer=_prepare_worker)

    def submit(self, job: Job, folder: Path) -> Future[Rendered]:
        """Begin a job in a process."""
        return self._executor.submit(perform_here, job, folder, self._file(job))

    def _file(self, job: Job) -> Path:
        return Path(self._progress.name, job.name)

    def progress(self, jobs: Iterable[Job]) -> dict[str, float]:
        """Return how many seconds of film are drawn of jobs under way."""
        found = {}
        for job in jobs:
            with contextlib.suppress(OSError, ValueError):
                found[job.name] = float(self._file(job).read_text())
        return found

    def renew(self) -> None:
        """Go on with new processes."""
        self._kill()
        self._executor = self._new_executor()

    def leave(self) -> None:
        """Let the processes end."""
        self._executor.shutdown()
        self._progress.cleanup()

    def dismiss(self) -> None:
        """Kill the processes."""
        self._kill()
        self._progress.cleanup()

    def _kill(self) -> None:
        workers = list((self._executor._processes or {}).values())  # no public way before Python 3.14
        for worker in workers:
            worker.kill()
        # Its own thread has to see that they are gone, and give back what they shared.
        self._executor.shutdown(wait=True, cancel_futures=True)


def perform_here(job: Job, folder: Path, progress: Path) -> Rendered:
    """Perform a job, writing now and then to a file how far it is."""
    told = 0.0

    def report(seconds: float) -> None:
        nonlocal told
        if time.monotonic() - told > REPORT_INTERVAL:
            told = time.monotonic()
            with contextlib.suppress(OSError):
                progress.write_text(f"{seconds}")

    return perform(job, folder, report)


def _prepare_worker() -> None:
    """Leave Ctrl-C to the parent, and end with it."""
    from tqdm import tqdm

    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Manim's bars would take a semaphore of the system, which a killed process cannot give back.
    tqdm.set_lock(threading.RLock())
    if os.name != "nt":
        threading.Thread(target=_end_with_parent, args=(os.getppid(),), daemon=True).start()


def _end_with_parent(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(ORPHAN_CHECK)
    os._exit(1)


def dask_crew(address: str) -> ExecutorCrew:
    """Return the workers of a Dask cluster, by the address of its scheduler, such as host:8786.

    RenderError where Dask is missing or the scheduler does not answer.
    """
    try:
        from distributed import Client
        from distributed.scheduler import KilledWorker
    except ImportError:
        raise RenderError('Dask is not installed: run `pip install "backprop-manim[dask]"`') from None
    try:
        client = Client(f"tcp://{address}", timeout=TIMEOUT, set_as_default=False)
    except (OSError, ValueError) as error:
        said = " ".join(str(error).split())
        raise RenderError(f"no Dask scheduler answers at {address}: {said}") from None
    workers = sum(client.nthreads().values())
    if not workers:
        client.close()
        raise RenderError(
            f"the Dask scheduler at {address} has no workers; start some: dask worker {address}"
        )
    # A rendering changes Manim's configuration, which is one for a process: a worker renders one at a time.
    places = len(client.nthreads())
    return ExecutorCrew(client.get_executor(pure=False), places, (KilledWorker,), client.close)

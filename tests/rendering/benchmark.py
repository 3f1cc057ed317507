"""Measure `backprop render` beside plain Manim, in one run: python -m tests.rendering.benchmark

For a sample of lessons at 1080p60, or with --all for all of the first film: wall and CPU time of
`manim render -qh --disable_caching`, one lesson after another, and of `backprop render` on all cores; how
alike the pictures are, and how large the files.  Then a GIF, and the time to the first picture.
"""

from __future__ import annotations

import argparse
import ctypes
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from scenes.rendering.catalogue import FILMS, Listed, find_lessons, lessons
from tests.rendering.videos import frames, similarity

ROOT = Path(__file__).parent.parent.parent
SAMPLE = ("ForwardPass", "BiasEquations")
PR_SET_CHILD_SUBREAPER = 36
STEP = 20
"""Every so many frames two films are compared."""
QUIET = ("-v", "ERROR", "--progress_bar", "none")
GIF = "from sys import argv; from pathlib import Path; from scenes.rendering.gif import write_gif; "
GIF += "write_gif(*map(Path, argv[1:]))"


@dataclass(frozen=True)
class Cost:
    """What a program took: seconds on the clock, and of all processors."""

    wall: float
    cpu: float


@dataclass(frozen=True)
class Likeness:
    """How alike two films are: the mean and the least similarity, and the ratio of their sizes."""

    mean: float
    least: float
    size: float


def cost(*command: str) -> Cost:
    """Run a program and measure it with all its children."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    subprocess.run([sys.executable, *command], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    wall = time.perf_counter() - start
    adopt_until_all_ended()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Cost(wall, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)


def adopt() -> None:
    """Become the parent of processes whose own has ended, so that their time is counted (on Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def adopt_until_all_ended() -> None:
    """Wait for the processes that were left by those that have ended."""
    with suppress(ChildProcessError):
        while True:
            os.wait()


def manim(lesson: Listed, media: Path, *options: str) -> Cost:
    """Render a lesson with plain Manim."""
    place = ("--media_dir", str(media), f"scenes/{lesson.chapter}.py", lesson.name)
    return cost("-m", "manim", "render", *QUIET, *options, *place)


def compare(one: Path, other: Path) -> Likeness:
    """Compare a film with its reference, frame by frame."""
    pairs = islice(zip(frames(one), frames(other), strict=True), 0, None, STEP)
    found = [similarity(*pair) for pair in pairs]
    return Likeness(sum(found) / len(found), min(found), one.stat().st_size / other.stat().st_size)


def bench_films(chosen: Sequence[Listed], place: Path) -> list[str]:
    """Render lessons both ways; return the lines to print."""
    slow = [manim(lesson, place / "manim", "-qh", "--disable_caching") for lesson in chosen]
    names = [lesson.name for lesson in chosen]
    fast = cost("-m", "scenes", "render", *names, "--quality", "h", "--output", str(place / "ours"))
    again = cost("-m", "scenes", "render", *names, "--quality", "h", "--output", str(place / "ours"))
    wall, cpu = sum(one.wall for one in slow), sum(one.cpu for one in slow)
    lines = [
        f"{len(chosen)} lessons at 1080p60 on {os.cpu_count()} cores",
        f"  wall time   {fast.wall:7.1f} s of {wall:7.1f} s   {fast.wall / wall:5.2f}   (at most 0.40)",
        f"  CPU time    {fast.cpu:7.1f} s of {cpu:7.1f} s   {fast.cpu / cpu:5.2f}   (at most 0.60)",
        f"  unchanged   {again.wall:7.1f} s",
    ]
    for lesson in chosen:
        reference = next(
            video for video in (place / "manim").rglob(f"{lesson.name}.mp4") if "partial" not in str(video)
        )
        found = compare(place / "ours" / f"{lesson.name}.mp4", reference)
        lines.append(
            f"  {lesson.name}: SSIM {found.mean:.4f}, least {found.least:.4f} (at least 0.99), "
            f"size {found.size:.2f} (at most 1.50)"
        )
    return lines


def bench_gif(lesson: Listed, place: Path) -> list[str]:
    """Make a GIF both ways, ours of the film as it is rendered by default."""
    cost("-m", "scenes", "render", lesson.name, "--output", str(place / "ours"))
    size = ("-r", "800,450", "--fps", "15", "--format", "gif", "--disable_caching")
    slow = manim(lesson, place / "gif", *size)
    theirs = next((place / "gif").rglob("*.gif"))
    ours = place / f"{lesson.name}.gif"
    fast = cost("-c", GIF, str(place / "ours" / f"{lesson.name}.mp4"), str(ours))
    return [
        f"a GIF of {lesson.name}, 800 pixels wide, 15 frames a second",
        f"  wall time   {fast.wall:7.1f} s of {slow.wall:7.1f} s   {slow.wall / fast.wall:5.1f} times "
        "(at least 5)",
        f"  CPU time    {fast.cpu:7.1f} s of {slow.cpu:7.1f} s   {slow.cpu / fast.cpu:5.1f} times",
        f"  size        {ours.stat().st_size / 1e6:7.1f} MB of {theirs.stat().st_size / 1e6:5.1f} MB",
    ]


def bench_first_pictures(chosen: Sequence[Listed], place: Path) -> list[str]:
    """Render lessons with plain Manim twice; the second time nothing has changed."""
    lines = ["manim render -ql, nothing changed since the last time (under 3 s)"]
    for lesson in chosen:
        manim(lesson, place / "first", "-ql")
        kept = manim(lesson, place / "first", "-ql")
        lines.append(f"  {lesson.name}: {kept.wall:.1f} s, CPU time {kept.cpu:.1f} s")
    return lines


def main() -> int:
    """Read the command line, measure, and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("lesson", nargs="*", default=SAMPLE, help=f"by default {', '.join(SAMPLE)}")
    parser.add_argument("--all", action="store_true", help="all lessons of the first film")
    given = parser.parse_args()
    of_first = [lesson for lesson in lessons() if lesson.film == FILMS[0].name and not lesson.is_film]
    chosen = of_first if given.all else list(find_lessons(tuple(given.lesson)))
    adopt()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        place = Path(folder)
        print(*bench_first_pictures(chosen, place), sep="\n", flush=True)
        print(*bench_films(chosen, place), sep="\n", flush=True)
        print(*bench_gif(chosen[0], place), sep="\n", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())

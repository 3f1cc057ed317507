"""Render the pictures of the README: of every lesson a small looping GIF, or a still.

    python -m tools.gallery                        # all of them
    python -m tools.gallery TraceFinalLayer        # one

Each picture is cut out of the lesson by the names of its beats, so that it follows the lesson when that
changes.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tools.small_gif import read_frames, write_gif

ROOT = Path(__file__).parent.parent
PICTURES = ROOT / "media" / "readme"
WIDTH, RATE, COLOURS = 480, 8, 64
STILL_WIDTH = 640
LAST_FRAME = 0.2
"""A still is taken so many seconds before its beat ends."""


@dataclass(frozen=True)
class Excerpt:
    """The beats of a lesson that its picture shows: a loop from the first to the last, or a still."""

    chapter: str
    lesson: str
    first: str
    last: str = ""

    @property
    def file(self) -> Path:
        """Where the picture is kept."""
        return PICTURES / f"{self.lesson}.{'gif' if self.last else 'png'}"


EXCERPTS = (
    Excerpt("network_setup", "NetworkSetup", "opens", "activation"),
    Excerpt("network_setup", "IndexNotation", "place"),
    Excerpt("network_setup", "ForwardPass", "total"),
    Excerpt("path_tracing", "TraceFinalLayer", "total", "weight"),
    Excerpt("path_tracing", "TraceFinalLayerRest", "repeats"),
    Excerpt("path_tracing", "TraceHiddenLayer", "first", "second"),
    Excerpt("path_tracing", "TraceFirstLayer", "equation"),
    Excerpt("path_tracing", "TraceHiddenLayerRest", "repeats"),
    Excerpt("path_tracing", "TraceBias", "shared"),
    Excerpt("delta_factoring", "DeltaFactoring", "repeats", "below"),
    Excerpt("delta_recursion", "DeltaRecursion", "long", "one"),
    Excerpt("matrix_grouping", "GroupFinalLayer", "gather", "split"),
    Excerpt("matrix_grouping", "GroupHiddenLayer", "entry"),
    Excerpt("substitution", "WeightIsDerivative", "forward", "transpose"),
    Excerpt("substitution", "InputIsDerivative", "fill"),
    Excerpt("substitution", "ActivationAndLossDerivatives", "nodes"),
    Excerpt("network_equations", "NetworkEquations", "all"),
    Excerpt("general_equations", "GeneralEquations", "every"),
    Excerpt("general_equations", "BiasEquations", "beside"),
    Excerpt("general_equations", "FinalEquations", "check", "agree"),
)


def main() -> int:
    """Read the command line and make the pictures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    known = {excerpt.lesson: excerpt for excerpt in EXCERPTS}
    parser.add_argument("lesson", nargs="*", help="by default all")
    chosen = parser.parse_args().lesson or list(known)
    if unknown := [lesson for lesson in chosen if lesson not in known]:
        parser.error(f"{unknown[0]} has no picture; the lessons are {', '.join(known)}")
    for lesson in chosen:
        picture = make(known[lesson])
        print(f"{picture.relative_to(ROOT)}: {picture.stat().st_size / 1e6:.2f} MB", flush=True)
    return 0


def make(excerpt: Excerpt) -> Path:
    """Render a lesson and cut its picture out of it."""
    with tempfile.TemporaryDirectory() as media:
        video = render(excerpt, Path(media))
        start, end = extent(video, excerpt)
        PICTURES.mkdir(parents=True, exist_ok=True)
        if excerpt.last:
            frames = read_frames(video, WIDTH, RATE, start, end)
            write_gif(frames, excerpt.file, RATE, COLOURS)
        else:
            still = read_frames(video, STILL_WIDTH, RATE, end - LAST_FRAME, end)[0]
            still.quantize(COLOURS).save(excerpt.file, optimize=True)
    return excerpt.file


def render(excerpt: Excerpt, media: Path) -> Path:
    """Render a lesson with its sections and return its video."""
    quiet = ["-v", "WARNING", "--progress_bar", "none", "--save_sections", "--media_dir", str(media)]
    lesson = [f"scenes/{excerpt.chapter}.py", excerpt.lesson]
    subprocess.run([sys.executable, "-m", "manim", "render", "-qm", *quiet, *lesson], cwd=ROOT, check=True)
    return next(media.glob(f"videos/*/*/{excerpt.lesson}.mp4"))


def extent(video: Path, excerpt: Excerpt) -> tuple[float, float]:
    """Return from which second to which the beats of an excerpt last."""
    sections = json.loads((video.parent / "sections" / f"{excerpt.lesson}.json").read_text(encoding="utf-8"))
    names = [section["name"] for section in sections]
    ends, now = [], 0.0
    for section in sections:
        now += float(section["duration"])
        ends.append(now)
    last = len(names) - 1 - names[::-1].index(excerpt.last or excerpt.first)
    first = names.index(excerpt.first)
    return (ends[first - 1] if first else 0.0), ends[last]


if __name__ == "__main__":
    sys.exit(main())

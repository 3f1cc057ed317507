"""Render the pictures of the README: of every lesson a small looping GIF, or a still.

    python -m tools.gallery                        # all of them
    python -m tools.gallery TraceFinalLayer        # one
    python -m tools.gallery --table                # write the table of the README anew, no picture

Each picture is cut out of the lesson by the names of its beats, so that it follows the lesson when that
changes.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from manim import tempconfig
from PIL import Image

from scenes.settings import settings_from
from scenes.stage.lesson import Lesson
from tools.small_gif import common_palette, read_frames, write_gif

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
PICTURES = ROOT / "media" / "readme"
WIDTH, RATE, COLOURS = 480, 8, 64
STILL_WIDTH, STILL_COLOURS = 960, 192


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
    Excerpt("computational_graphs", "ExpressionGraph", "whole"),
    Excerpt("computational_graphs", "EdgeDerivatives", "local"),
    Excerpt("computational_graphs", "SumOverPaths", "numbers"),
    Excerpt("computational_graphs", "PathMerging", "growth"),
    Excerpt("sweeps", "ForwardMode", "meaning"),
    Excerpt("sweeps", "ReverseMode", "answer"),
    Excerpt("sweeps", "ForwardVersusReverse", "compare"),
    Excerpt("sweeps", "NetworkAsGraph", "weights"),
    Excerpt("circuits", "SimpleCircuit", "meaning"),
    Excerpt("circuits", "SigmoidNeuron", "chain", "replace"),
    Excerpt("circuits", "GatePatterns", "summary"),
    Excerpt("circuits", "GradientsAddAtForks", "rule"),
    Excerpt("circuits", "InputScale", "leap"),
    Excerpt("staged_code", "StagedBackpropagation", "done"),
    Excerpt("matrix_gradients", "MatrixMultiplyGradient", "turned", "right"),
    Excerpt("sensitivity", "SensitivityOfGates", "far", "near"),
    Excerpt("losses", "MeanSquaredError", "slope", "slide"),
    Excerpt("losses", "BinaryCrossEntropy", "spell", "cancel"),
    Excerpt("losses", "SoftmaxCrossEntropy", "chain", "cancel"),
    Excerpt("row_vectors", "RowVectorConvention", "deltas"),
    Excerpt("learning", "GradientDescentStep", "all", "after"),
    Excerpt("learning", "BatchAverage", "entries"),
    Excerpt("learning", "LossCurve", "first", "fall"),
)


BEGIN, END = "<!-- lessons: python -m tools.gallery --table -->\n", "<!-- end of the lessons -->\n"


def main() -> int:
    """Read the command line and make the pictures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    known = {excerpt.lesson: excerpt for excerpt in EXCERPTS}
    parser.add_argument("lesson", nargs="*", help="by default all")
    parser.add_argument("--table", action="store_true", help="write the table of the README anew")
    given = parser.parse_args()
    if given.table:
        README.write_text(with_table(README.read_text(encoding="utf-8")), encoding="utf-8")
        return 0
    chosen = given.lesson or list(known)
    if unknown := [lesson for lesson in chosen if lesson not in known]:
        parser.error(f"{unknown[0]} has no picture; the lessons are {', '.join(known)}")
    for lesson in chosen:
        picture = make(known[lesson])
        print(f"{picture.relative_to(ROOT)}: {picture.stat().st_size / 1e6:.2f} MB", flush=True)
    return 0


def with_table(readme: str) -> str:
    """Return the README with its table of lessons written anew."""
    before, rest = readme.split(BEGIN)
    return f"{before}{BEGIN}{table()}{END}{rest.split(END)[1]}"


def table() -> str:
    """Return the table of lessons: the picture, what the lesson shows, and how it is rendered."""
    lines = ["| | |", "|---|---|"]
    for excerpt in EXCERPTS:
        about = (inspect.getdoc(lesson_of(excerpt)) or "").splitlines()[0].replace("|", r"\|")
        picture = f"![{excerpt.lesson}]({excerpt.file.relative_to(ROOT).as_posix()})"
        command = f"`manim render -qm scenes/{excerpt.chapter}.py {excerpt.lesson}`"
        lines.append(f"| {picture} | **{excerpt.lesson}**<br>{about}<br>{command} |")
    return "\n".join(lines) + "\n"


def lesson_of(excerpt: Excerpt) -> type[Lesson]:
    """Return the class of a lesson."""
    found: type[Lesson] = getattr(importlib.import_module(f"scenes.{excerpt.chapter}"), excerpt.lesson)
    return found


def make(excerpt: Excerpt) -> Path:
    """Make the picture of a lesson."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as media:
        if excerpt.last:
            video = render(excerpt, Path(media))
            frames = read_frames(video, WIDTH, RATE, *extent(video, excerpt))
            write_gif(frames, excerpt.file, RATE, COLOURS)
        else:
            image = still(excerpt, Path(media))
            smaller = image.convert("RGB").resize((STILL_WIDTH, STILL_WIDTH * image.height // image.width))
            indexed = smaller.quantize(
                palette=common_palette([smaller], STILL_COLOURS), dither=Image.Dither.NONE
            )
            indexed.save(excerpt.file, optimize=True)
    return excerpt.file


def still(excerpt: Excerpt, media: Path) -> Image.Image:
    """Return the picture at the end of a beat, the last one of its name; no film is rendered."""
    taken: list[Image.Image] = []

    def beat_ended(self: Any, name: str) -> None:
        if name == excerpt.first:
            self.renderer.update_frame(self)
            taken.append(self.camera.get_image().copy())

    quiet = {"dry_run": True, "media_dir": str(media), "verbosity": "ERROR", "progress_bar": "none"}
    with tempconfig({**quiet, "quality": "high_quality", "disable_caching": True}):
        posing = type(excerpt.lesson, (lesson_of(excerpt),), {"beat_ended": beat_ended})
        posing(settings=settings_from({}), skip_animations=True).render()
    if not taken:
        raise ValueError(f"{excerpt.lesson} has no beat {excerpt.first}")
    return taken[-1]


def render(excerpt: Excerpt, media: Path) -> Path:
    """Render a lesson with its sections and return its video."""
    quiet = ["-v", "WARNING", "--progress_bar", "none", "--save_sections", "--media_dir", str(media)]
    lesson = [f"scenes/{excerpt.chapter}.py", excerpt.lesson]
    subprocess.run([sys.executable, "-m", "manim", "render", "-ql", *quiet, *lesson], cwd=ROOT, check=True)
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

"""Every lesson there is, and how to run one without writing a frame."""

from __future__ import annotations

import importlib
import inspect
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

from manim import CairoRenderer, tempconfig

import scenes
from scenes.settings import Settings, settings_from
from scenes.stage.lesson import LEAST_HOLD, Beat, Lesson
from tests.scenes.drawn import Drawn, recorded, unfounded
from tests.stage.audit import faults

CHAPTERS = Path(scenes.__file__).parent
NETWORKS: dict[str, dict[str, Any]] = {
    "example": {},
    "2-2-2": {"network": {"sizes": [2, 2, 2]}},
    "3-4-2": {"network": {"sizes": [3, 4, 2]}},
    "2-3-3-1": {"network": {"sizes": [2, 3, 3, 1], "activation": "tanh"}},
    "1-1-1": {"network": {"sizes": [1, 1, 1], "activation": "softplus", "loss": "mean_squared_error"}},
    "4-5-3-2": {"network": {"sizes": [4, 5, 3, 2], "activation": ["relu", "identity", "leaky_relu"]}},
    "softmax": {"network": {"sizes": [2, 3, 2], "loss": "softmax_cross_entropy"}},
    "cross-entropy": {"network": {"sizes": [2, 2], "loss": "binary_cross_entropy"}},
    "wide": {"network": {"sizes": [784, 30, 10], "loss": "softmax_cross_entropy"}},
    "deep": {"network": {"sizes": [2, 2, 2, 2, 2], "activation": "relu"}},
}


def all_lessons() -> list[type[Lesson]]:
    """Return every lesson of every chapter, found by looking."""
    found: list[type[Lesson]] = []
    for file in sorted(CHAPTERS.glob("*.py")):
        module = importlib.import_module(f"scenes.{file.stem}")
        members = [member for _, member in inspect.getmembers(module, inspect.isclass)]
        found += [m for m in members if issubclass(m, Lesson) and m.__module__ == module.__name__]
    return found


@dataclass(frozen=True)
class Performance:
    """A lesson that was run to its end, what it drew, and what was wrong with its stills."""

    lesson: Any
    drawn: Drawn
    faults: tuple[str, ...]

    def check(self) -> None:
        """Assert what holds for every lesson in every case.

        Its stills are in order, nothing was typed by hand, every beat can be read, and nothing moves
        outside of a beat.
        """
        beats: list[Beat] = self.lesson.beats
        assert self.faults == ()
        assert self.drawn.formulas
        assert unfounded(self.lesson, self.drawn) == []
        assert len(beats) >= 5
        assert beats[0].start == 0
        for before, after in pairwise(beats):
            assert before.end == after.start
        for beat in beats:
            assert beat.end - beat.start >= max(LEAST_HOLD, beat.caption.reading_time) - 0.1

    @property
    def texts(self) -> set[str]:
        """The formulas that were drawn, as text."""
        return {formula.to_text() for formula in self.drawn.formulas if hasattr(formula, "to_text")}


class Unseen(CairoRenderer):
    """A renderer that draws nothing: even for plays that are skipped Manim draws a frame or two."""

    def update_frame(self, *args: Any, **kwargs: Any) -> None:
        """Leave the frame as it is."""

    def save_static_frame_data(self, *args: Any) -> None:
        """Keep no picture of what stands still."""


def perform(lesson: type[Lesson], settings: Settings | dict[str, Any], media: Path) -> Performance:
    """Run a lesson to its end without writing a frame, and look at it after each beat."""
    found: list[str] = []

    def beat_ended(self: Lesson, name: str) -> None:
        found.extend(f"{name}: {fault}" for fault in faults(self))

    audited = type(lesson.__name__, (lesson,), {"beat_ended": beat_ended})
    chosen = settings if isinstance(settings, Settings) else settings_from(settings)
    # A folder of its own: two processes that compile the same formula into one folder disturb each other.
    quiet = {"dry_run": True, "media_dir": str(media), "verbosity": "ERROR", "progress_bar": "none"}
    with tempconfig({**quiet, "quality": "low_quality", "disable_caching": True}), recorded() as drawn:
        scene = audited(renderer=Unseen(skip_animations=True), settings=chosen, skip_animations=True)
        scene.render()
    return Performance(scene, drawn, tuple(found))


def in_turn(lessons: Sequence[type[Lesson]], cases: Mapping[str, Any]) -> list[tuple[type[Lesson], str]]:
    """Return for every lesson the first case and two more, in turn: all are tried on many lessons.

    ALL_CASES=1 in the environment asks for every lesson in every case.
    """
    first, *others = cases
    if os.environ.get("ALL_CASES"):
        return [(lesson, name) for lesson in lessons for name in cases]
    chosen = [(lesson, first) for lesson in lessons]
    for number, lesson in enumerate(lessons):
        chosen += [(lesson, others[(2 * number + step) % len(others)]) for step in (0, 1)]
    return chosen


def some(cases: Mapping[str, Any], count: int) -> list[str]:
    """Return the first cases of one lesson; all of them with ALL_CASES=1."""
    return list(cases) if os.environ.get("ALL_CASES") else list(cases)[:count]


def named(value: type | str) -> str:
    """Return what a test is called by."""
    return value if isinstance(value, str) else value.__name__

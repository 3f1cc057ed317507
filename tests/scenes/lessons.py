"""Every lesson there is, and how to run one without writing a frame."""

from __future__ import annotations

import importlib
import inspect
from pathlib import Path
from typing import Any

from manim import tempconfig

import scenes
from scenes.settings import Settings, settings_from
from scenes.stage.lesson import Lesson
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


def perform(
    lesson: type[Lesson], settings: Settings | dict[str, Any], media: Path
) -> tuple[Lesson, list[str]]:
    """Run a lesson to its end without writing a frame; return it with the faults found after each beat."""
    found: list[str] = []

    def beat_ended(self: Lesson, name: str) -> None:
        found.extend(f"{name}: {fault}" for fault in faults(self))

    audited = type(lesson.__name__, (lesson,), {"beat_ended": beat_ended})
    chosen = settings if isinstance(settings, Settings) else settings_from(settings)
    # A folder of its own: two processes that compile the same formula into one folder disturb each other.
    quiet = {"dry_run": True, "media_dir": str(media), "verbosity": "ERROR", "progress_bar": "none"}
    with tempconfig({**quiet, "quality": "low_quality", "disable_caching": True}):
        scene = audited(settings=chosen, skip_animations=True)
        scene.render()
    return scene, found

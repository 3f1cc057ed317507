"""Plain `manim render` finds again what it has rendered, also in another process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from manim import CairoRenderer, Camera, tempconfig

from scenes.network_setup import IndexNotation
from scenes.settings import settings_from
from scenes.stage.skipping import SkippingRenderer
from scenes.sweeps import ForwardMode

ROOT = Path(__file__).parent.parent.parent
PROGRAM = """
import sys
from manim import tempconfig
from manim.scene.scene_file_writer import SceneFileWriter
from scenes.network_setup import IndexNotation
from scenes.settings import settings_from

SceneFileWriter.is_already_cached = lambda self, name: True  # so nothing is drawn
SceneFileWriter.finish = lambda self: None
quiet = {"media_dir": sys.argv[1], "verbosity": "ERROR", "progress_bar": "none", "quality": "low_quality"}
with tempconfig(quiet):
    scene = IndexNotation(settings=settings_from({"pace": 4.0}))
    scene.render()
print(*scene.renderer.animations_hashes)
"""


def test_names_of_clips_are_the_same_in_every_process(tmp_path: Path) -> None:
    def names(seed: str) -> list[str]:
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)}
        run = [sys.executable, "-c", PROGRAM, str(tmp_path)]
        done = subprocess.run(run, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
        return done.stdout.split()

    first = names("1")
    assert len(first) > 10
    assert names("2") == first


def test_what_is_skipped_is_not_drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []
    capture = Camera.capture_mobjects

    def capturing(self: Camera, *args: Any, **kwargs: Any) -> None:
        drawn.append(1)
        capture(self, *args, **kwargs)

    monkeypatch.setattr(Camera, "capture_mobjects", capturing)
    quiet = {"media_dir": str(tmp_path), "verbosity": "ERROR", "progress_bar": "none", "dry_run": True}
    with tempconfig({**quiet, "quality": "low_quality", "disable_caching": True}):
        lesson = IndexNotation(settings=settings_from({}), skip_animations=True)
        lesson.render()
        assert drawn == []
        renderer: Any = lesson.renderer
        renderer.update_frame(lesson)
    assert drawn == [1]
    assert renderer.get_frame()[..., :3].max() > 200  # the last picture is there


def test_what_is_played_is_drawn_as_ever(tmp_path: Path) -> None:
    quiet = {"media_dir": str(tmp_path), "verbosity": "ERROR", "progress_bar": "none", "dry_run": True}
    with tempconfig({**quiet, "quality": "low_quality", "frame_rate": 2, "disable_caching": True}):
        pictures = []
        for renderer in (None, CairoRenderer()):
            lesson = ForwardMode(settings=settings_from({"pace": 4.0}), renderer=renderer)
            lesson.render()
            pictures.append(lesson.renderer.get_frame())
    assert isinstance(lesson.renderer, CairoRenderer) and not isinstance(lesson.renderer, SkippingRenderer)
    np.testing.assert_array_equal(pictures[0], pictures[1])

"""Plain `manim render` finds again what it has rendered, also in another process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

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

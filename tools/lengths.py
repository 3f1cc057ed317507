"""Measure how long every lesson is, and write it to the catalogue's table; run after a change of lessons.

python -m tools.lengths                        # all of them
python -m tools.lengths TraceFinalLayer        # one
"""

from __future__ import annotations

import sys
import tempfile
import tomllib
from typing import Any

from manim import tempconfig

from scenes.rendering.catalogue import LENGTHS, Listed, find_lessons, lesson_class, lessons
from scenes.settings import settings_from


def main(names: list[str]) -> int:
    """Measure the lessons named, or all."""
    table = tomllib.loads(LENGTHS.read_text(encoding="utf-8")) if LENGTHS.is_file() else {}
    for lesson in find_lessons(tuple(names)) if names else lessons():
        table[lesson.name] = length_of(lesson)
        print(f"{lesson.name}: {table[lesson.name]} s", flush=True)
        write(table)
    return 0


def write(table: dict[str, float]) -> None:
    """Write the table, of the lessons that there are."""
    rows = [f"{lesson.name} = {table[lesson.name]}" for lesson in lessons() if lesson.name in table]
    head = "# How many seconds each lesson lasts with the settings of the example: python -m tools.lengths"
    LENGTHS.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")


def length_of(lesson: Listed) -> float:
    """Return the seconds that a lesson lasts, by its own clock, to a tenth."""
    with tempfile.TemporaryDirectory() as media:
        quiet = {"dry_run": True, "media_dir": media, "verbosity": "ERROR", "progress_bar": "none"}
        with tempconfig({**quiet, "quality": "low_quality", "disable_caching": True}):
            scene: Any = lesson_class(lesson)(settings=settings_from({}), skip_animations=True)
            scene.render()
    return round(float(scene.time), 1)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

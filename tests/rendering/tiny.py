"""Lessons of a few frames, one for each thing that can happen to a render."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path
from typing import Any, ClassVar

from manim import BLUE, LEFT, RED, RIGHT, UP, Circle, Create, FadeIn, FadeOut, Square, Transform, config

from scenes.rendering.catalogue import Listed
from scenes.rendering.jobs import Job
from scenes.stage.captions import Caption
from scenes.stage.film import Film, Part
from scenes.stage.lesson import Lesson

SETTINGS: dict[str, Any] = {"captions": "file"}


def listed(name: str, is_film: bool = False) -> Listed:
    """Return one of these lessons as the catalogue would have it."""
    return Listed(name, "tests.rendering.tiny", "Tests", "A few frames.", (), 1.0, is_film)


def job(name: str = "Tiny", **options: Any) -> Job:
    """Return the job to render one of these lessons small."""
    return Job(listed(name), SETTINGS, **{"quality": "l", **options})


class Wordless(Lesson):
    """A lesson whose words are not in the catalogue."""

    def setup(self) -> None:
        """Say what the title would say."""
        super().setup()
        self.chapter_words = self.step_words = self.translated("title")

    def words(self, key: str, **words: Any) -> Caption:
        """Return the same short sentence for all."""
        return Caption(key, f"This is {key}.", "en")

    def translated(self, key: str, **words: Any) -> dict[str, str]:
        """Return it in all languages."""
        return dict.fromkeys(("en", "zh"), f"This is {key}.")


class Tiny(Wordless):
    """Two beats: shapes come, move, change and go."""

    def construct(self) -> None:
        """Play them."""
        circle, square = Circle(color=RED, fill_opacity=0.5), Square(color=BLUE).shift(2 * RIGHT)
        with self.beat("come"):
            self.play(Create(circle), FadeIn(square), run_time=0.4)
        with self.beat("change"):
            self.play(circle.animate.shift(LEFT), square.animate.rotate(1).set_z_index(-1), run_time=0.4)
            self.play(Transform(circle, Square().shift(UP)), FadeOut(square), run_time=0.4)


class Other(Tiny):
    """The same once more."""


class Failing(Wordless):
    """A lesson that cannot be played."""

    def construct(self) -> None:
        """Begin, and fail."""
        self.wait(0.2)
        raise ValueError("this lesson cannot be played")


class KilledOnce(Tiny):
    """A lesson whose process is killed the first time."""

    def construct(self) -> None:
        """Begin; go on only the second time."""
        self.wait(0.2)
        mark = Path(config.media_dir).parent / "killed"
        if not mark.exists():
            mark.touch()
            os.kill(os.getpid(), signal.SIGKILL)
        super().construct()


class KilledAlways(Wordless):
    """A lesson whose process is killed every time."""

    def construct(self) -> None:
        """Begin, and be killed."""
        self.wait(0.2)
        os.kill(os.getpid(), signal.SIGKILL)


class Slow(Tiny):
    """A lesson that is under way for a while, and tells by a file that it is."""

    def construct(self) -> None:
        """Say so, then go on until the file is taken away, a minute at most."""
        self.wait(0.2)
        mark = Path(config.media_dir) / "under_way"
        mark.touch()
        for _ in range(600):
            time.sleep(0.1)
            if not mark.exists():
                break
        super().construct()


class TinyFilm(Film):
    """Two lessons in one film."""

    parts: ClassVar[tuple[Part, ...]] = (
        Part(Tiny, frozenset({"come"})),
        Part(Other, frozenset({"come", "change"})),
    )

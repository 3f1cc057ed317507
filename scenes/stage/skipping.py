"""A renderer that draws nothing for plays that are skipped, such as those whose clips Manim has kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from manim import CairoRenderer, Mobject, Scene, VMobject
from manim.typing import PixelArray


class SkippingRenderer(CairoRenderer):
    """Manim's renderer, which draws two frames of each skipped play that nobody sees; this one none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._plays = False
        # A camera keeps how it draws when it first does, and Manim names clips by all that it keeps.
        self.camera.type_or_raise(VMobject())

    def play(self, scene: Scene, *args: Any, **kwargs: Any) -> None:
        """Play, or skip, an animation; one whose clip is kept takes as long as its clip."""
        self._plays, start = True, self.time
        try:
            super().play(scene, *args, **kwargs)
        finally:
            self._plays = False
        clips = self.file_writer.partial_movie_files
        if self.skip_animations and clips and clips[-1] is not None:
            # Manim adds the duration that was asked for, and subtitles would run ahead of the film.
            self.time = start + frames_of(scene, self.camera.frame_rate) / self.camera.frame_rate

    def update_frame(self, *args: Any, **kwargs: Any) -> None:
        """Draw a frame, unless it is one of a play that is skipped: who asks between plays gets it."""
        if not (self._plays and self.skip_animations):
            super().update_frame(*args, **kwargs)

    def save_static_frame_data(self, scene: Scene, static_mobjects: Iterable[Mobject]) -> PixelArray | None:
        """Keep a picture of what stands still, where anything is drawn at all."""
        if not self.skip_animations:
            return super().save_static_frame_data(scene, static_mobjects)
        self.static_image = None
        return None


def frames_of(scene: Scene, rate: float) -> int:
    """Return how many frames Manim makes of the play that a scene is at."""
    duration = float(scene.duration)
    if scene.is_current_animation_frozen_frame():
        return int(duration / (1 / rate))
    return len(np.arange(0, duration, 1 / rate))

"""A renderer that draws nothing for plays that are skipped, such as those whose clips Manim has kept."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from manim import CairoRenderer, Mobject, Scene
from manim.typing import PixelArray


class SkippingRenderer(CairoRenderer):
    """Manim's renderer, which draws two frames of each skipped play that nobody sees; this one none."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._plays = False

    def play(self, scene: Scene, *args: Any, **kwargs: Any) -> None:
        """Play, or skip, an animation."""
        self._plays = True
        try:
            super().play(scene, *args, **kwargs)
        finally:
            self._plays = False

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

"""A renderer for Manim's scenes that draws only what changes, and hands pictures on without copies.

It does what `CairoRenderer` does, play by play; the methods replaced here are those of Manim 0.22 that
prepare and deliver frames, and the numbers of frames are Manim's own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, cast

from manim import CairoRenderer, Mobject, Scene

from scenes.rendering.camera import Shown, ThriftyCamera
from scenes.rendering.planes import Pixels


class ThriftyRenderer(CairoRenderer):
    """A renderer with a `ThriftyCamera`, for a file writer that takes pictures (`take_picture`).

    `report` is told the seconds drawn so far.
    """

    camera: ThriftyCamera

    def __init__(self, report: Callable[[float], None] | None = None, **kwargs: Any) -> None:
        super().__init__(camera_class=ThriftyCamera, **kwargs)
        self._report = report
        self._standing: list[Shown] = []

    def save_static_frame_data(self, scene: Scene, static_mobjects: Iterable[Mobject]) -> None:
        """Remember what stands still during a play."""
        self.static_image = None
        self.camera.forget()
        self._standing = [] if self.skip_animations else self.camera.show(in_order(static_mobjects))

    def update_frame(
        self,
        scene: Scene,
        mobjects: Iterable[Mobject] | None = None,
        include_submobjects: bool = True,
        ignore_skipping: bool = True,
        **kwargs: Any,
    ) -> None:
        """Draw the frame: what stands still, and over it what moves, or all there is."""
        if self.skip_animations and not ignore_skipping:
            return
        if mobjects is None:
            self.camera.take(self.camera.show(in_order(scene.mobjects)))
        else:
            self.camera.take([*self._standing, *self.camera.show(in_order(mobjects))])

    def render(self, scene: Scene, time: float, moving_mobjects: Iterable[Mobject] | None = None) -> None:
        """Draw a frame and hand it on."""
        if self.skip_animations:
            return
        self.update_frame(scene, moving_mobjects)
        self._hand_on(1)

    def freeze_current_frame(self, duration: float) -> None:
        """Hand on the frame as often as a duration asks for."""
        self._hand_on(int(duration / (1 / self.camera.frame_rate)))

    def _hand_on(self, times: int) -> None:
        if self.skip_animations or not times:
            return
        self.time += times / self.camera.frame_rate
        self.file_writer.take_picture(cast(Pixels, self.camera.pixel_array), self.camera.changed, times)
        if self._report is not None:
            self._report(self.time)


def in_order(mobjects: Iterable[Mobject]) -> list[Mobject]:
    """Return all members of mobjects' families that have points, as Manim orders them for drawing."""
    seen: set[int] = set()
    found: list[Mobject] = []

    # Manim lists every family and keeps the last of each mobject: backwards, that is the first.
    def visit(mobject: Mobject) -> None:
        if id(mobject) in seen:
            return
        for part in reversed(mobject.submobjects):
            visit(part)
        seen.add(id(mobject))
        if len(mobject.points):
            found.append(mobject)

    for mobject in reversed(list(mobjects)):
        visit(mobject)
    found.reverse()
    return sorted(found, key=lambda mobject: mobject.z_index)

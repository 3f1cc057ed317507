"""The lessons of a film, each rendered by itself, as they are played in the film."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from manim import CairoRenderer, Scene, tempconfig

from scenes.rendering.renderer import ThriftyRenderer
from scenes.rendering.writer import OneFileWriter
from scenes.settings import Settings
from scenes.stage.film import Film, OneFilm, Part, leave, map_at_rest
from scenes.stage.lesson import Lesson
from scenes.stage.network_map import NetworkMap


class FilmRenderer(ThriftyRenderer, OneFilm):
    """A renderer for all lessons of a film, that draws only what changes."""


class PartOfFilm(Film):
    """One lesson of a film as it is played there, on the map that the one before leaves; or all of them."""

    def __init__(
        self,
        kind: type[Film],
        part: int | None,
        settings: Settings,
        report: Callable[[float], None] | None = None,
    ) -> None:
        renderer = FilmRenderer(file_writer_class=OneFileWriter, report=report)
        Scene.__init__(self, cast(CairoRenderer, renderer))
        self.kind, self.settings, self.beats = kind, settings, []
        self.played: list[Lesson] = []
        self.parts = kind.parts if part is None else kind.parts[part : part + 1]  # type: ignore[misc]
        self._before = kind.parts[part - 1] if part else None

    def construct(self) -> None:
        """Play the lessons, from the map that stands before the first."""
        standing = None if self._before is None else left_by(self._before, self.settings)
        for part in self.parts:
            lesson = self.prepared(part)
            if standing is not None:
                lesson.take_over(standing)
            lesson.construct()
            self.beats += lesson.beats
            self.played.append(lesson)
            standing = map_at_rest(lesson)
            leave(lesson, standing)


def left_by(part: Part, settings: Settings) -> NetworkMap | None:
    """Return the map that a lesson leaves standing, found by playing it without drawing."""
    with tempconfig({"dry_run": True}):
        lesson: Any = part.lesson(settings=settings, skip_animations=True)
        lesson.spoken = part.told
        lesson.render()
    return map_at_rest(lesson)

"""A film: lessons one after the other in one video, each told as fully as the film has time for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, cast

import numpy as np
from manim import CairoRenderer, FadeOut, Mobject, Scene

from bpmath.symbols import E
from scenes.settings import Settings
from scenes.stage.captions import LANGUAGES, catalogue, translations
from scenes.stage.layout import CHAPTER_CHANGE
from scenes.stage.lesson import Beat, Lesson, settings_of_the_user
from scenes.stage.network_map import NetworkMap
from scenes.stage.recalling import RecallingRenderer, show_again


@dataclass(frozen=True)
class Part:
    """A lesson in a film: the beats that are told with their words; the others go by quickly.

    The first beat has its words in any case.
    """

    lesson: type[Lesson]
    told: frozenset[str]


class OneFilm(RecallingRenderer):
    """A renderer that goes on with the film it has begun when the next lesson takes the stage."""

    def init_scene(self, scene: Scene, *args: Any, **kwargs: Any) -> None:
        """Open the film for the first scene only: a lesson that joins must not begin a new file."""
        if not hasattr(self, "file_writer"):
            super().init_scene(scene, *args, **kwargs)
            self._film = scene

    def recall(self, scene: Scene, settings: Settings) -> None:
        """Recall the names of all clips of the film before the first."""
        if not self.num_plays:
            super().recall(self._film, settings)


class Film(Scene):
    """A scene that plays `parts`, lessons with their own titles, as one film with their beats as sections.

    Settings are those of the user's file by default, the same for all lessons.
    """

    parts: ClassVar[tuple[Part, ...]]

    def __init__(
        self, settings: Settings | None = None, skip_animations: bool = False, **kwargs: Any
    ) -> None:
        renderer = OneFilm(skip_animations=skip_animations)
        super().__init__(renderer, skip_animations=skip_animations, **kwargs)
        self.settings = settings or settings_of_the_user()
        self.beats: list[Beat] = []

    def render(self, preview: bool = False) -> bool:
        """Render the film, or show it again where Manim's command finds that it has not changed."""
        return not show_again(self, self.settings, preview) and super().render(preview)

    def construct(self) -> None:
        """Play lesson after lesson; a map that both show stays where it is."""
        standing: NetworkMap | None = None
        for part in self.parts:
            lesson = self.prepared(part)
            if standing is not None:
                lesson.take_over(standing)
            lesson.construct()
            self.beats += lesson.beats
            standing = map_at_rest(lesson)
            leave(lesson, standing)

    def prepared(self, part: Part) -> Lesson:
        """Return a lesson of the film, ready to be played."""
        lesson = self.lesson(part.lesson)
        lesson.spoken = part.told
        lesson.setup()
        return lesson

    def lesson(self, kind: type[Lesson]) -> Lesson:
        """Return a new lesson that draws into this film."""
        return kind(renderer=cast(CairoRenderer, self.renderer), settings=self.settings)


def map_at_rest(lesson: Lesson) -> NetworkMap | None:
    """Return the map of a lesson where it is shown whole and in its place: the next may go on with it."""
    drawn = getattr(lesson, "map", None)
    if not isinstance(drawn, NetworkMap) or drawn not in lesson.mobjects:
        return None
    centres = drawn.plan.centres
    ends = (E, drawn.symbols("x")[0])
    in_place = (np.allclose(drawn.node(end).circle.get_center(), centres[end]) for end in ends)
    return drawn if all(in_place) else None


def leave(lesson: Lesson, standing: NetworkMap | None) -> None:
    """Fade out what a lesson leaves behind, but for the map that stays."""
    leaving: Iterable[Mobject] = [mobject for mobject in lesson.mobjects if mobject is not standing]
    lesson.play(FadeOut(*leaving, run_time=CHAPTER_CHANGE))


def title_of(film: type[Film], key: str, notation: str) -> dict[str, str]:
    """Return the title ("title") of a film, or what stands behind it ("step"), by language.

    A film that the catalogue does not know is called by its class.
    """
    known = all(key in catalogue(language).get(film.__name__, {}) for language in LANGUAGES)
    if known:
        return dict(translations(film.__name__, key, notation))
    return dict.fromkeys(LANGUAGES, film.__name__ if key == "title" else "")

"""The film of the whole derivation: every lesson once, in the order of the story, in order at every beat."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from unittest import mock

import pytest
from manim import RIGHT, tempconfig

from scenes.full_derivation import FullDerivation
from scenes.settings import settings_from
from scenes.stage.film import Film, OneFilm, Part, map_at_rest
from scenes.stage.lesson import LEAST_HOLD, Lesson
from scenes.stage.network_map import NetworkMap
from tests.scenes.lessons import Unseen, all_lessons
from tests.stage.audit import faults

CHAPTERS = (
    *("network_setup", "path_tracing", "delta_factoring", "delta_recursion", "matrix_grouping"),
    *("substitution", "network_equations", "general_equations"),
)
SHORTEST, LONGEST = 6 * 60, 9 * 60
QUICK = 4.0


class AuditedFilm(FullDerivation):
    """The film, looked at after every beat."""

    def lesson(self, kind: type[Lesson]) -> Lesson:
        """Return the lesson with an audit at the end of its beats."""
        self.faults: list[str] = getattr(self, "faults", [])
        self.sections: list[str] = getattr(self, "sections", [])

        def next_section(lesson: Lesson, name: str) -> None:
            self.sections.append(name)

        def beat_ended(lesson: Lesson, name: str) -> None:
            self.faults.extend(f"{kind.__name__}.{name}: {fault}" for fault in faults(lesson))

        return super().lesson(
            type(kind.__name__, (kind,), {"beat_ended": beat_ended, "next_section": next_section})
        )


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> AuditedFilm:
    """The whole film on the example, without a frame."""
    media = str(tmp_path_factory.mktemp("media"))
    quiet = {"dry_run": True, "media_dir": media, "verbosity": "ERROR", "progress_bar": "none"}
    unseen = {name: getattr(Unseen, name) for name in ("update_frame", "save_static_frame_data")}
    with (
        tempconfig({**quiet, "quality": "low_quality", "disable_caching": True}),
        mock.patch.multiple(OneFilm, **unseen),
    ):
        film = AuditedFilm(settings=settings_from({}), skip_animations=True)
        film.render()
    return film


def test_every_lesson_has_its_part() -> None:
    told = [part.lesson for part in FullDerivation.parts]
    assert len(told) == len(set(told))
    assert set(told) == {m for m in all_lessons() if m.__module__.removeprefix("scenes.") in CHAPTERS}


def test_every_still_is_in_order(film: AuditedFilm) -> None:
    assert film.faults == []


def test_it_lasts_as_long_as_a_film_may(film: AuditedFilm) -> None:
    assert SHORTEST <= film.time <= LONGEST


def test_the_beats_that_are_told_exist(film: AuditedFilm) -> None:
    played = {(beat.lesson, beat.name) for beat in film.beats}
    assert {(part.lesson.__name__, name) for part in film.parts for name in part.told} <= played


def test_the_beats_that_are_told_can_be_read_and_the_others_are_quick(film: AuditedFilm) -> None:
    for beat in film.beats:
        length = beat.end - beat.start
        if beat.told:
            assert length >= max(LEAST_HOLD, beat.caption.reading_time) - 0.1
        else:
            assert length < QUICK


def test_every_beat_is_a_section(film: AuditedFilm) -> None:
    assert film.sections == [f"{beat.lesson}.{beat.name}" for beat in film.beats]


def test_the_subtitles_are_what_is_told(film: AuditedFilm) -> None:
    subtitles = film.renderer.file_writer.subcaptions
    assert [subtitle.content for subtitle in subtitles] == [b.caption.text for b in film.beats if b.told]
    for before, after in pairwise(subtitles):
        assert 0 <= (after.start - before.end).total_seconds() < 1.0


def test_no_lesson_begins_a_file_of_its_own(film: AuditedFilm) -> None:
    assert film.renderer.file_writer.output_name.name == "AuditedFilm"


class WithMap(Lesson):
    """A lesson that has a map, and nothing else."""

    map: NetworkMap


def test_a_map_that_was_moved_does_not_stay(tmp_path: Path) -> None:
    with tempconfig({"dry_run": True, "media_dir": str(tmp_path), "verbosity": "ERROR"}):
        lesson = WithMap(settings=settings_from({}))
        lesson.setup()
        assert map_at_rest(lesson) is None  # not made
        drawn = lesson.map = lesson.network_map()
        assert map_at_rest(lesson) is None  # not shown
        lesson.add(drawn)
        assert map_at_rest(lesson) is drawn
        drawn.shift(RIGHT)
        assert map_at_rest(lesson) is None


def test_a_film_knows_its_parts() -> None:
    assert issubclass(FullDerivation, Film)
    assert all(isinstance(part, Part) for part in FullDerivation.parts)

"""The parts of a film, rendered each by itself and joined, are the film."""

from __future__ import annotations

import json
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import pytest
import srt

from scenes.full_derivation import FullDerivation
from scenes.rendering.catalogue import find_lessons
from scenes.rendering.crews import LocalCrew
from scenes.rendering.faults import RenderError
from scenes.rendering.jobs import Job, perform
from scenes.rendering.joining import join
from scenes.rendering.pool import Outcome
from scenes.rendering.records import LessonRecord
from scenes.rendering.rendering import PARTS, complete, parts_of, plan
from scenes.stage.captions import LANGUAGES
from scenes.stage.film import title_of
from tests.rendering.test_pool import Watched
from tests.rendering.tiny import SETTINGS, listed
from tests.rendering.videos import frames, similarity, times

FILM = Job(listed("TinyFilm", is_film=True), SETTINGS, "l")
SECTIONS = ["Tiny.come", "Tiny.change", "Other.come", "Other.change"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the film, rendered part by part."""
    place = tmp_path_factory.mktemp("lessons")
    wanted = plan([FILM.lesson], SETTINGS, "l", "mp4", place)
    with LocalCrew(2) as crew:
        outcome = wanted.render(crew, Watched())
    assert outcome.failed == {}
    assert complete(wanted, outcome) == {}
    return place


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the film, rendered in one go."""
    place = tmp_path_factory.mktemp("whole")
    perform(FILM, place)
    return place


def test_a_film_is_planned_in_parts(tmp_path: Path) -> None:
    (film,) = find_lessons(("FullDerivation",))
    parts = parts_of(Job(film, {}))
    assert [part.part for part in parts] == list(range(len(FullDerivation.parts)))
    assert len({part.name for part in parts}) == len(parts)


def test_the_joined_film_is_the_film(folder: Path, whole: Path) -> None:
    joined, once = list(frames(folder / "TinyFilm.mp4")), list(frames(whole / "TinyFilm.mp4"))
    assert len(joined) == len(once)
    assert min(similarity(*pair) for pair in zip(joined, once, strict=True)) > 0.99


def test_the_joined_film_runs_through(folder: Path) -> None:
    gaps = [after - before for before, after in pairwise(times(folder / "TinyFilm.mp4"))]
    assert gaps == pytest.approx([1 / 15] * len(gaps), abs=1e-3)


def test_subtitles_and_sections_are_where_they_belong(folder: Path, whole: Path) -> None:
    def told(place: Path) -> list[srt.Subtitle]:
        return list(srt.parse((place / "TinyFilm.srt").read_text()))

    sections = json.loads((folder / "TinyFilm.sections.json").read_text())
    assert [section["name"] for section in sections] == SECTIONS
    assert sections == json.loads((whole / "TinyFilm.sections.json").read_text())
    assert len(told(folder)) == len(told(whole)) == 3  # what passes has no words of its own
    for one, other in zip(told(folder), told(whole), strict=True):
        assert one.content == other.content
        assert abs((one.start - other.start).total_seconds()) < 0.01
        assert abs((one.end - other.end).total_seconds()) < 0.01


def test_its_record_has_the_steps_that_are_told_with_the_lessons_they_are_of(
    folder: Path, whole: Path
) -> None:
    joined, once = (
        LessonRecord.from_json((place / "TinyFilm.json").read_text(encoding="utf-8"))
        for place in (folder, whole)
    )
    assert [beat.name for beat in joined.beats] == ["Tiny.come", "Other.come", "Other.change"]
    assert [beat.captions["en"] for beat in joined.beats] == ["This is come."] * 2 + ["This is change."]
    assert {beat.chapter["en"] for beat in joined.beats} == {"This is title. · This is title."}
    assert (joined.lesson, joined.title["zh"], joined.step["zh"]) == ("TinyFilm", "TinyFilm", "")
    for one, other in zip(joined.beats, once.beats, strict=True):
        assert (one.start, one.end) == pytest.approx((other.start, other.end), abs=0.01)
    for one, following in pairwise(joined.beats):
        assert one.start < one.end <= following.start
    assert joined.duration == pytest.approx(times(folder / "TinyFilm.mp4")[-1] + 1 / 15)
    starts = [told.start.total_seconds() for told in srt.parse((folder / "TinyFilm.srt").read_text())]
    assert [beat.start for beat in joined.beats] == pytest.approx(starts, abs=0.01)


def test_a_film_has_its_title_in_every_language() -> None:
    for key in ("title", "step"):
        words = title_of(FullDerivation, key, "article")
        assert set(words) == set(LANGUAGES) and all(words.values())
        assert len(set(words.values())) == len(LANGUAGES)


def test_a_film_that_has_not_changed_is_kept(folder: Path) -> None:
    assert [job.name for job in plan([FILM.lesson], SETTINGS, "l", "mp4", folder).good] == ["TinyFilm"]
    (folder / "TinyFilm.srt").write_text("changed")
    damaged = plan([FILM.lesson], SETTINGS, "l", "mp4", folder)
    assert (damaged.good, damaged.jobs) == ((), ())  # its parts are good: it is only joined again
    assert complete(damaged, Outcome()) == {}
    assert plan([FILM.lesson], SETTINGS, "l", "mp4", folder).good


def test_a_loop_is_made_of_the_joined_film(folder: Path) -> None:
    wanted = plan([FILM.lesson], SETTINGS, "l", "gif", folder)
    assert wanted.jobs == ()
    assert complete(wanted, Outcome()) == {}
    assert (folder / "TinyFilm.gif").read_bytes().startswith(b"GIF89a")


def test_a_film_that_lacks_a_part_says_so(folder: Path) -> None:
    wanted = plan([FILM.lesson], {**SETTINGS, "pace": 2}, "l", "mp4", folder)
    outcome = Outcome(failed={"TinyFilm.01": RenderError("it failed")})
    assert {name: str(error) for name, error in complete(wanted, outcome).items()} == {
        "TinyFilm": "it waits for its parts TinyFilm.01"
    }


def test_films_that_were_encoded_otherwise_are_not_joined(folder: Path, tmp_path: Path) -> None:
    other = replace(FILM, part=0, quality="m")
    perform(other, tmp_path)
    with pytest.raises(ValueError, match=r"TinyFilm\.00\.mp4 was encoded in another way"):
        join([folder / PARTS / "TinyFilm.01.mp4", tmp_path / "TinyFilm.00.mp4"], tmp_path / "joined.mp4")


def test_lengths_add_up(folder: Path, tmp_path: Path) -> None:
    parts = [folder / PARTS / f"TinyFilm.{number:02d}.mp4" for number in (0, 1)]
    assert join(parts, tmp_path / "joined.mp4") == Fraction(sum(len(times(part)) for part in parts), 15)

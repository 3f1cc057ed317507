"""A lesson that has not changed is not looked through again to find its clips."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import pytest
from manim import tempconfig
from manim.renderer import cairo_renderer

from scenes.network_setup import IndexNotation
from scenes.settings import settings_from
from scenes.stage import recalling
from scenes.stage.lesson import Lesson
from scenes.stage.made_from import digest_of
from scenes.stage.recalling import NAMES, ClipNames, made_from, read_names

Render = Callable[..., Lesson]
QUICK: dict[str, Any] = {"pace": 4.0}


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names that Manim works out, play by play."""
    found: list[str] = []
    work_out = cairo_renderer.get_hash_from_play_call

    def working_out(*args: Any, **kwargs: Any) -> str:
        found.append(work_out(*args, **kwargs))
        return found[-1]

    monkeypatch.setattr(cairo_renderer, "get_hash_from_play_call", working_out)
    return found


@pytest.fixture
def render(tmp_path: Path) -> Render:
    """Renders a lesson as plain `manim render` does, with few frames."""

    def rendered(table: dict[str, Any] = QUICK, kind: type[Lesson] = IndexNotation, **options: Any) -> Lesson:
        quiet = {"media_dir": str(tmp_path), "verbosity": "ERROR", "progress_bar": "none"}
        small = {"quality": "low_quality", "frame_rate": 2, "pixel_width": 160, "pixel_height": 90}
        with tempconfig({**quiet, **small, **options}):
            lesson = kind(settings=settings_from(table))
            lesson.render()
        return lesson

    return rendered


def video(lesson: Lesson) -> Path:
    return Path(lesson.renderer.file_writer.movie_file_path)


def clips(lesson: Lesson) -> Path:
    return Path(lesson.renderer.file_writer.partial_movie_directory)


def subtitles(lesson: Lesson) -> list[tuple[float, float, str]]:
    """What is said, with its times to the millisecond, as in the file beside the film."""
    said = lesson.renderer.file_writer.subcaptions
    return [
        (round(words.start.total_seconds(), 3), round(words.end.total_seconds(), 3), words.content)
        for words in said
    ]


def frames(file: Path) -> int:
    with av.open(str(file)) as film:
        return sum(1 for _ in film.decode(video=0))


def test_what_has_not_changed_is_recalled(render: Render, named: list[str]) -> None:
    first = render()
    names, film = list(named), video(first).read_bytes()
    assert len(names) > 10
    named.clear()
    second = render()
    assert named == []
    assert second.renderer.animations_hashes == names
    assert video(second).read_bytes() == film
    assert subtitles(second) == subtitles(first)


def test_clips_that_manim_finds_take_as_long_as_those_it_draws(render: Render, named: list[str]) -> None:
    first = render()
    (clips(first) / NAMES).unlink()
    names = list(named)
    named.clear()
    again = render()
    assert named == names
    assert subtitles(again) == subtitles(first)
    assert len({clip.stem for clip in clips(first).glob("*.mp4")}) == len(set(names))
    assert frames(video(again)) == pytest.approx(again.time * 2)


def test_a_clip_that_is_gone_is_rendered_again(render: Render, named: list[str]) -> None:
    first = render()
    length, gone = frames(video(first)), clips(first) / f"{named[5]}.mp4"
    gone.unlink()
    named.clear()
    again = render()
    assert named == [gone.stem] and gone.exists()
    assert frames(video(again)) == length
    named.clear()
    render()
    assert named == []


@pytest.mark.parametrize(
    ("table", "options"),
    [
        ({**QUICK, "theme": "light"}, {}),
        ({**QUICK, "network": {"sizes": [2, 3, 2]}}, {}),
        (QUICK, {"background_opacity": 0.5}),
        (QUICK, {"video_encoder_options": {"preset": "ultrafast"}}),
    ],
    ids=str,
)
def test_what_has_changed_is_not(
    table: dict[str, Any], options: dict[str, Any], render: Render, named: list[str]
) -> None:
    plays = len(render().renderer.animations_hashes)
    named.clear()
    other = render(table, **options)
    assert len(named) == other.renderer.num_plays
    assert plays > 10


def test_another_source_is_another_lesson(
    render: Render, named: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    render()
    plays = len(named)
    monkeypatch.setattr(recalling, "our_files", lambda: "as edited")
    render()
    assert len(named) == 2 * plays


def test_a_part_of_a_lesson_leaves_the_names_of_the_whole(render: Render, named: list[str]) -> None:
    first = render()
    kept = (clips(first) / NAMES).read_bytes()
    named.clear()
    render(from_animation_number=8)
    assert len(named) == first.renderer.num_plays - 8
    render(upto_animation_number=3)
    assert (clips(first) / NAMES).read_bytes() == kept


def test_without_a_cache_everything_is_drawn(render: Render, named: list[str]) -> None:
    first = render()
    named.clear()
    again = render(disable_caching=True)
    assert named == []
    assert str(again.renderer.animations_hashes[0]).startswith("uncached")
    assert frames(video(again)) == frames(video(first))


@pytest.mark.parametrize(
    "content", ["", "{", "[]", "null", '{"made_from": 1}', '{"made_from": "it"}', "\x00"]
)
def test_a_file_of_names_that_is_spoiled_names_nothing(content: str, tmp_path: Path) -> None:
    (tmp_path / NAMES).write_text(content)
    assert read_names(tmp_path, "it") == ()


def test_a_file_of_names_that_is_spoiled_costs_only_time(render: Render, named: list[str]) -> None:
    first = render()
    (clips(first) / NAMES).write_text("{")
    named.clear()
    assert frames(video(render())) == frames(video(first))
    assert len(named) == first.renderer.num_plays
    assert json.loads((clips(first) / NAMES).read_text())["names"] == named


def test_names_that_cannot_be_written_are_not_missed(tmp_path: Path) -> None:
    ClipNames("settings", ("one", "two")).write(tmp_path / "no such folder")
    assert read_names(tmp_path / "no such folder", "settings") == ()
    ClipNames("settings", ("one", "two")).write(tmp_path)
    assert read_names(tmp_path, "settings") == ("one", "two")
    assert read_names(tmp_path, "other settings") == ()
    assert [file.name for file in tmp_path.iterdir()] == [NAMES]


def test_a_lesson_from_elsewhere_is_looked_through_every_time(render: Render, named: list[str]) -> None:
    class Mine(IndexNotation):
        """It may read what we know nothing of."""

    Mine.__name__ = "IndexNotation"  # for its words
    settings = settings_from(QUICK)
    assert made_from(IndexNotation(settings=settings), settings) is not None
    assert made_from(Mine(settings=settings), settings) is None
    plays = render(kind=Mine).renderer.num_plays
    render(kind=Mine)
    assert len(named) == 2 * plays


def test_a_digest_is_of_names_and_contents(tmp_path: Path) -> None:
    one, two = tmp_path / "one.py", tmp_path / "two.py"
    one.write_text("a")
    two.write_text("b")
    first = digest_of([one, two], tmp_path)
    assert digest_of([two, one], tmp_path) == first != digest_of([one], tmp_path)
    two.write_text("c")
    assert digest_of([one, two], tmp_path) != first
    two.rename(tmp_path / "three.py").write_text("b")
    assert digest_of([one, tmp_path / "three.py"], tmp_path) != first

"""A lesson that has not changed is not looked through again to find its clips."""

from __future__ import annotations

import json
import os
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
from scenes.stage.recalling import MEMORY, Memory, Stamp, made_from

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
    (clips(first) / MEMORY).unlink()
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
    kept = (clips(first) / MEMORY).read_bytes()
    named.clear()
    render(from_animation_number=8)
    assert len(named) == first.renderer.num_plays - 8
    render(upto_animation_number=3)
    assert (clips(first) / MEMORY).read_bytes() == kept


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
    (tmp_path / MEMORY).write_text(content)
    assert Memory.read(tmp_path, "it") == Memory("it", ())


def test_a_file_of_names_that_is_spoiled_costs_only_time(render: Render, named: list[str]) -> None:
    first = render()
    (clips(first) / MEMORY).write_text("{")
    named.clear()
    assert frames(video(render())) == frames(video(first))
    assert len(named) == first.renderer.num_plays
    assert json.loads((clips(first) / MEMORY).read_text())["names"] == named


def test_names_that_cannot_be_written_are_not_missed(tmp_path: Path) -> None:
    memory, nothing = Memory("settings", ("one", "two")), Memory("settings", ())
    memory.write(tmp_path / "no such folder")
    assert Memory.read(tmp_path / "no such folder", "settings") == nothing
    memory.write(tmp_path)
    assert Memory.read(tmp_path, "settings") == memory
    assert Memory.read(tmp_path, "other settings").names == ()
    assert [file.name for file in tmp_path.iterdir()] == [MEMORY]


def test_a_stamp_holds_as_long_as_the_file_is_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "film.mp4"
    file.write_bytes(b"film")
    stamp = Stamp.of(file)
    assert stamp.holds
    os.utime(file, ns=(0, stamp.written + 1))
    assert not stamp.holds
    file.write_bytes(b"a longer film")
    os.utime(file, ns=(0, stamp.written))
    assert not stamp.holds
    file.unlink()
    assert not stamp.holds


# -- the film itself, from the command line -----------------------------------------------------------

COMMAND = {"input_file": "scenes/network_setup.py"}


def test_a_film_that_would_be_the_same_is_shown_again(
    render: Render, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, opened = render(**COMMAND), list[dict[str, Any]]()
    monkeypatch.setattr(recalling, "open_media_file", lambda writer, **asked: opened.append(asked))
    stamp = Stamp.of(video(first))
    again = render(**COMMAND)
    assert (again.renderer.num_plays, again.beats, opened) == (0, [], [])
    assert stamp.holds
    assert again.renderer.file_writer.final_file_path == video(first)
    render(**COMMAND, preview=True)
    assert opened == [{"preview": True, "show_in_file_browser": False}]


def test_a_film_of_another_name_is_made(render: Render) -> None:
    first = render(**COMMAND)
    other = render(**COMMAND, output_file="Mine")
    assert video(other).name == "Mine.mp4" and video(other).read_bytes() == video(first).read_bytes()
    assert render(**COMMAND).renderer.num_plays == first.renderer.num_plays


def test_who_makes_a_lesson_in_a_program_gets_it_played(render: Render) -> None:
    first = render(**COMMAND)
    assert render().renderer.num_plays == first.renderer.num_plays > 10


@pytest.mark.parametrize("lost", [".mp4", ".srt"])
def test_a_film_that_is_not_as_it_was_left_is_made_again(lost: str, render: Render, named: list[str]) -> None:
    first = render(**COMMAND)
    video(first).with_suffix(lost).write_bytes(b"edited")
    named.clear()
    again = render(**COMMAND)
    assert again.renderer.num_plays == first.renderer.num_plays
    assert named == [], "its clips are still good"
    assert frames(video(again)) == pytest.approx(again.time * 2)
    assert len(subtitles(again)) == len(again.beats)


@pytest.mark.parametrize(
    "options", [{"save_sections": True}, {"disable_caching": True}, {"upto_animation_number": 3}], ids=str
)
def test_more_than_the_film_is_made(options: dict[str, Any], render: Render) -> None:
    render(**COMMAND)
    assert render(**COMMAND, **options).renderer.num_plays > 3


def test_other_settings_make_another_film(render: Render) -> None:
    first = render(**COMMAND)
    other = render({**QUICK, "theme": "light"}, **COMMAND)
    assert other.renderer.num_plays == first.renderer.num_plays
    assert render({**QUICK, "theme": "light"}, **COMMAND).renderer.num_plays == 0


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

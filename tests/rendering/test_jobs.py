"""A job leaves complete files, or none."""

from __future__ import annotations

import json
import pickle
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import srt
from manim import CairoRenderer, Scene, tempconfig
from PIL import Image, ImageSequence

from scenes.rendering import jobs
from scenes.rendering.catalogue import find_lessons, lesson_class
from scenes.rendering.faults import RenderError
from scenes.rendering.jobs import Delivery, Job, deliver, perform, receive, sweep
from scenes.rendering.records import LessonRecord
from scenes.settings import settings_from
from tests.rendering.tiny import SETTINGS, Tiny, job
from tests.rendering.videos import frames, similarity, times

RATE = 15
BEATS = ["come", "change"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the tiny lesson in it."""
    place = tmp_path_factory.mktemp("lessons")
    perform(job(), place)
    return place


@pytest.fixture(scope="module")
def reference(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tiny lesson as plain Manim renders it."""
    return manims(Tiny, SETTINGS, tmp_path_factory.mktemp("media"))


def manims(lesson: type[Scene], settings: dict[str, Any], media: Path) -> Path:
    """Return the film of a lesson as plain Manim renders it."""
    quiet = {"media_dir": str(media), "verbosity": "ERROR", "progress_bar": "none"}
    with tempconfig({**quiet, "quality": "low_quality", "disable_caching": True}):
        scene: Any = lesson(settings=settings_from(settings))  # type: ignore[call-arg]
        scene.render()
    return Path(scene.renderer.file_writer.movie_file_path)


def test_the_files_of_a_lesson(folder: Path) -> None:
    assert sorted(file.name for file in folder.iterdir()) == [
        "Tiny.json",
        "Tiny.mp4",
        "Tiny.sections.json",
        "Tiny.srt",
    ]


def test_the_film_is_manims_frame_by_frame(folder: Path, reference: Path) -> None:
    ours, theirs = list(frames(folder / "Tiny.mp4")), list(frames(reference))
    assert len(ours) == len(theirs)
    likeness = [similarity(*pair) for pair in zip(ours, theirs, strict=True)]
    assert min(likeness) > 0.99


@pytest.mark.parametrize("name", ["BiasEquations", "SimpleCircuit", "LossCurve"])
def test_lessons_of_every_film_are_manims(name: str, tmp_path: Path) -> None:
    (lesson,), settings = find_lessons((name,)), {"pace": 4.0}
    perform(Job(lesson, settings, "l"), tmp_path / "ours")
    ours = list(frames(tmp_path / "ours" / f"{name}.mp4"))
    theirs = list(frames(manims(lesson_class(lesson), settings, tmp_path / "manim")))
    assert len(ours) == len(theirs) > 100
    assert min(similarity(*pair) for pair in zip(ours[::5], theirs[::5], strict=True)) > 0.98


def test_a_wrong_frame_would_be_seen(folder: Path) -> None:
    shown = list(frames(folder / "Tiny.mp4"))
    assert similarity(shown[0], shown[-1]) < 0.985


def test_the_rate_is_constant(folder: Path) -> None:
    gaps = [after - before for before, after in pairwise(times(folder / "Tiny.mp4"))]
    assert max(gaps) - min(gaps) < 1e-3
    assert gaps[0] == pytest.approx(1 / RATE, abs=1e-3)


def test_sections_record_and_subtitles_agree_with_the_film(folder: Path) -> None:
    length = len(times(folder / "Tiny.mp4")) / RATE
    sections = json.loads((folder / "Tiny.sections.json").read_text())
    record = LessonRecord.from_json((folder / "Tiny.json").read_text())
    subtitles = list(srt.parse((folder / "Tiny.srt").read_text()))
    assert [section["name"] for section in sections] == [beat.name for beat in record.beats] == BEATS
    assert sum(float(section["duration"]) for section in sections) == pytest.approx(length)
    assert record.duration == pytest.approx(length)
    assert record.film == "Tests"
    assert record.beats[1].start == pytest.approx(float(sections[0]["duration"]), abs=1e-3)
    assert [subtitle.content for subtitle in subtitles] == ["This is come.", "This is change."]
    assert subtitles[-1].end.total_seconds() == pytest.approx(length, abs=1e-2)


def test_a_player_can_jump_to_each_beat(folder: Path) -> None:
    starts = [0.0]
    for section in json.loads((folder / "Tiny.sections.json").read_text()):
        starts.append(starts[-1] + float(section["duration"]))
    with av.open(str(folder / "Tiny.mp4")) as container:
        keys = [float(frame.time) for frame in container.decode(video=0) if frame.key_frame]
    for start in starts[:-1]:
        assert min(abs(key - start) for key in keys) < 1e-3


def test_what_stands_bears_no_trace_of_what_moved(folder: Path, reference: Path) -> None:
    ours, theirs = list(frames(folder / "Tiny.mp4")), list(frames(reference))
    background = np.bincount(theirs[-1].ravel()).argmax()

    def furthest(picture: np.ndarray) -> np.ndarray:
        """Return the greatest difference from the background in blocks of 16 pixels, an x264 macroblock."""
        differences = np.abs(picture.astype(int) - background)[:480, :848]
        return differences.reshape(30, 16, 53, 16).max((1, 3))

    assert furthest(ours[-1])[furthest(theirs[-1]) <= 1].max() <= 2


def test_a_still_for_each_beat(tmp_path: Path, folder: Path) -> None:
    rendered = perform(job(format="png"), tmp_path)
    assert rendered.files == ("Tiny-01-come.png", "Tiny-02-change.png")
    still = Image.open(tmp_path / "Tiny-02-change.png")
    assert still.size == (854, 480)
    *_, last = frames(folder / "Tiny.mp4")
    assert similarity(np.asarray(still.convert("L")), last) > 0.98


def test_a_film_for_the_web(tmp_path: Path, folder: Path) -> None:
    assert perform(job(format="webm"), tmp_path).files == ("Tiny.webm",)
    assert len(list(frames(tmp_path / "Tiny.webm"))) == len(list(frames(folder / "Tiny.mp4")))


def test_a_loop(tmp_path: Path, folder: Path) -> None:
    assert perform(job(format="gif"), tmp_path).files == ("Tiny.gif",)
    with Image.open(tmp_path / "Tiny.gif") as loop:
        assert loop.size == (800, 450)
        assert loop.info["loop"] == 0
        length = sum(frame.info["duration"] for frame in ImageSequence.Iterator(loop))
    assert length / 1000 == pytest.approx(len(times(folder / "Tiny.mp4")) / RATE, abs=0.1)


def test_a_job_can_be_sent_and_its_files_come_back(tmp_path: Path, folder: Path) -> None:
    delivery = pickle.loads(pickle.dumps(deliver(pickle.loads(pickle.dumps(job())))))
    assert isinstance(delivery, Delivery)
    receive(delivery, tmp_path)
    assert {file.name: file.read_bytes() for file in tmp_path.iterdir()} == {
        file.name: file.read_bytes() for file in folder.iterdir()
    }


def test_a_lesson_that_fails_says_why_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(RenderError, match="this lesson cannot be played") as caught:
        perform(job("Failing"), tmp_path)
    assert "\n" not in str(caught.value)
    assert "construct" in caught.value.details
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)
    assert list(tmp_path.iterdir()) == []


def test_a_failure_leaves_the_older_film_as_it_was(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "Tiny.mp4").write_bytes(b"older")

    def broken(*about: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("scenes.rendering.encoder.VideoEncoder._encode", broken)
    with pytest.raises(RenderError, match=r"no room left for it in .*: free some, and render again"):
        perform(job(), tmp_path)
    assert [(file.name, file.read_bytes()) for file in tmp_path.iterdir()] == [("Tiny.mp4", b"older")]


def test_what_killed_processes_left_is_swept_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    living, elsewhere = tmp_path / f"{jobs.WORK}1-x", tmp_path / ".rendering-another-machine-999999-x"
    dead = tmp_path / f"{jobs.WORK}99999999-x"
    for place in (living, elsewhere, dead):
        (place / "done").mkdir(parents=True)
    sweep(tmp_path)
    assert living.exists() and elsewhere.exists() and not dead.exists()


def test_manims_own_renderer_is_not_changed() -> None:
    assert CairoRenderer.render.__module__ == "manim.renderer.cairo_renderer"
    assert not hasattr(CairoRenderer, "_hand_on")

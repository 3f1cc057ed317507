"""Plays a lesson, or a part of a film, into files: its video, subtitles, sections and record, or stills."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import srt
from manim import Scene, tempconfig

from scenes.rendering.film_parts import PartOfFilm
from scenes.rendering.film_records import record_of_part
from scenes.rendering.gif import write_gif
from scenes.rendering.jobs import QUALITIES, Job
from scenes.rendering.records import record_of
from scenes.rendering.renderer import ThriftyRenderer
from scenes.rendering.writer import OneFileWriter
from scenes.settings import Settings, settings_from
from scenes.stage.film import Film
from scenes.stage.lesson import Lesson

SECTIONS = ".sections.json"


@dataclass(frozen=True)
class Played:
    """The names of the files that stand in the folder "done", the seconds of film, the frames."""

    files: tuple[str, ...]
    seconds: float
    frames: int


def play(job: Job, kind: type[Scene], work: Path, report: Callable[[float], None] | None = None) -> Played:
    """Play a job's scene; the files come to stand in the folder "done" of `work`."""
    done = work / "done"
    done.mkdir()
    settings = settings_from(job.settings)
    with tempconfig(_configuration(job, work)):
        scene = (
            take_stills(kind, settings, done) if job.format == "png" else film(job, kind, settings, report)
        )
        if job.format != "png":
            collect(job, scene, done)
    files = tuple(sorted(file.name for file in done.iterdir()))
    return Played(files, float(scene.time), frames=getattr(scene.renderer.file_writer, "frames", len(files)))


def _configuration(job: Job, work: Path) -> dict[str, Any]:
    video = {"mp4": "mp4", "gif": "mp4", "webm": "webm"}.get(job.format)
    quiet = {"verbosity": "ERROR", "progress_bar": "none", "preview": False, "save_sections": False}
    whole = {"from_animation_number": 0, "upto_animation_number": -1, "disable_caching": True}
    kept = {"media_dir": str(work), "dry_run": video is None, "output_file": job.name}
    encoder: dict[str, Any] = {"transparent": False, "save_last_frame": False}
    if video is not None:
        encoder["format"] = video
    return {**quiet, **whole, **kept, **encoder, "quality": QUALITIES[job.quality]}


def film(job: Job, kind: type[Scene], settings: Settings, report: Callable[[float], None] | None) -> Scene:
    """Render a scene as a video."""
    if issubclass(kind, Film):
        scene: Scene = PartOfFilm(kind, job.part, settings, report)
    else:
        renderer = ThriftyRenderer(file_writer_class=OneFileWriter, report=report)
        scene = kind(settings=settings, renderer=renderer)  # type: ignore[call-arg]
    scene.render()
    return scene


def collect(job: Job, scene: Scene, done: Path) -> None:
    """Move a video to its place, and write what belongs beside it."""
    writer = scene.renderer.file_writer
    assert isinstance(writer, OneFileWriter)
    video = writer.movie_file_path
    if job.format == "gif":
        write_gif(video, done / f"{job.name}.gif")
        return
    video.rename(done / f"{job.name}{video.suffix}")
    if job.format != "mp4":
        return
    (done / f"{job.name}.srt").write_text(srt.compose(writer.subcaptions), encoding="utf-8")
    (done / f"{job.name}{SECTIONS}").write_text(
        json.dumps(writer.section_index(), indent=4), encoding="utf-8"
    )
    assert isinstance(scene, Lesson | PartOfFilm)
    record = record_of(scene, job.lesson.film) if isinstance(scene, Lesson) else record_of_part(scene, job)
    (done / f"{job.name}.json").write_text(record.to_json(), encoding="utf-8")


def take_stills(kind: type[Scene], settings: Settings, done: Path) -> Scene:
    """Play a scene without filming it, and take a picture at the end of each beat."""

    def beat_ended(self: Any, name: str) -> None:
        if type(self).__name__ == kind.__name__:
            self.renderer.update_frame(self)
            number = len(list(done.iterdir())) + 1
            self.camera.get_image().convert("RGB").save(done / f"{kind.__name__}-{number:02d}-{name}.png")

    posing = type(kind.__name__, (kind,), {"beat_ended": beat_ended})
    scene: Scene = posing(settings=settings, skip_animations=True)
    scene.render()
    return scene

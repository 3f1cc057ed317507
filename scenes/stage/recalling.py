"""A renderer that recalls what Manim called the clips of a lesson, and need not work the names out again.

Manim names a clip by all that its animations and everything on the stage consist of; for a lesson that
takes longer than everything else when all clips are kept.  As long as nothing that the lesson is made
from has changed, the names are those of last time, and so is the film.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import math
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from manim import Scene, config, logger
from manim.scene.scene_file_writer import SceneFileWriter
from manim.utils.file_ops import open_media_file

from scenes.settings import Settings
from scenes.stage.made_from import ROOT, described, our_files, surroundings
from scenes.stage.skipping import SkippingRenderer

MEMORY = "clip_names.json"
_PICTURE = ("background_color", "background_opacity", "frame_height", "frame_width", "frame_rate", "seed")
_ENCODING = ("pixel_height", "pixel_width", "pixel_format", "video_codec", "video_encoder_options", "format")
SEEN = (*_PICTURE, *_ENCODING, "plugins")
"""The options of Manim that clips depend on."""


def made_from(scene: Scene, settings: Settings) -> str | None:
    """Return a digest of all that a lesson of ours is made from; None for a class from elsewhere.

    Nobody can know what another's scene reads.
    """
    if not _is_ours(type(scene)):
        return None
    parts = {
        "scene": type(scene).__qualname__,
        "settings": described(settings),
        "sources": our_files(),
        "options": {option: repr(config[option]) for option in SEEN},
        **surroundings(settings.language),
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()


def _is_ours(kind: type) -> bool:
    try:
        file = Path(inspect.getfile(kind)).resolve()
    except (OSError, TypeError):
        return False
    return file.is_relative_to(ROOT / "scenes")


@dataclass(frozen=True)
class Stamp:
    """A file as it was left: its size in bytes, and when it was written, in nanoseconds."""

    file: str
    size: int
    written: int

    @staticmethod
    def of(file: Path) -> Stamp:
        """Return the stamp of a file; OSError where there is none."""
        found = file.stat()
        return Stamp(str(file), found.st_size, found.st_mtime_ns)

    @property
    def holds(self) -> bool:
        """Whether the file is there as it was left."""
        try:
            return Stamp.of(Path(self.file)) == self
        except OSError:
            return False


@dataclass(frozen=True)
class Memory:
    """What a lesson was made from, the names of its clips in the order of its plays, and its files."""

    made_from: str
    names: tuple[str, ...]
    files: tuple[Stamp, ...] = ()

    def write(self, folder: Path) -> None:
        """Keep it beside the clips; where that is not possible nothing is lost but time."""
        file = folder / MEMORY
        unfinished = file.with_suffix(".unfinished")
        with suppress(OSError):
            unfinished.write_text(json.dumps(asdict(self)))
            unfinished.replace(file)

    @staticmethod
    def read(folder: Path, made_from: str) -> Memory:
        """Return what is kept in a folder, nothing of what was made from something else."""
        try:
            kept: Mapping[str, Any] = json.loads((folder / MEMORY).read_text())
            if kept["made_from"] == made_from:
                files = tuple(Stamp(**stamp) for stamp in kept["files"])
                return Memory(made_from, tuple(map(str, kept["names"])), files)
        except (OSError, ValueError, KeyError, TypeError):
            pass  # whatever is wrong with it, working the names out again puts it right
        return Memory(made_from, ())


class RecallingWriter(SceneFileWriter):
    """Manim's file writer, which can be told the name of the clip of a play that is skipped."""

    recalled: str | None = None

    def add_partial_movie_file(self, hash_animation: str | None) -> None:
        """Add a clip to the film: for a skipped play the one recalled, if any."""
        super().add_partial_movie_file(hash_animation or self.recalled)


class RecallingRenderer(SkippingRenderer):
    """A renderer that skips plays whose clips are there, by the names they had last time."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"file_writer_class": RecallingWriter, **kwargs})
        self._memory: Memory | None = None

    def recall(self, scene: Scene, settings: Settings) -> None:
        """Recall the names of a scene's clips before its first play, if all of it is to be filmed."""
        parts = config.from_animation_number > 0 or 0 <= config.upto_animation_number < math.inf
        skips = self._original_skipping_status or parts or config.disable_caching
        if self._memory is not None or skips or not self.file_writer.output_spec.is_video:
            return
        source = made_from(scene, settings)
        if source is not None:
            self._memory = Memory.read(self.file_writer.partial_movie_directory, source)

    def film(self, scene: Scene, settings: Settings) -> Path | None:
        """Return the film of a scene, if it is there and would be the same if it were made again."""
        self.recall(scene, settings)
        writer = self.file_writer
        if self._memory is None or not self._memory.files or writer.output_spec.save_sections:
            return None
        asked = Path(writer.gif_file_path if writer.output_spec.is_gif else writer.movie_file_path)
        film, *others = self._memory.files
        same = Path(film.file) == asked and film.holds and all(stamp.holds for stamp in others)
        return asked if same else None

    def play(self, scene: Scene, *args: Any, **kwargs: Any) -> None:
        """Play an animation, or go on at once where its clip is there."""
        names = () if self._memory is None else self._memory.names
        name = names[self.num_plays] if self.num_plays < len(names) else None
        if name is None or not self.file_writer.is_already_cached(name):
            super().play(scene, *args, **kwargs)
            return
        self._original_skipping_status, self.file_writer.recalled = True, name
        try:
            super().play(scene, *args, **kwargs)
        finally:
            self._original_skipping_status, self.file_writer.recalled = False, None
        self.animations_hashes[-1] = name

    def scene_finished(self, scene: Scene) -> None:
        """Finish the film, and keep the names of its clips."""
        super().scene_finished(scene)
        names = tuple(name for name in self.animations_hashes if name is not None)
        if self._memory is not None and len(names) == len(self.animations_hashes):
            kept = Memory(self._memory.made_from, names, self._stamps())
            kept.write(self.file_writer.partial_movie_directory)

    def _stamps(self) -> tuple[Stamp, ...]:
        """Return the stamps of the film and of its subtitles, none where one of them is not there."""
        film = getattr(self.file_writer, "final_file_path", None)
        if film is None:
            return ()
        try:
            return Stamp.of(Path(film)), Stamp.of(self.file_writer.output_plan.subcaption_file)
        except OSError:
            return ()


def show_again(scene: Scene, settings: Settings, preview: bool) -> bool:
    """Show the film of a scene that has not changed since it was rendered by the command line.

    Returns False, and does nothing, where there is none.  Scenes that a program makes are always played:
    it may ask them for what they did.
    """
    renderer = scene.renderer
    if not config.input_file or not isinstance(renderer, RecallingRenderer):
        return False
    film = renderer.film(scene, settings)
    if film is None:
        return False
    logger.info("Nothing that %(scene)s is made from has changed.", {"scene": type(scene).__name__})
    renderer.file_writer.print_file_ready_message(film)
    wanted = scene.session_spec.presentation
    preview = preview or wanted.open_after_render
    if preview or wanted.show_in_file_browser:
        open_media_file(
            renderer.file_writer, preview=preview, show_in_file_browser=wanted.show_in_file_browser
        )
    return True

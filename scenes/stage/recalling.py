"""A renderer that recalls what Manim called the clips of a lesson, and need not work the names out again.

Manim names a clip by all that its animations and everything on the stage consist of; for a lesson that
takes longer than everything else when all clips are kept.  As long as nothing that the lesson is made
from has changed, the names are those of last time.
"""

from __future__ import annotations

import hashlib
import inspect
import json
import math
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from manim import Scene, config
from manim.scene.scene_file_writer import SceneFileWriter

from scenes.settings import Settings
from scenes.stage.made_from import ROOT, described, our_files, surroundings
from scenes.stage.skipping import SkippingRenderer

NAMES = "clip_names.json"
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
class ClipNames:
    """The names of a lesson's clips in the order of its plays, and what it was made from."""

    made_from: str
    names: tuple[str, ...]

    def write(self, folder: Path) -> None:
        """Keep the names beside the clips; where that is not possible nothing is lost but time."""
        file = folder / NAMES
        unfinished = file.with_suffix(".unfinished")
        with suppress(OSError):
            unfinished.write_text(json.dumps({"made_from": self.made_from, "names": self.names}))
            unfinished.replace(file)


def read_names(folder: Path, made_from: str) -> tuple[str, ...]:
    """Return the names of clips in a folder, none if they were made from something else."""
    try:
        kept: Mapping[str, Any] = json.loads((folder / NAMES).read_text())
        return tuple(map(str, kept["names"])) if kept["made_from"] == made_from else ()
    except (OSError, ValueError, KeyError, TypeError):
        return ()


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
        self._made_from: str | None = None
        self._names: tuple[str, ...] = ()

    def recall(self, scene: Scene, settings: Settings) -> None:
        """Recall the names of a scene's clips before its first play, if all of it is to be filmed."""
        parts = config.from_animation_number > 0 or 0 <= config.upto_animation_number < math.inf
        skips = self._original_skipping_status or parts or config.disable_caching
        if skips or not self.file_writer.output_spec.is_video:
            return
        self._made_from = made_from(scene, settings)
        if self._made_from is not None:
            self._names = read_names(self.file_writer.partial_movie_directory, self._made_from)

    def play(self, scene: Scene, *args: Any, **kwargs: Any) -> None:
        """Play an animation, or go on at once where its clip is there."""
        name = self._names[self.num_plays] if self.num_plays < len(self._names) else None
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
        if self._made_from is not None and len(names) == len(self.animations_hashes):
            ClipNames(self._made_from, names).write(self.file_writer.partial_movie_directory)

"""A file writer for Manim's scenes that encodes a lesson in one go, without a file for each animation."""

from __future__ import annotations

from typing import Any

from manim.scene.scene_file_writer import SceneFileWriter

from scenes.rendering.boxes import Box
from scenes.rendering.encoder import ENCODINGS, VideoEncoder
from scenes.rendering.planes import Pixels

HOLD = 0.25
"""A picture that stands for so many seconds is encoded by itself."""


class OneFileWriter(SceneFileWriter):
    """Writes a scene's video with one encoder, and counts the frames of its sections."""

    def __init__(self, settings: Any) -> None:
        super().__init__(settings)
        spec = settings.video_encoder
        self._encoder: VideoEncoder | None = None
        self._counts: list[int] = []
        self._rate = 0 if spec is None else int(spec.frame_rate)

    def take_picture(self, pixels: Pixels, changed: list[Box], times: int) -> None:
        """Take a picture of so many frames; `changed` is where it differs from the last one."""
        spec = self.settings.video_encoder
        if spec is None:
            return
        file = self.movie_file_path
        if self._encoder is None:
            file.parent.mkdir(parents=True, exist_ok=True)
            encoding = ENCODINGS[file.suffix.removeprefix(".")]
            self._encoder = VideoEncoder(file, encoding, spec.width, spec.height, self._rate)
        while len(self._counts) < len(self.sections):
            self._counts.append(0)
        number = len(self.sections) - 1
        # A player jumps to where a section begins; a picture that stands shall have no trace of what moved.
        key = not self._counts[number] or times >= HOLD * self._rate
        self._encoder.add(pixels, changed, times, key)
        self._counts[number] += times

    def next_section(self, name: str, type_: str, skip_animations: bool) -> None:
        """Begin a section, in the place of the one before it where nothing was shown in that."""
        super().next_section(name, type_, skip_animations)
        if hasattr(self, "_counts"):
            del self._counts[len(self.sections) - 1 :]

    def begin_animation(self, allow_write: bool = False, **options: Any) -> None:
        """Begin an animation; there is one encoder for all."""

    def end_animation(self, allow_write: bool = False) -> None:
        """End an animation; there is one encoder for all."""

    def abort_encode_jobs(self, reraise_encoder_failures: bool = False) -> None:
        """Give the video up."""
        if self._encoder is not None:
            self._encoder.abort()

    def finish(self) -> None:
        """Complete the video."""
        self.finish_last_section()
        if self._encoder is None:
            return
        self._encoder.finish()
        self.final_file_path = self.movie_file_path

    @property
    def frames(self) -> int:
        """How many frames were written."""
        return sum(self._counts)

    def section_index(self) -> list[dict[str, Any]]:
        """Return the sections as Manim's own index has them; they are parts of one video."""
        spec = self.settings.video_encoder
        assert spec is not None
        index: list[dict[str, Any]] = []
        for section, frames in zip(self.sections, self._counts, strict=True):
            about: dict[str, Any] = {
                "name": section.name,
                "type": section.type_,
                "video": self.movie_file_path.name,
            }
            size = {"width": spec.width, "height": spec.height, "nb_frames": str(frames)}
            duration, rate = f"{frames / self._rate:.6f}", f"{self._rate}/1"
            kind = {"codec_name": spec.codec, "pix_fmt": spec.pixel_format}
            index.append({**about, **size, "duration": duration, "avg_frame_rate": rate, **kind})
        return index

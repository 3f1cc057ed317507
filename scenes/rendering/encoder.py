"""One encoder for the whole of a video, in a thread of its own."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import cast

import av
from av.video.frame import PictureType
from av.video.stream import VideoStream

from scenes.rendering.boxes import Box
from scenes.rendering.planes import FORMAT, ConvertedPicture, Pixels

WAITING = 6
"""So many pictures may wait for the encoder; one at 1080p takes 3 MB."""


@dataclass(frozen=True)
class Encoding:
    """How a video is encoded: libav's names of the container and the codec, and the codec's options."""

    container: str
    codec: str
    options: Mapping[str, str]


# What x264 does by looking ahead costs most of its time, and saves little in flat pictures that hardly move:
# see `make bench-render`.  Frames predicted from both sides (bframes) cost hardly more and save a quarter.
# Pictures that stand are key frames, and finer than those that pass (ipratio).
X264 = "rc-lookahead=0:mbtree=0:bframes=3:b-adapt=0:scenecut=0:weightp=0:keyint=600:min-keyint=1:ipratio=1.8"
MP4 = Encoding("mp4", "libx264", {"qp": "28", "preset": "veryfast", "threads": "1", "x264-params": X264})
WEBM = Encoding(
    "webm",
    "libvpx-vp9",
    {"crf": "30", "b": "0", "deadline": "realtime", "cpu-used": "8", "row-mt": "1", "lag-in-frames": "0"},
)
ENCODINGS = {"mp4": MP4, "webm": WEBM}


def _kind(key: bool, number: int) -> PictureType:
    """Return how a picture is encoded that is shown for the `number`-th time (from 0)."""
    if number > 0:
        # Nothing moves: what both sides would predict in between flickers, if only by a pixel here and there.
        return PictureType.P
    return PictureType.I if key else PictureType.NONE


@dataclass(frozen=True)
class _Task:
    frame: av.VideoFrame
    times: int
    key: bool


class VideoEncoder:
    """Encodes pictures at a constant rate into a file; errors of its thread come up at the next call."""

    def __init__(self, file: Path, encoding: Encoding, width: int, height: int, rate: int) -> None:
        self.frames = 0
        self._rate = rate
        self._picture = ConvertedPicture(width, height)
        self._container = av.open(str(file), "w", format=encoding.container)
        stream = self._container.add_stream(encoding.codec, rate=rate, options=dict(encoding.options))
        self._stream = cast(VideoStream, stream)
        self._stream.width, self._stream.height, self._stream.pix_fmt = width, height, FORMAT
        self._waiting: SimpleQueue[_Task | None] = SimpleQueue()
        self._free: SimpleQueue[av.VideoFrame | None] = SimpleQueue()
        for _ in range(WAITING):
            self._free.put(None)
        self._error: BaseException | None = None
        self._encoded = 0
        self._thread = Thread(target=self._work, name=f"encoder of {file.name}", daemon=True)
        self._thread.start()

    def add(self, pixels: Pixels, changed: list[Box], times: int, key: bool = False) -> None:
        """Add a picture of so many frames; `changed` is where it differs from the last one.

        A `key` frame is one that a player can jump to.
        """
        self._picture.update(pixels, changed)
        unused = self._free.get()
        if self._error is not None:
            raise self._error
        self._waiting.put(_Task(self._picture.frame(unused), times, key))
        self.frames += times

    def finish(self) -> None:
        """Encode what waits, and close the file."""
        self._stop()
        try:
            if self._error is None:
                self._container.mux(self._stream.encode(None))
        finally:
            self._container.close()
        if self._error is not None:
            raise self._error

    def abort(self) -> None:
        """Leave off; the file is good for nothing."""
        self._error = self._error or RuntimeError("the video was given up")
        self._stop()
        with suppress(OSError, av.FFmpegError):
            self._container.close()

    def _stop(self) -> None:
        self._waiting.put(None)
        self._thread.join()

    def _work(self) -> None:
        while (task := self._waiting.get()) is not None:
            if self._error is None:
                try:
                    self._encode(task)
                except BaseException as error:  # whatever it is, it is raised where the scene is drawn
                    self._error = error
            self._free.put(task.frame)

    def _encode(self, task: _Task) -> None:
        frame = task.frame
        frame.time_base = Fraction(1, self._rate)
        for number in range(task.times):
            if self._error is not None:
                return
            frame.pts = self._encoded
            frame.pict_type = _kind(task.key, number)
            self._encoded += 1
            self._container.mux(self._stream.encode(frame))

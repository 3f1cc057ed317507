"""A picture as an encoder wants it (luma and half-sized chroma), kept up to date block by block."""

from __future__ import annotations

from collections.abc import Iterable
from typing import cast

import av
import numpy as np
from av.video.reformatter import VideoReformatter
from numpy.typing import NDArray

from scenes.rendering.boxes import Box

WIDTH, HEIGHT = 240, 64
"""The size of a block: libav prepares anew for each other size, which costs more than a block."""
RIM = 8
"""A chroma pixel is a mean of some rows of pixels: so much more is converted around each block."""
MOST = 0.7
"""Where more of the blocks changed than this, all of the picture is converted at once."""
FORMAT = "yuv420p"

Pixels = NDArray[np.uint8]
Planes = list[Pixels]


def planes_of(frame: av.VideoFrame) -> Planes:
    """Return the planes of a frame, as arrays that share its memory."""
    found = []
    for plane in frame.planes:
        rows = np.frombuffer(cast(bytes, plane), np.uint8).reshape(-1, plane.line_size)
        found.append(rows[: plane.height, : plane.width])
    return found


class ConvertedPicture:
    """The latest picture in YUV: `update` with what changed, and `frame` to have a frame for an encoder."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self._whole, self._part = VideoReformatter(), VideoReformatter()
        self._latest = av.VideoFrame(width, height, FORMAT)
        self._planes = planes_of(self._latest)

    def update(self, pixels: Pixels, changed: Iterable[Box]) -> None:
        """Convert the changed parts of RGBA pixels."""
        blocks = {block for box in changed for block in self._blocks(box)}
        across, down = -(-self.width // WIDTH), -(-self.height // HEIGHT)
        fits = self.width >= WIDTH + 2 * RIM and self.height >= HEIGHT + 2 * RIM
        if not fits or len(blocks) > MOST * across * down:
            self._copy(self._converted(self._whole, pixels), 0, 0, Box(0, 0, self.width, self.height))
            return
        for left, top in blocks:
            self._convert_block(pixels, left, top)

    def frame(self, into: av.VideoFrame | None = None) -> av.VideoFrame:
        """Return a copy of the latest picture, in an old frame where one is given."""
        copy = into or av.VideoFrame(self.width, self.height, FORMAT)
        for target, source in zip(planes_of(copy), self._planes, strict=True):
            np.copyto(target, source)
        return copy

    def _blocks(self, box: Box) -> Iterable[tuple[int, int]]:
        # A change of a pixel changes the chroma of its neighbours in the next block too.
        left, top = max(0, box.left - 2) // WIDTH, max(0, box.top - 2) // HEIGHT
        right, bottom = min(self.width, box.right + 2), min(self.height, box.bottom + 2)
        for x in range(left * WIDTH, right, WIDTH):
            for y in range(top * HEIGHT, bottom, HEIGHT):
                yield x, y

    def _convert_block(self, pixels: Pixels, left: int, top: int) -> None:
        x = min(max(0, left - RIM), self.width - WIDTH - 2 * RIM)
        y = min(max(0, top - RIM), self.height - HEIGHT - 2 * RIM)
        window = pixels[y : y + HEIGHT + 2 * RIM, x : x + WIDTH + 2 * RIM]
        inner = Box(left, top, min(self.width, left + WIDTH), min(self.height, top + HEIGHT))
        self._copy(self._converted(self._part, window), x, y, inner)

    @staticmethod
    def _converted(reformatter: VideoReformatter, pixels: Pixels) -> Planes:
        height, width = pixels.shape[:2]
        frame = av.VideoFrame.from_numpy_buffer(pixels, format="rgba")
        return planes_of(reformatter.reformat(frame, width, height, FORMAT, threads=1))

    def _copy(self, converted: Planes, x: int, y: int, inner: Box) -> None:
        """Copy the inner part of what was converted; its first pixel is at x, y of the picture."""
        for number, (target, source) in enumerate(zip(self._planes, converted, strict=True)):
            half = 2 if number else 1
            left, top, right, bottom = (edge // half for edge in inner)
            # An odd height has its last chroma row from one row of pixels.
            right, bottom = max(right, -(-inner.right // half)), max(bottom, -(-inner.bottom // half))
            target[top:bottom, left:right] = source[
                top - y // half : bottom - y // half, left - x // half : right - x // half
            ]

"""Small looping GIFs from rendered videos: one palette, and only what changes from frame to frame."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from av.video.reformatter import Interpolation, VideoReformatter
from numpy.typing import NDArray
from PIL import Image

from scenes.rendering.planes import planes_of

__all__ = ["write_gif"]

WIDTH, RATE, COLOURS = 800, 15, 128
CELLS = 1 << 16
"""Colours are told apart by six bits of their luma and five of each chroma: so many cells."""


@dataclass(frozen=True)
class Change:
    """In what a frame differs from the one before: cells of a rectangle with its corner at row and column."""

    number: int
    row: int
    column: int
    cells: NDArray[np.uint16]


@dataclass(frozen=True)
class Loop:
    """A video as changes; `frames` is its length."""

    changes: Sequence[Change]
    frames: int


def write_gif(
    video: Path, gif: Path, *, width: int = WIDTH, rate: int = RATE, colours: int = COLOURS
) -> None:
    """Write a video as an endless GIF, `rate` frames a second, scaled to a width, in `colours` colours.

    Raises ValueError where the video has no frames.
    """
    loop = read(video, width, rate)
    counts = np.zeros(CELLS, np.int64)
    for change in loop.changes:
        counts += np.bincount(change.cells.ravel(), minlength=CELLS)
    palette = choose_palette(counts, len(loop.changes), colours)
    _write(loop, palette, nearest(palette, counts), gif, rate)


def read(video: Path, width: int, rate: int) -> Loop:
    """Return what changes in a video, seen so many times a second at a width."""
    changes: list[Change] = []
    before: NDArray[np.uint16] | None = None
    last = -1
    for number, cells in _frames(video, width, rate):
        last = number
        change = None if cells is None else _change(number, before, cells)
        if change is not None:
            changes.append(change)
            before = cells
    if not changes:
        raise ValueError(f"{video} has no frames")
    return Loop(changes, last + 1)


def _frames(video: Path, width: int, rate: int) -> Iterator[tuple[int, NDArray[np.uint16] | None]]:
    """Yield the number and the cells of frames, None for one that repeats the one before."""
    scaler, number = VideoReformatter(), 0
    shown: list[NDArray[np.uint8]] | None = None
    with av.open(str(video)) as container:
        stream = container.streams.video[0]
        stream.thread_type = "AUTO"
        height = 2 * round(stream.height * width / stream.width / 2)
        for frame in container.decode(stream):
            if float(frame.time or 0.0) < number / rate - 1e-6:
                continue
            now = planes_of(frame)
            cells = None
            if shown is None or any(not np.array_equal(*pair) for pair in zip(shown, now, strict=True)):
                shown = [plane.copy() for plane in now]
                scaled = scaler.reformat(
                    frame, width, height, "yuv444p", interpolation=Interpolation.AREA, threads=1
                )
                cells = _cells(planes_of(scaled))
            yield number, cells
            number += 1


def _cells(planes: Sequence[NDArray[np.uint8]]) -> NDArray[np.uint16]:
    luma, blue, red = planes
    cells = (luma >> 2).astype(np.uint16)
    cells <<= 5
    cells |= blue >> 3
    cells <<= 5
    cells |= red >> 3
    return cells


def _change(number: int, before: NDArray[np.uint16] | None, cells: NDArray[np.uint16]) -> Change | None:
    if before is None:
        return Change(number, 0, 0, cells)
    differs = before != cells
    rows, columns = np.flatnonzero(differs.any(axis=1)), np.flatnonzero(differs.any(axis=0))
    if not len(rows):
        return None
    top, left = int(rows[0]), int(columns[0])
    return Change(number, top, left, cells[top : rows[-1] + 1, left : columns[-1] + 1].copy())


def colours_of(cells: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the red, green and blue of the middles of cells (ITU-R BT.601, limited range)."""
    luma = ((cells >> 10) * 4 + 2 - 16) / 219 * 255
    blue, red = (((cells >> 5) & 31) * 8 + 4 - 128) / 224 * 255, ((cells & 31) * 8 + 4 - 128) / 224 * 255
    mixed = (luma + 1.402 * red, luma - 0.344136 * blue - 0.714136 * red, luma + 1.772 * blue)
    return np.clip(np.stack(mixed, axis=-1), 0, 255)


def choose_palette(counts: NDArray[np.int64], frames: int, colours: int) -> NDArray[np.uint8]:
    """Return the colours that suit cells which are so frequent, the rare ones too: shape (colours, 3)."""
    used = np.flatnonzero(counts >= min(frames, counts.max()))
    # Each once: an animation is mostly background, and its few bright strokes must keep their colour.
    shades = colours_of(used).round().astype(np.uint8)
    image = Image.fromarray(shades[np.newaxis]).quantize(colours, method=Image.Quantize.MEDIANCUT, kmeans=3)
    palette = np.array(image.getpalette(), np.uint8).reshape(-1, 3)[:colours]
    # The background is most of every frame: it is kept as it is.
    palette[0] = colours_of(np.array([counts.argmax()])).round().astype(np.uint8)[0]
    return palette


def nearest(palette: NDArray[np.uint8], counts: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Return for each cell the number of the colour of a palette that comes nearest."""
    table = np.zeros(CELLS, np.uint8)
    used = np.flatnonzero(counts)
    colours, choices = colours_of(used), palette.astype(float)
    distances = (choices**2).sum(1) - 2 * colours @ choices.T
    table[used] = distances.argmin(1)
    return table


def _write(loop: Loop, palette: NDArray[np.uint8], table: NDArray[np.uint8], gif: Path, rate: int) -> None:
    first = loop.changes[0].cells
    canvas = np.zeros(first.shape, np.uint8)
    entries = np.zeros((256, 4), np.uint8)
    entries[:, 0] = 255
    entries[: len(palette), 1:] = palette
    with av.open(str(gif), "w", options={"loop": "0"}) as container:
        stream = container.add_stream("gif", rate=rate)
        stream.width, stream.height, stream.pix_fmt = first.shape[1], first.shape[0], "pal8"

        picture: Any = (canvas, entries)  # which libav takes for this format, but says otherwise

        def show(number: int) -> None:
            frame = av.VideoFrame.from_ndarray(picture, format="pal8")
            frame.pts, frame.time_base = number, Fraction(1, rate)
            container.mux(stream.encode(frame))

        for change in loop.changes:
            rows, columns = change.cells.shape
            part = canvas[change.row : change.row + rows, change.column : change.column + columns]
            part[:] = table[change.cells]
            show(change.number)
        if loop.frames - 1 > loop.changes[-1].number:
            show(loop.frames - 1)  # a frame stands until the next
        container.mux(stream.encode(None))

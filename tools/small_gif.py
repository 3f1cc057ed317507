"""Turn a rendered lesson into a small looping GIF, for a README or a slide.

    python tools/small_gif.py media/videos/path_tracing/720p30/TraceFinalLayer.mp4 trace.gif

Manim's own `--format gif` keeps every frame at full size and dithers to 256 fixed colours, which makes
the files large.  This one drops frames, chooses the palette from the film and does not dither.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import av
import numpy as np
from PIL import Image

PALETTE_SAMPLES = 24
SHADE = 4


def main() -> int:
    """Read the command line, write the GIF and print its size."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("video", type=Path)
    parser.add_argument("gif", type=Path)
    parser.add_argument("--start", type=float, default=0.0, help="in seconds (default the beginning)")
    parser.add_argument("--end", type=float, default=float("inf"), help="in seconds (default the end)")
    parser.add_argument("--width", type=int, default=640, help="in pixels (default 640)")
    parser.add_argument("--rate", type=int, default=8, help="frames a second (default 8)")
    parser.add_argument("--colours", type=int, default=128, help="2 to 256 (default 128)")
    given = parser.parse_args()
    try:
        frames = read_frames(given.video, given.width, given.rate, given.start, given.end)
        write_gif(frames, given.gif, given.rate, given.colours)
    except (OSError, ValueError, av.FFmpegError) as error:
        print(f"small_gif: {given.video}: {error}", file=sys.stderr)
        return 1
    print(f"{given.gif}: {given.gif.stat().st_size / 1e6:.2f} MB")
    return 0


def read_frames(
    video: Path, width: int, rate: int, start: float = 0.0, end: float = float("inf")
) -> list[Image.Image]:
    """Return the frames of a video between two seconds, `rate` a second, scaled to a width."""
    frames: list[Image.Image] = []
    with av.open(str(video)) as container:
        for frame in container.decode(video=0):
            time = float(frame.time or 0.0)
            if start + len(frames) / rate - 1e-6 <= time < end:
                height = round(frame.height * width / frame.width)
                frames.append(frame.to_image().resize((width, height), Image.Resampling.LANCZOS))
    if not frames:
        raise ValueError("the video has no frames there")
    return frames


def write_gif(frames: list[Image.Image], gif: Path, rate: int, colours: int) -> None:
    """Write frames as an endless GIF in the palette that suits all of them."""
    palette = common_palette(frames[:: max(1, len(frames) // PALETTE_SAMPLES)], colours)
    indexed = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    indexed[0].save(gif, save_all=True, append_images=indexed[1:], duration=1000 // rate, loop=0)


def common_palette(frames: list[Image.Image], colours: int) -> Image.Image:
    """Return an image in the palette that covers the colours of frames, the rare ones too."""
    pixels = np.concatenate([np.asarray(frame).reshape(-1, 3) for frame in frames])
    # Each shade once: an animation is mostly background, and its few bright strokes must keep their colour.
    shades, counts = np.unique(pixels // SHADE * SHADE + SHADE // 2, axis=0, return_counts=True)
    frequent = shades[counts >= len(frames)].astype(np.uint8)
    return Image.fromarray(frequent[np.newaxis]).quantize(colours, method=Image.Quantize.MEDIANCUT, kmeans=3)


if __name__ == "__main__":
    sys.exit(main())

"""See that a rendered video is the scene it claims to be: as long, as large, and showing something.

python -m tests.video_check scenes/path_tracing.py TraceFinalLayer VIDEO [--quality l]

The scene is played once more without drawing to a file; its own clock says how long the video must be.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
from pathlib import Path
from typing import Any, NamedTuple

import av
import numpy as np
from manim import Scene, tempconfig
from manim.constants import QUALITIES

CONTRAST = 16  # of 255: what differs less from the background is not seen
INK = 0.0005  # of the pixels: what covers less is no picture
RATE_ROUNDING = 1e-3  # a container counts time in ticks, and its rate is their quotient
SHOWING = 0.5  # of the frames looked at must show a picture


class VideoError(Exception):
    """What is wrong with a video, in one sentence."""


class Clock(NamedTuple):
    """How long a scene takes by its own clock, and how many animations it plays."""

    seconds: float
    plays: int


class Film(NamedTuple):
    """What was found in a video: its frames, and which part of those looked at shows a picture."""

    frames: int
    rate: float
    width: int
    height: int
    showing: float

    @property
    def seconds(self) -> float:
        """How long the decoded frames last."""
        return self.frames / self.rate


def quality(flag: str) -> dict[str, Any]:
    """What Manim's command-line flag stands for: l is 854x480 at 15 frames a second."""
    found = next(values for values in QUALITIES.values() if values["flag"] == flag)
    return {name: found[name] for name in ("pixel_width", "pixel_height", "frame_rate")}


def load_scene(file: Path, name: str) -> type[Scene]:
    """The scene class of a name in a file, loaded as Manim loads it."""
    spec = importlib.util.spec_from_file_location(".".join(file.with_suffix("").parts), file)
    if spec is None or spec.loader is None or not file.is_file():
        raise VideoError(f"{file} is no Python file that is there")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    scene = getattr(module, name, None)
    if not (isinstance(scene, type) and issubclass(scene, Scene)):
        raise VideoError(f"{file} has no scene {name}")
    return scene


def read_clock(scene_class: type[Scene], flag: str) -> Clock:
    """Play a scene without writing anything, and read its clock."""
    quiet = {"dry_run": True, "disable_caching": True, "progress_bar": "none", "verbosity": "WARNING"}
    with tempconfig({**quiet, **quality(flag)}):
        scene = scene_class()
        scene.render()
        return Clock(scene.time, scene.renderer.num_plays)


def shows_picture(frame: np.ndarray) -> bool:
    """Whether enough of a grey frame differs from what most of it is."""
    return bool(np.mean(np.abs(frame.astype(int) - np.median(frame)) > CONTRAST) > INK)


def read_film(video: Path) -> Film:
    """Decode every frame of a video, and look at two a second."""
    try:
        with av.open(str(video)) as container:
            stream = container.streams.video[0]
            rate, size = float(stream.average_rate or 0), (stream.width, stream.height)
            frames, looks = 0, []
            for frame in container.decode(stream):
                if frames % max(1, round(rate / 2)) == 0:
                    looks.append(shows_picture(frame.to_ndarray(format="gray")))
                frames += 1
    except (OSError, IndexError, av.FFmpegError) as problem:
        raise VideoError(f"it cannot be read as a video: {problem}") from problem
    if not frames:
        raise VideoError("it has no frames")
    return Film(frames, rate, *size, showing=sum(looks) / len(looks))


def compare(film: Film, clock: Clock, flag: str) -> None:
    """Raise VideoError where a film is not what a scene's clock and the quality promise."""
    wanted = quality(flag)
    size = (wanted["pixel_width"], wanted["pixel_height"])
    if (film.width, film.height) != size:
        raise VideoError(f"its frames are {film.width}x{film.height}, not {size[0]}x{size[1]}")
    if abs(film.rate / wanted["frame_rate"] - 1) > RATE_ROUNDING:
        raise VideoError(f"it has {film.rate:g} frames a second, not {wanted['frame_rate']}")
    if not clock.plays:
        raise VideoError("the scene plays nothing")
    if abs(film.seconds - clock.seconds) > clock.plays / film.rate:
        raise VideoError(f"it lasts {film.seconds:.2f} s, but the scene takes {clock.seconds:.2f} s")
    if film.showing < SHOWING:
        raise VideoError(f"only {film.showing:.0%} of its frames show a picture")


def main(arguments: list[str] | None = None) -> int:
    """Check one video; say in one line what it is, or what is wrong with it."""
    parser = argparse.ArgumentParser(prog="python -m tests.video_check", description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("scene")
    parser.add_argument("video", type=Path)
    parser.add_argument("--quality", choices="lmhpk", default="l", help="what the video was rendered in")
    options = parser.parse_args(arguments)
    try:
        film = read_film(options.video)
        clock = read_clock(load_scene(options.file, options.scene), options.quality)
        compare(film, clock, options.quality)
    except VideoError as problem:
        print(f"video_check: {options.scene} in {options.video}: {problem}", file=sys.stderr)
        return 1
    size = f"{film.frames} frames of {film.width}x{film.height}"
    print(f"{options.scene}: {film.seconds:.2f} s, {size}, {film.showing:.0%} of them show a picture: good")
    return 0


if __name__ == "__main__":
    sys.exit(main())

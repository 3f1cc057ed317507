"""A video has the frames that it was given, and what stands in it stands still."""

from __future__ import annotations

from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image, ImageDraw

from scenes.rendering.boxes import Box
from scenes.rendering.encoder import ENCODINGS, VideoEncoder
from scenes.rendering.planes import Pixels
from tests.rendering.videos import frames

SIZE = WIDTH, HEIGHT = 854, 480
RATE = 15
MOVING, STANDING = 13, 40
SETTLED = 4
"""After so many frames of a still its picture is as good as it gets."""
BRIGHTER = 2
"""Of 255: nobody sees less."""


def drawing(shift: int) -> Pixels:
    """Return thin lines and small letters on dark ground, moved by some pixels."""
    picture = Image.new("RGBA", SIZE, "#16161d")
    draw = ImageDraw.Draw(picture)
    for row in range(12):
        y = 20 + 37 * row
        draw.text((30 + shift * (row % 3), y), "dE/dw = (a - y) f'(z) a, 0.137 = 2 x 0.25 x 0.274", "#e8e6df")
        draw.line((400 + shift, y, 820, y + 3 * row - shift), "#4fb3ff", 1)
        draw.ellipse((500 + 11 * row, y - shift, 540 + 11 * row, y + 40 - shift), outline="#f2c14e")
    return np.asarray(picture)


def encode(file: Path, kind: str = "mp4") -> Path:
    """Write a drawing that moves, and then stands."""
    encoder = VideoEncoder(file, ENCODINGS[kind], WIDTH, HEIGHT, RATE)
    everywhere = [Box(0, 0, WIDTH, HEIGHT)]
    for shift in range(MOVING):
        encoder.add(drawing(shift), everywhere, 1)
    encoder.add(drawing(MOVING), everywhere, STANDING, key=True)
    encoder.finish()
    return file


@pytest.fixture(scope="module")
def video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return encode(tmp_path_factory.mktemp("encoded") / "drawing.mp4")


@pytest.mark.parametrize("kind", ENCODINGS)
def test_no_frame_is_lost(kind: str, tmp_path: Path) -> None:
    assert len(list(frames(encode(tmp_path / f"drawing.{kind}", kind)))) == MOVING + STANDING


def test_what_stands_does_not_flicker(video: Path) -> None:
    still = np.stack(list(frames(video))[MOVING + SETTLED :]).astype(int)
    assert np.ptp(still, axis=0).max() <= BRIGHTER


def test_what_stands_looks_like_what_was_drawn(video: Path) -> None:
    shown = list(frames(video))[-1].astype(int)
    wanted = av.VideoFrame.from_ndarray(drawing(MOVING), format="rgba").to_ndarray(format="gray").astype(int)
    assert np.abs(shown - wanted).mean() < BRIGHTER


def test_a_player_can_jump_to_what_stands(video: Path) -> None:
    with av.open(str(video)) as container:
        keys = [number for number, frame in enumerate(container.decode(video=0)) if frame.key_frame]
    assert keys == [0, MOVING]

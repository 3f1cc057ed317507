"""A picture that is kept up to date block by block is what libav makes of the whole."""

from __future__ import annotations

import av
import numpy as np
import pytest
from av.video.reformatter import VideoReformatter

from scenes.rendering.boxes import Box
from scenes.rendering.planes import ConvertedPicture, planes_of


def whole(pixels: np.ndarray) -> list[np.ndarray]:
    height, width = pixels.shape[:2]
    frame = av.VideoFrame.from_ndarray(pixels, format="rgba")
    return planes_of(VideoReformatter().reformat(frame, width, height, "yuv420p"))


@pytest.mark.parametrize(("width", "height"), [(1920, 1080), (854, 480), (1280, 720), (320, 180), (100, 60)])
def test_parts_are_converted_as_the_whole(width: int, height: int) -> None:
    random = np.random.default_rng(0)
    pixels = random.integers(0, 256, (height, width, 4), np.uint8)
    picture = ConvertedPicture(width, height)
    picture.update(pixels, [Box(0, 0, width, height)])
    for _ in range(6):
        left, top = int(random.integers(0, width - 8)), int(random.integers(0, height - 8))
        right, bottom = int(random.integers(left + 1, width + 1)), int(random.integers(top + 1, height + 1))
        for box in (
            Box(left, top, right, bottom),
            Box(0, 0, 3, 3),
            Box(width - 1, height - 1, width, height),
        ):
            part = pixels[box.top : box.bottom, box.left : box.right]
            part[:] = random.integers(0, 256, part.shape, np.uint8)
            picture.update(pixels, [box])
        for found, wanted in zip(planes_of(picture.frame()), whole(pixels), strict=True):
            assert np.array_equal(found, wanted)


def test_a_frame_is_a_copy() -> None:
    pixels = np.zeros((120, 200, 4), np.uint8)
    picture = ConvertedPicture(200, 120)
    picture.update(pixels, [Box(0, 0, 200, 120)])
    before = picture.frame()
    pixels[:] = 255
    picture.update(pixels, [Box(0, 0, 200, 120)])
    assert planes_of(before)[0].max() < 20 < planes_of(picture.frame(before))[0].min()

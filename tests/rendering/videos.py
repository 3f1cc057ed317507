"""Reading videos back, and how alike two pictures are."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

BLOCK = 8
"""The similarity is a mean over blocks of so many pixels."""


def frames(video: Path) -> Iterator[NDArray[np.uint8]]:
    """Yield the grey pictures of a video."""
    with av.open(str(video)) as container:
        for frame in container.decode(video=0):
            yield np.asarray(frame.to_ndarray(format="gray"), np.uint8)


def times(video: Path) -> list[float]:
    """Return at which seconds the frames of a video are shown."""
    with av.open(str(video)) as container:
        return [float(frame.time) for frame in container.decode(video=0)]


def similarity(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """Return the structural similarity of two grey pictures (Wang et al. 2004), in blocks."""
    height, width = (BLOCK * (size // BLOCK) for size in one.shape)
    a, b = (picture[:height, :width].astype(float) for picture in (one, other))

    def mean(values: NDArray[np.float64]) -> NDArray[np.float64]:
        return values.reshape(height // BLOCK, BLOCK, width // BLOCK, BLOCK).mean((1, 3))

    mean_a, mean_b = mean(a), mean(b)
    variances = mean(a * a) - mean_a**2 + mean(b * b) - mean_b**2
    covariance = mean(a * b) - mean_a * mean_b
    light, contrast = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    above = (2 * mean_a * mean_b + light) * (2 * covariance + contrast)
    return float((above / ((mean_a**2 + mean_b**2 + light) * (variances + contrast))).mean())

"""The picture of what a network answers: cells of the right place and shade, and samples."""

from __future__ import annotations

import numpy as np
import pytest
from manim import Dot

from scenes.stage.layout import REGION_LEVELS, REGION_ZONE
from scenes.stage.regions import Regions
from scenes.stage.theme import DARK


@pytest.fixture
def regions() -> Regions:
    return Regions(DARK, REGION_ZONE, 0.0, 1.0)


def areas(regions: Regions) -> list[float]:
    """Return the area of each band, in squares, by the corners of its rectangles."""
    found = []
    for band in regions.bands:
        corners = band.points.reshape(-1, 16, 3)[:, ::4]
        sides = corners.max(axis=1) - corners.min(axis=1)
        found.append(float((sides[:, 0] * sides[:, 1]).sum()) / REGION_ZONE.width**2)
    return found


def test_every_cell_has_the_shade_of_its_answer(regions: Regions) -> None:
    regions.paint(np.array([[0.0, 0.0], [0.49, 1.0]]))
    expected = [0.0] * REGION_LEVELS
    expected[0], expected[REGION_LEVELS // 2 - 1], expected[-1] = 0.5, 0.25, 0.25
    assert areas(regions) == pytest.approx(expected)
    top = regions.bands[-1]
    assert top.get_center() == pytest.approx(regions.at(0.75, 0.75))


def test_the_cells_fill_the_square(regions: Regions) -> None:
    answers = np.random.default_rng(0).uniform(-1, 2, (7, 7))
    regions.paint(answers)
    assert sum(areas(regions)) == pytest.approx(1.0)
    assert REGION_ZONE.contains(regions.bands)
    regions.paint(np.zeros((3, 3)))
    assert areas(regions) == pytest.approx([1.0] + [0.0] * (REGION_LEVELS - 1))


def test_the_middle_is_dark_and_the_ends_have_colours(regions: Regions) -> None:
    colours = [band.get_fill_color().to_rgb() for band in regions.bands]
    distances = [float(np.abs(colour - colours[REGION_LEVELS // 2]).sum()) for colour in colours]
    assert distances[0] == max(distances[: REGION_LEVELS // 2])
    assert distances[-1] == max(distances[REGION_LEVELS // 2 :])
    assert len({tuple(colour) for colour in colours}) == REGION_LEVELS


def test_samples_differ_in_shape(regions: Regions) -> None:
    disc, ring = regions.sample(0.0, 1.0, True), regions.sample(1.0, 0.0, False)
    assert isinstance(disc, Dot) and not isinstance(ring, Dot)
    assert disc.get_center() == pytest.approx([REGION_ZONE.left, REGION_ZONE.top, 0])
    assert ring.get_center() == pytest.approx([REGION_ZONE.right, REGION_ZONE.bottom, 0])

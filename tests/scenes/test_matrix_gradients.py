"""The gradients of a matrix product: what the lesson draws is executed, and every still is in order."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bpmath.product_gradients import example_product
from scenes.matrix_gradients import MatrixMultiplyGradient
from tests.scenes.drawn import recorded, unfounded
from tests.scenes.lessons import perform

CASES: dict[str, dict[str, Any]] = {
    "default": {},
    "Chinese, light, row vectors": {"language": "zh", "theme": "light", "notation": "row"},
    "without numbers and captions": {"numbers": False, "captions": "off", "notation": "nielsen"},
}
CHOSEN = CASES if os.environ.get("ALL_CASES") else ["default", "Chinese, light, row vectors"]


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for what the typesetter leaves behind."""
    return tmp_path_factory.mktemp("media")


@pytest.mark.parametrize("name", CHOSEN)
def test_every_still_is_in_order(name: str, media: Path) -> None:
    with recorded() as drawn:
        scene, faults = perform(MatrixMultiplyGradient, CASES[name], media)
    assert faults == []
    assert unfounded(scene, drawn) == []
    assert len(scene.beats) >= 5
    assert 20 < scene.time < 120
    texts = {getattr(formula, "to_text", str)() for formula in drawn.formulas}
    assert {"D = W X", "∂E/∂W = ∂E/∂D Xᵀ", "∂E/∂X = Wᵀ ∂E/∂D"} <= texts


def test_what_is_said_is_so() -> None:
    given = example_product()
    assert (given.W @ given.X).shape == (5, 3)
    first = given.attempts("W")[0]
    assert (first.left.shape.columns, first.right.shape.rows) == (3, 10)
    assert sum(a.fits for a in given.attempts("W")) == 2
    entry = given.backward("W").entry(1, 1)
    assert entry.value == pytest.approx(float(given.gradient[0] @ given.X[0]))
    assert sum(given.check(letter).agreeing for letter in "WX") == 80
    assert np.allclose(given.backward("X").value, given.W.T @ given.gradient)

"""The gradients of a matrix product: what the lesson draws is executed, and every still is in order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bpmath.product_gradients import example_product
from scenes.matrix_gradients import MatrixMultiplyGradient
from tests.scenes.lessons import perform, some

CASES: dict[str, dict[str, Any]] = {
    "default": {},
    "Chinese, light, row vectors": {"language": "zh", "theme": "light", "notation": "row"},
    "without numbers and captions": {"numbers": False, "captions": "off", "notation": "nielsen"},
}


@pytest.mark.parametrize("name", some(CASES, 2))
def test_every_still_is_in_order(name: str, media: Path) -> None:
    performance = perform(MatrixMultiplyGradient, CASES[name], media)
    scene = performance.lesson
    performance.check()
    assert 20 < scene.time < 120
    assert {"D = W X", "∂E/∂W = ∂E/∂D Xᵀ", "∂E/∂X = Wᵀ ∂E/∂D"} <= performance.texts


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

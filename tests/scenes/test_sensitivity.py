"""Nudged inputs of three gates: the numbers of the lesson, and every still in every setting."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bpmath.symbols import Symbol
from scenes.sensitivity import SensitivityOfGates
from tests.scenes.lessons import perform, some

X, Y = Symbol("x"), Symbol("y")
CASES: dict[str, dict[str, Any]] = {
    "default": {},
    "Chinese, light, row vectors": {"language": "zh", "theme": "light", "notation": "row"},
    "without numbers and captions": {"numbers": False, "captions": "off", "notation": "nielsen"},
    "an expression of the user's": {"expression": {"formula": "2 * a", "at": {"a": 1}}},
}


@pytest.mark.parametrize("name", some(CASES, 2))
def test_every_still_is_in_order(name: str, media: Path) -> None:
    performance = perform(SensitivityOfGates, CASES[name], media)
    scene = performance.lesson
    performance.check()
    assert 20 < scene.time < 120
    assert isinstance(scene, SensitivityOfGates)
    # f = x y at 4, -3; x + y at 4, -3; max(x, y) at 4, 2.
    values = {kind: trace["f"] for kind, trace in scene.by_kind.items()}
    assert values == {"multiply": -12, "add": 1, "max": 4}
    slopes = [scene.slope(kind, symbol).value for kind in scene.by_kind for symbol in (X, Y)]
    assert slopes == [-3, 4, 1, 1, 1, 0]
    assert {"f = x y", "∂f/∂x = y", "∂f/∂y = x", "∂f/∂y = 0", "f = max(x, y)"} <= performance.texts
    assert "(f(x, y + h) - f(x, y))/h = 0.5" in performance.texts


def test_the_output_moves_by_the_derivative_times_the_nudge(media: Path) -> None:
    scene = SensitivityOfGates(settings=None)
    scene.prepare()
    for number in range(2):
        nudge = scene.nudge("multiply", X, number)
        assert nudge.change == pytest.approx(-3 * nudge.h)
    assert scene.nudge("max", Y, 0).change == 2

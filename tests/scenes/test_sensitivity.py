"""Nudged inputs of three gates: the numbers of the lesson, and every still in every setting."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from bpmath.symbols import Symbol
from scenes.sensitivity import SensitivityOfGates
from tests.scenes.drawn import recorded, unfounded
from tests.scenes.lessons import perform

X, Y = Symbol("x"), Symbol("y")
CASES: dict[str, dict[str, Any]] = {
    "default": {},
    "Chinese, light, row vectors": {"language": "zh", "theme": "light", "notation": "row"},
    "without numbers and captions": {"numbers": False, "captions": "off", "notation": "nielsen"},
    "an expression of the user's": {"expression": {"formula": "2 * a", "at": {"a": 1}}},
}
CHOSEN = CASES if os.environ.get("ALL_CASES") else ["default", "Chinese, light, row vectors"]


@pytest.fixture(scope="module")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for what the typesetter leaves behind."""
    return tmp_path_factory.mktemp("media")


@pytest.mark.parametrize("name", CHOSEN)
def test_every_still_is_in_order(name: str, media: Path) -> None:
    with recorded() as drawn:
        scene, faults = perform(SensitivityOfGates, CASES[name], media)
    assert faults == []
    assert unfounded(scene, drawn) == []
    assert len(scene.beats) >= 5
    assert 20 < scene.time < 120
    assert isinstance(scene, SensitivityOfGates)
    # f = x y at 4, -3; x + y at 4, -3; max(x, y) at 4, 2.
    values = {kind: trace["f"] for kind, trace in scene.by_kind.items()}
    assert values == {"multiply": -12, "add": 1, "max": 4}
    slopes = [scene.slope(kind, symbol).value for kind in scene.by_kind for symbol in (X, Y)]
    assert slopes == [-3, 4, 1, 1, 1, 0]
    texts = {getattr(formula, "to_text", str)() for formula in drawn.formulas}
    assert {"f = x y", "∂f/∂x = y", "∂f/∂y = x", "∂f/∂y = 0", "f = max(x, y)"} <= texts
    assert "(f(x, y + h) - f(x, y))/h = 0.5" in texts


def test_the_output_moves_by_the_derivative_times_the_nudge(media: Path) -> None:
    scene = SensitivityOfGates(settings=None)
    scene.prepare()
    for number in range(2):
        nudge = scene.nudge("multiply", X, number)
        assert nudge.change == pytest.approx(-3 * nudge.h)
    assert scene.nudge("max", Y, 0).change == 2

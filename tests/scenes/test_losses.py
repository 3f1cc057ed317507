"""The lessons about losses: the numbers that they draw, whose network they show, and every line of theirs."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import bpmath as bp
from bpmath.notation import NOTATIONS
from scenes.losses import BinaryCrossEntropy, MeanSquaredError, SoftmaxCrossEntropy
from scenes.settings import settings_from
from scenes.stage.captions import LANGUAGES
from scenes.stage.layout import MOST_CLASSES
from scenes.stage.lesson import Lesson
from tests.scenes.lessons import Performance, perform, some


def sigmoid(z: Any) -> Any:
    return 1 / (1 + np.exp(-z))


def softmax(z: Any) -> Any:
    return np.exp(z) / np.exp(z).sum()


def assert_drawn(performance: Performance, *numbers: float) -> None:
    """Assert that numbers stand in an equation or beside a curve."""
    drawn = list(performance.drawn.numbers)
    for formula in performance.drawn.formulas:
        if hasattr(formula, "value"):
            drawn += np.ravel(formula.value).tolist()
    for number in numbers:
        assert np.isclose(drawn, number, rtol=1e-9).any(), number


def whose(lesson: type[Lesson], given: dict[str, Any]) -> str:
    scene = lesson(settings=settings_from(given))
    scene.setup()
    found: str = scene.whose  # type: ignore[attr-defined]
    return found


# -- by hand ----------------------------------------------------------------------------------------------


def test_the_mean_squared_error_by_hand(media: Path) -> None:
    performance = perform(MeanSquaredError, {}, media)
    performance.check()
    a = sigmoid(np.array([[0.9, -1.6], [1.2, 0.5], [-0.7, 1.1]]) @ [0.4, 0.8] + [0.2, -0.3, 0.1])
    y = np.array([0.9, 0.5, 0.2])
    slope, bend = 2 / 3 * (a - y), a * (1 - a)
    z = np.log(a / (1 - a))
    assert_drawn(performance, a[0], (a[0] - y[0]) ** 2 / 3, slope[0], *(slope * bend))
    # Beside it, half the square, and that behind an output that is its weighted sum.
    assert_drawn(performance, (a[0] - y[0]) * bend[0], z[0] - y[0])
    assert {
        "δ₁⁽¹⁾ = ∂e₁/∂a₁⁽¹⁾ · ∂a₁⁽¹⁾/∂z₁⁽¹⁾",
        "δ₁⁽¹⁾ = (2 (a₁⁽¹⁾ - y₁))/3 σ'(z₁⁽¹⁾)",
        "δ₁⁽¹⁾ = (2 (a₁⁽¹⁾ - y₁))/3 a₁⁽¹⁾ (1 - a₁⁽¹⁾)",
        "-0.0841 = (2 (0.327 - 0.9))/3 · 0.327 · (1 - 0.327)",
        "δ₁⁽¹⁾ = a₁⁽¹⁾ - y₁",
    } <= performance.texts


def test_binary_cross_entropy_by_hand(media: Path) -> None:
    performance = perform(BinaryCrossEntropy, {}, media)
    performance.check()
    a = sigmoid(np.array([[0.9, -1.6], [1.2, 0.5]]) @ [0.4, 0.8] + [-0.6, 0.7])
    assert_drawn(performance, a[0], -np.log(a[0]), -1 / a[0], a[0] - 1, a[1])
    assert_drawn(performance, (a[0] - 1) * a[0] * (1 - a[0]))
    assert {
        "δ₁⁽¹⁾ = - (y₁/a₁⁽¹⁾ - (1 - y₁)/(1 - a₁⁽¹⁾)) σ'(z₁⁽¹⁾)",
        "δ₁⁽¹⁾ = (a₁⁽¹⁾ - y₁)/(a₁⁽¹⁾ (1 - a₁⁽¹⁾)) σ'(z₁⁽¹⁾)",
        "δ₁⁽¹⁾ = (a₁⁽¹⁾ - y₁)/(a₁⁽¹⁾ (1 - a₁⁽¹⁾)) a₁⁽¹⁾ (1 - a₁⁽¹⁾)",
        "δ₁⁽¹⁾ = a₁⁽¹⁾ - y₁",
        "δ⁽¹⁾ = a⁽¹⁾ - y",
        "[-0.821; 0.829] = [0.179; 0.829] - [1; 0]",
    } <= performance.texts


def test_softmax_cross_entropy_by_hand(media: Path) -> None:
    performance = perform(SoftmaxCrossEntropy, {}, media)
    performance.check()
    logits = np.array([[0.5, 0.4], [1.2, 0.9], [-0.8, -0.6]]) @ [0.4, 0.8] + [-0.1, 0.1, 0.2]
    p = softmax(logits)
    assert_drawn(performance, *logits, *p, p[0] * (1 - p[0]), -p[1] * p[0], -np.log(p[0]), p[0] - 1)
    assert_drawn(performance, *np.ravel(np.diag(p) - np.outer(p, p)))
    assert {
        "p₁ + p₂ + p₃ = 1",
        "∂p₁/∂a₁⁽¹⁾ = p₁ (1 - p₁)",
        "∂p₂/∂a₁⁽¹⁾ = - p₂ p₁",
        "e₁ = - y₁ ln(p₁)",
        "∂E/∂a₁⁽¹⁾ = ∂e₁/∂p₁ · ∂p₁/∂a₁⁽¹⁾ + ∂e₂/∂p₂ · ∂p₂/∂a₁⁽¹⁾ + ∂e₃/∂p₃ · ∂p₃/∂a₁⁽¹⁾",
        "∂E/∂a₁⁽¹⁾ = - y₁/p₁ p₁ (1 - p₁) + y₂/p₂ p₂ p₁ + y₃/p₃ p₃ p₁",
        "∂E/∂a₁⁽¹⁾ = - y₁ (1 - p₁) + y₂ p₁ + y₃ p₁",
        "∂E/∂a₁⁽¹⁾ = y₁ p₁ + y₂ p₁ + y₃ p₁ - y₁",
        "∂E/∂a₁⁽¹⁾ = (y₁ + y₂ + y₃) p₁ - y₁",
        "∂E/∂a₁⁽¹⁾ = p₁ - y₁",
        "-0.735 = 0.265 - 1",
        "δ⁽¹⁾ = p - y",
    } <= performance.texts


def test_the_probabilities_of_a_moved_logit() -> None:
    scene = SoftmaxCrossEntropy(settings=settings_from({}))
    scene.setup()
    scene.prepare()
    before, after = scene.softmax.probabilities, scene.moved.probabilities
    assert scene.moved.at[0] > scene.softmax.at[0]
    assert after[0] > before[0]
    assert (after[1:] < before[1:]).all()
    np.testing.assert_allclose(after, softmax(scene.moved.at))


# -- whose network ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("lesson", [MeanSquaredError, BinaryCrossEntropy, SoftmaxCrossEntropy])
def test_the_network_of_the_user_is_shown_if_it_has_the_loss(lesson: Any) -> None:
    own = {"network": {"sizes": [2, 3, 2], "loss": lesson.loss}}
    assert whose(lesson, own) == ""
    assert whose(lesson, {}) == "example"
    scene = lesson(settings=settings_from(own))
    scene.setup()
    assert scene.derivation.network == bp.Network.random((2, 3, 2), loss=lesson.loss)


def test_what_has_saturated_is_not_shown() -> None:
    wrong = {"weights": [[[900.0]]], "biases": [[0.0]], "loss": "binary_cross_entropy"}
    assert whose(BinaryCrossEntropy, {"network": wrong, "sample": {"x": [1], "y": [1]}}) == "example"
    sure = {"weights": [[[900.0], [-900.0]]], "biases": [[0.0, 0.0]], "loss": "softmax_cross_entropy"}
    # What is impossible and not asked for has an error of 0; what is asked for has none that is finite.
    assert whose(SoftmaxCrossEntropy, {"network": sure, "sample": {"x": [1], "y": [1, 0]}}) == ""
    assert whose(SoftmaxCrossEntropy, {"network": sure, "sample": {"x": [1], "y": [0, 1]}}) == "example"


@pytest.mark.parametrize(("classes", "expected"), [(1, "example"), (2, ""), (MOST_CLASSES + 1, "example")])
def test_how_many_classes_there_may_be(classes: int, expected: str) -> None:
    network = {"sizes": [2, classes], "loss": "softmax_cross_entropy"}
    assert whose(SoftmaxCrossEntropy, {"network": network}) == expected


# -- networks that have the loss --------------------------------------------------------------------------

NETWORKS: dict[str, tuple[type[Lesson], dict[str, Any]]] = {
    "many outputs, no activation": (
        MeanSquaredError,
        {"network": {"sizes": [20, 30, 40], "loss": "mean_squared_error", "activation": "identity"}},
    ),
    "one output": (
        BinaryCrossEntropy,
        {"network": {"sizes": [3, 1], "loss": "binary_cross_entropy"}, "numbers": False},
    ),
    "four classes, in rows": (
        SoftmaxCrossEntropy,
        {"network": {"sizes": [3, 4, 4], "loss": "softmax_cross_entropy"}, "notation": "row"},
    ),
    "leaky": (
        MeanSquaredError,
        {
            "network": {"sizes": [2, 4], "loss": "mean_squared_error", "activation": "leaky_relu"},
            "language": "zh",
            "theme": "light",
        },
    ),
    "many outputs": (
        BinaryCrossEntropy,
        {
            "network": {"sizes": [30, 20, 60], "loss": "binary_cross_entropy"},
            "notation": "row",
            "captions": "off",
        },
    ),
    "soft targets": (
        SoftmaxCrossEntropy,
        {
            "network": {"sizes": [2, 3], "loss": "softmax_cross_entropy"},
            "sample": {"x": [0.5, -0.4], "y": [0.2, 0.5, 0.3]},
            "theme": "light",
        },
    ),
    "large logits": (
        SoftmaxCrossEntropy,
        {
            "network": {
                "weights": [[[12.0, 1.0], [-9.0, 3.0], [1.0, 1.0]]],
                "biases": [[0.0, 0.0, 0.1]],
                "loss": "softmax_cross_entropy",
            },
            "sample": {"x": [1, 1], "y": [0, 1, 0]},
        },
    ),
    "a hundred classes": (
        SoftmaxCrossEntropy,
        {"network": {"sizes": [4, 100], "loss": "softmax_cross_entropy"}, "language": "zh"},
    ),
    "five classes, no numbers": (
        SoftmaxCrossEntropy,
        {
            "network": {"sizes": [2, 5], "loss": "softmax_cross_entropy", "seed": 3},
            "notation": "nielsen",
            "numbers": False,
        },
    ),
}


@pytest.mark.parametrize("name", some(NETWORKS, 3))
def test_every_still_is_in_order(name: str, media: Path) -> None:
    lesson, given = NETWORKS[name]
    performance = perform(lesson, given, media)
    performance.check()
    derivation = performance.lesson.derivation
    deltas = derivation.gradients.delta[derivation.network.layers]
    assert any(
        hasattr(formula, "value") and np.allclose(np.ravel(formula.value)[: len(deltas)], deltas)
        for formula in performance.drawn.formulas
    )


# Every loss in every notation and language; the first six have each of them at least once.
LESSONS: tuple[Any, ...] = (MeanSquaredError, BinaryCrossEntropy, SoftmaxCrossEntropy)
CROSSED = sorted(
    product(range(len(LESSONS)), range(len(NOTATIONS)), range(len(LANGUAGES))),
    key=lambda numbers: sum(numbers) % 3,
)
NAMED = {
    f"{LESSONS[loss].__name__}, {list(NOTATIONS)[notation]}, {list(LANGUAGES)[language]}": (
        LESSONS[loss],
        {"notation": list(NOTATIONS)[notation], "language": list(LANGUAGES)[language]},
    )
    for loss, notation, language in CROSSED
}


def test_the_first_cases_have_every_loss_notation_and_language() -> None:
    for column in zip(*CROSSED[:6], strict=True):
        assert set(column) == set(range(max(column) + 1))
    assert len(NAMED) == len(LESSONS) * len(NOTATIONS) * len(LANGUAGES)


@pytest.mark.parametrize("name", some(NAMED, 6))
def test_every_loss_is_told_in_every_notation_and_language(name: str, media: Path) -> None:
    lesson, given = NAMED[name]
    network = {"sizes": [2, 3], "loss": lesson.loss}
    perform(lesson, {**given, "network": network}, media).check()

"""The numbers of the lessons about learning, against arithmetic by hand and plain NumPy."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import bpmath as bp
from bpmath.datasets import batch_around, xor, xor_network
from scenes.learning import BatchAverage, GradientDescentStep, LossCurve
from scenes.stage.regions import Regions
from tests.scenes.lessons import NETWORKS, Performance, perform

# The example, by hand: its numbers as they are printed in `bpmath.example`.
WEIGHTS = (
    ((-0.2, 0.5), (-0.4, 1.1)),
    ((0.7, -1.0), (-1.3, 1.4)),
    ((0.8, -0.9), (-0.3, 1.2)),
)
BIASES = ((0.3, -0.2), (0.4, 0.1), (-0.5, 0.8))
RATE = 5.0


def error_by_hand(weights: list[np.ndarray], biases: list[np.ndarray]) -> float:
    """E of the example's sample: sigmoids, half of the squared distance."""
    a = np.array([0.6, 0.8])
    for W, b in zip(weights, biases, strict=True):
        a = 1 / (1 + np.exp(-(W @ a + b)))
    return float(((a - [1.0, 0.0]) ** 2).sum() / 2)


def stepped(rate: float) -> float:
    """E after a step whose gradients are central differences."""
    parameters = [np.array(one) for one in (*WEIGHTS, *BIASES)]

    def error(changed: list[np.ndarray]) -> float:
        return error_by_hand(changed[:3], changed[3:])

    new = [one.copy() for one in parameters]
    for number, one in enumerate(parameters):
        for index in np.ndindex(one.shape):
            up, down = ([part.copy() for part in parameters] for _ in range(2))
            up[number][index] += 1e-5
            down[number][index] -= 1e-5
            new[number][index] -= rate * (error(up) - error(down)) / 2e-5
    return error(new)


@pytest.fixture(scope="module")
def step(tmp_path_factory: pytest.TempPathFactory) -> Performance:
    return perform(GradientDescentStep, {}, tmp_path_factory.mktemp("media"))


def test_e_before_and_after_the_step(step: Performance) -> None:
    before = error_by_hand([np.array(W) for W in WEIGHTS], [np.array(b) for b in BIASES])
    assert before == pytest.approx(0.502372522)
    assert any(number == pytest.approx(before, rel=1e-12) for number in step.drawn.numbers)
    assert any(number == pytest.approx(stepped(RATE), rel=1e-6) for number in step.drawn.numbers)
    assert {"E = 0.502", "E = 0.163"} <= step.texts


def test_the_rule_is_worked_out(step: Performance) -> None:
    assert "w₁₁⁽³⁾ - η · ∂E/∂w₁₁⁽³⁾ = 1.21" in step.texts
    assert "0.8 - 5 · (-0.0822) = 1.21" in step.texts
    assert "b₁⁽³⁾ - η · ∂E/∂b₁⁽³⁾ = 0.234" in step.texts


def test_every_edge_is_as_thick_as_its_weight_in_the_end(step: Performance) -> None:
    lesson = step.lesson
    for parameter in lesson.edges.parameters:
        width = lesson.edges.line(parameter).get_stroke_width()
        assert width == pytest.approx(lesson.edges.stroke(lesson.step.network.value(parameter)))


def test_too_large_a_rate_is_shown_to_be_too_large(step: Performance) -> None:
    sizes = step.lesson.sizes
    start, good, large = sizes.errors([0.0, step.lesson.good, step.lesson.large])
    assert good < start < large
    assert step.lesson.count == 4
    assert {10.0, 50.0, float(good), float(large)} <= set(step.drawn.numbers)


def test_a_derivative_of_zero_moves_nothing(tmp_path: Path) -> None:
    # The ReLU of the output is off, so that no parameter has a gradient.
    off = {"weights": [[[-1.0]]], "biases": [[-1.0]], "activation": "relu"}
    performance = perform(GradientDescentStep, {"network": off, "sample": {"x": [1], "y": [1]}}, tmp_path)
    performance.check()
    told = " ".join(beat.caption.text for beat in performance.lesson.beats)
    assert "The derivative is zero" in told
    assert "smaller" not in told


@pytest.mark.parametrize("name", ["softmax", "1-1-1"])
def test_without_numbers(name: str, tmp_path: Path) -> None:
    performance = perform(GradientDescentStep, {**NETWORKS[name], "numbers": False}, tmp_path)
    performance.check()


# -- the training run -------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Performance:
    return perform(LossCurve, {}, tmp_path_factory.mktemp("media"))


def test_the_run_is_real(run: Performance) -> None:
    course, data = run.lesson.course, xor()
    trained = bp.train(xor_network(), data.x, data.y, 0.5, 300)
    assert course.losses == trained.losses
    assert {0.0, 300.0, trained.losses[0], trained.losses[300]} <= set(run.drawn.numbers)
    stops = [number for number in run.drawn.numbers if 0 < number < 300 and number == int(number)]
    assert {trained.losses[int(stop)] for stop in stops} <= set(run.drawn.numbers)
    assert len(set(stops)) == 2


def test_the_samples_and_the_answers_are_shown(run: Performance) -> None:
    assert {"x = [0, 0, 1, 1; 0, 1, 0, 1]", "y = [0, 1, 1, 0]"} <= run.texts
    assert "a⁽²⁾ = [0.0104, 0.966, 0.969, 0.0377]" in run.texts


def test_the_picture_is_that_of_the_trained_network(run: Performance) -> None:
    lesson = run.lesson
    W, b = lesson.course.networks[-1].weights, lesson.course.networks[-1].biases
    hidden = np.tanh(lesson.plane @ W[0].T + b[0])
    answers = 1 / (1 + np.exp(-(hidden @ W[1].T + b[1])))
    expected = Regions(lesson.theme, lesson.regions.zone, lesson.regions.low, lesson.regions.high)
    side = int(len(lesson.plane) ** 0.5)
    expected.paint(answers.reshape(side, side))
    for band, other in zip(lesson.regions.bands, expected.bands, strict=True):
        assert np.allclose(band.points, other.points)


def test_the_edges_are_those_of_the_trained_network(run: Performance) -> None:
    edges, trained = run.lesson.edges, run.lesson.course.networks[-1]
    for parameter in edges.parameters:
        assert edges.line(parameter).get_stroke_width() == pytest.approx(
            edges.stroke(trained.value(parameter))
        )


def test_the_network_of_the_user_is_trained_where_it_can_be(tmp_path: Path) -> None:
    performance = perform(LossCurve, NETWORKS["2-3-3-1"], tmp_path)
    performance.check()
    assert performance.lesson.course.networks[0].sizes == (2, 3, 3, 1)


def test_a_network_that_cannot_learn_it_is_not_said_to(tmp_path: Path) -> None:
    line = {"sizes": [2, 1], "loss": "binary_cross_entropy"}
    performance = perform(LossCurve, {"network": line}, tmp_path)
    performance.check()
    assert not performance.lesson.course.learned(300)
    assert performance.lesson.beats[-1].caption.text.endswith("this network has not learned it.")


def test_a_loss_that_refuses_the_data_leads_to_another_network(tmp_path: Path) -> None:
    only_one = {"sizes": [2, 3, 1], "loss": "softmax_cross_entropy"}
    performance = perform(LossCurve, {"network": only_one}, tmp_path)
    performance.check()
    assert performance.lesson.is_own


# -- the mean of a batch ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Performance:
    return perform(BatchAverage, {}, tmp_path_factory.mktemp("media"))


def test_the_mean_is_that_of_the_four(batch: Performance) -> None:
    network, (x, y) = bp.example_network(), bp.example_sample()
    data = batch_around(network, x, y)
    singles = [
        bp.backward(bp.forward(network, *pair))[bp.w(3, 1, 1)] for pair in zip(data.x, data.y, strict=True)
    ]
    assert [round(single, 4) for single in singles] == [-0.0822, 0.0463, -0.0793, 0.0536]
    for number, single in enumerate(singles, 1):
        subscript = "₁₂₃₄"[number - 1]
        assert f"∂E{subscript}/∂w₁₁⁽³⁾ = {bp.number(single)}" in batch.texts
    assert bp.number(float(np.mean(singles))) == "-0.0154"
    assert "-0.0154 = (-0.0822 + 0.0463 + (-0.0793) + 0.0536)/4" in batch.texts


def test_the_whole_batch_gives_the_same(batch: Performance) -> None:
    assert "∂E/∂W⁽³⁾ = δ⁽³⁾ (a⁽²⁾)ᵀ" in batch.texts
    (product,) = (text for text in batch.texts if text.startswith("[-0.0154, "))
    assert product.startswith("[-0.0154, -0.0172; 0.0255, 0.0261] = [-0.0367, 0.0212, -0.0368, 0.0227; ")
    assert batch.lesson.matrices.residual < 1e-15


def test_bars_are_as_long_as_gradients(batch: Performance) -> None:
    heights = [bar.height for bar in batch.lesson.bars.bars]
    ratio = heights[0] / 0.0822
    assert heights == pytest.approx([ratio * size for size in (0.0822, 0.0463, 0.0793, 0.0536)], rel=2e-3)


def test_samples_that_agree_are_not_said_to_disagree(tmp_path: Path) -> None:
    # Of one probability the error is 0 whatever the weights are: every gradient is 0.
    single = {"network": {"sizes": [2, 1], "loss": "softmax_cross_entropy"}}
    performance = perform(BatchAverage, single, tmp_path)
    performance.check()
    told = [beat.caption.text for beat in performance.lesson.beats]
    assert not any("disagree" in text or "Opposite" in text for text in told)

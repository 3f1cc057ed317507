"""Rows beside columns: both sides are evaluated to the same numbers, and every term is seen to cross."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import bpmath as bp
from scenes.row_vectors import RowVectorConvention
from scenes.stage import layout
from tests.scenes.lessons import NETWORKS, Performance, perform


def in_rows(performance: Performance) -> set[str]:
    """Return the equations that were drawn, as they are written in rows."""
    return {formula.to_text("row") for formula in performance.drawn.formulas if hasattr(formula, "to_text")}


def test_the_example_draws_both_conventions(media: Path) -> None:
    performance = perform(RowVectorConvention, {}, media)
    performance.check()
    assert {"z⁽³⁾ = W⁽³⁾ a⁽²⁾ + b⁽³⁾", "∂E/∂W⁽³⁾ = δ⁽³⁾ (a⁽²⁾)ᵀ"} <= performance.texts
    expected = {"z³ = a² W² + b²", "δ² = (δ³ (W²)ᵀ) ⊙ σ'(z²)", "∂L/∂W² = (a²)ᵀ δ³", "δ¹ = δ³ (W²)ᵀ (W¹)ᵀ"}
    assert expected <= in_rows(performance)


def test_the_numbers_are_those_of_numpy_in_rows() -> None:
    network = bp.example_network()
    a = np.atleast_2d(bp.example_sample()[0])
    for weights, bias in zip(network.weights[:-1], network.biases[:-1], strict=True):
        a = 1 / (1 + np.exp(-(a @ weights.T + bias)))
    z = a @ network.weights[-1].T + network.biases[-1]
    lesson = RowVectorConvention(settings=None)
    lesson.setup()
    lesson.prepare()
    halves = layout.TURN_LOW_LEFT, layout.TURN_LOW_RIGHT
    found = lesson.pair(lesson.numbers_of(lesson.forward().lhs), *halves)
    assert found is not None
    np.testing.assert_allclose(found.turned.after.value, z)
    np.testing.assert_allclose(found.turned.before.value, z.T)


@pytest.mark.parametrize(("name", "beats"), [("cross-entropy", 7), ("2-2-2", 10)])
def test_networks_without_layers_between_tell_less(name: str, beats: int, media: Path) -> None:
    performance = perform(RowVectorConvention, NETWORKS[name], media)
    performance.check()
    assert len(performance.lesson.beats) == beats
    assert any("(W" in text for text in in_rows(performance)) == (name == "2-2-2")

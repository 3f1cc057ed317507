"""Equations turned from columns to rows, and the recursion of the deltas unrolled step by step."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bpmath as bp
from bpmath.equations import FalseEquation
from bpmath.matrices import MatrixSymbol
from bpmath.matrix_algebra import Hadamard, Transpose
from bpmath.rewrites import Kind
from bpmath.transposition import Transposition, transposition
from bpmath.trees import at, leaves
from bpmath.unrolling import unrolling, without_activations
from tests.bpmath.strategies import networks, samples


@given(data=st.data(), network=networks())
def test_the_general_equations_turn_to_rows(data: st.DataObject, network: bp.Network) -> None:
    derivation = bp.derive(network, *data.draw(samples(network)))
    for general in derivation.general():
        turned = transposition(general.equation)
        np.testing.assert_allclose(turned.after.value, np.asarray(general.equation.value).T)
        for origin in turned.correspondence:
            old, new = at(turned.before, origin.before[0]), at(turned.after, origin.after)
            assert type(old) is type(new)
        assert {origin.before[0] for origin in turned.correspondence} == {
            leaf.position for leaf in leaves(turned.before)
        }


def test_the_transpose_moves_from_one_factor_to_the_other() -> None:
    derivation = bp.derive(bp.example_network(), *bp.example_sample())
    before, gradient = (
        next(g for g in derivation.general() if g.name == name).at[layer]
        for name, layer in (("BP2", 2), ("BP4", 3))
    )
    assert transposition(before).after.to_text("row") == "δ² = (δ³ (W²)ᵀ) ⊙ σ'(z²)"
    assert transposition(gradient).after.to_text("row") == "∂L/∂W² = (a²)ᵀ δ³"


def test_what_is_no_transpose_is_refused() -> None:
    derivation = bp.derive(bp.example_network(), *bp.example_sample())
    equation = next(g for g in derivation.general() if g.name == "BP4").equation
    turned = transposition(equation)
    with pytest.raises(FalseEquation, match="not its transpose"):
        Transposition(turned.before, turned.before, turned.correspondence, "stand")


@given(data=st.data(), network=networks())
def test_unrolling_ends_with_the_delta_of_the_last_layer(data: st.DataObject, network: bp.Network) -> None:
    derivation = bp.derive(network, *data.draw(samples(network)))
    for layer in range(1, network.layers):
        steps = unrolling(derivation, layer)
        assert len(steps) == network.layers - layer - 1
        for before, after in itertools.pairwise(steps):
            assert before.after == after.before
        for step in steps:
            np.testing.assert_allclose(np.ravel(step.after.value), derivation.gradients.delta[layer])
            for origin in step.correspondence:
                if origin.kind is Kind.KEPT:
                    assert at(step.before, origin.before[0]) == at(step.after, origin.after)
        if steps:
            assert steps[-1].after == derivation.unrolled(layer)


def test_a_step_puts_the_formula_of_a_delta_in_its_place() -> None:
    derivation = bp.derive(bp.example_network(), *bp.example_sample())
    (step,) = unrolling(derivation, 1)
    substituted = [origin for origin in step.correspondence if origin.kind is Kind.SUBSTITUTED]
    assert {at(step.before, origin.before[0]) for origin in substituted} == {
        MatrixSymbol("delta", 2, bp.Shape(2, 1))
    }
    letters = [getattr(at(step.after, origin.after), "letter", "") for origin in substituted]
    assert letters == ["W", "delta", "z"]


def test_without_activations_only_the_matrices_stay() -> None:
    linear = without_activations(bp.example_network())
    derivation = bp.derive(linear, *bp.example_sample())
    (step,) = unrolling(derivation, 1)
    factors = step.after.rhs.factors  # type: ignore[union-attr]
    assert not any(isinstance(factor, Hadamard) for factor in factors)
    assert [type(factor) for factor in factors[:2]] == [Transpose, Transpose]
    product = linear.weights[1].T @ linear.weights[2].T @ derivation.gradients.delta[3]
    np.testing.assert_allclose(np.ravel(step.after.value), product)


@pytest.mark.parametrize("layer", [0, 3, 7])
def test_other_layers_are_refused(layer: int) -> None:
    derivation = bp.derive(bp.example_network(), *bp.example_sample())
    with pytest.raises(ValueError, match=f"layer: it is {layer}, but a layer before the last"):
        unrolling(derivation, layer)

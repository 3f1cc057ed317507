"""Equations worked out on the board: what stands there is what a calculator says."""

from __future__ import annotations

import numpy as np
import pytest

import bpmath as bp
from bpmath.algebra import Negative, Number, Sum
from bpmath.arithmetic import added, multiplied, valued
from bpmath.rewrites import Kind

NETWORK = bp.Network([[[0.5, -2.0]]], [[-0.25]], activation="tanh")
X, Y = [4.0, 3.0], [0.5]


@pytest.fixture(scope="module")
def definition() -> bp.Equation:
    """z = w x + w x + b = 0.5 4 - 2 3 - 0.25 = -4.25."""
    return bp.derive(NETWORK, X, Y).definition(bp.z(1, 1))


def test_numbers_take_the_places_of_symbols(definition: bp.Equation) -> None:
    assert valued(definition).after.to_text() == "z₁⁽¹⁾ = 0.5 · 4 + (-2) · 3 - 0.25"


def test_products_and_their_sum(definition: bp.Equation) -> None:
    products = multiplied(valued(definition).equation)
    assert products.after.to_text() == "z₁⁽¹⁾ = 2 - 6 - 0.25"
    assert added(products.equation).after.to_text() == "z₁⁽¹⁾ = -4.25"


def test_negative_numbers_are_taken_away_but_for_the_first(definition: bp.Equation) -> None:
    after = multiplied(definition).equation.rhs
    assert isinstance(after, Sum)
    assert after.terms == (Number(2.0), Negative(Number(6.0)), Negative(Number(0.25)))


def test_every_number_knows_where_it_came_from(definition: bp.Equation) -> None:
    step = multiplied(valued(definition).equation)
    assert step.origin((1, 0)).before == ((1, 0, 0), (1, 0, 1))
    assert step.origin((1, 1, 0)).before == ((1, 1, 0), (1, 1, 1))
    assert step.origin((1, 2, 0)).kind is Kind.MERGED
    assert step.origin((0,)).kind is Kind.KEPT


def test_a_single_number_stays(definition: bp.Equation) -> None:
    once = added(definition).equation
    assert added(once).after == once
    assert np.isclose(once.rhs.evaluate(once.values), -4.25)

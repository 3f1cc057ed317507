"""The colours of named matrices are those of the derivatives in whose places they stand."""

from __future__ import annotations

import pytest

import bpmath as bp
from bpmath.algebra import Derivative, Partial
from bpmath.notation import NOTATIONS, write
from bpmath.numbers import numbers
from bpmath.trees import at
from scenes.stage.factor_roles import factor_roles, role_in_networks, roles_of_values
from scenes.stage.formula import Formula, lying
from scenes.stage.theme import DARK, Role

PRODUCT = bp.Symbol("v", 1, (1, 1))


def colours(example: bp.Derivation, layer: int, notation: str = "article") -> dict[str, Role]:
    """Return the colours of the named equation of a layer by what is written there."""
    named = example.name(layer).after
    lain = lying(named, notation)
    roles = factor_roles(named, notation)
    return {write(at(lain, position), "text", notation): role for position, role in roles.items()}


@pytest.mark.parametrize("notation", NOTATIONS)
def test_the_factors_of_a_hidden_layer_are_coloured_wherever_they_stand(
    example: bp.Derivation, notation: str
) -> None:
    found = colours(example, 2, notation)
    assert set(found.values()) == {
        Role.WEIGHT_DERIVATIVE,
        Role.INPUT_DERIVATIVE,
        Role.ACTIVATION_DERIVATIVE,
    }
    transposed = {text: role for text, role in found.items() if "ᵀ" in text or "T" in text}
    assert {role for text, role in transposed.items() if "w" in text.lower()} == {Role.WEIGHT_DERIVATIVE}
    assert {role for text, role in transposed.items() if "w" not in text.lower()} == {Role.INPUT_DERIVATIVE}


def test_the_last_layer_has_the_derivative_of_the_loss(example: bp.Derivation) -> None:
    assert Role.LOSS_DERIVATIVE in colours(example, 3).values()
    assert Role.LOSS_DERIVATIVE not in colours(example, 2).values()


@pytest.mark.parametrize(
    ("term", "role"),
    [
        (Partial(PRODUCT, bp.w(1, 1, 1)), Role.INPUT_DERIVATIVE),
        (Partial(PRODUCT, bp.a(1, 1)), Role.WEIGHT_DERIVATIVE),
        (Partial(bp.a(1, 1), bp.z(1, 1)), Role.ACTIVATION_DERIVATIVE),
        (Derivative(bp.E, bp.z(1, 1)), Role.DELTA),
        (Derivative(bp.E, bp.w(1, 1, 1)), Role.TARGET),
        (Derivative(bp.E, bp.b(1, 1)), Role.TARGET),
        (Derivative(bp.E, bp.a(1, 1)), Role.LOSS_DERIVATIVE),
        (Derivative(bp.E, bp.x(1)), Role.LOSS_DERIVATIVE),
        (Derivative(bp.E, bp.e(1)), None),
        (bp.E, None),
    ],
    ids=str,
)
def test_derivatives_of_single_gates_have_the_colours_of_the_network(
    term: bp.Expression, role: Role | None
) -> None:
    assert role_in_networks(term) is role


def test_a_value_has_the_colour_of_the_term_it_is_of(example: bp.Derivation) -> None:
    rewrite = numbers(example.path_sum(bp.w(3, 1, 1)))
    before = Formula(rewrite.before, DARK, 30.0)
    roles = roles_of_values(rewrite, before)
    assert roles
    for after, role in roles.items():
        (origin,) = [one for one in rewrite.correspondence if one.after == after]
        assert {before.role_at(position) for position in origin.before} == {role}

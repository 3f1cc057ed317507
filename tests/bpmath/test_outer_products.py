"""The outer product in two steps: nothing is lost between, and every input is seen to come from its dz/dw."""

from __future__ import annotations

import numpy as np
import pytest

from bpmath.algebra import Partial, Quantity
from bpmath.derivation import Derivation, derive
from bpmath.example import example_network, example_sample
from bpmath.matrices import Cells
from bpmath.matrix_algebra import Hadamard
from bpmath.matrix_equations import MatrixEquation
from bpmath.outer_products import inputs_first
from bpmath.rewrites import Kind, Rewrite
from bpmath.symbols import a, w, z
from bpmath.trees import at


@pytest.fixture(params=[1, 2, 3])
def layer(request: pytest.FixtureRequest) -> int:
    return int(request.param)


def derivation() -> Derivation:
    return derive(example_network(), *example_sample())


def step(layer: int, name: str) -> Rewrite:
    (found,) = (rewrite for rewrite in derivation().group(layer) if rewrite.step == name)
    return found


def test_the_two_steps_lead_from_where_the_one_began_to_where_it_ended(layer: int) -> None:
    whole = step(layer, "outer")
    steps = inputs_first(whole)
    assert steps.inputs.before == whole.before
    assert steps.inputs.after == steps.outer.before
    assert steps.outer.after == whole.after
    joined = steps.inputs.then(steps.outer)
    assert {(o.after, frozenset(o.before)) for o in joined.correspondence} == {
        (o.after, frozenset(o.before)) for o in whole.correspondence
    }


def test_every_row_between_holds_the_inputs(layer: int) -> None:
    between = inputs_first(step(layer, "outer")).inputs.after
    assert isinstance(between, MatrixEquation) and isinstance(between.rhs, Hadamard)
    cells = between.rhs.factors[-1]
    assert isinstance(cells, Cells)
    assert cells.rows == ((Quantity(a(layer - 1, 1)), Quantity(a(layer - 1, 2))),) * 2
    run = derivation().run
    activations = run.a[layer - 1]
    values = cells.evaluate(between.values)
    np.testing.assert_array_equal(values, [activations] * 2)


def test_each_input_takes_the_place_of_its_own_derivative(layer: int) -> None:
    rewrite = inputs_first(step(layer, "outer")).inputs
    found = {
        (at(rewrite.before, origin.before[0]), at(rewrite.after, origin.after))
        for origin in rewrite.correspondence
        if origin.kind is Kind.SUBSTITUTED
    }
    assert found == {
        (Partial(z(layer, k), w(layer, k, j)), Quantity(a(layer - 1, j))) for k in (1, 2) for j in (1, 2)
    }


@pytest.mark.parametrize("name", ["gather", "delta", "name"])
def test_other_steps_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=f"'{name}' does not make an outer product of cells"):
        inputs_first(step(2, name))

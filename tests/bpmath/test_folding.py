"""Sums over paths that are folded up layer by layer begin with all paths and end with one delta."""

from __future__ import annotations

from itertools import pairwise

import pytest

import bpmath as bp
from bpmath.algebra import Delta
from bpmath.costs import cost_of
from bpmath.folding import fold, written_terms
from bpmath.graph import TooManyPaths
from bpmath.rewrites import Kind
from bpmath.trees import at, leaves

NETWORKS = [
    ((2, 2, 2, 2), "squared_error"),
    ((2, 3, 2), "softmax_cross_entropy"),
    ((1, 1, 1), "mean_squared_error"),
    ((4, 5, 3, 2), "squared_error"),
    ((2, 2), "binary_cross_entropy"),
]


def derivation(sizes: tuple[int, ...], loss: str) -> bp.Derivation:
    network = bp.Network.random(sizes, seed=1, loss=loss)
    return bp.derive(network, [0.3] * sizes[0], [1.0] + [0.0] * (sizes[-1] - 1))


@pytest.mark.parametrize(("sizes", "loss"), NETWORKS)
def test_folding_leads_from_all_paths_to_one_delta(sizes: tuple[int, ...], loss: str) -> None:
    found = derivation(sizes, loss)
    for parameter in (bp.w(1, 1, 1), bp.b(1, 1)):
        steps = [fold(found, parameter, layer) for layer in range(found.network.layers, 0, -1)]
        assert steps[0].before == found.path_sum(parameter)
        assert steps[-1].after == found.factor(parameter).after
        assert all(one.after == next.before for one, next in pairwise(steps))
        equations = [step.before for step in steps if isinstance(step.before, bp.Equation)]
        costs = [cost_of(equation).multiplications for equation in equations]
        assert len(costs) == len(steps)
        assert costs == sorted(costs, reverse=True)


@pytest.mark.parametrize(("sizes", "loss"), NETWORKS)
def test_every_delta_comes_from_what_it_is_equal_to(sizes: tuple[int, ...], loss: str) -> None:
    found = derivation(sizes, loss)
    for layer in range(1, found.network.layers + 1):
        step = fold(found, bp.w(1, 1, 1), layer)
        assert step.gone() == ()
        for origin in step.correspondence:
            term = at(step.after, origin.after)
            named = isinstance(term, Delta)
            assert origin.kind is (Kind.MERGED if named else Kind.KEPT)
            assert len(origin.before) > 1 or not named
        deltas = [part.term for part in leaves(step.after) if isinstance(part.term, Delta)]
        assert {delta.layer for delta in deltas if isinstance(delta, Delta)} == {layer}


def test_terms_are_counted_before_they_are_written() -> None:
    found = derivation((4, 5, 3, 2), "squared_error")
    assert [written_terms(found.network, bp.w(1, 1, 1), layer) for layer in (3, 2, 1)] == [6, 6, 3]
    with pytest.raises(TooManyPaths):
        fold(found, bp.w(1, 1, 1), 3, limit=5)


@pytest.mark.parametrize("layer", [0, 1, 4, True, "2"])
def test_a_layer_that_is_not_behind_is_refused(layer: int) -> None:
    found = derivation((2, 2, 2, 2), "squared_error")
    with pytest.raises(ValueError, match=r"^layer: .* is not behind w\(2, 1, 1\); the layers 2 to 3 are$"):
        fold(found, bp.w(2, 1, 1), layer)

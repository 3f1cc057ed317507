"""The sum over whole paths becomes the nested one, and every shared factor knows all its paths."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bpmath as bp
from bpmath.algebra import Partial, Product, Sum
from bpmath.graph import TooManyPaths
from bpmath.nesting import nest
from bpmath.rewrites import Kind
from bpmath.symbols import a, b, e, w, z
from bpmath.trees import at, leaves
from tests.bpmath.strategies import networks, samples


@st.composite
def derivations(draw: st.DrawFn) -> bp.Derivation:
    network = draw(networks(max_width=3))
    x, y = draw(samples(network))
    return bp.derive(network, x, y)


@settings(max_examples=50)
@given(derivation=derivations())
def test_it_leads_from_the_listed_paths_to_the_nested_sum(derivation: bp.Derivation) -> None:
    for layer in range(1, derivation.network.layers + 1):
        for parameter in (w(layer, 1, 1), b(layer, 1)):
            rewrite = nest(derivation, parameter)
            assert rewrite.after == derivation.path_sum(parameter)
            written = rewrite.before.operands[1]
            terms = written.terms if isinstance(written, Sum) else (written,)
            listed = [
                tuple(derivation.local(edge) for edge in path if edge.target != bp.E)
                for path in derivation.paths(parameter)
            ]
            found = [term.factors if isinstance(term, Product) else (term,) for term in terms]
            assert sorted(found, key=repr) == sorted(listed, key=repr)
            np.testing.assert_allclose(rewrite.before.value, rewrite.after.value, rtol=1e-9)


@settings(max_examples=50)
@given(derivation=derivations())
def test_every_factor_comes_from_all_its_likes_and_none_is_lost(derivation: bp.Derivation) -> None:
    rewrite = nest(derivation, w(1, 1, 1))
    used = [position for origin in rewrite.correspondence for position in origin.before]
    assert sorted(used) == [leaf.position for leaf in leaves(rewrite.before)]
    for origin in rewrite.correspondence:
        term = at(rewrite.after, origin.after)
        assert {at(rewrite.before, position) for position in origin.before} == {term}


def test_of_the_example_the_tail_is_shared() -> None:
    derivation = bp.derive(bp.example_network(), *bp.example_sample())
    rewrite = nest(derivation, w(2, 1, 1))
    assert rewrite.origin((1, 1)).before == ((1, 0, 3), (1, 1, 3))
    assert rewrite.origin((1, 1)).kind is Kind.MERGED
    assert at(rewrite.after, (1, 1)) == Partial(a(2, 1), z(2, 1))
    assert at(rewrite.after, (1, 0, 0, 0)) == Partial(e(1), a(3, 1))
    first = nest(derivation, w(1, 1, 1))
    assert len(first.origin((1, 1)).before) == 4


def test_too_much_and_nothing_is_refused() -> None:
    derivation = bp.derive(bp.example_network(), *bp.example_sample())
    with pytest.raises(TooManyPaths):
        nest(derivation, w(1, 1, 1), limit=3)
    with pytest.raises(ValueError, match="a"):
        nest(derivation, a(1, 1))

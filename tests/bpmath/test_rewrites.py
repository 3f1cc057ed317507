"""Every rewrite keeps the value, and every leaf after it knows the leaves before it."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import bpmath as bp
from bpmath.algebra import Delta, Derivative, Expression, Partial, Product, Quantity
from bpmath.grouping import TooManyEquations
from bpmath.matrices import Cells, MatrixDerivative, MatrixSymbol, Ones, Shape
from bpmath.matrix_algebra import Entrywise, Hadamard, MatrixProduct, Transpose
from bpmath.matrix_equations import EquationSystem, MatrixEquation
from bpmath.numbers import numbers
from bpmath.rewrites import Kind, Origin, Rewrite
from bpmath.trees import at, leaves
from tests.bpmath.strategies import networks, samples

OF = ("weights", "biases", "deltas")


@st.composite
def derivations(draw: st.DrawFn, max_width: int = 4) -> bp.Derivation:
    network = draw(networks(max_width=max_width))
    x, y = draw(samples(network))
    return bp.derive(network, x, y)


@pytest.fixture
def example() -> bp.Derivation:
    return bp.derive(bp.example_network(), *bp.example_sample())


def check(rewrite: Rewrite) -> None:
    """Check both invariants, independently of what the constructor checks."""
    before, after = np.squeeze(rewrite.before.value), np.squeeze(rewrite.after.value)
    np.testing.assert_allclose(after, before, rtol=1e-9, atol=0)
    assert [origin.after for origin in rewrite.correspondence] == [p.position for p in leaves(rewrite.after)]
    standing = {leaf.position for leaf in leaves(rewrite.before)}
    for origin in rewrite.correspondence:
        new = at(rewrite.after, origin.after)
        old = [at(rewrite.before, position) for position in origin.before]
        assert set(origin.before) <= standing
        if origin.kind in (Kind.KEPT, Kind.MOVED):
            assert old == [new]
        elif origin.kind is Kind.NEW:
            assert isinstance(new, Ones) and not old
        elif origin.kind is Kind.MERGED:
            named = Delta | Cells | MatrixSymbol
            assert len(old) > 1 or isinstance(new, named) or hasattr(new, "shape")
        else:
            assert all(isinstance(term, Partial) for term in old)


def all_rewrites(derivation: bp.Derivation) -> list[Rewrite]:
    layers = range(1, derivation.network.layers + 1)
    found = [derivation.factor(parameter) for parameter in derivation.network.parameters()]
    found += [derivation.delta(layer) for layer in layers]
    for layer in layers:
        for of in OF:
            found += [
                *derivation.group(layer, of),
                derivation.substitute(layer, of),
                derivation.name(layer, of),
            ]
    return found


@settings(max_examples=50)
@given(derivation=derivations(max_width=3))
def test_every_rewrite_keeps_the_value_and_knows_its_sources(derivation: bp.Derivation) -> None:
    for rewrite in all_rewrites(derivation):
        check(rewrite)


@settings(max_examples=25)
@given(derivation=derivations(max_width=3))
def test_numbers_take_the_places_of_symbols(derivation: bp.Derivation) -> None:
    for rewrite in all_rewrites(derivation):
        valued = numbers(rewrite.after)
        np.testing.assert_allclose(np.squeeze(valued.after.value), np.squeeze(rewrite.after.value), rtol=1e-9)
        assert all(isinstance(leaf.term, bp.Number | Ones) for leaf in leaves(valued.after))
        for origin in valued.correspondence:
            assert origin.kind in (Kind.SUBSTITUTED, Kind.KEPT, Kind.MOVED) and len(origin.before) == 1


@settings(max_examples=25)
@given(derivation=derivations(max_width=3))
def test_two_steps_make_one(derivation: bp.Derivation) -> None:
    for layer in range(1, derivation.network.layers + 1):
        for of in OF:
            for named in (False, True):
                steps = derivation.group(layer, of, named_left=named)
                whole = steps[0]
                for step in steps[1:]:
                    whole = whole.then(step)
                check(whole)
                assert (whole.before, whole.after) == (steps[0].before, steps[-1].after)
                assert whole.step == ", ".join(step.step for step in steps)


@settings(max_examples=25)
@given(derivation=derivations(max_width=3))
def test_in_rows_every_term_has_the_same_sources(derivation: bp.Derivation) -> None:
    for rewrite in all_rewrites(derivation):
        rows = rewrite.in_rows()
        check(rows)
        np.testing.assert_allclose(np.transpose(rows.after.value), rewrite.after.value, rtol=1e-12)
        assert _sources(rows) == _sources(rewrite)


def _sources(rewrite: Rewrite) -> Counter[str]:
    """Return what each leaf is and what it came from, vectors and W without their orientation."""
    found = [
        f"{at(rewrite.after, o.after)} {o.kind} {sorted(str(at(rewrite.before, p)) for p in o.before)}"
        for o in rewrite.correspondence
    ]
    return Counter(re.sub(r"as_row=\w+|Ones\(.*?\)\)", "", line) for line in found)


@settings(max_examples=50)
@given(derivation=derivations(max_width=3))
def test_nothing_is_lost_but_what_equals_one(derivation: bp.Derivation) -> None:
    for rewrite in all_rewrites(derivation):
        for position in rewrite.gone():
            gone = at(rewrite.before, position)
            assert isinstance(gone, Ones | Partial | bp.Number)
            if isinstance(gone, Partial):
                assert gone.wrt.letter == "b"


@given(derivation=derivations())
def test_the_factored_form_stands_for_exactly_the_paths(derivation: bp.Derivation) -> None:
    for parameter in derivation.network.parameters():
        paths = derivation.paths(parameter)
        listed = Counter(
            tuple(derivation.local(edge) for edge in path if edge.target != bp.E) for path in paths
        )
        rewrite = derivation.factor(parameter)
        assert isinstance(rewrite.before, bp.Equation) and isinstance(rewrite.after, bp.Equation)
        assert Counter(derivation.expand(rewrite.before.rhs)) == listed
        assert Counter(derivation.expand(rewrite.after.rhs)) == listed
        assert rewrite.after.rhs.operands[0] == Delta(parameter.layer or 0, parameter.indices[0])


@given(derivation=derivations())
def test_the_deltas_stand_for_the_paths_behind_them(derivation: bp.Derivation) -> None:
    for layer in range(1, derivation.network.layers + 1):
        rewrite = derivation.delta(layer)
        assert isinstance(rewrite.after, EquationSystem)
        for node, equation in enumerate(rewrite.after.operands, 1):
            paths = derivation.paths(bp.z(layer, node))
            listed = Counter(tuple(map(derivation.local, path[1:])) for path in paths)
            assert Counter(derivation.expand(equation.rhs)) == listed
            assert equation.lhs == Delta(layer, node)


@settings(max_examples=50)
@given(derivation=derivations(max_width=3))
def test_grouping_ends_at_the_gradients_of_the_backward_pass(derivation: bp.Derivation) -> None:
    back = derivation.gradients
    for layer in range(1, derivation.network.layers + 1):
        expected = {
            "weights": back.dW[layer],
            "biases": back.db[layer][:, None],
            "deltas": back.delta[layer][:, None],
        }
        for of in OF:
            steps = derivation.group(layer, of)
            assert all(first.after is second.before for first, second in pairwise(steps))
            for step in (*steps, derivation.substitute(layer, of), derivation.name(layer, of)):
                np.testing.assert_allclose(step.after.value, expected[of], rtol=1e-9, atol=1e-15)
                assert isinstance(step.after, MatrixEquation)
                step.after.check_entries()


def test_the_steps_of_a_hidden_layer_in_their_order(example: bp.Derivation) -> None:
    steps = [rewrite.step for rewrite in example.group(2)]
    expected = "gather, split, columns, factor out, product, transpose, delta, outer, name"
    assert ", ".join(steps) == expected
    last = [rewrite.step for rewrite in example.group(3)]
    assert ", ".join(last) == "gather, split, columns, factor out, delta, outer, name"
    assert ", ".join(r.step for r in example.group(2, "biases")) == (
        "gather, split, product, transpose, delta, multiply by one, name"
    )


def test_equal_columns_are_merged_into_one(example: bp.Derivation) -> None:
    columns = example.group(3)[2]
    assert isinstance(columns.after, MatrixEquation) and isinstance(columns.after.rhs, Hadamard)
    position = (1, 0, 0, 0)  # right side, first Hadamard factor, its column, first cell
    assert at(columns.after, position) == Partial(bp.e(1), bp.a(3, 1))
    assert columns.origin(position) == Origin(position, Kind.MERGED, ((1, 0, 0), (1, 0, 1)))
    assert columns.origin((1, 0, 1)).kind is Kind.NEW


def test_the_delta_of_a_path_sum_comes_from_all_but_the_last_factor(example: bp.Derivation) -> None:
    rewrite = example.factor(bp.w(3, 1, 1))
    assert rewrite.origin((1, 0)) == Origin((1, 0), Kind.MERGED, ((1, 0), (1, 1)))
    assert rewrite.origin((1, 1)) == Origin((1, 1), Kind.KEPT, ((1, 2),))
    assert rewrite.origin((0,)) == Origin((0,), Kind.KEPT, ((0,),))


def test_weights_take_the_places_of_the_derivatives_along_their_edges(example: bp.Derivation) -> None:
    rewrite = example.substitute(2)
    transposed = [part for part in leaves(rewrite.after) if part.term == Quantity(bp.w(3, 1, 2))]
    (source,) = rewrite.origin(transposed[0].position).before
    assert at(rewrite.before, source) == Partial(bp.z(3, 1), bp.a(2, 2))
    assert rewrite.origin(transposed[0].position).kind is Kind.SUBSTITUTED


def test_the_named_equation_of_a_hidden_layer(example: bp.Derivation) -> None:
    after = example.name(2).after
    assert isinstance(after, MatrixEquation) and isinstance(after.rhs, MatrixProduct)
    hadamard, activations = after.rhs.factors
    assert isinstance(hadamard, Hadamard) and isinstance(activations, Transpose)
    behind = hadamard.factors[0]
    assert isinstance(behind, MatrixProduct)
    assert [type(factor) for factor in behind.factors] == [Transpose, MatrixSymbol]


def test_rewrites_that_do_not_meet_are_not_joined(example: bp.Derivation) -> None:
    first, _, third, *_ = example.group(2)
    with pytest.raises(ValueError, match="'columns' does not begin with what 'gather' ends with"):
        first.then(third)


def test_the_left_side_gets_its_name_at_once(example: bp.Derivation) -> None:
    steps = example.group(2, named_left=True)
    name = MatrixDerivative(MatrixSymbol("W", 2, Shape(2, 2)))
    assert all(isinstance(step.after, MatrixEquation) and step.after.lhs == name for step in steps)
    assert len(steps[0].origin((0,)).before) == 4
    assert example.name(2, named_left=True).after == example.name(2).after


def test_some_nodes_of_a_wide_layer_are_grouped() -> None:
    network = bp.Network.random((50, 60, 10), seed=4)
    derivation = bp.derive(network, np.linspace(-1, 1, 50), np.linspace(0, 1, 10))
    with pytest.raises(TooManyEquations, match=r"layer 1 has 3000 .* more than the 2500"):
        derivation.group(1)
    nodes, sources = (1, 2, 60), (1, 50)
    steps = derivation.group(1, nodes=nodes, sources=sources)
    block = derivation.gradients.dW[1][np.ix_([0, 1, 59], [0, 49])]
    np.testing.assert_allclose(steps[-1].after.value, block, rtol=1e-12)
    for step in steps:
        check(step)


def test_what_is_not_there_is_refused(example: bp.Derivation) -> None:
    with pytest.raises(ValueError, match="layer: 0 is the input"):
        example.group(0)
    with pytest.raises(ValueError, match="layer: 4 is no layer of this network"):
        example.delta(4)
    with pytest.raises(ValueError, match=r"nodes: \(1, 3\) must be different nodes of layer 2, from 1 to 2"):
        example.group(2, nodes=(1, 3))
    with pytest.raises(ValueError, match="of is 'weight'"):
        example.group(2, "weight")
    with pytest.raises(ValueError, match=r"no delta is behind a\(3, 1\)"):
        example.factor(bp.a(3, 1))
    with pytest.raises(ValueError, match="no leaf stands at"):
        example.factor(bp.w(1, 1, 1)).origin((7,))


def test_a_rewrite_that_changes_the_value_is_refused(example: bp.Derivation) -> None:
    before, after = example.path_sum(bp.w(3, 1, 1)), example.path_sum(bp.w(3, 1, 2))
    origins = tuple(Origin(leaf.position, Kind.NEW) for leaf in leaves(after))
    with pytest.raises(bp.FalseEquation, match="changes the value"):
        Rewrite(before, after, origins, "wrong")


def test_a_leaf_without_an_origin_is_refused(example: bp.Derivation) -> None:
    equation = example.path_sum(bp.w(3, 1, 1))
    origins = [Origin(leaf.position, Kind.KEPT, (leaf.position,)) for leaf in leaves(equation)]
    with pytest.raises(ValueError, match="it must name the 4 leaves"):
        Rewrite(equation, equation, tuple(origins[1:]))
    with pytest.raises(ValueError, match="leads nowhere"):
        Rewrite(equation, equation, (Origin((0,), Kind.KEPT, ((5,),)), *origins[1:]))
    with pytest.raises(ValueError, match="is kept, from"):
        Rewrite(equation, equation, (Origin((0,), Kind.KEPT), *origins[1:]))


def test_of_many_paths_the_sum_is_not_written_out() -> None:
    network = bp.Network.random((2, *[9] * 12, 2), activation="tanh", seed=3)
    derivation = bp.derive(network, [0.3, -0.4], [0.1, 0.2])
    rewrite = derivation.factor(bp.w(1, 1, 1))
    assert isinstance(rewrite.before, bp.Equation)
    assert rewrite.before.rhs == Product((Derivative(bp.E, bp.z(1, 1)), Partial(bp.z(1, 1), bp.w(1, 1, 1))))
    check(rewrite)


def test_an_input_gathers_the_deltas_of_all_nodes_that_it_feeds(example: bp.Derivation) -> None:
    rewrite = example.factor(bp.x(2))
    terms: tuple[Expression, ...] = rewrite.after.rhs.operands  # type: ignore[assignment, union-attr]
    assert [term.operands[0] for term in terms] == [Delta(1, 1), Delta(1, 2)]
    assert rewrite.after.value == pytest.approx(example.gradients.dx[1])
    check(rewrite)


def test_a_slope_becomes_its_value_as_a_whole(example: bp.Derivation) -> None:
    before = next(found for found in example.general() if found.name == "BP2").at[2]
    rewrite = numbers(before, (Entrywise,))
    assert isinstance(rewrite.after, MatrixEquation)
    slopes = at(rewrite.after, (1, 1))
    assert isinstance(slopes, Cells)
    values = [cell.evaluate(example.trace) for row in slopes.rows for cell in row]
    sums = [example.trace.value(bp.z(2, k)) for k in (1, 2)]
    logistic = [1 / (1 + np.exp(-sum_)) for sum_ in sums]
    np.testing.assert_allclose(values, [s * (1 - s) for s in logistic])
    (place,) = {origin.before for origin in rewrite.correspondence if origin.after[:2] == (1, 1)}
    assert [at(before, position) for position in place] == [MatrixSymbol("z", 2, Shape(2, 1))]

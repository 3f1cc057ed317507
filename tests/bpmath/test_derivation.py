"""Path sums against the backward pass and against central differences, on random networks."""

from __future__ import annotations

import dataclasses
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bpmath as bp
from bpmath.algebra import Derivative, Expression, Partial, Product, Sum
from tests.bpmath.strategies import networks, samples


def count_products(expression: Expression) -> int:
    """Count the products that an expression has when all its brackets are multiplied out."""
    match expression:
        case Sum(terms=terms):
            return sum(count_products(term) for term in terms)
        case Product(factors=factors):
            return math.prod(count_products(factor) for factor in factors)
        case _:
            return 1


@given(data=st.data(), network=networks())
def test_path_sums_equal_the_backward_pass_for_every_parameter(
    data: st.DataObject, network: bp.Network
) -> None:
    x, y = data.draw(samples(network))
    derivation, back = bp.derive(network, x, y), bp.backward(bp.forward(network, x, y))
    for parameter in network.parameters():
        right = derivation.value(derivation.path_sum(parameter).rhs)
        assert right == pytest.approx(back[parameter], rel=1e-9, abs=1e-13)


@given(data=st.data(), network=networks())
def test_the_nested_sum_holds_every_path_once(data: st.DataObject, network: bp.Network) -> None:
    x, y = data.draw(samples(network))
    derivation = bp.derive(network, x, y)
    for parameter in network.parameters():
        paths = derivation.paths(parameter)
        assert len(set(paths)) == len(paths) == derivation.graph.count_paths(parameter)
        assert count_products(derivation.path_sum(parameter, unit_factors=True).rhs) == len(paths)


def test_the_last_layer_has_one_path_of_three_factors(example: bp.Derivation) -> None:
    equation = example.path_sum(bp.w(3, 1, 1))
    factors = (
        Partial(bp.e(1), bp.a(3, 1)),
        Partial(bp.a(3, 1), bp.z(3, 1)),
        Partial(bp.z(3, 1), bp.w(3, 1, 1)),
    )
    assert equation.lhs == Derivative(bp.E, bp.w(3, 1, 1))
    assert equation.rhs == Product(factors)


def test_the_unit_factors_are_there_when_asked_for(example: bp.Derivation) -> None:
    full = example.path_sum(bp.w(3, 1, 1), unit_factors=True)
    assert isinstance(full.rhs, Product)
    assert full.rhs.factors[0] == Partial(bp.E, bp.e(1))
    assert example.value(full.rhs.factors[0]) == 1.0


def test_branches_that_meet_share_what_comes_behind(example: bp.Derivation) -> None:
    right = example.path_sum(bp.w(2, 1, 2)).rhs
    assert isinstance(right, Product)
    assert isinstance(right.factors[0], Sum)
    assert [len(term.operands) for term in right.factors[0].terms] == [3, 3]
    assert right.factors[1:] == (Partial(bp.a(2, 1), bp.z(2, 1)), Partial(bp.z(2, 1), bp.w(2, 1, 2)))


def test_paths_double_with_every_layer(example: bp.Derivation) -> None:
    counts = [example.graph.count_paths(bp.w(layer, 1, 1)) for layer in (3, 2, 1)]
    assert counts == [1, 2, 4]


def test_too_many_paths_are_refused_with_their_number() -> None:
    network = bp.Network.random((2, 10, 10, 10, 10, 2), seed=1)
    derivation = bp.derive(network, [0.1, 0.2], [0.0, 1.0])
    with pytest.raises(bp.TooManyPaths, match=r"2000 paths lead from w\(1, 1, 1\).*limit of 100"):
        derivation.path_sum(bp.w(1, 1, 1), limit=100)


@given(data=st.data(), network=networks())
def test_every_definition_holds(data: st.DataObject, network: bp.Network) -> None:
    x, y = data.draw(samples(network))
    derivation = bp.derive(network, x, y)
    for node in derivation.graph.nodes:
        traced = derivation.trace[node.symbol]
        assert derivation.definition(node.symbol).value == pytest.approx(traced, rel=1e-10, abs=1e-13)


@given(data=st.data(), network=networks())
def test_the_graph_computes_what_the_vectorised_pass_computes(
    data: st.DataObject, network: bp.Network
) -> None:
    x, y = data.draw(samples(network))
    derivation, run = bp.derive(network, x, y), bp.forward(network, x, y)
    for layer, size in enumerate(network.sizes[1:], 1):
        traced = [derivation.trace[bp.a(layer, k)] for k in range(1, size + 1)]
        np.testing.assert_allclose(traced, run.a[layer], rtol=1e-10, atol=1e-13)
    assert derivation.trace[bp.E] == pytest.approx(run.E, rel=1e-10)


@given(data=st.data(), network=networks())
def test_local_derivatives_are_those_of_the_gates(data: st.DataObject, network: bp.Network) -> None:
    x, y = data.draw(samples(network))
    trace = bp.derive(network, x, y).trace
    for node in trace.graph.nodes:
        if node.operation is None:
            continue
        inputs = [trace[symbol] for symbol in node.inputs]
        for edge in trace.graph.edges_into(node.symbol):
            step = 1e-6
            if node.symbol.letter == "a" and abs(inputs[0]) < 1e-4:
                continue  # relu has a kink there, and no derivative to compare with
            above, below = list(inputs), list(inputs)
            above[edge.argument] += step
            below[edge.argument] -= step
            if node.operation.name == "binary_cross_entropy" and not 0 <= min(above) <= max(above) <= 1:
                continue  # outside its domain
            slope = (node.operation.value(above) - node.operation.value(below)) / (2 * step)
            assert trace.locals[edge] == pytest.approx(slope, rel=1e-5, abs=1e-7)


def test_a_batch_is_refused() -> None:
    network = bp.example_network()
    with pytest.raises(ValueError, match=r"x has shape \(3, 2\).*one sample, of shape \(2,\)"):
        bp.derive(network, np.full((3, 2), 0.5), np.full((3, 2), 0.5))


def test_an_unknown_symbol_is_refused(example: bp.Derivation) -> None:
    with pytest.raises(ValueError, match=r"w\(4, 1, 1\) does not exist: the layers .* are 1 to 3"):
        example.path_sum(bp.w(4, 1, 1))


def test_a_derivation_is_immutable(example: bp.Derivation) -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        example.network = bp.example_network()  # type: ignore[misc]

"""The four equations in every layer, the costs, the values without a graph, and multiplying out."""

from __future__ import annotations

from math import prod
from typing import cast

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bpmath as bp
from bpmath.algebra import Number, Partial, Quantity, product, total
from bpmath.costs import cost_of
from bpmath.expansion import TooManyTerms, expand, same
from bpmath.graph import Graph
from bpmath.matrices import MatrixDerivative, MatrixSymbol, Shape
from bpmath.network_paths import count_paths, following
from tests.bpmath.strategies import networks, samples


@st.composite
def derivations(draw: st.DrawFn) -> bp.Derivation:
    network = draw(networks())
    x, y = draw(samples(network))
    return bp.derive(network, x, y)


@pytest.fixture
def example() -> bp.Derivation:
    return bp.derive(bp.example_network(), *bp.example_sample())


@given(derivation=derivations())
def test_the_four_equations_hold_in_every_layer_and_entry(derivation: bp.Derivation) -> None:
    equations = {equation.name: equation for equation in derivation.general()}
    layers, back = derivation.network.layers, derivation.gradients
    assert equations["BP1"].layers == (layers,)
    assert "BP2" not in equations if layers == 1 else equations["BP2"].layers == tuple(range(1, layers))
    for layer in range(1, layers + 1):
        np.testing.assert_allclose(equations["BP3"].value[layer].ravel(), back.db[layer])
        np.testing.assert_allclose(equations["BP4"].value[layer], back.dW[layer])
        named = equations["BP1" if layer == layers else "BP2"].at[layer]
        np.testing.assert_allclose(named.value.ravel(), back.delta[layer])
    for equation in equations.values():
        assert equation.residual < 1e-9
        for instance in equation.at.values():
            instance.check_entries()


def test_a_general_equation_of_wrong_numbers_cannot_be_made(example: bp.Derivation) -> None:
    example.gradients.dW[2][0, 1] *= 1.001
    with pytest.raises(bp.FalseEquation, match="row 1, column 2"):
        example.general()


def test_no_path_is_listed_and_no_graph_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    network = bp.Network.random((784, 30, 10), activation="sigmoid", seed=0)
    derivation = bp.derive(network, np.linspace(0, 1, 784), np.eye(10)[3])

    def refuse(*arguments: object) -> None:
        raise AssertionError("a graph was built or its paths were listed")

    monkeypatch.setattr(Graph, "__init__", refuse)
    monkeypatch.setattr(Graph, "paths", refuse)
    factors = derivation.factors()
    assert len(derivation.general()) == 4
    assert len(factors) == 784 * 30 + 30 + 30 * 10 + 10
    assert factors[bp.w(1, 3, 784)].after.value == derivation.gradients[bp.w(1, 3, 784)]
    with pytest.raises(KeyError, match="does not exist"):
        factors[bp.w(3, 1, 1)]


# -- values ---------------------------------------------------------------------------------------


@given(derivation=derivations())
def test_values_without_a_graph_are_those_of_the_graph(derivation: bp.Derivation) -> None:
    values, trace = derivation.values, derivation.trace
    for node in derivation.graph.nodes:
        assert values.value(node.symbol) == pytest.approx(trace[node.symbol], rel=1e-10, abs=1e-13)
        assert following(derivation.network, node.symbol) == tuple(
            dict.fromkeys(edge.target for edge in derivation.graph.edges_from(node.symbol))
        )
        assert count_paths(derivation.network, node.symbol) == derivation.graph.count_paths(node.symbol)
        found = values.derivative(bp.E, node.symbol)
        assert found == pytest.approx(trace.reverse().derivative[node.symbol], rel=1e-9, abs=1e-12)
    for edge, local in trace.locals.items():
        assert values.partial(edge.target, edge.source) == pytest.approx(local, rel=1e-9, abs=1e-12)


@given(derivation=derivations(), data=st.data())
def test_there_is_no_local_derivative_without_an_edge(derivation: bp.Derivation, data: st.DataObject) -> None:
    symbols = [node.symbol for node in derivation.graph.nodes]
    of, wrt = data.draw(st.sampled_from(symbols)), data.draw(st.sampled_from(symbols))
    if any(edge.source == wrt for edge in derivation.graph.edges_into(of)):
        return
    with pytest.raises(ValueError, match="there is no edge"):
        derivation.values.partial(of, wrt)


def test_a_matrix_that_is_not_there_is_refused(example: bp.Derivation) -> None:
    column = Shape(2, 1)
    for layer in (0, 4):
        with pytest.raises(ValueError, match="there is no such layer"):
            example.values.matrix(MatrixSymbol("z", layer, column))
    with pytest.raises(ValueError, match="has no gradient"):
        example.values.matrix(MatrixDerivative(MatrixSymbol("y", None, column)))


# -- formulas of local derivatives ----------------------------------------------------------------


@given(derivation=derivations())
def test_every_local_derivative_has_its_formula(derivation: bp.Derivation) -> None:
    for edge in derivation.trace.locals:
        if edge.source.letter != "y":
            equation = derivation.local_formula(derivation.local(edge))
            assert equation.value == derivation.values.partial(edge.target, edge.source)
    for layer in range(1, derivation.network.layers + 1):
        derivation.slope_formula(bp.a(layer, 1))


# -- costs ----------------------------------------------------------------------------------------


@given(derivation=derivations())
def test_the_costs_are_those_of_the_written_equations(derivation: bp.Derivation) -> None:
    network = derivation.network
    multiplications = additions = paths = 0
    for parameter in network.parameters():
        terms = derivation.expand(derivation.path_sum(parameter).rhs)
        telling = [
            [f for f in term if not (isinstance(f, Partial) and f.wrt.letter == "b")] for term in terms
        ]
        multiplications += sum(len(term) - 1 for term in telling)
        additions += len(terms) - 1
        paths += len(terms)
        one = derivation.cost(parameter)
        assert one.paths == len(terms)
        assert one.by_paths == bp.Cost(sum(len(term) - 1 for term in telling), len(terms) - 1)
    costs = derivation.cost()
    assert (costs.paths, costs.by_paths) == (paths, bp.Cost(multiplications, additions))
    deltas = sum(
        (
            cost_of(cast(bp.Equation, equation))
            for layer in range(1, network.layers + 1)
            for equation in derivation.delta(layer).after.operands
        ),
        bp.Cost(),
    )
    weights = sum(array.size for array in network.weights)
    assert costs.by_deltas == deltas + bp.Cost(weights)


def test_paths_double_with_every_layer_and_deltas_do_not() -> None:
    network = bp.Network.random((2,) * 101, seed=0)
    derivation = bp.derive(network, [0.1, 0.2], [0.3, 0.4])
    cost = derivation.cost(bp.w(1, 1, 1))
    assert cost.paths == 2**99
    assert cost.by_paths.multiplications == 2**99 * 200
    assert cost.by_deltas.multiplications == 2 + 98 * 6 + 3 + 1


# -- multiplying out ------------------------------------------------------------------------------


def test_products_of_sums_are_multiplied_out() -> None:
    p, q, r = (Quantity(bp.Symbol(letter)) for letter in "pqr")
    factored = product(total((p, q)), r)
    assert expand(factored) == [(p, r), (q, r)]
    assert same(factored, total((product(r, q), product(p, r))))
    assert not same(factored, total((p, r)))
    assert not same(product(p, p), p)


def test_too_many_terms_are_refused_before_they_are_made() -> None:
    two = total((Quantity(bp.Symbol("p")), Number(2)))
    with pytest.raises(TooManyTerms, match=str(prod([2] * 200))):
        expand(product(*[two] * 200))

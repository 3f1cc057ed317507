"""A batch in matrices: against gradients sample by sample, and as it is written."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import bpmath as bp
from bpmath.batch_matrices import BatchMatrices
from bpmath.datasets import xor, xor_network
from bpmath.numbers import numbers
from tests.bpmath.strategies import networks, refused, samples


@given(data=st.data(), network=networks())
def test_the_product_adds_the_samples_up(data: st.DataObject, network: bp.Network) -> None:
    x, y = data.draw(samples(network, 4))
    batch = BatchMatrices(bp.batch_average(network, x, y))
    singles = [bp.backward(bp.forward(network, *pair)) for pair in zip(x, y, strict=True)]
    for layer in range(1, network.layers + 1):
        mean = np.mean([single.dW[layer] for single in singles], axis=0)
        equation = batch.gradient(layer)
        assert equation.rhs.evaluate(batch) == pytest.approx(mean, rel=1e-9, abs=1e-13)
        assert np.asarray(equation.value).shape == network.weights[layer - 1].shape


def test_the_largest_difference_is_found() -> None:
    network, (x, y) = bp.example_network(), bp.example_sample()
    average = bp.batch_average(network, [x, x], [y, y])
    assert BatchMatrices(average).residual <= 1e-17
    average.batch.dW[2][1, 0] += 0.25
    assert BatchMatrices(average).residual == pytest.approx(0.25)
    average.batch.db[1][1] -= 0.5
    assert BatchMatrices(average).residual == pytest.approx(0.5)


def test_the_gradient_of_one_sample() -> None:
    network, (x, y) = bp.example_network(), bp.example_sample()
    batch = BatchMatrices(bp.batch_average(network, np.array([x, [0.1, -0.5]]), [y, y]))
    second = bp.backward(bp.forward(network, [0.1, -0.5], y))
    found = batch.sample_gradient(2, bp.w(3, 1, 1))
    assert found.value == pytest.approx(second[bp.w(3, 1, 1)])
    assert found.to_text().startswith("∂E₂/∂w₁₁⁽³⁾ = ")
    with refused("E(3) is no error of this batch, which has 2 samples"):
        batch.sample_gradient(3, bp.w(3, 1, 1))


def test_samples_are_columns() -> None:
    data, network = xor(), xor_network()
    batch = BatchMatrices(bp.batch_average(network, data.x, data.y))
    assert batch.shown("a", 0).rhs.evaluate(batch).tolist() == [[0, 0, 1, 1], [0, 1, 0, 1]]
    assert batch.shown("y").rhs.evaluate(batch).tolist() == [[0, 1, 1, 0]]
    run = bp.forward(network, data.x, data.y)
    assert np.array_equal(batch.shown("a", 2).rhs.evaluate(batch), run.a[2].T)
    assert np.array_equal(batch.shown("z", 1).rhs.evaluate(batch), run.z[1].T)
    assert batch.shown("z", 1).entry(2, 3).value == run.z[1][2, 1]


def test_it_is_written_like_the_equation_of_one_sample() -> None:
    network, (x, y) = bp.example_network(), bp.example_sample()
    batch = BatchMatrices(bp.batch_average(network, [x, x], [y, y]))
    (single,) = (found for found in bp.derive(network, x, y).general() if found.name == "BP4")
    for notation in bp.NOTATIONS:
        assert batch.gradient(3).to_text(notation) == single.at[3].to_text(notation)
    assert numbers(batch.gradient(3)).after.to_text().count("[") == 3
    assert batch.value(bp.E) == pytest.approx(bp.forward(network, x, y).E)
    assert batch.value(bp.w(3, 1, 1)) == 0.8
    one = bp.backward(bp.forward(network, x, y))
    assert batch.derivative(bp.E, bp.w(3, 1, 1)) == pytest.approx(one[bp.w(3, 1, 1)])


def test_what_is_not_there_is_refused() -> None:
    network, (x, y) = bp.example_network(), bp.example_sample()
    batch = BatchMatrices(bp.batch_average(network, [x, x], [y, y]))
    with refused("matrix: "):
        batch.matrix(bp.MatrixSymbol("b", 1, bp.Shape(2, 2)))
    with pytest.raises(ValueError, match="no local derivative"):
        batch.partial(bp.E, bp.e(1))

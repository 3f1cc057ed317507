"""The matrices of a batch, one sample in each column: the backward pass for all samples at once.

    x        (n0, samples)      every column a sample
    delta    (n_l, samples)     every column the deltas of a sample, over the number of samples
    dE/dW^(l) = delta^(l) (a^(l-1))^T

It is BP4 with matrices in the place of vectors: the product itself adds the samples up.  In the row notation
the samples lie in rows.

Source: Nielsen, Neural Networks and Deep Learning, 2015, chapter 2, "Fully matrix-based approach".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter

import numpy as np

from bpmath.algebra import Derivative, Number
from bpmath.descent import BatchAverage, sample_error
from bpmath.equations import Equation
from bpmath.matrices import Array, MatrixDerivative, MatrixSymbol, Shape
from bpmath.matrix_algebra import MatrixProduct, Transpose
from bpmath.matrix_equations import MatrixEquation
from bpmath.numbers import matrix_of
from bpmath.symbols import Symbol


@dataclass(frozen=True, eq=False)
class BatchMatrices:
    """What the passes of a batch found, by the names of its matrices; equations are executed on it."""

    average: BatchAverage

    def vectors(self, letter: str, layer: int | None = None) -> MatrixSymbol:
        """Return the name of all columns of one kind: a, z or delta of a layer, or y; a of layer 0 is x."""
        sizes = self.average.batch.run.network.sizes
        rows = sizes[-1] if layer is None else sizes[layer]
        return MatrixSymbol(letter, layer, Shape(rows, len(self.average.samples)))

    def weights(self, layer: int) -> MatrixSymbol:
        """Return W of a layer."""
        sizes = self.average.batch.run.network.sizes
        return MatrixSymbol("W", layer, Shape(sizes[layer], sizes[layer - 1]))

    def shown(self, letter: str, layer: int | None = None) -> MatrixEquation:
        """Return a matrix of columns = its numbers."""
        name = self.vectors(letter, layer)
        return MatrixEquation(name, matrix_of(self.matrix(name)), self)

    def gradient(self, layer: int) -> MatrixEquation:
        """Return dE/dW = delta a^T of a layer, over all samples at once."""
        columns = MatrixProduct((self.vectors("delta", layer), Transpose(self.vectors("a", layer - 1))))
        return MatrixEquation(MatrixDerivative(self.weights(layer)), columns, self)

    @property
    def residual(self) -> float:
        """The largest difference of any gradient of the batch from the mean over its samples."""
        batch, singles = self.average.batch, self.average.samples
        differences = [
            np.abs(found[layer] - np.mean([of(single)[layer] for single in singles], axis=0)).max()
            for of in (attrgetter("dW"), attrgetter("db"))
            for found in (of(batch),)
            for layer in found
        ]
        return float(max(differences))

    def sample_gradient(self, sample: int, parameter: Symbol) -> Equation:
        """Return dE_k/dw = its number, for one sample; ValueError when there is no such sample."""
        derivative = Derivative(sample_error(sample), parameter)
        return Equation(derivative, Number(derivative.evaluate(self)), self)

    def value(self, symbol: Symbol) -> float:
        """Return a weight or bias, E, E_k of one sample, or an entry of a column."""
        letter, layer = symbol.letter, symbol.layer or 0
        if letter != "w" and len(symbol.indices) > 1:
            row, sample = symbol.indices
            return float(self._columns(layer)[letter]()[row - 1, sample - 1])
        return self.average.value(symbol)

    def partial(self, of: Symbol, wrt: Symbol, occurrence: int = 0) -> float:
        """Refuse, as the mean of a batch does."""
        return self.average.partial(of, wrt, occurrence)

    def derivative(self, of: Symbol, wrt: Symbol) -> float:
        """Return dE/dw of the batch, or dE_k/dw of one sample."""
        return self.average.derivative(of, wrt)

    def matrix(self, name: MatrixSymbol | MatrixDerivative) -> Array:
        """Return a whole matrix by its name; ValueError when the batch has none of that name."""
        batch = self.average.batch
        layer = (name.layer if isinstance(name, MatrixSymbol) else name.wrt.layer) or 0
        if isinstance(name, MatrixDerivative):
            found = {"W": lambda: batch.dW[layer]}.get(name.wrt.letter)
        else:
            found = self._columns(layer).get(name.letter)
        if found is None or not 0 <= layer <= batch.run.network.layers:
            raise ValueError(f"matrix: {name} is no matrix of this batch")
        return found()

    def _columns(self, layer: int) -> dict[str, Callable[[], Array]]:
        batch = self.average.batch
        return {
            "W": lambda: batch.run.network.weights[layer - 1],
            "a": lambda: batch.run.a[layer].T,
            "z": lambda: batch.run.z[layer].T,
            "delta": lambda: batch.delta[layer].T,
            "y": lambda: batch.run.y.T,
        }

"""The matrix equations of a layer in names, and the four equations that hold for every layer.

    BP1   delta^(L) = dE/da^(L) * f'(z^(L))                       the last layer
    BP2   delta^(l) = ((W^(l+1))^T delta^(l+1)) * f'(z^(l))       the layers before it
    BP3   dE/db^(l) = delta^(l)                                   every layer
    BP4   dE/dW^(l) = delta^(l) (a^(l-1))^T                       every layer

`*` is the product entry by entry; where f is the identity, f' = 1 is left out.

Source: Nielsen, Neural Networks and Deep Learning, 2015, chapter 2.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeVar

import numpy as np

from bpmath.activations import activation_named
from bpmath.algebra import Function
from bpmath.equations import Written
from bpmath.matrices import Array, MatrixDerivative, MatrixExpression, MatrixSymbol, Shape
from bpmath.matrix_algebra import Entrywise, Hadamard, MatrixProduct, Transpose, outer
from bpmath.matrix_equations import MatrixEquation
from bpmath.network import Network
from bpmath.network_values import NetworkValues

Leaf = TypeVar("Leaf", MatrixSymbol, MatrixDerivative)
Record = Callable[[MatrixExpression, str], MatrixExpression]
GENERIC = "f"


def _as_it_is(leaf: MatrixExpression, piece: str) -> MatrixExpression:
    return leaf


@dataclass(frozen=True)
class Names:
    """The named matrices of a network, vectors as columns.

    `record` sees every name as it is used, with the piece of the equation that it names: "left", "front",
    "behind", "slope", "delta" or "input".
    """

    network: Network
    record: Record = _as_it_is

    def vector(self, letter: str, layer: int) -> MatrixSymbol:
        """Return the column b, z, a or delta of a layer; a of layer 0 is x."""
        return MatrixSymbol(letter, layer, Shape(self.network.sizes[layer], 1))

    def weights(self, layer: int) -> MatrixSymbol:
        """Return W of a layer."""
        return MatrixSymbol("W", layer, Shape(self.network.sizes[layer], self.network.sizes[layer - 1]))

    def front(self, layer: int) -> MatrixExpression:
        """Return dE/da of a layer: by the loss in the last one, else W^T delta of the layer behind."""
        if layer == self.network.layers:
            return self.record(MatrixDerivative(self.vector("a", layer)), "behind")
        behind = self.record(self.weights(layer + 1), "front")
        return MatrixProduct((Transpose(behind), self.record(self.vector("delta", layer + 1), "behind")))

    def delta(self, layer: int, slope: Function | None = None) -> MatrixExpression:
        """Return BP1 or BP2's right-hand side; `slope` takes the place of the activation's own f'."""
        activation = activation_named(self.network.activations[layer - 1])
        if activation.name == "identity" and slope is None:
            return self.front(layer)
        front = self.front(layer)
        inner = self.record(self.vector("z", layer), "slope")
        return Hadamard((front, Entrywise(slope or activation.slope, inner)))

    def unrolled(self, layer: int, behind: int | None = None) -> MatrixExpression:
        """Return delta of a layer with every delta on the way to one behind it by its own formula.

        By default the one behind is that of the last layer.
        """
        if layer == (behind or self.network.layers):
            return self.vector("delta", layer)
        inner = self.unrolled(layer + 1, behind)
        factors = inner.factors if isinstance(inner, MatrixProduct) else (inner,)
        front = MatrixProduct((Transpose(self.weights(layer + 1)), *factors))
        activation = activation_named(self.network.activations[layer - 1])
        if activation.name == "identity":
            return front
        return Hadamard((front, Entrywise(activation.slope, self.vector("z", layer))))

    def left(self, layer: int, of: str) -> MatrixExpression:
        """Return dE/dW, dE/db or delta of a layer."""
        if of == "deltas":
            return self.record(self.vector("delta", layer), "left")
        matrix = self.weights(layer) if of == "weights" else self.vector("b", layer)
        return self.record(MatrixDerivative(matrix), "left")

    def times_input(self, column: MatrixExpression, layer: int, of: str) -> MatrixExpression:
        """Return the column times dz/dW, the transposed activation, or times dz/db = 1."""
        if of != "weights":
            return column
        return outer(column, self.record(self.vector("a", layer - 1), "input"))


@dataclass(frozen=True)
class GeneralEquation(Written):
    """One equation that holds in many layers, executed in each; written with l, l-1, l+1 and L for numbers.

    `at[2]` is the equation of layer 2.
    """

    name: str
    at: Mapping[int, MatrixEquation]
    letters: Mapping[int, str]
    written_at: int

    @property
    def layers(self) -> tuple[int, ...]:
        """The layers that it holds in."""
        return tuple(self.at)

    @property
    def equation(self) -> MatrixEquation:
        """The equation in the layer whose numbers the letters stand for."""
        return self.at[self.written_at]

    @property
    def value(self) -> dict[int, Array]:
        """The value of the left-hand side, by layer."""
        return {layer: equation.value for layer, equation in self.at.items()}

    @property
    def residual(self) -> float:
        """The largest |lhs - rhs| of any entry in any layer."""
        return max(float(np.abs(equation.residual).max()) for equation in self.at.values())

    def _write(self, language: str, notation: str) -> str:
        from bpmath.notation import write

        return write(self.equation, language, notation, layers=self.letters)


@dataclass(frozen=True)
class General:
    """Makes the general equations of a network; each instance is executed when it is made."""

    values: NetworkValues

    @cached_property
    def network(self) -> Network:
        """The network they hold in."""
        return self.values.gradients.run.network

    def equations(self) -> tuple[GeneralEquation, ...]:
        """Return BP1 to BP4; a network of one layer has no BP2."""
        last = self.network.layers
        hidden, every = range(1, last), range(1, last + 1)
        slope = self._common_slope()
        found = [
            self._general("BP1", "deltas", (last,), {last: "L"}, last),
            self._general("BP2", "deltas", hidden, {1: "l", 2: "l+1"}, 1, slope) if hidden else None,
            self._general("BP3", "biases", every, {last: "l"}, last),
            self._general("BP4", "weights", every, {last: "l", last - 1: "l-1"}, last),
        ]
        return tuple(equation for equation in found if equation is not None)

    def _common_slope(self) -> str | None:
        """Return the generic name f' when the hidden layers have different activations."""
        return GENERIC if len(set(self.network.activations[:-1])) > 1 else None

    def _general(
        self,
        name: str,
        of: str,
        layers: range | tuple[int, ...],
        letters: Mapping[int, str],
        written_at: int,
        generic: str | None = None,
    ) -> GeneralEquation:
        at = {layer: self._instance(layer, of, generic) for layer in layers}
        return GeneralEquation(name, at, letters, written_at)

    def _instance(self, layer: int, of: str, generic: str | None) -> MatrixEquation:
        names = Names(self.network)
        left = names.left(layer, of)
        if of == "deltas":
            own = activation_named(self.network.activations[layer - 1]).slope
            return MatrixEquation(
                left, names.delta(layer, replace(own, name=f"{generic}'") if generic else None), self.values
            )
        delta = names.vector("delta", layer)
        return MatrixEquation(left, names.times_input(delta, layer, of), self.values)

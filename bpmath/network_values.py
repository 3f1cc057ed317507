"""The values and local derivatives of a network's quantities, looked up in its passes: no graph is built.

A `Trace` of the network's graph holds the same numbers, each in its node; this finds them in the arrays of
the passes, so that an equation about one weight of a large network costs no more than that equation.

    value(z(2, 1))             from the forward pass
    partial(z(2, 1), a(1, 2))  the local derivative: dz/da = w, dz/dw = a, dz/db = 1, da/dz = f'(z), ...
    derivative(E, z(2, 1))     from the backward pass
    matrix(W of layer 2)       a whole array, vectors as columns
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from bpmath.activations import Array, activation_named
from bpmath.graph import Graph
from bpmath.losses import loss_named
from bpmath.matrices import MatrixDerivative, MatrixSymbol
from bpmath.network_graph import graph_of, input_values
from bpmath.passes import Gradients
from bpmath.symbols import E, Symbol, a
from bpmath.trace import Trace


@dataclass(frozen=True, eq=False)
class NetworkValues:
    """What the passes of one sample found, by symbol; it serves equations as a `Trace` does."""

    gradients: Gradients

    @cached_property
    def graph(self) -> Graph:
        """The network as a scalar computational graph."""
        return graph_of(self.gradients.run.network)

    @cached_property
    def trace(self) -> Trace:
        """Every value and local derivative of the graph, with the backward pass's gradients."""
        run = self.gradients.run
        trace = self.graph.evaluate(input_values(run.network, run.x, run.y))
        symbols = [node.symbol for node in self.graph.nodes if node.symbol.letter != "y"]
        return trace.with_gradients({symbol: self.gradients[symbol] for symbol in symbols})

    def value(self, symbol: Symbol) -> float:
        """Return the value of a quantity; ValueError when the network does not have it."""
        run = self.gradients.run
        match symbol:
            case Symbol("w" | "b"):
                return run.network.value(symbol)
            case Symbol("z" | "a" as letter, int(layer), (int(node),)) if layer in run.z:
                return _at(run.z[layer] if letter == "z" else run.a[layer], node, symbol)
            case Symbol("x" | "y" | "e" as letter, None, (int(node),)):
                return _at({"x": run.x, "y": run.y, "e": run.e}[letter], node, symbol)
            case Symbol("E", None, ()):
                return run.E
        raise ValueError(f"symbol: {symbol} is not a quantity of this network")

    def partial(self, of: Symbol, wrt: Symbol, occurrence: int = 0) -> float:
        """Return the local derivative of `of` with respect to its direct input `wrt`.

        Raises ValueError when there is no such edge.
        """
        if occurrence == 0:
            match of, wrt:
                case Symbol("E", None, ()), Symbol("e"):
                    self.value(wrt)
                    return 1.0
                case Symbol("e"), Symbol("a" | "y"):
                    return self._of_error(of, wrt)
                case Symbol("a", int(layer), (int(node),)), Symbol("z", same, (twin,)) if (layer, node) == (
                    same,
                    twin,
                ):
                    return _at(self._slopes(layer), node, of)
                case Symbol("z", int(), (int(),)), _:
                    return self._of_weighted_sum(of, wrt)
        raise ValueError(f"there is no edge number {occurrence} from {wrt} to {of} in this network")

    def _of_weighted_sum(self, of: Symbol, wrt: Symbol) -> float:
        layer, node = of.layer or 0, of.indices[0]
        match wrt:
            case Symbol("w", same, (to, source)) if (same, to) == (layer, node):
                self.value(wrt)
                return self.value(a(layer - 1, source))
            case Symbol("b", same, (to,)) if (same, to) == (layer, node):
                self.value(wrt)
                return 1.0
            case Symbol("a", below, (source,)) if below == layer - 1 > 0:
                return self.value(Symbol("w", layer, (node, source)))
            case Symbol("x", None, (source,)) if layer == 1:
                return self.value(Symbol("w", layer, (node, source)))
        raise ValueError(f"there is no edge number 0 from {wrt} to {of} in this network")

    def _of_error(self, of: Symbol, wrt: Symbol) -> float:
        run = self.gradients.run
        (k,), (j,) = of.indices, wrt.indices
        reads = loss_named(run.network.loss).inputs(k, run.network.sizes[-1])
        slopes = self._error_slopes(k)
        if wrt.letter == "a" and wrt.layer == run.network.layers and j in reads:
            return slopes[reads.index(j)]
        if wrt.letter == "y" and j == k:
            return slopes[-1]
        raise ValueError(f"there is no edge number 0 from {wrt} to {of} in this network")

    @cached_property
    def _known(self) -> dict[tuple[str, int], Array]:
        return {}

    def _slopes(self, layer: int) -> Array:
        """Return da/dz of a layer, of the shape of z."""
        run = self.gradients.run
        if layer not in run.z:
            raise ValueError(f"symbol: there is no layer {layer} in this network")
        activation = activation_named(run.network.activations[layer - 1])
        return self._once("slopes", layer, lambda: activation.derivative(run.z[layer]))

    def _error_slopes(self, k: int) -> list[float]:
        """Return de_k/da_j for each output that e_k reads, and de_k/dy_k last."""
        run = self.gradients.run
        _at(run.e, k, Symbol("e", None, (k,)))
        loss, output = loss_named(run.network.loss), run.a[run.network.layers]
        return self._once("error", k, lambda: np.array(loss.local_derivatives(k, output, run.y))).tolist()

    def _once(self, name: str, number: int, find: Callable[[], Array]) -> Array:
        if (name, number) not in self._known:
            self._known[name, number] = find()
        return self._known[name, number]

    def derivative(self, of: Symbol, wrt: Symbol) -> float:
        """Return the whole derivative: of E from the backward pass, of anything else by a forward sweep."""
        if of != E:
            return self.trace.derivative(of, wrt)
        return self.trace.derivative(of, wrt) if wrt.letter == "y" else self.gradients[wrt]

    def matrix(self, name: MatrixSymbol | MatrixDerivative) -> Array:
        """Return a whole matrix by its name, of shape (rows, columns), vectors as columns.

        Raises ValueError when the network has none of that name.
        """
        symbol = name if isinstance(name, MatrixSymbol) else name.wrt
        first = 0 if symbol.letter == "a" else 1
        if symbol.layer is not None and not first <= symbol.layer <= self.gradients.run.network.layers:
            raise ValueError(f"matrix: {symbol.symbol} does not exist, there is no such layer")
        arrays = self._values_of(symbol) if name is symbol else self._gradients_of(symbol)
        found = arrays.get(symbol.letter)
        if found is None:
            raise ValueError(f"matrix: {symbol.symbol} is no matrix of this network, or has no gradient")
        return found()

    def _values_of(self, name: MatrixSymbol) -> dict[str, Callable[[], Array]]:
        run, layer = self.gradients.run, name.layer or 0
        return {
            "W": lambda: run.network.weights[layer - 1],
            "b": lambda: _column(run.network.biases[layer - 1]),
            "z": lambda: _column(run.z[layer]),
            "a": lambda: _column(run.a[layer]),
            "delta": lambda: _column(self.gradients.delta[layer]),
            "x": lambda: _column(run.x),
            "y": lambda: _column(run.y),
            "e": lambda: _column(run.e),
        }

    def _gradients_of(self, name: MatrixSymbol) -> dict[str, Callable[[], Array]]:
        layer = name.layer or 0
        return {
            "W": lambda: self.gradients.dW[layer],
            "b": lambda: _column(self.gradients.db[layer]),
            "z": lambda: _column(self.gradients.delta[layer]),
            "a": lambda: _column(self.gradients.da(layer)),
            "x": lambda: _column(self.gradients.dx),
        }


def _column(vector: Array) -> Array:
    return vector[:, np.newaxis]


def _at(vector: Array, node: int, symbol: Symbol) -> float:
    if not 1 <= node <= len(vector):
        raise ValueError(f"symbol: {symbol} does not exist, for there are {len(vector)} of its kind")
    return float(vector[node - 1])

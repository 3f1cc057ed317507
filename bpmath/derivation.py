"""The story of backpropagation, told in equations that were executed.

What you can do here::

    d = derive(net, x, y)
    d.definition(z(1, 1))         z = w x + b         what a node computes
    d.path_sum(w(3, 1, 1))        dE/dw = the sum over all paths of the products along them
    d.paths(w(3, 1, 1))           the same paths, as edges of the network's graph

The left-hand sides come from the vectorised backward pass, the right-hand sides from the local
derivatives of the scalar graph: two computations that know nothing of each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from bpmath.activations import Activation, activation_named
from bpmath.algebra import Derivative, Expression, Number, Partial, Quantity, apply, product, total
from bpmath.equations import Equation
from bpmath.graph import Edge, Graph, Path
from bpmath.losses import loss_named
from bpmath.network import Network
from bpmath.network_graph import graph_of, input_values
from bpmath.passes import Gradients, Run, backward, forward
from bpmath.symbols import E, Symbol, a, b, e, w, y, z
from bpmath.trace import Trace

MOST_PATHS = 10_000


def derive(network: Network, x: ArrayLike, y: ArrayLike) -> Derivation:
    """Run the network on one sample, forward and backward, and return what can be derived from it.

    Shapes: x (n0,), y (nL,).  Raises ValueError for a batch and for what `forward` refuses.
    """
    run = forward(network, x, y)
    if run.x.ndim != 1:
        raise ValueError(
            f"x has shape {run.x.shape}, but a derivation follows one sample, of shape {run.x.shape[1:]}"
        )
    return Derivation(network, run, backward(run))


@dataclass(frozen=True)
class Derivation:
    """A network, its passes over one sample, and the equations that follow from them."""

    network: Network
    run: Run
    gradients: Gradients

    @cached_property
    def graph(self) -> Graph:
        """The network as a scalar computational graph."""
        return graph_of(self.network)

    @cached_property
    def trace(self) -> Trace:
        """Every value and local derivative of the graph, with the backward pass's gradients."""
        trace = self.graph.evaluate(input_values(self.network, self.run.x, self.run.y))
        symbols = [node.symbol for node in self.graph.nodes if node.symbol.letter != "y"]
        return trace.with_gradients({symbol: self.gradients[symbol] for symbol in symbols})

    def equation(self, lhs: Expression, rhs: Expression) -> Equation:
        """Return lhs = rhs, executed on this derivation's trace; FalseEquation when it does not hold."""
        return Equation(lhs, rhs, self.trace)

    # -- what a node computes ---------------------------------------------------------------------

    def definition(self, symbol: Symbol) -> Equation:
        """Return the equation by which the network computes a node.

        z = w a + ... + b,  a = f(z),  e_k by the loss,  E = e_1 + ... ; an input, a target or a
        parameter equals its number.
        """
        self.graph[symbol]
        return self.equation(Quantity(symbol), self._formula(symbol))

    def _formula(self, symbol: Symbol) -> Expression:
        outputs, layers = self.network.sizes[-1], self.network.layers
        match symbol.letter:
            case "z":
                return self._weighted_sum(symbol)
            case "a":
                return self._activated(symbol)
            case "e":
                loss, (k,) = loss_named(self.network.loss), symbol.indices
                activations = tuple(a(layers, j) for j in range(1, outputs + 1))
                return loss.term(k, outputs, activations, tuple(y(j) for j in range(1, outputs + 1)))
            case "E":
                return total(tuple(Quantity(e(k)) for k in range(1, outputs + 1)))
            case _:
                return Number(self.trace[symbol])

    def _weighted_sum(self, symbol: Symbol) -> Expression:
        layer, k = _located(symbol)
        sources = range(1, self.network.sizes[layer - 1] + 1)
        terms = (product(Quantity(w(layer, k, j)), Quantity(a(layer - 1, j))) for j in sources)
        return total((*terms, Quantity(b(layer, k))))

    def activation(self, layer: int) -> Activation:
        """Return the activation of a layer, counted from 1."""
        return activation_named(self.network.activations[layer - 1])

    def _activated(self, symbol: Symbol) -> Expression:
        layer, k = _located(symbol)
        if self.network.activations[layer - 1] == "identity":
            return Quantity(z(layer, k))
        return apply(self.activation(layer).symbol, Quantity(z(layer, k)))

    def activation_formula(self, symbol: Symbol) -> Equation:
        """Return f(z) = its formula, at the node `symbol` = a(layer, node)."""
        layer, k = _located(symbol)
        activation = self.activation(layer)
        return self.equation(apply(activation.symbol, Quantity(z(layer, k))), activation.formula(z(layer, k)))

    # -- tracing the paths ------------------------------------------------------------------------

    def paths(self, symbol: Symbol, limit: int = MOST_PATHS) -> list[Path]:
        """Return all paths from E back to a node; TooManyPaths when there are more than `limit`."""
        return self.graph.paths(symbol, limit)

    def local(self, edge: Edge) -> Partial:
        """Return the local derivative on an edge of the graph."""
        before = self.graph[edge.target].inputs[: edge.argument]
        return Partial(edge.target, edge.source, before.count(edge.source))

    def local_equation(self, edge: Edge) -> Equation:
        """Return the local derivative on an edge = its number on this trace."""
        partial = self.local(edge)
        return self.equation(partial, Number(self.trace.locals[edge]))

    def path_sum(self, parameter: Symbol, *, unit_factors: bool = False, limit: int = MOST_PATHS) -> Equation:
        """Return dE/d(parameter) as the sum over all paths of the products of local derivatives.

        The sums are nested: where branches meet again, what they share stands once, behind the sum.
        dE/de_k is always 1 and left out, unless `unit_factors` asks for it.  Raises TooManyPaths over
        `limit`.  Source: Nielsen, Neural Networks and Deep Learning, 2015, chapter 2, eq. (48)-(53).
        """
        self.graph.check_path_count(self.graph[parameter].symbol, limit)
        factors = self._tail(parameter, unit_factors, {})
        return self.equation(Derivative(E, parameter), product(*factors) if factors else Number(1))

    def _tail(
        self, symbol: Symbol, unit_factors: bool, known: dict[Symbol, tuple[Expression, ...]]
    ) -> tuple[Expression, ...]:
        """Return the factors of dE/d(symbol), from E backwards."""
        if symbol == E or (symbol.letter == "e" and not unit_factors):
            return ()
        if symbol not in known:
            branches = [
                (*self._tail(edge.target, unit_factors, known), self.local(edge))
                for edge in self.graph.edges_from(symbol)
            ]
            summed = tuple(product(*branch) for branch in branches)
            known[symbol] = branches[0] if len(branches) == 1 else (total(summed),)
        return known[symbol]

    def value(self, expression: Expression) -> float:
        """Return the value of an expression on this derivation's trace."""
        return expression.evaluate(self.trace)

    def __repr__(self) -> str:
        sample = np.array2string(self.run.x, precision=3, threshold=4)
        return f"Derivation of {self.network!r} at x = {sample}, E = {self.run.E:.6g}"


def _located(symbol: Symbol) -> tuple[int, int]:
    """Return the layer and the node of a symbol that has both."""
    if symbol.layer is None or len(symbol.indices) != 1:
        raise ValueError(f"symbol: {symbol} is not a node of a layer, like z(1, 1) or a(2, 1)")
    return symbol.layer, symbol.indices[0]

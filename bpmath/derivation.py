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

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from bpmath.activations import Activation, activation_named
from bpmath.algebra import Derivative, Expression, Number, Partial, Quantity, apply, product, total
from bpmath.costs import Costs, costs_of
from bpmath.definitions import formula_of, located
from bpmath.display import equations_html, network_html
from bpmath.equations import Equation
from bpmath.expansion import Term, expand
from bpmath.factoring import MOST_WRITTEN_PATHS, Factors, delta, delta_terms, factor
from bpmath.graph import Edge, Graph, Path, too_many_paths
from bpmath.grouping import grouping
from bpmath.loss_deltas import LossDelta
from bpmath.matrix_equations import MatrixEquation
from bpmath.merging import local
from bpmath.naming import General, GeneralEquation, Names
from bpmath.network import Network
from bpmath.network_paths import count_paths, following
from bpmath.network_values import NetworkValues
from bpmath.passes import Gradients, Run, backward, forward
from bpmath.rewrites import Rewrite
from bpmath.softmax import Softmax, softmax_of
from bpmath.substitution import Substitution, local_formula
from bpmath.symbols import E, Symbol, a, z
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
    def values(self) -> NetworkValues:
        """What equations are executed on: values, local derivatives and gradients, found in the passes."""
        return NetworkValues(self.gradients)

    @property
    def graph(self) -> Graph:
        """The network as a scalar computational graph."""
        return self.values.graph

    @property
    def trace(self) -> Trace:
        """Every value and local derivative of the graph, with the backward pass's gradients."""
        return self.values.trace

    def equation(self, lhs: Expression, rhs: Expression) -> Equation:
        """Return lhs = rhs, executed on this derivation's values; FalseEquation when it does not hold."""
        return Equation(lhs, rhs, self.values)

    def nodes(
        self, layer: int, chosen: Sequence[int] | None = None, argument: str = "nodes"
    ) -> tuple[int, ...]:
        """Return the chosen nodes of a layer, all when None; ValueError when one of them is not there."""
        if isinstance(layer, bool) or not isinstance(layer, int) or not 0 <= layer <= self.network.layers:
            raise ValueError(
                f"layer: {layer!r} is no layer of this network, only 1 to {self.network.layers} are"
            )
        every = range(1, self.network.sizes[layer] + 1)
        wrong = [node for node in chosen or () if node not in every]
        if wrong or (chosen is not None and len(set(chosen)) != max(1, len(chosen))):
            raise ValueError(
                f"{argument}: {chosen} must be different nodes of layer {layer}, from 1 to {every[-1]}"
            )
        return tuple(every if chosen is None else chosen)

    # -- what a node computes ---------------------------------------------------------------------

    def definition(self, symbol: Symbol) -> Equation:
        """Return the equation by which the network computes a node.

        z = w a + ... + b,  a = f(z),  e_k by the loss,  E = e_1 + ... ; an input, a target or a
        parameter equals its number.
        """
        following(self.network, symbol)
        return self.equation(Quantity(symbol), formula_of(self.network, self.values, symbol))

    def activation(self, layer: int) -> Activation:
        """Return the activation of a layer, counted from 1."""
        return activation_named(self.network.activations[layer - 1])

    def activation_formula(self, symbol: Symbol) -> Equation:
        """Return f(z) = its formula, at the node `symbol` = a(layer, node)."""
        layer, k = located(symbol)
        activation = self.activation(layer)
        return self.equation(apply(activation.symbol, Quantity(z(layer, k))), activation.formula(z(layer, k)))

    # -- tracing the paths ------------------------------------------------------------------------

    def paths(self, symbol: Symbol, limit: int = MOST_PATHS) -> list[Path]:
        """Return all paths from E back to a node; TooManyPaths when there are more than `limit`."""
        return self.graph.paths(symbol, limit)

    def local(self, edge: Edge) -> Partial:
        """Return the local derivative on an edge of the graph."""
        return local(self.graph, edge)

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
        count = count_paths(self.network, parameter)
        if count > limit:
            raise too_many_paths(count, parameter, E, limit)
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
                (*self._tail(target, unit_factors, known), Partial(target, symbol))
                for target in following(self.network, symbol)
            ]
            summed = tuple(product(*branch) for branch in branches)
            known[symbol] = branches[0] if len(branches) == 1 else (total(summed),)
        return known[symbol]

    # -- factoring, grouping, substituting ----------------------------------------------------------

    def factor(self, symbol: Symbol, *, limit: int = MOST_WRITTEN_PATHS) -> Rewrite:
        """Return how the sum over paths for one weight or bias (or x, or a hidden a) folds up into deltas.

        sum over paths  ->  delta(l, k) dz(l, k)/dw.  Of more than `limit` paths the sum is not written out:
        dE/dz stands for it.  Raises ValueError for what has no delta behind it.
        """
        return factor(self, symbol, limit)

    def factors(self) -> Factors:
        """Return the `factor` rewrites of all parameters, checked at once, each made when asked for."""
        return Factors(self)

    def delta(self, layer: int, nodes: Sequence[int] | None = None) -> Rewrite:
        """Return how the deltas of a layer come from those of the next, for all its nodes or some.

        delta(l, k) = (sum over j of delta(l+1, j) dz(l+1, j)/da(l, k)) da/dz; in the last layer the loss's
        derivative stands in the brackets.  Raises ValueError when there is no such layer or node.
        """
        self._check_layer(layer)
        return delta(self, layer, nodes)

    def group(
        self,
        layer: int,
        of: str = "weights",
        *,
        nodes: Sequence[int] | None = None,
        sources: Sequence[int] | None = None,
        named_left: bool = False,
    ) -> list[Rewrite]:
        """Return the steps from the scalar equations of a layer to its matrix equation; `bpmath.grouping`.

        `of` is "weights", "biases" or "deltas"; `nodes` and `sources` choose rows and columns of wide layers;
        with `named_left` the left-hand side gets its name at the first step instead of the last.
        Raises TooManyEquations for a layer that is too wide, ValueError for one that is not there.
        """
        self._check_layer(layer)
        return grouping(self, layer, of, nodes, sources, named_left).to_columns().to_names().rewrites

    def substitute(
        self,
        layer: int,
        of: str = "weights",
        *,
        nodes: Sequence[int] | None = None,
        sources: Sequence[int] | None = None,
        named_left: bool = False,
    ) -> Rewrite:
        """Return the matrix equation of a layer with every local derivative replaced by what it is.

        dz/da -> w, dz/dw -> a, dz/db -> 1, da/dz -> f'(z), de/da -> the derivative of the loss.
        Arguments and errors as for `group`.
        """
        self._check_layer(layer)
        return Substitution(grouping(self, layer, of, nodes, sources, named_left).to_columns()).substitute()

    def name(self, layer: int, of: str = "weights", *, named_left: bool = False) -> Rewrite:
        """Return how the matrices of the substituted equation of a layer get their names.

        dE/dW^(l) = (((W^(l+1))^T delta^(l+1)) * f'(z^(l))) (a^(l-1))^T.  Arguments and errors as for `group`.
        """
        self._check_layer(layer)
        return Substitution(grouping(self, layer, of, None, None, named_left).to_columns()).name()

    def expand(self, expression: Expression) -> list[Term]:
        """Return an expression multiplied out, every delta by its definition: one product for each path.

        Raises TooManyTerms for more than 100,000 products.
        """
        return expand(expression, lambda delta: delta_terms(self, delta.layer, delta.node).product)

    def local_formula(self, partial: Partial) -> Equation:
        """Return a local derivative = what it is: w, a, 1, f'(z) or the derivative of the loss."""
        return self.equation(partial, local_formula(self, partial))

    def slope_formula(self, symbol: Symbol) -> Equation:
        """Return f'(z) = its formula, such as a (1 - a), at the node `symbol` = a(layer, node)."""
        layer, k = located(symbol)
        activation, weighted_sum = self.activation(layer), z(layer, k)
        formula = activation.derivative_formula(weighted_sum, a(layer, k))
        return self.equation(apply(activation.slope, Quantity(weighted_sum)), formula)

    def general(self) -> tuple[GeneralEquation, ...]:
        """Return BP1 to BP4, each executed in every layer where it holds; `bpmath.naming`."""
        return General(self.values).equations()

    def unrolled(self, layer: int) -> MatrixEquation:
        """Return delta of a layer by the delta of the last one, through all the matrices between.

        Without activations it is delta^(l) = (W^(l+1))^T ... (W^(L))^T delta^(L); each activation multiplies
        by its f'(z) in its place, entry by entry.  ValueError when there is no such layer.
        """
        self._check_layer(layer)
        self.nodes(layer)
        names = Names(self.network)
        return MatrixEquation(names.vector("delta", layer), names.unrolled(layer), self.values)

    def loss_delta(self, output: int) -> list[Rewrite]:
        """Return the lines from delta_k = de_k/da_k da_k/dz_k to its formula; `bpmath.loss_deltas`.

        Raises ValueError when there is no such output, or under softmax_cross_entropy.
        """
        return LossDelta(self, output).rewrites()

    def softmax(self) -> Softmax:
        """Return the Jacobian and the cancellation of softmax cross-entropy, or raise ValueError."""
        if self.network.loss != "softmax_cross_entropy":
            raise ValueError(f"loss is {self.network.loss!r}, but softmax belongs to softmax_cross_entropy")
        layer = self.network.layers
        symbols = [a(layer, k) for k in self.nodes(layer)]
        return softmax_of(self.run.a[layer], self.run.y, symbols)

    def cost(self, symbol: Symbol | None = None) -> Costs:
        """Return what all gradients (or one) cost by sums over paths and by deltas; `bpmath.costs`."""
        return costs_of(self.network, symbol)

    def _check_layer(self, layer: int) -> None:
        if layer == 0:
            raise ValueError(f"layer: 0 is the input; the layers are 1 to {self.network.layers}")

    def value(self, expression: Expression) -> float:
        """Return the value of an expression on this derivation's trace."""
        return expression.evaluate(self.values)

    def _repr_html_(self) -> str:
        """Show the general equations in a notebook, below the network that they are about."""
        return f"{network_html(self.network)}\n{equations_html('The general equations', self.general())}"

    def __repr__(self) -> str:
        sample = np.array2string(self.run.x, precision=3, threshold=4)
        return f"Derivation of {self.network!r} at x = {sample}, E = {self.run.E:.6g}"

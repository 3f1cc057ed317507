"""What a derivation costs: multiplications and additions, counted exactly and never listed.

    by paths    every path is multiplied out, then the paths are added: products double with every layer
    by deltas   each delta is computed once: about two multiplications a weight, however deep the network

dE/de = 1 and dz/db = 1 are not multiplied with.  Counts are for one sample.

Source: Baur & Strassen, The Complexity of Partial Derivatives, 1983.
"""

from __future__ import annotations

from dataclasses import dataclass

from bpmath.algebra import Expression, Number, Product, Quotient, Sum
from bpmath.equations import Equation
from bpmath.losses import loss_named
from bpmath.network import Network
from bpmath.network_paths import count_paths
from bpmath.sweeps import Cost
from bpmath.symbols import Symbol
from bpmath.symbols import b as bias_symbol
from bpmath.symbols import w as weight_symbol
from bpmath.trees import parts


@dataclass(frozen=True)
class Costs:
    """The number of paths, and the cost of the same gradients by sums over paths and by deltas."""

    paths: int
    by_paths: Cost
    by_deltas: Cost


def cost_of(written: Equation | Expression) -> Cost:
    """Return the multiplications and additions in an expression, or a right-hand side, as it is written.

    A factor that is the number 1 costs nothing; a division counts as a multiplication.
    """
    expression = written.rhs if isinstance(written, Equation) else written
    cost = Cost()
    for part in parts(expression):
        match part.term:
            case Product(factors=factors):
                cost += Cost(multiplications=max(0, sum(factor != Number(1) for factor in factors) - 1))
            case Sum(terms=terms):
                cost += Cost(additions=len(terms) - 1)
            case Quotient():
                cost += Cost(multiplications=1)
    return cost


def costs_of(network: Network, symbol: Symbol | None) -> Costs:
    """Return the costs of all gradients, or of one weight's or bias's.

    Raises ValueError for a symbol that is no weight or bias of the network.
    """
    layers = range(1, network.layers + 1)
    if symbol is not None:
        network.value(symbol)
        layer = symbol.layer or 0
        by_deltas = sum((_deltas(network, behind) for behind in layers[layer:]), _delta(network, layer))
        own = Cost(multiplications=int(symbol.letter == "w"))
        return Costs(count_paths(network, symbol), _path_sum(network, symbol), by_deltas + own)
    paths, by_paths, by_deltas = 0, Cost(), Cost()
    for layer in layers:
        nodes, weights = network.sizes[layer], network.weights[layer - 1].size
        for count, one in ((weights, weight_symbol(layer, 1, 1)), (nodes, bias_symbol(layer, 1))):
            paths += count * count_paths(network, one)
            by_paths += _times(count, _path_sum(network, one))
        by_deltas += _deltas(network, layer) + Cost(multiplications=weights)
    return Costs(paths, by_paths, by_deltas)


def _path_sum(network: Network, symbol: Symbol) -> Cost:
    """Count one gradient: on every path de/da, then da/dz and dz/da by turns, last dz/dw."""
    paths = count_paths(network, symbol)
    factors = 2 * (network.layers - (symbol.layer or 0) + 1) + (symbol.letter == "w")
    return Cost(paths * (factors - 1), paths - 1)


def _delta(network: Network, layer: int) -> Cost:
    """Count one delta: the sum over the layer behind, or over the errors that read a, times da/dz."""
    if layer < network.layers:
        behind = network.sizes[layer + 1]
        return Cost(behind + 1, behind - 1)
    reading = network.sizes[-1] if loss_named(network.loss).reads_all else 1
    return Cost(1, reading - 1)


def _deltas(network: Network, layer: int) -> Cost:
    return _times(network.sizes[layer], _delta(network, layer))


def _times(count: int, cost: Cost) -> Cost:
    return Cost(count * cost.multiplications, count * cost.additions)

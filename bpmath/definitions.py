"""By which formula a network computes each of its quantities.

z = w a + ... + b,   a = f(z),   e_k by the loss,   E = e_1 + e_2 + ...
"""

from __future__ import annotations

from bpmath.activations import activation_named
from bpmath.algebra import Expression, Number, Quantity, Values, apply, product, total
from bpmath.losses import loss_named
from bpmath.network import Network
from bpmath.symbols import Symbol, a, b, e, w, y, z


def formula_of(network: Network, values: Values, symbol: Symbol) -> Expression:
    """Return the formula of a quantity; an input, a target or a parameter is its number."""
    outputs, layers = network.sizes[-1], network.layers
    match symbol.letter:
        case "z":
            return _weighted_sum(network, symbol)
        case "a":
            return _activated(network, symbol)
        case "e":
            (k,) = symbol.indices
            activations = tuple(a(layers, j) for j in range(1, outputs + 1))
            targets = tuple(y(j) for j in range(1, outputs + 1))
            return loss_named(network.loss).term(k, outputs, activations, targets)
        case "E":
            return total(tuple(Quantity(e(k)) for k in range(1, outputs + 1)))
        case _:
            return Number(values.value(symbol))


def _weighted_sum(network: Network, symbol: Symbol) -> Expression:
    layer, k = located(symbol)
    sources = range(1, network.sizes[layer - 1] + 1)
    terms = (product(Quantity(w(layer, k, j)), Quantity(a(layer - 1, j))) for j in sources)
    return total((*terms, Quantity(b(layer, k))))


def _activated(network: Network, symbol: Symbol) -> Expression:
    layer, k = located(symbol)
    activation = activation_named(network.activations[layer - 1])
    if activation.name == "identity":
        return Quantity(z(layer, k))
    return apply(activation.symbol, Quantity(z(layer, k)))


def located(symbol: Symbol) -> tuple[int, int]:
    """Return the layer and the node of a symbol that has both."""
    if symbol.layer is None or len(symbol.indices) != 1:
        raise ValueError(f"symbol: {symbol} is not a node of a layer, like z(1, 1) or a(2, 1)")
    return symbol.layer, symbol.indices[0]

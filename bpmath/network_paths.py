"""The paths through a network, known from its layers: what follows what, and how many ways lead to E.

They are those of the network's computational graph, which need not be built for this.
"""

from __future__ import annotations

from math import prod

from bpmath.losses import loss_named
from bpmath.network import Network
from bpmath.symbols import E, Symbol, a, e, z


def following(network: Network, symbol: Symbol) -> tuple[Symbol, ...]:
    """Return the quantities that are computed directly from one, in order; ValueError when it is none."""
    outputs, layers = network.sizes[-1], network.layers
    match symbol:
        case Symbol("w" | "b", int(layer), (int(to), *_)):
            network.value(symbol)
            return (z(layer, to),)
        case Symbol("z", int(layer), (int(node),)) if _has(network, layer, node):
            return (a(layer, node),)
        case Symbol("a", int(layer), (int(node),)) if layer < layers and _has(network, layer, node):
            return tuple(z(layer + 1, to) for to in range(1, network.sizes[layer + 1] + 1))
        case Symbol("a", int(layer), (int(node),)) if _has(network, layer, node):
            reads = loss_named(network.loss).inputs
            return tuple(e(k) for k in range(1, outputs + 1) if node in reads(k, outputs))
        case Symbol("x", None, (int(node),)) if 1 <= node <= network.sizes[0]:
            return tuple(z(1, to) for to in range(1, network.sizes[1] + 1))
        case Symbol("y", None, (int(node),)) if 1 <= node <= outputs:
            return (e(node),)
        case Symbol("e", None, (int(node),)) if 1 <= node <= outputs:
            return (E,)
        case Symbol("E", None, ()):
            return ()
    raise ValueError(f"symbol: {symbol} is not a node of this network's graph, whose output is E")


def _has(network: Network, layer: int, node: int) -> bool:
    return 1 <= layer <= network.layers and 1 <= node <= network.sizes[layer]


def count_paths(network: Network, symbol: Symbol) -> int:
    """Return the number of paths from a quantity to E: the product of the widths of the layers between."""
    following(network, symbol)
    if symbol.letter in "yeE":
        return 1
    outputs = network.sizes[-1] if loss_named(network.loss).reads_all else 1
    return outputs * prod(network.sizes[(symbol.layer or 0) + 1 :])

"""A network as a computational graph: x, w and b into z, z into a, a and y into e, e into E."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from bpmath.activations import activation_named
from bpmath.graph import Graph, Node
from bpmath.losses import loss_named
from bpmath.network import Network
from bpmath.operations import ADD, AFFINE, activation_gate, loss_gate
from bpmath.symbols import E, Symbol, a, b, e, w, x, y, z


def graph_of(network: Network) -> Graph:
    """Return the graph of a network: inputs first, then layer by layer up to E."""
    inputs = [Node(x(k)) for k in range(1, network.sizes[0] + 1)]
    layers = [node for layer in range(1, network.layers + 1) for node in _layer(network, layer)]
    return Graph((*inputs, *layers, *_errors(network)), E)


def _layer(network: Network, layer: int) -> Iterator[Node]:
    nodes, sources = range(1, network.sizes[layer] + 1), range(1, network.sizes[layer - 1] + 1)
    gate = activation_gate(activation_named(network.activations[layer - 1]))
    yield from (Node(w(layer, k, j)) for k in nodes for j in sources)
    yield from (Node(b(layer, k)) for k in nodes)
    for k in nodes:
        pairs = [symbol for j in sources for symbol in (w(layer, k, j), a(layer - 1, j))]
        yield Node(z(layer, k), AFFINE, (*pairs, b(layer, k)))
    yield from (Node(a(layer, k), gate, (z(layer, k),)) for k in nodes)


def _errors(network: Network) -> Iterator[Node]:
    outputs, loss = network.sizes[-1], loss_named(network.loss)
    nodes = range(1, outputs + 1)
    yield from (Node(y(k)) for k in nodes)
    for k in nodes:
        reads = [a(network.layers, j) for j in loss.inputs(k, outputs)]
        yield Node(e(k), loss_gate(loss, k, outputs), (*reads, y(k)))
    yield Node(E, ADD, tuple(e(k) for k in nodes))


def input_values(network: Network, inputs: np.ndarray, targets: np.ndarray) -> dict[Symbol, float]:
    """Return the values of all inputs of the network's graph, for one sample."""
    values = {x(k): float(value) for k, value in enumerate(inputs, 1)}
    values |= {y(k): float(value) for k, value in enumerate(targets, 1)}
    return values | {symbol: network.value(symbol) for symbol in network.parameters()}

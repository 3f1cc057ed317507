"""A network as a computational graph: x, w and b into z, z into a, a and y into e, e into E.

`graph_of(network)` has one gate for each quantity of the network; `expanded_graph_of(network)` takes these
apart into single gates of arithmetic:

    v(l, k, j)                  w(l, k, j) a(l - 1, j), one multiplication for each weight
    z(l, k)                     one addition: v(l, k, 1) + v(l, k, 2) + ... + b(l, k)
    u(l, k, 1), u(l, k, 2), ... what stands between z(l, k) and a(l, k), in the order of computation
    r(k, 1), r(k, 2), ...       what stands between a(L, k) and e(k)
    r(1), r(2), r(3)            of softmax_cross_entropy, what all errors share
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np

from bpmath import operations as gates
from bpmath.activations import LEAK, activation_named
from bpmath.graph import Graph, Node
from bpmath.losses import loss_named
from bpmath.network import Network
from bpmath.operations import Operation, activation_gate, loss_gate, with_constants
from bpmath.symbols import E, Symbol, a, b, e, w, x, y, z

PLUS_ONE = with_constants(gates.ADD, (None, 1.0))
FROM_ONE = with_constants(gates.SUBTRACT, (1.0, None))
SQUARE = with_constants(gates.POWER, (None, 2.0))
TWICE = with_constants(gates.MULTIPLY, (2.0, None))
HALF = with_constants(gates.MULTIPLY, (0.5, None))
LEAKED = with_constants(gates.MULTIPLY, (LEAK, None))


def graph_of(network: Network) -> Graph:
    """Return the graph of a network: inputs first, then layer by layer up to E."""
    inputs = [Node(x(k)) for k in range(1, network.sizes[0] + 1)]
    layers = [node for layer in range(1, network.layers + 1) for node in _layer(network, layer)]
    return Graph((*inputs, *layers, *_errors(network)), E)


def _layer(network: Network, layer: int) -> Iterator[Node]:
    nodes, sources = range(1, network.sizes[layer] + 1), range(1, network.sizes[layer - 1] + 1)
    gate = activation_gate(activation_named(network.activations[layer - 1]))
    yield from _parameters(network, layer)
    for k in nodes:
        pairs = [symbol for j in sources for symbol in (w(layer, k, j), a(layer - 1, j))]
        yield Node(z(layer, k), gates.AFFINE, (*pairs, b(layer, k)))
    yield from (Node(a(layer, k), gate, (z(layer, k),)) for k in nodes)


def _parameters(network: Network, layer: int) -> Iterator[Node]:
    nodes, sources = range(1, network.sizes[layer] + 1), range(1, network.sizes[layer - 1] + 1)
    yield from (Node(w(layer, k, j)) for k in nodes for j in sources)
    yield from (Node(b(layer, k)) for k in nodes)


def _errors(network: Network) -> Iterator[Node]:
    outputs, loss = network.sizes[-1], loss_named(network.loss)
    nodes = range(1, outputs + 1)
    yield from (Node(y(k)) for k in nodes)
    for k in nodes:
        reads = [a(network.layers, j) for j in loss.inputs(k, outputs)]
        yield Node(e(k), loss_gate(loss, k, outputs), (*reads, y(k)))
    yield Node(E, gates.ADD, tuple(e(k) for k in nodes))


def input_values(network: Network, inputs: np.ndarray, targets: np.ndarray) -> dict[Symbol, float]:
    """Return the values of all inputs of the network's graph, expanded or not, for one sample."""
    values = {x(k): float(value) for k, value in enumerate(inputs, 1)}
    values |= {y(k): float(value) for k, value in enumerate(targets, 1)}
    return values | {symbol: network.value(symbol) for symbol in network.parameters()}


# -- every gate -------------------------------------------------------------------------------------------


def expanded_graph_of(network: Network) -> Graph:
    """Return the graph of a network down to single gates; `Network.graph` tells where they overflow."""
    nodes = [Node(x(k)) for k in range(1, network.sizes[0] + 1)]
    for layer in range(1, network.layers + 1):
        nodes += _expanded_layer(network, layer)
    outputs = range(1, network.sizes[-1] + 1)
    nodes += [Node(y(k)) for k in outputs]
    nodes += LOSS_GATES[network.loss]([a(network.layers, k) for k in outputs])
    return Graph((*nodes, Node(E, gates.ADD, tuple(e(k) for k in outputs))), E)


def _expanded_layer(network: Network, layer: int) -> Iterator[Node]:
    nodes, sources = range(1, network.sizes[layer] + 1), range(1, network.sizes[layer - 1] + 1)
    activate = ACTIVATION_GATES[network.activations[layer - 1]]
    yield from _parameters(network, layer)
    for k in nodes:
        products = tuple(Symbol("v", layer, (k, j)) for j in sources)
        for j, product in enumerate(products, 1):
            yield Node(product, gates.MULTIPLY, (w(layer, k, j), a(layer - 1, j)))
        yield Node(z(layer, k), gates.ADD, (*products, b(layer, k)))
    for k in nodes:
        steps = _Steps("u", layer, (k,))
        activate(steps, z(layer, k), a(layer, k))
        yield from steps.nodes


@dataclass
class _Steps:
    """Gates in the order of computation, which are numbered behind the indices that they share."""

    letter: str
    layer: int | None
    indices: tuple[int, ...]
    nodes: list[Node] = field(default_factory=list)

    def gate(self, operation: Operation, *inputs: Symbol) -> Symbol:
        """Add a gate and return its new symbol."""
        return self.end(
            Symbol(self.letter, self.layer, (*self.indices, len(self.nodes) + 1)), operation, *inputs
        )

    def end(self, symbol: Symbol, operation: Operation, *inputs: Symbol) -> Symbol:
        """Add a gate that has a symbol of its own."""
        self.nodes.append(Node(symbol, operation, inputs))
        return symbol


def _sigmoid(steps: _Steps, z: Symbol, a: Symbol) -> None:
    grown = steps.gate(gates.EXP, steps.gate(gates.NEGATE, z))
    steps.end(a, gates.RECIPROCAL, steps.gate(PLUS_ONE, grown))


def _leaky_relu(steps: _Steps, z: Symbol, a: Symbol) -> None:
    # Of two equal inputs max takes the first: at z = 0 the slope is that of 0.01 z, as everywhere else.
    steps.end(a, gates.MAX, steps.gate(LEAKED, z), z)


def _softplus(steps: _Steps, z: Symbol, a: Symbol) -> None:
    """a = m + log(1 + exp(z - 2m)), m = max(0, z): the exponent is -|z|, so that nothing overflows."""
    positive = steps.gate(gates.RELU, z)
    exponent = steps.gate(gates.SUBTRACT, z, steps.gate(TWICE, positive))
    logarithm = steps.gate(gates.LOG, steps.gate(PLUS_ONE, steps.gate(gates.EXP, exponent)))
    steps.end(a, gates.ADD, positive, logarithm)


def _single(operation: Operation) -> Callable[[_Steps, Symbol, Symbol], None]:
    def activate(steps: _Steps, z: Symbol, a: Symbol) -> None:
        steps.end(a, operation, z)

    return activate


ACTIVATION_GATES: Mapping[str, Callable[[_Steps, Symbol, Symbol], None]] = {
    "identity": _single(gates.IDENTITY),
    "sigmoid": _sigmoid,
    "tanh": _single(gates.TANH),
    "relu": _single(gates.RELU),
    "leaky_relu": _leaky_relu,
    "softplus": _softplus,
}
"""The gates between a weighted sum and its activation."""


def _squared_errors(outputs: list[Symbol]) -> Iterator[Node]:
    return _from_squares(outputs, HALF)


def _mean_squared_errors(outputs: list[Symbol]) -> Iterator[Node]:
    return _from_squares(outputs, with_constants(gates.DIVIDE, (None, float(len(outputs)))))


def _from_squares(outputs: list[Symbol], scale: Operation) -> Iterator[Node]:
    for k, output in enumerate(outputs, 1):
        steps = _Steps("r", None, (k,))
        steps.end(e(k), scale, steps.gate(SQUARE, steps.gate(gates.SUBTRACT, output, y(k))))
        yield from steps.nodes


def _binary_cross_entropies(outputs: list[Symbol]) -> Iterator[Node]:
    """e = -(y log a + (1 - y) log(1 - a))"""
    for k, output in enumerate(outputs, 1):
        steps = _Steps("r", None, (k,))
        positive = steps.gate(gates.MULTIPLY, y(k), steps.gate(gates.LOG, output))
        rest, logarithm = steps.gate(FROM_ONE, y(k)), steps.gate(gates.LOG, steps.gate(FROM_ONE, output))
        negative = steps.gate(gates.MULTIPLY, rest, logarithm)
        steps.end(e(k), gates.NEGATE, steps.gate(gates.ADD, positive, negative))
        yield from steps.nodes


def _softmax_cross_entropies(outputs: list[Symbol]) -> Iterator[Node]:
    """e_k = y_k (log(sum of exp(a_j - m)) - (a_k - m)), m = max(a_1, ...).

    Without m, which takes itself off again, the exponentials would overflow (Goodfellow, Bengio &
    Courville, Deep Learning, 2016, section 4.1).
    """
    largest, summed, logarithm = (Symbol("r", None, (step,)) for step in (1, 2, 3))
    yield Node(largest, gates.MAX, tuple(outputs))
    below, grown = [], []
    each = [_Steps("r", None, (k,)) for k in range(1, len(outputs) + 1)]
    for steps, output in zip(each, outputs, strict=True):
        below.append(steps.gate(gates.SUBTRACT, output, largest))
        grown.append(steps.gate(gates.EXP, below[-1]))
        yield from steps.nodes
    yield Node(summed, gates.ADD, tuple(grown))
    yield Node(logarithm, gates.LOG, (summed,))
    for k, steps in enumerate(each, 1):
        steps.end(e(k), gates.MULTIPLY, y(k), steps.gate(gates.SUBTRACT, logarithm, below[k - 1]))
        yield from steps.nodes[-2:]


LOSS_GATES: Mapping[str, Callable[[list[Symbol]], Iterator[Node]]] = {
    "squared_error": _squared_errors,
    "mean_squared_error": _mean_squared_errors,
    "binary_cross_entropy": _binary_cross_entropies,
    "softmax_cross_entropy": _softmax_cross_entropies,
}
"""The gates between the outputs of the network and their errors."""

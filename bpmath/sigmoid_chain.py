"""Four gates in a row that are a sigmoid, 1 / (1 + e^(-z)), and the one gate that takes their place.

    f = 1 / (1 + e^(-z))         gate by gate:  df/dz = df/dv · dv/du · du/dt · dt/dz
    f = sigmoid(z)               one gate:      df/dz = (1 - f) f

Source: Karpathy, CS231n course notes, Backpropagation, "Modularity: Sigmoid example".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from string import ascii_lowercase

from bpmath.algebra import Derivative, product
from bpmath.equations import Equation
from bpmath.gates import local_derivative_formula
from bpmath.graph import Edge, Graph, Node
from bpmath.merging import local
from bpmath.operations import SIGMOID
from bpmath.symbols import Symbol
from bpmath.trace import Trace

CHAIN = ("negate", "exp", "add", "reciprocal")
"""The gates of a sigmoid, from its argument to its value; what is added is one."""
RESERVED = "ev"
"""Letters that graphs give to their gates."""


@dataclass(frozen=True)
class SigmoidChain:
    """The edges through the four gates, from the argument z to the value s = sigmoid(z)."""

    edges: tuple[Edge, ...]

    @property
    def argument(self) -> Symbol:
        """z"""
        return self.edges[0].source

    @property
    def value(self) -> Symbol:
        """sigmoid(z)"""
        return self.edges[-1].target

    @property
    def gates(self) -> tuple[Symbol, ...]:
        """The four gates, the last of which holds the value."""
        return tuple(edge.target for edge in self.edges)


def find_sigmoid(graph: Graph) -> SigmoidChain | None:
    """Return the last chain of gates that is a sigmoid and that nothing else reads from; None without one."""
    return next((found for node in reversed(graph.nodes) if (found := _chain_to(graph, node))), None)


def _chain_to(graph: Graph, node: Node) -> SigmoidChain | None:
    edges: list[Edge] = []
    for name in reversed(CHAIN):
        gate = node.operation
        if gate is None or gate.name != name or len(node.inputs) != 1:
            return None
        if name == "add" and [fixed for fixed in gate.constants if fixed is not None] != [1.0]:
            return None
        if edges and len(graph.edges_from(node.symbol)) != 1:
            return None
        edges.append(graph.edges_into(node.symbol)[0])
        node = graph[node.inputs[0]]
    return SigmoidChain(tuple(reversed(edges)))


def with_sigmoid_gate(graph: Graph, chain: SigmoidChain) -> Graph:
    """Return the graph with one sigmoid gate in the place of a chain."""
    return Graph(tuple(_replaced(graph, chain)), graph.output)


def _replaced(graph: Graph, chain: SigmoidChain) -> Iterator[Node]:
    for node in graph.nodes:
        if node.symbol == chain.value:
            yield Node(node.symbol, SIGMOID, (chain.argument,))
        elif node.symbol not in chain.gates:
            yield node


def sigmoid_behind(graph: Graph) -> Graph:
    """Return the graph with a sigmoid gate behind its output, named by a letter that is free."""
    taken = {node.symbol.letter for node in graph.nodes} | set(RESERVED)
    start = ascii_lowercase.index("s")
    letters = ascii_lowercase[start:] + ascii_lowercase[:start]
    name = next((letter for letter in letters if letter not in taken), "sigma")
    output = Node(Symbol(name), SIGMOID, (graph.output,))
    return Graph((*graph.nodes, output), output.symbol)


def chain_slope(trace: Trace, chain: SigmoidChain) -> Equation:
    """Return ds/dz = the product of the four local derivatives, from the value backwards."""
    factors = (local(trace.graph, edge) for edge in reversed(chain.edges))
    return Equation(Derivative(chain.value, chain.argument), product(*factors), trace)


def gate_slope(trace: Trace, gate: Symbol) -> Equation:
    """Return ds/dz = (1 - s) s for a gate of one input."""
    node = trace.graph[gate]
    return Equation(Derivative(gate, node.inputs[0]), local_derivative_formula(node, 0), trace)


def through(trace: Trace, symbol: Symbol) -> Equation:
    """Return ds/dx = ds/de · de/dx for an output s of one input e, and a node x before e."""
    output = trace.graph.output
    (inner,) = trace.graph[output].inputs
    factors = Derivative(output, inner), Derivative(inner, symbol)
    return Equation(Derivative(output, symbol), product(*factors), trace)

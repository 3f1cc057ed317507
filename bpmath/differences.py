"""Central differences on a graph: how the output changes when one node is nudged, whatever the gates say.

    (f(u + h) - f(u - h)) / 2h          the nodes behind u computed anew, those before it left as they are

Source: CS231n course notes, Neural Networks Part 3, Gradient Checks.
"""

from __future__ import annotations

from bpmath.graph import Graph, Node
from bpmath.symbols import Symbol
from bpmath.trace import Trace
from bpmath.validation import finite

STEP = 1e-5
"""The nudge, for numbers about 1; larger ones are nudged in proportion."""
AGREEMENT = 1e-5
"""The relative error up to which a derivative and a difference agree."""


def central_difference(trace: Trace, symbol: Symbol, step: float = STEP) -> float:
    """Return (f(u + h) - f(u - h)) / 2h for a node u, h = step max(1, |u|).

    Raises ValueError for what is no node and for a step that is no positive number.
    """
    if finite("step", step) <= 0.0:
        raise ValueError(f"step is {step!r}, but it must be a positive number")
    graph = trace.graph
    here = trace[symbol]
    freed = _with_input(graph, graph[symbol].symbol)
    nudge = step * max(1.0, abs(here))
    above, below = here + nudge, here - nudge
    given = {s: trace[s] for s in freed.inputs}
    rise = freed.evaluate({**given, symbol: above})[graph.output]
    rise -= freed.evaluate({**given, symbol: below})[graph.output]
    # Not 2 nudge: above and below were rounded.
    return rise / (above - below)


def agrees(found: float, difference: float) -> bool:
    """Tell whether a number is the derivative that a central difference measures."""
    return abs(found - difference) <= AGREEMENT * max(1.0, abs(found), abs(difference))


def _with_input(graph: Graph, symbol: Symbol) -> Graph:
    """Return the graph in which a node has a value of its own."""
    return Graph(tuple(Node(symbol) if node.symbol == symbol else node for node in graph.nodes), graph.output)

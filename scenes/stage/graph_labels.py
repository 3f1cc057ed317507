"""What stands on a graph's map before a sweep: gates with names and values, edges with local derivatives."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

from manim import DOWN, Mobject

from bpmath.algebra import Number, Quantity
from bpmath.equations import Equation
from bpmath.graph import Edge, Node
from bpmath.matrix_equations import Term
from bpmath.merging import local
from bpmath.symbols import Symbol
from bpmath.trace import Trace
from scenes.stage.formula import Formula, number_mobject
from scenes.stage.graph_map import GraphMap
from scenes.stage.label_placement import Box
from scenes.stage.layout import CAPTION, GATE_NUMBER_GAP, TOUCHING
from scenes.stage.map_pen import EdgeLabel
from scenes.stage.theme import Role
from scenes.stage.typeset import Typeset


def named_values(graph_map: GraphMap, trace: Trace, numbers: bool = True) -> dict[Symbol, Typeset]:
    """Return what stands above the nodes: v = 3 at a gate, where there is room for the names, else 3.

    Without numbers it is the names of the gates.
    """
    nodes = trace.graph.nodes
    if not numbers:
        return {n.symbol: _named(graph_map, n.symbol, Quantity(n.symbol)) for n in nodes if n.operation}
    named = {node.symbol: _value(graph_map, trace, node) for node in nodes}
    if _stand_apart(graph_map, named):
        return named
    return {node.symbol: graph_map.value(node.symbol) for node in nodes}


def local_labels(
    graph_map: GraphMap, trace: Trace, clear_of: Iterable[Mobject], numbers: bool = True
) -> dict[Edge, EdgeLabel]:
    """Return the local derivatives at their edges: their numbers, or their names; some may find no place.

    Where numbers are shown, the places below the nodes are left to those of the output's derivatives.
    """
    colour = graph_map.theme[Role.LOCAL_DERIVATIVE]
    made: dict[Edge, Typeset] = {}
    for edge in (edge for into in trace.graph.edges for edge in into):
        partial = local(trace.graph, edge)
        roles: dict[Term, Role] = {partial: Role.LOCAL_DERIVATIVE}
        made[edge] = (
            number_mobject(trace.locals[edge], colour, graph_map.size)
            if numbers
            else Formula(partial, graph_map.theme, graph_map.size, notation=graph_map.notation, roles=roles)
        )
    below = [
        graph_map.derivative(node.symbol, trace.derivative(trace.graph.output, node.symbol))
        for node in trace.graph.nodes
        if numbers
    ]
    return graph_map.labels(made, [*clear_of, *below])


def room_below(graph_map: GraphMap, labels: Iterable[Mobject], mark: Mobject) -> bool:
    """Tell whether something as large as `mark` has room below every node, clear of labels and captions."""
    nodes = [node.symbol for node in graph_map.graph.nodes]
    solid = [_box(each) for each in (*labels, *(graph_map.node(n).circle for n in nodes))]
    gap = GATE_NUMBER_GAP * graph_map.plan.scale
    wanted = [mark.copy().next_to(graph_map.node(n).circle, DOWN, buff=gap) for n in nodes]
    free = not any(_box(each).touches(box, TOUCHING) for each in wanted for box in solid)
    return free and all(each.get_bottom()[1] > CAPTION.top for each in wanted)


def _value(graph_map: GraphMap, trace: Trace, node: Node) -> Typeset:
    if node.operation is None:
        return graph_map.value(node.symbol)
    number = Number(trace[node.symbol])
    return _named(graph_map, node.symbol, Equation(Quantity(node.symbol), number, trace), number)


def _named(
    graph_map: GraphMap, symbol: Symbol, what: Equation | Quantity, number: Number | None = None
) -> Typeset:
    roles: dict[Term, Role] = {Quantity(symbol): Role.VALUE}
    if number is not None:
        roles[number] = Role.VALUE
    formula = Formula(what, graph_map.theme, graph_map.size, notation=graph_map.notation, roles=roles)
    return graph_map.above(symbol, formula.as_label())


def _stand_apart(graph_map: GraphMap, labels: dict[Symbol, Typeset]) -> bool:
    """Tell whether labels touch neither each other nor the nodes of others."""
    boxes = {symbol: _box(label) for symbol, label in labels.items()}
    circles = {symbol: _box(graph_map.node(symbol).circle) for symbol in labels}
    apart = all(not one.touches(other) for one, other in combinations(boxes.values(), 2))
    return apart and all(
        not box.touches(circle)
        for symbol, box in boxes.items()
        for other, circle in circles.items()
        if other != symbol
    )


def _box(mobject: Mobject) -> Box:
    return Box(mobject.get_x(), mobject.get_y(), mobject.width, mobject.height)

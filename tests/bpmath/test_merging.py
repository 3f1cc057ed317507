"""The product of sums is the sum over all paths: the same terms, the same value, fewer operations."""

from __future__ import annotations

import itertools
import math
import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

import bpmath as bp
from bpmath.algebra import Derivative, Expression, Number, Partial, Product, Quantity, Sum
from bpmath.costs import cost_of
from bpmath.graph import Graph, Node
from bpmath.languages import GREEK
from bpmath.layered_graphs import LayeredGraph, layered_graph
from bpmath.merging import Merging, local, merge, path_by_path
from bpmath.network_graph import input_values
from bpmath.operations import ADD, AFFINE, with_constants
from bpmath.sweeps import Cost
from bpmath.symbols import Symbol
from bpmath.trace import Trace
from tests.bpmath.strategies import networks, refused, samples

SLOPES = [2.0, 3.0, 5.0, 7.0, 11.0, 13.0]
Factors = tuple[Expression, ...]


def olah() -> tuple[LayeredGraph, Trace]:
    """x -> y -> z with three edges each, whose local derivatives are primes."""
    layered = layered_graph((1, 1, 1), 3, SLOPES)
    return layered, layered.graph.evaluate(x=0.5)


def expand(expression: Expression) -> list[Factors]:
    """Multiply all brackets out."""
    match expression:
        case Sum(terms=terms):
            return [factors for term in terms for factors in expand(term)]
        case Product(factors=factors):
            choices = itertools.product(*map(expand, factors))
            return [tuple(itertools.chain(*choice)) for choice in choices]
        case Number(number=number):
            return [()] * int(number)
        case _:
            return [(expression,)]


def paths_of(graph: Graph, symbol: Symbol) -> Counter[Factors]:
    """All paths, found by plain recursion from the node onwards."""
    if symbol == graph.output:
        return Counter([()])
    found: Counter[Factors] = Counter()
    for node in graph.nodes:
        for argument, source in enumerate(node.inputs):
            if source == symbol:
                partial = Partial(node.symbol, symbol, node.inputs[:argument].count(symbol))
                found.update((*path, partial) for path in paths_of(graph, node.symbol).elements())
    return found


@st.composite
def traces(draw: st.DrawFn) -> Trace:
    """Graphs of up to eight nodes, each the sum of some before it, with parallel edges and any slopes."""
    slope = st.integers(-20, 20).map(lambda n: n / 4)
    nodes = [Node(Symbol("x"))]
    for k in range(draw(st.integers(1, 7))):
        near = st.sampled_from(nodes[-3:])
        sources = tuple(node.symbol for node in draw(st.lists(near, min_size=1, max_size=3)))
        constants = [place for _ in sources for place in (draw(slope), None)]
        nodes.append(Node(Symbol("n", None, (k,)), with_constants(AFFINE, (*constants, 0.0)), sources))
    return Graph(tuple(nodes), nodes[-1].symbol).evaluate(x=1.5)


@st.composite
def layered_traces(draw: st.DrawFn) -> Trace:
    """Layered graphs of few paths."""
    widths = draw(st.lists(st.integers(1, 3), min_size=1, max_size=4))
    parallel = draw(st.integers(1, 2))
    edges = sum(before * after * parallel for before, after in itertools.pairwise((*widths, 1)))
    slopes = draw(st.lists(st.integers(-8, 8).map(lambda n: n / 4), min_size=edges, max_size=edges))
    graph = layered_graph((*widths, 1), parallel, slopes).graph
    return graph.evaluate(dict.fromkeys(graph.inputs, 0.5))


# -- the lesson -------------------------------------------------------------------------------------------


def test_nine_paths_become_one_product() -> None:
    """(alpha + beta + gamma)(delta + epsilon + zeta) (Olah, Calculus on Computational Graphs, 2015)."""
    trace = olah()[1]
    merging = merge(trace, "x")
    x, y, z = map(Symbol, "xyz")
    first, second = (Sum(tuple(Partial(*ends, k) for k in range(3))) for ends in ((y, x), (z, y)))
    assert merging.equation.lhs == Derivative(z, x)
    assert merging.equation.rhs == Product((second, first))
    assert merging.equation.value == (2 + 3 + 5) * (7 + 11 + 13)
    assert merging.nodes == (x, y, z)
    assert (merging.paths, merging.edges) == (9, 6)
    assert (merging.path_by_path, merging.merged) == (Cost(9, 8), Cost(1, 4))
    assert trace.reverse().cost == Cost(6, 4)


def test_the_names_of_the_edges() -> None:
    layered, trace = olah()
    assert list(map(str, layered.names.values())) == ["alpha", "beta", "gamma", "delta", "epsilon", "zeta"]
    assert [trace.locals[edge] for edge in layered.names] == SLOPES
    named = layered.named(merge(trace, "x").equation)
    greek = [Quantity(Symbol(letter)) for letter in list(GREEK)[:6]]
    assert named.rhs == Product((Sum(tuple(greek[:3])), Sum(tuple(greek[3:]))))
    assert named.value == 310
    nine = layered.named(path_by_path(trace, "x"))
    products = {Product(pair) for pair in itertools.product(greek[:3], greek[3:])}
    assert isinstance(nine.rhs, Sum)
    assert set(nine.rhs.terms) == products
    assert len(nine.rhs.terms) == 9
    assert nine.rhs.terms[0] == Product((greek[0], greek[3]))


def test_a_name_that_is_no_edge_is_a_node() -> None:
    layered, trace = olah()
    named = layered.named(bp.Equation(Quantity(Symbol("x")), Number(0.5), trace))
    assert named.value == 0.5
    slope = Partial(Symbol("y"), Symbol("x"), 1)
    assert slope.evaluate(named.values) == 3


@pytest.mark.parametrize("n", [1, 2, 5, 60])
def test_paths_grow_as_powers_and_merged_costs_as_edges(n: int) -> None:
    trace = layered_graph((1,) * (n + 1), 3).graph.evaluate(x=1)
    merging = merge(trace, "x")
    assert (merging.paths, merging.edges) == (3**n, 3 * n)
    assert merging.path_by_path == Cost((n - 1) * 3**n, 3**n - 1)
    assert merging.merged == Cost(n - 1, 2 * n)
    assert merging.equation.value == 3.0**n
    assert len(merging.nodes) == n + 1


# -- every graph ------------------------------------------------------------------------------------------


@given(trace=traces() | layered_traces())
def test_the_merged_form_has_every_path_once(trace: Trace) -> None:
    for node in trace.graph.nodes:
        merging, expected = merge(trace, node.symbol), paths_of(trace.graph, node.symbol)
        assert Counter(expand(merging.equation.rhs)) == expected
        assert Counter(expand(path_by_path(trace, node.symbol).rhs)) == expected
        assert merging.paths == expected.total()


@given(trace=traces() | layered_traces())
def test_the_value_is_that_of_the_reverse_sweep(trace: Trace) -> None:
    derivative = trace.reverse().derivative
    for node in trace.graph.nodes:
        for equation in (merge(trace, node.symbol).equation, path_by_path(trace, node.symbol)):
            assert equation.rhs.evaluate(trace) == pytest.approx(derivative[node.symbol], rel=1e-12, abs=1e-9)


@given(trace=traces() | layered_traces())
def test_nodes_on_all_paths_are_those_that_the_counts_say(trace: Trace) -> None:
    """v lies on all paths if and only if paths(x -> v) paths(v -> z) = paths(x -> z)."""
    graph = trace.graph
    for start in (node.symbol for node in graph.nodes):
        arriving = Counter({start: 1})
        for node in graph.nodes:
            arriving[node.symbol] += sum(arriving[source] for source in node.inputs)
        paths = graph.count_paths(start)
        expected = [s for s in arriving if arriving[s] and arriving[s] * graph.count_paths(s) == paths]
        order = [node.symbol for node in graph.nodes if node.symbol in expected] if paths else []
        assert list(merge(trace, start).nodes) == order


@given(trace=traces() | layered_traces())
def test_costs_are_those_of_what_is_written(trace: Trace) -> None:
    for node in trace.graph.nodes:
        merging = merge(trace, node.symbol)
        assert merging.path_by_path == cost_of(path_by_path(trace, node.symbol).rhs)
        assert merging.merged == cost_of(merging.equation.rhs)
        assert merging.merged.total <= merging.path_by_path.total
        edges = {partial for path in paths_of(trace.graph, node.symbol) for partial in path}
        assert merging.edges == len(edges)


@given(data=st.data(), network=networks(max_width=3))
def test_the_gradients_of_a_network(data: st.DataObject, network: bp.Network) -> None:
    x, y = data.draw(samples(network))
    trace = network.graph().evaluate(input_values(network, x, y))
    back = bp.backward(bp.forward(network, x, y))
    for parameter in network.parameters()[::3]:
        assert merge(trace, parameter).equation.value == pytest.approx(back[parameter], rel=1e-9, abs=1e-13)


def test_sums_are_nested_where_paths_meet_early() -> None:
    """A way around: x -> z directly, and x -> a -> b -> z with two edges each."""
    x, a, b, z = map(Symbol, "xabz")
    graph = Graph((Node(x), Node(a, ADD, (x, x)), Node(b, ADD, (a, a)), Node(z, ADD, (b, b, x))), z)
    merging = merge(graph.evaluate(x=1), x)
    assert isinstance(merging.equation.rhs, Sum)
    inner = Product((Sum((Partial(z, b), Partial(z, b, 1))), Sum((Partial(b, a), Partial(b, a, 1)))))
    terms = [Product((*inner.factors, Partial(a, x, k))) for k in (0, 1)]
    assert merging.equation.rhs == Sum((*terms, Partial(z, x)))
    assert merging.nodes == (x, z)
    assert (merging.paths, merging.equation.value) == (9, 9)


def test_what_needs_no_merging() -> None:
    graph = Graph.from_expression("a * b", name="e")
    trace = graph.evaluate(a=2, b=3)
    e, a = Symbol("e"), Symbol("a")
    assert merge(trace, a).equation.rhs == path_by_path(trace, a).rhs == Partial(e, a)
    assert merge(trace, e).equation.rhs == path_by_path(trace, e).rhs == Number(1)
    assert merge(trace, e) == Merging(merge(trace, e).equation, (e,), 1, 0, Cost(), Cost())
    unread = Graph((Node(a), Node(Symbol("b")), Node(e, ADD, (a,))), e).evaluate(a=1, b=2)
    assert merge(unread, "b") == Merging(merge(unread, "b").equation, (), 0, 0, Cost(), Cost())
    assert merge(unread, "b").equation.rhs == path_by_path(unread, "b").rhs == Number(0)
    with pytest.raises(ValueError, match="q is not a node"):
        merge(trace, "q")


def test_too_much_to_write_is_refused() -> None:
    trace = layered_graph((1, *[10] * 30, 1)).graph.evaluate(x=1)
    with pytest.raises(bp.TooManyPaths, match="more than 10000 local derivatives; a reverse sweep"):
        merge(trace, "x")
    with pytest.raises(bp.TooManyPaths, match="more than 5 local derivatives"):
        merge(olah()[1], "x", limit=5)
    assert merge(olah()[1], "x", limit=6).edges == 6
    with pytest.raises(bp.TooManyPaths, match="9 paths"):
        path_by_path(olah()[1], "x", limit=8)


def test_a_ladder_up_from_the_input_has_long_terms() -> None:
    """v_(k+1) = v_k + x: every way begins at x, and goes on to the end alone."""
    nodes = [Node(Symbol("x"))]
    for k in range(3000):
        nodes.append(Node(Symbol("v", None, (k,)), ADD, (nodes[-1].symbol, Symbol("x"))))
    ladder = Graph(tuple(nodes), nodes[-1].symbol).evaluate(x=1)
    with pytest.raises(bp.TooManyPaths, match="more than 10000 local derivatives"):
        merge(ladder, "x")


def test_a_ladder_down_to_the_output_is_nested() -> None:
    def ladder(length: int) -> Trace:
        chain = [Symbol("v", None, (k,)) for k in range(length)]
        nodes = [Node(chain[0]), *(Node(s, ADD, (before,)) for before, s in itertools.pairwise(chain))]
        return Graph((*nodes, Node(Symbol("z"), ADD, tuple(chain))), Symbol("z")).evaluate({chain[0]: 1})

    merging = merge(ladder(40), Symbol("v", None, (0,)))
    assert merging.equation.value == merging.paths == 40
    with pytest.raises(bp.TooManyPaths, match="more than 50 sums within each other"):
        merge(ladder(3000), Symbol("v", None, (0,)))


# -- layered graphs ---------------------------------------------------------------------------------------


def test_layers_of_several_nodes() -> None:
    layered = layered_graph((2, 3, 2, 1))
    assert list(map(str, layered.graph.inputs)) == ["x(1)", "x(2)"]
    assert str(layered.graph["z"].inputs) == "(h(2, 1), h(2, 2))"
    trace = layered.graph.evaluate(dict.fromkeys(layered.graph.inputs, 1))
    assert trace["z"] == 12
    assert [layered.graph.count_paths(symbol) for symbol in layered.graph.inputs] == [6, 6]
    merging = merge(trace, layered.graph.inputs[0])
    assert (merging.paths, merging.edges) == (6, 11)
    assert merging.equation.value == 6


def test_names_when_letters_run_out() -> None:
    few, many = layered_graph((1,) * 9, 3), layered_graph((1,) * 10, 3)
    assert list(few.names.values()) == [Symbol(letter) for letter in GREEK]
    assert len(set(many.names.values())) == len(many.names) == 27
    assert str(next(iter(many.names.values()))) == "alpha(1, 1)"
    assert set(many.names) == {
        edge for node in many.graph.nodes for edge in many.graph.edges_into(node.symbol)
    }


def test_slopes_stand_in_reading_order() -> None:
    layered = layered_graph((2, 1, 1), 2, [1, 2, 3, 4, 5, 6])
    trace = layered.graph.evaluate(dict.fromkeys(layered.graph.inputs, 1))
    partials = [(str(edge.source), str(edge.target), trace.locals[edge]) for edge in layered.names]
    assert partials == [
        ("x(1)", "y", 1),
        ("x(1)", "y", 2),
        ("x(2)", "y", 3),
        ("x(2)", "y", 4),
        ("y", "z", 5),
        ("y", "z", 6),
    ]
    assert [local(layered.graph, edge).occurrence for edge in layered.names] == [0, 1, 0, 1, 0, 1]


def test_what_layered_graphs_refuse() -> None:
    with refused("widths ends with 2, but the last layer must be one node, the output"):
        layered_graph((1, 2))
    with refused("sizes has 1 layer, but a network has at least two"):
        layered_graph((1,))
    with refused("parallel is 0, but it must be a whole number from 1 on"):
        layered_graph((1, 1), 0)
    with refused("slopes has 1 number, but there are 2 edges, with one each"):
        layered_graph((1, 1), 2, [1.0])
    with refused("slopes[1] is nan, but it must be a finite number"):
        layered_graph((1, 1), 2, [1.0, math.nan])


def test_a_large_graph_is_merged_in_one_sweep() -> None:
    """Twenty thousand nodes, of which every second lies on all paths."""
    generator = random.Random(0)
    before, nodes = Symbol("x"), [Node(Symbol("x"))]
    for k in range(10_000):
        inner, outer = Symbol("i", None, (k,)), Symbol("o", None, (k,))
        nodes += [Node(inner, ADD, (before,)), Node(outer, ADD, (inner, before) if k < 1 else (inner,))]
        before = outer
    trace = Graph(tuple(nodes), before).evaluate(x=generator.random())
    merging = merge(trace, "x", limit=30_000)
    assert (merging.paths, merging.edges) == (2, 20_001)
    assert len(merging.nodes) == 20_000

"""Paths are counted exactly, and listed only when they are few."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import pytest

import bpmath as bp
from bpmath.graph import Graph, Node, TooManyPaths
from bpmath.operations import ADD
from bpmath.symbols import Symbol


def layered(*widths: int) -> Graph:
    """Return a graph of fully connected layers of sums, between one input and one output."""
    layers = [[Symbol("n", k, (j,)) for j in range(width)] for k, width in enumerate((1, *widths, 1))]
    nodes = [Node(layers[0][0])]
    for before, layer in pairwise(layers):
        nodes += [Node(symbol, ADD, tuple(before)) for symbol in layer]
    return Graph(tuple(nodes), layers[-1][0])


def test_counts_without_listing() -> None:
    graph = layered(*[10] * 30)
    assert graph.count_paths(Symbol("n", 0, (0,))) == 10**30


def test_lists_as_many_as_it_counts() -> None:
    graph = layered(2, 3, 4)
    paths = graph.paths(Symbol("n", 0, (0,)))
    assert len(set(paths)) == len(paths) == graph.count_paths(Symbol("n", 0, (0,))) == 24
    assert all(path[0].target == graph.output for path in paths)
    assert all(near.source == far.target for path in paths for near, far in pairwise(path))


def test_refuses_to_list_too_many() -> None:
    graph = layered(*[10] * 30)
    with pytest.raises(TooManyPaths, match=f"{10**30} paths"):
        graph.paths(Symbol("n", 0, (0,)))


def test_parallel_edges_are_different_paths() -> None:
    x, twice = Symbol("x"), Symbol("s")
    graph = Graph((Node(x), Node(twice, ADD, (x, x))), twice)
    assert graph.count_paths("x") == 2
    assert len(graph.paths("x")) == 2
    trace = graph.evaluate(x=3)
    assert trace["s"] == 6
    assert math.fsum(trace.locals[path[0]] for path in graph.paths("x")) == 2


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "lack x"),
        ({"x": 1, "q": 2}, "have q"),
        ({"x": float("nan")}, "^values: x is nan, but it must be a finite number$"),
        ({"x": 10**400}, "^values: x is 1000.*000, but it must be a finite number$"),
        ({"x": "1"}, "^values: x is '1', but it must be a finite number$"),
        ({"x": True}, "^values: x is True, but"),
    ],
    ids=["missing", "unknown", "NaN", "huge", "text", "bool"],
)
def test_wrong_inputs_are_refused(values: dict[str, Any], message: str) -> None:
    x = Symbol("x")
    graph = Graph((Node(x), Node(Symbol("s"), ADD, (x,))), Symbol("s"))
    with pytest.raises(ValueError, match=message):
        graph.evaluate(**values)


def test_nodes_must_be_in_order() -> None:
    x = Symbol("x")
    with pytest.raises(ValueError, match="before one of its inputs"):
        Graph((Node(Symbol("s"), ADD, (x,)), Node(x)), Symbol("s"))


def test_the_output_must_be_a_node() -> None:
    with pytest.raises(ValueError, match="q is not a node"):
        Graph((Node(Symbol("x")),), Symbol("q"))


def test_a_network_is_a_graph() -> None:
    network = bp.example_network()
    graph = network.graph()
    assert graph.output == bp.E
    assert set(network.parameters()) <= set(graph.inputs)
    assert graph["E"].inputs == (bp.e(1), bp.e(2))


def test_softmax_errors_read_all_outputs() -> None:
    network = bp.Network.random((2, 3), loss="softmax_cross_entropy")
    assert network.graph()[bp.e(1)].inputs == (bp.a(1, 1), bp.a(1, 2), bp.a(1, 3), bp.y(1))
    assert network.graph().count_paths(bp.w(1, 2, 1)) == 3

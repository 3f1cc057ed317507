"""Edges as thick as their weights: strokes, colours by sign, rims, and which parameters have a line."""

from __future__ import annotations

import pytest
from manim import Line

import bpmath as bp
from scenes.stage.layout import THICKEST, THINNEST
from scenes.stage.network_map import NetworkMap
from scenes.stage.theme import DARK, Role
from scenes.stage.weighted_edges import WeightedEdges, weighted_edges


@pytest.fixture
def network() -> bp.Network:
    return bp.example_network()


@pytest.fixture
def edges(network: bp.Network) -> WeightedEdges:
    return weighted_edges(NetworkMap(network, DARK), [network])


def colour(line: Line) -> str:
    found = line.get_stroke_color()
    assert found is not None
    return found.to_hex()


def test_the_largest_weight_is_the_thickest(network: bp.Network, edges: WeightedEdges) -> None:
    assert edges.largest == 1.4
    edges.dress(network)
    widths = {one: edges.line(one).get_stroke_width() for one in edges.parameters}
    assert widths[bp.w(2, 2, 2)] == pytest.approx(THICKEST)
    assert widths[bp.w(3, 1, 1)] == pytest.approx(THINNEST + (THICKEST - THINNEST) * 0.8 / 1.4)
    assert widths[bp.b(2, 2)] == pytest.approx(THINNEST + (THICKEST - THINNEST) * 0.1 / 1.4)
    assert max(widths.values()) == widths[bp.w(2, 2, 2)]


def test_the_colour_tells_the_sign(network: bp.Network, edges: WeightedEdges) -> None:
    edges.dress(network)
    for one in edges.parameters:
        role = Role.BRANCH_A if network.value(one) > 0 else Role.BRANCH_B
        assert colour(edges.line(one)) == DARK[role]


def test_all_parameters_have_a_line(network: bp.Network, edges: WeightedEdges) -> None:
    assert set(edges.parameters) == set(network.parameters())
    wide = bp.Network.random((784, 30, 10))
    shown = weighted_edges(NetworkMap(wide, DARK), [wide]).parameters
    assert len(shown) == 3 * 3 + 3 + 3 * 3 + 3
    assert bp.w(1, 30, 784) in shown


def test_a_rim_is_as_wide_as_the_larger_weight(network: bp.Network, edges: WeightedEdges) -> None:
    weight = bp.w(3, 1, 1)
    grown, shrunk = network.with_parameter(weight, 1.2), network.with_parameter(weight, 0.2)
    gain, loss = edges.rim(weight, network, grown), edges.rim(weight, network, shrunk)
    assert gain.get_stroke_width() == pytest.approx(edges.stroke(1.2))
    assert loss.get_stroke_width() == pytest.approx(edges.stroke(0.8))
    assert colour(gain) == DARK[Role.TARGET]
    assert colour(loss) == DARK[Role.QUIET]
    assert gain.z_index < edges.line(weight).z_index


def test_the_extremes(network: bp.Network, edges: WeightedEdges) -> None:
    assert edges.extremes(network) == [bp.w(2, 2, 2), bp.w(2, 2, 1)]
    positive = bp.Network([[[1.0, 2.0]]], [[0.0]])
    assert weighted_edges(NetworkMap(positive, DARK), [positive]).extremes(positive) == [bp.w(1, 1, 2)]


def test_no_weight_at_all_is_thin() -> None:
    nothing = bp.Network([[[0.0]]], [[0.0]])
    edges = weighted_edges(NetworkMap(nothing, DARK), [nothing])
    assert edges.stroke(0.0) == THINNEST
    assert edges.extremes(nothing) == []

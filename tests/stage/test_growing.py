"""A layer grows closed, opens into z and a where the map has them, and leaves nothing out."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pytest
from manim import Animation, AnimationGroup, Mobject, ReplacementTransform

import bpmath as bp
from bpmath.symbols import a, z
from scenes.stage.growing import ClosedLayer, ellipsis, error_nodes
from scenes.stage.network_map import NetworkMap
from scenes.stage.theme import DARK

NETWORKS = {
    "example": bp.example_network(),
    "one node": bp.Network.random((1, 1)),
    "uneven": bp.Network.random((3, 4, 2)),
    "wide": bp.Network.random((20, 12, 10)),
}
every_network = pytest.mark.parametrize("network", NETWORKS.values(), ids=list(NETWORKS))


def single(animations: Iterable[Animation]) -> list[Animation]:
    """Return the animations that groups are made of."""
    found: list[Animation] = []
    for animation in animations:
        found += single(animation.animations) if isinstance(animation, AnimationGroup) else [animation]
    return found


def moved(animations: Iterable[Animation]) -> set[int]:
    """Return what animations bring or change."""
    return {id(animation.mobject) for animation in single(animations)}


def identities(mobjects: Iterable[Mobject]) -> set[int]:
    return {id(mobject) for mobject in mobjects}


@every_network
def test_all_of_a_layer_grows(network: bp.Network) -> None:
    drawn = NetworkMap(network, DARK)
    for layer in range(1, network.layers + 1):
        closed = ClosedLayer(drawn, layer)
        rows, before = drawn.plan.rows(layer), drawn.plan.rows(layer - 1)
        assert (len(closed.nodes), len(closed.edges)) == (len(rows), len(rows) * len(before))
        dots = [drawn.ellipses[layer]] if layer in drawn.ellipses else []
        assert moved([closed.grow(1.0)]) == identities([*closed.nodes, *closed.edges, *dots])


@every_network
def test_closed_edges_lead_from_the_layer_before_to_a_closed_node(network: bp.Network) -> None:
    drawn = NetworkMap(network, DARK)
    closed = ClosedLayer(drawn, 1)
    pairs = [(node, row) for node in closed.nodes for row in drawn.plan.rows(0)]
    for edge, (node, row) in zip(closed.edges, pairs, strict=True):
        source = drawn.node(a(0, row)).circle
        for end, circle in ((edge.get_start(), source), (edge.get_end(), node)):
            assert np.linalg.norm(end - circle.get_center()) == pytest.approx(circle.width / 2, abs=0.02)


@every_network
def test_an_open_layer_is_that_of_the_map(network: bp.Network) -> None:
    drawn = NetworkMap(network, DARK)
    layer = network.layers
    nodes = [drawn.node(kind(layer, row)) for row in drawn.plan.rows(layer) for kind in (z, a)]
    pairs = [drawn.edge(z(layer, row), a(layer, row)) for row in drawn.plan.rows(layer)]
    shown = [*(node.circle for node in nodes), *(node.label for node in nodes), *pairs]
    wanted = [*shown, *drawn.open_edges(layer)]
    closed = ClosedLayer(drawn, layer)
    steps = closed.open()
    brought: list[Any] = [
        step.target_mobject if isinstance(step, ReplacementTransform) else step.mobject for step in steps
    ]
    assert identities(brought) == identities(wanted)
    assert len(brought) == len(wanted), "nothing comes twice"
    changed = [step for step in steps if isinstance(step, ReplacementTransform)]
    assert identities([*closed.nodes, *closed.edges]) <= moved(changed), "nothing closed is left behind"


def test_a_layer_that_is_shown_whole_has_no_ellipsis() -> None:
    small, wide = (NetworkMap(NETWORKS[name], DARK) for name in ("example", "wide"))
    assert ellipsis(small, 1) == []
    assert moved(ellipsis(wide, 1)) == {id(wide.ellipses[1])}


@every_network
def test_errors_come_with_their_edges_and_targets(network: bp.Network) -> None:
    drawn = NetworkMap(network, DARK)
    errors, targets = drawn.symbols("e"), drawn.symbols("y")
    assert errors and targets
    edges = [line for error in errors for line in drawn.edges_into(error)]
    wanted = [*edges, *map(drawn.node, errors), *map(drawn.stub, targets)]
    assert moved(error_nodes(drawn)) == identities(wanted)

"""The map has every connection of its network, where the connection is, and answers to symbols."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
import pytest
from manim import Line, ManimColor, MathTypst, Mobject, VGroup, VMobject
from manim.typing import Point3D

import bpmath as bp
from bpmath.algebra import Partial
from scenes.stage.layout import CLOSE_MAP, DIM_OPACITY, LEAST_SIZE, MAP
from scenes.stage.map_pen import MapNode
from scenes.stage.network_map import NetworkMap
from scenes.stage.theme import DARK, Role

NETWORKS = {
    "example": bp.example_network(),
    "one node": bp.Network.random((1, 1)),
    "softmax": bp.Network.random((2, 3, 2), loss="softmax_cross_entropy"),
    "four rows": bp.Network.random((2, 4, 1)),
    "deep": bp.Network.random((2, 2, 2, 2, 2)),
}
WIDE = bp.Network.random((784, 30, 10), loss="softmax_cross_entropy")
every_network = pytest.mark.parametrize("name", [*NETWORKS, "wide"])


def draw(network: bp.Network, **options: bool) -> NetworkMap:
    return NetworkMap(network, DARK, **options)  # type: ignore[arg-type]


@cache
def shared(name: str) -> NetworkMap:
    """Return the map of a network.  Shared, so no test may change it."""
    return draw(WIDE if name == "wide" else NETWORKS[name])


def centre(drawn: NetworkMap, symbol: bp.Symbol) -> Point3D:
    return drawn.node(symbol).circle.get_center()


def joins(line: Line, drawn: NetworkMap, source: bp.Symbol, target: bp.Symbol) -> bool:
    """Tell whether a line leads straight from the rim of one node to the rim of another."""
    (start, end), (one, other) = (
        (line.get_start(), line.get_end()),
        (centre(drawn, s) for s in (source, target)),
    )
    radius = drawn.node(source).circle.width / 2
    apart = np.linalg.norm(other - one)
    lengths = [
        np.linalg.norm(start - one),
        apart - np.linalg.norm(start - other),
        np.linalg.norm(end - other),
    ]
    return bool(
        np.allclose([*lengths, np.linalg.norm(end - start)], [radius] * 3 + [apart - 2 * radius], atol=1e-6)
    )


def enters_from_above(line: Line, drawn: NetworkMap, node: bp.Symbol) -> bool:
    """Tell whether a line ends at the top of a node, and comes from over it."""
    top = drawn.node(node).circle.get_top()
    return bool(np.allclose(line.get_end(), top, atol=1e-6) and line.get_start()[1] > top[1])


def points(*mobjects: Mobject) -> list[np.ndarray]:
    return [member.points.copy() for mobject in mobjects for member in mobject.get_family()]


def nodes_of(drawn: NetworkMap) -> list[MapNode]:
    return [member for member in drawn.submobjects if isinstance(member, MapNode)]


def touch(one: Mobject, other: Mobject) -> bool:
    """Tell whether the boxes around two things overlap."""
    (left, low, _), (right, high, _) = one.get_corner((-1, -1, 0)), one.get_corner((1, 1, 0))
    (other_left, other_low, _), (other_right, other_high, _) = (
        other.get_corner((-1, -1, 0)),
        other.get_corner((1, 1, 0)),
    )
    return bool(left < other_right and other_left < right and low < other_high and other_low < high)


# -- nothing is missing -------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NETWORKS)
def test_every_connection_of_the_network_has_its_edge(name: str) -> None:
    drawn = shared(name)
    for node in drawn.network.graph().nodes:
        for source in node.inputs:
            if source.letter == "w":
                assert drawn.shows(source)
            elif source.letter in "by":
                assert enters_from_above(drawn.edge(source, node.symbol), drawn, node.symbol)
            else:
                assert joins(drawn.edge(source, node.symbol), drawn, source, node.symbol)


@pytest.mark.parametrize("name", NETWORKS)
def test_every_local_derivative_has_the_line_that_yields_it(name: str) -> None:
    drawn = shared(name)
    found = bp.derive(
        drawn.network, [0.5] * drawn.network.sizes[0], [1.0] + [0.0] * (drawn.network.sizes[-1] - 1)
    )
    for edge in found.trace.locals:
        line, letter = drawn.edge_of(found.local(edge)), edge.source.letter
        if letter == "w":  # the edge that the weight sits on comes from the node of the layer before
            layer, (_, source) = edge.source.layer, edge.source.indices
            assert layer is not None
            assert joins(line, drawn, bp.a(layer - 1, source), edge.target)
        elif letter in "by":
            assert enters_from_above(line, drawn, edge.target)
        else:
            assert joins(line, drawn, edge.source, edge.target)
        assert drawn.shows_edge(found.local(edge))


@pytest.mark.parametrize("name", NETWORKS)
def test_nothing_is_drawn_twice_or_for_nothing(name: str) -> None:
    drawn = shared(name)
    graph = drawn.network.graph()
    sources = [source for node in graph.nodes for source in node.inputs]
    lines = {id(drawn.edge_of(Partial(node.symbol, s))) for node in graph.nodes for s in node.inputs}
    drawn_lines = [member for member in drawn.get_family() if isinstance(member, Line)]
    assert {id(line) for line in drawn_lines} == lines
    assert len(drawn_lines) == sum(source.letter != "w" for source in sources)


def test_softmax_errors_read_every_output() -> None:
    drawn = shared("softmax")
    for k in (1, 2):
        assert len(drawn.edges_into(bp.e(k))) == 2
        for j in (1, 2):
            assert joins(drawn.edge(bp.a(2, j), bp.e(k)), drawn, bp.a(2, j), bp.e(k))


def test_squared_errors_read_their_own_output_only() -> None:
    drawn = shared("example")
    assert [len(drawn.edges_into(bp.e(k))) for k in (1, 2)] == [1, 1]
    assert len(drawn.edges_into(bp.E)) == 2
    with pytest.raises(ValueError, match=r"^symbol: \(a\(3, 2\), e\(1\)\) is no edge of this map"):
        drawn.edge(bp.a(3, 2), bp.e(1))


@every_network
def test_the_map_stays_in_its_zone(name: str) -> None:
    assert MAP.contains(shared(name))


@every_network
@pytest.mark.parametrize("named", [True, False], ids=["named", "plain"])
def test_what_enters_a_node_touches_no_other_node(name: str, named: bool) -> None:
    drawn = draw(WIDE if name == "wide" else NETWORKS[name], named_stubs=named)
    circles = [node.circle for node in nodes_of(drawn)]
    for symbol in [s for layer in range(1, drawn.network.layers + 1) for s in drawn.symbols("b", layer)]:
        stub, (k,) = drawn.stub(symbol), symbol.indices
        own = drawn.node(bp.z(symbol.layer or 0, k)).circle
        assert [c for c in circles if c is not own and (touch(c, stub.line) or touch(c, stub.end))] == []


@every_network
def test_names_lie_inside_their_nodes_and_can_be_read(name: str) -> None:
    drawn = shared(name)
    for letter, layer in [("x", None), ("e", None), ("z", 1), ("a", 1), ("a", drawn.network.layers)]:
        for symbol in drawn.symbols(letter, layer):
            node = drawn.node(symbol)
            away = np.linalg.norm(np.concatenate(points(*node.label)) - node.circle.get_center(), axis=1)
            assert away.max() <= node.circle.width / 2
            assert node.label.font_size >= LEAST_SIZE - 1e-6


# -- layers too wide to show ----------------------------------------------------------------------------


@pytest.mark.parametrize(("layer", "size"), [(0, "784"), (1, "30"), (2, "10")])
def test_an_ellipsis_says_how_many_nodes_there_are(layer: int, size: str) -> None:
    _, count = shared("wide").ellipses[layer]
    shapes = MathTypst(size).submobjects
    assert [glyph.points.shape for glyph in count] == [shape.points.shape for shape in shapes]
    assert count.width / count.height == pytest.approx(VGroup(*shapes).width / VGroup(*shapes).height)


@every_network
def test_an_ellipsis_touches_no_node(name: str) -> None:
    drawn = shared(name)
    for ellipsis in drawn.ellipses.values():
        assert not any(touch(ellipsis, node) for node in nodes_of(drawn))


def test_what_an_ellipsis_hides_is_not_shown() -> None:
    drawn = shared("wide")
    assert drawn.symbols("x") == [bp.x(1), bp.x(2), bp.x(784)]
    assert not drawn.shows(bp.w(1, 1, 3))
    assert not drawn.shows(bp.x(3))
    assert not drawn.shows_edge(Partial(bp.z(1, 3), bp.x(1)))
    assert drawn.shows(bp.w(1, 30, 784))
    assert drawn.shows_edge(Partial(bp.z(1, 30), bp.w(1, 30, 784)))
    assert shared("example").ellipses == {}


# -- what is where ------------------------------------------------------------------------------------


def test_quantities_are_seen_where_they_are_written() -> None:
    drawn = draw(NETWORKS["example"])
    weight, other = bp.w(2, 1, 2), bp.w(2, 1, 1)
    drawn.make_labels([weight])
    assert drawn.where(bp.z(2, 1)) is drawn.node(bp.z(2, 1)).label
    assert drawn.where(bp.b(2, 1)) is drawn.stub(bp.b(2, 1)).end
    assert drawn.where(weight) is drawn.label(weight).name_glyphs
    assert drawn.where(other) is drawn.edge(bp.a(1, 1), bp.z(2, 1))


def test_columns_are_ordered_from_above() -> None:
    drawn = shared("four rows")
    assert drawn.symbols("b", 1) == [bp.b(1, k) for k in (1, 2, 3, 4)]
    heights = [node.get_y() for node in drawn.column("z", 1)]
    assert len(heights) == 4
    assert heights == sorted(heights, reverse=True)


def test_edges_into_a_node_come_from_every_node_before() -> None:
    drawn = shared("softmax")
    starts = [line.get_start() for line in drawn.edges_into(bp.z(2, 1)) if isinstance(line, Line)]
    assert len(starts) == 3
    for k, start in enumerate(starts, 1):
        assert np.linalg.norm(start - centre(drawn, bp.a(1, k))) == pytest.approx(drawn.plan.radius)


@pytest.mark.parametrize(
    ("ask", "what"),
    [
        (lambda drawn: drawn.node(bp.z(4, 1)), r"z\(4, 1\) is no node"),
        (lambda drawn: drawn.node(bp.w(1, 1, 1)), r"w\(1, 1, 1\) is no node"),
        (lambda drawn: drawn.edge(bp.x(1), bp.z(2, 1)), r"\(x\(1\), z\(2, 1\)\) is no edge"),
        (lambda drawn: drawn.edge(bp.b(1, 1), bp.E), r"\(b\(1, 1\), E\) is no edge"),
        (lambda drawn: drawn.edge_of(Partial(bp.z(2, 1), bp.x(1))), r"\(x\(1\), z\(2, 1\)\) is no edge"),
        (lambda drawn: drawn.lit(Partial(bp.E, bp.a(3, 1))), r"\(a\(3, 1\), E\) is no edge"),
        (lambda drawn: drawn.stub(bp.x(1)), r"x\(1\) is no bias or target"),
        (lambda drawn: drawn.label(bp.w(1, 1, 1)), r"w\(1, 1, 1\) is no labelled weight"),
        (lambda drawn: drawn.ring(bp.y(1)), r"y\(1\) is no node"),
        (lambda drawn: drawn.where(bp.w(1, 1, 3)), r".*\(x\(3\), z\(1, 1\)\) is no edge"),
        (lambda drawn: drawn.where(bp.Symbol("q")), r".*q.* is no "),
    ],
)
def test_what_is_not_on_the_map_is_refused(ask: Callable[[NetworkMap], Mobject], what: str) -> None:
    with pytest.raises(ValueError, match=rf"^symbol: {what}.* of this map of \(2, 2, 2, 2\)$"):
        ask(shared("example"))


# -- near and far -------------------------------------------------------------------------------------


def close_and_back(drawn: NetworkMap, shown: list[Mobject]) -> None:
    assert drawn.come_close(1, CLOSE_MAP)
    for animation in drawn.step_back(shown):
        animation.begin()
        animation.finish()


@pytest.mark.parametrize("seen", [True, False], ids=["shown", "not yet shown"])
@pytest.mark.parametrize("name", ["example", "softmax", "deep"])
def test_stepping_back_undoes_coming_close(name: str, seen: bool) -> None:
    drawn = draw(NETWORKS[name])
    before = points(drawn)
    close_and_back(drawn, [drawn] if seen else [])
    for was, now in zip(before, points(drawn), strict=True):
        np.testing.assert_allclose(now, was, atol=1e-9)


def test_coming_close_fills_the_zone_with_the_first_layer() -> None:
    drawn = draw(NETWORKS["example"])
    factor = drawn.node(bp.x(1)).circle.width
    assert drawn.come_close(1, CLOSE_MAP)
    factor = drawn.node(bp.x(1)).circle.width / factor
    near = [drawn.node(s) for s in (bp.x(1), bp.x(2), bp.z(1, 1), bp.z(1, 2), bp.a(1, 1), bp.a(1, 2))]
    assert factor > 1
    assert all(CLOSE_MAP.contains(node) for node in near)
    assert drawn.node(bp.E).get_left()[0] > CLOSE_MAP.right


def test_what_is_made_near_comes_back_with_the_map() -> None:
    near, far = draw(NETWORKS["example"]), draw(NETWORKS["example"])
    weights = near.plan.weights(1)
    near.come_close(1, CLOSE_MAP)
    labels = near.make_labels(weights)
    closed = near.closed_nodes(1)
    assert closed[0].width == pytest.approx(near.node(bp.z(1, 1)).circle.width)
    for animation in near.step_back([near, labels]):
        animation.begin()
        animation.finish()
    far.make_labels(weights)
    near_name, far_name = (drawn.label(weights[0]).name_glyphs for drawn in (near, far))
    assert near_name.width == pytest.approx(far_name.width)
    assert near_name.font_size == pytest.approx(far_name.font_size)
    assert near.closed_nodes(1)[0].width == pytest.approx(far.closed_nodes(1)[0].width)


def test_a_large_network_is_not_brought_close() -> None:
    drawn = draw(WIDE)
    before = points(drawn)
    assert not drawn.come_close(2, CLOSE_MAP)
    assert all(np.array_equal(was, now) for was, now in zip(before, points(drawn), strict=True))


# -- light --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("partial", "source", "role"),
    [
        (Partial(bp.E, bp.e(1)), bp.e(1), Role.ERROR_DERIVATIVE),
        (Partial(bp.e(1), bp.a(3, 1)), bp.a(3, 1), Role.LOSS_DERIVATIVE),
        (Partial(bp.a(3, 1), bp.z(3, 1)), bp.z(3, 1), Role.ACTIVATION_DERIVATIVE),
        (Partial(bp.z(3, 1), bp.a(2, 2)), bp.a(2, 2), Role.WEIGHT_DERIVATIVE),
        (Partial(bp.z(3, 1), bp.w(3, 1, 2)), bp.a(2, 2), Role.INPUT_DERIVATIVE),
    ],
)
def test_light_runs_backwards_in_the_colour_of_the_factor(
    partial: Partial, source: bp.Symbol, role: Role
) -> None:
    drawn = shared("example")
    lit = drawn.lit(partial)
    assert np.linalg.norm(lit.get_start() - centre(drawn, partial.of)) == pytest.approx(drawn.plan.radius)
    assert np.linalg.norm(lit.get_end() - centre(drawn, source)) == pytest.approx(drawn.plan.radius)
    assert ManimColor(lit.get_stroke_color()).to_hex().upper() == DARK[role]
    assert lit.get_stroke_width() > drawn.edge_of(partial).get_stroke_width()
    assert drawn.edge_of(partial).z_index < lit.z_index < drawn.node(partial.of).circle.z_index


def test_a_ring_lies_on_the_rim_of_its_node() -> None:
    drawn = shared("example")
    ring, circle = drawn.ring(bp.a(2, 1)), drawn.node(bp.a(2, 1)).circle
    np.testing.assert_allclose(ring.get_center(), circle.get_center(), atol=1e-9)
    assert ring.width == pytest.approx(circle.width)


def test_what_recedes_grows_dim_with_its_edges() -> None:
    drawn = draw(NETWORKS["example"])
    for animation in drawn.recede([bp.z(3, 2)]):
        animation.begin()
        animation.finish()
    dim: list[Mobject] = [
        drawn.node(bp.z(3, 2)).circle,
        *drawn.edges_into(bp.z(3, 2)),
        drawn.edge(bp.z(3, 2), bp.a(3, 2)),
    ]
    dim.append(drawn.stub(bp.b(3, 2)).line)
    bright = [drawn.node(bp.a(3, 2)).circle, drawn.edge(bp.a(2, 1), bp.z(3, 1)), drawn.stub(bp.b(3, 1)).line]
    opacities = [shape.get_stroke_opacity() for shape in dim if isinstance(shape, VMobject)]
    assert opacities == pytest.approx([DIM_OPACITY] * len(dim))
    assert [shape.get_stroke_opacity() for shape in bright] == [1.0] * len(bright)


# -- labels of weights --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["example", "softmax", "four rows"])
def test_labels_lie_on_their_edges_and_touch_no_node(name: str) -> None:
    drawn = draw(NETWORKS[name])
    labels = drawn.make_labels([s for s in drawn.network.parameters() if s.letter == "w"])
    assert len(labels) >= 4
    for label in labels:
        assert not any(touch(label, other) for other in (*nodes_of(drawn), *labels) if other is not label)
    for weight in drawn.plan.weights(1):
        if isinstance(drawn.where(weight), Line):
            continue  # its label found no place
        line, place = (
            drawn.edge(bp.x(weight.indices[1]), bp.z(1, weight.indices[0])),
            drawn.label(weight).get_center(),
        )
        along = line.get_end() - line.get_start()
        off = np.linalg.norm(np.cross(along, place - line.get_start())) / np.linalg.norm(along)
        assert off == pytest.approx(0, abs=1e-6)
        assert drawn.label(weight).patch.get_fill_opacity() == 1


def test_every_weight_of_the_example_finds_a_label() -> None:
    drawn = draw(NETWORKS["example"])
    assert len(drawn.make_labels(drawn.plan.weights(3))) == 4


# -- copies -------------------------------------------------------------------------------------------


def test_a_copy_shares_the_network_but_no_shape() -> None:
    drawn = shared("example")
    copied = drawn.copy()
    assert copied.network is drawn.network
    assert copied.node(bp.E) is not drawn.node(bp.E)
    assert any(member is copied.node(bp.E) for member in copied.submobjects)

"""The audit finds every fault that is planted, names it, and finds none in a picture that is in order."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from manim import DOWN, LEFT, RIGHT, UP, Circle, Line, Mobject, Scene, Square, VGroup, VMobject

import bpmath as bp
from scenes.stage.fonts import text_fonts
from scenes.stage.formula import Formula
from scenes.stage.graph_map import GraphLine
from scenes.stage.label_placement import Bent
from scenes.stage.layout import BOARD, CAPTION, CAPTION_SIZE, FRAME, HALO_STROKE, LEAST_SIZE, MAP_SIZE
from scenes.stage.map_pen import EDGES, LABELS, MapPen
from scenes.stage.theme import DARK, Role
from scenes.stage.typeset import Typeset, set_text
from tests.stage.audit import faults

PEN = MapPen(DARK, "article", radius=0.37)
LEFT_NODE, RIGHT_NODE = 3 * LEFT + DOWN, 3 * RIGHT + DOWN


def faults_of(*picture: Mobject) -> list[str]:
    """Return what the audit finds in a scene with nothing else in it."""
    scene = Scene()
    scene.add(*picture)
    return faults(scene)


def the_fault_of(*picture: Mobject) -> str:
    """Return the one thing that the audit finds."""
    (fault,) = faults_of(*picture)
    return fault


def square(x: float, y: float) -> Square:
    return Square(side_length=0.5).move_to(x * RIGHT + y * UP)


def formula(size: float = 40.0) -> Formula:
    """A product of two symbols at the origin."""
    return Formula(bp.Product((bp.Quantity(bp.w(1, 1, 1)), bp.Quantity(bp.x(1)))), DARK, size)


def edge() -> Line:
    return PEN.line(LEFT_NODE, RIGHT_NODE)


def on_the_edge(label: Typeset) -> Typeset:
    return label.move_to((LEFT_NODE + RIGHT_NODE) / 2).set_z_index(LABELS)


def clean_picture() -> list[Mobject]:
    nodes = [PEN.node(bp.z(1, 1), LEFT_NODE), PEN.node(bp.a(1, 1), RIGHT_NODE)]
    label = PEN.patched(on_the_edge(formula(MAP_SIZE)))
    words = set_text("What happens now.", CAPTION_SIZE, DARK[Role.INK], text_fonts("en"))
    return [edge(), *nodes, label, formula().move_to(BOARD.centre), words.move_to(CAPTION.centre)]


# -- pictures in order --------------------------------------------------------------------------------


def test_a_clean_picture_has_no_faults() -> None:
    assert faults_of(*clean_picture()) == []


def test_an_empty_scene_has_no_faults() -> None:
    assert faults_of() == []


def test_what_stands_in_two_groups_does_not_overlap_itself() -> None:
    shown = formula()
    assert faults_of(shown, VGroup(shown), VGroup(shown.term(bp.x(1)))) == []


PLANTED: dict[str, Callable[[], VMobject]] = {
    "off the frame": lambda: square(FRAME.right, 0),
    "in the band": lambda: square(0, CAPTION.centre[1]),
    "on a piece": lambda: formula().move_to(BOARD.centre),
    "on a rim": lambda: formula().move_to(LEFT_NODE + PEN.radius * UP),
    "on an edge": lambda: formula().move_to(LEFT_NODE + RIGHT),
    "small": lambda: formula(LEAST_SIZE - 1),
}


@pytest.mark.parametrize("kind", PLANTED)
def test_what_cannot_be_seen_is_no_fault(kind: str) -> None:
    assert faults_of(*clean_picture(), PLANTED[kind]().set_opacity(0.0)) == []
    assert len(faults_of(*clean_picture(), PLANTED[kind]())) >= 1


def test_an_outline_without_a_stroke_cannot_be_seen() -> None:
    assert faults_of(square(FRAME.right, 0).set_stroke(width=0)) == []


# -- off the frame ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("x", "y"),
    [(FRAME.right, 0), (FRAME.left, 0), (0, FRAME.top), (FRAME.right - 0.2, 0)],
    ids=["right", "left", "top", "just"],
)
def test_a_shape_partly_off_the_frame_is_named(x: float, y: float) -> None:
    fault = the_fault_of(*clean_picture(), square(x, y))
    assert fault == f"Square at ({x:.2f}, {y:.2f}; 0.50 x 0.50) leaves the frame"


@pytest.mark.parametrize("x", [FRAME.right + 3, FRAME.left - 3])
def test_a_shape_wholly_off_the_frame_is_named(x: float) -> None:
    assert the_fault_of(square(x, 0)) == f"Square at ({x:.2f}, 0.00; 0.50 x 0.50) leaves the frame"


def test_a_shape_at_the_border_of_the_frame_is_inside() -> None:
    assert faults_of(square(FRAME.right - 0.25, FRAME.top - 0.25)) == []


def test_a_glyph_that_is_cut_off_is_named() -> None:
    cut = formula().move_to(FRAME.left * RIGHT + UP)
    assert any(fault.startswith("Glyph") and "leaves the frame" in fault for fault in faults_of(cut))


# -- the band of the captions -------------------------------------------------------------------------


def test_a_shape_in_the_band_of_the_captions_is_named() -> None:
    fault = the_fault_of(*clean_picture(), square(-6, CAPTION.top))
    assert fault == f"Square at (-6.00, {CAPTION.top:.2f}; 0.50 x 0.50) enters the band of the captions"


def test_a_shape_just_over_the_band_is_in_order() -> None:
    assert faults_of(*clean_picture(), square(-6, CAPTION.top + 0.26)) == []


# -- pieces -------------------------------------------------------------------------------------------


def test_two_overlapping_pieces_are_named() -> None:
    one, other = formula(), formula().shift(0.3 * RIGHT)
    fault = the_fault_of(one, other)
    assert fault.startswith(f"piece {one.piece} at ")
    assert f" overlaps {other.piece} at " in fault


def test_two_pieces_side_by_side_are_in_order() -> None:
    one = formula()
    assert faults_of(one, formula().next_to(one, RIGHT, buff=0.02)) == []


def test_a_copy_of_a_term_forgotten_on_another_piece_is_named() -> None:
    picture = clean_picture()
    shown, node = formula().move_to(BOARD.centre + UP), PEN.node(bp.x(1), 5 * RIGHT)
    forgotten = shown.term(bp.x(1)).copy().move_to(node)
    assert any(str(shown.piece) in fault for fault in faults_of(*picture, shown, node, forgotten))


@pytest.mark.parametrize("aside", [0.0, 0.1, 5.0])
def test_a_copy_of_a_term_forgotten_near_the_term_or_in_an_empty_place_is_named(aside: float) -> None:
    shown = formula()
    forgotten = shown.term(bp.x(1)).copy().shift(aside * RIGHT)
    assert any(str(shown.piece) in fault for fault in faults_of(shown, forgotten))


# -- size of type -------------------------------------------------------------------------------------


def test_type_under_the_least_size_is_named() -> None:
    small = formula(LEAST_SIZE - 1)
    assert the_fault_of(small) == f"piece {small.piece} has font size {LEAST_SIZE - 1:.1f}"


def test_type_of_the_least_size_is_in_order() -> None:
    assert faults_of(formula(LEAST_SIZE)) == []


def test_type_that_was_scaled_down_is_named() -> None:
    assert "has font size 14.0" in the_fault_of(formula(28).scale(0.5))


def test_type_that_was_scaled_down_with_its_group_is_named() -> None:
    small = formula(28)
    VGroup(small, square(3, 0)).scale(0.5)
    assert "has font size 14.0" in the_fault_of(small)


# -- nodes and edges ----------------------------------------------------------------------------------


def test_a_piece_on_the_rim_of_a_node_is_named() -> None:
    on_rim = formula(MAP_SIZE).move_to(LEFT_NODE + PEN.radius * UP)
    fault = the_fault_of(PEN.circle(LEFT_NODE), on_rim)
    assert fault.startswith(f"piece {on_rim.piece} at ")
    assert fault.endswith("lies on a node's rim at (-3.00, -1.00)")


def test_a_name_too_large_for_its_node_is_named() -> None:
    large = formula(60).move_to(LEFT_NODE)
    assert "lies on a node's rim" in the_fault_of(PEN.circle(LEFT_NODE), large)


def test_a_piece_beside_a_node_is_in_order() -> None:
    circle = PEN.circle(LEFT_NODE)
    assert faults_of(circle, formula(MAP_SIZE).next_to(circle, UP, buff=0.02)) == []


def test_an_edge_through_a_piece_without_a_patch_is_named() -> None:
    bare = on_the_edge(formula(MAP_SIZE))
    assert the_fault_of(edge(), bare).startswith(f"an edge runs through piece {bare.piece} at ")


def test_an_edge_through_an_equation_is_named() -> None:
    bare = on_the_edge(formula(MAP_SIZE)).set_z_index(EDGES)
    assert the_fault_of(edge(), bare).startswith(f"an edge runs through piece {bare.piece} at ")


def test_a_patch_that_is_elsewhere_or_transparent_hides_no_edge() -> None:
    for change in (lambda patch: patch.shift(UP), lambda patch: patch.set_fill(opacity=0.5)):
        label = PEN.patched(on_the_edge(formula(MAP_SIZE)))
        change(label.patch)
        assert "an edge runs through" in the_fault_of(edge(), label)


def test_a_piece_beside_an_edge_is_in_order() -> None:
    assert faults_of(edge(), on_the_edge(formula(MAP_SIZE)).shift(0.3 * UP)) == []


def test_a_bright_ring_around_a_node_is_no_node() -> None:
    node = PEN.node(bp.z(1, 1), LEFT_NODE)
    ring = Circle(radius=PEN.radius).move_to(node)
    assert faults_of(node, ring) == []


# -- the edges of graphs ------------------------------------------------------------------------------


def graph_line(length: float = 6.0) -> GraphLine:
    """A straight edge of a graph, through the middle between the two nodes."""
    middle, half = (LEFT_NODE + RIGHT_NODE) / 2, length / 2 * RIGHT
    return GraphLine(Bent((middle - half, middle + half)), DARK[Role.FAINT]).set_z_index(EDGES)


def haloed(label: Typeset) -> Typeset:
    """Return type with a rim in the colour of the background."""
    return label.set_stroke(DARK[Role.BACKGROUND], width=HALO_STROKE, background=True)


def test_type_on_an_edge_of_a_graph_is_named() -> None:
    bare = on_the_edge(formula(MAP_SIZE))
    fault = the_fault_of(graph_line(), bare)
    assert fault.startswith(f"an edge of the graph runs through piece {bare.piece} at ")


def test_type_on_a_bent_edge_of_a_graph_is_named() -> None:
    way = Bent((LEFT_NODE, (LEFT_NODE + RIGHT_NODE) / 2, LEFT_NODE + UP))
    bent = GraphLine(way, DARK[Role.FAINT]).set_z_index(EDGES)
    assert "an edge of the graph runs through" in the_fault_of(bent, on_the_edge(formula(MAP_SIZE)))
    assert faults_of(bent, on_the_edge(formula(MAP_SIZE)).shift(RIGHT)) == []


def test_an_equation_on_an_edge_of_a_graph_is_named() -> None:
    bare = on_the_edge(formula()).set_z_index(EDGES)
    assert "an edge of the graph runs through" in the_fault_of(graph_line(), bare)


def test_type_with_a_halo_may_hide_a_little_of_an_edge() -> None:
    label = haloed(on_the_edge(formula(MAP_SIZE))).shift(0.05 * UP)
    assert faults_of(graph_line(), label) == []


def test_type_with_a_halo_may_not_hide_much_of_an_edge() -> None:
    label = haloed(on_the_edge(formula(MAP_SIZE))).shift(0.05 * UP)
    fault = the_fault_of(graph_line(2 * label.width), label)
    assert fault.startswith(f"piece {label.piece} at ")
    assert fault.endswith("hides 50% of an edge of the graph")


@pytest.mark.parametrize("kind", ["thin", "of another colour", "transparent"])
def test_a_halo_that_does_not_hide_the_edge_is_none(kind: str) -> None:
    label = haloed(on_the_edge(formula(MAP_SIZE)))
    change = {
        "thin": lambda: label.set_stroke(width=1, background=True),
        "of another colour": lambda: label.set_stroke("#FF0000", background=True),
        "transparent": lambda: label.set_stroke(opacity=0.5, background=True),
    }
    change[kind]()
    assert "an edge of the graph runs through" in the_fault_of(graph_line(), label)


def test_the_label_of_a_short_edge_stands_on_its_middle() -> None:
    label = PEN.patched(on_the_edge(formula(MAP_SIZE)))
    assert faults_of(graph_line(2 * label.width), label) == []
    label.shift(0.1 * UP)
    assert "of an edge of the graph" in the_fault_of(graph_line(2 * label.width), label)


def test_the_name_inside_a_node_lies_on_no_edge() -> None:
    node = PEN.node(bp.z(1, 1), (LEFT_NODE + RIGHT_NODE) / 2)
    assert faults_of(graph_line(), node) == []

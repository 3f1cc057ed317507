"""What a viewer would find wrong in a still: things off the frame, things on top of each other, small type.

The audit looks at what stands in a scene, glyph by glyph, wherever Manim keeps it; so a forgotten copy of
a term is found as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import TypeVar

import numpy as np
from manim import Camera, Circle, Line, ManimColor, Scene, VMobject

from scenes.stage.graph_map import GraphLine
from scenes.stage.label_placement import Bent, Box, Segment
from scenes.stage.layout import CAPTION, FRAME, HALO_STROKE, LEAST_SIZE
from scenes.stage.map_pen import EDGES, LABELS, NODES
from scenes.stage.moves import BezierArrow
from scenes.stage.typeset import Glyph, Typeset

Shape = TypeVar("Shape", bound=VMobject)
VISIBLE = 0.02
TOUCH = 0.01
MOST_HIDDEN = 0.3
"""The share of an edge of a graph that type beside it may hide."""


@dataclass(frozen=True)
class Piece:
    """The glyphs of one typeset piece, as a box."""

    number: int
    box: Box
    z_index: float
    has_halo: bool = False


@dataclass(frozen=True)
class Still:
    """What a scene shows now: every shape that can be seen, once."""

    scene: Scene

    @cached_property
    def shapes(self) -> list[VMobject]:
        """The shapes, in the order of drawing."""
        members = {id(m): m for mobject in self.scene.mobjects for m in mobject.get_family()}
        return [m for m in members.values() if isinstance(m, VMobject) and _is_seen(m)]

    @cached_property
    def glyphs(self) -> list[Glyph]:
        """The shapes that are type."""
        return [shape for shape in self.shapes if isinstance(shape, Glyph)]

    def of(self, kind: type[Shape]) -> list[Shape]:
        """Return the shapes of a kind."""
        return [shape for shape in self.shapes if isinstance(shape, kind)]


def _is_seen(shape: VMobject) -> bool:
    if not len(shape.points):
        return False
    stroke = shape.get_stroke_opacity() if shape.get_stroke_width() else 0.0
    return bool(max(shape.get_fill_opacity(), stroke) > VISIBLE)


def box_around(shapes: list[VMobject]) -> Box:
    """Return the box around shapes."""
    points = np.concatenate([shape.points for shape in shapes])
    low, high = points.min(axis=0), points.max(axis=0)
    x, y, _ = (low + high) / 2
    return Box(float(x), float(y), float(high[0] - low[0]), float(high[1] - low[1]))


def pieces(still: Still) -> list[Piece]:
    """Return the typeset pieces that can be seen."""
    glyphs: dict[int, list[VMobject]] = {}
    for shape in still.glyphs:
        glyphs.setdefault(shape.piece, []).append(shape)
    camera = still.scene.camera
    assert isinstance(camera, Camera)
    return [
        Piece(
            number,
            box_around(shapes),
            shapes[0].z_index,
            all(_has_halo(shape, camera.background_color) for shape in shapes),
        )
        for number, shapes in glyphs.items()
    ]


def _has_halo(glyph: VMobject, background: ManimColor) -> bool:
    """Tell whether a glyph has a rim in the colour of the background behind it."""
    is_wide = glyph.get_stroke_width(background=True) >= HALO_STROKE
    is_solid = glyph.get_stroke_opacity(background=True) == 1
    return bool(is_wide and is_solid and glyph.get_stroke_color(background=True) == background)


def faults(scene: Scene) -> list[str]:
    """Return what is wrong in the picture that a scene shows now, a sentence each."""
    still = Still(scene)
    found = [*off_the_frame(still), *in_the_caption_band(still), *small_type(still), *copies(still)]
    shown = pieces(still)
    for one, other in combinations(shown, 2):
        if one.box.touches(other.box, clearance=-TOUCH):
            found.append(
                f"piece {one.number} at {where(one.box)} overlaps {other.number} at {where(other.box)}"
            )
    for piece in shown:
        found += [*on_nodes(piece, still), *on_edges(piece, still), *on_curves(piece, still)]
        found += on_graph_lines(piece, still)
    return found


def where(box: Box) -> str:
    """Say where a box is."""
    return f"({box.x:.2f}, {box.y:.2f}; {box.width:.2f} x {box.height:.2f})"


def off_the_frame(still: Still) -> Iterator[str]:
    """Name every shape that is not wholly inside the frame."""
    for shape in still.shapes:
        if not FRAME.contains(shape):
            yield f"{type(shape).__name__} at {where(box_around([shape]))} leaves the frame"


def in_the_caption_band(still: Still) -> Iterator[str]:
    """Name every shape in the band of the captions that is no glyph."""
    for shape in still.shapes:
        if not isinstance(shape, Glyph) and shape.get_bottom()[1] < CAPTION.top - TOUCH:
            yield f"{type(shape).__name__} at {where(box_around([shape]))} enters the band of the captions"


def small_type(still: Still) -> Iterator[str]:
    """Name every piece of type under the least size."""
    seen = {id(shape) for shape in still.shapes}
    for mobject in still.scene.mobjects:
        for member in mobject.get_family():
            if not isinstance(member, Typeset) or not any(id(glyph) in seen for glyph in member.glyphs):
                continue
            if member.font_size < LEAST_SIZE - TOUCH:
                yield f"piece {member.piece} has font size {member.font_size:.1f}"


def copies(still: Still) -> Iterator[str]:
    """Name every glyph that is there twice: a copy that flew in and was forgotten."""
    found: dict[tuple[int, int], int] = {}
    for shape in still.glyphs:
        key = shape.piece, shape.number
        found[key] = found.get(key, 0) + 1
    yield from (
        f"glyph {number} of piece {piece} is there {count} times"
        for (piece, number), count in found.items()
        if count > 1
    )


def on_nodes(piece: Piece, still: Still) -> Iterator[str]:
    """Name the nodes that a piece lies on the rim of; a node's own name lies inside."""
    for shape in still.of(Circle):
        if shape.z_index != NODES:
            continue
        x, y, _ = shape.get_center()
        apart = np.abs([piece.box.x - x, piece.box.y - y])
        half = np.array([piece.box.width, piece.box.height]) / 2
        nearest, farthest = np.linalg.norm(np.maximum(apart - half, 0)), np.linalg.norm(apart + half)
        if nearest < shape.width / 2 - TOUCH and farthest > shape.width / 2 + TOUCH:
            yield f"piece {piece.number} at {where(piece.box)} lies on a node's rim at ({x:.2f}, {y:.2f})"


def on_edges(piece: Piece, still: Still) -> Iterator[str]:
    """Name the edges that run through a piece; one on a patch, or inside a node, hides the edge behind it."""
    if piece.z_index == NODES or (piece.z_index == LABELS and not _has_no_patch(piece, still)):
        return
    for shape in still.of(Line):
        if shape.z_index != EDGES:
            continue
        if piece.box.distance(Segment(shape.get_start(), shape.get_end())) == 0:
            yield f"an edge runs through piece {piece.number} at {where(piece.box)}"


def on_graph_lines(piece: Piece, still: Still) -> Iterator[str]:
    """Name the edges of a graph that run through a piece; on a patch or with a halo it may hide a little.

    The label of an edge stands with its middle on it, and may hide as much of that as it must.
    """
    if piece.z_index == NODES:
        return
    is_clear = piece.has_halo or (piece.z_index == LABELS and not _has_no_patch(piece, still))
    for line in still.of(GraphLine):
        if line.z_index != EDGES:
            continue
        way = Bent((*line.get_start_anchors(), line.get_end()))
        hidden = piece.box.share_of(way)
        if not hidden:
            continue
        if not is_clear:
            yield f"an edge of the graph runs through piece {piece.number} at {where(piece.box)}"
        elif hidden > MOST_HIDDEN and Box(piece.box.x, piece.box.y, TOUCH, TOUCH).distance(way) > TOUCH:
            yield f"piece {piece.number} at {where(piece.box)} hides {hidden:.0%} of an edge of the graph"


def on_curves(piece: Piece, still: Still) -> Iterator[str]:
    """Name the arrows that run through a piece."""
    for shape in still.of(BezierArrow):
        points = np.array([shape.point_from_proportion(part) for part in np.linspace(0, 1, 200)])[:, :2]
        inside = np.abs(points - [piece.box.x, piece.box.y]) < [piece.box.width / 2, piece.box.height / 2]
        if inside.all(axis=1).any():
            yield f"an arrow runs through piece {piece.number} at {where(piece.box)}"


def _has_no_patch(piece: Piece, still: Still) -> bool:
    """Tell whether no filled shape lies behind a piece."""
    for shape in still.shapes:
        behind = not isinstance(shape, Glyph | Circle) and shape.z_index < piece.z_index
        if behind and shape.get_fill_opacity() == 1 and _covers(box_around([shape]), piece.box):
            return False
    return True


def _covers(outer: Box, inner: Box) -> bool:
    apart_x, apart_y = 2 * abs(outer.x - inner.x), 2 * abs(outer.y - inner.y)
    return apart_x + inner.width <= outer.width + TOUCH and apart_y + inner.height <= outer.height + TOUCH

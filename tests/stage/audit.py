"""What a viewer would find wrong in a still: things off the frame, things on top of each other, small type.

The audit looks at what stands in a scene, glyph by glyph, wherever Manim keeps it; so a forgotten copy of
a term is found as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from manim import Circle, Line, Scene, VMobject

from scenes.stage.label_placement import Box, Segment
from scenes.stage.layout import CAPTION, FRAME, LEAST_SIZE
from scenes.stage.map_pen import EDGES, LABELS, NODES
from scenes.stage.moves import BezierArrow
from scenes.stage.typeset import Glyph, Typeset

VISIBLE = 0.02
TOUCH = 0.01


@dataclass(frozen=True)
class Piece:
    """The glyphs of one typeset piece, as a box."""

    number: int
    box: Box
    z_index: float


def visible(scene: Scene) -> Iterator[VMobject]:
    """Yield every shape that can be seen, once."""
    seen: set[int] = set()
    for mobject in scene.mobjects:
        for member in mobject.get_family():
            if id(member) in seen or not isinstance(member, VMobject) or not len(member.points):
                continue
            seen.add(id(member))
            stroke = member.get_stroke_opacity() if member.get_stroke_width() else 0.0
            if max(member.get_fill_opacity(), stroke) > VISIBLE:
                yield member


def box_around(shapes: list[VMobject]) -> Box:
    """Return the box around shapes."""
    points = np.concatenate([shape.points for shape in shapes])
    low, high = points.min(axis=0), points.max(axis=0)
    x, y, _ = (low + high) / 2
    return Box(float(x), float(y), float(high[0] - low[0]), float(high[1] - low[1]))


def pieces(scene: Scene) -> list[Piece]:
    """Return the typeset pieces that can be seen."""
    glyphs: dict[int, list[VMobject]] = {}
    for shape in visible(scene):
        if isinstance(shape, Glyph):
            glyphs.setdefault(shape.piece, []).append(shape)
    return [Piece(n, box_around(shapes), shapes[0].z_index) for n, shapes in glyphs.items()]


def faults(scene: Scene) -> list[str]:
    """Return what is wrong in the picture that a scene shows now, a sentence each."""
    found = [*off_the_frame(scene), *in_the_caption_band(scene), *small_type(scene), *copies(scene)]
    shown = pieces(scene)
    for one, other in combinations(shown, 2):
        if one.box.touches(other.box, clearance=-TOUCH):
            found.append(
                f"piece {one.number} at {where(one.box)} overlaps {other.number} at {where(other.box)}"
            )
    for piece in shown:
        found += [*on_nodes(piece, scene), *on_edges(piece, scene), *on_curves(piece, scene)]
    return found


def where(box: Box) -> str:
    """Say where a box is."""
    return f"({box.x:.2f}, {box.y:.2f}; {box.width:.2f} x {box.height:.2f})"


def off_the_frame(scene: Scene) -> Iterator[str]:
    """Name every shape that is not wholly inside the frame."""
    for shape in visible(scene):
        if not FRAME.contains(shape):
            yield f"{type(shape).__name__} at {where(box_around([shape]))} leaves the frame"


def in_the_caption_band(scene: Scene) -> Iterator[str]:
    """Name every shape in the band of the captions that is no glyph."""
    for shape in visible(scene):
        if not isinstance(shape, Glyph) and shape.get_bottom()[1] < CAPTION.top - TOUCH:
            yield f"{type(shape).__name__} at {where(box_around([shape]))} enters the band of the captions"


def small_type(scene: Scene) -> Iterator[str]:
    """Name every piece of type under the least size."""
    seen = {id(shape) for shape in visible(scene)}
    for mobject in scene.mobjects:
        for member in mobject.get_family():
            if not isinstance(member, Typeset) or not any(id(glyph) in seen for glyph in member.glyphs):
                continue
            if member.font_size < LEAST_SIZE - TOUCH:
                yield f"piece {member.piece} has font size {member.font_size:.1f}"


def copies(scene: Scene) -> Iterator[str]:
    """Name every glyph that is there twice: a copy that flew in and was forgotten."""
    found: dict[tuple[int, int], int] = {}
    for shape in visible(scene):
        if isinstance(shape, Glyph):
            key = shape.piece, shape.number
            found[key] = found.get(key, 0) + 1
    yield from (
        f"glyph {number} of piece {piece} is there {count} times"
        for (piece, number), count in found.items()
        if count > 1
    )


def on_nodes(piece: Piece, scene: Scene) -> Iterator[str]:
    """Name the nodes that a piece lies on the rim of; a node's own name lies inside."""
    for shape in visible(scene):
        if not isinstance(shape, Circle) or shape.z_index != NODES:
            continue
        x, y, _ = shape.get_center()
        apart = np.abs([piece.box.x - x, piece.box.y - y])
        half = np.array([piece.box.width, piece.box.height]) / 2
        nearest, farthest = np.linalg.norm(np.maximum(apart - half, 0)), np.linalg.norm(apart + half)
        if nearest < shape.width / 2 - TOUCH and farthest > shape.width / 2 + TOUCH:
            yield f"piece {piece.number} at {where(piece.box)} lies on a node's rim at ({x:.2f}, {y:.2f})"


def on_edges(piece: Piece, scene: Scene) -> Iterator[str]:
    """Name the edges that run through a piece; one on a patch, or inside a node, hides the edge behind it."""
    patched = piece.z_index == LABELS and not _has_no_patch(piece, scene)
    for shape in visible(scene):
        if patched or piece.z_index == NODES or not isinstance(shape, Line) or shape.z_index != EDGES:
            continue
        if piece.box.distance(Segment(shape.get_start(), shape.get_end())) == 0:
            yield f"an edge runs through piece {piece.number} at {where(piece.box)}"


def on_curves(piece: Piece, scene: Scene) -> Iterator[str]:
    """Name the arrows that run through a piece."""
    for shape in visible(scene):
        if not isinstance(shape, BezierArrow):
            continue
        points = np.array([shape.point_from_proportion(part) for part in np.linspace(0, 1, 200)])[:, :2]
        inside = np.abs(points - [piece.box.x, piece.box.y]) < [piece.box.width / 2, piece.box.height / 2]
        if inside.all(axis=1).any():
            yield f"an arrow runs through piece {piece.number} at {where(piece.box)}"


def _has_no_patch(piece: Piece, scene: Scene) -> bool:
    """Tell whether no filled shape lies behind a piece."""
    for shape in visible(scene):
        behind = not isinstance(shape, Glyph | Circle) and shape.z_index < piece.z_index
        if behind and shape.get_fill_opacity() == 1 and _covers(box_around([shape]), piece.box):
            return False
    return True


def _covers(outer: Box, inner: Box) -> bool:
    apart_x, apart_y = 2 * abs(outer.x - inner.x), 2 * abs(outer.y - inner.y)
    return apart_x + inner.width <= outer.width + TOUCH and apart_y + inner.height <= outer.height + TOUCH

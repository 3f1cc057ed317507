"""What a shape looks like, as a value to compare and to look up, and its path as Cairo keeps it."""

from __future__ import annotations

from itertools import pairwise
from math import ceil, floor
from typing import NamedTuple

import cairo
import numpy as np
from manim import CapStyleType, LineJointType, VMobject
from manim.typing import Point3D_Array

from scenes.rendering.boxes import NOWHERE, Box

CURVE = 4
"""A cubic curve is this many points: two anchors and two handles."""
TOLERANCE = 1e-5
"""Manim takes anchors for one point that are as close as this, relative to their distance from the origin."""
MOST_KEPT = 4096
LONGEST_MITRE = 5.0
"""A mitred corner reaches this many line widths out, where Cairo's limit cuts it off."""
LINE_WIDTH = 0.01
"""The width in units of a line of stroke width 1, as Manim draws it."""
MARGIN = 2
"""Pixels around a box for what antialiasing may touch."""


class Look(NamedTuple):
    """All that Manim's camera reads of a shape: shapes of one look make the same pixels."""

    points: bytes
    fill: bytes
    stroke: bytes
    stroke_width: float
    background: bytes
    background_width: float
    joint: LineJointType
    cap: CapStyleType
    sheen: bytes

    @property
    def line(self) -> float:
        """The width of the widest stroke."""
        return max(self.stroke_width, self.background_width)


def look_of(shape: VMobject, before: Look | None = None) -> Look:
    """Return what a shape looks like now, the same object where it looks as `before`."""
    # Asked of every shape in every frame: Manim's getters would take half of the time.
    width, behind = shape.stroke_width, shape.background_stroke_width
    fill, stroke = shape.fill_rgbas, shape.stroke_rgbas
    sheen = shape.get_sheen_direction().tobytes() if len(fill) > 1 or len(stroke) > 1 else b""
    look = Look(
        shape.points.tobytes(),
        fill.tobytes(),
        stroke.tobytes() if width else b"",
        width,
        shape.background_stroke_rgbas.tobytes() if behind else b"",
        behind,
        shape.joint_type,
        shape.cap_style,
        sheen,
    )
    return before if before == look and before is not None else look


def trace(context: cairo.Context, points: Point3D_Array, tolerance: float) -> None:
    """Make the path of a shape the context's current path, as Manim's camera does, curve by curve.

    Anchors closer than `tolerance` are one point.
    """
    context.new_path()
    curves = points[: len(points) // CURVE * CURVE, :2].reshape(-1, CURVE, 2)
    starts, ends = curves[:, 0], curves[:, -1]
    apart = (np.abs(ends[:-1] - starts[1:]) > tolerance + TOLERANCE * np.abs(starts[1:])).any(axis=1)
    cuts = [0, *(np.flatnonzero(apart) + 1).tolist(), len(curves)]
    handles = curves[:, 1:].reshape(-1, 2 * (CURVE - 1)).tolist()
    curve_to = context.curve_to
    for first, behind in pairwise(cuts):
        context.new_sub_path()
        context.move_to(*starts[first].tolist())
        for values in handles[first:behind]:
            curve_to(*values)
        gap = np.abs(starts[first] - ends[behind - 1])
        if (gap <= tolerance + TOLERANCE * np.abs(ends[behind - 1])).all():
            context.close_path()


class Outlines:
    """Boxes and paths of the shapes drawn lately, by their points; what is not asked for is forgotten."""

    def __init__(self, width: int, height: int, scale: float) -> None:
        self._width, self._height, self._scale = width, height, scale
        self._boxes: dict[tuple[bytes, float], Box] = {}
        self._older_boxes: dict[tuple[bytes, float], Box] = {}
        self._paths: dict[bytes, cairo.Path | None] = {}
        self._older_paths: dict[bytes, cairo.Path | None] = {}

    def box(self, look: Look, shape: VMobject) -> Box:
        """Return the pixels that a shape can touch."""
        key = (look.points, look.line)
        box = self._boxes.get(key)
        if box is None:
            if len(self._boxes) >= MOST_KEPT:
                self._older_boxes, self._boxes = self._boxes, {}
            box = self._older_boxes.get(key)
            if box is None:
                box = box_of(shape.points, key[1], self._scale, self._width, self._height)
            self._boxes[key] = box
        return box

    def set_path(self, context: cairo.Context, shape: VMobject, key: bytes) -> None:
        """Make the path of a shape whose points are `key` the context's current path."""
        kept = self._paths.get(key) or self._older_paths.get(key)
        if kept is not None:
            self._paths[key] = kept
            context.new_path()
            context.append_path(kept)
            return
        trace(context, shape.points, shape.tolerance_for_point_equality)
        if len(self._paths) >= MOST_KEPT:
            self._older_paths, self._paths = self._paths, {}
        # A shape that moves has a new path in every frame: only one that comes again is worth a copy.
        again = key in self._paths or key in self._older_paths
        self._paths[key] = context.copy_path() if again else None


def box_of(points: Point3D_Array, line: float, scale: float, width: int, height: int) -> Box:
    """Return the pixels that a shape may touch in a picture of `width` by `height`, `scale` to a unit.

    `line` is the width of its stroke.
    """
    if len(points) < CURVE or not np.isfinite(points.sum()):
        return NOWHERE
    (x, y), (far_x, far_y) = points[:, :2].min(0).tolist(), points[:, :2].max(0).tolist()
    reach = line * LINE_WIDTH * LONGEST_MITRE * scale + MARGIN
    left, right = x * scale + width / 2 - reach, far_x * scale + width / 2 + reach
    top, bottom = height / 2 - far_y * scale - reach, height / 2 - y * scale + reach
    if right <= 0 or bottom <= 0 or left >= width or top >= height:
        return NOWHERE
    return Box(max(0, floor(left)), max(0, floor(top)), min(width, ceil(right)), min(height, ceil(bottom)))

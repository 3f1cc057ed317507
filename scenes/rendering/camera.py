"""A camera that draws a frame over the last one, and only there where something changed.

Manim's camera draws every shape from the first moving one on anew in every frame.  Here a frame is a list of
looks; where two lists differ the pixels are wiped and whatever touches them is drawn again, clipped to whole
pixels, so that each comes out as it would in a picture drawn from scratch.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import cairo
from manim import Camera, Mobject, VMobject

from scenes.rendering.boxes import NOWHERE, Box
from scenes.rendering.outlines import Look, Outlines, look_of

TILE = 32
"""Boxes grow to tiles of this many pixels: few large rectangles are clipped faster than many small ones."""


@dataclass(frozen=True, eq=False, slots=True)
class Shown:
    """A shape in a frame: its look, and the pixels that it can touch."""

    look: Look
    box: Box
    area: cairo.RectangleInt
    shape: VMobject


class ThriftyCamera(Camera):
    """A camera that keeps its picture from frame to frame; `changed` is where the last frame differs."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scale = self.pixel_width / self.frame_width
        self._outlines = Outlines(self.pixel_width, self.pixel_height, scale)
        self._shown: Sequence[Shown] | None = None
        self._known: dict[int, Shown] = {}
        self._key = b""
        self.changed: list[Box] = []

    def init_background(self) -> None:
        """Prepare the background; what was drawn on another one is no longer true."""
        super().init_background()
        self._shown = None

    def show(self, mobjects: Iterable[Mobject]) -> list[Shown]:
        """Return what is to be seen of mobjects now, in their order."""
        found = []
        for mobject in mobjects:
            if not isinstance(mobject, VMobject) or mobject.background_image:
                raise TypeError(f"{mobject!r} is no plain shape, and only such are drawn fast")
            known = self._known.get(id(mobject))
            look = look_of(mobject, known.look if known else None)
            if known is None or known.look is not look or known.shape is not mobject:
                box = self._outlines.box(look, mobject)
                known = self._known[id(mobject)] = Shown(look, box, _rectangle(box), mobject)
            if known.box is not NOWHERE:
                found.append(known)
        return found

    def forget(self) -> None:
        """Forget the shapes that are no longer shown."""
        self._known = {id(one.shape): one for one in self._shown or ()}

    def take(self, shown: Sequence[Shown]) -> None:
        """Make the picture one of these shapes, drawn in this order."""
        everything = Box(0, 0, self.pixel_width, self.pixel_height)
        dirty = [everything] if self._shown is None else difference(self._shown, shown)
        self._shown = shown
        region = tiles(dirty, everything)
        self.changed = rectangles(region)
        if self.changed:
            self._draw(shown, region)

    def _draw(self, shown: Sequence[Shown], region: cairo.Region) -> None:
        assert self.background is not None
        context = self.get_cairo_context(self.pixel_array)
        context.save()
        matrix = context.get_matrix()
        context.identity_matrix()
        context.new_path()
        for left, top, right, bottom in self.changed:
            self.pixel_array[top:bottom, left:right] = self.background[top:bottom, left:right]
            context.rectangle(left, top, right - left, bottom - top)
        context.clip()
        context.set_matrix(matrix)
        for one in shown:
            if region.contains_rectangle(one.area) != cairo.RegionOverlap.OUT:
                self._key = one.look.points
                self.display_vectorized(one.shape, context)
        context.restore()

    def set_cairo_context_path(self, ctx: cairo.Context, vmobject: VMobject) -> ThriftyCamera:
        """Make the path of a shape the current path, from those kept where it is known."""
        self._outlines.set_path(ctx, vmobject, self._key)
        return self


def _rectangle(box: Box) -> cairo.RectangleInt:
    return cairo.RectangleInt(box.left, box.top, box.right - box.left, box.bottom - box.top)


def tiles(boxes: Iterable[Box], limits: Box) -> cairo.Region:
    """Return the tiles that boxes touch."""
    grown = {
        (left // TILE, top // TILE, -(-right // TILE), -(-bottom // TILE))
        for left, top, right, bottom in boxes
    }
    rectangles = [
        cairo.RectangleInt(left * TILE, top * TILE, (right - left) * TILE, (bottom - top) * TILE)
        for left, top, right, bottom in grown
    ]
    region = cairo.Region(rectangles)
    region.intersect(_rectangle(limits))
    return region


def rectangles(region: cairo.Region) -> list[Box]:
    """Return the rectangles of a region, none over another."""
    found = (region.get_rectangle(number) for number in range(region.num_rectangles()))
    return [Box(r.x, r.y, r.x + r.width, r.y + r.height) for r in found]


def same(one: Shown, other: Shown) -> bool:
    """Whether two shapes make the same pixels."""
    return one is other or one.look == other.look


def difference(before: Sequence[Shown], after: Sequence[Shown]) -> list[Box]:
    """Return the pixels in which two pictures can differ: of what came, went, or changed places."""
    least = min(len(before), len(after))
    first = 0
    while first < least and same(before[first], after[first]):
        first += 1
    last = 0
    while last < least - first and same(before[-1 - last], after[-1 - last]):
        last += 1
    old, new = before[first : len(before) - last], after[first : len(after) - last]
    common = {one.look for one in old} & {one.look for one in new}
    if [one.look for one in old if one.look in common] != [one.look for one in new if one.look in common]:
        common = set()
    return [one.box for one in (*old, *new) if one.look not in common]

"""Free places for the labels of edges: upright boxes on their edges that touch nothing else."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from manim.typing import Point2D, Point3D

from scenes.stage.layout import LABEL_CLEARANCE, LABEL_DISTANCE

PLACES = np.linspace(0.16, 0.84, 35)
CROSSING_COST = 4.0
CLOSENESS_COST = 2.0


@dataclass(frozen=True)
class Segment:
    """A straight edge between two points."""

    start: Point3D
    end: Point3D

    def at(self, fraction: float) -> Point3D:
        """Return the point at a fraction of the way from start to end."""
        return self.start + fraction * (self.end - self.start)

    @property
    def segments(self) -> tuple[Segment, ...]:
        """The edge itself, which is straight."""
        return (self,)


@dataclass(frozen=True)
class Bent:
    """An edge through several points, straight between each two."""

    points: tuple[Point3D, ...]

    @cached_property
    def segments(self) -> tuple[Segment, ...]:
        """The straight pieces, from start to end."""
        return tuple(Segment(start, end) for start, end in pairwise(self.points))

    def at(self, fraction: float) -> Point3D:
        """Return the point at a fraction of the way from start to end."""
        lengths = [float(np.linalg.norm(piece.end - piece.start)) for piece in self.segments]
        left = fraction * sum(lengths)
        for piece, length in zip(self.segments, lengths, strict=True):
            if left <= length:
                return piece.at(left / length)
            left -= length
        return self.points[-1]


@dataclass(frozen=True)
class Box:
    """An upright rectangle around a centre."""

    x: float
    y: float
    width: float
    height: float

    def touches(self, other: Box, clearance: float = LABEL_CLEARANCE) -> bool:
        """Tell whether two boxes come nearer to each other than the clearance."""
        apart_x = abs(self.x - other.x) - (self.width + other.width) / 2
        apart_y = abs(self.y - other.y) - (self.height + other.height) / 2
        return bool(apart_x < clearance and apart_y < clearance)

    def distance(self, edge: Segment | Bent) -> float:
        """Return how far an edge passes outside the box; 0 when it passes through."""
        return min(map(self._distance, edge.segments))

    def share_of(self, edge: Segment | Bent) -> float:
        """Return the share of an edge that lies in the box."""
        middle, half = np.array([self.x, self.y]), np.array([self.width, self.height]) / 2
        inside = length = 0.0
        for segment in edge.segments:
            way = (segment.end - segment.start)[:2]
            first, last = _crossing(segment.start[:2] - middle, way, half)
            inside += max(0.0, last - first) * float(np.linalg.norm(way))
            length += float(np.linalg.norm(way))
        return inside / length

    def _distance(self, segment: Segment) -> float:
        middle, half = np.array([self.x, self.y]), np.array([self.width, self.height]) / 2
        start, end = segment.start[:2] - middle, segment.end[:2] - middle
        if _crosses(start, end - start, half):
            return 0.0
        corners = half * [[1, 1], [1, -1], [-1, 1], [-1, -1]]
        to_ends = np.linalg.norm(np.maximum(np.abs([start, end]) - half, 0), axis=1)
        return float(min(to_ends.min(), *(_to_segment(corner, start, end - start) for corner in corners)))


def _crosses(start: Point2D, way: Point2D, half: Point2D) -> bool:
    """Tell whether start + t way, 0 <= t <= 1, meets the box from -half to half."""
    first, last = _crossing(start, way, half)
    return first <= last


def _crossing(start: Point2D, way: Point2D, half: Point2D) -> tuple[float, float]:
    """Return between which t of 0 to 1 start + t way is in the box from -half to half (Liang & Barsky 1984).

    Where it never is, the second is less than the first.
    """
    first, last = 0.0, 1.0
    for position, step, reach in zip(start, way, half, strict=True):
        if step == 0:
            if abs(position) > reach:
                return 1.0, 0.0
            continue
        enter, leave = sorted(((-reach - position) / step, (reach - position) / step))
        first, last = max(first, enter), min(last, leave)
    return first, last


def _to_segment(point: Point2D, start: Point2D, way: Point2D) -> float:
    length = float(way @ way)
    nearest = np.clip((point - start) @ way / length, 0, 1) if length else 0.0
    return float(np.linalg.norm(start + nearest * way - point))


@dataclass(frozen=True)
class Wish:
    """A label that looks for a place on its edge."""

    key: Hashable
    edge: Segment | Bent
    width: float
    height: float


def place_labels(
    wishes: Iterable[Wish], obstacles: Iterable[Box], edges: Mapping[Any, Segment | Bent]
) -> dict[Hashable, Point3D]:
    """Return a place for each label that finds one; earlier wishes choose first.

    A place is on the label's own edge, clear of all obstacles and other labels, near the middle, and
    where foreign `edges` pass far from the label.  Only the first label may hide a foreign edge.
    """
    taken = list(obstacles)
    places: dict[Hashable, Point3D] = {}
    for wish in wishes:
        foreign = [edge for key, edge in edges.items() if key != wish.key]
        best: tuple[float, Box] | None = None
        for fraction in PLACES:
            x, y, _ = wish.edge.at(float(fraction))
            box = Box(x, y, wish.width, wish.height)
            if any(box.touches(other) for other in taken):
                continue
            distances = [box.distance(edge) for edge in foreign]
            if places and 0.0 in distances:
                continue
            # Rounded, so that of two places that are equally good the one near the start is taken everywhere.
            cost = round(sum(map(_closeness, distances)) + abs(float(fraction) - 0.5), 3)
            if best is None or cost < best[0]:
                best = (cost, box)
        if best is not None:
            taken.append(best[1])
            places[wish.key] = np.array([best[1].x, best[1].y, 0.0])
    return places


def place_most_labels(
    wishes: Iterable[Wish], obstacles: Iterable[Box], edges: Mapping[Any, Segment | Bent]
) -> dict[Hashable, Point3D]:
    """Return the same, where those that find no place may choose before the others, as long as that helps."""
    order, solid = list(wishes), list(obstacles)
    best = place_labels(order, solid, edges)
    while len(best) < len(order):
        order.sort(key=lambda wish: wish.key in best)
        found = place_labels(order, solid, edges)
        if len(found) <= len(best):
            break
        best = found
    return best


def _closeness(distance: float) -> float:
    near = CLOSENESS_COST * max(0.0, 1 - distance / LABEL_DISTANCE)
    return near + (CROSSING_COST if distance == 0 else 0.0)

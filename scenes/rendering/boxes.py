"""Rectangles of pixels."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["NOWHERE", "Box"]


class Box(NamedTuple):
    """The pixels that a shape can touch: from the first column and row to those behind the last."""

    left: int
    top: int
    right: int
    bottom: int


NOWHERE = Box(0, 0, 0, 0)

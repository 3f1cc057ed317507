"""Errors to be compared: words, an equation, and a bar as long as the error is large, one below the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from manim import RIGHT, Rectangle, VGroup

from scenes.stage.formula import Formula
from scenes.stage.layout import LEARNING_BAR, LEARNING_BAR_GAP, LEARNING_BAR_WIDTH, Zone
from scenes.stage.typeset import Typeset


@dataclass(frozen=True)
class ErrorRow:
    """An error: what it is, in words, its equation, and its bar."""

    head: Typeset
    name: Formula
    bar: Rectangle

    @property
    def whole(self) -> VGroup:
        """All of it."""
        return VGroup(self.head, self.name, self.bar)


def bar(share: float, colour: str) -> Rectangle:
    """Return the bar of an error, as a share of the largest."""
    width = LEARNING_BAR_WIDTH * share
    return Rectangle(width=width, height=LEARNING_BAR, stroke_width=0).set_fill(colour, opacity=1)


def in_table(rows: Sequence[ErrorRow], zone: Zone) -> None:
    """Set rows below each other in a zone, words below words, equations below equations."""
    gap = LEARNING_BAR_GAP * RIGHT
    heads, names = max(row.head.width for row in rows), max(row.name.width for row in rows)
    for number, row in enumerate(rows):
        row.head.next_to(zone.left * RIGHT, RIGHT, buff=0)
        row.name.next_to(zone.left * RIGHT + heads * RIGHT + gap, RIGHT, buff=0)
        row.bar.next_to(zone.left * RIGHT + (heads + names) * RIGHT + 2 * gap, RIGHT, buff=0)
        row.whole.set_y(-number * zone.height / len(rows))
    whole = VGroup(*(row.whole for row in rows))
    whole.shift(zone.centre - whole.get_center())

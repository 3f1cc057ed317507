"""Bars for numbers of both signs, side by side over and under one line."""

from __future__ import annotations

from collections.abc import Sequence

from manim import Line, Rectangle, VGroup

from scenes.stage.layout import BATCH_BAR_WIDTH, BATCH_LINE, EDGE_STROKE, Zone
from scenes.stage.theme import Role, Theme
from scenes.stage.weighted_edges import NEGATIVE, POSITIVE


class SignedBars(VGroup):
    """A line for zero, and a bar for each number, all of them as far apart; the largest fills the zone."""

    def __init__(self, theme: Theme, zone: Zone, numbers: Sequence[float]) -> None:
        super().__init__()
        self.theme, self.zone = theme, zone
        high, low = max(0.0, *numbers), min(0.0, *numbers)
        self.unit = zone.height / ((high - low) or 1.0)
        self.zero_height = zone.bottom - low * self.unit if high > low else zone.centre[1]
        self.step = zone.width / len(numbers)
        self.zero = Line(self._at(zone.left, 0.0), self._at(zone.right, 0.0), stroke_width=EDGE_STROKE)
        self.zero.set_color(theme[Role.QUIET])
        self.bars = VGroup(*(self._bar(place, number) for place, number in enumerate(numbers)))
        self.add(self.zero, self.bars)

    def column(self, place: int) -> float:
        """Return where the middle of a bar is, from left to right."""
        return self.zone.left + (place + 1 / 2) * self.step

    def level(self, number: float) -> Line:
        """Return a bright line through all bars, at the height of a number."""
        colour = self.theme[Role.TARGET]
        ends = self._at(self.zone.left, number), self._at(self.zone.right, number)
        return Line(*ends, stroke_width=BATCH_LINE, color=colour)

    def _bar(self, place: int, number: float) -> Rectangle:
        height = abs(number) * self.unit
        bar = Rectangle(width=BATCH_BAR_WIDTH, height=height, stroke_width=0)
        bar.set_fill(self.theme[POSITIVE if number > 0 else NEGATIVE], opacity=1)
        return bar.move_to(self._at(self.column(place), number / 2))

    def _at(self, across: float, number: float) -> tuple[float, float, float]:
        return across, self.zero_height + number * self.unit, 0.0

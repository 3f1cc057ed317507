"""Bars that grow with what sweeps cost: one bar for each mode, one piece for each sweep."""

from __future__ import annotations

from dataclasses import dataclass

from manim import LEFT, RIGHT, UP, Rectangle

from bpmath.sweeps import Cost
from scenes.stage import layout
from scenes.stage.typeset import Typeset


@dataclass
class CostBar:
    """A name, a bar that begins behind it, and what has been counted so far."""

    name: Typeset
    start: float
    unit: float
    colour: str
    spent: Cost
    count: Typeset | None = None

    def piece(self, cost: Cost) -> Rectangle:
        """Return the piece by which the bar grows with a sweep, and count its cost."""
        before = self.spent.total
        self.spent += cost
        width = max(cost.total * self.unit - layout.BAR_GAP, layout.BAR_GAP)
        bar = Rectangle(width=width, height=layout.BAR_HEIGHT, stroke_width=0, color=self.colour)
        bar.set_fill(self.colour, opacity=1).move_to(self.name)
        return bar.shift(RIGHT * (self.start + before * self.unit - bar.get_left()[0]))

    def put_behind(self, count: Typeset) -> Typeset:
        """Set the words of a count behind the bar."""
        end = self.start + self.spent.total * self.unit
        return count.move_to(self.name).shift(
            RIGHT * (end + layout.BAR_TEXT_GAP - self.name.get_x() + count.width / 2)
        )


def bars(
    names: tuple[Typeset, Typeset], colours: tuple[str, str], zone: layout.Zone, most: int
) -> tuple[CostBar, CostBar]:
    """Return two bars, one below the other, in a zone; `most` is the greatest cost that they have to show."""
    step = min(layout.MOST_BAR_STEP, zone.height / len(names))
    for number, name in enumerate(names):
        name.move_to(zone.centre).align_to(zone.corner, LEFT).shift(UP * step * (1 / 2 - number))
    start = max(float(name.get_right()[0]) for name in names) + layout.BAR_TEXT_GAP
    unit = min(layout.MOST_BAR_UNIT, (zone.right - start - layout.BAR_COUNT_WIDTH) / most)
    first, second = (
        CostBar(name, start, unit, colour, Cost()) for name, colour in zip(names, colours, strict=True)
    )
    return first, second

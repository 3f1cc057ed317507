"""A bar for each class: what the last layer gives it, or how probable softmax makes it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from manim import DOWN, RIGHT, UP, Dot, Line, Rectangle, VGroup, VMobject
from manim.typing import Point3D

from bpmath.writing import shown
from scenes.stage import layout
from scenes.stage.formula import Formula, number_mobject
from scenes.stage.theme import Role, Theme
from scenes.stage.typeset import Typeset


def shown_classes(count: int) -> list[int | None]:
    """Return the classes that have a bar, from 1, None for those that are left out."""
    return [None if index is None else index + 1 for index in shown(count, layout.BARS_MOST)]


class ClassBars(VGroup):
    """Bars over (or under) one line, with names below them and numbers at their ends.

    `names` are those of the classes that are shown, in order; `bars` and `numbers` are found by the class.
    """

    def __init__(
        self,
        values: Sequence[float],
        names: Sequence[Formula],
        theme: Theme,
        zone: layout.Zone,
        role: Role,
        *,
        least: float = 0.0,
        most: float = 0.0,
        with_numbers: bool = True,
    ) -> None:
        self.theme, self.zone, self.role = theme, zone, role
        self.shown = shown_classes(len(values))
        classes = [k for k in self.shown if k is not None]
        self._least = min(least, *(values[k - 1] for k in classes))
        self._most = max(most, *(values[k - 1] for k in classes))
        self.bars = {k: self.bar(k, values[k - 1]) for k in classes}
        self.names = {k: self._named(k, name) for k, name in zip(classes, names, strict=True)}
        self.numbers = {k: self._number(k, values[k - 1]) for k in classes} if with_numbers else {}
        level = self._height(0.0)
        left, right = np.array([zone.left, level, 0.0]), np.array([zone.right, level, 0.0])
        self.line = Line(left, right, stroke_width=layout.EDGE_STROKE, color=theme[Role.QUIET])
        self.dots = VGroup(*(self._dots(place) for place, k in enumerate(self.shown) if k is None))
        super().__init__(
            self.line, *self.bars.values(), *self.names.values(), *self.numbers.values(), self.dots
        )

    def _height(self, value: float) -> float:
        """Return the height at which a value ends."""
        low = self.zone.bottom + layout.BARS_NAMES + (layout.BARS_NUMBERS if self._least < 0 else 0.0)
        high = self.zone.top - layout.BARS_NUMBERS
        return low + (value - self._least) / (self._most - self._least or 1.0) * (high - low)

    @property
    def _step(self) -> float:
        return self.zone.width / len(self.shown)

    def _place(self, k: int) -> float:
        return self.zone.left + (self.shown.index(k) + 1 / 2) * self._step

    def bar(self, k: int, value: float, role: Role | None = None) -> Rectangle:
        """Return the bar of a class for a value."""
        ends = self._height(0.0), self._height(value)
        width = min(layout.BARS_SHARE * self._step, layout.BARS_WIDEST)
        colour = self.theme[role or self.role]
        height = max(abs(ends[1] - ends[0]), layout.BARS_LEAST)
        bar = Rectangle(width=width, height=height, stroke_width=0, color=colour)
        return bar.set_fill(colour, opacity=1).move_to(self._at(k, (ends[0] + ends[1]) / 2))

    def column(self, k: int) -> list[VMobject]:
        """Return the bar of a class, and its number if there is one."""
        return [self.bars[k], *([self.numbers[k]] if self.numbers else [])]

    def outline(self, k: int, value: float, role: Role) -> Rectangle:
        """Return the outline of a bar, a little wider, for another value of the same class."""
        outline = self.bar(k, value, role).set_fill(opacity=0)
        outline.set_stroke(self.theme[role], width=layout.BARS_OUTLINE)
        return outline.stretch_to_fit_width(outline.width + layout.BARS_MARGIN)

    def _at(self, k: int, height: float) -> Point3D:
        return np.array([self._place(k), height, 0.0])

    def _named(self, k: int, name: Formula) -> Formula:
        name.scale(min(1.0, layout.BARS_SHARE * self._step / name.width))
        return name.as_label().move_to(self._at(k, self.zone.bottom + layout.BARS_NAMES / 2))

    def _number(self, k: int, value: float) -> Typeset:
        number = number_mobject(value, self.theme[self.role], layout.MARK_SIZE)
        room = layout.BARS_NUMBER_SHARE * self._step
        number.scale(max(min(1.0, room / number.width), layout.LEAST_SIZE / layout.MARK_SIZE))
        return number.next_to(self.bars[k], DOWN if value < 0 else UP, buff=layout.BAR_GAP)

    def _dots(self, place: int) -> VGroup:
        colour = self.theme[Role.QUIET]
        dots = VGroup(*(Dot(radius=layout.STUB_DOT, color=colour) for _ in range(layout.ELLIPSIS_DOTS)))
        x = self.zone.left + (place + 1 / 2) * self._step
        dots.arrange(RIGHT, buff=layout.BARS_MARGIN)
        return dots.move_to(np.array([x, self.zone.bottom + layout.BARS_NAMES / 2, 0.0]))

"""Where a picture is seen from: enlarged and shifted, and back again."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np
from manim import ORIGIN
from manim.typing import Point3D

Movable = TypeVar("Movable", bound=Any)


@dataclass(frozen=True)
class View:
    """A point p is seen at factor p + shift.

    `apply` and `undo` take a mobject, or its `animate`, and return it.
    """

    factor: float = 1.0
    shift: Point3D = field(default_factory=lambda: np.zeros(3))

    def apply(self, picture: Movable) -> Movable:
        """Bring a picture from where it was laid out to where it is seen."""
        return picture.scale(self.factor, about_point=ORIGIN).shift(self.shift)

    def undo(self, picture: Movable) -> Movable:
        """Bring a picture back to where it was laid out."""
        return picture.shift(-self.shift).scale(1 / self.factor, about_point=ORIGIN)

"""A tangent that slides along a curve, through some places and back, its slope computed at every place."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from manim import Animation, Dot, Line, Mobject, UpdateFromAlphaFunc, VGroup, linear, smooth

from scenes.stage.slope_plot import SlopePlot
from scenes.stage.theme import Role

Function = Callable[[float], float]


def slide(
    plot: SlopePlot,
    height: Function,
    slope: Function,
    stops: Sequence[float],
    role: Role,
    point: Dot,
    tangent: Line,
) -> Animation:
    """Let the point and its tangent slide from the first of some places to the last, slowing down at each."""
    legs = len(stops) - 1

    def place(both: Mobject, alpha: float) -> None:
        leg = min(int(alpha * legs), legs - 1)
        part = smooth(alpha * legs - leg)
        x = float(np.interp(part, (0.0, 1.0), stops[leg : leg + 2]))
        y = height(x)
        point.move_to(plot.at(x, y))
        tangent.become(plot.tangent(x, y, slope(x), role))

    return UpdateFromAlphaFunc(VGroup(point, tangent), place, rate_func=linear)

"""E after one step as a function of the learning rate: it falls, and rises where it goes too far."""

from __future__ import annotations

import numpy as np
from manim import (
    DL,
    Create,
    DashedLine,
    Dot,
    FadeIn,
    FadeOut,
    MoveAlongPath,
    VGroup,
    VMobject,
)

from bpmath import example_network, example_sample
from bpmath.algebra import Number, Quantity
from bpmath.datasets import batch_around
from bpmath.descent import ETA
from bpmath.equations import Equation
from bpmath.step_sizes import StepSizes, step_sizes
from bpmath.symbols import E
from scenes.stage import layout
from scenes.stage.lesson import Lesson
from scenes.stage.network_map import NetworkMap
from scenes.stage.slope_plot import GRID, Curve, SlopePlot
from scenes.stage.theme import Role


class LearningRateBeats(Lesson):
    """The beats about the learning rate; when they begin, `map` and `bars` stand, and labels on the map."""

    map: NetworkMap
    labels: VGroup
    bars: VGroup
    error: VGroup
    executed: list[Equation]

    def find_rates(self) -> None:
        """Take a batch around the sample, and every step on it; of the example where no step is too large."""
        settings = self.settings
        batch = batch_around(self.derivation.network, settings.x, settings.y)
        self.sizes: StepSizes = step_sizes(self.derivation.network, batch.x, batch.y)
        self.is_example = self.sizes.too_large_rate is None
        if self.is_example:
            batch = batch_around(example_network(), *example_sample())
            self.sizes = step_sizes(example_network(), batch.x, batch.y)
        self.count = batch.samples
        assert self.sizes.too_large_rate is not None
        self.good, self.large = self.sizes.easy_rate, self.sizes.too_large_rate

    def curve(self) -> None:
        """Several samples: the mean of their errors after one step, for every learning rate."""
        self.find_rates()
        names = [self.formula(symbol, layout.LEAST_EQUATION_SIZE) for symbol in (ETA, E)]
        curve = Curve(self.sizes.errors, 0, self.large, from_zero=False)
        self.plot = SlopePlot(curve, self.theme, layout.LEARNING_PLOT, names[0], names[1])
        gone = [self.map, self.labels, self.bars, *([self.error] if self.settings.numbers else [])]
        with self.beat("curve", "example" if self.is_example else "", count=self.count, E=E, eta=ETA):
            self.play(FadeOut(*gone), run_time=0.8)
            self.play(FadeIn(self.plot.frame))
            self.play(Create(self.plot.curve), run_time=2.0)

    def start(self) -> None:
        """Without a step E stays."""
        x, y = 0, self.sizes.before.E
        self.point = self.plot.point(x, y)
        ends = self.plot.at(x, y), self.plot.at(self.large, y)
        level = DashedLine(*ends, color=self.theme[Role.QUIET], stroke_width=layout.EDGE_STROKE)
        self.level = level.set_z_index(GRID)
        self.play(FadeIn(self.point, scale=layout.POINT_SCALE), Create(self.level))
        if self.settings.numbers:
            # The curve ends over the level, so that there is room below.
            still = self.formula(self.sizes.equation(x), layout.LEAST_EQUATION_SIZE)
            still.set_fill(self.theme[Role.QUIET]).next_to(self.level.get_end(), DL, buff=layout.MARK_GAP)
            self.play(FadeIn(still))

    def good_rate(self) -> None:
        """Up to some rate E falls."""
        with self.beat("good", eta=ETA, E=E, rate=self.good):
            self.start()
            self.go_to(0, self.good)

    def too_large(self) -> None:
        """Far beyond it, E is larger than before the step."""
        with self.beat("large", eta=ETA, E=E, rate=self.large):
            # The point will stand where the axis ends, and has the same number.
            self.play(FadeOut(self.feet, self.plot.ends[-1]), run_time=0.4)
            self.go_to(self.good, self.large)

    def go_to(self, start: float, end: float) -> None:
        """Let the point run along the curve to another learning rate, and show where it stands."""
        rates = np.linspace(start, end, layout.CURVE_SAMPLES)
        way = VMobject().set_points_as_corners(
            [self.plot.at(*pair) for pair in zip(rates, self.sizes.errors(rates), strict=True)]
        )
        dot: Dot = self.point
        self.play(MoveAlongPath(dot, way), run_time=2.0)
        reached = self.sizes.equation(end)
        self.executed += [reached, Equation(Quantity(ETA), Number(end), reached.values)]
        self.feet = self.plot.feet(end, reached.value, self.settings.numbers)
        self.play(FadeIn(self.feet))

"""Losses: from the error of an output to the delta of the last layer, line by line."""

from __future__ import annotations

from scenes.beats.loss_lines import LossLinesBeats


class MeanSquaredError(LossLinesBeats):
    """The mean squared error: its slope is how far the output is from the target, and so is its delta."""

    loss = "mean_squared_error"

    def construct(self) -> None:
        """Read the slope off the curve, put it into the delta, and compare with half the square."""
        self.prepare()
        self.ask()
        self.take_factors()
        self.draw_curve()
        self.mark_sample()
        self.slope_of_curve()
        self.spell_slope()
        self.write_lines()
        self.evaluate_line()
        more = [] if self.passes_on else [self.without_activation()]
        self.compare(self.this(), self.half_the_square(), *more)
        self.whole_layer()


class BinaryCrossEntropy(LossLinesBeats):
    """Binary cross-entropy: the slope of the sigmoid cancels; the delta is the output minus the target."""

    loss = "binary_cross_entropy"

    def construct(self) -> None:
        """Read the slope off the curve, put it into the delta, and see what cancels."""
        self.prepare()
        self.ask()
        self.take_factors()
        self.draw_curve()
        self.mark_sample()
        self.slope_of_curve()
        self.spell_slope()
        self.write_lines()
        self.evaluate_line()
        self.compare(self.this(), self.half_the_square())
        self.whole_layer()

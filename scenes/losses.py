"""Losses: from the error of an output to the delta of the last layer, line by line."""

from __future__ import annotations

from scenes.beats.loss_lines import LossLinesBeats
from scenes.beats.softmax_lines import SoftmaxLinesBeats


class MeanSquaredError(LossLinesBeats):
    """The mean squared error: its slope is how far the output is from the target, and so is its delta."""

    loss = "mean_squared_error"

    def construct(self) -> None:
        """Read the slope off the curve, put it into the delta, and compare with half the square."""
        self.prepare()
        self.ask()
        self.slope_of_loss()
        self.derivation_by_line()
        more = [] if self.passes_on else [self.without_activation()]
        self.compare(self.this(), self.half_the_square(), *more)
        self.every_output()


class BinaryCrossEntropy(LossLinesBeats):
    """Binary cross-entropy: the slope of the sigmoid cancels; the delta is the output minus the target."""

    loss = "binary_cross_entropy"

    def construct(self) -> None:
        """Read the slope off the curve, put it into the delta, and see what cancels."""
        self.prepare()
        self.ask()
        self.slope_of_loss()
        self.derivation_by_line()
        self.compare(self.this(), self.half_the_square())
        self.every_output()


class SoftmaxCrossEntropy(SoftmaxLinesBeats):
    """Softmax and cross-entropy: almost everything cancels, down to the probability minus the target."""

    loss = "softmax_cross_entropy"

    def construct(self) -> None:
        """Make logits probabilities, build the Jacobian, and see what is left of the sum."""
        self.prepare()
        self.show_logits()
        self.make_probabilities()
        self.nudge()
        self.ask_entries()
        self.fill_matrix()
        self.name_matrix()
        self.show_loss()
        self.draw_curve()
        self.ask_chain()
        self.write_lines()
        self.every_class()

"""Learning: one step against the gradient, the mean over a batch, and many steps."""

from __future__ import annotations

from scenes.beats.descent_step import DescentStepBeats
from scenes.beats.loss_curve import LossCurveBeats


class GradientDescentStep(DescentStepBeats):
    """Every parameter moves against its gradient; E is computed before and after, and for every rate."""

    def construct(self) -> None:
        """Move one weight, then all, and ask how far one may go."""
        self.prepare()
        self.weights()
        self.gradient()
        self.rule()
        self.one_number()
        self.one_moves()
        self.layer()
        self.all_move()
        self.before_and_after()
        self.curve()
        self.good_rate()
        self.too_large()


class LossCurve(LossCurveBeats):
    """A network learns the exclusive or: E falls, weights change, and so does what it answers."""

    def construct(self) -> None:
        """Take the steps of a real training run, and look at what has been learned."""
        self.prepare()
        self.samples()
        self.network()
        self.start()
        self.first_steps()
        self.fall()
        self.end()
        self.what_it_answers()

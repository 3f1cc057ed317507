"""Learning: one step against the gradient, the mean over a batch, and many steps."""

from __future__ import annotations

from scenes.beats.batch_average import BatchAverageBeats
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


class BatchAverage(BatchAverageBeats):
    """A gradient for each of four samples, and their mean: the same as one backward pass over all."""

    def construct(self) -> None:
        """Run the samples one by one, take the mean of what they ask for, and compare with one pass."""
        self.prepare()
        self.batch()
        self.one()
        self.others()
        self.mean()
        self.worked_out()
        self.batched()
        self.entries()
        self.agree()


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

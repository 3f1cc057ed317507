"""Learning: one step against the gradient, the mean over a batch, and many steps."""

from __future__ import annotations

from scenes.beats.descent_step import DescentStepBeats


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

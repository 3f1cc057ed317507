"""A lesson about a loss: on the user's network if that has it, else on a small network of its own."""

from __future__ import annotations

from dataclasses import replace

from bpmath.equations import FalseEquation
from bpmath.last_deltas import LastDeltas
from bpmath.loss_examples import loss_example
from scenes.settings import Settings
from scenes.stage.slope_lesson import SlopeLesson

EXAMPLE = "example"


class LossLesson(SlopeLesson):
    """Shows the loss of the name `loss`; `whose` says whose network that is: "" or "example".

    An output that has saturated has a delta but no formula for it: then it is the example as well.
    """

    loss: str
    whose = ""

    def setup(self) -> None:
        """Take the user's network, or the example."""
        if not self.can_be_shown(self.settings):
            example = loss_example(self.loss)
            self.settings = replace(self.settings, network=example.network, x=example.x, y=example.y)
            self.whose = EXAMPLE
        super().setup()
        self.deltas = LastDeltas(self.derivation)

    def can_be_shown(self, settings: Settings) -> bool:
        """Tell whether the lesson can be told about the user's network."""
        if settings.network.loss != self.loss:
            return False
        try:
            return bool(LastDeltas(settings.derivation()).column)
        except FalseEquation:
            return False

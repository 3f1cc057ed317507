"""How sensitive the output of a gate is to each of its inputs: what a derivative means."""

from __future__ import annotations

from scenes.beats.sensitivity import SensitivityBeats


class SensitivityOfGates(SensitivityBeats):
    """Nudge an input, and the output moves by the derivative times the nudge, if the nudge is small.

    How much the output moves is what it is about: its numbers are shown in every setting.
    """

    def construct(self) -> None:
        """Nudge the inputs of a product, of a sum and of a maximum."""
        self.prepare()
        x, y = self.inputs_of("multiply")
        self.show("multiply", x, "multiply")
        self.first_nudge("multiply", x, "nudge")
        self.smaller("multiply", x, "smaller")
        self.at_once("multiply", y, "other")
        self.at_once("add", x, "add")
        self.show("max", y, "max")
        self.first_nudge("max", y, "far")
        self.smaller("max", y, "near")
        self.together()

"""Sweeps: what forward and reverse mode carry through a graph, and what each costs."""

from __future__ import annotations

from scenes.beats.forward_mode import ForwardModeBeats


class ForwardMode(ForwardModeBeats):
    """From one input on, every node is told how fast it changes: one sweep, one input."""

    def construct(self) -> None:
        """Sweep from an input to the output, and once more from another."""
        self.choose()
        self.ask()
        self.local_derivatives()
        self.seed()
        self.follow_the_rule()
        self.go_through()
        self.reach_the_output()
        self.say_what_it_means()
        self.start_again()

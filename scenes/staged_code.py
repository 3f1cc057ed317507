"""Staged backpropagation: an expression as a program, a line a gate, and the lines that go back."""

from __future__ import annotations

from scenes.beats.staged_code import StagedCodeBeats


class StagedBackpropagation(StagedCodeBeats):
    """Forward lines keep their values; backward lines use them, beside the graph, in step with the sweep."""

    def construct(self) -> None:
        """Write the program of the expression, forward and back."""
        self.prepare()
        self.ask()
        self.first_line()
        self.other_lines()
        self.keep()
        self.start()
        self.across_first_edge()
        self.read_what_was_kept()
        self.back()
        self.remarkable()
        self.rest()
        self.say_what_was_done()

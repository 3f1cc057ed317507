"""A small circuit, forward and backward: every gate multiplies what arrives by its local derivative."""

from __future__ import annotations

from manim import Create

from scenes.beats.circuit import CircuitLesson
from scenes.stage import layout


class SimpleCircuitBeats(CircuitLesson):
    """The beats of a first circuit."""

    def expression(self) -> None:
        """Let the circuit of the expression grow."""
        with self.beat("expression", output=self.output):
            self.show_expression()

    def forward(self) -> None:
        """Compute gate by gate; values stand above."""
        with self.beat("forward", self.symbolic):
            self.run_forward()

    def start_back(self) -> None:
        """At the output the derivative is one."""
        with self.beat("seed", self.symbolic, output=self.output):
            self.seed()

    def first_gate(self) -> None:
        """Send the one back through the last gate: what arrives times the local derivative."""
        with self.beat("gate"):
            self.send_back(self.backwards[1], pace=1)
            self.new_fractions(2)

    def rest(self) -> None:
        """The other derivatives, faster and faster."""
        slow, fast = self.backwards[2:-1][:2], self.backwards[2:-1][2:]
        with self.beat("rest", "" if len(self.backwards) > 2 else "one"):
            for symbol, pace in zip(slow, (1, layout.AGAIN), strict=False):
                self.send_back(symbol, pace)
            self.derivatives_at_once(fast)
            if len(self.backwards) > 2:
                self.send_back(self.backwards[-1], pace=layout.AGAIN)

    def meaning(self) -> None:
        """Say what the derivative below an input tells."""
        first = self.graph.inputs[0]
        rate = self.found(first)
        variant = self.way_of_change(rate)
        with self.beat("meaning", variant, input=first, output=self.output, rate=abs(rate)):
            self.mark(self.map.ring(first))
            self.follow_change(first)
            self.play(Create(self.map.ring(self.output)), run_time=0.5)

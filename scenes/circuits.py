"""Circuits: gates that compute forward, and send derivatives back, knowing nothing of each other."""

from __future__ import annotations

from scenes.beats.simple_circuit import SimpleCircuitBeats


class SimpleCircuit(SimpleCircuitBeats):
    """Values run forward through three gates, gradients back: every gate multiplies by its own slope."""

    def construct(self) -> None:
        """Compute, then differentiate."""
        self.expression()
        self.forward()
        self.start_back()
        self.first_gate()
        self.rest()
        self.meaning()

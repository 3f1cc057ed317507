"""Circuits: gates that compute forward, and send derivatives back, knowing nothing of each other."""

from __future__ import annotations

from scenes.beats.gate_patterns import GatePatternsBeats
from scenes.beats.gradients_at_forks import GradientsAtForksBeats
from scenes.beats.input_scale import InputScaleBeats
from scenes.beats.sigmoid_neuron import SigmoidNeuronBeats
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


class SigmoidNeuron(SigmoidNeuronBeats):
    """A neuron, gate by gate; then one sigmoid gate, whose slope is (1 - s) s, for a chain of four."""

    def construct(self) -> None:
        """Compute and differentiate, then cut the circuit into larger gates."""
        self.prepare()
        self.expression()
        self.forward()
        self.backward()
        self.see_the_chain()
        self.one_gate()
        self.the_same()


class GatePatterns(GatePatternsBeats):
    """What gates do with a gradient: add distributes it, max routes it, multiply swaps its inputs."""

    def construct(self) -> None:
        """Run both sweeps, then look at one gate of each kind."""
        self.expression()
        self.forward()
        self.backward()
        self.patterns()
        self.summary()


class GradientsAddAtForks(GradientsAtForksBeats):
    """Where a quantity is used twice its gradients add: += and not =, and what goes wrong otherwise."""

    def construct(self) -> None:
        """Add up at a fork, overwrite, and let a difference quotient decide."""
        self.prepare()
        self.expression()
        self.sweep()
        self.add_up()
        self.overwrite()
        self.check()
        self.close()


class InputScale(InputScaleBeats):
    """Inputs times a thousand make gradients times a thousand; what that does to a gradient step."""

    def construct(self) -> None:
        """Step, multiply the input, step again."""
        self.prepare()
        self.expression()
        self.sweep()
        self.first_step()
        self.multiply_input()
        self.leap()
        self.remedy()

"""Sweeps: what forward and reverse mode carry through a graph, and what each costs."""

from __future__ import annotations

from scenes.beats.forward_mode import ForwardModeBeats
from scenes.beats.forward_versus_reverse import ForwardVersusReverseBeats
from scenes.beats.network_as_graph import NetworkAsGraphBeats
from scenes.beats.reverse_mode import ReverseModeBeats


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


class ReverseMode(ReverseModeBeats):
    """From the output back, every node is told how much it matters: one sweep, all inputs."""

    def construct(self) -> None:
        """Sweep from the output to the inputs."""
        self.choose()
        self.ask()
        self.local_derivatives()
        self.seed()
        self.follow_the_rule()
        self.go_through()
        self.add_at_the_fork()
        self.read_off()
        self.say_what_it_cost()


class ForwardVersusReverse(ForwardVersusReverseBeats):
    """One graph, swept both ways: a sweep for each input, or one for all; the costs side by side."""

    def construct(self) -> None:
        """Sweep forwards from every input, then once back, and compare."""
        self.choose()
        self.ask()
        self.first_forward()
        self.other_forwards()
        self.reverse_once()
        self.compare()
        self.think_of_networks()


class NetworkAsGraph(NetworkAsGraphBeats):
    """The last layers of the network, gate by gate; the four equations stand on its arrows."""

    def construct(self) -> None:
        """Go back from the error through the last layer, and read the equations off."""
        self.whole()
        self.partials()
        self.chain()
        self.last_delta()
        self.biases()
        self.weights()
        self.layer_before()
        self.together()

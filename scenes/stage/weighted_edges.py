"""The edges of a network map, as thick as their weights; one colour for positive, one for negative."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from manim import Line

from bpmath.network import Network
from bpmath.symbols import Symbol
from scenes.stage.layout import LEGEND_LINE, THICKEST, THINNEST
from scenes.stage.map_pen import EDGES
from scenes.stage.network_map import NetworkMap
from scenes.stage.network_plan import entry_of, node_of
from scenes.stage.theme import Role

POSITIVE, NEGATIVE = Role.BRANCH_A, Role.BRANCH_B
RIMS = EDGES - 1


@dataclass(frozen=True)
class WeightedEdges:
    """What the lines of a map look like, weights and biases; `largest` is the weight of the thickest."""

    network_map: NetworkMap
    largest: float

    @property
    def parameters(self) -> list[Symbol]:
        """The weights and biases that the map shows, layer by layer."""
        layers = range(1, self.network_map.network.layers + 1)
        return [parameter for layer in layers for parameter in self.of_layer(layer)]

    def of_layer(self, layer: int) -> list[Symbol]:
        """Return the weights and biases of a layer that the map shows."""
        return [*self.network_map.plan.weights(layer), *self.network_map.symbols("b", layer)]

    def line(self, parameter: Symbol) -> Line:
        """Return the line by which a parameter enters: an edge, or the short edge of a bias."""
        if parameter.letter == "b":
            return self.network_map.stub(parameter).line
        return self.network_map.edge(entry_of(parameter), node_of(parameter))

    def stroke(self, value: float) -> float:
        """Return how thick the line of a weight is; one beyond the largest is no thicker."""
        share = min(1.0, abs(value) / self.largest) if self.largest else 0.0
        return THINNEST + (THICKEST - THINNEST) * share

    def colour(self, value: float) -> str:
        """Return the colour of the line of a weight."""
        return self.network_map.theme[POSITIVE if value >= 0 else NEGATIVE]

    def dress(self, network: Network, parameters: Iterable[Symbol] | None = None) -> None:
        """Give lines, all by default, the look of a network's parameters at once."""
        for parameter in self.parameters if parameters is None else parameters:
            value = network.value(parameter)
            self.line(parameter).set_stroke(self.colour(value), width=self.stroke(value))

    def turn(self, network: Network, parameters: Iterable[Symbol] | None = None) -> list[Any]:
        """Return the animations that give lines, all by default, the look of a network's parameters."""
        turned = []
        for parameter in self.parameters if parameters is None else parameters:
            value = network.value(parameter)
            line = self.line(parameter)
            turned.append(line.animate.set_stroke(self.colour(value), width=self.stroke(value)))
        return turned

    def rim(self, parameter: Symbol, before: Network, after: Network) -> Line:
        """Return a line behind that of a parameter, which shows at its sides what it gains or loses."""
        old, new = before.value(parameter), after.value(parameter)
        role = Role.TARGET if abs(new) > abs(old) else Role.QUIET
        width = max(self.stroke(old), self.stroke(new))
        rim = self.line(parameter).copy().set_stroke(self.network_map.theme[role], width=width)
        return rim.set_z_index(RIMS)

    def narrow(self, parameter: Symbol, before: Network, after: Network) -> Any:
        """Return the animation by which a line, as thick as the smaller weight, leaves its rim free."""
        old, new = before.value(parameter), after.value(parameter)
        width = min(self.stroke(old), self.stroke(new))
        return self.line(parameter).animate.set_stroke(self.colour(new), width=width)

    def sample(self, value: float) -> Line:
        """Return a line as that of a weight, for a legend."""
        line = Line(stroke_width=self.stroke(value), color=self.colour(value))
        return line.set_length(LEGEND_LINE)

    def extremes(self, network: Network) -> list[Symbol]:
        """Return the largest positive weight that the map shows, and the largest negative one, if any."""
        weights = [one for one in self.parameters if one.letter == "w"]
        found = (max(weights, key=network.value), min(weights, key=network.value))
        return [one for one, sign in zip(found, (1, -1), strict=True) if sign * network.value(one) > 0]


def weighted_edges(network_map: NetworkMap, networks: Iterable[Network]) -> WeightedEdges:
    """Return the edges of a map on which the parameters of all these networks can be told apart."""
    edges = WeightedEdges(network_map, 0.0)
    sizes = [abs(network.value(one)) for network in networks for one in edges.parameters]
    return WeightedEdges(network_map, max(sizes))

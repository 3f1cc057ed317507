"""The network is set up: what its nodes compute, from the inputs to the error."""

from __future__ import annotations

from manim import (
    DOWN,
    RIGHT,
    UP,
    Create,
    FadeIn,
    FadeOut,
    GrowFromCenter,
    LaggedStart,
    VGroup,
)

from bpmath.algebra import Derivative
from bpmath.symbols import E, e, w
from scenes.beats.forward_pass import ForwardPassBeats
from scenes.beats.growing_network import NetworkSetupBeats
from scenes.beats.index_notation import IndexNotationBeats
from scenes.stage import growing, layout, moves
from scenes.stage.theme import Role


class NetworkSetup(NetworkSetupBeats):
    """The network grows layer by layer; z, a, the loss and E are defined where they appear (Fig. 1)."""

    def construct(self) -> None:
        """Grow the network and define what it computes."""
        self.prepare()
        self.inputs()
        self.connections()
        self.nodes_open()
        self.parameters()
        self.weighted_sum()
        self.activation()
        self.further_layers()
        self.errors()
        self.total_error()
        self.unit_derivatives()
        self.question()

    # -- the error --------------------------------------------------------------------------------

    def errors(self) -> None:
        """The outputs meet their targets; the loss is defined."""
        self.zone = layout.BOARD
        self.loss = self.in_width(self.derivation.definition(e(1)), layout.MAIN_SIZE, self.zone.width)
        targets = self.map.symbols("y") if self.settings.numbers else []
        numbers = self.row([self.derivation.definition(symbol) for symbol in targets], layout.EQUATION_SIZE)
        self.on_board(self.loss, *([VGroup(*numbers)] if numbers else []))
        joint = len(self.derivation.graph[e(1)].inputs) > 2
        with self.beat("errors", "joint" if joint else ""):
            if self.last == 1:
                self.step_back()
            self.play(LaggedStart(*growing.error_nodes(self.map), lag_ratio=0.3), run_time=1.6)
            self.play(FadeOut(self.sum, self.act, *self.board), run_time=0.5)
            self.play(*moves.from_map(self.map, self.loss))
            if numbers:
                self.play(*moves.from_map(self.map, *numbers))
            self.new_fractions(1)
        self.board = numbers

    def total_error(self) -> None:
        """E is the sum of the errors."""
        definition = self.derivation.definition(E)
        self.total = self.formula(definition, layout.MAIN_SIZE, longest_sum=layout.LONGEST_SUM, spacious=True)
        self.total.move_to(layout.BOARD.centre + UP * layout.NUMBER_ROOM / 2)
        single = self.derivation.network.sizes[-1] == 1
        with self.beat("total", "single" if single else "", E=E):
            edges = LaggedStart(*(Create(line) for line in self.map.edges_into(E)), lag_ratio=0.3)
            self.play(edges, GrowFromCenter(self.map.node(E)))
            self.play(FadeOut(*self.board, self.loss), run_time=0.5)
            self.play(*moves.from_map(self.map, self.total))
            self.numbers = self.numbers_below(self.total) if self.settings.numbers else VGroup()
            if self.settings.numbers:
                self.play(FadeIn(self.numbers, shift=DOWN * layout.NUMBER_GAP))

    def unit_derivatives(self) -> None:
        """The derivative of a sum with respect to each of its terms is 1."""
        edges = [edge for edge in self.derivation.graph.edges_into(E) if self.map.shows(edge.source)]
        equations = self.row([self.derivation.local_equation(edge) for edge in edges])
        self.lit = [self.map.lit(self.derivation.local(edge)) for edge in edges]
        single = len(self.derivation.graph[E].inputs) == 1
        with self.beat("unit", "single" if single else "", E=E, one=equations[0].equation.value):
            self.play(*(Create(line) for line in self.lit))
            self.play(FadeOut(self.total, self.numbers), run_time=0.5)
            self.play(
                *(moves.fly(formula.at(()), line) for formula, line in zip(equations, self.lit, strict=True))
            )
            self.new_fractions(len(edges))
        self.board = equations

    def question(self) -> None:
        """What all this is for: how E changes with each parameter."""
        derivation = self.derivation
        weights = [w(layer, 1, 1) for layer in range(1, self.last + 1)]
        asked = [self.formula(Derivative(E, weight), layout.MAIN_SIZE) for weight in weights]
        self.on_board(VGroup(*asked).arrange(RIGHT, buff=layout.COLUMN_GAP))
        with self.beat("question", E=E, count=len(derivation.network.parameters())):
            edges = [line for layer in range(1, self.last + 1) for line in self.map.open_edges(layer)]
            self.play(moves.pulse(edges, self.theme[Role.TARGET]))
            light = [self.map.where(weight).animate.set_color(self.theme[Role.TARGET]) for weight in weights]
            self.play(FadeOut(*self.board, *self.lit), *light, run_time=0.5)
            arrivals = zip(asked, weights, strict=True)
            self.play(*(moves.fly(formula.at(()), self.map.where(weight)) for formula, weight in arrivals))
            self.new_fractions(len(weights))


class IndexNotation(IndexNotationBeats):
    """What the indices of a weight say; the weights fly into the matrix W (Fig. 2)."""

    def construct(self) -> None:
        """Read the indices one by one, then set the weights in rows level with the network."""
        self.prepare()
        self.superscripts()
        self.come_near()
        self.first_subscript()
        self.second_subscript()
        self.first_row()
        self.other_rows()
        self.place_in_matrix()
        self.weighted_sum()
        self.reason()


class ForwardPass(ForwardPassBeats):
    """The sample runs through the network: every node gets its number, up to E."""

    def construct(self) -> None:
        """Work the first node out in full, then let the sample run on."""
        self.prepare()
        self.inputs()
        self.weighted_sum()
        self.valued()
        self.products()
        self.added_up()
        self.activation()
        self.rest_of_layer()
        self.further_layers()
        self.errors()
        self.total()
        self.outlook()

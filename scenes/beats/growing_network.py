"""The network grows layer by layer, and all that it computes is defined."""

from __future__ import annotations

from manim import (
    DOWN,
    Create,
    FadeIn,
    FadeOut,
    GrowFromCenter,
    LaggedStart,
    ReplacementTransform,
    Transform,
    VGroup,
    VMobject,
)

from bpmath.algebra import Quantity
from bpmath.equations import Equation
from bpmath.matrices import Cells
from bpmath.matrix_equations import MatrixEquation
from bpmath.naming import Names
from bpmath.symbols import a, b, w, x, z
from scenes.stage import growing, layout, moves
from scenes.stage.formula import Formula, in_line
from scenes.stage.lesson import Lesson
from scenes.stage.theme import Role


class NetworkSetupBeats(Lesson):
    """The beats of `NetworkSetup`."""

    def prepare(self) -> None:
        """Make the map, and let its first layer come close where the network is small."""
        self.map = self.network_map()
        self.last = self.derivation.network.layers
        self.close = self.map.come_close(1, layout.CLOSE_MAP)
        self.zone = layout.CLOSE_BOARD if self.close else layout.BOARD

    # -- the first layer, slowly ------------------------------------------------------------------

    def inputs(self) -> None:
        """The inputs appear, with their numbers."""
        shown = self.map.symbols("x")
        self.board = self.sample()
        self.on_board(*self.board)
        with self.beat("inputs", "" if self.settings.numbers else "symbols"):
            nodes = [GrowFromCenter(self.map.node(symbol)) for symbol in shown]
            self.play(
                FadeIn(self.title()), LaggedStart(*nodes, *growing.ellipsis(self.map, 0), lag_ratio=0.4)
            )
            self.play(*moves.from_map(self.map, *self.board))

    def sample(self) -> list[Formula]:
        """Return the numbers of the inputs, or without numbers their vector."""
        size = layout.MAIN_SIZE if self.close else layout.EQUATION_SIZE
        if self.settings.numbers:
            return [self.formula(self.derivation.definition(s), size) for s in self.map.symbols("x")]
        inputs = range(1, self.derivation.network.sizes[0] + 1)
        column = Cells(tuple((Quantity(x(index)),) for index in inputs))
        name = Names(self.derivation.network).vector("a", 0)
        return [
            self.formula(
                MatrixEquation(name, column, self.derivation.values), size, longest_matrix=layout.MOST_ROWS
            )
        ]

    def connections(self) -> None:
        """The nodes of the first layer grow, with the edges that reach them."""
        with self.beat("connections"):
            self.closed = growing.ClosedLayer(self.map, 1)
            self.play(self.closed.grow(run_time=2.0))

    def nodes_open(self) -> None:
        """Each node opens into z and a."""
        with self.beat("opens", z=z(1, 1), a=a(1, 1)):
            self.play(*self.closed.open(), run_time=1.6)

    def parameters(self) -> None:
        """Weights appear on the edges, and the biases join."""
        labels = self.map.make_labels(self.map.plan.weights(1))
        stubs = [
            FadeIn(self.map.stub(symbol), shift=DOWN * layout.STUB) for symbol in self.map.symbols("b", 1)
        ]
        with self.beat("parameters", w=w(1, 1, 1), b=b(1, 1)):
            self.play(LaggedStart(*(FadeIn(label) for label in labels), lag_ratio=0.2))
            self.play(LaggedStart(*stubs, lag_ratio=0.3))

    def weighted_sum(self) -> None:
        """The first weighted sum: each term leaves the edge or node that it belongs to."""
        self.sum = self.in_width(self.derivation.definition(z(1, 1)), self.size, self.zone.width)
        self.on_board(self.sum)
        with self.beat("sum"):
            self.ring = self.map.ring(z(1, 1))
            self.play(FadeOut(*self.board), Create(self.ring))
            self.play(moves.pulse(self.map.edges_into(z(1, 1)), self.theme[Role.TARGET]))
            self.play(*moves.from_map(self.map, self.sum))

    def activation(self) -> None:
        """The activation, and the formula of its function."""
        definition = self.derivation.definition(a(1, 1))
        self.act = self.formula(definition, self.size)
        self.board = self.activation_formula(1, self.size)
        place = self.sum.copy()
        self.arrange(place, self.act, *self.board)
        with self.beat("activation", "" if self.board else "identity", f=definition.rhs):
            ring = self.map.ring(a(1, 1))
            self.play(self.sum.animate.move_to(place), ReplacementTransform(self.ring, ring))
            self.ring = ring
            self.play(*moves.from_map(self.map, self.act))
            if self.board:
                self.play(FadeIn(*self.board, shift=DOWN * layout.NUMBER_GAP))
                self.new_fractions(1)

    def step_back(self) -> None:
        """Make room for the other layers: the map goes to its place, the equations go over it."""
        shown = [self.sum, self.act, *self.board]
        places = [formula.copy().scale(layout.EQUATION_SIZE / formula.font_size) for formula in shown]
        self.zone = layout.BOARD
        self.arrange(*places)
        self.play(FadeOut(self.ring))
        back = self.map.step_back(self.mobjects) if self.close else []
        goals = zip(shown, places, strict=True)
        self.play(*back, *(Transform(formula, place) for formula, place in goals), run_time=1.4)

    def activation_formula(self, layer: int, size: float = layout.EQUATION_SIZE) -> list[Formula]:
        """Return the formula of a layer's activation, or nothing where it is the identity."""
        if self.derivation.network.activations[layer - 1] == "identity":
            return []
        return [self.in_width(self.derivation.activation_formula(a(layer, 1)), size, self.zone.width)]

    # -- the other layers, faster -----------------------------------------------------------------

    def further_layers(self) -> None:
        """Every further layer does the same; the equations follow."""
        for layer in range(2, self.last + 1):
            with self.beat("layer", "last" if layer == self.last else ""):
                if layer == 2:
                    self.step_back()
                self.closed = growing.ClosedLayer(self.map, layer)
                self.play(self.closed.grow(run_time=1.2))
                self.play(*self.closed.open(), run_time=1.0)
                labels = self.map.make_labels(self.map.plan.weights(layer))
                self.play(FadeIn(labels), *(FadeIn(self.map.stub(s)) for s in self.map.symbols("b", layer)))
                self.restate(layer)

    def restate(self, layer: int) -> None:
        """Turn the equations of the layer before into those of this layer."""
        ring = self.map.ring(z(layer, 1))
        definition = self.derivation.definition(z(layer, 1))
        total = self.in_width(definition, layout.EQUATION_SIZE, self.zone.width)
        act = self.formula(self.derivation.definition(a(layer, 1)))
        total.move_to(self.sum)
        formula = self.activation_formula(layer)
        in_line([act, *formula], layout.COLUMN_GAP).move_to(VGroup(self.act, *self.board))
        changes = [moves.restate(self.sum, total), moves.restate(self.act, act)]
        if formula and self.board:
            changes.append(moves.restate(self.board[0], formula[0]))
        elif formula or self.board:
            changes.append(FadeIn(*formula) if formula else FadeOut(*self.board))
        self.play(Create(ring), *changes)
        self.play(FadeOut(ring))
        self.sum, self.act, self.board = total, act, formula

    # -- how things come --------------------------------------------------------------------------

    @property
    def size(self) -> float:
        """The font size of the equations, larger while they stand beside the map."""
        return layout.CLOSE_EQUATION_SIZE if self.close else layout.EQUATION_SIZE

    def on_board(self, *lines: VMobject) -> None:
        """Arrange equations on the board, one below the other."""
        VGroup(*lines).arrange(DOWN, buff=layout.LINE_GAP).move_to(self.zone.centre)

    def arrange(self, total: Formula, *others: Formula) -> None:
        """Arrange the equations of a node: one below the other beside the map, in two rows above it."""
        if self.zone is layout.CLOSE_BOARD:
            self.on_board(total, *others)
        else:
            self.on_board(total, in_line(others, layout.COLUMN_GAP))

    def row(self, equations: list[Equation], most: float = layout.MAIN_SIZE) -> list[Formula]:
        """Return equations side by side on the board, smaller where there are many."""
        for size in (most, layout.EQUATION_SIZE):
            row = [self.formula(equation, size) for equation in equations]
            if in_line(row, layout.COLUMN_GAP).width <= self.zone.width:
                break
        self.on_board(VGroup(*row))
        return row

    def numbers_below(self, formula: Formula) -> VGroup:
        """Return the value of every quantity of a formula, below it."""
        terms, trace = formula.written(Quantity), self.derivation.trace
        return VGroup(*(formula.number_below(term, trace) for term in terms))

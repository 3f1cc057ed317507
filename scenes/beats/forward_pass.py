"""A sample runs through the network: every node with its number."""

from __future__ import annotations

from collections.abc import Iterable

from manim import (
    DOWN,
    RIGHT,
    Animation,
    AnimationGroup,
    Create,
    FadeIn,
    FadeOut,
    LaggedStart,
    Mobject,
    ReplacementTransform,
    VGroup,
)

from bpmath.algebra import Number, Quantity
from bpmath.arithmetic import added, multiplied, valued
from bpmath.equations import Equation
from bpmath.matrix_algebra import Entrywise, MatrixProduct, MatrixSum
from bpmath.matrix_equations import MatrixEquation
from bpmath.naming import Names
from bpmath.numbers import matrix_of
from bpmath.rewrites import Rewrite
from bpmath.symbols import E, Symbol, a, e, z
from scenes.stage import layout, map_numbers, moves
from scenes.stage.formula import Formula, fits, in_line
from scenes.stage.lesson import Lesson
from scenes.stage.rewriting import follow
from scenes.stage.theme import Role


class ForwardPassBeats(Lesson):
    """The beats of `ForwardPass`."""

    def prepare(self) -> None:
        """Make the map with room below its nodes, and the number of every node."""
        derivation = self.derivation
        zone, self.zone = map_numbers.zones(derivation.network)
        self.roomy = self.zone is layout.BOARD
        self.map = self.network_map(zone=zone, named_stubs=self.roomy)
        self.last = derivation.network.layers
        self.names = Names(derivation.network)

    # -- the beats --------------------------------------------------------------------------------

    def inputs(self) -> None:
        """The sample: a number for every input."""
        run = self.derivation.run
        equation = MatrixEquation(self.names.vector("a", 0), matrix_of(run.x), self.derivation.values)
        longest, roles = layout.SHORTEST_SUM, {(1,): Role.VALUE}
        sample = self.formula(equation, layout.MAIN_SIZE, longest_matrix=longest, roles_at=roles)
        sample.scale(min(1, self.zone.height / sample.height)).move_to(self.zone.centre)
        shown = self.map.symbols("x")
        with self.beat("inputs", count=len(run.x)):
            self.play(FadeIn(self.title()), FadeIn(self.map))
            self.play(FadeIn(sample, shift=DOWN * layout.NUMBER_GAP))
            numbers = [self.number(symbol) for symbol in shown]
            self.play(LaggedStart(*(moves.fly(number, sample) for number in numbers), lag_ratio=0.2))
        self.board: list[Mobject] = [sample]

    def weighted_sum(self) -> None:
        """The first weighted sum, in symbols."""
        self.ring = self.map.ring(z(1, 1))
        definition = self.derivation.definition(z(1, 1))
        self.top = self.line(definition, 0)
        with self.beat("sum", z=z(1, 1)):
            self.play(FadeOut(*self.board), Create(self.ring), run_time=0.6)
            self.play(moves.pulse(self.map.edges_into(z(1, 1)), self.theme[Role.TARGET]))
            self.play(*moves.from_map(self.map, self.top))
            self.new_fractions(1)

    def valued(self) -> None:
        """Numbers take the places of symbols."""
        with self.beat("values"):
            self.below(valued(self.top.equation), run_time=1.8)
            self.new_fractions(1)

    def products(self) -> None:
        """Every weight times its input."""
        with self.beat("products"):
            self.step(multiplied(self.worked.equation), run_time=1.6)
            self.new_fractions(1)

    def added_up(self) -> None:
        """The products and the bias add up to z."""
        with self.beat("added", z=z(1, 1)):
            self.step(added(self.worked.equation), run_time=1.6)
            self.play(self.to_map(z(1, 1)))

    def activation(self) -> None:
        """The activation of the first node."""
        definition = self.derivation.definition(a(1, 1))
        identity = self.derivation.network.activations[0] == "identity"
        act = self.line(definition, 0)
        ring = self.map.ring(a(1, 1))
        with self.beat("activation", "identity" if identity else "", f=definition.rhs, a=a(1, 1)):
            self.play(FadeOut(self.top, self.worked), ReplacementTransform(self.ring, ring), run_time=0.8)
            self.ring, self.top = ring, act
            self.play(*moves.from_map(self.map, act))
            self.below(valued(act.equation), run_time=1.2)
            if not identity:
                self.step(added(self.worked.equation), run_time=1.2)
            self.play(self.to_map(a(1, 1)))

    def rest_of_layer(self) -> None:
        """The other nodes of the first layer, at once."""
        single = self.derivation.network.sizes[1] == 1
        variant = "single" if single else ""
        z_all, a_all = (self.names.vector(letter, 1) for letter in "za")
        with self.beat("rest", variant, z=z_all, a=a_all):
            self.play(FadeOut(self.top, self.worked, self.ring), run_time=0.6)
            self.equations = self.layer_equations(1)
            self.play(FadeIn(VGroup(*self.equations), shift=DOWN * layout.NUMBER_GAP))
            self.light_layer(1, skip=1)

    def further_layers(self) -> None:
        """Every further layer, faster and faster."""
        for layer in range(2, self.last + 1):
            new = self.layer_equations(layer)
            with self.beat("layer", "last" if layer == self.last else "", count=layer):
                self.play(*(moves.restate(*pair) for pair in zip(self.equations, new, strict=True)))
                self.equations = new
                self.light_layer(layer)

    def light_layer(self, layer: int, skip: int = 0) -> None:
        """Run light into a layer; its weighted sums get their numbers, then its activations."""
        rows = self.map.plan.rows(layer)[skip:]
        if not rows:
            return
        pace = 1 if layer == 1 else layout.AGAIN
        into = [line for k in rows for line in self.map.edges_into(z(layer, k))]
        self.play(moves.pulse(into, self.theme[Role.TARGET], pace))
        self.play(self.numbers_of(z(layer, k) for k in rows), run_time=pace)
        through = [self.map.edge(z(layer, k), a(layer, k)) for k in rows]
        self.play(moves.pulse(through, self.theme[Role.TARGET], pace / 2))
        self.play(self.numbers_of(a(layer, k) for k in rows), run_time=pace)

    def errors(self) -> None:
        """The outputs meet the targets."""
        loss = self.line(self.derivation.definition(e(1)), 0)
        joint = len(self.derivation.graph[e(1)].inputs) > 2
        errors = self.map.symbols("e")
        results = self.results(errors)
        shown = VGroup(loss, results).arrange(DOWN, buff=layout.LINE_GAP)
        if shown.height > self.zone.height:
            shown = VGroup(loss)
        shown.move_to(self.zone.centre)
        with self.beat("errors", "joint" if joint else ""):
            self.play(FadeOut(*self.equations), run_time=0.5)
            lines = [line for error in errors for line in self.map.edges_into(error)]
            self.play(moves.pulse(lines, self.theme[Role.TARGET]))
            self.play(*moves.from_map(self.map, loss))
            self.new_fractions(1)
            if results in shown:
                self.play(FadeIn(results, shift=DOWN * layout.NUMBER_GAP))
            flights = (moves.fly(self.number(symbol), shown[-1]) for symbol in errors)
            self.play(LaggedStart(*flights, lag_ratio=0.2))
        self.board = [*shown]

    def results(self, symbols: Iterable[Symbol]) -> VGroup:
        """Return symbol = number side by side, as many as there is room for."""
        equations = [
            self.derivation.equation(Quantity(symbol), Number(self.derivation.values.value(symbol)))
            for symbol in symbols
        ]
        roles = {(1,): Role.VALUE}
        row = [self.formula(equation, roles_at=roles) for equation in equations]
        while len(row) > 1 and in_line(row, layout.COLUMN_GAP).width > self.zone.width:
            row.pop()
        return in_line(row, layout.COLUMN_GAP)

    def total(self) -> None:
        """The errors add up to E."""
        single = self.derivation.network.sizes[-1] == 1
        self.top = self.line(self.derivation.definition(E), 0)
        ring = self.map.ring(E)
        with self.beat("total", "single" if single else "", E=E):
            self.play(FadeOut(*self.board), Create(ring), run_time=0.6)
            self.play(*moves.from_map(self.map, self.top))
            self.below(valued(self.top.equation), run_time=1.2)
            if not single:
                self.wait(0.5)
                self.step(added(self.worked.equation), run_time=1.2)
            self.play(self.to_map(E))

    def outlook(self) -> None:
        """What was computed will be needed again."""
        value = self.derivation.values.value(E)
        with self.beat("outlook", E=E, error=value):
            flashes = [moves.flash(self.map.node(symbol)) for symbol in (*self.map.symbols("e"), E)]
            self.play(AnimationGroup(*flashes))

    # -- lines on the board -----------------------------------------------------------------------

    def line(self, equation: Equation, below: int) -> Formula:
        """Return an equation as one of the two lines of the board."""
        size = layout.MAIN_SIZE if self.roomy else layout.EQUATION_SIZE
        formula = self.in_width(equation, size, self.zone.width)
        if isinstance(equation.rhs, Number):
            formula.at((1,)).set_fill(self.theme[Role.VALUE])
        quarter = self.zone.height / 2 / 2
        return formula.move_to(self.zone.centre).shift(DOWN * quarter * (1 if below else -1))

    def below(self, rewrite: Rewrite, run_time: float) -> None:
        """Write what becomes of the upper line below it, term by term."""
        assert isinstance(rewrite.after, Equation)
        new, leaving = self.line(rewrite.after, 1), self.top.copy()
        self.play(follow(rewrite, leaving, new, run_time))
        self.worked = new

    def step(self, rewrite: Rewrite, run_time: float) -> None:
        """Work the lower line out one step further."""
        assert isinstance(rewrite.after, Equation)
        new = self.line(rewrite.after, 1)
        self.play(follow(rewrite, self.worked, new, run_time))
        self.worked = new

    def layer_equations(self, layer: int) -> list[Formula]:
        """Return z = W a + b and a = f(z) of a whole layer, side by side or one below the other."""
        names, values = self.names, self.derivation.values
        weighted = MatrixProduct((names.weights(layer), names.vector("a", layer - 1)))
        inner = names.vector("z", layer)
        activation = self.derivation.activation(layer)
        output = inner if activation.name == "identity" else Entrywise(activation.symbol, inner)
        equations = [
            MatrixEquation(inner, MatrixSum((weighted, names.vector("b", layer))), values),
            MatrixEquation(names.vector("a", layer), output, values),
        ]
        formulas = [self.formula(equation, layout.MAIN_SIZE) for equation in equations]
        row = VGroup(*formulas).arrange(RIGHT, buff=layout.COLUMN_GAP)
        if row.width > self.zone.width:
            row.arrange(DOWN, buff=layout.LINE_GAP)
        row.move_to(self.zone.centre)
        assert all(fits(formula, self.zone.width, self.zone.height) for formula in formulas)
        return formulas

    # -- numbers on the map -----------------------------------------------------------------------

    def number(self, symbol: Symbol) -> map_numbers.MapNumber:
        """Return the number of a node, below it."""
        return map_numbers.number_at(self.map, symbol, self.derivation.values)

    def numbers_of(self, symbols: Iterable[Symbol]) -> Animation:
        """Return the numbers of nodes coming out of them."""
        return LaggedStart(
            *(moves.fly(self.number(symbol), self.map.node(symbol)) for symbol in symbols), lag_ratio=0.15
        )

    def to_map(self, symbol: Symbol) -> Animation:
        """Return a result flying from the board to its node."""
        return moves.fly(self.number(symbol), self.worked.at((1,)))

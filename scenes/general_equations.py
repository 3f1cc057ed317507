"""The general equations: one for the last layer, one for the layers before it, two for the parameters."""

from __future__ import annotations

from manim import (
    DOWN,
    UP,
    Create,
    FadeIn,
    FadeOut,
    LaggedStart,
    VGroup,
)

from bpmath.algebra import Delta, Derivative, Partial
from bpmath.equations import Equation
from bpmath.matrices import Cells
from bpmath.matrix_equations import MatrixEquation
from bpmath.rewrites import Kind, Origin, Rewrite
from bpmath.symbols import E, b, z
from bpmath.trees import leaves
from scenes.beats.final_equations import FinalEquationsBeats
from scenes.beats.general import GeneralLesson
from scenes.stage import layout, moves
from scenes.stage.theme import Role


class GeneralEquations(GeneralLesson):
    """Letters replace the numbers of layers; the same equation is true in every layer (Fig. 16)."""

    def construct(self) -> None:
        """Make the equations of the weights and of the deltas general."""
        self.prepare()
        self.one_layer()
        self.letters()
        self.every_layer()
        self.last_delta()
        self.deltas_before()
        self.together()

    def one_layer(self) -> None:
        """The equation of the last layer's weights, with its numbers."""
        found = self.equations["BP4"]
        with self.beat("one", count=self.last):
            self.play(FadeIn(self.title()), FadeIn(self.map))
            self.one = self.write_one(found, self.last)

    def letters(self) -> None:
        """Letters take the places of the numbers of layers."""
        with self.beat("letters", "row" if self.shifted else ""):
            self.one = self.put_letters(self.equations["BP4"], self.one)

    def every_layer(self) -> None:
        """The frame slides along the network; the equation is true wherever it stops."""
        found = self.equations["BP4"]
        with self.beat("every", "single" if self.last == 1 else "", count=self.last):
            self.slide(found, self.one)

    def last_delta(self) -> None:
        """The delta of the last layer comes from the loss."""
        found = self.equations["BP1"]
        plain = self.derivation.network.activations[-1] == "identity"
        with self.beat("last", "identity" if plain else ""):
            self.clear_board()
            one = self.write_one(found, self.last)
            general = self.put_letters(found, one)
        self.one = general

    def deltas_before(self) -> None:
        """Every delta before it comes from the delta of the next layer."""
        found = self.equations.get("BP2")
        if found is None:
            with self.beat("before", "none"):
                self.slide(self.equations["BP1"], self.one)
            return
        variant = "single" if len(found.layers) == 1 else ""
        with self.beat("before", variant):
            self.play(FadeOut(self.one), run_time=0.5)
            one = self.write_one(found, found.layers[-1])
            self.slide(found, self.put_letters(found, one))

    def together(self) -> None:
        """All of them together, whatever the number of layers."""
        names = [name for name in ("BP1", "BP2", "BP4") if name in self.equations]
        rows = self.columns([self.equations[name] for name in names])
        with self.beat("together", "none" if "BP2" not in self.equations else ""):
            assert self.frame is not None
            self.clear_board()
            self.play(FadeOut(self.frame), run_time=0.4)
            for row in rows:
                self.play(FadeIn(row, shift=DOWN * layout.NUMBER_GAP), run_time=0.7)
            self.run_back()
            self.new_fractions(len(rows))


class BiasEquations(GeneralLesson):
    """The derivative with respect to a bias is the delta of its node (Fig. 18)."""

    def construct(self) -> None:
        """Go from one bias to a layer, and from a layer to all."""
        self.prepare()
        self.path()
        self.delta()
        self.one_factor()
        self.column()
        self.letters()
        self.every_layer()
        self.beside_the_weights()

    def path(self) -> None:
        """The walk from E to one bias: only the last factor is new."""
        self.bias = b(self.last, 1)
        self.factored = self.derivation.factor(self.bias)
        room = layout.BOARD
        self.full = self.largest(self.factored.before, layout.SUBJECT_WIDTH, room.height).move_to(room.centre)
        entry = self.derivation.local(self.derivation.paths(self.bias)[0][-1])
        lit = {
            partial: self.map.lit(partial)
            for path in self.derivation.paths(self.bias)
            for partial in map(self.derivation.local, path)
            if self.map.shows_edge(partial)
        }
        with self.beat("path", bias=self.bias, E=E):
            self.play(FadeIn(self.title()), FadeIn(self.map))
            self.play(LaggedStart(*(Create(line) for line in lit.values()), lag_ratio=0.4), run_time=2.0)
            factors = [factor for factor in self.full.written(Partial) if factor.term in lit]
            flights = [moves.fly(self.full.at(factor.position), lit[factor.term]) for factor in factors]
            flown = {id(glyph) for factor in factors for glyph in self.full.at(factor.position)}
            rest = [glyph for glyph in self.full.glyphs if id(glyph) not in flown]
            self.play(*flights, FadeIn(VGroup(*rest)))
            self.new_fractions(len(flights))
        self.lit = [line for partial, line in lit.items() if partial != entry]
        self.entry = lit[entry]

    def delta(self) -> None:
        """All factors but the last are the delta that is known already."""
        ring = self.map.ring(z(self.last, 1), Role.DELTA)
        with self.beat("delta", delta=Delta(self.last, 1)):
            self.play(Create(ring), FadeOut(*self.lit))
            size = min(layout.MAIN_SIZE, self.full.font_size)
            self.full = self.rewrite(self.full, self.turned(self.factored), size)
            self.new_fractions(1)
        self.ring = ring

    def one_factor(self) -> None:
        """The last factor is 1: a bias is added as it is."""
        partial = Partial(z(self.last, 1), self.bias)
        formula = self.derivation.local_formula(partial)
        definition = self.derivation.definition(z(self.last, 1))
        sum_ = self.in_width(definition, layout.EQUATION_SIZE, layout.BOARD.width)
        before = self.factored.after
        assert isinstance(before, Equation)
        after = self.derivation.equation(before.lhs, Delta(self.last, 1))
        kept = (Origin((0,), Kind.KEPT, ((0,),)), Origin((1,), Kind.MOVED, ((1, 0),)))
        with self.beat("one", z=z(self.last, 1), bias=self.bias, one=formula.value):
            sum_.align_to(layout.BOARD.centre + DOWN * layout.BOARD.height / 2, DOWN)
            sum_.shift(UP * layout.NUMBER_GAP)
            over = self.full.animate.align_to(layout.BOARD.centre + UP * layout.BOARD.height / 2, UP)
            self.play(over, *moves.from_map(self.map, sum_))
            number = self.full.number_below(self.full.written(Partial)[0], self.derivation.trace)
            self.play(moves.flash(sum_.term(self.bias)))
            self.play(FadeIn(number, shift=DOWN * layout.NUMBER_GAP))
            self.wait(1.0)
            self.play(FadeOut(number, sum_))
            step = Rewrite(before, after, kept, "multiply by one")
            self.full = self.rewrite(self.full, self.turned(step))
            self.play(self.full.animate.move_to(layout.BOARD.centre))
            self.new_fractions(1)

    def column(self) -> None:
        """The same for every bias of the layer: a column, and its name."""
        nodes = self.derivation.nodes(self.last)
        cells = [Cells(tuple((Derivative(E, b(self.last, k)),) for k in nodes))]
        cells.append(Cells(tuple((Delta(self.last, k),) for k in nodes)))
        before = MatrixEquation(cells[0], cells[1], self.derivation.values)
        named = self.equations["BP3"].at[self.last]
        sides = [
            tuple(leaf.position for leaf in leaves(before) if leaf.position[0] == side) for side in (0, 1)
        ]
        origins = tuple(Origin((side,), Kind.MERGED, sides[side]) for side in (0, 1))
        written = self.formula(before, longest_matrix=layout.SHORTEST_SUM).move_to(layout.BOARD.centre)
        if written.height > layout.BOARD.height:
            written.scale(layout.BOARD.height / written.height)
        with self.beat("column", "single" if len(nodes) == 1 else ""):
            self.play(FadeOut(self.full, self.ring, self.entry), run_time=0.6)
            rings = VGroup(
                *(self.map.ring(symbol, Role.DELTA) for symbol in self.map.symbols("z", self.last))
            )
            self.play(Create(rings), FadeIn(written))
            self.wait(1.2)
            step = self.turned(Rewrite(before, named, origins, "name"))
            self.one = self.rewrite(written, step, layout.MAIN_SIZE)
            self.play(FadeOut(rings))
            self.new_fractions(1)

    def letters(self) -> None:
        """A letter takes the place of the number."""
        found = self.equations["BP3"]
        with self.beat("letters"):
            self.play(self.frame_on(found, self.last))
            self.one = self.put_letters(found, self.one)

    def every_layer(self) -> None:
        """The same in every layer."""
        with self.beat("every", "single" if self.last == 1 else "", count=self.last):
            self.slide(self.equations["BP3"], self.one)

    def beside_the_weights(self) -> None:
        """Weights and biases need the same delta."""
        rows = self.columns([self.equations["BP3"], self.equations["BP4"]])
        with self.beat("beside"):
            assert self.frame is not None
            self.clear_board()
            self.play(FadeOut(self.frame), run_time=0.4)
            self.play(LaggedStart(*(FadeIn(row) for row in rows), lag_ratio=0.6))
            self.play(*(moves.flash(self.delta_of(row)) for row in rows))
            self.new_fractions(2)


class FinalEquations(FinalEquationsBeats):
    """The four equations of backpropagation, evaluated in every layer, and checked (Fig. 19)."""

    def construct(self) -> None:
        """Bring the four equations together, hold them, evaluate them, check the gradients."""
        self.prepare()
        self.arrive()
        self.all_of_them()
        self.evaluate()
        self.check()
        self.closing()

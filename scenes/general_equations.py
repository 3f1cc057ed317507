"""The general equations: one for the last layer, one for the layers before it, two for the parameters."""

from __future__ import annotations

from collections.abc import Mapping

from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Animation,
    Create,
    FadeIn,
    FadeOut,
    Line,
    ReplacementTransform,
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
from scenes.stage.formula import Formula
from scenes.stage.naming_moves import frame
from scenes.stage.rewriting import follow
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
        with self.beat("every", self.case("single" if self.last == 1 else ""), count=self.last):
            self.slide(found, self.one)

    def last_delta(self) -> None:
        """The delta of the last layer comes from the loss."""
        found = self.equations["BP1"]
        plain = self.derivation.network.activations[-1] == "identity"
        with self.beat("last", "identity" if plain else ""):
            self.one = self.put_letters(found, self.write_one(found, self.last))

    def deltas_before(self) -> None:
        """Every delta before it comes from the delta of the next layer."""
        found = self.equations.get("BP2")
        if found is None:
            with self.beat("before", "none"):
                self.slide(self.equations["BP1"], self.one)
            return
        variant = "single" if len(found.layers) == 1 else ""
        with self.beat("before", variant):
            self.slide(found, self.put_letters(found, self.write_one(found, found.layers[-1])))

    def together(self) -> None:
        """All of them together, whatever the number of layers."""
        names = [name for name in ("BP1", "BP2", "BP4") if name in self.equations]
        places = self.grid([self.equations[name] for name in names])
        standing = "BP2" if "BP2" in places else "BP1"
        with self.beat("together", "none" if "BP2" not in places else ""):
            letters, *others = self.shown
            assert self.frame is not None
            self.play(moves.restate(letters, places[standing]), FadeOut(self.frame, *others), run_time=1.0)
            arriving = [formula for name, formula in places.items() if name != standing]
            for formula in arriving:
                self.play(*self.from_layer(formula))
            self.run_back()
            self.new_fractions(len(places))


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
            asked = moves.fly(self.full.at((0,)), self.map.stub(self.bias))
            self.play(asked, FadeIn(self.full.equals, run_time=moves.FLIGHT))
            self.walk(lit)
            self.new_fractions(len(self.full.written(Partial)))
        self.lit = [line for partial, line in lit.items() if partial != entry]
        self.entry = lit[entry]

    def walk(self, lit: Mapping[Partial, Line]) -> None:
        """Walk back from E: edge after edge lights up, and its factor leaves it, with the sign before it."""
        factors = {
            factor.position: factor.term for factor in self.full.written(Partial) if factor.term in lit
        }
        arrived = {id(glyph) for glyph in (*self.full.at((0,)), *self.full.equals)}
        for partial, line in lit.items():
            steps: list[Animation] = [Create(line)]
            for position in [position for position, term in factors.items() if term == partial]:
                glyphs, signs = self.full.at(position), self.full.signs_up_to(position)
                fresh = [sign for sign in signs if id(sign) not in arrived]
                arrived |= {id(glyph) for glyph in (*glyphs, *fresh)}
                steps += [moves.fly(glyphs, line), *([FadeIn(VGroup(*fresh))] if fresh else [])]
            self.play(*steps, run_time=min(layout.WALK_STEP, layout.WALK_MOST / len(lit)))
        rest = [glyph for glyph in self.full.glyphs if id(glyph) not in arrived]
        if rest:
            self.play(FadeIn(VGroup(*rest)), run_time=0.5)

    def delta(self) -> None:
        """All factors but the last are the delta that is known already."""
        ring = self.map.ring(z(self.last, 1), Role.DELTA)
        with self.beat("delta", delta=Delta(self.last, 1)):
            self.play(Create(ring), FadeOut(*self.lit))
            size = min(layout.MAIN_SIZE, self.full.font_size)
            self.full = self.rewrite(self.full, self.turned(self.factored), size)
            self.new_fractions(1)
        self.ring = VGroup(ring)

    def one_factor(self) -> None:
        """The last factor is 1: a bias is added as it is."""
        partial = Partial(z(self.last, 1), self.bias)
        formula = self.derivation.local_formula(partial)
        full = self.full.copy()
        full.scale(min(1, layout.EQUATION_SIZE / full.font_size))
        room = layout.BOARD.width - full.width - layout.COLUMN_GAP
        sum_ = self.in_width(self.derivation.definition(z(self.last, 1)), layout.EQUATION_SIZE, room)
        VGroup(full, sum_).arrange(RIGHT, buff=layout.COLUMN_GAP).move_to(layout.BOARD.centre)
        sum_.shift(UP * (full.equals.get_y() - sum_.equals.get_y()))
        before = self.factored.after
        assert isinstance(before, Equation)
        after = self.derivation.equation(before.lhs, Delta(self.last, 1))
        kept = (Origin((0,), Kind.KEPT, ((0,),)), Origin((1,), Kind.MOVED, ((1, 0),)))
        with self.beat("one", z=z(self.last, 1), bias=self.bias, one=formula.value):
            moved = self.full.animate.scale(full.width / self.full.width).move_to(full)
            self.play(moved, *moves.from_map(self.map, sum_))
            number = self.number_of(full)
            self.play(moves.flash(sum_.term(self.bias)))
            self.play(FadeIn(number, shift=DOWN * layout.NUMBER_GAP))
            self.wait(1.0)
            step = self.turned(Rewrite(before, after, kept, "multiply by one"))
            new = self.rewritten(self.full, step, layout.MAIN_SIZE).move_to(layout.BOARD.centre)
            short = self.rewritten(self.full, step, self.full.font_size).align_to(self.full, LEFT)
            self.play(FadeOut(number), follow(step, self.full, short, run_time=1.2))
            self.play(FadeOut(sum_), moves.restate(short, new))
            self.full = new
            self.new_fractions(1)

    def number_of(self, full: Formula) -> VGroup:
        """Return the value of the last factor, below it; nothing where no numbers are wanted."""
        if not self.settings.numbers:
            return VGroup()
        return VGroup(full.number_below(full.written(Partial)[0], self.derivation.trace))

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
            self.play(*self.into_cells(written), FadeOut(self.entry), run_time=1.6)
            self.wait(1.2)
            step = self.turned(Rewrite(before, named, origins, "name"))
            self.one = self.rewrite(written, step, layout.MAIN_SIZE)
            self.play(FadeOut(self.ring))
            self.new_fractions(1)

    def into_cells(self, written: Formula) -> list[Animation]:
        """Let the equation of one bias go into its cells, and the others come from their nodes."""
        one = [*zip(self.full.at((0,)), written.at((0, 0)), strict=True)]
        one += zip(self.full.at((1,)), written.at((1, 0)), strict=True)
        moved: list[Animation] = [ReplacementTransform(*pair) for pair in one]
        moved += [ReplacementTransform(*pair) for pair in zip(self.full.equals, written.equals, strict=True)]
        arrived = {id(glyph) for _, glyph in one} | {id(glyph) for glyph in written.equals}
        for symbol in self.map.symbols("b", self.last):
            if symbol == self.bias:
                continue
            (node,) = symbol.indices
            ring = self.map.ring(z(self.last, node), Role.DELTA)
            self.ring.add(ring)
            moved.append(Create(ring))
            left, right = written.at((0, node - 1)), written.at((1, node - 1))
            if len(left):
                moved += [moves.fly(left, self.map.stub(symbol)), moves.fly(right, ring)]
            arrived |= {id(glyph) for glyph in (*left, *right)}
        rest = [glyph for glyph in written.glyphs if id(glyph) not in arrived]
        return [*moved, FadeIn(VGroup(*rest))]

    def letters(self) -> None:
        """A letter takes the place of the number."""
        found = self.equations["BP3"]
        with self.beat("letters"):
            self.play(self.frame_on(found, self.last))
            self.one = self.put_letters(found, self.one)

    def every_layer(self) -> None:
        """The same in every layer."""
        with self.beat("every", self.case("single" if self.last == 1 else ""), count=self.last):
            self.slide(self.equations["BP3"], self.one)

    def beside_the_weights(self) -> None:
        """Weights and biases need the same delta."""
        places = self.grid([self.equations["BP3"], self.equations["BP4"]])
        frames = (frame(row, [self.delta_at(row)]) for row in places.values())
        rings = VGroup(*(one for one in frames if one is not None))
        with self.beat("beside"):
            letters, *others = self.shown
            assert self.frame is not None
            self.play(moves.restate(letters, places["BP3"]), FadeOut(self.frame, *others), run_time=1.0)
            self.play(*self.from_layer(places["BP4"]))
            self.play(*(moves.flash(row.at(self.delta_at(row))) for row in places.values()), Create(rings))
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
        self.agree()
        self.closing()

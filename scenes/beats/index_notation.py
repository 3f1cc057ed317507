"""What the indices of a weight say, and how the weights of a layer stand in their matrix."""

from __future__ import annotations

from typing import Any

from manim import (
    DOWN,
    UP,
    Animation,
    AnimationGroup,
    Create,
    FadeIn,
    FadeOut,
    LaggedStart,
    Line,
    Mobject,
    ReplacementTransform,
    VGroup,
)

from bpmath.algebra import Quantity
from bpmath.conventions import CONVENTIONS
from bpmath.matrices import Cells, MatrixSymbol
from bpmath.matrix_algebra import MatrixProduct, MatrixSum
from bpmath.matrix_equations import MatrixEquation
from bpmath.naming import Names
from bpmath.symbols import Symbol, a, w, z
from scenes.stage import layout, level, moves
from scenes.stage.formula import Formula
from scenes.stage.lesson import Lesson
from scenes.stage.map_pen import LIT_EDGES
from scenes.stage.network_map import NetworkMap
from scenes.stage.network_plan import entry_of, node_of
from scenes.stage.theme import Role
from scenes.stage.typeset import Glyph

TO, FROM = Role.BRANCH_B, Role.BRANCH_A


class IndexNotationBeats(Lesson):
    """The beats of `IndexNotation`."""

    def prepare(self) -> None:
        """Make the map of the network, that of its first layer alone, and the matrix beside it."""
        derivation = self.derivation
        self.convention = CONVENTIONS[self.settings.notation]
        sources, nodes = derivation.network.sizes[:2]
        self.weight = w(1, min(nodes, 2), 1) if nodes > 1 else w(1, 1, min(sources, 2))
        self.map = self.network_map()
        zone = level.one_layer(derivation.network.layers, layout.MAP)
        self.near = self.network_map(zone=zone)
        self.near.come_close(1, layout.NEAR_MAP)
        self.matrix = self.weight_matrix()
        self.cells = level.MatrixCells(self.matrix, (1,), layout.MOST_ROWS)

    @property
    def variant(self) -> str:
        """Which sentences apply: those of a convention with vectors in columns or in rows."""
        return "row" if self.convention.vectors_in_rows else ""

    @property
    def leading(self) -> tuple[Role, Role]:
        """The colours of the two subscripts, in the order in which they are written."""
        return (FROM, TO) if self.convention.source_first else (TO, FROM)

    def weight_matrix(self) -> Formula:
        """Return W = its weights, the rows level with the nodes that they belong to."""
        names = Names(self.derivation.network).weights(1)
        cells = tuple(
            tuple(Quantity(w(1, k, j)) for j in range(1, names.shape.columns + 1))
            for k in range(1, names.shape.rows + 1)
        )
        equation = MatrixEquation(names, Cells(cells), self.derivation.values)
        formula = self.formula(equation, longest_matrix=layout.MOST_ROWS)
        room = layout.NEAR_BOARD
        if formula.width > room.width:
            formula.scale(room.width / formula.width)
        column = ("x", None) if self.convention.vectors_in_rows else ("z", 1)
        rows = level.heights(self.near, *column)
        return level.set_level(formula.move_to(room.centre), (1,), rows, layout.MOST_ROWS)

    # -- the beats --------------------------------------------------------------------------------

    def superscripts(self) -> None:
        """The number above a weight is its layer."""
        layers = range(1, self.derivation.network.layers + 1)
        weights = [w(layer, self.weight.indices[0] if layer == 1 else 1, 1) for layer in layers]
        weights[0] = self.weight
        labels = self.map.make_labels(weights)
        self.named = [self.formula(weight, layout.MAIN_SIZE) for weight in weights]
        for weight, formula in zip(weights, self.named, strict=True):
            formula.move_to(layout.BOARD.centre).set_x(edge_of(self.map, weight).get_x())
        last = weights[-1]
        count = len(weights) + self.convention.parameter_shift
        with self.beat("layers", self.variant, weight=last, count=count):
            self.play(FadeIn(self.title()), FadeIn(self.map), FadeIn(labels))
            for layer, (weight, formula) in enumerate(zip(weights, self.named, strict=True)):
                quick = 1 if layer == 0 else layout.AGAIN
                self.play(moves.pulse(self.map.open_edges(layer + 1), self.theme[Role.TARGET], quick))
                self.play(moves.copy_to(self.map.where(weight), VGroup(*formula.glyphs), quick))
                above = level.indices(formula.glyphs).above
                self.play(above.animate.set_fill(self.theme[Role.TARGET]), run_time=quick / 2)
        self.labels = labels

    def come_near(self) -> None:
        """The first layer comes near; every edge shows its weight."""
        self.map.remove(self.labels)
        weights = [self.weight, *self.near.plan.weights(1)]
        near_labels = self.near.make_labels(dict.fromkeys(weights))
        self.near_labels = near_labels
        names = Names(self.derivation.network)
        self.large = self.formula(self.weight, layout.LARGE_SIZE)
        self.large.move_to(layout.NEAR_BOARD.centre)
        first, *others = self.named
        shape = names.weights(1).shape
        with self.beat("near", count=shape.rows * shape.columns):
            self.play(FadeOut(*others, self.labels), first.animate.set_fill(self.theme[Role.INK]))
            going, shared = self.on_the_way()
            self.play(
                *(ReplacementTransform(*pair) for pair in shared),
                FadeOut(*going),
                *(ReplacementTransform(*pair) for pair in zip(first.glyphs, self.large.glyphs, strict=True)),
                run_time=1.8,
            )
            self.play(LaggedStart(*(FadeIn(label) for label in near_labels), lag_ratio=0.2))
            meant, colour = edge_of(self.near, self.weight), self.theme[Role.TARGET]
            self.lit = meant.copy().set_stroke(colour, width=layout.LIT_STROKE).set_z_index(LIT_EDGES)
            name = self.near.where(self.weight)
            self.play(Create(self.lit), name.animate.set_fill(colour))

    def on_the_way(self) -> tuple[list[Mobject], list[tuple[Mobject, Mobject]]]:
        """Return what leaves the map, and what goes over to its place on the near one."""
        near, far = self.near, self.map
        shared: list[tuple[Mobject, Mobject]] = []
        for symbol in (*far.symbols("x"), *far.symbols("z", 1), *far.symbols("a", 1)):
            shared.append((far.node(symbol), near.node(symbol)))
        shared += [(far.stub(symbol), near.stub(symbol)) for symbol in far.symbols("b", 1)]
        shared += zip(far.open_edges(1), near.open_edges(1), strict=True)
        shared += [(far.edge(z(1, k), a(1, k)), near.edge(z(1, k), a(1, k))) for k in far.plan.rows(1)]
        shared += [(far.ellipses[layer], near.ellipses[layer]) for layer in (0, 1) if layer in far.ellipses]
        taken = {id(old) for old, _ in shared}
        return [part for part in far.submobjects if id(part) not in taken], shared

    def first_subscript(self) -> None:
        """One subscript is a node at one end of the edge."""
        self.subscript(0, "first")

    def second_subscript(self) -> None:
        """The other subscript is the node at the other end."""
        self.subscript(1, "second")

    def subscript(self, place: int, name: str) -> None:
        """Light a subscript, and the node that it names."""
        role = self.leading[place]
        node = node_of(self.weight) if role is TO else entry_of(self.weight)
        ring = self.near.ring(node, role)
        edge = edge_of(self.near, self.weight)
        glyph = level.indices(self.large.glyphs).below[place]
        with self.beat(name, "row" if self.convention.source_first else "", weight=self.weight, node=node):
            if place == 0:
                self.rings = VGroup()
            self.play(moves.pulse([edge], self.theme[role]))
            self.play(glyph.animate.set_fill(self.theme[role]), Create(ring))
            self.play(moves.flash(VGroup(glyph)))
            self.rings.add(ring)

    def first_row(self) -> None:
        """The first weights leave their edges and form the first row, level with their node."""
        matrix = self.matrix
        first = self.near.symbols("x")[0] if self.convention.vectors_in_rows else z(1, 1)
        ring = self.near.ring(first, self.leading[0])
        around = [matrix.at((0,)), matrix.equals, matrix.sign((1,), "open"), matrix.sign((1,), "close")]
        with self.beat("row", self.variant, node=first):
            over = self.large.animate.scale(layout.RECEDED).move_to(layout.TOP_BOARD.centre)
            name = self.near.where(self.weight).animate.set_fill(self.theme[Role.QUIET])
            self.play(FadeOut(self.rings, self.lit), name, over)
            self.play(*(FadeIn(part) for part in around), Create(ring))
            self.play(self.fly_row(0, run_time=1.8))
            self.play(moves.flash(VGroup(*self.cells.rows[0])))
        self.rings = VGroup(ring)

    def other_rows(self) -> None:
        """The other rows, faster."""
        single = len(self.cells.rows) == 1
        names = Names(self.derivation.network).weights(1)
        variant = ".".join(filter(None, ("single" if single else "", self.variant)))
        with self.beat("rows", variant, W=names, count=names.shape.rows):
            self.play(FadeOut(self.rings), run_time=0.4)
            for row in range(1, len(self.cells.rows)):
                self.play(self.fly_row(row, run_time=1.0 if row == 1 else 0.5))
            self.play(LaggedStart(*(moves.flash(VGroup(*row)) for row in self.cells.rows), lag_ratio=0.5))

    def fly_row(self, row: int, run_time: float) -> Animation:
        """Let the weights of a row leave their edges for their cells; dots fade in between."""
        glyphs = self.cells.rows[row]
        places = dict.fromkeys(glyph.place.position for glyph in glyphs)
        flights: list[Animation] = []
        for position in places:
            cell = VGroup(*(glyph for glyph in glyphs if glyph.place.position == position))
            term = self.cells.weight(position)
            shown = term is not None and self.near.shows(term)
            flights.append(
                moves.copy_to(self.near.where(term), cell, run_time)
                if shown and term is not None
                else FadeIn(cell, run_time=run_time)
            )
        return LaggedStart(*flights, lag_ratio=0.15)

    def place_in_matrix(self) -> None:
        """The two subscripts are the row and the column."""
        to, source = self.weight.indices
        cell = VGroup(*self.cells.glyphs_of(self.weight))
        rings = [self.near.ring(node_of(self.weight), TO), self.near.ring(entry_of(self.weight), FROM)]
        theme = self.theme
        with self.beat("place", self.variant, weight=self.weight):
            self.play(self.cells.ending(0, to).animate.set_fill(theme[TO]), Create(rings[0]))
            self.play(self.cells.ending(1, source).animate.set_fill(theme[FROM]), Create(rings[1]))
            if len(cell):
                self.play(*self.index_colours(self.cells.glyphs_of(self.weight)))
                self.play(moves.flash(cell))
        self.rings = VGroup(*rings)

    def index_colours(self, glyphs: list[Glyph]) -> list[Any]:
        """Return the animations in which each subscript of a weight takes the colour of its node."""
        parts, ink = level.indices(glyphs), self.theme[Role.INK]
        coloured = zip(parts.below, self.leading, strict=True)
        return [
            VGroup(parts.letter, *parts.above).animate.set_fill(ink),
            *(glyph.animate.set_fill(self.theme[role]) for glyph, role in coloured),
        ]

    def weighted_sum(self) -> None:
        """A row of the matrix times the column of inputs is the weighted sum of a node."""
        to = self.weight.indices[0]
        definition = self.derivation.definition(z(1, to))
        self.sum = self.in_width(definition, layout.EQUATION_SIZE, layout.TOP_BOARD.width)
        self.sum.move_to(layout.TOP_BOARD.centre)
        every, theme = VGroup(*self.cells.glyphs), self.theme
        for term in self.sum.written(Quantity):
            if term.term.symbol.letter == "w":
                self.sum.at(term.position).set_fill(theme[TO])
        with self.beat("product", self.variant, z=z(1, to)):
            self.play(
                FadeOut(self.rings[1], self.large), every.animate.set_fill(theme[Role.INK]), run_time=0.5
            )
            self.play(self.cells.ending(0, to).animate.set_fill(theme[TO]))
            self.play(moves.pulse(self.near.edges_into(z(1, to)), theme[TO]))
            self.play(*self.from_matrix(self.sum))
            self.new_fractions(1)

    def from_matrix(self, formula: Formula) -> list[Animation]:
        """Let weights leave the matrix, everything else the map."""
        arrivals: list[Animation] = []
        arrived: set[int] = set()
        for written in formula.written(Quantity):
            glyphs, symbol = formula.at(written.position), written.term.symbol
            cells = self.cells.glyphs_of(symbol)
            if cells:
                arrivals.append(moves.copy_to(VGroup(*cells), glyphs))
            elif self.near.shows(symbol):
                arrivals.append(moves.copy_to(self.near.where(symbol), glyphs))
            else:
                continue
            arrived |= {id(glyph) for glyph in glyphs}
        rest = [glyph for glyph in formula.glyphs if id(glyph) not in arrived]
        return [*arrivals, FadeIn(VGroup(*rest), run_time=moves.FLIGHT)]

    def reason(self) -> None:
        """The order of the subscripts is that of the matrix product."""
        names = Names(self.derivation.network)
        product = MatrixProduct((names.weights(1), self.inputs()))
        equation = MatrixEquation(
            names.vector("z", 1), MatrixSum((product, names.vector("b", 1))), self.derivation.values
        )
        whole = self.formula(equation, layout.MAIN_SIZE).move_to(layout.TOP_BOARD.centre)
        weights = next(position for position, term in whole.positions if term == self.matrix.what.operands[0])
        with self.beat("reason", self.variant, W=names.weights(1), x=self.inputs()):
            self.play(AnimationGroup(FadeOut(self.sum, shift=UP), FadeOut(self.rings[0])), run_time=0.6)
            self.play(
                FadeIn(VGroup(*(g for g in whole.glyphs if g.place.position != weights)), shift=DOWN / 2),
                moves.copy_to(self.matrix.at((0,)), whole.at(weights)),
            )
            every = VGroup(*self.cells.glyphs)
            self.play(every.animate.set_fill(self.theme[Role.INK]), moves.flash(whole.at(weights)))

    def inputs(self) -> MatrixSymbol:
        """Return the vector of inputs, by its name."""
        return Names(self.derivation.network).vector("a", 0)


def edge_of(network_map: NetworkMap, weight: Symbol) -> Line:
    """Return the edge that a weight sits on."""
    return network_map.edge(entry_of(weight), node_of(weight))

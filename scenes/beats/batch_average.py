"""The gradients of several samples, their mean, and the same from one backward pass over all of them."""

from __future__ import annotations

from collections.abc import Sequence

from manim import (
    DOWN,
    RIGHT,
    UP,
    Animation,
    Create,
    FadeIn,
    FadeOut,
    GrowFromEdge,
    LaggedStart,
    Line,
    ReplacementTransform,
    SurroundingRectangle,
    VGroup,
)

from bpmath.algebra import Derivative
from bpmath.batch_matrices import BatchMatrices
from bpmath.datasets import batch_around
from bpmath.descent import batch_average, sample_error
from bpmath.matrices import Shape
from bpmath.matrix_algebra import Transpose
from bpmath.matrix_equations import MatrixEquation, Statement
from bpmath.numbers import numbers
from bpmath.rewrites import Rewrite
from bpmath.symbols import E, w
from scenes.stage import layout, moves
from scenes.stage.factor_roles import factor_roles, roles_of_values
from scenes.stage.formula import Formula
from scenes.stage.lesson import Lesson
from scenes.stage.rewriting import follow
from scenes.stage.signed_bars import SignedBars
from scenes.stage.theme import Role
from scenes.stage.weighted_edges import WeightedEdges


class BatchAverageBeats(Lesson):
    """The beats of `BatchAverage`."""

    def prepare(self) -> None:
        """Make a batch around the sample, and find its gradients and those of its samples."""
        settings, network = self.settings, self.derivation.network
        data = batch_around(network, settings.x, settings.y)
        self.average = batch_average(network, data.x, data.y)
        self.matrices = BatchMatrices(self.average)
        self.map, self.board = self.network_map(), layout.BOARD
        self.edges = WeightedEdges(self.map, 1)
        self.last, self.count = network.layers, data.samples
        self.weight = w(self.last, 1, 1)
        self.labels = self.map.make_labels([self.weight])
        self.found = [self.matrices.sample_gradient(k, self.weight) for k in self.samples]

    @property
    def samples(self) -> range:
        """The numbers of the samples."""
        return range(1, self.count + 1)

    # -- the samples ------------------------------------------------------------------------------

    def batch(self) -> None:
        """The samples, each in a column of its own."""
        names = (("a", 0), ("y",))
        shown = self.side_by_side([self.matrices.shown(*name) for name in names])
        variant = "row" if self.turns else ""
        with self.beat("batch", variant, count=self.count):
            self.play(FadeIn(self.title()), FadeIn(self.map), FadeIn(self.labels))
            self.play(FadeIn(*shown, shift=DOWN * layout.NUMBER_GAP))
            self.new_fractions(2)
        self.shown = shown

    @property
    def turns(self) -> bool:
        """Whether the samples lie in rows."""
        return self.settings.notation == "row"

    def side_by_side(self, equations: Sequence[MatrixEquation]) -> list[Formula]:
        """Return matrices side by side on the board, whole where there is room."""
        for longest in layout.BATCH_MATRICES:
            for size in layout.GENERAL_SIZES:
                formulas = [self.formula(one, size, longest_matrix=longest) for one in equations]
                whole = VGroup(*formulas).arrange(RIGHT, buff=layout.COLUMN_GAP)
                if whole.width <= self.board.width and whole.height <= self.board.height:
                    whole.move_to(self.board.centre)
                    return formulas
        whole.move_to(self.board.centre)
        return formulas

    def one(self) -> None:
        """The first sample, forward and back: its gradient."""
        values = [equation.value for equation in self.found]
        self.bars = SignedBars(self.theme, layout.BATCH_BARS, values)
        self.heads = self.make_heads()
        with self.beat("one", weight=self.weight, E=sample_error(1)):
            self.play(*(moves.flash(cell) for one in self.shown for cell in self.first_sample(one)))
            self.play(*self.enter(), run_time=1.4)
            self.play(Create(self.bars.zero), run_time=0.6)
            self.run(0, run_time=0.6)
            self.new_fractions(1)

    def make_heads(self) -> list[Formula]:
        """Return the derivative of each sample's error, over its bar, as large as there is room for all."""
        zone, room = layout.BATCH_HEADS, self.bars.step - layout.BATCH_GAP
        for size in layout.BATCH_SIZES:
            shown = (one if self.settings.numbers else one.lhs for one in self.found)
            heads = [self.formula(one, size) for one in shown]
            if max(head.width for head in heads) <= room:
                break
        for place, head in enumerate(heads):
            head.move_to(zone.centre).set_x(self.bars.column(place))
        return heads

    def enter(self) -> list[Animation]:
        """Let the column of the first sample enter the network, input by input; the others leave."""
        inputs, targets = self.shown
        flights: list[Animation] = []
        for formula, letter in ((inputs, "x"), (targets, "y")):
            cells = self.first_sample(formula)
            nodes = [self.map.where(symbol) for symbol in self.map.symbols(letter)]
            flights += [
                FadeOut(cell, target_position=node, scale=layout.SEED_SCALE)
                for cell, node in zip(cells, nodes, strict=False)
            ]
        gone = {id(glyph) for flight in flights for glyph in flight.mobject.get_family()}
        rest = [glyph for one in self.shown for glyph in one.glyphs if id(glyph) not in gone]
        return [FadeOut(VGroup(*rest)), *flights]

    def first_sample(self, formula: Formula) -> list[VGroup]:
        """Return the numbers of the first sample in a matrix of all."""
        equation = formula.what
        assert isinstance(equation, MatrixEquation)
        cells = equation.rhs
        step, numbers = (1, cells.shape.columns) if self.turns else (cells.shape.columns, cells.shape.rows)
        found = [formula.at((1, place * step)) for place in range(numbers)]
        return [cell for cell in found if len(cell)]

    def run(self, place: int, run_time: float) -> None:
        """Run a sample through the network and back; its gradient leaves the edge, its bar grows."""
        layers = range(1, self.last + 1)
        forth = [self.pulsed(layer, Role.VALUE, back=False) for layer in layers]
        back = [self.pulsed(layer, Role.TARGET, back=True) for layer in reversed(layers)]
        self.play(LaggedStart(*forth, *back, lag_ratio=0.6), run_time=2 * run_time * self.last)
        head, bar = self.heads[place], self.bars.bars[place]
        self.play(moves.fly(VGroup(*head.glyphs), self.map.where(self.weight)), run_time=2 * run_time)
        edge = UP if self.found[place].value < 0 else DOWN
        self.play(GrowFromEdge(bar, edge), run_time=run_time)

    def pulsed(self, layer: int, role: Role, back: bool) -> Animation:
        """Return light running through the edges of a layer, forward or back."""
        lines = self.map.open_edges(layer)
        if back:
            lines = VGroup(*(Line(line.get_end(), line.get_start()) for line in lines))
        return moves.pulse(lines, self.theme[role])

    def others(self) -> None:
        """The others, faster; their gradients differ."""
        with self.beat("others", self.wishes, weight=self.weight):
            for place in range(1, self.count):
                self.run(place, run_time=0.4 if place == 1 else 0.3)
            self.new_fractions(2)

    @property
    def wishes(self) -> str:
        """Return "agree" where no two samples ask for opposite changes."""
        values = [equation.value for equation in self.found]
        return "agree" if min(values) >= 0 or max(values) <= 0 else ""

    # -- the mean ---------------------------------------------------------------------------------

    def mean(self) -> None:
        """The mean of the four: the gradient of the mean error."""
        zone = layout.BATCH_BELOW
        self.average_line = self.in_room(self.average.equation(self.weight), self.mean_height)
        self.average_line.move_to(zone.centre)
        if self.settings.numbers:
            self.average_line.shift(UP * (zone.top - self.average_line.get_top()[1]))
        terms = [Derivative(sample_error(k), self.weight) for k in self.samples]
        arrivals = [self.arrival(place, term) for place, term in enumerate(terms)]
        arrived = {id(glyph) for term in terms for glyph in self.average_line.term(term)}
        rest = VGroup(*(glyph for glyph in self.average_line.glyphs if id(glyph) not in arrived))
        with self.beat("mean", E=E, count=self.count):
            self.play(FadeOut(self.map, self.labels), run_time=0.6)
            self.play(LaggedStart(*arrivals, lag_ratio=0.3))
            self.play(FadeIn(rest))
            self.new_fractions(2)

    def in_room(self, statement: Statement, height: float) -> Formula:
        """Return an equation as large as there is room below the bars, in some height."""
        formula = self.in_width(statement, layout.MAIN_SIZE, layout.BATCH_BELOW.width)
        return formula.scale(min(1, height / formula.height))

    @property
    def mean_height(self) -> float:
        """How high the equation of the mean may be."""
        height = layout.BATCH_BELOW.height
        return height * layout.SUBJECT_SHARE if self.settings.numbers else height

    def arrival(self, place: int, term: Derivative) -> Animation:
        """Return how a derivative goes from over its bar into the mean."""
        before, after = self.heads[place].term(term).copy(), self.average_line.term(term)
        return ReplacementTransform(VGroup(*before), after, path_arc=layout.FLIGHT_ARC, run_time=1.2)

    def worked_out(self) -> None:
        """The mean in numbers, as a line through the bars."""
        level = self.bars.level(self.average.batch[self.weight])
        self.level = level
        if not self.settings.numbers:
            with self.beat("level", self.wishes):
                self.play(Create(level))
            return
        rewrite = numbers(self.average_line.equation)
        zone = layout.BATCH_BELOW
        room = zone.height - self.average_line.height - layout.LEAST_GAP
        below = self.in_room(rewrite.after, room)
        below.move_to(zone.centre).shift(UP * (zone.bottom - below.get_bottom()[1]))
        below.at((0,)).set_fill(self.theme[Role.TARGET])
        self.below = below
        with self.beat("level", self.wishes):
            self.play(follow(rewrite, self.average_line.copy(), below, run_time=1.8))
            self.play(Create(level), moves.flash(below.at((0,))))
            self.new_fractions(2)

    # -- all at once ------------------------------------------------------------------------------

    def batched(self) -> None:
        """One backward pass over all samples: the same equation with matrices, one column for each sample."""
        equation = self.matrices.gradient(self.last)
        roles = factor_roles(equation, self.settings.notation)
        self.whole = self.formula(equation, layout.MOST_SIZE, roles_at=roles).move_to(self.board.centre)
        variant = "row" if self.turns else ""
        with self.beat("batched", variant, count=self.count):
            self.play(FadeOut(self.bars, self.level, *self.heads, self.average_line), run_time=0.8)
            if not self.settings.numbers:
                self.play(FadeIn(self.map))
            self.play(FadeIn(self.whole, shift=DOWN * layout.NUMBER_GAP))
            self.new_fractions(1)

    def entries(self) -> None:
        """The product in numbers: in the place of the weight stands the mean that was found before."""
        if not self.settings.numbers:
            return
        low = float(self.below.get_top()[1]) + layout.LINE_GAP
        rewrite = self.turned(numbers(self.matrices.gradient(self.last), (Transpose,)))
        valued = self.valued(rewrite, low)
        zone = layout.Zone(self.board.left, self.board.right, low, self.board.top)
        gap = (zone.height - self.whole.height - valued.height) / (layout.BOARD_LINES + 1)
        valued.move_to(zone.centre).shift(UP * (zone.bottom + gap - valued.get_bottom()[1]))
        rise = UP * (zone.top - gap - self.whole.get_top()[1])
        # Of a single entry the brackets stand too close for a frame inside.
        entry = valued.at((0, 0) if self.matrices.weights(self.last).size != Shape(1, 1) else (0,))
        with self.beat("entries", weight=self.weight):
            self.play(self.whole.animate.shift(rise), run_time=0.6)
            self.play(follow(rewrite, self.whole.copy(), valued, run_time=2.0))
            self.frame = SurroundingRectangle(entry, color=self.theme[Role.TARGET], buff=layout.NAMED_GAP)
            self.play(Create(self.frame), moves.flash(self.below.at((0,))))
            self.new_fractions(2)
        self.numbers = valued

    def valued(self, rewrite: Rewrite, low: float) -> Formula:
        """Return the product in numbers, as large and as whole as there is room over some height."""
        room = self.board.top - low - self.whole.height - layout.LINE_GAP
        roles = roles_of_values(rewrite, self.whole)
        for longest in layout.BATCH_MATRICES:
            for size in layout.BATCH_SIZES:
                formula = self.formula(rewrite.after, size, longest_matrix=longest, roles_at=roles)
                if formula.width <= self.board.width and formula.height <= room:
                    return formula
        return formula

    def agree(self) -> None:
        """In every place the mean is what the one pass finds: the edges light up, layer by layer."""
        difference = self.matrices.residual
        count = len(self.derivation.network.parameters())
        moved = self.whole.animate.move_to(self.board.centre)
        with self.beat("agree", "" if difference else "exact", count=count, difference=difference):
            if self.settings.numbers:
                self.play(FadeOut(self.numbers, self.frame, self.below), moved, run_time=0.8)
                self.play(FadeIn(self.map))
            colour, width = self.theme[Role.TARGET], layout.KNOWN_STROKE
            for layer in reversed(range(1, self.last + 1)):
                lines = [self.edges.line(parameter) for parameter in self.edges.of_layer(layer)]
                self.play(*(line.animate.set_stroke(colour, width=width) for line in lines), run_time=0.8)

"""The other weights of a layer, faster and faster; their equations stand as the weights do."""

from __future__ import annotations

from manim import UP, Animation, AnimationGroup, Create, FadeIn, FadeOut, LaggedStart, Succession, VGroup

from bpmath.algebra import Partial
from bpmath.conventions import CONVENTIONS
from bpmath.matrix_equations import EquationSystem
from bpmath.numbers import numbers
from bpmath.symbols import E, Symbol, w
from bpmath.trees import Position, leaves
from scenes.stage import layout, moves
from scenes.stage.formula import Formula, fit, fits
from scenes.stage.lines import signs_before
from scenes.stage.rewriting import follow
from scenes.stage.typeset import Glyph
from scenes.stage.walk import WalkLesson

MOST_SIZE = 42.0


class TraceRestBeats(WalkLesson):
    """The beats of `TraceFinalLayerRest` and `TraceHiddenLayerRest`; `depth` tells the layers behind."""

    depth = 0

    def prepare(self) -> None:
        """Make the map and the system of equations, as many of them as fit."""
        network = self.derivation.network
        self.layer = max(1, network.layers - self.depth)
        self.total = network.weights[self.layer - 1].size
        self.map = self.network_map()
        self.system = self.largest_system()
        equations = self.system.what.operands
        self.index = {equation.lhs.wrt: k for k, equation in enumerate(equations)}  # type: ignore[union-attr]
        self.weights = sorted(self.index, key=lambda weight: weight.indices)
        self.labels = self.map.make_labels(self.weights)
        self.lights: dict[Symbol, VGroup] = {}
        self.map_has_left = False

    def largest_system(self) -> Formula:
        """Return the equations of the corners of the weight matrix, fewer of them where they are long."""
        sizes = self.derivation.network.sizes
        nodes, sources = sorted({1, sizes[self.layer]}), sorted({1, sizes[self.layer - 1]})
        square = [[w(self.layer, k, j) for j in sources] for k in nodes]
        column = [[weight] for row in square for weight in row]
        choices = [(square, layout.BOARD.height), (column, layout.WHOLE_BOARD.height)]
        choices.append((column[:1] + column[-1:], layout.WHOLE_BOARD.height))
        for weights, height in choices:
            system = EquationSystem(
                tuple(tuple(self.derivation.path_sum(weight) for weight in row) for row in weights)
            )
            if CONVENTIONS[self.settings.notation].vectors_in_rows and weights is square:
                system = system.in_rows()
            formula = self.formula(system, MOST_SIZE, longest_sum=layout.SHORTEST_SUM)
            if fits(formula, layout.BOARD.width, height):
                fit(formula, min(formula.width, layout.BOARD.width), height)
                return formula.move_to(layout.BOARD.corner, aligned_edge=UP).set_x(0)
        raise ValueError("network: the equations of its weights are too long for the board")

    @property
    def case(self) -> str:
        """Which sentences apply: one weight, some of many, or all."""
        if self.total == 1:
            return "only"
        return "elided" if len(self.weights) < self.total else ""

    # -- the beats --------------------------------------------------------------------------------

    def recall(self) -> None:
        """The first equation stands, with its ways lit."""
        first = self.weights[0]
        with self.beat("known", weight=first, E=E):
            self.play(FadeIn(self.title(weight=first)), FadeIn(self.map), FadeIn(self.labels))
            self.play(self.mark(first), self.light_ways(first, 1.2))
            self.play(self.fly_in(first, self.places(first), 1.6))
            self.new_fractions(2)

    def others(self) -> None:
        """The other weights, each faster than the one before; the last come at once."""
        if len(self.weights) == 1:
            with self.beat("second", "only", weight=self.weights[0]):
                self.play(moves.flash(self.system.at((0, 0))))
            return
        second, later = self.weights[1], self.weights[2:]
        variant = "" if second.indices[0] == self.weights[0].indices[0] else "node"
        with self.beat("second", variant, weight=second, known=self.weights[0]):
            self.next_weight(second, self.weights[0], 1.4)
            self.new_fractions(1)
        if later:
            with self.beat("third", weight=later[0]):
                self.next_weight(later[0], second, 1.0)
        if later[1:]:
            with self.beat("rest"):
                self.next_weight(later[1], later[0], 0.6)

    def next_weight(self, weight: Symbol, before: Symbol, pace: float) -> None:
        """Walk to one weight: what the equation before has too is copied, the rest flies from its edges."""
        known = {partial: place for place, partial in self.places(before)}
        same = [(place, partial) for place, partial in self.places(weight) if partial in known]
        fresh = [(place, partial) for place, partial in self.places(weight) if partial not in known]
        if not self.map_has_left:
            lit = self.light_ways(weight, pace)
            self.play(FadeOut(self.lights[before]), self.mark(weight), self.unmark(before), run_time=0.4)
            self.play(lit)
            self.make_room(weight)
        copies = [
            moves.copy_to(self.system.at(known[partial]), self.system.at(place), pace)
            for place, partial in same
        ]
        signs = [FadeIn(self.signs(place), run_time=pace) for place, _ in same if len(self.signs(place))]
        self.play(*copies, *signs, self.fly_in(weight, fresh, pace))

    def make_room(self, weight: Symbol) -> None:
        """Let the map leave when an equation is to stand where it is."""
        bottom = self.system.at((self.index[weight],)).get_bottom()[1]
        if bottom < layout.MAP.top - 0.05 and not self.map_has_left:
            self.map_has_left = True
            shown = [FadeOut(self.lights[weight]), FadeOut(self.map), FadeOut(self.labels)]
            self.play(*shown, run_time=0.8)
            # Labels that changed their colour are in the scene by themselves as well.
            self.remove(*(part for label in self.labels for part in label.get_family()))
            self.remove(*(self.map.where(each) for each in self.weights))

    def in_order(self) -> None:
        """The equations stand as the weights do."""
        variant = self.case or ("column" if self.map_has_left else "")
        with self.beat("order", variant, count=self.total):
            asked = [self.system.at((self.index[weight], 0)) for weight in self.weights]
            self.play(LaggedStart(*(moves.flash(glyphs) for glyphs in asked), lag_ratio=0.5))

    def what_repeats(self) -> None:
        """The equations of one node differ in their last factor alone."""
        with self.beat("repeats", "only" if len(self.weights) == 1 else ""):
            rows: dict[int, list[Animation]] = {}
            for weight in self.weights:
                places = self.places(weight)[:-1]
                rows.setdefault(weight.indices[0], []).extend(
                    moves.flash(self.system.at(place), run_time=1.2) for place, _ in places
                )
            self.play(Succession(*(AnimationGroup(*row) for row in rows.values())))

    def show_numbers(self) -> None:
        """Numbers take the places of symbols."""
        rewrite = numbers(self.system.what)  # type: ignore[arg-type]
        size = self.system.font_size
        valued = self.rewritten(self.system, rewrite, size, longest_sum=layout.SHORTEST_SUM)
        if not fits(valued, layout.BOARD.width, layout.WHOLE_BOARD.height):
            return
        valued.scale(min(1.0, layout.BOARD.width / valued.width)).move_to(UP * self.system.get_y())
        with self.beat("numbers", "elided" if self.case == "elided" else "", count=self.total):
            self.play(follow(rewrite, self.system, valued, 1.8))
            self.new_fractions(2)

    # -- how things come --------------------------------------------------------------------------

    def places(self, weight: Symbol) -> list[tuple[Position, Partial]]:
        """Return the factors of a weight's equation that are written, with their positions."""
        k = self.index[weight]
        equation = self.system.what.operands[k]
        found = [((k, *leaf.position), leaf.term) for leaf in leaves(equation)]
        return [(p, term) for p, term in found if isinstance(term, Partial) and len(self.system.at(p))]

    def signs(self, position: Position) -> VGroup:
        """Return the signs that stand before a factor."""
        if not hasattr(self, "_signs"):
            self._signs = signs_before(self.system)
        signs = (sign for sign in self._signs[position] if isinstance(sign, Glyph))
        return VGroup(*(sign for sign in signs if sign.place.part != "equals"))

    def light_ways(self, weight: Symbol, run_time: float) -> Animation:
        """Return the ways to a weight lighting up, all at once."""
        ways = self.ways(weight)
        partials = dict.fromkeys(partial for way in ways for partial in way)
        self.lights[weight] = VGroup(*(self.map.lit(partial) for partial in partials))
        return LaggedStart(*(Create(line) for line in self.lights[weight]), lag_ratio=0.3, run_time=run_time)

    def fly_in(self, weight: Symbol, places: list[tuple[Position, Partial]], run_time: float) -> Animation:
        """Return the left-hand side of a weight's equation arriving, and some factors from their edges."""
        k = self.index[weight]
        asked = self.system.at((k, 0))
        equals = self.system.sign((k,), "equals")
        arrivals: list[Animation] = [moves.fly(asked, self.map.where(weight)), FadeIn(equals)]
        for place, partial in places:
            extra = self.signs(place)
            flight = moves.fly(self.system.at(place), self.map.edge_of(partial).get_center())
            arrivals.append(AnimationGroup(flight, *([FadeIn(extra)] if len(extra) else [])))
        return LaggedStart(*arrivals, lag_ratio=0.15, run_time=run_time)

"""The equations of a whole network, with nothing left in them that the network does not know."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from manim import (
    DOWN,
    UP,
    Create,
    FadeIn,
    FadeOut,
    VGroup,
)

from bpmath.algebra import Partial
from bpmath.local_matrices import named_equation, substitution_of
from bpmath.matrix_algebra import Entrywise
from bpmath.matrix_equations import Statement
from bpmath.numbers import numbers
from bpmath.rewrites import Rewrite
from bpmath.symbols import E, a, w, z
from bpmath.trees import Position
from scenes.stage import layout, moves
from scenes.stage.alignment import aligned, side_by_side
from scenes.stage.factor_roles import factor_roles, roles_of_values
from scenes.stage.formula import Formula, fits, role_of
from scenes.stage.layer_lesson import LayerLesson
from scenes.stage.matrix import shapes_below
from scenes.stage.naming_moves import come_to_names, from_edges
from scenes.stage.rewriting import follow, roles_after
from scenes.stage.theme import Role

SHAPES = layout.SHAPES_TO_TRY


class NetworkEquations(LayerLesson):
    """Layer after layer, from the last: all derivatives are substituted, all matrices named (Fig. 15)."""

    standing: Formula | None

    def construct(self) -> None:
        """Substitute in the last layer slowly, in the others at once, and keep an equation of each."""
        self.map, self.last = self.network_map(), self.derivation.network.layers
        self.lines = [self.line(layer) for layer in range(self.last, 0, -1)]
        board = layout.WHOLE_BOARD
        stack = aligned([*reversed(self.lines)], layout.STACK_GAP).move_to(board.centre)
        stack.shift(DOWN * (stack.get_bottom()[1] - board.bottom))
        self.recall()
        self.substitute_slowly()
        for layer in range(self.last - 1, 0, -1):
            self.substitute_at_once(layer)
        self.look_at_all()
        if self.settings.numbers:
            self.show_numbers()

    def line(self, layer: int) -> Formula:
        """Return the equation of a layer as it is kept, in the colours of what it was made of."""
        named = named_equation(self.derivation, layer)
        size = layout.EQUATION_SIZE if self.last < layout.MOST_STACKED else layout.LEAST_EQUATION_SIZE
        return self.formula(named, size, roles_at=factor_roles(named, self.settings.notation))

    # -- the beats --------------------------------------------------------------------------------

    def recall(self) -> None:
        """Recall what every kind of local derivative is: each leaves its edge."""
        partials = self.kinds()
        self.known = self.side_by_side(partials)
        self.traced = VGroup(*(self.map.lit(partial) for partial in partials))
        with self.beat("question"):
            self.play(FadeIn(self.title()), FadeIn(self.map))
            for line, formula in zip(self.traced, self.known, strict=True):
                self.play(Create(line), moves.fly(VGroup(*formula.glyphs), line))
                self.wait(0.4)
            self.new_fractions(len(self.known))

    def kinds(self) -> list[Partial]:
        """Return one local derivative of each kind: those on the way to a weight, then by an activation.

        The last two are on different edges, where there are two.
        """
        way = self.derivation.paths(w(self.last, 1, 1))[0]
        found = [self.derivation.local(step) for step in way]
        if self.last > 1:
            source = min(2, self.derivation.network.sizes[self.last - 1])
            found.append(Partial(z(self.last, 1), a(self.last - 1, source)))
        return [partial for partial in found if partial.of != E]

    def side_by_side(self, partials: Sequence[Partial]) -> list[Formula]:
        """Return what local derivatives are, in two columns that fit on the board."""
        known = [self.derivation.local_formula(partial) for partial in partials]
        for size in layout.VALUE_SIZES:
            formulas = [
                self.formula(
                    equation,
                    size,
                    longest_sum=layout.SHORTEST_SUM,
                    roles_at={(1,): role} if (role := role_of(equation.lhs)) else {},
                )
                for equation in known
            ]
            half = (len(formulas) + 1) // 2
            whole = side_by_side([formulas[:half], formulas[half:]])
            if whole.width <= layout.BOARD.width and whole.height <= layout.BOARD.height:
                break
        whole.move_to(layout.BOARD.centre)
        return formulas

    def substitute_slowly(self) -> None:
        """Show the last layer's equation in derivatives, then in what they are, then in names."""
        rewrite = substitution_of(self.derivation, self.last)
        old = self.on_board(rewrite.before) if rewrite else None
        stays = old is not None
        if rewrite and old is None:
            old = self.shown(rewrite.before, self.last)
        with self.beat("derivatives", "" if old else "large"):
            self.play(FadeOut(self.traced, *self.known, *([] if stays else [self.map])))
            if old:
                self.play(*(from_edges(self.map, old, run_time=1.4) if stays else [FadeIn(old)]))
                self.new_fractions(3)
        with self.beat("substitute", "" if old else "large"):
            new = self.substituted(rewrite, old, self.last, stays)
            self.new_fractions(2)
        with self.beat("name"):
            if stays:
                self.play(FadeOut(self.map), run_time=0.8)
            self.keep(self.last, new)

    def substitute_at_once(self, layer: int) -> None:
        """Do the same for another layer."""
        rewrite = substitution_of(self.derivation, layer)
        old = self.shown(rewrite.before, layer) if rewrite else None
        written = rewrite is not None and self.shown(self.turned(rewrite).after, layer) is not None
        variant = [*(["first"] if layer == 1 else []), *([] if written else ["large"])]
        with self.beat("layer", ".".join(variant)):
            self.play(*([FadeOut(self.standing)] if self.standing else []), *([FadeIn(old)] if old else []))
            new = self.substituted(rewrite, old, layer)
            if new:
                self.wait(1.0)
            self.keep(layer, new)

    def substituted(
        self, rewrite: Rewrite | None, old: Formula | None, layer: int, stays: bool = False
    ) -> Formula | None:
        """Play the substitution of a layer where it fits; return the formula that stands then."""
        if rewrite is None:
            return None
        turned = self.turned(rewrite)
        roles = roles_after(turned, old)
        new = self.on_board(turned.after, roles) if stays else self.shown(turned.after, layer, roles)
        if old and new:
            self.play(follow(turned, old, new))
        elif new or old:
            self.play(*([FadeOut(old)] if old else []), *([FadeIn(new)] if new else []))
        return new

    def keep(self, layer: int, old: Formula | None) -> None:
        """Let every matrix of an equation flow into its name, in the line that is kept."""
        line, self.standing = self.lines[self.last - layer], old
        if old is None:
            self.play(FadeIn(line, shift=UP * layout.NUMBER_GAP))
        else:
            self.play(*come_to_names(old, line), run_time=1.6)

    def look_at_all(self) -> None:
        """All equations stand together."""
        stack = VGroup(*self.lines)
        places = stack.copy().move_to(layout.WHOLE_BOARD.centre)
        places.scale(
            min(
                layout.MOST_ENLARGED,
                layout.SUBJECT_WIDTH / places.width,
                layout.WHOLE_BOARD.height / places.height,
            )
        )
        with self.beat("all", "single" if self.last == 1 else ""):
            if self.standing:
                self.play(FadeOut(self.standing), run_time=0.6)
            self.play(*(line.animate.become(place) for line, place in zip(self.lines, places, strict=True)))
            self.wait(3.0)

    def show_numbers(self) -> None:
        """The last layer's equation, with numbers."""
        rewrite = self.turned(numbers(named_equation(self.derivation, self.last), (Entrywise,)))
        line, *others = self.lines
        zone = layout.Zone(layout.BOARD.left, layout.BOARD.right, layout.MAP.bottom, layout.STACK_TOP)
        valued = self.first_that_fits(rewrite.after, zone, roles_of_values(rewrite, line))
        with self.beat("numbers"):
            if others:
                self.play(FadeOut(*others))
            self.play(line.animate.move_to(UP * layout.STACK_CENTRE))
            if valued:
                valued.move_to(zone.centre + UP * layout.NUMBERS_RISE)
                self.play(follow(rewrite, line.copy(), valued))
                self.play(FadeIn(shapes_below(valued), shift=UP * layout.SHAPE_GAP))

    # -- what fits --------------------------------------------------------------------------------

    def on_board(self, statement: Statement, roles: Mapping[Position, Role] | None = None) -> Formula | None:
        """Return an equation over the map, nothing left out; None where it is too large."""
        board, gap = layout.BOARD, layout.LEAST_GAP
        zone = layout.Zone(board.left, board.right, board.bottom + gap, board.top - gap)
        return self.first_that_fits(statement, zone, roles, SHAPES[:1])

    def shown(
        self, statement: Statement, layer: int, roles: Mapping[Position, Role] | None = None
    ) -> Formula | None:
        """Return an equation in the room above the kept ones, elided; None where even that is too large."""
        board = layout.WHOLE_BOARD
        bottom = self.lines[self.last - layer].get_top()[1] + layout.LINE_GAP
        zone = layout.Zone(board.left, board.right, bottom, board.top - layout.LEAST_GAP)
        return self.first_that_fits(statement, zone, roles)

    def first_that_fits(
        self,
        statement: Statement,
        zone: layout.Zone,
        roles: Mapping[Position, Role] | None = None,
        shapes: Sequence[tuple[int, int | None]] = SHAPES,
    ) -> Formula | None:
        """Return a formula as large as a zone allows, with as little left out as possible."""
        for matrix, longest in shapes:
            options = {"longest_matrix": matrix, "longest_sum": longest, "roles_at": roles}
            formula = self.formula(statement, layout.EQUATION_SIZE, **options)
            if fits(formula, zone.width, zone.height):
                formula.scale(min(1, zone.width / formula.width, zone.height / formula.height))
                return formula.move_to(zone.centre)
        return None

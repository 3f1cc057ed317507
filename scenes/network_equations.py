"""The equations of a whole network, with nothing left in them that the network does not know."""

from __future__ import annotations

from collections.abc import Mapping

from manim import DOWN, UP, FadeIn, FadeOut, VGroup

from bpmath.local_matrices import named_equation, substitution_of
from bpmath.matrices import MatrixDerivative, MatrixSymbol
from bpmath.matrix_algebra import Entrywise, Transpose
from bpmath.matrix_equations import Statement
from bpmath.numbers import numbers
from bpmath.rewrites import Rewrite
from bpmath.trees import Position
from scenes.stage import layout, moves
from scenes.stage.formula import Formula, fits
from scenes.stage.layer_lesson import LayerLesson
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
        stack = VGroup(*reversed(self.lines)).arrange(DOWN, buff=layout.STACK_GAP).move_to(board.centre)
        stack.shift(DOWN * (stack.get_bottom()[1] - board.bottom))
        self.ask()
        self.substitute_slowly()
        for layer in range(self.last - 1, 0, -1):
            self.substitute_at_once(layer)
        self.look_at_all()
        self.show_numbers()

    def line(self, layer: int) -> Formula:
        """Return the equation of a layer as it is kept, in the colours of what it was made of."""
        plain = self.formula(named_equation(self.derivation, layer))
        roles: dict[Position, Role] = {}
        for position, term in plain.positions:
            if isinstance(term, Entrywise):
                roles |= {position: Role.ACTIVATION_DERIVATIVE, (*position, 0): Role.ACTIVATION_DERIVATIVE}
            elif isinstance(term, Transpose) and isinstance(term.of, MatrixSymbol):
                role = Role.WEIGHT_DERIVATIVE if term.of.letter == "W" else Role.INPUT_DERIVATIVE
                roles |= {position: role, (*position, 0): role}
            elif isinstance(term, MatrixDerivative) and term.wrt.letter in "ax":
                roles[position] = Role.LOSS_DERIVATIVE
        size = layout.EQUATION_SIZE if self.last < layout.MOST_STACKED else layout.LEAST_EQUATION_SIZE
        return self.formula(named_equation(self.derivation, layer), size, roles_at=roles)

    # -- the beats --------------------------------------------------------------------------------

    def ask(self) -> None:
        """Recall the network: everything on it is a number now."""
        with self.beat("question", count=self.last):
            self.play(FadeIn(self.title()), FadeIn(self.map))
            edges = [line for layer in range(self.last, 0, -1) for line in self.map.open_edges(layer)]
            self.play(moves.pulse(edges, self.theme[Role.TARGET]))

    def substitute_slowly(self) -> None:
        """Show the last layer's equation in derivatives, then in what they are, then in names."""
        rewrite = substitution_of(self.derivation, self.last)
        old = self.shown(rewrite.before, self.last) if rewrite else None
        with self.beat("derivatives", "" if old else "large"):
            self.play(FadeOut(self.map))
            if old:
                self.play(FadeIn(old))
                self.new_fractions(3)
        new = None
        with self.beat("substitute", "" if old else "large"):
            new = self.substituted(rewrite, old, self.last)
            self.new_fractions(2)
        with self.beat("name"):
            self.keep(self.last, new)

    def substitute_at_once(self, layer: int) -> None:
        """Do the same for another layer."""
        rewrite = substitution_of(self.derivation, layer)
        old = self.shown(rewrite.before, layer) if rewrite else None
        with self.beat("layer", "first" if layer == 1 else ""):
            self.play(*([FadeOut(self.standing)] if self.standing else []), *([FadeIn(old)] if old else []))
            new = self.substituted(rewrite, old, layer)
            if new:
                self.wait(1.0)
            self.keep(layer, new)

    def substituted(self, rewrite: Rewrite | None, old: Formula | None, layer: int) -> Formula | None:
        """Play the substitution of a layer where it fits; return the formula that stands then."""
        if rewrite is None:
            return None
        turned = self.turned(rewrite)
        new = self.shown(turned.after, layer, roles_after(turned, old))
        if old and new:
            self.play(follow(turned, old, new))
        elif new or old:
            self.play(*([FadeOut(old)] if old else []), *([FadeIn(new)] if new else []))
        return new

    def keep(self, layer: int, old: Formula | None) -> None:
        """Let the whole matrices of an equation flow into its names, in the line that is kept."""
        line, self.standing = self.lines[self.last - layer], old
        if old is None:
            self.play(FadeIn(line, shift=UP * layout.NUMBER_GAP))
            return
        flows = (
            FadeOut(old.at((side,)).copy(), target_position=line.at((side,)), scale=layout.SEED_SCALE)
            for side in (0, 1)
        )
        self.play(*flows, FadeIn(line), run_time=1.6)

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
        statement = named_equation(self.derivation, self.last)
        rewrite = self.turned(numbers(statement))
        line, *others = self.lines
        zone = layout.Zone(layout.BOARD.left, layout.BOARD.right, layout.MAP.bottom, layout.STACK_TOP)
        sources = {origin.after: origin.before[0] for origin in rewrite.correspondence if origin.before}
        roles = {after: role for after, before in sources.items() if (role := line.role_at(before))}
        valued = self.first_that_fits(rewrite.after, zone, roles)
        with self.beat("numbers"):
            if others:
                self.play(FadeOut(*others))
            self.play(line.animate.move_to(UP * layout.STACK_CENTRE))
            if valued:
                valued.move_to(zone.centre + UP * layout.NUMBERS_RISE)
                self.play(follow(rewrite, line.copy(), valued))

    # -- what fits --------------------------------------------------------------------------------

    def shown(
        self, statement: Statement, layer: int, roles: Mapping[Position, Role] | None = None
    ) -> Formula | None:
        """Return an equation in the room above the kept ones, elided; None where even that is too large."""
        board = layout.WHOLE_BOARD
        bottom = self.lines[self.last - layer].get_top()[1] + layout.LINE_GAP
        zone = layout.Zone(board.left, board.right, bottom, board.top)
        return self.first_that_fits(statement, zone, roles)

    def first_that_fits(
        self, statement: Statement, zone: layout.Zone, roles: Mapping[Position, Role] | None = None
    ) -> Formula | None:
        """Return a formula as large as a zone allows, with as little left out as possible."""
        for matrix, longest in SHAPES:
            options = {"longest_matrix": matrix, "longest_sum": longest, "roles_at": roles}
            formula = self.formula(statement, layout.EQUATION_SIZE, **options)
            if fits(formula, zone.width, zone.height):
                formula.scale(min(1, zone.width / formula.width, zone.height / formula.height))
                return formula.move_to(zone.centre)
        return None

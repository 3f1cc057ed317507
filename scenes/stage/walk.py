"""Walking along paths: ways light up from E, each in a tint, and their factors fly into equations."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import cycle

from manim import (
    UP,
    Animation,
    AnimationGroup,
    Create,
    FadeIn,
    LaggedStart,
    Line,
    Mobject,
    MoveToTarget,
    RoundedRectangle,
    Succession,
    VGroup,
)
from manim.typing import Point3D

from bpmath.algebra import Expression, Partial, Sum
from bpmath.matrix_equations import Statement
from bpmath.symbols import E, Symbol
from bpmath.trees import Position, at, leaves
from scenes.stage import layout, moves
from scenes.stage.formula import Formula
from scenes.stage.layout import BAND_MARGIN, SHORTEST_SUM, Zone
from scenes.stage.lesson import Lesson
from scenes.stage.lines import set_in_lines, signs_before
from scenes.stage.map_pen import EDGES, LIT_EDGES
from scenes.stage.network_map import NetworkMap
from scenes.stage.theme import Role
from scenes.stage.typeset import Typeset, set_text

TINTS = (Role.BRANCH_A, Role.BRANCH_B)

Way = tuple[Partial, ...]
"""The local derivatives on a path, from E backwards."""


class WalkLesson(Lesson):
    """A lesson that walks along the paths of its network's map."""

    map: NetworkMap
    board: Zone

    def prepare_map(self) -> None:
        """Make the map, a little lower where the network has few rows, and know the board above it."""
        low = max(self.derivation.network.sizes) <= layout.TRACE_MOST_ROWS
        self.board = layout.TRACE_BOARD if low else layout.BOARD
        self.map = self.network_map(zone=layout.TRACE_MAP if low else layout.MAP)

    # -- ways on the map --------------------------------------------------------------------------

    def ways(self, parameter: Symbol) -> list[Way]:
        """Return the ways from E back to a weight or a bias of which the map shows every edge."""
        paths = self.derivation.paths(parameter)
        ways = [tuple(self.derivation.local(edge) for edge in path) for path in paths]
        return [way for way in ways if all(map(self.map.shows_edge, way))]

    def band(self, partial: Partial, role: Role) -> Line:
        """Return a broad tinted line below the edge of a factor, from E backwards: the way runs here."""
        line = self.map.edge_of(partial)
        band = Line(line.get_end(), line.get_start(), stroke_width=layout.BAND_STROKE, color=self.theme[role])
        return band.set_stroke(opacity=layout.BAND_OPACITY).set_z_index((EDGES + LIT_EDGES) / 2)

    def origin(self, partial: Partial) -> Point3D:
        """Return the point that a factor leaves: its edge, or E where the map does not draw that edge."""
        place = self.map.edge_of(partial) if self.map.shows_edge(partial) else self.map.node(E).circle
        return place.get_center()

    def light(self, way: Sequence[Partial], role: Role | None = None) -> VGroup:
        """Return the lit edges of a way, each with its band where the way has a tint."""
        return VGroup(*(self.lit_edge(partial, role) for partial in way))

    def lit_edge(self, partial: Partial, role: Role | None = None) -> VGroup:
        """Return a lit edge, with its band where the way has a tint."""
        lit = self.map.lit(partial).set_z_index(LIT_EDGES)
        return VGroup(lit) if role is None else VGroup(self.band(partial, role), lit)

    def run_along(self, lights: VGroup, run_time: float) -> Animation:
        """Return the light running along a whole way, an edge at a time."""
        edges = [AnimationGroup(*(Create(line) for line in edge)) for edge in lights]
        return LaggedStart(*edges, lag_ratio=0.6, run_time=run_time)

    def stages_forward(self, parameter: Symbol) -> list[list[Line]]:
        """Return the edges that a change of a parameter runs along, stage by stage, on all shown ways."""
        stages = zip(*(reversed(way) for way in self.ways(parameter)), strict=True)
        return [[self.map.edge_of(partial) for partial in dict.fromkeys(stage)] for stage in stages]

    def pulses_forward(self, parameter: Symbol) -> list[Animation]:
        """Return the lights that a change of a parameter sends forward, stage by stage, on all shown ways."""
        colour = self.theme[Role.TARGET]
        return [moves.pulse(stage, colour, run_time=0.7) for stage in self.stages_forward(parameter)]

    def trails(self, parameter: Symbol) -> VGroup:
        """Return thin lines, stage by stage, that stay where a change of a parameter has run along."""
        return VGroup(*(VGroup(*map(self._trail, stage)) for stage in self.stages_forward(parameter)))

    def _trail(self, edge: Line) -> Line:
        trail = Line(edge.get_start(), edge.get_end(), stroke_width=layout.TRAIL_STROKE)
        return trail.set_color(self.theme[Role.TARGET]).set_z_index((EDGES + LIT_EDGES) / 2)

    def spread(self, parameter: Symbol, trails: VGroup, run_time: float = 0.7) -> Animation:
        """Return the change of a parameter running forward, an edge at a time, and leaving its trails."""
        colour = self.theme[Role.TARGET]
        steps = zip(self.stages_forward(parameter), trails, strict=True)
        return Succession(
            *(
                AnimationGroup(moves.pulse(lines, colour, run_time), *(Create(t) for t in stage))
                for lines, stage in steps
            )
        )

    def mark(self, weight: Symbol) -> Animation:
        """Return the animation by which a weight or bias takes the colour of what is asked about."""
        return self._coloured(weight, Role.TARGET)

    def unmark(self, weight: Symbol) -> Animation:
        """Return the animation by which it falls back into its quiet colour."""
        return self._coloured(weight, Role.QUIET)

    def _coloured(self, weight: Symbol, role: Role) -> Animation:
        label = self.map.where(weight)
        label.generate_target().set_color(self.theme[role])
        return MoveToTarget(label)

    # -- equations --------------------------------------------------------------------------------

    def laid(
        self,
        what: Statement,
        zone: Zone,
        *,
        size: float = layout.EQUATION_SIZE,
        reserve: float = 0.0,
        accept: Callable[[Formula], bool] | None = None,
        **options: bool,
    ) -> Formula | None:
        """Return an equation set in lines in a zone, long sums with an ellipsis; None when nothing helps.

        `reserve` is the height that is kept free below it; `accept` tells which of its forms will do; the
        options are those of `set_in_lines`.
        """
        for most in range(layout.TRACE_WAYS_WRITTEN, SHORTEST_SUM - 1, -1):
            formula = self.formula(what, size, longest_sum=most)
            if accept is not None and not accept(formula):
                continue
            if set_in_lines(formula, zone.width, zone.height - reserve, size, **options):
                return formula.move_to(zone.centre + UP * reserve / 2)
        return None

    def is_walkable(self, formula: Formula) -> bool:
        """Tell whether the map shows the ways of all products that are written."""
        factors = [factor for place in self.terms(formula) for _, factor in self.factors(formula, place)]
        return all(map(self.map.shows_edge, factors))

    def ask_on_board(self, formula: Formula, parameter: Symbol) -> list[Animation]:
        """Return the left-hand side arriving: E from its node, the parameter from its edge."""
        asked = formula.equation.lhs
        return [
            moves.fly(formula.part(asked, "numerator"), self.map.node(E)),
            moves.fly(formula.part(asked, "denominator"), self.map.where(parameter)),
            FadeIn(formula.part(asked, "bar"), formula.equals),
        ]

    def terms(self, formula: Formula) -> list[Position]:
        """Return the positions of the products of the right-hand side, of a sum those that are written."""
        rhs = formula.equation.rhs
        if not isinstance(rhs, Sum):
            return [(1,)]
        return [(1, k) for k in range(len(rhs.operands)) if len(formula.at((1, k)))]

    def factors(self, formula: Formula, position: Position) -> list[tuple[Position, Partial]]:
        """Return the local derivatives inside a term that are written, with their positions."""
        inside = leaves(at(formula.equation, position))
        found = [((*position, *leaf.position), leaf.term) for leaf in inside]
        return [
            (place, term) for place, term in found if isinstance(term, Partial) and len(formula.at(place))
        ]

    def tints(self, count: int) -> list[Role | None]:
        """Return a tint for each of several ways by turns; a single way has none."""
        tint = cycle(TINTS)
        return [next(tint) if count > 1 else None for _ in range(count)]

    def highlight(self, formula: Formula, position: Position, role: Role) -> RoundedRectangle:
        """Return a band of a tint behind a term, as its way has one on the map."""
        return self.band_behind(formula.at(position), role)

    def band_behind(self, glyphs: VGroup, role: Role) -> RoundedRectangle:
        """Return a band of a tint behind glyphs."""
        box = RoundedRectangle(
            width=glyphs.width + 2 * BAND_MARGIN,
            height=glyphs.height + 2 * BAND_MARGIN,
            corner_radius=layout.BAND_CORNER,
            stroke_width=0,
            fill_color=self.theme[role],
            fill_opacity=layout.HIGHLIGHT_OPACITY,
        )
        return box.move_to(glyphs).set_z_index(-1)

    def tell_the_meaning(self, formula: Formula, weight: Symbol) -> None:
        """Say in words what the value of a derivative tells; without numbers, what the derivative tells."""
        value = formula.equation.value
        variant = ("falls" if value < 0 else "" if value else "rests") if self.settings.numbers else "symbols"
        with self.beat("meaning", variant, weight=weight, E=E, rate=abs(value)):
            self.play(moves.flash(formula.term(formula.equation.lhs)))

    def counted_line(self, key: str, size: float, **words: Expression | Symbol | int) -> Typeset:
        """Return words of the catalogue that stand on the board, such as a count."""
        return set_text(self.words(key, **words).markup, size, self.theme[Role.INK], self.fonts)


def arrive_all(formula: Formula, seeds: Iterable[tuple[Position, Point3D]], run_time: float) -> Animation:
    """Let factors leave their lit edges one after the other, the signs between them coming in."""
    signs = signs_before(formula)
    flights = [
        AnimationGroup(
            moves.fly(formula.at(position), seed),
            *([FadeIn(signs[position])] if len(signs[position]) else []),
        )
        for position, seed in seeds
    ]
    return LaggedStart(*flights, lag_ratio=0.25, run_time=run_time)


def lit_lines(lights: Iterable[Mobject]) -> list[Line]:
    """Return the lit lines of ways, without their bands."""
    last = (edge.submobjects[-1] for light in lights for edge in light.submobjects)
    return [line for line in last if isinstance(line, Line)]

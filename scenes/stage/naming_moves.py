"""What gets a name: where it stands in a formula, a frame around it, and the name in its node on the map."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from manim import Animation, AnimationGroup, FadeIn, FadeOut, Line, MoveToTarget, SurroundingRectangle, VGroup

from bpmath.algebra import Delta, Partial
from bpmath.matrices import Cells
from bpmath.matrix_equations import EquationSystem, Statement, Term
from bpmath.rewrites import Kind, Origin, Rewrite
from bpmath.symbols import Symbol, z
from bpmath.trees import Position, at, leaves
from scenes.stage.formula import Formula
from scenes.stage.layout import (
    LABEL_SHARE,
    LEAST_SIZE,
    MAP_SIZE,
    NAMED_CORNER,
    NAMED_GAP,
    NAMED_STROKE,
    SEED_SCALE,
)
from scenes.stage.map_pen import RINGS
from scenes.stage.moves import FLIGHT, fly
from scenes.stage.network_map import NetworkMap
from scenes.stage.theme import Role


@dataclass(frozen=True)
class Named:
    """A delta, and the terms on the right-hand side that get it for a name."""

    delta: Delta
    sources: tuple[Position, ...]


def single(rewrite: Rewrite) -> Rewrite:
    """Return the rewrite of the one equation of a system of one."""
    if not isinstance(rewrite.before, EquationSystem) or not isinstance(rewrite.after, EquationSystem):
        raise TypeError(f"rewrite: {rewrite.step!r} is not between systems of equations")
    (before,), (after,) = rewrite.before.operands, rewrite.after.operands
    origins = tuple(
        Origin(origin.after[1:], origin.kind, tuple(position[1:] for position in origin.before))
        for origin in rewrite.correspondence
    )
    return Rewrite(before, after, origins, rewrite.step)


def named_in(rewrite: Rewrite) -> list[Named]:
    """Return what gets the name of a delta on the right-hand side of an equation."""
    found = []
    for origin in rewrite.correspondence:
        term = at(rewrite.after, origin.after)
        if isinstance(term, Delta) and origin.kind is Kind.MERGED and origin.after[0] == 1:
            found.append(Named(term, origin.before))
    return found


def glyphs_of(formula: Formula, sources: Iterable[Position]) -> VGroup:
    """Return the glyphs of terms, with the brackets and signs of every sum that they make up."""
    wanted = set(sources)
    wholes = [
        position
        for position, term in formula.positions
        if {(*position, *leaf.position) for leaf in leaves(term)} <= wanted
    ]
    found = {id(glyph): glyph for position in wholes for glyph in formula.at(position)}
    return VGroup(*found.values())


def frame(formula: Formula, sources: Iterable[Position]) -> SurroundingRectangle | None:
    """Return a frame around terms, in the colour of deltas; None where an ellipsis hides them."""
    glyphs = glyphs_of(formula, sources)
    if not len(glyphs):
        return None
    return SurroundingRectangle(
        glyphs,
        color=formula.theme[Role.DELTA],
        buff=NAMED_GAP,
        corner_radius=NAMED_CORNER,
        stroke_width=NAMED_STROKE,
    )


def lit_as(network_map: NetworkMap, partials: Iterable[Partial], role: Role) -> list[Line]:
    """Return bright lines over the edges that are shown, all in the colour of one role."""
    shown = [partial for partial in dict.fromkeys(partials) if network_map.shows_edge(partial)]
    return [network_map.lit(partial).set_color(network_map.theme[role]) for partial in shown]


class NodeName(VGroup):
    """A delta in its node: the ring and the name."""


def name_in_node(network_map: NetworkMap, delta: Delta, notation: str) -> NodeName:
    """Return a ring around the node of a weighted sum, and in it the name of its delta."""
    node = network_map.node(z(delta.layer, delta.node))
    name = Formula(delta, network_map.theme, MAP_SIZE, notation=notation)
    room = 2 * LABEL_SHARE * node.circle.width / 2
    name.scale(max(min(1.0, room / name.width, room / name.height), LEAST_SIZE / MAP_SIZE))
    ring = network_map.ring(z(delta.layer, delta.node), Role.DELTA)
    return NodeName(ring, name.move_to(node.circle).set_z_index(RINGS))


def come_into_node(network_map: NetworkMap, name: NodeName, symbol: Symbol, origin: VGroup) -> Animation:
    """Let a delta fly from an equation to its node, where it takes the place of the node's name."""
    ring, label = name.submobjects
    assert isinstance(label, Formula)
    old = network_map.node(symbol).label
    old.generate_target().set_fill(opacity=0)
    return AnimationGroup(
        MoveToTarget(old, run_time=FLIGHT),
        FadeIn(ring, run_time=FLIGHT),
        fly(VGroup(*label.glyphs), origin) if len(origin) else FadeIn(label, run_time=FLIGHT),
    )


def from_edges(network_map: NetworkMap, formula: Formula, run_time: float = FLIGHT) -> list[Animation]:
    """Let every local derivative of a formula leave its edge on the map, and the rest fade in between."""
    arrivals: list[Animation] = []
    arrived: set[int] = set()
    for written in formula.written(Partial):
        glyphs = formula.at(written.position)
        if network_map.shows_edge(written.term):
            arrivals.append(fly(glyphs, network_map.edge_of(written.term), run_time))
            arrived |= {id(glyph) for glyph in glyphs}
    rest = VGroup(*(glyph for glyph in formula.glyphs if id(glyph) not in arrived))
    return [*arrivals, FadeIn(rest, run_time=run_time)]


def named_places(old: Formula, new: Formula) -> list[Position]:
    """Return where both formulas have a factor: a written-out matrix in the one, its name in the other."""
    return [*_named_places(old.what, new.what, ())]


def _named_places(old: Statement | Term, new: Statement | Term, position: Position) -> Iterator[Position]:
    alike = type(old) is type(new) and len(old.operands) == len(new.operands)
    if not alike or isinstance(old, Cells) or not old.operands:
        yield position
        return
    for index, pair in enumerate(zip(old.operands, new.operands, strict=True)):
        yield from _named_places(*pair, (*position, index))


def come_to_names(old: Formula, new: Formula) -> list[Animation]:
    """Let a copy of every written-out matrix flow into its name; the signs fade in between."""
    places = named_places(old, new)
    flows: list[Animation] = []
    for place in places:
        name = new.at(place)
        flows += [FadeOut(old.at(place).copy(), target_position=name, scale=SEED_SCALE), FadeIn(name)]
    named = {id(glyph) for place in places for glyph in new.at(place)}
    signs = [glyph for glyph in new.glyphs if id(glyph) not in named]
    return [*flows, *([FadeIn(VGroup(*signs))] if signs else [])]

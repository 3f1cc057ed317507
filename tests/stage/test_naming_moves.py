"""What gets a name is found in the formula, framed whole, and named in its node on the map."""

from __future__ import annotations

import numpy as np
import pytest
from manim import ManimColor

import bpmath as bp
from bpmath.algebra import Delta, Partial
from bpmath.matrices import MatrixExpression
from bpmath.trees import at
from scenes.stage.formula import Formula
from scenes.stage.layout import NAMED_GAP
from scenes.stage.naming_moves import (
    frame,
    from_edges,
    glyphs_of,
    lit_as,
    name_in_node,
    named_in,
    named_places,
    single,
)
from scenes.stage.network_map import NetworkMap
from scenes.stage.theme import DARK, Role

SIZE = 32.0
WEIGHT = bp.w(2, 1, 1)


@pytest.fixture(scope="module")
def network_map(example: bp.Derivation) -> NetworkMap:
    return NetworkMap(example.network, DARK)


def is_whole(formula: Formula, glyphs: object, sources: object) -> bool:
    """Tell whether all glyphs of the sources are among those found."""
    found = {id(glyph) for glyph in glyphs}  # type: ignore[attr-defined]
    return {id(g) for position in sources for g in formula.at(position)} <= found  # type: ignore[attr-defined]


# -- what gets a name ---------------------------------------------------------------------------------


def test_the_delta_of_a_hidden_weight_names_everything_but_the_last_factor(example: bp.Derivation) -> None:
    rewrite = example.factor(WEIGHT)
    (named,) = named_in(rewrite)
    assert isinstance(named.delta, Delta)
    assert (named.delta.layer, named.delta.node) == (2, 1)
    sources = [at(rewrite.before, position) for position in named.sources]
    assert Partial(bp.a(2, 1), bp.z(2, 1)) in sources
    assert Partial(bp.z(2, 1), WEIGHT) not in sources


def test_a_named_sum_has_its_brackets_and_signs(example: bp.Derivation) -> None:
    rewrite = example.factor(WEIGHT)
    (named,) = named_in(rewrite)
    formula = Formula(rewrite.before, DARK, SIZE)
    found = glyphs_of(formula, named.sources)
    assert is_whole(formula, found, named.sources)
    leaves = sum(len(formula.at(position)) for position in named.sources)
    assert len(found) > leaves
    assert len(found) < len(formula.at((1,)))


def test_the_frame_goes_around_what_is_named_and_nothing_else(example: bp.Derivation) -> None:
    rewrite = example.factor(WEIGHT)
    (named,) = named_in(rewrite)
    formula = Formula(rewrite.before, DARK, SIZE)
    around = frame(formula, named.sources)
    assert around is not None
    inside = glyphs_of(formula, named.sources)
    assert around.width == pytest.approx(inside.width + 2 * NAMED_GAP, abs=1e-2)
    assert ManimColor(around.get_stroke_color()).to_hex() == DARK[Role.DELTA]
    found = {id(glyph) for glyph in inside}
    named_or_not = [glyph for leaf in formula.leaves() for glyph in formula.at(leaf.position)]
    for glyph in named_or_not:
        within = around.get_left()[0] < glyph.get_x() < around.get_right()[0]
        assert within == (id(glyph) in found)
    assert frame(formula, []) is None


def test_a_system_of_one_is_its_equation(example: bp.Derivation) -> None:
    with pytest.raises(TypeError, match="is not between systems of equations"):
        single(example.factor(WEIGHT))
    system = example.delta(2, [1])
    rewrite = single(system)
    assert rewrite.before == system.before.operands[0]
    assert rewrite.after == system.after.operands[0]
    for origin, whole in zip(rewrite.correspondence, system.correspondence, strict=True):
        assert at(rewrite.after, origin.after) == at(system.after, whole.after)


def test_what_has_the_same_form_keeps_its_place_and_matrices_get_names(example: bp.Derivation) -> None:
    rewrite = example.name(2)
    old, new = (Formula(each, DARK, SIZE) for each in (rewrite.before, rewrite.after))
    places = named_places(old, new)
    assert len(places) == len(set(places)) > 2
    for place in places:
        one, other = at(rewrite.before, place), at(rewrite.after, place)
        assert isinstance(one, MatrixExpression) and isinstance(other, MatrixExpression)
        np.testing.assert_allclose(one.evaluate(example.values), other.evaluate(example.values))


# -- on the map ---------------------------------------------------------------------------------------


def test_a_name_stands_inside_its_node(network_map: NetworkMap) -> None:
    delta = Delta(2, 1)
    name = name_in_node(network_map, delta, "article")
    circle = network_map.node(bp.z(2, 1)).circle
    _, label = name.submobjects
    assert label.get_center() == pytest.approx(circle.get_center(), abs=1e-2)
    assert max(label.width, label.height) < circle.width


def test_edges_that_are_shown_are_lit_once(network_map: NetworkMap) -> None:
    partial = Partial(bp.z(3, 1), bp.a(2, 1))
    (line,) = lit_as(network_map, [partial, partial], Role.DELTA)
    edge = network_map.edge_of(partial)
    lit, drawn = (sorted([*one.get_start(), *one.get_end()]) for one in (line, edge))
    np.testing.assert_allclose(lit, drawn)
    assert line.get_color().to_hex() == DARK[Role.DELTA]


def test_every_term_of_a_formula_arrives_and_nothing_twice(
    example: bp.Derivation, network_map: NetworkMap
) -> None:
    formula = Formula(example.path_sum(bp.w(3, 1, 1)), DARK, SIZE)
    *flights, rest = from_edges(network_map, formula)
    shown = [written for written in formula.written(Partial) if network_map.shows_edge(written.term)]
    assert len(flights) == len(shown) >= 2
    flown = {id(glyph) for written in shown for glyph in formula.at(written.position)}
    faded = {id(glyph) for glyph in rest.mobject.submobjects}
    assert not flown & faded
    assert flown | faded == {id(glyph) for glyph in formula.glyphs}

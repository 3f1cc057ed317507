"""A rewrite on the screen: every term arrives from where it came from, and nothing is left behind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import numpy as np
import pytest
from manim import Animation, AnimationGroup, FadeIn, FadeOut, Mobject, ReplacementTransform

import bpmath as bp
from bpmath.algebra import Delta, Derivative, Partial, Product, Quantity, Quotient
from bpmath.equations import Equation
from bpmath.matrices import Cells
from bpmath.matrix_equations import MatrixEquation
from bpmath.numbers import numbers
from bpmath.rewrites import Kind, Origin, Rewrite
from bpmath.trees import at
from scenes.stage.formula import Formula
from scenes.stage.rewriting import follow, roles_after
from scenes.stage.theme import DARK, Role
from scenes.stage.typeset import Glyph

SIZE = 36.0
BIAS, HIDDEN = bp.b(3, 1), bp.w(2, 1, 1)
APART = np.array([0.0, -2.0, 0.0])
FLOWN = 0.999


def moves(animation: Animation) -> Iterator[Animation]:
    """Yield the single animations of a group."""
    if not isinstance(animation, AnimationGroup):
        yield animation
        return
    for part in animation.animations:
        yield from moves(part)


def glyphs(mobject: Mobject) -> list[Glyph]:
    return [member for member in mobject.get_family() if isinstance(member, Glyph)]


def ids(found: Iterable[Mobject]) -> Counter[int]:
    return Counter(id(glyph) for glyph in found)


def moved(move: Animation) -> Mobject:
    """Return what an animation moves."""
    assert isinstance(move.mobject, Mobject)
    return move.mobject


class Played:
    """A rewrite as it is played, its animations sorted by what they do."""

    def __init__(self, rewrite: Rewrite, notation: str = "article") -> None:
        self.rewrite = rewrite.in_rows() if notation == "row" else rewrite
        self.old = Formula(self.rewrite.before, DARK, SIZE, notation=notation)
        roles = roles_after(self.rewrite, self.old)
        self.new = Formula(self.rewrite.after, DARK, SIZE, notation=notation, roles_at=roles)
        self.new.shift(APART)
        played = list(moves(follow(self.rewrite, self.old, self.new)))
        self.turned = [move for move in played if isinstance(move, ReplacementTransform)]
        self.gone = [move for move in played if isinstance(move, FadeOut)]
        self.come = [move for move in played if isinstance(move, FadeIn)]
        assert len(played) == len(self.turned) + len(self.gone) + len(self.come)

    def sources(self, position: tuple[int, ...]) -> list[Mobject]:
        """Return the glyphs that become those of a term of the new formula."""
        wanted = ids(self.new.at(position))
        return [moved(turn) for turn in self.turned if id(turn.target_mobject) in wanted]

    def comes(self, position: tuple[int, ...]) -> bool:
        """Tell whether a term fades in."""
        return any(ids(glyphs(moved(move))) == ids(self.new.at(position)) for move in self.come)

    def flow(self, position: tuple[int, ...]) -> Animation:
        """Return the animation in which a term of the old formula goes somewhere and fades."""
        wanted = ids(self.old.at(position))
        (found,) = (move for move in self.gone if ids(glyphs(moved(move))) == wanted)
        return found


def rewrites(example: bp.Derivation) -> list[Rewrite]:
    found = [example.factor(BIAS), example.factor(HIDDEN), example.delta(2)]
    found += [*example.group(3), *example.group(2), example.substitute(3), example.substitute(2)]
    general = [layer for equation in example.general() for layer in equation.at.values()]
    return [*found, *(numbers(statement) for statement in general)]


@pytest.mark.parametrize("notation", ["article", "row"])
def test_every_glyph_leaves_once_and_every_glyph_arrives_once(example: bp.Derivation, notation: str) -> None:
    for rewrite in rewrites(example):
        played = Played(rewrite, notation)
        leaving = ids(moved(turn) for turn in played.turned)
        leaving += ids(glyph for move in played.gone for glyph in glyphs(moved(move)))
        arriving = ids(turn.target_mobject for turn in played.turned)
        arriving += ids(glyph for move in played.come for glyph in glyphs(moved(move)))
        assert set(ids(played.old.glyphs)) <= set(leaving), rewrite.step
        assert max(leaving.values()) == 1, rewrite.step
        assert arriving == ids(played.new.glyphs), rewrite.step


def test_what_is_kept_goes_glyph_by_glyph(example: bp.Derivation) -> None:
    played = Played(example.factor(BIAS))
    for term in (Derivative(bp.E, BIAS), Partial(bp.z(3, 1), BIAS)):
        before, after = played.old.position(term), played.new.position(term)
        assert played.rewrite.origin(after).kind in (Kind.KEPT, Kind.MOVED)
        assert played.sources(after) == list(played.old.at(before))


def test_the_equals_sign_stays_one(example: bp.Derivation) -> None:
    played = Played(example.factor(BIAS))
    pairs = [(moved(turn), turn.target_mobject) for turn in played.turned]
    assert [(old, new) for old, new in pairs if old in list(played.old.equals)] == [
        *zip(played.old.equals, played.new.equals, strict=True)
    ]


def test_terms_of_one_name_flow_to_where_the_name_comes(example: bp.Derivation) -> None:
    played = Played(example.factor(BIAS))
    delta = played.new.position(Delta(3, 1))
    assert played.comes(delta)
    goal = played.new.at(delta).get_center()
    named = (Partial(bp.e(1), bp.a(3, 1)), Partial(bp.a(3, 1), bp.z(3, 1)))
    for term in named:
        flow = played.flow(played.old.position(term))
        flow.begin()
        flow.interpolate(FLOWN)
        np.testing.assert_allclose(moved(flow).get_center(), goal, atol=0.05)


def test_equal_terms_fall_into_one(example: bp.Derivation) -> None:
    input_ = Quantity(bp.a(2, 1))
    cells = Cells(((input_, input_),))
    before = MatrixEquation(cells, cells, example.values)
    one = Cells(((input_, input_),))
    places = ((0, 0), (0, 1))
    merged = [Origin((side, k), Kind.MERGED, places) for side in (0, 1) for k in (0, 1)]
    played = Played(Rewrite(before, MatrixEquation(one, one, example.values), tuple(merged), "merge"))
    assert played.sources((0, 0)) == list(played.old.at((0, 0)))
    flow = played.flow((0, 1))
    flow.begin()
    flow.interpolate(FLOWN)
    np.testing.assert_allclose(moved(flow).get_center(), played.new.at((0, 0)).get_center(), atol=0.05)


def test_a_second_copy_leaves_the_first(example: bp.Derivation) -> None:
    played = Played(copied(example))
    first, second = played.sources((1, 0, 0)), played.sources((1, 0, 1))
    assert first == list(played.old.at((1,)))
    assert not set(map(id, second)) & set(map(id, first))
    for one, other in zip(first, second, strict=True):
        np.testing.assert_allclose(one.get_center(), other.get_center())


def copied(example: bp.Derivation) -> Rewrite:
    """Return x = x  ->  x = x x / x, written by hand."""
    x = Quantity(bp.a(2, 1))
    doubled = Quotient(Product((x, x)), x)
    before, after = Equation(x, x, example.trace), Equation(x, doubled, example.trace)
    origins = (
        Origin((0,), Kind.KEPT, ((0,),)),
        Origin((1, 0, 0), Kind.COPIED, ((1,),)),
        Origin((1, 0, 1), Kind.COPIED, ((1,),)),
        Origin((1, 1), Kind.COPIED, ((1,),)),
    )
    return Rewrite(before, after, origins, "copy")


# -- colours ----------------------------------------------------------------------------------------------


def test_what_is_substituted_keeps_the_colour_of_the_derivative(example: bp.Derivation) -> None:
    played = Played(example.substitute(3))
    colours = {
        at(played.rewrite.after, origin.after): played.new.role_at(origin.after)
        for origin in played.rewrite.correspondence
        if origin.kind is Kind.SUBSTITUTED
    }
    assert colours[Quantity(bp.z(3, 1))] is Role.ACTIVATION_DERIVATIVE
    assert colours[Quantity(bp.y(1))] is Role.LOSS_DERIVATIVE


def test_signs_inside_what_is_substituted_have_its_colour_too(example: bp.Derivation) -> None:
    new = Played(example.substitute(3)).new
    slope, loss = DARK[Role.ACTIVATION_DERIVATIVE], DARK[Role.LOSS_DERIVATIVE]
    functions = new.select(lambda place: place.part.startswith("function"))
    minus = new.select(lambda place: place.part.startswith(("minus", "plus")))
    assert {glyph.get_fill_color().to_hex() for glyph in functions} == {slope}
    assert {glyph.get_fill_color().to_hex() for glyph in minus} == {loss}
    hadamard = new.select(lambda place: place.part.startswith("times"))
    assert slope not in {glyph.get_fill_color().to_hex() for glyph in hadamard}

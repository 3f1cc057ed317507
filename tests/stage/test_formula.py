"""Formulas answer to terms: each selects its own glyphs, in its own colour, where a reader expects it."""

from __future__ import annotations

import copy
from collections.abc import Iterable
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from manim import MathTypst, Mobject, VGroup

import bpmath as bp
from bpmath.algebra import Derivative, Expression, Number, Partial, Product, Quantity, Quotient, Sum
from scenes.stage.formula import Formula, fit, fits, number_mobject
from scenes.stage.layout import LEAST_EQUATION_SIZE, LEAST_SIZE
from scenes.stage.theme import DARK, LIGHT, Role, Theme
from scenes.stage.typeset import Glyph

LAST, FIRST_OF_TWO = bp.w(3, 1, 2), bp.w(2, 1, 1)
LOSS, SLOPE = Partial(bp.e(1), bp.a(3, 1)), Partial(bp.a(3, 1), bp.z(3, 1))
INPUT = Partial(bp.z(3, 1), LAST)
ASKED = Derivative(bp.E, LAST)
# dE/dw = (de1/da1 da1/dz1 dz1/da1 + de2/da2 da2/dz2 dz2/da1) da1/dz1 dz1/dw, by hand.
UPPER = (LOSS, SLOPE, Partial(bp.z(3, 1), bp.a(2, 1)))
LOWER = (Partial(bp.e(2), bp.a(3, 2)), Partial(bp.a(3, 2), bp.z(3, 2)), Partial(bp.z(3, 2), bp.a(2, 1)))
SHARED = (Partial(bp.a(2, 1), bp.z(2, 1)), Partial(bp.z(2, 1), FIRST_OF_TWO))


@cache
def derivation() -> bp.Derivation:
    return bp.derive(bp.example_network(), *bp.example_sample())


@cache
def last_layer() -> Formula:
    """dE/dw of the last layer: one path, three factors.  Shared, so no test may change it."""
    return Formula(derivation().path_sum(LAST), DARK, 36.0)


@cache
def nested() -> Formula:
    """dE/dw of the second layer: two paths that meet.  Shared, so no test may change it."""
    return Formula(derivation().path_sum(FIRST_OF_TWO), DARK, 36.0)


@cache
def long_sum() -> Formula:
    """z = w x + ... + b with nine inputs, of which three, an ellipsis and the bias are shown.  Shared."""
    network = bp.Network.random((9, 2), seed=1)
    definition = bp.derive(network, np.linspace(0, 1, 9), [0.0, 1.0]).definition(bp.z(1, 1))
    return Formula(definition, DARK, 36.0, longest_sum=5)


def ids(glyphs: Iterable[Mobject]) -> set[int]:
    return {id(glyph) for glyph in glyphs}


def colours(glyphs: Iterable[Mobject]) -> set[str]:
    return {glyph.get_fill_color().to_hex().upper() for glyph in glyphs if isinstance(glyph, Glyph)}


def parts(glyphs: Iterable[Mobject]) -> list[str]:
    """Return what each glyph is a part of."""
    return [glyph.place.part for glyph in glyphs if isinstance(glyph, Glyph)]


def left_to_right(*groups: VGroup) -> bool:
    """Tell whether each group ends before the next begins."""
    return all(one.get_right()[0] < other.get_left()[0] for one, other in pairwise(groups))


def looks_like(drawn: Mobject, source: str) -> bool:
    """Tell whether the shapes are those that Typst draws for a source, wherever and however large."""
    shapes = MathTypst(source).submobjects
    if len(shapes) != len(drawn.submobjects):
        return False
    scale = drawn.height / VGroup(*shapes).height
    middle, origin = drawn.get_center(), VGroup(*shapes).get_center()
    return all(
        one.points.shape == other.points.shape
        and np.allclose(one.points - middle, (other.points - origin) * scale, atol=1e-5)
        for one, other in zip(drawn.submobjects, shapes, strict=True)
    )


# -- terms --------------------------------------------------------------------------------------------


def test_an_equation_reads_from_left_to_right() -> None:
    shown = last_layer()
    factors = [shown.term(factor) for factor in (LOSS, SLOPE, INPUT)]
    times = [shown.part(shown.equation.rhs, f"times {k}") for k in (1, 2)]
    assert [len(sign) for sign in (*times, shown.equals)] == [1, 1, 1]
    assert left_to_right(
        shown.term(ASKED), shown.equals, factors[0], times[0], factors[1], times[1], factors[2]
    )


def test_a_nested_sum_reads_from_left_to_right() -> None:
    shown, total = nested(), nested().equation.rhs.operands[0]
    upper, lower, shared = ([shown.term(t) for t in terms] for terms in (UPPER, LOWER, SHARED))
    opening, closing = shown.part(total, "open"), shown.part(total, "close")
    assert left_to_right(shown.equals, opening, *upper, shown.part(total, "plus 1"), *lower, closing, *shared)
    assert opening.height > upper[0].height * 0.9
    assert left_to_right(shown.term(Product(UPPER)), shown.term(Product(LOWER)))
    assert ids(shown.term(Product(LOWER))) > set().union(*map(ids, lower))


@pytest.mark.parametrize(
    ("term", "above", "below"),
    [
        (ASKED, "partial E", "partial w_(12)^((3))"),
        (LOSS, "partial e_1", "partial a_1^((3))"),
        (SLOPE, "partial a_1^((3))", "partial z_1^((3))"),
        (INPUT, "partial z_1^((3))", "partial w_(12)^((3))"),
    ],
)
def test_numerators_stand_over_bars_over_denominators(term: Expression, above: str, below: str) -> None:
    numerator, bar, denominator = (last_layer().part(term, p) for p in ("numerator", "bar", "denominator"))
    assert numerator.get_bottom()[1] > bar.get_top()[1] > bar.get_bottom()[1] > denominator.get_top()[1]
    assert looks_like(numerator, above)
    assert looks_like(denominator, below)
    assert bar.width >= max(numerator.width, denominator.width)
    assert ids(last_layer().term(term)) == ids((*numerator, *bar, *denominator))


def test_terms_are_the_very_glyphs() -> None:
    assert ids(last_layer().term(LOSS)) < ids(last_layer().glyphs)
    assert ids(last_layer().at(())) == ids(last_layer().glyphs)


def test_a_term_is_found_by_its_symbol() -> None:
    definition = Formula(derivation().definition(bp.z(2, 1)), DARK, 36.0)
    assert ids(definition.term(bp.w(2, 1, 2))) == ids(definition.term(Quantity(bp.w(2, 1, 2))))
    assert looks_like(definition.term(bp.w(2, 1, 2)), "w_(12)^((2))")
    assert looks_like(definition.term(bp.a(1, 2)), "a_2^((1))")


def test_a_symbol_alone_is_a_formula() -> None:
    assert looks_like(Formula(bp.b(2, 1), DARK, 36.0).term(bp.b(2, 1)), "b_1^((2))")


def test_equal_terms_are_counted() -> None:
    one = Quantity(bp.x(1))
    shown = Formula(Sum((one, Quantity(bp.y(1)), one)), DARK, 36.0)
    assert left_to_right(shown.term(bp.x(1)), shown.term(bp.y(1)), shown.term(bp.x(1), occurrence=1))


@pytest.mark.parametrize("kind", ["path", "nested", "weighted sum", "loss", "sigmoid", "relu", "total"])
def test_terms_share_no_glyph_and_with_the_signs_they_are_all(kind: str) -> None:
    network = bp.Network.random((2, 2, 2), activation="relu" if kind == "relu" else "sigmoid")
    found = bp.derive(network, *bp.example_sample())
    equation = {
        "path": lambda: found.path_sum(bp.w(2, 1, 1), unit_factors=True),
        "nested": lambda: found.path_sum(bp.w(1, 1, 1)),
        "weighted sum": lambda: found.definition(bp.z(2, 1)),
        "loss": lambda: found.definition(bp.e(1)),
        "sigmoid": lambda: found.activation_formula(bp.a(1, 1)),
        "relu": lambda: found.activation_formula(bp.a(1, 1)),
        "total": lambda: found.definition(bp.E),
    }[kind]()
    shown = Formula(equation, DARK, 36.0)
    terms = [ids(shown.at(position)) for position, term in shown.positions if not term.operands]
    bars = [ids(shown.part(term, "bar")) for _, term in shown.positions if isinstance(term, Quotient)]
    groups = [*terms, *bars, ids(shown.signs())]
    assert all(groups)
    assert sum(map(len, groups)) == len(set().union(*groups))
    assert set().union(*groups) == ids(shown.glyphs)


@pytest.mark.parametrize(
    "ask",
    [
        lambda shown: shown.term(Derivative(bp.E, bp.w(1, 1, 1))),
        lambda shown: shown.term(bp.w(3, 1, 2)),
        lambda shown: shown.part(Partial(bp.e(2), bp.a(3, 2)), "numerator"),
        lambda shown: shown.term(LOSS, occurrence=1),
        lambda shown: shown.position(Number(7)),
    ],
)
def test_what_does_not_stand_there_is_refused(ask: object) -> None:
    assert callable(ask)
    with pytest.raises(ValueError, match=r"^term: .* stands [01] times in this formula, so not at [01]$"):
        ask(last_layer())


def test_an_expression_has_no_equation() -> None:
    with pytest.raises(TypeError, match=r"^formula: .*w\(3, 1, 2\).* is no equation$"):
        _ = Formula(ASKED, DARK, 36.0).equation


# -- signs --------------------------------------------------------------------------------------------


def signs_before(shown: Formula) -> list[list[str]]:
    """Return the parts of the signs that come with each factor, in the order of reading."""
    return [parts(shown.signs_up_to(factor.position)) for factor in shown.written(Partial)]


def test_signs_come_with_the_factor_that_they_stand_before() -> None:
    assert signs_before(last_layer()) == [[], ["times 1"], ["times 2"]]
    before = [["open"], ["times 1"], ["times 2"], ["plus 1"], ["times 1"], ["times 2"]]
    assert signs_before(nested()) == [*before, ["close", "times 1"], ["times 2"]]


def test_every_sign_comes_once_even_around_an_ellipsis() -> None:
    network = bp.Network.random((2, 9), loss="softmax_cross_entropy", seed=2)
    path_sum = bp.derive(network, [0.1, 0.2], [1.0] + [0.0] * 8).path_sum(bp.w(1, 1, 1))
    shown = Formula(path_sum, DARK, 36.0, longest_sum=3)
    arrived = [sign for f in shown.written(Partial) for sign in shown.signs_up_to(f.position)]
    assert len(ids(arrived)) == len(arrived)
    assert ids(arrived) == ids(shown.signs()) - ids(shown.equals)
    signs = ["open", "plus ellipsis", "ellipsis", "plus 8", "close", "times 1", "times 2"]
    assert list(dict.fromkeys(parts(arrived))) == signs


# -- sums too long to write out -----------------------------------------------------------------------


def test_an_ellipsis_stands_between_what_is_shown() -> None:
    shown, total = long_sum(), long_sum().equation.rhs
    ellipsis = shown.part(total, "ellipsis")
    assert left_to_right(*(shown.term(bp.x(k)) for k in (1, 2, 3)), ellipsis, shown.term(bp.b(1, 1)))


def test_terms_behind_an_ellipsis_are_not_written() -> None:
    written = [term.term.symbol for term in long_sum().written(Quantity)]
    pairs = [(bp.w(1, 1, k), bp.x(k)) for k in (1, 2, 3)]
    assert written == [bp.z(1, 1), *(symbol for pair in pairs for symbol in pair), bp.b(1, 1)]


def test_a_term_behind_an_ellipsis_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^term: .*x\(7\).* in this formula"):
        long_sum().term(bp.x(7))
    shown = long_sum()
    with pytest.raises(ValueError, match=r"no term .* that is written in this formula"):
        shown.signs_up_to(shown.position(bp.x(7)))


# -- colours ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("theme", [DARK, LIGHT], ids=["dark", "light"])
def test_terms_have_the_colours_of_their_roles(theme: Theme) -> None:
    shown = Formula(derivation().path_sum(FIRST_OF_TWO, unit_factors=True), theme, 36.0)
    roles = {
        Derivative(bp.E, FIRST_OF_TWO): Role.TARGET,
        Partial(bp.E, bp.e(2)): Role.ERROR_DERIVATIVE,
        UPPER[0]: Role.LOSS_DERIVATIVE,
        LOWER[0]: Role.LOSS_DERIVATIVE,
        UPPER[1]: Role.ACTIVATION_DERIVATIVE,
        SHARED[0]: Role.ACTIVATION_DERIVATIVE,
        UPPER[2]: Role.WEIGHT_DERIVATIVE,
        LOWER[2]: Role.WEIGHT_DERIVATIVE,
        SHARED[1]: Role.INPUT_DERIVATIVE,
    }
    for term, role in roles.items():
        assert colours(shown.term(term)) == {theme[role]}
    assert colours(shown.signs()) == {theme[Role.INK]}


def test_deltas_have_their_colour() -> None:
    shown = Formula(Product((Quantity(bp.delta(2, 1)), Quantity(bp.x(1)))), DARK, 36.0)
    assert colours(shown.term(bp.delta(2, 1))) == {DARK[Role.DELTA]}
    assert colours(shown.term(bp.x(1))) == {DARK[Role.INK]}


def test_a_term_can_be_given_another_role() -> None:
    shown = Formula(derivation().path_sum(LAST), DARK, 36.0, roles={SLOPE: Role.QUIET})
    assert colours(shown.term(SLOPE)) == {DARK[Role.QUIET]}
    assert colours(shown.term(LOSS)) == {DARK[Role.LOSS_DERIVATIVE]}


# -- numbers ------------------------------------------------------------------------------------------


def value_by_hand(term: Expression) -> float:
    """Return dE/dw or one of its factors, from the numbers of the forward pass alone."""
    run = bp.forward(bp.example_network(), *bp.example_sample())
    output = run.a[3][0]
    factors = {LOSS: output - 1.0, SLOPE: output * (1 - output), INPUT: run.a[2][1]}
    return float(factors[term] if term in factors else np.prod(list(factors.values())))


@pytest.mark.parametrize("term", [ASKED, LOSS, SLOPE, INPUT], ids=["product", "loss", "slope", "input"])
def test_a_number_stands_below_its_term_in_its_colour(term: Expression) -> None:
    shown = last_layer()
    (written,) = (w for w in shown.written(type(term)) if w.term == term)
    below = shown.number_below(written, derivation().trace)
    assert looks_like(below, f"{value_by_hand(term):#.3g}")
    assert below.get_top()[1] < shown.get_bottom()[1]
    assert below.get_x() == pytest.approx(shown.term(term).get_x())
    assert colours(below) == colours(shown.term(term))
    assert LEAST_SIZE <= below.font_size < shown.font_size


@pytest.mark.parametrize(
    ("value", "source"),
    [(0.0743219, "0.0743"), (-2.0, "-2"), (1.504e-7, "1.50 dot 10^(-7)"), (1e-7, "10^(-7)")],
)
def test_numbers_have_three_significant_digits(value: float, source: str) -> None:
    assert looks_like(number_mobject(value, DARK[Role.INK]), source)


# -- room ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("width", "height"), [(10.0, 9.0), (30.0, 1.5), (6.0, 1.2)])
def test_a_formula_is_fitted_to_its_room_in_proportion(width: float, height: float) -> None:
    shown = last_layer().copy()
    proportion = shown.width / shown.height
    fit(shown, width, height, least_size=20)
    assert max(shown.width / width, shown.height / height) == pytest.approx(1)
    assert shown.width / shown.height == pytest.approx(proportion)
    assert shown.font_size == pytest.approx(36 * shown.width / last_layer().width)


def test_a_formula_without_room_is_refused() -> None:
    shown = last_layer().copy()
    width, too_narrow = shown.width, shown.width / 2
    assert fits(shown, width, 8.0, least_size=36)
    assert not fits(shown, too_narrow, 8.0)
    with pytest.raises(ValueError, match=r"^formula: it fits at font size 18 only, under the least size 36$"):
        fit(shown, too_narrow, 8.0)
    assert shown.width == width
    assert LEAST_EQUATION_SIZE == 36


# -- copies -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("copied", [Formula.copy, copy.deepcopy])
def test_copies_share_what_is_written_but_no_glyph(copied: object) -> None:
    assert callable(copied)
    shown = last_layer()
    other = copied(shown)
    assert other.equation is shown.equation
    assert other.equation.values is shown.equation.values
    assert other.theme is shown.theme
    assert not ids(other.glyphs) & ids(shown.glyphs)
    assert len(other.term(LOSS)) == len(shown.term(LOSS))

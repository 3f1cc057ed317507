"""Typeset pieces look as if nothing were marked, and every glyph knows where it belongs."""

from __future__ import annotations

import re

import numpy as np
import pytest
import typst
from manim import MathTypst, Mobject, MoveToTarget, Transform, VGroup, VMobject, tempconfig

import bpmath as bp
from bpmath.notation import Place, write
from scenes.stage.fonts import text_fonts
from scenes.stage.layout import FRAME_HEIGHT, LEAST_EQUATION_SIZE
from scenes.stage.typeset import (
    SHARED,
    UNMARKED,
    Keys,
    Typeset,
    quoted,
    restart_serial_numbers,
    set_mathematics,
    set_text,
)

INK = "#E8EAED"
SIZE = 36.0
PIXELS_PER_UNIT = 1080 / FRAME_HEIGHT
SAMPLE = "frac(a, b) + c"


def equations_of(derivation: bp.Derivation) -> list[bp.Equation]:
    """Return every equation that a derivation has."""
    network, trace = derivation.network, derivation.trace
    layers, parameters = range(1, network.layers + 1), network.parameters()
    return [
        *(derivation.definition(node.symbol) for node in derivation.graph.nodes),
        *(derivation.activation_formula(bp.a(layer, 1)) for layer in layers),
        *(derivation.local_equation(edge) for edge in trace.locals),
        *(derivation.path_sum(parameter) for parameter in parameters),
        *(derivation.path_sum(parameter, unit_factors=True) for parameter in parameters),
    ]


def typeset(what: bp.Equation, size: float = SIZE, **options: bool | int) -> Typeset:
    return set_mathematics(lambda mark: write(what, "typst", mark=mark, **options), size, INK)  # type: ignore[arg-type]


def plain(source: str, size: float = SIZE) -> Typeset:
    """Return a piece of which nothing is marked."""
    return set_mathematics(lambda mark: source, size, INK)


def shapes_of(drawn: Mobject) -> list[VMobject]:
    return [shape for shape in drawn.submobjects if isinstance(shape, VMobject)]


# -- marks change nothing -----------------------------------------------------------------------------


@pytest.mark.parametrize("options", [{}, {"spacious": True}, {"longest_sum": 2}])
@pytest.mark.parametrize("name", ["last layer", "nested sum", "weighted sum", "loss", "sigmoid"])
def test_marks_move_no_glyph(example: bp.Derivation, name: str, options: dict[str, bool | int]) -> None:
    equation = {
        "last layer": lambda: example.path_sum(bp.w(3, 1, 2), unit_factors=True),
        "nested sum": lambda: example.path_sum(bp.w(2, 1, 1)),
        "weighted sum": lambda: example.definition(bp.z(2, 1)),
        "loss": lambda: example.definition(bp.e(1)),
        "sigmoid": lambda: example.activation_formula(bp.a(1, 1)),
    }[name]()
    marked = typeset(equation, **options).glyphs
    unmarked = shapes_of(MathTypst(write(equation, "typst", **options), font_size=SIZE))  # type: ignore[arg-type]
    assert len(marked) == len(unmarked)
    for glyph, shape in zip(marked, unmarked, strict=True):
        if shape.get_fill_opacity():
            np.testing.assert_allclose(glyph.points, shape.points, atol=1e-6)
        else:  # a rule, which Manim strokes
            np.testing.assert_allclose(glyph.get_center(), shape.get_center(), atol=1e-6)
            assert glyph.width == pytest.approx(shape.width, abs=1e-6)


def test_every_glyph_of_every_equation_is_marked(example: bp.Derivation) -> None:
    keys = Keys()
    formulas = [f"$ {write(equation, 'typst', mark=keys.mark)} $" for equation in equations_of(example)]
    page = "#set page(width: auto, height: auto, fill: none)\n#let mark(key, it) = text(fill: rgb(key), it)\n"
    drawing = typst.compile((page + "\n\n".join(formulas)).encode(), format="svg").decode()
    drawn = re.sub(r"<defs.*?</defs>", "", drawing, flags=re.DOTALL)
    painted = re.findall(r"<use [^>]*>|<path [^>]*>", drawn)
    colours = [re.findall(r'(?:fill|stroke)="(#\w+)"', shape) for shape in painted]
    assert len(painted) > 5000
    assert len(formulas) > 100
    assert [shape for shape, colour in zip(painted, colours, strict=True) if len(colour) != 1] == []
    assert "#000000" not in {colour for (colour,) in colours}


def test_every_glyph_finds_its_place_again(example: bp.Derivation) -> None:
    places: list[Place] = []
    equation = example.path_sum(bp.w(2, 1, 1))
    write(equation, "typst", mark=lambda place, source: places.append(place) or source)  # type: ignore[func-returns-value]
    drawn = typeset(equation)
    assert {glyph.place for glyph in drawn.glyphs} == set(places)


def test_what_is_not_marked_says_so() -> None:
    here = Place((1,), "here")
    drawn = set_mathematics(lambda mark: f"a + {mark(here, 'b')}", SIZE, INK)
    assert [glyph.place for glyph in drawn.glyphs] == [UNMARKED, UNMARKED, here]


def test_a_mark_inside_a_mark_counts() -> None:
    inner, outer = Place((0,), "inner"), Place((), "outer")
    drawn = set_mathematics(lambda mark: mark(outer, f"a {mark(inner, 'b')} c"), SIZE, INK)
    assert [glyph.place for glyph in drawn.glyphs] == [outer, inner, outer]


def test_hundreds_of_marks_are_kept_apart() -> None:
    places = [Place((k,)) for k in range(300)]
    drawn = set_mathematics(lambda mark: " ".join(mark(place, "x") for place in places), SIZE, INK)
    assert [glyph.place for glyph in drawn.glyphs] == places


def test_all_glyphs_have_the_colour_that_was_asked_for(example: bp.Derivation) -> None:
    drawn = typeset(example.path_sum(bp.w(3, 1, 1)))
    assert {glyph.get_fill_color().to_hex().upper() for glyph in drawn.glyphs} == {INK}
    assert all(glyph.get_fill_opacity() == 1 and glyph.get_stroke_width() == 0 for glyph in drawn.glyphs)


# -- fraction bars ------------------------------------------------------------------------------------


def bar_thickness(drawn: Typeset) -> float:
    """Return the height, in units, of the widest glyph: the bar of a fraction."""
    return float(max(drawn.glyphs, key=lambda glyph: glyph.width).height)


def test_fraction_bars_can_be_seen_at_1080p() -> None:
    assert 1.5 <= bar_thickness(plain("frac(a + b, c)", LEAST_EQUATION_SIZE)) * PIXELS_PER_UNIT <= 4


def test_fraction_bars_are_as_thick_the_second_time() -> None:
    source = "frac(a + b, c + s)"
    first, second = bar_thickness(plain(source)), bar_thickness(plain(source))
    assert second == pytest.approx(first, rel=1e-6)


def test_fraction_bars_are_as_thick_in_every_resolution() -> None:
    thickness = []
    for quality in ("low_quality", "high_quality", "fourk_quality"):
        with tempconfig({"quality": quality}):
            thickness.append(bar_thickness(plain(f"frac(a + b, c + {quality[0]})")))
    assert thickness == pytest.approx([thickness[0]] * 3, rel=1e-6)


def test_fraction_bars_grow_with_the_type() -> None:
    small, large = (
        bar_thickness(plain(f"frac(a + b, c + {name})", 36 * k)) for name, k in (("d", 1), ("e", 2))
    )
    assert large == pytest.approx(2 * small, rel=1e-6)


# -- sizes --------------------------------------------------------------------------------------------


def true_size(drawn: Typeset) -> float:
    """Return the font size at which the sample comes out as wide as it is."""
    return float(SIZE * drawn.width / MathTypst(SAMPLE, font_size=SIZE).width)


def test_a_piece_has_the_size_that_was_asked_for() -> None:
    assert true_size(plain(SAMPLE, 50.0)) == pytest.approx(50.0)
    assert plain(SAMPLE, 50.0).font_size == 50.0


@pytest.mark.parametrize("copied", [False, True])
def test_scaling_scales_the_font_size(copied: bool) -> None:
    drawn = plain(SAMPLE).copy() if copied else plain(SAMPLE)
    drawn.scale(1.5).scale(0.5)
    assert drawn.font_size == pytest.approx(0.75 * SIZE)
    assert true_size(drawn) == pytest.approx(drawn.font_size)


def test_scaling_to_a_width_scales_the_font_size() -> None:
    drawn = plain(SAMPLE)
    drawn.scale_to_fit_width(2 * drawn.width)
    assert drawn.font_size == pytest.approx(2 * SIZE)


def test_scaling_a_group_scales_the_font_size() -> None:
    drawn = plain(SAMPLE)
    VGroup(drawn, plain("d")).scale(0.5)
    assert true_size(drawn) == pytest.approx(0.5 * SIZE)
    assert drawn.font_size == pytest.approx(0.5 * SIZE)


@pytest.mark.parametrize("way", ["animate", "Transform", "MoveToTarget"])
def test_scaling_in_an_animation_scales_the_font_size(way: str) -> None:
    drawn = plain(SAMPLE)
    drawn.generate_target().scale(0.5)
    animation = {
        "animate": lambda: drawn.animate.scale(0.5).build(),
        "Transform": lambda: Transform(drawn, plain(SAMPLE).scale(0.5)),
        "MoveToTarget": lambda: MoveToTarget(drawn),
    }[way]()
    animation.begin()
    animation.finish()
    assert true_size(drawn) == pytest.approx(0.5 * SIZE)
    assert drawn.font_size == pytest.approx(0.5 * SIZE)


# -- pieces -------------------------------------------------------------------------------------------


def test_every_piece_has_a_number_of_its_own() -> None:
    one, other = plain("a b"), plain("a b")
    assert one.piece != other.piece
    assert [glyph.piece for glyph in one.glyphs] == [one.piece] * 2


def test_a_copied_glyph_remembers_its_piece_and_place() -> None:
    drawn = set_mathematics(lambda mark: mark(Place((3,), "sign"), "a"), SIZE, INK)
    (copy,) = drawn.copy().glyphs
    assert (copy.piece, copy.place) == (drawn.piece, Place((3,), "sign"))


def test_numbers_of_pieces_begin_again_when_asked() -> None:
    restart_serial_numbers()
    first = [plain(name).piece for name in "ab"]
    restart_serial_numbers()
    assert [plain(name).piece for name in "ab"] == first


def test_what_is_selected_are_the_very_glyphs() -> None:
    drawn = set_mathematics(lambda mark: f"{mark(Place((0,)), 'a')} {mark(Place((1,)), 'b')}", SIZE, INK)
    assert [id(glyph) for glyph in drawn.select(lambda place: place.position == (1,))] == [
        id(drawn.glyphs[1])
    ]
    assert len(drawn.select(lambda place: False)) == 0


# -- words --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "plain words",
        "a*b*c",
        "_d_",
        "#e",
        "$f$",
        "g\\h",
        'i"j"',
        "= k",
        "// l",
        "[m]",
        "<n>",
        "@o",
        "~",
        "-- p",
        "`q`",
    ],
)
def test_quoted_text_is_printed_as_it_stands(text: str) -> None:
    drawn = set_text(quoted(text), SIZE, INK, text_fonts("en"))
    assert len(drawn.glyphs) == len(text.replace(" ", ""))


def test_quoted_text_stays_on_its_line() -> None:
    drawn = set_text(quoted("one\ntwo"), SIZE, INK, text_fonts("en"))
    assert len(drawn.glyphs) == 6
    assert drawn.height < set_text("#box[one \\ two]", SIZE, INK, text_fonts("en")).height


def test_text_breaks_into_centred_lines_within_a_width() -> None:
    words, fonts = quoted("some words that are longer than a line"), text_fonts("en")
    line = set_text(words, SIZE, INK, fonts)
    width = 0.7 * line.width
    broken = set_text(words, SIZE, INK, fonts, width)
    assert broken.width <= width
    assert line.height * 1.5 < broken.height < line.height * 3
    lower = [glyph for glyph in broken.glyphs if glyph.get_top()[1] < broken.get_y()]
    middle = (min(g.get_left()[0] for g in lower) + max(g.get_right()[0] for g in lower)) / 2
    assert middle == pytest.approx(broken.get_x(), abs=0.1)


def test_text_keeps_the_colours_of_its_markup() -> None:
    drawn = set_text('a#text(fill: rgb("#808C97"))[b]', SIZE, INK, text_fonts("en"))
    assert [glyph.get_fill_color().to_hex().upper() for glyph in drawn.glyphs] == [INK, "#808C97"]


def test_glyphs_share_what_is_the_same_for_all_and_keep_what_is_their_own() -> None:
    one, other = set_mathematics(lambda mark: "a b", SIZE, "#ffffff").glyphs
    assert not set(SHARED) & set(one.__dict__)
    one.set_z_index(7)
    one.set_stroke("#123456", 3.0, background=True)
    assert (one.z_index, other.z_index) == (7, 0)
    assert (one.background_stroke_width, other.background_stroke_width) == (3.0, 0)
    copied = one.copy()
    assert (copied.z_index, copied.background_stroke_width) == (7, 3.0)
    plain = VMobject(fill_color="#ffffff", fill_opacity=1.0, stroke_width=0.0)
    for name in set(SHARED) - {"name"}:
        np.testing.assert_equal(getattr(other, name), getattr(plain, name))

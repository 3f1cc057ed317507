"""Lessons that count: the room, the ways on the map, the values below terms and the multiplications."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from manim import Line

import bpmath as bp
from bpmath.algebra import Partial
from scenes.settings import settings_from
from scenes.stage.counted_lesson import CountedLesson, as_equation, multiplications
from scenes.stage.layout import BOARD, LOW_MAP
from scenes.stage.theme import Role

WEIGHT = bp.w(2, 1, 1)


def lesson(**settings: Any) -> CountedLesson:
    found = CountedLesson(settings=settings_from(settings))
    found.setup()
    found.prepare_map(WEIGHT)
    return found


def colour_of(line: Line) -> str:
    colour = line.get_stroke_color()
    assert colour is not None
    return colour.to_hex()


def test_a_small_network_leaves_the_board_more_room() -> None:
    small, large = lesson(), lesson(network={"sizes": [3, 4, 2]})
    assert small.board.bottom == LOW_MAP.top < BOARD.bottom
    assert large.board.bottom == BOARD.bottom
    assert small.map.get_top()[1] <= small.board.bottom + 1e-6


def test_the_map_leaves_only_for_what_is_too_high() -> None:
    counted = lesson()
    counted.map_is_shown = True
    assert counted.leaving_map(counted.board.height) == []
    assert len(counted.leaving_map(counted.board.height + 0.1)) == 1
    assert not counted.map_is_shown
    assert counted.leaving_map(counted.board.height + 0.1) == []


def test_a_way_has_the_edges_and_colours_of_the_factors(example: bp.Derivation) -> None:
    counted = lesson()
    formula = counted.short(example.path_sum(WEIGHT))
    way = counted.way_of(formula)
    partials = list(dict.fromkeys(written.term for written in formula.written(Partial)))
    assert len(way) == len(partials) == 8
    for line, partial in zip(way, partials, strict=True):
        edge = counted.map.edge_of(partial)
        assert tuple(line.get_start()) == pytest.approx(tuple(edge.get_end()))
        (glyph, *_) = formula.at(next(w.position for w in formula.written(Partial) if w.term == partial))
        assert colour_of(line) == glyph.get_fill_color().to_hex()
    colours = {colour_of(line) for line in way}
    assert counted.theme[Role.INPUT_DERIVATIVE].upper() in {colour.upper() for colour in colours}


def test_values_stand_below_their_terms_and_apart(example: bp.Derivation) -> None:
    counted = lesson()
    formula = counted.short(example.path_sum(WEIGHT))
    terms = formula.written(Partial)
    values = counted.numbers_under(formula, terms)
    assert len(values) == len(terms) == 8
    for value, term in zip(values, terms, strict=True):
        assert value.get_top()[1] < formula.get_bottom()[1]
        assert value.get_x() == pytest.approx(formula.at(term.position).get_x(), abs=0.3)
    row = sorted(values, key=lambda value: float(value.get_x()))
    assert all(left.get_right()[0] < right.get_left()[0] for left, right in pairwise(row))


def test_without_numbers_there_are_no_values_and_no_room_for_them(example: bp.Derivation) -> None:
    counted = lesson(numbers=False)
    formula = counted.short(example.path_sum(WEIGHT))
    assert len(counted.numbers_under(formula, formula.written(Partial))) == 0
    assert counted.number_room(formula) == 0
    assert lesson().number_room(formula) > 0


def test_written_multiplications_are_counted(example: bp.Derivation) -> None:
    # (de1/da da/dz dz/da + de2/da da/dz dz/da) da/dz dz/dw: twice two, and two more.
    hidden, last = example.path_sum(WEIGHT), example.path_sum(bp.w(3, 1, 1))
    assert multiplications(hidden) == 6
    assert multiplications(last) == 2
    assert multiplications(hidden, last) == 8


def test_only_scalar_equations_are_taken(example: bp.Derivation) -> None:
    assert as_equation(example.path_sum(WEIGHT)) == example.path_sum(WEIGHT)
    with pytest.raises(TypeError, match="is no equation between scalars"):
        as_equation(example.group(3)[-1].after)

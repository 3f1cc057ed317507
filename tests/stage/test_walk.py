"""Walking: ways that the map shows, lit from E backwards, trails forward, and sums that can be walked."""

from __future__ import annotations

from pathlib import Path

import pytest

import bpmath as bp
from bpmath.algebra import Partial
from bpmath.nesting import nest
from scenes.settings import settings_from
from scenes.stage import layout
from scenes.stage.theme import Role
from scenes.stage.walk import WalkLesson

HIDDEN = bp.w(2, 1, 1)
WIDE = {"network": {"sizes": [5, 6, 8], "loss": "softmax_cross_entropy"}}


class Walk(WalkLesson):
    """A lesson that has its map and plays nothing."""

    def construct(self) -> None:
        """Make the map."""
        self.prepare_map()


def walk(**settings: object) -> Walk:
    lesson = Walk(settings=settings_from(settings), skip_animations=True)
    lesson.setup()
    lesson.construct()
    return lesson


@pytest.fixture(scope="module")
def example_walk(media: Path) -> Walk:
    return walk()


def test_ways_lead_from_e_to_the_weight(example_walk: Walk) -> None:
    ways = example_walk.ways(HIDDEN)
    assert len(ways) == 2
    assert {way[0] for way in ways} == {Partial(bp.E, bp.e(1)), Partial(bp.E, bp.e(2))}
    assert {way[-1] for way in ways} == {Partial(bp.z(2, 1), HIDDEN)}


def test_only_ways_through_shown_nodes_are_found(media: Path) -> None:
    lesson = walk(**WIDE)
    weight = bp.w(1, 1, 1)
    ways = lesson.ways(weight)
    shown = len(lesson.map.plan.rows(2))
    assert len(ways) == shown**2 < lesson.derivation.cost(weight).paths == 64
    assert all(lesson.map.shows_edge(partial) for way in ways for partial in way)


def test_sums_are_walkable_when_all_their_ways_are_shown(media: Path) -> None:
    lesson = walk(**WIDE)
    sums = nest(lesson.derivation, bp.w(1, 1, 1)).before
    assert not lesson.is_walkable(lesson.formula(sums, longest_sum=5))
    assert lesson.is_walkable(lesson.formula(sums, longest_sum=3))
    laid = lesson.laid(sums, layout.WHOLE_BOARD, accept=lesson.is_walkable)
    assert laid is not None and lesson.is_walkable(laid)


def test_light_runs_backwards_and_trails_run_forward(example_walk: Walk) -> None:
    lit = [edge[-1] for edge in example_walk.light(example_walk.ways(HIDDEN)[0])]
    assert all(line.get_start()[0] > line.get_end()[0] for line in lit)
    trails = example_walk.trails(HIDDEN)
    assert [len(stage) for stage in trails] == [1, 1, 2, 2, 2, 2]
    for stage in trails:
        assert all(trail.get_start()[0] < trail.get_end()[0] for trail in stage)
        assert {trail.get_color().to_hex() for trail in stage} == {example_walk.theme[Role.TARGET]}


def test_lit_edges_cover_trails(example_walk: Walk) -> None:
    (trail,), lit = example_walk.trails(HIDDEN)[0], example_walk.lit_edge(Partial(bp.z(2, 1), HIDDEN))[-1]
    assert trail.z_index < lit.z_index
    assert trail.get_stroke_width() < lit.get_stroke_width()


@pytest.mark.parametrize(("sizes", "low"), [([2, 2, 2], True), ([3, 3], True), ([2, 4, 2], False)])
def test_the_map_of_few_rows_leaves_the_board_more_room(media: Path, sizes: list[int], low: bool) -> None:
    lesson = walk(network={"sizes": sizes})
    assert lesson.board == (layout.TRACE_BOARD if low else layout.BOARD)
    assert lesson.map.get_top()[1] < lesson.board.bottom + layout.BORDER


def test_ways_take_tints_by_turns_and_one_way_has_none(example_walk: Walk) -> None:
    assert example_walk.tints(1) == [None]
    assert example_walk.tints(3) == [Role.BRANCH_A, Role.BRANCH_B, Role.BRANCH_A]


def test_a_factor_whose_edge_is_hidden_leaves_e(media: Path) -> None:
    lesson = walk(**WIDE)
    hidden, shown = Partial(bp.E, bp.e(5)), Partial(bp.E, bp.e(1))
    assert lesson.origin(hidden) == pytest.approx(lesson.map.node(bp.E).circle.get_center())
    assert lesson.origin(shown) == pytest.approx(lesson.map.edge_of(shown).get_center())

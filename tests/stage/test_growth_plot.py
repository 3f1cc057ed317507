"""Counts over a chain of stages: heights in proportion, as many edges as there are, inside the zone."""

from __future__ import annotations

import pytest

from scenes.stage.growth_plot import GrowthPlot
from scenes.stage.layout import Zone
from scenes.stage.theme import DARK, Role

ZONE = Zone(-5.0, 5.0, -2.0, 2.0)
STAGES = 4


@pytest.fixture(scope="module")
def plot() -> GrowthPlot:
    return GrowthPlot(DARK, ZONE, STAGES, parallel=3)


def test_counts_stand_as_high_as_they_are_large(plot: GrowthPlot) -> None:
    counts = [3, 9, 27, 81]
    _, *dots = plot.curve(counts, 81, Role.TARGET)
    base = plot.at(0, 0)[1]
    heights = [(dot.get_y() - base) / (ZONE.top - base) for dot in dots]
    assert heights == pytest.approx([count / 81 for count in counts])
    assert [dot.get_x() for dot in dots] == pytest.approx([plot.node(n).get_x() for n in (1, 2, 3, 4)])


def test_a_curve_has_as_many_corners_at_every_stage(plot: GrowthPlot) -> None:
    lines = [plot.curve(counts, 9, Role.TARGET)[0] for counts in ([3], [3, 9], [3, 5, 7, 9])]
    assert len({len(line.points) for line in lines}) == 1
    assert lines[1].get_end() == pytest.approx(plot.at(2, 1))


@pytest.mark.parametrize("parallel", [1, 2, 3, 7])
def test_parallel_edges_go_from_stage_to_stage_by_different_ways(parallel: int) -> None:
    plot = GrowthPlot(DARK, ZONE, STAGES, parallel)
    edges = plot.edges(2)
    assert len(edges) == parallel
    for edge in edges:
        assert plot.node(1).get_x() < edge.get_start()[0] < edge.get_end()[0] < plot.node(2).get_x()
    middles = [round(float(edge.point_from_proportion(0.5)[1]), 4) for edge in edges]
    assert len(set(middles)) == parallel


def test_the_number_of_a_stage_stands_below_its_node(plot: GrowthPlot) -> None:
    for stage in range(1, STAGES + 1):
        assert plot.mark(stage).get_x() == pytest.approx(plot.node(stage).get_x(), abs=0.05)
        assert plot.mark(stage).get_top()[1] < plot.node(stage).get_bottom()[1]

"""The lessons about computational graphs draw the numbers of the storyboard, for every expression."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scenes.computational_graphs import EdgeDerivatives, ExpressionGraph, PathMerging, SumOverPaths
from scenes.stage import layout
from scenes.stage.lesson import Lesson
from tests.scenes.expressions import EXPRESSIONS
from tests.scenes.lessons import in_turn, named, perform

LESSONS: list[type[Lesson]] = [ExpressionGraph, EdgeDerivatives, SumOverPaths, PathMerging]
CASES: dict[str, dict[str, Any]] = {
    "default": {},
    "fork of three, Chinese": {"expression": EXPRESSIONS["fork of three"], "language": "zh"},
    "max, light": {"expression": {**EXPRESSIONS["max"], "name": "f"}, "theme": "light"},
    "nested, without captions": {"expression": EXPRESSIONS["nested"], "captions": "off"},
    "twenty gates": {"expression": EXPRESSIONS["twenty gates"]},
    "one gate": {"expression": EXPRESSIONS["one gate"]},
    "one gate, Chinese, without numbers": {
        "expression": EXPRESSIONS["one gate"],
        "language": "zh",
        "numbers": False,
    },
    "one function, without numbers": {
        "expression": {"formula": "sin(x)", "at": {"x": 2}},
        "numbers": False,
    },
    "default, light, without numbers": {"theme": "light", "numbers": False},
    "twenty gates, without numbers": {"expression": EXPRESSIONS["twenty gates"], "numbers": False},
}


@pytest.mark.parametrize(("lesson", "name"), in_turn(LESSONS, CASES), ids=named)
def test_every_expression_is_shown_in_order(lesson: type[Lesson], name: str, media: Path) -> None:
    performance = perform(lesson, CASES[name], media)
    scene = performance.lesson
    performance.check()
    assert 20 < scene.time < 120


# -- the numbers of the storyboard ----------------------------------------------------------------------


def test_the_expression_becomes_gates_with_the_values_of_the_storyboard(media: Path) -> None:
    performance = perform(ExpressionGraph, {}, media)
    scene = performance.lesson
    said = ["e = (a + b) (b + 1)", "e = v₁ (b + 1)", "e = v₁ v₂"]
    assert set(said) <= performance.texts
    assert {"v₁ = 2 + 1", "v₁ = 3", "e = 3 · 2", "e = 6"} <= performance.texts
    shown = {str(symbol): value for symbol, value in scene.trace.values.items()}
    assert shown == {"a": 2, "b": 1, "v(1)": 3, "v(2)": 2, "e": 6}
    assert set(scene.values) == set(scene.trace.values)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("fork of three, Chinese", lambda: 1.2**3 + math.sin(1.2) * math.exp(0.36)),
        ("max, light", lambda: 2 * (3 * -4 + 2)),
        ("twenty gates", lambda: 10 * 0.25 + 1),
    ],
)
def test_the_graph_computes_what_the_expression_says(
    name: str, value: Callable[[], float], media: Path
) -> None:
    performance = perform(ExpressionGraph, CASES[name], media)
    scene = performance.lesson
    assert scene.trace[scene.graph.output] == pytest.approx(value(), rel=1e-12)
    assert scene.trace[scene.graph.output] in performance.drawn.numbers


def test_every_edge_carries_its_local_derivative(media: Path) -> None:
    performance = perform(EdgeDerivatives, {}, media)
    scene = performance.lesson
    found = {(str(edge.source), str(edge.target)): value for edge, value in scene.trace.locals.items()}
    assert found == {("a", "v(1)"): 1, ("b", "v(1)"): 1, ("b", "v(2)"): 1, ("v(1)", "e"): 2, ("v(2)", "e"): 3}
    assert {"∂v₁/∂a = 1", "∂e/∂v₁ = v₂", "∂e/∂v₁ = 2", "∂e/∂v₂ = v₁", "∂e/∂v₂ = 3"} <= performance.texts
    assert set(scene.locals) == set(scene.trace.locals)
    shown = {id(shape) for mobject in scene.mobjects for shape in mobject.get_family()}
    assert all(id(glyph) in shown for label in scene.locals.values() for glyph in label.name_glyphs)


def test_the_sum_over_paths_is_that_of_the_storyboard(media: Path) -> None:
    performance = perform(SumOverPaths, {}, media)
    scene = performance.lesson
    paths = "∂e/∂b = ∂e/∂v₁ · ∂v₁/∂b + ∂e/∂v₂ · ∂v₂/∂b"
    assert {paths, "∂e/∂b = 2 · 1 + 3 · 1", "∂e/∂b = 5", "∂e/∂a = 2"} <= performance.texts
    assert str(scene.wrt) == "b"
    found = {str(symbol): number.get_center()[0] for symbol, number in scene.derivatives.items()}
    assert found == {
        symbol: pytest.approx(scene.map.node(scene.graph[symbol].symbol).get_x()) for symbol in ("a", "b")
    }


def test_a_sum_over_many_paths_is_that_of_a_difference_quotient(media: Path) -> None:
    def f(x: float) -> float:
        return x**3 + math.sin(x) * math.exp(0.3 * x)

    scene = perform(SumOverPaths, CASES["fork of three, Chinese"], media).lesson
    slope = (f(1.2 + 1e-5) - f(1.2 - 1e-5)) / 2e-5
    assert (str(scene.wrt), len(scene.paths)) == ("x", 5)
    assert scene.full.equation.value == pytest.approx(slope, rel=1e-8)


def test_nine_paths_merge_into_a_product_of_two_sums(media: Path) -> None:
    performance = perform(PathMerging, {}, media)
    scene = performance.lesson
    performance.check()
    assert len(scene.paths) == 9
    spread = "α δ + α ε + α ζ + β δ + β ε + β ζ + γ δ + γ ε + γ ζ"
    assert {f"∂z/∂x = {spread}", "∂z/∂x = (α + β + γ) (δ + ε + ζ)"} <= performance.texts
    assert (scene.merging.path_by_path.total, scene.merging.merged.total) == (9 + 8, 1 + 4)
    assert scene.ways == [3, 9, 27, 81, 243, 729, 2187, 6561, 19683, 59049]
    assert scene.lines == [3, 6, 9, 12, 15, 18, 21, 24, 27, 30]
    assert "3¹⁰ = 59049" in performance.texts


@pytest.mark.parametrize(("parallel", "stages", "paths"), [(1, 2, 1), (2, 3, 8), (4, 2, 16)])
def test_paths_merge_for_other_numbers_of_edges_and_stages(
    parallel: int, stages: int, paths: int, media: Path
) -> None:
    other = type("PathMerging", (PathMerging,), {"parallel": parallel, "stages": stages, "most_stages": 4})
    performance = perform(other, {}, media)
    scene = performance.lesson
    performance.check()
    assert len(scene.paths) == paths
    assert scene.ways == [parallel, parallel**2, parallel**3, parallel**4]
    assert scene.lines == [parallel, 2 * parallel, 3 * parallel, 4 * parallel]


def test_without_parallel_edges_nothing_is_said_of_many_paths(media: Path) -> None:
    alone = type("PathMerging", (PathMerging,), {"parallel": 1, "most_stages": 4})
    usual, scene = (perform(lesson, {}, media).lesson for lesson in (PathMerging, alone))
    assert scene.merging.path_by_path.total == scene.merging.merged.total == 1
    said = {beat.name: beat.caption.text for beat in usual.beats}
    assert all(beat.caption.text != said[beat.name] for beat in scene.beats)


def test_parallel_edges_bend_apart_as_far_as_the_map_is_high(media: Path) -> None:
    scene = perform(PathMerging, {}, media).lesson
    heights = [label.get_y() for label in scene.labels.values()]
    assert max(heights) - min(heights) == pytest.approx(2 * layout.MERGED_RISE, abs=0.05)

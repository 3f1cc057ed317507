"""Every figure of the article *Understanding Backpropagation* has a lesson that answers to it."""

from __future__ import annotations

import re

import pytest

from tests.scenes.lessons import all_lessons

FIGURES = {
    1: "NetworkSetup",
    2: "IndexNotation",
    3: "TraceFinalLayer",
    4: "TraceFinalLayerRest",
    5: "GroupFinalLayer",
    6: "GroupFinalLayer",
    7: "TraceHiddenLayer",
    8: "DeltaFactoring",
    9: "TraceHiddenLayerRest",
    10: "GroupHiddenLayer",
    11: "GroupHiddenLayer",
    12: "GroupHiddenLayer",
    13: "WeightIsDerivative",
    14: "InputIsDerivative",
    15: "NetworkEquations",
    16: "GeneralEquations",
    17: "TraceBias",
    18: "BiasEquations",
    19: "FinalEquations",
}


@pytest.mark.parametrize("figure", FIGURES)
def test_a_lesson_answers_to_the_figure_and_says_so(figure: int) -> None:
    lessons = {lesson.__name__: lesson for lesson in all_lessons()}
    says = lessons[FIGURES[figure]].__doc__ or ""
    named = re.search(r"\(Figs?\. ([\d, ]+)\)", says)
    assert named is not None and figure in map(int, named[1].split(","))


def test_no_lesson_claims_another_figure() -> None:
    for lesson in all_lessons():
        named = re.search(r"\(Figs?\. ([\d, ]+)\)", lesson.__doc__ or "")
        claimed = set(map(int, named[1].split(","))) if named else set()
        assert claimed == {figure for figure, name in FIGURES.items() if name == lesson.__name__}

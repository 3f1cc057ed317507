"""Every lesson runs to its end on every kind of network, and each of its stills is in order."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bpmath.notation import NOTATIONS
from scenes.full_derivation import FullDerivation
from scenes.path_tracing import TraceFinalLayer
from scenes.stage.captions import LANGUAGES, catalogue
from scenes.stage.lesson import Lesson
from scenes.stage.theme import THEMES
from tests.scenes.lessons import NETWORKS, all_lessons, in_turn, named, perform

# These lessons are about expressions and not about the network, and have tests of their own.
ABOUT_EXPRESSIONS = (
    "circuits",
    "computational_graphs",
    "matrix_gradients",
    "sensitivity",
    "staged_code",
    "sweeps",
)
ROUNDING = 1e-6
LESSONS = [m for m in all_lessons() if m.__module__.removeprefix("scenes.") not in ABOUT_EXPRESSIONS]
# Every value of every setting stands at least once, and each with several networks, for every lesson.
CASES: dict[str, dict[str, Any]] = {
    "example": {},
    "example, row vectors": {"notation": "row", "language": "zh"},
    "2-2-2, as Nielsen": {**NETWORKS["2-2-2"], "notation": "nielsen", "theme": "light"},
    "3-4-2, row vectors": {**NETWORKS["3-4-2"], "notation": "row"},
    "2-3-3-1, without captions": {**NETWORKS["2-3-3-1"], "captions": "off", "notation": "row"},
    "1-1-1, Chinese, as Nielsen": {**NETWORKS["1-1-1"], "language": "zh", "notation": "nielsen"},
    "4-5-3-2, light": {**NETWORKS["4-5-3-2"], "theme": "light"},
    "softmax, Chinese": {**NETWORKS["softmax"], "language": "zh"},
    "cross-entropy, row vectors": {**NETWORKS["cross-entropy"], "notation": "row"},
    "wide, as Nielsen": {**NETWORKS["wide"], "notation": "nielsen"},
    "deep, Chinese, light": {**NETWORKS["deep"], "language": "zh", "theme": "light"},
}


def test_the_lessons_are_found() -> None:
    assert {"NetworkSetup", "TraceFinalLayer"} <= {lesson.__name__ for lesson in LESSONS}


@pytest.mark.parametrize(("lesson", "name"), in_turn(LESSONS, CASES), ids=named)
def test_every_still_is_in_order(lesson: type[Lesson], name: str, media: Path) -> None:
    performance = perform(lesson, CASES[name], media)
    performance.check()
    if name == "example":
        assert 20 < performance.lesson.time < 120


@pytest.mark.parametrize("key", ["notation", "language", "theme", "captions"])
def test_the_cases_cover_the_settings(key: str) -> None:
    accepted = {"notation": NOTATIONS, "language": LANGUAGES, "theme": THEMES, "captions": ("burned", "off")}
    default = {"notation": "article", "language": "en", "theme": "dark", "captions": "burned"}
    assert {case.get(key, default[key]) for case in CASES.values()} == set(accepted[key])
    networks = [case.get("network") for case in CASES.values()]
    assert all(network.get("network") in networks for network in NETWORKS.values())


@pytest.mark.parametrize("pace", [0.5, 2.0])
def test_the_pace_stretches_everything_alike(pace: float, media: Path) -> None:
    usual = perform(TraceFinalLayer, {}, media).lesson
    lesson = perform(TraceFinalLayer, {"pace": pace}, media).lesson
    assert lesson.time * pace == pytest.approx(usual.time)
    for beat, known in zip(lesson.beats, usual.beats, strict=True):
        assert beat.still * pace == pytest.approx(known.still)
        assert (beat.end - beat.start) * pace >= beat.caption.reading_time - ROUNDING


def test_lessons_say_what_the_catalogue_says() -> None:
    sentences = catalogue("en")
    films = {FullDerivation.__name__}
    assert {lesson.__name__ for lesson in all_lessons()} | films == set(sentences)
    assert all(set(sentences[film]) == {"title", "step"} for film in films)

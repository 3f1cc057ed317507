"""Every lesson runs to its end on every kind of network, and each of its stills is in order."""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from bpmath.notation import NOTATIONS
from scenes.stage.captions import LANGUAGES, catalogue
from scenes.stage.lesson import LEAST_HOLD, Lesson
from scenes.stage.theme import THEMES
from tests.scenes.drawn import recorded, unfounded
from tests.scenes.lessons import NETWORKS, all_lessons, perform

LESSONS = all_lessons()
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


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for what the typesetter leaves behind, one for each process."""
    return tmp_path_factory.mktemp("media")


def test_the_lessons_are_found() -> None:
    assert {"NetworkSetup", "TraceFinalLayer"} <= {lesson.__name__ for lesson in LESSONS}


def selection() -> list[tuple[type[Lesson], str]]:
    """Return for every lesson the example and two more cases, in turn: all cases are tried on many lessons.

    ALL_CASES=1 in the environment asks for every lesson in every case.
    """
    others = [name for name in CASES if name != "example"]
    if os.environ.get("ALL_CASES"):
        return [(lesson, name) for lesson in LESSONS for name in CASES]
    chosen = [(lesson, "example") for lesson in LESSONS]
    for number, lesson in enumerate(LESSONS):
        chosen += [(lesson, others[(2 * number + step) % len(others)]) for step in (0, 1)]
    return chosen


@pytest.mark.parametrize(("lesson", "name"), selection(), ids=lambda value: getattr(value, "__name__", value))
def test_every_still_is_in_order(lesson: type[Lesson], name: str, media: Path) -> None:
    with recorded() as drawn:
        scene, faults = perform(lesson, CASES[name], media)
    assert faults == []
    assert drawn.formulas
    assert unfounded(scene, drawn) == []
    assert len(scene.beats) >= 5
    assert scene.beats[0].start == 0
    for before, after in pairwise(scene.beats):
        assert before.end == after.start  # nothing moves outside of a beat
    for beat in scene.beats:
        assert beat.end - beat.start >= max(LEAST_HOLD, beat.caption.reading_time) - 0.1
    if name == "example":
        assert 20 < scene.time < 120


@pytest.mark.parametrize("key", ["notation", "language", "theme", "captions"])
def test_the_cases_cover_the_settings(key: str) -> None:
    accepted = {"notation": NOTATIONS, "language": LANGUAGES, "theme": THEMES, "captions": ("burned", "off")}
    default = {"notation": "article", "language": "en", "theme": "dark", "captions": "burned"}
    assert {case.get(key, default[key]) for case in CASES.values()} == set(accepted[key])
    networks = [case.get("network") for case in CASES.values()]
    assert all(network.get("network") in networks for network in NETWORKS.values())


def test_lessons_say_what_the_catalogue_says() -> None:
    sentences = catalogue("en")
    assert {lesson.__name__ for lesson in LESSONS} == set(sentences)

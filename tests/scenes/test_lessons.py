"""Every lesson runs to its end on every kind of network, and each of its stills is in order."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from scenes.stage.captions import catalogue
from scenes.stage.lesson import LEAST_HOLD, Lesson
from tests.scenes.lessons import NETWORKS, all_lessons, perform

LESSONS = all_lessons()
VARIANTS: dict[str, dict[str, Any]] = {
    "chinese": {"language": "zh"},
    "light": {"theme": "light"},
    "without captions": {"captions": "off"},
    "chinese 3-4-2": {"language": "zh", **NETWORKS["3-4-2"]},
    "chinese softmax": {"language": "zh", **NETWORKS["softmax"]},
}


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for what the typesetter leaves behind, one for each process."""
    return tmp_path_factory.mktemp("media")


def test_the_lessons_are_found() -> None:
    assert {"NetworkSetup", "TraceFinalLayer"} <= {lesson.__name__ for lesson in LESSONS}


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.__name__)
@pytest.mark.parametrize("name", NETWORKS)
def test_every_network_is_shown_in_order(lesson: type[Lesson], name: str, media: Path) -> None:
    scene, faults = perform(lesson, NETWORKS[name], media)
    assert faults == []
    assert len(scene.beats) >= 5


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.__name__)
@pytest.mark.parametrize("variant", VARIANTS)
def test_every_setting_is_shown_in_order(lesson: type[Lesson], variant: str, media: Path) -> None:
    _, faults = perform(lesson, VARIANTS[variant], media)
    assert faults == []


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.__name__)
def test_beats_follow_one_another_and_can_be_read(lesson: type[Lesson], media: Path) -> None:
    scene, _ = perform(lesson, {}, media)
    assert scene.beats[0].start == 0
    for before, after in pairwise(scene.beats):
        assert before.end == after.start  # nothing moves outside of a beat
    for beat in scene.beats:
        assert beat.end - beat.start >= max(LEAST_HOLD, beat.caption.reading_time) - 0.1
    assert 20 < scene.time < 120


def test_lessons_say_what_the_catalogue_says() -> None:
    sentences = catalogue("en")
    assert {lesson.__name__ for lesson in LESSONS} == set(sentences)

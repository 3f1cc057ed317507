"""The README shows every lesson, with a picture that is small, and the command that renders it."""

from __future__ import annotations

import pytest

from tests.scenes.lessons import all_lessons
from tools.gallery import EXCERPTS, README, Excerpt, with_table

MOST_BYTES = 1.5e6
MOST_BYTES_IN_ALL = 12e6


def test_every_lesson_has_a_picture() -> None:
    shown = [(f"scenes.{excerpt.chapter}", excerpt.lesson) for excerpt in EXCERPTS]
    assert len(shown) == len(set(shown))
    assert set(shown) == {(lesson.__module__, lesson.__name__) for lesson in all_lessons()}


@pytest.mark.parametrize("excerpt", EXCERPTS, ids=lambda excerpt: excerpt.lesson)
def test_pictures_are_small(excerpt: Excerpt) -> None:
    assert 0 < excerpt.file.stat().st_size < MOST_BYTES


def test_all_pictures_together_are_small() -> None:
    pictures = list(README.parent.glob("media/readme/*"))
    assert {excerpt.file for excerpt in EXCERPTS} == set(pictures)
    assert sum(picture.stat().st_size for picture in pictures) < MOST_BYTES_IN_ALL


def test_the_table_of_the_readme_is_up_to_date() -> None:
    readme = README.read_text(encoding="utf-8")
    assert with_table(readme) == readme

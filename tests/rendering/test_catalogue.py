"""The catalogue knows every lesson, without importing what draws them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from scenes.full_derivation import FullDerivation
from scenes.rendering import catalogue
from scenes.rendering.catalogue import CHAPTERS, FILMS, find_lessons, lesson_class, lessons
from scenes.stage.lesson import Lesson
from tests.scenes.lessons import all_lessons
from tests.scenes.test_figures import FIGURES
from tools.lengths import length_of

MEASURED = ["ForwardPass", "SimpleCircuit"]
"""Lessons whose lengths are compared with their clocks; `python -m tools.lengths` measures all of them."""


def test_every_lesson_is_listed_and_nothing_else() -> None:
    listed = {lesson.name for lesson in lessons() if not lesson.is_film}
    assert listed == {lesson.__name__ for lesson in all_lessons()}
    assert [lesson.name for lesson in lessons() if lesson.is_film] == ["FullDerivation"]


def test_names_are_unique() -> None:
    names = [lesson.name for lesson in lessons()]
    assert len(names) == len(set(names))


def test_a_lesson_is_the_class_that_it_names() -> None:
    for lesson in lessons():
        kind = lesson_class(lesson)
        assert kind.__name__ == lesson.name
        assert issubclass(kind, Lesson) is not lesson.is_film
        first = " ".join((kind.__doc__ or "").splitlines()[0].split())
        assert first.startswith(lesson.about[:-1])


def test_the_story_has_its_order() -> None:
    told = [part.lesson.__name__ for part in FullDerivation.parts]
    assert [lesson.name for lesson in lessons() if lesson.film == FILMS[0].name] == [*told, "FullDerivation"]


def test_figures() -> None:
    known = set(FIGURES.items())
    assert {(figure, lesson.name) for lesson in lessons() for figure in lesson.figures} == known


def test_every_chapter_is_in_one_film() -> None:
    chapters = [chapter for film in FILMS for chapter in film.chapters]
    assert len(chapters) == len(set(chapters))
    there = {file.stem for file in CHAPTERS.glob("*.py")} - {"__init__", "__main__", "settings"}
    assert set(chapters) == there


def test_a_new_chapter_needs_no_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "brand_new.py").write_text(
        'class Helper:\n    """None."""\n\n'
        'class Fresh(Lesson):\n    """A fresh lesson (Figs. 2, 3).\n\n    More."""\n'
        "    def construct(self): ...\n\n"
        'class Again(Fresh):\n    """The same again."""\n\n'
        "class _Hidden(Fresh): ...\n"
    )
    monkeypatch.setattr(catalogue, "CHAPTERS", tmp_path)
    catalogue.lessons.cache_clear()
    found = catalogue.lessons()
    catalogue.lessons.cache_clear()
    assert [(one.name, one.film, one.about, one.figures, one.chapter) for one in found] == [
        ("Fresh", "Further lessons", "A fresh lesson.", (2, 3), "brand_new"),
        ("Again", "Further lessons", "The same again.", (), "brand_new"),
    ]


def test_lessons_are_found_by_name_and_by_chapter() -> None:
    found = [lesson.name for lesson in find_lessons(("sweeps", "TraceBias"))]
    assert found == ["TraceBias", "ForwardMode", "ReverseMode", "ForwardVersusReverse", "NetworkAsGraph"]
    assert not any(lesson.is_film for lesson in find_lessons(()))
    assert find_lessons(("FullDerivation",))[0].is_film


@pytest.mark.parametrize(
    ("name", "hint"), [("TraceBais", r" \(did you mean TraceBias\?\)"), ("xyz", ""), ("", "")]
)
def test_a_lesson_that_is_not_there(name: str, hint: str) -> None:
    with pytest.raises(ValueError, match=rf"^there is no lesson {name}{hint}; `backprop list` shows all$"):
        find_lessons((name,))


def test_every_length_was_measured() -> None:
    assert [lesson.name for lesson in lessons() if lesson.seconds is None] == []


@pytest.mark.parametrize("name", MEASURED)
def test_lengths_are_real(name: str) -> None:
    (lesson,) = find_lessons((name,))
    assert length_of(lesson) == pytest.approx(lesson.seconds, rel=0.02)


def test_the_catalogue_does_not_import_what_draws() -> None:
    source = "import sys; from scenes.rendering.catalogue import lessons; lessons(); print(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", source], capture_output=True, text=True, check=True)
    assert not {"manim", "numpy", "cairo", "av", "bpmath"} & set(run.stdout.split())

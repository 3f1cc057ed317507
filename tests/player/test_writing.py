"""A page is written whole or not at all, and what is wrong is said in one sentence."""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from scenes.player import PlayerError, rendered_lessons, write_player
from scenes.player import writing as writing_module
from tests.player.rendered import write_lessons


@pytest.fixture(autouse=True)
def no_fonts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the letters away: making them takes seconds."""
    from scenes.player.page_fonts import PageFonts

    monkeypatch.setattr("scenes.player.page.page_fonts", lambda text: PageFonts(""))


@pytest.fixture
def lessons(tmp_path: Path) -> Path:
    folder = tmp_path / "lessons"
    folder.mkdir()
    write_lessons(folder)
    return folder


def files(folder: Path) -> set[str]:
    return {str(file.relative_to(folder)) for file in folder.rglob("*")}


def edit(file: Path, **changes: Any) -> None:
    file.write_text(json.dumps({**json.loads(file.read_text(encoding="utf-8")), **changes}))


# -- what is read ---------------------------------------------------------------------------------------


def test_lessons_come_in_the_order_given_and_those_of_a_film_together(lessons: Path) -> None:
    shutil.copy(lessons / "First.json", lessons / "Third.json")
    shutil.copy(lessons / "First.mp4", lessons / "Third.mp4")
    edit(lessons / "Third.json", lesson="Third")
    assert [lesson.record.lesson for lesson in rendered_lessons([lessons])] == ["First", "Third", "Second"]
    given = [lessons / f"{name}.json" for name in ("Third", "Second", "First")]
    assert [lesson.record.lesson for lesson in rendered_lessons(given)] == ["Third", "First", "Second"]


def empty(lessons: Path) -> None:
    for file in lessons.iterdir():
        file.unlink()


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (empty, "there are no rendered lessons in .*lessons; render some first: backprop render"),
        (shutil.rmtree, "there is no such folder"),
        (lambda folder: (folder / "First.json").write_text("{"), "First.json is no JSON"),
        (lambda folder: (folder / "First.json").write_bytes(b"\xff\xfe"), "First.json cannot be read"),
        (lambda folder: edit(folder / "First.json", version=7), "First.json has version 7"),
        (lambda folder: edit(folder / "First.json", beats=[]), "First.json has no beats"),
        (lambda folder: edit(folder / "First.json", lesson="../x"), "'../x', but a lesson has the name"),
        (lambda folder: edit(folder / "First.json", lesson="Second"), "Second is there twice"),
        (lambda folder: (folder / "First.mp4").unlink(), "the video .*First.mp4 of First is missing"),
        (lambda folder: (folder / "First.mp4").write_bytes(b""), "the video .*First.mp4 of First is empty"),
    ],
    ids=[
        "empty",
        "no folder",
        "cut",
        "bytes",
        "version",
        "no beats",
        "path",
        "twice",
        "no video",
        "no bytes",
    ],
)
def test_what_cannot_be_shown_is_refused_in_one_sentence(
    lessons: Path, damage: Callable[[Path], object], words: str
) -> None:
    damage(lessons)
    goal = lessons.parent / "page"
    with pytest.raises(PlayerError, match=words) as refused:
        write_player([lessons], goal)
    assert "\n" not in str(refused.value)
    assert not goal.exists()


def test_an_equation_that_is_none_is_refused(lessons: Path) -> None:
    given = json.loads((lessons / "First.json").read_text(encoding="utf-8"))
    given["beats"][1]["equations"][0]["mathml"] = "<script>alert(1)</script>"
    (lessons / "First.json").write_text(json.dumps(given))
    with pytest.raises(PlayerError, match="beat green of First: an equation has <script>"):
        write_player([lessons], lessons.parent / "page")


def test_an_unknown_language_is_refused(lessons: Path) -> None:
    with pytest.raises(PlayerError, match="language is 'fr', but it must be one of en, zh"):
        write_player([lessons], lessons.parent / "page", language="fr")


def test_the_page_speaks_the_language_of_its_lessons(lessons: Path) -> None:
    edit(lessons / "First.json", language="zh")
    page = write_player([lessons], lessons.parent / "page").page.read_text(encoding="utf-8")
    assert '<html lang="zh">' in page
    assert "逐步推导" in page


# -- where it is written --------------------------------------------------------------------------------


def test_a_page_replaces_the_page_that_was_there(lessons: Path) -> None:
    goal = lessons.parent / "deep" / "page"
    write_player([lessons], goal)
    (goal / "old").write_text("of the page before")
    before = files(goal)
    (lessons / "Second.json").unlink()
    assert write_player([lessons], goal).page == goal / "index.html"
    assert "old" not in files(goal)
    assert files(goal) < before
    assert files(goal.parent) == {"page", *(f"page/{file}" for file in files(goal))}


def test_a_single_file_is_a_file_or_the_index_of_a_folder(lessons: Path) -> None:
    file, folder = lessons.parent / "page.html", lessons.parent / "page"
    assert write_player([lessons], file, single_file=True).page == file
    assert write_player([lessons], folder, single_file=True).page == folder / "index.html"
    assert files(folder) == {"index.html"}
    assert file.read_bytes() == (folder / "index.html").read_bytes()
    assert write_player([lessons], file, single_file=True).page == file


def test_what_is_no_page_is_not_replaced(lessons: Path) -> None:
    with pytest.raises(PlayerError, match="holds something else than a player"):
        write_player([lessons], lessons)
    assert "First.mp4" in files(lessons)
    (lessons.parent / "file").write_text("mine")
    with pytest.raises(PlayerError, match="it is a file, not a folder"):
        write_player([lessons], lessons.parent / "file")
    with pytest.raises(PlayerError, match="cannot be written"):
        write_player([lessons], lessons.parent / "file" / "page")
    (lessons.parent / "folder.html").mkdir()
    with pytest.raises(PlayerError, match="it is a folder"):
        write_player([lessons], lessons.parent / "folder.html", single_file=True)


@pytest.mark.parametrize("single_file", [False, True])
def test_a_full_disk_leaves_the_page_that_was_there(
    lessons: Path, single_file: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    goal = lessons.parent / ("page.html" if single_file else "page")
    write_player([lessons], goal, single_file=single_file)
    before = files(lessons.parent)

    def full(*args: Any, **kwargs: Any) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(writing_module, "_write_single" if single_file else "_write_parts", full)
    with pytest.raises(PlayerError, match="No space left on device; nothing was changed"):
        write_player([lessons], goal, single_file=single_file)
    assert files(lessons.parent) == before


def test_a_page_that_cannot_be_moved_to_its_place_gives_the_old_one_back(
    lessons: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    goal = lessons.parent / "page"
    write_player([lessons], goal)
    before = files(lessons.parent)

    def denied(self: Path, target: Path) -> None:
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))

    monkeypatch.setattr(Path, "rename", denied)
    with pytest.raises(PlayerError, match="Permission denied; nothing was changed"):
        write_player([lessons], goal)
    assert files(lessons.parent) == before


def test_an_interrupted_write_leaves_nothing(lessons: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = files(lessons.parent)

    def interrupted(*args: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(writing_module, "webvtt", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_player([lessons], lessons.parent / "page")
    assert files(lessons.parent) == before

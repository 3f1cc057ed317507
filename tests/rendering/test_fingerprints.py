"""A lesson is rendered again when anything that it is made of changed, and only then."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from scenes.rendering import fingerprints
from scenes.rendering.catalogue import find_lessons
from scenes.rendering.fingerprints import fingerprint, manifest_file, note, still_good
from scenes.rendering.jobs import Job, perform
from scenes.stage import made_from
from tests.rendering.tiny import job

(LESSON,) = find_lessons(("ForwardPass",))
PLAIN = fingerprint(Job(LESSON))


@pytest.fixture(autouse=True)
def fresh() -> None:
    """Sources are read once for a process; not here."""
    fingerprints.sources.cache_clear()


@pytest.mark.parametrize(
    "table",
    [
        {"language": "zh"},
        {"theme": "light"},
        {"notation": "nielsen"},
        {"captions": "off"},
        {"numbers": False},
        {"pace": 2.0},
        {"network": {"sizes": [3, 2]}},
        {"network": {"sizes": [2, 2, 2, 2]}},
        {"sample": {"x": [0.5, 0.5], "y": [1, 0]}},
        {"expression": {"formula": "x * y", "at": {"x": 1, "y": 2}}},
    ],
    ids=str,
)
def test_other_settings_are_another_film(table: dict[str, Any]) -> None:
    assert fingerprint(Job(LESSON, table)) != PLAIN


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({}, {"language": "en", "theme": "dark", "pace": 1, "numbers": True}),
        ({"network": {"sizes": [2, 3]}}, {"network": {"sizes": [2, 3], "seed": 0, "activation": "sigmoid"}}),
    ],
)
def test_the_same_settings_in_other_words_are_not(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert fingerprint(Job(LESSON, one)) == fingerprint(Job(LESSON, other))


def test_expressions_with_other_values_differ() -> None:
    tables = [{"expression": {"formula": "x * y", "at": {"x": 1, "y": y}}} for y in (2, 3)]
    assert len({fingerprint(Job(LESSON, table)) for table in tables}) == 2


@pytest.mark.parametrize(
    "options",
    [{"quality": "l"}, {"format": "webm"}, {"part": 1}, {"lesson": find_lessons(("TraceBias",))[0]}],
)
def test_other_jobs_are_other_films(options: dict[str, Any]) -> None:
    assert fingerprint(replace(Job(LESSON), **options)) != PLAIN


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources to be changed."""
    root = tmp_path_factory.mktemp("sources")
    for package in ("bpmath", "scenes"):
        for file in (fingerprints.ROOT / package).rglob("*.py"):
            place = root / file.relative_to(fingerprints.ROOT)
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, place)
    return root


@pytest.mark.parametrize(
    ("file", "changes"),
    [
        ("scenes/network_setup.py", True),
        ("scenes/beats/forward_pass.py", True),
        ("scenes/stage/lesson.py", True),
        ("scenes/rendering/encoder.py", True),
        ("scenes/rendering/camera.py", True),
        ("bpmath/passes.py", True),
        ("scenes/sweeps.py", False),
        ("scenes/beats/reverse_mode.py", False),
        ("scenes/rendering/pool.py", False),
        ("scenes/command/commands.py", False),
    ],
)
def test_sources_that_a_lesson_is_made_of(
    copy: Path, monkeypatch: pytest.MonkeyPatch, file: str, changes: bool
) -> None:
    monkeypatch.setattr(fingerprints, "ROOT", copy)
    before, content = fingerprints.sources("scenes.network_setup"), (copy / file).read_bytes()
    fingerprints.sources.cache_clear()
    (copy / file).write_bytes(content + b"\n# changed\n")
    after = fingerprints.sources("scenes.network_setup")
    (copy / file).write_bytes(content)
    assert (after != before) is changes


def test_words_of_other_lessons_do_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    tables = {"en": {"ForwardPass": {"title": "One"}, "TraceBias": {"title": "Two"}}}
    monkeypatch.setattr(fingerprints, "catalogue", lambda language: tables.get(language, {}))
    before = fingerprint(Job(LESSON))
    tables["en"]["TraceBias"] = {"title": "Three"}
    assert fingerprint(Job(LESSON)) == before
    tables["en"]["ForwardPass"] = {"title": "Four"}
    assert fingerprint(Job(LESSON)) != before


def test_another_library_is_another_film(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(made_from, "version", lambda name: "0")
    assert fingerprint(Job(LESSON)) != PLAIN


# -- what stands beside a film ------------------------------------------------------------------------


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lessons")
    note(job(), perform(job(), folder), folder, "fingerprint")
    return folder


@pytest.fixture
def folder(rendered: Path, tmp_path: Path) -> Path:
    shutil.copytree(rendered, tmp_path, dirs_exist_ok=True)
    return tmp_path


def test_what_has_not_changed_is_good(folder: Path) -> None:
    kept = still_good(job(), folder, "fingerprint")
    assert kept is not None and kept.files == ("Tiny.json", "Tiny.mp4", "Tiny.sections.json", "Tiny.srt")
    assert still_good(job(), folder, "another fingerprint") is None


@pytest.mark.parametrize("name", ["Tiny.mp4", "Tiny.srt", "Tiny.json", "Tiny.sections.json"])
@pytest.mark.parametrize("damage", ["gone", "cut", "changed", "a folder"])
def test_a_damaged_file_is_rendered_again(folder: Path, name: str, damage: str) -> None:
    file = folder / name
    content = file.read_bytes()
    file.unlink()
    if damage == "a folder":
        file.mkdir()
    elif damage != "gone":
        file.write_bytes(content[: len(content) // 2] if damage == "cut" else content[:-1] + b"\x01")
    assert still_good(job(), folder, "fingerprint") is None


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"null", b"\xff\xfe", b'{"fingerprint": "fingerprint"}', b'{"rendered": 1}']
)
def test_a_corrupt_manifest_is_rendered_again(folder: Path, content: bytes) -> None:
    manifest_file(job(), folder).write_bytes(content)
    assert still_good(job(), folder, "fingerprint") is None


def test_a_manifest_is_written_at_once(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = manifest_file(job(), folder).read_bytes()
    kept = still_good(job(), folder, "fingerprint")
    assert kept is not None

    def interrupted(*about: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        note(job(), kept, folder, "newer")
    assert manifest_file(job(), folder).read_bytes() == before

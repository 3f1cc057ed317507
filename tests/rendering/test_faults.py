"""What goes wrong is one sentence; nothing half-written stays; the next run succeeds."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from pathlib import Path

import pytest

from scenes.rendering.faults import RenderError, missing_library, sentence_of
from tests.rendering.test_pool import FILES, PROGRAM, ROOT, names

BLOCKS = 8
"""A limit of so many blocks of 512 bytes for a file stands for a disk that is full after them."""


def run(
    tmp_path: Path, folder: Path, *lessons: str, limit: int | None = None, shadow: Path | None = None
) -> tuple[int, list[str]]:
    """Render tiny lessons by the command; return the exit code and the lines of errors."""
    program = tmp_path / "program.py"
    program.write_text(PROGRAM)
    command = [sys.executable, str(program), "tiny", str(folder), *lessons]
    if limit is not None:
        command = ["sh", "-c", f'ulimit -f {limit}; exec "$@"', "sh", *command]
    places = [str(place) for place in (shadow, ROOT) if place]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(places)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120)
    return done.returncode, done.stderr.splitlines()


def test_a_full_disk_and_afterwards_room(tmp_path: Path) -> None:
    folder = tmp_path / "lessons"
    code, errors = run(tmp_path, folder, "Tiny", limit=BLOCKS)
    assert code == 1
    assert errors == [
        f"backprop: Tiny: there is no room left for it in {folder}: free some, and render again"
    ]
    assert names(folder) == []
    assert run(tmp_path, folder, "Tiny") == (0, [])
    assert names(folder) == [".Tiny.mp4.rendered", *FILES]


def test_a_folder_that_cannot_be_written_to(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("in the way")
    code, errors = run(tmp_path, file / "lessons", "Tiny")
    assert code == 1
    assert errors == [
        f"backprop: {file / 'lessons'} cannot be used (Not a directory): choose another with --output"
    ]
    assert file.read_text() == "in the way"


def package(place: Path, name: str, source: str) -> Path:
    """Make a package that stands before the one of its name."""
    (place / name).mkdir(parents=True)
    (place / name / "__init__.py").write_text(source)
    return place


def test_a_missing_font(tmp_path: Path) -> None:
    folder = tmp_path / "lessons"
    shadow = package(tmp_path / "shadow", "fontpkg_inter", "")
    code, errors = run(tmp_path, folder, "Tiny", shadow=shadow)
    assert (code, errors) == (
        1,
        ["backprop: The font Inter is not installed: run `pip install fontpkg-inter`."],
    )
    assert not folder.exists()
    assert run(tmp_path, folder, "Tiny") == (0, [])


def test_a_missing_system_library(tmp_path: Path) -> None:
    said = "libpangocairo-1.0.so.0: cannot open shared object file: No such file or directory"
    shadow = package(tmp_path / "shadow", "manimpango", f"raise ImportError({said!r})")
    code, errors = run(tmp_path, tmp_path / "lessons", "Tiny", shadow=shadow)
    assert code == 1
    assert errors == [
        f"backprop: a system library that Manim draws with is missing ({said}): install Cairo and Pango, on "
        "Debian and Ubuntu with `apt install libcairo2 libpangocairo-1.0-0`, on macOS with "
        "`brew install cairo pango`"
    ]


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "there is no room left for it in out: free some"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "there is no room left for it in out: free some"),
        (
            PermissionError(errno.EACCES, "Permission denied"),
            r"out cannot be written to \(Permission denied\): ",
        ),
        (
            OSError(errno.EROFS, "Read-only file system"),
            r"out cannot be written to \(Read-only file system\): ",
        ),
        (MemoryError(), "there is not enough memory: render with fewer --jobs"),
        (ModuleNotFoundError("No module named 'manim'"), r"a package is missing \(No module named 'manim'\)"),
        (ValueError("one\n  two"), "^ValueError: one two$"),
        (KeyError(), "^KeyError$"),
    ],
    ids=lambda value: type(value).__name__,
)
def test_faults_in_one_sentence(error: Exception, sentence: str) -> None:
    with pytest.raises(RenderError, match=sentence) as caught:
        raise RenderError(sentence_of(error, Path("out")))
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "said",
    [
        "libcairo.so.2: cannot open shared object file: No such file or directory",
        "dlopen(_cairo.so, 2): Library not loaded: libcairo.2.dylib",
        "DLL load failed while importing _cairo: The specified module could not be found.",
    ],
)
def test_libraries_of_the_system_are_told_from_packages(said: str) -> None:
    assert "install Cairo and Pango" in missing_library(ImportError(said))

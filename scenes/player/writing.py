"""Writing the page: everything to a temporary place beside the goal, then there in one move."""

from __future__ import annotations

import base64
import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from scenes.player.lessons import PlayerError, RenderedLesson, rendered_lessons
from scenes.player.page import Page, make_page
from scenes.player.webvtt import webvtt
from scenes.stage.captions import LANGUAGES

INDEX = "index.html"
MARK = '<meta name="generator" content="backprop-manim">'


@dataclass(frozen=True)
class WrittenPlayer:
    """A page that was written: the file to open, and what its maker should know."""

    page: Path
    notes: tuple[str, ...] = ()


def write_player(
    rendered: Iterable[Path], output: Path, *, single_file: bool = False, language: str | None = None
) -> WrittenPlayer:
    """Write the page of rendered lessons, which are in folders or named by their records.

    It becomes the folder `output`, or with `single_file` one file: `output` itself where that ends in .html,
    else index.html in that folder.  It speaks `language`, by default that of the first lesson.
    A page that was there is replaced; when anything fails it stays.
    Raises PlayerError, in one sentence, for what cannot be read or written.
    """
    lessons = rendered_lessons(rendered)
    language = lessons[0].record.language if language is None else language
    if language not in LANGUAGES:
        raise PlayerError(f"language is {language!r}, but it must be one of {', '.join(LANGUAGES)}")
    try:
        if single_file and output.suffix == ".html":
            return _write_file(lessons, output, language)
        return _write_folder(lessons, output, language, single_file)
    except OSError as error:
        why = error.strerror or str(error)
        raise PlayerError(f"the page cannot be written to {output}: {why}; nothing was changed") from None


def _write_file(lessons: Sequence[RenderedLesson], output: Path, language: str) -> WrittenPlayer:
    if output.is_dir():
        raise PlayerError(f"the page cannot be written to {output}: it is a folder")
    page = _page(lessons, language, single_file=True)
    output.parent.mkdir(parents=True, exist_ok=True)
    with _temporary(output) as folder:
        _write_single(page, lessons, folder / INDEX)
        os.replace(folder / INDEX, output)
    return WrittenPlayer(output, page.notes)


def _write_folder(
    lessons: Sequence[RenderedLesson], output: Path, language: str, single_file: bool
) -> WrittenPlayer:
    _check_replaceable(output)
    page = _page(lessons, language, single_file)
    output.parent.mkdir(parents=True, exist_ok=True)
    with _temporary(output) as folder:
        if single_file:
            _write_single(page, lessons, folder / INDEX)
        else:
            _write_parts(page, lessons, folder)
        _replace(folder, output)
    return WrittenPlayer(output / INDEX, page.notes)


def _page(lessons: Sequence[RenderedLesson], language: str, single_file: bool) -> Page:
    names = [lesson.record.lesson for lesson in lessons]
    addresses = {name: f"#video-{name}" if single_file else f"videos/{name}.mp4" for name in names}
    return make_page([lesson.record for lesson in lessons], addresses, language)


def _write_parts(page: Page, lessons: Sequence[RenderedLesson], folder: Path) -> None:
    for name, text in (("style.css", page.style), ("script.js", page.script), (INDEX, page.html)):
        (folder / name).write_text(text, encoding="utf-8")
    for kind in ("videos", "captions"):
        (folder / kind).mkdir()
    for lesson in lessons:
        record = lesson.record
        shutil.copyfile(lesson.video, folder / "videos" / f"{record.lesson}.mp4")
        for language in LANGUAGES:
            cues = folder / "captions" / f"{record.lesson}.{language}.vtt"
            cues.write_text(webvtt(record.beats, language), encoding="utf-8")


def _write_single(page: Page, lessons: Sequence[RenderedLesson], file: Path) -> None:
    """Write one HTML file; of the videos there is never more than one in memory."""
    before, behind = page.in_one("<!-- videos -->").split("<!-- videos -->")
    with file.open("w", encoding="utf-8") as written:
        written.write(before)
        for lesson in lessons:
            encoded = base64.b64encode(lesson.video.read_bytes()).decode()
            name = lesson.record.lesson
            written.write(f'<script type="text/plain" id="video-{name}">{encoded}</script>\n')
        written.write(behind)


def _check_replaceable(output: Path) -> None:
    """Refuse to replace a folder that is not a page: whatever is in it is someone's."""
    if output.exists() and not output.is_dir():
        raise PlayerError(f"the page cannot be written to {output}: it is a file, not a folder")
    if not output.exists() or not any(output.iterdir()):
        return
    index = output / INDEX
    if not (index.is_file() and MARK in index.read_text(encoding="utf-8", errors="replace")):
        raise PlayerError(f"{output} holds something else than a player; name an empty or a new folder")


@contextmanager
def _temporary(output: Path) -> Iterator[Path]:
    """Give a folder beside the output, to be moved there; it is gone in the end, whatever happens."""
    folder = Path(tempfile.mkdtemp(prefix=f".{output.name}-", dir=output.parent))
    try:
        folder.chmod(0o755)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _replace(folder: Path, output: Path) -> None:
    """Move a finished folder to its place; what was there goes only when the new one stands."""
    if not output.exists():
        folder.rename(output)
        return
    old = Path(tempfile.mkdtemp(prefix=f".{output.name}-", dir=output.parent))
    try:
        os.replace(output, old)
        try:
            folder.rename(output)
        except OSError:
            os.replace(old, output)
            raise
    finally:
        with contextlib.suppress(OSError):
            shutil.rmtree(old, ignore_errors=True)

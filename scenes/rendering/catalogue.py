"""The lessons by film, in the order of the story, read from their files without importing Manim."""

from __future__ import annotations

import ast
import difflib
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

__all__ = ["FILMS", "ChapteredFilm", "Listed", "find_lessons", "lesson_class", "lessons"]

CHAPTERS = Path(__file__).parent.parent
LENGTHS = Path(__file__).parent / "lengths.toml"
_NO_CHAPTERS = ("__init__", "__main__", "settings")
_FIGURES = re.compile(r"\s*\(Figs?\. ([\d, ]+)\)")


@dataclass(frozen=True)
class ChapteredFilm:
    """A film: its name, and its chapters in order, each a file of `scenes`."""

    name: str
    chapters: tuple[str, ...]


FILMS = (
    ChapteredFilm(
        "The derivation",
        (
            *("network_setup", "path_tracing", "delta_factoring", "delta_recursion", "matrix_grouping"),
            *("substitution", "network_equations", "general_equations", "full_derivation"),
        ),
    ),
    ChapteredFilm(
        "Graphs and circuits",
        (
            *("computational_graphs", "sweeps", "circuits", "staged_code", "matrix_gradients"),
            "sensitivity",
        ),
    ),
    ChapteredFilm("Losses, rows and learning", ("losses", "row_vectors", "learning")),
)
FURTHER = "Further lessons"
"""The film of chapters that no other names."""


@dataclass(frozen=True)
class Listed:
    """A lesson in the catalogue: where it is, what it says of itself, which figures it answers.

    `seconds` is its length with the settings of the example, None where it was not measured; `is_film` says
    that it plays other lessons.
    """

    name: str
    module: str
    film: str
    about: str
    figures: tuple[int, ...]
    seconds: float | None
    is_film: bool = False

    @property
    def chapter(self) -> str:
        """The name of the file that it is in."""
        return self.module.rpartition(".")[2]


@cache
def lessons() -> tuple[Listed, ...]:
    """Return all lessons, by film."""
    lengths = tomllib.loads(LENGTHS.read_text(encoding="utf-8")) if LENGTHS.is_file() else {}
    there = [file.stem for file in sorted(CHAPTERS.glob("*.py")) if file.stem not in _NO_CHAPTERS]
    named = {chapter for film in FILMS for chapter in film.chapters}
    further = ChapteredFilm(FURTHER, tuple(chapter for chapter in there if chapter not in named))
    return tuple(
        _listed(node, chapter, film.name, lengths)
        for film in (*FILMS, further)
        for chapter, node in _lesson_nodes(film)
    )


def find_lessons(names: tuple[str, ...]) -> tuple[Listed, ...]:
    """Return the lessons of these names in the catalogue's order: of all, where none is given, but no film.

    A name may be a chapter's too.  Raises ValueError for one that is not there.
    """
    if not names:
        return tuple(lesson for lesson in lessons() if not lesson.is_film)
    known = {name for lesson in lessons() for name in (lesson.name, lesson.chapter)}
    for name in names:
        if name not in known:
            close = difflib.get_close_matches(name, known, 1)
            hint = f" (did you mean {close[0]}?)" if close else ""
            raise ValueError(f"there is no lesson {name}{hint}; `backprop list` shows all")
    return tuple(lesson for lesson in lessons() if {lesson.name, lesson.chapter} & set(names))


def lesson_class(lesson: Listed) -> type[Any]:
    """Return the class of a lesson, a `Lesson` or a `Film`."""
    found: type[Any] = getattr(import_module(lesson.module), lesson.name)
    return found


def _lesson_nodes(film: ChapteredFilm) -> list[tuple[str, ast.ClassDef]]:
    """Return the classes of a film's chapters that play something, in the order in which it is told."""
    found: list[tuple[str, ast.ClassDef]] = []
    for chapter in film.chapters:
        if not (file := CHAPTERS / f"{chapter}.py").is_file():
            continue
        tree = ast.parse(file.read_text(encoding="utf-8"), str(file))
        playing: set[str] = set()
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
                if _members(node) & {"construct", "parts"} or bases & playing:
                    playing.add(node.name)
                    found.append((chapter, node))
    # A scene that plays all lessons of a film knows their order best.
    told = [name for _, node in found for name in _parts(node)]
    return sorted(found, key=lambda one: told.index(one[1].name) if one[1].name in told else len(told))


def _parts(node: ast.ClassDef) -> list[str]:
    """Return the names of the lessons that a film plays."""
    assigned = [inner for inner in node.body if isinstance(inner, ast.Assign)]
    parts = [one for one in assigned if any(isinstance(t, ast.Name) and t.id == "parts" for t in one.targets)]
    calls = [inner for one in parts for inner in ast.walk(one.value) if isinstance(inner, ast.Call)]
    return [call.args[0].id for call in calls if call.args and isinstance(call.args[0], ast.Name)]


def _members(node: ast.ClassDef) -> set[str]:
    functions = {inner.name for inner in node.body if isinstance(inner, ast.FunctionDef)}
    assigned = [target for inner in node.body if isinstance(inner, ast.Assign) for target in inner.targets]
    return functions | {target.id for target in assigned if isinstance(target, ast.Name)}


def _listed(node: ast.ClassDef, chapter: str, film: str, lengths: dict[str, Any]) -> Listed:
    about = (ast.get_docstring(node) or "").partition("\n")[0]
    named = _FIGURES.search(about)
    return Listed(
        name=node.name,
        module=f"scenes.{chapter}",
        film=film,
        about=" ".join(_FIGURES.sub("", about).split()),
        figures=tuple(map(int, named[1].split(","))) if named else (),
        seconds=lengths.get(node.name),
        is_film="parts" in _members(node),
    )

"""What a rendered lesson was made from, as a number that changes when anything of it does."""

from __future__ import annotations

import ast
import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from scenes.rendering.jobs import Job, Rendered
from scenes.settings import settings_from
from scenes.stage.captions import LANGUAGES, catalogue
from scenes.stage.made_from import PACKAGES, ROOT, described, digest_of, surroundings

__all__ = ["fingerprint", "note", "still_good"]

DRAWING = "scenes.rendering.playing"
NOT_SEEN = ("catalogue", "crews", "faults", "fingerprints", "jobs", "pool")
"""Modules of scenes.rendering that a picture does not depend on."""


def fingerprint(job: Job) -> str:
    """Return the fingerprint of what a job would make."""
    settings = settings_from(job.settings)
    made_from = {
        "lesson": (job.lesson.name, job.lesson.film, job.quality, job.format, job.part),
        "sources": sources(job.lesson.module),
        "words": _words(job),
        "settings": described(settings),
        **surroundings(settings.language),
    }
    return hashlib.sha256(json.dumps(made_from, sort_keys=True).encode()).hexdigest()


def _words(job: Job) -> list[Any]:
    """Return the sentences of a lesson, or for a film those of all."""
    tables = [catalogue(language) for language in LANGUAGES]
    if job.lesson.is_film:
        return [{lesson: dict(words) for lesson, words in table.items()} for table in tables]
    return [dict(table.get(job.lesson.name, {})) for table in tables]


@cache
def sources(module: str) -> str:
    """Return a digest of the source of a module, of what it imports of ours, and of what draws."""
    seen: set[Path] = set()
    waiting = [module, DRAWING]
    while waiting:
        for file in _files(waiting.pop()):
            if file not in seen:
                seen.add(file)
                waiting += _imports(file)
    return digest_of(seen, ROOT)


def _files(module: str) -> Iterator[Path]:
    """Yield the file of a module and those of the packages that it is in; nothing for what is not ours."""
    parts = module.split(".")
    if parts[0] not in PACKAGES or (parts[:2] == ["scenes", "rendering"] and parts[-1] in NOT_SEEN):
        return
    for depth in range(1, len(parts) + 1):
        place = ROOT.joinpath(*parts[:depth])
        yield from (file for file in (place / "__init__.py", place.with_suffix(".py")) if file.is_file())


@cache
def _imports(file: Path) -> tuple[str, ...]:
    found: list[str] = []
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
    return tuple(found)


@dataclass(frozen=True)
class Manifest:
    """What stands beside a rendered lesson: its fingerprint, and the digests of its files."""

    fingerprint: str
    rendered: Rendered
    digests: Mapping[str, str]


def manifest_file(job: Job, folder: Path) -> Path:
    """Return where the manifest of a job is kept."""
    return folder / f".{job.name}.{job.format}.rendered"


def note(job: Job, rendered: Rendered, folder: Path, print_: str) -> None:
    """Note that a job was rendered, from what its fingerprint says."""
    digests = {name: _digest(folder / name) for name in rendered.files}
    manifest = manifest_file(job, folder)
    unfinished = manifest.with_suffix(".unfinished")
    unfinished.write_text(json.dumps(asdict(Manifest(print_, rendered, digests))), encoding="utf-8")
    unfinished.replace(manifest)


def still_good(job: Job, folder: Path, print_: str) -> Rendered | None:
    """Return what a job made before, if it would make the same again and all of it is whole."""
    try:
        kept = json.loads(manifest_file(job, folder).read_text(encoding="utf-8"))
        rendered = Rendered(**{**kept["rendered"], "files": tuple(kept["rendered"]["files"])})
        whole = all(_digest(folder / name) == kept["digests"][name] for name in rendered.files)
        return rendered if whole and kept["fingerprint"] == print_ else None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None  # whatever is wrong with it, rendering again puts it right


def _digest(file: Path) -> str:
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()

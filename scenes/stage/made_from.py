"""What a lesson's pictures are made from, as plain data: settings, libraries, files."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from scenes.settings import Settings
from scenes.stage.fonts import text_fonts

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("bpmath", "scenes")
SUFFIXES = (".py", ".toml")
_LIBRARIES = ("manim", "typst", "numpy", "pycairo", "av")


def described(settings: Settings) -> dict[str, Any]:
    """Return settings as plain data, the same for all ways to write the same ones."""
    network, shown = settings.network, settings.expression
    return {
        "network": [array.tolist() for array in (*network.weights, *network.biases)],
        "functions": [str(network.activations), str(network.loss)],
        "sample": [settings.x.tolist(), settings.y.tolist()],
        "expression": None if shown is None else [shown.text, str(shown.trace.values)],
        "words": [settings.notation, settings.language, settings.captions],
        "picture": [str(settings.theme), settings.numbers, settings.pace],
    }


def surroundings(language: str) -> dict[str, Any]:
    """Return the versions of the libraries that draw, and what fonts a language is set in."""
    return {
        "libraries": {name: version(name) for name in _LIBRARIES},
        "fonts": text_fonts(language).typst_preamble(),
    }


@cache
def our_files() -> str:
    """Return a digest of all our sources and captions."""
    found = (file for package in PACKAGES for file in (ROOT / package).rglob("*"))
    return digest_of((file for file in found if file.suffix in SUFFIXES), ROOT)


def digest_of(files: Iterable[Path], root: Path) -> str:
    """Return a digest of the contents of files, and of their names below a folder."""
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(f"{file.relative_to(root).as_posix()}\0".encode())
        digest.update(file.read_bytes())
    return digest.hexdigest()

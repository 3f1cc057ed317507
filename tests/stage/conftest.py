"""What the tests of the stage share."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from manim import tempconfig

import bpmath as bp


@pytest.fixture(scope="package", autouse=True)
def media(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder for what the typesetter leaves behind, one for each process: two would disturb each other."""
    folder = tmp_path_factory.mktemp("media")
    quiet = {"dry_run": True, "verbosity": "ERROR", "progress_bar": "none"}
    with tempconfig({**quiet, "media_dir": str(folder)}):
        yield folder


@pytest.fixture(scope="package")
def example() -> bp.Derivation:
    """The derivation of the example network on its sample."""
    return bp.derive(bp.example_network(), *bp.example_sample())

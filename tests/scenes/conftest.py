"""What the tests of lessons share."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def media(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for what the typesetter leaves behind, one for each process."""
    return tmp_path_factory.mktemp("media")

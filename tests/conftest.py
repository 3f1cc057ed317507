"""What all tests share."""

from __future__ import annotations

from importlib.util import find_spec

import pytest
from hypothesis import settings

from tests.player.chromium import find_chromium

# Machines differ in speed; a slow one must not make a true statement fail.
settings.register_profile("backprop", deadline=None, print_blob=True)
settings.load_profile("backprop")

# A test that is skipped is easily overlooked; so these are left out, and the end of the report says it.
TORCH_IS_MISSING = find_spec("torch") is None
CHROMIUM_IS_MISSING = find_chromium() is None
collect_ignore_glob = [
    *(["torch", "torch/*"] if TORCH_IS_MISSING else []),
    *(["player/browser", "player/browser/*"] if CHROMIUM_IS_MISSING else []),
]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say what there was nothing to test with or against: no PyTorch, no Chromium."""
    if TORCH_IS_MISSING:
        terminalreporter.write_line(
            "The tests against PyTorch did not run: PyTorch is not installed (make test-torch installs it)."
        )
    if CHROMIUM_IS_MISSING:
        terminalreporter.write_line(
            "The player was not tried in a browser: Chromium is not installed (make test-player installs it)."
        )

"""What the tests of the command share."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from scenes.command import main

__all__ = ["Ran"]


@dataclass(frozen=True)
class Ran:
    """What a run of the command came to."""

    code: int
    output: str
    errors: str


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory of its own, and no settings file named from outside."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BACKPROP_CONFIG", raising=False)
    return tmp_path


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """A function that runs `backprop` with arguments."""

    def run_command(*arguments: str) -> Ran:
        monkeypatch.setattr("sys.argv", ["backprop", *arguments])
        monkeypatch.setattr("signal.signal", lambda *about: None)
        code = 0
        try:
            main()
        except SystemExit as end:
            code = int(end.code or 0)
        captured = capsys.readouterr()
        return Ran(code, captured.out, captured.err)

    return run_command

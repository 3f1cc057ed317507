"""A user's mistake ends `manim render` with one sentence, not with a traceback."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from scenes.path_tracing import TraceFinalLayer
from scenes.stage import fonts


def start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> str:
    """Start a lesson as Manim does, with a settings file; return what it says as it gives up."""
    file = tmp_path / "mine.toml"
    file.write_text(text, encoding="utf-8")
    monkeypatch.setenv("BACKPROP_CONFIG", str(file))
    with pytest.raises(SystemExit) as ended:
        TraceFinalLayer()
    return str(ended.value.code)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("lang = 'en'", "key lang is unknown (did you mean language?)"),
        ("[network]\nsizes = [2, 0, 2]", "sizes[1] is 0, but it must be a whole number from 1 on"),
        ("[network]\nsizes = [2, 2, 2, 2, 2, 2, 2]", "6 layers of weights do not fit on the map"),
        ("[sample]\nx = [1, 2, 3]\ny = [0, 1]", "x has shape (3,), but the network has 2 inputs"),
    ],
)
def test_wrong_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, sentence: str) -> None:
    said = start(tmp_path, monkeypatch, text)
    assert sentence in said
    assert "mine.toml" in said
    assert "\n" not in said


def test_a_missing_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("BACKPROP_CONFIG", str(tmp_path / "gone.toml"))
    with pytest.raises(SystemExit, match=r"gone\.toml, but there is no such file"):
        TraceFinalLayer()


def test_a_missing_chinese_font(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(*arguments: Any) -> Any:
        raise fonts.MissingFont("The font Noto Sans SC is not installed: run `pip install ...`.")

    monkeypatch.setattr("scenes.stage.lesson.text_fonts", missing)
    said = start(tmp_path, monkeypatch, 'language = "zh"')
    assert said == "backprop-manim: The font Noto Sans SC is not installed: run `pip install ...`."

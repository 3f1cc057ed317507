"""The four commands, as they are called."""

from __future__ import annotations

import importlib
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from scenes.command import main
from scenes.command.plain_text import PlainText, columns
from scenes.rendering.catalogue import lessons
from scenes.rendering.jobs import Job, Rendered, perform
from tests.command.conftest import Ran
from tests.rendering.tiny import job, listed
from tests.rendering.videos import frames

Run = Callable[..., Ran]
ROOT = Path(__file__).parent.parent.parent


def test_the_command_is_installed() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    module, _, function = project["scripts"]["backprop"].partition(":")
    assert getattr(importlib.import_module(module), function) is main


def test_python_m_scenes_is_the_command() -> None:
    done = subprocess.run([sys.executable, "-m", "scenes", "list"], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert "NetworkSetup" in done.stdout


def test_help_names_all_commands(run: Run) -> None:
    told = run("--help")
    assert told.code == 0
    for name in ("list", "render", "derive", "player"):
        assert f"\n  {name} " in told.output
        assert run(name, "--help").code == 0


def test_the_list_has_a_line_for_each_lesson(run: Run) -> None:
    lines = [line.split() for line in run("list").output.splitlines()]
    for lesson in lessons():
        (line,) = [line for line in lines if line and line[0] == lesson.name]
        if lesson.seconds is not None:
            assert line[1] == f"{round(lesson.seconds) // 60}:{round(lesson.seconds) % 60:02d}"
    assert "Fig. 5, 6" in run("list").output


@pytest.mark.parametrize(
    "arguments",
    [
        ("unknown",),
        ("render", "Unknown"),
        ("render", "TraceBais"),
        ("render", "--quality", "x"),
        ("render", "--format", "avi"),
        ("render", "--jobs", "0"),
        ("render", "--sizes", "3-x"),
        ("render", "--at", "x=3"),
        ("render", "--loss", "none"),
        ("render", "--unknown"),
        ("derive", "--output", "x.doc"),
        ("derive", "--language", "de"),
        ("player", "Unknown"),
        ("player", "--language", "de"),
    ],
    ids=" ".join,
)
def test_what_there_is_not_is_one_sentence_and_exit_code_2(run: Run, arguments: tuple[str, ...]) -> None:
    ran = run(*arguments)
    assert (ran.code, ran.output) == (2, "")
    assert ran.errors.startswith("backprop: ")
    assert len(ran.errors.splitlines()) == 1


@pytest.mark.parametrize("executor", ["remote", "dask:", "tcp://host:1"])
def test_executors_that_there_are_not(run: Run, executor: str) -> None:
    ran = run("render", "ForwardPass", "--executor", executor)
    assert ran.code == 2
    assert ran.errors.startswith(
        f"backprop: --executor is {executor!r}, but it must be local, or dask:// and"
    )


# -- derive -------------------------------------------------------------------------------------------


def test_the_derivation_as_text(run: Run) -> None:
    ran = run("derive", "--sizes", "2-2")
    assert (ran.code, ran.errors) == (0, "")
    assert ran.output.startswith("Backpropagation through a 2-2 network\n=====")
    assert "∂E/∂w₁₁⁽¹⁾ = " in ran.output
    assert "frac" not in ran.output and "$" not in ran.output
    assert max(len(line) for line in ran.output.splitlines() if not line.startswith(" ")) <= 100


def test_the_derivation_in_chinese(run: Run) -> None:
    ran = run("derive", "--sizes", "2-2", "--language", "zh")
    assert (ran.code, ran.errors) == (0, "")
    assert ran.output.startswith("2-2 网络的反向传播\n======")
    running = [line for line in ran.output.splitlines() if not line.startswith(" ")]
    assert 90 < max(map(columns, running)) <= 100
    assert not any(line.startswith(tuple("，。：；、）”")) for line in running)


def test_lines_are_broken_between_words_and_between_chinese_characters() -> None:
    assert PlainText("article").paragraph("word " * 30).splitlines() == [
        ("word " * 20).strip(),
        "word " * 9 + "word",
    ]
    assert PlainText("article").paragraph(f"{'字' * 49}字。第二行").splitlines() == ["字" * 49, "字。第二行"]
    assert PlainText("article").paragraph("a" * 120) == "a" * 120
    for before, kept in (("字" * 48, "z₁⁽¹⁾。"), ("字" * 49, "“字”，"), ("字" * 49 + "a", "（字）")):
        lines = PlainText("article").paragraph(f"{before} {kept}第二行").splitlines()
        assert (lines[0], lines[1][: len(kept)]) == (before, kept), "punctuation stays with its words"


def test_the_pdf_has_chinese_letters(run: Run, folder: Path) -> None:
    ran = run("derive", "--sizes", "2-2", "--language", "zh", "--output", "d.pdf")
    assert (ran.code, ran.errors) == (0, "")
    assert b"NotoSansSC" in (folder / "d.pdf").read_bytes()


def test_a_pdf_without_its_font_is_one_sentence(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pylopdf_fonts_zh_cn", None)
    ran = run("derive", "--sizes", "2-2", "--language", "zh", "--output", "d.pdf")
    sentence = 'The font Noto Sans SC is not installed: run `pip install "backprop-manim[zh]"`.'
    assert (ran.code, ran.errors) == (1, f"backprop: {sentence}\n")
    assert list(folder.iterdir()) == []


def test_wide_characters_take_two_columns() -> None:
    heading = PlainText("article").heading(1, "反向传播 xy")
    assert heading.splitlines()[1] == "=" * 11


@pytest.mark.parametrize(
    ("name", "start"),
    [
        ("d.pdf", b"%PDF-"),
        ("d.tex", b"\\documentclass"),
        ("d.typ", b"#"),
        ("d.md", b"# Backpropagation"),
        ("d.html", b"<!"),
        ("d.txt", b"Backpropagation"),
        ("new/folder/d.md", b"# Backpropagation"),
    ],
)
def test_the_derivation_as_a_file(run: Run, folder: Path, name: str, start: bytes) -> None:
    ran = run("derive", "--sizes", "2-2", "--output", name)
    assert (ran.code, ran.output, ran.errors) == (0, f"The derivation is in {name}\n", "")
    assert (folder / name).read_bytes().lower().startswith(start.lower())
    assert [file.name for file in (folder / name).parent.iterdir()] == [Path(name).name]


def test_a_derivation_that_cannot_be_written(run: Run, folder: Path) -> None:
    (folder / "file").write_text("in the way")
    ran = run("derive", "--sizes", "2-2", "--output", "file/d.md")
    assert (ran.code, ran.output) == (1, "")
    assert ran.errors == ("backprop: file cannot be used (File exists): choose another with --output\n")


# -- render -------------------------------------------------------------------------------------------


@pytest.fixture
def played(monkeypatch: pytest.MonkeyPatch) -> list[Job]:
    """Nothing is rendered; what would be is noted."""
    jobs: list[Job] = []

    def pretended(self, crew, watcher):
        from scenes.rendering.pool import Outcome

        jobs.extend(self.jobs)
        return Outcome({one.name: Rendered((), 1.0, 1, 1.0) for one in self.jobs})

    monkeypatch.setattr("scenes.rendering.rendering.Plan.render", pretended)
    return jobs


def test_what_is_rendered_is_as_the_options_say(run: Run, played: list[Job]) -> None:
    options = ("--sizes", "3-2", "--quality", "h", "--format", "webm", "--language", "zh", "--jobs", "1")
    ran = run("render", "ForwardPass", "sweeps", *options)
    assert (ran.code, ran.errors) == (0, "")
    names = ["ForwardPass", "ForwardMode", "ReverseMode", "ForwardVersusReverse", "NetworkAsGraph"]
    assert [one.name for one in played] == names
    for one in played:
        assert (one.quality, one.format) == ("h", "webm")
        assert one.settings == {"network": {"sizes": [3, 2]}, "language": "zh"}


def test_by_default_all_lessons_are_rendered(run: Run, played: list[Job]) -> None:
    run("render")
    assert [one.name for one in played] == [one.name for one in lessons() if not one.is_film]


def test_a_lesson_is_rendered_and_kept(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        "scenes.command.commands.find_lessons", lambda names: [listed(name) for name in names]
    )
    options = ("--quality", "l", "--captions", "file", "--output", "out")
    ran = run("render", "Tiny", *options)
    assert (ran.code, ran.errors) == (0, "")
    assert ran.output.splitlines()[-1] == "1 lesson is in out"
    again = run("render", "Tiny", *options, "--theme", "dark")
    assert again.output.splitlines() == [
        "1 lesson is already rendered: nothing changed",
        "1 lesson is in out",
    ]
    (folder / "out" / "Tiny.mp4").write_bytes(b"damaged")
    mixed = run("render", "Tiny", "Failing", *options)
    assert mixed.code == 1
    assert mixed.errors == "backprop: Failing: ValueError: this lesson cannot be played\n"
    assert mixed.output.splitlines()[-1] == "1 lesson is in out"
    assert list(frames(folder / "out" / "Tiny.mp4"))


# -- player -------------------------------------------------------------------------------------------


def test_the_page_of_rendered_lessons(run: Run, folder: Path) -> None:
    perform(job(), folder / "out")
    ran = run("player", "--input", "out", "--output", "page")
    assert (ran.code, ran.output) == (0, "The page is page/index.html\n")
    assert "This is come." in (folder / "page" / "index.html").read_text()
    ran = run("player", "--input", "out", "--output", "page.html", "--single-file")
    assert (ran.code, ran.output) == (0, "The page is page.html\n")


def test_a_page_of_lessons_that_are_not_rendered(run: Run) -> None:
    ran = run("player", "ForwardPass", "--input", "nowhere")
    assert (ran.code, ran.output) == (1, "")
    assert ran.errors == (
        "backprop: ForwardPass is not in nowhere; run `backprop render ForwardPass` first\n"
    )
    ran = run("player", "--input", "nowhere")
    assert ran.code == 1 and ran.errors.startswith("backprop: there are no rendered lessons in nowhere")

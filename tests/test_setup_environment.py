"""The set-up script's decisions, without apt, pip or a network."""

from __future__ import annotations

import ast
import io
import json
import os
import re
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

from tools import setup_environment as setup
from tools.setup_environment import Python, SetupError

EVERYTHING = ["a C compiler", "pkg-config", "Pango's headers", "Python's headers", "Python's venv"]
DEBIAN = ["gcc", "libc6-dev", "libpango1.0-dev", "pkg-config", "python3-dev", "python3-venv"]
PYTHON = Python("/usr/bin/python3", (3, 11))


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with a finished environment, as far as the script can see."""
    bin_folder = tmp_path / ".venv" / "bin"
    bin_folder.mkdir(parents=True)
    (bin_folder / "python").symlink_to(sys.executable)
    (tmp_path / ".venv" / "pyvenv.cfg").write_text("version = 3.11.2\n")
    (tmp_path / "requirements.lock").write_text("numpy==2.4.6\n")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    monkeypatch.delenv("PYTHON", raising=False)
    for name, path in {
        "ROOT": "",
        "VENV": ".venv",
        "VENV_PYTHON": ".venv/bin/python",
        "STAMP": ".venv/backprop-manim.json",
        "LOCK": "requirements.lock",
    }.items():
        monkeypatch.setattr(setup, name, tmp_path / path)
    write_stamp(frozenset({"test"}))
    return tmp_path


def write_stamp(extras: frozenset[str]) -> None:
    setup.STAMP.write_text(json.dumps(setup.new_stamp(extras)._asdict()))


def plan(target: str) -> str:
    return setup.plan(setup.read_stamp(), setup.new_stamp(setup.EXTRAS[target]))


class Calls:
    """Stands in for what changes the machine, and notes what would have been done."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.made: list[str] = []
        monkeypatch.setattr(setup, "make_environment", lambda: self.made.append("environment"))
        monkeypatch.setattr(setup, "install", lambda extras: self.made.append(f"pip {sorted(extras)}"))
        monkeypatch.setattr(setup, "run_quietly", lambda command, problem: self.made.append(command[-1]))


# the stamp


def test_nothing_to_do_when_the_stamp_is_equal(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = Calls(monkeypatch)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: pytest.fail("a process was started"))
    assert setup.set_up(setup.EXTRAS["test"]) == "nothing"
    assert setup.set_up(setup.EXTRAS["render"]) == "nothing"
    assert calls.made == []


def test_render_after_test_installs_nothing_and_test_after_render_the_tests_only(checkout: Path) -> None:
    assert plan("render") == "nothing"
    write_stamp(frozenset())
    assert plan("render") == "nothing"
    assert plan("test") == "install"


@pytest.mark.parametrize("file", ["requirements.lock", "pyproject.toml"])
def test_pip_runs_again_when_what_it_installs_has_changed(checkout: Path, file: str) -> None:
    (checkout / file).write_text("changed")
    assert plan("render") == "install"


def test_an_install_keeps_the_extras_that_were_there(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = Calls(monkeypatch)
    (checkout / "requirements.lock").write_text("numpy==2.4.7\n")
    assert setup.set_up(setup.EXTRAS["render"]) == "install"
    assert calls.made == ["pip ['test']", "import manim, bpmath, scenes"]
    assert plan("test") == "nothing"


@pytest.mark.parametrize("damage", ["no stamp", "empty stamp", "foreign stamp", "no Python", "dead Python"])
def test_an_unfinished_or_broken_environment_is_made_anew(checkout: Path, damage: str) -> None:
    python = checkout / ".venv" / "bin" / "python"
    if damage == "no stamp":
        setup.STAMP.unlink()
    elif damage.endswith("stamp"):
        setup.STAMP.write_text({"empty stamp": "", "foreign stamp": '{"version": 2}'}[damage])
    else:
        python.unlink()
        if damage == "dead Python":
            python.symlink_to(checkout / "removed")
    assert plan("render") == "make"


@pytest.mark.parametrize("change", ["place", "machine", "version", "Python"])
def test_an_environment_for_something_else_is_made_anew(
    checkout: Path, change: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if change == "place":
        monkeypatch.setattr(setup, "ROOT", checkout / ".venv" / "..")
    elif change == "machine":
        monkeypatch.setattr(setup.platform, "machine", lambda: "sparc")
    elif change == "version":
        (checkout / ".venv" / "pyvenv.cfg").write_text("version = 3.12.1\n")
    else:
        (checkout / ".venv" / "bin" / "python").unlink()
        (checkout / ".venv" / "bin" / "python").symlink_to("/bin/sh")
    assert plan("render") == "make"


def test_another_python_asked_for_makes_another_environment(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON", sys.executable)
    monkeypatch.setattr(setup, "ask_python", lambda command: Python("/opt/python", (3, 12)))
    assert plan("render") == "make"
    monkeypatch.setattr(
        setup, "ask_python", lambda command: Python(os.path.realpath(sys.executable), (3, 12))
    )
    assert plan("render") == "nothing"


def test_the_stamp_is_written_only_after_the_import_works(
    checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Calls(monkeypatch)

    def broken(command: list[str], problem: SetupError) -> None:
        raise problem

    monkeypatch.setattr(setup, "run_quietly", broken)
    setup.STAMP.unlink()
    with pytest.raises(SetupError, match="cannot be imported"):
        setup.set_up(frozenset())
    assert setup.read_stamp() is None


# which Python


def pythons(monkeypatch: pytest.MonkeyPatch, **versions: tuple[int, int]) -> None:
    """Let the machine have these Pythons; underscores stand for dots."""
    found = {name.replace("_", "."): version for name, version in versions.items()}
    monkeypatch.setattr(setup.sys, "executable", "python3")
    monkeypatch.setattr(
        setup, "ask_python", lambda name: Python(f"/bin/{name}", found[name]) if name in found else None
    )


@pytest.mark.parametrize(
    ("there", "chosen"),
    [
        ({"python3": (3, 11)}, "/bin/python3"),
        ({"python3": (3, 12), "python3_13": (3, 13)}, "/bin/python3"),
        ({"python3": (3, 9), "python3_12": (3, 12), "python3_11": (3, 11)}, "/bin/python3.12"),
        ({"python3": (3, 15), "python3_12": (3, 12)}, "/bin/python3.12"),
        ({"python3": (3, 15)}, "/bin/python3"),
    ],
)
def test_the_first_tried_python_is_chosen(
    there: dict[str, tuple[int, int]], chosen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PYTHON", raising=False)
    pythons(monkeypatch, **there)
    assert setup.choose_python().executable == chosen


def test_the_python_named_is_chosen_before_all(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON", "python3.11")
    pythons(monkeypatch, python3=(3, 12), python3_11=(3, 11))
    assert setup.choose_python().executable == "/bin/python3.11"


@pytest.mark.parametrize(
    ("override", "words"), [("", "/bin/python3 is 3.9"), ("python4", "python4 fails"), ("python3", "is 3.9")]
)
def test_too_old_a_python_is_one_sentence(override: str, words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON", override)
    pythons(monkeypatch, python3=(3, 9))
    with pytest.raises(SetupError, match=words) as stopped:
        setup.choose_python()
    assert stopped.value.code == setup.NEEDS_YOU
    assert "\n" not in str(stopped.value)


def test_an_environments_python_answers_with_the_one_it_was_made_from() -> None:
    python = setup.ask_python(sys.executable)
    assert python is not None
    assert python.version == sys.version_info[:2]
    assert Path(python.executable).resolve() == Path(sys.executable).resolve()
    assert setup.ask_python("/nowhere/python3") is None


# what the machine lacks


@pytest.mark.parametrize(
    ("missing", "packages"),
    [
        (EVERYTHING, DEBIAN),
        (["Pango's headers"], ["libpango1.0-dev"]),
        (["Python's venv"], ["python3-venv"]),
        (["a C++ compiler"], ["g++"]),
    ],
)
def test_only_what_is_lacking_is_installed(
    missing: list[str], packages: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(setup, "ask_python", lambda command: PYTHON)
    assert setup.apt_packages(missing, PYTHON) == packages


def test_a_python_beside_the_systems_own_has_packages_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(setup, "ask_python", lambda command: PYTHON)
    assert setup.apt_packages(["Python's headers"], Python("/usr/bin/python3.12", (3, 12))) == [
        "python3.12-dev"
    ]


@pytest.mark.parametrize("lacking", EVERYTHING)
def test_a_probe_that_fails_is_reported_by_name(lacking: str, monkeypatch: pytest.MonkeyPatch) -> None:
    signs = dict(
        zip(EVERYTHING, ["-fsyntax-only", "--version", "--exists", "Python.h", "ensurepip"], strict=True)
    )
    monkeypatch.setattr(
        setup, "succeeds", lambda *command, stdin="": not any(signs[lacking] in word for word in command)
    )
    monkeypatch.setattr(setup.platform, "machine", lambda: "x86_64")
    assert setup.probe(PYTHON) == [lacking]


def machine(
    monkeypatch: pytest.MonkeyPatch,
    tools: set[str],
    *,
    root: bool = False,
    sudo: bool = False,
    system: str = "linux",
) -> list[list[str]]:
    """Let the machine be another one; return the list where commands go instead of being run."""
    commands: list[list[str]] = []
    monkeypatch.setattr(setup.sys, "platform", system)
    monkeypatch.setattr(setup.os, "geteuid", lambda: 0 if root else 1000)
    monkeypatch.setattr(setup.shutil, "which", lambda name: f"/bin/{name}" if name in tools else None)
    monkeypatch.setattr(setup, "succeeds", lambda *command, **_: sudo and command[0] == "sudo")
    monkeypatch.setattr(setup, "ask_python", lambda command: PYTHON)
    monkeypatch.setattr(setup, "run_quietly", lambda command, problem: commands.append(command))
    monkeypatch.setattr(setup.sys, "stdin", io.StringIO())
    return commands


@pytest.mark.parametrize(("root", "before"), [(True, []), (False, ["sudo", "-n"])])
def test_apt_installs_where_it_may(
    root: bool,
    before: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    commands = machine(monkeypatch, {"apt-get", "sudo"}, root=root, sudo=not root)
    setup.install_system_packages(EVERYTHING, PYTHON)
    update, install = commands
    assert update[: len(before)] == install[: len(before)] == before
    assert update[-1] == "update"
    assert install[-len(DEBIAN) - 1 :] == ["install", *DEBIAN]
    assert {"--no-install-recommends", "DPkg::Lock::Timeout=120"} <= set(install)
    assert "libpango1.0-dev" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("tools", "command"),
    [
        ({"apt-get", "sudo"}, "sudo apt-get install --no-install-recommends " + " ".join(DEBIAN)),
        ({"apt-get"}, "sudo apt-get install --no-install-recommends " + " ".join(DEBIAN)),
        ({"dnf", "sudo"}, "sudo dnf install gcc"),
        ({"pacman"}, "sudo pacman -S --needed gcc"),
        (set(), "install a C compiler"),
    ],
)
def test_where_it_may_not_the_exact_command_is_said_in_one_sentence(
    tools: set[str], command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    commands = machine(monkeypatch, tools)
    with pytest.raises(SetupError) as stopped:
        setup.install_system_packages(EVERYTHING, PYTHON)
    assert stopped.value.code == 3
    assert command in str(stopped.value)
    assert "\n" not in str(stopped.value)
    assert commands == []


def test_homebrew_is_run_on_macos_and_named_where_it_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    commands = machine(monkeypatch, {"brew"}, system="darwin")
    setup.install_system_packages(["pkg-config"], PYTHON)
    assert commands == [["brew", "install", "cairo", "pango", "pkg-config"]]
    machine(monkeypatch, set(), system="darwin")
    with pytest.raises(SetupError, match="brew install cairo pango pkg-config"):
        setup.install_system_packages(["pkg-config"], PYTHON)
    with pytest.raises(SetupError, match="xcode-select --install"):
        setup.install_system_packages(["a C compiler"], PYTHON)


# the browser


@pytest.mark.parametrize("browser", [*setup.BROWSERS, "/opt/chrome"])
def test_a_browser_that_is_there_is_taken(browser: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHROMIUM", browser if browser.startswith("/") else "")
    commands = machine(monkeypatch, {"apt-get", browser}, root=True)
    monkeypatch.setattr(setup.shutil, "which", lambda name: name if name == browser else None)
    setup.install_browser()
    assert commands == []


def test_a_browser_is_installed_where_it_may_be(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    commands = machine(monkeypatch, {"apt-get"}, root=True)
    setup.install_browser()
    assert commands[-1][-2:] == ["install", "chromium"]
    assert "install chromium" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("tools", "words"), [({"apt-get"}, "install .* chromium"), (set(), "CHROMIUM=/path")]
)
def test_where_it_may_not_one_sentence_says_how(
    tools: set[str], words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CHROMIUM", raising=False)
    commands = machine(monkeypatch, tools)
    with pytest.raises(SetupError, match=words) as stopped:
        setup.install_browser()
    assert stopped.value.code == setup.NEEDS_YOU
    assert "\n" not in str(stopped.value)
    assert commands == []


# the command


@pytest.mark.parametrize(("problem", "code"), [(SetupError("No.", 3, "why"), 3), (SetupError("No."), 1)])
def test_a_problem_is_the_tail_a_sentence_and_an_exit_code(
    problem: SetupError, code: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(extras: frozenset[str]) -> str:
        raise problem

    monkeypatch.setattr(setup, "set_up", fail)
    assert setup.main(["render"]) == code
    assert capsys.readouterr().err == ("why\n" if problem.tail else "") + "set-up: No.\n"


@pytest.mark.parametrize("arguments", [[], ["help"], ["render", "test"]])
def test_anything_but_a_target_shows_how_it_is_called(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert setup.main(arguments) == 2
    assert "tools/setup_environment.py render" in capsys.readouterr().err


def fake_pip(monkeypatch: pytest.MonkeyPatch, checkout: Path, script: str) -> None:
    """Let the environment's Python print what pip would."""
    fake = checkout / ".venv" / "bin" / "python"
    fake.unlink()
    fake.write_text(f"#!/bin/sh\n{script}\n")
    fake.chmod(0o755)


def test_pips_failure_shows_the_end_of_its_message_and_keeps_the_environment(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fake_pip(monkeypatch, checkout, "seq 100; echo ERROR: no network >&2; exit 1")
    with pytest.raises(SetupError, match="pip could not install") as stopped:
        setup.install(frozenset())
    assert stopped.value.tail.startswith("82\n")
    assert stopped.value.tail.endswith("100\nERROR: no network")
    assert setup.read_stamp() is not None


def test_an_interrupted_pip_leaves_no_stamp(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    says = (
        "Building wheels for collected packages: pycairo, manimpango\nInstalling collected packages: a, b, c"
    )
    fake_pip(monkeypatch, checkout, f"echo '{says}'; exit 1")
    with pytest.raises(SetupError):
        setup.install(frozenset({"test"}))
    assert setup.read_stamp() is None
    said = capsys.readouterr().out
    assert "building pycairo, manimpango" in said
    assert "copying 3 packages" in said


def test_pip_is_told_the_lock_file_and_the_extras(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_pip(monkeypatch, checkout, f'echo "$@" > {checkout}/called')
    setup.install(frozenset({"test"}))
    words = (checkout / "called").read_text().split()
    assert words[words.index("-c") + 1] == str(checkout / "requirements.lock")
    assert words[words.index("-e") + 1] == f"{checkout}[test]"


def test_pip_is_spared_variables_that_send_it_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PIP_USER", "PYTHONPATH", "PIP_PROXY"):
        monkeypatch.setenv(name, "x")
    variables: dict[str, Any] = setup.pip_variables()
    assert "PIP_USER" not in variables
    assert "PYTHONPATH" not in variables
    assert variables["PIP_PROXY"] == "x"


# the lock file


CHECKOUT = Path(setup.__file__).resolve().parent.parent
OPTIONAL = {"dask", "torch"}  # tests that use these skip where they are not installed


def pins() -> list[str]:
    """The lines of the lock file, without its comments."""
    lines = (CHECKOUT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if not line.startswith("#")]


def imported(folder: str) -> set[str]:
    """The top-level names that the modules in a folder import, the project's own and Python's left out."""
    names: set[str] = set()
    for file in (CHECKOUT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names.update(alias.name.split(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.split(".")[0])
    own = {"bpmath", "scenes", "tests", "tools"}
    return names - set(sys.stdlib_module_names) - own


def test_the_lock_file_names_versions_and_nothing_else() -> None:
    assert pins() == sorted(pins())
    assert not [pin for pin in pins() if "==" not in pin or "/" in pin or "--" in pin]


@pytest.mark.parametrize("folder", ["bpmath", "scenes", "tests"])
def test_what_is_imported_is_pinned(folder: str) -> None:
    pinned = {pin.split("==")[0] for pin in pins()}
    owners = packages_distributions()
    for name in imported(folder) - OPTIONAL:
        brought_by = {re.sub("[-_.]+", "-", owner).lower() for owner in owners.get(name, [name])}
        assert brought_by & pinned, f"{folder} imports {name}, which requirements.lock does not pin"


def test_what_is_named_in_pyproject_is_pinned() -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    pinned = {pin.split("==")[0] for pin in pins()}
    assert {re.split(r"[\[<>=]", name)[0] for name in named} <= pinned

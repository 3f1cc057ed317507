"""Make the environment .venv that rendering and testing need; a second run finds it ready and does nothing.

    python3 tools/setup_environment.py render    # what a render needs
    python3 tools/setup_environment.py test      # that, and what the tests need
    python3 tools/setup_environment.py player    # that, and Chromium for the tests of the player

PYTHON names the Python to make it from. This script runs on Pythons too old for the rest, to say so.
"""

from __future__ import annotations

import collections
import contextlib
import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VENV_PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "backprop-manim.json"
LOCK = ROOT / "requirements.lock"

OLDEST, NEWEST = (3, 11), (3, 13)  # a newer one is taken when no tried one is there
EXTRAS: dict[str, frozenset[str]] = {
    "render": frozenset(),
    "test": frozenset({"test"}),
    "player": frozenset({"test"}),
}
NEEDS_YOU = 3  # the exit code when the user must do something

APT = {
    "a C compiler": ["gcc", "libc6-dev"],
    "a C++ compiler": ["g++"],
    "pkg-config": ["pkg-config", "libpango1.0-dev"],
    "Pango's headers": ["libpango1.0-dev"],
    "Python's headers": ["{python}-dev"],
    "Python's venv": ["{python}-venv"],
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APT_OPTIONS = ["-y", "-q", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=120"]
OTHERS = {
    "dnf": "dnf install gcc gcc-c++ pkgconf-pkg-config cairo-devel pango-devel python3-devel",
    "pacman": "pacman -S --needed gcc pkgconf cairo pango python",
}
BREW = "brew install cairo pango pkg-config"
START = time.monotonic()


class SetupError(Exception):
    """What stops the set-up: a sentence for the user, an exit code, the end of another program's message."""

    def __init__(self, sentence: str, code: int = 1, tail: str = "") -> None:
        super().__init__(sentence)
        self.code = code
        self.tail = tail


class Python(NamedTuple):
    """A Python that the environment can be made from."""

    executable: str
    version: tuple[int, ...]


class Stamp(NamedTuple):
    """What an environment was made from. It is written last: an environment without one is unfinished."""

    environment: str  # when this differs, the environment is made anew
    packages: str  # when this differs, pip runs again
    extras: list[str]


def say(text: str) -> None:
    """Print a line of progress with the seconds gone by."""
    print(f"[{time.monotonic() - START:3.0f} s] {text}", flush=True)


def succeeds(*command: str, stdin: str = "") -> bool:
    """Whether a command is there and exits with 0."""
    try:
        return subprocess.run(command, input=stdin, text=True, capture_output=True).returncode == 0
    except OSError:
        return False


def run_quietly(command: list[str], problem: SetupError) -> None:
    """Run a command, showing the end of what it says only when it fails."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        problem.tail = "\n".join(done.stdout.splitlines()[-12:])
        raise problem


def ask_python(command: str) -> Python | None:
    """The Python behind a command, or None; of an environment's Python, the one that it was made from."""
    code = "import sys; print(getattr(sys, '_base_executable', sys.executable), *sys.version_info[:2])"
    try:
        run = subprocess.run([command, "-I", "-c", code], capture_output=True, text=True, check=True)
        executable, major, minor = run.stdout.rstrip().rsplit(" ", 2)
        return Python(executable, (int(major), int(minor)))
    except (OSError, ValueError, subprocess.CalledProcessError):
        return None


def choose_python() -> Python:
    """The Python named by PYTHON; else the first of several that the project was tried on."""
    override = os.environ.get("PYTHON", "")
    names = [override] if override else [sys.executable, "python3", "python3.13", "python3.12", "python3.11"]
    found = [python for python in map(ask_python, names) if python]
    usable = [python for python in found if python.version >= OLDEST]
    if usable:
        return next((python for python in usable if python.version <= NEWEST), usable[0])
    but = "{} is {}.{}".format(found[0].executable, *found[0].version) if found else f"{override} fails"
    how = "install one and run make again, or name one: make render PYTHON=/path/to/python3.12"
    raise SetupError(f"Python 3.11 or newer is needed, but {but}; {how}", NEEDS_YOU)


def probe(python: Python) -> list[str]:
    """What compiling pycairo and manimpango needs and this machine lacks. Windows has wheels of both."""
    if os.name == "nt":
        return []
    compiler = os.environ.get("CC") or shutil.which("cc") or "gcc"
    header = "import os, sysconfig; assert os.path.exists(sysconfig.get_path('include') + '/Python.h')"
    library = "cairo" if sys.platform == "darwin" else "pangocairo"  # macOS has wheels of manimpango
    checks = {
        "a C compiler": succeeds(compiler, "-xc", "-fsyntax-only", "-", stdin="#include <stdlib.h>\n"),
        "pkg-config": succeeds("pkg-config", "--version"),
        "Pango's headers": succeeds("pkg-config", "--exists", library),
        "Python's headers": succeeds(python.executable, "-c", header),
        "Python's venv": succeeds(python.executable, "-c", "import ensurepip, venv"),
    }
    if sys.platform == "linux" and platform.machine() != "x86_64":  # has no wheels of glcontext and moderngl
        checks["a C++ compiler"] = succeeds("c++", "-xc++", "-fsyntax-only", "-", stdin="#include <map>\n")
    return [name for name, there in checks.items() if not there]


def apt_packages(missing: list[str], python: Python) -> list[str]:
    """The Debian packages that bring what is missing, and no others."""
    own = ask_python("/usr/bin/python3")
    name = "python3" if own and own.version == python.version else "python{}.{}".format(*python.version)
    return sorted({package.format(python=name) for what in missing for package in APT[what]})


def privilege() -> list[str] | None:
    """What to put before a command for root: nothing for root, sudo where it can work, else None."""
    if os.geteuid() == 0:
        return []
    if succeeds("sudo", "-n", "true"):
        return ["sudo", "-n"]
    return ["sudo"] if shutil.which("sudo") and sys.stdin.isatty() else None


def advice(missing: list[str], packages: list[str]) -> SetupError:
    """What the user must do where this script cannot: one sentence with the exact command."""
    who = "" if os.geteuid() == 0 or sys.platform == "darwin" else "sudo "
    if sys.platform == "darwin":
        command = "xcode-select --install" if "a C compiler" in missing else BREW
    elif shutil.which("apt-get"):
        install = f"{who}apt-get install --no-install-recommends {' '.join(packages)}"
        command = f"{who}apt-get update && {install}"
    else:
        by_hand = "install a C compiler, pkg-config and the headers of cairo, pango and Python"
        command = next((who + line for tool, line in OTHERS.items() if shutil.which(tool)), by_hand)
    need = f"pycairo and manimpango must be compiled, and this machine lacks {', '.join(missing)}"
    return SetupError(f"{need}; do this, then run make again: {command}", NEEDS_YOU)


def install_system_packages(missing: list[str], python: Python) -> None:
    """Install what compiling needs through apt or Homebrew, or say what to run."""
    packages = apt_packages(missing, python) if sys.platform == "linux" else []
    problem = advice(missing, packages)
    reason = "pycairo and manimpango, which have no ready builds here, are compiled with these"
    if sys.platform == "darwin" and shutil.which("brew") and "a C compiler" not in missing:
        say(f"{BREW} ({reason})")
        return run_quietly(BREW.split(), problem)
    return apt_install(packages, reason, problem)


def apt_install(packages: list[str], reason: str, problem: SetupError) -> None:
    """Install Debian packages, saying so; raise the problem where that cannot be done."""
    root = privilege() if shutil.which("apt-get") else None
    if root is None:
        raise problem
    apt = [*root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", *APT_OPTIONS]
    say(f"{' '.join([*root, 'apt-get'])} install {' '.join(packages)} ({reason})")
    with contextlib.suppress(SetupError):  # some other source may be out of order; the install will tell
        run_quietly([*apt, "update"], problem)
    return run_quietly([*apt, "install", *packages], problem)


def install_browser() -> None:
    """See that there is a Chromium for the tests of the player: named by CHROMIUM, there, or installed."""
    if shutil.which(os.environ.get("CHROMIUM", "")) or any(map(shutil.which, BROWSERS)):
        return
    how = "install Chromium or Chrome, and name it: CHROMIUM=/path/to/it"
    if shutil.which("apt-get"):
        how = "sudo apt-get install --no-install-recommends chromium"
    need = "the tests of the player need Chromium, which this machine lacks"
    problem = SetupError(f"{need}; do this, then run make again: {how}", NEEDS_YOU)
    apt_install(["chromium"], "the tests of the player look at it in a browser", problem)


def read_stamp() -> Stamp | None:
    """The stamp of a finished environment, if there is one that can be read."""
    try:
        return Stamp(**json.loads(STAMP.read_text(encoding="utf-8"))) if VENV_PYTHON.exists() else None
    except (OSError, ValueError, TypeError):
        return None


def new_stamp(extras: frozenset[str]) -> Stamp:
    """The stamp that an environment with some extras would get now."""
    config = VENV / "pyvenv.cfg"  # tells the version of Python
    made_from = config.read_text(encoding="utf-8") if config.exists() else ""
    parts = f"{ROOT} {sys.platform} {platform.machine()} {os.path.realpath(VENV_PYTHON)} {made_from}"
    environment = hashlib.sha256(parts.encode()).hexdigest()
    packages = hashlib.sha256(LOCK.read_bytes() + (ROOT / "pyproject.toml").read_bytes()).hexdigest()
    return Stamp(environment, packages, sorted(extras))


def plan(there: Stamp | None, wanted: Stamp) -> str:
    """What is to do: "nothing", "install" into the environment that is there, or "make" it anew."""
    if there is None or there.environment != wanted.environment or other_python_wanted():
        return "make"
    same = there.packages == wanted.packages and set(wanted.extras) <= set(there.extras)
    return "nothing" if same else "install"


def other_python_wanted() -> bool:
    """Whether PYTHON names another Python than the environment was made from."""
    named = choose_python().executable if os.environ.get("PYTHON") else VENV_PYTHON
    return os.path.realpath(named) != os.path.realpath(VENV_PYTHON)


def make_environment() -> None:
    """Make an empty environment in the place of whatever is there."""
    python = choose_python()
    missing = probe(python)
    if missing:
        install_system_packages(missing, python)
    say("making .venv with {} (Python {}.{})".format(python.executable, *python.version))
    problem = SetupError(f"{python.executable} could not make an environment; its message is above")
    run_quietly([python.executable, "-m", "venv", "--clear", str(VENV)], problem)


def pip_variables() -> dict[str, str]:
    """The user's variables, less those that would make pip install or look elsewhere or say nothing."""
    unwanted = {"PIP_USER", "PIP_TARGET", "PIP_PREFIX", "PIP_QUIET", "PYTHONHOME", "PYTHONPATH"}
    own = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1", "PYTHONUNBUFFERED": "1"}
    return {**{name: value for name, value in os.environ.items() if name not in unwanted}, **own}


def install(extras: frozenset[str]) -> None:
    """Install the project, editable, and what it needs; say when pip goes on to another kind of work."""
    target = f"{ROOT}[{','.join(sorted(extras))}]" if extras else str(ROOT)
    options = ["--progress-bar=off", "--no-compile"]  # to compile what is never imported takes a third longer
    say("downloading packages")
    tail: collections.deque[str] = collections.deque(maxlen=20)
    command = [str(VENV_PYTHON), "-m", "pip", "install", *options, "-c", str(LOCK), "-e", target]
    pipe, both = subprocess.PIPE, subprocess.STDOUT
    with subprocess.Popen(command, env=pip_variables(), stdout=pipe, stderr=both, text=True) as pip:
        for line in map(str.rstrip, pip.stdout or ()):
            tail.append(line)
            if line.startswith("Building wheels"):
                say(f"building {line.split(': ')[-1]}")
            if line.startswith("Installing collected packages"):
                STAMP.write_text("", encoding="utf-8")  # from here on, until all is done, it is unfinished
                say(f"copying {line.count(',') + 1} packages into .venv")
    if pip.returncode:
        raise SetupError("pip could not install the packages; its message is above", tail="\n".join(tail))


def set_up(extras: frozenset[str]) -> str:
    """Bring the environment to the state that a target needs; return what was to do."""
    there = read_stamp()
    todo = plan(there, new_stamp(extras))
    if todo == "nothing":
        return todo
    if todo == "make":
        make_environment()
    elif there:
        extras = extras.union(there.extras)
    install(extras)
    say("checking that manim, bpmath and scenes can be imported")
    problem = SetupError("the packages are installed but cannot be imported; the message is above")
    run_quietly([str(VENV_PYTHON), "-I", "-c", "import manim, bpmath, scenes"], problem)
    STAMP.write_text(json.dumps(new_stamp(extras)._asdict()), encoding="utf-8")
    say("the environment is ready")
    return todo


def main(arguments: list[str]) -> int:
    """Set up for the target named on the command line."""
    if len(arguments) != 1 or arguments[0] not in EXTRAS:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        with open(__file__, "rb") as this_file:
            if os.name != "nt":  # another set-up of this checkout is waited for
                import fcntl

                fcntl.flock(this_file, fcntl.LOCK_EX)
            set_up(EXTRAS[arguments[0]])
            if arguments[0] == "player":
                install_browser()
        return 0
    except SetupError as problem:
        print(*filter(None, [problem.tail, f"set-up: {problem}"]), sep="\n", file=sys.stderr)
        return problem.code
    except KeyboardInterrupt:
        print("\nset-up: stopped", file=sys.stderr)
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

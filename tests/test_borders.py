"""Each part keeps to its own: numbers know no screen, the stage knows no film, films type nothing."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import manim
import pytest

ROOT = Path(__file__).parent.parent
BPMATH = sorted((ROOT / "bpmath").rglob("*.py"))
STAGE = sorted((ROOT / "scenes" / "stage").rglob("*.py"))
SCENES = [*sorted((ROOT / "scenes").glob("*.py")), *sorted((ROOT / "scenes" / "beats").glob("*.py"))]
CHAPTERS = [file for file in SCENES if file.stem not in ("__init__", "__main__", "settings")]
# What would put typed words and numbers on the screen; formulas and words come from the stage.
TYPED = {
    "BulletedList",
    "Code",
    "DecimalNumber",
    "Integer",
    "MarkupText",
    "MathTex",
    "MathTypst",
    "Paragraph",
}
TYPED |= {"SingleStringMathTex", "Tex", "Text", "Title", "Typst", "Variable"}
FORMULA = re.compile(
    r"""frac\s*\(|\\?frac\s*\{|\bpartial\b|\\partial|[\^_]\s*[({]   # Typst and LaTeX
      | attach\(|\bmat\(|\bvec\(|\bdots?\.[a-z]|\\[a-zA-Z]+|\$
      | [∂∇∑∏δσ₀-₉⁰¹²³⁴-⁹⁽⁾]                                          # typed as plain text
      | \b[A-Za-z]\w?\s*=\s*[\w(]
    """,
    re.VERBOSE,
)
TIMES = ("run_time", "lag_ratio")
WAITS = ("wait", "new_fractions")
MOST_SECONDS = 0.15
PATIENCE = 240.0
RUNS = 5


def tree_of(file: Path) -> ast.Module:
    return ast.parse(file.read_text(encoding="utf-8"), str(file))


def imports(tree: ast.AST) -> Iterator[tuple[str, str]]:
    """Yield what is imported anywhere in a file: the module, and the name from it or nothing."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            dots = "." * node.level
            yield from ((f"{dots}{node.module or ''}", alias.name) for alias in node.names)


def package(module: str) -> str:
    return module.partition(".")[0]


def docstrings(tree: ast.Module) -> set[int]:
    """Return the ids of the strings that stand alone: docstrings and the notes below constants."""
    alone = (node.value for node in ast.walk(tree) if isinstance(node, ast.Expr))
    return {id(value) for value in alone if isinstance(value, ast.Constant)}


def strings(tree: ast.Module) -> Iterator[str]:
    """Yield the strings of a file that are used, with those inside f-strings."""
    ignored = docstrings(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in ignored:
            yield node.value


def times(tree: ast.AST) -> set[int]:
    """Return the ids of everything that stands where a time is given: run_time, lag_ratio, wait, a hold."""
    given: list[ast.expr] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.arguments):
            named = [*zip(reversed(node.args), reversed(node.defaults), strict=False)]
            named += [
                (name, default)
                for name, default in zip(node.kwonlyargs, node.kw_defaults, strict=True)
                if default
            ]
            given += [default for name, default in named if name.arg in TIMES]
        if isinstance(node, ast.keyword) and node.arg in TIMES:
            given.append(node.value)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WAITS:
            given += node.args
    return {id(inner) for value in given for inner in ast.walk(value)}


def numbers(tree: ast.AST) -> Iterator[ast.Constant]:
    """Yield the numbers of a file that are neither times nor the small indices 0, 1 and 2."""
    allowed = times(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or isinstance(node.value, bool) or id(node) in allowed:
            continue
        if isinstance(node.value, float | complex) or (isinstance(node.value, int) and node.value > 2):
            yield node


def in_a_new_python(source: str, *arguments: str) -> str:
    """Run a program in the checkout and return what it prints."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-c", source, *arguments]
    return subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=PATIENCE
    ).stdout


# -- bpmath knows no screen ---------------------------------------------------------------------------


def test_the_files_are_found() -> None:
    assert {"network.py", "derivation.py"} <= {file.name for file in BPMATH}
    assert {"lesson.py", "formula.py"} <= {file.name for file in STAGE}
    assert {"network_setup.py", "path_tracing.py"} <= {file.name for file in CHAPTERS}


@pytest.mark.parametrize("file", BPMATH, ids=lambda file: file.name)
def test_bpmath_imports_nothing_that_draws(file: Path) -> None:
    imported = {package(module) for module, _ in imports(tree_of(file))}
    assert imported & {"", "manim", "scenes", "tests"} == set()


@pytest.mark.parametrize("file", BPMATH, ids=lambda file: file.name)
def test_bpmath_needs_only_numpy(file: Path) -> None:
    tree = tree_of(file)
    at_once = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    modules = {package(module) for node in at_once for module, _ in imports(node)}
    assert modules <= {*sys.stdlib_module_names, "numpy", "bpmath"}


def test_importing_all_of_bpmath_loads_nothing_that_draws() -> None:
    source = """
import importlib, json, pkgutil, sys
import bpmath
for module in pkgutil.walk_packages(bpmath.__path__, "bpmath."):
    importlib.import_module(module.name)
print(json.dumps(sorted({name.partition(".")[0] for name in sys.modules})))
"""
    loaded = set(json.loads(in_a_new_python(source)))
    assert {"bpmath", "numpy"} <= loaded
    assert loaded & {"manim", "scenes", "typst", "cairo", "PIL", "torch", "scipy"} == set()


def test_importing_bpmath_takes_no_time_to_speak_of() -> None:
    source = """
import time, numpy
start = time.process_time()
import bpmath
print(time.process_time() - start)
"""
    assert min(float(in_a_new_python(source)) for _ in range(RUNS)) < MOST_SECONDS


# -- the stage knows no film --------------------------------------------------------------------------


@pytest.mark.parametrize("file", STAGE, ids=lambda file: file.name)
def test_the_stage_imports_no_chapter(file: Path) -> None:
    for module, name in imports(tree_of(file)):
        imported = f"{module}.{name}" if module == "scenes" else module
        assert not imported.startswith(".")
        if package(imported) == "scenes":
            assert imported.split(".")[1] in ("stage", "settings")


# -- films only say what happens ----------------------------------------------------------------------


@pytest.mark.parametrize("file", SCENES, ids=lambda file: file.name)
def test_films_use_the_public_part_of_manim(file: Path) -> None:
    for module, name in imports(tree_of(file)):
        if package(module) == "manim":
            assert module in ("manim", "manim.typing")
            assert name != "*"
            assert not name or module != "manim" or name in manim.__dict__
        assert not any(part.startswith("_") and part != "__future__" for part in (*module.split("."), name))


@pytest.mark.parametrize("file", CHAPTERS, ids=lambda file: file.name)
def test_films_reach_into_nothing_private(file: Path) -> None:
    reached = [
        ast.unparse(node)
        for node in ast.walk(tree_of(file))
        if isinstance(node, ast.Attribute) and node.attr.startswith("_") and ast.unparse(node.value) != "self"
    ]
    assert reached == []


@pytest.mark.parametrize("file", SCENES, ids=lambda file: file.name)
def test_films_type_no_formula(file: Path) -> None:
    tree = tree_of(file)
    assert [text for text in strings(tree) if FORMULA.search(text)] == []
    assert {name for module, name in imports(tree) if package(module) == "manim"} & TYPED == set()


@pytest.mark.parametrize("file", CHAPTERS, ids=lambda file: file.name)
def test_films_type_no_number(file: Path) -> None:
    assert [(number.lineno, number.value) for number in numbers(tree_of(file))] == []


# -- and these tests can fail -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    ["frac(a, b)", "partial E", "w^((1))", r"\frac{a}{b}", r"\delta", "$x$", "∂E", "z = w", "a₁", "x_(1)"],
)
def test_a_typed_formula_would_be_found(typed: str) -> None:
    film = ast.Module([ast.Expr(ast.Call(ast.Name("show"), [ast.Constant(typed)], []))], [])
    assert [text for text in strings(film) if FORMULA.search(text)] == [typed]


def test_documentation_may_name_formulas() -> None:
    film = 'def film():\n    """About z = w."""\n    show(f"{name} is one")'
    assert list(strings(ast.parse(film))) == [" is one"]


@pytest.mark.parametrize(
    "plain", ["activation.identity", "plus 1", "numerator", "", "wb", "[network] needs sizes"]
)
def test_words_are_not_taken_for_formulas(plain: str) -> None:
    assert not FORMULA.search(plain)


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("show(0.53)", [0.53]),
        ("self.formula(what, 48)", [48]),
        ("self.play(x.shift(1.5), run_time=0.5)", [1.5]),
        ("self.wait(0.5); self.play(x, run_time=1.0 if first else 0.5, lag_ratio=0.3)", []),
        ("def f(what, run_time=0.9, *, lag_ratio=0.5, size=36): pass", [36]),
        ("w(1, 1, 2); weights[-1]; x > 0; True", []),
    ],
)
def test_a_typed_number_would_be_found(source: str, found: list[float]) -> None:
    assert [number.value for number in numbers(ast.parse(source))] == found

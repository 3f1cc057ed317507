"""The tree of a long expression is Python's own, node by node and offset by offset."""

from __future__ import annotations

import ast
import warnings

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bpmath.expressions import FUNCTIONS
from bpmath.long_expressions import Unreadable, long_tree

NODES = (ast.BinOp, ast.UnaryOp, ast.Call, ast.Name, ast.Constant, ast.Load)
SIGNS = (ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.UAdd, ast.USub)
PIECES = [
    *"+-*/(), xyä12",
    "**",
    "1e-5",
    "0x1F",
    ".5",
    "2.",
    "max(",
    "exp(",
    "f",
    " ",
    "(",
    ")",
    "x",
    "if",
    "1_0",
]


def dumped(tree: ast.AST) -> str:
    return ast.dump(tree, include_attributes=True)


def pythons_tree(text: str) -> ast.expr | None:
    """Python's tree of a text, or None where something else stands in it."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(text, mode="eval").body
    except (SyntaxError, ValueError):
        return None
    known = all(isinstance(node, (*NODES, *SIGNS)) for node in ast.walk(tree))
    quoted = any(isinstance(n, ast.Constant) and isinstance(n.value, str | bytes) for n in ast.walk(tree))
    return tree if known and not quoted else None


def agrees(text: str) -> None:
    expected = pythons_tree(text)
    if expected is None:
        with pytest.raises(Unreadable):
            long_tree(text)
    else:
        assert dumped(long_tree(text)) == dumped(expected)


def larger(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Expressions of one more operator, bracket or call, with spaces here and there."""
    signs = st.sampled_from(["+", "-", "*", "/", "**", " + ", " - ", " * ", " ** "])
    binary = st.tuples(part, signs, part).map("".join)
    unary = st.tuples(st.sampled_from(["-", "+", "- "]), part).map("".join)
    bracketed = part.map(lambda text: f"( {text})")
    called = st.tuples(
        st.sampled_from([*FUNCTIONS, "f"]), st.lists(part, max_size=3), st.sampled_from(["", ","])
    )
    calls = called.map(lambda t: f"{t[0]}({', '.join(t[1])}{t[2] if t[1] else ''})")
    return binary | unary | bracketed | calls


@settings(max_examples=500)
@given(st.recursive(st.sampled_from(["x", "ä", "y1", "2", "0.5", "1e-5", "0x1F"]), larger, max_leaves=15))
@example("2 ** -x ** -y * -z")
@example("f(x)(y)((z))")
@example("(((x)) + (y)) * (z)")
def test_the_tree_is_pythons(text: str) -> None:
    assert pythons_tree(text) is not None
    agrees(text)


@pytest.mark.filterwarnings("ignore")
@settings(max_examples=1000)
@given(st.lists(st.sampled_from(PIECES), max_size=12).map(lambda pieces: "".join(pieces).strip()))
@example("f(x,)")
@example("f(,)")
@example("(x,)")
@example("x,")
@example("()")
@example("(x")
@example("x)")
@example("x//y")
@example("f(**x)")
@example("1if")
@example("True + None")
@example("0xe+1")
@example("1e+")
def test_what_python_reads_otherwise_is_unreadable(text: str) -> None:
    agrees(text)

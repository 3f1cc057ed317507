"""Whatever is written as an expression: a graph that can be swept, or one of the documented errors.

Together with test_fuzz_networks more than ten thousand cases in a run, besides those of test_expressions.
"""

from __future__ import annotations

import itertools
import math
from decimal import Decimal
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

import bpmath as bp
from bpmath.expressions import FUNCTIONS

# fmt: off
ODD_TEXT = ["é", "π", "x₁", "²", "∞", "−", "×", "\u00a0", "\u200b", "\ufeff", "٣", "ﬁ", "𝑥", "\ud800", "\0"]
ODD_NUMBERS = ["1e309", "1e-400", "0x1F", "0b2", "1_0", "01", "9" * 400, "1.5.2", "1e", ".5", "5.", "2j"]
OPERATORS = ["+", "-", "*", "/", "**", "//", "%", "@", "^", "<<", "==", ":=", "->", "not", "if", "lambda"]
BRACKETS = ["(", ")", "((", "))", "[", "]", "{", "}", ",", ",,", ".", ":", ";", "=", "'", '"', "\\", "#"]
NESTS = [
    ("(", ")"), ("-", ""), ("x+", ""), ("x**", ""), ("(x*", ")"), ("exp(", ")"), ("max(x,", ")"), ("[", "]"),
    ("x*", ""), ("1/", ""), ("(", ""), ("", ")"), ("x if x else ", ""), ("lambda:", ""), ("not ", ""),
    ("~", ""), ("2*(1+", ")"), ("{", "}"), ("f(", ")"), ("x.", ""), ("x[", "]"), ("x<", ""), ("(-", ")"),
]
# fmt: on
PIECES = st.sampled_from([*FUNCTIONS, *"xyz12 ", *ODD_TEXT, *ODD_NUMBERS, *OPERATORS, *BRACKETS])
numbers_as_text = st.sampled_from(["0", "1", "2", "0.5", "1e300", "1e-300", "3"])


def operations(part: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Expressions of one more gate."""
    binary = st.tuples(part, st.sampled_from(["+", "-", "*", "/", "**"]), part).map(
        lambda t: f"({' '.join(t)})"
    )
    single = [name for name in FUNCTIONS if name not in ("max", "min")]
    unary = st.tuples(st.sampled_from(["-", "+", *single]), part).map(lambda t: f"{t[0]}({t[1]})")
    chosen = st.tuples(st.sampled_from(["max", "min"]), part, part).map(lambda t: f"{t[0]}({t[1]}, {t[2]})")
    return binary | unary | chosen


expressions = st.recursive(st.sampled_from("xyz") | numbers_as_text, operations, max_leaves=8)
points = st.tuples(*[st.floats(allow_nan=False, allow_infinity=False) | st.floats(-5, 5)] * 3)


@st.composite
def mutated(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> str:
    """A text with parts of it put in, taken out, replaced or repeated."""
    text = draw(texts)
    for _ in range(draw(st.integers(1, 3))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, min(len(text), start + 5)))
        text = text[:start] + draw(PIECES | st.just(text[start:end] * 2) | st.text(max_size=2)) + text[end:]
    return text


def runs_or_refuses(text: str, point: tuple[float, ...] = (0.5, 2.0, -1.5)) -> bool:
    """Read an expression, and sweep it at a point if it is one; return whether it came to that."""
    try:
        graph = bp.Graph.from_expression(text)
    except bp.ExpressionError as error:
        assert str(error).count("\n") == 2
        assert 0 <= error.column <= len(text)
        return False
    values = dict(zip(graph.inputs, itertools.cycle(point)))
    try:
        trace = graph.evaluate(values)
    except bp.DomainError as error:
        assert "has no finite" in str(error)
        return False
    assert all(map(math.isfinite, (*trace.values.values(), *trace.locals.values())))
    assert len(trace.reverse().derivative) == len(graph.nodes)
    for symbol in graph.inputs:
        assert graph.count_paths(symbol) >= 1
        assert len(trace.forward(symbol).derivative) == len(graph.nodes)
    return True


@settings(max_examples=1700)
@given(st.text(max_size=40) | st.lists(PIECES, max_size=20).map("".join))
@example("x if x else y")
@example("f'{x!r:{y}}'")
@example("x" + "\n" * 5 + "+y")
def test_any_text(text: str) -> None:
    runs_or_refuses(text)


@settings(max_examples=2000)
@given(text=mutated(expressions), point=points)
def test_expressions_with_some_characters_changed(text: str, point: tuple[float, ...]) -> None:
    runs_or_refuses(text, point)


@settings(max_examples=1500)
@given(text=expressions, point=points)
def test_expressions_at_any_point(text: str, point: tuple[float, ...]) -> None:
    runs_or_refuses(text, point)


@settings(max_examples=400)
@given(
    st.lists(st.sampled_from(NESTS), min_size=1, max_size=3),
    st.integers(0, 400) | st.sampled_from([1000, 3500]),
)
def test_any_depth(nests: list[tuple[str, str]], depth: int) -> None:
    opening, closing = "".join(o for o, _ in nests), "".join(c for _, c in reversed(nests))
    runs_or_refuses(opening * depth + "x" + closing * depth)


@settings(max_examples=500)
@given(
    text=st.sampled_from(["x + y", "x * y ** 2", "sigmoid(x) / y", "max(x, y)"]),
    values=st.dictionaries(
        st.sampled_from("xyz") | st.text("xyzéπ_1", max_size=2),
        st.floats()
        | st.integers()
        | st.sampled_from([None, "1", b"1", 10**400, -(10**400), 1j, [1.0], True, Decimal("NaN")]),
        max_size=3,
    ),
)
def test_any_values_of_the_inputs(text: str, values: dict[str, Any]) -> None:
    graph = bp.Graph.from_expression(text)
    try:
        trace = graph.evaluate(**values)
    except ValueError as error:
        assert type(error) in (ValueError, bp.DomainError)
        assert "\n" not in str(error)
    else:
        assert math.isfinite(trace["e"])


def test_the_number_of_cases() -> None:
    tests = [test for name, test in globals().items() if name.startswith("test_")]
    cases = [getattr(test, "_hypothesis_internal_use_settings", None) for test in tests]
    assert sum(case.max_examples for case in cases if case) >= 6000

"""A text becomes named gates or one clear sentence, and is never executed."""

from __future__ import annotations

import ast
import contextlib
import keyword
import math

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import bpmath as bp
from bpmath.expressions import FUNCTIONS, LONGEST_TEXT, ExpressionError
from bpmath.graph import Graph, Node
from bpmath.symbols import Symbol


def refusal(text: str) -> ExpressionError:
    with pytest.raises(ExpressionError) as caught:
        Graph.from_expression(text)
    return caught.value


def gates_of(text: str) -> list[tuple[str, tuple[float | None, ...]]]:
    nodes = Graph.from_expression(text).nodes
    return [(node.operation.name, node.operation.constants) for node in nodes if node.operation]


def test_the_lesson() -> None:
    graph = Graph.from_expression("(a + b) * (b + 1)", name="e")
    assert [str(node.symbol) for node in graph.nodes] == ["a", "b", "v(1)", "v(2)", "e"]
    assert graph["e"].inputs == (Symbol("v", None, (1,)), Symbol("v", None, (2,)))
    assert graph.inputs == (Symbol("a"), Symbol("b"))
    assert gates_of("(a + b) * (b + 1)") == [("add", ()), ("add", (None, 1)), ("multiply", ())]
    assert [graph.count_paths(name) for name in "abe"] == [1, 2, 1]
    assert graph.evaluate(a=2, b=1)["e"] == 6


def test_inputs_stand_in_order_of_first_appearance() -> None:
    graph = Graph.from_expression("z * (b + z) - exp(a) ** b")
    assert list(map(str, graph.inputs)) == ["z", "b", "a"]


def test_what_is_written_twice_is_computed_twice() -> None:
    assert gates_of("(x + y) * (x + y)") == [("add", ()), ("add", ()), ("multiply", ())]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2 * x", [("multiply", (2, None))]),
        ("x - 2", [("subtract", (None, 2))]),
        ("-x", [("negate", ())]),
        ("-1 * x", [("multiply", (-1, None))]),
        ("1 / x", [("reciprocal", ())]),
        ("3 / x", [("divide", (3, None))]),
        ("x ** 2", [("power", (None, 2))]),
        ("2 ** x", [("power", (2, None))]),
        ("x * (2 + 3 * 4)", [("multiply", (None, 14))]),
        ("max(0, x, 1)", [("max", (0, None, 1))]),
        ("max(1, 2)", [("constant", (2,))]),
        ("+x", [("identity", ())]),
        ("x", [("identity", ())]),
        ("2", [("constant", (2,))]),
        ("+(-x)", [("negate", ())]),
    ],
)
def test_numbers_are_fixed_in_their_gates(
    text: str, expected: list[tuple[str, tuple[float | None, ...]]]
) -> None:
    assert gates_of(text) == expected


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-x ** 2", -9),
        ("2 ** 3 ** 2 - x", 515),
        ("x - y - 1", -7),
        ("x / y / 2", -0.5),
        ("x ** -1", -1 / 3),
        ("max(x, y, 2) * min(x, y)", -9),
        ("relu(x) + relu(y) + abs(x)", 6),
        ("\n  (x\n\t+ y)\u00a0* 1e-1 ", 0.0),
        ("sqrt(y) + log(y) + sin(y) * cos(y)", math.sqrt(3) + math.log(3) + math.sin(3) * math.cos(3)),
        ("tanh(y) + sigmoid(y) + exp(y)", math.tanh(3) + 1 / (1 + math.exp(-3)) + math.exp(3)),
        ("1_000 + 0x10 + x", 1013),
        ("7", 7),
    ],
)
def test_values(text: str, value: float) -> None:
    graph = Graph.from_expression(text)
    given_values = {Symbol("x"): -3, Symbol("y"): 3}
    trace = graph.evaluate({symbol: given_values[symbol] for symbol in graph.inputs})
    assert trace["e"] == pytest.approx(value)


def test_names_of_gates_differ_from_names_in_the_text() -> None:
    graph = Graph.from_expression("v * v1 + v_1 * v", name="f")
    letters = {node.symbol.letter for node in graph.nodes if node.operation}
    assert letters == {"u", "f"}
    every = Graph.from_expression("+".join("vughpqrstf") + "* 2", name="v2")
    assert len({node.symbol for node in every.nodes}) == len(every.nodes)


def test_the_output_has_its_name() -> None:
    assert Graph.from_expression("x * y", name="f").evaluate(x=2, y=3)["f"] == 6
    with pytest.raises(ExpressionError, match="e is the name of the output"):
        Graph.from_expression("e + 1")
    for name in ("", "2", "a b", "exp"):
        with pytest.raises(ValueError, match="cannot be the name of an output"):
            Graph.from_expression("x", name=name)


@pytest.mark.parametrize(
    ("text", "column", "sentence"),
    [
        ("", 0, "empty"),
        ("  \n", 0, "empty"),
        ("a +", 3, "incomplete"),
        ("a b", None, "incomplete"),
        ("(a + b", 0, "never closed"),
        ("a + b)", 5, "unmatched"),
        ("a + sgmoid(b)", 4, "did you mean sigmoid?"),
        ("a + Exp(b)", 4, "did you mean exp?"),
        ("ln(b)", 0, "did you mean log?"),
        ("a + f(b)", 4, "f is no function here; the functions are max, min"),
        ("(a + b)(b + 1)", 1, "write * for a product"),
        ("2(b)", 0, "write * for a product"),
        ("2x", None, "cannot run into a name"),
        ("1 + a.b", 4, "a dot"),
        ("os.system('ls')", 0, "a dot"),
        ("__import__('os')", 0, "__import__ is no function"),
        ("().__class__", 0, "a dot"),
        ("exp(x=1)", 4, "no arguments with a name"),
        ("exp(**x)", 4, "no arguments with a name"),
        ("max(*x)", 0, "two arguments or more, not 1"),
        ("max(*x, y)", 4, "only numbers"),
        ("a < b", 0, "comparisons"),
        ("a and b", 0, "'and'"),
        ("not a", 0, "only numbers"),
        ("lambda: 1", 0, "'lambda'"),
        ("a if b else c", 0, "'if'"),
        ("a + 'b'", 4, "quotes"),
        ("b'b'", 0, "quotes"),
        ("f'{a}'", 0, "quotes"),
        ("1 + 2j", 4, "complex"),
        ("a + True", 4, "only numbers"),
        ("None", 0, "only numbers"),
        ("...", 0, "only numbers"),
        ("a[0]", 0, "square brackets"),
        ("[a for a in b]", 0, "only numbers"),
        ("{a}", 0, "only numbers"),
        ("3,5 * a", 0, "a comma"),
        ("(a := 3)", 1, "only numbers"),
        ("a; b", None, "incomplete"),
        ("a = 3", None, "incomplete"),
        ("a ^ 2", 2, "write x ** 2"),
        ("(ä + b) // 2", 8, "only numbers"),
        ("~a", 0, "only numbers"),
        ("ä + ö.b", 4, "a dot"),
        ("  a + a.b", 6, "a dot"),
        ("a − b", 2, "U+2212"),
        ("a # b", 2, "'#'"),
        ("a\0", 1, "U+0000"),
        ("a + \ud800", 4, "U+D800"),
        ("a + \u200bb", 4, "U+200B"),
        ("sin", 0, "sin is a function"),
        ("sin + 1", 0, "sin is a function"),
        ("exp()", 0, "one argument, not 0"),
        ("exp(a, b)", 0, "one argument, not 2"),
        ("max(a)", 0, "two arguments or more, not 1"),
        ("a + 10 ** 400", 4, "no finite value"),
        ("a + 1 / 0", 4, "no finite value"),
        ("log(0)", 0, "no finite value"),
        ("1e999", 0, "larger than any"),
        ("1" + "0" * 400, 0, "larger than any"),
        ("9" * 5000, None, "too many digits"),
        ("(" * 300 + "a" + ")" * 300, None, "nested too deeply"),
        ("max(a," * 300 + "a" + ")" * 300, None, "nested too deeply"),
        ("lambda:" * 10_000 + "a", 0, "nested too deeply"),
        ("a if a else " * 5_000 + "a", 0, "nested too deeply"),
        ("a+" * 40_000 + "a.b", 0, "nested too deeply or not well formed"),
        ("a+" * 40_000 + "b c", 80_002, "incomplete"),
        ("a+" * 40_000 + "sgmoid(b)", 80_000, "did you mean sigmoid?"),
        ("ä+" * 30_000 + "(e + 1)", 60_001, "e is the name of the output"),
        ("a" * (LONGEST_TEXT + 1), 0, "more than the limit of 100000"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_refusals_point_at_the_place(text: str, column: int | None, sentence: str) -> None:
    error = refusal(text)
    assert sentence in error.sentence
    assert column is None or error.column == column
    said, shown, caret = str(error).split("\n")
    assert said == error.sentence
    assert caret.strip() == "^"
    assert len(caret) <= len(shown) + 1 <= 76
    if error.column < len(text) and text[error.column].isprintable():
        assert shown[len(caret) - 1] == text[error.column]


def test_a_refusal_shows_the_surroundings_of_the_place() -> None:
    _, shown, caret = str(refusal("a + " * 100 + "b.c" + " + a" * 100)).split("\n")
    assert shown[len(caret) - 1 :].startswith("b.c")


def test_a_text_is_a_string() -> None:
    with pytest.raises(ValueError, match="not int"):
        Graph.from_expression(3)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "value", "derivative"),
    [
        ("x" + " + x * x" * 600, 601, 1201),
        ("x" + "+x" * 49_000, 49_001, 49_001),
        ("(" + "x+" * 30_000 + "x) / 30001", 1, 1),
        ("x" + "*x" * 40_000, 1, 40_001),
        ("x" + "-x" * 40_000, -39_999, -39_999),
        ("x" + "**x" * 10_000, 1, 1),
        ("-" * 50_000 + "x", 1, 1),
        ("max(0," * 150 + "x+" * 10_000 + "x" + ")" * 150, 10_001, 10_001),
    ],
    ids=lambda value: str(value)[:12],
)
def test_long_expressions(text: str, value: float, derivative: float) -> None:
    """Tens of thousands of terms, on stacks of our own."""
    trace = Graph.from_expression(text).evaluate(x=1)
    assert trace["e"] == pytest.approx(value)
    assert trace.reverse().derivative["x"] == pytest.approx(derivative)


def test_a_long_expression_is_the_expression(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "x1 - 2 * x2 / (x1 - max(0, x2, 1e-1 + x1)) - -x1 ** 2"
    short = Graph.from_expression(text).nodes
    parse = ast.parse

    def refuse(source: str, mode: str) -> ast.AST:
        if len(source) > 5:
            raise RecursionError
        return parse(source, mode=mode)

    monkeypatch.setattr("bpmath.expressions.ast.parse", refuse)
    long = Graph.from_expression(text).nodes

    def plain(nodes: tuple[Node, ...]) -> list[object]:
        return [
            (n.symbol, n.inputs, n.operation and (n.operation.name, n.operation.constants)) for n in nodes
        ]

    assert plain(long) == plain(short)


def test_nothing_is_executed(monkeypatch: pytest.MonkeyPatch) -> None:
    def run(*_: object) -> None:
        raise AssertionError("executed")

    for name in ("eval", "exec", "print"):
        monkeypatch.setattr(f"builtins.{name}", run)
    assert Graph.from_expression("a + b * 2").evaluate(a=1, b=2)["e"] == 5
    for text in ("eval('1')", "exec('1')", "print(1)", "__import__('os').system('true')", "print"):
        with contextlib.suppress(ExpressionError):
            assert Graph.from_expression(text).inputs == (Symbol("print"),)


PIECES = st.sampled_from(
    [
        *"+-*/()., =<>[]{}'\"\\:;@%^~#&|!0123456789xyze\n\t\0",
        "**",
        "1e5",
        "0x",
        "9" * 30,
        *FUNCTIONS,
        *keyword.kwlist,
    ]
)


@settings(deadline=None, max_examples=300)
@given(st.lists(PIECES | st.text(max_size=3), max_size=25).map("".join) | st.text(max_size=30))
@example("0_7")
@example("1if 2else 3")
@example("'\\d'")
@example("x\\\n+y")
def test_any_text_gives_a_graph_or_a_refusal(text: str) -> None:
    try:
        graph = Graph.from_expression(text)
    except ExpressionError as error:
        assert 0 <= error.column <= len(text)
        assert str(error).count("\n") == 2
    else:
        assert isinstance(graph, Graph)
        assert graph.output == Symbol("e")


@given(st.sampled_from(list(FUNCTIONS)), st.integers(1, 4))
def test_every_function_takes_what_it_says(name: str, count: int) -> None:
    text = f"{name}({', '.join(f'x{k}' for k in range(count))})"
    fits = count > 1 if name in ("max", "min") else count == 1
    if fits:
        assert len(Graph.from_expression(text).inputs) == count
    else:
        assert f"not {count}" in refusal(text).sentence


def test_it_is_exported() -> None:
    assert issubclass(bp.ExpressionError, ValueError)
    assert issubclass(bp.DomainError, ValueError)

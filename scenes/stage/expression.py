"""The expression that a lesson is about: the user's, or the one of the lesson.

Those of the lessons are in `scenes/expressions.toml`; a user's stands in the settings as
`[expression] formula = "(a + b) * (b + 1)"`, `at = {a = 2, b = 1}`.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from bpmath.graph import Graph
from bpmath.trace import Trace
from scenes.stage.graph_plan import plan_graph

KEYS = ("formula", "at", "name")
OUTPUT, OTHER_OUTPUT = "e", "f"
"""The name of an output that was given none; the other beside exponentials, which are written e^x."""
_EXAMPLES = Path(__file__).parent.parent / "expressions.toml"


@dataclass(frozen=True)
class ShownExpression:
    """An expression as it was written, evaluated; its graph can be drawn."""

    text: str
    trace: Trace


def read_expression(table: Mapping[str, Any]) -> ShownExpression:
    """Return the expression that a table describes.

    Raises ValueError, naming the key, for a formula that is none, has inputs without numbers or a gate with
    no finite value there, or is too large to be drawn.
    """
    text, at, name = table.get("formula"), table.get("at", {}), table.get("name", OUTPUT)
    if not isinstance(text, str):
        given = "is missing" if text is None else f"is {text!r}"
        raise ValueError(f'[expression] formula {given}, but it must be text such as "(a + b) * (b + 1)"')
    if not isinstance(at, Mapping):
        raise ValueError(
            f"[expression] at is {at!r}, but it must be a table of numbers, such as {{a = 2, b = 1}}"
        )
    if not (isinstance(name, str) and name.isidentifier()):
        raise ValueError(f"[expression] name is {name!r}, but it must be a name for the output, such as f")
    try:
        graph = Graph.from_expression(text, name)
        if "name" not in table and _would_be_taken_for_a_number(graph):
            graph = Graph.from_expression(text, OTHER_OUTPUT)
        plan_graph(graph)
    except ValueError as error:
        raise ValueError(f"[expression] formula: {error}") from None
    try:
        return ShownExpression(text, graph.evaluate(**at))
    except ValueError as error:
        raise ValueError(f"[expression] at: {error}") from None


def _would_be_taken_for_a_number(graph: Graph) -> bool:
    """Tell whether e would stand for the output beside the e of an exponential, while f is free."""
    gates = {node.operation.name for node in graph.nodes if node.operation}
    return "exp" in gates and OTHER_OUTPUT not in {symbol.letter for symbol in graph.inputs}


@cache
def example_of(lesson: str) -> ShownExpression:
    """Return the expression of a lesson; ValueError for a lesson that has none."""
    examples = tomllib.loads(_EXAMPLES.read_text(encoding="utf-8"))
    if lesson not in examples:
        raise ValueError(f"lesson: {lesson} has no expression in {_EXAMPLES.name}")
    return read_expression(examples[lesson])

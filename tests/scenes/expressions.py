"""Expressions that try the lessons about computational graphs: forks, a maximum, functions, many gates."""

from __future__ import annotations

from typing import Any

TERMS = ("ab", "cd", "fg", "hi", "jk", "lm", "no", "pq", "rs", "tu")
EXPRESSIONS: dict[str, dict[str, Any]] = {
    "fork of three": {"formula": "x*x*x + sin(x) * exp(x*y)", "at": {"x": 1.2, "y": 0.3}},
    "max": {"formula": "2 * (x*y + max(z, w))", "at": {"x": 3, "y": -4, "z": 2, "w": -1}},
    "nested": {"formula": "exp(sin(sqrt(1 + x**2))) * tanh(x*y)", "at": {"x": 0.7, "y": 0.4}},
    "twenty gates": {
        "formula": " + ".join(map("*".join, TERMS)) + " + 1",
        "at": dict.fromkeys("".join(TERMS), 0.5),
    },
    "one gate": {"formula": "x * y", "at": {"x": 2, "y": 3}},
    "one input": {"formula": "x * sin(x)", "at": {"x": 2}},
}

"""Every gate wears a sign in a drawing, in every language, with the numbers that are fixed in it."""

from __future__ import annotations

import pytest
import typst

from bpmath import Graph
from bpmath.activations import ACTIVATIONS
from bpmath.gate_signs import gate_sign
from bpmath.gates import FORMULAS
from bpmath.languages import LANGUAGES
from bpmath.losses import LOSSES
from bpmath.operations import Operation, activation_gate, constant_gate, loss_gate

ALL = "(x + y) * (x - y) / (x ** y) + max(x, y) * min(x, y) - sqrt(x) * exp(y) / log(x)"


def signs(expression: str, language: str = "text") -> list[str]:
    return [gate_sign(n.operation, language) for n in Graph.from_expression(expression).nodes if n.operation]


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("a + b", "+"),
        ("a + 1", "+ 1"),
        ("a - 1", "- 1"),
        ("3 - a", "3 -"),
        ("a * b", "×"),
        ("2 * a", "× 2"),
        ("a / b", "÷"),
        ("a / 2", "÷ 2"),
        ("3 / a", "3 ÷"),
        ("1 / a", "1/·"),
        ("-a", "-"),
        ("a ** 2", "·²"),
        ("2 ** a", "2^·"),
        ("a ** b", "·^·"),
        ("exp(a)", "exp"),
        ("log(a)", "ln"),
        ("sigmoid(a)", "σ"),
        ("max(a, b)", "max"),
    ],
)
def test_signs_are_those_of_circuits(expression: str, expected: str) -> None:
    assert signs(expression) == [expected]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_gate_has_a_sign(language: str) -> None:
    gates = [Operation(name, lambda x: 0.0, lambda x: [0.0]) for name in FORMULAS if name != "constant"]
    gates += [loss_gate(loss, 1, 2) for loss in LOSSES.values()]
    gates += [activation_gate(activation) for activation in ACTIVATIONS.values()] + [constant_gate(0.5)]
    assert all(gate_sign(gate, language).strip() for gate in gates)


def test_typst_can_set_the_signs() -> None:
    source = " quad ".join(signs(ALL + " + sin(x) * cos(y) * abs(x) + x ** 2 + 3 / x + 1 / y", "typst"))
    assert typst.compile(f"$ {source} $".encode(), format="svg")


def test_an_unknown_language_is_refused() -> None:
    with pytest.raises(ValueError, match="language is 'French'"):
        gate_sign(constant_gate(1.0), "French")

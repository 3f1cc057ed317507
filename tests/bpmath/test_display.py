"""What notebooks show is well-formed HTML with the very numbers and equations in it."""

from __future__ import annotations

from html.parser import HTMLParser

import numpy as np
import pytest

import bpmath as bp
from bpmath.display import MOST_PARAMETERS, equations_html, html_table, network_html
from bpmath.matrices import MatrixSymbol, Shape
from bpmath.matrix_equations import EquationSystem, MatrixEquation
from bpmath.notation import write
from tests.bpmath.matrix_strategies import Named


class Read(HTMLParser):
    """The cells of tables and the rest of the text; every tag must be closed."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.rows: list[list[str]] = []
        self.text: list[str] = []
        self.feed(html)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.open.append(tag)
        if tag == "tr":
            self.rows.append([])

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in ("td", "th"):
            self.rows[-1].append(data)
        elif data.strip():
            self.text.append(data.strip())


def test_tables_are_escaped() -> None:
    html = html_table(["a < b", "&"], [["<script>", '"x"'], ["1", "2"]], caption="<b>")
    read = Read(html)
    assert read.rows == [["a < b", "&"], ["<script>", '"x"'], ["1", "2"]]
    assert read.text == ["<b>"]
    assert "<script>" not in html


def test_a_ragged_table_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^rows: \['1'\] has 1 cells, but the header has 2$"):
        html_table(["a", "b"], [["1"]])


def test_equations_are_displayed_under_their_title(example: bp.Derivation) -> None:
    equation = example.path_sum(bp.w(3, 1, 2))
    system = EquationSystem(((equation, equation),))
    read = Read(equations_html("Paths & deltas", [equation, system]))
    assert read.text == [
        "Paths & deltas",
        f"$$\n{equation.to_latex()}\n$$",
        f"$$\n{system.to_latex()}\n$$",
    ]
    assert " &amp; " in equations_html("", [system])
    assert " & " not in equations_html("", [system])
    assert r"\partial C" in equations_html("", [equation], "nielsen")
    with pytest.raises(ValueError, match=r"^notation is 'other'"):
        equations_html("", [equation], "other")


def test_every_statement_is_displayed_by_itself(example: bp.Derivation) -> None:
    equation = example.path_sum(bp.w(3, 1, 2))
    weights = MatrixSymbol("W", 1, Shape(2, 2))
    matrix = MatrixEquation(weights, weights, Named(1))
    for statement in (equation, EquationSystem(((equation,),)), matrix):
        assert statement._repr_latex_() == f"$$\n{write(statement, 'latex')}\n$$"


def test_a_small_network_shows_all_its_parameters() -> None:
    network = bp.example_network()
    read = Read(network_html(network))
    assert read.text == ["Network of 3 layers, 18 parameters, loss squared_error"]
    assert read.rows[:4] == [
        ["layer", "nodes", "activation", "parameters"],
        *([f"{layer}", "2 → 2", "sigmoid", "6"] for layer in (1, 2, 3)),
    ]
    shown = read.rows[5:]
    assert [name for name, _ in shown] == [write(symbol) for symbol in network.parameters()]
    values = [network.value(symbol) for symbol in network.parameters()]
    np.testing.assert_allclose([float(value) for _, value in shown], values, rtol=5e-3)
    assert network._repr_html_() == network_html(network)


def test_a_large_network_is_elided() -> None:
    network = bp.Network.random((784, 300, 10), activation="relu", loss="softmax_cross_entropy")
    read = Read(network_html(network))
    assert read.text == ["Network of 2 layers, 238510 parameters, loss softmax_cross_entropy"]
    assert read.rows[1:3] == [["1", "784 → 300", "relu", "235500"], ["2", "300 → 10", "identity", "3010"]]
    shown = read.rows[4:]
    assert len(shown) == MOST_PARAMETERS
    assert [shown[0][0], *(name for name, _ in shown[-3:])] == [
        "w₁₁⁽¹⁾",
        "w₁,₂₂⁽¹⁾",
        "⋮",
        "b₁₀⁽²⁾",
    ]


def test_a_narrow_first_layer_is_elided_too() -> None:
    shown = Read(network_html(bp.Network.random((1, 1, 30)))).rows[4:]
    assert [name for name, _ in shown] == ["w₁₁⁽¹⁾", "⋮", "b₃₀⁽²⁾"]

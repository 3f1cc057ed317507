"""Nudged inputs: secants, and where the derivative says exactly how far the output moves."""

from __future__ import annotations

import numpy as np
import pytest

from bpmath.equations import FalseEquation
from bpmath.graph import Graph
from bpmath.nudges import Nudge, section
from bpmath.symbols import Symbol
from tests.bpmath.strategies import refused

X, Y = Symbol("x"), Symbol("y")


def nudge(text: str, symbol: Symbol, h: float, x: float = 4, y: float = -3) -> Nudge:
    return Nudge(Graph.from_expression(text, "f").evaluate(x=x, y=y), symbol, h)


@pytest.mark.parametrize("h", [4.0, 1.0, -0.5, 1e-3])
def test_a_product_moves_by_the_other_factor(h: float) -> None:
    by_x, by_y = nudge("x * y", X, h), nudge("x * y", Y, h)
    assert [by_x.slope, by_y.slope] == pytest.approx([-3, 4])
    assert by_x.change == pytest.approx(-3 * h)
    assert by_x.output == pytest.approx(-12 - 3 * h)
    assert by_x.linear.residual == pytest.approx(0)
    assert by_y.linear.to_text() == "f(x, y + h) = f(x, y) + ∂f/∂y · h"


def test_a_maximum_does_not_feel_the_smaller_input_until_it_is_ahead() -> None:
    slopes = [nudge("max(x, y)", Y, h, y=2).slope for h in (4, 3, 1, 0.5)]
    assert slopes == [0.5, pytest.approx(1 / 3), 0, 0]
    with pytest.raises(FalseEquation):
        _ = nudge("max(x, y)", Y, 4, y=2).linear
    assert nudge("max(x, y)", Y, 1, y=2).linear.value == 4


def test_the_secant_becomes_the_tangent() -> None:
    slopes = [nudge("x ** 2 + y", X, h).slope for h in (1, 0.1, 0.001)]
    assert slopes == pytest.approx([9, 8.1, 8.001])


def test_a_section_is_the_output_along_one_input() -> None:
    trace = Graph.from_expression("max(x, y)", "f").evaluate(x=4, y=2)
    assert section(trace, Y)(np.array([1.0, 4.0, 6.5])).tolist() == [4, 4, 6.5]


def test_what_cannot_be_nudged_is_refused() -> None:
    with refused("cannot nudge z by h = 1"):
        nudge("x * y", Symbol("z"), 1)
    with refused("cannot nudge x by h = 0"):
        nudge("x * y", X, 0)

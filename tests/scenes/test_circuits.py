"""Lessons about circuits: the numbers of the storyboard, and every still, for all kinds of expressions."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest

from bpmath.chain_rule import received
from bpmath.differences import agrees, central_difference
from bpmath.forks import clearest, forks
from bpmath.graph import Graph
from bpmath.input_scale import scale_input
from bpmath.sigmoid_chain import find_sigmoid, with_sigmoid_gate
from scenes import circuits
from scenes.stage.expression import example_of, read_expression
from scenes.stage.lesson import Lesson
from tests.scenes.expressions import EXPRESSIONS
from tests.scenes.lessons import all_lessons, in_turn, named, perform

CASES: dict[str, dict[str, Any]] = {
    "example": {},
    "example, without numbers": {"numbers": False, "theme": "light"},
    "fork of three, Chinese": {"expression": EXPRESSIONS["fork of three"], "language": "zh"},
    "max, light": {"expression": EXPRESSIONS["max"], "theme": "light"},
    "nested, without captions": {"expression": EXPRESSIONS["nested"], "captions": "off"},
    "twenty gates": {"expression": EXPRESSIONS["twenty gates"]},
    "one gate, Chinese, light": {
        "expression": EXPRESSIONS["one gate"],
        "language": "zh",
        "theme": "light",
    },
    "max, without numbers": {"expression": EXPRESSIONS["max"], "numbers": False, "language": "zh"},
    "fork, without numbers": {"expression": EXPRESSIONS["fork of three"], "numbers": False},
    "one input": {"expression": {"formula": "sin(x)", "at": {"x": 2}}},
}
LESSONS = [lesson for lesson in all_lessons() if lesson.__module__ == circuits.__name__]


@pytest.mark.parametrize(("lesson", "name"), in_turn(LESSONS, CASES), ids=named)
def test_every_still_is_in_order(lesson: type[Lesson], name: str, media: Path) -> None:
    performance = perform(lesson, CASES[name], media)
    scene = performance.lesson
    performance.check()
    assert 20 < scene.time < 120


def shown(lesson: str, media: Path) -> tuple[Any, list[float]]:
    """Return the example of a lesson, and the numbers that it drew."""
    performance = perform(getattr(circuits, lesson), {}, media)
    scene = performance.lesson
    return scene, performance.drawn.numbers


def gradients(lesson: str) -> dict[str, float]:
    """Return the derivative of the output at every input of the expression of a lesson."""
    trace = example_of(lesson).trace
    found = trace.reverse().derivative
    return {str(symbol): found[symbol] for symbol in trace.graph.inputs}


def test_simple_circuit_draws_the_numbers_of_the_storyboard(media: Path) -> None:
    scene, numbers = shown("SimpleCircuit", media)
    x, y, z = scene.graph.inputs
    assert scene.trace[scene.output] == -12
    assert [scene.found(symbol) for symbol in (x, y, z)] == [-4, -4, 3]
    assert set(scene.values) == set(scene.derivatives) == set(scene.trace.values)
    assert {-12.0, -4.0, 3.0, 5.0, -2.0} <= set(numbers)


def test_sigmoid_neuron_draws_the_numbers_of_the_storyboard(media: Path) -> None:
    scene, numbers = shown("SigmoidNeuron", media)
    expected = {"w0": -0.197, "x0": 0.393, "w1": -0.393, "x1": -0.590, "w2": 0.197}
    assert gradients("SigmoidNeuron") == pytest.approx(expected, abs=5e-4)
    s = 1 / (1 + math.exp(-1))
    assert scene.trace[scene.output] == pytest.approx(s)
    assert scene.found(scene.chain.argument) == pytest.approx((1 - s) * s)
    for gradient in expected.values():
        assert min(abs(number - gradient) for number in numbers) < 5e-4
    # Four gates became one, and everything else stands there still.
    assert len(scene.shown.trace.values) - len(scene.trace.values) == 3
    assert set(scene.derivatives) == set(scene.trace.values)
    agreeing = next(beat for beat in scene.beats if beat.name == "equal")
    assert "5 of 5 agree" in agreeing.caption.text


@pytest.mark.parametrize(
    ("formula", "found"),
    [
        ("1 / (1 + exp(-x))", True),
        ("y * (1 / (exp(-(x * y)) + 1))", True),
        ("1 / (2 + exp(-x))", False),
        ("1 / (1 + exp(x))", False),
        ("1 / (1 + exp(-x)) + exp(-x)", True),
        ("x * y", False),
    ],
)
def test_only_a_sigmoid_is_taken_for_one(formula: str, found: bool) -> None:
    graph = Graph.from_expression(formula)
    chain = find_sigmoid(graph)
    assert (chain is not None) == found
    if chain is not None:
        at = {symbol: 0.3 + 0.4 * place for place, symbol in enumerate(graph.inputs)}
        before, after = graph.evaluate(at), with_sigmoid_gate(graph, chain).evaluate(at)
        for symbol in graph.inputs:
            assert after.reverse().derivative[symbol] == pytest.approx(before.reverse().derivative[symbol])


def test_gate_patterns_draw_the_numbers_of_the_storyboard(media: Path) -> None:
    scene, numbers = shown("GatePatterns", media)
    assert gradients("GatePatterns") == {"x": -8, "y": 6, "z": 2, "w": 0}
    assert {-8.0, 6.0, 2.0, 0.0, -20.0} <= set(numbers)
    assert {"add", "max", "multiply"} <= {beat.name for beat in scene.beats}
    (route,) = (beat.caption.text for beat in scene.beats if beat.name == "max")
    assert "the larger input, z, gets the whole gradient, w gets none" in route
    # What max chooses is said by a number: a function of the difference would have to be explained.
    assert received(scene.trace, scene.graph.inputs[2]).to_text() == "∂f/∂z = ∂f/∂v₂ · 1"
    assert received(scene.trace, scene.graph.inputs[3]).to_text() == "∂f/∂w = ∂f/∂v₂ · 0"


def test_gradients_add_at_a_fork(media: Path) -> None:
    scene, numbers = shown("GradientsAddAtForks", media)
    x, y = 3, -2
    assert str(scene.fork.symbol) == "x"
    assert scene.fork.total == y + 1
    assert scene.fork.overwritten == y
    assert scene.difference == pytest.approx(((x + 1) * y + x + 1 - (x * y + x)) / 1)
    # Below the fork stood the first contribution, the sum, what overwriting leaves, and the sum again.
    assert {1.0, float(y + 1), float(y)} <= set(numbers)
    assert agrees(scene.fork.total, scene.difference)
    assert not agrees(scene.fork.overwritten, scene.difference)


@pytest.mark.parametrize("name", list(EXPRESSIONS))
def test_differences_measure_the_derivative_at_every_node(name: str) -> None:
    expression = read_expression(EXPRESSIONS[name])
    for symbol, found in expression.trace.reverse().derivative.items():
        assert agrees(found, central_difference(expression.trace, symbol))


@pytest.mark.parametrize(
    ("formula", "fork", "uses"),
    [("x * y + x", "x", 2), ("x * y", None, 0), ("sin(x * y) * (x * y)", "x", 2), ("x - x + y", "x", 2)],
)
def test_forks_are_found(formula: str, fork: str | None, uses: int) -> None:
    graph = Graph.from_expression(formula)
    found = clearest(forks(graph.evaluate({s: 0.5 + k for k, s in enumerate(graph.inputs)})))
    assert (str(found.symbol) if found else None) == fork
    assert (len(found.steps) if found else 0) == uses


def test_inputs_times_a_thousand_make_gradients_times_a_thousand(media: Path) -> None:
    scene, numbers = shown("InputScale", media)
    scaling = scene.scaling
    w, x, rate = 0.5, 0.2, 0.1
    assert (str(scaling.weight), str(scaling.data), scaling.factor) == ("w", "x", 1000)
    assert (scaling.gradient(scaling.before), scaling.gradient(scaling.after)) == (x, 1000 * x)
    assert scaling.step(scaling.before).value == pytest.approx(w - rate * x)
    assert scaling.step(scaling.after).value == pytest.approx(w - rate * 1000 * x)
    assert scaling.step(scaling.after, scaling.slower).value == pytest.approx(w - rate * x)
    assert {x, 1000 * x} <= set(numbers)


@pytest.mark.parametrize("name", list(EXPRESSIONS))
def test_an_input_is_scaled_no_further_than_can_be_shown(name: str) -> None:
    scaling = scale_input(read_expression(EXPRESSIONS[name]).trace)
    scaled = scaling.after
    assert scaled[scaling.data] == pytest.approx(scaling.factor * scaling.before[scaling.data])
    assert max(map(abs, scaled.values.values())) < 1e6
    assert scaling.is_proportional == (name in ("max", "twenty gates", "one gate"))

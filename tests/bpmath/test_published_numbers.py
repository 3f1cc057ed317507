"""Numbers that others have printed: lecture notes, articles and textbooks, digit by digit."""

from __future__ import annotations

import importlib
import math
from typing import Any

import numpy as np
import pytest

import bpmath as bp
from bpmath.symbols import Symbol
from bpmath.trace import Trace


def trace_of(text: str, name: str = "e", **values: float) -> Trace:
    return bp.Graph.from_expression(text, name).evaluate(**values)


def gate(number: int) -> Symbol:
    return Symbol("v", None, (number,))


def test_olahs_graph() -> None:
    """Olah, Calculus on Computational Graphs: Backpropagation (2015): c = a + b, d = b + 1, e = c d."""
    trace = trace_of("(a + b) * (b + 1)", a=2, b=1)
    c, d = gate(1), gate(2)
    assert [trace[name] for name in (c, d, "e")] == [3, 2, 6]
    on_the_edges = [trace.partial(of, wrt) for of, wrt in ((Symbol("e"), c), (Symbol("e"), d))]
    assert on_the_edges == [2, 3]
    assert [trace.partial(c, Symbol("a")), trace.partial(c, Symbol("b")), trace.partial(d, Symbol("b"))] == [
        1
    ] * 3
    reverse, forward = trace.reverse().derivative, trace.forward("b").derivative
    assert [reverse[name] for name in ("e", c, d, "a", "b")] == [1, 2, 3, 2, 5]
    assert [forward[name] for name in ("a", "b", c, d, "e")] == [0, 1, 1, 1, 5]


def test_the_intermediate_gate_of_the_first_circuit() -> None:
    """Stanford CS231n, Backpropagation, Intuitions: q = x + y = 3, df/dq = -4, df/dz = 3."""
    trace = trace_of("(x + y) * z", "f", x=-2, y=5, z=-4)
    assert (trace[gate(1)], trace["f"]) == (3, -12)
    assert trace.reverse().derivative[gate(1)] == -4
    assert trace.reverse().derivative["z"] == 3


def test_three_decimals_of_the_sigmoid_neuron() -> None:
    """Stanford CS231n: the code of the notes, which takes the sigmoid as one gate."""
    w, x = [2.0, -3.0, -3.0], [-1.0, -2.0]
    dot = w[0] * x[0] + w[1] * x[1] + w[2]
    f = 1.0 / (1 + math.exp(-dot))
    ddot = (1 - f) * f
    dx = [w[0] * ddot, w[1] * ddot]
    dw = [x[0] * ddot, x[1] * ddot, 1.0 * ddot]
    trace = trace_of("1 / (1 + exp(-(w0 * x0 + w1 * x1 + w2)))", w0=2, w1=-3, w2=-3, x0=-1, x1=-2)
    found = trace.reverse().derivative
    assert [found[name] for name in ("x0", "x1", "w0", "w1", "w2")] == pytest.approx(dx + dw, rel=1e-14)
    assert [round(found[name], 3) for name in ("w0", "w1", "w2")] == [-0.197, -0.393, 0.197]
    assert [round(found[name], 3) for name in ("x0", "x1")] == [0.393, -0.590]


def test_the_values_of_the_sigmoid_neuron_on_the_way() -> None:
    """Stanford CS231n: the green numbers in the figure, with two decimals."""
    trace = trace_of("1 / (1 + exp(-(w0 * x0 + w1 * x1 + w2)))", w0=2, w1=-3, w2=-3, x0=-1, x1=-2)
    gates = [round(value, 2) for symbol, value in trace.values.items() if symbol not in trace.graph.inputs]
    assert gates == [-2, 6, 4, 1, -1, 0.37, 1.37, 0.73]


def test_staged_backpropagation_line_by_line() -> None:
    """Stanford CS231n, Backpropagation, Intuitions: f(x, y) = (x + sigma(y)) / (sigma(x) + (x + y)^2).

    The forward and the backward pass as the notes write them, a line for each gate; every line of the
    backward pass is the derivative at a gate of the graph.
    """
    x, y = 3.0, -4.0
    sigy = 1.0 / (1 + math.exp(-y))
    num = x + sigy
    sigx = 1.0 / (1 + math.exp(-x))
    xpy = x + y
    xpysqr = xpy**2
    den = sigx + xpysqr
    invden = 1.0 / den
    f = num * invden

    dnum = invden
    dinvden = num
    dden = (-1.0 / (den**2)) * dinvden
    dsigx = (1) * dden
    dxpysqr = (1) * dden
    dxpy = (2 * xpy) * dxpysqr
    dx = (1) * dxpy
    dy = (1) * dxpy
    dx += ((1 - sigx) * sigx) * dsigx
    dx += (1) * dnum
    dsigy = (1) * dnum
    dy += ((1 - sigy) * sigy) * dsigy

    trace = trace_of("(x + sigmoid(y)) * (1 / (sigmoid(x) + (x + y) ** 2))", "f", x=x, y=y)
    stages = [sigy, num, sigx, xpy, xpysqr, den, invden]
    slopes = [dsigy, dnum, dsigx, dxpy, dxpysqr, dden, dinvden]
    found = trace.reverse().derivative
    assert [trace[gate(k)] for k in range(1, 8)] == pytest.approx(stages, rel=1e-14)
    assert [found[gate(k)] for k in range(1, 8)] == pytest.approx(slopes, rel=1e-14)
    assert trace["f"] == pytest.approx(f, rel=1e-14)
    assert [found["x"], found["y"]] == pytest.approx([dx, dy], rel=1e-13)


def test_staged_backpropagation_by_autograd() -> None:
    """The same function as plain Python, differentiated by HIPS autograd."""
    autograd: Any = importlib.import_module("autograd")
    anp: Any = importlib.import_module("autograd.numpy")

    def function(x: Any, y: Any) -> Any:
        return (x + 1 / (1 + anp.exp(-y))) / (1 / (1 + anp.exp(-x)) + (x + y) ** 2)

    expected = [float(autograd.grad(function, position)(3.0, -4.0)) for position in (0, 1)]
    trace = trace_of("(x + sigmoid(y)) / (sigmoid(x) + (x + y) ** 2)", x=3, y=-4)
    assert [trace.reverse().derivative[name] for name in "xy"] == pytest.approx(expected, rel=1e-13)
    assert trace["e"] == pytest.approx(function(3.0, -4.0), rel=1e-15)


MAZUR = bp.Network([[[0.15, 0.20], [0.25, 0.30]], [[0.40, 0.45], [0.50, 0.55]]], [[0.35, 0.35], [0.60, 0.60]])
MAZURS_SAMPLE = ([0.05, 0.10], [0.01, 0.99])


def mazurs_step(network: bp.Network) -> bp.Network:
    """The output weights first; then the hidden weights, through output weights that have changed already."""
    run = bp.forward(network, *MAZURS_SAMPLE)
    back = bp.backward(run)
    last = network.weights[1] - 0.5 * back.dW[2]
    hidden = run.a[1] * (1 - run.a[1]) * (last.T @ back.delta[2])
    return bp.Network([network.weights[0] - 0.5 * np.outer(hidden, run.x), last], network.biases)


def test_mazurs_error_after_one_step() -> None:
    """Mazur, A Step by Step Backpropagation Example (2015): the weights printed, and the error they give.

    With all weights changed at once, as the article says and as its printed weights are, the error is
    0.291027774.  The article prints 0.291027924, to the last digit what comes of carrying the errors back
    through output weights that have changed already.  Both are found here; the biases stay as they are.
    """
    back = bp.backward(bp.forward(MAZUR, *MAZURS_SAMPLE))
    weights = [W - 0.5 * back.dW[layer] for layer, W in enumerate(MAZUR.weights, 1)]
    stepped = bp.Network(weights, MAZUR.biases)
    assert round(stepped.value(bp.w(2, 1, 1)), 8) == 0.35891648
    assert round(stepped.value(bp.w(1, 1, 1)), 9) == 0.149780716
    assert round(bp.forward(stepped, *MAZURS_SAMPLE).E, 9) == 0.291027774
    assert round(bp.forward(mazurs_step(MAZUR), *MAZURS_SAMPLE).E, 9) == 0.291027924


def test_mazurs_outputs_after_ten_thousand_steps() -> None:
    """Mazur (2015): 0.015912196 and 0.984065734 after 10,000 rounds, in that order of steps."""
    network = MAZUR
    for _ in range(10_000):
        network = mazurs_step(network)
    outputs = bp.forward(network, *MAZURS_SAMPLE).a[2]
    assert [round(float(output), 9) for output in outputs] == [0.015912196, 0.984065734]


def test_nielsens_neuron() -> None:
    """Nielsen, Neural Networks and Deep Learning (2015), chapter 3: one neuron learns to turn 1 into 0.

    Quadratic cost, learning rate 0.15, 300 epochs: from w = 0.6 and b = 0.9, the output falls from 0.82 to
    about 0.09; from w = b = 2 it begins at 0.98, where for 150 epochs little is learned.
    """
    near, far = bp.Network([[[0.6]]], [[0.9]]), bp.Network([[[2.0]]], [[2.0]])

    def output(network: bp.Network, epochs: int) -> float:
        trained = bp.train(network, [1.0], [0.0], learning_rate=0.15, steps=epochs).network
        return float(bp.forward(trained, [1.0], [0.0]).a[1][0])

    assert [round(output(near, epochs), 2) for epochs in (0, 300)] == [0.82, 0.09]
    assert round(output(far, 0), 2) == 0.98
    assert output(far, 150) > 0.9
    assert output(near, 150) < 0.2


def test_goodfellows_network_computes_exclusive_or() -> None:
    """Goodfellow, Bengio & Courville, Deep Learning (2016), section 6.1: W = 1, c = (0, -1), w = (1, -2)."""
    network = bp.Network([[[1, 1], [1, 1]], [[1, -2]]], [[0, -1], [0]], ["relu", "identity"])
    inputs, targets = [[0, 0], [0, 1], [1, 0], [1, 1]], [[0], [1], [1], [0]]
    run = bp.forward(network, inputs, targets)
    assert run.z[1].tolist() == [[0, -1], [1, 0], [1, 0], [2, 1]]
    assert run.a[1].tolist() == [[0, 0], [1, 0], [1, 0], [2, 1]]
    assert run.a[2].tolist() == targets
    assert run.E == 0
    assert all(
        not gradient.any() for gradient in (*bp.backward(run).dW.values(), *bp.backward(run).db.values())
    )


def test_baydins_trace() -> None:
    """Baydin et al., Automatic Differentiation in Machine Learning: a Survey (2018), tables 2 and 3.

    f(x1, x2) = ln(x1) + x1 x2 - sin(x2) at (2, 5), printed with three decimals.
    """
    trace = trace_of("log(x1) + x1 * x2 - sin(x2)", "y", x1=2, x2=5)
    values = [round(value, 3) for value in trace.values.values()]
    assert values == [2, 5, 0.693, 10, 10.693, -0.959, 11.652]
    assert trace.forward("x1").derivative["y"] == trace.reverse().derivative["x1"] == 5.5
    assert round(trace.reverse().derivative["x2"], 3) == 1.716


def test_griewanks_and_walthers_example() -> None:
    """Griewank & Walther, Evaluating Derivatives (2008), tables 1.1 to 1.3.

    y = (sin(x1 / x2) + x1 / x2 - exp(x2)) (x1 / x2 - exp(x2)) at (1.5, 0.5); the expression computes twice
    what the tables compute once.  The tables go on from four decimals, so the last can be off by 1.
    """
    text = "(sin(x1 / x2) + x1 / x2 - exp(x2)) * (x1 / x2 - exp(x2))"
    trace = trace_of(text, "y", x1=1.5, x2=0.5)
    for printed in (3.0, 0.1411, 1.6487, 1.3513, 1.4924, 2.0167):
        assert any(value == pytest.approx(printed, abs=1e-4) for value in trace.values.values()), printed
    assert trace.forward("x1").derivative["y"] == pytest.approx(3.0118, abs=1e-4)
    found = trace.reverse().derivative
    assert [found[name] for name in ("x1", "x2")] == pytest.approx([3.0118, -13.7239], abs=1e-4)

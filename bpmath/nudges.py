"""Nudging one input: how far the output moves, per length of the nudge, and what the derivative says.

    (f(x + h, y) - f(x, y)) / h        the slope of the secant, for the nudge h
    f(x + h, y) = f(x, y) + df/dx h    exact where f is straight between the two, else nearly so for small h

What you can do here: `Nudge(trace, symbol, h)` has both as equations that are executed; `section` is the
output as a function of one input alone.

Source: Karpathy, CS231n course notes, Backpropagation, section "Simple expressions and interpretation of the
gradient".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bpmath.algebra import (
    Derivative,
    Expression,
    Function,
    Negative,
    Number,
    Quantity,
    Quotient,
    Sum,
    apply,
    product,
)
from bpmath.equations import Equation
from bpmath.symbols import Symbol
from bpmath.trace import Trace

H = Symbol("h")
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Nudge:
    """One input of a trace moved by h; it knows the values of all quantities of the trace, and of h.

    Raises ValueError when h is 0, when the symbol is no input, or when an input is called h.
    """

    trace: Trace
    symbol: Symbol
    h: float

    def __post_init__(self) -> None:
        inputs = self.trace.graph.inputs
        if self.symbol not in inputs or H in inputs or not self.h:
            raise ValueError(f"cannot nudge {self.symbol} by h = {self.h}; the inputs are {inputs}")

    # -- what equations are evaluated on ------------------------------------------------------------

    def value(self, symbol: Symbol) -> float:
        """Return the value of a quantity, before the nudge, or h."""
        return self.h if symbol == H else self.trace.value(symbol)

    def partial(self, of: Symbol, wrt: Symbol, occurrence: int = 0) -> float:
        """Return a local derivative, before the nudge."""
        return self.trace.partial(of, wrt, occurrence)

    def derivative(self, of: Symbol, wrt: Symbol) -> float:
        """Return a whole derivative, before the nudge."""
        return self.trace.derivative(of, wrt)

    # -- what it finds ------------------------------------------------------------------------------

    @property
    def place(self) -> float:
        """Where the input is after the nudge."""
        return self.trace[self.symbol] + self.h

    @property
    def output(self) -> float:
        """The output after the nudge."""
        return self.after.evaluate(self)

    @property
    def change(self) -> float:
        """How far the output has moved."""
        return self.output - self.trace[self.trace.graph.output]

    @property
    def slope(self) -> float:
        """The slope of the secant."""
        return self.quotient.value

    @property
    def before(self) -> Expression:
        """f(x, y)"""
        return apply(self._function, *map(Quantity, self.trace.graph.inputs))

    @property
    def after(self) -> Expression:
        """f(x + h, y)"""
        moved = Sum((Quantity(self.symbol), Quantity(H)))
        inputs = self.trace.graph.inputs
        return apply(self._function, *(moved if s == self.symbol else Quantity(s) for s in inputs))

    @property
    def quotient(self) -> Equation:
        """(f(x + h, y) - f(x, y)) / h = its value"""
        left = Quotient(Sum((self.after, Negative(self.before))), Quantity(H))
        return Equation(left, Number(left.evaluate(self)), self)

    @property
    def linear(self) -> Equation:
        """f(x + h, y) = f(x, y) + df/dx h; FalseEquation where f bends in between."""
        output = self.trace.graph.output
        step = product(Derivative(output, self.symbol), Quantity(H))
        return Equation(self.after, Sum((self.before, step)), self)

    @property
    def _function(self) -> Function:
        graph = self.trace.graph

        def call(*inputs: float) -> float:
            found = graph.evaluate(dict(zip(graph.inputs, inputs, strict=True)))
            return found[graph.output]

        return Function(str(graph.output), call)


def section(trace: Trace, symbol: Symbol) -> Callable[[Floats], Floats]:
    """Return the output as a function of one input, all others as they are in a trace."""
    graph = trace.graph
    given = {name: trace[name] for name in graph.inputs}

    def function(points: Floats) -> Floats:
        found = [graph.evaluate({**given, symbol: float(point)})[graph.output] for point in points]
        return np.array(found)

    return function

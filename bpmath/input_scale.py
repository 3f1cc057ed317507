"""One input of an expression multiplied by a factor: what that does to a gradient, and to a step of descent.

    f = w x + b        df/dw = x: with 1000 x for x the gradient is 1000 times as large,
    w - eta df/dw      and so is the step, unless the rate is 1000 times smaller

Source: Karpathy, CS231n course notes, Backpropagation, "Patterns in backward flow".
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain

from bpmath.algebra import Derivative, Negative, Number, Quantity, product, total
from bpmath.descent import ETA
from bpmath.equations import Equation
from bpmath.graph import Graph
from bpmath.operations import DomainError
from bpmath.symbols import Symbol
from bpmath.trace import Trace

FACTORS = (1000, 100, 10, 2)
"""The factors to try, the largest first."""
LARGEST = 1e6
"""No value and no derivative may reach this."""
RATE = 0.1
ALIKE = 1e-9


@dataclass(frozen=True)
class StepValues:
    """A trace, and the rate at which a step goes."""

    trace: Trace
    rate: float

    def value(self, symbol: Symbol) -> float:
        """Return the rate, or the value of a node."""
        return self.rate if symbol == ETA else self.trace.value(symbol)

    def partial(self, of: Symbol, wrt: Symbol, occurrence: int = 0) -> float:
        """Return the local derivative on an edge."""
        return self.trace.partial(of, wrt, occurrence)

    def derivative(self, of: Symbol, wrt: Symbol) -> float:
        """Return a whole derivative."""
        return self.trace.derivative(of, wrt)


@dataclass(frozen=True)
class InputScale:
    """An expression before and after its input `data` is multiplied; the step is one of `weight`."""

    before: Trace
    after: Trace
    data: Symbol
    weight: Symbol
    factor: int

    def gradient(self, trace: Trace) -> float:
        """Return the derivative of the output with respect to the weight."""
        return trace.reverse().derivative[self.weight]

    @property
    def is_proportional(self) -> bool:
        """Whether the gradient grew by the factor exactly."""
        expected, found = self.factor * self.gradient(self.before), self.gradient(self.after)
        return abs(found - expected) <= ALIKE * abs(expected) and expected != 0

    @property
    def slower(self) -> float:
        """The rate at which the step after is the step before, where the gradient grew by the factor."""
        return RATE / self.factor

    def step(self, trace: Trace, rate: float = RATE) -> Equation:
        """Return w - eta df/dw = its number."""
        values = StepValues(trace, rate)
        slope = Derivative(trace.graph.output, self.weight)
        moved = total((Quantity(self.weight), Negative(product(Quantity(ETA), slope))))
        return Equation(moved, Number(moved.evaluate(values)), values)


def scale_input(trace: Trace) -> InputScale:
    """Return an expression with one of its inputs multiplied by the largest factor that it can bear.

    Where it bears none the factor is 1.
    """
    weight, data = _pair(trace.graph)
    given = {symbol: trace[symbol] for symbol in trace.graph.inputs}
    for factor in FACTORS:
        try:
            after = trace.graph.evaluate({**given, data: factor * given[data]})
        except DomainError:
            continue
        if max(map(abs, chain(after.values.values(), after.reverse().derivative.values()))) < LARGEST:
            return InputScale(trace, after, data, weight, factor)
    return InputScale(trace, trace, data, weight, 1)


def _pair(graph: Graph) -> tuple[Symbol, Symbol]:
    """Return two inputs that are multiplied, else the first and the last one."""
    for node in graph.nodes:
        multiplies = node.operation is not None and node.operation.name == "multiply"
        if multiplies and len(set(node.inputs)) > 1 and set(node.inputs) <= set(graph.inputs):
            first, second = node.inputs
            return first, second
    return graph.inputs[0], graph.inputs[-1]

"""The gates as mathematics: what each computes, and its local derivatives, as expressions.

    gate_formula(graph["e"])                  v1 v2         for the gate multiply
    local_derivative_formula(graph["e"], 0)   v2            de/dv1, on the edge of the first input

The expressions stand in the symbols of the graph and are executed on its trace: they have the values that
`bpmath.operations` computes, which knows nothing of them.  Where it is customary, a local derivative stands
in the gate's own value: that of s = sigmoid(z) is (1 - s) s.  Where max, min, relu and abs choose, the
derivative is written with two functions that have a value everywhere: step(x) is 1 for x > 0 and otherwise
0, and sign(x) is -1, 0 or 1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from bpmath.activations import ACTIVATIONS, STEP, Activation
from bpmath.algebra import (
    EXP,
    LOG,
    Expression,
    Function,
    Negative,
    Number,
    Power,
    Quantity,
    Quotient,
    Sum,
    apply,
    product,
    total,
)
from bpmath.graph import Node
from bpmath.loss_formulas import Symbols, Term, shared, softmax
from bpmath.losses import LOSSES
from bpmath.operations import LossGate, Operation
from bpmath.validation import counted

Arguments = Sequence[Expression]
"""What stands in the places of a gate's arguments: its inputs, and the numbers that are fixed in it."""

ONE, TWO = Number(1), Number(2)
# Of as many arguments as there are; np.maximum takes two.
LARGEST = Function("max", lambda *arguments: max(arguments))
SMALLEST = Function("min", lambda *arguments: min(arguments))
SIGN = Function("sign", np.sign)
ABS = Function("abs", abs)
SQRT = Function("sqrt", np.sqrt)
SIN = Function("sin", np.sin)
COS = Function("cos", np.cos)


def gate_formula(node: Node) -> Expression:
    """Return what a gate computes from its inputs and the numbers fixed in it: a + 1, x y, 1 / x, e^x.

    Raises ValueError for an input of the graph and for a gate that is not of `bpmath.operations`.
    """
    gate = _gate_of(node)
    if isinstance(gate, LossGate):
        return _loss_formula(node, gate)
    return _formulas(gate).value(_arguments(node, gate))


def local_derivative_formula(node: Node, argument: int) -> Expression:
    """Return the local derivative of a gate with respect to its input number `argument`, as on `Edge`.

    Raises ValueError as `gate_formula` does, and for an input that the gate does not have.
    """
    gate = _gate_of(node)
    if not 0 <= argument < len(node.inputs):
        inputs = counted(len(node.inputs), "input")
        raise ValueError(f"argument is {argument}, but {node.symbol} has {inputs}, numbered from 0")
    if isinstance(gate, LossGate):
        return _loss_derivative(node, gate, argument)
    places = [place for place, fixed in enumerate(_constants(node, gate)) if fixed is None]
    return _formulas(gate).derivative(_arguments(node, gate), places[argument], Quantity(node.symbol))


def _gate_of(node: Node) -> Operation:
    if node.operation is None:
        raise ValueError(f"node: {node.symbol} is an input, but only a gate has a formula")
    return node.operation


def _constants(node: Node, gate: Operation) -> tuple[float | None, ...]:
    return gate.constants or (None,) * len(node.inputs)


def _arguments(node: Node, gate: Operation) -> Arguments:
    inputs = iter(node.inputs)
    constants = _constants(node, gate)
    return [Quantity(next(inputs)) if fixed is None else Number(fixed) for fixed in constants]


# -- the pieces -------------------------------------------------------------------------------------------


def _minus(number: float) -> Expression:
    """Return a number less its sign, with a minus before it where it was negative."""
    return Negative(Number(-number)) if number < 0 else Number(number)


def _added(terms: Arguments) -> Expression:
    """Return t1 + t2 + ..., where + (-1) is written - 1."""
    first, *others = terms
    rest = (_minus(term.number) if isinstance(term, Number) else term for term in others)
    return total((first, *rest))


def _difference(x1: Expression, x2: Expression) -> Expression:
    """Return x1 - x2; what is taken from zero, or zero taken away, is not written so."""
    if x2 == Number(0):
        return x1
    return Negative(x2) if x1 == Number(0) else Sum((x1, Negative(x2)))


def _multiplied(x1: Expression, x2: Expression) -> Expression:
    """Return x1 x2, numbers first and a minus before them."""
    if isinstance(x2, Number) and not isinstance(x1, Number):
        x1, x2 = x2, x1
    if isinstance(x1, Number) and x1.number < 0:
        return Negative(product(Number(-x1.number), x2))
    return product(x1, x2)


def _times(number: float, expression: Expression) -> Expression:
    """Return a multiple, in which no factor of one is written."""
    if abs(number) == 1:
        return Negative(expression) if number < 0 else expression
    return _multiplied(Number(number), expression)


def _power_derivative(arguments: Arguments, place: int, value: Expression) -> Expression:
    base, exponent = arguments
    if place == 1:
        return product(value, apply(LOG, base))
    if not isinstance(exponent, Number):
        return product(exponent, Power(base, _added((exponent, Number(-1)))))
    n = exponent.number
    if n in (0, 1):
        return Number(n)
    return _times(n, base if n == 2 else Power(base, Number(n - 1)))


def _affine(arguments: Arguments) -> Expression:
    *pairs, bias = arguments
    terms = [_multiplied(w, a) for w, a in zip(pairs[::2], pairs[1::2], strict=True)]
    return _added(terms if terms and bias == Number(0) else [*terms, bias])


def _affine_derivative(arguments: Arguments, place: int, value: Expression) -> Expression:
    if place == len(arguments) - 1:
        return ONE
    return arguments[place + 1 if place % 2 == 0 else place - 1]


def _chosen(arguments: Arguments, place: int, ahead: Callable[[int, int], Expression]) -> Expression:
    """Return 1 for the first argument that is ahead of all others, and 0 for the others.

    `ahead(i, j)` is by how much argument i is ahead of j; of equals the first is chosen.
    """
    factors = [
        apply(STEP, ahead(place, other)) if other < place else _one_less(apply(STEP, ahead(other, place)))
        for other in range(len(arguments))
        if other != place
    ]
    return product(*factors) if factors else ONE


def _largest(arguments: Arguments, place: int, value: Expression) -> Expression:
    return _chosen(arguments, place, lambda i, j: _difference(arguments[i], arguments[j]))


def _smallest(arguments: Arguments, place: int, value: Expression) -> Expression:
    return _chosen(arguments, place, lambda i, j: _difference(arguments[j], arguments[i]))


def _one_less(expression: Expression) -> Expression:
    return Sum((ONE, Negative(expression)))


# -- the gates --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Formulas:
    """A gate written out: its value of the arguments, and the derivative by one of their places.

    `derivative(arguments, place, value)` may stand in the gate's own value.
    """

    value: Callable[[Arguments], Expression]
    derivative: Callable[[Arguments, int, Expression], Expression]


def _of_one(
    value: Callable[[Expression], Expression], derivative: Callable[[Expression, Expression], Expression]
) -> Formulas:
    """Return the formulas of a gate of one argument: f(x), and its derivative of x and f."""
    return Formulas(lambda given: value(given[0]), lambda given, place, f: derivative(given[0], f))


def _named(function: Function) -> Callable[[Expression], Expression]:
    return lambda x: apply(function, x)


def _activation(activation: Activation) -> Formulas:
    def derivative(arguments: Arguments, place: int, value: Expression) -> Expression:
        (z,) = arguments
        if isinstance(z, Quantity) and isinstance(value, Quantity):
            return activation.derivative_formula(z.symbol, value.symbol)
        raise AssertionError("an activation stands between two symbols")

    def formula(arguments: Arguments) -> Expression:
        return arguments[0] if activation.name == "identity" else apply(activation.symbol, arguments[0])

    return Formulas(formula, derivative)


# fmt: off
FORMULAS: Mapping[str, Formulas] = {
    "constant": Formulas(lambda x: x[0], lambda x, place, f: Number(0)),
    "add": Formulas(_added, lambda x, place, f: ONE),
    "subtract": Formulas(lambda x: Sum((x[0], Negative(x[1]))), lambda x, place, f: Number((1, -1)[place])),
    "multiply": Formulas(lambda x: _multiplied(x[0], x[1]), lambda x, place, f: x[1 - place]),
    "divide": Formulas(
        lambda x: Quotient(x[0], x[1]),
        lambda x, place, f: Negative(Quotient(x[0], Power(x[1], TWO))) if place else Quotient(ONE, x[1]),
    ),
    "power": Formulas(lambda x: Power(x[0], x[1]), _power_derivative),
    "affine": Formulas(_affine, _affine_derivative),
    "max": Formulas(lambda x: apply(LARGEST, *x), _largest),
    "min": Formulas(lambda x: apply(SMALLEST, *x), _smallest),
    "negate": _of_one(Negative, lambda x, f: Number(-1)),
    "reciprocal": _of_one(lambda x: Quotient(ONE, x), lambda x, f: Negative(Quotient(ONE, Power(x, TWO)))),
    "exp": _of_one(_named(EXP), lambda x, f: f),
    "log": _of_one(_named(LOG), lambda x, f: Quotient(ONE, x)),
    "sqrt": _of_one(_named(SQRT), lambda x, f: Quotient(ONE, product(TWO, f))),
    "sin": _of_one(_named(SIN), lambda x, f: apply(COS, x)),
    "cos": _of_one(_named(COS), lambda x, f: Negative(apply(SIN, x))),
    "abs": _of_one(_named(ABS), lambda x, f: apply(SIGN, x)),
    **{name: _activation(record) for name, record in ACTIVATIONS.items()},
}
# fmt: on
"""The formulas by the name of the gate."""


def _formulas(gate: Operation) -> Formulas:
    if gate.name not in FORMULAS:
        raise ValueError(f"node: the gate {gate.name} has no formula; there is one for {', '.join(FORMULAS)}")
    return FORMULAS[gate.name]


# -- losses -----------------------------------------------------------------------------------------------


def _loss_formula(node: Node, gate: LossGate) -> Expression:
    return LOSSES[gate.name].term(gate.output, gate.outputs, *_numbered(node, gate))


def _loss_derivative(node: Node, gate: LossGate, argument: int) -> Expression:
    a, y = _numbered(node, gate)
    k, n, loss = gate.output, gate.outputs, LOSSES[gate.name]
    if argument < len(node.inputs) - 1:
        return loss.slope_term(k, loss.inputs(k, n)[argument], n, a, y)
    return TARGET_DERIVATIVES[gate.name](k, n, a, y)


def _numbered(node: Node, gate: LossGate) -> tuple[Symbols, Symbols]:
    """Return the symbols of all n outputs and targets; those that e_k does not read can be anything."""
    *activations, target = node.inputs
    reads = LOSSES[gate.name].inputs(gate.output, gate.outputs)
    known = dict(zip(reads, activations, strict=True))
    numbers = range(1, gate.outputs + 1)
    return [known.get(j, target) for j in numbers], [target for _ in numbers]


def _distance(k: int, a: Symbols, y: Symbols) -> Expression:
    return Sum((Quantity(y[k - 1]), Negative(Quantity(a[k - 1]))))


def _log_odds_against(k: int, n: int, a: Symbols, y: Symbols) -> Expression:
    output = Quantity(a[k - 1])
    return Sum((apply(LOG, _one_less(output)), Negative(apply(LOG, output))))


TARGET_DERIVATIVES: Mapping[str, Term] = {
    "squared_error": lambda k, n, a, y: _distance(k, a, y),
    "mean_squared_error": lambda k, n, a, y: shared(product(TWO, _distance(k, a, y)), n),
    "binary_cross_entropy": _log_odds_against,
    "softmax_cross_entropy": lambda k, n, a, y: Negative(apply(LOG, softmax(k, a))),
}
"""The formulas of de_k/dy_k, which only a graph asks for."""

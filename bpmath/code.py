"""A graph as a program: a line of Python for every gate, and the lines that sweep the gradient back.

    v1 = x + y             dv2 = 2 * v1 * df        forward: every gate's value is kept in a variable
    f = v1 ** 2            ...                      backward: its lines use those values again

What you can do here: `write_code(graph)` has the lines of both, each with the gate and the edges that it is
about and with its parts, each with the term that it stands for; `program` is text that Python executes.
The derivative of the output with respect to a quantity q is in the variable dq.  A line for an edge sets it,
`=`, where it is the first to reach the quantity, and adds to it, `+=`, where others have reached it before.

Source: Karpathy, CS231n course notes, Backpropagation, section "Backprop in practice: Staged computation".
"""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum

from bpmath.algebra import (
    Apply,
    Derivative,
    Expression,
    Negative,
    Number,
    Power,
    Product,
    Quantity,
    Quotient,
    Sum,
)
from bpmath.gates import gate_formula, local_derivative_formula
from bpmath.graph import Edge, Graph
from bpmath.merging import local
from bpmath.symbols import Symbol

FROM_MATH = ("cos", "exp", "log", "sin", "sqrt", "tanh")
BUILT_IN = ("abs", "max", "min")
SIGMOID = "return 1 / (1 + exp(-x)) if x >= 0 else exp(x) / (1 + exp(x))"
DEFINED = {
    "relu": "return max(0.0, x)",
    "leaky_relu": "return max(0.01 * x, x)",
    "softplus": "return max(0.0, x) + log(1 + exp(-abs(x)))",
    "sigmoid": SIGMOID,
    "step": "return float(x > 0)",
    "sign": "return float(x > 0) - float(x < 0)",
}
"""The functions that Python does not have, of x."""
LARGEST_WHOLE = 1e15


@dataclass(frozen=True)
class CodePart:
    """A part of a line, and the term that it stands for, which is None for signs between terms."""

    text: str
    term: Expression | None = None


@dataclass(frozen=True)
class CodeLine:
    """A line that sets a value, forward, or a derivative, backward: that of the node `sets`.

    `gate` is the gate that it is about, `edges` are the edges: all that enter the gate, forward, and one,
    backward, or none where the derivative of the output by itself is set.
    """

    sets: Symbol
    gate: Symbol
    edges: tuple[Edge, ...]
    parts: tuple[CodePart, ...]

    @property
    def text(self) -> str:
        """The line as Python reads it."""
        return "".join(part.text for part in self.parts)

    @property
    def reads(self) -> tuple[Symbol, ...]:
        """The quantities whose values stand at the right of it, in order, each once."""
        _, *right = self.parts
        values = (part.term.symbol for part in right if isinstance(part.term, Quantity))
        return tuple(dict.fromkeys(values))

    @property
    def adds(self) -> bool:
        """Whether the line adds to what an earlier one has set."""
        return any(part.text == " += " for part in self.parts)


@dataclass(frozen=True)
class Code:
    """The lines of both passes, in order, and the functions that they need which Python has no name for."""

    forward: tuple[CodeLine, ...]
    backward: tuple[CodeLine, ...]
    prelude: tuple[str, ...]

    @property
    def program(self) -> str:
        """The text that Python executes where every input has its value: then all variables are set."""
        return "\n".join((*self.prelude, *(line.text for line in (*self.forward, *self.backward)))) + "\n"


def write_code(graph: Graph) -> Code:
    """Return the code of a graph; ValueError for a gate that has no formula, or none in Python."""
    names = Names(graph)
    forward = tuple(_forward(graph, names))
    backward = tuple(_backward(graph, names))
    return Code(forward, backward, tuple(_prelude((*forward, *backward))))


class Names:
    """The variables of a program: v1 for the gate v_1, dv1 for the derivative of the output by it.

    No two are alike, and none is a word of Python's or a function's.
    """

    def __init__(self, graph: Graph) -> None:
        self._output = graph.output
        taken = {*keyword.kwlist, *FROM_MATH, *BUILT_IN, *DEFINED}
        self._values: dict[Symbol, str] = {}
        for node in graph.nodes:
            self._values[node.symbol] = _unused(_plain(node.symbol), taken)
        self._derivatives = {s: _unused(f"d{name}", taken) for s, name in self._values.items()}

    def value(self, symbol: Symbol) -> CodePart:
        """Return the variable with the value of a node."""
        return CodePart(self._values[symbol], Quantity(symbol))

    def derivative(self, symbol: Symbol) -> CodePart:
        """Return the variable with the derivative of the output with respect to a node."""
        return CodePart(self._derivatives[symbol], Derivative(self._output, symbol))


def _plain(symbol: Symbol) -> str:
    numbers = (*(() if symbol.layer is None else (symbol.layer,)), *symbol.indices)
    return symbol.letter + "_".join(map(str, numbers))


def _unused(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "_"
    taken.add(name)
    return name


# -- the lines --------------------------------------------------------------------------------------------


def _forward(graph: Graph, names: Names) -> Iterator[CodeLine]:
    for node in graph.nodes:
        if node.operation is not None:
            right = _python(gate_formula(node), names)
            parts = (names.value(node.symbol), CodePart(" = "), *right)
            yield CodeLine(node.symbol, node.symbol, graph.edges_into(node.symbol), parts)


def _backward(graph: Graph, names: Names) -> Iterator[CodeLine]:
    """Yield the lines in the order of the reverse sweep."""
    start = names.derivative(graph.output)
    one = CodePart("1", start.term)
    yield CodeLine(graph.output, graph.output, (), (start, CodePart(" = "), one))
    reached = {graph.output}
    for node in reversed(graph.nodes):
        for edge in graph.edges_into(node.symbol) if node.symbol in reached else ():
            sign = " += " if edge.source in reached else " = "
            reached.add(edge.source)
            yield _across(graph, edge, names, sign)


def _across(graph: Graph, edge: Edge, names: Names, sign: str) -> CodeLine:
    """Return the line that carries the derivative across an edge: du += dv/du dv."""
    slope = local(graph, edge)
    formula = local_derivative_formula(graph[edge.target], edge.argument)
    # What leads along the edge is seen as one thing: it stands in brackets.
    right = _bracketed(formula, names, _Binding.ATOM)
    slopes = (part if isinstance(part.term, Quantity) else replace(part, term=slope) for part in right)
    parts = (names.derivative(edge.source), CodePart(sign), *slopes, CodePart(" * "))
    return CodeLine(edge.source, edge.target, (edge,), (*parts, names.derivative(edge.target)))


def _prelude(lines: Iterable[CodeLine]) -> Iterator[str]:
    """Yield the imports and definitions that lines need."""
    used = {part.text for line in lines for part in line.parts}
    defined = [name for name in DEFINED if name in used]
    needed = used | {name for name in FROM_MATH if any(f"{name}(" in DEFINED[other] for other in defined)}
    if imported := [name for name in FROM_MATH if name in needed]:
        yield f"from math import {', '.join(imported)}"
    yield from (f"def {name}(x): {DEFINED[name]}" for name in defined)


# -- expressions ------------------------------------------------------------------------------------------


class _Binding(IntEnum):
    """How strongly an expression holds together: what binds less needs brackets."""

    SUM = 0
    PRODUCT = 1
    MINUS = 2
    POWER = 3
    ATOM = 4


def _binding(expression: Expression) -> _Binding:
    match expression:
        case Sum():
            return _Binding.SUM
        case Product() | Quotient():
            return _Binding.PRODUCT
        case Negative():
            return _Binding.PRODUCT if _binding(expression.term) == _Binding.PRODUCT else _Binding.MINUS
        case Number(number=number):
            return _Binding.MINUS if number < 0 else _Binding.ATOM
        case Power():
            return _Binding.POWER
    return _Binding.ATOM


def _bracketed(expression: Expression, names: Names, least: _Binding) -> list[CodePart]:
    """Return an expression in Python, in brackets where it holds together less than is asked for."""
    inside = _python(expression, names)
    return inside if _binding(expression) >= least else [CodePart("("), *inside, CodePart(")")]


def _python(expression: Expression, names: Names) -> list[CodePart]:
    """Return an expression in Python, part by part."""
    match expression:
        case Number(number=number):
            whole = float(number).is_integer() and abs(number) < LARGEST_WHOLE
            return [CodePart(str(int(number)) if whole else repr(float(number)), expression)]
        case Quantity(symbol=symbol):
            return [names.value(symbol)]
        case Sum(terms=terms):
            return _sum(terms, names)
        case Product(factors=(first, *others)):
            factors = [_bracketed(first, names, _Binding.PRODUCT)]
            return _joined([*factors, *(_bracketed(f, names, _Binding.POWER) for f in others)], " * ")
        case Quotient(numerator=above, denominator=below):
            parts = [_bracketed(above, names, _Binding.PRODUCT), _bracketed(below, names, _Binding.POWER)]
            return _joined(parts, " / ")
        case Power(base=base, exponent=exponent):
            return _joined([_bracketed(part, names, _Binding.ATOM) for part in (base, exponent)], " ** ")
        case Negative(term=term):
            return [CodePart("-"), *_bracketed(term, names, _Binding.PRODUCT)]
        case Apply(function=function, arguments=arguments):
            _check_function(function.name)
            inside = _joined([_python(argument, names) for argument in arguments], ", ")
            return [CodePart(function.name), CodePart("("), *inside, CodePart(")")]
    raise ValueError(f"expression: a {type(expression).__name__} cannot be written in Python")


def _sum(terms: tuple[Expression, ...], names: Names) -> list[CodePart]:
    parts = _bracketed(terms[0], names, _Binding.SUM)
    for term in terms[1:]:
        away = isinstance(term, Negative)
        parts.append(CodePart(" - " if away else " + "))
        parts += _bracketed(term.term if isinstance(term, Negative) else term, names, _Binding.PRODUCT)
    return parts


def _joined(operands: list[list[CodePart]], sign: str) -> list[CodePart]:
    first, *others = operands
    return [*first, *(part for operand in others for part in (CodePart(sign), *operand))]


_KNOWN: Mapping[str, None] = dict.fromkeys((*FROM_MATH, *BUILT_IN, *DEFINED))


def _check_function(name: str) -> None:
    if name not in _KNOWN:
        raise ValueError(f"expression: {name} has no Python here; there is some for {', '.join(_KNOWN)}")

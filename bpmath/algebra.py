"""Expressions that can be executed: the right- and left-hand sides of every equation.

An expression is a tree of frozen records.  `evaluate` needs only something that knows the values of
symbols, of local derivatives and of whole derivatives (a `Trace` does)::

    Product((Partial(e(1), a(3, 1)), Partial(a(3, 1), z(3, 1)), Partial(z(3, 1), w(3, 1, 1))))
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import reduce
from operator import mul
from typing import Any, Protocol

import numpy as np

from bpmath.scaled import Scaled, exact_sum, exponential, is_ordinary, logarithm, scaled_sum
from bpmath.symbols import E, Symbol, delta, z


class Values(Protocol):
    """What an expression is evaluated on."""

    def value(self, symbol: Symbol) -> float:
        """Return the value of a quantity."""
        ...

    def partial(self, of: Symbol, wrt: Symbol, occurrence: int = 0) -> float:
        """Return the local derivative on one edge."""
        ...

    def derivative(self, of: Symbol, wrt: Symbol) -> float:
        """Return the whole derivative, over all paths."""
        ...


class Expression(ABC):
    """Anything that has a value on a trace."""

    @property
    def operands(self) -> tuple[Expression, ...]:
        """The expressions directly inside this one, in the order in which they are written."""
        return ()

    @abstractmethod
    def evaluate(self, values: Values) -> float:
        """Return the value of the expression."""

    def magnitude(self, values: Values) -> float:
        """Return the scale of the rounding error: to first order, machine precision times this is lost.

        Source: Higham, Accuracy and Stability of Numerical Algorithms, 2002, chapter 3.
        """
        return abs(self.evaluate(values))

    def scaled(self, values: Values) -> Scaled:
        """Return value and magnitude as a number that may lie beyond the range of floats."""
        return Scaled(self.evaluate(values), self.magnitude(values))


@dataclass(frozen=True)
class Number(Expression):
    """A number that stands in an equation."""

    number: float

    def evaluate(self, values: Values) -> float:
        return float(self.number)


@dataclass(frozen=True)
class Quantity(Expression):
    """The value of a symbol."""

    symbol: Symbol

    def evaluate(self, values: Values) -> float:
        return values.value(self.symbol)


@dataclass(frozen=True)
class Partial(Expression):
    """The local derivative on one edge: how `of` changes with its direct input `wrt`, all else held.

    `occurrence` counts the edges between the same two nodes (x*x has two from x).
    """

    of: Symbol
    wrt: Symbol
    occurrence: int = 0

    def evaluate(self, values: Values) -> float:
        return values.partial(self.of, self.wrt, self.occurrence)


@dataclass(frozen=True)
class Derivative(Expression):
    """The whole derivative of `of` with respect to `wrt`: the sum over all paths between them."""

    of: Symbol
    wrt: Symbol

    def evaluate(self, values: Values) -> float:
        return values.derivative(self.of, self.wrt)


@dataclass(frozen=True)
class Delta(Expression):
    """The delta of a node: delta = dE/dz, one name for everything between E and the weighted sum.

    Source: Nielsen, Neural Networks and Deep Learning, 2015, chapter 2, eq. (29).
    """

    layer: int
    node: int

    @property
    def symbol(self) -> Symbol:
        """How it is called."""
        return delta(self.layer, self.node)

    def evaluate(self, values: Values) -> float:
        return values.derivative(E, z(self.layer, self.node))


@dataclass(frozen=True)
class Sum(Expression):
    """t1 + t2 + ... ; a `Negative` term is written with a minus sign."""

    terms: tuple[Expression, ...]

    @property
    def operands(self) -> tuple[Expression, ...]:
        return self.terms

    def evaluate(self, values: Values) -> float:
        return exact_sum(term.evaluate(values) for term in self.terms)

    def magnitude(self, values: Values) -> float:
        return exact_sum(term.magnitude(values) for term in self.terms)

    def scaled(self, values: Values) -> Scaled:
        return scaled_sum([term.scaled(values) for term in self.terms])


@dataclass(frozen=True)
class Product(Expression):
    """f1 · f2 · ... ; a factor of exactly zero makes it zero, so 0 log 0 = 0 as in information theory."""

    factors: tuple[Expression, ...]

    @property
    def operands(self) -> tuple[Expression, ...]:
        return self.factors

    def evaluate(self, values: Values) -> float:
        direct = self._direct([factor.evaluate(values) for factor in self.factors])
        return self.scaled(values).value if direct is None else direct

    def magnitude(self, values: Values) -> float:
        direct = self._direct([factor.magnitude(values) for factor in self.factors])
        return self.scaled(values).rounding if direct is None else direct

    def _direct(self, numbers: list[float]) -> float | None:
        """Return the product of the factors' numbers, or None where it may have lost its digits."""
        found = math.prod(numbers)
        if all(map(is_ordinary, (*numbers, found))):
            return found
        # What has no operands has not underflowed: its zero is exact.
        exact = (
            number == 0.0 for factor, number in zip(self.factors, numbers, strict=True) if not factor.operands
        )
        return 0.0 if any(exact) else None

    def scaled(self, values: Values) -> Scaled:
        return reduce(mul, (factor.scaled(values) for factor in self.factors))


@dataclass(frozen=True)
class Negative(Expression):
    """-t"""

    term: Expression

    @property
    def operands(self) -> tuple[Expression, ...]:
        return (self.term,)

    def evaluate(self, values: Values) -> float:
        return -self.term.evaluate(values)

    def magnitude(self, values: Values) -> float:
        return self.term.magnitude(values)

    def scaled(self, values: Values) -> Scaled:
        return -self.term.scaled(values)


@dataclass(frozen=True)
class Quotient(Expression):
    """numerator / denominator; division by zero gives infinity with its sign, or NaN for 0/0.

    Parts that are too large or too small for a float, as in e^1000 / (e^1000 + e^999), do no harm.
    """

    numerator: Expression
    denominator: Expression

    @property
    def operands(self) -> tuple[Expression, ...]:
        return (self.numerator, self.denominator)

    def evaluate(self, values: Values) -> float:
        above, below = self.numerator.evaluate(values), self.denominator.evaluate(values)
        if is_ordinary(above) and is_ordinary(below):
            return above / below
        return self.scaled(values).value

    def magnitude(self, values: Values) -> float:
        return self.scaled(values).rounding

    def scaled(self, values: Values) -> Scaled:
        return self.numerator.scaled(values) / self.denominator.scaled(values)


@dataclass(frozen=True)
class Power(Expression):
    """base ^ exponent"""

    base: Expression
    exponent: Expression

    @property
    def operands(self) -> tuple[Expression, ...]:
        return (self.base, self.exponent)

    def evaluate(self, values: Values) -> float:
        with np.errstate(all="ignore"):
            return float(np.float64(self.base.evaluate(values)) ** self.exponent.evaluate(values))

    def magnitude(self, values: Values) -> float:
        base, value = self.base.evaluate(values), abs(self.evaluate(values))
        relative = self.base.magnitude(values) / abs(base) if base else 1.0
        return value * (1 + abs(self.exponent.evaluate(values)) * relative)


@dataclass(frozen=True)
class Function:
    """A function with a name; two functions are the same when their names are."""

    name: str
    call: Callable[..., float] = field(compare=False, repr=False)
    on_array: Callable[[Any], Any] | None = field(default=None, compare=False, repr=False)
    """The same for every entry of an array at once, where there is such a function."""


@dataclass(frozen=True)
class Apply(Expression):
    """function(argument, ...)

    The logarithm of what is too large or too small for a float, as in ln(1 + e^1000), is found all the same.
    """

    function: Function
    arguments: tuple[Expression, ...]

    @property
    def operands(self) -> tuple[Expression, ...]:
        return self.arguments

    def evaluate(self, values: Values) -> float:
        if self.function == LOG:
            (argument,) = self.arguments
            terms = argument.terms if isinstance(argument, Sum) else (argument,)
            return logarithm([term.scaled(values) for term in terms])
        with np.errstate(all="ignore"):
            return float(self.function.call(*(argument.evaluate(values) for argument in self.arguments)))

    def magnitude(self, values: Values) -> float:
        own = abs(self.evaluate(values))
        if self.function == LOG:
            return own + self.arguments[0].scaled(values).relative
        inside = exact_sum(argument.magnitude(values) for argument in self.arguments)
        # Activations, their derivatives and the maximum change no faster than their arguments do.
        return own * (1 + inside) if self.function == EXP else own + inside

    def scaled(self, values: Values) -> Scaled:
        if self.function == EXP:
            (argument,) = self.arguments
            return exponential(argument.evaluate(values), argument.magnitude(values))
        return super().scaled(values)


EXP = Function("exp", np.exp)
LOG = Function("log", np.log)
MAX = Function("max", np.maximum)


def apply(function: Function, *arguments: Expression) -> Apply:
    """Return function(arguments)."""
    return Apply(function, arguments)


def total(terms: tuple[Expression, ...]) -> Expression:
    """Return the sum of the terms; a single term is itself."""
    return terms[0] if len(terms) == 1 else Sum(terms)


def product(*factors: Expression) -> Expression:
    """Return the product, with products inside it opened; a single factor is itself."""
    flat = tuple(
        inner
        for factor in factors
        for inner in (factor.factors if isinstance(factor, Product) else (factor,))
    )
    return flat[0] if len(flat) == 1 else Product(flat)

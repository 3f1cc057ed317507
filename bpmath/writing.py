"""Writing expressions piece by piece; `notation.write` is the way in.

Every piece is shown to a `Mark` with its `Place` before it is put together with the others.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from bpmath.algebra import (
    EXP,
    Apply,
    Delta,
    Derivative,
    Expression,
    Negative,
    Number,
    Partial,
    Power,
    Product,
    Quantity,
    Quotient,
    Sum,
)
from bpmath.conventions import Naming
from bpmath.languages import LANGUAGES
from bpmath.matrices import MatrixExpression
from bpmath.matrix_algebra import MatrixNegative
from bpmath.spelling import Language
from bpmath.symbols import Symbol

SIGNIFICANT_DIGITS = 3
Position = tuple[int, ...]
Term = Expression | MatrixExpression


@dataclass(frozen=True)
class Place:
    """Where a piece stands in what is written.

    `position` leads from the root to an operand, an index a step (an equation's sides are 0 and 1);
    `part` tells pieces of the same expression apart: a numerator, a sign, a parenthesis.
    """

    position: Position = ()
    part: str = ""


Mark = Callable[[Place, str], str]


def unmarked(place: Place, source: str) -> str:
    """Return the source as it is."""
    return source


def number(value: float, language: str = "text", digits: int = SIGNIFICANT_DIGITS) -> str:
    """Return a number with `digits` significant digits; one that needs fewer is written exactly."""
    value = float(value) + 0.0  # no minus sign on zero
    spelling = LANGUAGES[choose("language", language, LANGUAGES)]
    if not math.isfinite(value):
        raise ValueError(f"value: {value} cannot be written as a number; it must be finite")
    rounded = float(f"{value:.{digits}g}")
    if rounded and not 1e-3 <= abs(rounded) < 10**6:
        mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
        if rounded == value:
            mantissa = mantissa.rstrip("0").rstrip(".")
        return spelling.scientific(mantissa, int(exponent))
    exact = rounded == value or value == int(value)
    return f"{value:.{max(digits, 6)}g}" if exact else _positional(value, digits)


def _positional(value: float, digits: int) -> str:
    leading = math.floor(math.log10(abs(float(f"{value:.{digits}g}"))))
    return f"{value:.{max(0, digits - 1 - leading)}f}"


def choose(argument: str, given: str, accepted: Iterable[str]) -> str:
    """Return what was given; ValueError when it is not accepted."""
    names = tuple(accepted)
    if given not in names:
        close = difflib.get_close_matches(str(given), names, 1)
        hint = f" (did you mean {close[0]!r}?)" if close else ""
        raise ValueError(f"{argument} is {given!r}{hint}, but it must be one of {', '.join(names)}")
    return given


# What binds tighter than what; an operand that binds less than its place asks gets parentheses.
SUM, PRODUCT, POWER, ATOM = 1, 2, 3, 4


@dataclass(frozen=True)
class ExpressionWriter:
    """Writes scalar expressions; `MatrixWriter` adds matrices and equations."""

    language_name: str
    naming: Naming
    mark: Mark
    spacious: bool
    longest_sum: int | None

    @property
    def language(self) -> Language:
        """How the pieces are spelled."""
        return LANGUAGES[self.language_name]

    def symbol(self, symbol: Symbol) -> str:
        """Return what a scalar is called."""
        return self.language.name(self.naming.name(symbol))

    def expression(self, expression: Term, position: Position, binding: int = SUM) -> str:
        """Return an expression, in parentheses when it binds less than its place asks."""
        source = self.bare(expression, position)
        if self.binding(expression) >= binding:
            return source
        return self.parentheses(source, position, tall=binding == ATOM or self.is_tall(expression))

    def parentheses(self, source: str, position: Position, tall: bool) -> str:
        """Return a source in parentheses, which grow with it when it is `tall`."""
        spelling = self.language
        opening = self.mark(Place(position, "open"), spelling.tall_opening if tall else spelling.opening)
        closing = self.mark(Place(position, "close"), spelling.tall_closing if tall else spelling.closing)
        return spelling.parentheses(opening, source, closing, tall)

    def binding(self, expression: Term) -> int:
        """Return how tightly an expression holds together."""
        match expression:
            case Sum() | Negative():
                return SUM
            case Number(number=value):
                return SUM if value < 0 else ATOM
            case Product():
                return PRODUCT
            case Partial() | Derivative() | Quotient() | Power():
                return POWER
            case Apply(function=function):
                return POWER if function == EXP else ATOM
            case Quantity(symbol=symbol) | Delta(symbol=symbol):
                # a^3 to the power of 2 needs parentheses, a^(3) does not.
                naming = self.naming
                return (
                    ATOM if naming.convention.layer_in_parentheses or not naming.name(symbol).above else POWER
                )
        return ATOM

    def is_tall(self, expression: Term) -> bool:
        """Tell whether an expression is higher than a line: a fraction stands in it."""
        if isinstance(expression, Partial | Derivative | Quotient):
            return True
        return any(map(self.is_tall, expression.operands))

    def bare(self, expression: Term, position: Position) -> str:
        """Return an expression without parentheses around it."""
        match expression:
            case Number(number=value):
                return self.mark(Place(position), number(value, self.language_name))
            case Quantity(symbol=symbol) | Delta(symbol=symbol):
                return self.mark(Place(position), self.symbol(symbol))
            case Partial(of=of, wrt=wrt) | Derivative(of=of, wrt=wrt):
                return self.differentials(self.symbol(of), self.symbol(wrt), position)
            case Sum(terms=terms):
                return self.sum(terms, position)
            case Product(factors=factors):
                return self._product(factors, position)
            case Negative(term=term):
                return self.negative(term, position)
            case Quotient(numerator=above, denominator=below):
                parts = self.expression(above, (*position, 0)), self.expression(below, (*position, 1))
                return self.mark(Place(position, "bar"), self.language.fraction(*parts))
            case Power(base=base, exponent=exponent):
                raised = self.expression(exponent, (*position, 1))
                return self.language.power(self.expression(base, (*position, 0), ATOM), raised)
            case Apply():
                return self._apply(expression, position)
        raise TypeError(f"expression: a {type(expression).__name__} cannot be written")

    def differentials(self, of: str, wrt: str, position: Position) -> str:
        """Return the fraction of two differentials."""
        above, below = map(self.language.partial, (of, wrt))
        fraction = self.language.fraction(
            self.mark(Place(position, "numerator"), above), self.mark(Place(position, "denominator"), below)
        )
        return self.mark(Place(position, "bar"), fraction)

    def negative(self, term: Term, position: Position) -> str:
        """Return a term behind a minus sign."""
        minus = self.mark(Place(position, "minus"), self.language.minus)
        return self.language.join([minus, self.expression(term, (*position, 0), PRODUCT)])

    def sum(self, terms: Sequence[Term], position: Position) -> str:
        """Return terms with plus and minus signs between them; a long sum has an ellipsis."""
        pieces: list[str] = []
        for index in shown(len(terms), self.longest_sum):
            plus = self.language.wide_plus if self.spacious else self.language.plus
            if index is None:
                pieces.append(self.mark(Place(position, "plus ellipsis"), plus))
                pieces.append(self.mark(Place(position, "ellipsis"), self.language.ellipsis))
                continue
            term, sign = terms[index], plus
            place = (*position, index)
            if isinstance(term, Negative | MatrixNegative) and index:
                term, sign, place = term.term, self.language.minus, (*place, 0)
            if index:
                pieces.append(self.mark(Place(position, f"plus {index}"), sign))
            is_negative = isinstance(term, Number) and term.number < 0
            binds = sign == self.language.minus or (index > 0 and is_negative)
            pieces.append(self.expression(term, place, PRODUCT if binds else SUM))
        return self.language.join(pieces)

    def _product(self, factors: Sequence[Expression], position: Position) -> str:
        dotted = any(isinstance(factor, Partial | Derivative) for factor in factors)
        dotted |= any(isinstance(factor, Number) for factor in factors[1:])
        times = self.language.wide_times if self.spacious else self.language.times
        pieces: list[str] = []
        for index, factor in enumerate(factors):
            if index and dotted:
                pieces.append(self.mark(Place(position, f"times {index}"), times))
            pieces.append(self.expression(factor, (*position, index), PRODUCT))
        return self.language.join(pieces)

    def _apply(self, expression: Apply, position: Position) -> str:
        name, arguments = expression.function.name, expression.arguments
        inner = [self.expression(argument, (*position, k)) for k, argument in enumerate(arguments)]
        if expression.function == EXP:
            return self.language.power(self.mark(Place(position, "function"), "e"), inner[0])
        if name in ("sqrt", "abs"):
            return self.around(name, inner[0], position)
        written = self.mark(Place(position, "comma"), self.language.arguments(inner))
        return self.call(name, written, position, any(map(self.is_tall, arguments)))

    def around(self, name: str, source: str, position: Position) -> str:
        """Return a root or an absolute value: signs that stand around what they apply to."""
        if name == "sqrt":
            return self.mark(Place(position, "function"), self.language.root(source))
        opening = self.mark(Place(position, "open"), self.language.bar_opening)
        closing = self.mark(Place(position, "close"), self.language.bar_closing)
        return self.language.parentheses(opening, source, closing, tall=True)

    def call(self, name: str, arguments: str, position: Position, tall: bool) -> str:
        """Return a function's name before its arguments in parentheses."""
        function = self.mark(Place(position, "function"), self.language.function(name))
        return self.language.call(function, self.parentheses(arguments, position, tall))


def shown(count: int, longest: int | None) -> list[int | None]:
    """Return the indices of the terms to write, None for the ellipsis."""
    if longest is None or count <= longest:
        return list(range(count))
    return [*range(longest - 2), None, count - 1]

"""How an expression is written: in one of several textbooks' conventions, in Typst, LaTeX or text.

What you can do here: `write(equation, "typst")` gives the source of an equation or an expression;
`number(0.0743219, "text")` a number with three significant digits.  A `mark` sees every piece as it is
written, with its place, so that a stage can find the glyphs of each term again.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable
from dataclasses import dataclass

from bpmath.algebra import (
    EXP,
    Apply,
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
from bpmath.equations import Equation
from bpmath.languages import LANGUAGES, Language, Name
from bpmath.symbols import Symbol

SIGNIFICANT_DIGITS = 3
NOTATIONS = ("article",)


@dataclass(frozen=True)
class Place:
    """Where a piece stands in what is written.

    `position` leads from the root to an operand, an index a step (an equation's sides are 0 and 1);
    `part` tells pieces of the same expression apart: a numerator, a sign, a parenthesis.
    """

    position: tuple[int, ...] = ()
    part: str = ""


Mark = Callable[[Place, str], str]
Written = Equation | Expression | Symbol


def _unmarked(place: Place, source: str) -> str:
    return source


def write(
    what: Written,
    language: str = "text",
    notation: str = "article",
    *,
    mark: Mark = _unmarked,
    spacious: bool = False,
    longest_sum: int | None = None,
) -> str:
    """Return the source of an equation, an expression or a symbol.

    `spacious` sets products wide apart; a sum of more than `longest_sum` terms shows an ellipsis.
    Raises ValueError for an unknown language or notation.
    """
    _choose("language", language, tuple(LANGUAGES))
    _choose("notation", notation, NOTATIONS)
    writer = _Writer(LANGUAGES[language], mark, spacious, longest_sum)
    if isinstance(what, Symbol):
        return mark(Place(), writer.symbol(what))
    return writer.equation(what) if isinstance(what, Equation) else writer.expression(what, ())


def number(value: float, language: str = "text", digits: int = SIGNIFICANT_DIGITS) -> str:
    """Return a number with `digits` significant digits; one that needs fewer is written exactly."""
    value = float(value) + 0.0  # no minus sign on zero
    spelling = LANGUAGES[_choose("language", language, tuple(LANGUAGES))]
    if not math.isfinite(value):
        raise ValueError(f"value: {value} cannot be written as a number; it must be finite")
    rounded = float(f"{value:.{digits}g}")
    if rounded and not 1e-3 <= abs(rounded) < 10**6:
        mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
        return spelling.scientific(mantissa, int(exponent))
    exact = rounded == value or value == int(value)
    return f"{value:.{max(digits, 6)}g}" if exact else _positional(value, digits)


def _positional(value: float, digits: int) -> str:
    leading = math.floor(math.log10(abs(float(f"{value:.{digits}g}"))))
    return f"{value:.{max(0, digits - 1 - leading)}f}"


def _choose(argument: str, given: str, accepted: tuple[str, ...]) -> str:
    if given not in accepted:
        close = difflib.get_close_matches(str(given), accepted, 1)
        hint = f" (did you mean {close[0]!r}?)" if close else ""
        raise ValueError(f"{argument} is {given!r}{hint}, but it must be one of {', '.join(accepted)}")
    return given


# What binds tighter than what; an operand that binds less than its place asks gets parentheses.
SUM, PRODUCT, POWER, ATOM = 1, 2, 3, 4


def _binding(expression: Expression) -> int:
    match expression:
        case Sum() | Negative():
            return SUM
        case Number(number=value):
            return SUM if value < 0 else ATOM
        case Product():
            return PRODUCT
        case Partial() | Derivative() | Quotient():
            return POWER
        case Power():
            return POWER
        case Apply(function=function):
            return POWER if function == EXP else ATOM
        case _:
            return ATOM


@dataclass(frozen=True)
class _Writer:
    language: Language
    mark: Mark
    spacious: bool
    longest_sum: int | None

    def equation(self, equation: Equation) -> str:
        sign = self.language.wide_equals if self.spacious else self.language.equals
        equals = self.mark(Place((), "equals"), sign)
        return self.language.join(
            [self.expression(equation.lhs, (0,)), equals, self.expression(equation.rhs, (1,))]
        )

    def symbol(self, symbol: Symbol) -> str:
        """The article's convention: the layer above in parentheses, the indices (to, from) below."""
        crowded = any(index > 9 for index in symbol.indices)
        below = ("," if crowded else "").join(map(str, symbol.indices))
        return self.language.name(
            Name(symbol.letter, "" if symbol.layer is None else str(symbol.layer), below)
        )

    def expression(self, expression: Expression, position: tuple[int, ...], binding: int = SUM) -> str:
        source = self._bare(expression, position)
        if _binding(expression) >= binding:
            return source
        return self._parentheses(source, position, tall=binding == ATOM or _is_tall(expression))

    def _parentheses(self, source: str, position: tuple[int, ...], tall: bool) -> str:
        spelling = self.language
        opening = self.mark(Place(position, "open"), spelling.tall_opening if tall else spelling.opening)
        closing = self.mark(Place(position, "close"), spelling.tall_closing if tall else spelling.closing)
        return spelling.parentheses(opening, source, closing, tall)

    def _bare(self, expression: Expression, position: tuple[int, ...]) -> str:
        match expression:
            case Number(number=value):
                return self.mark(Place(position), number(value, self._language_name))
            case Quantity(symbol=symbol):
                return self.mark(Place(position), self.symbol(symbol))
            case Partial(of=of, wrt=wrt) | Derivative(of=of, wrt=wrt):
                return self._differentials(of, wrt, position)
            case Sum(terms=terms):
                return self._sum(terms, position)
            case Product(factors=factors):
                return self._product(factors, position)
            case Negative(term=term):
                minus = self.mark(Place(position, "minus"), self.language.minus)
                return self.language.join([minus, self.expression(term, (*position, 0), PRODUCT)])
            case Quotient(numerator=above, denominator=below):
                parts = self.expression(above, (*position, 0)), self.expression(below, (*position, 1))
                return self.mark(Place(position, "bar"), self.language.fraction(*parts))
            case Power(base=base, exponent=exponent):
                raised = self.expression(exponent, (*position, 1))
                return self.language.power(self.expression(base, (*position, 0), ATOM), raised)
            case Apply():
                return self._apply(expression, position)
        raise TypeError(f"expression: a {type(expression).__name__} cannot be written")

    @property
    def _language_name(self) -> str:
        return next(name for name, language in LANGUAGES.items() if language is self.language)

    def _differentials(self, of: Symbol, wrt: Symbol, position: tuple[int, ...]) -> str:
        above, below = (self.language.partial(self.symbol(symbol)) for symbol in (of, wrt))
        fraction = self.language.fraction(
            self.mark(Place(position, "numerator"), above), self.mark(Place(position, "denominator"), below)
        )
        return self.mark(Place(position, "bar"), fraction)

    def _sum(self, terms: tuple[Expression, ...], position: tuple[int, ...]) -> str:
        shown = _shown(len(terms), self.longest_sum)
        pieces: list[str] = []
        for index in shown:
            plus = self.language.wide_plus if self.spacious else self.language.plus
            if index is None:
                pieces.append(self.mark(Place(position, "plus ellipsis"), plus))
                pieces.append(self.mark(Place(position, "ellipsis"), self.language.ellipsis))
                continue
            term, sign = terms[index], plus
            place = (*position, index)
            if isinstance(term, Negative) and index:
                term, sign, place = term.term, self.language.minus, (*place, 0)
            if index:
                pieces.append(self.mark(Place(position, f"plus {index}"), sign))
            pieces.append(self.expression(term, place, PRODUCT if sign == self.language.minus else SUM))
        return self.language.join(pieces)

    def _product(self, factors: tuple[Expression, ...], position: tuple[int, ...]) -> str:
        dotted = any(isinstance(factor, Partial | Derivative) for factor in factors)
        times = self.language.wide_times if self.spacious else self.language.times
        pieces: list[str] = []
        for index, factor in enumerate(factors):
            digits_meet = index and isinstance(factor, Number) and isinstance(factors[index - 1], Number)
            if index and (dotted or digits_meet):
                pieces.append(self.mark(Place(position, f"times {index}"), times))
            pieces.append(self.expression(factor, (*position, index), PRODUCT))
        return self.language.join(pieces)

    def _apply(self, expression: Apply, position: tuple[int, ...]) -> str:
        name, arguments = expression.function.name, expression.arguments
        inner = [self.expression(argument, (*position, k)) for k, argument in enumerate(arguments)]
        if expression.function == EXP:
            return self.language.power(self.mark(Place(position, "function"), "e"), inner[0])
        function = self.mark(Place(position, "function"), self.language.function(name))
        written = self.mark(Place(position, "comma"), self.language.arguments(inner))
        return self.language.call(
            function, self._parentheses(written, position, any(map(_is_tall, arguments)))
        )


def _is_tall(expression: Expression) -> bool:
    """Tell whether an expression is higher than a line: a fraction stands in it."""
    if isinstance(expression, Partial | Derivative | Quotient):
        return True
    return any(map(_is_tall, expression.operands))


def _shown(count: int, longest: int | None) -> list[int | None]:
    """Return the indices of the terms to write, None for the ellipsis."""
    if longest is None or count <= longest:
        return list(range(count))
    return [*range(longest - 2), None, count - 1]

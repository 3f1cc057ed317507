"""Multiplying out: an expression as a sum of products, and whether two expressions are the same one.

What you can do here: show that a factored form stands for exactly the paths it came from.

    expand((p + q) r)              the terms p r and q r
    same((p + q) r, r q + p r)     True: equal up to the order of terms and of factors
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from math import prod

from bpmath.algebra import Delta, Expression, Negative, Number, Product, Sum

MOST_TERMS = 100_000

Term = tuple[Expression, ...]
"""The factors of one product, in the order of reading."""

Definition = Callable[[Delta], Expression]


class TooManyTerms(ValueError):
    """The expansion has more terms than was asked for; the message names the count."""


def expand(
    expression: Expression, definition: Definition | None = None, limit: int = MOST_TERMS
) -> list[Term]:
    """Return the products whose sum an expression is, multiplied out.

    `definition` gives what a delta stands for; without it a delta stays.  Whatever is neither a sum, a
    product nor a negative stays a factor; a factor of 1 is left out.  Raises TooManyTerms over `limit`.
    """
    count = _count(expression, definition)
    if count > limit:
        raise TooManyTerms(
            f"the expression has {count} terms when multiplied out, more than the limit of {limit}"
        )
    return _expand(expression, definition)


def _count(expression: Expression, definition: Definition | None) -> int:
    match expression:
        case Sum(terms=terms):
            return sum(_count(term, definition) for term in terms)
        case Product(factors=factors):
            return prod(_count(factor, definition) for factor in factors)
        case Negative(term=term):
            return _count(term, definition)
        case Delta() if definition:
            return _count(definition(expression), definition)
    return 1


def _expand(expression: Expression, definition: Definition | None) -> list[Term]:
    match expression:
        case Sum(terms=terms):
            return [product for term in terms for product in _expand(term, definition)]
        case Product(factors=factors):
            products: list[Term] = [()]
            for factor in factors:
                inner = _expand(factor, definition)
                products = [(*before, *after) for before in products for after in inner]
            return products
        case Negative(term=term):
            return [(Number(-1), *product) for product in _expand(term, definition)]
        case Delta() if definition:
            return _expand(definition(expression), definition)
        case Number(number=1):
            return [()]
    return [(expression,)]


def same(left: Expression, right: Expression) -> bool:
    """Return whether two expressions are equal up to the order of terms and factors, when multiplied out."""
    return _multiset(left) == _multiset(right)


def _multiset(expression: Expression) -> Counter[tuple[str, ...]]:
    return Counter(tuple(sorted(map(repr, term))) for term in expand(expression))

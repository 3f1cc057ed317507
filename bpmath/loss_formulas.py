"""The losses written out: the error e_k of each output and its derivatives, as expressions.

Every formula is written in the symbols a of the n outputs and y of the n targets; nodes are counted from 1.
`losses` holds them in its table, next to the vectorised functions that compute the same.
"""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable, Sequence

from bpmath.algebra import (
    EXP,
    LOG,
    Expression,
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
from bpmath.symbols import Symbol

Symbols = Sequence[Symbol]
Term = Callable[[int, int, Symbols, Symbols], Expression]
"""(k, n, a, y): a formula of the output k, of n outputs."""

SlopeTerm = Callable[[int, int, int, Symbols, Symbols], Expression]
"""(k, j, n, a, y): the formula of de_k/da_j."""

GradientTerm = Callable[[int, int, Symbols, Symbols, Iterable[float] | None], Expression]
"""(j, n, a, y, targets): the formula of dE/da_j, for these numbers as targets if they are known."""

ONE, TWO = Number(1), Number(2)

# p - y is off by p times what the targets' sum is off from 1.  An equation allows for 64 units of rounding;
# these leave it the rest for its own.
UNIT_SUM_ROUNDING = 16 * sys.float_info.epsilon


# -- squared errors ---------------------------------------------------------------------------------------


def squared_term(k: int, n: int, a: Symbols, y: Symbols) -> Expression:
    """Return 1/2 (a_k - y_k)^2."""
    return product(Quotient(ONE, TWO), Power(_difference(k, a, y), TWO))


def squared_slope(k: int, n: int, a: Symbols, y: Symbols) -> Expression:
    """Return de_k/da_k = a_k - y_k."""
    return _difference(k, a, y)


def shared(whole: Expression, n: int) -> Expression:
    """Return whole / n, in which nothing is divided by one."""
    return whole if n == 1 else Quotient(whole, Number(n))


def mean_squared_term(k: int, n: int, a: Symbols, y: Symbols) -> Expression:
    """Return (a_k - y_k)^2 / n."""
    return shared(Power(_difference(k, a, y), TWO), n)


def mean_squared_slope(k: int, n: int, a: Symbols, y: Symbols) -> Expression:
    """Return de_k/da_k = 2 (a_k - y_k) / n."""
    return shared(product(TWO, _difference(k, a, y)), n)


# -- binary cross-entropy ---------------------------------------------------------------------------------


def binary_cross_entropy_term(k: int, n: int, a: Symbols, y: Symbols) -> Expression:
    """Return -(y_k ln a_k + (1 - y_k) ln(1 - a_k))."""
    output, target = Quantity(a[k - 1]), Quantity(y[k - 1])
    positive = product(target, apply(LOG, output))
    negative = product(_one_minus(target), apply(LOG, _one_minus(output)))
    return Negative(Sum((positive, negative)))


def binary_cross_entropy_slope(k: int, n: int, a: Symbols, y: Symbols) -> Expression:
    """Return de_k/da_k = (a_k - y_k) / (a_k (1 - a_k)).

    Where a_k has saturated to its target, 0 or 1, this is 0/0: the derivative there is a limit, which the
    formula does not say, and an equation with it raises FalseEquation.
    """
    output = Quantity(a[k - 1])
    return Quotient(_difference(k, a, y), product(output, _one_minus(output)))


# -- softmax cross-entropy --------------------------------------------------------------------------------


def softmax(k: int, a: Symbols) -> Expression:
    """Return p_k = e^{a_k} / (e^{a_1} + ... + e^{a_n}), which is found however large the outputs are."""
    exponentials = tuple(apply(EXP, Quantity(symbol)) for symbol in a)
    return Quotient(exponentials[k - 1], total(exponentials))


def softmax_cross_entropy_term(k: int, n: int, a: Symbols, y: Symbols) -> Expression:
    """Return -y_k ln p_k."""
    return Negative(product(Quantity(y[k - 1]), apply(LOG, softmax(k, a))))


def softmax_cross_entropy_slope(k: int, j: int, n: int, a: Symbols, y: Symbols) -> Expression:
    """Return de_k/da_j = y_k (p_j - 1) for j = k, and y_k p_j for the other outputs."""
    probability = softmax(j, a)
    return product(Quantity(y[k - 1]), total((probability, Negative(ONE))) if j == k else probability)


def softmax_cross_entropy_gradient_term(
    j: int, n: int, a: Symbols, y: Symbols, targets: Iterable[float] | None = None
) -> Expression:
    """Return dE/da_j = p_j - y_j for targets that sum to 1, and p_j (y_1 + ... + y_n) - y_j otherwise.

    A sum of 1 is one that differs from it by rounding alone; targets that are not given may have any sum.
    """
    probability = softmax(j, a)
    sums_to_1 = targets is not None and abs(math.fsum(targets) - 1.0) <= UNIT_SUM_ROUNDING
    if not sums_to_1:
        probability = product(probability, total(tuple(map(Quantity, y))))
    return total((probability, Negative(Quantity(y[j - 1]))))


# -- what they share --------------------------------------------------------------------------------------


def of_own_output(slope: Term) -> SlopeTerm:
    """Return de_k/da_j of a loss whose e_k reads only a_k: the slope for j = k, and 0 otherwise."""
    return lambda k, j, n, a, y: slope(k, n, a, y) if j == k else Number(0)


def summed_over_own(slope: Term) -> GradientTerm:
    """Return dE/da_j of a loss whose e_k reads only a_k, which is de_j/da_j."""
    return lambda j, n, a, y, targets: slope(j, n, a, y)


def _difference(k: int, a: Symbols, y: Symbols) -> Expression:
    return Sum((Quantity(a[k - 1]), Negative(Quantity(y[k - 1]))))


def _one_minus(expression: Expression) -> Expression:
    return Sum((ONE, Negative(expression)))

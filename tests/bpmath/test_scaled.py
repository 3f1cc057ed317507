"""Expressions that overflow on the way, against decimal arithmetic with many digits."""

from __future__ import annotations

import math
import sys
from decimal import Context, Decimal, localcontext

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

import bpmath as bp
from bpmath.algebra import (
    EXP,
    LOG,
    Apply,
    Expression,
    Negative,
    Number,
    Product,
    Quotient,
    Sum,
    apply,
)
from bpmath.scaled import Scaled
from tests.bpmath.strategies import Known

EPSILON = sys.float_info.epsilon
NOTHING = Known({})
LOGITS = st.lists(st.floats(-1e4, 1e4), min_size=1, max_size=5)


def exact(expression: Expression, digits: int = 50) -> Decimal:
    """Return the value of an expression of numbers to about so many digits."""
    with localcontext(Context(prec=digits, Emax=10**8, Emin=-(10**8))):
        return _exact(expression)


def _exact(expression: Expression) -> Decimal:
    values = [_exact(operand) for operand in expression.operands]
    match expression:
        case Number(number=number):
            return Decimal(number)
        case Sum():
            return sum(values, Decimal(0))
        case Product():
            return math.prod(values, start=Decimal(1))
        case Negative():
            return -values[0]
        case Quotient():
            return values[0] / values[1]
        case Apply(function=function):
            return values[0].exp() if function == EXP else values[0].ln()
    raise AssertionError(f"{expression} has no exact value here")


def exponential_of(power: float) -> Expression:
    return apply(EXP, Number(power))


def probability(k: int, logits: list[float]) -> Expression:
    """Return e^{a_k} / (e^{a_1} + ...)."""
    return Quotient(exponential_of(logits[k]), Sum(tuple(map(exponential_of, logits))))


NUMBERS = st.floats(1e-3, 1e3).map(Number) | st.floats(1e-300, 1e300).map(Number)
POSITIVE: st.SearchStrategy[Expression] = st.recursive(
    NUMBERS | st.floats(-5000, 5000).map(exponential_of),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=4).map(lambda terms: Sum(tuple(terms)))
        | st.lists(inner, min_size=1, max_size=3).map(lambda factors: Product(tuple(factors)))
        | st.tuples(inner, inner).map(lambda parts: Quotient(*parts))
    ),
    max_leaves=8,
)


def check(expression: Expression, units: float = 8.0) -> None:
    """Check that an expression is as close to its exact value as its magnitude promises."""
    error = abs(Decimal(expression.evaluate(NOTHING)) - exact(expression))
    promised = units * EPSILON * expression.magnitude(NOTHING)
    assert math.isfinite(promised)
    assert error <= Decimal(promised) + Decimal(sys.float_info.min)


@given(expression=POSITIVE)
def test_a_logarithm_is_as_exact_as_its_magnitude_says(expression: Expression) -> None:
    check(apply(LOG, expression))


@given(above=POSITIVE, below=POSITIVE)
def test_a_quotient_is_as_exact_as_its_magnitude_says(above: Expression, below: Expression) -> None:
    quotient = Quotient(above, below)
    assume(math.isfinite(quotient.magnitude(NOTHING)))
    check(quotient)


@given(sizes=st.tuples(*[st.floats(1e200, 1e300)] * 4))
def test_the_magnitude_holds_what_is_lost_with_the_range(sizes: tuple[float, ...]) -> None:
    above, below = (Product(tuple(map(Number, pair))) for pair in (sizes[:2], sizes[2:]))
    check(Quotient(above, below))


@given(logits=LOGITS, data=st.data())
def test_the_magnitude_holds_the_last_digit_of_every_number(logits: list[float], data: st.DataObject) -> None:
    changed = data.draw(st.integers(0, len(logits) - 1))
    beside = [*logits]
    beside[changed] = math.nextafter(logits[changed], math.inf)
    share, other = probability(0, logits), probability(0, beside)
    for before, after in ((share, other), (apply(LOG, share), apply(LOG, other))):
        change = abs(exact(after) - exact(before))
        assert change <= Decimal(EPSILON * before.magnitude(NOTHING)) + Decimal(sys.float_info.min)


@given(factors=st.lists(POSITIVE, min_size=1, max_size=4))
def test_a_product_is_as_exact_as_its_magnitude_says(factors: list[Expression]) -> None:
    multiplied = Product(tuple(factors))
    assume(math.isfinite(multiplied.magnitude(NOTHING)))
    check(multiplied)


@given(positive=POSITIVE, negative=POSITIVE)
def test_signs_are_kept(positive: Expression, negative: Expression) -> None:
    difference = Sum((positive, Negative(negative)))
    share = Quotient(difference, Sum((positive, negative)))
    assume(difference.scaled(NOTHING).relative < 1e12)
    check(share)
    logarithm = apply(LOG, difference).evaluate(NOTHING)
    assert math.isnan(logarithm) == (exact(difference) < 0)


@given(logits=LOGITS, data=st.data())
def test_softmax_and_its_logarithm(logits: list[float], data: st.DataObject) -> None:
    k = data.draw(st.integers(0, len(logits) - 1))
    share = probability(k, logits)
    # A logit is 1e4 at most, so a difference of two is rounded by 2e4 half units at most.
    assert share.evaluate(NOTHING) == pytest.approx(float(exact(share)), rel=1e-11, abs=1e-300)
    logarithm = apply(LOG, share)
    assert logarithm.evaluate(NOTHING) == pytest.approx(float(exact(logarithm)), rel=1e-12, abs=1e-15)


@given(power=st.floats(-1e4, 1e4))
@example(power=-40.0)
def test_softplus_keeps_its_digits_everywhere(power: float) -> None:
    softplus = apply(LOG, Sum((Number(1), exponential_of(power))))
    expected = float(exact(softplus, digits=400))
    assert softplus.evaluate(NOTHING) == pytest.approx(expected, rel=1e-13, abs=1e-300)


@given(share=st.floats(1e-300, 0.5))
@example(share=1e-10)
def test_the_logarithm_of_almost_one_keeps_its_digits(share: float) -> None:
    logarithm = apply(LOG, Sum((Number(1), Negative(Number(share)))))
    assert logarithm.evaluate(NOTHING) == pytest.approx(math.log1p(-share), rel=1e-14)


@pytest.mark.parametrize(
    ("above", "below", "value"),
    [
        (exponential_of(1000.0), exponential_of(1000.0), 1.0),
        (exponential_of(-1000.0), exponential_of(-1001.0), math.e),
        (Negative(exponential_of(1000.0)), exponential_of(999.0), -math.e),
        (exponential_of(1000.0), exponential_of(0.0), math.inf),
        (Number(1), exponential_of(1000.0), 0.0),
        (Number(0), exponential_of(1000.0), 0.0),
        (Number(3), Number(0), math.inf),
        (Number(-3), Number(0), -math.inf),
        (Number(3), Number(-0.0), -math.inf),
        (Number(0), Number(0), math.nan),
        (Number(1e-320), Number(1e-320), 1.0),
    ],
)
def test_quotients_at_the_border_of_the_floats(above: Expression, below: Expression, value: float) -> None:
    assert Quotient(above, below).evaluate(NOTHING) == pytest.approx(value, rel=1e-13, nan_ok=True)


@pytest.mark.parametrize(
    ("factors", "value"),
    [
        ((exponential_of(-746.0), exponential_of(716.0)), math.exp(-30.0)),
        ((exponential_of(1000.0), exponential_of(-1000.0), Number(-2)), -2.0),
        ((Number(1e300), Number(1e300), Number(1e-300)), 1e300),
        ((Number(0), exponential_of(1000.0)), 0.0),
        ((Number(0), Number(math.inf)), 0.0),
        ((exponential_of(1000.0), Number(-1)), -math.inf),
    ],
)
def test_products_at_the_border_of_the_floats(factors: tuple[Expression, ...], value: float) -> None:
    for order in (factors, factors[::-1]):
        assert Product(order).evaluate(NOTHING) == pytest.approx(value, rel=1e-12)


@pytest.mark.parametrize(
    ("argument", "value"),
    [
        (Number(0), -math.inf),
        (Sum((Number(1), Number(-1))), -math.inf),
        (Product((Number(0), exponential_of(1000.0))), -math.inf),
        (Product((Number(1e300), Number(1e300))), 600 * math.log(10)),
        (Product((Number(-1), Number(-1), exponential_of(1000.0))), 1000.0),
        (Sum((Number(-3), Number(2), Number(2))), 0.0),
        (Sum((Number(1), Product((Number(0), exponential_of(1000.0))))), 0.0),
        (Number(-1), math.nan),
        (Negative(exponential_of(1000.0)), math.nan),
        (Number(math.inf), math.inf),
    ],
)
def test_logarithms_at_the_border_of_the_floats(argument: Expression, value: float) -> None:
    assert apply(LOG, argument).evaluate(NOTHING) == pytest.approx(value, rel=1e-13, abs=1e-15, nan_ok=True)


@pytest.mark.parametrize(
    "expression",
    [
        probability(0, [1e4, 1e4 - 1]),
        probability(1, [-1e4, -1e4 - 5, -1e4]),
        apply(LOG, Sum((Number(1), exponential_of(1e4)))),
        apply(LOG, probability(1, [1e4, -1e4])),
        Quotient(Number(1), Sum((Number(1), exponential_of(300.0)))),
    ],
)
def test_far_out_a_false_equation_is_still_found(expression: Expression) -> None:
    value = float(exact(expression))
    assert bp.Equation(Number(value), expression, NOTHING).value == value
    for wrong in (value * (1 + 1e-8), value * (1 - 1e-8), -value, 0.0):
        with pytest.raises(bp.FalseEquation):
            bp.Equation(Number(wrong), expression, NOTHING)


def test_what_underflows_is_not_equal_to_everything() -> None:
    logistic = Quotient(Number(1), Sum((Number(1), exponential_of(1e4))))
    assert bp.Equation(Number(0.0), logistic, NOTHING).residual == 0.0
    with pytest.raises(bp.FalseEquation):
        bp.Equation(Number(1e-3), logistic, NOTHING)


def test_nothing_times_infinity_is_exactly_nothing() -> None:
    nothing = Product((Sum((Number(1), Number(-1))), apply(LOG, Number(0))))
    assert (nothing.evaluate(NOTHING), nothing.magnitude(NOTHING)) == (0.0, 0.0)
    with pytest.raises(bp.FalseEquation):
        bp.Equation(Number(1e-3), nothing, NOTHING)


def test_a_scaled_number_is_a_float_where_it_fits() -> None:
    assert Scaled(1e-300, 1e-300, 1000.0).value == pytest.approx(1.9700711140170468e134, rel=1e-12)
    assert Scaled(-2.0, 2.0, 800.0).value == -math.inf
    assert Scaled(0.0, 1.0, 800.0).value == 0.0

"""Numbers beyond the range of floats, each with the scale of its rounding error.

e^10000 is no float, but e^10000 / (e^10000 + e^9999) and ln(1 + e^10000) are.  What overflows on the way
is kept as mantissa e^exponent, as in the log-sum-exp formula: Blanchard, Higham & Higham, Accurately
Computing the Log-Sum-Exp and Softmax Functions, IMA Journal of Numerical Analysis 41 (2021).
"""

from __future__ import annotations

import math
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

LARGEST_MANTISSA = 1e100


@dataclass(frozen=True)
class Scaled:
    """The number mantissa e^exponent; its rounding error is of the scale of machine precision times
    magnitude e^exponent.
    """

    mantissa: float
    magnitude: float
    exponent: float = 0.0

    @property
    def value(self) -> float:
        """The number as a float; 0 or infinity where it is beyond their range."""
        return _lifted(self.mantissa, self.exponent)

    @property
    def rounding(self) -> float:
        """The scale of the rounding error as a float, as `Expression.magnitude` gives it."""
        return _lifted(self.magnitude, self.exponent)

    def __neg__(self) -> Scaled:
        return Scaled(-self.mantissa, self.magnitude, self.exponent)

    def __mul__(self, other: Scaled) -> Scaled:
        left, right = self._shortened(), other._shortened()
        exponent, magnitude = left.exponent + right.exponent, left.magnitude * right.magnitude
        if left.mantissa and right.mantissa:
            return Scaled(left.mantissa * right.mantissa, magnitude, exponent)
        # 0 times anything is 0; beside infinity it is meant to be exact, and nothing was rounded.
        return Scaled(0.0, magnitude if math.isfinite(magnitude) else 0.0, exponent)

    def __truediv__(self, other: Scaled) -> Scaled:
        above, below = self._shortened(), other._shortened()
        with np.errstate(all="ignore"):
            mantissa = float(np.float64(above.mantissa) / below.mantissa)
            scale = above.magnitude + abs(above.mantissa) * below.relative
            magnitude = float(np.float64(scale) / abs(below.mantissa))
        return Scaled(mantissa, magnitude, above.exponent - below.exponent)

    @property
    def relative(self) -> float:
        """The scale of the relative rounding error; infinity for zero."""
        return self.magnitude / abs(self.mantissa) if self.mantissa else math.inf

    def _shortened(self) -> Scaled:
        """Return the same number with a mantissa that can be multiplied without overflow."""
        size = abs(self.mantissa)
        if not size or not math.isfinite(size) or 1 / LARGEST_MANTISSA < size < LARGEST_MANTISSA:
            return self
        shift = math.log(size)
        # The exponent is rounded too, and what is lost there is lost from the number.
        magnitude = self.relative + abs(shift)
        return Scaled(math.copysign(1.0, self.mantissa), magnitude, self.exponent + shift)


def exponential(power: float, rounding: float) -> Scaled:
    """Return e^power, whose power has a rounding error of the scale `rounding`."""
    if math.isfinite(power):
        return Scaled(1.0, 1.0 + rounding, power)
    with np.errstate(all="ignore"):
        value = float(np.exp(power))
    return Scaled(value, value)


def scaled_sum(terms: Sequence[Scaled]) -> Scaled:
    """Return the sum of the terms, each to within its own rounding however much they differ in size."""
    exponent, mantissas = _aligned(terms)
    magnitudes = (_lifted(term.magnitude, term.exponent - exponent) for term in terms)
    return Scaled(exact_sum(mantissas), exact_sum(magnitudes), exponent)


def logarithm(terms: Sequence[Scaled]) -> float:
    """Return the natural logarithm of the sum of the terms; minus infinity for 0, NaN below it.

    ln(t1 + t2 + ...) = ln t1 + ln(1 + (t2 + ...) / t1) with t1 the largest, so that neither a large nor a
    small sum loses its digits.
    """
    exponent, mantissas = _aligned(terms)
    first = mantissas.index(max(mantissas))
    largest, rest = mantissas[first], exact_sum(mantissas[:first] + mantissas[first + 1 :])
    with np.errstate(all="ignore"):
        if abs(rest) < largest / 2:
            parts = (exponent, float(np.log(largest)), float(np.log1p(rest / largest)))
        else:
            # Here terms may cancel, and only their exact sum keeps the digits that are left.
            parts = (exponent, float(np.log(exact_sum(mantissas))), 0.0)
    return exact_sum(parts)


def is_ordinary(value: float) -> bool:
    """Return whether a float has all its digits: it is neither infinite nor NaN nor as good as zero."""
    return sys.float_info.min <= abs(value) <= sys.float_info.max


def exact_sum(terms: Iterable[float]) -> float:
    """Return the exactly rounded sum, or infinity or NaN where there is none."""
    given = list(terms)
    try:
        return math.fsum(given)
    except (OverflowError, ValueError):
        return sum(given)


def _aligned(terms: Sequence[Scaled]) -> tuple[float, list[float]]:
    """Return the largest exponent, and the mantissas that the terms have with it."""
    exponent = max((term.exponent for term in terms if term.magnitude), default=0.0)
    return exponent, [_lifted(term.mantissa, term.exponent - exponent) for term in terms]


def _lifted(mantissa: float, exponent: float) -> float:
    """Return mantissa e^exponent as a float."""
    if not mantissa or not exponent or not math.isfinite(mantissa):
        return mantissa
    # In two steps, for e^exponent alone may overflow where the product does not.
    with np.errstate(all="ignore"):
        half = np.exp(exponent / 2)
        return float(mantissa * half * np.exp(exponent - exponent / 2))

"""Losses: the error e_k of each output, its derivatives and its formula, in one table.

The total error of a sample is E = e_1 + ... + e_n.  Arrays a (outputs) and y (targets) have shape (n,) or
(batch, n); nodes k are counted from 1, as printed.

Sources: Goodfellow, Bengio & Courville, Deep Learning (2016), section 6.2; Nielsen, Neural Networks and
Deep Learning (2015), chapter 3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from bpmath.activations import Array, record_named
from bpmath.algebra import Expression
from bpmath.loss_formulas import (
    GradientTerm,
    SlopeTerm,
    Symbols,
    Term,
    binary_cross_entropy_slope,
    binary_cross_entropy_term,
    mean_squared_slope,
    mean_squared_term,
    of_own_output,
    softmax_cross_entropy_gradient_term,
    softmax_cross_entropy_slope,
    softmax_cross_entropy_term,
    squared_slope,
    squared_term,
    summed_over_own,
)

Vectorised = Callable[[Array, Array], Array]

TINY = float(np.finfo(np.float64).tiny)
"""The smallest activation whose reciprocal is still a number."""

ALMOST_ONE = float(np.nextafter(1.0, 0.0))
UNIT_SUM_TOLERANCE = 1e-6
FEW = 16
ZERO, HALF, ONE = np.array(0.0), np.array(0.5), np.array(1.0)  # NumPy is quicker with arrays than with floats


@dataclass(frozen=True)
class Loss:
    """A loss: how far the outputs a are from the targets y.

    errors(a, y)            e_k for every output, of the shape of a
    gradient(a, y)          dE/da_k for every output, of the shape of a
    target_slopes(a, y)     de_k/dy_k for every output, of the shape of a
    term(k, n, a, y)        the formula of e_k in the symbols of the n outputs and the n targets
    slope_formula, gradient_formula     what slope_term and gradient_term return
    reads_all               whether e_k reads all outputs, or only a_k
    last_activation         the activation that the last layer must have, if there is only one
    check_targets(y)        raises ValueError for targets that the loss has no meaning for
    """

    name: str
    errors: Vectorised
    gradient: Vectorised
    target_slopes: Vectorised
    term: Term
    slope_formula: SlopeTerm
    gradient_formula: GradientTerm
    check_targets: Callable[[Array], None]
    last_activation: str | None = None
    reads_all: bool = False

    def inputs(self, k: int, n: int) -> tuple[int, ...]:
        """Return which of the n outputs e_k reads, in order."""
        return tuple(range(1, n + 1)) if self.reads_all else (k,)

    def slope_term(self, k: int, j: int | None, n: int, a: Symbols, y: Symbols) -> Expression:
        """Return the formula of de_k/da_j in the symbols of the n outputs and targets; j = None is j = k.

        It is 0 for an output that e_k does not read.  Under binary_cross_entropy it is 0/0 where a_k has
        saturated to its target 0 or 1; an equation with it raises FalseEquation there.
        """
        return self.slope_formula(k, k if j is None else j, n, a, y)

    def gradient_term(
        self, j: int, n: int, a: Symbols, y: Symbols, targets: Iterable[float] | None = None
    ) -> Expression:
        """Return the formula of dE/da_j, summed over all errors, in the symbols of the n outputs and targets.

        `targets`, the values of y, let softmax_cross_entropy be written as p_j - y_j where they sum to 1; it
        is p_j (y_1 + ... + y_n) - y_j otherwise.  Saturation is as for `slope_term`.
        """
        return self.gradient_formula(j, n, a, y, targets)

    def local_derivatives(self, k: int, a: Array, y: Array) -> tuple[float, ...]:
        """Return de_k/da_j for every output j that e_k reads, in order, and de_k/dy_k last.

        Shapes: a and y (n,), one sample.
        """
        if self.reads_all:
            only_k = np.zeros_like(y)
            only_k[k - 1] = y[k - 1]
            by_outputs = self.gradient(a, only_k).tolist()
        else:
            by_outputs = [float(self.gradient(a, y)[k - 1])]
        return (*by_outputs, float(self.target_slopes(a, y)[k - 1]))


def squared_errors(a: Array, y: Array) -> Array:
    """Return e_k = 1/2 (a_k - y_k)^2, as in Rumelhart, Hinton & Williams (1986)."""
    error = a - y
    error *= error
    error *= HALF
    return error


def squared_gradient(a: Array, y: Array) -> Array:
    """Return dE/da_k = a_k - y_k."""
    return a - y


def mean_squared_errors(a: Array, y: Array) -> Array:
    """Return e_k = (a_k - y_k)^2 / n, so that E is PyTorch's MSELoss."""
    error = a - y
    error *= error
    error /= a.shape[-1]
    return error


def mean_squared_gradient(a: Array, y: Array) -> Array:
    """Return dE/da_k = 2 (a_k - y_k) / n."""
    gradient = a - y
    gradient *= 2.0 / a.shape[-1]
    return gradient


def binary_cross_entropy_errors(a: Array, y: Array) -> Array:
    """Return e_k = -(y_k log a_k + (1 - y_k) log(1 - a_k)), where 0 log 0 = 0.

    E is the sum over the outputs (PyTorch's BCELoss takes their mean).  Raises ValueError where an output
    has saturated against its target: there e_k or its derivative is infinite.
    """
    over_0 = under_1 = a
    if _saturated(a, y):
        # What is at 0 or 1 has reached its target: its factor is 0, and the logarithm need only be finite.
        over_0, under_1 = np.maximum(a, TINY), np.minimum(a, ALMOST_ONE)
    errors = y * np.log(over_0)
    errors += (ONE - y) * np.log1p(-under_1)
    return np.subtract(ZERO, errors)


def binary_cross_entropy_gradient(a: Array, y: Array) -> Array:
    """Return dE/da_k = (a_k - y_k) / (a_k (1 - a_k)); ValueError as for the errors.

    At a_k = y_k = 0 and a_k = y_k = 1, which is 0/0, the limit: 1 and -1.
    """
    gradient, variance = a - y, a * (ONE - a)
    if _saturated(a, y):
        reached = variance == 0.0
        gradient[reached] = 1.0 - 2.0 * y[reached]
        variance[reached] = 1.0
    gradient /= variance
    return gradient


def binary_cross_entropy_target_slopes(a: Array, y: Array) -> Array:
    """Return de_k/dy_k = log(1 - a_k) - log a_k, which is infinite where a_k is 0 or 1."""
    with np.errstate(divide="ignore"):
        return np.log1p(-a) - np.log(a)


def _saturated(a: Array, y: Array) -> bool:
    """Return whether an output is 0 or 1; ValueError if one of 0 has a target over 0, or one of 1 under 1."""
    if _lies_between(TINY, a, ALMOST_ONE):
        return False
    saturated = ((a < TINY) & (y > 0.0)) | ((a == 1.0) & (y < 1.0))
    if saturated.any():
        where = tuple(int(index[0]) for index in np.nonzero(saturated))
        raise ValueError(
            f"output {where[-1] + 1}{_of_sample(where)} has saturated to {a[where]:.3g} against its target "
            f"{y[where]:.6g}, but binary_cross_entropy is finite only for outputs strictly between 0 and 1"
        )
    return True


def _of_sample(where: tuple[int, ...]) -> str:
    """Return ' of sample 3' for an index into a batch, and nothing for one into a single sample."""
    return f" of sample {where[0] + 1}" if len(where) > 1 else ""


# Of a few numbers, Python has found the sum before NumPy has begun.
def _lies_between(lower: float, a: Array, upper: float) -> bool:
    """Return whether all numbers of an array are from `lower` to `upper`."""
    if 0 < a.size <= FEW:
        numbers = a.ravel().tolist()
        return lower <= min(numbers) and max(numbers) <= upper
    return bool(a.min(initial=upper) >= lower and a.max(initial=lower) <= upper)


def _largest_of_each(a: Array) -> Array | float:
    """Return the largest output: of one sample as a number, of a batch as a column."""
    if a.ndim == 1:
        return max(a.tolist()) if a.size <= FEW else float(a.max())
    return a.max(axis=-1, keepdims=True)


def _sum_of_each(a: Array) -> Array | float:
    """Return the sum over the outputs: of one sample as a number, of a batch as a column."""
    if a.ndim == 1:
        return sum(a.tolist()) if a.size <= FEW else float(a.sum())
    return a.sum(axis=-1, keepdims=True)


def log_softmax(a: Array) -> Array:
    """Return log p_k, p_k = exp(a_k) / sum of exp(a_j); never overflows, for the largest a is taken off."""
    shifted = a - _largest_of_each(a)
    shifted -= np.log(_sum_of_each(np.exp(shifted)))
    return shifted


def softmax_cross_entropy_errors(a: Array, y: Array) -> Array:
    """Return e_k = -y_k log p_k with p = softmax(a), so that E is PyTorch's CrossEntropyLoss."""
    return np.subtract(ZERO, y * log_softmax(a))


def softmax_cross_entropy_gradient(a: Array, y: Array) -> Array:
    """Return dE/da_k = p_k (y_1 + ... + y_n) - y_k, which is p_k - y_k for targets that sum to 1."""
    gradient: Array = np.exp(a - _largest_of_each(a))
    gradient *= _sum_of_each(y) / _sum_of_each(gradient)
    gradient -= y
    return gradient


def _any_targets(y: Array) -> None:
    """Accept every target."""


def _check_probabilities(y: Array) -> None:
    if not _lies_between(0.0, y, 1.0):
        where = tuple(int(index[0]) for index in np.nonzero((y < 0.0) | (y > 1.0)))
        raise ValueError(
            f"y has {y[where]:.6g} for output {where[-1] + 1}{_of_sample(where)}, but the targets of a "
            f"cross-entropy are probabilities, from 0 to 1"
        )


def _check_distributions(y: Array) -> None:
    _check_probabilities(y)
    sums = _sum_of_each(y)
    distances: Any = abs(sums - 1.0)
    if (distances if y.ndim == 1 else distances.max(initial=0.0)) > UNIT_SUM_TOLERANCE:
        sample = int(np.argmax(distances))
        of_sample = f" for sample {sample + 1}" if y.ndim > 1 else ""
        raise ValueError(
            f"y sums to {np.ravel(sums)[sample]:.9g}{of_sample}, but the targets of softmax_cross_entropy "
            f"are the probabilities of the outputs, so they must sum to 1"
        )


# fmt: off
LOSSES: Mapping[str, Loss] = {
    record.name: record
    for record in (
        Loss("squared_error", squared_errors, squared_gradient,
             lambda a, y: y - a,
             squared_term, of_own_output(squared_slope), summed_over_own(squared_slope),
             _any_targets),
        Loss("mean_squared_error", mean_squared_errors, mean_squared_gradient,
             lambda a, y: mean_squared_gradient(y, a),
             mean_squared_term, of_own_output(mean_squared_slope), summed_over_own(mean_squared_slope),
             _any_targets),
        Loss("binary_cross_entropy", binary_cross_entropy_errors, binary_cross_entropy_gradient,
             binary_cross_entropy_target_slopes,
             binary_cross_entropy_term, of_own_output(binary_cross_entropy_slope),
             summed_over_own(binary_cross_entropy_slope),
             _check_probabilities, last_activation="sigmoid"),
        Loss("softmax_cross_entropy", softmax_cross_entropy_errors, softmax_cross_entropy_gradient,
             lambda a, y: 0.0 - log_softmax(a),
             softmax_cross_entropy_term, softmax_cross_entropy_slope, softmax_cross_entropy_gradient_term,
             _check_distributions, last_activation="identity", reads_all=True),
    )
}
# fmt: on
"""The losses by name."""


def loss_named(name: object, argument: str = "loss") -> Loss:
    """Return the loss of that name; ValueError, naming `argument`, if there is none."""
    return record_named(name, LOSSES, argument)

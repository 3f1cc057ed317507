"""The curves behind da/dz and de/da, and the equations that stand beside them: all executed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bpmath.algebra import Partial, Quantity
from bpmath.derivation import Derivation
from bpmath.equations import Equation
from bpmath.loss_formulas import softmax
from bpmath.losses import loss_named
from bpmath.matrices import MatrixExpression
from bpmath.matrix_algebra import Hadamard
from bpmath.matrix_equations import MatrixEquation
from bpmath.naming import Names
from bpmath.numbers import matrix_of
from bpmath.rewrites import Provenance, Rewrite
from bpmath.softmax import p
from bpmath.symbols import E, Symbol, a, e, y, z
from scenes.stage.layout import BEYOND, LEAST_BEYOND, LEAST_REACH, LOGIT_REACH, OPEN_INTERVAL, SUMS_REACH
from scenes.stage.slope_plot import Curve

Array = NDArray[np.float64]


def activation_curve(derivation: Derivation, layer: int, nodes: Sequence[int]) -> Curve:
    """Return the activation of a layer, as far as the weighted sums of some nodes and as far again."""
    activation = derivation.activation(layer)
    sums = [abs(derivation.value(Quantity(z(layer, node)))) for node in nodes]
    reach = max(SUMS_REACH * max(sums), LEAST_REACH.get(activation.name, 0.0)) or 1.0
    return Curve(activation.function, *_rounded(-reach, reach))


def _rounded(low: float, high: float) -> tuple[float, float]:
    """Return two ends moved outward to numbers that are short to write."""
    step = 10.0 ** np.floor(np.log10(high - low)) / 2
    return float(np.floor(low / step) * step), float(np.ceil(high / step) * step)


@dataclass(frozen=True)
class OutputError:
    """The error over the first output, with the other outputs as they are.

    It is e_1 where each error reads its own output alone, and E where every error reads all outputs.
    """

    derivation: Derivation

    @property
    def joint(self) -> bool:
        """Whether every error reads all outputs."""
        return loss_named(self.derivation.network.loss).reads_all

    @property
    def error(self) -> Symbol:
        """e_1 or E"""
        return E if self.joint else e(1)

    @property
    def output(self) -> Symbol:
        """a_1 of the last layer"""
        return a(self.derivation.network.layers, 1)

    def at(self, outputs: Array) -> Array:
        """Return the error for many values of the first output."""
        run, loss = self.derivation.run, loss_named(self.derivation.network.loss)
        every = np.tile(run.a[self.derivation.network.layers], (len(outputs), 1))
        every[:, 0] = outputs
        errors = loss.errors(every, np.tile(run.y, (len(outputs), 1)))
        return errors.sum(axis=1) if self.joint else errors[:, 0]

    def height_at(self, output: float) -> float:
        """Return the error for one value of the first output."""
        return float(self.at(np.array([output]))[0])

    def slope_at(self, output: float) -> float:
        """Return the slope of the curve for one value of the first output."""
        run, loss = self.derivation.run, loss_named(self.derivation.network.loss)
        outputs = run.a[self.derivation.network.layers].copy()
        outputs[0] = output
        return float(loss.gradient(outputs, run.y)[0])

    @property
    def target(self) -> Symbol:
        """y_1"""
        return y(1)

    @property
    def curve(self) -> Curve:
        """The error, from somewhat before to somewhat behind the output and its target."""
        output, target = self.derivation.value(Quantity(self.output)), float(self.derivation.run.y[0])
        if self.joint:
            return Curve(self.at, *_rounded(output - LOGIT_REACH, output + LOGIT_REACH))
        if self.derivation.network.loss == "binary_cross_entropy":
            return Curve(self.at, 0.0, 1.0, min(OPEN_INTERVAL, output / 2, (1 - output) / 2))
        beyond = max(BEYOND * abs(output - target), LEAST_BEYOND)
        return Curve(self.at, *_rounded(min(output, target) - beyond, max(output, target) + beyond))

    def stops(self) -> tuple[float, ...]:
        """Return where a tangent shows how the slope changes: to the target, to the far end and back.

        Where the error is infinite at the far end, only as far as the output could be wrong.
        """
        curve, output = self.curve, self.derivation.value(Quantity(self.output))
        target = self.derivation.value(Quantity(self.target))
        low, high = curve.low + curve.inset, curve.high - curve.inset
        wrong, right = (low, high) if target >= output else (high, low)
        return (output, wrong, right, output) if curve.inset else (output, target, wrong, output)

    def statements(self) -> list[Equation]:
        """Return the loss, its derivative, and what that is written in."""
        definition = self.derivation.definition(e(1))
        if not self.joint:
            return [definition, self.derivation.local_formula(Partial(e(1), self.output))]
        cancelled = self.derivation.softmax()
        outputs = [a(self.derivation.network.layers, k + 1) for k in range(self.derivation.run.y.size)]
        result = cancelled.cancellation(1)[-1].after
        assert isinstance(result, Equation)
        return [definition, result, cancelled.equation(Quantity(p(1)), softmax(1, outputs))]


def last_deltas(derivation: Derivation) -> Rewrite:
    """Return delta^(L) = dE/da^(L) * f'(z^(L)) -> the numbers of the three."""
    last, names, account = derivation.network.layers, Names(derivation.network), Provenance()
    values = derivation.values
    before = MatrixEquation(names.vector("delta", last), names.delta(last), values)

    def valued(term: MatrixExpression) -> MatrixExpression:
        return account.substituted(matrix_of(term.evaluate(values)), term)

    rhs = before.rhs
    right = Hadamard(tuple(map(valued, rhs.factors))) if isinstance(rhs, Hadamard) else valued(rhs)
    return account.rewrite(before, MatrixEquation(valued(before.lhs), right, values), "numbers")

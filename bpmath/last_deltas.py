"""The deltas of the last layer, a column of the formulas that each loss leaves: all executed.

    squared errors          delta_k = (a_k - y_k) f'(z_k), with the factor of the loss
    binary cross-entropy    delta_k = a_k - y_k             delta = a - y
    softmax cross-entropy   delta_k = p_k - y_k             delta = p - y

Sources: Goodfellow, Bengio & Courville, Deep Learning, 2016, section 6.2.2; Nielsen, Neural Networks and
Deep Learning, 2015, chapter 3.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from bpmath.activations import Array
from bpmath.algebra import Delta, Expression, Negative, Quantity, Sum
from bpmath.derivation import Derivation
from bpmath.losses import loss_named
from bpmath.matrices import Cells, MatrixDerivative, MatrixSymbol, Shape
from bpmath.matrix_algebra import MatrixNegative, MatrixSum
from bpmath.matrix_equations import MatrixEquation
from bpmath.rewrites import Provenance, Rewrite
from bpmath.softmax import Softmax, p
from bpmath.symbols import Symbol, y
from bpmath.trees import unshared


@dataclass(frozen=True, eq=False)
class LastDeltas:
    """The deltas of the last layer of a derivation, by the formulas of its loss."""

    derivation: Derivation

    @property
    def is_difference(self) -> bool:
        """Whether each delta is what comes out minus its target, and nothing else."""
        network = self.derivation.network
        if loss_named(network.loss).reads_all:
            return True
        last = network.activations[-1]
        return (network.loss, last) in (("binary_cross_entropy", "sigmoid"), ("squared_error", "identity"))

    @cached_property
    def column(self) -> MatrixEquation:
        """Return all deltas = their formulas, one below the other.

        Raises FalseEquation where an output has saturated, or where the targets of softmax_cross_entropy do
        not sum to 1.
        """
        layer = self.derivation.network.layers
        nodes = self.derivation.nodes(layer)
        left = Cells(tuple((unshared(Delta(layer, node)),) for node in nodes))
        right = Cells(tuple((unshared(self._formula(node)),) for node in nodes))
        return MatrixEquation(left, right, self._values)

    def named(self) -> Rewrite:
        """Return the column -> delta = a - y, or p - y; ValueError where more than that is left."""
        if not self.is_difference:
            raise ValueError("named: these deltas are more than outputs minus targets")
        network, account = self.derivation.network, Provenance()
        shape = Shape(network.sizes[-1], 1)
        came_out = (
            MatrixSymbol("p", None, shape)
            if self._softmax is not None
            else MatrixSymbol("a", network.layers, shape)
        )
        right = self.column.rhs
        assert isinstance(right, Cells)
        outputs, targets = zip(*(cell.operands for cell in right.operands), strict=True)
        rhs = MatrixSum(
            (
                account.named(came_out, *outputs),
                MatrixNegative(account.named(MatrixSymbol("y", None, shape), *targets)),
            )
        )
        lhs = account.named(MatrixSymbol("delta", network.layers, shape), self.column.lhs)
        return account.rewrite(self.column, MatrixEquation(lhs, rhs, self._values), "name")

    def _formula(self, node: int) -> Expression:
        if self._softmax is not None:
            return Sum((Quantity(p(node)), Negative(Quantity(y(node)))))
        formula = self.derivation.loss_delta(node)[-1].after.operands[1]
        assert isinstance(formula, Expression)
        return formula

    @cached_property
    def _softmax(self) -> Softmax | None:
        is_joint = loss_named(self.derivation.network.loss).reads_all
        return self.derivation.softmax() if is_joint else None

    @cached_property
    def _values(self) -> _WithProbabilities:
        return _WithProbabilities(self.derivation, self._softmax)


@dataclass(frozen=True, eq=False)
class _WithProbabilities:
    """The values of a network, and those of p from the graph of the softmax."""

    derivation: Derivation
    softmax: Softmax | None

    def value(self, symbol: Symbol) -> float:
        if self.softmax is not None and symbol.letter == "p":
            return self.softmax.trace.value(symbol)
        return self.derivation.values.value(symbol)

    def partial(self, of: Symbol, wrt: Symbol, occurrence: int = 0) -> float:
        return self.derivation.values.partial(of, wrt, occurrence)

    def derivative(self, of: Symbol, wrt: Symbol) -> float:
        return self.derivation.values.derivative(of, wrt)

    def matrix(self, name: MatrixSymbol | MatrixDerivative) -> Array:
        if self.softmax is not None and isinstance(name, MatrixSymbol) and name.letter == "p":
            return self.softmax.probabilities[:, None]
        return self.derivation.values.matrix(name)

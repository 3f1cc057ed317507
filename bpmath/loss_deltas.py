"""From the loss to the delta of an output, line by line, each line executed.

    delta_k = de_k/da_k  da_k/dz_k
    differentiate     both derivatives as they are found, such as a - y and f'(z)
    one fraction      under binary cross-entropy: the two fractions on one denominator
    spell             f'(z) by its formula, such as a (1 - a)
    cancel            what stands above and below goes: a - y

Softmax cross-entropy, in which every error reads every output, is derived in `bpmath.softmax`.

Sources: Goodfellow, Bengio & Courville, Deep Learning, 2016, section 6.2.2; Nielsen, Neural Networks and
Deep Learning, 2015, chapter 3.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bpmath.algebra import (
    Delta,
    Expression,
    Negative,
    Number,
    Partial,
    Quantity,
    Quotient,
    Sum,
    apply,
    product,
)
from bpmath.losses import loss_named
from bpmath.matrix_equations import Statement
from bpmath.rewrites import Provenance, Rewrite
from bpmath.symbols import Symbol, a, e, y, z
from bpmath.trees import unshared

if TYPE_CHECKING:
    from bpmath.derivation import Derivation

ONE = Number(1)


class LossDelta:
    """The delta of one output under a loss in which every error reads its own output only."""

    def __init__(self, derivation: Derivation, output: int) -> None:
        network = derivation.network
        (self.output,) = derivation.nodes(network.layers, (output,))
        if loss_named(network.loss).reads_all:
            raise ValueError(f"loss is {network.loss!r}, whose errors read all outputs; softmax() derives it")
        self.derivation, self.layer, self.loss = derivation, network.layers, network.loss
        self.activation = derivation.activation(network.layers)
        self.lhs = unshared(Delta(self.layer, output))
        self.by_loss = Partial(e(output), a(self.layer, output))
        self.by_activation = Partial(a(self.layer, output), z(self.layer, output))
        self.found: list[Rewrite] = []
        self.statement: Statement = self._equation(self.by_loss, self.by_activation)

    def slope(self) -> Statement:
        """Return de_k/da_k = what is found when the loss is differentiated, before anything is simplified."""
        return self.derivation.equation(self.by_loss, self._found())

    def _found(self) -> Expression:
        return self._fractions() if self.loss == "binary_cross_entropy" else self._loss_formula()

    def _equation(self, *factors: Expression) -> Statement:
        telling = [factor for factor in factors if factor != ONE] or [factors[-1]]
        first, *others = telling
        if isinstance(first, Negative):
            return self.derivation.equation(self.lhs, Negative(product(first.term, *others)))
        return self.derivation.equation(self.lhs, product(*telling))

    def _reach(self, account: Provenance, step: str, *factors: Expression) -> None:
        after = self._equation(*factors)
        self.found.append(account.rewrite(self.statement, after, step))
        self.statement = after

    def rewrites(self) -> list[Rewrite]:
        """Return the lines, from the chain rule to the last that can be cancelled."""
        self._differentiate()
        if self.loss == "binary_cross_entropy":
            self._one_fraction()
        if self.activation.name != "identity":
            self._spell()
        if self.loss == "binary_cross_entropy" and self.activation.name == "sigmoid":
            self._cancel()
        return self.found

    def _slope(self) -> Expression:
        if self.activation.name == "identity":
            return ONE
        return apply(self.activation.slope, Quantity(z(self.layer, self.output)))

    def _differentiate(self) -> None:
        account = Provenance()
        self.first = account.substituted(self._found(), self.by_loss)
        self.second = account.substituted(self._slope(), self.by_activation)
        self._reach(account, "differentiate", self.first, self.second)

    def _loss_formula(self) -> Expression:
        outputs = self.derivation.network.sizes[-1]
        nodes = range(1, outputs + 1)
        activations, targets = tuple(a(self.layer, j) for j in nodes), tuple(y(j) for j in nodes)
        return loss_named(self.loss).slope_term(self.output, None, outputs, activations, targets)

    def _fractions(self) -> Expression:
        """-(y/a - (1 - y)/(1 - a)): the logarithms differentiated one by one"""
        output, target = a(self.layer, self.output), y(self.output)
        positive = Quotient(Quantity(target), Quantity(output))
        return Negative(Sum((positive, Negative(Quotient(_one_minus(target), _one_minus(output))))))

    def _one_fraction(self) -> None:
        account = Provenance()
        self.first = account.substituted(self._loss_formula(), self.first)
        self._reach(account, "one fraction", self.first, self.second)

    def _spell(self) -> None:
        account, k = Provenance(), self.output
        formula = self.activation.derivative_formula(z(self.layer, k), a(self.layer, k))
        self.second = account.substituted(formula, self.second)
        self._reach(account, "spell", self.first, self.second)

    def _cancel(self) -> None:
        above = self.first.operands[0]
        assert isinstance(above, Expression)
        self._reach(Provenance(), "cancel", above)


def _one_minus(symbol: Symbol) -> Expression:
    return Sum((ONE, Negative(Quantity(symbol))))

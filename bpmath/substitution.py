"""Substituting what every local derivative is: after this no derivative is left on the right.

    dz/da = w,   dz/dw = a,   dz/db = 1,   da/dz = f'(z),   de/da = the derivative of the loss

Source: Nielsen, Neural Networks and Deep Learning, 2015, chapter 2.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from bpmath.algebra import Expression, Number, Partial, Quantity, apply
from bpmath.grouping import Grouping
from bpmath.losses import loss_named
from bpmath.matrices import Cells, MatrixExpression
from bpmath.matrix_algebra import Hadamard, MatrixProduct, Transpose, outer
from bpmath.matrix_equations import MatrixEquation
from bpmath.naming import Names
from bpmath.rewrites import Provenance, Rewrite
from bpmath.symbols import Symbol, a, y

if TYPE_CHECKING:
    from bpmath.derivation import Derivation


def local_formula(derivation: Derivation, partial: Partial) -> Expression:
    """Return what a local derivative of a network is; ValueError when there is no such edge."""
    derivation.values.partial(partial.of, partial.wrt, partial.occurrence)
    match partial.of, partial.wrt:
        case Symbol("z", int(layer), (to,)), Symbol("a" | "x", _, (source,)):
            return Quantity(Symbol("w", layer, (to, source)))
        case Symbol("z", int(layer), _), Symbol("w", _, (_, source)):
            return Quantity(a(layer - 1, source))
        case Symbol("a", int(layer), _), Symbol("z") as weighted_sum:
            activation = derivation.activation(layer)
            if activation.name == "identity":
                return Number(1)
            return apply(activation.slope, Quantity(weighted_sum))
        case Symbol("e", None, (k,)), Symbol("a", _, (j,)):
            last = _last_layer(derivation)
            loss = loss_named(derivation.network.loss)
            return loss.slope_term(k, j, last.outputs, last.activations, last.targets)
        case Symbol("z" | "E"), _:
            return Number(1)
    raise ValueError(f"partial: no formula is known for the derivative of {partial.of} by {partial.wrt}")


@dataclass(frozen=True)
class _LastLayer:
    """What the formulas of the losses are written in."""

    outputs: int
    activations: tuple[Symbol, ...]
    targets: tuple[Symbol, ...]


def _last_layer(derivation: Derivation) -> _LastLayer:
    outputs, layer = derivation.network.sizes[-1], derivation.network.layers
    nodes = range(1, outputs + 1)
    return _LastLayer(outputs, tuple(a(layer, k) for k in nodes), tuple(y(k) for k in nodes))


@dataclass(frozen=True)
class Substitution:
    """A layer whose equations stand in columns of derivatives, and what becomes of them."""

    grouping: Grouping

    @cached_property
    def _account(self) -> Provenance:
        return Provenance()

    @cached_property
    def _is_last(self) -> bool:
        return self.grouping.layer == self.grouping.derivation.network.layers

    def _local(self, partial: Expression) -> Expression:
        assert isinstance(partial, Partial)
        return self._account.substituted(local_formula(self.grouping.derivation, partial), partial)

    @cached_property
    def _front(self) -> Cells:
        """The weights that lead to the layer behind; in the last layer the derivatives of the loss."""
        group = self.grouping
        if not self._is_last:
            columns = zip(*group.locals, strict=True)
            return Cells(tuple(tuple(self._local(partial) for partial in column) for column in columns))
        last, loss = _last_layer(group.derivation), loss_named(group.derivation.network.loss)
        known = group.derivation.run.y.tolist()
        formulas = (
            loss.gradient_term(node, last.outputs, last.activations, last.targets, known)
            for node in group.nodes
        )
        pairs = zip(formulas, group.behind_column.rows, strict=True)
        return Cells(tuple((self._account.substituted(formula, cell),) for formula, (cell,) in pairs))

    @cached_property
    def _slopes(self) -> Cells:
        return Cells(tuple((self._local(cell),) for (cell,) in self.grouping.slope_column.rows))

    @cached_property
    def _inputs(self) -> Cells:
        return self.grouping.substituted_inputs(self._account)

    def substitute(self) -> Rewrite:
        """Return derivatives -> what they are."""
        group = self.grouping
        front: MatrixExpression = self._front
        if not self._is_last:
            front = MatrixProduct((Transpose(self._front), group.deltas))
        rhs: MatrixExpression = Hadamard((front, self._slopes))
        if group.kind == "weights":
            rhs = outer(rhs, self._inputs)
        after = MatrixEquation(group.lhs, rhs, group.derivation.values)
        return self._account.rewrite(group.statement, after, "substitute")

    def name(self) -> Rewrite:
        """Return cells -> the names of whole matrices."""
        group, before, account = self.grouping, self.substitute().after, Provenance()
        pieces: dict[str, MatrixExpression] = {"left": group.lhs, "slope": self._slopes}
        if self._is_last:
            pieces["behind"] = self._front
        else:
            pieces |= {"front": self._front, "behind": group.deltas}
        if group.kind == "weights":
            pieces["input"] = self._inputs

        def named(leaf: MatrixExpression, piece: str) -> MatrixExpression:
            is_named = not pieces[piece].operands
            return pieces[piece] if is_named else account.named(leaf, pieces[piece])

        names = Names(group.derivation.network, named)
        left = names.left(group.layer, group.kind)
        rhs = names.times_input(names.delta(group.layer), group.layer, group.kind)
        return account.rewrite(before, MatrixEquation(left, rhs, group.derivation.values), "name")

"""The matrices of dz/da and of dz/dw of a layer, and what they are: all executed.

dz/da    row j, column k: the weight from node j to node k, so the matrix is W^T
dz/dw    row k, column j: the activation a_j, the same in every row, so it is 1 a^T
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from bpmath.algebra import Expression, Partial
from bpmath.derivation import Derivation
from bpmath.grouping import TooManyEquations
from bpmath.matrices import Cells, MatrixDerivative, MatrixExpression, Ones, Shape
from bpmath.matrix_algebra import MatrixProduct, Transpose
from bpmath.matrix_equations import MatrixEquation
from bpmath.naming import Names
from bpmath.rewrites import Provenance, Rewrite
from bpmath.symbols import a, w, z
from bpmath.trees import unshared


@dataclass(frozen=True)
class LocalMatrices:
    """The local derivatives of z in one layer of a network, as matrices."""

    derivation: Derivation
    layer: int

    @cached_property
    def names(self) -> Names:
        """The named matrices of the network."""
        return Names(self.derivation.network)

    def _is(self, partial: Expression) -> Expression:
        assert isinstance(partial, Partial)
        return unshared(self.derivation.local_formula(partial).rhs)

    def _equation(self, lhs: MatrixExpression, rhs: MatrixExpression) -> MatrixEquation:
        return MatrixEquation(lhs, rhs, self.derivation.values)

    # -- dz/da ------------------------------------------------------------------------------------

    @cached_property
    def weights(self) -> MatrixEquation:
        """[dz_k/da_j] = [w_kj], with a row for each j: the matrix that multiplies the deltas."""
        nodes, sources = self.derivation.nodes(self.layer), self.derivation.nodes(self.layer - 1)
        partials = tuple(
            tuple(Partial(z(self.layer, k), a(self.layer - 1, j)) for k in nodes) for j in sources
        )
        return self._equation(Cells(partials), Cells(tuple(tuple(map(self._is, row)) for row in partials)))

    @cached_property
    def transposed(self) -> Rewrite:
        """[dz_k/da_j] = [w_kj] -> the rows of W, transposed."""
        before = self.weights
        assert isinstance(before.rhs, Cells)
        turned = Transpose(Cells(tuple(zip(*before.rhs.rows, strict=True))))
        return Provenance().rewrite(before, self._equation(before.lhs, turned), "transpose")

    @cached_property
    def named_weights(self) -> Rewrite:
        """The rows of W, transposed -> W^T."""
        before, account = self.transposed.after, Provenance()
        assert isinstance(before, MatrixEquation)
        assert isinstance(before.rhs, Transpose)
        name = account.named(self.names.weights(self.layer), before.rhs.of)
        return account.rewrite(before, self._equation(before.lhs, Transpose(name)), "name")

    @property
    def used_weights(self) -> MatrixEquation:
        """dE/da = W^T delta"""
        weights, delta = self.names.weights(self.layer), self.names.vector("delta", self.layer)
        asked = MatrixDerivative(self.names.vector("a", self.layer - 1))
        return self._equation(asked, MatrixProduct((Transpose(weights), delta)))

    # -- dz/dw ------------------------------------------------------------------------------------

    @cached_property
    def inputs(self) -> MatrixEquation:
        """[dz_k/dw_kj] = [a_j], with a row for each k."""
        nodes, sources = self.derivation.nodes(self.layer), self.derivation.nodes(self.layer - 1)
        partials = tuple(
            tuple(Partial(z(self.layer, k), w(self.layer, k, j)) for j in sources) for k in nodes
        )
        return self._equation(Cells(partials), Cells(tuple(tuple(map(self._is, row)) for row in partials)))

    @cached_property
    def merged(self) -> Rewrite:
        """Equal rows -> one row, repeated by a column of ones where there are several."""
        before, account = self.inputs, Provenance()
        assert isinstance(before.rhs, Cells)
        column = Cells(tuple((account.merged(likes),) for likes in zip(*before.rhs.rows, strict=True)))
        return account.rewrite(before, self._equation(before.lhs, self._repeated(column, account)), "rows")

    def _repeated(self, column: MatrixExpression, account: Provenance) -> MatrixExpression:
        height = self.inputs.lhs.shape.rows
        if height == 1:
            return Transpose(column)
        return MatrixProduct((account.new(Ones(Shape(height, 1))), Transpose(column)))

    @cached_property
    def named_inputs(self) -> Rewrite:
        """The one row -> a^T."""
        before, account = self.merged.after, Provenance()
        assert isinstance(before, MatrixEquation)
        name = self.names.vector("a", self.layer - 1)
        match before.rhs:
            case Transpose(of=column):
                rhs: MatrixExpression = Transpose(account.named(name, column))
            case MatrixProduct(factors=(ones, Transpose(of=column))):
                rhs = MatrixProduct((ones, Transpose(account.named(name, column))))
        return account.rewrite(before, self._equation(before.lhs, rhs), "name")

    @property
    def used_inputs(self) -> MatrixEquation:
        """dE/dW = delta a^T"""
        left = self.names.left(self.layer, "weights")
        delta = self.names.vector("delta", self.layer)
        return self._equation(left, self.names.times_input(delta, self.layer, "weights"))


def named_equation(derivation: Derivation, layer: int) -> MatrixEquation:
    """Return dE/dW of a layer, every local derivative substituted, in the names of whole matrices."""
    names = Names(derivation.network)
    rhs = names.times_input(names.delta(layer), layer, "weights")
    return MatrixEquation(names.left(layer, "weights"), rhs, derivation.values)


def substitution_of(derivation: Derivation, layer: int) -> Rewrite | None:
    """Return derivatives -> what they are, for a layer; None where it has too many equations to write."""
    try:
        return derivation.substitute(layer, named_left=True)
    except TooManyEquations:
        return None

"""Grouping scalar equations into matrices, a step at a time, every step executed.

For the weights of a layer, with deltas behind it:

    dE/dw_kj = (sum_i delta_i dz_i/da_k) da_k/dz_k dz_k/dw_kj     one equation a weight
    gather         the equations become the cells of one matrix equation
    split          a matrix of products becomes a Hadamard product of matrices
    columns        columns that are all alike become one column times a row of ones
    factor out     the columns are multiplied first, then repeated
    product        the sums become a matrix times the column of deltas
    transpose      that matrix is the transpose of dz/da
    delta          the column is delta^(l)
    outer          dz/dw is the activation a_j in every row: delta a^T
    name           dE/dW^(l) = delta^(l) (a^(l-1))^T

Biases and the deltas themselves go the same way without the steps that they do not need.

The classic trap, a product whose shapes do not fit, cannot happen: every step is evaluated with its shapes.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, get_args

from bpmath.algebra import Delta, Derivative, Expression, Partial, Product, Quantity
from bpmath.factoring import delta_terms
from bpmath.matrices import Cells, MatrixExpression, Ones, Shape
from bpmath.matrix_algebra import Hadamard, MatrixProduct, Transpose, outer
from bpmath.matrix_equations import EquationSystem, MatrixEquation, Statement
from bpmath.naming import Names
from bpmath.rewrites import Provenance, Rewrite
from bpmath.symbols import E, a, b, w, z
from bpmath.trees import unshared

if TYPE_CHECKING:
    from bpmath.derivation import Derivation

Kind = Literal["weights", "biases", "deltas"]
MOST_EQUATIONS = 2500

Row = tuple[Expression, ...]


class TooManyEquations(ValueError):
    """There are more scalar equations than can be grouped one by one; the message names the count."""


@dataclass
class Grouping:
    """The statement that has been reached, and the pieces that it is made of."""

    derivation: Derivation
    layer: int
    kind: Kind
    nodes: tuple[int, ...]
    sources: tuple[int, ...]
    named_left: bool = False
    rewrites: list[Rewrite] = field(default_factory=list)

    def __post_init__(self) -> None:
        pairs = [[self._equation_parts(node, source) for source in self._columns] for node in self.nodes]
        self.left = tuple(tuple(pair.left for pair in row) for row in pairs)
        self.behind = tuple(tuple(pair.behind for pair in row) for row in pairs)
        self.slopes = tuple(tuple(pair.slope for pair in row) for row in pairs)
        self.inputs = tuple(
            tuple(pair.input for pair in row if pair.input is not None) for row in pairs if row[0].input
        )
        self.lhs: MatrixExpression = Cells(self.left)
        self.statement: Statement = self._scalars()

    @property
    def _columns(self) -> tuple[int, ...]:
        return self.sources if self.kind == "weights" else (1,)

    @property
    def complete(self) -> bool:
        """Whether all nodes and sources of the layer take part, so that whole matrices can be named."""
        sizes = self.derivation.network.sizes
        return len(self.nodes) == sizes[self.layer] and len(self.sources) == sizes[self.layer - 1]

    def _equation_parts(self, node: int, source: int) -> _Parts:
        terms = delta_terms(self.derivation, self.layer, node)
        if self.kind == "deltas":
            return _Parts(unshared(Delta(self.layer, node)), terms.behind, terms.slope, None)
        parameter = w(self.layer, node, source) if self.kind == "weights" else b(self.layer, node)
        local = unshared(Partial(z(self.layer, node), parameter))
        return _Parts(unshared(Derivative(E, parameter)), terms.behind, terms.slope, local)

    def _cell(self, row: int, column: int) -> Expression:
        local = (self.inputs[row][column],) if self.inputs else ()
        return Product((self.behind[row][column], self.slopes[row][column], *local))

    def _scalars(self) -> EquationSystem:
        return EquationSystem(
            tuple(
                tuple(
                    self.derivation.equation(lhs, self._cell(row, column)) for column, lhs in enumerate(cells)
                )
                for row, cells in enumerate(self.left)
            )
        )

    def _reach(self, account: Provenance, rhs: MatrixExpression, step: str) -> None:
        after = MatrixEquation(self.lhs, rhs, self.derivation.values)
        self.rewrites.append(account.rewrite(self.statement, after, step))
        self.statement = after

    # -- the steps --------------------------------------------------------------------------------

    def gather(self) -> None:
        """The scalar equations become the cells of a matrix equation."""
        rows, columns = range(len(self.nodes)), range(len(self._columns))
        cells = Cells(tuple(tuple(self._cell(row, column) for column in columns) for row in rows))
        account = Provenance()
        if self.named_left and self.complete:
            self.lhs = account.named(Names(self.derivation.network).left(self.layer, self.kind), self.lhs)
        self._reach(account, cells, "gather")

    def split(self) -> None:
        """The matrix of products becomes a Hadamard product of matrices, one for each factor."""
        matrices = (self.behind, self.slopes, *((self.inputs,) if self.inputs else ()))
        self._reach(Provenance(), Hadamard(tuple(map(Cells, matrices))), "split")

    def columns(self) -> None:
        """Columns that are all alike become one, times a row of ones."""
        account, width = Provenance(), len(self._columns)
        self.behind_column = Cells(tuple((account.merged(row),) for row in self.behind))
        self.slope_column = Cells(tuple((account.merged(row),) for row in self.slopes))
        if width > 1:
            self.ones = [account.new(Ones(Shape(1, width))) for _ in range(2)]
            repeated = zip((self.behind_column, self.slope_column), self.ones, strict=True)
            products = (MatrixProduct(pair) for pair in repeated)
            self._reach(account, Hadamard((*products, Cells(self.inputs))), "columns")

    def factor_out(self) -> None:
        """The columns are multiplied with each other first, and then repeated."""
        account = Provenance()
        if len(self._columns) > 1:
            self.repeat = account.merged(self.ones)
            column = Hadamard((self.behind_column, self.slope_column))
            self._reach(account, self._with_inputs(column), "factor out")

    def _with_inputs(self, column: MatrixExpression) -> MatrixExpression:
        if not self.inputs:
            return column
        if len(self._columns) > 1:
            return Hadamard((MatrixProduct((column, self.repeat)), Cells(self.inputs)))
        factors = column.factors if isinstance(column, Hadamard) else (column,)
        return Hadamard((*factors, Cells(self.inputs)))

    def matrix_product(self) -> None:
        """The sums over the branches become a matrix of dz/da times the column of deltas."""
        if self.layer == self.derivation.network.layers:
            self.front: MatrixExpression = self.behind_column
            return
        account, branches = Provenance(), [_branches(row[0]) for row in self.behind_column.rows]
        deltas = tuple((account.merged(likes),) for likes in zip(*(b.deltas for b in branches), strict=True))
        self.deltas = Cells(deltas)
        self.locals = tuple(branch.locals for branch in branches)
        self._reach(account, self._front(MatrixProduct((Cells(self.locals), self.deltas))), "product")

    def _front(self, front: MatrixExpression) -> MatrixExpression:
        self.front = front
        return self._with_inputs(Hadamard((front, self.slope_column)))

    def transpose(self) -> None:
        """The matrix of dz/da has a row for each node before the edge: it is the transpose of dz/da."""
        if self.layer < self.derivation.network.layers:
            transposed = Transpose(Cells(tuple(zip(*self.locals, strict=True))))
            self._reach(Provenance(), self._front(MatrixProduct((transposed, self.deltas))), "transpose")

    def name_delta(self) -> None:
        """All before dz/dw is the column delta^(l)."""
        account, cells = Provenance(), []
        for row, node in enumerate(self.nodes):
            front = [self.behind_column.rows[row][0]]
            if self.layer < self.derivation.network.layers:
                front = [*self.locals[row], *(delta for (delta,) in self.deltas.rows)]
            cells.append((account.named(Delta(self.layer, node), *front, self.slope_column.rows[row][0]),))
        self.delta = Cells(tuple(cells))
        self._reach(account, self._with_inputs(self.delta), "delta")

    def multiply_out(self) -> None:
        """Of weights: dz/dw is a_j in every row, so the repetitions are an outer product; of biases: 1."""
        account = Provenance()
        if self.kind == "weights":
            activations = self.substituted_inputs(account)
            self._reach(account, outer(self.delta, activations), "outer")
            self.activations = activations
        else:
            pairs = zip(self.delta.rows, self.inputs, strict=True)
            cells = tuple((account.named(delta, delta, local),) for (delta,), (local,) in pairs)
            self.delta = Cells(cells)
            self._reach(account, self.delta, "multiply by one")

    def substituted_inputs(self, account: Provenance) -> Cells:
        """Return the column of the activations that enter the layer: dz_k/dw_kj = a_j, in every row k."""
        columns = zip(self.sources, zip(*self.inputs, strict=True), strict=True)
        return Cells(
            tuple((account.substituted(Quantity(a(self.layer - 1, j)), *column),) for j, column in columns)
        )

    def name(self) -> None:
        """Whole matrices get their names; a part of a layer keeps its cells."""
        if not self.complete:
            return
        account, names = Provenance(), Names(self.derivation.network)
        if self.lhs.operands:
            self.lhs = account.named(names.left(self.layer, self.kind), self.lhs)
        delta: MatrixExpression = account.named(names.vector("delta", self.layer), self.delta)
        if self.kind == "weights":
            inputs = account.named(names.vector("a", self.layer - 1), self.activations)
            delta = outer(delta, inputs)
        self._reach(account, delta, "name")

    def to_columns(self) -> Grouping:
        """Take the steps up to the transposed matrix: everything is in partial derivatives and deltas."""
        for step in (
            self.gather,
            self.split,
            self.columns,
            self.factor_out,
            self.matrix_product,
            self.transpose,
        ):
            step()
        return self

    def to_names(self) -> Grouping:
        """Take the remaining steps, up to dE/dW = delta a^T."""
        if self.kind != "deltas":
            self.name_delta()
            self.multiply_out()
            self.name()
        return self


@dataclass(frozen=True)
class _Parts:
    """The left-hand side of one scalar equation and the factors of its right-hand side."""

    left: Expression
    behind: Expression
    slope: Partial
    input: Expression | None


@dataclass(frozen=True)
class _Branches:
    """The deltas and the local derivatives in a sum over branches."""

    deltas: Row
    locals: Row


def _branches(behind: Expression) -> _Branches:
    terms = (behind,) if isinstance(behind, Product) else behind.operands
    return _Branches(tuple(term.operands[0] for term in terms), tuple(term.operands[1] for term in terms))


def grouping(
    derivation: Derivation,
    layer: int,
    of: str,
    nodes: Sequence[int] | None,
    sources: Sequence[int] | None,
    named_left: bool = False,
) -> Grouping:
    """Return the scalar equations of a layer, ready to be grouped; errors as for `Derivation.group`."""
    if of not in get_args(Kind):
        raise ValueError(f"of is {of!r}, but it must be one of {', '.join(get_args(Kind))}")
    rows = derivation.nodes(layer, nodes)
    columns = derivation.nodes(layer - 1, sources, "sources")
    behind = derivation.network.sizes[layer + 1] if layer < derivation.network.layers else 1
    count = len(rows) * max(len(columns) if of == "weights" else 1, behind)
    if count > MOST_EQUATIONS:
        raise TooManyEquations(
            f"layer {layer} has {count} scalar equations or terms, more than the {MOST_EQUATIONS} that can "
            f"be grouped one by one; choose some with nodes=... and sources=..., or use general()"
        )
    return Grouping(derivation, layer, of, rows, columns, named_left)  # type: ignore[arg-type]

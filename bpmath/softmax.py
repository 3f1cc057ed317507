"""Softmax and its cross-entropy, derived: the Jacobian, and the sum in which almost everything cancels.

    p_i = exp(a_i) / (exp(a_1) + ... + exp(a_n))
    dp_i/da_j = p_i (1 - p_i) if i = j, else -p_i p_j            as matrices: diag(p) - p p^T
    dE/da_j = sum over k of de_k/dp_k dp_k/da_j = ... = p_j - y_j   with e_k = -y_k ln p_k

The left-hand sides are swept through a graph of exponentials and a quotient that knows none of this.

Source: Goodfellow, Bengio & Courville, Deep Learning, 2016, section 6.2.2.3; Bridle, Probabilistic
Interpretation of Feedforward Classification Network Outputs, 1990.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from bpmath import operations as gates
from bpmath.algebra import (
    LOG,
    Derivative,
    Expression,
    Negative,
    Number,
    Quantity,
    apply,
    product,
    total,
)
from bpmath.equations import Equation
from bpmath.graph import Graph, Node
from bpmath.loss_formulas import softmax as quotient_of_exponentials
from bpmath.losses import loss_named
from bpmath.matrices import Array, Cells, MatrixDerivative, MatrixExpression, MatrixSymbol, Shape
from bpmath.matrix_algebra import Diagonal, MatrixNegative, MatrixSum, outer
from bpmath.matrix_equations import MatrixEquation
from bpmath.operations import with_constants
from bpmath.rewrites import Provenance, Rewrite
from bpmath.softmax_cancellation import Cancellation, p, slope_formula
from bpmath.symbols import E, Symbol, e, y
from bpmath.trace import Trace
from bpmath.trees import unshared
from bpmath.writing import choose

ONE = Number(1)


@dataclass(frozen=True, eq=False)
class Softmax:
    """Softmax cross-entropy at some logits and targets; `softmax_of` makes one and checks its arguments.

    `logits` are the symbols of a_1 ... a_n; `at` their values, `targets` those of y, both of shape (n,).
    """

    logits: tuple[Symbol, ...]
    at: Array
    targets: Array

    @property
    def classes(self) -> range:
        """1, ..., n"""
        return range(1, len(self.logits) + 1)

    @cached_property
    def probabilities(self) -> Array:
        """softmax(a), of shape (n,)."""
        return np.array([self.trace[p(k)] for k in self.classes])

    # The largest logit is taken off every exponent: a fixed number, which changes neither p nor its slopes.
    @cached_property
    def trace(self) -> Trace:
        """The graph of exponentials, their sum and the quotients p, and every value and local derivative."""
        return _softmax_graph(self.logits, float(self.at.max())).evaluate(
            dict(zip(self.logits, self.at, strict=True))
        )

    @cached_property
    def _values(self) -> _SoftmaxValues:
        return _SoftmaxValues(self)

    # -- the Jacobian -----------------------------------------------------------------------------

    def jacobian_entry(self, row: int, column: int) -> Equation:
        """Return dp_i/da_j = p_i (1 - p_i) or -p_i p_j."""
        return Equation(self._slope(row, column), slope_formula(row, column), self._values)

    def _slope(self, row: int, column: int) -> Derivative:
        return Derivative(p(row), self.logits[column - 1])

    def jacobian(self) -> MatrixEquation:
        """Return the matrix of all dp_i/da_j, written out: row i, column j."""
        slopes = tuple(tuple(self._slope(i, j) for j in self.classes) for i in self.classes)
        formulas = tuple(tuple(slope_formula(i, j) for j in self.classes) for i in self.classes)
        return MatrixEquation(Cells(slopes), Cells(formulas), self._values)

    def named_jacobian(self) -> Rewrite:
        """Return the written-out Jacobian -> diag(p) - p p^T."""
        account, before = Provenance(), self.jacobian()
        cells = Cells(tuple(tuple(unshared(cell) for cell in row) for row in _rows(before.rhs)))
        slopes = Cells(tuple(tuple(unshared(cell) for cell in row) for row in _rows(before.lhs)))
        before = MatrixEquation(slopes, cells, self._values)
        names = [account.named(MatrixSymbol("p", None, Shape(len(self.logits), 1)), cells) for _ in range(3)]
        rhs = MatrixSum((Diagonal(names[0]), MatrixNegative(outer(names[1], names[2]))))
        return account.rewrite(before, MatrixEquation(slopes, rhs, self._values), "name")

    # -- the loss -----------------------------------------------------------------------------------

    def definition(self, output: int) -> Equation:
        """Return p_k = e^{a_k} / (e^{a_1} + ... + e^{a_n})."""
        return self.equation(Quantity(p(output)), quotient_of_exponentials(output, self.logits))

    def unit_sum(self, letter: str) -> Equation:
        """Return p_1 + ... + p_n = 1, or with the letter "y" the same of the targets."""
        symbols = [p(k) if choose("letter", letter, ("p", "y")) == "p" else y(k) for k in self.classes]
        return self.equation(total(tuple(map(Quantity, symbols))), ONE)

    def error(self, output: int) -> Equation:
        """Return e_k = -y_k ln p_k; FalseEquation when the probability underflows to 0."""
        term = product(Quantity(y(output)), apply(LOG, Quantity(p(output))))
        return self.equation(Quantity(e(output)), Negative(term))

    # -- the cancellation ---------------------------------------------------------------------------

    def cancellation(self, output: int) -> list[Rewrite]:
        """Return dE/da_j = sum of de_k/dp_k dp_k/da_j -> ... -> p_j - y_j, a step at a time.

        substitute, cancel, multiply out, collect, and (where the targets sum to 1) sum to one.
        Raises ValueError when there is no such output, FalseEquation when a probability underflows to 0.
        """
        if output not in self.classes:
            raise ValueError(f"output is {output}, but the outputs are 1 to {len(self.logits)}")
        return Cancellation(self, output).rewrites()

    def equation(self, lhs: Expression, rhs: Expression) -> Equation:
        """Return lhs = rhs, executed."""
        return Equation(lhs, rhs, self._values)


def softmax_of(logits: ArrayLike, targets: ArrayLike, symbols: Sequence[Symbol] | None = None) -> Softmax:
    """Return softmax cross-entropy at logits and targets, both of shape (n,); `symbols` names the logits.

    Raises ValueError for shapes that differ, for infinite numbers and for targets that are no distribution.
    """
    at, given = np.asarray(logits, dtype=float), np.asarray(targets, dtype=float)
    if at.ndim != 1 or at.shape != given.shape or not at.size:
        raise ValueError(f"targets have shape {given.shape} and logits {at.shape}, but both must be (n,)")
    if not (np.isfinite(at).all() and np.isfinite(given).all()):
        raise ValueError("logits and targets must be finite numbers")
    loss_named("softmax_cross_entropy").check_targets(given)
    names = tuple(symbols or (Symbol("a", None, (k,)) for k in range(1, at.size + 1)))
    return Softmax(names, at, given)


def _softmax_graph(logits: Sequence[Symbol], shift: float) -> Graph:
    """Return exp(a_k - shift), their sum, the quotients p_k, and p_1 + ... + p_n as the one output."""
    total = Symbol("s")
    nodes = [Node(symbol) for symbol in logits]
    minus = with_constants(gates.SUBTRACT, (None, shift))
    for k, logit in enumerate(logits, 1):
        nodes.append(Node(Symbol("shifted", None, (k,)), minus, (logit,)))
        nodes.append(Node(Symbol("exponential", None, (k,)), gates.EXP, (Symbol("shifted", None, (k,)),)))
    classes = range(1, len(logits) + 1)
    nodes.append(Node(total, gates.ADD, tuple(Symbol("exponential", None, (k,)) for k in classes)))
    nodes += [Node(p(k), gates.DIVIDE, (Symbol("exponential", None, (k,)), total)) for k in classes]
    nodes.append(Node(Symbol("one"), gates.ADD, tuple(p(k) for k in classes)))
    return Graph(tuple(nodes), Symbol("one"))


@dataclass(frozen=True, eq=False)
class _SoftmaxValues:
    """Serves equations: p and dp/da from the graph, de/dp = -y/p, e and dE/da from the vectorised loss."""

    softmax: Softmax

    def value(self, symbol: Symbol) -> float:
        if symbol.letter == "y":
            return float(self.softmax.targets[symbol.indices[0] - 1])
        if symbol.letter == "e":
            return float(self._errors[symbol.indices[0] - 1])
        return self.softmax.trace.value(symbol)

    @cached_property
    def _errors(self) -> Array:
        return loss_named("softmax_cross_entropy").errors(self.softmax.at, self.softmax.targets)

    def partial(self, of: Symbol, wrt: Symbol, occurrence: int = 0) -> float:
        if of.letter == "e" and wrt.letter == "p":
            target, probability = self.value(y(of.indices[0])), self.value(wrt)
            return -target / probability if probability else -math.inf
        return self.softmax.trace.derivative(of, wrt)

    def derivative(self, of: Symbol, wrt: Symbol) -> float:
        if of == E:
            gradient = loss_named("softmax_cross_entropy").gradient(self.softmax.at, self.softmax.targets)
            return float(gradient[self.softmax.logits.index(wrt)])
        return self._slopes[wrt][of] if of.letter == "p" else self.softmax.trace.derivative(of, wrt)

    @cached_property
    def _slopes(self) -> dict[Symbol, dict[Symbol, float]]:
        return {logit: dict(self.softmax.trace.forward(logit).derivative) for logit in self.softmax.logits}

    def matrix(self, name: MatrixSymbol | MatrixDerivative) -> Array:
        if not isinstance(name, MatrixSymbol) or name.letter != "p":
            raise ValueError("matrix: only p has a name here")
        return self.softmax.probabilities[:, np.newaxis]


def _rows(matrix: MatrixExpression) -> tuple[tuple[Expression, ...], ...]:
    assert isinstance(matrix, Cells)
    return matrix.rows

"""Softmax cross-entropy by its gradient: the sum in which almost everything cancels, a step at a time.

    p_i and dp_i/da_j = p_i (1 - p_i) or -p_i p_j       as scalar formulas
    dE/da_j = sum over k of de_k/dp_k dp_k/da_j = ... = p_j - y_j

Source: Goodfellow, Bengio & Courville, Deep Learning, 2016, section 6.2.2.3.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from bpmath.algebra import Derivative, Expression, Negative, Number, Partial, Quantity, Quotient, Sum, product
from bpmath.equations import Equation
from bpmath.rewrites import Provenance, Rewrite
from bpmath.symbols import E, Symbol, e, y

if TYPE_CHECKING:
    from bpmath.softmax import Softmax

ONE = Number(1)


def p(node: int) -> Symbol:
    """Return the probability of a class: p_k = softmax(a)_k."""
    return Symbol("p", None, (node,))


def slope_formula(row: int, column: int) -> Expression:
    """Return dp_i/da_j: p_i (1 - p_i) on the diagonal, -p_i p_j off it."""
    if row == column:
        return product(Quantity(p(row)), Sum((ONE, Negative(Quantity(p(row))))))
    return Negative(product(Quantity(p(row)), Quantity(p(column))))


class Cancellation:
    """The terms of dE/da_j, and what becomes of them; term k is the error e_k's."""

    def __init__(self, softmax: Softmax, output: int) -> None:
        self.softmax, self.output = softmax, output
        self.lhs = Derivative(E, softmax.logits[output - 1])
        self.found: list[Rewrite] = []
        self.statement: Equation
        self._start()

    def rewrites(self) -> list[Rewrite]:
        self._substitute()
        self._cancel()
        self._multiply_out()
        self._collect()
        if abs(math.fsum(self.softmax.targets) - 1) < 8 * np.finfo(float).eps:
            self._sum_to_one()
        return self.found

    def _reach(self, account: Provenance, terms: Sequence[Expression], step: str) -> None:
        rhs = terms[0] if len(terms) == 1 else Sum(tuple(terms))
        after = self.softmax.equation(self.lhs, rhs)
        self.found.append(account.rewrite(self.statement, after, step))
        self.statement = after

    def _start(self) -> None:
        """sum of de_k/dp_k dp_k/da_j"""
        logit = self.softmax.logits[self.output - 1]
        self.errors = [Partial(e(k), p(k)) for k in self.softmax.classes]
        self.slopes = [Derivative(p(k), logit) for k in self.softmax.classes]
        terms = [product(error, slope) for error, slope in zip(self.errors, self.slopes, strict=True)]
        rhs = terms[0] if len(terms) == 1 else Sum(tuple(terms))
        self.statement = self.softmax.equation(self.lhs, rhs)

    def _substitute(self) -> None:
        """-y_j/p_j  p_j (1 - p_j), and (-y_k/p_k) (-p_k p_j) = y_k/p_k  p_k p_j: minus times minus"""
        account = Provenance()
        self.fractions, self.outer = [], []
        for k in self.softmax.classes:
            fraction = Quotient(Quantity(y(k)), Quantity(p(k)))
            self.fractions.append(account.substituted(fraction, self.errors[k - 1]))
            formula = slope_formula(k, self.output)
            bare = formula.term if isinstance(formula, Negative) else formula
            self.outer.append(account.substituted(bare, self.slopes[k - 1]))
        terms = [
            self._signed(k, product(fraction, slope))
            for k, fraction, slope in zip(self.softmax.classes, self.fractions, self.outer, strict=True)
        ]
        self._reach(account, terms, "substitute")

    def _signed(self, k: int, term: Expression) -> Expression:
        return Negative(term) if k == self.output else term

    def _cancel(self) -> None:
        """-y_j (1 - p_j) + y_k p_j: each p_k below meets its p_k above"""
        self.targets = [fraction.operands[0] for fraction in self.fractions]
        self.rests = [slope.operands[1] for slope in self.outer]
        terms = [
            self._signed(k, product(target, rest))
            for k, target, rest in zip(self.softmax.classes, self.targets, self.rests, strict=True)
        ]
        self._reach(Provenance(), terms, "cancel")

    def _multiply_out(self) -> None:
        """-y_j + y_j p_j + y_k p_j"""
        account, j = Provenance(), self.output
        target, rest = self.targets[j - 1], self.rests[j - 1]
        probability = rest.operands[1].operands[0]
        self.alone = account.copied(target)
        self.pairs = [
            (target, probability) if k == j else (self.targets[k - 1], self.rests[k - 1])
            for k in self.softmax.classes
        ]
        terms = [product(*pair) for pair in self.pairs]
        self._reach(account, [*terms, Negative(self.alone)], "multiply out")

    def _collect(self) -> None:
        """(y_1 + ... + y_n) p_j - y_j"""
        account = Provenance()
        self.sum = [pair[0] for pair in self.pairs]
        self.probability = account.merged([pair[1] for pair in self.pairs])
        total = self.sum[0] if len(self.sum) == 1 else Sum(tuple(self.sum))
        self._reach(account, [product(total, self.probability), Negative(self.alone)], "collect")

    def _sum_to_one(self) -> None:
        """p_j - y_j"""
        self._reach(Provenance(), [self.probability, Negative(self.alone)], "sum to one")

"""The expression of a graph with some gates written out, and how a part of it gets the name of its gate."""

from __future__ import annotations

import copy
from collections.abc import Collection
from dataclasses import dataclass

from bpmath.algebra import Expression, Quantity
from bpmath.equations import Equation
from bpmath.gates import gate_formula
from bpmath.matrix_equations import Term
from bpmath.rewrites import Provenance, Rewrite
from bpmath.symbols import Symbol
from bpmath.trace import Trace
from bpmath.trees import rebuilt


@dataclass(frozen=True)
class _Both:
    """A term before a rewrite and after it."""

    before: Term
    after: Term


@dataclass(frozen=True)
class _Namer:
    """Writes the gates of a graph out, but for those that have names, and names some more."""

    trace: Trace
    named: Collection[Symbol]
    naming: Collection[Symbol]
    account: Provenance

    def gate(self, symbol: Symbol) -> _Both:
        """Return what a gate computes, inside the expression."""
        node = self.trace.graph[symbol]
        if node.operation is None or symbol in self.named:
            return self.term(Quantity(symbol), inside=False)
        inside = self.term(gate_formula(node))
        if symbol in self.naming:
            return _Both(inside.before, self.account.named(Quantity(symbol), inside.before))
        return inside

    def term(self, term: Term, inside: bool = True) -> _Both:
        """Return a term with the gates in it written out."""
        if isinstance(term, Quantity) and inside:
            return self.gate(term.symbol)
        if not term.operands:
            leaf = copy.copy(term)
            return _Both(leaf, leaf)
        both = [self.term(operand) for operand in term.operands]
        before, after = tuple(each.before for each in both), tuple(each.after for each in both)
        return _Both(rebuilt(term, before), rebuilt(term, after))


def naming(trace: Trace, named: Collection[Symbol], gates: Collection[Symbol]) -> Rewrite:
    """Return the rewrite of e = ... in which some gates get their names, after others that have theirs."""
    account = Provenance()
    both = _Namer(trace, named, gates, account).gate(trace.graph.output)
    assert isinstance(both.before, Expression) and isinstance(both.after, Expression)
    left = Quantity(trace.graph.output)
    before, after = Equation(left, both.before, trace), Equation(left, both.after, trace)
    return account.rewrite(before, after, "name gates")


def whole(trace: Trace) -> Equation:
    """Return e = the whole expression, with every gate written out."""
    written = naming(trace, (), ()).before
    assert isinstance(written, Equation)
    return written

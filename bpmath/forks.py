"""Nodes that are used more than once: their derivative adds up, and what it would be if it were overwritten.

de/du += de/dv dv/du        for every edge u -> v
de/du =  de/dv dv/du        keeps the last contribution only: wrong where the others are not zero
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bpmath.algebra import Derivative, Number, total
from bpmath.chain_rule import contribution
from bpmath.equations import Equation
from bpmath.sweeps import Step
from bpmath.symbols import Symbol
from bpmath.trace import Trace


@dataclass(frozen=True)
class Fork:
    """A node with several edges behind it, and the steps of the reverse sweep that reach it, in order."""

    symbol: Symbol
    steps: tuple[Step, ...]

    @property
    def total(self) -> float:
        """The derivative: all contributions added."""
        return self.steps[-1].total

    @property
    def overwritten(self) -> float:
        """The last contribution, which is all that is left where every one overwrites the one before it."""
        return self.steps[-1].contribution

    @property
    def loss(self) -> float:
        """By how much overwriting is wrong."""
        return abs(self.total - self.overwritten)


def forks(trace: Trace) -> list[Fork]:
    """Return all nodes that are used more than once, in the order of the nodes."""
    arriving: dict[Symbol, list[Step]] = {}
    for step in trace.reverse().steps:
        arriving.setdefault(step.receiver, []).append(step)
    symbols = (node.symbol for node in trace.graph.nodes)
    return [Fork(s, tuple(arriving[s])) for s in symbols if len(arriving.get(s, ())) > 1]


def clearest(found: Iterable[Fork]) -> Fork | None:
    """Return the fork with the fewest uses at which overwriting is wrong; any, where it never is; or None."""
    candidates = list(found)
    wrong = [fork for fork in candidates if fork.loss > 1e-6 * max(1.0, abs(fork.total))]
    return min(wrong or candidates, key=lambda fork: len(fork.steps), default=None)


def received_up_to(trace: Trace, fork: Fork, count: int) -> Equation:
    """Return the number that stands at a fork after so many contributions, and what was added for it."""
    terms = tuple(contribution(trace, step.edge) for step in fork.steps[:count])
    return Equation(Number(fork.steps[count - 1].total), total(terms), trace)


def gathered(trace: Trace, fork: Fork) -> Equation:
    """Return de/du = the sum of all contributions, in the order in which they arrive."""
    terms = tuple(contribution(trace, step.edge) for step in fork.steps)
    return Equation(Derivative(trace.graph.output, fork.symbol), total(terms), trace)

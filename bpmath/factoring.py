"""Factoring deltas out of sums over paths: what one equation repeats of another gets a name.

    delta(L, k) = de/da(L, k)  da/dz                                the last layer
    delta(l, k) = (sum over j of delta(l+1, j)  dz(l+1, j)/da(l, k))  da/dz
    dE/dw(l, k, j) = delta(l, k)  dz(l, k)/dw(l, k, j)

Source: Nielsen, Neural Networks and Deep Learning, 2015, chapter 2, BP1 to BP4.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bpmath.algebra import Delta, Derivative, Expression, Partial, Product, product, total
from bpmath.equations import Equation
from bpmath.matrix_equations import EquationSystem
from bpmath.network_paths import count_paths, following
from bpmath.rewrites import Provenance, Rewrite
from bpmath.symbols import E, Symbol, a, z
from bpmath.trees import unshared

if TYPE_CHECKING:
    from bpmath.derivation import Derivation

MOST_WRITTEN_PATHS = 64
"""A sum over more paths than this is not written out where it is only to be folded up again."""


def factor(derivation: Derivation, symbol: Symbol, limit: int) -> Rewrite:
    """Return dE/d(symbol) = sum over paths -> deltas times local derivatives; `Derivation.factor`."""
    account, lhs = Provenance(), unshared(Derivative(E, symbol))
    written = count_paths(derivation.network, symbol) <= limit
    befores, afters = [], []
    for target in following(derivation.network, symbol):
        if target.letter != "z":
            raise ValueError(f"symbol: no delta is behind {symbol}, as it is behind w, b, x and a hidden a")
        tail = unshared(_tail(derivation, target) if written else Derivative(E, target))
        local = unshared(Partial(target, symbol))
        befores.append(product(tail, local))
        afters.append(product(account.named(_delta(target), tail), local))
    before = derivation.equation(lhs, total(tuple(befores)))
    return account.rewrite(before, derivation.equation(lhs, total(tuple(afters))), "factor")


def _tail(derivation: Derivation, symbol: Symbol) -> Expression:
    return derivation.path_sum(symbol).rhs


def _delta(weighted_sum: Symbol) -> Delta:
    return Delta(weighted_sum.layer or 0, weighted_sum.indices[0])


@dataclass(frozen=True)
class DeltaTerms:
    """The two factors of one delta: everything behind a(l, k), and da/dz."""

    behind: Expression
    slope: Partial

    @property
    def product(self) -> Product:
        """behind · slope; a product behind the activation is opened."""
        return Product((*_factors(self.behind), self.slope))


def _factors(expression: Expression) -> tuple[Expression, ...]:
    return expression.factors if isinstance(expression, Product) else (expression,)


def delta_terms(
    derivation: Derivation, layer: int, node: int, tail: Callable[[Symbol], Expression] = _delta
) -> DeltaTerms:
    """Return the factors of delta(layer, node), with `tail` of each weighted sum of the layer behind it.

    Every leaf is an object of its own.  ValueError when there is no such node.
    """
    activation = a(layer, node)
    following(derivation.network, activation)
    terms = []
    for target in following(derivation.network, activation):
        local = Partial(target, activation)
        terms.append(product(tail(target), local) if target.letter == "z" else local)
    return DeltaTerms(unshared(total(tuple(terms))), unshared(Partial(activation, z(layer, node))))


def delta(derivation: Derivation, layer: int, nodes: Sequence[int] | None) -> Rewrite:
    """Return how the deltas of a layer come from those of the layer behind; `Derivation.delta`."""
    account, befores, afters = Provenance(), [], []
    for node in derivation.nodes(layer, nodes):
        old, new = _delta_equations(derivation, account, layer, node)
        befores.append((old,))
        afters.append((new,))
    return account.rewrite(EquationSystem(tuple(befores)), EquationSystem(tuple(afters)), "delta")


def _delta_equations(
    derivation: Derivation, account: Provenance, layer: int, node: int
) -> Iterator[Equation]:
    """Yield the equation without names for what is behind, and the one with them."""
    wide = _width(derivation, layer) > MOST_WRITTEN_PATHS

    def spelled(target: Symbol) -> Expression:
        if wide:
            return unshared(Derivative(E, target))
        return delta_terms(derivation, target.layer or 0, target.indices[0]).product

    lhs = unshared(Derivative(E, z(layer, node)))
    terms = delta_terms(derivation, layer, node, spelled)
    yield derivation.equation(lhs, terms.product)
    behind = _with_deltas(account, derivation, layer, terms.behind)
    named = account.named(Delta(layer, node), lhs)
    yield derivation.equation(named, DeltaTerms(behind, terms.slope).product)


def _width(derivation: Derivation, layer: int) -> int:
    behind = derivation.network.sizes[layer + 1 : layer + 3]
    return behind[0] * behind[-1] if behind else 0


def _with_deltas(account: Provenance, derivation: Derivation, layer: int, behind: Expression) -> Expression:
    """Return the same sum with one delta for all that stands before each dz/da."""
    if layer == derivation.network.layers:
        return behind
    count = derivation.network.sizes[layer + 1]
    folded = []
    for term in (behind,) if count == 1 else behind.operands:
        *tail, local = term.operands
        assert isinstance(local, Partial)
        folded.append(product(account.named(_delta(local.of), *tail), local))
    return total(tuple(folded))


@dataclass(frozen=True, eq=False)
class Factors(Mapping[Symbol, Rewrite]):
    """The `factor` rewrites of all parameters: checked at once as matrices, each made when asked for."""

    derivation: Derivation

    def __post_init__(self) -> None:
        # BP3 and BP4 are these equations for all biases and weights of a layer; making them executes them.
        self.derivation.general()

    def __getitem__(self, parameter: Symbol) -> Rewrite:
        try:
            self.derivation.network.value(parameter)
        except ValueError as error:
            raise KeyError(str(error)) from None
        return self.derivation.factor(parameter)

    def __iter__(self) -> Iterator[Symbol]:
        return iter(self.derivation.network.parameters())

    def __len__(self) -> int:
        network = self.derivation.network
        return sum(array.size for array in (*network.weights, *network.biases))

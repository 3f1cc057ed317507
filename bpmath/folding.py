"""Folding a sum over paths up a layer at a time: what is behind each weighted sum becomes its delta.

    dE/dw(1) = ((... de/da da/dz dz/da ...) da/dz dz/da + ...) da/dz dz/dw        every path written out
             = ((delta(3) dz/da + ...) da/dz dz/da + ...) da/dz dz/dw             folded up to layer 3
             = (delta(2) dz/da + ...) da/dz dz/dw                                 folded up to layer 2
             = delta(1) dz/dw                                                     folded up to its own layer

Source: Nielsen, Neural Networks and Deep Learning, 2015, chapter 2, BP1 to BP4.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import prod

from bpmath.algebra import Delta, Derivative, Expression, Partial, product, total
from bpmath.derivation import Derivation
from bpmath.factoring import delta_terms
from bpmath.graph import too_many_paths
from bpmath.network import Network
from bpmath.network_paths import count_paths, following
from bpmath.rewrites import Provenance, Rewrite
from bpmath.symbols import E, Symbol
from bpmath.trees import unshared

MOST_FOLDED_TERMS = 1000
"""Sums of more terms than this are not written out."""


def fold(derivation: Derivation, parameter: Symbol, layer: int, limit: int = MOST_FOLDED_TERMS) -> Rewrite:
    """Return how the sum over the paths to a weight or bias folds up from the layer behind to `layer`.

    Before it, the deltas of layer + 1 stand in the sum (of the last layer: all paths are written out); after
    it, those of `layer`.  Raises ValueError for a layer before that of the parameter or not there, and
    TooManyPaths when more than `limit` terms would be written.
    """
    first, last = parameter.layer or 0, derivation.network.layers
    derivation.network.value(parameter)
    if isinstance(layer, bool) or not isinstance(layer, int) or not first <= layer <= last:
        raise ValueError(f"layer: {layer!r} is not behind {parameter}; the layers {first} to {last} are")
    count = written_terms(derivation.network, parameter, layer)
    if count > limit:
        raise too_many_paths(count, parameter, E, limit)
    account, lhs = Provenance(), unshared(Derivative(E, parameter))
    tail = _fold(derivation, account, Symbol("z", first, parameter.indices[:1]), layer)
    local = Partial(Symbol("z", first, parameter.indices[:1]), parameter)
    before, after = (derivation.equation(lhs, product(side, local)) for side in (tail.unfolded, tail.folded))
    return account.rewrite(before, after, "fold")


def written_terms(network: Network, parameter: Symbol, layer: int) -> int:
    """Return how many products stand in the sum for a weight or bias with the deltas of layer + 1 in it."""
    if layer == network.layers:
        return count_paths(network, parameter)
    return prod(network.sizes[(parameter.layer or 0) + 1 : layer + 2])


@dataclass(frozen=True)
class _Tail:
    """dE/d(symbol), without the deltas of a layer and with them."""

    unfolded: Expression
    folded: Expression


def _fold(derivation: Derivation, account: Provenance, symbol: Symbol, layer: int) -> _Tail:
    if symbol.letter == "z" and symbol.layer == layer:
        behind = delta_terms(derivation, layer, symbol.indices[0]).product
        return _Tail(behind, account.named(Delta(layer, symbol.indices[0]), behind))
    unfolded, folded = [], []
    for target in following(derivation.network, symbol):
        tail, local = _fold(derivation, account, target, layer), Partial(target, symbol)
        # The very same object stands in both, so that it is known to be kept.
        unfolded.append(product(tail.unfolded, local))
        folded.append(product(tail.folded, local))
    return _Tail(total(tuple(unfolded)), total(tuple(folded)))

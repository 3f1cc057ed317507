"""Nesting a sum over paths: what several paths share is written once, behind the sum of what they do not.

    dE/dw = de1/da da/dz dz1/da · da/dz dz/dw + de2/da da/dz dz2/da · da/dz dz/dw     every path written out
          = (de1/da da/dz dz1/da + de2/da da/dz dz2/da) da/dz dz/dw                   nested

Source: Olah, Calculus on Computational Graphs: Backpropagation, 2015, "Factoring Paths".
"""

from __future__ import annotations

from dataclasses import dataclass

from bpmath.algebra import Derivative, Expression, Partial, product, total
from bpmath.derivation import Derivation
from bpmath.graph import too_many_paths
from bpmath.network_paths import count_paths, following
from bpmath.rewrites import Provenance, Rewrite
from bpmath.symbols import E, Symbol
from bpmath.trees import unshared

MOST_NESTED_PATHS = 1000
"""Sums over more paths than this are not written out."""


def nest(derivation: Derivation, parameter: Symbol, limit: int = MOST_NESTED_PATHS) -> Rewrite:
    """Return how the sum over all paths to a weight or bias becomes the nested sum of `path_sum`.

    sum over paths of p s  ->  (sum over paths of p) s.  A shared factor is merged from every path that has
    it.  Raises ValueError for what is no parameter, TooManyPaths when there are more paths than `limit`.
    """
    derivation.network.value(parameter)
    count = count_paths(derivation.network, parameter)
    if count > limit:
        raise too_many_paths(count, parameter, E, limit)
    account, lhs = Provenance(), unshared(Derivative(E, parameter))
    ways = _ways(derivation, account, parameter)
    written_out = total(tuple(product(*path) for path in ways.paths))
    before = derivation.equation(lhs, written_out)
    return account.rewrite(before, derivation.equation(lhs, product(*ways.nested)), "nest")


@dataclass(frozen=True)
class _Ways:
    """All ways from E to a quantity: the factors of each by itself, and of their nested sum."""

    paths: tuple[tuple[Partial, ...], ...]
    nested: tuple[Expression, ...]


def _ways(derivation: Derivation, account: Provenance, symbol: Symbol) -> _Ways:
    if symbol.letter == "e":
        return _Ways(((),), ())
    paths: list[tuple[Partial, ...]] = []
    branches: list[tuple[Expression, ...]] = []
    for target in following(derivation.network, symbol):
        behind = _ways(derivation, account, target)
        # Each path has a factor of its own for this edge; the nested sum has one for them all.
        local = [unshared(Partial(target, symbol)) for _ in behind.paths]
        paths += [(*path, factor) for path, factor in zip(behind.paths, local, strict=True)]
        branches.append((*behind.nested, account.merged(local)))
    if len(branches) == 1:
        return _Ways(tuple(paths), branches[0])
    return _Ways(tuple(paths), (total(tuple(product(*branch) for branch in branches)),))

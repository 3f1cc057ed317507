"""Rewrites: one statement becomes another, and every term of the second knows where it came from.

A `Rewrite` holds the two statements, both executed, and for each leaf of the second an `Origin`: the
leaves of the first that became it, and how.  The stage animates exactly this.

    kept          it stands there as before
    moved         it went into the cell of a matrix, or from one cell to another
    merged        several that are equal, or that have one name together, became it
    copied        it stands in two places now, where a product was multiplied out
    substituted   something of equal value took its place
    new           nothing became it: a row of ones
"""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from bpmath.algebra import Quantity
from bpmath.equations import TOLERANCE, Equation, FalseEquation
from bpmath.matrices import Cells, MatrixExpression, MatrixSymbol
from bpmath.matrix_equations import EquationSystem, Statement, Term
from bpmath.row_vectors import in_rows
from bpmath.symbols import Symbol
from bpmath.trees import Position, Tree, at, leaves, rebuilt, unshared, with_leaves


class Kind(StrEnum):
    """How a term came to stand where it stands."""

    KEPT = "kept"
    MOVED = "moved"
    COPIED = "copied"
    MERGED = "merged"
    SUBSTITUTED = "substituted"
    NEW = "new"


@dataclass(frozen=True)
class Origin:
    """The leaf at `after` in the second statement, and the leaves at `before` in the first that became it."""

    after: Position
    kind: Kind
    before: tuple[Position, ...] = ()


@dataclass(frozen=True)
class Rewrite:
    """before -> after, with the origin of every leaf of `after`, in the order of reading.

    `step` names what was done.  Raises FalseEquation when the value changes by more than 1e-9 relative, and
    ValueError when a leaf has no origin, or an origin is not there.
    """

    before: Statement
    after: Statement
    correspondence: tuple[Origin, ...]
    step: str = ""

    def __post_init__(self) -> None:
        self.check_value()
        self._check_origins()

    def check_value(self) -> None:
        """Compare the values of the two statements; FalseEquation when they differ."""
        old, new = np.asarray(self.before.value), np.asarray(self.after.value)
        if not np.allclose(np.squeeze(old), np.squeeze(new), rtol=TOLERANCE, atol=0):
            raise FalseEquation(f"the rewrite {self.step!r} changes the value from {old} to {new}")

    def _check_origins(self) -> None:
        expected = [leaf.position for leaf in leaves(self.after)]
        if [origin.after for origin in self.correspondence] != expected:
            raise ValueError(f"correspondence: it must name the {len(expected)} leaves of `after` in order")
        for origin in self.correspondence:
            if bool(origin.before) == (origin.kind is Kind.NEW):
                raise ValueError(
                    f"correspondence: the leaf at {origin.after} is {origin.kind}, from {origin.before}"
                )
            for position in origin.before:
                at(self.before, position)

    @property
    def equation(self) -> Equation:
        """What is reached, where it is a single scalar equation; TypeError otherwise."""
        if not isinstance(self.after, Equation):
            raise TypeError(f"after: it is a {type(self.after).__name__}, not a single scalar equation")
        return self.after

    def origin(self, position: Position) -> Origin:
        """Return the origin of the leaf at a position of `after`; ValueError when no leaf stands there."""
        for origin in self.correspondence:
            if origin.after == position:
                return origin
        raise ValueError(f"position: no leaf stands at {position} in the rewritten equation")

    def then(self, next: Rewrite) -> Rewrite:
        """Return this and the next rewrite as one; ValueError when the next begins somewhere else."""
        if next.before != self.after:
            raise ValueError(f"next: {next.step!r} does not begin with what {self.step!r} ends with")
        earlier = {origin.after: origin for origin in self.correspondence}
        return Rewrite(
            self.before,
            next.after,
            tuple(_composed(origin, earlier) for origin in next.correspondence),
            f"{self.step}, {next.step}",
        )

    def in_rows(self) -> Rewrite:
        """Return the same rewrite with vectors in rows: both statements, every origin in its new place."""
        old, new = row_places(self.before), row_places(self.after)
        origins = [
            Origin(new[origin.after], origin.kind, tuple(old[position] for position in origin.before))
            for origin in self.correspondence
        ]
        origins.sort(key=lambda origin: origin.after)
        return Rewrite(_in_rows(self.before), _in_rows(self.after), tuple(origins), self.step)

    def gone(self) -> tuple[Position, ...]:
        """Return the leaves of `before` that no leaf of `after` came from."""
        used = {position for origin in self.correspondence for position in origin.before}
        return tuple(leaf.position for leaf in leaves(self.before) if leaf.position not in used)


def _composed(origin: Origin, earlier: Mapping[Position, Origin]) -> Origin:
    """Return where a leaf came from two steps ago; what changed it more says how."""
    through = [earlier[position] for position in origin.before]
    before = tuple(dict.fromkeys(position for source in through for position in source.before))
    if not before:
        return Origin(origin.after, Kind.NEW)
    kinds = [origin.kind, *(source.kind for source in through if source.kind is not Kind.NEW)]
    return Origin(origin.after, max(kinds, key=list(Kind).index), before)


def _in_rows(statement: Statement) -> Statement:
    return statement if isinstance(statement, Equation) else statement.in_rows()


def row_places(statement: Statement) -> dict[Position, Position]:
    """Return where each leaf of a statement stands when its vectors lie in rows, by where it stands now."""
    match statement:
        case Equation():
            return {leaf.position: leaf.position for leaf in leaves(statement)}
        case EquationSystem(rows=rows):
            height, width = len(rows), len(rows[0])
            moved = {i * width + j: j * height + i for i in range(height) for j in range(width)}
            return {
                leaf.position: (moved[leaf.position[0]], *leaf.position[1:]) for leaf in leaves(statement)
            }
    sides = (_row_places(side) for side in statement.operands)
    return {(index, *old): (index, *new) for index, side in enumerate(sides) for old, new in side.items()}


def _row_places(matrix: MatrixExpression) -> dict[Position, Position]:
    """Follow numbered stand-ins for the leaves through `in_rows`."""
    old = {leaf.position: f"leaf {number}" for number, leaf in enumerate(leaves(matrix))}
    names = iter(old.values())

    def number(leaf: Term) -> Term:
        if isinstance(leaf, MatrixExpression):
            return MatrixSymbol(next(names), None, leaf.shape)
        return Quantity(Symbol(next(names)))

    new = {_stand_in(leaf.term): leaf.position for leaf in leaves(in_rows(with_leaves(matrix, number)))}
    return {position: new[name] for position, name in old.items()}


def _stand_in(leaf: Term) -> str:
    assert isinstance(leaf, MatrixSymbol | Quantity)
    return leaf.letter if isinstance(leaf, MatrixSymbol) else leaf.symbol.letter


class Provenance:
    """Keeps account, while an equation is rewritten, of which leaves became which.

    A leaf that is used again, the very object, is kept or moved; every other is made by one of the methods.
    """

    def __init__(self) -> None:
        # The old leaves are kept alive with their identities: an id may be given out again after its object.
        self._sources: dict[int, tuple[Kind, tuple[Term, ...]]] = {}
        self._alive: list[Term] = []

    def _record(self, leaf: Tree, kind: Kind, sources: Sequence[Term]) -> Tree:
        fresh = copy.copy(leaf)
        self._sources[id(fresh)] = (kind, tuple(sources))
        self._alive += [fresh, *sources]
        return fresh

    def new(self, leaf: Tree) -> Tree:
        """Return the leaf, recorded as coming from nothing."""
        return self._record(leaf, Kind.NEW, ())

    def named(self, leaf: Tree, *wholes: Term) -> Tree:
        """Return the leaf, recorded as the one name of all the leaves of `wholes`."""
        return self._record(leaf, Kind.MERGED, [part.term for whole in wholes for part in leaves(whole)])

    def merged(self, equal: Sequence[Tree]) -> Tree:
        """Return one expression for several equal ones, each leaf recorded as coming from all its likes."""
        if len(equal) == 1:
            return equal[0]
        first = equal[0]
        if not first.operands:
            return self._record(first, Kind.MERGED, equal)
        likes = zip(*(each.operands for each in equal), strict=True)
        return rebuilt(first, tuple(self.merged(like) for like in likes))

    def copied(self, leaf: Tree) -> Tree:
        """Return the leaf a second time, recorded as a copy of it."""
        return self._record(leaf, Kind.COPIED, [leaf])

    def substituted(self, by: Tree, *replaced: Term) -> Tree:
        """Return `by`, every leaf recorded as having taken the place of all the leaves of `replaced`."""
        sources = [part.term for whole in replaced for part in leaves(whole)]
        return self._each(unshared(by), sources)

    def _each(self, term: Tree, sources: Sequence[Term]) -> Tree:
        if not term.operands:
            return self._record(term, Kind.SUBSTITUTED, sources)
        return rebuilt(term, tuple(self._each(operand, sources) for operand in term.operands))

    def rewrite(self, before: Statement, after: Statement, step: str) -> Rewrite:
        """Return the rewrite, its correspondence read off the account."""
        places = {id(part.term): part.position for part in leaves(before)}
        origins = tuple(
            self._origin(part.term, part.position, places, before, after) for part in leaves(after)
        )
        return Rewrite(before, after, origins, step)

    def _origin(
        self, leaf: Term, position: Position, places: dict[int, Position], before: Statement, after: Statement
    ) -> Origin:
        if id(leaf) in self._sources:
            kind, sources = self._sources[id(leaf)]
            return Origin(position, kind, tuple(places[id(source)] for source in sources))
        if id(leaf) not in places:
            raise ValueError(f"correspondence: nothing is known of where {leaf} at {position} comes from")
        old = places[id(leaf)]
        still = _home(before, old) == _home(after, position)
        return Origin(position, Kind.KEPT if still else Kind.MOVED, (old,))


def _home(statement: Statement, position: Position) -> tuple[Cells, int] | None:
    """Return the innermost written-out matrix around a leaf and the number of its cell, if it is in one."""
    home = None
    for depth in range(1, len(position)):
        around = at(statement, position[:depth])
        if isinstance(around, Cells):
            home = (around, position[depth])
    return home

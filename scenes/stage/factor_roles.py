"""The colours of named matrices: those of the derivatives that they took the places of."""

from __future__ import annotations

from collections.abc import Mapping

from bpmath.matrices import MatrixDerivative, MatrixSymbol
from bpmath.matrix_algebra import Entrywise, Transpose
from bpmath.matrix_equations import Statement
from bpmath.matrix_equations import Term as AnyTerm
from bpmath.rewrites import Rewrite
from bpmath.trees import Position, parts
from scenes.stage.formula import Formula, lying
from scenes.stage.theme import Role


def factor_roles(what: Statement | AnyTerm, notation: str) -> dict[Position, Role]:
    """Return the colours of the factors of a matrix equation, at their places in a notation.

    W^T stands for dz/da, a^T for dz/dW, f'(z) for da/dz, and dE/da is what the loss gives.
    """
    roles: dict[Position, Role] = {}
    for part in parts(lying(what, notation)):
        position, term = part.position, part.term
        if isinstance(term, Entrywise):
            roles |= {position: Role.ACTIVATION_DERIVATIVE, (*position, 0): Role.ACTIVATION_DERIVATIVE}
        elif isinstance(term, Transpose) and isinstance(term.of, MatrixSymbol):
            role = Role.WEIGHT_DERIVATIVE if term.of.letter == "W" else Role.INPUT_DERIVATIVE
            roles |= {position: role, (*position, 0): role}
        elif isinstance(term, MatrixDerivative) and term.wrt.letter in "ax":
            roles[position] = Role.LOSS_DERIVATIVE
    return roles


def roles_of_values(rewrite: Rewrite, before: Formula) -> dict[Position, Role]:
    """Return the colours of the values that took the places of terms: those of the terms.

    A value that stands for several terms of different colours has none.
    """
    roles: Mapping[Position, set[Role | None]] = {
        origin.after: {before.role_at(position) for position in origin.before}
        for origin in rewrite.correspondence
    }
    return {after: role for after, (role, *others) in roles.items() if role is not None and not others}

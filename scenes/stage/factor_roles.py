"""The colours of derivatives in networks, and of the named matrices that take their places."""

from __future__ import annotations

from collections.abc import Mapping

from bpmath.algebra import Derivative, Partial
from bpmath.matrices import MatrixDerivative, MatrixSymbol
from bpmath.matrix_algebra import Entrywise, Transpose
from bpmath.matrix_equations import Statement
from bpmath.matrix_equations import Term as AnyTerm
from bpmath.rewrites import Rewrite
from bpmath.symbols import Symbol
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


def role_in_networks(term: AnyTerm) -> Role | None:
    """Return the role that a derivative has in a network of single gates, where it has one there.

    Between a product and its weight stands the input, between it and the input the weight.
    """
    match term:
        case Partial(of=Symbol(letter="v"), wrt=Symbol(letter="w")):
            return Role.INPUT_DERIVATIVE
        case Partial(of=Symbol(letter="v")):
            return Role.WEIGHT_DERIVATIVE
        case Partial(of=Symbol(letter="a"), wrt=Symbol(letter="z")):
            return Role.ACTIVATION_DERIVATIVE
        case Derivative(wrt=Symbol(letter="z")):
            return Role.DELTA
        case Derivative(wrt=Symbol(letter="w" | "b")):
            return Role.TARGET
        case Derivative(wrt=Symbol(letter="a" | "x")):
            return Role.LOSS_DERIVATIVE
        case _:
            return None


def roles_of_values(rewrite: Rewrite, before: Formula) -> dict[Position, Role]:
    """Return the colours of the values that took the places of terms: those of the terms.

    A value that stands for several terms of different colours has none.
    """
    roles: Mapping[Position, set[Role | None]] = {
        origin.after: {before.role_at(position) for position in origin.before}
        for origin in rewrite.correspondence
    }
    return {after: role for after, (role, *others) in roles.items() if role is not None and not others}

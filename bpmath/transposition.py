"""From columns to rows: the same statement with every vector lying, and where each of its terms went.

What you can do here: `transposition(equation)` turns both sides of a matrix equation over their diagonals::

    z = W a + b             becomes   z = a W + b
    delta = W^T delta * s   becomes   delta = delta W^T * s

with W, a, ... on the right for W^T, a^T, ... of the left, as `bpmath.row_vectors` explains.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bpmath.equations import TOLERANCE, FalseEquation
from bpmath.matrix_equations import MatrixEquation
from bpmath.rewrites import Kind, Origin, Rewrite, row_places


@dataclass(frozen=True)
class Transposition(Rewrite):
    """An equation of columns -> the same of rows: every leaf moves, and the value is transposed.

    Raises FalseEquation when the value of `after` is not the transpose of that of `before`.
    """

    def check_value(self) -> None:
        """Compare the value with the transpose of what it was."""
        old, new = np.asarray(self.before.value), np.asarray(self.after.value)
        if old.T.shape != new.shape or not np.allclose(old.T, new, rtol=TOLERANCE, atol=0):
            raise FalseEquation(f"the rewrite {self.step!r} makes {new} of {old}, which is not its transpose")


def transposition(equation: MatrixEquation) -> Transposition:
    """Return an equation of columns beside the same of rows, and where each of its terms went.

    An equation that lies in rows already is turned into one of columns.
    Source: (A B)^T = B^T A^T; Golub & Van Loan, Matrix Computations, 2013, section 1.1.
    """
    places = row_places(equation)
    origins = (Origin(new, Kind.MOVED, (old,)) for old, new in places.items())
    ordered = tuple(sorted(origins, key=lambda origin: origin.after))
    return Transposition(equation, equation.in_rows(), ordered, "lie in rows")

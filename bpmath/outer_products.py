"""The outer product of a layer's gradient in two steps: first the inputs take their places, then they merge.

    (delta 1^T) * [dz_k/dw_kj]  =  (delta 1^T) * [a_j]  =  delta a^T

In between one sees that all rows of the inputs are alike, as all columns of the repeated deltas are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bpmath.algebra import Expression
from bpmath.matrices import Cells
from bpmath.matrix_algebra import Hadamard, MatrixProduct, Transpose
from bpmath.matrix_equations import MatrixEquation
from bpmath.rewrites import Provenance, Rewrite


@dataclass(frozen=True)
class OuterSteps:
    """The inputs taking the places of dz/dw, and the outer product that they then make."""

    inputs: Rewrite
    outer: Rewrite


def inputs_first(rewrite: Rewrite) -> OuterSteps:
    """Return the step "outer" of a grouping of weights as two: dz_k/dw_kj = a_j, then delta a^T.

    The rewrite is in columns.  ValueError for any other.
    """
    before, after = rewrite.before, rewrite.after
    if not isinstance(before, MatrixEquation) or not isinstance(after, MatrixEquation):
        raise ValueError(_no_outer(rewrite))
    product, result = before.rhs, after.rhs
    if not isinstance(product, Hadamard) or not isinstance(result, MatrixProduct):
        raise ValueError(_no_outer(rewrite))
    delta, column = result.factors[0], result.factors[-1]
    local, front = product.factors[-1], product.factors[:-1]
    if not isinstance(column, Transpose) or not isinstance(local, Cells):
        raise ValueError(_no_outer(rewrite))
    places, merging = Provenance(), Provenance()
    rows = tuple(_substituted(row, column, places) for row in local.rows)
    between = MatrixEquation(before.lhs, Hadamard((*front, Cells(rows))), before.values)
    merged = Cells(tuple((merging.merged(likes),) for likes in zip(*rows, strict=True)))
    whole = MatrixEquation(after.lhs, MatrixProduct((delta, Transpose(merged))), after.values)
    return OuterSteps(
        places.rewrite(before, between, "inputs"), merging.rewrite(between, whole, rewrite.step)
    )


def _substituted(row: Sequence[Expression], inputs: Transpose, places: Provenance) -> tuple[Expression, ...]:
    """Return a row of dz/dw with the inputs in their places."""
    return tuple(places.substituted(inputs.entry(1, j), local) for j, local in enumerate(row, 1))


def _no_outer(rewrite: Rewrite) -> str:
    return f"rewrite: {rewrite.step!r} does not make an outer product of cells; the step 'outer' does"

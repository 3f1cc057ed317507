"""How an expression is written: in one of several textbooks' conventions, in Typst, LaTeX or text.

What you can do here: `write(equation, "typst")` gives the source of an equation or an expression, scalars or
matrices; `write(equation, "latex", "nielsen")` the same as Nielsen prints it (`bpmath.conventions` tells
what differs); `number(0.0743219, "text")` a number with three significant digits.  A `mark` sees every piece
as it is written, with its place, so that a stage can find the glyphs of each term again.
"""

from __future__ import annotations

from collections.abc import Mapping

from bpmath.algebra import Expression
from bpmath.conventions import CONVENTIONS, Naming
from bpmath.equations import Equation
from bpmath.languages import LANGUAGES
from bpmath.matrices import MatrixExpression
from bpmath.matrix_equations import EquationSystem, MatrixEquation
from bpmath.matrix_writing import MatrixWriter
from bpmath.row_vectors import in_rows, lies_in_rows
from bpmath.symbols import Symbol
from bpmath.writing import SIGNIFICANT_DIGITS, Mark, Place, choose, number, unmarked

__all__ = ["NOTATIONS", "SIGNIFICANT_DIGITS", "Mark", "Place", "Writable", "number", "write"]

NOTATIONS = tuple(CONVENTIONS)
LEAST_MATRIX = 3
Writable = Equation | MatrixEquation | EquationSystem | Expression | MatrixExpression | Symbol


def write(
    what: Writable,
    language: str = "text",
    notation: str = "article",
    *,
    mark: Mark = unmarked,
    spacious: bool = False,
    longest_sum: int | None = None,
    longest_matrix: int | None = None,
    layers: Mapping[int, str] | None = None,
) -> str:
    """Return the source of an equation, a system of equations, an expression or a symbol.

    `spacious` sets products wide apart; a sum of more than `longest_sum` terms shows an ellipsis, and so
    does a matrix with more than `longest_matrix` rows or columns.  `layers` has names for the numbers of
    layers: with {2: "l"}, layer 3 is written l+1; the input is x unless layer 0 has a name.

    Matrices are written as they lie in the notation's convention: in "row", vectors in rows.  What is written
    then is `in_rows` of what is given (unless it lies in rows already), and the places are those in there.
    Raises ValueError for an unknown language or notation, and for a name that no layer can have.
    """
    choose("language", language, LANGUAGES)
    convention = CONVENTIONS[choose("notation", notation, NOTATIONS)]
    if longest_matrix is not None and longest_matrix < LEAST_MATRIX:
        raise ValueError(
            f"longest_matrix is {longest_matrix}, but must be at least {LEAST_MATRIX}: "
            "the first row, an ellipsis and the last"
        )
    naming = Naming(convention, dict(layers or {}))
    writer = MatrixWriter(language, naming, mark, spacious, longest_sum, longest_matrix)
    match what:
        case Symbol():
            return mark(Place(), writer.symbol(what))
        case Equation():
            return writer.equation(what.lhs, what.rhs)
        case EquationSystem():
            return writer.system(what)
        case MatrixEquation(lhs=lhs, rhs=rhs):
            if what.lies_in_rows != convention.vectors_in_rows:
                lhs, rhs = in_rows(lhs), in_rows(rhs)
            return writer.equation(lhs, rhs)
        case MatrixExpression() if lies_in_rows(what) != convention.vectors_in_rows:
            return writer.expression(in_rows(what), ())
    return writer.expression(what, ())

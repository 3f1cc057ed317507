"""Writing matrix expressions, equations and systems of equations; `notation.write` is the way in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bpmath.matrices import Cells, MatrixDerivative, MatrixExpression, MatrixSymbol, Ones
from bpmath.matrix_algebra import (
    Diagonal,
    Entrywise,
    Hadamard,
    MatrixNegative,
    MatrixProduct,
    MatrixSum,
    Transpose,
)
from bpmath.matrix_equations import EquationSystem
from bpmath.spelling import Name, Sides
from bpmath.writing import ATOM, POWER, PRODUCT, SUM, ExpressionWriter, Place, Position, Term, shown


@dataclass(frozen=True)
class MatrixWriter(ExpressionWriter):
    """Writes whatever can be written."""

    longest_matrix: int | None

    def equation(self, lhs: Term, rhs: Term) -> str:
        """Return lhs = rhs."""
        sides = self._sides(lhs, rhs, ())
        return self.language.join([sides.left, sides.equals, sides.right])

    def _sides(self, lhs: Term, rhs: Term, position: Position) -> Sides:
        sign = self.language.wide_equals if self.spacious else self.language.equals
        left, right = self.expression(lhs, (*position, 0)), self.expression(rhs, (*position, 1))
        return Sides(left, self.mark(Place(position, "equals"), sign), right)

    def system(self, system: EquationSystem) -> str:
        """Return equations in rows and columns."""
        equations = system.operands
        grid = _Grid(len(system.rows), len(system.rows[0]), self.longest_matrix)
        return self.language.system(
            [
                [
                    Sides("", self._dots(cell, ()), "")
                    if cell.index is None
                    else self._sides(*equations[cell.index].operands, (cell.index,))
                    for cell in row
                ]
                for row in grid.cells()
            ]
        )

    def binding(self, expression: Term) -> int:
        match expression:
            case MatrixSum() | MatrixNegative():
                return SUM
            case MatrixProduct() | Hadamard():
                return PRODUCT
            case MatrixDerivative() | Transpose():
                return POWER
            case MatrixSymbol():
                return POWER if self.naming.matrix_name(expression).above else ATOM
        return super().binding(expression)

    def is_tall(self, expression: Term) -> bool:
        if isinstance(expression, Transpose) and self.binding(expression.of) < ATOM:
            return True
        return isinstance(expression, MatrixDerivative | Cells) or super().is_tall(expression)

    def bare(self, expression: Term, position: Position) -> str:
        match expression:
            case MatrixSymbol():
                return self.mark(Place(position), self._matrix_name(expression))
            case MatrixDerivative():
                return self._derivative(expression, position)
            case Ones():
                return self._ones(expression, position)
            case Cells():
                return self._cells(expression, position)
            case MatrixProduct(factors=factors) | Hadamard(factors=factors):
                return self._matrix_product(factors, position, type(expression))
            case MatrixSum(terms=terms):
                return self.sum(terms, position)
            case MatrixNegative(term=term):
                return self.negative(term, position)
            case Transpose(of=of):
                spelled = self.language.transpositions[self.naming.convention.transposition]
                sign = self.mark(Place(position, "transpose"), spelled)
                return self.language.transposed(self.expression(of, (*position, 0), ATOM), sign)
            case Entrywise(function=function, argument=argument):
                return self._function(function.name, argument, position)
            case Diagonal(vector=vector):
                return self._function("diag", vector, position)
        return super().bare(expression, position)

    def _matrix_name(self, matrix: MatrixSymbol) -> str:
        return self.language.name(self.naming.matrix_name(matrix))

    def _ones(self, ones: Ones, position: Position) -> str:
        spelled = self.language.name(Name("1", bold=True))
        lying, standing = ones.shape.columns > 1, ones.shape.rows > 1
        if standing if self.naming.convention.vectors_in_rows else lying:
            transposition = self.language.transpositions[self.naming.convention.transposition]
            spelled = self.language.transposed(spelled, transposition)
        return self.mark(Place(position), spelled)

    def _derivative(self, derivative: MatrixDerivative, position: Position) -> str:
        of, wrt = self.symbol(derivative.of), derivative.wrt
        if self.naming.convention.nabla and wrt.letter in ("a", "x"):
            name = self.language.name(self.naming.gradient_name(wrt))
            return self.mark(Place(position), self.language.gradient(of, name))
        return self.differentials(of, self._matrix_name(wrt), position)

    def _matrix_product(
        self, factors: Sequence[MatrixExpression], position: Position, kind: type[MatrixExpression]
    ) -> str:
        """Return a product of either kind; in each, a product of the other kind needs parentheses."""
        sign = self.language.wide_hadamard if self.spacious else self.language.hadamard
        pieces: list[str] = []
        for index, factor in enumerate(factors):
            if index and kind is Hadamard:
                pieces.append(self.mark(Place(position, f"times {index}"), sign))
            asked = PRODUCT if isinstance(factor, kind) else POWER
            pieces.append(self.expression(factor, (*position, index), asked))
        return self.language.join(pieces)

    def _function(self, name: str, argument: MatrixExpression, position: Position) -> str:
        # |A| and the root of A have other meanings for matrices, so these stay names.
        source = self.expression(argument, (*position, 0))
        return self.call(name, source, position, self.is_tall(argument))

    def _cells(self, matrix: Cells, position: Position) -> str:
        operands = matrix.operands
        grid = _Grid(matrix.shape.rows, matrix.shape.columns, self.longest_matrix)
        rows = [
            [
                self._dots(cell, position)
                if cell.index is None
                else self.expression(operands[cell.index], (*position, cell.index))
                for cell in row
            ]
            for row in grid.cells()
        ]
        opening = self.mark(Place(position, "open"), self.language.bracket_opening)
        closing = self.mark(Place(position, "close"), self.language.bracket_closing)
        return self.language.matrix(opening, rows, closing, any(map(self.is_tall, operands)))

    def _dots(self, cell: _Cell, position: Position) -> str:
        spelling = self.language
        dots = {"across": spelling.ellipsis, "down": spelling.vertical_ellipsis}
        source = dots.get(cell.dots, spelling.diagonal_ellipsis)
        return self.mark(Place(position, f"ellipsis {cell.row} {cell.column}"), source)


@dataclass(frozen=True)
class _Cell:
    """A place in a grid as it is shown, counted from 1: what stands there, or which way dots lead on."""

    row: int
    column: int
    index: int | None
    dots: str = ""


@dataclass(frozen=True)
class _Grid:
    rows: int
    columns: int
    longest: int | None

    def cells(self) -> list[list[_Cell]]:
        """Return the cells to show, row by row."""
        down, across = shown(self.rows, self.longest), shown(self.columns, self.longest)
        return [
            [self._cell(row, column, i, j) for column, j in enumerate(across, 1)]
            for row, i in enumerate(down, 1)
        ]

    def _cell(self, row: int, column: int, i: int | None, j: int | None) -> _Cell:
        if i is not None and j is not None:
            return _Cell(row, column, i * self.columns + j)
        dots = "across" if i is not None else "down" if j is not None else "diagonal"
        return _Cell(row, column, None, dots)

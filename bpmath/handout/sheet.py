"""A sheet that a derivation is written on: sentences from the catalogue, equations with running numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from string import Formatter

from bpmath.algebra import Expression, Number
from bpmath.derivation import Derivation
from bpmath.equations import Equation
from bpmath.handout.blocks import Block, Display, Formula, Heading, Line, Paragraph, Table, Text
from bpmath.handout.numbers import numeric_equations, with_numbers
from bpmath.handout.words import WORDS
from bpmath.matrices import MatrixExpression
from bpmath.matrix_equations import EquationSystem, MatrixEquation, Statement
from bpmath.symbols import Symbol
from bpmath.writing import choose

Said = str | int | Formula | Symbol | Expression | MatrixExpression
MOST_LINES = 6
"""Of a system of more equations than this, the first ones and the last are shown."""

MOST_LAYERS = 8
ENDS = 3
"""Of more than MOST_LAYERS layers the first three and the last three are written out."""

MOST_ERRORS = 10
"""A sum over so many errors is written out: of one-hot targets all but one may be 0."""


class Sheet:
    """Collects the blocks of a document about one derivation."""

    def __init__(self, derivation: Derivation, notation: str, language: str) -> None:
        self.derivation, self.notation = derivation, notation
        self.words = WORDS[choose("language", language, WORDS)]
        self.blocks: list[Block] = []
        self.equations = 0

    @property
    def layers(self) -> tuple[int, ...]:
        """The layers that are written out: all, or the first ones and the last of a deep network."""
        every = tuple(range(1, self.derivation.network.layers + 1))
        return every if len(every) <= MOST_LAYERS else every[:ENDS] + every[-ENDS:]

    def text(self, key: str, **values: Said) -> Text:
        """Return a sentence of the catalogue, its {placeholders} filled; "key.one" is for a count of 1."""
        if values.get("count") == 1 and f"{key}.one" in self.words:
            key = f"{key}.one"
        parts: list[str | Formula] = []
        for words, name, _, _ in Formatter().parse(self.words[key]):
            parts += [words] if words else []
            parts += [_said(values[name])] if name else []
        return tuple(parts)

    def listed(self, values: Iterable[int]) -> str:
        """Return numbers as a list in running text."""
        return self.words["comma"].join(map(str, values))

    def section(self, key: str, **values: Said) -> None:
        """Begin a section."""
        self.blocks.append(Heading(1, self.text(key, **values)))

    def part(self, key: str, **values: Said) -> None:
        """Begin a part of a section."""
        self.blocks.append(Heading(2, self.text(key, **values)))

    def say(self, *keys: str, **values: Said) -> None:
        """Add a paragraph of sentences."""
        sentences = [self.text(key, **values) for key in keys]
        spaced = [part for sentence in sentences for part in (*sentence, self.words["space"])]
        self.blocks.append(Paragraph(tuple(spaced[:-1])))

    def table(self, columns: Sequence[str], rows: Iterable[Sequence[Said]]) -> None:
        """Add a table, its header from the catalogue."""
        cells = tuple(tuple((_said(cell),) for cell in row) for row in rows)
        self.blocks.append(Table(tuple(self.text(column) for column in columns), cells))

    def lines(self, lines: Sequence[Line]) -> None:
        """Add lines of equations under one number."""
        self.equations += 1
        self.blocks.append(Display(self.equations, tuple(lines)))

    def number(self, value: float) -> Formula:
        """Return a number as a formula."""
        return Formula(Number(value))

    # -- equations, all executed --------------------------------------------------------------------

    def show(self, statement: Statement, **size: int | None) -> None:
        """Add a statement: an equation, or a system of them line by line."""
        self.lines(statement_lines(statement, **size))

    def chain(self, equation: Equation, **size: int | None) -> None:
        """Add an equation, the same with the number of everything in it, and its value."""
        self.lines(self.chain_lines(equation, **size))

    def chain_lines(self, equation: Equation, **size: int | None) -> list[Line]:
        """Return left = right, = the numbers of the right, = the value, each executed."""
        lhs, value = equation.lhs, Number(equation.value)
        rights: list[Expression] = [equation.rhs]
        numbers = with_numbers(equation.rhs, equation.values)
        if not isinstance(numbers, Number) and numbers != equation.rhs:
            rights.append(Equation(lhs, numbers, equation.values).rhs)
        # A number that stands in the equation already is not said twice.
        if equation.rhs != value:
            rights.append(Equation(lhs, value, equation.values).rhs)
        first, *rest = (Line(None, (Formula(right, **size),)) for right in rights)  # type: ignore[arg-type]
        return [Line(Formula(lhs), first.rights), *rest]

    def named(self, left: MatrixExpression, right: MatrixExpression) -> None:
        """Add left = right in names, in numbers, and its value."""
        values = self.derivation.values
        rights = [MatrixEquation(left, right, values).rhs, *numeric_equations(left, right, values)]
        first, *rest = (Line(None, (Formula(side),)) for side in rights)
        self.lines([Line(Formula(left), first.rights), *rest])


def statement_lines(statement: Statement, **size: int | None) -> list[Line]:
    """Return the lines of a statement; of a long system the first ones and the last."""
    if isinstance(statement, EquationSystem):
        found = [_line(equation, **size) for equation in statement.operands]
        return [*found[: MOST_LINES - 2], Line(None), found[-1]] if len(found) > MOST_LINES else found
    return [_line(statement, **size)]


def _line(equation: Equation | MatrixEquation, **size: int | None) -> Line:
    left, right = (Formula(side, **size) for side in equation.operands)  # type: ignore[arg-type]
    return Line(left, (right,))


def _said(value: Said) -> str | Formula:
    match value:
        case str() | Formula():
            return value
        case int():
            return f"{value:,}"
    return Formula(value)

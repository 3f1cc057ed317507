"""Formulas that answer to bpmath terms: `formula.term(Partial(e(1), a(3, 1)))` is a group of glyphs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Self, TypeVar

import numpy as np
from manim import DOWN, RIGHT, UP, VGroup

from bpmath.algebra import Delta, Derivative, Partial, Quantity, Values
from bpmath.conventions import CONVENTIONS
from bpmath.equations import Equation
from bpmath.matrices import MatrixDerivative, MatrixSymbol
from bpmath.matrix_equations import MatrixEquation, Statement
from bpmath.matrix_equations import Term as AnyTerm
from bpmath.notation import Place, number, write
from bpmath.symbols import Symbol
from bpmath.trees import Position, parts
from scenes.stage.kept import Kept
from scenes.stage.layout import LEAST_EQUATION_SIZE, NUMBER_GAP, NUMBER_SHARE, NUMBER_SIZE
from scenes.stage.theme import Role, Theme
from scenes.stage.typeset import UNMARKED, Typeset, set_mathematics

_EDGE_ROLES = {
    ("E", "e"): Role.ERROR_DERIVATIVE,
    ("e", "a"): Role.LOSS_DERIVATIVE,
    ("a", "z"): Role.ACTIVATION_DERIVATIVE,
    ("z", "a"): Role.WEIGHT_DERIVATIVE,
    ("z", "x"): Role.WEIGHT_DERIVATIVE,
    ("z", "w"): Role.INPUT_DERIVATIVE,
    ("z", "b"): Role.INPUT_DERIVATIVE,
}


_SIGNS = (
    *("equals", "plus", "times", "open", "close", "minus"),
    *("ellipsis", "function", "comma", "transpose"),
)
EPSILON = 1e-6


def _is_sign(place: Place) -> bool:
    return place.part.startswith(_SIGNS)


def role_of(expression: AnyTerm) -> Role | None:
    """Return the role whose colour a term has everywhere, on the board and on the map."""
    match expression:
        case Partial(of=of, wrt=wrt):
            return _EDGE_ROLES.get((of.letter, wrt.letter), Role.INK)
        case Derivative(wrt=wrt) if wrt.letter in ("w", "b"):
            return Role.TARGET
        case Delta() | Quantity(symbol=Symbol(letter="delta")) | MatrixSymbol(letter="delta"):
            return Role.DELTA
        case MatrixDerivative(wrt=MatrixSymbol(letter="W" | "b")):
            return Role.TARGET
        case _:
            return None


def lying(what: Statement | AnyTerm, notation: str) -> Statement | AnyTerm:
    """Return a matrix equation with its vectors as the notation lays them, in columns or in rows."""
    in_rows = CONVENTIONS[notation].vectors_in_rows
    if isinstance(what, MatrixEquation) and what.lies_in_rows != in_rows:
        return what.in_rows()
    return what


Term = TypeVar("Term", bound=AnyTerm)


@dataclass(frozen=True)
class Written(Generic[Term]):
    """A term, and where it stands in a formula."""

    position: tuple[int, ...]
    term: Term


@dataclass(frozen=True, eq=False)
class Source:
    """What a formula writes, in how many glyphs and which colours, with ellipses and names of layers."""

    what: Statement | AnyTerm
    glyphs: int
    roles: Mapping[Position, Role]
    longest_sum: int | None = None
    longest_matrix: int | None = None
    layers: Mapping[int, str] | None = None


class Formula(Typeset):
    """An equation, an expression or a symbol, typeset, in the colours of its terms' roles.

    `roles` overrides the role of single terms, `roles_at` of those in single places.
    `term`, `part` and `sign` select glyphs: the very objects, not copies.
    """

    def __init__(
        self,
        what: Statement | AnyTerm | Symbol,
        theme: Theme,
        size: float,
        *,
        notation: str = "article",
        spacious: bool = False,
        longest_sum: int | None = None,
        longest_matrix: int | None = None,
        layers: Mapping[int, str] | None = None,
        roles: Mapping[AnyTerm, Role] | None = None,
        roles_at: Mapping[Position, Role] | None = None,
    ) -> None:
        written = Quantity(what) if isinstance(what, Symbol) else lying(what, notation)
        typeset = set_mathematics(
            lambda mark: write(
                written,
                "typst",
                notation,
                mark=mark,
                spacious=spacious,
                longest_sum=longest_sum,
                longest_matrix=longest_matrix,
                layers=layers,
            ),
            size,
            theme[Role.INK],
        )
        super().__init__(typeset.glyphs, size)
        self._kept = Kept((written, theme))
        self.notation = notation
        self._kept_positions = Kept([(part.position, part.term) for part in parts(self.what)])
        self._kept_roles = Kept(dict[Position, Role]())
        self._colour(dict(roles or {}), dict(roles_at or {}))
        source = Kept(Source(written, len(self.glyphs), self._roles, longest_sum, longest_matrix, layers))
        for glyph in self.glyphs:
            glyph.source = source

    def as_label(self) -> Self:
        """Say that this only labels something: it is not told among the equations that stand there."""
        for glyph in self.glyphs:
            glyph.source = None
        return self

    @property
    def what(self) -> Statement | AnyTerm:
        """What is written."""
        return self._kept.thing[0]

    @property
    def equation(self) -> Equation:
        """The equation that is written; TypeError when it is only an expression."""
        if not isinstance(self.what, Equation):
            raise TypeError(f"formula: {self.what} is no equation")
        return self.what

    @property
    def theme(self) -> Theme:
        """The colours that it is written in."""
        return self._kept.thing[1]

    @property
    def positions(self) -> list[tuple[tuple[int, ...], AnyTerm]]:
        """Every expression inside with its position, in the order of reading."""
        return self._kept_positions.thing

    @property
    def _roles(self) -> dict[Position, Role]:
        return self._kept_roles.thing

    def role_at(self, position: Position) -> Role | None:
        """Return the role in whose colour the term at a position is written, None for that of ink."""
        return self._roles.get(position)

    def _colour(self, roles: Mapping[AnyTerm, Role], roles_at: Mapping[Position, Role]) -> None:
        for position, expression in self.positions:
            role = roles_at.get(position) or roles.get(expression) or role_of(expression)
            if role is not None:
                self.at(position).set_fill(self.theme[role])
                self._roles[position] = role

    def at(self, position: tuple[int, ...]) -> VGroup:
        """Return the glyphs of the expression at a position, with all that is inside it."""
        return self.select(lambda place: place != UNMARKED and place.position[: len(position)] == position)

    def position(self, term: AnyTerm | Symbol, occurrence: int = 0) -> tuple[int, ...]:
        """Return where a term stands; ValueError when it does not stand there (often enough)."""
        wanted = Quantity(term) if isinstance(term, Symbol) else term
        found = [position for position, expression in self.positions if expression == wanted]
        if occurrence >= len(found):
            raise ValueError(
                f"term: {wanted} stands {len(found)} times in this formula, so not at {occurrence}"
            )
        return found[occurrence]

    def term(self, term: AnyTerm | Symbol, occurrence: int = 0) -> VGroup:
        """Return the glyphs of a term; ValueError when it is not written."""
        glyphs = self.at(self.position(term, occurrence))
        if not len(glyphs):
            raise ValueError(f"term: {term} is behind the ellipsis in this formula")
        return glyphs

    def part(self, term: AnyTerm | Symbol, part: str, occurrence: int = 0) -> VGroup:
        """Return one part of a term: "numerator", "denominator", "bar", "times 1", "plus 1", "open"."""
        position = self.position(term, occurrence)
        return self.select(lambda place: place == Place(position, part))

    def sign(self, position: Position, part: str) -> VGroup:
        """Return the glyphs of one part at a position, such as the "open" bracket of a matrix."""
        return self.select(lambda place: place == Place(position, part))

    @property
    def is_elided(self) -> bool:
        """Whether an ellipsis stands for some of its terms."""
        return any(glyph.place.part.startswith("ellipsis") for glyph in self.glyphs)

    @property
    def equals(self) -> VGroup:
        """The equals sign of an equation."""
        return self.select(lambda place: place == Place((), "equals"))

    def signs(self) -> VGroup:
        """Return all signs: equals, plus, times, parentheses, the names of functions."""
        return self.select(_is_sign)

    def signs_up_to(self, position: tuple[int, ...]) -> VGroup:
        """Return the signs of the right-hand side between a term and the term that is written before it."""
        terms = [p for p, expression in self.positions if not expression.operands and len(self.at(p))]
        if position not in terms:
            raise ValueError(f"position: {position} is no term without parts that is written in this formula")
        before = [self.at(p).get_right()[0] for p in terms[: terms.index(position)]]
        start, end = max(before, default=-np.inf), self.at(position).get_left()[0]
        signs = (sign for sign in self.glyphs if _is_sign(sign.place) and sign.place != Place((), "equals"))
        return VGroup(*(sign for sign in signs if start - EPSILON < sign.get_x() < end + EPSILON))

    def written(self, kind: type[Term]) -> list[Written[Term]]:
        """Return the terms of a kind that stand in the formula, not behind an ellipsis."""
        return [
            Written(position, term)
            for position, term in self.positions
            if isinstance(term, kind) and len(self.at(position))
        ]

    def leaves(self) -> list[Written[Any]]:
        """Return the terms without parts that stand in the formula, in the order of reading."""
        return [
            Written(position, term)
            for position, term in self.positions
            if not term.operands and len(self.at(position))
        ]

    def number_below(self, written: Written[Any], values: Values) -> Typeset:
        """Return the value of a term on a trace, in the term's colour, below it and below the formula."""
        glyphs, size = self.at(written.position), min(NUMBER_SIZE, NUMBER_SHARE * self.font_size)
        value = number_mobject(written.term.evaluate(values), glyphs[0].get_fill_color().to_hex(), size)
        return value.next_to(self, DOWN, buff=NUMBER_GAP).set_x(glyphs.get_x())


def number_mobject(value: float, colour: str, size: float = NUMBER_SIZE) -> Typeset:
    """Return a number with three significant digits."""
    return set_mathematics(lambda mark: mark(Place(), number(value, "typst")), size, colour)


def in_line(formulas: Sequence[Formula], gap: float) -> VGroup:
    """Set equations side by side, their equals signs at one height, and return them as a group."""
    row = VGroup(*formulas).arrange(RIGHT, buff=gap)
    for formula in formulas:
        formula.shift(UP * (formulas[0].equals.get_y() - formula.equals.get_y()))
    return row


def fits(formula: Typeset, width: float, height: float, least_size: float = LEAST_EQUATION_SIZE) -> bool:
    """Tell whether a formula fits into width and height without coming out under the least font size."""
    return formula.font_size * min(width / formula.width, height / formula.height) >= least_size


def fit(formula: Typeset, width: float, height: float, least_size: float = LEAST_EQUATION_SIZE) -> None:
    """Scale a formula up or down to the largest size within width and height.

    Raises ValueError when it would come out under the least font size.
    """
    factor = min(width / formula.width, height / formula.height)
    if not fits(formula, width, height, least_size):
        raise ValueError(
            f"formula: it fits at font size {formula.font_size * factor:.0f} only, "
            f"under the least size {least_size:.0f}"
        )
    formula.scale(factor)

"""What a language of mathematics must be able to spell; `languages` has Typst, LaTeX and plain text.

A language knows nothing of expressions; `writing` decides what stands where.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass


@dataclass(frozen=True)
class Name:
    """A symbol ready to be spelled: a letter or a word, what stands above it and below it."""

    letter: str
    above: str = ""
    below: str = ""
    bold: bool = False


@dataclass(frozen=True)
class Sides:
    """An equation ready to be set in a grid, or dots in place of its sign."""

    left: str
    equals: str
    right: str


class Language(ABC):
    """How the pieces of mathematics are spelled."""

    equals: str
    wide_equals: str
    plus: str
    wide_plus: str
    minus: str
    times: str
    wide_times: str
    ellipsis: str
    vertical_ellipsis: str
    diagonal_ellipsis: str
    hadamard: str
    wide_hadamard: str
    opening: str
    closing: str
    tall_opening: str
    tall_closing: str
    bracket_opening: str
    bracket_closing: str
    bar_opening: str
    bar_closing: str
    transpositions: dict[str, str]

    @abstractmethod
    def name(self, name: Name) -> str:
        """Spell a symbol."""

    @abstractmethod
    def partial(self, name: str) -> str:
        """Spell the differential of a symbol."""

    @abstractmethod
    def fraction(self, numerator: str, denominator: str) -> str:
        """Spell a fraction."""

    @abstractmethod
    def power(self, base: str, exponent: str) -> str:
        """Spell a power."""

    @abstractmethod
    def function(self, name: str) -> str:
        """Spell the name of a function."""

    @abstractmethod
    def scientific(self, digits: str, exponent: int) -> str:
        """Spell digits times a power of ten."""

    @abstractmethod
    def root(self, body: str) -> str:
        """Spell a square root."""

    @abstractmethod
    def gradient(self, of: str, wrt: str) -> str:
        """Spell a gradient: nabla, with what it is taken with respect to below."""

    @abstractmethod
    def transposed(self, body: str, sign: str) -> str:
        """Set the sign of a transpose, already spelled and marked, behind a body."""

    @abstractmethod
    def matrix(self, opening: str, rows: list[list[str]], closing: str, tall: bool) -> str:
        """Spell a matrix between marked brackets; fractions in `tall` ones stay large."""

    @abstractmethod
    def system(self, rows: list[list[Sides]]) -> str:
        """Set equations in rows and columns, the equals signs of a column below each other."""

    def parentheses(self, opening: str, body: str, closing: str, tall: bool) -> str:
        """Put parentheses, already spelled and marked, around a body; `tall` ones grow with it."""
        return f"{opening}{body}{closing}"

    def arguments(self, arguments: list[str]) -> str:
        """Spell the arguments of a function, without the parentheses."""
        return ", ".join(arguments)

    def call(self, function: str, arguments: str) -> str:
        """Set the name of a function before its arguments, which have their parentheses."""
        return f"{function}{arguments}"

    def join(self, pieces: list[str]) -> str:
        """Set pieces side by side."""
        return " ".join(pieces)

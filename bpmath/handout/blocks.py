"""What a document is made of, in no format: headings, paragraphs, displayed equations and tables.

A text is a row of words and formulas; `bpmath.handout.formats` writes all of it as Typst, LaTeX and so on.
"""

from __future__ import annotations

from dataclasses import dataclass

from bpmath.notation import Writable

LONGEST_SUM = 5
LONGEST_MATRIX = 6
Layers = tuple[tuple[int, str], ...]
"""Names for the numbers of layers."""


@dataclass(frozen=True)
class Formula:
    """A formula, and from how many terms, rows and columns on it shows an ellipsis."""

    what: Writable
    layers: Layers = ()
    longest_sum: int | None = LONGEST_SUM
    longest_matrix: int = LONGEST_MATRIX


Text = tuple[str | Formula, ...]


@dataclass(frozen=True)
class Heading:
    """The heading of a section (level 1) or of a part of one (level 2)."""

    level: int
    text: Text


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of running text."""

    text: Text


@dataclass(frozen=True)
class Line:
    """One line of a display: left = right = ...; without a left it goes on with = right = ...

    A line with neither stands for equations that are left out.
    """

    left: Formula | None
    rights: tuple[Formula, ...] = ()


@dataclass(frozen=True)
class Display:
    """Equations that stand on lines of their own under one number, their equals signs below each other."""

    number: int
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Table:
    """A table; every row is as long as the header."""

    header: tuple[Text, ...]
    rows: tuple[tuple[Text, ...], ...]


Block = Heading | Paragraph | Display | Table


@dataclass(frozen=True)
class Document:
    """A title and what follows it; `language` is that of its words."""

    title: Text
    blocks: tuple[Block, ...]
    language: str

"""The document of a derivation as plain text, for a terminal."""

from __future__ import annotations

import textwrap
import unicodedata

from bpmath.handout.blocks import Display, Document
from bpmath.handout.formats import Format

WIDTH = 100
INDENT = "    "


class PlainText(Format):
    """Plain text with the formulas in Unicode."""

    mathematics = "text"

    def escape(self, words: str) -> str:
        """Return plain words as they are."""
        return words

    def inline(self, source: str) -> str:
        """Return a formula as it is."""
        return source

    def heading(self, level: int, text: str) -> str:
        """Return a heading, underlined."""
        return f"{text}\n{('=' if level == 1 else '-') * _columns(text)}"

    def paragraph(self, text: str) -> str:
        """Return a paragraph, broken into lines."""
        return textwrap.fill(text, WIDTH, break_long_words=False, break_on_hyphens=False)

    def display(self, display: Display) -> str:
        """Return equations, their equals signs below each other, with their number behind."""
        rows = self.rows(display)
        left = max(_columns(row[0]) for row in rows)
        lines = [f"{INDENT}{' ' * (left - _columns(a))}{a} {b}".rstrip() for a, b in rows]
        lines[-1] += f"{INDENT}({display.number})"
        return "\n".join(lines)

    def table(self, header: list[list[str]], rows: list[list[str]]) -> str:
        """Return a table in columns."""
        cells = [*header, *rows]
        widths = [max(map(_columns, column)) for column in zip(*cells, strict=True)]
        lines = [
            INDENT
            + "  ".join(
                cell + " " * (width - _columns(cell)) for cell, width in zip(row, widths, strict=True)
            ).rstrip()
            for row in cells
        ]
        rule = INDENT + "  ".join("-" * width for width in widths)
        return "\n".join([*lines[: len(header)], rule, *lines[len(header) :]])

    def page(self, document: Document, body: str) -> str:
        """Return the title and the rest."""
        title = self.text(document.title)
        return f"{title}\n{'=' * _columns(title)}\n\n{body}"


def _columns(text: str) -> int:
    """Return how many columns of a terminal a text takes: Chinese characters take two, accents none."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(unicodedata.combining(character) > 0 for character in text)

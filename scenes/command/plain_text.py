"""The document of a derivation as plain text, for a terminal."""

from __future__ import annotations

import re
import unicodedata

from bpmath.handout.blocks import Display, Document
from bpmath.handout.formats import Format

WIDTH = 100
INDENT = "    "
_WIDE = "\u3000-\u303f\u4e00-\u9fff\uff00-\uffef"
_PIECES = re.compile(rf"(?:[（“]?[{_WIDE}]|[^ {_WIDE}]+)[，。：；、）”！？]* *")
"""What a line is not broken in: a word or a Chinese character, with the punctuation that belongs to it."""


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
        return f"{text}\n{('=' if level == 1 else '-') * columns(text)}"

    def paragraph(self, text: str) -> str:
        """Return a paragraph, broken into lines."""
        lines = [""]
        for piece in _PIECES.findall(text):
            if lines[-1] and columns(f"{lines[-1]}{piece}".rstrip(" ")) > WIDTH:
                lines.append("")
            lines[-1] += piece
        return "\n".join(line.rstrip(" ") for line in lines)

    def display(self, display: Display) -> str:
        """Return equations, their equals signs below each other, with their number behind."""
        rows = self.rows(display)
        left = max(columns(row[0]) for row in rows)
        lines = [f"{INDENT}{' ' * (left - columns(a))}{a} {b}".rstrip() for a, b in rows]
        lines[-1] += f"{INDENT}({display.number})"
        return "\n".join(lines)

    def table(self, header: list[list[str]], rows: list[list[str]]) -> str:
        """Return a table in columns."""
        cells = [*header, *rows]
        widths = [max(map(columns, column)) for column in zip(*cells, strict=True)]
        lines = [
            INDENT
            + "  ".join(
                cell + " " * (width - columns(cell)) for cell, width in zip(row, widths, strict=True)
            ).rstrip()
            for row in cells
        ]
        rule = INDENT + "  ".join("-" * width for width in widths)
        return "\n".join([*lines[: len(header)], rule, *lines[len(header) :]])

    def page(self, document: Document, body: str) -> str:
        """Return the title and the rest."""
        title = self.text(document.title)
        return f"{title}\n{'=' * columns(title)}\n\n{body}"


def columns(text: str) -> int:
    """Return how many columns of a terminal a text takes: Chinese characters take two, accents none."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return len(text) + wide - sum(unicodedata.combining(character) > 0 for character in text)

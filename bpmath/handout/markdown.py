"""The document in GitHub-flavoured Markdown, its mathematics between dollar signs."""

from __future__ import annotations

import re

from bpmath.handout.blocks import Display, Document
from bpmath.handout.formats import Format

_SPECIAL = str.maketrans({character: f"\\{character}" for character in "\\`*_{}[]<>#|$~"})
_STARTS = re.compile(r"^([+-]|\d+[.)])(?=\s)")


class MarkdownFormat(Format):
    """Markdown."""

    mathematics = "latex"

    def escape(self, words: str) -> str:
        return words.translate(_SPECIAL)

    def inline(self, source: str) -> str:
        # A bar would end the cell of a table.
        without_bars = source.replace("|", r"\vert ")
        return f"${without_bars}$"

    def heading(self, level: int, text: str) -> str:
        return f"{'#' * (level + 1)} {text}"

    def paragraph(self, text: str) -> str:
        return _STARTS.sub(r"\\\1", text)

    def display(self, display: Display) -> str:
        rows = self.rows(display)
        lines = " \\\\\n".join(f"{left} & {right}" for left, right in rows)
        body = (
            lines.replace("& ", "", 1) if len(rows) == 1 else f"\\begin{{aligned}}\n{lines}\n\\end{{aligned}}"
        )
        return f"$$\n{body} \\tag{{{display.number}}}\n$$"

    def table(self, header: list[list[str]], rows: list[list[str]]) -> str:
        (titles,) = header
        return "\n".join(f"| {' | '.join(row)} |" for row in (titles, ["---"] * len(titles), *rows))

    def page(self, document: Document, body: str) -> str:
        return f"# {self.text(document.title)}\n\n{body}\n"

"""What a format of documents must be able to write; Typst, LaTeX, Markdown and HTML have a file each."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass

from bpmath.handout.blocks import Block, Display, Document, Formula, Heading, Line, Paragraph, Table, Text
from bpmath.languages import LANGUAGES
from bpmath.notation import write
from bpmath.writing import unmarked


@dataclass(frozen=True)
class Format(ABC):
    """Writes documents in one format and one notation; `mathematics` is the language of its formulas."""

    notation: str
    mathematics = "text"
    mark = staticmethod(unmarked)

    def document(self, document: Document) -> str:
        """Return the whole document."""
        following = (*document.blocks[1:], None)
        written = [
            self.announcement(self.text(block.text))
            if isinstance(block, Paragraph) and isinstance(after, Display | Table)
            else self.block(block)
            for block, after in zip(document.blocks, following, strict=True)
        ]
        return self.page(document, "\n\n".join(written))

    def announcement(self, text: str) -> str:
        """Return a paragraph that an equation or a table follows."""
        return self.paragraph(text)

    def block(self, block: Block) -> str:
        """Return one block."""
        match block:
            case Heading(level=level, text=text):
                return self.heading(level, self.text(text))
            case Paragraph(text=text):
                return self.paragraph(self.text(text))
            case Table(header=header, rows=rows):
                return self.table(
                    *([list(map(self.text, row)) for row in part] for part in ((header,), rows))
                )
        return self.display(block)

    def text(self, text: Text) -> str:
        """Return running text with its formulas."""
        return "".join(
            self.inline(self.formula(part)) if isinstance(part, Formula) else self.escape(part)
            for part in text
        )

    def formula(self, formula: Formula) -> str:
        """Return the source of a formula."""
        return write(
            formula.what,
            self.mathematics,
            self.notation,
            mark=self.mark,
            longest_sum=formula.longest_sum,
            longest_matrix=formula.longest_matrix,
            layers=dict(formula.layers),
        )

    def sides(self, line: Line) -> Sequence[str]:
        """Return the left of a line, and the rest of it with an equals sign before each side."""
        language = LANGUAGES[self.mathematics]
        if line.left is None and not line.rights:
            return "", language.vertical_ellipsis
        left = "" if line.left is None else self.formula(line.left)
        rest = [piece for right in line.rights for piece in (language.equals, self.formula(right))]
        return left, language.join(rest) if rest else ""

    def rows(self, display: Display) -> list[Sequence[str]]:
        """Return the two sides of every line; a left without a right stands where the rights do."""
        return [
            ("", sides[0]) if line.left is not None and not line.rights else sides
            for line, sides in ((line, self.sides(line)) for line in display.lines)
        ]

    @abstractmethod
    def escape(self, words: str) -> str:
        """Return plain words, so that nothing in them is markup."""

    @abstractmethod
    def inline(self, source: str) -> str:
        """Return a formula in running text."""

    @abstractmethod
    def heading(self, level: int, text: str) -> str:
        """Return a heading."""

    @abstractmethod
    def paragraph(self, text: str) -> str:
        """Return a paragraph."""

    @abstractmethod
    def display(self, display: Display) -> str:
        """Return a displayed equation with its number."""

    @abstractmethod
    def table(self, header: list[list[str]], rows: list[list[str]]) -> str:
        """Return a table; `header` has one row."""

    @abstractmethod
    def page(self, document: Document, body: str) -> str:
        """Return the whole file."""

"""The document in Typst: compiles by itself, without packages."""

from __future__ import annotations

from bpmath.handout.blocks import Display, Document
from bpmath.handout.formats import Format

_SPECIAL = str.maketrans({character: f"\\{character}" for character in "\\#$*_`<>@[]~/"})

# What is wider than the text is made smaller until it fits.
_PREAMBLE = """\
#set page(paper: "a4", margin: 2.2cm, numbering: "1")
#set text(size: 10.5pt, lang: "%s")
#set par(justify: true)
#set heading(numbering: "1.1")
#set table(stroke: none, inset: (x: 8pt, y: 6pt))
#show heading: set block(above: 1.6em, below: 0.9em)
#show table.cell.where(y: 0): strong
#let fit(body) = layout(size => {
  let natural = measure(body).width
  align(center, if natural <= size.width { body } else {
    scale(100%% * (size.width / natural), reflow: true, body)
  })
})
#let equation(number, body) = block(above: 1em, below: 1em, width: 100%%, breakable: false, grid(
  columns: (1fr, auto), column-gutter: 10pt, align: (center + horizon, right + horizon),
  fit(body), [(#number)],
))

#align(center, text(size: 17pt, weight: "bold")[%s])

%s
"""


class TypstFormat(Format):
    """Typst."""

    mathematics = "typst"

    def escape(self, words: str) -> str:
        return words.translate(_SPECIAL)

    def inline(self, source: str) -> str:
        return f"${source}$"

    def heading(self, level: int, text: str) -> str:
        return f"{'=' * level} {text}"

    def paragraph(self, text: str) -> str:
        # At the start of a line these are marks of headings and lists.
        return f"\\{text}" if text[:1] in "=+-" else text

    def announcement(self, text: str) -> str:
        # It stays on the page of what it announces.
        return f"#block(sticky: true)[{self.paragraph(text)}]"

    def display(self, display: Display) -> str:
        lines = " \\\n".join(f"{left} & {right}" for left, right in self.rows(display))
        return f"#equation({display.number})[$ {lines} $]"

    def table(self, header: list[list[str]], rows: list[list[str]]) -> str:
        (titles,) = header
        top = ", ".join(f"[{cell}]" for cell in titles)
        lines = [", ".join(f"[{cell}]" for cell in row) for row in rows]
        inner = ",\n  ".join([f"table.header({top})", "table.hline()", *lines])
        return f"#align(center, table(columns: {len(titles)}, align: left + horizon,\n  {inner},\n))"

    def page(self, document: Document, body: str) -> str:
        return _PREAMBLE % (document.language, self.text(document.title), body)

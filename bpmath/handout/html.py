"""The document as one web page: its mathematics is MathML, so it needs no JavaScript and no network."""

from __future__ import annotations

from html import escape

from bpmath.handout.blocks import Display, Document, Formula
from bpmath.handout.formats import Format
from bpmath.handout.latex import LatexFormat
from bpmath.handout.mathml import math_element, table, tagged

_PAGE = """\
<!DOCTYPE html>
<html lang="{language}" xmlns="http://www.w3.org/1999/xhtml">
<head>
<meta charset="utf-8"/>
<meta name="viewport" content="width=device-width, initial-scale=1"/>
<title>{name}</title>
<style>
body {{ max-width: 52rem; margin: 2rem auto; padding: 0 1rem; line-height: 1.55;
  font-family: Georgia, "Times New Roman", "Noto Serif SC", "Songti SC", SimSun, serif;
  color: #1a1a1a; background: #ffffff; }}
h1, h2, h3 {{ line-height: 1.25; font-family: system-ui, sans-serif; }}
.equation {{ display: flex; align-items: center; gap: 1rem; margin: 1rem 0; }}
.equation > .formula {{ flex: 1; overflow-x: auto; padding: 0.3rem 0; }}
table {{ border-collapse: collapse; margin: 1rem auto; }}
th, td {{ text-align: left; padding: 0.3rem 0.8rem; }}
thead {{ border-bottom: 1px solid #1a1a1a; }}
.table {{ overflow-x: auto; }}
</style>
</head>
<body>
<h1>{title}</h1>

{body}
</body>
</html>
"""


class HtmlFormat(Format):
    """HTML with MathML."""

    mathematics = "mathml"
    mark = staticmethod(tagged)

    def escape(self, words: str) -> str:
        return escape(words)

    def text(self, text: tuple[str | Formula, ...]) -> str:
        latex = LatexFormat(self.notation)
        return "".join(
            math_element(self.formula(part), latex.formula(part), display=False)
            if isinstance(part, Formula)
            else self.escape(part)
            for part in text
        )

    def inline(self, source: str) -> str:
        return math_element(source, "", display=False)

    def heading(self, level: int, text: str) -> str:
        return f"<h{level + 1}>{text}</h{level + 1}>"

    def paragraph(self, text: str) -> str:
        return f"<p>{text}</p>"

    def display(self, display: Display) -> str:
        latex = " \\\\ ".join(" ".join(row) for row in LatexFormat(self.notation).rows(display))
        body = table([list(row) for row in self.rows(display)])
        element = math_element(body, latex, display=True)
        return (
            f'<div class="equation"><div class="formula">{element}</div><span>({display.number})</span></div>'
        )

    def table(self, header: list[list[str]], rows: list[list[str]]) -> str:
        (titles,) = header
        head = "".join(f"<th>{cell}</th>" for cell in titles)
        lines = "\n".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows)
        inner = f"<thead><tr>{head}</tr></thead>\n<tbody>\n{lines}\n</tbody>"
        return f'<div class="table"><table>\n{inner}\n</table></div>'

    def page(self, document: Document, body: str) -> str:
        name = "".join(part for part in document.title if isinstance(part, str))
        return _PAGE.format(
            language=escape(document.language), name=escape(name), title=self.text(document.title), body=body
        )

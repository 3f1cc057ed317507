"""The document in LaTeX: an article with amsmath and graphicx, in Chinese with ctex."""

from __future__ import annotations

from bpmath.handout.blocks import Display, Document
from bpmath.handout.formats import Format

_SPECIAL = {character: f"\\{character}" for character in "#$%&_{}"}
_SPECIAL |= {"\\": r"\textbackslash{}", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}"}
_SIGNS = {"⊙": r"$\odot$", "×": r"$\times$", "⋮": r"$\vdots$", "–": "--", "…": r"\dots{}", "\u00a0": "~"}
_ESCAPES = str.maketrans(_SPECIAL | _SIGNS)

_LETTERS = {
    "en": "\\usepackage[utf8]{inputenc}\n\\usepackage[T1]{fontenc}",
    "zh": "\\usepackage[scheme=plain]{ctex} % to be set with xelatex or lualatex",
}

# What is wider than the text is made smaller until it fits.
_PREAMBLE = r"""\documentclass[11pt,a4paper]{article}
LETTERS
\usepackage{amsmath}
\usepackage{amssymb}
\usepackage{graphicx}
\usepackage{longtable}
\usepackage[margin=2.2cm]{geometry}
\setlength{\parindent}{0pt}
\setlength{\parskip}{6pt}
\newsavebox{\fitbox}
\newcommand{\fit}[1]{\sbox{\fitbox}{$\displaystyle #1$}%
  \ifdim\wd\fitbox>0.92\linewidth\resizebox{0.92\linewidth}{!}{\usebox{\fitbox}}%
  \else\usebox{\fitbox}\fi}
\title{TITLE}
\date{}
\begin{document}
\maketitle

BODY

\end{document}
"""


class LatexFormat(Format):
    """LaTeX."""

    mathematics = "latex"

    def escape(self, words: str) -> str:
        return words.translate(_ESCAPES)

    def inline(self, source: str) -> str:
        return f"${source}$"

    def heading(self, level: int, text: str) -> str:
        return rf"\{'sub' * (level - 1)}section{{{text}}}"

    def paragraph(self, text: str) -> str:
        return text

    def display(self, display: Display) -> str:
        rows = self.rows(display)
        lines = " \\\\[4pt]\n".join(f"{left} & {right}" for left, right in rows)
        body = f"\\begin{{aligned}}\n{lines}\n\\end{{aligned}}"
        return f"\\begin{{equation}}\n\\tag{{{display.number}}}\n\\fit{{{body}}}\n\\end{{equation}}"

    def table(self, header: list[list[str]], rows: list[list[str]]) -> str:
        (titles,) = header
        head = " & ".join(rf"\textbf{{{cell}}}" for cell in titles)
        lines = "\n".join(f"{' & '.join(row)} \\\\" for row in rows)
        columns = "l" * len(titles)
        return (
            "{\\renewcommand{\\arraystretch}{1.4}\n"
            f"\\begin{{longtable}}{{{columns}}}\n{head} \\\\ \\hline \\endhead\n{lines}\n\\end{{longtable}}}}"
        )

    def page(self, document: Document, body: str) -> str:
        preamble = _PREAMBLE.replace("LETTERS", _LETTERS[document.language])
        return preamble.replace("TITLE", self.text(document.title)).replace("BODY", body)

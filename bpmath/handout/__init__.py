"""A whole derivation as a document that a teacher hands out, in Typst, LaTeX, Markdown or HTML.

What you can do here: `write_up(derive(net, x, y), "typst")` is the source of a document that compiles as it
is.  It tells what the films tell, for this network and this sample: the forward pass, sums over paths,
deltas, matrices, the general equations, the gradient check and all gradients.

Of large networks it shows the first and the last of everything and says what was left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bpmath.derivation import Derivation
from bpmath.handout.blocks import Document
from bpmath.handout.formats import Format
from bpmath.handout.html import HtmlFormat
from bpmath.handout.latex import LatexFormat
from bpmath.handout.markdown import MarkdownFormat
from bpmath.handout.matrices import matrices
from bpmath.handout.paths import paths
from bpmath.handout.results import results
from bpmath.handout.setting import setting, title_key
from bpmath.handout.sheet import Sheet
from bpmath.handout.typst import TypstFormat
from bpmath.notation import NOTATIONS
from bpmath.writing import choose

FORMATS: Mapping[str, Callable[[str], Format]] = {
    "typst": TypstFormat,
    "latex": LatexFormat,
    "markdown": MarkdownFormat,
    "html": HtmlFormat,
}
"""The formats by name; each is made for a notation."""


def write_up(
    derivation: Derivation, format: str = "typst", notation: str = "article", language: str = "en"
) -> str:
    """Return the whole derivation as the source of one document.

    `format` is "typst", "latex" (amsmath and graphicx), "markdown" (mathematics between dollar signs) or
    "html" (MathML); `language` is that of its words, "en" or "zh".  Every equation in it is executed.
    Raises ValueError for an unknown format, notation or language.
    """
    writer = FORMATS[choose("format", format, FORMATS)](choose("notation", notation, NOTATIONS))
    return writer.document(contents(derivation, notation, language))


def contents(derivation: Derivation, notation: str = "article", language: str = "en") -> Document:
    """Return the document in no format yet; ValueError for an unknown notation or language.

    The notation decides words only: which way vectors lie and how indices are read.
    """
    choose("notation", notation, NOTATIONS)
    sheet = Sheet(derivation, notation, language)
    sheet.say("intro")
    for part in (setting, paths, matrices, results):
        part(sheet)
    return Document(sheet.text("title", **title_key(sheet)), tuple(sheet.blocks), language)

"""Presentation MathML: the mathematics of a web page, rendered by browsers without JavaScript.

What you can do here: `to_mathml(equation)` is a complete <math> element, its LaTeX source in `alttext`.
Importing this module adds "mathml" to the languages of `bpmath.notation.write`, whose `mark` must then be
`tagged`, so that numbers get their tags.

Source: MathML Core, W3C, 2025.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape

from bpmath.languages import LANGUAGES, Text
from bpmath.naming import GeneralEquation
from bpmath.notation import Writable, write
from bpmath.spelling import Language, Name, Sides
from bpmath.writing import Place

_TOKEN = re.compile(r"\d+|[^\W\d_]+|.", re.DOTALL)
_BOLD = {"δ": "𝛅"}


def _operator(sign: str, attributes: str = "") -> str:
    return f"<mo{attributes}>{sign}</mo>"


class MathMl(Language):
    """Presentation MathML, without the <math> around it."""

    equals = wide_equals = _operator("=")
    plus = wide_plus = _operator("+")
    minus = _operator("−")
    times = wide_times = _operator("·")
    hadamard = wide_hadamard = _operator("⊙")
    ellipsis, vertical_ellipsis, diagonal_ellipsis = (f"<mi>{dots}</mi>" for dots in "⋯⋮⋱")
    opening, closing = (_operator(sign, ' stretchy="false"') for sign in "()")
    tall_opening, tall_closing, bracket_opening, bracket_closing = (
        _operator(sign, ' fence="true" stretchy="true"') for sign in "()[]"
    )
    bar_opening = bar_closing = _operator("|", ' fence="true" stretchy="true"')
    transpositions = {"top": _operator("⊤"), "T": "<mi>T</mi>"}

    def name(self, name: Name) -> str:
        letter = Text._letters.get(name.letter, name.letter)
        if name.bold:
            letter = "".join(map(_bold, letter))
        body = f"<mi>{escape(letter)}</mi>"
        below, above = tokens(name.below), tokens(name.above)
        if below and above:
            return f"<msubsup>{body}{below}{above}</msubsup>"
        if below or above:
            tag = "msub" if below else "msup"
            return f"<{tag}>{body}{below or above}</{tag}>"
        return body

    def partial(self, name: str) -> str:
        return f"<mrow><mo>∂</mo>{name}</mrow>"

    def fraction(self, numerator: str, denominator: str) -> str:
        return f"<mfrac><mrow>{numerator}</mrow><mrow>{denominator}</mrow></mfrac>"

    def power(self, base: str, exponent: str) -> str:
        return f"<msup><mrow>{base}</mrow><mrow>{exponent}</mrow></msup>"

    def function(self, name: str) -> str:
        stem = name.rstrip("'")
        spelled = f"<mi>{escape(Text._functions.get(stem, stem.replace('_', ' ')))}</mi>"
        primes = "′" * (len(name) - len(stem))
        return f"<msup>{spelled}<mo>{primes}</mo></msup>" if primes else spelled

    def scientific(self, digits: str, exponent: int) -> str:
        power = f"<msup><mn>10</mn>{tagged(Place(), str(exponent))}</msup>"
        return f"<mrow>{tagged(Place(), digits)}<mo>·</mo>{power}</mrow>"

    def root(self, body: str) -> str:
        return f"<msqrt>{body}</msqrt>"

    def gradient(self, of: str, wrt: str) -> str:
        return f"<mrow><msub><mo>∇</mo>{wrt}</msub>{of}</mrow>"

    def transposed(self, body: str, sign: str) -> str:
        return f"<msup><mrow>{body}</mrow>{sign}</msup>"

    def matrix(self, opening: str, rows: list[list[str]], closing: str, tall: bool) -> str:
        style = ' displaystyle="true"' if tall else ""
        cells = "".join(f"<mtr>{''.join(f'<mtd>{cell}</mtd>' for cell in row)}</mtr>" for row in rows)
        return f"<mrow>{opening}<mtable{style}>{cells}</mtable>{closing}</mrow>"

    def system(self, rows: list[list[Sides]]) -> str:
        return table([[part for cell in row for part in _aligned(cell)] for row in rows])

    def parentheses(self, opening: str, body: str, closing: str, tall: bool) -> str:
        return f"<mrow>{opening}{body}{closing}</mrow>"

    def arguments(self, arguments: list[str]) -> str:
        return "<mo>,</mo>".join(arguments)

    def call(self, function: str, arguments: str) -> str:
        return f"<mrow>{function}<mo>\u2061</mo>{arguments}</mrow>"

    def join(self, pieces: list[str]) -> str:
        joined = "".join(pieces)
        # A minus sign that is first in its row is set as a sign, not as a subtraction.
        return f"<mrow>{joined}</mrow>" if pieces[0] == self.minus else joined


def _bold(character: str) -> str:
    if "A" <= character <= "Z":
        return chr(ord("𝐀") + ord(character) - ord("A"))
    if "a" <= character <= "z":
        return chr(ord("𝐚") + ord(character) - ord("a"))
    if character.isdecimal():
        return chr(ord("𝟎") + int(character))
    return _BOLD.get(character, character)


def _aligned(cell: Sides) -> tuple[str, str]:
    return cell.left, f"{cell.equals}{cell.right}"


def table(rows: list[list[str]]) -> str:
    """Return rows of alternating right- and left-aligned cells, for equations below each other."""
    sides = ("right", "left")

    def cells(row: list[str]) -> str:
        return "".join(
            f'<mtd style="text-align: {sides[column % 2]}"><mrow>{cell}</mrow></mtd>'
            for column, cell in enumerate(row)
        )

    lines = "".join(f"<mtr>{cells(row)}</mtr>" for row in rows)
    return f'<mtable displaystyle="true" columnalign="right left">{lines}</mtable>'


def tokens(source: str) -> str:
    """Return an index such as (l+1) or 11 as MathML, and nothing for nothing."""
    if not source:
        return ""
    return f"<mrow>{''.join(map(_token, _TOKEN.findall(source)))}</mrow>"


def _token(token: str) -> str:
    if token.isdecimal():
        return f"<mn>{token}</mn>"
    if token.isalpha():
        return f"<mi>{escape(token)}</mi>"
    if token in "()":
        return _operator(token, ' stretchy="false"')
    return _operator(escape(token.replace("-", "−")), ' form="infix" lspace="0" rspace="0"')


def tagged(place: Place, source: str) -> str:
    """Return a piece in a tag: the `mark` for `write`, whose numbers come as bare digits."""
    if source.startswith("<"):
        return source
    if source.lstrip("-")[:1].isdigit():
        digits = f"<mn>{source.lstrip('-')}</mn>"
        return f"<mrow>{MathMl.minus}{digits}</mrow>" if source.startswith("-") else digits
    return f"<mi>{escape(source)}</mi>"


def to_mathml(
    what: Writable | GeneralEquation,
    notation: str = "article",
    *,
    display: bool = False,
    longest_sum: int | None = None,
    longest_matrix: int | None = None,
    layers: Mapping[int, str] | None = None,
) -> str:
    """Return a <math> element; arguments as for `bpmath.notation.write`, `display` sets it large.

    A general equation is written with its own letters for layers.  Raises ValueError as `write` does.
    """
    if isinstance(what, GeneralEquation):
        layers, what = what.letters, what.equation
    body = write(
        what,
        "mathml",
        notation,
        mark=tagged,
        longest_sum=longest_sum,
        longest_matrix=longest_matrix,
        layers=layers,
    )
    latex = write(
        what, "latex", notation, longest_sum=longest_sum, longest_matrix=longest_matrix, layers=layers
    )
    return math_element(body, latex, display=display)


def math_element(body: str, alternative: str, *, display: bool) -> str:
    """Return a <math> element around MathML, with its LaTeX source as the alternative text."""
    block = ' display="block"' if display else ""
    return (
        f'<math xmlns="http://www.w3.org/1998/Math/MathML"{block} alttext="{escape(alternative)}">'
        f"<mrow>{body}</mrow></math>"
    )


LANGUAGES["mathml"] = MathMl()

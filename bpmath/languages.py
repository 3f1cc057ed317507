"""Typst, LaTeX and plain text: how the same pieces of mathematics are spelled in each."""

from __future__ import annotations

import re

from bpmath.spelling import Language, Name, Sides

SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
SUPERSCRIPT = str.maketrans(
    "0123456789()+-abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVW",
    "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾⁺⁻ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂ",
)
_WORD = re.compile(r"[^\W\d_]{2,}")
MOST_LATEX_COLUMNS = 10
"""amsmath's `matrix` has no more columns than this."""


GREEK = dict(
    zip(
        (
            *(
                "alpha",
                "beta",
                "gamma",
                "delta",
                "epsilon",
                "zeta",
                "eta",
                "theta",
                "iota",
                "kappa",
                "lambda",
            ),
            *(
                "mu",
                "nu",
                "xi",
                "omicron",
                "pi",
                "rho",
                "sigma",
                "tau",
                "upsilon",
                "phi",
                "chi",
                "psi",
                "omega",
            ),
        ),
        "αβγδεζηθικλμνξοπρστυφχψω",
        strict=True,
    )
)
"""The Greek letters by their names."""


def _times(digits: str, sign: str) -> str:
    """Return what stands before a power of ten; a factor of one is left out."""
    return {"1": "", "-1": "-"}.get(digits, f"{digits} {sign} ")


class Typst(Language):
    """Typst mathematics, without the dollar signs."""

    equals, plus, minus, ellipsis = "=", "+", "-", "dots.c"
    vertical_ellipsis, diagonal_ellipsis = "dots.v", "dots.down"
    hadamard, wide_hadamard = "dot.o", "quad dot.o quad"
    times, wide_times, wide_equals = "dot", "quad dot quad", "quad = quad"
    wide_plus = "quad + quad"
    opening = tall_opening = "\\("
    closing = tall_closing = "\\)"
    bracket_opening, bracket_closing = "\\[", "\\]"
    bar_opening = bar_closing = "\\|"
    transpositions = {"top": "top", "T": "T"}
    _functions = {"sigmoid": "sigma", "log": "ln", "max": "max", "tanh": "tanh", "identity": "id"}
    _functions |= {"relu": 'op("ReLU")', "leaky_relu": 'op("LeakyReLU")'}
    _functions |= {name: name for name in ("exp", "sin", "cos", "min")}
    _letters = {letter: letter for letter in GREEK}

    def name(self, name: Name) -> str:
        letter = name.letter if len(name.letter) == 1 else self._letters.get(name.letter, f'"{name.letter}"')
        if name.bold:
            letter = f"bold({letter})"
        indices = name.below.replace(",", "\\,")
        below = f"_({indices})" if indices else ""
        # Words would be taken for variables.
        layer = _WORD.sub(lambda word: f'"{word[0]}"', name.above)
        above = f"^({layer})" if layer else ""
        return f"{letter}{below}{above}"

    def partial(self, name: str) -> str:
        return f"partial {name}"

    def fraction(self, numerator: str, denominator: str) -> str:
        return f"frac({numerator}, {denominator})"

    def power(self, base: str, exponent: str) -> str:
        return f"attach({base}, t: {exponent})"

    def function(self, name: str) -> str:
        stem = name.rstrip("'")
        word = stem if len(stem) == 1 else f'op("{stem.replace("_", " ")}")'
        return self._functions.get(stem, word) + name[len(stem) :]

    def scientific(self, digits: str, exponent: int) -> str:
        return f"{_times(digits, self.times)}10^({exponent})"

    def root(self, body: str) -> str:
        return f"sqrt({body})"

    def gradient(self, of: str, wrt: str) -> str:
        return f"nabla_({wrt}) {of}"

    def transposed(self, body: str, sign: str) -> str:
        return f"attach({body}, t: {sign})"

    def matrix(self, opening: str, rows: list[list[str]], closing: str, tall: bool) -> str:
        cells = "; ".join(", ".join(f"display({cell})" if tall else cell for cell in row) for row in rows)
        gap = "row-gap: #0.6em, column-gap: #0.9em, " if tall else ""
        return f"lr({opening} mat(delim: #none, {gap}{cells}) {closing})"

    def system(self, rows: list[list[Sides]]) -> str:
        return " \\\n".join(
            " & quad ".join(f"{cell.left} & {cell.equals} {cell.right}" for cell in row) for row in rows
        )

    def parentheses(self, opening: str, body: str, closing: str, tall: bool) -> str:
        return f"lr({opening} {body} {closing})" if tall else f"{opening} {body} {closing}"

    def arguments(self, arguments: list[str]) -> str:
        return " \\, ".join(arguments)

    def call(self, function: str, arguments: str) -> str:
        return f"{function} {arguments}"


class Latex(Language):
    """LaTeX mathematics, without the dollar signs; needs no package but amsmath."""

    equals, plus, minus, ellipsis = "=", "+", "-", r"\cdots"
    vertical_ellipsis, diagonal_ellipsis = r"\vdots", r"\ddots"
    hadamard, wide_hadamard = r"\odot", r"\quad\odot\quad"
    times, wide_times, wide_equals = r"\cdot", r"\quad\cdot\quad", r"\quad=\quad"
    wide_plus = r"\quad+\quad"
    opening, closing, tall_opening, tall_closing = "(", ")", r"\left(", r"\right)"
    bracket_opening, bracket_closing = r"\left[", r"\right]"
    bar_opening, bar_closing = r"\left|", r"\right|"
    transpositions = {"top": r"\top", "T": "T"}
    _functions = {"sigmoid": r"\sigma", "log": r"\ln", "max": r"\max", "tanh": r"\tanh", "identity": "id"}
    _functions |= {"relu": r"\operatorname{ReLU}", "leaky_relu": r"\operatorname{LeakyReLU}"}
    _functions |= {name: rf"\{name}" for name in ("exp", "sin", "cos", "min")}
    _letters = {letter: rf"\{letter}" for letter in GREEK} | {"omicron": "o"}

    def name(self, name: Name) -> str:
        word = name.letter.replace("_", r"\_")
        letter = word if len(word) == 1 else self._letters.get(word, rf"\mathrm{{{word}}}")
        if name.bold:
            # \mathbf has no Greek letters.
            letter = rf"\boldsymbol{{{letter}}}" if word in self._letters else rf"\mathbf{{{word}}}"
        layer = _WORD.sub(lambda word: rf"\mathrm{{{word[0]}}}", name.above)
        below = f"_{{{name.below}}}" if name.below else ""
        above = f"^{{{layer}}}" if layer else ""
        return f"{letter}{below}{above}"

    def partial(self, name: str) -> str:
        return rf"\partial {name}"

    def fraction(self, numerator: str, denominator: str) -> str:
        return rf"\frac{{{numerator}}}{{{denominator}}}"

    def power(self, base: str, exponent: str) -> str:
        return f"{{{base}}}^{{{exponent}}}"

    def function(self, name: str) -> str:
        stem = name.rstrip("'")
        word = stem if len(stem) == 1 else rf"\operatorname{{{stem.replace('_', ' ')}}}"
        return self._functions.get(stem, word) + name[len(stem) :]

    def scientific(self, digits: str, exponent: int) -> str:
        return rf"{_times(digits, self.times)}10^{{{exponent}}}"

    def root(self, body: str) -> str:
        return rf"\sqrt{{{body}}}"

    def gradient(self, of: str, wrt: str) -> str:
        return rf"\nabla_{{{wrt}}} {of}"

    def transposed(self, body: str, sign: str) -> str:
        return f"{{{body}}}^{{{sign}}}"

    def matrix(self, opening: str, rows: list[list[str]], closing: str, tall: bool) -> str:
        style, end = (r"\displaystyle ", r" \\[6pt] ") if tall else ("", r" \\ ")
        cells = end.join(" & ".join(f"{style}{cell}" for cell in row) for row in rows)
        if len(rows[0]) <= MOST_LATEX_COLUMNS:
            return rf"{opening} \begin{{matrix}} {cells} \end{{matrix}} {closing}"
        columns = "c" * len(rows[0])
        return rf"{opening} \begin{{array}}{{{columns}}} {cells} \end{{array}} {closing}"

    def system(self, rows: list[list[Sides]]) -> str:
        lines = r" \\ ".join(
            r" & \quad ".join(f"{cell.left} & {cell.equals} {cell.right}" for cell in row) for row in rows
        )
        return rf"\begin{{aligned}} {lines} \end{{aligned}}"


class Text(Language):
    """Plain text with Unicode indices: one line, but for a system, which has a line for each equation."""

    equals, plus, minus, ellipsis = "=", "+", "-", "…"
    vertical_ellipsis, diagonal_ellipsis = "⋮", "⋱"
    hadamard = wide_hadamard = "⊙"
    times = wide_times = "·"
    wide_equals, wide_plus = "=", "+"
    opening = tall_opening = "("
    closing = tall_closing = ")"
    bracket_opening, bracket_closing = "[", "]"
    bar_opening, bar_closing = "abs(", ")"
    # Unicode has no raised ⊤.
    transpositions = {"top": "ᵀ", "T": "ᵀ"}
    _functions = {"sigmoid": "σ", "log": "ln", "identity": "id", "relu": "ReLU", "leaky_relu": "LeakyReLU"}
    _letters = GREEK

    def name(self, name: Name) -> str:
        above = name.above.translate(SUPERSCRIPT)
        if not all(ord(character) in SUPERSCRIPT for character in name.above):
            above = f"^{name.above}" if name.above.startswith("(") else f"^({name.above})"
        return f"{self._letters.get(name.letter, name.letter)}{name.below.translate(SUBSCRIPT)}{above}"

    def partial(self, name: str) -> str:
        return f"∂{name}"

    def fraction(self, numerator: str, denominator: str) -> str:
        return f"{self._whole(numerator)}/{self._whole(denominator)}"

    def power(self, base: str, exponent: str) -> str:
        raised = exponent.translate(SUPERSCRIPT)
        simple = exponent.lstrip("-").isdigit()
        return f"{base}{raised}" if simple else f"{base}^{self._whole(exponent)}"

    def function(self, name: str) -> str:
        stem = name.rstrip("'")
        return self._functions.get(stem, stem) + name[len(stem) :]

    def scientific(self, digits: str, exponent: int) -> str:
        return f"{digits}e{exponent}"

    def root(self, body: str) -> str:
        return f"sqrt({body})"

    def gradient(self, of: str, wrt: str) -> str:
        return f"∇_{wrt} {of}"

    def transposed(self, body: str, sign: str) -> str:
        return f"{body}{sign}"

    def matrix(self, opening: str, rows: list[list[str]], closing: str, tall: bool) -> str:
        return f"{opening}{'; '.join(', '.join(row) for row in rows)}{closing}"

    def system(self, rows: list[list[Sides]]) -> str:
        lines = []
        for row in rows:
            only_dots = not any(cell.left for cell in row)
            cells = [Sides("", self.vertical_ellipsis, "")] if only_dots else row
            lines += [" ".join(filter(None, (cell.left, cell.equals, cell.right))) for cell in cells]
        return "\n".join(lines)

    @staticmethod
    def _whole(text: str) -> str:
        return f"({text})" if set(text) & set(" /-") and not _is_enclosed(text) else text


def _is_enclosed(text: str) -> bool:
    """Tell whether the first parenthesis closes at the end: (a) (b) is not enclosed."""
    depth = 0
    for position, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 0:
            return position == len(text) - 1 and text.startswith("(")
    return False


LANGUAGES: dict[str, Language] = {"typst": Typst(), "latex": Latex(), "text": Text()}

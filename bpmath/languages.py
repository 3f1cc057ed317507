"""Typst, LaTeX and plain text: how the same pieces of mathematics are spelled in each.

A language knows nothing of expressions; `notation` decides what stands where.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass

SUBSCRIPT = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
SUPERSCRIPT = str.maketrans("0123456789()-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁽⁾⁻")


@dataclass(frozen=True)
class Name:
    """A symbol ready to be spelled: a letter or a word, what stands above it and below it."""

    letter: str
    above: str = ""
    below: str = ""


class Language(ABC):
    """How the pieces of mathematics are spelled."""

    equals: str
    wide_equals: str
    plus: str
    wide_plus: str
    minus: str
    times: str
    wide_times: str
    ellipsis: str
    opening: str
    closing: str
    tall_opening: str
    tall_closing: str

    @abstractmethod
    def name(self, name: Name) -> str:
        """Spell a symbol."""

    @abstractmethod
    def partial(self, name: str) -> str:
        """Spell the differential of a symbol."""

    @abstractmethod
    def fraction(self, numerator: str, denominator: str) -> str:
        """Spell a fraction."""

    @abstractmethod
    def power(self, base: str, exponent: str) -> str:
        """Spell a power."""

    @abstractmethod
    def function(self, name: str) -> str:
        """Spell the name of a function."""

    @abstractmethod
    def scientific(self, digits: str, exponent: int) -> str:
        """Spell digits times a power of ten."""

    def parentheses(self, opening: str, body: str, closing: str, tall: bool) -> str:
        """Put parentheses, already spelled and marked, around a body; `tall` ones grow with it."""
        return f"{opening}{body}{closing}"

    def arguments(self, arguments: list[str]) -> str:
        """Spell the arguments of a function, without the parentheses."""
        return ", ".join(arguments)

    def call(self, function: str, arguments: str) -> str:
        """Set the name of a function before its arguments, which have their parentheses."""
        return f"{function}{arguments}"

    def join(self, pieces: list[str]) -> str:
        """Set pieces side by side."""
        return " ".join(pieces)


class Typst(Language):
    """Typst mathematics, without the dollar signs."""

    equals, plus, minus, ellipsis = "=", "+", "-", "dots.c"
    times, wide_times, wide_equals = "dot", "quad dot quad", "quad = quad"
    wide_plus = "quad + quad"
    opening = tall_opening = "\\("
    closing = tall_closing = "\\)"
    _functions = {"sigmoid": "sigma", "log": "ln", "max": "max", "tanh": "tanh", "identity": "id"}
    _functions |= {"relu": 'op("ReLU")', "leaky_relu": 'op("LeakyReLU")'}
    _letters = {"delta": "delta"}

    def name(self, name: Name) -> str:
        letter = name.letter if len(name.letter) == 1 else self._letters.get(name.letter, f'"{name.letter}"')
        indices = name.below.replace(",", "\\,")
        below = f"_({indices})" if indices else ""
        above = f"^(({name.above}))" if name.above else ""
        return f"{letter}{below}{above}"

    def partial(self, name: str) -> str:
        return f"partial {name}"

    def fraction(self, numerator: str, denominator: str) -> str:
        return f"frac({numerator}, {denominator})"

    def power(self, base: str, exponent: str) -> str:
        return f"attach({base}, t: {exponent})"

    def function(self, name: str) -> str:
        return self._functions.get(name, f'op("{name.replace("_", " ")}")')

    def scientific(self, digits: str, exponent: int) -> str:
        return f"{digits} dot 10^({exponent})"

    def parentheses(self, opening: str, body: str, closing: str, tall: bool) -> str:
        return f"lr({opening} {body} {closing})" if tall else f"{opening} {body} {closing}"

    def arguments(self, arguments: list[str]) -> str:
        return " \\, ".join(arguments)

    def call(self, function: str, arguments: str) -> str:
        return f"{function} {arguments}"


class Latex(Language):
    """LaTeX mathematics, without the dollar signs; needs no package but amsmath."""

    equals, plus, minus, ellipsis = "=", "+", "-", r"\cdots"
    times, wide_times, wide_equals = r"\cdot", r"\quad\cdot\quad", r"\quad=\quad"
    wide_plus = r"\quad+\quad"
    opening, closing, tall_opening, tall_closing = "(", ")", r"\left(", r"\right)"
    _functions = {"sigmoid": r"\sigma", "log": r"\ln", "max": r"\max", "tanh": r"\tanh", "identity": "id"}
    _functions |= {"relu": r"\operatorname{ReLU}", "leaky_relu": r"\operatorname{LeakyReLU}"}
    _letters = {"delta": r"\delta"}

    def name(self, name: Name) -> str:
        word = name.letter.replace("_", r"\_")
        letter = word if len(word) == 1 else self._letters.get(word, rf"\mathrm{{{word}}}")
        below = f"_{{{name.below}}}" if name.below else ""
        above = f"^{{({name.above})}}" if name.above else ""
        return f"{letter}{below}{above}"

    def partial(self, name: str) -> str:
        return rf"\partial {name}"

    def fraction(self, numerator: str, denominator: str) -> str:
        return rf"\frac{{{numerator}}}{{{denominator}}}"

    def power(self, base: str, exponent: str) -> str:
        return f"{{{base}}}^{{{exponent}}}"

    def function(self, name: str) -> str:
        word = name.replace("_", " ")
        return self._functions.get(name, rf"\operatorname{{{word}}}")

    def scientific(self, digits: str, exponent: int) -> str:
        return rf"{digits} \cdot 10^{{{exponent}}}"


class Text(Language):
    """One line of plain text, with Unicode indices."""

    equals, plus, minus, ellipsis = "=", "+", "-", "…"
    times = wide_times = "·"
    wide_equals, wide_plus = "=", "+"
    opening = tall_opening = "("
    closing = tall_closing = ")"
    _functions = {"sigmoid": "σ", "log": "ln", "identity": "id", "relu": "ReLU", "leaky_relu": "LeakyReLU"}
    _letters = {"delta": "δ"}

    def name(self, name: Name) -> str:
        above = f"⁽{name.above.translate(SUPERSCRIPT)}⁾" if name.above else ""
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
        return self._functions.get(name, name)

    def scientific(self, digits: str, exponent: int) -> str:
        return f"{digits}e{exponent}"

    @staticmethod
    def _whole(text: str) -> str:
        return f"({text})" if set(text) & set(" /-") and not text.startswith("(") else text


LANGUAGES: dict[str, Language] = {"typst": Typst(), "latex": Latex(), "text": Text()}

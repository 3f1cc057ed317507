"""The signs that gates wear in the drawing of a graph: +, times, 1 over a place, a power, a function's name.

What you can do here: `gate_sign(node.operation, "typst")` gives the source of a sign.  An input that is not
drawn as an argument is a dot; numbers that are fixed in a gate are written: + 1, times 2, a square.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bpmath.activations import ACTIVATIONS
from bpmath.algebra import EXP, LOG, Function
from bpmath.gates import ABS, COS, LARGEST, SIN, SMALLEST, SQRT
from bpmath.languages import LANGUAGES
from bpmath.operations import Operation
from bpmath.spelling import Language
from bpmath.writing import choose, number


@dataclass(frozen=True)
class Signs:
    """The signs that only a drawing needs, in one language."""

    times: str
    divide: str
    over: str
    place: str
    raised: str


SIGNS: Mapping[str, Signs] = {
    "typst": Signs('class("normal", times)', "div", " slash ", "dot.c", "(dot.c)"),
    "latex": Signs(r"\times", r"\div", "/", r"\cdot", r"(\cdot)"),
    "text": Signs("×", "÷", "/", "·", "·"),
}
FUNCTIONS: Mapping[str, Function] = {
    "max": LARGEST,
    "min": SMALLEST,
    "exp": EXP,
    "log": LOG,
    "sqrt": SQRT,
    "sin": SIN,
    "cos": COS,
    "abs": ABS,
    **{name: activation.symbol for name, activation in ACTIVATIONS.items()},
}
"""The functions that gates are named after."""


@dataclass(frozen=True)
class _Sign:
    """What a gate's sign is spelled with: the language, and the numbers that are fixed in the gate."""

    language: str
    constants: tuple[float | None, ...]

    @property
    def spelling(self) -> Language:
        return LANGUAGES[self.language]

    @property
    def signs(self) -> Signs:
        return SIGNS[self.language]

    @property
    def places(self) -> list[str]:
        """Return the arguments: dots for inputs, and the fixed numbers."""
        places = self.constants or (None, None)
        return [self.signs.place if fixed is None else number(fixed, self.language) for fixed in places]

    def between(self, sign: str) -> str:
        """Return the sign alone, or with the number that is fixed on one of its sides."""
        if not self.fixed:
            return sign
        given, first = number(self.fixed[0], self.language), self.constants[0] is not None
        return self.spelling.join([given, sign] if first else [sign, given])

    @property
    def fixed(self) -> list[float]:
        """The numbers that are fixed in the gate."""
        return [constant for constant in self.constants if constant is not None]

    def added(self) -> str:
        """Return +, or what is added: + 1, and - 1 where the number is negative."""
        total = sum(self.fixed)
        sign = self.spelling.minus if total < 0 else self.spelling.plus
        return self.spelling.join([sign, number(abs(total), self.language)]) if self.fixed else sign

    def power(self) -> str:
        """Return a power, of a dot in parentheses where it would be taken for a decimal point."""
        base, exponent = self.places
        is_fixed = self.constants and self.constants[0] is not None
        return self.spelling.power(base if is_fixed else self.signs.raised, exponent)

    def multiplied(self) -> str:
        """Return the times sign, with the numbers that are fixed behind it."""
        return self.spelling.join([self.signs.times, *(number(n, self.language) for n in self.fixed)])


_MADE: Mapping[str, Callable[[_Sign], str]] = {
    "constant": lambda sign: number(sign.constants[0] or 0.0, sign.language),
    "add": _Sign.added,
    "affine": lambda sign: sign.spelling.plus,
    "subtract": lambda sign: sign.between(sign.spelling.minus),
    "multiply": _Sign.multiplied,
    "divide": lambda sign: sign.between(sign.signs.divide),
    "power": _Sign.power,
    "negate": lambda sign: sign.spelling.minus,
    "reciprocal": lambda sign: f"{number(1, sign.language)}{sign.signs.over}{sign.signs.place}",
}


def gate_sign(gate: Operation, language: str = "text") -> str:
    """Return the sign of a gate: + for add, + 1 with a fixed one, 1 / . for reciprocal, exp for exp.

    A loss, and any other gate without a sign, wears its name.  Raises ValueError for an unknown language.
    """
    choose("language", language, LANGUAGES)
    sign = _Sign(language, gate.constants)
    if gate.name in _MADE:
        return _MADE[gate.name](sign)
    if gate.name == "identity":
        return sign.signs.place
    named = FUNCTIONS.get(gate.name)
    return sign.spelling.function(named.name if named else gate.name.replace("_", " "))

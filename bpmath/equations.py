"""Equations that execute themselves: a false one cannot be made."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from bpmath.algebra import Expression, Values

TOLERANCE = 1e-9
# A sum of large terms that cancel keeps the rounding of its terms; this many units of it are no falsehood.
ROUNDING_UNITS = 64


class FalseEquation(ArithmeticError):
    """The two sides of an equation were evaluated and differ."""


class Written:
    """Whatever can be written as mathematics, in three languages and several notations."""

    def to_typst(self, notation: str = "article") -> str:
        """Return it as Typst mathematics, without the dollar signs."""
        return self._write("typst", notation)

    def to_latex(self, notation: str = "article") -> str:
        """Return it as LaTeX mathematics, without the dollar signs."""
        return self._write("latex", notation)

    def to_text(self, notation: str = "article") -> str:
        """Return it as plain text: in one line, but for a system, which has a line for each equation."""
        return self._write("text", notation)

    def _repr_latex_(self) -> str:
        """Return it as a notebook displays it."""
        return f"$$\n{self.to_latex()}\n$$"

    def _write(self, language: str, notation: str) -> str:
        from bpmath.notation import write

        return write(self, language, notation)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Equation(Written):
    """lhs = rhs, both sides evaluated on `values` when it is made.

    Raises FalseEquation when |lhs - rhs| > 1e-9 max(|lhs|, |rhs|) plus the rounding error of the terms.
    """

    lhs: Expression
    rhs: Expression
    values: Values = field(compare=False, repr=False)

    def __post_init__(self) -> None:
        left, right = self.value, self.rhs.evaluate(self.values)
        for side, value in (("left", left), ("right", right)):
            if not math.isfinite(value):
                raise FalseEquation(f"the {side}-hand side of an equation is {value}, which equals nothing")
        scale = max(self.lhs.magnitude(self.values), self.rhs.magnitude(self.values))
        allowed = TOLERANCE * max(abs(left), abs(right)) + ROUNDING_UNITS * np.finfo(float).eps * scale
        # A scale that is no number refuses the equation as well: nothing is known of its rounding then.
        if not abs(left - right) <= allowed + np.finfo(float).tiny < math.inf:
            raise FalseEquation(f"{self.to_text()} is false: {left!r} on the left, {right!r} on the right")

    @property
    def operands(self) -> tuple[Expression, Expression]:
        """The two sides."""
        return (self.lhs, self.rhs)

    @property
    def value(self) -> float:
        """The value of the left-hand side."""
        return self.lhs.evaluate(self.values)

    @property
    def residual(self) -> float:
        """lhs - rhs"""
        return self.value - self.rhs.evaluate(self.values)

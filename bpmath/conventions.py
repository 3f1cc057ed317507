"""Textbooks' conventions: what each calls the same quantities.

                     article               nielsen               row
    total error      E                     C                     L
    of one output    e_k                   C_k                   L_k
    layer            w_{kj}^{(3)}          w_{kj}^3              w_{jk}^2
    indices of w     to, from              to, from              from, to
    weights          bold W                w                     bold W
    vectors          columns               columns               rows
    W and b lead     into layer l          into layer l          from layer l
    forward          z^(l) = W^(l) a^(l-1) + b^(l)   z^l = w^l a^{l-1} + b^l   z^{l+1} = a^l W^l + b^l
    dE/da            a fraction            nabla_a C             a fraction

Layers keep the numbers that they have everywhere in bpmath, where layer 0 is the input and is called x:
Nielsen calls the input a^1, so his layer l + 1 is layer l here, in every convention.

Sources: Nielsen, Neural Networks and Deep Learning, 2015, chapter 2; with vectors in rows, as NumPy and
PyTorch store batches: Goodfellow, Bengio & Courville, Deep Learning, 2016, section 6.5.6.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from bpmath.matrices import MatrixSymbol
from bpmath.spelling import Name
from bpmath.symbols import Symbol

# u and the gates' other symbols have two indices as well, but only these belong to an edge.
_EDGE_LETTERS = ("w", "v")
_PARAMETER_LETTERS = ("w", "b", "W")
# An input of an expression is called by its text: x0 is x with the index 0.
_NUMBERED = re.compile(r"(?P<letter>[A-Za-z])_?(?P<number>\d+)")
_LAYER_NAME = re.compile(r"([^\W_]+)([+-]\d+)?")
_LAST = "L"


@dataclass(frozen=True)
class Convention:
    """What a textbook calls things, and how its vectors lie.

    `total_error`, `output_error`, `weights`   letters
    `bold`              whether matrices and vectors are set in bold
    `layer_in_parentheses`  w^(3), not w^3
    `source_first`      w_{jk} leads from j to k, not to j from k
    `parameter_shift`   what is added to the layer of W and b: -1 where they are numbered by where they start
    `vectors_in_rows`   z = a W + b, not z = W a + b
    `nabla`             the derivative with respect to a vector of activations is written as a gradient
    `transposition`     the sign of a transpose: "top" or "T"
    """

    total_error: str = "E"
    output_error: str = "e"
    weights: str = "W"
    bold: bool = True
    layer_in_parentheses: bool = True
    source_first: bool = False
    parameter_shift: int = 0
    vectors_in_rows: bool = False
    nabla: bool = False
    transposition: str = "top"


CONVENTIONS: dict[str, Convention] = {
    "article": Convention(),
    "nielsen": Convention(
        "C", "C", "w", bold=False, layer_in_parentheses=False, nabla=True, transposition="T"
    ),
    "row": Convention(
        "L", "L", layer_in_parentheses=False, source_first=True, parameter_shift=-1, vectors_in_rows=True
    ),
}


@dataclass(frozen=True)
class Naming:
    """The names of symbols in a convention, with letters for the numbers of `layers` where they are given.

    {2: "l"} names layer 2 "l", and so layer 1 "l-1" and layer 3 "l+1".  Raises ValueError when a name of a
    layer is no letter, word or number, with or without a whole number added or subtracted.
    """

    convention: Convention
    layers: Mapping[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for number, name in self.layers.items():
            if not isinstance(name, str) or not _LAYER_NAME.fullmatch(name.replace(" ", "")):
                raise ValueError(
                    f"layers: the name of layer {number} is {name!r}, but must be a letter, a word or a "
                    "number, such as 'l', or one with a whole number added or subtracted, such as 'l-1'"
                )

    def name(self, symbol: Symbol) -> Name:
        """Return what a scalar is called."""
        letter, layer, indices = symbol.letter, symbol.layer, symbol.indices
        if layer is None and not indices and (numbered := _NUMBERED.fullmatch(letter)):
            return Name(numbered["letter"], below=numbered["number"])
        if letter == "E" and layer is None:
            letter = self.convention.total_error
        elif letter == "e" and layer is None and len(indices) == 1:
            letter = self.convention.output_error
        elif letter == "x" and layer is None and len(indices) == 1 and 0 in self.layers:
            letter, layer = "a", 0
        if letter in _EDGE_LETTERS and self.convention.source_first:
            indices = indices[::-1]
        crowded = any(index > 9 for index in indices)
        return Name(letter, self._above(letter, layer), ("," if crowded else "").join(map(str, indices)))

    def matrix_name(self, matrix: MatrixSymbol) -> Name:
        """Return what a matrix or a vector is called; the activations of layer 0 are x."""
        letter, layer = matrix.letter, matrix.layer
        if letter in "ax" and not layer:
            letter, layer = ("a", 0) if 0 in self.layers else ("x", None)
        if letter == "e" and layer is None:
            # Bold always, for the letter alone may be that of the total error.
            return Name(self.convention.output_error, bold=True)
        above = self._above(letter, layer)
        return Name(self.convention.weights if letter == "W" else letter, above, bold=self.convention.bold)

    def gradient_name(self, matrix: MatrixSymbol) -> Name:
        """Return the name below a nabla: Nielsen's nabla_a C is the gradient in the last layer, L."""
        name = self.matrix_name(matrix)
        return replace(name, above="") if name.above.strip("()") == _LAST else name

    def _above(self, letter: str, layer: int | None) -> str:
        if layer is None:
            return ""
        shift = self.convention.parameter_shift if letter in _PARAMETER_LETTERS else 0
        name = self.layer_name(layer + shift)
        return f"({name})" if self.convention.layer_in_parentheses else name

    def layer_name(self, layer: int) -> str:
        """Return the name of a layer: its number, or by the nearest layer that has a name."""
        if not self.layers:
            return str(layer)
        nearest = min(self.layers, key=lambda number: (abs(number - layer), number))
        parsed = _LAYER_NAME.fullmatch(self.layers[nearest].replace(" ", ""))
        assert parsed is not None, "names are checked when they are given"
        base, offset = parsed[1], int(parsed[2] or 0) + layer - nearest
        if base.isdecimal():
            return str(int(base) + offset)
        return f"{base}{offset:+d}" if offset else base

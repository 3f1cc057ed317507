"""What a quantity of a network or an expression is called.

A symbol is a letter with a layer and indices, 1-based, exactly as a book prints it::

    w(3, 1, 2)     weight of layer 3, to node 1, from node 2
    b(2, 1)        bias of node 1 in layer 2
    z(2, 1)        weighted sum,   a(2, 1) its activation,   delta(2, 1) = dE/dz
    x(1), y(1)     first input, first target;   a(0, 1) is x(1)
    e(1), E        the error of the first output, and the total error
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Symbol:
    """The name of one scalar quantity: a letter, its layer (if it has one) and its indices."""

    letter: str
    layer: int | None = None
    indices: tuple[int, ...] = ()

    # Symbols are keys everywhere; a graph of 100,000 gates looks them up millions of times.
    # The hash is the same in every process, as that of a text is not: Manim writes it into the names under
    # which it keeps what it has rendered.
    def __post_init__(self) -> None:
        letter, layer = int.from_bytes(self.letter.encode()), -1 if self.layer is None else self.layer
        object.__setattr__(self, "_hash", hash((letter, layer, self.indices)))

    def __hash__(self) -> int:
        return self._hash  # type: ignore[attr-defined]

    def __reduce__(self) -> tuple[type[Symbol], tuple[str, int | None, tuple[int, ...]]]:
        return Symbol, (self.letter, self.layer, self.indices)

    def __str__(self) -> str:
        numbers = (*(() if self.layer is None else (self.layer,)), *self.indices)
        return f"{self.letter}({', '.join(map(str, numbers))})" if numbers else self.letter

    __repr__ = __str__


def _positive(name: str, **numbers: object) -> tuple[int, ...]:
    """Return the numbers as ints; raise ValueError naming the first that is not 1, 2, 3, ..."""
    whole: list[int] = []
    for argument, number in numbers.items():
        if isinstance(number, bool) or not isinstance(number, int | np.integer) or number < 1:
            raise ValueError(f"{name}: {argument} is {number!r}, but indices are whole numbers from 1 on")
        whole.append(int(number))
    return tuple(whole)


def w(layer: int, to: int, source: int) -> Symbol:
    """Return the weight into node `to` of `layer` from node `source` of the layer before."""
    layer, to, source = _positive("w", layer=layer, to=to, source=source)
    return Symbol("w", layer, (to, source))


def b(layer: int, node: int) -> Symbol:
    """Return the bias of a node."""
    layer, node = _positive("b", layer=layer, node=node)
    return Symbol("b", layer, (node,))


def z(layer: int, node: int) -> Symbol:
    """Return the weighted sum of a node: z = sum of w a, plus b."""
    layer, node = _positive("z", layer=layer, node=node)
    return Symbol("z", layer, (node,))


def a(layer: int, node: int) -> Symbol:
    """Return the activation of a node; layer 0 is the input, so a(0, k) is x(k)."""
    if layer == 0 and not isinstance(layer, bool):
        return x(node)
    layer, node = _positive("a", layer=layer, node=node)
    return Symbol("a", layer, (node,))


def delta(layer: int, node: int) -> Symbol:
    """Return the delta of a node: delta = dE/dz."""
    layer, node = _positive("delta", layer=layer, node=node)
    return Symbol("delta", layer, (node,))


def x(node: int) -> Symbol:
    """Return an input of the network."""
    return Symbol("x", None, _positive("x", node=node))


def y(node: int) -> Symbol:
    """Return the target of an output."""
    return Symbol("y", None, _positive("y", node=node))


def e(node: int) -> Symbol:
    """Return the error of one output."""
    return Symbol("e", None, _positive("e", node=node))


E = Symbol("E")
"""The total error: the sum of the errors of the outputs."""

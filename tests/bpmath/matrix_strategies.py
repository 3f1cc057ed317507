"""Hypothesis strategies: random matrix expressions, and numbers for everything that is named in them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from hypothesis import strategies as st

import bpmath as bp
from bpmath.algebra import (
    Apply,
    Delta,
    Derivative,
    Expression,
    Function,
    Negative,
    Number,
    Partial,
    Power,
    Product,
    Quantity,
    Quotient,
    Sum,
)
from bpmath.matrices import Array, Cells, MatrixDerivative, MatrixExpression, MatrixSymbol, Ones, Shape
from bpmath.matrix_algebra import (
    Diagonal,
    Entrywise,
    Hadamard,
    MatrixNegative,
    MatrixProduct,
    MatrixSum,
    Transpose,
)
from bpmath.symbols import Symbol

SIGMA = Function("sigmoid", lambda z: 1 / (1 + np.exp(-z)))
SLOPE = Function("tanh'", lambda z: 1 - np.tanh(z) ** 2)


@dataclass(frozen=True)
class Named:
    """A number between -1 and 1 for every name, other ones for each seed; a matrix has those of its entries.

    A matrix is filled by the letters of its name: W with w, D with d, the derivatives with respect to W with
    those with respect to w.  delta is dE/dz.
    """

    seed: int

    def _number(self, kind: str, layer: int | None, indices: tuple[int, ...]) -> float:
        letters = [ord(letter) for letter in kind]
        numbers = [self.seed, *letters, 0 if layer is None else layer + 1, *indices]
        return round(float(np.random.default_rng(numbers).uniform(-1, 1)), 6)

    def value(self, symbol: Symbol) -> float:
        """Return the value of a quantity."""
        return self._number(symbol.letter, symbol.layer, symbol.indices)

    def partial(self, of: Symbol, wrt: Symbol, occurrence: int = 0) -> float:
        """Return a local derivative."""
        return self._number(f"{of} {wrt} {occurrence}", None, ())

    def derivative(self, of: Symbol, wrt: Symbol) -> float:
        """Return a whole derivative."""
        return self._number(f"d{wrt.letter}", wrt.layer, wrt.indices)

    def matrix(self, name: MatrixSymbol | MatrixDerivative) -> Array:
        """Return a matrix by its name, vectors as columns."""
        of = name if isinstance(name, MatrixSymbol) else name.wrt
        letter, layer = of.letter.lower(), of.layer
        if letter == "a" and layer == 0:
            letter, layer = "x", None
        if letter == "delta":
            letter = "dz"
        elif isinstance(name, MatrixDerivative):
            letter = f"d{letter}"
        vector = of.letter not in ("W", "D")
        filled = np.empty((of.size.rows, of.size.columns))
        for row, column in np.ndindex(filled.shape):
            indices = (row + 1,) if vector else (row + 1, column + 1)
            filled[row, column] = self._number(letter, layer, indices)
        return filled


def named() -> st.SearchStrategy[Named]:
    """Numbers for everything that has a name."""
    return st.integers(0, 2**16).map(Named)


LAYERS = st.integers(1, 3)
LENGTHS = st.integers(1, 3)


def scalars() -> st.SearchStrategy[Expression]:
    """Scalar expressions of every kind whose value is finite."""
    index = st.integers(1, 12)
    symbol = st.one_of(
        st.builds(bp.w, LAYERS, index, index),
        st.builds(bp.b, LAYERS, index),
        st.builds(bp.a, st.integers(0, 3), index),
        st.builds(bp.e, index),
        st.just(bp.E),
    )
    leaf: st.SearchStrategy[Expression] = st.one_of(
        st.builds(Quantity, symbol),
        st.builds(Number, st.integers(-12, 12)),
        st.builds(Delta, LAYERS, index),
        st.builds(Partial, symbol, symbol),
        st.builds(Derivative, st.just(bp.E), symbol),
    )
    return st.recursive(leaf, _scalar_compounds, max_leaves=4)


def _scalar_compounds(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    pair = st.tuples(inner, inner)
    return st.one_of(
        st.builds(Sum, pair),
        st.builds(Product, pair),
        st.builds(Negative, inner),
        st.builds(Quotient, inner, st.builds(lambda k: Sum((Number(1), Number(k))), st.integers(1, 9))),
        st.builds(Power, inner, st.just(Number(2))),
        st.builds(Apply, st.just(SIGMA), st.tuples(inner)),
    )


@st.composite
def matrices(draw: st.DrawFn, shape: Shape | None = None, depth: int = 3) -> MatrixExpression:
    """Matrix expressions of every kind; of a shape, or of any."""
    shape = shape or Shape(draw(LENGTHS), draw(LENGTHS))
    if depth == 0:
        return draw(leaves(shape))
    kinds: list[Callable[[], MatrixExpression]] = [
        lambda: draw(leaves(shape)),
        lambda: _product(draw, shape, depth),
        lambda: Hadamard((draw(matrices(shape, depth - 1)), draw(matrices(shape, depth - 1)))),
        lambda: MatrixSum((draw(matrices(shape, depth - 1)), draw(matrices(shape, depth - 1)))),
        lambda: MatrixNegative(draw(matrices(shape, depth - 1))),
        lambda: Transpose(draw(matrices(shape.transposed, depth - 1))),
        lambda: Entrywise(draw(st.sampled_from([SIGMA, SLOPE])), draw(matrices(shape, depth - 1))),
    ]
    if shape.rows == shape.columns:
        vector = draw(st.sampled_from([Shape(shape.rows, 1), Shape(1, shape.rows)]))
        kinds.append(lambda: Diagonal(draw(matrices(vector, depth - 1))))
    return draw(st.sampled_from(kinds))()


def _product(draw: st.DrawFn, shape: Shape, depth: int) -> MatrixProduct:
    inner = draw(st.lists(LENGTHS, min_size=1, max_size=2))
    lengths = [shape.rows, *inner, shape.columns]
    shapes = [Shape(rows, columns) for rows, columns in pairwise(lengths)]
    return MatrixProduct(tuple(draw(matrices(each, depth - 1)) for each in shapes))


@st.composite
def leaves(draw: st.DrawFn, shape: Shape) -> MatrixExpression:
    """Matrix expressions of a shape that have no matrices inside."""
    layer = draw(LAYERS)
    weights = MatrixSymbol("W", layer, shape)
    kinds: list[MatrixExpression] = [weights, MatrixDerivative(weights), MatrixSymbol("D", None, shape)]
    if shape.columns == 1:
        kinds += [MatrixSymbol(letter, layer, shape) for letter in ("b", "z", "a", "delta")]
        kinds += [MatrixSymbol(letter, None, shape) for letter in ("x", "y", "e")]
        kinds += [MatrixDerivative(MatrixSymbol("a", layer, shape)), MatrixSymbol("a", 0, shape)]
    if 1 in (shape.rows, shape.columns):
        kinds.append(Ones(shape))
    row = st.tuples(*[scalars()] * shape.columns)
    kinds.append(Cells(draw(st.tuples(*[row] * shape.rows))))
    return draw(st.sampled_from(kinds))

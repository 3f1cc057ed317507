"""The gradients of a matrix product, found from the shapes alone and then checked.

For D = W X and a scalar E of D, dE/dW has the shape of W and dE/dX the shape of X, and there is only one
way to multiply dE/dD with X (or with W) that has it:

    dE/dW = dE/dD X^T        (n, m) = (n, p) (p, m)
    dE/dX = W^T dE/dD        (m, p) = (m, n) (n, p)

Source: Karpathy, CS231n course notes, Backpropagation, section "Gradients for vectorized operations".
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import product as every_pair

import numpy as np
from numpy.typing import ArrayLike

from bpmath import operations as gates
from bpmath.equations import FalseEquation
from bpmath.graph import Graph, Node
from bpmath.matrices import Array, MatrixDerivative, MatrixExpression, MatrixSymbol, Shape, ShapeError
from bpmath.matrix_algebra import MatrixProduct, Transpose
from bpmath.matrix_equations import MatrixEquation
from bpmath.symbols import E, Symbol
from bpmath.trace import Trace

STEP = 1e-3
AGREEMENT = 1e-9


@dataclass(frozen=True)
class Attempt:
    """Two matrices side by side; they can be multiplied where the inner sides are as long as each other."""

    left: MatrixExpression
    right: MatrixExpression

    @property
    def fits(self) -> bool:
        """Whether the product exists: the left one has as many columns as the right one has rows."""
        return self.left.shape.columns == self.right.shape.rows

    @property
    def product(self) -> MatrixProduct:
        """The product; ShapeError where there is none."""
        return MatrixProduct((self.left, self.right))


@dataclass(frozen=True)
class Agreement:
    """How far the entries of a gradient, row by row, are from difference quotients."""

    differences: tuple[float, ...]

    @property
    def agrees(self) -> tuple[bool, ...]:
        """Which entries agree."""
        return tuple(difference <= AGREEMENT for difference in self.differences)

    @property
    def agreeing(self) -> int:
        """How many agree."""
        return sum(self.agrees)

    @property
    def entries(self) -> int:
        """How many there are."""
        return len(self.differences)

    @property
    def largest(self) -> float:
        """The largest difference."""
        return max(self.differences)


@dataclass(frozen=True, eq=False)
class ProductGradients:
    """D = W X at given matrices, with dE/dD given: E is the sum of dE/dD * D, entry by entry.

    Shapes: W (n, m), X (m, p), gradient (n, p).  `product_gradients` makes one and checks the shapes.
    """

    W: Array
    X: Array
    gradient: Array

    def _name(self, letter: str) -> MatrixSymbol:
        array = {"W": self.W, "X": self.X, "D": self.gradient}[letter]
        return MatrixSymbol(letter, None, Shape(*array.shape))

    @cached_property
    def _values(self) -> _ProductValues:
        return _ProductValues(self)

    def forward(self) -> MatrixEquation:
        """Return D = W X."""
        return MatrixEquation(
            self._name("D"), MatrixProduct((self._name("W"), self._name("X"))), self._values
        )

    def attempts(self, letter: str) -> tuple[Attempt, ...]:
        """Return all ways to set dE/dD and the other matrix side by side, each transposed or not: eight.

        `letter` is "W" or "X": whose gradient is looked for.
        """
        if letter not in ("W", "X"):
            raise ValueError(f"letter is {letter!r}, but it must be W or X")
        upstream = MatrixDerivative(self._name("D"))
        other = self._name("X" if letter == "W" else "W")
        return tuple(Attempt(*pair) for pair in (*_orders(upstream, other), *_orders(other, upstream)))

    def candidates(self, letter: str) -> tuple[MatrixExpression, ...]:
        """Return every product of dE/dD and the other matrix, transposed or not, that has the right shape.

        `letter` is "W" or "X".  One is right; more than one fits only where shapes coincide.
        """
        products = (attempt.product for attempt in self.attempts(letter) if attempt.fits)
        return tuple(product for product in products if product.shape == self._name(letter).shape)

    def backward(self, letter: str) -> MatrixEquation:
        """Return dE/dW = dE/dD X^T or dE/dX = W^T dE/dD: the candidate that is executed and true.

        The left-hand side is swept backwards through the graph of all scalar products and sums.
        """
        candidates = self.candidates(letter)
        for candidate in candidates:
            try:
                return MatrixEquation(MatrixDerivative(self._name(letter)), candidate, self._values)
            except FalseEquation:
                continue
        raise FalseEquation(f"none of the {len(candidates)} products of the right shape is the gradient")

    def check(self, letter: str) -> Agreement:
        """Compare `backward` with (E(. + h) - E(. - h)) / 2h, entry by entry: E is linear in each."""
        found = self.backward(letter).value
        given = {"W": self.W, "X": self.X}
        differences: list[float] = []
        for place in np.ndindex(found.shape):
            moved = []
            for step in (STEP, -STEP):
                nudged = given[letter].copy()
                nudged[place] += step
                moved.append(self._error(**{**given, letter: nudged}))
            differences.append(float(abs((moved[0] - moved[1]) / (2 * STEP) - found[place])))
        return Agreement(tuple(differences))

    def _error(self, W: Array, X: Array) -> float:
        return float((self.gradient * (W @ X)).sum())


def product_gradients(W: ArrayLike, X: ArrayLike, gradient: ArrayLike | None = None) -> ProductGradients:
    """Return the gradients of D = W X, for dE/dD = `gradient` (all ones when None).

    Raises ShapeError when the shapes do not fit, ValueError for numbers that are not finite.
    """
    left, right = np.asarray(W, dtype=float), np.asarray(X, dtype=float)
    if left.ndim != 2 or right.ndim != 2 or left.shape[1] != right.shape[0] or not left.size * right.size:
        raise ShapeError(
            f"W has shape {left.shape} and X {right.shape}, but they must be (n, m) and (m, p), none 0"
        )
    shape = (left.shape[0], right.shape[1])
    upstream = np.ones(shape) if gradient is None else np.asarray(gradient, dtype=float)
    if upstream.shape != shape:
        raise ShapeError(f"gradient has shape {upstream.shape}, but W X has {shape}")
    if not all(np.isfinite(array).all() for array in (left, right, upstream)):
        raise ValueError("W, X and gradient must hold finite numbers")
    return ProductGradients(left, right, upstream)


def example_product(n: int = 5, m: int = 10, p: int = 3) -> ProductGradients:
    """Return a product of W (n, m) and X (m, p) of numbers with one digit behind the point, none 0."""
    rng = np.random.default_rng(0)

    def numbers(rows: int, columns: int) -> Array:
        signs = rng.choice((-1, 1), (rows, columns))
        return np.asarray(signs * rng.integers(1, 10, (rows, columns)) / 10)

    return product_gradients(numbers(n, m), numbers(m, p), numbers(n, p))


def _orders(
    left: MatrixExpression, right: MatrixExpression
) -> list[tuple[MatrixExpression, MatrixExpression]]:
    return list(every_pair((left, Transpose(left)), (right, Transpose(right))))


@dataclass(frozen=True, eq=False)
class _ProductValues:
    """Serves equations from the graph e = sum of g_ij d_ij, d_ij = sum of w_ik x_kj."""

    given: ProductGradients

    @cached_property
    def _trace(self) -> Trace:
        W, X, G = self.given.W, self.given.X, self.given.gradient
        values = _entries("w", W) | _entries("x", X) | _entries("g", G)
        nodes = [Node(symbol) for symbol in values]
        weighted = []
        for i, j in np.ndindex(G.shape):
            pairs = [s for k in range(W.shape[1]) for s in (_at("w", i, k), _at("x", k, j))]
            terms = [Symbol("term", None, (i + 1, j + 1, k + 1)) for k in range(W.shape[1])]
            nodes += [Node(t, gates.MULTIPLY, (pairs[2 * k], pairs[2 * k + 1])) for k, t in enumerate(terms)]
            nodes.append(Node(_at("d", i, j), gates.ADD, tuple(terms)))
            weighted.append(_at("weighted", i, j))
            nodes.append(Node(weighted[-1], gates.MULTIPLY, (_at("g", i, j), _at("d", i, j))))
        nodes.append(Node(E, gates.ADD, tuple(weighted)))
        return Graph(tuple(nodes), E).evaluate(values)

    def value(self, symbol: Symbol) -> float:
        return self._trace.value(symbol)

    def partial(self, of: Symbol, wrt: Symbol, occurrence: int = 0) -> float:
        return self._trace.partial(of, wrt, occurrence)

    def derivative(self, of: Symbol, wrt: Symbol) -> float:
        return self._trace.derivative(of, wrt)

    def matrix(self, name: MatrixSymbol | MatrixDerivative) -> Array:
        if isinstance(name, MatrixSymbol):
            known = {"W": self.given.W, "X": self.given.X}
            return known[name.letter] if name.letter in known else self._swept(name, self._trace.value)
        derivative = self._trace.reverse().derivative
        return self._swept(name.wrt, lambda symbol: derivative[symbol])

    @staticmethod
    def _swept(name: MatrixSymbol, find: Callable[[Symbol], float]) -> Array:
        array = np.empty((name.size.rows, name.size.columns))
        for i, j in np.ndindex(array.shape):
            array[i, j] = find(_at(name.letter.lower(), i, j))
        return array


def _at(letter: str, i: int, j: int) -> Symbol:
    return Symbol(letter, None, (i + 1, j + 1))


def _entries(letter: str, array: Array) -> dict[Symbol, float]:
    return {_at(letter, i, j): float(value) for (i, j), value in np.ndenumerate(array)}

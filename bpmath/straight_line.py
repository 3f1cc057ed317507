"""The passes of one sample through a small network, written out as Python, a line for each quantity.

For a few numbers, NumPy spends its time on getting ready.  So for an architecture (sizes, activations and
loss) the source of two functions over plain floats is written here, once, and compiled, as the standard
library's dataclasses are: only names and numbers made here enter it.  It is source to be read, too:

    z_1_1 = w_1_1_1 * x_1 + w_1_1_2 * x_2 + b_1_1
    a_1_1 = 1.0 / (1.0 + exp(-z_1_1))

Names are those of `bpmath.symbols`, as printed: w_2_1_3 is w(2, 1, 3), to node 1 of layer 2 from node 3 of
layer 1; da_2_1 is dE/da(2, 1), and dw_2_1_3 is dE/dw(2, 1, 3).  Every operation is that of
`bpmath.activations`, `bpmath.losses` and `bpmath.passes`, in the same order.

Both functions leave what is out of the ordinary to the vectorised passes: they return None, or raise
OverflowError.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from bpmath.losses import ALMOST_ONE, TINY, UNIT_SUM_TOLERANCE

if TYPE_CHECKING:
    from bpmath.network import Network

Floats = Sequence[float]
Forward = Callable[[Floats, Floats, Floats], "tuple[float, tuple[float, ...]] | None"]
Backward = Callable[[Floats, Floats], "tuple[float, ...] | None"]

LARGEST = 64
"""With so many weights and biases these passes are faster, even where all arrays are asked for in the end."""

ARCHITECTURES = 256
"""How many architectures are kept compiled."""

IN_SOURCE = {name: getattr(math, name) for name in ("exp", "isfinite", "log", "log1p", "tanh")}
INDENT = "    "


@dataclass(frozen=True)
class Formula:
    """An activation a = value and its derivative da/dz = slope, in Python, of {z} and {a}."""

    value: str
    slope: str


SIGMOID = "1.0 / (1.0 + exp(-{z}))"

FORMULAS = {
    "identity": Formula("{z}", "1.0"),
    "sigmoid": Formula(SIGMOID, "(1.0 - {a}) * {a}"),
    "tanh": Formula("tanh({z})", "(1.0 - {a} * {a})"),
    "relu": Formula("{z} if {z} > 0.0 else 0.0", "(1.0 if {z} > 0.0 else 0.0)"),
    "leaky_relu": Formula("{z} if {z} > 0.0 else 0.01 * {z}", "(1.0 if {z} > 0.0 else 0.01)"),
    "softplus": Formula("{z} + log1p(exp(-{z})) if {z} > 0.0 else log1p(exp({z}))", SIGMOID),
}
"""The activations by name, each in a form that does not overflow where it can be helped."""


@dataclass(frozen=True)
class StraightLine:
    """The two passes of an architecture, as source and compiled.

    forward(parameters, x, y)        E, and the values of x, y, z, a and e: layer by layer, e last
    backward(parameters, values)     the gradients delta and dW: each from the last layer to the first

    `parameters` are in the order of `Network.parameters`; everything is a float or a tuple of floats,
    weights and their gradients row by row.
    """

    sizes: tuple[int, ...]
    activations: tuple[str, ...]
    loss: str
    forward_source: str = field(repr=False)
    backward_source: str = field(repr=False)
    forward: Forward = field(repr=False, compare=False)
    backward: Backward = field(repr=False, compare=False)

    def __reduce__(self) -> tuple[Any, ...]:
        """Return how to make it again, for a function without a file cannot be copied."""
        return compiled, (self.sizes, self.activations, self.loss)


def straight_line(network: Network) -> StraightLine:
    """Return the passes of one sample through a network of this architecture, written out as Python.

    Raises ValueError for a network with more than LARGEST weights and biases.
    """
    if not is_small(network):
        raise ValueError(
            f"network has {parameter_count(network)} weights and biases, but passes are written out for at "
            f"most {LARGEST}"
        )
    return compiled(network.sizes, network.activations, network.loss)


def parameter_count(network: Network) -> int:
    """Return the number of weights and biases."""
    return sum((n_in + 1) * n_out for n_in, n_out in pairwise(network.sizes))


def is_small(network: Network) -> bool:
    """Return whether these passes are the faster ones."""
    return parameter_count(network) <= LARGEST


@lru_cache(ARCHITECTURES)
def compiled(sizes: tuple[int, ...], activations: tuple[str, ...], loss: str) -> StraightLine:
    """Return the passes of an architecture, with names that the tables of activations and losses have."""
    writer = _Writer(sizes, activations, loss)
    forward, backward = "\n".join(writer.forward()) + "\n", "\n".join(writer.backward()) + "\n"
    namespace: dict[str, Any] = dict(IN_SOURCE)
    exec(compile(forward + backward, f"<passes of {'-'.join(map(str, sizes))}>", "exec"), namespace)
    functions = namespace["forward"], namespace["backward"]
    return StraightLine(sizes, activations, loss, forward, backward, *functions)


@dataclass(frozen=True)
class _Writer:
    """Writes the source of an architecture, line by line."""

    sizes: tuple[int, ...]
    activations: tuple[str, ...]
    loss: str

    def forward(self) -> Iterator[str]:
        """Write the forward pass."""
        yield "def forward(parameters, x, y):"
        yield from _unpacked(self._parameters(), "parameters")
        yield f"{INDENT}[{_listed(self._layer('x', 0))}] = x"
        yield f"{INDENT}[{_listed(self._layer('y', self._last))}] = y"
        yield from self._checked_targets()
        for layer, name in enumerate(self.activations, 1):
            for node in self._nodes(layer):
                z, a = f"z_{layer}_{node}", f"a_{layer}_{node}"
                weighed = (f"w_{layer}_{node}_{j} * {self._a(layer - 1, j)}" for j in self._nodes(layer - 1))
                yield f"{INDENT}{z} = {' + '.join(weighed)} + b_{layer}_{node}"
                yield f"{INDENT}{a} = {FORMULAS[name].value.format(z=z, a=a)}"
        yield from self._errors()
        yield f"{INDENT}E = {' + '.join(self._layer('e', self._last))}"
        sums = (z for layer in self._layers for z in self._layer("z", layer))
        yield f"{INDENT}if not isfinite({' + '.join(sums)} + E):"
        yield f"{INDENT * 2}return None"
        yield from _bracketed(f"{INDENT}return E, ", self._values())

    def backward(self) -> Iterator[str]:
        """Write the backward pass."""
        yield "def backward(parameters, values):"
        yield from _unpacked(self._parameters(), "parameters")
        yield from _unpacked(self._values(), "values")
        yield from self._loss_gradient()
        for layer in reversed(self._layers):
            if layer < self._last:
                yield from self._propagated(layer)
            slope = FORMULAS[self.activations[layer - 1]].slope
            for node in self._nodes(layer):
                z, a = f"z_{layer}_{node}", f"a_{layer}_{node}"
                yield f"{INDENT}delta_{layer}_{node} = {slope.format(z=z, a=a)} * da_{layer}_{node}"
            for node in self._nodes(layer):
                for j in self._nodes(layer - 1):
                    value = f"delta_{layer}_{node} * {self._a(layer - 1, j)}"
                    yield f"{INDENT}dw_{layer}_{node}_{j} = {value}"
        gradients = [self._weights("dw", layer) for layer in reversed(self._layers)]
        yield f"{INDENT}if not isfinite({' + '.join(name for names in gradients for name in names)}):"
        yield f"{INDENT * 2}return None"
        deltas = [self._layer("delta", layer) for layer in reversed(self._layers)]
        yield from _bracketed(f"{INDENT}return ", [*deltas, *gradients])

    def _propagated(self, layer: int) -> Iterator[str]:
        for node in self._nodes(layer):
            above = (f"w_{layer + 1}_{k}_{node} * delta_{layer + 1}_{k}" for k in self._nodes(layer + 1))
            yield f"{INDENT}da_{layer}_{node} = {' + '.join(above)}"

    def _checked_targets(self) -> Iterator[str]:
        if self.loss not in ("binary_cross_entropy", "softmax_cross_entropy"):
            return
        targets = self._layer("y", self._last)
        conditions = [f"0.0 <= {y} <= 1.0" for y in targets]
        if self.loss == "softmax_cross_entropy":
            conditions.append(f"abs({' + '.join(targets)} - 1.0) <= {UNIT_SUM_TOLERANCE!r}")
        yield f"{INDENT}if not ({' and '.join(conditions)}):"
        yield f"{INDENT * 2}return None"

    # 0.0 - e, and not -e, for an error of 0 is not to be -0.
    def _errors(self) -> Iterator[str]:
        n = self.sizes[-1]
        if self.loss == "softmax_cross_entropy":
            yield from self._softmax()
            yield f"{INDENT}log_total = log(total)"
        for k in self._nodes(self._last):
            a, y, e = f"a_{self._last}_{k}", f"y_{k}", f"{INDENT}e_{k} ="
            match self.loss:
                case "binary_cross_entropy":
                    yield f"{INDENT}if not {TINY!r} <= {a} <= {ALMOST_ONE!r}:"
                    yield f"{INDENT * 2}return None"
                    yield f"{e} 0.0 - ({y} * log({a}) + (1.0 - {y}) * log1p(-{a}))"
                case "softmax_cross_entropy":
                    yield f"{e} 0.0 - {y} * ({a} - largest - log_total)"
                case _:
                    factor = "* 0.5" if self.loss == "squared_error" else f"/ {n}.0"
                    yield f"{INDENT}error_{k} = {a} - {y}"
                    yield f"{e} error_{k} * error_{k} {factor}"

    def _softmax(self) -> Iterator[str]:
        outputs = self._layer("a", self._last)
        yield f"{INDENT}largest = {f'max({_listed(outputs)})' if len(outputs) > 1 else outputs[0]}"
        for k, a in enumerate(outputs, 1):
            yield f"{INDENT}exp_{k} = exp({a} - largest)"
        yield f"{INDENT}total = {' + '.join(f'exp_{k}' for k in self._nodes(self._last))}"

    def _loss_gradient(self) -> Iterator[str]:
        if self.loss == "softmax_cross_entropy":
            yield from self._softmax()
            targets = " + ".join(self._layer("y", self._last))
            yield f"{INDENT}scale = ({targets}) / total"
        for k in self._nodes(self._last):
            a, y, da = f"a_{self._last}_{k}", f"y_{k}", f"{INDENT}da_{self._last}_{k} ="
            match self.loss:
                case "squared_error":
                    yield f"{da} {a} - {y}"
                case "mean_squared_error":
                    yield f"{da} ({a} - {y}) * {2.0 / self.sizes[-1]!r}"
                case "binary_cross_entropy":
                    yield f"{da} ({a} - {y}) / ({a} * (1.0 - {a}))"
                case "softmax_cross_entropy":
                    yield f"{da} exp_{k} * scale - {y}"

    @property
    def _last(self) -> int:
        return len(self.sizes) - 1

    @property
    def _layers(self) -> range:
        return range(1, len(self.sizes))

    def _nodes(self, layer: int) -> range:
        return range(1, self.sizes[layer] + 1)

    def _a(self, layer: int, node: int) -> str:
        return f"a_{layer}_{node}" if layer else f"x_{node}"

    def _layer(self, letter: str, layer: int) -> list[str]:
        """Return the names of the quantities of a layer: x_1, y_1 and e_1, but z_2_1."""
        prefix = letter if letter in ("x", "y", "e") else f"{letter}_{layer}"
        return [f"{prefix}_{node}" for node in self._nodes(layer)]

    def _weights(self, letter: str, layer: int) -> list[str]:
        nodes, sources = self._nodes(layer), self._nodes(layer - 1)
        return [f"{letter}_{layer}_{node}_{j}" for node in nodes for j in sources]

    def _parameters(self) -> list[list[str]]:
        return [names for l in self._layers for names in (self._weights("w", l), self._layer("b", l))]

    def _values(self) -> list[list[str]]:
        sums, outputs = ([self._layer(letter, l) for l in self._layers] for letter in "za")
        last = self._last
        return [self._layer("x", 0), self._layer("y", last), *sums, *outputs, self._layer("e", last)]


def _listed(names: list[str]) -> str:
    return ", ".join(names)


def _bracketed(start: str, rows: list[list[str]], end: str = "") -> Iterator[str]:
    """Write a tuple of names, a line for each row; the comma at its end keeps a single name a tuple."""
    yield f"{start}("
    yield from (f"{INDENT * 2}{_listed(names)}," for names in rows)
    yield f"{INDENT}){end}"


def _unpacked(rows: list[list[str]], whole: str) -> Iterator[str]:
    yield from _bracketed(INDENT, rows, f" = {whole}")

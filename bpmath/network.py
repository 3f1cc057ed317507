"""Fully connected networks: sizes, weights, biases, activations and a loss.

    z[l] = W[l] a[l-1] + b[l],   a[l] = f_l(z[l]),   a[0] = x,   E = e_1 + ... + e_n

Layers are numbered as printed: layer 0 is the input, layer l has the weights `weights[l - 1]`.
"""

from __future__ import annotations

import math
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from bpmath import symbols
from bpmath.activations import LEAK, Array
from bpmath.losses import loss_named
from bpmath.straight_line import StraightLine, is_small, straight_line
from bpmath.symbols import Symbol
from bpmath.validation import (
    check_memory,
    counted,
    finite,
    layer_activations,
    layer_biases,
    layer_sizes,
    layer_weights,
    numbers,
    whole,
)

if TYPE_CHECKING:
    from bpmath.graph import Graph

LARGEST_RANDOM_BIAS = 0.1


@dataclass(frozen=True, init=False, eq=False, repr=False)
class Network:
    """A fully connected network; it cannot be changed, and its arrays are read-only copies in float64.

    `weights[l - 1]` has shape (n[l], n[l - 1]): row = to, column = from.  `biases[l - 1]` has shape (n[l],).
    `activations` has a name for each layer, and `layers` is the number L of layers with weights.
    """

    sizes: tuple[int, ...]
    weights: tuple[Array, ...]
    biases: tuple[Array, ...]
    activations: tuple[str, ...]
    loss: str

    def __init__(
        self,
        weights: Sequence[ArrayLike] | Array,
        biases: Sequence[ArrayLike] | Array,
        activation: str | Sequence[str] = "sigmoid",
        loss: str = "squared_error",
    ) -> None:
        """Make a network of a matrix of weights and a vector of biases for each layer.

        `activation` is one name, or one for each layer.  With one name, the last layer takes the activation
        that the loss requires, if it requires one (sigmoid for binary_cross_entropy, identity for
        softmax_cross_entropy).  Raises ValueError for whatever does not fit together.
        """
        matrices = layer_weights(weights)
        vectors = layer_biases(biases, matrices)
        self._fill(matrices, vectors, layer_activations(activation, loss, len(matrices)), loss)

    def _fill(
        self, weights: Iterable[Array], biases: Iterable[Array], activations: tuple[str, ...], loss: str
    ) -> None:
        weights, biases = tuple(weights), tuple(biases)
        for array in (*weights, *biases):
            array.setflags(write=False)
        sizes = (weights[0].shape[1], *(matrix.shape[0] for matrix in weights))
        self.__dict__.update(sizes=sizes, weights=weights, biases=biases, activations=activations, loss=loss)

    @classmethod
    def random(
        cls,
        sizes: Sequence[int],
        activation: str | Sequence[str] = "sigmoid",
        loss: str = "squared_error",
        seed: int = 0,
    ) -> Network:
        """Return a network of those sizes, input first, with random weights and small random biases.

        Into ReLU-like layers the weights are normal with variance 2 / n_in (He et al., Delving Deep into
        Rectifiers, 2015); into the others they are uniform within +-sqrt(6 / (n_in + n_out)) (Glorot &
        Bengio, Understanding the Difficulty of Training Deep Feedforward Neural Networks, 2010).  Biases are
        uniform within +-0.1, not zero, so that every gradient is worth a look.  Raises ValueError.
        """
        widths = layer_sizes(sizes)
        check_memory(widths)
        activations = layer_activations(activation, loss, len(widths) - 1)
        generator = np.random.default_rng(whole("seed", seed, smallest=0))
        weights, biases = [], []
        for (n_in, n_out), name in zip(pairwise(widths), activations, strict=True):
            weights.append(_random_weights(generator, n_in, n_out, name))
            biases.append(generator.uniform(-LARGEST_RANDOM_BIAS, LARGEST_RANDOM_BIAS, n_out))
        return cls(weights, biases, activations, loss)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Network:
        """Return the network of a .toml, .json or .npz file, to the bit as it was saved, or written by hand.

        `bpmath.network_files` shows what such a file looks like.  Raises FileNotFoundError, and ValueError,
        naming the file and the key, for whatever is no network.
        """
        from bpmath.network_files import load_network

        return load_network(path)

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the network to a .toml, .json or .npz file, as a whole or not at all.

        A file that was there is replaced.  Raises ValueError for another suffix and FileNotFoundError for a
        folder that does not exist.
        """
        from bpmath.network_files import save_network

        save_network(self, path)

    @classmethod
    def from_torch(cls, module: Any, loss: str = "squared_error") -> Network:
        """Return the network of a torch.nn.Sequential of Linear and activations, its numbers in float64.

        `bpmath.torch_networks` tells what is accepted.  Raises ValueError, naming the module, for anything
        else, and ImportError where PyTorch is not installed.
        """
        from bpmath.torch_networks import network_of

        return network_of(module, loss)

    @property
    def layers(self) -> int:
        """The number L of layers with weights."""
        return len(self.weights)

    @cached_property
    def straight_line(self) -> StraightLine | None:
        """The passes of one sample written out as Python; None for a network too large for them."""
        return straight_line(self) if is_small(self) else None

    @cached_property
    def parameter_values(self) -> tuple[float, ...]:
        """The values of all weights and biases, in the order of `parameters`."""
        layers = zip(self.weights, self.biases, strict=True)
        return tuple(number for W, b in layers for number in (*W.ravel().tolist(), *b.tolist()))

    def parameters(self) -> tuple[Symbol, ...]:
        """Return the symbols of all weights and biases: layer by layer, weights row by row, then biases."""
        return tuple(
            symbol
            for layer, (n_in, n_out) in enumerate(pairwise(self.sizes), 1)
            for symbol in (
                *(symbols.w(layer, k, j) for k in range(1, n_out + 1) for j in range(1, n_in + 1)),
                *(symbols.b(layer, k) for k in range(1, n_out + 1)),
            )
        )

    def value(self, symbol: Symbol) -> float:
        """Return the value of a weight or bias; ValueError if this network does not have it."""
        array, index = self._located(symbol)
        return float(array[index])

    def with_parameter(self, symbol: Symbol, value: float) -> Network:
        """Return the same network with another value for one weight or bias; ValueError as for `value`."""
        array, index = self._located(symbol)
        changed = array.copy()
        changed[index] = finite("value", value)
        weights = (changed if matrix is array else matrix for matrix in self.weights)
        biases = (changed if vector is array else vector for vector in self.biases)
        return with_arrays(self, weights, biases)

    def graph(self, *, expanded: bool = False) -> Graph:
        """Return the network as a scalar computational graph, from x, w and b up to E.

        With `expanded`, down to single gates of arithmetic; `bpmath.network_graph` tells their names.  They
        take the formulas at their word.  Where 1 / (1 + exp(-z)) has a z under -709, or binary_cross_entropy
        an output of exactly 0 or 1, evaluation raises DomainError; for z under -355 the slope of the
        reciprocal is too small for a float; and where an output a of binary_cross_entropy comes close to 1,
        its gradients have a relative error of about 1e-16 / (1 - a), for so many digits 1 - a has lost.
        """
        from bpmath.network_graph import expanded_graph_of, graph_of

        return expanded_graph_of(self) if expanded else graph_of(self)

    def _located(self, symbol: Symbol) -> tuple[Array, tuple[int, ...]]:
        """Return the array that holds a parameter and its index there."""
        if not isinstance(symbol, Symbol) or symbol.letter not in ("w", "b") or symbol.layer is None:
            raise ValueError(
                f"symbol is {symbol!r}, but must be a weight w(layer, to, source) or a bias b(layer, node)"
            )
        if not 1 <= symbol.layer <= self.layers:
            raise ValueError(f"{symbol} does not exist: the layers of this network are 1 to {self.layers}")
        array = (self.weights if symbol.letter == "w" else self.biases)[symbol.layer - 1]
        index = tuple(number - 1 for number in symbol.indices)
        if len(index) != array.ndim or not all(0 <= i < n for i, n in zip(index, array.shape, strict=True)):
            ranges = ", ".join(f"1 to {n}" for n in array.shape)
            raise ValueError(
                f"{symbol} does not exist: the indices of {symbol.letter} in layer {symbol.layer} are "
                f"({ranges})"
            )
        return array, index

    def __eq__(self, other: object) -> bool:
        """Return whether all parameters, activations and the loss are the same."""
        if not isinstance(other, Network):
            return NotImplemented
        names = (self.sizes, self.activations, self.loss) == (other.sizes, other.activations, other.loss)
        pairs = zip((*self.weights, *self.biases), (*other.weights, *other.biases), strict=False)
        return names and all(np.array_equal(mine, theirs) for mine, theirs in pairs)

    def __hash__(self) -> int:
        """Return a hash that is the same for equal networks."""
        return hash((self.sizes, self.activations, self.loss))

    def __repr__(self) -> str:
        """Return the sizes, activations and loss, without the numbers."""
        names = set(self.activations)
        activation = self.activations[0] if len(names) == 1 else self.activations
        return f"Network(sizes={self.sizes}, activation={activation!r}, loss={self.loss!r})"

    def _repr_html_(self) -> str:
        """Return the layers and the parameters as a notebook displays them."""
        from bpmath.display import network_html

        return network_html(self)


def _random_weights(generator: np.random.Generator, n_in: int, n_out: int, activation: str) -> Array:
    """Return weights that keep the size of what passes through; `Network.random` names the sources."""
    if activation in ("relu", "leaky_relu", "softplus"):
        slope = LEAK if activation == "leaky_relu" else 0.0
        return generator.normal(0.0, math.sqrt(2.0 / ((1.0 + slope**2) * n_in)), (n_out, n_in))
    limit = math.sqrt(6.0 / (n_in + n_out))
    return generator.uniform(-limit, limit, (n_out, n_in))


def with_arrays(network: Network, weights: Iterable[Array], biases: Iterable[Array]) -> Network:
    """Return the same network with other arrays, which it takes as they are: new ones, of the same shapes."""
    copy = object.__new__(Network)
    copy._fill(weights, biases, network.activations, network.loss)
    return copy


def check_sample(network: Network, x: ArrayLike, y: ArrayLike) -> tuple[Array, Array]:
    """Return one sample, or a batch, in float64; what does not fit the network is refused.

    Shapes: x (n0,) and y (nL,), or x (batch, n0) and y (batch, nL).  One sample is copied; a batch in float64
    is not, for its size.  Raises ValueError for other shapes, empty batches, NaN, infinity and targets that
    the loss has no meaning for.
    """
    inputs, targets = numbers("x", x), numbers("y", y)
    if inputs.ndim not in (1, 2) or inputs.shape[-1] != network.sizes[0]:
        n = network.sizes[0]
        raise ValueError(
            f"x has shape {inputs.shape}, but the network has {counted(n, 'input')}, "
            f"so it must be ({n},) or (batch, {n})"
        )
    shape = inputs.shape[:-1] + network.sizes[-1:]
    if targets.shape != shape:
        outputs = counted(network.sizes[-1], "output")
        raise ValueError(
            f"y has shape {targets.shape}, but x has shape {inputs.shape} and the network {outputs}, "
            f"so it must be {shape}"
        )
    if inputs.size == 0:
        raise ValueError(f"x has shape {inputs.shape}, but a batch has at least one sample")
    loss_named(network.loss).check_targets(targets)
    return (inputs.copy(), targets.copy()) if inputs.ndim == 1 else (inputs, targets)

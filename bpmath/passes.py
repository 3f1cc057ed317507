"""The forward and the backward pass over one sample or a batch.

    forward     z[l] = W[l] a[l-1] + b[l],   a[l] = f_l(z[l]),   a[0] = x
    backward    delta[L] = dE/da[L] * f_L'(z[L])                              BP1
                delta[l] = (W[l+1]^T delta[l+1]) * f_l'(z[l])                 BP2
                dE/db[l] = delta[l]                                           BP3
                dE/dW[l] = delta[l] a[l-1]^T                                  BP4

The passes are vectorised here; one sample through a small network takes those of `bpmath.straight_line`,
which compute the same, and its arrays are made when they are first asked for.

`*` is the product entry by entry.  In a batch the samples are rows, E is the mean over them as in PyTorch
(reduction="mean"), and every gradient is that of this mean.

Sources: Rumelhart, Hinton & Williams, Learning Representations by Back-propagating Errors (1986); the
names BP1 to BP4 are those of Nielsen, Neural Networks and Deep Learning (2015), chapter 2.
"""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from bpmath.activations import ACTIVATIONS, Array
from bpmath.lazy_arrays import LazyArrays, cut, floats_of
from bpmath.losses import LOSSES
from bpmath.memory import SMALLEST, room, room_like
from bpmath.network import Network, check_sample
from bpmath.symbols import Symbol
from bpmath.validation import FEW, all_finite, counted


@dataclass(frozen=True, eq=False)
class Run:
    """What a forward pass leaves behind, keyed by layer as printed; a[0] is x.

    Shapes: z[l] and a[l] are (n[l],), e is (n[L],), for one sample; (batch, n[l]) and (batch, n[L]) for a
    batch.  E is the sum of e, averaged over the batch.
    """

    network: Network
    x: Array
    y: Array
    z: dict[int, Array]
    a: dict[int, Array]
    e: Array
    E: float

    @property
    def batch(self) -> int | None:
        """The number of samples in the batch; None for one sample that is no batch."""
        return len(self.x) if self.x.ndim == 2 else None


def forward(network: Network, x: ArrayLike, y: ArrayLike) -> Run:
    """Return the forward pass of one sample or a batch: z, a, e and E.

    Shapes: x (n[0],) and y (n[L],), or x (batch, n[0]) and y (batch, n[L]).  Raises ValueError for a sample
    that does not fit the network, for a number that overflows, and for outputs that have saturated against
    their targets under binary_cross_entropy.
    """
    run = _straight_forward(network, x, y)
    return forward_checked(network, *check_sample(network, x, y)) if run is None else run


def forward_checked(network: Network, inputs: Array, targets: Array) -> Run:
    """Return the forward pass of a sample that is known to fit, as `check_sample` returns it."""
    run = _straight_forward(network, inputs, targets)
    return vectorised_forward(network, inputs, targets) if run is None else run


# Overflow is reported in one sentence, with its layer, not as a warning from inside a product.
@np.errstate(over="ignore", invalid="ignore")
def vectorised_forward(network: Network, inputs: Array, targets: Array) -> Run:
    """Return the vectorised forward pass of a sample that is known to fit."""
    sums: dict[int, Array] = {}
    activations = {0: inputs}
    a = inputs
    layers = zip(network.weights, network.biases, network.activations, strict=True)
    for layer, (W, b, name) in enumerate(layers, 1):
        z = _product(a, W.T)
        z += b
        if not all_finite(z):
            raise ValueError(_overflow("the weighted sums z", layer))
        sums[layer] = z
        activations[layer] = a = ACTIVATIONS[name].unguarded(z, out=room_like(z))
    errors = LOSSES[network.loss].errors(a, targets)
    E = _total(errors) / (len(inputs) if inputs.ndim == 2 else 1)
    if not math.isfinite(E):
        raise ValueError(_overflow("the errors e", network.layers))
    return Run(network, inputs, targets, sums, activations, errors, E)


@dataclass(frozen=True, eq=False)
class Gradients:
    """The gradients of E that a backward pass leaves behind, keyed by layer as printed.

    delta[l] = dE/dz[l], of the shape of z[l]; dW[l] = dE/dW[l] (n[l], n[l-1]); db[l] = dE/db[l] (n[l],).
    `gradients[w(1, 1, 1)]` is a single one, as a float.  In a batch all of them are gradients of its mean
    error, so that dW[l] and db[l] are averages over the samples, and delta[l] and dx hold 1/batch.
    """

    run: Run
    delta: dict[int, Array]
    dW: dict[int, Array]
    db: dict[int, Array]

    @cached_property
    def dx(self) -> Array:
        """dE/dx = W[1]^T delta[1], of the shape of x."""
        return self.da(0)

    def da(self, layer: int) -> Array:
        """Return dE/da of a layer, of the shape of a[layer]; layer 0 is x."""
        if layer == self.run.network.layers:
            return _loss_gradient(self.run)
        return self.delta[layer + 1].dot(self.run.network.weights[layer])

    def __getitem__(self, symbol: Symbol) -> float:
        """Return dE/d(symbol) of a weight or bias; of one sample also of z, a, x, e and E.

        For delta(l, k) it is delta itself: dE/dz(l, k).  Raises ValueError for a symbol that the network does
        not have, or that has no single gradient.
        """
        network = self.run.network
        match symbol:
            case Symbol("w", int(layer), (to, source)):
                network.value(symbol)
                return float(self.dW[layer][to - 1, source - 1])
            case Symbol("b", int(layer), (node,)):
                network.value(symbol)
                return float(self.db[layer][node - 1])
        layer, node = _node(network, symbol)
        if self.run.batch is not None:
            raise ValueError(
                f"{symbol} has a gradient in each of the {self.run.batch} samples of the batch; only weights "
                f"and biases have a single one"
            )
        match symbol.letter:
            case "z" | "delta":
                return float(self.delta[layer][node - 1])
            case "a" | "x":
                return float(self.da(layer)[node - 1])
            case _:
                return 1.0


def backward(run: Run) -> Gradients:
    """Return the gradients of E with respect to every weight, bias and weighted sum of a run.

    BP1 to BP4, as at the head of this module.  Raises ValueError when a gradient overflows.
    """
    gradients = _straight_backward(run) if type(run) is _StraightRun else None
    return vectorised_backward(run) if gradients is None else gradients


@np.errstate(over="ignore", invalid="ignore")
def vectorised_backward(run: Run) -> Gradients:
    """Return the gradients of a run, vectorised; ValueError as for `backward`."""
    network = run.network
    deltas: dict[int, Array] = {}
    dW: dict[int, Array] = {}
    db: dict[int, Array] = {}
    da = _loss_gradient(run)
    for layer in range(network.layers, 0, -1):
        delta = _times_slope(da, run, layer)
        source = run.a[layer - 1]
        if delta.ndim == 1:
            # A column by a row, for which BLAS is quicker than the outer product of NumPy.
            dW[layer] = _product(delta[:, np.newaxis], source[np.newaxis])
            db[layer] = delta.copy()
        else:
            dW[layer] = _product(delta.T, source)
            db[layer] = delta.sum(axis=0)
        if not all_finite(dW[layer]):
            raise ValueError(_overflow("the gradients dW", layer))
        deltas[layer] = delta
        if layer > 1:
            da = _product(delta, network.weights[layer - 1])
    return Gradients(run, deltas, dW, db)


def _product(left: Array, right: Array) -> Array:
    """Return the matrix product, if it is large in memory that is at hand."""
    # The product has no more numbers than that; a small one is done before its shape is known.
    if left.size * right.size < SMALLEST:
        return left.dot(right)
    return left.dot(right, room(*left.shape[:-1], right.shape[-1]))


def _times_slope(da: Array, run: Run, layer: int) -> Array:
    """Return dE/dz = dE/da * f'(z) of a layer; where f'(z) is 1, that is dE/da itself."""
    name, z = run.network.activations[layer - 1], run.z[layer]
    if name == "identity":
        return da
    delta = ACTIVATIONS[name].derivative(z, run.a[layer], out=room_like(z))
    delta *= da
    return delta


def _loss_gradient(run: Run) -> Array:
    """Return dE/da[L], of the shape of a[L]; in a batch E is a mean, hence 1/batch."""
    gradient = LOSSES[run.network.loss].gradient(run.a[run.network.layers], run.y)
    if run.batch is not None:
        gradient /= run.batch
    return gradient


def _total(errors: Array) -> float:
    return sum(errors.ravel().tolist()) if errors.size <= FEW else float(errors.sum())


def _overflow(name: str, layer: int) -> str:
    return f"{name} of layer {layer} overflow, so the weights, the inputs or the targets must be smaller"


def _node(network: Network, symbol: Symbol) -> tuple[int, int]:
    """Return the layer and the node of x, z, a, delta, e or E; ValueError if the network does not have it."""
    match symbol:
        case Symbol("E", None, ()):
            return network.layers, 1
        case Symbol("x", None, (node,)):
            layer = 0
        case Symbol("e", None, (node,)):
            layer = network.layers
        case Symbol("z" | "a" | "delta", int(layer), (node,)) if 1 <= layer <= network.layers:
            pass
        case _:
            raise ValueError(
                f"symbol is {symbol!r}, but there are gradients for w, b, x, e and E, and for z, a and delta "
                f"of the layers 1 to {network.layers}"
            )
    if not 1 <= node <= network.sizes[layer]:
        raise ValueError(
            f"{symbol} does not exist: layer {layer} has {counted(network.sizes[layer], 'node')}"
        )
    return layer, node


@dataclass(frozen=True, eq=False, repr=False, init=False)
class _StraightRun(LazyArrays, Run):
    """A run in floats: x, y, z, a and e, layer by layer."""

    plain = Run

    def arrays(self, floats: tuple[float, ...]) -> dict[str, Any]:
        first, *others = self.network.sizes
        parts = cut(floats, (first, others[-1], *others, *others, others[-1]))
        x, y = next(parts), next(parts)
        z, a = (dict(enumerate(islice(parts, len(others)), 1)) for _ in "za")
        return {"x": x, "y": y, "z": z, "a": {0: x, **a}, "e": next(parts)}


@dataclass(frozen=True, eq=False, repr=False, init=False)
class _StraightGradients(LazyArrays, Gradients):
    """Gradients in floats: delta and dW, from the last layer to the first."""

    plain = Gradients

    def arrays(self, floats: tuple[float, ...]) -> dict[str, Any]:
        layers = [*enumerate(pairwise(self.run.network.sizes), 1)][::-1]
        parts = cut(floats, (*(n for _, (_, n) in layers), *(n_in * n for _, (n_in, n) in layers)))
        delta = {l: next(parts) for l, _ in layers}
        dW = {l: next(parts).reshape(n, n_in) for l, (n_in, n) in layers}
        return {"delta": delta, "dW": dW, "db": {l: vector.copy() for l, vector in delta.items()}}


def _straight_forward(network: Network, x: ArrayLike, y: ArrayLike) -> Run | None:
    """Return the run of one ordinary sample through a small network; None for any other."""
    lines = network.straight_line
    if lines is None:
        return None
    inputs, targets = floats_of(x, lines.sizes[0]), floats_of(y, lines.sizes[-1])
    if inputs is None or targets is None:
        return None
    with suppress(OverflowError):
        if found := lines.forward(network.parameter_values, inputs, targets):
            return _StraightRun.of(found[1], network=network, E=found[0])
    return None


def _straight_backward(run: _StraightRun) -> Gradients | None:
    """Return the gradients of a run whose arrays nobody has seen; None where there is more to look at."""
    lines = run.network.straight_line
    if lines is None or run.floats is None:
        return None
    with suppress(OverflowError):
        if floats := lines.backward(run.network.parameter_values, run.floats):
            return _StraightGradients.of(floats, run=run)
    return None

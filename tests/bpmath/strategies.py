"""Hypothesis strategies: random networks and samples that fit them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from bpmath.activations import ACTIVATIONS, Array
from bpmath.losses import LOSSES
from bpmath.network import Network
from bpmath.passes import Run
from bpmath.symbols import Symbol

KINKED = ("relu", "leaky_relu")


def numbers(shape: int | tuple[int, ...], size: float = 1.0) -> st.SearchStrategy[Any]:
    """Arrays of numbers within +-size; six decimals, so that none is tiny."""
    number = st.floats(-size, size)
    return arrays(np.float64, shape, elements=number.map(lambda value: round(value, 6)))


@st.composite
def networks(
    draw: st.DrawFn,
    max_layers: int = 3,
    max_width: int = 4,
    activations: Sequence[str] = tuple(ACTIVATIONS),
    losses: Sequence[str] = tuple(LOSSES),
) -> Network:
    """Networks of all sizes, activations and losses.

    The weights shrink with the width of the layer, so that even a ReLU network's outputs stay below about 15:
    there a sigmoid has not yet saturated.
    """
    widths = st.integers(1, max_width)
    sizes = draw(st.lists(widths, min_size=2, max_size=max_layers + 1))
    loss = draw(st.sampled_from(losses))
    names = [draw(st.sampled_from(activations)) for _ in sizes[1:]]
    names[-1] = LOSSES[loss].last_activation or names[-1]
    pairs = list(pairwise(sizes))
    weights = [draw(numbers((n_out, n_in))) * 1.5 / np.sqrt(n_in) for n_in, n_out in pairs]
    biases = [draw(numbers(n_out)) for _, n_out in pairs]
    return Network(weights, biases, names, loss)


@st.composite
def samples(draw: st.DrawFn, network: Network, batch: int | None = None) -> tuple[Array, Array]:
    """One sample, or a batch of them, with targets that the network's loss accepts."""
    rows = () if batch is None else (batch,)
    x = draw(numbers((*rows, network.sizes[0])))
    y = draw(numbers((*rows, network.sizes[-1])))
    if network.loss == "binary_cross_entropy":
        y = np.abs(y)
    if network.loss == "softmax_cross_entropy":
        y = np.abs(y)
        y[..., 0] += 0.1
        y /= y.sum(axis=-1, keepdims=True)
    return x, y


def near_kink(run: Run, margin: float = 1e-3) -> bool:
    """Return whether a difference quotient could straddle the kink of a ReLU-like node."""
    names = run.network.activations
    kinked = [layer for layer, name in enumerate(names, 1) if name in KINKED]
    return any(bool((np.abs(run.z[layer]) < margin).any()) for layer in kinked)


def refused(sentence: str) -> Any:
    """Expect a ValueError of one line that begins with the sentence."""
    return pytest.raises(ValueError, match=rf"\A{re.escape(sentence)}[^\n]*\Z")


@dataclass(frozen=True)
class Known:
    """Just enough of a trace to evaluate a formula: the values of some symbols."""

    values: Mapping[Symbol, float]

    def value(self, symbol: Symbol) -> float:
        """Return the value of a quantity."""
        return self.values[symbol]

    def partial(self, of: Symbol, wrt: Symbol, occurrence: int = 0) -> float:
        """Refuse: a formula has no derivatives in it."""
        raise AssertionError(f"a formula asked for the derivative of {of} with respect to {wrt}")

    def derivative(self, of: Symbol, wrt: Symbol) -> float:
        """Refuse: a formula has no derivatives in it."""
        raise AssertionError(f"a formula asked for the derivative of {of} with respect to {wrt}")

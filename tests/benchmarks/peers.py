"""One forward and one backward pass of a network, as bpmath, PyTorch and micrograd compute them."""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

import bpmath as bp
from bpmath.activations import Array


def bpmath_pass(network: bp.Network, x: Array, y: Array) -> Callable[[], bp.Gradients]:
    """Return the pass of bpmath, which leaves a small network's gradients as floats, as micrograd does."""
    return lambda: bp.backward(bp.forward(network, x, y))


def bpmath_arrays(network: bp.Network, x: Array, y: Array) -> Callable[[], dict[int, Array]]:
    """Return the pass of bpmath up to the arrays of gradients, as PyTorch leaves them."""
    return lambda: bp.backward(bp.forward(network, x, y)).dW


class TorchPass:
    """The pass of PyTorch's autograd, in float64, with no module around the functions to slow it."""

    def __init__(self, network: bp.Network, x: Array, y: Array) -> None:
        self._torch = torch = importlib.import_module("torch")
        self._functions = importlib.import_module("torch.nn.functional")
        self._x, self._y = torch.tensor(x), torch.tensor(y)
        self._network = network
        self.weights = [torch.tensor(W, requires_grad=True) for W in network.weights]
        self.biases = [torch.tensor(b, requires_grad=True) for b in network.biases]

    def __call__(self) -> None:
        """Leave the gradients in `weights` and `biases`."""
        for parameter in (*self.weights, *self.biases):
            parameter.grad = None
        a = self._x
        for W, b, name in zip(self.weights, self.biases, self._network.activations, strict=True):
            z = self._functions.linear(a, W, b)
            a = z if name == "identity" else getattr(self._torch, name)(z)
        self._error(a).backward()

    def _error(self, a: Any) -> Any:
        batch = len(a) if a.ndim == 2 else 1
        match self._network.loss:
            case "squared_error":
                return self._functions.mse_loss(a, self._y, reduction="sum") / (2 * batch)
            case "mean_squared_error":
                return self._functions.mse_loss(a, self._y)
            case "binary_cross_entropy":
                return self._functions.binary_cross_entropy(a, self._y, reduction="sum") / batch
        return self._functions.cross_entropy(a, self._y)

    def gradients(self) -> list[Array]:
        """Return dE/dW of every layer, as the last call left them."""
        return [W.grad.numpy() for W in self.weights]


def exp_of(value: Any) -> Any:
    """Return e^value, which micrograd 0.1.0 lacks.

    As Andrej Karpathy adds it in The Spelled-out Intro to Neural Networks and Backpropagation (2022).
    """
    out = type(value)(math.exp(value.data), (value,), "exp")

    def backward() -> None:
        value.grad += out.data * out.grad

    out._backward = backward
    return out


MICROGRAD: Mapping[str, Callable[[Any], Any]] = {
    "relu": lambda z: z.relu(),
    "sigmoid": lambda z: 1.0 / (1.0 + exp_of(-z)),
}
"""Activations of micrograd's values."""


class MicrogradPass:
    """The pass of Andrej Karpathy's micrograd (MIT licence), a node for every number; squared error."""

    def __init__(self, network: bp.Network, x: Array, y: Array) -> None:
        value = importlib.import_module("micrograd.engine").Value
        self.weights = [[[value(w) for w in row] for row in W.tolist()] for W in network.weights]
        self.biases = [[value(b) for b in vector.tolist()] for vector in network.biases]
        self._parameters = [p for rows in self.weights for row in rows for p in row]
        self._parameters += [b for vector in self.biases for b in vector]
        self._x, self._y = x.tolist(), y.tolist()
        self._activations = [MICROGRAD[name] for name in network.activations]

    def __call__(self) -> None:
        """Leave the gradients in `weights` and `biases`."""
        for parameter in self._parameters:
            parameter.grad = 0
        a = self._x
        for rows, vector, f in zip(self.weights, self.biases, self._activations, strict=True):
            pairs = zip(rows, vector, strict=True)
            a = [f(sum((w * v for w, v in zip(row, a, strict=True)), b)) for row, b in pairs]
        error = sum((output - target) ** 2 for output, target in zip(a, self._y, strict=True)) * 0.5
        error.backward()

    def gradients(self) -> list[Array]:
        """Return dE/dW of every layer, as the last call left them."""
        return [np.array([[w.grad for w in row] for row in rows]) for rows in self.weights]

"""The gates of a computational graph: each a value with its local derivatives side by side.

What you can do here: look up a gate, or make one from an activation or a loss.

    gate        value                    local derivative for each input
    add         x1 + x2 + ...            1, 1, ...
    affine      w1 a1 + w2 a2 + ... + b  a1, w1, a2, w2, ..., 1
    activation  f(z)                     f'(z)
    loss        e_k(a, y)                de_k/da for each a it reads, de_k/dy_k
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bpmath.activations import Activation
from bpmath.losses import Loss


@dataclass(frozen=True)
class Operation:
    """A gate: its value and its local derivatives, both functions of the list of its inputs."""

    name: str
    value: Callable[[list[float]], float]
    derivatives: Callable[[list[float]], list[float]]


def _affine_value(inputs: list[float]) -> float:
    *pairs, bias = inputs
    return math.fsum([*(w * a for w, a in zip(pairs[::2], pairs[1::2], strict=True)), bias])


def _affine_derivatives(inputs: list[float]) -> list[float]:
    *pairs, _ = inputs
    swapped = [factor for w, a in zip(pairs[::2], pairs[1::2], strict=True) for factor in (a, w)]
    return [*swapped, 1.0]


ADD = Operation("add", math.fsum, lambda inputs: [1.0] * len(inputs))
AFFINE = Operation("affine", _affine_value, _affine_derivatives)


def activation_gate(activation: Activation) -> Operation:
    """Return the gate a = f(z), with da/dz = f'(z)."""
    return Operation(
        activation.name,
        lambda inputs: float(activation.function(np.float64(inputs[0]))),
        lambda inputs: [float(activation.derivative(np.float64(inputs[0])))],
    )


def loss_gate(loss: Loss, output: int, outputs: int) -> Operation:
    """Return the gate of the error e_k of one output, k = `output` counted from 1.

    Its inputs are the activations that e_k reads, in order, then the target y_k.
    """
    reads = loss.inputs(output, outputs)

    def spread(inputs: list[float]) -> tuple[np.ndarray, np.ndarray]:
        activations, targets = np.zeros(outputs), np.zeros(outputs)
        activations[[k - 1 for k in reads]] = inputs[:-1]
        targets[output - 1] = inputs[-1]
        return activations, targets

    def value(inputs: list[float]) -> float:
        return float(loss.errors(*spread(inputs))[output - 1])

    def derivatives(inputs: list[float]) -> list[float]:
        return [float(d) for d in loss.local_derivatives(output, *spread(inputs))]

    return Operation(loss.name, value, derivatives)

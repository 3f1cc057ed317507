"""Networks from PyTorch: torch.nn.Sequential of Linear and activations.

    accepted    Linear; Sigmoid, Tanh, ReLU, LeakyReLU(0.01), Softplus(beta=1); Sequential within Sequential
    ignored     Identity; Flatten, since layers are vectors here; Dropout in eval mode, where it does nothing

Between two Linear, and after the last one, stands the identity.  PyTorch's Softplus is a straight line above
its threshold of 20, which differs from log(1 + exp(z)) by 2e-9 at most.

Source: PyTorch's documentation of torch.nn.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from bpmath.activations import LEAK
from bpmath.network import Network

ACCEPTED = "Linear, Sigmoid, Tanh, ReLU, LeakyReLU(0.01), Softplus(beta=1), Identity, Flatten and Dropout"
SOFTPLUS_THRESHOLD = 20


def network_of(module: Any, loss: str = "squared_error") -> Network:
    """Return the network of a torch.nn.Sequential; errors as `Network.from_torch` tells."""
    nn = _torch_nn()
    if not _is_sequential(nn, module):
        raise ValueError(f"module is of type {type(module).__name__}, but it must be a torch.nn.Sequential")
    weights: list[Any] = []
    biases: list[Any] = []
    activations: list[str | None] = []
    for position, part in _parts(nn, module):
        if type(part) is nn.Linear:
            weights.append(_array(part.weight, position))
            bias = np.zeros(len(weights[-1])) if part.bias is None else _array(part.bias, position)
            biases.append(bias)
            activations.append(None)
        elif not _does_nothing(nn, part, position):
            name = _activation(nn, part, position)
            if not activations or activations[-1]:
                raise ValueError(
                    f"module {position} is {_called(part)}, but an activation must stand right after a Linear"
                )
            activations[-1] = name
    if not weights:
        raise ValueError("module has no Linear, but a network has at least one layer")
    return Network(weights, biases, [name or "identity" for name in activations], loss)


def _torch_nn() -> Any:
    try:
        from torch import nn
    except ModuleNotFoundError as error:
        if error.name != "torch":  # it is there, but not whole
            raise
        raise ImportError(
            'PyTorch is not installed, but Network.from_torch needs it: pip install "backprop-manim[torch]"',
            name="torch",
        ) from None
    return nn


def _is_sequential(nn: Any, module: Any) -> bool:
    """Return whether a module does what Sequential does, so also a subclass that runs its parts in order."""
    return isinstance(module, nn.Sequential) and type(module).forward is nn.Sequential.forward


def _parts(nn: Any, module: Any, above: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every part with its position, as PyTorch names it: '2', or '2.0' within another Sequential."""
    # Not named_children(), which leaves out a part that stands there a second time.
    for name, part in module._modules.items():
        if _is_sequential(nn, part):
            yield from _parts(nn, part, f"{above}{name}.")
        else:
            yield f"{above}{name}", part


def _array(tensor: Any, position: str) -> Any:
    """Return the numbers of a parameter, on whatever device and in whatever precision they are."""
    if tensor.is_meta:
        raise ValueError(f"module {position} is on the device meta, but its parameters must have values")
    tensor = tensor.detach().cpu()
    return (tensor.double() if tensor.is_floating_point() else tensor).numpy()


def _does_nothing(nn: Any, part: Any, position: str) -> bool:
    """Return whether a module passes on a batch of vectors as it is; ValueError for a Dropout at work."""
    if type(part) is nn.Dropout and part.training and part.p > 0:
        raise ValueError(
            f"module {position} is {_called(part)} in training mode, but it must be in eval mode: call eval()"
        )
    flat = type(part) is nn.Flatten and (part.start_dim, part.end_dim) == (1, -1)
    return flat or type(part) in (nn.Identity, nn.Dropout)


def _activation(nn: Any, part: Any, position: str) -> str:
    """Return the name of a module's activation function."""
    # A subclass may compute something else, so it must be the very class.
    kind = type(part)
    plain = {nn.Sigmoid: "sigmoid", nn.Tanh: "tanh", nn.ReLU: "relu"}
    if kind in plain:
        return plain[kind]
    if kind is nn.LeakyReLU and part.negative_slope == LEAK:
        return "leaky_relu"
    if kind is nn.Softplus and part.beta == 1 and part.threshold >= SOFTPLUS_THRESHOLD:
        return "softplus"
    if isinstance(part, nn.Softmax | nn.LogSoftmax):
        raise ValueError(
            f"module {position} is {_called(part)}, but the loss softmax_cross_entropy contains it, "
            f"so leave it out and take that loss"
        )
    raise ValueError(f"module {position} is {_called(part)}, but accepted are only {ACCEPTED}")


def _called(part: Any) -> str:
    """Return a module with its settings, in one line."""
    text = repr(part)
    return type(part).__name__ if "\n" in text else text

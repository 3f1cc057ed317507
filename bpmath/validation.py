"""What a network accepts: every refusal is one sentence with the argument, what it got and what it takes."""

from __future__ import annotations

import math
import reprlib
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from itertools import pairwise
from numbers import Integral, Real
from typing import Any

import numpy as np

from bpmath.activations import ACTIVATIONS, Array, activation_named
from bpmath.losses import LOSSES, loss_named

KINDS = {"b": "bool", "c": "complex", "U": "text", "S": "bytes", "O": "object", "M": "date", "m": "duration"}
MOST_PARAMETERS = 10**8
FEW = 16
SHORT = reprlib.Repr()
LONGEST_SHOWN = 500
SHORT.maxlevel, SHORT.maxlong, SHORT.maxstring, SHORT.maxother = 4, LONGEST_SHOWN, 60, 60
"""So many numbers are quicker to go through in Python than in NumPy."""


def numbers(argument: str, given: Any) -> Array:
    """Return an array in float64, `given` itself if it is one; ValueError for other than finite numbers."""
    if type(given) is np.ndarray and given.dtype == np.float64:
        array: Array = given
    else:
        array = _converted(argument, given)
    if not all_finite(array):
        index = tuple(map(int, np.argwhere(~np.isfinite(array))[0]))
        position = f"[{', '.join(map(str, index))}]" if index else ""
        raise ValueError(f"{argument}{position} is {array[index]}, but it must be a finite number")
    return array


def all_finite(array: Array) -> bool:
    """Return whether there is neither NaN nor infinity in an array."""
    flat = array.ravel("K")
    # In a small array Python is done before NumPy has begun.  What is not finite makes the sum so too; large
    # numbers may do the same, and only then a second look is needed.
    total = sum(flat.tolist()) if flat.size <= FEW else flat.dot(flat)
    return math.isfinite(total) or bool(np.isfinite(flat).all())


def _converted(argument: str, given: Any) -> Array:
    try:
        raw = np.asarray(given)
    except (TypeError, ValueError, RuntimeError):
        raise ValueError(f"{argument} is ragged or not numeric, but it must be an array of numbers") from None
    kind = "b" if _holds_bool(given) else raw.dtype.kind
    if kind not in "iuf":
        found = KINDS.get(kind, raw.dtype.name)
        raise ValueError(f"{argument} holds {found} values, but it must be an array of real numbers")
    with np.errstate(over="ignore"):
        return raw.astype(np.float64)


def _holds_bool(given: Any) -> bool:
    """Return whether there is a bool in nested lists, which NumPy would turn into a number in silence."""
    if isinstance(given, list | tuple):
        return any(map(_holds_bool, given))
    return isinstance(given, bool | np.bool_)


def layer_weights(weights: Any) -> tuple[Array, ...]:
    """Return the matrices of weights in float64, each with as many columns as the one before has rows."""
    matrices: list[Array] = []
    for i, given in enumerate(_listed("weights", weights, "matrices")):
        matrix = numbers(f"weights[{i}]", given).copy()
        shape = f"weights[{i}] has shape {matrix.shape}"
        if matrix.ndim != 2:
            raise ValueError(f"{shape}, but it must be a matrix, of shape (nodes, nodes of the layer before)")
        if 0 in matrix.shape:
            raise ValueError(f"{shape}, but every layer must have at least one node")
        if matrices and matrix.shape[1] != len(matrices[-1]):
            n = len(matrices[-1])
            raise ValueError(f"{shape}, but layer {i} has {counted(n, 'node')}, so it must be (n, {n})")
        matrices.append(matrix)
    return tuple(matrices)


def layer_biases(biases: Any, weights: tuple[Array, ...]) -> tuple[Array, ...]:
    """Return the vectors of biases in float64, one for each matrix, as long as it has rows."""
    listed = _listed("biases", biases, "vectors")
    if len(listed) != len(weights):
        raise ValueError(
            f"biases has {counted(len(listed), 'vector')}, but there are {len(weights)} layers of weights, "
            f"so it must have {len(weights)}"
        )
    vectors = tuple(numbers(f"biases[{i}]", given).copy() for i, given in enumerate(listed))
    for i, (vector, matrix) in enumerate(zip(vectors, weights, strict=True)):
        if vector.shape != (len(matrix),):
            raise ValueError(
                f"biases[{i}] has shape {vector.shape}, but weights[{i}] has {counted(len(matrix), 'row')}, "
                f"so it must be ({len(matrix)},)"
            )
    return vectors


def layer_activations(activation: Any, loss: Any, layers: int) -> tuple[str, ...]:
    """Return a name for each layer; a name for all gives way in the last layer to what the loss requires."""
    required = loss_named(_name("loss", loss, LOSSES)).last_activation
    if isinstance(activation, str):
        name = activation_named(activation).name
        return (*[name] * (layers - 1), required or name)
    names = _listed("activation", activation, "names")
    if len(names) != layers:
        raise ValueError(
            f"activation has {counted(len(names), 'name')}, but the network has {counted(layers, 'layer')}, "
            f"so it must be one name for all or a list of {layers}"
        )
    arguments = [f"activation[{i}]" for i in range(layers)]
    checked = tuple(
        activation_named(_name(argument, name, ACTIVATIONS), argument).name
        for argument, name in zip(arguments, names, strict=True)
    )
    if required and checked[-1] != required:
        raise ValueError(
            f"activation[{layers - 1}] is {checked[-1]!r}, but with the loss {loss} the last layer's must be "
            f"{required!r}"
        )
    return checked


def _name(argument: str, given: object, table: Mapping[str, object]) -> str:
    if not isinstance(given, str):
        raise ValueError(f"{argument} is {shown(given)}, but must be one of {', '.join(table)}")
    return given


def layer_sizes(sizes: Any) -> tuple[int, ...]:
    """Return the numbers of nodes of the layers, the input first: at least two, each at least 1."""
    listed = _listed("sizes", sizes, "whole numbers")
    if len(listed) < 2:
        raise ValueError(f"sizes has {counted(len(listed), 'layer')}, but a network has at least two")
    return tuple(whole(f"sizes[{i}]", size, 1) for i, size in enumerate(listed))


def check_memory(sizes: tuple[int, ...]) -> None:
    """Raise ValueError when a network of those sizes would have more than MOST_PARAMETERS weights."""
    count = sum(before * after for before, after in pairwise(sizes))
    if count > MOST_PARAMETERS:
        raise ValueError(f"sizes make {shown(count)} weights, but memory is for {MOST_PARAMETERS} at most")


def whole(argument: str, given: Any, smallest: int) -> int:
    """Return a whole number; ValueError if it is none or smaller than `smallest`."""
    if isinstance(given, bool) or not isinstance(given, Integral) or given < smallest:
        raise ValueError(f"{argument} is {shown(given)}, but it must be a whole number from {smallest} on")
    return int(given)


def finite(argument: str, given: Any) -> float:
    """Return a number as a float; ValueError if it is none, a bool, NaN or infinite."""
    try:
        number = math.nan if isinstance(given, bool) or not isinstance(given, Real) else float(given)
    except OverflowError:
        number = math.inf
    if not math.isfinite(number):
        raise ValueError(f"{argument} is {shown(given)}, but it must be a finite number")
    return number


def shown(given: object) -> str:
    """Return how a value is written, in one short line, however long, deep or odd it is."""
    try:
        written = " ".join(SHORT.repr(given).split())
    except Exception:  # whole numbers of thousands of digits, and objects that cannot be written
        return f"of type {type(given).__name__}"
    return written if len(written) <= LONGEST_SHOWN else f"{written[:LONGEST_SHOWN]}..."


def counted(number: int, noun: str) -> str:
    """Return '1 node', '2 nodes'."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _listed(argument: str, given: Any, content: str) -> list[Any]:
    """Return what an argument lists, one for each layer; ValueError if it is no list or an empty one."""
    # What has no length may have no end.
    unordered = isinstance(given, str | bytes | Mapping | AbstractSet) or not hasattr(given, "__len__")
    try:
        listed = [] if unordered else list(given)
    except TypeError:
        unordered = True
    if unordered:
        kind = type(given).__name__
        raise ValueError(f"{argument} is of type {kind}, but it must be a list of {content}, one a layer")
    if not listed:
        raise ValueError(f"{argument} is empty, but a network has at least one layer")
    return listed

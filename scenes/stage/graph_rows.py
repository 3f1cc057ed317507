"""Rows for the layers of a graph: as close together as the fullest layer, edges as straight as may be.

Between the order of the nodes in their layers and their coordinates there is one more choice.  What keeps
long edges straight (Brandes & Koepf, 2001) can need many more rows than any layer has nodes; here every
layer is drawn towards the mean of its neighbours by isotonic regression, within the rows of the fullest.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

import numpy as np

SWEEPS = 24
BEND = 0.55
"""The room of a bend of an edge, where a node has 1."""


def compact_rows(
    layers: Sequence[Sequence[int]], pieces: Iterable[tuple[int, int]], bends: Iterable[int]
) -> dict[int, float]:
    """Return a row for every node and bend of layers, given in order, at least their room apart."""
    bent = set(bends)
    rooms = [_rooms(layer, bent) for layer in layers]
    height = max(offsets[-1] for offsets in rooms)
    neighbours = _neighbours(pieces)
    rows: dict[int, float] = {}
    for layer, offsets in zip(layers, rooms, strict=True):
        rows.update(zip(layer, offsets + (height - offsets[-1]) / 2, strict=True))
    order = [*range(len(layers)), *reversed(range(len(layers)))]
    for _ in range(SWEEPS):
        for index in order:
            layer, offsets = layers[index], rooms[index]
            wanted = [np.mean([rows[other] for other in neighbours.get(n, (n,))]) for n in layer]
            settled = np.clip(isotonic(np.array(wanted) - offsets), 0, height - offsets[-1])
            rows.update(zip(layer, settled + offsets, strict=True))
    return {node: float(row) for node, row in rows.items()}


def isotonic(values: np.ndarray) -> np.ndarray:
    """Return the non-decreasing numbers nearest to given ones, in the sum of squares.

    Pool adjacent violators (Ayer, Brunk, Ewing, Reid & Silverman, 1955).
    """
    sums: list[float] = []
    counts: list[int] = []
    for value in values:
        total, count = float(value), 1
        while sums and sums[-1] / counts[-1] > total / count:
            total, count = total + sums.pop(), count + counts.pop()
        sums.append(total)
        counts.append(count)
    return np.repeat(np.array(sums) / counts, counts)


def _rooms(layer: Sequence[int], bends: set[int]) -> np.ndarray:
    """Return where the members of a layer stand when they are as close as they may be."""
    room = [BEND if node in bends else 1.0 for node in layer]
    return np.cumsum([0.0, *((one + next_) / 2 for one, next_ in pairwise(room))])


def _neighbours(pieces: Iterable[tuple[int, int]]) -> Mapping[int, list[int]]:
    found: dict[int, list[int]] = {}
    for start, end in pieces:
        found.setdefault(start, []).append(end)
        found.setdefault(end, []).append(start)
    return found

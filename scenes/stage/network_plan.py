"""Where the nodes of a network stand on its map: pure geometry, no drawing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from manim.typing import Point3D

from bpmath.losses import loss_named
from bpmath.network import Network
from bpmath.symbols import E, Symbol, a, b, e, w, y, z
from scenes.stage.layout import (
    ERROR_GAP,
    LEAST_LAYER_GAP,
    LEAST_NODE_RADIUS,
    MOST_ROWS,
    NODE_RADIUS,
    NODE_SPLIT,
    ROW_SPACING,
    STUB,
    STUB_DOT,
    STUB_NAME,
    Zone,
)


@dataclass(frozen=True)
class Plan:
    """The centres of all shown nodes, the radius that they share, and where rows were left out."""

    centres: dict[Symbol, Point3D]
    ellipses: dict[int, Point3D]
    radius: float
    spacings: tuple[float, ...]
    network: Network

    def rows(self, layer: int) -> list[int]:
        """Return the numbers of the nodes of a layer that are shown."""
        return shown_rows(self.network.sizes[layer])

    def closed_centre(self, layer: int, node: int) -> Point3D:
        """Return where a node stands before it opens into z and a: between the two."""
        return (self.centres[z(layer, node)] + self.centres[a(layer, node)]) / 2

    @property
    def has_room_for_names(self) -> bool:
        """Tell whether the names of what enters the nodes fit between the rows of every layer."""
        return min(self.spacings[1:]) >= 2 * self.radius + STUB + STUB_NAME

    def weights(self, layer: int) -> list[Symbol]:
        """Return the weights of a layer between shown nodes, in printed order."""
        rows, sources = self.rows(layer), self.rows(layer - 1)
        return [w(layer, k, j) for k in rows for j in sources]

    def connections(self) -> Iterator[tuple[Symbol, Symbol]]:
        """Yield the edges between shown nodes, from where to where."""
        last = self.network.layers
        for layer in range(1, last + 1):
            yield from ((entry_of(weight), node_of(weight)) for weight in self.weights(layer))
            yield from ((z(layer, k), a(layer, k)) for k in self.rows(layer))
        outputs, loss = self.rows(last), loss_named(self.network.loss)
        for k in outputs:
            reads = loss.inputs(k, self.network.sizes[-1])
            yield from ((a(last, j), e(k)) for j in reads if j in outputs)
            yield e(k), E

    def entering(self) -> list[Symbol]:
        """Return what enters shown nodes from outside: the biases and the targets."""
        layers = range(1, self.network.layers + 1)
        biases = [b(layer, k) for layer in layers for k in self.rows(layer)]
        return [*biases, *(y(k) for k in self.rows(self.network.layers))]


def entry_of(symbol: Symbol) -> Symbol:
    """Return the node where the edge of a parameter begins: for a weight the node it comes from."""
    return a((symbol.layer or 0) - 1, symbol.indices[1]) if symbol.letter == "w" else symbol


def node_of(symbol: Symbol) -> Symbol:
    """Return the node that a weight, a bias or a target enters."""
    return e(symbol.indices[0]) if symbol.letter == "y" else z(symbol.layer or 0, symbol.indices[0])


def shown_rows(size: int) -> list[int]:
    """Return which nodes of a layer are drawn: all, or the first ones and the last."""
    return list(range(1, size + 1)) if size <= MOST_ROWS else [*range(1, MOST_ROWS - 1), size]


def plan(network: Network, zone: Zone, headroom: float = STUB + STUB_DOT) -> Plan:
    """Lay a network out in a zone, one column for x, two for each layer, one for e and one for E.

    `headroom` is kept free over the top row, for what enters from above.
    Raises ValueError when there are more layers than the zone is wide.
    """
    sizes = network.sizes
    radius = NODE_RADIUS if max(len(_slots(size)) for size in sizes) < MOST_ROWS else LEAST_NODE_RADIUS
    columns = _columns(sizes, zone, radius)
    rows = Zone(zone.left, zone.right, zone.bottom + radius, zone.top - headroom - radius)
    centres: dict[Symbol, Point3D] = {E: np.array([columns[-1], rows.centre[1], 0.0])}
    ellipses: dict[int, Point3D] = {}
    for layer, size in enumerate(sizes):
        for row, height in zip(_slots(size), _heights(size, rows), strict=True):
            places = _column_symbols(layer, row or 0, len(sizes) - 1)
            if row is None:
                middle = np.mean([columns[column] for column, symbol in places if symbol.letter != "e"])
                ellipses[layer] = np.array([middle, height, 0.0])
                continue
            centres |= {symbol: np.array([columns[column], height, 0.0]) for column, symbol in places}
    spacings = tuple(_spacing(size, rows) for size in sizes)
    return Plan(centres, ellipses, radius, spacings, network)


def _slots(size: int) -> list[int | None]:
    """Return the rows of a column from above; None is the ellipsis."""
    rows = shown_rows(size)
    return list(rows) if len(rows) == size else [*rows[:-1], None, rows[-1]]


def _column_symbols(layer: int, row: int, last: int) -> list[tuple[int, Symbol]]:
    """Return the columns that a layer takes, each with the symbol of the node in the given row."""
    node = max(row, 1)
    if layer == 0:
        return [(0, a(0, node))]
    pair = [(2 * layer - 1, z(layer, node)), (2 * layer, a(layer, node))]
    return [*pair, (2 * layer + 1, e(node))] if layer == last else pair


def _columns(sizes: tuple[int, ...], zone: Zone, radius: float) -> list[float]:
    layers = len(sizes) - 1
    fixed = layers * NODE_SPLIT + 2 * ERROR_GAP + 2 * radius
    gap = (zone.width - fixed) / layers
    if gap < LEAST_LAYER_GAP:
        raise ValueError(
            f"network: {layers} layers of weights do not fit on the map; at most "
            f"{int((zone.width - 2 * ERROR_GAP - 2 * radius) / (NODE_SPLIT + LEAST_LAYER_GAP))} do"
        )
    steps = [step for _ in range(layers) for step in (gap, NODE_SPLIT)] + [ERROR_GAP, ERROR_GAP]
    return [float(x) for x in zone.left + radius + np.cumsum([0.0, *steps])]


def _spacing(size: int, rows: Zone) -> float:
    return min(ROW_SPACING, rows.height / max(len(_slots(size)) - 1, 1))


def _heights(size: int, rows: Zone) -> list[float]:
    """Return the heights of the rows of a column, from above, around the middle."""
    count, spacing = len(_slots(size)), _spacing(size, rows)
    return [float(rows.centre[1] + spacing * ((count - 1) / 2 - row)) for row in range(count)]

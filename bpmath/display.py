"""What notebooks show: equations set as mathematics, networks as tables.

What you can do here: `equations_html("The four equations", equations)` and `network_html(network)` are HTML
for a `_repr_html_`; `html_table` is what they are made of.  All text is escaped.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from itertools import islice, product
from typing import TYPE_CHECKING

from bpmath.equations import Written
from bpmath.notation import number, write
from bpmath.symbols import Symbol, b, w
from bpmath.validation import counted

if TYPE_CHECKING:
    from bpmath.network import Network

MOST_PARAMETERS = 24
"""A table of more parameters than this shows the first ones, an ellipsis and the last."""


def html_table(header: Sequence[str], rows: Iterable[Sequence[str]], caption: str = "") -> str:
    """Return a table of plain text as HTML; ValueError when a row is not as long as the header."""
    lines = [f"<caption>{escape(caption)}</caption>"] if caption else []
    lines.append(_row(header, "th"))
    for row in rows:
        if len(row) != len(header):
            raise ValueError(f"rows: {list(row)} has {len(row)} cells, but the header has {len(header)}")
        lines.append(_row(row, "td"))
    return "<table>\n" + "\n".join(lines) + "\n</table>"


def _row(cells: Sequence[str], tag: str) -> str:
    inner = "".join(f'<{tag} style="text-align: left">{escape(cell)}</{tag}>' for cell in cells)
    return f"<tr>{inner}</tr>"


def equations_html(title: str, equations: Iterable[Written], notation: str = "article") -> str:
    """Return a title and displayed equations as HTML, for a notebook's MathJax to typeset.

    Raises ValueError for an unknown notation.
    """
    heading = f"<p><b>{escape(title)}</b></p>"
    displayed = (f"<div>$$\n{escape(equation.to_latex(notation))}\n$$</div>" for equation in equations)
    return "\n".join([heading, *displayed])


def network_html(network: Network) -> str:
    """Return the layers, the loss and the parameters of a network as HTML tables; many are elided."""
    layers = [
        [f"{layer}", f"{weights.shape[1]} → {weights.shape[0]}", activation, f"{weights.size + biases.size}"]
        for layer, (weights, biases, activation) in enumerate(
            zip(network.weights, network.biases, network.activations, strict=True), 1
        )
    ]
    count = sum(array.size for array in (*network.weights, *network.biases))
    caption = (
        f"Network of {counted(len(layers), 'layer')}, {counted(count, 'parameter')}, loss {network.loss}"
    )
    table = html_table(["layer", "nodes", "activation", "parameters"], layers, caption)
    return f"{table}\n{html_table(['parameter', 'value'], _parameters(network, count))}"


def _parameters(network: Network, count: int) -> list[list[str]]:
    symbols = list(network.parameters()) if count <= MOST_PARAMETERS else _ends(network)
    return [[write(symbol), number(network.value(symbol))] if symbol else ["⋮", "⋮"] for symbol in symbols]


def _ends(network: Network) -> list[Symbol | None]:
    """Return the first weights, None and the last bias, without listing all: there may be millions."""
    rows, columns = network.weights[0].shape
    places = islice(product(range(1, rows + 1), range(1, columns + 1)), MOST_PARAMETERS - 2)
    return [*(w(1, to, source) for to, source in places), None, b(network.layers, network.sizes[-1])]

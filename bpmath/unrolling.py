"""The recursion of the deltas, unrolled: each step puts the formula of the next delta in its place.

    delta^(1) = (W^(2))^T delta^(2) * f'(z^(1))
              = (W^(2))^T ((W^(3))^T delta^(3) * f'(z^(2))) * f'(z^(1))

Without activations only the matrices stay, and they can be multiplied into one; an activation stands
between two of them and multiplies entry by entry, so that they cannot.
"""

from __future__ import annotations

import itertools

from bpmath.derivation import Derivation
from bpmath.matrices import MatrixSymbol
from bpmath.matrix_equations import MatrixEquation
from bpmath.naming import Names
from bpmath.network import Network
from bpmath.rewrites import Kind, Origin, Rewrite
from bpmath.trees import leaves

LAST = "n"
"""The letter for the last layer, as in delta^l = delta^n (W^(n-1))^T ... (W^l)^T."""


def unrolling(derivation: Derivation, layer: int) -> tuple[Rewrite, ...]:
    """Return the steps from delta of a layer by the delta behind it to delta by that of the last layer.

    There is one step fewer than there are layers behind; none for the last two layers.  Every equation is
    executed.  ValueError when there is no such layer, or it is the last.
    """
    last = derivation.network.layers
    if not 0 < layer < last:
        raise ValueError(
            f"layer: it is {layer}, but a layer before the last has a number from 1 to {last - 1}"
        )
    names = Names(derivation.network)
    equations = [
        MatrixEquation(names.vector("delta", layer), names.unrolled(layer, behind), derivation.values)
        for behind in range(layer + 1, last + 1)
    ]
    steps = itertools.pairwise(equations)
    return tuple(
        _step(before, after, names.vector("delta", layer + 1 + number))
        for number, (before, after) in enumerate(steps)
    )


def without_activations(network: Network) -> Network:
    """Return a network with the same weights and biases, in which every activation is the identity.

    Its loss is the squared error, which accepts every output.
    """
    return Network(network.weights, network.biases, activation="identity", loss="squared_error")


def _step(before: MatrixEquation, after: MatrixEquation, replaced: MatrixSymbol) -> Rewrite:
    """Return the step in which the formula of a delta takes its place; all else stays, in the same order."""
    old, new = leaves(before), leaves(after)
    (place,) = (n for n, leaf in enumerate(old) if leaf.term == replaced and leaf.position[0] == 1)
    more = len(new) - len(old)
    origins = []
    for number, leaf in enumerate(new):
        if place <= number <= place + more:
            origins.append(Origin(leaf.position, Kind.SUBSTITUTED, (old[place].position,)))
        else:
            source = old[number if number < place else number - more]
            origins.append(Origin(leaf.position, Kind.KEPT, (source.position,)))
    return Rewrite(before, after, tuple(origins), "unroll")

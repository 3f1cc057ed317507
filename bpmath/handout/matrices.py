"""The third part of the document: scalar equations grouped into matrices, and derivatives substituted."""

from __future__ import annotations

from dataclasses import dataclass

from bpmath.algebra import Number, Partial
from bpmath.equations import Equation, FalseEquation
from bpmath.grouping import MOST_EQUATIONS
from bpmath.handout.sheet import Sheet
from bpmath.losses import loss_named
from bpmath.matrices import MatrixExpression
from bpmath.matrix_algebra import MatrixProduct
from bpmath.matrix_equations import MatrixEquation
from bpmath.network import Network
from bpmath.rewrites import Rewrite
from bpmath.row_vectors import in_rows
from bpmath.symbols import a, b, delta, e, w, z
from bpmath.trees import parts

MOST_GROUPED = min(100, MOST_EQUATIONS)
"""A layer with more scalar equations or terms than this is grouped for some nodes and sources only."""

FEW = 3
_WITH_SHAPES = ("product", "transpose", "outer", "name")


def matrices(sheet: Sheet) -> None:
    """Write the grouping into matrices of the last two layers, and the substitution in them."""
    last = sheet.derivation.network.layers
    layers = (last, last - 1) if last > 1 else (last,)
    sheet.section("grouping")
    sheet.say("grouping.intro")
    for layer in layers:
        _grouping(sheet, layer)
    sheet.section("substitution")
    sheet.say("substitution.intro")
    _locals(sheet, layers[-1])
    for layer in layers:
        _substituted(sheet, layer)


# -- grouping -----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Chosen:
    """The nodes and sources of a layer that take part in a grouping; None for all of them."""

    nodes: tuple[int, ...] | None = None
    sources: tuple[int, ...] | None = None


def _chosen(network: Network, layer: int) -> Chosen:
    rows, columns = network.sizes[layer], network.sizes[layer - 1]
    behind = network.sizes[layer + 1] if layer < network.layers else 1
    if rows * max(columns, behind) <= MOST_GROUPED:
        return Chosen()
    return Chosen(_ends(rows), _ends(columns))


def _ends(count: int) -> tuple[int, ...]:
    return tuple(range(1, count + 1)) if count <= FEW else (1, 2, count)


def _grouping(sheet: Sheet, layer: int) -> None:
    network = sheet.derivation.network
    sheet.part("grouping.layer", layer=layer)
    chosen = _chosen(network, layer)
    if chosen.nodes and chosen.sources:
        nodes, sources = sheet.listed(chosen.nodes), sheet.listed(chosen.sources)
        sheet.say("grouping.some", layer=layer, nodes=nodes, sources=sources)
    elif max(network.sizes[layer - 1 : layer + 2]) > FEW:
        sheet.say("grouping.elided")
    rewrites = sheet.derivation.group(layer, nodes=chosen.nodes, sources=chosen.sources)
    sheet.say("grouping.start", layer=layer)
    sheet.show(rewrites[0].before, longest_sum=FEW, longest_matrix=FEW)
    for rewrite in rewrites:
        _step(sheet, rewrite, layer)


def _step(sheet: Sheet, rewrite: Rewrite, layer: int) -> None:
    after = rewrite.after
    assert isinstance(after, MatrixEquation)
    in_row = f"step.{rewrite.step}.row"
    key = in_row if sheet.notation == "row" and in_row in sheet.words else f"step.{rewrite.step}"
    shapes = _shapes(sheet, after.rhs, rewrite.step)
    sheet.say(key, *(["step.shapes"] if shapes else []), delta=delta(layer, 1), layer=layer, **shapes)
    sheet.show(after, longest_sum=FEW, longest_matrix=FEW)


def _shapes(sheet: Sheet, right: MatrixExpression, step: str) -> dict[str, str]:
    """Return the shapes of the product that a step made: the innermost, or the outermost at the end."""
    if step not in _WITH_SHAPES:
        return {}
    lying = in_rows(right) if sheet.notation == "row" else right
    found = [part.term for part in parts(lying) if isinstance(part.term, MatrixProduct)]
    if not found:
        return {}
    made = found[0] if step in ("outer", "name") else found[-1]
    shapes = [f"({shape})".replace(" ", "\u00a0") for shape in (*(f.shape for f in made.factors), made.shape)]
    return {"factors": " ".join(shapes[:-1]), "whole": shapes[-1]}


# -- substitution -------------------------------------------------------------------------------------


def _locals(sheet: Sheet, layer: int) -> None:
    """Write what every kind of local derivative is, for one node of a layer, with its number."""
    derivation, last = sheet.derivation, sheet.derivation.network.layers
    weighted_sum, activation = z(layer, 1), a(layer, 1)
    if layer < last:
        _local(sheet, "substitution.weight", Partial(z(layer + 1, 1), activation))
    _local(sheet, "substitution.input", Partial(weighted_sum, w(layer, 1, 1)))
    _local(sheet, "substitution.bias", Partial(weighted_sum, b(layer, 1)))
    _local(sheet, "substitution.slope", Partial(activation, weighted_sum))
    if derivation.activation(layer).name != "identity":
        sheet.say("substitution.formula")
        sheet.chain(derivation.slope_formula(activation))
    _local(sheet, "substitution.loss", Partial(e(1), a(last, 1)))


def _local(sheet: Sheet, key: str, partial: Partial) -> None:
    sheet.say(key)
    try:
        equation = sheet.derivation.local_formula(partial)
    except FalseEquation:
        # The formula of the loss is 0/0 where an output has saturated to its target.
        sheet.say("saturated")
        value = Number(sheet.derivation.value(partial))
        equation = sheet.derivation.equation(partial, value)
    if isinstance(equation, Equation):
        sheet.chain(equation)


def _substituted(sheet: Sheet, layer: int) -> None:
    last = sheet.derivation.network.layers
    joint = layer == last and loss_named(sheet.derivation.network.loss).reads_all
    sheet.say("substitution.layer.joint" if joint else "substitution.layer", layer=layer)
    chosen = _chosen(sheet.derivation.network, layer)
    try:
        rewrite = sheet.derivation.substitute(layer, nodes=chosen.nodes, sources=chosen.sources)
    except FalseEquation:
        sheet.say("saturated")
        return
    sheet.show(rewrite.after, longest_sum=FEW, longest_matrix=FEW)

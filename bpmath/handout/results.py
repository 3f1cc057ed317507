"""The last part of the document: the equations of every layer, the general ones, all gradients."""

from __future__ import annotations

from bpmath.algebra import Delta, Derivative
from bpmath.checks import gradient_check
from bpmath.equations import Equation, FalseEquation
from bpmath.handout.blocks import Formula, Line
from bpmath.handout.setting import elided
from bpmath.handout.sheet import MOST_LAYERS, Said, Sheet
from bpmath.losses import loss_named
from bpmath.matrices import MatrixExpression
from bpmath.naming import Names
from bpmath.network import Network
from bpmath.rewrites import Rewrite
from bpmath.softmax import p
from bpmath.symbols import E, Symbol, b, w

MOST_CHECKED = 30_000
"""Of more parameters than this no check by differences is made: each costs two forward passes."""

MOST_GRADIENTS = 60
FIRST_GRADIENTS = 8
"""Of more gradients than MOST_GRADIENTS the table shows the first ones of each layer."""

COLUMNS = 3
FEW = 3


def results(sheet: Sheet) -> None:
    """Write the equations of each layer, the loss's delta, the general equations and all gradients."""
    _layers(sheet)
    _loss(sheet)
    _general(sheet)
    _check(sheet)
    _gradients(sheet)


# -- the equations of every layer -----------------------------------------------------------------------


def _layers(sheet: Sheet) -> None:
    derivation = sheet.derivation
    names, last = Names(derivation.network), derivation.network.layers
    sheet.section("layers")
    sheet.say("layers.intro")
    for layer in sheet.layers[::-1]:
        sheet.part("layers.layer", layer=layer)
        delta = names.vector("delta", layer)
        _in_layer(sheet, "layers.BP1" if layer == last else "layers.BP2", delta, names.delta(layer), layer)
        _in_layer(sheet, "layers.BP3", names.left(layer, "biases"), delta, layer)
        weights = names.times_input(delta, layer, "weights")
        _in_layer(sheet, "layers.BP4", names.left(layer, "weights"), weights, layer)
        elided(sheet, names.weights(layer).shape)


def _in_layer(sheet: Sheet, key: str, left: MatrixExpression, right: MatrixExpression, layer: int) -> None:
    sheet.say(key, layer=layer, behind=layer + 1)
    sheet.named(left, right)


# -- the delta of the loss ------------------------------------------------------------------------------


def _loss(sheet: Sheet) -> None:
    derivation = sheet.derivation
    sheet.section("loss")
    try:
        if loss_named(derivation.network.loss).reads_all:
            _softmax(sheet)
        else:
            sheet.say("loss.intro", delta=Delta(derivation.network.layers, 1))
            _steps(sheet, derivation.loss_delta(1), "loss.step")
    except FalseEquation:
        sheet.say("saturated")


def _steps(sheet: Sheet, rewrites: list[Rewrite], key: str) -> None:
    """Write the line that rewrites begin with, each step, and the number at the end."""
    sheet.show(rewrites[0].before, longest_sum=4)
    for rewrite in rewrites:
        sheet.say(f"{key}.{rewrite.step}")
        sheet.show(rewrite.after, longest_sum=4)
    final = rewrites[-1].after
    assert isinstance(final, Equation)
    sheet.say("loss.value")
    sheet.chain(final)


def _softmax(sheet: Sheet) -> None:
    softmax = sheet.derivation.softmax()
    sheet.say("softmax.intro", p=p(1))
    jacobian = softmax.named_jacobian()
    sheet.show(jacobian.before, longest_matrix=4)
    sheet.say("softmax.jacobian")
    sheet.show(jacobian.after, longest_matrix=4)
    sheet.say("softmax.cancellation", derivative=Derivative(E, softmax.logits[0]))
    _steps(sheet, softmax.cancellation(1), "softmax.step")


# -- the general equations ------------------------------------------------------------------------------


def _general(sheet: Sheet) -> None:
    sheet.section("general")
    sheet.say("general.row" if sheet.notation == "row" else "general.column")
    for general in sheet.derivation.general():
        layers = tuple(general.letters.items())
        held = general.layers
        where = sheet.listed(held) if len(held) <= MOST_LAYERS else f"{held[0]}–{held[-1]}"
        sheet.say(f"general.{general.name}", layers=where, count=len(held))
        left, right = (Formula(side, layers) for side in general.equation.operands)
        sheet.lines([Line(left, (right,))])
    if sheet.derivation.network.layers == 1:
        sheet.say("general.single")
    if len(set(sheet.derivation.network.activations[:-1])) > 1:
        sheet.say("general.mixed")


# -- the check and the table ----------------------------------------------------------------------------


def _count(network: Network) -> int:
    return sum(array.size for array in (*network.weights, *network.biases))


def _check(sheet: Sheet) -> None:
    derivation = sheet.derivation
    sheet.section("check")
    count = _count(derivation.network)
    if count > MOST_CHECKED:
        sheet.say("check.skipped", count=count, passes=2 * count)
        return
    try:
        check = gradient_check(derivation.network, derivation.run.x, derivation.run.y)
    except ValueError as refusal:
        # A small step is lost in the rounding of a large parameter, or the error overflows beside it.
        sheet.say("check.refused", reason=str(refusal))
        return
    sheet.say(
        "check.figures",
        agreeing=check.agreeing,
        count=check.total,
        error=sheet.number(check.max_relative_error),
        worst=check.worst,
    )
    if check.agreeing < check.total:
        sheet.say("check.disagreeing")


def _gradients(sheet: Sheet) -> None:
    network = sheet.derivation.network
    count = _count(network)
    sheet.section("gradients")
    if count <= MOST_GRADIENTS:
        sheet.say("gradients.all", count=count)
        symbols = list(network.parameters())
    else:
        sheet.say("gradients.first", count=count, shown=FIRST_GRADIENTS)
        symbols = _first(sheet)
    cells = [_gradient(sheet, symbol) for symbol in symbols]
    height = -(-len(cells) // COLUMNS)
    empty: tuple[Said, Said] = ("", "")
    columns = [cells[start : start + height] for start in range(0, len(cells), height)]
    padded = [column + [empty] * (height - len(column)) for column in columns]
    rows = [tuple(said for cell in row for said in cell) for row in zip(*padded, strict=True)]
    sheet.table(("column.gradient", "column.value") * len(columns), rows)


def _gradient(sheet: Sheet, symbol: Symbol) -> tuple[Said, Said]:
    return Derivative(E, symbol), sheet.number(sheet.derivation.gradients[symbol])


def _first(sheet: Sheet) -> list[Symbol]:
    """Return the first weights and biases of each layer that is written out."""
    found: list[Symbol] = []
    for layer in sheet.layers:
        rows, columns = sheet.derivation.network.weights[layer - 1].shape
        places = range(min(FIRST_GRADIENTS, rows * columns))
        found += [w(layer, place // columns + 1, place % columns + 1) for place in places]
        found += [b(layer, node) for node in range(1, min(FIRST_GRADIENTS, rows) + 1)]
    return found

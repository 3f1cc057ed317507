"""The first part of the document: the network, its indices and its forward pass."""

from __future__ import annotations

from bpmath.activations import activation_named
from bpmath.handout.blocks import LONGEST_MATRIX, Formula, Line
from bpmath.handout.numbers import numeric_equations
from bpmath.handout.sheet import ENDS, MOST_ERRORS, Said, Sheet
from bpmath.losses import loss_named
from bpmath.matrices import Cells, MatrixSymbol, Shape
from bpmath.matrix_algebra import Entrywise, MatrixProduct, MatrixSum
from bpmath.matrix_equations import MatrixEquation
from bpmath.naming import Names
from bpmath.symbols import E, Symbol, a, e, w, y, z

MOST_ROWS = 12
"""A table with more rows than this shows the first ones and the last."""


def title_key(sheet: Sheet) -> dict[str, Said]:
    """Return what the title says of the network."""
    sizes = [f"{size}" for size in sheet.derivation.network.sizes]
    return {"sizes": "-".join(sizes if len(sizes) <= MOST_ROWS else [*sizes[:3], "…", sizes[-1]])}


def setting(sheet: Sheet) -> None:
    """Write the network, the sample, how indices are read, and the forward pass."""
    _network(sheet)
    _sample(sheet)
    _indices(sheet)
    _forward(sheet)


# -- the network --------------------------------------------------------------------------------------


def _network(sheet: Sheet) -> None:
    network = sheet.derivation.network
    count = sum(array.size for array in (*network.weights, *network.biases))
    sheet.section("network")
    sheet.say("network.intro", inputs=network.sizes[0], layers=network.layers, count=count)
    if len(sheet.layers) < network.layers:
        sheet.say("network.deep", count=network.layers, shown=ENDS)
    sheet.table(
        ("column.layer", "column.inputs", "column.nodes", "column.activation", "column.parameters"),
        (
            (
                layer,
                network.sizes[layer - 1],
                network.sizes[layer],
                sheet.text(f"activation.{network.activations[layer - 1]}")[0],
                network.weights[layer - 1].size + network.biases[layer - 1].size,
            )
            for layer in sheet.layers
        ),
    )
    sheet.say("network.parameters")
    names = Names(network)
    for layer in sheet.layers:
        for matrix in (names.weights(layer), names.vector("b", layer)):
            _in_numbers(sheet, matrix)
    elided(sheet, *(names.weights(layer).shape for layer in sheet.layers))
    sheet.say(f"loss.{network.loss}", "loss.total", E=E, e=e(1))


def _in_numbers(sheet: Sheet, matrix: MatrixSymbol) -> None:
    (*_, value) = numeric_equations(matrix, matrix, sheet.derivation.values)
    sheet.lines([Line(Formula(matrix), (Formula(value),))])


def _sample(sheet: Sheet) -> None:
    sizes = sheet.derivation.network.sizes
    sheet.say("sample")
    for letter, size in (("x", sizes[0]), ("y", sizes[-1])):
        _in_numbers(sheet, MatrixSymbol(letter, None, Shape(size, 1)))


# -- indices ------------------------------------------------------------------------------------------


def _indices(sheet: Sheet) -> None:
    network = sheet.derivation.network
    layer = network.layers
    to, source = min(2, network.sizes[layer]), min(3, network.sizes[layer - 1])
    weight = w(layer, to, source)
    in_rows = sheet.notation == "row"
    sheet.section("indices")
    sheet.say(
        "indices.row" if in_rows else "indices.column",
        weight=weight,
        to=to,
        source=source,
        layer=layer,
        before=a(layer - 1, source),
        behind=z(layer, to),
    )
    matrix = Names(network).weights(layer)
    rows, columns = (range(1, size + 1) for size in (matrix.shape.rows, matrix.shape.columns))
    if matrix.shape.rows * matrix.shape.columns <= MOST_ROWS * MOST_ROWS:
        cells = Cells(tuple(tuple(matrix.entry(row, column) for column in columns) for row in rows))
        sheet.say("indices.matrix.row" if in_rows else "indices.matrix", W=matrix)
        sheet.show(MatrixEquation(matrix, cells, sheet.derivation.values))


# -- the forward pass ---------------------------------------------------------------------------------


def _forward(sheet: Sheet) -> None:
    derivation = sheet.derivation
    sheet.section("forward")
    sheet.say("forward.first", z=z(1, 1))
    sheet.chain(derivation.definition(z(1, 1)))
    sheet.say(
        "forward.activation", a=a(1, 1), name=sheet.text(f"activation.{derivation.activation(1).name}")[0]
    )
    sheet.chain(derivation.definition(a(1, 1)))
    if derivation.activation(1).name != "identity":
        sheet.say("forward.formula")
        sheet.chain(derivation.activation_formula(a(1, 1)))
    for layer in sheet.layers:
        _layer(sheet, layer)
    _errors(sheet)


def _layer(sheet: Sheet, layer: int) -> None:
    derivation, names = sheet.derivation, Names(sheet.derivation.network)
    sheet.part("forward.layer", layer=layer)
    sums, biases = names.vector("z", layer), names.vector("b", layer)
    before = names.vector("a", layer - 1)
    rhs = MatrixSum((MatrixProduct((names.weights(layer), before)), biases))
    sheet.named(sums, rhs)
    activation = activation_named(derivation.network.activations[layer - 1])
    if activation.name == "identity":
        sheet.named(names.vector("a", layer), sums)
    else:
        sheet.named(names.vector("a", layer), Entrywise(activation.symbol, sums))
    elided(sheet, sums.shape, before.shape)


def elided(sheet: Sheet, *shapes: Shape) -> None:
    """Say which shapes are shown with dots in their middle, if there are any."""
    if any(max(shape.rows, shape.columns) > LONGEST_MATRIX for shape in shapes):
        sheet.say("elided", count=LONGEST_MATRIX)


def _errors(sheet: Sheet) -> None:
    derivation = sheet.derivation
    outputs = derivation.network.sizes[-1]
    joint = loss_named(derivation.network.loss).reads_all
    sheet.part("forward.errors")
    sheet.say("forward.error.joint" if joint else "forward.error", e=e(1))
    sheet.chain(derivation.definition(e(1)))
    if outputs > 1:
        sheet.say("forward.total", E=E, count=outputs)
    else:
        sheet.say("forward.total.one", E=E, e=e(1))
    sheet.chain(derivation.definition(E), longest_sum=MOST_ERRORS)
    sheet.say("forward.values")
    sheet.table(("column.symbol", "column.value", "column.symbol", "column.value"), _values(sheet))


def _values(sheet: Sheet) -> list[tuple[Said, ...]]:
    """Return rows of z and a for every node, then of the errors; of many, the first ones and the last."""
    derivation = sheet.derivation
    rows: list[tuple[Said, ...]] = []
    for layer in sheet.layers:
        found = [(z(layer, k), a(layer, k)) for k in derivation.nodes(layer)]
        rows += cut([_valued(sheet, pair) for pair in found])
    outputs = derivation.nodes(derivation.network.layers)
    rows += cut([_valued(sheet, (e(k), y(k))) for k in outputs])
    return rows


def _valued(sheet: Sheet, symbols: tuple[Symbol, ...]) -> tuple[Said, ...]:
    return tuple(
        said for symbol in symbols for said in (symbol, sheet.number(sheet.derivation.values.value(symbol)))
    )


def cut(rows: list[tuple[Said, ...]]) -> list[tuple[Said, ...]]:
    """Return the rows; of too many, the first ones, a row of dots and the last."""
    if len(rows) <= MOST_ROWS:
        return rows
    return [*rows[: MOST_ROWS - 2], ("⋮",) * len(rows[0]), rows[-1]]

"""The second part of the document: tracing paths, counting them, and factoring deltas out of them."""

from __future__ import annotations

import numpy as np

from bpmath.algebra import Derivative, Expression, Number, Partial, product, total
from bpmath.costs import Costs
from bpmath.equations import Equation
from bpmath.handout.blocks import Formula, Line
from bpmath.handout.numbers import with_numbers
from bpmath.handout.sheet import MOST_ERRORS, Sheet
from bpmath.losses import loss_named
from bpmath.matrices import Array
from bpmath.matrix_equations import EquationSystem
from bpmath.network_paths import count_paths
from bpmath.symbols import E, Symbol, b, delta, e, w
from bpmath.writing import shown

MOST_PATHS_LISTED = 1_000
"""Of more paths than this only the number is stated."""

MOST_PATHS_SHOWN = 4
MOST_FACTORS = 22
"""A sum with more factors than this does not fit on a page; it gets an ellipsis, or is left out."""

ELIDED = 3
MOST_NODES = 4


def paths(sheet: Sheet) -> None:
    """Write how gradients are sums over paths, how many there are, and how deltas make them few."""
    sheet.section("paths")
    sheet.say("paths.intro", E=E)
    sheet.say("paths.unit.joint" if _joint(sheet) else "paths.unit", one=Partial(E, e(1)), E=E)
    for key, symbol in traced(sheet).items():
        sheet.part(key, symbol=symbol)
        trace(sheet, symbol)
    _counts(sheet)
    _factoring(sheet)


def _joint(sheet: Sheet) -> bool:
    return loss_named(sheet.derivation.network.loss).reads_all


def traced(sheet: Sheet) -> dict[str, Symbol]:
    """Return the parameters that are traced: a weight of the last, a hidden and the first layer, a bias."""
    last = sheet.derivation.network.layers
    layers = {"paths.last": last}
    if last > 2:
        layers["paths.hidden"] = last - 1
    if last > 1:
        layers["paths.first"] = 1
    gradients = sheet.derivation.gradients
    found = {key: w(layer, *_first_telling(gradients.dW[layer])) for key, layer in layers.items()}
    layer = max(1, last - 1)
    return {**found, "paths.bias": b(layer, *_first_telling(gradients.db[layer]))}


def _first_telling(array: Array) -> tuple[int, ...]:
    """Return the indices, from 1, of the first gradient that is not zero: zeros tell nothing."""
    places = np.argwhere(array)
    return tuple(int(index) + 1 for index in places[0]) if len(places) else (1,) * array.ndim


def trace(sheet: Sheet, symbol: Symbol) -> None:
    """Write the sum over paths for one parameter, symbols first and then numbers."""
    network = sheet.derivation.network
    count = count_paths(network, symbol)
    sheet.say("paths.count", count=count, symbol=symbol)
    if count > MOST_PATHS_LISTED:
        sheet.say("paths.too_many", count=count, symbol=symbol, limit=MOST_PATHS_LISTED)
        return
    equation = sheet.derivation.path_sum(symbol)
    if count == 1:
        sheet.say("paths.numbers.one")
        sheet.chain(equation)
        return
    longest = _fitting(equation.rhs)
    if longest != 0:
        sheet.show(equation, longest_sum=longest)
    else:
        sheet.say("paths.too_wide", count=count)
    if longest:
        sheet.say("paths.elided")
    _walk(sheet, symbol, equation)


def _fitting(expression: Expression) -> int | None:
    """Return None where an expression fits on a line, or ELIDED where it does with dots, else 0."""
    if _width(expression, None) <= MOST_FACTORS:
        return None
    return ELIDED if _width(expression, ELIDED) <= MOST_FACTORS else 0


def _width(expression: Expression, longest: int | None) -> int:
    """Return how many factors of an expression are written."""
    operands = expression.operands
    if not operands:
        return 1
    kept = [index for index in shown(len(operands), longest) if index is not None]
    return sum(_width(operands[index], longest) for index in kept)


def _walk(sheet: Sheet, symbol: Symbol, equation: Equation) -> None:
    """Write every path as a product with its numbers, and their sum."""
    derivation = sheet.derivation
    terms = [product(*factors) if factors else Number(1) for factors in derivation.expand(equation.rhs)]
    values = [derivation.value(term) for term in terms]
    chosen = _largest(values)
    sheet.say("paths.numbers" if len(chosen) == len(terms) else "paths.numbers.some", count=len(terms))
    for index in chosen:
        _path(sheet, index, len(terms), terms[index])
    telling = [value for value in values if value] or values[:1]
    zeros = len(values) - len(telling)
    derivative = Derivative(E, symbol)
    sheet.say(
        "paths.sum.zeros" if zeros else "paths.sum", count=len(terms), zeros=zeros, derivative=derivative
    )
    numbers = with_numbers(total(tuple(map(Number, telling))), derivation.values)
    sheet.chain(derivation.equation(equation.lhs, numbers))


def _largest(values: list[float]) -> list[int]:
    """Return the indices of the products to write, in order: all of a few, the largest of many."""
    if len(values) <= MOST_PATHS_SHOWN:
        return list(range(len(values)))
    telling = [index for index, value in enumerate(values) if value] or [0]
    return sorted(sorted(telling, key=lambda index: -abs(values[index]))[: MOST_PATHS_SHOWN - 1])


def _path(sheet: Sheet, index: int, count: int, term: Expression) -> None:
    derivation = sheet.derivation
    numbers = derivation.equation(term, with_numbers(term, derivation.values)).rhs
    value = derivation.equation(term, Number(derivation.value(term))).rhs
    sheet.say("paths.path", number=index + 1, total=count)
    sheet.lines([Line(Formula(term)), Line(None, (Formula(numbers), Formula(value)))])


# -- counting -----------------------------------------------------------------------------------------


def _counts(sheet: Sheet) -> None:
    derivation = sheet.derivation
    sheet.part("counts")
    sheet.say("counts.intro")
    rows = [(symbol, derivation.cost(symbol)) for symbol in dict.fromkeys(traced(sheet).values())]
    every = [(sheet.text("counts.all")[0], derivation.cost())]
    columns = ("column.gradient", "column.paths", "column.by_paths", "column.by_deltas")
    sheet.table(columns, [(name, *_figures(costs)) for name, costs in (*rows, *every)])
    sheet.say("counts.conclusion")


def _figures(costs: Costs) -> tuple[int, int, int]:
    return costs.paths, costs.by_paths.multiplications, costs.by_deltas.multiplications


# -- factoring ----------------------------------------------------------------------------------------


def _factoring(sheet: Sheet) -> None:
    last = sheet.derivation.network.layers
    sheet.section("factoring")
    sheet.say("factoring.intro", delta=delta(last, 1))
    for symbol in traced(sheet).values():
        _folded(sheet, symbol)
    sheet.part("recursion")
    sheet.say("recursion.last", layer=last)
    _deltas(sheet, last)
    for layer in sheet.layers[-2::-1]:
        sheet.say("recursion.step", layer=layer, behind=layer + 1)
        _deltas(sheet, layer)


def _folded(sheet: Sheet, symbol: Symbol) -> None:
    derivation = sheet.derivation
    rewrite = derivation.factor(symbol)
    assert isinstance(rewrite.before, Equation) and isinstance(rewrite.after, Equation)
    sheet.say("factoring.weight" if symbol.letter == "w" else "factoring.bias", symbol=symbol)
    longest = _fitting(rewrite.before.rhs)
    if longest != 0:
        sheet.show(rewrite.before, longest_sum=longest)
    sheet.chain(rewrite.after)


def _deltas(sheet: Sheet, layer: int) -> None:
    derivation = sheet.derivation
    nodes = derivation.nodes(layer)
    some = nodes[:MOST_NODES] if len(nodes) > MOST_NODES else nodes
    if len(some) < len(nodes):
        sheet.say("recursion.some", shown=len(some), count=len(nodes))
    after = derivation.delta(layer, some).after
    assert isinstance(after, EquationSystem)
    for equation in after.operands:
        sheet.chain(equation, longest_sum=MOST_ERRORS)

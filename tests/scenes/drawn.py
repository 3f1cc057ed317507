"""What lessons draw: every formula and every number, as they were made, to ask where they came from."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from typing import Any
from unittest import mock

import numpy as np

import scenes.stage.formula
import scenes.stage.typeset
from bpmath import gradient_check
from bpmath.algebra import Derivative, Expression, Quantity, Values
from bpmath.descent import ETA
from bpmath.differences import central_difference
from bpmath.equations import Equation
from bpmath.matrices import MatrixExpression
from bpmath.matrix_equations import EquationSystem, MatrixEquation, Statement, Term
from bpmath.trace import Trace
from bpmath.training_course import STEP
from bpmath.trees import Part, parts
from scenes.stage.formula import Formula
from scenes.stage.lesson import Lesson
from scenes.stage.slope_plot import Curve, SlopePlot

TOLERANCE = 1e-9
MAKERS = {
    ("scenes.stage.formula", "__init__"),
    ("scenes.stage.formula", "number_mobject"),
    ("scenes.stage.map_pen", "ellipsis"),
    ("scenes.stage.matrix", "shape_mobject"),
    ("scenes.stage.graph_map", "_sign"),
}
"""Where mathematics is typeset: formulas of bpmath, values, dots for what is left out, shapes, gates."""


@dataclass(frozen=True)
class Drawn:
    """The formulas and numbers that were drawn, the ends of axes, and which functions typeset mathematics."""

    formulas: list[Statement | Term] = field(default_factory=list)
    numbers: list[float] = field(default_factory=list)
    ends: list[float] = field(default_factory=list)
    makers: set[tuple[str, str]] = field(default_factory=set)


@contextmanager
def recorded() -> Iterator[Drawn]:
    """Record what is drawn meanwhile, where the stage makes it."""
    drawn = Drawn()
    make, number = Formula.__init__, scenes.stage.formula.number_mobject
    set_mathematics, make_plot = scenes.stage.typeset.set_mathematics, SlopePlot.__init__

    def recording_make(self: Formula, *args: Any, **kwargs: Any) -> None:
        make(self, *args, **kwargs)
        drawn.formulas.append(self.what)

    def recording_number(value: float, *args: Any, **kwargs: Any) -> Any:
        drawn.numbers.append(float(value))
        return number(value, *args, **kwargs)

    def recording_mathematics(*args: Any, **kwargs: Any) -> Any:
        caller = sys._getframe(1)
        drawn.makers.add((caller.f_globals["__name__"], caller.f_code.co_name))
        return set_mathematics(*args, **kwargs)

    def recording_plot(self: SlopePlot, curve: Curve, *args: Any) -> None:
        drawn.ends.extend((curve.low, curve.high))
        make_plot(self, curve, *args)

    with ExitStack() as recorders:
        recorders.enter_context(mock.patch.object(Formula, "__init__", recording_make))
        recorders.enter_context(mock.patch.object(SlopePlot, "__init__", recording_plot))
        recorders.enter_context(everywhere("number_mobject", recording_number))
        recorders.enter_context(everywhere("set_mathematics", recording_mathematics))
        yield drawn


@contextmanager
def everywhere(name: str, replacement: Any) -> Iterator[None]:
    """Replace a function of the stage in every module that has imported it."""
    modules = [m for key, m in sys.modules.items() if key.startswith("scenes.") and hasattr(m, name)]
    originals = [getattr(module, name) for module in modules]
    for module in modules:
        setattr(module, name, replacement)
    try:
        yield
    finally:
        for module, original in zip(modules, originals, strict=True):
            setattr(module, name, original)


def unfounded(lesson: Lesson, drawn: Drawn) -> list[str]:
    """Return what was drawn without having been computed, a sentence each."""
    faults = [f"{maker} had mathematics typeset" for maker in sorted(drawn.makers - MAKERS)]
    for formula in [*drawn.formulas, *getattr(lesson, "executed", [])]:
        faults += unexecuted(formula)
    known = np.sort(list(computed(lesson, drawn)))
    places = np.searchsorted(known, drawn.numbers)
    for number, place in zip(drawn.numbers, places, strict=True):
        near = known[max(place - 1, 0) : place + 1]
        if not np.isclose(near, number, rtol=TOLERANCE, atol=0).any():
            faults.append(f"the number {number!r} is the value of nothing that was drawn")
    return faults


def unexecuted(formula: Statement | Term) -> list[str]:
    """Execute a formula once more, on its own values; a fault where it is false or no mathematics at all."""
    if isinstance(formula, EquationSystem):
        return [fault for equation in formula.operands for fault in unexecuted(equation)]
    if isinstance(formula, Equation | MatrixEquation):
        left = np.asarray(formula.lhs.evaluate(formula.values))  # type: ignore[arg-type]
        right = np.asarray(formula.rhs.evaluate(formula.values))  # type: ignore[arg-type]
        scale = max(float(np.abs(left).max()), float(np.abs(right).max()))
        close = np.allclose(left, right, rtol=1e-7, atol=1e-7 * scale)
        return [] if close else [f"{formula.to_text()} is false"]
    executable = isinstance(formula, Expression | MatrixExpression)
    return [] if executable else [f"{formula!r} is no mathematics of bpmath"]


def computed(lesson: Lesson, drawn: Drawn) -> Iterator[float]:
    """Yield what a lesson may show: values of terms that it draws, sizes, what the check found."""
    if isinstance(trace := getattr(lesson, "trace", None), Trace):
        first, *others = getattr(lesson, "traces", [trace])
        yield from computed_on(first, drawn)
        for other in others:
            yield from computed_on(other, Drawn())
        return
    derivation, settings = lesson.derivation, lesson.settings
    check = gradient_check(derivation.network, settings.x, settings.y)
    yield from drawn.ends
    yield from [*check.analytic.values(), *check.numeric.values(), *map(float, derivation.network.sizes)]
    # Equations that a lesson has executed for the numbers of a plot, but not written.
    for formula in [*drawn.formulas, *getattr(lesson, "executed", [])]:
        values = getattr(formula, "values", None)
        if values or not any(map(_is_outside_of_networks, parts(formula))):
            yield from values_of(formula, values or derivation.values)


def _is_outside_of_networks(part: Part) -> bool:
    """Tell whether a part is a learning rate, a step, a probability or of a batch: nothing derived."""
    if isinstance(part.term, Derivative):
        return part.term.of.letter == "E" and bool(part.term.of.indices)
    return isinstance(part.term, Quantity) and (
        part.term.symbol in (ETA, STEP) or part.term.symbol.letter == "p"
    )


def computed_on(trace: Trace, drawn: Drawn) -> Iterator[float]:
    """Yield what a lesson about a graph may show: its values and derivatives, values of terms, counts."""
    graph = trace.graph
    yield from [*trace.values.values(), *trace.locals.values(), *trace.reverse().derivative.values()]
    for node in graph.nodes:
        yield from trace.forward(node.symbol).derivative.values()
    yield from (central_difference(trace, node.symbol) for node in graph.nodes)
    for step in trace.reverse().steps:
        yield from (step.contribution, step.total)
    yield from drawn.ends
    for formula in drawn.formulas:
        # The name of an edge is drawn by itself; it is no node with a value.
        if not (isinstance(formula, Quantity) and formula.symbol not in trace.values):
            yield from values_of(formula, getattr(formula, "values", trace))


def values_of(formula: Statement | Term, values: Values) -> Iterator[float]:
    """Yield the values of all terms of a formula, those inside as well."""
    for part in parts(formula):
        if isinstance(part.term, Expression):
            yield part.term.evaluate(values)

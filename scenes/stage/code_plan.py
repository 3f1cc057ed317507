"""Where lines of code stand beside the graph that they are about: pure geometry, no drawing."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

from bpmath.code import Code
from bpmath.graph import Graph
from scenes.stage.graph_plan import SPLITS, GraphPlan, GraphTooLarge, Split, plan_graph
from scenes.stage.layout import (
    CODE_ADVANCE,
    CODE_BOARD,
    CODE_EM,
    CODE_GAP,
    CODE_GRAPH,
    CODE_PITCH,
    CODE_SIZES,
    CODE_SPLITS,
    CODE_STRIP_GAP,
    Zone,
)


@dataclass(frozen=True)
class CodeWindow:
    """Where lines of a size stand: `rows` one below the other, from the top of a zone.

    In a wide zone several `strips` stand side by side: a program goes on at the top of the next one.
    """

    zone: Zone
    size: float
    rows: int
    strips: int = 1

    @property
    def capacity(self) -> int:
        """How many lines are seen at once."""
        return self.rows * self.strips

    @property
    def step(self) -> int:
        """How many lines leave at once where there are more: one, or a strip, so that no line jumps."""
        return self.rows if self.strips > 1 else 1

    @property
    def strip_width(self) -> float:
        """How far the beginnings of two strips are apart."""
        return (self.zone.width + CODE_STRIP_GAP) / self.strips

    @property
    def pitch(self) -> float:
        """The distance of two lines."""
        return pitch_of(self.size)

    @property
    def columns(self) -> int:
        """How many characters a line may have."""
        return int((self.strip_width - CODE_STRIP_GAP) / (CODE_ADVANCE * em_of(self.size)))


def em_of(size: float) -> float:
    """Return the height of letters of a font size, in units."""
    return size * CODE_EM


def pitch_of(size: float) -> float:
    """Return how far apart lines of a font size stand."""
    return CODE_PITCH * em_of(size)


@dataclass(frozen=True)
class CodePlan:
    """Where a graph stands, the forward lines of its code and the backward lines.

    The forward lines stand `alone` as long as there are no others.
    """

    graph: GraphPlan
    alone: CodeWindow
    forward: CodeWindow
    backward: CodeWindow


def plan_beside(graph: Graph, code: Code) -> CodePlan:
    """Return a graph at the left and its code at the right, or below its code where it needs the width."""
    plans = [plan for zones in CODE_SPLITS if (plan := _beside(graph, code, *zones)) is not None]
    return max(plans, key=_clearness) if plans else plan_below(graph, code)


def _clearness(plan: CodePlan) -> tuple[float, float, float]:
    """Return what counts first, second and third: no small gates, large code, large gates."""
    return min(1.0, plan.graph.scale), plan.forward.size, plan.graph.scale


def _beside(graph: Graph, code: Code, beside: Zone, zone: Zone) -> CodePlan | None:
    """Return a graph in one zone and its code in another, None where one of them cannot be read."""
    if longest(code) > CodeWindow(zone, CODE_SIZES[-1], 0).columns:
        return None
    try:
        plan, (forward, backward) = plan_graph(graph, (Split(beside, zone),)), plan_code(code, zone)
    except GraphTooLarge:
        return None
    return CodePlan(plan, forward, forward, backward)


def plan_below(graph: Graph, code: Code) -> CodePlan:
    """Return a graph below its code: forward lines over the whole width, then beside the backward lines."""
    plan = plan_graph(graph, (Split(CODE_GRAPH, CODE_BOARD), *SPLITS))
    board, middle = plan.board, float(plan.board.centre[0])
    left = Zone(board.left, middle - CODE_STRIP_GAP / 2, board.bottom, board.top)
    right = Zone(middle + CODE_STRIP_GAP / 2, board.right, board.bottom, board.top)
    size = size_in(code, left)
    alone, forward, backward = (
        _strips(code, zone, size, len(lines))
        for zone, lines in ((board, code.forward), (left, code.forward), (right, code.backward))
    )
    return CodePlan(plan, alone, forward, backward)


def plan_code(code: Code, zone: Zone) -> tuple[CodeWindow, CodeWindow]:
    """Return where forward and backward lines stand, one below the other, in the largest size that fits.

    Where they fit in none, both show a part of their lines.
    """
    counts = len(code.forward), len(code.backward)
    for size in CODE_SIZES:
        if longest(code) <= CodeWindow(zone, size, 0).columns and _rows(zone, size) >= sum(counts):
            return _windows(zone, size, *counts)
    size = next((s for s in CODE_SIZES if longest(code) <= CodeWindow(zone, s, 0).columns), CODE_SIZES[-1])
    rows = _rows(zone, size)
    forward = min(counts[0], max(rows - counts[1], rows // 2))
    return _windows(zone, size, forward, min(counts[1], rows - forward))


def size_in(code: Code, zone: Zone) -> float:
    """Return the largest size in which a zone shows all lines of one pass, the least where none does."""
    most = max(len(code.forward), len(code.backward))
    whole = (size for size in CODE_SIZES if _strips(code, zone, size, most).capacity >= most)
    return next(
        (size for size in whole if longest(code) <= CodeWindow(zone, size, 0).columns), CODE_SIZES[-1]
    )


def longest(code: Code) -> int:
    """Return the number of characters of the longest line."""
    return max(len(line.text) for line in (*code.forward, *code.backward))


def _rows(zone: Zone, size: float) -> int:
    return int((zone.height - CODE_GAP) / pitch_of(size))


def _strips(code: Code, zone: Zone, size: float, lines: int) -> CodeWindow:
    """Return a window of as many strips as find room side by side, or as the lines need."""
    rows = max(1, int(zone.height / pitch_of(size)))
    width = longest(code) * CODE_ADVANCE * em_of(size) + CODE_STRIP_GAP
    strips = min(int((zone.width + CODE_STRIP_GAP) / width), ceil(lines / rows))
    return CodeWindow(zone, size, rows, max(1, strips))


def _windows(zone: Zone, size: float, forward: int, backward: int) -> tuple[CodeWindow, CodeWindow]:
    spare = zone.height - CODE_GAP - (forward + backward) * pitch_of(size)
    top = zone.top - spare / 2
    middle = top - forward * pitch_of(size)
    above = Zone(zone.left, zone.right, middle, top)
    below = Zone(zone.left, zone.right, zone.bottom + spare / 2, middle - CODE_GAP)
    return CodeWindow(above, size, forward), CodeWindow(below, size, backward)

"""Where lines of code stand beside the graph that they are about: pure geometry, no drawing."""

from __future__ import annotations

from dataclasses import dataclass

from bpmath.code import Code
from bpmath.graph import Graph
from scenes.stage.graph_plan import GraphPlan, GraphTooLarge, Split, plan_graph
from scenes.stage.layout import (
    BORDER,
    CODE_ADVANCE,
    CODE_EM,
    CODE_GAP,
    CODE_PITCH,
    CODE_SIZES,
    CODE_SPLITS,
    FEWEST_CODE_LINES,
    Zone,
)


@dataclass(frozen=True)
class CodeWindow:
    """Where lines stand: the first one at the top of a zone, at most `rows` of a size."""

    zone: Zone
    size: float
    rows: int

    @property
    def pitch(self) -> float:
        """The distance of two lines."""
        return pitch_of(self.size)

    @property
    def columns(self) -> int:
        """How many characters a line may have."""
        return int(self.zone.width / (CODE_ADVANCE * em_of(self.size)))


def em_of(size: float) -> float:
    """Return the height of letters of a font size, in units."""
    return size * CODE_EM


def pitch_of(size: float) -> float:
    """Return how far apart lines of a font size stand."""
    return CODE_PITCH * em_of(size)


@dataclass(frozen=True)
class CodePlan:
    """Where a graph stands, the forward lines of its code and the backward lines."""

    graph: GraphPlan
    forward: CodeWindow
    backward: CodeWindow


def plan_beside(graph: Graph, code: Code) -> CodePlan:
    """Return a graph at the left and its code at the right, or below its code where it needs the width."""
    least = CODE_SIZES[-1]
    fitting = [zones for zones in CODE_SPLITS if longest(code) <= CodeWindow(zones[1], least, 0).columns]
    beside, zone = (fitting or CODE_SPLITS)[0 if fitting else -1]
    try:
        return CodePlan(plan_graph(graph, (Split(beside, zone),)), *plan_code(code, zone))
    except GraphTooLarge:
        plan = plan_graph(graph)
        board, middle = plan.board, float(plan.board.centre[0])
        left = Zone(board.left, middle - BORDER, board.bottom, board.top)
        right = Zone(middle + BORDER, board.right, board.bottom, board.top)
        return CodePlan(plan, *plan_columns(code, left, right))


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


def plan_columns(code: Code, left: Zone, right: Zone) -> tuple[CodeWindow, CodeWindow]:
    """Return where forward and backward lines stand, side by side, in the largest size that shows a few."""
    most = max(len(code.forward), len(code.backward))
    for size in CODE_SIZES:
        rows = int(left.height / pitch_of(size))
        if longest(code) <= CodeWindow(left, size, 0).columns and rows >= min(most, FEWEST_CODE_LINES):
            break
    return CodeWindow(left, size, rows), CodeWindow(right, size, rows)


def longest(code: Code) -> int:
    """Return the number of characters of the longest line."""
    return max(len(line.text) for line in (*code.forward, *code.backward))


def _rows(zone: Zone, size: float) -> int:
    return int((zone.height - CODE_GAP) / pitch_of(size))


def _windows(zone: Zone, size: float, forward: int, backward: int) -> tuple[CodeWindow, CodeWindow]:
    spare = zone.height - CODE_GAP - (forward + backward) * pitch_of(size)
    top = zone.top - spare / 2
    middle = top - forward * pitch_of(size)
    above = Zone(zone.left, zone.right, middle, top)
    below = Zone(zone.left, zone.right, zone.bottom + spare / 2, middle - CODE_GAP)
    return CodeWindow(above, size, forward), CodeWindow(below, size, backward)

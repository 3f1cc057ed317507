"""A lesson in which deltas get their names: the map with its deltas, and a counter of multiplications."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from manim import DOWN, RIGHT, UP, Animation, Create, FadeIn, FadeOut, LaggedStart, Line, VGroup, VMobject

from bpmath.algebra import Delta, Partial
from bpmath.costs import cost_of
from bpmath.equations import Equation
from bpmath.matrix_equations import Statement
from bpmath.symbols import Symbol, z
from scenes.stage import moves
from scenes.stage.formula import Formula, Written, number_mobject
from scenes.stage.layout import (
    BOARD,
    CLOSE_GAP,
    CLOSE_SHARE,
    COUNTER_SHIFT,
    FIGURE_HEIGHT,
    FRAME,
    LABEL_CLEARANCE,
    LEAST_EQUATION_SIZE,
    LINE_SPACE,
    LOW_MAP,
    MAP,
    MOST_ROWS,
    NUMBER_SIZE,
    SHORTEST_SUM,
    TITLE,
    TITLE_BASELINE,
    TITLE_SIZE,
    Zone,
)
from scenes.stage.lesson import Lesson
from scenes.stage.naming_moves import NodeName, come_into_node, name_in_node
from scenes.stage.theme import Role
from scenes.stage.typeset import Typeset, on_baseline, set_text


class CountedLesson(Lesson):
    """Has a map whose nodes take up deltas and which leaves when the board needs the frame, and a counter."""

    def prepare_map(self, *weights: Symbol) -> None:
        """Make the map, with the names of some parameters on it."""
        self.low = max(self.derivation.network.sizes) < MOST_ROWS
        self.map = self.network_map(zone=LOW_MAP if self.low else MAP)
        shown = [weight for weight in weights if weight.letter == "w" and self.map.shows(weight)]
        self.labels = self.map.make_labels(shown, Role.TARGET)
        self.marks: dict[Delta, NodeName] = {}
        self.map_is_shown = False
        self.counter: Typeset | None = None

    # -- the board and the map ----------------------------------------------------------------------

    @property
    def board(self) -> Zone:
        """The board above the map."""
        return Zone(BOARD.left, BOARD.right, LOW_MAP.top, BOARD.top) if self.low else BOARD

    @property
    def whole(self) -> Zone:
        """The board when the map has left."""
        return Zone(BOARD.left, BOARD.right, MAP.bottom, BOARD.top)

    def scenery(self) -> VGroup:
        """Return the map with all that belongs to it."""
        return VGroup(self.map, self.labels, *self.marks.values())

    def leaving_map(self, height: float) -> list[Animation]:
        """Return the map leaving, when equations of a height need its room."""
        if height <= self.board.height or not self.map_is_shown:
            return []
        self.map_is_shown = False
        return [FadeOut(self.scenery())]

    def bring_map(self, height: float) -> None:
        """Let the map come back, when equations of a height leave it its room."""
        if height <= self.board.height and not self.map_is_shown:
            self.map_is_shown = True
            self.play(FadeIn(self.scenery()), run_time=0.6)

    # -- equations ----------------------------------------------------------------------------------

    def short(self, statement: Statement, size: float = LEAST_EQUATION_SIZE) -> Formula:
        """Return an equation whose long sums show an ellipsis."""
        return self.formula(statement, size, longest_sum=SHORTEST_SUM)

    def number_room(self, formula: Formula) -> float:
        """Return the height that numbers take below an equation."""
        if not self.settings.numbers:
            return 0.0
        return CLOSE_GAP + CLOSE_SHARE * formula.font_size * FIGURE_HEIGHT

    # -- ways on the map ------------------------------------------------------------------------------

    def way_of(self, formula: Formula) -> list[Line]:
        """Return bright lines over the edges of an equation's factors, each in the colour of its factor."""
        partials = dict.fromkeys(written.term for written in formula.written(Partial))
        return [self.map.lit(partial) for partial in partials if self.map.shows_edge(partial)]

    def lit_up(self, way: list[Line]) -> list[Animation]:
        """Return the edges of a way lighting up, one after the other."""
        return [LaggedStart(*map(Create, way), lag_ratio=0.3, run_time=moves.FLIGHT)] if way else []

    # -- deltas on the map --------------------------------------------------------------------------

    def deltas_arrive(self, deltas: Sequence[Delta], *formulas: Formula) -> list[Animation]:
        """Return new deltas flying from formulas into their nodes; none while the map is away."""
        arrivals: list[Animation] = []
        for delta in deltas:
            symbol = z(delta.layer, delta.node)
            if self.map_is_shown and delta not in self.marks and self.map.shows(symbol):
                self.marks[delta] = name_in_node(self.map, delta, self.settings.notation)
                origin = _where(delta, formulas)
                arrivals.append(come_into_node(self.map, self.marks[delta], symbol, origin))
        return arrivals

    def deltas_of(self, layer: int) -> list[Delta]:
        """Return the deltas of the shown nodes of a layer."""
        return [Delta(layer, node) for node in self.map.plan.rows(layer)]

    # -- numbers ------------------------------------------------------------------------------------

    def numbers_under(self, formula: Formula, terms: Sequence[Written[Any]]) -> VGroup:
        """Return the values of terms, each below its own line of the formula; none where numbers are off."""
        numbers = VGroup()
        if not self.settings.numbers:
            return numbers
        size = min(NUMBER_SIZE, CLOSE_SHARE * formula.font_size)
        for written in terms:
            glyphs = formula.at(written.position)
            colour = glyphs[0].get_fill_color().to_hex()
            value = number_mobject(self.derivation.value(written.term), colour, size)
            value.next_to(glyphs, DOWN, buff=CLOSE_GAP)
            value.set_y(min(value.get_y(), _floor(formula, glyphs) - CLOSE_GAP - value.height / 2))
            numbers.add(value)
        return _apart(numbers)

    # -- the counter --------------------------------------------------------------------------------

    def count(self, count: int, key: str = "counter") -> list[Animation]:
        """Return the counter, at the right of the title, going over to another count."""
        sentence = self.words(f"{key}.one" if count == 1 else key, count=count)
        new = set_text(sentence.markup, TITLE_SIZE, self.theme[Role.TARGET], self.fonts)
        on_baseline(new.align_to(FRAME.corner, UP), TITLE.bottom + TITLE_BASELINE)
        new.shift(RIGHT * (TITLE.right - new.get_right()[0]))
        changes: list[Animation] = [FadeIn(new, shift=DOWN * COUNTER_SHIFT)]
        if self.counter is not None:
            changes.insert(0, FadeOut(self.counter, shift=DOWN * COUNTER_SHIFT))
        self.counter = new
        return changes


def multiplications(*equations: Equation) -> int:
    """Return how many multiplications are written in equations."""
    return sum(cost_of(equation).multiplications for equation in equations)


def as_equation(statement: Statement) -> Equation:
    """Return a statement that is an equation between scalars; TypeError for any other."""
    if not isinstance(statement, Equation):
        raise TypeError(f"statement: {statement} is no equation between scalars")
    return statement


def _where(delta: Delta, formulas: Sequence[Formula]) -> VGroup:
    """Return the glyphs of a delta in the first formula that it is written in."""
    for formula in formulas:
        for written in formula.written(Delta):
            if written.term == delta:
                return formula.at(written.position)
    return VGroup()


def _floor(formula: Formula, glyphs: VMobject) -> float:
    """Return the height of the lower rim of the line of a formula that glyphs stand in."""
    floor, top = float(glyphs.get_bottom()[1]), float(glyphs.get_top()[1])
    for glyph in sorted(formula.glyphs, key=lambda glyph: -float(glyph.get_top()[1])):
        high, low = float(glyph.get_top()[1]), float(glyph.get_bottom()[1])
        if low < top and high > floor - LINE_SPACE / 2:
            floor = min(floor, low)
    return floor


def _apart(numbers: VGroup) -> VGroup:
    """Set numbers that would touch their neighbours a little apart, to the side."""
    row = sorted(numbers, key=lambda number: float(number.get_x()))
    for left, right in pairwise(row):
        same_line = abs(left.get_y() - right.get_y()) < left.height
        missing = left.get_right()[0] + LABEL_CLEARANCE - right.get_left()[0]
        if same_line and missing > 0:
            left.shift(-RIGHT * missing / 2)
            right.shift(RIGHT * missing / 2)
    return numbers

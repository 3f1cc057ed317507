"""A lesson in which derivatives are swept through a graph, node by node, as the recorded steps say."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from manim import (
    RIGHT,
    UP,
    Animation,
    AnimationGroup,
    Create,
    FadeIn,
    FadeOut,
    LaggedStart,
    VGroup,
    VMobject,
)

from bpmath.algebra import Derivative, Expression, Number, product, total
from bpmath.arithmetic import valued
from bpmath.equations import Equation
from bpmath.sweeps import Step, Sweep
from bpmath.symbols import Symbol
from scenes.stage import layout, moves
from scenes.stage.formula import Formula
from scenes.stage.graph_equations import whole
from scenes.stage.graph_labels import local_labels, named_values, room_below
from scenes.stage.graph_lesson import GraphLesson
from scenes.stage.theme import Role


class SweepLesson(GraphLesson):
    """Has the values and local derivatives on the map, and carries the derivatives of one sweep over it."""

    sweep: Sweep

    def prepare(self) -> None:
        """Make what stands on the map before anything is swept."""
        self.values = named_values(self.map, self.trace, self.settings.numbers)
        self.locals = local_labels(self.map, self.trace, self.values.values(), self.settings.numbers)
        self.name_size = self.map.size
        self.derivative_names_fit = self.names_fit()
        if not self.derivative_names_fit:
            self.name_size = layout.SWEEP_NAME_SIZE
            self.derivative_names_fit = self.names_fit()
        self.equation: Formula | None = self.in_line_on_board(whole(self.trace))
        self.trail = VGroup()
        self.ring: VMobject | None = None

    def names_fit(self) -> bool:
        """Tell whether there is room below the nodes for the names of what the sweep finds."""
        labels = [*self.values.values(), *self.locals.values()]
        return room_below(self.map, labels, self.name_of_found(self.graph.output))

    # -- what a sweep does, by its steps ----------------------------------------------------------------

    @property
    def backwards(self) -> bool:
        """Whether the sweep goes from the output back."""
        return self.sweep.mode == "reverse"

    def receivers(self) -> list[Symbol]:
        """Return the nodes in the order in which their sums are complete."""
        last = {step.receiver: number for number, step in enumerate(self.sweep.steps)}
        return sorted(last, key=lambda symbol: last[symbol])

    def steps_to(self, symbol: Symbol) -> list[Step]:
        """Return the steps that bring something to a node."""
        return [step for step in self.sweep.steps if step.receiver == symbol]

    def found_at(self, symbol: Symbol) -> Derivative:
        """Return the derivative that the sweep finds at a node."""
        start = self.sweep.start
        return Derivative(start, symbol) if self.backwards else Derivative(symbol, start)

    def sum_at(self, symbol: Symbol) -> Equation:
        """Return what is added up at a node: what is carried times the local derivative, for every step."""
        terms = [self._crossed(step) for step in self.steps_to(symbol)]
        return Equation(self.found_at(symbol), total(tuple(terms)), self.trace)

    def result_at(self, symbol: Symbol) -> Formula:
        """Return the derivative at a node and its number, on the board."""
        number = Number(self.sweep.derivative[symbol])
        equation = Equation(self.found_at(symbol), number, self.trace)
        return self.on_board(equation, spacious=False, roles={number: Role.GRADIENT})

    def level(self, answers: Sequence[Formula]) -> VGroup:
        """Set derivatives, with or without their numbers, side by side: one size, the bars at one height."""
        least = min(answer.font_size for answer in answers)
        for answer in answers:
            answer.scale(least / answer.font_size)
        row = VGroup(*answers).arrange(RIGHT, buff=layout.COLUMN_GAP)
        heights = [answer.part(self._asked(answer), "bar").get_y() for answer in answers]
        for answer, height in zip(answers, heights, strict=True):
            answer.shift(UP * (heights[0] - height))
        return row.move_to(self.zone.centre)

    def _asked(self, answer: Formula) -> Expression:
        what = answer.what.lhs if isinstance(answer.what, Equation) else answer.what
        assert isinstance(what, Derivative)
        return what

    def _crossed(self, step: Step) -> Expression:
        carried, local = self.found_at(step.sender), self.local(step.edge)
        return product(carried, local) if self.backwards else product(local, carried)

    # -- the picture before the sweep -------------------------------------------------------------------

    def in_line_on_board(self, equation: Equation) -> Formula | None:
        """Return an equation on the board, None where it would be too small there."""
        formula = self.on_board(equation, spacious=False)
        return formula if formula.font_size >= layout.LEAST_EQUATION_SIZE else None

    def appear(self) -> None:
        """Show the title, the expression, its graph and its values."""
        self.play(FadeIn(self.title()), FadeIn(self.map), *map(FadeIn, self.on_the_board()))
        self.play(LaggedStart(*map(FadeIn, self.values.values()), lag_ratio=0.2, run_time=1.2))

    def locals_appear(self) -> None:
        """Let every edge show its local derivative."""
        lines = [self.map.line(edge) for edge in self.edges()]
        self.play(moves.pulse(lines, self.theme[Role.LOCAL_DERIVATIVE], run_time=1.0))
        if self.locals:
            self.play(LaggedStart(*map(FadeIn, self.locals.values()), lag_ratio=0.1, run_time=1.2))

    @property
    def room_for_locals(self) -> str:
        """Which sentence applies: every edge has room for its local derivative, or not."""
        return "" if len(self.locals) == len(self.edges()) else "some"

    # -- steps --------------------------------------------------------------------------------------------

    def ring_moves(self, symbol: Symbol, run_time: float = 0.6) -> Animation:
        """Return the ring going over to a node."""
        ring = self.map.ring(symbol)
        leaving = [] if self.ring is None else [FadeOut(self.ring)]
        self.ring = ring
        return AnimationGroup(*leaving, Create(ring), run_time=run_time)

    def ring_leaves(self) -> list[Animation]:
        """Return the ring fading."""
        leaving: list[Animation] = [] if self.ring is None else [FadeOut(self.ring)]
        self.ring = None
        return leaving

    def edges_light(self, symbols: Iterable[Symbol], run_time: float) -> Animation:
        """Return the edges that bring something to nodes lighting up, in the direction of the sweep."""
        steps = [step for symbol in symbols for step in self.steps_to(symbol)]
        lit = [self.map.lit(step.edge, Role.GRADIENT, backwards=self.backwards) for step in steps]
        self.trail.add(*lit)
        return LaggedStart(*map(Create, lit), lag_ratio=0.3, run_time=run_time)

    def arrives(self, symbol: Symbol, origin: VGroup | None = None) -> Animation:
        """Return what the sweep finds at a node appearing below it: its number, its name, or but a ring."""
        if self.settings.numbers:
            return self.derivative_arrives(symbol, self.sweep.derivative[symbol], origin)
        if not self.derivative_names_fit:
            ring = self.derivatives[symbol] = self.map.ring(symbol, Role.GRADIENT)
            return Create(ring)
        mark = self.derivatives[symbol] = self.map.below(symbol, self.name_of_found(symbol))
        return moves.fly(mark, self.map.node(symbol) if origin is None else origin)

    def name_of_found(self, symbol: Symbol) -> Formula:
        """Return the name of what the sweep finds at a node, as it is written below it."""
        return self.formula(self.found_at(symbol), self.name_size)

    @property
    def marked_by(self) -> str:
        """Which sentence applies to what is marked below nodes: numbers, names, or rings around them."""
        if self.settings.numbers:
            return ""
        return "symbols" if self.derivative_names_fit else "rings"

    def write_sum(self, symbol: Symbol, run_time: float = moves.FLIGHT) -> None:
        """Write what is added up at a node: every factor comes from its edge, or from the node behind it."""
        formula = self.on_board(self.sum_at(symbol), spacious=False)
        self.play(self.ring_moves(symbol), self.edges_light([symbol], run_time=0.9), *self.board_clears())
        self.play(*self.comes_from_map(formula, symbol, run_time))
        self.equation = formula
        self.new_fractions(len(self.steps_to(symbol)))

    def comes_from_map(self, formula: Formula, symbol: Symbol, run_time: float) -> list[Animation]:
        """Return the terms of a sum flying in from where they stand on the map."""
        steps, flights = self.steps_to(symbol), []
        sources: dict[Expression, VMobject] = {self.local(s.edge): self.place_of(s) for s in steps}
        sources |= {self.found_at(s.sender): self.derivatives[s.sender] for s in steps}
        arrived: set[int] = set()
        for written in formula.leaves():
            glyphs = formula.at(written.position)
            origin = sources.get(written.term, self.map.node(symbol).circle)
            flights.append(moves.fly(glyphs, origin, run_time))
            arrived |= {id(glyph) for glyph in glyphs}
        signs = VGroup(*(glyph for glyph in formula.glyphs if id(glyph) not in arrived))
        return [*flights, FadeIn(signs, run_time=run_time)]

    def place_of(self, step: Step) -> VMobject:
        """Return where the local derivative of a step is seen."""
        return self.locals.get(step.edge) or self.map.line(step.edge)

    def put_numbers(self, symbol: Symbol) -> None:
        """Put numbers in the places of the symbols; what they make goes below the node."""
        if self.settings.numbers and self.equation is not None:
            self.equation = self.rewrite(self.equation, valued(self.sum_at(symbol)))
        self.mark(symbol)

    def mark(self, symbol: Symbol) -> None:
        """Let what the board says go below its node."""
        board = self.equation
        assert board is not None
        part = (1,) if self.settings.numbers else (0,)
        self.play(self.arrives(symbol, board.at(part)))

    def on_the_board(self) -> list[Formula]:
        """Return the equation on the board, if there is one."""
        return [] if self.equation is None else [self.equation]

    def board_clears(self) -> list[Animation]:
        """Return the equation on the board fading."""
        leaving: list[Animation] = [*map(FadeOut, self.on_the_board())]
        self.equation = None
        return leaving

    def go_on(self, symbols: Sequence[Symbol]) -> None:
        """Take several nodes quickly: with their equations while there is time, else all in a row."""
        if not symbols:
            return
        step = layout.SWEEP_TIME / len(symbols)
        if step < layout.SWEEP_LEAST_STEP:
            self.in_a_row(symbols)
            return
        for symbol in symbols:
            self.quickly(symbol, min(layout.SWEEP_STEP, step))

    def quickly(self, symbol: Symbol, run_time: float) -> None:
        """Take one node: its edges light, its equation stands in numbers, its number appears."""
        equation = self.sum_at(symbol)
        said = valued(equation) if self.settings.numbers else None
        symbols = self.on_board(equation, spacious=False)
        formula = symbols if said is None else self.rewritten(symbols, said, symbols.font_size)
        lit = self.edges_light([symbol], run_time)
        self.play(self.ring_moves(symbol, run_time), lit, *self.board_clears(), run_time=run_time)
        self.equation = formula
        self.play(FadeIn(formula, run_time=run_time / 2))
        self.mark_quickly(symbol, run_time)

    def mark_quickly(self, symbol: Symbol, run_time: float) -> None:
        """Let what was found appear below its node."""
        self.play(self.arrives(symbol), run_time=run_time)

    def in_a_row(self, symbols: Sequence[Symbol]) -> None:
        """Take many nodes, one after the other, and only the last with its equation."""
        *many, last = symbols
        steps = [
            AnimationGroup(self.edges_light([symbol], layout.SWEEP_STEP), self.arrives(symbol))
            for symbol in many
        ]
        self.play(*self.ring_leaves(), *self.board_clears(), run_time=0.4)
        self.play(LaggedStart(*steps, lag_ratio=0.3, run_time=layout.SWEEP_TIME))
        self.quickly(last, layout.SWEEP_STEP)

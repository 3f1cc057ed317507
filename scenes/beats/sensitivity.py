"""An input is nudged, the output moves: the slope of the secant, and what becomes of it for small nudges."""

from __future__ import annotations

from manim import DOWN, UP, Create, FadeIn, FadeOut, LaggedStart, Line, Transform, VGroup

from bpmath.algebra import Derivative, Number, Quantity
from bpmath.equations import Equation
from bpmath.gates import gate_formula, local_derivative_formula
from bpmath.matrix_equations import Statement
from bpmath.nudges import H, Nudge, section
from bpmath.symbols import Symbol
from bpmath.trace import Trace
from bpmath.trees import parts
from scenes.stage import layout, moves
from scenes.stage.expression import example_of
from scenes.stage.formula import Formula
from scenes.stage.graph_lesson import role_in_graphs
from scenes.stage.lesson import Lesson
from scenes.stage.slope_plot import Curve, SlopePlot
from scenes.stage.theme import Role
from scenes.stage.worked_line import WorkedLine

KINDS = ("multiply", "add", "max")


class SensitivityBeats(Lesson):
    """The beats of `SensitivityOfGates`."""

    def prepare(self) -> None:
        """Evaluate the three gates."""
        self.by_kind = {kind: example_of(f"SensitivityOfGates, {kind}").trace for kind in KINDS}
        self.trace = self.by_kind[KINDS[0]]
        self.shown, self.secant = VGroup(), VGroup()
        self.stack = VGroup()

    # -- parts ------------------------------------------------------------------------------------

    def inputs_of(self, kind: str) -> tuple[Symbol, ...]:
        """Return the two inputs of a gate."""
        return self.by_kind[kind].graph.inputs

    def gate(self, trace: Trace) -> Equation:
        """Return what a gate computes."""
        graph = trace.graph
        return Equation(Quantity(graph.output), gate_formula(graph[graph.output]), trace)

    def slope(self, kind: str, symbol: Symbol, spelled: bool = False) -> Equation:
        """Return the derivative by an input: its number, or for a product the other factor."""
        trace = self.by_kind[kind]
        output = trace.graph.output
        derivative, node = Derivative(output, symbol), trace.graph[output]
        if spelled and kind == "multiply":
            return Equation(derivative, local_derivative_formula(node, node.inputs.index(symbol)), trace)
        return Equation(derivative, Number(derivative.evaluate(trace)), trace)

    def line(self, what: Statement) -> Formula:
        """Return an equation for the board beside the plot."""
        roles = {part.term: role_in_graphs(part.term) for part in parts(what)}
        known = {term: role for term, role in roles.items() if role is not None}
        known[Quantity(H)] = Role.TARGET
        formula = self.formula(what, layout.MAIN_SIZE, roles=known)
        return formula.scale(min(1, layout.NUDGE_BOARD.width / formula.width))

    def line_of_slope(self, kind: str, symbol: Symbol) -> WorkedLine:
        """Return a derivative, what it is, and its number behind it."""
        symbols = self.line(self.slope(kind, symbol, spelled=True))
        if isinstance(symbols.equation.rhs, Number):
            symbols.at((1,)).set_fill(self.theme[Role.GRADIENT])
        return WorkedLine(symbols, self.formula, layout.NUDGE_BOARD, True, Role.GRADIENT)

    def plot_of(self, trace: Trace, symbol: Symbol) -> SlopePlot:
        """Return the output over one input."""
        middle, reach = trace[symbol], layout.NUDGE_REACH
        curve = Curve(section(trace, symbol), middle - reach, middle + reach)
        size = layout.LEAST_EQUATION_SIZE
        names = [self.formula(name, size) for name in (symbol, trace.graph.output)]
        return SlopePlot(curve, self.theme, layout.NUDGE_PLOT, *names)

    # -- one gate ---------------------------------------------------------------------------------

    def show(self, kind: str, symbol: Symbol, beat: str) -> None:
        """Draw the output over one input, and mark where it stands."""
        trace, old = self.by_kind[kind], VGroup(self.shown, self.secant, self.stack)
        output = trace.graph.output
        other = next(name for name in trace.graph.inputs if name != symbol)
        self.plot, x, y = self.plot_of(trace, symbol), trace[symbol], trace[output]
        self.tangent_slope = self.line_of_slope(kind, symbol)
        self.quotient = self.line(self.nudge(kind, symbol, 0).quotient)
        gate = self.line(self.gate(trace))
        self.stack = VGroup(gate, self.quotient, self.tangent_slope)
        self.stack.arrange(DOWN, buff=layout.ROW_GAP).move_to(layout.NUDGE_BOARD.centre)
        point, feet = self.plot.point(x, y), self.plot.feet(x, y, True)
        with self.beat(beat, f=output, x=symbol, other=other):
            if beat == "multiply":
                self.play(FadeIn(self.title()))
            self.play(FadeOut(old))
            self.play(FadeIn(self.plot.frame), Create(self.plot.curve), FadeIn(gate), run_time=1.6)
            self.play(FadeIn(point, scale=layout.POINT_SCALE), FadeIn(feet))
        self.shown, self.secant = VGroup(self.plot, point, feet), VGroup()

    def nudge(self, kind: str, symbol: Symbol, number: int) -> Nudge:
        """Return one of the nudges, the largest first."""
        return Nudge(self.by_kind[kind], symbol, layout.NUDGES[number])

    def moved(self, nudge: Nudge) -> VGroup:
        """Return the secant of a nudge: how far the input moves, how far the output moves, and the line."""
        trace, plot, theme = nudge.trace, self.plot, self.theme
        x, y = trace[nudge.symbol], trace[trace.graph.output]
        corner, end = plot.at(nudge.place, y), plot.at(nudge.place, nudge.output)
        across = Line(plot.at(x, y), corner, color=theme[Role.TARGET], stroke_width=layout.LIT_STROKE)
        up = Line(corner, end, color=theme[Role.VALUE], stroke_width=layout.LIT_STROKE)
        secant = plot.tangent(x, y, nudge.slope, Role.QUIET, layout.NUDGE_LONG)
        return VGroup(secant, across, up, plot.point(nudge.place, nudge.output))

    def first_nudge(self, kind: str, symbol: Symbol, beat: str) -> None:
        """Move the input by much: the output moves, and the secant has a slope."""
        nudge = self.nudge(kind, symbol, 0)
        self.secant = self.moved(nudge)
        line, across, up, point = self.secant
        output = nudge.trace.graph.output
        with self.beat(beat, x=symbol, f=output, h=nudge.h, change=nudge.change, slope=nudge.slope):
            self.name = self.formula(
                Quantity(H), layout.LEAST_EQUATION_SIZE, roles={Quantity(H): Role.TARGET}
            )
            self.name.next_to(across, UP if nudge.change < 0 else DOWN, buff=layout.NUMBER_GAP)
            self.play(Create(across), FadeIn(self.name))
            self.play(Create(up), FadeIn(point))
            self.play(Create(line))
            self.play(FadeIn(self.quotient.at((0,)), self.quotient.equals))
            self.play(moves.fly(self.quotient.at((1,)), line))
            self.new_fractions(1)

    def smaller(self, kind: str, symbol: Symbol, beat: str, variant: str = "") -> None:
        """Move it by less and less: the secant becomes the tangent, whose slope is the derivative."""
        trace = self.by_kind[kind]
        with self.beat(beat, variant, x=symbol, f=trace.graph.output, h=layout.NUDGES[-1]):
            self.play(FadeOut(self.name), run_time=0.4)
            for number in range(1, len(layout.NUDGES)):
                nudge = self.nudge(kind, symbol, number)
                new = self.line(nudge.quotient).move_to(self.quotient)
                self.play(Transform(self.secant, self.moved(nudge)), moves.rewrite(self.quotient, new))
                self.stack[1] = self.quotient = new
            self.settle(kind, symbol)

    def settle(self, kind: str, symbol: Symbol) -> None:
        """Lay the tangent on the curve; the derivative comes from it."""
        trace = self.by_kind[kind]
        slope = self.slope(kind, symbol).value
        x, y = trace[symbol], trace[trace.graph.output]
        tangent = self.plot.tangent(x, y, slope, Role.GRADIENT, layout.NUDGE_LONG)
        self.play(Create(tangent))
        self.shown.add(tangent)
        self.play(moves.fly(self.tangent_slope.symbols.at(()), tangent))
        if (number := self.tangent_slope.result_arrives(moves.FLIGHT)) is not None:
            self.play(number)
        self.new_fractions(1)

    def at_once(self, kind: str, symbol: Symbol, beat: str) -> None:
        """Do the same for another input, without stopping on the way."""
        self.show(kind, symbol, beat)
        with self.beat(f"{beat}_slope", x=symbol, f=self.by_kind[kind].graph.output):
            nudge = self.nudge(kind, symbol, len(layout.NUDGES) - 1)
            self.secant = self.moved(nudge)
            shown = self.line(nudge.quotient).move_to(self.quotient)
            self.stack[1] = self.quotient = shown
            self.play(FadeIn(self.secant), FadeIn(shown))
            self.settle(kind, symbol)

    def together(self) -> None:
        """All six derivatives, a row for each gate."""
        rows = []
        for kind in KINDS:
            slopes = [self.slope(kind, symbol, True) for symbol in self.inputs_of(kind)]
            rows.append([self.line(what) for what in (self.gate(self.by_kind[kind]), *slopes)])
            for cell in rows[-1][1:]:
                if isinstance(cell.equation.rhs, Number):
                    cell.at((1,)).set_fill(self.theme[Role.GRADIENT])
        cells = VGroup(*(cell for row in rows for cell in row))
        cells.arrange_in_grid(rows=len(rows), buff=layout.NUDGE_GRID_GAP).move_to(layout.WHOLE_BOARD.centre)
        with self.beat("together"):
            self.play(FadeOut(self.shown, self.secant, self.stack))
            self.play(LaggedStart(*map(FadeIn, cells), lag_ratio=0.3, run_time=3.0))
            self.new_fractions(2)

"""An input times a thousand: the gradient of its weight grows as much, and a step of descent overshoots."""

from __future__ import annotations

from manim import RIGHT, UP, FadeIn, FadeOut, VGroup

from bpmath.algebra import Derivative, Quantity
from bpmath.descent import ETA
from bpmath.equations import Equation
from bpmath.input_scale import RATE, InputScale, scale_input
from bpmath.numbers import numbers
from scenes.beats.circuit import CircuitLesson
from scenes.stage import layout, moves
from scenes.stage.captions import Word
from scenes.stage.graph_map import GraphMap
from scenes.stage.theme import Role
from scenes.stage.worked_line import roles_of_numbers


class InputScaleBeats(CircuitLesson):
    """The beats of an input that is multiplied."""

    scaling: InputScale
    board_line: VGroup

    def prepare(self) -> None:
        """Run the circuit a second time, with one input multiplied."""
        self.scaling = scale_input(self.trace)
        self.traces.append(self.scaling.after)
        self.board_line = VGroup()

    def expression(self) -> None:
        """Let the circuit grow, and point to the input and its weight."""
        scaling = self.scaling
        with self.beat(
            "expression", data=scaling.data, weight=scaling.weight, output=self.output, factor=scaling.factor
        ):
            self.show_expression()
            self.mark(*(self.map.ring(symbol) for symbol in {scaling.data, scaling.weight}))

    def sweep(self) -> None:
        """Let all values and gradients arrive."""
        with self.beat("sweep", self.symbolic, weight=self.scaling.weight, output=self.output):
            self.run_through()
            self.run_back()
            self.put_received(self.scaling.weight)
            self.work_out()

    def first_step(self) -> None:
        """Take one step of gradient descent."""
        scaling = self.scaling
        with self.beat("step_down", self.symbolic, weight=scaling.weight, eta=ETA, rate=RATE):
            self.mark(self.map.ring(scaling.weight))
            self.clear_board()
            self.write_step(scaling.step(scaling.before))

    def multiply_input(self) -> None:
        """Multiply the input; everything that depends on it is computed anew."""
        scaling = self.scaling
        before, after = scaling.gradient(scaling.before), scaling.gradient(scaling.after)
        variant = "" if scaling.is_proportional else "other"
        words: dict[str, Word] = {"data": scaling.data, "weight": scaling.weight, "factor": scaling.factor}
        with self.beat("scale", variant, **words, before=before, after=after):
            self.play(FadeOut(self.board_line), run_time=0.4)
            self.trace = scaling.after
            self.mark(self.map.ring(scaling.data))
            self.compute_anew()
            self.put_received(scaling.weight)
            self.work_out()

    def compute_anew(self) -> None:
        """Let new values take the place of old ones, then new gradients."""
        now, old_values, old_derivatives = self.scaling.after, self.values, self.derivatives
        source = GraphMap(now, self.theme, self.settings.notation, self.map.plan)
        for symbol in [node.symbol for node in self.graph.nodes if node.symbol in old_values]:
            if now[symbol] != self.scaling.before[symbol]:
                new = source.value(symbol)
                self.play(FadeOut(old_values[symbol]), FadeIn(new, scale=layout.POINT_SCALE), run_time=0.5)
                old_values[symbol] = new
        gone = VGroup(*old_derivatives.values())
        if len(gone):
            self.play(FadeOut(gone), run_time=0.5)
        self.derivatives = {}
        self.run_back()

    def leap(self) -> None:
        """Take the same step again, with the same rate."""
        scaling = self.scaling
        target = scaling.step(scaling.after)
        with self.beat("leap", self.symbolic, weight=scaling.weight, after=target.value):
            self.mark(self.map.ring(scaling.weight))
            self.clear_board()
            self.write_step(target)

    def remedy(self) -> None:
        """Take it with a smaller rate: where the gradient grew by the factor, it is the step of before."""
        scaling = self.scaling
        variant = "" if scaling.is_proportional else "other"
        if scaling.gradient(scaling.after) == 0:
            variant = "rests"
        with self.beat("remedy", variant, weight=scaling.weight, factor=scaling.factor):
            self.play(FadeOut(self.board_line), run_time=0.4)
            rate = scaling.slower
            self.write_step(scaling.step(scaling.after, rate))

    def write_step(self, equation: Equation) -> None:
        """Write w - eta df/dw, then its numbers, then what they make."""
        output, weight = self.output, self.scaling.weight
        slope = Derivative(output, weight)
        roles = {slope: Role.GRADIENT, Quantity(weight): Role.VALUE, Quantity(ETA): Role.INK}
        symbols = self.formula(equation, layout.MAIN_SIZE, roles=roles)
        rewrite = numbers(equation)
        worked = self.formula(rewrite.after, layout.MAIN_SIZE, roles_at=roles_of_numbers(rewrite, symbols))
        worked.at((1,)).set_fill(self.theme[Role.VALUE])
        gap = float(symbols.at((1,)).get_left()[0] - symbols.equals.get_right()[0])
        worked.shift(UP * (symbols.equals.get_y() - worked.equals.get_y()))
        worked.next_to(symbols.equals, RIGHT, buff=gap, coor_mask=RIGHT)
        left = VGroup(*symbols.at((0,)))
        shown = [left]
        if self.settings.numbers:
            result = VGroup(*worked.equals, *worked.at((1,)))
            shown += [VGroup(*symbols.equals), VGroup(*worked.at((0,))), result]
        self.board_line = VGroup(*shown)
        zone = self.zone
        share = min(1, zone.width / self.board_line.width, zone.height / self.board_line.height)
        self.board_line.scale(share).move_to(zone.centre)
        self.play(moves.fly(left, self.map.node(weight)))
        if self.settings.numbers:
            _, equals, values, result = shown
            self.play(FadeIn(equals), moves.fly(values, left), run_time=1.2)
            self.play(moves.gather([values], result))
        self.new_fractions(1)

"""A training run: the error falls, the weights change, and so does what the network answers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    FadeIn,
    FadeOut,
    LaggedStart,
    Mobject,
    UpdateFromAlphaFunc,
    VGroup,
    VMobject,
    linear,
)
from numpy.typing import NDArray

from bpmath.batch_matrices import BatchMatrices
from bpmath.datasets import xor, xor_network
from bpmath.descent import batch_average
from bpmath.matrix_equations import MatrixEquation
from bpmath.network import Network
from bpmath.symbols import E, x
from bpmath.training_course import STEP, Course, outputs, square, training_course
from scenes.stage import layout, moves
from scenes.stage.formula import Formula
from scenes.stage.lesson import Lesson
from scenes.stage.map_numbers import number_at
from scenes.stage.regions import ABOVE, BELOW, Regions
from scenes.stage.slope_plot import CURVE, Curve, SlopePlot
from scenes.stage.theme import Role
from scenes.stage.weighted_edges import weighted_edges


class LossCurveBeats(Lesson):
    """The beats of `LossCurve`."""

    def prepare(self) -> None:
        """Train a network on the exclusive or: the user's, or where that does not fit one of its own."""
        self.data = xor()
        network, self.is_own = self.chosen()
        rate = 1 / 2 if self.is_own else None
        self.course: Course = training_course(
            network, self.data.x, self.data.y, rate, steps=layout.FALL_STEPS
        )
        self.settings = replace(self.settings, network=network, x=self.data.x[-1], y=self.data.y[-1])
        self.derivation = self.settings.derivation()
        self.map = self.network_map(zone=layout.LOW_MAP)
        steps = [self.course.networks[step] for step in (0, -1)]
        self.edges = weighted_edges(self.map, steps)
        self.regions = Regions(self.theme, layout.REGION_ZONE, layout.REGION_LOW, layout.REGION_HIGH)
        self.plane = square(layout.REGION_LOW, layout.REGION_HIGH, layout.REGION_CELLS)
        self.now, self.executed = 0, [self.course.equation(0), self.course.count(0)]

    def chosen(self) -> tuple[Network, bool]:
        """Return the user's network if it has two inputs and one output and can be trained, else another."""
        network = self.derivation.network
        if (network.sizes[0], network.sizes[-1]) == (2, 1):
            try:
                training_course(network, self.data.x, self.data.y, steps=layout.FALL_STEPS)
            except ValueError:
                return xor_network(), True
            return network, False
        return xor_network(), True

    def matrices(self, step: int) -> BatchMatrices:
        """Return the matrices of all samples after a step."""
        return BatchMatrices(batch_average(self.course.networks[step], self.data.x, self.data.y))

    # -- the data and the network -----------------------------------------------------------------

    def samples(self) -> None:
        """The samples, in numbers and in the plane of the two inputs."""
        found = self.matrices(0)
        self.known = self.in_board(self.written(found.shown("a", 0)), self.targets())
        zone, names = layout.REGION_ZONE, [self.formula(x(k), layout.LEAST_EQUATION_SIZE) for k in (1, 2)]
        names[0].next_to(self.regions.border, DOWN, buff=layout.MARK_GAP)
        names[1].next_to(self.regions.border, LEFT, buff=layout.MARK_GAP)
        self.names = VGroup(*names)
        pairs = zip(self.data.x, self.data.y.ravel().tolist(), strict=True)
        self.points = VGroup(*(self.regions.sample(first, second, y > 1 / 2) for (first, second), y in pairs))
        assert zone.contains(self.points)
        with self.beat("data", count=self.data.samples):
            self.play(FadeIn(self.title()), FadeIn(self.map))
            self.play(FadeIn(*self.known, shift=DOWN * layout.NUMBER_GAP))
            self.play(FadeIn(self.regions.border, self.names))
            flights = (moves.fly(VGroup(point), self.known[0]) for point in self.points)
            self.play(LaggedStart(*flights, lag_ratio=0.3))

    def written(self, equation: MatrixEquation, **roles: Any) -> Formula:
        """Return the matrix of all samples, as wide as there is room beside the plane."""
        return self.formula(equation, layout.MAIN_SIZE, **roles)

    def targets(self) -> Formula:
        """Return the targets of all samples, each in the colour of its side."""
        sides = {(1, place): ABOVE if y > 1 / 2 else BELOW for place, y in enumerate(self.data.y.ravel())}
        return self.written(self.matrices(0).shown("y"), roles_at=sides)

    def in_board(self, *formulas: Formula) -> list[Formula]:
        """Set matrices one below the other where samples are columns, side by side where they are rows."""
        board, both = layout.FALL_BOARD, VGroup(*formulas)
        if all(formula.at((1,)).width > formula.at((1,)).height for formula in formulas):
            both.arrange(DOWN, buff=layout.LINE_GAP, aligned_edge=LEFT)
        else:
            both.arrange(RIGHT, buff=layout.COLUMN_GAP)
        both.scale(min(1, board.width / both.width, board.height / both.height)).move_to(board.centre)
        return [*formulas]

    def network(self) -> None:
        """The network before training, and what it answers for every point of the plane."""
        self.regions.paint(self.answers(0))
        with self.beat("network", "own" if self.is_own else "", count=len(self.edges.parameters)):
            self.play(*self.edges.turn(self.course.networks[0]))
            for layer in range(1, self.map.network.layers + 1):
                self.play(moves.pulse(self.map.open_edges(layer), self.theme[Role.VALUE], run_time=0.6))
            self.play(FadeIn(self.regions.bands))

    def answers(self, step: int) -> NDArray[np.float64]:
        """Return what the network answers after a step, for every cell of the plane."""
        found = outputs(self.course.networks[step], self.plane)
        return found.reshape(layout.REGION_CELLS, layout.REGION_CELLS)

    # -- the run ----------------------------------------------------------------------------------

    def start(self) -> None:
        """The error of the network as it is: the curve begins."""
        losses = np.array(self.course.losses)
        curve = Curve(lambda steps: losses[np.rint(steps).astype(int)], 0, self.course.steps)
        names = [self.formula(symbol, layout.LEAST_EQUATION_SIZE) for symbol in (STEP, E)]
        self.plot = SlopePlot(curve, self.theme, layout.FALL_ZONE, names[0], names[1])
        # The point comes to stand at the end of the axis.
        self.plot.names[0].shift(RIGHT * layout.MARK_GAP)
        self.trace = VMobject(stroke_width=layout.CURVE_STROKE, color=self.theme[Role.INK])
        self.trace.set_z_index(CURVE)
        self.point = self.plot.point(0, losses[0])
        with self.beat("start", E=E, t=STEP, count=self.data.samples):
            self.play(FadeOut(*self.known), run_time=0.6)
            self.play(FadeIn(self.plot.frame))
            self.play(moves.fly(VGroup(self.point), self.map.node(E)))
            self.stop()
        lines = (self.edges.line(parameter) for parameter in self.edges.parameters)
        self.moving = VGroup(*lines, self.regions.bands, self.trace, self.point)

    def stop(self) -> None:
        """Show how far the run has come: the number of the step, and the error there."""
        step, loss = self.now, self.course.losses[self.now]
        self.executed += [self.course.equation(step), self.course.count(step)]
        numbers = self.settings.numbers
        self.feet = self.plot.feet(step, loss, numbers)
        shown = [self.feet]
        place = self.plot.at(step, loss)[0]
        near = (end for end in self.plot.ends if abs(end.get_x() - place) < layout.PLOT_NUMBER_WIDTH / 2)
        self.covered = [*near] if numbers else []
        if numbers:
            self.error = number_at(self.map, E, self.matrices(step))
            shown.append(self.error)
        self.play(FadeIn(*shown), *(FadeOut(end) for end in self.covered), run_time=0.6)

    def go_to(self, step: int, run_time: float) -> None:
        """Take the steps up to one, all of them real: curve, weights and picture follow."""
        first = self.now
        gone = [self.feet, *([self.error] if self.settings.numbers else [])]
        self.play(FadeOut(*gone), *(FadeIn(end) for end in self.covered), run_time=0.4)

        def show(moving: Mobject, alpha: float) -> None:
            self.show(round(first + alpha * (step - first)))

        self.play(UpdateFromAlphaFunc(self.moving, show, rate_func=linear), run_time=run_time)
        self.now = step
        self.stop()

    def show(self, step: int) -> None:
        """Show a step: the weights on the map, the curve so far, and what the network answers."""
        self.edges.dress(self.course.networks[step])
        self.regions.paint(self.answers(step))
        places = [self.plot.at(number, self.course.losses[number]) for number in range(step + 1)]
        self.trace.set_points_as_corners([*places, places[-1]])
        self.point.move_to(places[-1])

    def first_steps(self) -> None:
        """The first part of the way down."""
        part, _ = layout.FALL_PARTS
        with self.beat("first", E=E, rate=self.course.learning_rate):
            self.go_to(self.course.first_below(part), layout.FALL_TIMES[0])

    def fall(self) -> None:
        """The most of the way."""
        _, part = layout.FALL_PARTS
        with self.beat("fall"):
            self.go_to(self.course.first_below(part), layout.FALL_TIMES[1])

    def end(self) -> None:
        """The rest of it."""
        error = self.course.losses[-1]
        variant = "" if self.course.learned(self.course.steps) else "open"
        with self.beat("end", variant, E=E, count=self.course.steps, error=error):
            self.go_to(self.course.steps, layout.FALL_TIMES[2])

    def what_it_answers(self) -> None:
        """The answers for the samples, above their targets."""
        if not self.settings.numbers:
            return
        found, last = self.matrices(self.course.steps), self.derivation.network.layers
        answers, targets = self.in_board(self.written(found.shown("a", last)), self.targets())
        answers.at((1,)).set_fill(self.theme[Role.VALUE])
        variant = "" if self.course.learned(self.course.steps) else "open"
        with self.beat("answers", variant, count=self.data.samples):
            left = [self.plot.frame, self.trace, self.point, self.feet]
            self.play(FadeOut(*left), run_time=0.8)
            self.play(FadeIn(targets), *(moves.flash(point) for point in self.points))
            name, numbers = (answers.at((side,)) for side in (0, 1))
            self.play(moves.fly(numbers, self.regions.border), FadeIn(name, answers.equals))
            self.new_fractions(2)

"""The equations of backpropagation all together: held, evaluated, checked against the network itself."""

from __future__ import annotations

from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Animation,
    AnimationGroup,
    Create,
    FadeIn,
    FadeOut,
    Indicate,
    LaggedStart,
    MoveToTarget,
    ReplacementTransform,
    VGroup,
)

from bpmath.algebra import Derivative, Number
from bpmath.checks import gradient_check
from bpmath.symbols import E, Symbol, b, w
from scenes.beats.general import GeneralLesson
from scenes.stage import layout, moves
from scenes.stage.formula import Formula, number_mobject
from scenes.stage.layer_frame import WHOLE, whole_layer
from scenes.stage.theme import Role
from scenes.stage.typeset import Typeset, set_text

STEPS = {"BP1": "last", "BP2": "before", "BP3": "biases", "BP4": "weights"}


class FinalEquationsBeats(GeneralLesson):
    """The beats of `FinalEquations`."""

    @property
    def case(self) -> str:
        """Which sentences apply: those without a hidden layer, or the others."""
        return "" if "BP2" in self.equations else "none"

    def arrive(self) -> None:
        """The equations come one after the other, out of the layer that they are about."""
        self.board = dict(zip(self.equations, self.columns([*self.equations.values()]), strict=True))
        for name, step in STEPS.items():
            found = self.equations.get(name)
            with self.beat(step, self.case if name == "BP2" else "", E=E):
                if name == "BP1":
                    self.play(FadeIn(self.title()), FadeIn(self.map))
                if found is None:
                    self.play(moves.pulse(self.map.open_edges(1), self.theme[Role.DELTA]))
                    continue
                self.play(self.frame_on(found, found.layers[-1]), run_time=0.8)
                self.play(*self.from_layer(self.board[name]))
                self.new_fractions(1)

    def all_of_them(self) -> None:
        """The equations by themselves, large, for as long as it takes to read them."""
        large = self.large()
        with self.beat("all", self.case):
            assert self.frame is not None
            self.play(FadeOut(self.map, self.frame), run_time=0.8)
            self.play(*(moves.restate(old, large[name]) for name, old in self.board.items()), run_time=1.6)
            self.wait(6.0)
        self.board = large

    def large(self) -> dict[str, Formula]:
        """Return the equations one below the other on the whole frame, equals sign below equals sign."""
        room = WHOLE
        formulas = {name: self.in_letters(found, layout.MAIN_SIZE) for name, found in self.equations.items()}
        column = VGroup(*formulas.values()).arrange(DOWN, buff=layout.LINE_GAP)
        for formula in formulas.values():
            formula.shift(RIGHT * (room.centre[0] - formula.equals.get_x()))
        factor = min(room.width / column.width, room.height / column.height)
        column.scale(min(factor, 1.0)).move_to(room.centre)
        return formulas

    def evaluate(self) -> None:
        """The frame goes back through the layers; both sides of every equation are computed once more."""
        places = dict(zip(self.equations, self.columns([*self.equations.values()]), strict=True))
        difference = max(found.residual for found in self.equations.values())
        self.frame = None
        with self.beat("evaluate", "" if difference else "exact", difference=difference):
            shown = [moves.restate(old, places[name]) for name, old in self.board.items()]
            self.play(*shown, run_time=1.2)
            self.play(FadeIn(self.map), run_time=0.8)
            self.board = places
            for layer in reversed(range(1, self.last + 1)):
                self.evaluate_layer(layer, 1.0 if layer == self.last else 0.7)

    def evaluate_layer(self, layer: int, pace: float) -> None:
        """Write the numbers of a layer in the equations that hold there; the others recede."""
        new = whole_layer(self.map, layer)
        moved: list[Animation] = [
            Create(new) if self.frame is None else ReplacementTransform(self.frame, new)
        ]
        true: list[Formula] = []
        for name, found in self.equations.items():
            old = self.board[name]
            if layer not in found.at:
                old.generate_target().set_opacity(layout.DIM_OPACITY)
                moved.append(MoveToTarget(old))
                continue
            here = self.formula(found.at[layer], old.font_size).move_to(old)
            here.shift(UP * (old.equals.get_y() - here.equals.get_y()))
            moved.append(moves.restate(old, here))
            self.board[name] = here
            true.append(here)
        self.play(*moved, run_time=1.2 * pace)
        self.frame = new
        signs = [Indicate(one.equals, color=self.theme[Role.VALUE]) for one in true]
        self.play(*signs, run_time=1.0)
        self.wait(pace)

    # -- the gradient check -----------------------------------------------------------------------

    def check(self) -> None:
        """Compare some derivatives with the change of E when the parameter is nudged; count them all."""
        run = self.derivation.run
        self.checked = gradient_check(self.derivation.network, run.x, run.y)
        chosen = self.chosen()
        equations = [
            self.formula(self.derivation.equation(Derivative(E, p), Number(self.checked.analytic[p])))
            for p in chosen
        ]
        numeric = [
            number_mobject(self.checked.numeric[p], self.theme[Role.VALUE], layout.EQUATION_SIZE)
            for p in chosen
        ]
        heads = [self.heading("analytic"), self.heading("numeric")]
        self.set_table(heads, equations, numeric)
        with self.beat("check", E=E):
            assert self.frame is not None
            self.play(FadeOut(self.map, self.frame, *self.board.values()), run_time=0.8)
            self.play(FadeIn(heads[0]), LaggedStart(*(FadeIn(row) for row in equations), lag_ratio=0.3))
            flown = (FadeIn(n, shift=RIGHT * layout.COLUMN_GAP) for n in numeric)
            self.play(FadeIn(heads[1]), LaggedStart(*flown, lag_ratio=0.6))
            self.new_fractions(len(chosen))
        agreeing, total = self.checked.agreeing, self.checked.total
        with self.beat("agree", "" if agreeing == total else "most", agreeing=agreeing, count=total):
            pairs = zip(equations, numeric, strict=True)
            flashes = [
                AnimationGroup(moves.flash(row.at((1,))), moves.flash(VGroup(*number.glyphs)))
                for row, number in pairs
            ]
            self.play(LaggedStart(*flashes, lag_ratio=0.4))
        self.table = VGroup(*heads, *equations, *numeric)

    def chosen(self) -> list[Symbol]:
        """Return a weight and a bias of the last layer and of the first, as far as they are different."""
        ends = dict.fromkeys((self.last, 1))
        found = [symbol for layer in ends for symbol in (w(layer, 1, 1), b(layer, 1))]
        sizes = self.derivation.network.sizes
        if self.last == 1 and sizes[1] > 1:
            found += [w(1, 2, 1), b(1, 2)]
        return found

    def number(self, value: float) -> Typeset:
        """Return a number that was found by nudging."""
        return number_mobject(value, self.theme[Role.VALUE], layout.EQUATION_SIZE)

    def heading(self, key: str) -> Typeset:
        """Return the words over a column."""
        return set_text(self.words(key).markup, layout.TITLE_SIZE, self.theme[Role.QUIET], self.fonts)

    def set_table(self, heads: list[Typeset], equations: list[Formula], numeric: list[Typeset]) -> None:
        """Arrange the rows, their equals signs below one another, and the second numbers beside them."""
        rows = VGroup(*equations).arrange(DOWN, buff=layout.NUMBER_GAP)
        for formula in equations:
            formula.shift(LEFT * formula.equals.get_x())
        right = rows.get_right()[0] + 2 * layout.COLUMN_GAP
        for formula, number in zip(equations, numeric, strict=True):
            number.next_to(formula, RIGHT).align_to(RIGHT * right, LEFT).set_y(formula.equals.get_y())
        last = VGroup(*numeric)
        heads[0].next_to(rows, UP, buff=layout.LINE_GAP)
        heads[1].next_to(heads[0], RIGHT).set_x(last.get_x())
        VGroup(rows, last, *heads).move_to(WHOLE.centre)

    def closing(self) -> None:
        """The equations once more, to take along."""
        large = self.large()
        with self.beat("closing"):
            self.play(FadeOut(self.table), run_time=0.8)
            self.play(LaggedStart(*(FadeIn(formula) for formula in large.values()), lag_ratio=0.4))
            self.wait(4.0)

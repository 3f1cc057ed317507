"""An equation that holds in every layer, sliding along the network: in letters, in one layer, in numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from manim import (
    DOWN,
    RIGHT,
    UP,
    Animation,
    Create,
    FadeIn,
    FadeOut,
    Line,
    ReplacementTransform,
    RoundedRectangle,
    VGroup,
)

from bpmath.conventions import CONVENTIONS
from bpmath.matrices import MatrixDerivative, MatrixSymbol
from bpmath.matrix_algebra import Entrywise, Hadamard, MatrixProduct
from bpmath.naming import GeneralEquation
from bpmath.numbers import numbers
from bpmath.rewrites import Rewrite
from bpmath.trees import Position
from scenes.stage import layout, moves
from scenes.stage.alignment import side_by_side
from scenes.stage.factor_roles import factor_roles, roles_of_values
from scenes.stage.formula import Formula
from scenes.stage.layer_frame import layer_frame, place_of
from scenes.stage.lesson import Lesson
from scenes.stage.relabelling import relabel
from scenes.stage.rewriting import follow
from scenes.stage.theme import Role

DELTAS = ("BP1", "BP2")


@dataclass(frozen=True)
class Stop:
    """What is shown while the frame is on a layer: its equation, where there is room, and the numbers."""

    layer: int
    one: Formula | None
    valued: Formula | None = None
    rewrite: Rewrite | None = None


@dataclass(frozen=True)
class Stops:
    """An equation in letters, and what is shown beside and below it in every layer, the last first."""

    letters: Formula
    stops: list[Stop]


class GeneralLesson(Lesson):
    """What the lessons of the general equations share."""

    def prepare(self) -> None:
        """Make the map, and find the equations that this network has."""
        self.map = self.network_map()
        self.last = self.derivation.network.layers
        self.equations = {found.name: found for found in self.derivation.general()}
        self.frame: RoundedRectangle | None = None
        self.shown: list[Formula] = []

    @property
    def shifted(self) -> bool:
        """Whether weights are numbered by the layer that they lead out of."""
        return CONVENTIONS[self.settings.notation].parameter_shift != 0

    def case(self, *cases: str) -> str:
        """Return the variant of a sentence: the cases that apply, "symbols" where no numbers are shown."""
        return ".".join([*filter(None, cases), *([] if self.settings.numbers else ["symbols"])])

    # -- formulas ---------------------------------------------------------------------------------

    def in_letters(self, found: GeneralEquation, size: float = layout.EQUATION_SIZE) -> Formula:
        """Return a general equation with letters for its layers."""
        roles = factor_roles(found.equation, self.settings.notation)
        return self.formula(found.equation, size, layers=found.letters, roles_at=roles)

    def in_layer(self, found: GeneralEquation, layer: int, size: float) -> Formula:
        """Return the equation of one layer."""
        roles = factor_roles(found.at[layer], self.settings.notation)
        return self.formula(found.at[layer], size, roles_at=roles)

    def stop(self, found: GeneralEquation, layer: int, letters: Formula, height: float) -> Stop:
        """Return what is shown in a layer: its equation, and that with the value of every factor below."""
        beside, one = self.beside(found, layer, letters), self.in_layer(found, layer, letters.font_size)
        if not self.settings.numbers:
            return Stop(layer, beside)
        ways: list[tuple[type, ...]] = [(Entrywise,)]
        if isinstance(found.at[layer].rhs, Hadamard):
            ways.append((Entrywise, MatrixProduct))
        for way in ways:
            rewrite = self.turned(numbers(found.at[layer], way))
            valued = self.valued(rewrite, one, height)
            if valued is not None:
                return Stop(layer, beside, valued, rewrite)
        return Stop(layer, beside)

    def valued(self, rewrite: Rewrite, one: Formula, height: float) -> Formula | None:
        """Return an equation in numbers, in the colours of what they are the values of; None without room."""
        whole = max(self.derivation.network.sizes) <= layout.MOST_ROWS
        roles = roles_of_values(rewrite, one)
        for longest in (None, layout.SHORTEST_SUM) if whole else (layout.SHORTEST_SUM,):
            for size in layout.VALUE_SIZES:
                formula = self.formula(rewrite.after, size, longest_matrix=longest, roles_at=roles)
                if formula.width <= layout.BOARD.width and formula.height <= height:
                    return formula
        return None

    def beside(self, found: GeneralEquation, layer: int, letters: Formula) -> Formula | None:
        """Return the equation of one layer, to stand with that in letters; None where there is no room.

        It stands beside it; below it where no numbers need the room.
        """
        one = self.in_layer(found, layer, letters.font_size)
        if self.settings.numbers:
            one.next_to(letters, RIGHT, buff=layout.COLUMN_GAP)
            one.shift(UP * (letters.equals.get_y() - one.equals.get_y()))
        else:
            one.next_to(letters, DOWN, buff=layout.GRID_GAP)
            one.shift(RIGHT * (letters.equals.get_x() - one.equals.get_x()))
        both = VGroup(letters, one)
        return one if both.width <= layout.BOARD.width and both.height <= layout.BOARD.height else None

    def header(self, found: GeneralEquation, size: float) -> Formula | None:
        """Return the equation in letters, with room for that of a layer beside it; None without room."""
        letters = self.in_letters(found, size)
        one = self.beside(found, found.layers[-1], letters)
        if one is not None:
            VGroup(letters, one).move_to(layout.BOARD.centre)
        return letters if one is not None else None

    def stops(self, found: GeneralEquation) -> Stops:
        """Return the equation in letters as it stands over all layers, and what is shown in every layer."""
        sizes = layout.VALUE_SIZES if self.settings.numbers else layout.GENERAL_SIZES
        roomy = [both for size in sizes if (both := self.header(found, size)) is not None]
        # Without room for both, the letters stand alone.
        for letters in roomy or [self.in_letters(found, size).move_to(layout.BOARD.centre) for size in sizes]:
            room = layout.BOARD.height - letters.height - (layout.BOARD_LINES + 1) * layout.LEAST_GAP
            stops = [self.stop(found, layer, letters, room) for layer in reversed(found.layers)]
            if not self.settings.numbers:
                return Stops(letters, stops)
            if all(stop.valued is not None for stop in stops):
                break
        self.set_apart(letters, stops)
        return Stops(letters, stops)

    def set_apart(self, letters: Formula, stops: list[Stop]) -> None:
        """Let the letters with the equations of layers, and the numbers below them, share the board."""
        board, valued = layout.BOARD, [stop.valued for stop in stops if stop.valued is not None]
        tallest = max((formula.height for formula in valued), default=0)
        gap = (board.height - letters.height - tallest) / (layout.BOARD_LINES + 1)
        up = UP * (board.top - gap - letters.get_top()[1])
        for formula in (letters, *(stop.one for stop in stops if stop.one is not None)):
            formula.shift(up)
        for formula in valued:
            formula.move_to(board.centre).set_y(board.bottom + gap + tallest / 2)

    # -- beats that come again --------------------------------------------------------------------

    def from_layer(self, formula: Formula) -> list[Animation]:
        """Let every named matrix of a formula leave what it belongs to on the map."""
        arrivals: list[Animation] = []
        arrived: set[int] = set()
        for position, term in formula.positions:
            if isinstance(term, MatrixSymbol | MatrixDerivative) and len(glyphs := formula.at(position)):
                arrivals.append(moves.fly(glyphs, place_of(self.map, term)))
                arrived |= {id(glyph) for glyph in glyphs}
        rest = [glyph for glyph in formula.glyphs if id(glyph) not in arrived]
        return [*arrivals, FadeIn(VGroup(*rest), run_time=moves.FLIGHT)]

    def frame_on(self, found: GeneralEquation, layer: int) -> Animation:
        """Return the frame coming, or going over to another layer."""
        role = Role.DELTA if found.name in DELTAS else Role.TARGET
        new, old = layer_frame(self.map, found.name, layer, role), self.frame
        self.frame = new
        return Create(new) if old is None else ReplacementTransform(old, new)

    def write_one(self, found: GeneralEquation, layer: int) -> Formula:
        """Write the equation of one layer, large, its terms out of the map; return it."""
        room = layout.BOARD
        one = self.in_layer(found, layer, layout.MOST_SIZE)
        one.scale(min(1, layout.SUBJECT_WIDTH / one.width, room.height * layout.SUBJECT_SHARE / one.height))
        one.move_to(room.centre)
        gone, self.shown = [FadeOut(*self.shown)] if self.shown else [], []
        self.play(*gone, self.frame_on(found, layer), run_time=0.8)
        self.play(*self.from_layer(one), run_time=1.4)
        self.new_fractions(1)
        return one

    def put_letters(self, found: GeneralEquation, one: Formula) -> Formula:
        """Let letters take the places of the numbers of layers."""
        general = self.in_letters(found, one.font_size).move_to(one)
        self.play(relabel(one, general), run_time=1.6)
        self.play(moves.flash(VGroup(*general.glyphs)))
        self.shown = [general]
        return general

    def slide(self, found: GeneralEquation, general: Formula) -> None:
        """Slide the frame along the network; in every layer show the equation, and that it is true."""
        shown = self.stops(found)
        letters = shown.letters
        before: Stop | None = None
        for stop in shown.stops:
            quick = 1 if before is None else layout.LATER
            moved = [self.frame_on(found, stop.layer)]
            if before is None:
                moved.append(moves.restate(general, letters))
            if stop.one is not None:
                old = before.one if before else None
                moved.append(relabel(old, stop.one) if old else FadeIn(stop.one, shift=RIGHT))
            if before and before.valued:
                moved.append(FadeOut(before.valued))
            self.play(*moved, run_time=1.2 * quick)
            self.put_numbers(stop)
            self.wait(1.6 * quick)
            before = stop
        assert before is not None
        self.shown = [one for one in (letters, before.one, before.valued) if one is not None]

    def put_numbers(self, stop: Stop) -> None:
        """Let the values of a layer come out of its equation."""
        if stop.valued is None or stop.rewrite is None:
            return
        if stop.one is None:
            self.play(FadeIn(stop.valued, shift=DOWN * layout.NUMBER_GAP), run_time=0.8)
        else:
            self.play(follow(stop.rewrite, stop.one.copy(), stop.valued, run_time=1.2))

    def run_back(self, run_time: float = 0.5) -> None:
        """Run light through the network, from the error back to the inputs."""
        for layer in reversed(range(1, self.last + 1)):
            back = [Line(line.get_end(), line.get_start()) for line in self.map.open_edges(layer)]
            self.play(moves.pulse(back, self.theme[Role.DELTA], run_time))

    # -- several equations ------------------------------------------------------------------------

    def grid(self, chosen: Sequence[GeneralEquation]) -> dict[str, Formula]:
        """Return equations in letters on the board: those of the deltas left, the gradients right of them."""
        board = layout.BOARD
        for size in layout.GENERAL_SIZES:
            formulas = {found.name: self.in_letters(found, size) for found in chosen}
            deltas = [formula for name, formula in formulas.items() if name in DELTAS]
            gradients = [formula for name, formula in formulas.items() if name not in DELTAS]
            whole = side_by_side([column for column in (deltas, gradients) if column])
            if whole.width <= board.width and whole.height <= board.height - 2 * layout.LEAST_GAP:
                break
        whole.move_to(board.centre)
        return formulas

    def delta_at(self, formula: Formula) -> Position:
        """Return where the delta on the right of an equation stands."""
        return next(
            position
            for position, term in formula.positions
            if isinstance(term, MatrixSymbol) and term.letter == "delta" and position[0] == 1
        )

"""An equation that holds in every layer, sliding along the network: in letters, in one layer, in numbers."""

from __future__ import annotations

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
from bpmath.naming import GeneralEquation
from bpmath.numbers import numbers
from scenes.stage import layout, moves
from scenes.stage.formula import Formula, in_line
from scenes.stage.layer_frame import layer_frame, place_of
from scenes.stage.lesson import Lesson
from scenes.stage.theme import Role


class GeneralLesson(Lesson):
    """What the lessons of the general equations share."""

    def prepare(self) -> None:
        """Make the map, and find the equations that this network has."""
        self.map = self.network_map()
        self.last = self.derivation.network.layers
        self.equations = {found.name: found for found in self.derivation.general()}
        self.frame: RoundedRectangle | None = None
        self.shown: list[Formula] = []

    # -- formulas ---------------------------------------------------------------------------------

    def in_letters(self, found: GeneralEquation, size: float = layout.EQUATION_SIZE) -> Formula:
        """Return a general equation with letters for its layers."""
        return self.formula(found.equation, size, layers=found.letters)

    def in_numbers(self, found: GeneralEquation, layer: int, height: float) -> Formula:
        """Return the equation of one layer with the value of every matrix in its place."""
        valued = numbers(found.at[layer]).after
        whole = max(self.derivation.network.sizes) <= layout.MOST_ROWS
        for longest in (None, layout.SHORTEST_SUM) if whole else (layout.SHORTEST_SUM,):
            for size in (layout.EQUATION_SIZE, layout.LEAST_EQUATION_SIZE):
                formula = self.formula(valued, size, longest_matrix=longest)
                if formula.width <= layout.BOARD.width and formula.height <= height:
                    return formula
        return formula

    def beside(self, found: GeneralEquation, layer: int, letters: Formula) -> Formula | None:
        """Return the equation of one layer, to stand beside that in letters; None where there is no room."""
        one = self.formula(found.at[layer], letters.font_size)
        if letters.width + layout.COLUMN_GAP + one.width > layout.BOARD.width:
            return None
        one.next_to(letters, RIGHT, buff=layout.COLUMN_GAP)
        return one.shift(UP * (letters.equals.get_y() - one.equals.get_y()))

    def header(self, found: GeneralEquation) -> Formula:
        """Return the equation in letters at the top of the board, with room for that of a layer beside it."""
        for size in (layout.EQUATION_SIZE, layout.LEAST_EQUATION_SIZE):
            letters = self.in_letters(found, size)
            one = self.beside(found, found.layers[-1], letters)
            if one is not None:
                VGroup(letters, one).set_x(layout.BOARD.centre[0])
                break
        else:
            letters = self.in_letters(found).set_x(layout.BOARD.centre[0])
        return letters.align_to(layout.BOARD.centre + UP * layout.BOARD.height / 2, UP)

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
        role = Role.DELTA if found.name in ("BP1", "BP2") else Role.TARGET
        new, old = layer_frame(self.map, found.name, layer, role), self.frame
        self.frame = new
        return Create(new) if old is None else ReplacementTransform(old, new)

    def write_one(self, found: GeneralEquation, layer: int) -> Formula:
        """Write the equation of one layer, large, its terms out of the map; return it."""
        room = layout.BOARD
        one = self.largest(found.at[layer], layout.SUBJECT_WIDTH, room.height * layout.NUMBER_SHARE)
        one.move_to(room.centre)
        self.play(self.frame_on(found, layer))
        self.play(*self.from_layer(one), run_time=1.4)
        self.new_fractions(1)
        return one

    def put_letters(self, found: GeneralEquation, one: Formula) -> Formula:
        """Let letters take the places of the numbers of layers."""
        general = self.in_letters(found, one.font_size).move_to(one)
        self.play(moves.restate(one, general), run_time=1.6)
        self.play(moves.flash(VGroup(*general.glyphs)))
        return general

    def slide(self, found: GeneralEquation, general: Formula) -> None:
        """Slide the frame along the network; in every layer show the equation, and that it is true."""
        letters = self.header(found)
        room = letters.get_bottom()[1] - layout.NUMBER_GAP - layout.BOARD.bottom
        instance: Formula | None = None
        valued: Formula | None = None
        for stop, layer in enumerate(reversed(found.layers)):
            quick = 1.0 if stop == 0 else 0.7
            one, old = self.beside(found, layer, letters), valued
            moved = [self.frame_on(found, layer)]
            if stop == 0:
                moved.append(moves.restate(general, letters))
            if one is not None:
                moved.append(moves.restate(instance, one) if instance else FadeIn(one, shift=RIGHT))
            valued = self.in_numbers(found, layer, room)
            valued.move_to(layout.BOARD.centre).set_y(layout.BOARD.bottom + room / 2)
            self.play(*moved, *([FadeOut(old)] if old else []), run_time=1.2 * quick)
            self.play(FadeIn(valued, shift=DOWN * layout.NUMBER_GAP), run_time=0.8)
            self.wait(1.6 * quick)
            instance = one
        self.shown = [formula for formula in (letters, instance, valued) if formula is not None]

    def clear_board(self, run_time: float = 0.6) -> None:
        """Take away what the sliding left on the board."""
        self.play(FadeOut(*self.shown), run_time=run_time)
        self.shown = []

    def run_back(self, run_time: float = 0.5) -> None:
        """Run light through the network, from the error back to the inputs."""
        for layer in reversed(range(1, self.last + 1)):
            back = [Line(line.get_end(), line.get_start()) for line in self.map.open_edges(layer)]
            self.play(moves.pulse(back, self.theme[Role.DELTA], run_time))

    # -- several equations ------------------------------------------------------------------------

    def columns(self, chosen: list[GeneralEquation]) -> list[Formula]:
        """Return equations in letters, in rows that fill the board."""
        for size in (layout.MAIN_SIZE, layout.EQUATION_SIZE, layout.LEAST_EQUATION_SIZE):
            formulas = [self.in_letters(found, size) for found in chosen]
            rows = [VGroup()]
            for formula in formulas:
                taken = sum(one.width + layout.COLUMN_GAP for one in rows[-1])
                if taken + formula.width > layout.BOARD.width:
                    rows.append(VGroup())
                rows[-1].add(formula)
            lines = [in_line([*row], layout.COLUMN_GAP) for row in rows]
            board = VGroup(*lines).arrange(DOWN, buff=layout.NUMBER_GAP).move_to(layout.BOARD.centre)
            if board.height <= layout.BOARD.height and board.width <= layout.BOARD.width:
                break
        return formulas

    @property
    def shifted(self) -> bool:
        """Whether weights are numbered by the layer that they lead out of."""
        return CONVENTIONS[self.settings.notation].parameter_shift != 0

    def delta_of(self, formula: Formula) -> VGroup:
        """Return the glyphs of the delta on the right of an equation."""
        wanted = [
            position
            for position, term in formula.positions
            if isinstance(term, MatrixSymbol) and term.letter == "delta" and position[0] == 1
        ]
        return formula.at(wanted[0])

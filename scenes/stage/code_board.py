"""Lines of a program on the screen, in a monospaced font, in the colours of what they stand for.

A long program shows the lines around the one that it is about; `scroll` moves them.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil

import numpy as np
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Animation,
    FadeIn,
    FadeOut,
    RoundedRectangle,
    VGroup,
)

from bpmath.algebra import Derivative, Expression, Partial, Quantity
from bpmath.code import CodeLine
from bpmath.notation import Place
from scenes.stage.code_plan import CodeWindow, em_of
from scenes.stage.layout import (
    BAND_CORNER,
    CODE_BAND_OPACITY,
    CODE_GAP,
    CODE_MIDDLE,
)
from scenes.stage.map_pen import EDGES
from scenes.stage.theme import Role, Theme
from scenes.stage.typeset import Glyph, Keys, Typeset, stand_alone
from scenes.stage.typst_outlines import outlines

# Lines of one em each: where they stand is decided here.
PREAMBLE = (
    "#let mark(key, body) = text(fill: rgb(key), body)\n"
    "#show raw: set text(size: 1.25em)\n"
    "#set text(top-edge: 0.8em, bottom-edge: -0.2em)\n"
    "#set par(leading: 0em)"
)
CUT = "…"


def role_in_code(term: Expression | None) -> Role:
    """Return the role of a part of a line: values, derivatives of the output, local derivatives, signs."""
    match term:
        case Quantity():
            return Role.VALUE
        case Derivative():
            return Role.GRADIENT
        case Partial():
            return Role.LOCAL_DERIVATIVE
    return Role.INK


class CodeBoard:
    """The lines of a program in a window; each is a group of glyphs that is shown when it is typed."""

    def __init__(self, lines: Sequence[CodeLine], theme: Theme, window: CodeWindow) -> None:
        self.code, self.theme, self.window = tuple(lines), theme, window
        self._first = 0
        self.typed: set[int] = set()
        self.lines = self._set()
        # Where lines stand, from the place of the first one; what the window has it for may be elsewhere.
        self._stands = [np.zeros(3) for _ in self.code]
        self._middles = [line.get_x() for line in self.lines]

    # -- lines ------------------------------------------------------------------------------------

    def _set(self) -> list[Typeset]:
        """Typeset all lines at once; each stands where the window has it when it does not scroll."""
        keys, rows = Keys(), []
        for number, line in enumerate(self.code):
            rows.append("".join(_marked(keys, number, *part) for part in enumerate(_cut(line, self.window))))
        shapes = [o.scaled(self.window.size) for o in outlines(" \\\n".join(rows), PREAMBLE)]
        glyphs = [Glyph(shape, keys.place(shape), self.theme[Role.INK]) for shape in shapes]
        VGroup(*glyphs).align_to(self.window.zone.corner, LEFT + UP)
        lines: list[list[Glyph]] = [[] for _ in self.code]
        for glyph in glyphs:
            if glyph.place.position:
                number, part = glyph.place.position
                role = role_in_code(self.code[number].parts[part].term)
                lines[number].append(glyph.set_fill(self.theme[role]))
        return [self._placed(number, line) for number, line in enumerate(lines)]

    def _placed(self, number: int, glyphs: list[Glyph]) -> Typeset:
        """Return a line where the first one of the window stands."""
        line, em = Typeset(glyphs, self.window.size), em_of(self.window.size)
        stand_alone(glyphs)
        return line.shift(UP * number * em + DOWN * (self.window.pitch / 2 - CODE_MIDDLE * em))

    def part(self, number: int, part: int) -> VGroup:
        """Return the glyphs of a part of a line."""
        return self.lines[number].select(lambda place: place.position == (number, part))

    def parts_of(self, number: int, kind: type[Expression], left: bool = False) -> VGroup:
        """Return the glyphs of a line that stand for terms of a kind, behind the first sign, or before it."""
        wanted = {
            place
            for place, part in enumerate(self.code[number].parts)
            if isinstance(part.term, kind) and (place == 0) == left
        }
        return self.lines[number].select(lambda place: place.position[1] in wanted)

    def number_of(self, line: CodeLine) -> int:
        """Return where a line stands among the lines."""
        return self.code.index(line)

    # -- the window -------------------------------------------------------------------------------

    def shows(self, number: int) -> bool:
        """Tell whether a line is typed and in the window."""
        return number in self.typed and self._in_window(number)

    def _in_window(self, number: int) -> bool:
        return self._first <= number < self._first + self.window.capacity

    def _offset(self, number: int) -> np.ndarray:
        """Return where the window has a line, from the place of the first one."""
        behind, size = number - self._first, self.window
        strip, row = divmod(behind, size.rows) if size.strips > 1 else (0, behind)
        return RIGHT * strip * size.strip_width + DOWN * row * size.pitch

    def scroll(self, number: int) -> list[Animation]:
        """Return how the lines move so that one is in the window, as few lines as need be."""
        first = self._first_for(number, self._first)
        return self._moved(first, self.window) if first != self._first else []

    def move_into(self, window: CodeWindow) -> list[Animation]:
        """Return the lines moving into another window of the same corner and size, the last one in sight."""
        return self._moved(self._first_for(max(self.typed), 0, window), window)

    def _first_for(self, number: int, first: int, window: CodeWindow | None = None) -> int:
        """Return which line is the first in a window when it moves by whole steps until one is in sight."""
        window = window or self.window
        away = max(number - (first + window.capacity - 1), 0) + min(number - first, 0)
        steps = ceil(abs(away) / window.step)
        return first + (steps if away > 0 else -steps) * window.step

    def _moved(self, first: int, window: CodeWindow) -> list[Animation]:
        """Return the lines moving to their places in a window; some leave it, others enter it."""
        shown = {number for number in self.typed if self._in_window(number)}
        before = [self._offset(number) for number in range(len(self.code))]
        self._first, self.window = first, window
        moves = list[Animation]()
        for number in sorted(self.typed):
            line, way = self.lines[number], self._offset(number) - before[number]
            if number in shown and self._in_window(number):
                self._stands[number] = self._offset(number)
                moves.append(line.animate.shift(way).build())
            elif number in shown:
                moves.append(FadeOut(line, shift=way))
            elif self._in_window(number):
                moves.append(FadeIn(self.ready(number), shift=way))
        return moves

    def ready(self, number: int) -> Typeset:
        """Return a line where the window has it now, and count it as typed."""
        self.typed.add(number)
        line, place = self.lines[number], self._offset(number)
        line.shift(place - self._stands[number])
        self._stands[number] = place
        return line

    def band(self, number: int, role: Role) -> RoundedRectangle:
        """Return a band of colour behind a line."""
        line, size, place = self.lines[number], self.window, self._offset(number)
        band = RoundedRectangle(
            width=line.width + 2 * CODE_GAP, height=size.pitch, corner_radius=BAND_CORNER, stroke_width=0.0
        )
        band.set_fill(self.theme[role], opacity=CODE_BAND_OPACITY).set_z_index(EDGES - 1)
        return band.move_to(np.array([self._middles[number], size.zone.top - size.pitch / 2, 0.0]) + place)


def _marked(keys: Keys, line: int, part: int, text: str) -> str:
    return f'#{keys.mark(Place((line, part)), f"""raw("{text}")""")}' if text else ""


def _cut(line: CodeLine, window: CodeWindow) -> list[str]:
    """Return the parts of a line, cut where they are wider than the window even in the least size."""
    room, shown = window.columns, list[str]()
    if len(line.text) <= room:
        return [part.text for part in line.parts]
    for part in line.parts:
        shown.append(part.text[: max(room - 1, 0)])
        room -= len(part.text)
    last = max(index for index, text in enumerate(shown) if text)
    shown[last] += CUT
    return shown

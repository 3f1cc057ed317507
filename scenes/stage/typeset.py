"""Typst source to glyphs that know where they belong, with one compilation for each piece.

Every piece of a formula is set in a colour of its own, a serial number that Typst carries to the SVG;
here the colours are read back and replaced by the theme's.  (Manim's own `{{ body : label }}` compiles
once more for each label; with colours a formula of forty terms costs what one term costs.)
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from manim import UP, ManimColor, Rectangle, Typst, VGroup, VMobject
from numpy.typing import NDArray

from bpmath.notation import Place
from scenes.stage.fonts import TextFonts
from scenes.stage.layout import CAPTION_SIZE

_serial_numbers = itertools.count()
_MARK = "#let mark(key, body) = text(fill: rgb(key), body)"
POINTS_PER_UNIT = 960.0
"""A length of one unit is this many Typst points, divided by the font size."""
UNMARKED = Place(part="unmarked")
RULE = 0.48
"""The thickness of a rule, in Typst points at the 10 points in which Manim sets; Manim draws it thinner."""
REFERENCE = 48.0
"""The font size at which everything is set, and scaled from there."""
MOST_KEPT = 4096


@dataclass(frozen=True, eq=False)
class Outline:
    """The curves of a glyph at a font size of REFERENCE, and the colour in which Typst set it."""

    points: NDArray[np.float64]
    colour: str

    def scaled(self, size: float) -> Outline:
        """Return the outline at a font size."""
        return Outline(self.points * (size / REFERENCE), self.colour)


class Keys:
    """Gives each place a colour to be set in, and finds the place of a colour again."""

    def __init__(self) -> None:
        self._places: list[Place] = []

    def mark(self, place: Place, source: str) -> str:
        """Return the source, set in the colour that stands for the place."""
        self._places.append(place)
        return f'mark("#{len(self._places):06x}", {source})'

    def place(self, shape: VMobject | Outline) -> Place:
        """Return the place of a shape, UNMARKED for one that was not marked."""
        key = int((shape.colour if isinstance(shape, Outline) else _colour(shape))[1:], 16)
        return self._places[key - 1] if 0 < key <= len(self._places) else UNMARKED


def restart_serial_numbers() -> None:
    """Count pieces from 0 again, so that a scene is the same however many were made before it."""
    global _serial_numbers
    _serial_numbers = itertools.count()


def next_serial_number() -> int:
    """Return the number of a new piece."""
    return next(_serial_numbers)


class Glyph(VMobject):
    """A filled shape that knows its place in a formula, its piece, and its number in the piece."""

    def __init__(self, shape: VMobject | Outline, place: Place, colour: str) -> None:
        super().__init__(fill_color=colour, fill_opacity=1.0, stroke_width=0.0)
        self.set_points(shape.points)
        self.place = place
        self.piece = self.number = -1


def stand_alone(glyphs: Iterable[VMobject]) -> None:
    """Make glyphs a typeset piece of their own, such as a further line or a copy that stands elsewhere."""
    piece = next_serial_number()
    for glyph in glyphs:
        if isinstance(glyph, Glyph):
            glyph.piece = piece


class Typeset(VGroup):
    """Glyphs of one typeset piece."""

    def __init__(self, glyphs: Iterable[Glyph] = (), font_size: float = CAPTION_SIZE) -> None:
        super().__init__(*glyphs)
        self._first_size, self._first_extent = font_size, self._extent
        self.piece = next(_serial_numbers)
        for number, glyph in enumerate(self.glyphs):
            glyph.piece, glyph.number = self.piece, number

    @property
    def glyphs(self) -> list[Glyph]:
        """The glyphs, in the order of writing."""
        return [glyph for glyph in self.submobjects if isinstance(glyph, Glyph)]

    @property
    def _extent(self) -> float:
        return max(self.width, self.height)

    @property
    def font_size(self) -> float:
        """The font size that the glyphs have now, however they were scaled."""
        return (
            self._first_size * self._extent / self._first_extent if self._first_extent else self._first_size
        )

    def relaid(self, size: float) -> None:
        """Say that the glyphs, moved among themselves, are still of a font size."""
        self._first_size, self._first_extent = size, self._extent

    def select(self, wanted: Callable[[Place], bool]) -> VGroup:
        """Return the glyphs whose place is wanted; the glyphs are the same objects, not copies."""
        return VGroup(*(glyph for glyph in self.glyphs if wanted(glyph.place)))


def set_mathematics(write: Callable[[Callable[[Place, str], str]], str], size: float, colour: str) -> Typeset:
    """Typeset mathematics: `write` is given the mark to use and returns Typst source.

    `size` is a Manim font size; all glyphs come in `colour`.
    """
    keys = Keys()
    outlines = [outline.scaled(size) for outline in _outlines(f"$ {write(keys.mark)} $", _MARK)]
    return Typeset([Glyph(outline, keys.place(outline), colour) for outline in outlines], size)


# Manim keeps what it reads of an SVG too, but copies all of it for every use, and that is half of the time of
# a lesson that is not rendered.
@lru_cache(maxsize=MOST_KEPT)
def _outlines(
    markup: str, preamble: str, directories: tuple[str, ...] = (), colour: str | None = None
) -> tuple[Outline, ...]:
    """Return the glyphs of Typst markup; what it leaves black comes in `colour`."""
    drawn = Typst(
        markup,
        typst_preamble=preamble,
        font_size=REFERENCE,
        font_paths=list(directories) or None,
        color=colour,
        use_svg_cache=False,
    )
    return tuple(_outline(shape) for shape in drawn.submobjects if isinstance(shape, VMobject))


def _outline(shape: VMobject) -> Outline:
    """Return the outline of a shape; a stroked rule becomes a thin rectangle, to scale with the rest."""
    colour = _colour(shape)
    if not shape.get_fill_opacity():
        shape = Rectangle(width=shape.width, height=RULE * REFERENCE / POINTS_PER_UNIT).move_to(shape)
    return Outline(np.array(shape.points), colour)


def _colour(shape: VMobject) -> str:
    shown = shape.get_fill_color() if shape.get_fill_opacity() else shape.get_stroke_color()
    return str(ManimColor(shown).to_hex())


def set_text(markup: str, size: float, colour: str, fonts: TextFonts, width: float | None = None) -> Typeset:
    """Typeset a line of words and formulas; with a width, in units, it breaks into centred lines.

    `colour` is for what the markup leaves black.
    """
    if width is not None:
        points = width * POINTS_PER_UNIT / size
        markup = f"#box(width: {points:.2f}pt)[#set align(center)\n{markup}]"
    preamble = (
        f"{fonts.typst_preamble()}\n#set par(leading: 0.45em)\n#show math.equation: set text(size: 1.1em)"
    )
    directories = tuple(map(str, fonts.directories))
    outlines = [outline.scaled(size) for outline in _outlines(markup, preamble, directories, colour)]
    return Typeset([Glyph(outline, UNMARKED, outline.colour) for outline in outlines], size)


def on_baseline(line: Typeset, height: float) -> Typeset:
    """Set a line of text on a baseline: the height at which its first character stands."""
    return line.shift(UP * (height - line.glyphs[0].get_bottom()[1]))


def quoted(text: str) -> str:
    """Return plain text as Typst markup that prints exactly it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'#"{escaped}";' if escaped else ""

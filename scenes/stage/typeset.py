"""Typst source to glyphs that know where they belong, with one compilation for each piece.

Every piece of a formula is set in a colour of its own, a serial number that Typst carries to the SVG;
here the colours are read back and replaced by the theme's.  (Manim's own `{{ body : label }}` compiles
once more for each label; with colours a formula of forty terms costs what one term costs.)
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from typing import Any

from manim import UP, VGroup, VMobject

from bpmath.notation import Place
from scenes.stage.fonts import TextFonts
from scenes.stage.kept import Kept
from scenes.stage.layout import CAPTION_SIZE
from scenes.stage.typst_outlines import BLACK, POINTS_PER_UNIT, Outline, outlines

_serial_numbers = itertools.count()
MARK = "#let mark(key, body) = text(fill: rgb(key), body)"
UNMARKED = Place(part="unmarked")
SHARED = (
    *("name", "dim", "target", "z_index", "point_hash", "updating_suspended", "shade_in_3d"),
    *("background_image", "background_stroke_color", "background_stroke_opacity", "background_stroke_width"),
    *("sheen_factor", "sheen_direction", "joint_type", "cap_style", "close_new_points"),
    *("pre_function_handle_to_anchor_scale_factor", "make_smooth_after_applying_functions"),
    *("tolerance_for_point_equality", "n_points_per_cubic_curve", "_bezier_t_values"),
)
"""What Manim's shapes have by themselves and no glyph changes, or few do."""


class Keys:
    """Gives each place a colour to be set in, and finds the place of a colour again."""

    def __init__(self) -> None:
        self._places: list[Place] = []

    def mark(self, place: Place, source: str) -> str:
        """Return the source, set in the colour that stands for the place."""
        self._places.append(place)
        return f'mark("#{len(self._places):06x}", {source})'

    def place(self, shape: Outline) -> Place:
        """Return the place of a shape, UNMARKED for one that was not marked."""
        key = int(shape.colour[1:], 16)
        return self._places[key - 1] if 0 < key <= len(self._places) else UNMARKED


def restart_serial_numbers() -> None:
    """Count pieces from 0 again, so that a scene is the same however many were made before it."""
    global _serial_numbers
    _serial_numbers = itertools.count()


def next_serial_number() -> int:
    """Return the number of a new piece."""
    return next(_serial_numbers)


class Glyph(VMobject):
    """A filled shape that knows its place in a formula, its piece, and its number in the piece.

    `source` is what is written, where that is mathematics; copies of the glyph keep it.
    """

    def __init__(self, shape: Outline, place: Place, colour: str) -> None:
        super().__init__(fill_color=colour, fill_opacity=1.0, stroke_width=0.0)
        self._share()
        self.set_points(shape.points)
        self.place = place
        self.piece = self.number = -1
        self.source: Kept[Any] | None = None

    def _share(self) -> None:
        """Leave to the class what is the same for all glyphs: one that changes it gets its own.

        Manim copies and hashes all that an object has by itself, thousands of glyphs for every animation.
        """
        for name in SHARED:
            value = self.__dict__.pop(name)
            if name not in Glyph.__dict__:
                setattr(Glyph, name, value)


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
    drawn = [outline.scaled(size) for outline in outlines(f"$ {write(keys.mark)} $", MARK)]
    return Typeset([Glyph(outline, keys.place(outline), colour) for outline in drawn], size)


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
    drawn = [outline.scaled(size) for outline in outlines(markup, preamble, directories)]
    glyphs = [Glyph(o, UNMARKED, colour if o.colour == BLACK else o.colour) for o in drawn]
    return Typeset(glyphs, size)


def on_baseline(line: Typeset, height: float) -> Typeset:
    """Set a line of text on a baseline: the height at which its first character stands."""
    return line.shift(UP * (height - line.glyphs[0].get_bottom()[1]))


def quoted(text: str) -> str:
    """Return plain text as Typst markup that prints exactly it."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'#"{escaped}";' if escaped else ""

"""Typst markup to outlines, in memory: each glyph is read once, and no file is written.

Manim's own `Typst` compiles a file, looks for the fonts anew each time and reads every glyph of the SVG by
itself: 90 ms for a caption that takes 2 ms here; and two processes must not share its folder.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import cast
from xml.etree import ElementTree

import numpy as np
import typst
from manim import Rectangle, VMobjectFromSVGPath
from numpy.typing import NDArray
from svgelements import Matrix, Path

POINTS_PER_UNIT = 960.0
"""A length of one unit is this many Typst points, divided by the font size."""
REFERENCE = 48.0
"""The Manim font size to which everything is scaled."""
RULE = 0.48
"""The thickness of a rule, in Typst points at the 10 points in which everything is set."""
SETTING = 10
MOST_KEPT = 4096
BLACK = "#000000"
_PAGE = f"#set page(width: auto, height: auto, margin: 0pt, fill: none)\n#set text(size: {SETTING}pt)\n"
_LINK = "{http://www.w3.org/1999/xlink}href"
_UNIT = REFERENCE / POINTS_PER_UNIT


@dataclass(frozen=True, eq=False)
class Outline:
    """The curves of a glyph at a font size of REFERENCE, and the colour in which Typst set it."""

    points: NDArray[np.float64]
    colour: str

    def scaled(self, size: float) -> Outline:
        """Return the outline at a font size."""
        return Outline(self.points * (size / REFERENCE), self.colour)


@lru_cache(maxsize=MOST_KEPT)
def outlines(markup: str, preamble: str, directories: tuple[str, ...] = ()) -> tuple[Outline, ...]:
    """Return the glyphs and rules of Typst markup, in the order of writing, their middle at the origin.

    `directories` are those of the fonts that the preamble names; the fonts of the system are not looked at.
    Raises typst.TypstError for markup that Typst does not understand.
    """
    source = f"{_PAGE}{preamble}\n{markup}\n"
    svg = cast(bytes, _compiler(directories).compile(source.encode(), format="svg"))
    drawing = ElementTree.fromstring(svg)
    symbols = {s.get("id", ""): s[0].get("d", "") for s in drawing.iter() if s.tag.endswith("}symbol")}
    found = list(_shapes(drawing, Matrix(), symbols))
    if not found:
        return ()
    corners = np.concatenate([outline.points for outline in found])
    middle = (corners.min(axis=0) + corners.max(axis=0)) / 2
    return tuple(Outline(outline.points - middle, outline.colour) for outline in found)


@lru_cache
def _compiler(directories: tuple[str, ...]) -> typst.Compiler:
    fonts = typst.Fonts(include_system_fonts=False, font_paths=list(directories))
    return typst.Compiler(font_paths=fonts)


def _shapes(parent: ElementTree.Element, to_page: Matrix, symbols: dict[str, str]) -> Iterator[Outline]:
    """Yield what an element of the drawing shows; `to_page` leads from its coordinates to the page's."""
    if _is_assembly(parent):
        yield _joined([_glyph(element, to_page, symbols) for element in parent])
        return
    for element in parent:
        here = Matrix(element.get("transform", "")) * to_page
        match element.tag.rpartition("}")[2]:
            case "g":
                yield from _shapes(element, here, symbols)
            case "use":
                glyph = _glyph(element, here, symbols)
                if len(glyph.points):
                    yield glyph
            case "path":
                yield _path(element, here)


def _glyph(element: ElementTree.Element, to_page: Matrix, symbols: dict[str, str]) -> Outline:
    here = Matrix.translate(float(element.get("x", 0)), float(element.get("y", 0))) * to_page
    points = _on_stage(_curves(symbols[element.get(_LINK, "")[1:]]), here)
    return Outline(points, element.get("fill", BLACK))


def _is_assembly(group: ElementTree.Element) -> bool:
    """Return whether glyphs are the pieces of one tall sign, such as a bracket: they stand on one another."""
    glyphs = all(piece.tag.endswith("}use") for piece in group)
    columns, heights = ({piece.get(axis) for piece in group} for axis in ("x", "y"))
    return glyphs and len(group) == len(heights) > len(columns) == 1


def _joined(pieces: Sequence[Outline]) -> Outline:
    """Return pieces as one shape: they overlap, which would show wherever the sign is half transparent."""
    return Outline(np.concatenate([piece.points for piece in pieces]), pieces[0].colour)


def _path(element: ElementTree.Element, to_page: Matrix) -> Outline:
    """Return a shape that is no glyph; a stroked rule becomes a thin rectangle, to scale with the rest."""
    points = _on_stage(_curves(element.get("d", "")), to_page)
    if element.get("fill", "none") != "none":
        return Outline(points, element.get("fill", BLACK))
    low, high = points.min(axis=0), points.max(axis=0)
    rule = Rectangle(width=high[0] - low[0], height=RULE * _UNIT).move_to((low + high) / 2)
    return Outline(np.array(rule.points), element.get("stroke", BLACK))


@lru_cache(maxsize=MOST_KEPT)
def _curves(path: str) -> NDArray[np.float64]:
    return np.asarray(VMobjectFromSVGPath(Path(path)).points, dtype=np.float64)


def _on_stage(points: NDArray[np.float64], to_page: Matrix) -> NDArray[np.float64]:
    """Return points of the drawing, whose second axis leads down, in Manim's units."""
    across = points[:, :1] * to_page.a + points[:, 1:2] * to_page.c + to_page.e
    down = points[:, :1] * to_page.b + points[:, 1:2] * to_page.d + to_page.f
    return np.hstack([across, -down, np.zeros_like(across)]) * _UNIT

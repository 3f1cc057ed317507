"""Outlines are those that Manim reads of the same markup, and they are made without files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import typst
from manim import ManimColor, Typst, VMobject, tempconfig

from scenes.stage.fonts import text_fonts
from scenes.stage.typst_outlines import REFERENCE, outlines

MARKUP = [
    '$ frac(partial E, partial w_(11)^((3))) = sqrt(x) + mat(delim: "[", 1, 2; 3, 4) $',
    "$ underbrace(a b, delta) overline(x) $",
    '#text(fill: rgb("#12ab34"))[How] does *it* change?',
    "#box(width: 90pt)[#set align(center)\na sentence that is broken into two lines]",
]


@pytest.mark.parametrize("markup", MARKUP)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_outlines_are_those_that_manim_reads(markup: str, language: str, tmp_path: Path) -> None:
    fonts = text_fonts(language)
    directories = tuple(map(str, fonts.directories))
    with tempconfig({"media_dir": str(tmp_path), "verbosity": "ERROR"}):
        theirs = Typst(
            markup, typst_preamble=fonts.typst_preamble(), font_size=REFERENCE, font_paths=list(directories)
        )
    ours = outlines(markup, fonts.typst_preamble(), directories)
    shapes = [shape for shape in theirs.submobjects if isinstance(shape, VMobject)]
    assert len(ours) == len(shapes) > 0
    for outline, shape in zip(ours, shapes, strict=True):
        if shape.get_fill_opacity():
            np.testing.assert_allclose(outline.points, shape.points, atol=1e-3)
        else:  # a rule, which Manim strokes
            middle = (outline.points.min(axis=0) + outline.points.max(axis=0)) / 2
            np.testing.assert_allclose(middle, shape.get_center(), atol=1e-3)
            assert np.ptp(outline.points[:, 0]) == pytest.approx(shape.width, abs=1e-3)
    coloured = [outline for outline in ours if ManimColor(outline.colour) == ManimColor("#12AB34")]
    assert len(coloured) == (3 if "12ab34" in markup else 0)


@pytest.mark.parametrize("left", ["[", "(", "{"])
def test_a_tall_bracket_is_one_shape(left: str, tmp_path: Path) -> None:
    cells = "1; 2; 3; 4; 5; 6"
    markup = f'$ mat(delim: "{left}", {cells}) $'
    found = outlines(markup, "")
    assert len(found) == len(cells.split(";")) + 2
    tall = [outline for outline in found if np.ptp(outline.points[:, 1]) > np.ptp(found[1].points[:, 1]) * 5]
    assert tall == [found[0], found[-1]]
    with tempconfig({"media_dir": str(tmp_path), "verbosity": "ERROR"}):
        theirs = Typst(markup, font_size=REFERENCE)
    pieces = np.concatenate([shape.points for shape in theirs.family_members_with_points()])
    np.testing.assert_allclose(np.concatenate([each.points for each in found]), pieces, atol=1e-3)


def test_nothing_is_written(tmp_path: Path) -> None:
    with tempconfig({"media_dir": str(tmp_path)}):
        assert outlines("$ a + b + c $", "")
    assert list(tmp_path.iterdir()) == []


def test_nothing_to_show_has_no_outlines() -> None:
    assert outlines("$ $", "") == ()


def test_markup_that_is_none_is_refused() -> None:
    with pytest.raises(typst.TypstError):
        outlines("$ frac(1 $", "")

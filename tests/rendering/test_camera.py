"""What is drawn over the last frame is what Manim would draw from scratch."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import pytest
from manim import (
    BLUE,
    DOWN,
    GREEN,
    LEFT,
    ORIGIN,
    RED,
    RIGHT,
    UP,
    Camera,
    Circle,
    Dot,
    Line,
    Mobject,
    Rectangle,
    Square,
    Star,
    VGroup,
    VMobject,
    tempconfig,
)

from scenes.rendering.camera import ThriftyCamera
from scenes.rendering.outlines import look_of
from scenes.rendering.renderer import in_order
from scenes.stage.typeset import set_mathematics

LEVELS = 18
"""Cairo looks at 15 lines in a row of pixels; an edge that meets one of them just so may count in or out."""
SELDOM = 1e-3


@pytest.fixture(autouse=True)
def small() -> Iterator[None]:
    with tempconfig({"quality": "low_quality", "verbosity": "ERROR"}):
        yield


def picture() -> VGroup:
    thick = Star(color=RED, stroke_width=20).shift(2 * LEFT + UP)
    shaded = Square(fill_opacity=1).set_color_by_gradient(RED, GREEN, BLUE).shift(2 * RIGHT)
    through = Circle(color=GREEN, fill_opacity=0.4)
    written = set_mathematics(lambda mark: "frac(partial E, partial w)", 60, "#ffd166").shift(2 * DOWN)
    return VGroup(thick, shaded, through, Line(3 * LEFT, 3 * RIGHT + DOWN), Dot(UP), *written.glyphs)


def from_scratch(mobjects: list[Mobject]) -> np.ndarray:
    camera = Camera()
    camera.reset()
    camera.capture_mobjects(mobjects)
    return camera.pixel_array


CHANGES: dict[str, Callable[[VGroup], object]] = {
    "nothing": lambda group: None,
    "one moves": lambda group: group[0].shift(RIGHT),
    "one moves a little": lambda group: group[4].shift(0.003 * RIGHT),
    "one fades": lambda group: group[2].set_opacity(0.1),
    "one vanishes": lambda group: group[2].set_opacity(0),
    "one goes": lambda group: group.remove(group[1]),
    "one comes": lambda group: group.add(Rectangle(color=BLUE, fill_opacity=0.7)),
    "one comes between": lambda group: group.insert(1, Rectangle(color=BLUE, fill_opacity=0.7)),
    "two change places": lambda group: group.submobjects.reverse(),
    "one comes to the front": lambda group: group[0].set_z_index(1),
    "a line grows thick": lambda group: group[3].set_stroke(width=40),
    "one leaves the frame": lambda group: group[0].shift(20 * RIGHT),
    "one is half outside": lambda group: group[1].shift(5 * RIGHT),
    "a letter moves": lambda group: group[-1].shift(0.2 * UP),
    "a letter gets a rim": lambda group: group[-1].set_stroke(RED, 6, background=True),
    "all turn": lambda group: group.rotate(0.7),
    "one is written over": lambda group: group[0].points.__imul__(0.5),
    "a colour is written over": lambda group: group[2].fill_rgbas.__imul__(0.5),
    "one has no number": lambda group: group[2].points.__setitem__(0, np.nan),
    "one shrinks to nothing": lambda group: group[2].scale(0, about_point=ORIGIN),
    "one has no points": lambda group: group[2].clear_points(),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_picture_is_what_manim_draws(change: str) -> None:
    group, camera = picture(), ThriftyCamera()
    for step in (lambda group: None, CHANGES[change], CHANGES["one moves"]):
        step(group)
        camera.take(camera.show(in_order([group])))
        wrong = np.abs(camera.pixel_array.astype(int) - from_scratch([group]).astype(int))
        assert wrong.max() <= LEVELS
        assert (wrong > 1).mean() < SELDOM


def test_nothing_is_drawn_where_nothing_changed() -> None:
    group, camera = picture(), ThriftyCamera()
    camera.take(camera.show(in_order([group])))
    assert sum((box.right - box.left) * (box.bottom - box.top) for box in camera.changed) == 854 * 480
    camera.take(camera.show(in_order([group])))
    assert camera.changed == []
    group[4].shift(0.1 * RIGHT)
    camera.take(camera.show(in_order([group])))
    assert 0 < sum((box.right - box.left) * (box.bottom - box.top) for box in camera.changed) < 100 * 100


@pytest.mark.parametrize("change", [change for change in CHANGES if change not in ("nothing", "one goes")])
def test_what_changed_is_marked_as_changed(change: str) -> None:
    group, camera = picture(), ThriftyCamera()
    camera.take(camera.show(in_order([group])))
    before = camera.pixel_array.copy()
    CHANGES[change](group)
    camera.take(camera.show(in_order([group])))
    marked = np.zeros(before.shape[:2], bool)
    for box in camera.changed:
        marked[box.top : box.bottom, box.left : box.right] = True
    assert not (before != camera.pixel_array)[~marked].any()


def test_shapes_are_in_manims_order() -> None:
    shared = Dot()
    group = VGroup(VGroup(Dot(), shared), Circle().set_z_index(-1), VGroup(shared, Square()))
    camera = Camera()
    assert in_order([group, shared]) == camera.get_mobjects_to_display([group, shared])
    flat = [*group.get_family(), shared, *group[2].get_family()]
    assert in_order(flat) == camera.get_mobjects_to_display(flat)


def test_a_look_is_the_same_object_while_nothing_changes() -> None:
    shape = Circle()
    look = look_of(shape)
    assert look_of(shape, look) is look
    assert look_of(shape.copy(), look) is look
    shape.set_stroke(width=3)
    assert look_of(shape, look) is not look


def test_what_cannot_be_drawn_fast_is_refused() -> None:
    shape = VMobject()
    shape.background_image = "picture.png"
    with pytest.raises(TypeError, match="no plain shape"):
        ThriftyCamera().show([shape])

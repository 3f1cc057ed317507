"""What a mobject refers to by `Kept` is neither copied nor hashed with it."""

from __future__ import annotations

from copy import deepcopy

import pytest
from manim import Circle, Scene, VMobject, tempconfig
from manim.utils.hashing import get_json

import bpmath as bp
from scenes.stage.kept import Kept


class Bearer(VMobject):
    """A mobject with something that it does not own."""

    def __init__(self, thing: object) -> None:
        super().__init__()
        self.kept = Kept(thing)


def test_a_copy_refers_to_the_same_thing() -> None:
    derivation = bp.derive(bp.example_network(), *bp.example_sample())
    bearer = Bearer(derivation)
    assert bearer.copy().kept.thing is derivation
    assert deepcopy([bearer, bearer])[1].kept.thing is derivation


def test_a_thing_that_cannot_be_copied_may_be_kept() -> None:
    generator = (number for number in range(3))
    with pytest.raises(TypeError):
        deepcopy(generator)
    assert Bearer(generator).copy().kept.thing is generator


def test_manim_hashes_what_is_drawn_and_not_what_is_kept() -> None:
    with tempconfig({"dry_run": True, "verbosity": "ERROR"}):
        Scene()
        small, large = Bearer(1), Bearer(tuple(range(9999)))
        assert get_json(small) == get_json(large) != get_json(Circle())

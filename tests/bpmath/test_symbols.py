"""Symbols are named as they are printed, and refuse what is no index."""

from __future__ import annotations

import pytest

import bpmath as bp


def test_names_read_as_code() -> None:
    assert str(bp.w(3, 1, 2)) == "w(3, 1, 2)"
    assert str(bp.E) == "E"
    assert eval(repr(bp.delta(2, 1)), {"delta": bp.delta}) == bp.delta(2, 1)


def test_the_activation_of_layer_0_is_the_input() -> None:
    assert bp.a(0, 2) == bp.x(2)


@pytest.mark.parametrize(
    "call", [lambda: bp.w(0, 1, 1), lambda: bp.e(0), lambda: bp.z(1, -1), lambda: bp.b(1, True)]
)
def test_wrong_indices_are_refused(call: object) -> None:
    with pytest.raises(ValueError, match="whole numbers from 1 on"):
        call()  # type: ignore[operator]

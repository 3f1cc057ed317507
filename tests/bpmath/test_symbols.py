"""Symbols are named as they are printed, and refuse what is no index."""

from __future__ import annotations

import os
import pickle
import subprocess
import sys

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


def test_a_symbol_is_found_again_in_another_process() -> None:
    stored = pickle.dumps({bp.w(3, 1, 1): 1.0})
    source = (
        "import pickle, sys; from bpmath.symbols import w; print(pickle.load(sys.stdin.buffer)[w(3, 1, 1)])"
    )
    for seed in ("1", "2"):
        found = subprocess.run(
            [sys.executable, "-c", source],
            input=stored,
            capture_output=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
        )
        assert found.stdout.strip() == b"1.0"

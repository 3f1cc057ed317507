"""Whatever is in a file or passed as an argument: a network or a ValueError, and nothing is executed."""

from __future__ import annotations

import datetime
import io
import pickle
import zipfile
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays, scalar_dtypes

import bpmath as bp
from bpmath.activations import ACTIVATIONS
from bpmath.losses import LOSSES

HUGE = 10**400
SUFFIXES = (".toml", ".json", ".npz")


def fuzzed(cases: int) -> settings:
    checks = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    return settings(max_examples=cases, suppress_health_check=checks)


# -- files ------------------------------------------------------------------------------------------------

executed: list[str] = []


def execute(what: str) -> None:
    executed.append(what)


class Bomb:
    """An object that says so when it is unpickled."""

    def __reduce__(self) -> tuple[Callable[[str], None], tuple[str]]:
        return execute, ("executed",)


def loads_or_refuses(folder: Path, suffix: str, content: bytes) -> bool:
    """Load a file of this content; return whether it is a network."""
    path = folder / f"n{suffix}"
    path.write_bytes(content)
    try:
        network = bp.Network.load(path)
    except ValueError as error:
        assert type(error) is ValueError
        assert str(error).startswith(f"{path}: ")
        assert "\n" not in str(error)
        return False
    assert isinstance(network, bp.Network)
    assert all(np.isfinite(array).all() for array in (*network.weights, *network.biases))
    return True


def in_npz(members: dict[str, Any]) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, **members)
    return stream.getvalue()


VALID = {
    ".toml": 'weights = [[[1, 2]], [[0.5]]]\nbiases = [[0.5], [1]]\nactivations = ["relu", "tanh"]\n'
    'loss = "mean_squared_error"\n',
    ".json": '{"weights": [[[1, 2]], [[0.5]]], "biases": [[0.5], [1]], "activation": "tanh", '
    '"loss": "squared_error"}',
}
# fmt: off
WORDS = [
    *"[]{},=:\"'\n#.-_ \\", "[[", "]]", "null", "true", "nan", "inf", "-inf", "NaN", "Infinity", "1e999",
    "0x10", "1979-05-27", "07:32:00", "9" * 400, "9" * 5000, "1_0", "weights", "biases", "activation", "loss",
    "'''", '"""', "[weights]", "[[weights]]", "weights.x = 1\n", "{}", "[]", '"relu"', "\ufeff", "\ud800",
]
# fmt: on
TOKENS = st.sampled_from(WORDS)


@fuzzed(1500)
@given(data=st.data(), suffix=st.sampled_from([".toml", ".json"]))
def test_files_with_some_words_changed(tmp_path: Path, data: st.DataObject, suffix: str) -> None:
    text = VALID[suffix]
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = data.draw(st.integers(start, min(len(text), start + 6)))
        text = text[:start] + data.draw(TOKENS | st.text(max_size=3)) + text[end:]
    loads_or_refuses(tmp_path, suffix, text.encode("utf-8", "surrogatepass"))


@fuzzed(500)
@given(
    content=st.binary(max_size=60),
    suffix=st.sampled_from(SUFFIXES),
    start=st.sampled_from([b"", b"PK\x03\x04"]),
)
def test_any_bytes(tmp_path: Path, content: bytes, suffix: str, start: bytes) -> None:
    loads_or_refuses(tmp_path, suffix, start + content)


@pytest.mark.parametrize("suffix", [".toml", ".json"])
@pytest.mark.parametrize("depth", [50, 500, 5_000, 100_000])
@pytest.mark.parametrize(("opening", "closing"), ["[]", "{}", ('{"a":', "}"), ("[", "")])
def test_files_nested_to_any_depth(
    tmp_path: Path, suffix: str, depth: int, opening: str, closing: str
) -> None:
    nested = opening * depth + closing * depth
    text = (
        f"weights = {nested}\nbiases = [[0]]"
        if suffix == ".toml"
        else f'{{"weights": {nested}, "biases": []}}'
    )
    assert not loads_or_refuses(tmp_path, suffix, text.encode())


any_array = arrays(scalar_dtypes(), array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=3))
names = st.sampled_from(
    ["weights_0", "weights_1", "biases_0", "biases_1", "activation", "activations", "loss", "w"]
)
member = any_array | st.sampled_from(
    [np.array([[1.0]]), np.array([0.5]), np.array("relu"), np.array([["relu"]])]
)


@pytest.mark.filterwarnings("ignore")
@fuzzed(800)
@given(members=st.dictionaries(names, member, max_size=6), valid=st.booleans())
def test_archives_of_any_arrays(tmp_path: Path, members: dict[str, Any], valid: bool) -> None:
    given_arrays = {"weights_0": np.array([[1.0]]), "biases_0": np.array([0.5])} if valid else {}
    loads_or_refuses(tmp_path, ".npz", in_npz({**given_arrays, **members}))


@fuzzed(300)
@given(
    name=names,
    shape=array_shapes(min_dims=0, max_dims=2, max_side=2),
    wrapped=st.sampled_from(["array", "structure", "pickle", "zip"]),
)
def test_pickles_are_never_opened(tmp_path: Path, name: str, shape: tuple[int, ...], wrapped: str) -> None:
    """An array of objects, a structured array with one, a bare pickle, and a pickle as a member."""
    bombs = np.empty(shape, dtype=object if wrapped != "structure" else [("x", object)])
    bombs[...] = Bomb() if wrapped != "structure" else (Bomb(),)
    content = in_npz({"weights_0": np.array([[1.0]]), "biases_0": np.array([0.5]), name: bombs})
    if wrapped == "pickle":
        content = pickle.dumps(bombs)
    if wrapped == "zip":
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as members:
            members.writestr(f"{name}.npy", pickle.dumps(bombs))
        content = stream.getvalue()
    assert not loads_or_refuses(tmp_path, ".npz", content)
    assert not executed


def test_the_bomb_goes_off() -> None:
    pickle.loads(pickle.dumps(Bomb()))
    assert executed.pop() == "executed"


# -- the constructor --------------------------------------------------------------------------------------


class Unhelpful:
    """An object that cannot be made a number, a list or an array, in a different way each time."""

    def __init__(self, error: type[Exception]) -> None:
        self.error = error

    def __iter__(self) -> Any:
        raise TypeError("no list")

    def __float__(self) -> float:
        raise self.error("no float")

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise self.error("no array")

    def __repr__(self) -> str:
        return f"Unhelpful({self.error.__name__})"


def endless() -> list[Any]:
    """A list that holds itself."""
    itself: list[Any] = []
    itself.append(itself)
    return itself


def deep(depth: int) -> list[Any]:
    """A list in a list in a list ..."""
    nested: list[Any] = [1.0]
    for _ in range(depth):
        nested = [nested]
    return nested


def makes_or_refuses(*arguments: Any) -> None:
    """Make a network of the arguments, or be refused in one sentence."""
    try:
        network = bp.Network(*arguments)
    except ValueError as error:
        assert type(error) is ValueError
        assert "\n" not in str(error)
        assert len(str(error)) < 1000
    else:
        assert all(np.isfinite(array).all() for array in (*network.weights, *network.biases))
        assert network.loss in LOSSES
        assert set(network.activations) <= set(ACTIVATIONS)


scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.complex_numbers(),
    st.text(max_size=5),
    st.binary(max_size=3),
    st.sampled_from([HUGE, -HUGE, 2**63, 2**64, Decimal("1.5"), Fraction(1, 3), datetime.date(2020, 1, 1)]),
    st.sampled_from(
        [object(), len, int, ..., range(2), slice(1), np.float32(1.5), np.int8(3), np.bool_(True)]
    ),
    st.sampled_from([Unhelpful(TypeError), Unhelpful(ValueError), Unhelpful(RuntimeError)]),
    st.sampled_from([*ACTIVATIONS, *LOSSES]),
)
anything = st.one_of(
    st.recursive(
        scalars,
        lambda part: st.one_of(
            st.lists(part, max_size=3),
            st.lists(part, max_size=3).map(tuple),
            st.dictionaries(st.text(max_size=2), part, max_size=2),
            st.lists(part, max_size=2).map(lambda parts: (p for p in parts)),
        ),
        max_leaves=5,
    ),
    st.sets(st.integers(), max_size=2),
    any_array,
)
number = st.integers(-9, 9) | st.floats(-9, 9)
vectors = st.lists(number, min_size=1, max_size=2)
matrices = st.lists(vectors, min_size=1, max_size=2)
nearly = st.lists(matrices | anything, min_size=1, max_size=2)
weights = nearly | anything | st.sampled_from([[[[1.0, 2.0]]], [[[1.0]], [[2.0]]]])
biases = (
    st.lists(vectors | anything, min_size=1, max_size=2) | anything | st.sampled_from([[[0.5]], [[0.5], [1]]])
)


@pytest.mark.filterwarnings("ignore")
@fuzzed(2000)
@given(
    given_weights=weights,
    given_biases=biases,
    activation=st.sampled_from(list(ACTIVATIONS)) | anything,
    loss=st.sampled_from(list(LOSSES)) | anything,
)
@example([[[HUGE]]], [[0.0]], "sigmoid", "squared_error")
def test_any_arguments(given_weights: Any, given_biases: Any, activation: Any, loss: Any) -> None:
    makes_or_refuses(given_weights, given_biases, activation, loss)


@pytest.mark.parametrize("depth", [3, 20, 31, 32, 33, 63, 64, 65, 200, 900, 3000, 100_000, None])
@pytest.mark.parametrize("argument", range(4))
@pytest.mark.parametrize("around", range(3))
def test_lists_of_any_depth(depth: int | None, argument: int, around: int) -> None:
    nested = deep(depth) if depth else endless()
    for _ in range(around):
        nested = [nested]
    arguments: list[Any] = [[[[1.0]]], [[0.0]], "sigmoid", "squared_error"]
    arguments[argument] = nested
    makes_or_refuses(*arguments)


def test_the_number_of_cases() -> None:
    tests = [test for name, test in globals().items() if name.startswith("test_")]
    cases = [getattr(test, "_hypothesis_internal_use_settings", None) for test in tests]
    assert sum(case.max_examples for case in cases if case) >= 5000


def test_the_files_are_networks_before_they_are_changed(tmp_path: Path) -> None:
    assert all(loads_or_refuses(tmp_path, suffix, text.encode()) for suffix, text in VALID.items())

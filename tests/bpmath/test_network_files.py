"""Networks in files: exact to the bit, all or nothing, and every refusal is one sentence with the file."""

from __future__ import annotations

import io
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

import bpmath as bp
from bpmath.activations import ACTIVATIONS
from tests.bpmath.strategies import networks, refused

SUFFIXES = (".toml", ".json", ".npz")
EXTREME = (-0.0, 5e-324, -5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 0.1, 1e16, 1e-7, 2.0**53)
TOML = 'weights = [[[1, 2]]]\nbiases = [[0.5]]\nactivation = "tanh"\nloss = "mean_squared_error"\n'
JSON = '{"weights": [[[1, 2]]], "biases": [[0.5]], "activation": "tanh", "loss": "mean_squared_error"}'
WRITTEN_BY_HAND = bp.Network([[[1.0, 2.0]]], [[0.5]], "tanh", "mean_squared_error")

same_folder = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
fuzzed = settings(same_folder, max_examples=1000)


def bits(network: bp.Network) -> tuple[Any, ...]:
    """Return everything that a network holds, its numbers as bytes: 0.0 is not -0.0 here."""
    numbers = [(array.shape, array.tobytes()) for array in (*network.weights, *network.biases)]
    return (*numbers, network.activations, network.loss)


def written(folder: Path, name: str, content: str | bytes) -> Path:
    """Write a file and return its path."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def archive(**members: Any) -> bytes:
    """Return an .npz archive; whatever is no list of arrays of one shape becomes Python objects."""
    stream = io.BytesIO()
    np.savez(stream, **members)
    return stream.getvalue()


def loads_or_refuses(path: Path) -> None:
    """Load a file; only a ValueError of one line that begins with the file may come of it."""
    try:
        network = bp.Network.load(path)
    except ValueError as error:
        assert str(error).startswith(f"{path}: ")
        assert "\n" not in str(error)
        assert type(error) is ValueError
    else:
        assert isinstance(network, bp.Network)


# -- round trips ------------------------------------------------------------------------------------------


@same_folder
@given(network=networks(), suffix=st.sampled_from(SUFFIXES))
def test_a_network_comes_back_to_the_bit(tmp_path: Path, network: bp.Network, suffix: str) -> None:
    path = tmp_path / f"network{suffix}"
    network.save(path)
    assert bits(bp.Network.load(path)) == bits(network)


@same_folder
@given(
    weights=arrays(np.float64, (3, 2), elements=st.floats(allow_nan=False, allow_infinity=False)),
    biases=arrays(np.float64, 3, elements=st.floats(allow_nan=False, allow_infinity=False)),
    suffix=st.sampled_from(SUFFIXES),
)
def test_all_finite_numbers_come_back(tmp_path: Path, weights: Any, biases: Any, suffix: str) -> None:
    path = tmp_path / f"network{suffix}"
    network = bp.Network([weights], [biases])
    network.save(path)
    assert bits(bp.Network.load(path)) == bits(network)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_extreme_numbers_come_back(tmp_path: Path, suffix: str) -> None:
    network = bp.Network([[EXTREME]], [[-0.0]], "softplus")
    network.save(tmp_path / f"network{suffix}")
    assert bits(bp.Network.load(tmp_path / f"network{suffix}")) == bits(network)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_large_network_comes_back(tmp_path: Path, suffix: str) -> None:
    network = bp.Network.random((784, 30, 10), "relu", "softmax_cross_entropy")
    network.save(tmp_path / f"network{suffix}")
    assert bits(bp.Network.load(tmp_path / f"network{suffix}")) == bits(network)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_same_network_makes_the_same_file(tmp_path: Path, suffix: str) -> None:
    first, second = tmp_path / f"first{suffix}", tmp_path / f"second{suffix}"
    bp.example_network().save(first)
    bp.Network.load(first).save(second)
    assert first.read_bytes() == second.read_bytes()


def test_a_path_may_be_text_and_a_suffix_in_capitals(tmp_path: Path) -> None:
    bp.example_network().save(f"{tmp_path}/NETWORK.JSON")
    assert bp.Network.load(f"{tmp_path}/NETWORK.JSON") == bp.example_network()


@pytest.mark.parametrize(
    ("suffix", "text"),
    [
        (
            ".toml",
            'activations = ["relu", "tanh"]\nloss = "squared_error"\n'
            "weights = [\n  [\n    [1.0, -2.0],\n    [3.0, 4.0]\n  ],\n  [\n    [0.5, 0.25]\n  ]\n]\n"
            "biases = [\n  [0.1, 0.2],\n  [-0.0]\n]\n",
        ),
        (
            ".json",
            '{\n"activations": ["relu", "tanh"],\n"loss": "squared_error",\n'
            '"weights": [\n  [\n    [1.0, -2.0],\n    [3.0, 4.0]\n  ],\n  [\n    [0.5, 0.25]\n  ]\n],\n'
            '"biases": [\n  [0.1, 0.2],\n  [-0.0]\n]\n}\n',
        ),
    ],
)
def test_what_is_written_can_be_read_and_edited(tmp_path: Path, suffix: str, text: str) -> None:
    network = bp.Network([[[1, -2], [3, 4]], [[0.5, 0.25]]], [[0.1, 0.2], [-0.0]], ["relu", "tanh"])
    network.save(tmp_path / f"network{suffix}")
    assert (tmp_path / f"network{suffix}").read_text() == text


# -- written by hand --------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", ["", "\ufeff"], ids=["plain", "byte order mark"])
@pytest.mark.parametrize(("name", "text"), [("n.toml", TOML), ("n.json", JSON)])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_file_written_by_hand(tmp_path: Path, name: str, text: str, mark: str, end: str) -> None:
    content = (mark + text.replace("\n", end)).encode()
    assert bp.Network.load(written(tmp_path, name, content)) == WRITTEN_BY_HAND


@pytest.mark.parametrize("name", ["n.toml", "n.json"])
def test_whole_numbers_of_any_size(tmp_path: Path, name: str) -> None:
    text = (TOML if name == "n.toml" else JSON).replace("0.5", str(-(10**20)))
    assert bp.Network.load(written(tmp_path, name, text)).biases[0].tolist() == [-1e20]
    path = written(tmp_path, name, text.replace("00000", "0" * 400))
    with refused(f"{path}: biases[0][0] is -inf, but it must be a finite number"):
        bp.Network.load(path)


def test_an_archive_written_by_hand(tmp_path: Path) -> None:
    whole, half = np.array([[1, 2]]), np.array([0.5], dtype=np.float32)
    content = archive(weights_0=whole, biases_0=half, activation="tanh", loss="mean_squared_error")
    assert bp.Network.load(written(tmp_path, "n.npz", content)) == WRITTEN_BY_HAND


@pytest.mark.parametrize("key", ["activation", "activations"])
@pytest.mark.parametrize(
    ("value", "expected"), [("relu", ("relu", "relu")), (["tanh", "relu"], ("tanh", "relu"))]
)
def test_one_activation_or_one_a_layer(tmp_path: Path, key: str, value: Any, expected: Any) -> None:
    text = json.dumps({"weights": [[[1]], [[2]]], "biases": [[0], [0]], key: value})
    assert bp.Network.load(written(tmp_path, "n.json", text)).activations == expected


def test_names_may_be_left_out(tmp_path: Path) -> None:
    network = bp.Network.load(written(tmp_path, "n.toml", "weights = [[[1]]]\nbiases = [[0]]"))
    assert network == bp.Network([[[1]]], [[0]])


# -- refusals ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("biases = [[0]]", "the key weights is missing, but a network needs weights and biases"),
        ("weights = [[[1]]]", "the key biases is missing, but a network needs weights and biases"),
        (
            TOML.replace("biases", "baises"),
            "the key 'baises' is unknown, but accepted are weights, biases, activation, activations, loss "
            "(did you mean biases?)",
        ),
        (TOML + "qqq = 1", "the key 'qqq' is unknown, but accepted are weights, biases, activation, act"),
        (TOML + 'activations = "relu"', "there are both activation and activations, but only one of these"),
        (TOML.replace("tanh", "tahn"), "activation is 'tahn', but must be one of identity, sigmoid, tanh,"),
        (
            TOML.replace("mean_", "men_"),
            "loss is 'men_squared_error', but must be one of squared_error, mean",
        ),
        ('weights = "many"\nbiases = [[0]]', "weights is of type str, but it must be a list of matrices"),
        ("weights = [[1, 2]]\nbiases = [[0]]", "weights[0] has shape (2,), but it must be a matrix"),
        ("weights = [[[1], [2, 3]]]\nbiases = [[0]]", "weights[0] is ragged or not numeric, but it must be"),
        ("weights = [[[true]]]\nbiases = [[0]]", "weights[0] holds bool values, but it must be an array"),
        ("weights = [[[1]]]\nbiases = [[0, 1]]", "biases[0] has shape (2,), but weights[0] has 1 row, so"),
        ("weights = [[[nan]]]\nbiases = [[0]]", "weights[0][0, 0] is nan, but it must be a finite number"),
        ("weights = [[[1]]]\nbiases = [[-inf]]", "biases[0][0] is -inf, but it must be a finite number"),
        ("weights = [[[1e999]]]\nbiases = [[0]]", "weights[0][0, 0] is inf, but it must be a finite number"),
        ("weights = [\n[[1]]\nbiases = [[0]]", "this is not TOML: Unclosed array (at line 3, column 1)"),
        (TOML + "loss = 1\n", "this is not TOML: Cannot overwrite a value (at line 5, column 9)"),
        pytest.param(f"weights = {'9' * 5000}", "a number has too many digits, but ", id="long"),
        pytest.param(f"weights = {'[' * 9999}", "the lists are nested too deeply, but weights", id="deep"),
        ("", "the key weights is missing, but a network needs weights and biases"),
    ],
)
def test_toml_that_is_no_network(tmp_path: Path, text: str, sentence: str) -> None:
    path = written(tmp_path, "n.toml", text)
    with refused(f"{path}: {sentence}"):
        bp.Network.load(path)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{\n"weights": [[[1]]],,\n}', "this is not JSON: Expecting property name enclosed in double quotes"),
        ('{\n"weights"\n[]}', "this is not JSON: Expecting ':' delimiter (at line 3, column 1)"),
        ("", "this is not JSON: Expecting value (at line 1, column 1)"),
        (JSON + "x", "this is not JSON: Extra data (at line 1, column "),
        (JSON.replace("0.5", "NaN"), "there is NaN, but numbers must be finite"),
        (JSON.replace("0.5", "Infinity"), "there is Infinity, but numbers must be finite"),
        (JSON.replace("0.5", "-Infinity"), "there is -Infinity, but numbers must be finite"),
        (JSON.replace("0.5", "1e999"), "biases[0][0] is inf, but it must be a finite number"),
        (JSON.replace("0.5", "null"), "biases[0] holds object values, but it must be an array of real num"),
        (JSON.replace("0.5", '"0.5"'), "biases[0] holds text values, but it must be an array of real num"),
        pytest.param(JSON.replace("0.5", "9" * 5000), "a number has too many digits, but ", id="long"),
        (JSON.replace('"loss"', '"biases"'), "the key 'biases' is there twice, but each key is accepted on"),
        (JSON.replace('"loss"', '"\\n\\ud800"'), "the key '\\n\\ud800' is unknown, but accepted are weights"),
        (JSON.replace('"loss"', '"los"'), "the key 'los' is unknown, but accepted are weights, biases, acti"),
        ("[1, 2]", "the file is of type list, but it must be an object with the keys weights, biases, activ"),
        ("3", "the file is of type int, but it must be an object with the keys weights"),
        ('{"weights": {}, "biases": []}', "weights is of type dict, but it must be a list of matrices"),
        ('{"weights": [], "biases": []}', "weights is empty, but a network has at least one layer"),
        pytest.param(f'{{"weights": {"[" * 99_999}', "the lists are nested too deeply, but wei", id="deep"),
        pytest.param(JSON.replace("1", f"{'[' * 300}1{']' * 300}"), "weights[0] is ragged or not", id="300"),
    ],
)
def test_json_that_is_no_network(tmp_path: Path, text: str, sentence: str) -> None:
    path = written(tmp_path, "n.json", text)
    with refused(f"{path}: {sentence}"):
        bp.Network.load(path)


@pytest.mark.parametrize("name", ["n.toml", "n.json"])
@pytest.mark.parametrize("content", [b"\n\n# \xff", "\n\n\ud83c".encode("utf-8", "surrogatepass")])
def test_text_that_is_not_utf_8(tmp_path: Path, name: str, content: bytes) -> None:
    path = written(tmp_path, name, content)
    with refused(f"{path}: line 3 is not UTF-8, but the file must be text in UTF-8"):
        bp.Network.load(path)


ONE = {"weights_0": [[1.0]], "biases_0": [0.0]}


@pytest.mark.parametrize(
    ("members", "sentence"),
    [
        ({}, "the key weights_0 is missing, but 0 arrays of weights must be numbered from 0"),
        (
            {"weights_0": [[1]], "weights_2": [[1]], "biases_0": [0]},
            "the key weights_1 is missing, but 2 arrays of weights must be numbered from 0",
        ),
        ({"weights_0": [[1]], "biases_1": [0]}, "the key biases_0 is missing, but 1 array of biases must be"),
        (
            {**ONE, "weihgts_1": [0]},
            "the key 'weihgts_1' is unknown, but accepted are weights_0, weights_1, ",
        ),
        (
            {**ONE, "weights_01": [0]},
            "the key 'weights_01' is unknown, but accepted are weights_0, weights_1",
        ),
        (
            {**ONE, "weights_x": [0]},
            "the key 'weights_x' is unknown, but accepted are weights_0, weights_1, ",
        ),
        ({**ONE, "loss": "none"}, "loss is 'none', but must be one of squared_error, "),
        ({**ONE, "loss": 3.5}, "loss is 3.5, but must be one of squared_error, "),
        ({**ONE, "activation": [["tanh"]]}, "activation[0] is ['tanh'], but must be one of identity, "),
        ({**ONE, "activation": "relu", "activations": "relu"}, "there are both activation and activations,"),
        ({**ONE, "weights_0": [["1"]]}, "weights[0] holds text values, but it must be an array of real num"),
        (
            {**ONE, "weights_0": [[1j]]},
            "weights[0] holds complex values, but it must be an array of real num",
        ),
        ({**ONE, "weights_0": 1.0}, "weights[0] has shape (), but it must be a matrix"),
        ({**ONE, "biases_0": [np.nan]}, "biases[0][0] is nan, but it must be a finite number"),
        (
            {**ONE, "biases_0": np.array([None])},
            "'biases_0' holds Python objects, but it must hold numbers or text",
        ),
    ],
)
def test_archives_that_are_no_network(tmp_path: Path, members: dict[str, Any], sentence: str) -> None:
    path = written(tmp_path, "n.npz", archive(**members))
    with refused(f"{path}: {sentence}"):
        bp.Network.load(path)


def test_damaged_archives(tmp_path: Path) -> None:
    bp.example_network().save(tmp_path / "whole.npz")
    whole = (tmp_path / "whole.npz").read_bytes()
    single = io.BytesIO()
    np.save(single, [1.0])
    flipped = bytearray(whole)
    flipped[120] ^= 1
    for content in (b"", b"PK", b"PK\x03\x04", whole[:-1], whole[:200], bytes(flipped), single.getvalue()):
        path = written(tmp_path, "n.npz", content)
        with refused(f"{path}: the archive is damaged or none, but it must be one of numpy.savez"):
            bp.Network.load(path)


def test_an_array_larger_than_the_machine(tmp_path: Path) -> None:
    header = io.BytesIO()
    shape = {"descr": "<f8", "fortran_order": False, "shape": (10**15, 1)}
    np.lib.format.write_array_header_1_0(header, shape)
    with zipfile.ZipFile(tmp_path / "n.npz", "w") as members:
        members.writestr("weights_0.npy", header.getvalue())
    with refused(f"{tmp_path / 'n.npz'}: the archive is damaged or none"):
        bp.Network.load(tmp_path / "n.npz")


def test_a_member_that_is_no_array(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "n.npz", "w") as members:
        members.writestr("weights_0", "[[1.0]]")
    with refused(f"{tmp_path / 'n.npz'}: 'weights_0' is no array, but everything in the archive must be one"):
        bp.Network.load(tmp_path / "n.npz")


# -- paths ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("n.yaml", "the suffix .yaml"),
        ("n", "no suffix"),
        (".toml", "no suffix"),
        ("n.toml.gz", "the suffix .gz"),
    ],
)
def test_other_suffixes_are_refused(tmp_path: Path, name: str, found: str) -> None:
    path = tmp_path / name
    sentence = f"{path} has {found}, but networks are kept in .toml, .json, .npz files"
    with refused(sentence):
        bp.Network.load(path)
    with refused(sentence):
        bp.example_network().save(path)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("path", [None, 3, b"n.toml", "n\0.toml", ["n.toml"]])
def test_what_is_no_path_is_refused(path: Any) -> None:
    sentence = f"path is {path!r}, but it must be the path of a .toml, .json or .npz file"
    with refused(sentence):
        bp.Network.load(path)
    with refused(sentence):
        bp.example_network().save(path)


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_missing_file(tmp_path: Path, suffix: str) -> None:
    written(tmp_path, "file", "")
    for path in (tmp_path / f"n{suffix}", tmp_path / "none" / f"n{suffix}", tmp_path / "file" / f"n{suffix}"):
        with pytest.raises(FileNotFoundError) as caught:
            bp.Network.load(path)
        assert str(caught.value) == f"{path} does not exist, so no network can be loaded from it"


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_directory(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"n{suffix}"
    path.mkdir()
    with refused(f"{path} is a directory, but a network is loaded from a file"):
        bp.Network.load(path)
    with refused(f"{path} is a directory, but a network is saved in a file"):
        bp.example_network().save(path)


def test_a_missing_folder(tmp_path: Path) -> None:
    path = tmp_path / "none" / "n.toml"
    with pytest.raises(FileNotFoundError) as caught:
        bp.example_network().save(path)
    assert str(caught.value) == f"{path} cannot be saved, because the folder {path.parent} does not exist"


# -- all or nothing ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", SUFFIXES)
@pytest.mark.parametrize("failing", ["fsync", "replace"])
@pytest.mark.parametrize("error", [OSError("the disk is full"), KeyboardInterrupt()])
def test_nothing_half_written_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str, failing: str, error: BaseException
) -> None:
    path = tmp_path / f"n{suffix}"
    bp.example_network().save(path)
    before = path.read_bytes()

    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(os, failing, fail)
    with pytest.raises(type(error)):
        bp.Network.random((2, 5, 1)).save(path)
    monkeypatch.undo()
    assert os.listdir(tmp_path) == [path.name]
    assert path.read_bytes() == before


def test_only_the_file_is_left_and_what_was_there_is_replaced(tmp_path: Path) -> None:
    path = tmp_path / "n.json"
    bp.Network.random((9, 9, 9)).save(path)
    bp.example_network().save(path)
    assert os.listdir(tmp_path) == ["n.json"]
    assert bp.Network.load(path) == bp.example_network()


@pytest.mark.skipif(os.name == "nt", reason="Windows has other permissions")
def test_the_permissions_stay(tmp_path: Path) -> None:
    path = tmp_path / "n.npz"
    bp.example_network().save(path)
    path.chmod(0o640)
    bp.example_network().save(path)
    assert path.stat().st_mode & 0o777 == 0o640


@pytest.mark.skipif(os.name == "nt", reason="links need a privilege on Windows")
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "link.toml").symlink_to(tmp_path / "there.toml")
    bp.example_network().save(tmp_path / "link.toml")
    assert (tmp_path / "link.toml").is_symlink()
    assert bp.Network.load(tmp_path / "there.toml") == bp.example_network()


# -- whatever a file holds --------------------------------------------------------------------------------


@st.composite
def edited(draw: st.DrawFn, content: bytes, edits: int) -> bytes:
    """Return the content with some bytes put in, taken out or replaced."""
    changed = bytearray(content)
    for _ in range(edits):
        start = draw(st.integers(0, len(changed)))
        end = start + draw(st.integers(0, 3))
        changed[start:end] = draw(st.binary(max_size=3) | st.sampled_from([b"[", b"]", b"9e9", b'"', b"="]))
    return bytes(changed)


@fuzzed
@given(content=st.binary(max_size=200), suffix=st.sampled_from(SUFFIXES))
def test_random_bytes(tmp_path: Path, content: bytes, suffix: str) -> None:
    loads_or_refuses(written(tmp_path, f"n{suffix}", content))


@fuzzed
@given(data=st.data(), suffix=st.sampled_from(SUFFIXES), edits=st.integers(1, 4))
def test_valid_files_with_some_bytes_changed(
    tmp_path: Path, data: st.DataObject, suffix: str, edits: int
) -> None:
    bp.Network([[[1.5, -2.0]]], [[0.5]], "tanh").save(tmp_path / f"valid{suffix}")
    content = (tmp_path / f"valid{suffix}").read_bytes()
    loads_or_refuses(written(tmp_path, f"n{suffix}", data.draw(edited(content, edits))))


@pytest.mark.filterwarnings("ignore")  # NumPy warns of headers that look old, Python of odd text in them
@fuzzed
@given(data=st.data(), edits=st.integers(1, 4))
def test_archives_with_some_bytes_of_a_member_changed(
    tmp_path: Path, data: st.DataObject, edits: int
) -> None:
    # Within the archive: from without, its checksums find nearly every change.
    valid = io.BytesIO()
    np.save(valid, np.array([[1.5, -2.0]]))
    with zipfile.ZipFile(tmp_path / "n.npz", "w") as members:
        members.writestr("weights_0.npy", data.draw(edited(valid.getvalue(), edits)))
    loads_or_refuses(tmp_path / "n.npz")


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=8,
)


@fuzzed
@given(
    table=st.fixed_dictionaries(
        {"weights": ANYTHING | st.just([[[1, 2]]]), "biases": ANYTHING | st.just([[0]])},
        optional={
            "activation": ANYTHING | st.sampled_from(list(ACTIVATIONS)),
            "activations": ANYTHING,
            "loss": ANYTHING | st.just("squared_error"),
        },
    )
)
def test_any_values_behind_the_keys(tmp_path: Path, table: dict[str, Any]) -> None:
    text = json.dumps(table).replace("Infinity", "1e999")
    loads_or_refuses(written(tmp_path, "n.json", text))

"""Networks in files: .toml, .json and .npz, chosen by the suffix, exact to the bit.

A file is easily written by hand, here as TOML; in JSON the same keys stand in one object:

    weights = [[[0.15, 0.2], [0.25, 0.3]],      # layer 1: a row for each node, a column for each input
               [[0.4, 0.45], [0.5, 0.55]]]      # layer 2
    biases = [[0.35, 0.35], [0.6, 0.6]]
    activation = "sigmoid"                      # one name, or activations = [...], one for each layer
    loss = "squared_error"

`activation` and `loss` may be left out and are then what `Network` takes.  In .npz the arrays are called
weights_0, weights_1, ... and biases_0, biases_1, ..., as `network.weights[0]` is, and the names are arrays of
text: numpy.savez("network.npz", weights_0=W, biases_0=b, activation="tanh").
"""

from __future__ import annotations

import contextlib
import difflib
import io
import json
import math
import os
import re
import secrets
import shutil
import tomllib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bpmath.network import Network
from bpmath.validation import counted

Table = Mapping[str, Any]
KEYS = ("weights", "biases", "activation", "activations", "loss")
TOO_LONG = "a number has too many digits, but no float is larger than 1.8e308"
NUMBERED = re.compile(r"(weights|biases)_(0|[1-9][0-9]*)")


def load_network(path: str | os.PathLike[str]) -> Network:
    """Return the network of a file; ValueError or FileNotFoundError as `Network.load` tells."""
    file = _path(path)
    read = _format(file).read
    try:
        content = file.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise FileNotFoundError(f"{file} does not exist, so no network can be loaded from it") from None
    except IsADirectoryError:
        raise ValueError(f"{file} is a directory, but a network is loaded from a file") from None
    try:
        return _network(read(content))
    except RecursionError:
        raise ValueError(f"{file}: the lists are nested too deeply, but weights are three deep") from None
    except ValueError as error:
        raise ValueError(f"{file}: {error}") from None


def save_network(network: Network, path: str | os.PathLike[str]) -> None:
    """Write a network to a file, as a whole or not at all; errors as `Network.save` tells."""
    file = _path(path)
    content = _format(file).write(network)
    if file.is_dir():
        raise ValueError(f"{file} is a directory, but a network is saved in a file")
    if not file.parent.is_dir():
        raise FileNotFoundError(f"{file} cannot be saved, because the folder {file.parent} does not exist")
    # A link stays a link: what it points at is replaced.
    target = Path(os.path.realpath(file))
    temporary = target.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        with temporary.open("xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        if target.exists():
            shutil.copymode(target, temporary)
        os.replace(temporary, target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def _path(given: object) -> Path:
    if isinstance(given, str | os.PathLike) and "\0" not in str(given):
        return Path(given)
    raise ValueError(f"path is {given!r}, but it must be the path of a .toml, .json or .npz file")


def _format(file: Path) -> Format:
    """Return the format that a file's suffix stands for."""
    if file.suffix.lower() in FORMATS:
        return FORMATS[file.suffix.lower()]
    found = f"the suffix {file.suffix}" if file.suffix else "no suffix"
    raise ValueError(f"{file} has {found}, but networks are kept in {', '.join(FORMATS)} files")


# -- from tables to networks and back -----------------------------------------------------------------------


def _network(table: Table) -> Network:
    """Return the network that a table of the keys describes."""
    for key in table:
        if key not in KEYS:
            raise ValueError(_unknown(key, KEYS))
    missing = next((key for key in ("weights", "biases") if key not in table), None)
    if missing:
        raise ValueError(f"the key {missing} is missing, but a network needs weights and biases")
    if "activation" in table and "activations" in table:
        raise ValueError("there are both activation and activations, but only one of these keys is accepted")
    given = {key.removesuffix("s") if key == "activations" else key: value for key, value in table.items()}
    return Network(**{**given, "weights": _floats(given["weights"]), "biases": _floats(given["biases"])})


def _floats(given: Any) -> Any:
    """Return nested lists with floats for whole numbers, which NumPy would take only up to 64 bits."""
    if not isinstance(given, list):
        return given
    return [_float(entry) if type(entry) is int else _floats(entry) for entry in given]


def _float(number: int) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def _unknown(key: str, accepted: Iterable[str]) -> str:
    accepted = tuple(accepted)
    near = difflib.get_close_matches(key, accepted, 1)
    hint = f" (did you mean {near[0]}?)" if near else ""
    return f"the key {key!r} is unknown, but accepted are {', '.join(accepted)}{hint}"


def _text(content: bytes) -> str:
    """Return the text of a file, less the byte order mark that some editors put in front."""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise ValueError(f"line {line} is not UTF-8, but the file must be text in UTF-8") from None


def _lists(network: Network) -> dict[str, str]:
    """Return what stands behind each key, written so that both TOML and JSON read it: a row a line."""
    matrices = (",\n    ".join(repr(row.tolist()) for row in matrix) for matrix in network.weights)
    vectors = (repr(vector.tolist()) for vector in network.biases)
    weights = ",\n".join(f"  [\n    {rows}\n  ]" for rows in matrices)
    biases = ",\n".join(f"  {vector}" for vector in vectors)
    return {
        "activations": json.dumps(network.activations),
        "loss": json.dumps(network.loss),
        "weights": f"[\n{weights}\n]",
        "biases": f"[\n{biases}\n]",
    }


# -- TOML --------------------------------------------------------------------------------------------------


def _to_toml(network: Network) -> bytes:
    return "".join(f"{key} = {value}\n" for key, value in _lists(network).items()).encode()


def _from_toml(content: bytes) -> Table:
    text = _text(content)
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"this is not TOML: {error}") from None
    except ValueError:  # not of TOML: Python's int() takes no more
        raise ValueError(TOO_LONG) from None


# -- JSON --------------------------------------------------------------------------------------------------


def _to_json(network: Network) -> bytes:
    members = ",\n".join(f'"{key}": {value}' for key, value in _lists(network).items())
    return f"{{\n{members}\n}}\n".encode()


def _from_json(content: bytes) -> Table:
    text = _text(content)
    try:
        table = json.loads(text, parse_int=_whole, parse_constant=_no_number, object_pairs_hook=_members)
    except json.JSONDecodeError as error:
        raise ValueError(
            f"this is not JSON: {error.msg} (at line {error.lineno}, column {error.colno})"
        ) from None
    if not isinstance(table, dict):
        kind = type(table).__name__
        keys = ", ".join(KEYS)
        raise ValueError(f"the file is of type {kind}, but it must be an object with the keys {keys}")
    return table


def _whole(digits: str) -> int:
    try:
        return int(digits)
    except ValueError:
        raise ValueError(TOO_LONG) from None


def _no_number(word: str) -> float:
    raise ValueError(f"there is {word}, but numbers must be finite")


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise ValueError(f"the key {twice!r} is there twice, but each key is accepted once")
    return table


# -- npz ---------------------------------------------------------------------------------------------------


def _to_npz(network: Network) -> bytes:
    arrays: dict[str, Any] = {f"weights_{i}": matrix for i, matrix in enumerate(network.weights)}
    arrays |= {f"biases_{i}": vector for i, vector in enumerate(network.biases)}
    arrays |= {"activations": np.array(network.activations), "loss": np.array(network.loss)}
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


def _from_npz(content: bytes) -> Table:
    arrays = _arrays(content)
    table: dict[str, Any] = {}
    for key, array in arrays.items():
        if key in KEYS[2:]:
            table[key] = array.tolist()
        elif not NUMBERED.fullmatch(key):
            raise ValueError(_unknown(key, ("weights_0", "weights_1", "biases_0", "biases_1", *KEYS[2:])))
    for name in KEYS[:2]:
        count = sum(key.startswith(f"{name}_") for key in arrays)
        wanted = [f"{name}_{i}" for i in range(max(count, 1))]
        missing = next((key for key in wanted if key not in arrays), None)
        if missing:
            found = counted(count, "array")
            raise ValueError(f"the key {missing} is missing, but {found} of {name} must be numbered from 0")
        table[name] = [arrays[key] for key in wanted]
    return table


def _arrays(content: bytes) -> dict[str, np.ndarray[Any, Any]]:
    """Return the arrays of an archive; Python objects, which could run any program, are refused."""
    arrays: dict[str, Any] = {}
    key = "archive"
    try:
        with np.load(io.BytesIO(content), allow_pickle=False) as archive:
            for key in archive.files:
                arrays[key] = archive[key]
    except Exception as error:  # a damaged archive raises whatever its decoders happen to meet
        if "Object arrays" in str(error):
            raise ValueError(f"{key!r} holds Python objects, but it must hold numbers or text") from None
        raise ValueError("the archive is damaged or none, but it must be one of numpy.savez") from None
    for key, array in arrays.items():
        if not isinstance(array, np.ndarray):
            raise ValueError(f"{key!r} is no array, but everything in the archive must be one")
    return arrays


@dataclass(frozen=True)
class Format:
    """How a network is written and how a table of its keys is read."""

    write: Callable[[Network], bytes]
    read: Callable[[bytes], Table]


FORMATS: Mapping[str, Format] = {
    ".toml": Format(_to_toml, _from_toml),
    ".json": Format(_to_json, _from_json),
    ".npz": Format(_to_npz, _from_npz),
}
"""The formats by the suffix of the file."""

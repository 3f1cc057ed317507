"""What the lessons show: which network and sample, in which notation, language and theme.

Settings come from the file that the environment variable BACKPROP_CONFIG names, else from
`backprop.toml` in the working directory, else from the example.  A file may look like this::

    language = "en"             # en, zh
    theme = "dark"              # dark, light
    captions = "burned"         # burned, file, off
    notation = "article"        # article, nielsen, row
    numbers = true              # the values under the symbols
    pace = 1.0                  # how fast it goes: 0.5 is half as fast, 2 twice

    [network]
    sizes = [3, 4, 2]           # random weights; or weights = [...] and biases = [...]; or file = "mine.toml"
    seed = 0
    activation = "sigmoid"      # one name, or one for each layer
    loss = "squared_error"

    [sample]
    x = [0.2, 0.7, 0.5]
    y = [0.1, 0.9]

    [expression]                # for the lessons about computational graphs
    formula = "x * y + sin(x)"
    at = {x = 3, y = -4}
    name = "f"                  # of the output
"""

from __future__ import annotations

import difflib
import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bpmath import Derivation, Network, derive, example_network, example_sample
from bpmath.network import check_sample
from bpmath.notation import NOTATIONS
from scenes.stage.captions import LANGUAGES
from scenes.stage.expression import KEYS, ShownExpression, read_expression
from scenes.stage.layout import MAP
from scenes.stage.network_plan import plan
from scenes.stage.theme import Theme, theme_named

CAPTIONS = ("burned", "file", "off")
SLOWEST, FASTEST = 0.25, 4.0
_KEYS = {
    "": ("language", "theme", "captions", "notation", "numbers", "pace", "network", "sample", "expression"),
    "network": ("sizes", "seed", "weights", "biases", "activation", "loss", "file"),
    "sample": ("x", "y"),
    "expression": KEYS,
}


class SettingsError(ValueError):
    """A settings file says something that cannot be shown; the message names the file and the key."""


@dataclass(frozen=True)
class Settings:
    """Everything that a lesson takes from its user."""

    network: Network
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    notation: str
    language: str
    theme: Theme
    captions: str
    numbers: bool = True
    pace: float = 1.0
    expression: ShownExpression | None = None

    def derivation(self) -> Derivation:
        """Run the network on the sample."""
        return derive(self.network, self.x, self.y)


def settings_file() -> Path | None:
    """Return the settings file in force, or None for the defaults.

    Raises SettingsError when BACKPROP_CONFIG names a file that is not there.
    """
    named = os.environ.get("BACKPROP_CONFIG")
    if named:
        path = Path(named)
        if not path.is_file():
            raise SettingsError(f"BACKPROP_CONFIG names {named}, but there is no such file")
        return path
    default = Path("backprop.toml")
    return default if default.is_file() else None


def load_settings(path: Path | None = None) -> Settings:
    """Return the settings of a file (by default the one in force), checked.

    Raises SettingsError, with the file and the key, for anything that cannot be shown.
    """
    path = path or settings_file()
    if path is None:
        return settings_from({})
    try:
        return settings_from(tomllib.loads(path.read_text(encoding="utf-8-sig")), path.parent)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise SettingsError(f"{path}: {error}") from None
    except ValueError as error:
        raise SettingsError(f"{path}: {error}") from None


def settings_from(given: Mapping[str, Any], folder: Path = Path()) -> Settings:
    """Return the settings that a table describes; files of networks are looked for from `folder` on.

    Raises ValueError, naming the key, for what cannot be shown.
    """
    _check_keys(given)
    network = _network(given.get("network"), folder)
    x, y = _sample(given.get("sample"), network)
    settings = Settings(
        network,
        x,
        y,
        notation=_choice(given, "notation", NOTATIONS, "article"),
        language=_choice(given, "language", tuple(LANGUAGES), "en"),
        theme=theme_named(_choice(given, "theme", ("dark", "light"), "dark")),
        captions=_choice(given, "captions", CAPTIONS, "burned"),
        numbers=_switch(given, "numbers", True),
        pace=_pace(given),
        expression=read_expression(given["expression"]) if "expression" in given else None,
    )
    settings.derivation()
    plan(network, MAP)
    return settings


def _check_keys(given: Mapping[str, Any]) -> None:
    for section, accepted in _KEYS.items():
        table = given if not section else given.get(section, {})
        if not isinstance(table, Mapping):
            raise ValueError(f"[{section}] is {table!r}, but it must be a table with {', '.join(accepted)}")
        for key in table:
            if key not in accepted:
                close = difflib.get_close_matches(key, accepted, 1)
                hint = f" (did you mean {close[0]}?)" if close else ""
                where = f" in [{section}]" if section else ""
                raise ValueError(f"key {key}{where} is unknown{hint}; accepted are {', '.join(accepted)}")


def _choice(given: Mapping[str, Any], key: str, accepted: tuple[str, ...], default: str) -> str:
    value = given.get(key, default)
    if value not in accepted:
        raise ValueError(f"{key} is {value!r}, but it must be one of {', '.join(accepted)}")
    return str(value)


def _switch(given: Mapping[str, Any], key: str, default: bool) -> bool:
    value = given.get(key, default)
    if not isinstance(value, bool):
        raise ValueError(f"{key} is {value!r}, but it must be true or false")
    return value


def _pace(given: Mapping[str, Any]) -> float:
    value = given.get("pace", 1.0)
    if isinstance(value, bool) or not isinstance(value, int | float) or not SLOWEST <= value <= FASTEST:
        raise ValueError(f"pace is {value!r}, but it must be a number from {SLOWEST} to {FASTEST}")
    return float(value)


def _network_file(table: Mapping[str, Any], folder: Path) -> Network:
    others = sorted(set(table) - {"file"})
    if others:
        raise ValueError(f"[network] has file, so {others[0]} says nothing; leave it out")
    if not isinstance(table["file"], str):
        raise ValueError(f"[network] file is {table['file']!r}, but it must be the name of a network's file")
    try:
        return Network.load(folder / table["file"])
    except FileNotFoundError:
        raise ValueError(
            f"[network] file is {table['file']!r}, but there is no such file in {folder}"
        ) from None


def _network(table: Mapping[str, Any] | None, folder: Path) -> Network:
    if not table:
        return example_network()
    if "file" in table:
        return _network_file(table, folder)
    if ("sizes" in table) == ("weights" in table):
        raise ValueError("[network] needs sizes, for random weights, or weights with biases, or a file")
    wrong = {"biases"} & set(table) if "sizes" in table else {"seed"} & set(table)
    if wrong:
        kind = "sizes" if "sizes" in table else "weights"
        raise ValueError(f"[network] has {kind}, so {wrong.pop()} says nothing; leave it out")
    shared = {key: table[key] for key in ("activation", "loss") if key in table}
    if isinstance(shared.get("activation"), list):
        shared["activation"] = tuple(shared["activation"])
    if "sizes" in table:
        sizes = table["sizes"]
        return Network.random(
            tuple(sizes) if isinstance(sizes, list) else sizes, seed=table.get("seed", 0), **shared
        )
    if "biases" not in table:
        raise ValueError("[network] has weights but no biases; give one list of biases for each layer")
    return Network(table["weights"], table["biases"], **shared)


def _sample(
    table: Mapping[str, Any] | None, network: Network
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the given sample, or one with short numbers that the network's loss accepts."""
    if table:
        if set(table) != {"x", "y"}:
            raise ValueError(f"[sample] has {', '.join(table)}, but it needs both x and y")
        return check_sample(network, table["x"], table["y"])
    if network == example_network():
        return example_sample()
    rng = np.random.default_rng(0)
    x = np.round(rng.uniform(0.1, 0.95, network.sizes[0]), 2)
    y = np.zeros(network.sizes[-1])
    y[0] = 1.0
    return x, y

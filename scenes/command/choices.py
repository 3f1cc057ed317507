"""What the options of the command choose, laid over the table of the user's settings file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

__all__ = ["Choices"]


@dataclass(frozen=True)
class Choices:
    """What was chosen by options, as it was typed; None for what was not."""

    network: Path | None = None
    sizes: str | None = None
    activation: str | None = None
    loss: str | None = None
    expression: str | None = None
    at: str | None = None
    notation: str | None = None
    language: str | None = None
    theme: str | None = None
    captions: str | None = None

    def settings(self) -> dict[str, Any]:
        """Return the table of settings, checked, with networks in it and not in files beside it.

        Raises ValueError, in one sentence, for what cannot be shown.
        """
        from scenes.settings import settings_file, settings_from

        file = settings_file()
        table = _read(file) if file else {}
        folder = file.parent if file else Path()
        for key in ("notation", "language", "theme", "captions"):
            if getattr(self, key) is not None:
                table[key] = getattr(self, key)
        self._choose_network(table, folder)
        self._choose_expression(table)
        try:
            settings_from(table)
        except ValueError as error:
            raise ValueError(f"{file}: {error}" if file and self == Choices() else str(error)) from None
        return table

    def _choose_network(self, table: dict[str, Any], folder: Path) -> None:
        if self.network and self.sizes:
            raise ValueError("--network and --sizes both say which network; give one of them")
        if self.network or self.sizes:
            table.pop("sample", None)  # it was for the other network
        if self.network:
            table["network"] = _inlined({"file": str(self.network.absolute())}, Path())
        elif self.sizes:
            kept = {key: value for key, value in table.get("network", {}).items() if key in ("seed",)}
            table["network"] = {"sizes": _sizes(self.sizes), **kept}
        elif "file" in table.get("network", {}):
            table["network"] = _inlined(table["network"], folder)
        if self.activation or self.loss:
            network = table.setdefault("network", {})
            if not network:
                network.update(_example())
            if self.activation:
                names = [name.strip() for name in self.activation.split(",")]
                network["activation"] = names[0] if len(names) == 1 else names
            if self.loss:
                network["loss"] = self.loss

    def _choose_expression(self, table: dict[str, Any]) -> None:
        if self.at and not (self.expression or "expression" in table):
            raise ValueError('--at gives values to inputs, but there is no --expression "..." that has them')
        if self.expression:
            table["expression"] = {"formula": self.expression}
        if self.at:
            table["expression"] = {**table["expression"], "at": _values(self.at)}


def _read(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise ValueError(f"{file}: {error}") from None


def _sizes(typed: str) -> list[int]:
    try:
        return [int(size) for size in typed.split("-")]
    except ValueError:
        raise ValueError(f"--sizes is {typed!r}, but it must be whole numbers such as 3-4-2") from None


def _values(typed: str) -> dict[str, float]:
    values: dict[str, float] = {}
    for one in typed.split(","):
        name, equals, number = (part.strip() for part in one.partition("="))
        try:
            if not equals or not name.isidentifier() or name in values:
                raise ValueError
            values[name] = float(number)
        except ValueError:
            raise ValueError(f"--at is {typed!r}, but it must be values such as x=3,y=-4") from None
    return values


def _inlined(table: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    """Return the table of a network with its numbers in it: other machines do not have its file."""
    from scenes.settings import settings_from

    path = folder / str(table["file"])
    if not path.is_file():
        raise ValueError(
            f"there is no network in {path}; a .toml, .json or .npz that `net.save` wrote is read"
        )
    return _numbers_of(settings_from({"network": {"file": str(path)}}).network)


def _example() -> dict[str, Any]:
    from bpmath import example_network

    return _numbers_of(example_network())


def _numbers_of(network: Any) -> dict[str, Any]:
    return {
        "weights": [weights.tolist() for weights in network.weights],
        "biases": [biases.tolist() for biases in network.biases],
        "activation": [str(name) for name in network.activations],
        "loss": str(network.loss),
    }

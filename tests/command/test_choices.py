"""Options come before the settings file; what they cannot mean is refused in one sentence."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import bpmath as bp
from scenes.command.choices import Choices
from scenes.settings import settings_from

FILE = """
language = "zh"
notation = "row"
[network]
sizes = [2, 3, 1]
seed = 5
[sample]
x = [0.1, 0.2]
y = [0.3]
[expression]
formula = "u * v"
at = {u = 1, v = 2}
name = "g"
"""


def settings_of(**chosen: Any):
    return settings_from(Choices(**chosen).settings())


def test_without_options_and_file_it_is_the_example() -> None:
    assert Choices().settings() == {}


def test_the_file_is_taken(folder: Path) -> None:
    (folder / "backprop.toml").write_text(FILE)
    found = settings_of()
    assert (found.language, found.notation, found.network.sizes) == ("zh", "row", (2, 3, 1))
    assert found.network == bp.Network.random((2, 3, 1), seed=5)


def test_options_come_before_the_file(folder: Path) -> None:
    (folder / "backprop.toml").write_text(FILE)
    found = settings_of(language="en", theme="light", notation="nielsen", captions="off")
    assert (found.language, found.notation, found.captions) == ("en", "nielsen", "off")
    assert found.theme.name == "light"
    assert found.network.sizes == (2, 3, 1)


def test_another_network_has_another_sample(folder: Path) -> None:
    (folder / "backprop.toml").write_text(FILE)
    found = settings_of(sizes="3-4-2")
    assert found.network == bp.Network.random((3, 4, 2), seed=5)
    assert found.x.shape == (3,)


def test_functions_alone_keep_the_weights(folder: Path) -> None:
    found = settings_of(activation="tanh", loss="mean_squared_error").network
    assert all(map(np.array_equal, found.weights, bp.example_network().weights))
    assert (found.activations, found.loss) == (("tanh",) * 3, "mean_squared_error")
    assert settings_of(activation="relu, tanh,sigmoid").network.activations == ("relu", "tanh", "sigmoid")
    (folder / "backprop.toml").write_text(FILE)
    assert settings_of(activation="relu").network == bp.Network.random((2, 3, 1), activation="relu", seed=5)


@pytest.mark.parametrize("ending", ["toml", "json", "npz"])
def test_a_networks_file_travels_inside_the_settings(folder: Path, ending: str) -> None:
    network = bp.Network.random((2, 3, 2), activation="tanh", seed=3)
    network.save(str(folder / f"mine.{ending}"))
    table = Choices(network=Path(f"mine.{ending}")).settings()
    assert "file" not in table["network"]
    (folder / f"mine.{ending}").unlink()
    assert settings_from(table).network == network


def test_a_file_named_by_the_settings_travels_too(folder: Path) -> None:
    network = bp.Network.random((2, 3, 2), seed=3)
    network.save(str(folder / "mine.toml"))
    (folder / "backprop.toml").write_text('[network]\nfile = "mine.toml"\n')
    assert "file" not in Choices().settings()["network"]
    assert settings_of(loss="mean_squared_error").network.loss == "mean_squared_error"


def test_an_expression(folder: Path) -> None:
    assert settings_of(expression="x*y + x", at="x=3, y=-4").expression.trace["x"] == 3
    (folder / "backprop.toml").write_text(FILE)
    assert settings_of(at="u=5,v=6").expression.trace["v"] == 6
    assert settings_of(expression="u + v", at="u=5,v=6").expression.text == "u + v"


@pytest.mark.parametrize(
    ("chosen", "sentence"),
    [
        ({"sizes": "3-x"}, "--sizes is '3-x', but it must be whole numbers such as 3-4-2"),
        ({"sizes": ""}, None),
        ({"sizes": "3"}, "sizes"),
        ({"sizes": "2-0-1"}, "sizes"),
        ({"sizes": "2-2", "network": Path("a.toml")}, "--network and --sizes both say which network"),
        ({"network": Path("nowhere.toml")}, r"there is no network in .*nowhere\.toml"),
        ({"activation": "sigmoidal"}, "activation"),
        ({"activation": "relu,tanh"}, "activation"),
        ({"loss": "squared"}, "loss is 'squared', but must be one of squared_error"),
        ({"at": "x=1"}, '--at gives values to inputs, but there is no --expression "..." that has them'),
        ({"expression": "x*y", "at": "x=1"}, "values lack y"),
        ({"expression": "x*y", "at": "x=1,y"}, "--at is 'x=1,y', but it must be values such as x=3,y=-4"),
        ({"expression": "x*y", "at": "x=1,y=one"}, "--at is 'x=1,y=one'"),
        ({"expression": "x*y", "at": "x=1,x=2"}, "--at is 'x=1,x=2'"),
        ({"expression": "x*y", "at": "3=1"}, "--at is '3=1'"),
        ({"expression": "x +* y", "at": "x=1,y=2"}, "formula"),
        ({"expression": "__import__('os')", "at": "x=1"}, "formula"),
        ({"language": "de"}, "language is 'de', but it must be one of en, zh"),
        ({"theme": "blue"}, "theme is 'blue', but it must be one of dark, light"),
        ({"notation": "mine"}, "notation is 'mine', but it must be one of article"),
        ({"captions": "on"}, "captions is 'on', but it must be one of burned, file, off"),
    ],
    ids=str,
)
def test_what_cannot_be_shown_is_refused(chosen: dict[str, Any], sentence: str | None) -> None:
    if sentence is None:
        assert Choices(**chosen).settings() == {}  # an empty option is none
        return
    with pytest.raises(ValueError, match=sentence) as caught:
        Choices(**chosen).settings()
    # Only below a formula is there a second line and a third, with a mark where it is wrong.
    assert "\n" not in str(caught.value) or sentence == "formula"


def test_what_is_wrong_with_the_file_names_the_file(folder: Path) -> None:
    (folder / "backprop.toml").write_text('language = "de"')
    with pytest.raises(ValueError, match=r"^backprop\.toml: language is 'de'"):
        Choices().settings()
    (folder / "backprop.toml").write_text("language = ")
    with pytest.raises(ValueError, match=r"^backprop\.toml: "):
        Choices().settings()

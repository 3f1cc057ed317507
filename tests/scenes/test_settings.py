"""A settings file is taken as it is written, or refused in one sentence with its name and the key."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import bpmath as bp
from scenes import settings
from scenes.settings import Settings, SettingsError, load_settings, settings_file, settings_from
from scenes.stage.captions import LANGUAGES
from scenes.stage.expression import example_of
from scenes.stage.theme import THEMES


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory of its own, and no file named from outside."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("BACKPROP_CONFIG", raising=False)
    return tmp_path


def load(text: str) -> Settings:
    """Return the settings of a file in the working directory."""
    Path("backprop.toml").write_text(text, encoding="utf-8")
    return load_settings()


def documented() -> str:
    """Return the file that the documentation shows."""
    shown = (inspect.getdoc(settings) or "").split("::\n", 1)[1]
    return inspect.cleandoc(shown)


# -- what is taken ------------------------------------------------------------------------------------


def test_a_byte_order_mark_is_no_part_of_the_file() -> None:
    Path("backprop.toml").write_text('theme = "light"', encoding="utf-8-sig")
    assert load_settings().theme.name == "light"


def test_without_a_file_the_example_is_shown() -> None:
    found = load_settings()
    assert settings_file() is None
    assert found.network == bp.example_network()
    np.testing.assert_array_equal(found.x, bp.example_sample()[0])
    np.testing.assert_array_equal(found.y, bp.example_sample()[1])
    assert (found.language, found.theme.name, found.captions, found.notation) == (
        "en",
        "dark",
        "burned",
        "article",
    )


@pytest.mark.parametrize("text", ["", "# nothing\n", "[network]\n", "[sample]\n"])
def test_an_empty_file_changes_nothing(text: str) -> None:
    assert load(text).network == bp.example_network()


def test_the_documented_file_is_taken_as_it_is() -> None:
    found = load(documented())
    assert found.network == bp.Network.random((3, 4, 2), "sigmoid", "squared_error", seed=0)
    assert found.x.tolist() == [0.2, 0.7, 0.5]
    assert found.y.tolist() == [0.1, 0.9]


def test_the_documentation_names_every_key() -> None:
    text = documented()
    for section, keys in settings._KEYS.items():
        assert not section or f"[{section}]" in text
        assert [key for key in keys if not re.search(rf"\b{key}\b", text)] == []


@pytest.mark.parametrize(
    ("key", "values"),
    [("language", set(LANGUAGES)), ("theme", set(THEMES)), ("captions", {"burned", "file", "off"})],
)
def test_the_documented_choices_are_those_there_are(key: str, values: set[str]) -> None:
    (choices,) = re.findall(rf'^{key} = "\w+" +# (.+)$', documented(), re.MULTILINE)
    assert set(choices.split(", ")) == values
    for value in values:
        found = getattr(load(f'{key} = "{value}"'), key)
        assert getattr(found, "name", found) == value


def test_inline_weights_are_the_network() -> None:
    given = bp.Network.random((3, 2, 4), activation=["tanh", "relu"], loss="mean_squared_error", seed=5)
    text = f"""
        [network]
        weights = {[matrix.tolist() for matrix in given.weights]}
        biases = {[vector.tolist() for vector in given.biases]}
        activation = ["tanh", "relu"]
        loss = "mean_squared_error"
    """
    assert load(text).network == given


def test_a_seed_chooses_the_weights() -> None:
    loaded = [load(f"[network]\nsizes = [2, 3, 1]\nseed = {seed}").network for seed in (7, 8)]
    assert loaded == [bp.Network.random((2, 3, 1), seed=seed) for seed in (7, 8)]
    assert loaded[0] != loaded[1]


@pytest.mark.parametrize(
    "loss", ["squared_error", "mean_squared_error", "binary_cross_entropy", "softmax_cross_entropy"]
)
@pytest.mark.parametrize("sizes", [[1, 1], [5, 3, 2], [784, 30, 10]])
def test_a_network_without_a_sample_is_given_one(sizes: list[int], loss: str) -> None:
    text = f'[network]\nsizes = {sizes}\nloss = "{loss}"\n'
    found, again = load(text), load(text)
    assert (found.x.shape, found.y.shape) == ((sizes[0],), (sizes[-1],))
    np.testing.assert_array_equal(found.x, again.x)
    np.testing.assert_array_equal(found.x, np.round(found.x, 2))
    assert np.isfinite(found.derivation().run.E)


def test_settings_derive_on_their_own_sample() -> None:
    found = load(documented())
    run = bp.forward(bp.Network.random((3, 4, 2)), [0.2, 0.7, 0.5], [0.1, 0.9])
    assert found.derivation().run.E == run.E


def test_a_network_comes_from_a_file_beside_the_settings(folder: Path) -> None:
    network = bp.Network.random((2, 3, 1), activation="tanh", seed=4)
    network.save(folder / "mine.toml")
    assert load('[network]\nfile = "mine.toml"').network == network


def test_numbers_and_pace_are_as_given() -> None:
    assert (load("").numbers, load("").pace) == (True, 1.0)
    found = load("numbers = false\npace = 2")
    assert (found.numbers, found.pace) == (False, 2.0)


# -- which file ---------------------------------------------------------------------------------------


def test_the_named_file_wins_over_the_one_that_lies_there(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    named = folder / "elsewhere" / "mine.toml"
    named.parent.mkdir()
    named.write_text('theme = "light"', encoding="utf-8")
    assert load('language = "zh"').theme.name == "dark"
    monkeypatch.setenv("BACKPROP_CONFIG", str(named))
    assert settings_file() == named
    assert (load_settings().theme.name, load_settings().language) == ("light", "en")


def test_an_empty_name_names_no_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKPROP_CONFIG", "")
    assert load('theme = "light"').theme.name == "light"


def test_a_named_file_that_is_missing_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    load('theme = "light"')
    monkeypatch.setenv("BACKPROP_CONFIG", "no/such.toml")
    with pytest.raises(
        SettingsError, match=r"^BACKPROP_CONFIG names no/such.toml, but there is no such file$"
    ):
        load_settings()


def test_a_given_file_wins_over_all(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BACKPROP_CONFIG", "no/such.toml")
    given = folder / "given.toml"
    given.write_text('captions = "off"', encoding="utf-8")
    assert load_settings(given).captions == "off"


# -- what is refused ----------------------------------------------------------------------------------

NETWORK = "[network]\nsizes = [2, 2]\n"
REFUSED = {
    "unknown key": ('langauge = "en"', r"key langauge is unknown \(did you mean language\?\).*"),
    "unknown key in a table": (
        "[network]\nsize = [2, 2]",
        r"key size in \[network\].*did you mean sizes\?.*",
    ),
    "unknown key, nothing near": ("qqq = 1", r"key qqq is unknown; accepted are language, theme, .*"),
    "sizes as text": ('[network]\nsizes = "3,4"', r"sizes .*str.* list of whole numbers.*"),
    "size zero": ("[network]\nsizes = [3, 0]", r"sizes\[1\] is 0, .*"),
    "size with a fraction": ("[network]\nsizes = [3, 2.5]", r"sizes\[1\] is 2.5, .*"),
    "size that is true": ("[network]\nsizes = [true, 2]", r"sizes\[0\] is True, .*"),
    "one size": ("[network]\nsizes = [3]", r"sizes has 1 layer, .*"),
    "no sizes": ("[network]\nsizes = []", r"sizes is empty, .*"),
    "seed as text": (f'{NETWORK}seed = "x"', r"seed is 'x', .*"),
    "negative seed": (f"{NETWORK}seed = -1", r"seed is -1, .*"),
    "unknown activation": (
        f'{NETWORK}activation = "sigmiod"',
        r"activation is 'sigmiod', .*did you mean 'sigmoid'\?.*",
    ),
    "too many activations": (f'{NETWORK}activation = ["relu", "relu"]', r"activation has 2 names, .*"),
    "unknown loss": (f'{NETWORK}loss = "mse"', r"loss is 'mse', .*squared_error.*"),
    "sizes and weights": (f"{NETWORK}weights = [[[1.0]]]", r"\[network\] .*sizes.*weights.*"),
    "neither": ('[network]\nactivation = "relu"', r"\[network\] .*sizes.*weights.*"),
    "no biases": ("[network]\nweights = [[[1.0]]]", r"\[network\] .*weights .*biases.*"),
    "sizes and biases": (f"{NETWORK}biases = [[1.0, 2.0]]", r".*biases.*"),
    "weights and a seed": ("[network]\nweights = [[[1.0]]]\nbiases = [[0.0]]\nseed = 1", r".*seed.*"),
    "ragged weights": (
        "[network]\nweights = [[[1.0], [1.0, 2.0]]]\nbiases = [[0, 0]]",
        r"weights\[0\] is ragged .*",
    ),
    "too few biases": (
        "[network]\nweights = [[[1.0]]]\nbiases = [[0.0, 1.0]]",
        r"biases\[0\] has shape \(2,\), .*",
    ),
    "weights that overflow": (
        "[network]\nweights = [[[1e308, 1e308]]]\nbiases = [[1e308]]\n[sample]\nx = [9, 9]\ny = [1]",
        r".*z.* overflow, .*",
    ),
    "x too long": ("[sample]\nx = [1, 2, 3]\ny = [0, 1]", r"x has shape \(3,\), .*2 inputs.*"),
    "y too short": ("[sample]\nx = [1, 2]\ny = [0]", r"y has shape \(1,\), .*2 outputs.*"),
    "x with text": ('[sample]\nx = ["a", 2]\ny = [0, 1]', r"x .*text.*"),
    "x with numbers as text": ('[sample]\nx = ["1", "2"]\ny = [0, 1]', r"x .*text.*"),
    "x with truth values": ("[sample]\nx = [true, 1]\ny = [0, 1]", r"x .*bool.*"),
    "x with a date": ("[sample]\nx = [1979-05-27, 1979-05-27]\ny = [0, 1]", r"x .*"),
    "x as a table": ("[sample]\nx = {a = 1}\ny = [0, 1]", r"x .*"),
    "ragged x": ("[sample]\nx = [[1], 2]\ny = [0, 1]", r"x .*"),
    "x not finite": ("[sample]\nx = [nan, 1]\ny = [0, 1]", r"x\[0\] is nan, .*"),
    "x as a batch": ("[sample]\nx = [[1, 2]]\ny = [[0, 1]]", r"x .*"),
    "x as one number": ("[sample]\nx = 1\ny = [0, 1]", r"x has shape \(\), .*"),
    "x alone": ("[sample]\nx = [1, 2]", r"\[sample\] has x, but it needs both x and y"),
    "impossible target": (
        f'{NETWORK}loss = "softmax_cross_entropy"\n[sample]\nx = [1, 2]\ny = [3, 4]',
        r"y has 3 .*",
    ),
    "missing network file": (
        '[network]\nfile = "no.toml"',
        r"\[network\] file is 'no.toml', .*no such file.*",
    ),
    "network file and sizes": (
        '[network]\nfile = "no.toml"\nsizes = [2, 2]',
        r"\[network\] has file, so sizes says nothing; leave it out",
    ),
    "network file as a number": ("[network]\nfile = 3", r"\[network\] file is 3, .*"),
    "numbers as text": ('numbers = "on"', r"numbers is 'on', but it must be true or false"),
    "pace too fast": ("pace = 9", r"pace is 9, but it must be a number from 0.25 to 4.0"),
    "pace as true": ("pace = true", r"pace is True, .*"),
    "unknown theme": ('theme = "blue"', r"theme is 'blue', .*dark, light"),
    "unknown language": ('language = "fr"', r"language is 'fr', .*en, zh"),
    "unknown captions": ('captions = "on"', r"captions is 'on', .*burned, file, off"),
    "unknown notation": ('notation = "articel"', r"notation is 'articel', .*article, nielsen, row"),
    "language as a number": ("language = 3", r"language is 3, .*en, zh"),
    "theme as a list": ('theme = ["dark"]', r"theme is \['dark'\], .*dark, light"),
    "captions as false": ("captions = false", r"captions is False, .*"),
    "network as a list": (
        "network = [1, 2]",
        r"\[network\] is \[1, 2\], but it must be a table with sizes, .*",
    ),
    "network as false": ("network = false", r"\[network\] is False, .*"),
    "sample as text": ('sample = ""', r"\[sample\] is '', .*"),
    "no TOML": ("language = en", r".*line 1.*"),
    "a key twice": ('language = "en"\nlanguage = "zh"', r".*"),
}


@pytest.mark.parametrize("kind", REFUSED)
def test_what_cannot_be_shown_is_refused_in_one_sentence(kind: str) -> None:
    text, sentence = REFUSED[kind]
    with pytest.raises(SettingsError, match=rf"\Abackprop\.toml: {sentence}\Z") as refused:
        load(text)
    assert "\n" not in str(refused.value)
    assert refused.value.__suppress_context__
    assert refused.value.__cause__ is None


def test_a_file_that_is_not_utf_8_is_refused() -> None:
    Path("backprop.toml").write_bytes('theme = "dunkel ö"'.encode("latin-1"))
    with pytest.raises(SettingsError, match=r"\Abackprop\.toml: .*utf-8.*\Z"):
        load_settings()


def test_a_given_file_that_is_missing_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"\Anowhere\.toml: .*No such file.*\Z"):
        load_settings(Path("nowhere.toml"))


@pytest.mark.parametrize(
    "given",
    [
        {"network": None},
        {"sample": {"x": [None, 1.0], "y": [0, 1]}},
        {"language": None},
        {"network": {"sizes": None}},
    ],
)
def test_nothing_is_no_setting(given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"\A[^\n]*\Z"):
        settings_from(given)


# -- expressions --------------------------------------------------------------------------------------


def test_an_expression_is_evaluated() -> None:
    shown = load('[expression]\nformula = "x * y + sin(x)"\nat = {x = 3, y = -4}\nname = "f"').expression
    assert shown is not None
    assert shown.text == "x * y + sin(x)"
    assert shown.trace["f"] == pytest.approx(-12 + np.sin(3))


@pytest.mark.parametrize(
    ("written", "output"),
    [
        ('"x + y"', "e"),
        ('"exp(x) * y"', "f"),
        ('"exp(x) * y"\nname = "e"', "e"),
        ('"exp(x) * y"\nname = "g"', "g"),
    ],
)
def test_an_output_without_a_name_is_not_taken_for_the_base_of_exponentials(
    written: str, output: str
) -> None:
    shown = load(f"[expression]\nformula = {written}\nat = {{x = 3, y = -4}}").expression
    assert shown is not None
    assert str(shown.trace.graph.output) == output


def test_an_output_keeps_its_name_where_the_other_is_that_of_an_input() -> None:
    shown = load('[expression]\nformula = "exp(f)"\nat = {f = 1}').expression
    assert shown is not None
    assert str(shown.trace.graph.output) == "e"


def test_without_an_expression_lessons_have_their_own() -> None:
    assert load_settings().expression is None
    assert example_of("SimpleCircuit").trace["f"] == -12
    with pytest.raises(ValueError, match="NetworkSetup has no expression"):
        example_of("NetworkSetup")


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("at = {x = 1}", r"\[expression\] formula is missing"),
        ("formula = 3", r"\[expression\] formula is 3, but it must be text"),
        ('formula = "x +"', r"\[expression\] formula: "),
        ('formula = "x"\nat = 3', r"\[expression\] at is 3, but it must be a table"),
        ('formula = "x * y"\nat = {x = 1}', r"\[expression\] at: .*lack y"),
        ('formula = "x"\nat = {x = 1, z = 2}', r"\[expression\] at: .*have z"),
        ('formula = "log(x)"\nat = {x = -1}', r"\[expression\] at: log\(-1\) has no finite value"),
        ('formula = "x"\nat = {x = "1"}', r"\[expression\] at: "),
        ('formula = "x"\nat = {x = 1}\nname = "the f"', r"\[expression\] name is 'the f'"),
        ('formula = "x"\nat = {x = 1}\nvalues = 1', r"key values in \[expression\] is unknown"),
        (f'formula = "{" + ".join(["x * y"] * 20)}"', r"39 gates, but at most 24 can be drawn"),
    ],
)
def test_an_expression_that_cannot_be_shown_is_refused(table: str, expected: str) -> None:
    with pytest.raises(SettingsError, match=rf"backprop\.toml: .*{expected}"):
        load(f"[expression]\n{table}")

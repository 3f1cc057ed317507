"""Every colour can be read on its background, and no two meanings look alike to anyone."""

from __future__ import annotations

from configparser import ConfigParser
from copy import deepcopy
from pathlib import Path

import pytest
from coloraide import Color

from scenes.stage.theme import DARK, LIGHT, THEMES, Role, Theme, theme_named
from tests.stage.colour_vision import Vision, closest, contrast, seen_with

MEANINGS = (
    Role.INK,
    Role.TARGET,
    Role.LOSS_DERIVATIVE,
    Role.ACTIVATION_DERIVATIVE,
    Role.WEIGHT_DERIVATIVE,
    Role.INPUT_DERIVATIVE,
    Role.DELTA,
)
TEXT_ROLES = tuple(role for role in Role if role not in (Role.BACKGROUND, Role.FAINT))
both_themes = pytest.mark.parametrize("theme", THEMES.values(), ids=lambda theme: theme.name)


def apart(theme: Theme, *roles: Role) -> float:
    return closest(theme[role] for role in roles).difference


@both_themes
def test_every_role_has_a_colour(theme: Theme) -> None:
    assert set(theme.colours) == set(Role)


@both_themes
@pytest.mark.parametrize("role", TEXT_ROLES)
def test_text_can_be_read(theme: Theme, role: Role) -> None:
    assert contrast(theme[role], theme[Role.BACKGROUND]) >= 4.5


@both_themes
def test_faint_lines_can_be_seen_and_stay_behind(theme: Theme) -> None:
    assert 1.8 <= contrast(theme[Role.FAINT], theme[Role.BACKGROUND]) < 4.5


@both_themes
def test_meanings_differ_for_every_eye(theme: Theme) -> None:
    assert apart(theme, *MEANINGS) >= 12


@both_themes
def test_meanings_differ_from_what_is_quiet(theme: Theme) -> None:
    assert apart(theme, *MEANINGS, Role.QUIET) >= 10


@both_themes
def test_circuit_colours_differ_for_every_eye(theme: Theme) -> None:
    circuit = (Role.INK, Role.QUIET, Role.TARGET, Role.VALUE, Role.GRADIENT, Role.LOCAL_DERIVATIVE)
    assert apart(theme, *circuit) >= 10


@both_themes
def test_branches_differ_for_every_eye(theme: Theme) -> None:
    assert apart(theme, Role.BRANCH_A, Role.BRANCH_B) >= 20
    assert apart(theme, Role.INK, Role.QUIET, Role.BRANCH_A, Role.BRANCH_B) >= 10


def test_unknown_theme_is_named_with_those_that_exist() -> None:
    with pytest.raises(ValueError, match=r"^There is no theme 'sepia': choose \"dark\" or \"light\"\.$"):
        theme_named("sepia")


def test_themes_answer_to_their_names() -> None:
    assert (theme_named("dark"), theme_named("light")) == (DARK, LIGHT)


def test_incomplete_theme_names_the_missing_roles() -> None:
    colours = dict(DARK.colours)
    del colours[Role.DELTA]
    with pytest.raises(ValueError, match=r"^Theme 'mine' has no colour for: delta\.$"):
        Theme("mine", colours)


def test_theme_survives_the_deep_copies_that_manim_makes() -> None:
    assert deepcopy(DARK) == DARK and hash(deepcopy(DARK)) == hash(DARK)


def test_manim_paints_the_dark_background() -> None:
    settings = ConfigParser()
    settings.read(Path(__file__).parents[2] / "manim.cfg", encoding="utf-8")
    assert settings["CLI"]["background_color"].upper() == DARK[Role.BACKGROUND]


# Rows 1, 4, 7, 9, 11, 17, 20, 25, 33 and 34 of table 1 in Sharma, Wu and Dalal (2005): L*, a*, b* twice, then
# the difference. They are the ones at which a careless implementation goes wrong: hue angles and near-greys.
PUBLISHED_DIFFERENCES = [
    ((50.0000, 2.6772, -79.7751), (50.0000, 0.0000, -82.7485), 2.0425),
    ((50.0000, -1.3802, -84.2814), (50.0000, 0.0000, -82.7485), 1.0000),
    ((50.0000, 0.0000, 0.0000), (50.0000, -1.0000, 2.0000), 2.3669),
    ((50.0000, 2.4900, -0.0010), (50.0000, -2.4900, 0.0009), 7.1792),
    ((50.0000, 2.4900, -0.0010), (50.0000, -2.4900, 0.0011), 7.2195),
    ((50.0000, 2.5000, 0.0000), (73.0000, 25.0000, -18.0000), 27.1492),
    ((50.0000, 2.5000, 0.0000), (58.0000, 24.0000, 15.0000), 19.4535),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((6.7747, -0.2908, -2.4247), (5.8714, -0.0985, -2.2286), 0.6377),
    ((2.0776, 0.0795, -1.1350), (0.9033, -0.0636, -0.5514), 0.9082),
]


@pytest.mark.parametrize(("first", "second", "published"), PUBLISHED_DIFFERENCES)
def test_ciede2000_as_published(
    first: tuple[float, ...], second: tuple[float, ...], published: float
) -> None:
    measured = Color("lab-d65", first).delta_e(Color("lab-d65", second), method="2000")
    assert measured == pytest.approx(published, abs=5e-5)


def test_contrast_of_known_pairs() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)


# The columns of Machado's matrices at severity 1: what pure red becomes, before it is clipped to the screen.
@pytest.mark.parametrize(
    ("vision", "red"),
    [
        (Vision.PROTANOPIA, (0.152286, 0.114503, 0)),
        (Vision.DEUTERANOPIA, (0.367322, 0.280085, 0)),
        (Vision.TRITANOPIA, (1, 0, 0.004733)),
    ],
)
def test_colour_blindness_as_published(vision: Vision, red: tuple[float, ...]) -> None:
    assert seen_with("#FF0000", vision).convert("srgb-linear").coords() == pytest.approx(red, abs=1e-6)

"""Colours by what they mean: scenes name a role, a theme gives its colour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

__all__ = ["DARK", "LIGHT", "THEMES", "Role", "Theme", "theme_named"]


class Role(StrEnum):
    """What a colour says, wherever it appears: on the map and on the board, in symbol and in number.

    The derivative roles are those of one path: dE/dw = dE/de * de/da * da/dz * dz/dw, where dz/da = w
    takes the place of dz/dw when the path goes on to an earlier layer, and delta = dE/dz shortens it.
    FAINT is for thin lines only: it has too little contrast for text.
    """

    BACKGROUND = "background"
    INK = "ink"
    QUIET = "quiet"
    FAINT = "faint"
    TARGET = "target"
    LOSS_DERIVATIVE = "loss derivative"
    ACTIVATION_DERIVATIVE = "activation derivative"
    WEIGHT_DERIVATIVE = "weight as derivative"
    INPUT_DERIVATIVE = "input as derivative"
    ERROR_DERIVATIVE = "error derivative"
    DELTA = "delta"
    VALUE = "value"
    GRADIENT = "gradient"
    LOCAL_DERIVATIVE = "local derivative"
    BRANCH_A = "branch a"
    BRANCH_B = "branch b"


@dataclass(frozen=True)
class Theme:
    """A colour for every role, as `#RRGGBB`: the form that Manim, Typst and style sheets all read."""

    name: str
    # A plain dict, not a mappingproxy: mobjects that hold a theme are deep-copied by Manim.
    colours: Mapping[Role, str] = field(hash=False, repr=False)

    def __post_init__(self) -> None:
        missing = [role.value for role in Role if role not in self.colours]
        if missing:
            raise ValueError(f"Theme {self.name!r} has no colour for: {', '.join(missing)}.")

    def __getitem__(self, role: Role) -> str:
        """The colour of a role."""
        return self.colours[role]


# Lightness is what keeps hues apart for a colour-blind eye: loss is lighter than activation, weight darker
# than delta. Moving one colour can make two others collide; the tests compute every pair.
DARK = Theme(
    "dark",
    {
        Role.BACKGROUND: "#0F1419",
        Role.INK: "#E8EAED",
        Role.QUIET: "#808C97",
        Role.FAINT: "#4A5561",
        Role.TARGET: "#F0E442",
        Role.LOSS_DERIVATIVE: "#56CDFF",
        Role.ACTIVATION_DERIVATIVE: "#43B17F",
        Role.WEIGHT_DERIVATIVE: "#9F76E6",
        Role.INPUT_DERIVATIVE: "#EF9123",
        Role.ERROR_DERIVATIVE: "#E8EAED",
        Role.DELTA: "#D090C2",
        Role.VALUE: "#8CEBA0",
        Role.GRADIENT: "#F2604F",
        Role.LOCAL_DERIVATIVE: "#6AA5FF",
        Role.BRANCH_A: "#C5DDFC",
        Role.BRANCH_B: "#FBC2B2",
    },
)

LIGHT = Theme(
    "light",
    {
        Role.BACKGROUND: "#FCFAF5",
        Role.INK: "#1C2128",
        Role.QUIET: "#73706B",
        Role.FAINT: "#B8B2A7",
        Role.TARGET: "#867100",
        Role.LOSS_DERIVATIVE: "#1374BF",
        Role.ACTIVATION_DERIVATIVE: "#066C44",
        Role.WEIGHT_DERIVATIVE: "#6105B0",
        Role.INPUT_DERIVATIVE: "#823301",
        Role.ERROR_DERIVATIVE: "#1C2128",
        Role.DELTA: "#A2487F",
        Role.VALUE: "#0E5A1C",
        Role.GRADIENT: "#B8284D",
        Role.LOCAL_DERIVATIVE: "#0B5FBF",
        Role.BRANCH_A: "#1D4068",
        Role.BRANCH_B: "#5C2210",
    },
)

THEMES: Mapping[str, Theme] = {theme.name: theme for theme in (DARK, LIGHT)}


def theme_named(name: str) -> Theme:
    """The theme of that name, or a ValueError that says which names there are."""
    if name not in THEMES:
        accepted = " or ".join(f'"{known}"' for known in THEMES)
        raise ValueError(f"There is no theme {name!r}: choose {accepted}.")
    return THEMES[name]

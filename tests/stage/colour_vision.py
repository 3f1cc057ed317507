"""Colours as measured and as seen: contrast, colour blindness and perceived difference."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from itertools import combinations
from typing import NamedTuple

from coloraide import Color


class Vision(StrEnum):
    """Normal colour vision and its three common dichromacies."""

    NORMAL = "normal"
    PROTANOPIA = "protan"
    DEUTERANOPIA = "deutan"
    TRITANOPIA = "tritan"


class Closest(NamedTuple):
    """The two colours that are hardest to tell apart, and for whom; the difference decides the order."""

    difference: float
    first: str
    second: str
    vision: Vision


def contrast(first: str, second: str) -> float:
    """(L1 + 0.05) / (L2 + 0.05) of the relative luminances, the lighter first (WCAG 2.2)."""
    return Color(first).contrast(Color(second), method="wcag21")


def seen_with(colour: str, vision: Vision) -> Color:
    """What a colour becomes for that eye: Machado, Oliveira and Fernandes (2009), severity 1, linear RGB."""
    if vision is Vision.NORMAL:
        return Color(colour)
    simulated = Color(colour).filter(vision.value, 1, method="machado", space="srgb-linear")
    return simulated.clip("srgb-linear")


def difference(first: str, second: str, vision: Vision = Vision.NORMAL) -> float:
    """CIEDE2000 between two colours as that eye sees them (Sharma, Wu and Dalal 2005)."""
    return seen_with(first, vision).delta_e(seen_with(second, vision), method="2000")


def closest(colours: Iterable[str]) -> Closest:
    """The smallest difference between any two of the colours, over all four kinds of vision."""
    pairs = list(combinations(colours, 2))
    return min(Closest(difference(a, b, vision), a, b, vision) for a, b in pairs for vision in Vision)

"""The whole derivation as one film, from the network to the four equations and their check."""

from __future__ import annotations

from scenes.delta_factoring import DeltaFactoring
from scenes.delta_recursion import DeltaRecursion
from scenes.general_equations import BiasEquations, FinalEquations, GeneralEquations
from scenes.matrix_grouping import GroupFinalLayer, GroupHiddenLayer
from scenes.network_equations import NetworkEquations
from scenes.network_setup import ForwardPass, IndexNotation, NetworkSetup
from scenes.path_tracing import (
    TraceBias,
    TraceFinalLayer,
    TraceFinalLayerRest,
    TraceFirstLayer,
    TraceHiddenLayer,
    TraceHiddenLayerRest,
)
from scenes.stage.film import Film, Part
from scenes.stage.lesson import Lesson
from scenes.substitution import ActivationAndLossDerivatives, InputIsDerivative, WeightIsDerivative


def part(lesson: type[Lesson], told: str) -> Part:
    """Return a lesson of the film with the names of the beats that are told slowly, in words."""
    return Part(lesson, frozenset(told.split()))


class FullDerivation(Film):
    """All lessons of the derivation, one after the other; what repeats goes by quickly."""

    parts = (
        part(NetworkSetup, "inputs opens question"),
        part(IndexNotation, "layers first second"),
        part(ForwardPass, "inputs activation"),
        part(TraceFinalLayer, "question total loss activation weight meaning"),
        part(TraceFinalLayerRest, "known repeats"),
        part(TraceHiddenLayer, "question first second factored"),
        part(TraceFirstLayer, "question equation better"),
        part(TraceHiddenLayerRest, ""),
        part(TraceBias, "known one"),
        part(DeltaFactoring, "last repeats name below all"),
        part(DeltaRecursion, "start made one"),
        part(GroupFinalLayer, "first columns delta outer"),
        part(GroupHiddenLayer, "first product entry"),
        part(WeightIsDerivative, "question answer transpose"),
        part(InputIsDerivative, "question merge"),
        part(ActivationAndLossDerivatives, "question slope"),
        part(NetworkEquations, "name"),
        part(GeneralEquations, "one every"),
        part(BiasEquations, "column"),
        part(FinalEquations, "all check agree closing"),
    )

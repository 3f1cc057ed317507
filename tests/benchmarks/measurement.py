"""What a benchmark measures, and how: two computations in turn, so that a busy machine slows both."""

from __future__ import annotations

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass

WARM_UP = 3


@dataclass(frozen=True)
class Measurement:
    """One figure and its target: a factor to reach, or a cost to stay under."""

    name: str
    figure: float
    target: float
    unit: str = "times as fast"
    is_cost: bool = False
    """Whether the figure must be at most the target; at least, otherwise."""

    @property
    def met(self) -> bool:
        """Whether the target is met."""
        return self.figure <= self.target if self.is_cost else self.figure >= self.target


def speed(
    ours: Callable[[], object], theirs: Callable[[], object], calls: int = 100, rounds: int = 30
) -> float:
    """Return how many times as fast as theirs ours is: the median over rounds of one call after the other."""
    ratios = [seconds(theirs, calls) / seconds(ours, calls) for _ in range(WARM_UP + rounds)]
    return statistics.median(ratios[WARM_UP:])


def seconds(computation: Callable[[], object], calls: int = 1) -> float:
    """Return how long one call takes, on the average over so many."""
    start = time.perf_counter()
    for _ in range(calls):
        computation()
    return (time.perf_counter() - start) / calls


def typical_seconds(computation: Callable[[], object], rounds: int = 7) -> float:
    """Return the median time of one call."""
    return statistics.median(_alone(computation) for _ in range(rounds))


def growth(larger: Callable[[], object], smaller: Callable[[], object], rounds: int = 15) -> float:
    """Return how many times as long the larger computation takes: the median over rounds of both."""
    return statistics.median(_alone(larger) / _alone(smaller) for _ in range(rounds))


def _alone(computation: Callable[[], object]) -> float:
    # As timeit does: a collection in the middle of it would go through whatever else there is in memory.
    gc.collect()
    gc.disable()
    try:
        return seconds(computation)
    finally:
        gc.enable()

"""All benchmarks.  A new one is a function that yields measurements, and a line in the table here."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from tests.benchmarks import derivations, graphs, passes
from tests.benchmarks.measurement import Measurement

ONE = (1,)
ONE_AND_ALL = tuple(sorted({1, os.cpu_count() or 1}))


@dataclass(frozen=True)
class Benchmark:
    """A function that measures; each number of threads is tried in a process of its own."""

    measure: Callable[[], Iterator[Measurement]]
    threads: tuple[int, ...] = ONE
    beside: str | None = None
    """The package that it is measured beside, and that may be missing."""


BENCHMARKS: Mapping[str, Benchmark] = {
    benchmark.measure.__name__: benchmark
    for benchmark in (
        Benchmark(passes.small_beside_torch, ONE, "torch"),
        Benchmark(passes.large_beside_torch, ONE_AND_ALL, "torch"),
        Benchmark(passes.beside_micrograd, ONE, "micrograd"),
        Benchmark(derivations.derived_beside_backward),
        Benchmark(graphs.sweep_is_linear),
        Benchmark(graphs.paths_are_counted),
    )
}
"""The benchmarks by the names of their functions."""

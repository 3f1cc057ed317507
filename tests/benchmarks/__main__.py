"""Run the benchmarks that are named, or all, and print what was measured beside its target.

python -m tests.benchmarks [NAME ...]
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from dataclasses import asdict
from importlib.util import find_spec

from tests.benchmarks.measurement import Measurement
from tests.benchmarks.registry import BENCHMARKS, Benchmark

# NumPy's BLAS and PyTorch read these once, when they are imported.
THREADS = ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def main() -> None:
    """Run what the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description="Measure bpmath.")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of {', '.join(BENCHMARKS)}")
    parser.add_argument("--here", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if unknown := [name for name in arguments.names if name not in BENCHMARKS]:
        parser.error(f"there is no benchmark {unknown[0]!r}, but {', '.join(BENCHMARKS)}")
    for name in arguments.names or BENCHMARKS:
        if arguments.here:
            print(json.dumps([asdict(measurement) for measurement in BENCHMARKS[name].measure()]))
        else:
            report(name, BENCHMARKS[name])


def report(name: str, benchmark: Benchmark) -> None:
    """Measure, and print a line for each figure; or say what is missing."""
    if benchmark.beside and find_spec(benchmark.beside) is None:
        print(f"{name}: not measured, for {benchmark.beside} is not installed (make bench installs it)")
        return
    for threads in benchmark.threads:
        for measurement in measured(name, threads):
            print(row(measurement), flush=True)


def measured(name: str, threads: int) -> list[Measurement]:
    """Return what a benchmark measures in a new process with so many threads."""
    environment = os.environ | dict.fromkeys(THREADS, str(threads))
    command = [sys.executable, "-m", "tests.benchmarks", "--here", name]
    output = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True).stdout
    return [Measurement(**fields) for fields in json.loads(output)]


def row(measurement: Measurement) -> str:
    """Return the line of a table: the name, the figure, the target and whether it is met."""
    bound = "at most" if measurement.is_cost else "at least"
    met = "met" if measurement.met else "NOT MET"
    return (
        f"{measurement.name:<84} {measurement.figure:7.2f} {measurement.unit:<13}  "
        f"{bound:<8} {measurement.target:5.1f}  {met}"
    )


if __name__ == "__main__":
    main()

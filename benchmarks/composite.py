"""Replicates of a composite index: time a replicate, on the published ASEM index and on larger ones.

    python benchmarks/composite.py [--data DIR]

`noise above indicators` is the published uncertainty analysis (weights of levels 2 and 3, five treatments,
two scales, two means); `noise everywhere` perturbs the weights of the indicators too. The larger index is
made up (seeded): 200 units, 100 indicators in 10 pillars. Preparation (every treatment and scale once) is
inside the time of a run: with 1,000 replicates it is most of it. One thread. COINr 1.1.14 needs 97 ms a
replicate of the published analysis, measured on another occasion: R is not on this machine.

The bound is arithmetic, not memory, since a block stays in the cache: one multiply-add for each unit and
noisy weight, at the rate of such a pass over an array of a block's size, measured in the same run. What
lies above it is the logarithms of the geometric mean and the sorting into ranks.

Results go to benchmarks/results/composite.csv.
"""

from __future__ import annotations

import argparse
import csv
import os
import statistics
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

os.environ.update({"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"})

import numpy as np

from openward.indicators.composite.build import build
from openward.indicators.composite.data import IndexData, read_table
from openward.indicators.composite.engine import BLOCK
from openward.indicators.composite.reading import parse_spec, read_spec
from openward.indicators.composite.sobol import sensitivity
from openward.indicators.composite.spec import IndexSpec
from openward.indicators.composite.uncertainty import rank_intervals

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results" / "composite.csv"
GOAL = 0.1
COINR_MS = 97.0
RUNS = 5
Row = tuple[str, str, str, str, str, str]


def main() -> None:
    as_written = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=as_written)
    shared = Path(os.environ.get("OPENWARD_SHARED", HERE.parent.parent / "shared"))
    parser.add_argument("--data", type=Path, default=shared / "data")
    options = parser.parse_args()
    spec = read_spec("asem-connectivity")
    data = read_table(spec, options.data)
    rows = [row("ASEM, one build with its trail", timed(lambda: build(spec, data)) * 1e3, "ms")]
    cases = (
        ("ASEM 51 x 49, noise above indicators", spec, data),
        ("ASEM 51 x 49, noise everywhere", everywhere(spec), data),
        ("made up 200 x 100, noise everywhere", *made_up()),
    )
    pass_rate = multiply_add_rate()
    for name, one, values in cases:
        for replicates in (1_000, 10_000):
            took = timed(partial(rank_intervals, one, values, replicates=replicates, seed=1))
            each = took / replicates * 1e3
            rows.append(row(f"{name}, {replicates} replicates", each, "ms/replicate", goal=str(GOAL)))
        least = operations(one, len(values.units)) / pass_rate * 1e3
        rows.append(row(f"{name}, over the arithmetic bound", each / least, "ratio"))
        if name.startswith("ASEM 51 x 49, noise above"):
            rows.append(row(f"{name}, COINr over openward", COINR_MS / each, "ratio"))
    base = 60_000
    took = timed(lambda: sensitivity(spec, data, base=base, seed=1), runs=1)
    rows.append(row(f"ASEM, Sobol indices, {6 * base} replicates", took, "s", runs=1))
    with RESULTS.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("benchmark", "case", "value", "unit", "runs", "goal"))
        table.writerows(rows)


def row(case: str, value: float, unit: str, *, runs: int = RUNS, goal: str = "") -> Row:
    """Give a row of the results, printed as it is made."""
    print(case, f"{value:.4g}", unit, goal and f"(goal {goal})", sep="\t", flush=True)
    return "composite", case, f"{value:.4g}", unit, str(runs), goal


def timed(work: Callable[[], object], *, runs: int = RUNS) -> float:
    """Give the median of the processor time of one thread, in seconds."""
    seconds = []
    for _ in range(runs):
        started = time.process_time()
        work()
        seconds.append(time.process_time() - started)
    return statistics.median(seconds)


def everywhere(spec: IndexSpec) -> IndexSpec:
    """Put noise on the weights of all levels."""
    factors = tuple(
        one.model_copy(update={"noise": {1: 0.25, 2: 0.25, 3: 0.25}}) if one.noise else one
        for one in spec.uncertainty
    )
    return spec.model_copy(update={"uncertainty": factors})


def operations(spec: IndexSpec, units: int) -> int:
    """Count multiply-adds of a replicate: one for each unit and noisy weight."""
    noisy = {level for factor in spec.uncertainty for level in factor.noise}
    above = len(spec.aggregates) - 1
    return units * (above + (len(spec.available) if 1 in noisy else 0))


def multiply_add_rate() -> float:
    """Measure multiply-adds a second over arrays of a block's size."""
    x, y, z = (np.random.default_rng(k).uniform(size=(51, BLOCK)) for k in range(3))
    rounds = 2_000
    took = timed(lambda: [np.add(np.multiply(x, y, out=z), x, out=z) for _ in range(rounds)], runs=3)
    return x.size * rounds / took


def made_up() -> tuple[IndexSpec, IndexData]:
    """Make an index of 200 units and 100 indicators in 10 pillars."""
    members = "\n".join(
        f"  - {{code: i{k}, name: I{k}, direction: 1, weight: 1, parent: p{k // 10}}}" for k in range(100)
    )
    pillars = "\n".join(f"  - {{code: p{k}, name: P{k}, weight: 1, parent: top}}" for k in range(10))
    text = f"""
schema: openward.index/1
name: made-up
title: Made up
source: seeded
indicators:
{members}
aggregates:
{pillars}
  - {{code: top, name: Top}}
steps:
  - treat: {{max_points: 5, skewness: 2, kurtosis: 3.5, otherwise: log-ct}}
  - normalize: {{method: min-max, low: 1, high: 100}}
  - aggregate: {{method: arithmetic}}
uncertainty:
  - {{name: outliers, step: treat, vary: max_points, values: [2, 5, 10]}}
  - {{name: weights, noise: {{1: 0.25, 2: 0.25}}}}
  - {{name: mean, step: aggregate, vary: method, values: [arithmetic, geometric]}}
"""
    spec = parse_spec(text, where="made up")
    values = np.random.default_rng(11).lognormal(sigma=0.8, size=(200, 100))
    codes = tuple(member.code for member in spec.indicators)
    return spec, IndexData(units=tuple(f"U{k}" for k in range(200)), codes=codes, values=values)


if __name__ == "__main__":
    main()

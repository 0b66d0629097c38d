"""Surge detection: how well and how fast 5,000 monthly series are told apart.

    python benchmarks/watch.py [--peer PYTHON] [--peer-series 500]

The panel is that of the shared generator (seed 3), drawn here again; other seeds show the spread. The
statistic (the log likelihood ratio of a rise by half over a window of six months) was chosen on the seeds
101 to 103, before the published seed was looked at. Seasonal naive is the mean of the last six months
over the same months a year before, in logarithms. Time: logarithm, fit and ratio, wall clock. The bound
is the time to read and write the panel as often as the fit has to (fit, residual, clip: 3 rounds of 4
passes) at the bandwidth of a copy measured in the same run.

With --peer, AutoETS of statsforecast is fitted on some of the series by another Python; the time for all
is in proportion.

Results go to benchmarks/results/watch.csv.
"""

from __future__ import annotations

import argparse
import csv
import os
import statistics
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "2")

import numpy as np

from openward.watch.surge import Floats, window_effect
from openward.watch.synthetic import auc, surge_panel

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results" / "watch.csv"
PUBLISHED, OTHERS = 3, range(201, 221)
RUNS = 9
PASSES = 12
Row = tuple[str, str, str, str, str, str]


def main() -> None:
    as_written = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=as_written)
    parser.add_argument("--peer", default="", help="a Python with statsforecast")
    parser.add_argument("--peer-series", type=int, default=500)
    options = parser.parse_args()
    drawn = surge_panel(seed=PUBLISHED)
    quantity = np.exp(drawn.log_quantity)
    rows = [
        row(
            "published seed, AUC",
            auc(score=evidence(quantity), truth=drawn.surge),
            "AUC",
            runs=1,
            goal="0.913",
        ),
        row("published seed, AUC of z alone", auc(score=plain(quantity), truth=drawn.surge), "AUC", runs=1),
        row(
            "published seed, AUC of seasonal naive",
            auc(score=naive(quantity), truth=drawn.surge),
            "AUC",
            runs=1,
        ),
    ]
    took = timed(lambda: evidence(quantity))
    rows.append(row("5000 series x 72 months", took, "s", goal="0.1"))
    rows.append(row("seasonal naive, 5000 series x 72 months", timed(lambda: naive(quantity)), "s"))
    copied = np.empty_like(quantity)
    bound = PASSES * timed(lambda: np.copyto(copied, quantity))
    rows.append(row("over the memory-bandwidth bound", took / bound, "ratio"))
    spread = sorted(
        auc(score=evidence(np.exp(one.log_quantity)), truth=one.surge)
        for one in (surge_panel(seed=seed) for seed in OTHERS)
    )
    for name, value in (("least", spread[0]), ("median", statistics.median(spread)), ("most", spread[-1])):
        rows.append(row(f"AUC over {len(spread)} other seeds, {name}", value, "AUC", runs=len(spread)))
    if options.peer:
        seconds, area = peer(options.peer, drawn.log_quantity, drawn.surge, options.peer_series)
        count = options.peer_series
        ours = auc(score=evidence(quantity[:count]), truth=drawn.surge[:count])
        rows.append(row(f"AutoETS, first {count} series, AUC", area, "AUC", runs=1))
        rows.append(row(f"ours, first {count} series, AUC", ours, "AUC", runs=1))
        rows.append(row("AutoETS, 5000 series, in proportion", seconds * 5000 / count, "s", runs=1))
    with RESULTS.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("benchmark", "case", "value", "unit", "runs", "goal"))
        table.writerows(rows)


def evidence(quantity: Floats) -> Floats:
    """Weigh a rise by half against none."""
    return window_effect(log_volume=np.log(quantity), window=6).evidence(rise=1.5)


def plain(quantity: Floats) -> Floats:
    """Give the effect in standard errors."""
    return window_effect(log_volume=np.log(quantity), window=6).z


def naive(quantity: Floats) -> Floats:
    """Give the last six months over the same months a year before."""
    logs = np.log(quantity)
    return np.asarray(logs[:, -6:].mean(axis=1) - logs[:, -18:-12].mean(axis=1))


def peer(
    python: str, y: Floats, truth: np.ndarray[tuple[int], np.dtype[np.bool_]], count: int
) -> tuple[float, float]:
    """Run the peer in its own Python."""
    with tempfile.TemporaryDirectory() as folder:
        series, surge = Path(folder) / "series.npy", Path(folder) / "truth.npy"
        np.save(series, y)
        np.save(surge, truth)
        command = [python, str(HERE / "_statsforecast_peer.py"), str(series), str(surge), str(count)]
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    return float(said[-2]), float(said[-1])


def row(case: str, value: float, unit: str, *, runs: int = RUNS, goal: str = "") -> Row:
    """Give a row of the results, printed as it is made."""
    print(case, f"{value:.4g}", unit, goal and f"(goal {goal})", sep="\t", flush=True)
    return "watch", case, f"{value:.4g}", unit, str(runs), goal


def timed(work: Callable[[], object]) -> float:
    """Give the median wall time in seconds."""
    seconds = []
    for _ in range(RUNS):
        started = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - started)
    return statistics.median(seconds)


if __name__ == "__main__":
    main()

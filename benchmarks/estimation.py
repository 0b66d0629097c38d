"""PPML with three-way effects on a million rows beside pyfixest, and one-sector gravity.

    python benchmarks/estimation.py [--data FILE] [--no-peer]

The panel is that of the shared generator (200 x 200 economies, 25 years, 35 % zeros, seeded); ``--data``
names its Parquet file, else it is made here the same way. The peer runs once in the same process on the same
arrays. Gravity worlds have a fixed seed; figures of gegravity 0.3 for the same sizes are those of the
project's targets, not measured here.
"""

from __future__ import annotations

import argparse
import csv
import os
import platform
import resource
import statistics
import time
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl

from openward.simulate.estimate.ppml import PoissonEstimate, ppml
from openward.simulate.gravity import solve_gravity

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results" / "estimation.csv"
GEGRAVITY = {30: 2.2, 50: 3.3, 100: 12.9, 150: 24.9}
Row = tuple[str, str, str, str, str, str]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, help="Parquet file of the seeded panel")
    parser.add_argument("--no-peer", action="store_true")
    options = parser.parse_args()
    machine = f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    rows: list[Row] = [("estimation", "machine", machine, "", "", "")]
    rows += gravity()
    rows += poisson(
        panel() if options.data is None else pl.read_parquet(options.data), peer=not options.no_peer
    )
    with RESULTS.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("benchmark", "case", "value", "unit", "runs", "goal"))
        writer.writerows(rows)
    for row in rows:
        print(*row, sep=", ")


def gravity() -> list[Row]:
    rows = []
    for size, peer in GEGRAVITY.items():
        rng = np.random.default_rng(0)
        flows = rng.lognormal(0, 1.5, (size, size))
        flows[np.arange(size), np.arange(size)] *= 5 * size
        change = np.ones((size, size))
        change[:5, :5] = 1.5
        np.fill_diagonal(change, 1.0)
        seconds = timed(partial(solve_gravity, flows=flows, cost_change=change, sigma=5.0), 11)
        rows.append(("estimation", f"gravity, N = {size}", f"{seconds * 1e3:.3f}", "ms", "11", "10"))
        rows.append(
            ("estimation", f"gravity, N = {size}: gegravity 0.3, as published", f"{peer}", "s", "", "")
        )
    return rows


def poisson(frame: pl.DataFrame, *, peer: bool) -> list[Row]:
    i, j, t = (frame[name].to_numpy().astype(np.int64) for name in ("exporter", "importer", "year"))
    effects = [i * 1000 + t, j * 1000 + t, i * 1000 + j]
    y, x = frame["trade"].to_numpy(), frame["rta"].to_numpy()

    def ours() -> PoissonEstimate:
        return ppml(outcome=y, regressors={"rta": x}, effects=effects, clusters=[effects[2]])

    held = memory()
    found = ours()
    peak = memory() - held
    seconds = timed(ours, 5)
    passes = 12 * len(y) * found.iterations * 30
    rows: list[Row] = [
        ("estimation", f"ppml, {len(y):,} rows, three ways", f"{seconds:.3f}", "s", "5", "2"),
        ("estimation", "ppml: memory beside the data", f"{peak:.0f}", "MB", "1", ""),
        ("estimation", "ppml: iterations", str(found.iterations), "", "1", ""),
        ("estimation", "ppml: rta (true effect 0.4)", f"{found.coefficients[0]:.8f}", "", "1", ""),
        ("estimation", "ppml: bytes of sparse products, about", f"{passes / 1e9:.1f}", "GB", "1", ""),
        ("estimation", "ppml: bandwidth of a copy", f"{bandwidth() / 1e9:.1f}", "GB/s", "5", ""),
    ]
    if not peer:
        return rows
    import pandas as pd
    import pyfixest

    table = pd.DataFrame({"y": y, "rta": x, "it": effects[0], "jt": effects[1], "ij": effects[2]})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        begin = time.perf_counter()
        theirs = pyfixest.fepois(
            "y ~ rta | it + jt + ij", table, vcov={"CRV1": "ij"}, ssc=pyfixest.ssc(k_adj=False)
        )
        took = time.perf_counter() - begin
    gap = abs(float(theirs.coef().iloc[0]) - found.coefficients[0])
    rows += [
        ("estimation", f"ppml: pyfixest {pyfixest.__version__}", f"{took:.1f}", "s", "1", ""),
        ("estimation", "ppml: times as fast", f"{took / seconds:.1f}", "x", "1", ""),
        ("estimation", "ppml: difference of the coefficient", f"{gap:.1e}", "", "1", "1e-6"),
    ]
    return rows


def panel(n: int = 200, periods: int = 25) -> pl.DataFrame:
    """Draw the seeded three-way panel."""
    rng = np.random.default_rng(1)
    grid = np.meshgrid(np.arange(n), np.arange(n), np.arange(periods), indexing="ij")
    i, j, t = (one.ravel() for one in grid)
    seller, buyer = rng.normal(0, 1.5, (n, periods)), rng.normal(0, 1.5, (n, periods))
    pair = rng.normal(-1, 1.5, (n, n))
    begin = rng.integers(0, 2 * periods, (n, n))
    rta = (t >= begin[i, j]).astype(float)
    rta[i == j] = 0
    mean = np.exp(seller[i, t] + buyer[j, t] + pair[i, j] + 0.4 * rta)
    trade = mean * rng.gamma(0.5, 2, mean.size)
    trade[rng.random(mean.size) < 0.35] = 0
    return pl.DataFrame({"trade": trade, "rta": rta, "exporter": i, "importer": j, "year": t})


def timed(work: Callable[[], object], runs: int) -> float:
    """Give the median seconds of several runs."""
    work()
    seconds = []
    for _ in range(runs):
        begin = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - begin)
    return statistics.median(seconds)


def bandwidth() -> float:
    """Give bytes moved per second by copying 200 MB, both ways counted."""
    source = np.ones(25_000_000)
    target = np.empty_like(source)
    return 2 * source.nbytes / timed(lambda: np.copyto(target, source), 5)


def memory() -> float:
    """Give the peak memory of the process in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()

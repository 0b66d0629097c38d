"""Value added in exports and footprints: time, memory and accuracy.

    python benchmarks/value_added.py [--data DIR] [--peers]

Decomposition: WIOD 2011, 41 economies x 35 industries (1,435 nodes), from flows to the terms; median of five.
Beside it stands the time that this machine needs for the dense inverse alone.
Footprint: a seeded table of 160 economies x 65 industries (10,400 nodes, 865 MB of float64) in a file, read
in blocks of rows; a process of its own traces one extension to the final demand of 160 economies. Given are
its time, its peak memory, the residual of the solution, and the operations of the factorization over all of
its time.
`--peers` measures pymrio on the same table in the same run, where it is installed; it needs 5 GB and minutes.

Results go to benchmarks/results/value_added.csv.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "2")

import numpy as np

from openward.indicators.value_added.accounts import table_accounts
from openward.indicators.value_added.borin_mancini import borin_mancini
from openward.indicators.value_added.footprint import footprint
from openward.indicators.value_added.kww import kww
from openward.indicators.value_added.wwz import wwz
from openward.observe.input_output_wiod import read_wiod_table

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results" / "value_added.csv"
ECONOMIES, INDUSTRIES, SEED = 160, 65, 20260731
NODES = ECONOMIES * INDUSTRIES
Row = tuple[str, str, str, str, str, str]


class RowFile:
    """A square table of float64 in a file; a slice of rows is read when asked for."""

    def __init__(self, path: Path, nodes: int) -> None:
        self.path, self.nodes = path, nodes

    def __getitem__(self, rows: slice) -> np.ndarray:
        count = (rows.stop - rows.start) * self.nodes
        block = np.fromfile(self.path, dtype=np.float64, count=count, offset=rows.start * self.nodes * 8)
        return block.reshape(-1, self.nodes)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    shared = Path(os.environ.get("OPENWARD_SHARED", HERE.parent.parent / "shared"))
    parser.add_argument("--data", type=Path, default=shared / "data")
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--worker", choices=("footprint", "pymrio"), help=argparse.SUPPRESS)
    parser.add_argument("--table", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.worker:
        print(json.dumps(WORKERS[options.worker](options.table)))
        return
    rows = decomposition(options.data)
    with tempfile.TemporaryDirectory() as folder:
        rows += large(Path(folder), peers=options.peers)
    rows.append(row("machine", f"{platform.machine()}, {os.cpu_count()} cores", "", 1))
    with RESULTS.open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(("benchmark", "case", "value", "unit", "runs", "goal"))
        table.writerows(rows)


def decomposition(data: Path) -> list[Row]:
    table = read_wiod_table(data / "economy").table
    ready = table_accounts(table)
    system = np.eye(len(table.output)) - ready.A
    tasks: dict[str, Callable[[], Any]] = {
        "WIOD KWW": lambda: kww(accounts=table_accounts(table)),
        "WIOD Borin-Mancini source": lambda: borin_mancini(accounts=table_accounts(table), approach="source"),
        "WIOD Borin-Mancini sink": lambda: borin_mancini(accounts=table_accounts(table), approach="sink"),
        "WIOD WWZ": lambda: wwz(accounts=table_accounts(table)),
    }
    rows = [row(case, median(task), "s", 5, "<= 0.3") for case, task in tasks.items()]
    rows.append(row("WIOD inverse alone", median(lambda: np.linalg.inv(system)), "s", 5))
    worst = np.abs(sum(kww(accounts=ready).values()) / ready.by_economy(ready.E).sum(axis=1) - 1).max()
    rows.append(row("WIOD KWW terms over gross exports, largest miss", float(worst), "ratio", 1, "<= 1e-9"))
    return rows


def large(folder: Path, *, peers: bool) -> list[Row]:
    path = folder / "table.bin"
    write_table(path)
    found = worker("footprint", path)
    rows = [
        row("footprint 160 x 65", found["seconds"], "s", 1, "<= 18"),
        row("footprint 160 x 65, peak memory", found["megabytes"], "MB", 1, "<= 1000"),
        row("footprint 160 x 65, residual", found["residual"], "ratio", 1, "<= 1e-12"),
        row("footprint 160 x 65, refinements", found["iterations"], "count", 1),
        row("footprint 160 x 65, consumption over production less one", found["gap"], "ratio", 1),
        row("footprint 160 x 65, factorization", found["rate"], "Gflop/s", 1),
    ]
    if peers and find_spec("pymrio") is not None:
        peer = worker("pymrio", path)
        rows += [
            row("footprint 160 x 65, pymrio", peer["seconds"], "s", 1),
            row("footprint 160 x 65, pymrio, peak memory", peer["megabytes"], "MB", 1),
            row("footprint 160 x 65, pymrio over openward", peer["seconds"] / found["seconds"], "ratio", 1),
        ]
    return rows


def write_table(path: Path) -> None:
    """Write intermediate sales row block by row block: lognormal, a hundred times larger at home."""
    rng = np.random.default_rng(SEED)
    with path.open("wb") as file:
        for economy in range(ECONOMIES):
            block = rng.lognormal(0.0, 1.5, (INDUSTRIES, NODES)) * 0.01
            block[:, economy * INDUSTRIES : (economy + 1) * INDUSTRIES] *= 100.0
            block.tofile(file)


def final_demand(table: RowFile) -> tuple[np.ndarray, np.ndarray]:
    """Give final demand and output: as much final as intermediate sales, mostly at home."""
    step = INDUSTRIES
    used = np.concatenate([table[slice(at, at + step)].sum(axis=1) for at in range(0, NODES, step)])
    rng = np.random.default_rng(SEED + 1)
    F = rng.lognormal(0.0, 1.0, (NODES, ECONOMIES)) * (0.3 * used / ECONOMIES)[:, None]
    F[np.arange(NODES), np.repeat(np.arange(ECONOMIES), INDUSTRIES)] += used
    return F, used + F.sum(axis=1)


def run_footprint(path: Path) -> dict[str, float]:
    table = RowFile(path, NODES)
    F, output = final_demand(table)
    jobs = np.random.default_rng(SEED + 2).random(NODES) * output
    economy = np.repeat(np.arange(ECONOMIES), INDUSTRIES)
    begun = time.perf_counter()
    # The table stands for an array: it gives blocks of rows from a file, which is all that is asked of it.
    found = footprint(Z=table, F=F, output=output, extension=jobs, node_economy=economy)  # type: ignore[arg-type]
    seconds = time.perf_counter() - begun
    return {
        "seconds": seconds,
        "megabytes": peak(),
        "residual": found.residual,
        "iterations": float(found.iterations),
        "gap": abs(float(found.consumption.sum() / found.production.sum()) - 1.0),
        "rate": 2 / 3 * NODES**3 / seconds / 1e9,
    }


def run_pymrio(path: Path) -> dict[str, float]:
    import pandas as pd

    # The peer is measured where it is installed; the project does not need it.
    import pymrio  # type: ignore[import-not-found]

    table = RowFile(path, NODES)
    F, output = final_demand(table)
    economies = [f"R{at:03d}" for at in range(ECONOMIES)]
    nodes = pd.MultiIndex.from_product(
        [economies, [f"s{at:02d}" for at in range(INDUSTRIES)]], names=["region", "sector"]
    )
    final = pd.MultiIndex.from_product([economies, ["final"]], names=["region", "category"])
    jobs = np.random.default_rng(SEED + 2).random(NODES) * output
    extension = pymrio.Extension(
        name="jobs", F=pd.DataFrame(jobs[None, :], index=pd.Index(["jobs"], name="stressor"), columns=nodes)
    )
    system = pymrio.IOSystem(
        Z=pd.DataFrame(table[slice(0, NODES)], index=nodes, columns=nodes),
        Y=pd.DataFrame(F, index=nodes, columns=final),
    )
    system.jobs = extension
    begun = time.perf_counter()
    system.calc_all()
    return {"seconds": time.perf_counter() - begun, "megabytes": peak()}


WORKERS: dict[str, Callable[[Path], dict[str, float]]] = {"footprint": run_footprint, "pymrio": run_pymrio}


def worker(name: str, path: Path) -> dict[str, float]:
    command = [sys.executable, str(Path(__file__).resolve()), "--worker", name, "--table", str(path)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def median(task: Callable[[], Any], runs: int = 5) -> float:
    times = []
    for _ in range(runs):
        begun = time.perf_counter()
        task()
        times.append(time.perf_counter() - begun)
    return statistics.median(times)


def row(case: str, value: float | str, unit: str, runs: int, goal: str = "") -> Row:
    """Give a row of the results, printed as it is made."""
    shown = value if isinstance(value, str) else f"{value:.4g}"
    print(case, shown, unit, goal and f"(goal {goal})", sep="\t", flush=True)
    return "value_added", case, shown, unit, str(runs), goal


if __name__ == "__main__":
    main()

"""Speed and memory of the Caliendo-Parro kernel.

    python benchmarks/caliendo_parro.py [--data DIR] [--only NAME]

Each row runs in a process of its own (so that peak memory is its own) on all cores that NumPy finds, and
reports medians over repeats. Results go to benchmarks/results/caliendo_parro.csv.

The memory-bandwidth bound of a sweep is the bytes of the matrices it has to read (by sector, and the
input-output tables), each once, over the best bandwidth that NumPy reaches on all cores in the same process
on arrays far larger than the cache; best times of both are compared. Small worlds fit the cache: there the
ratio shows the overhead of calls, not memory. An iteration is a sweep and its preconditioned step, which
reads the input-output tables again.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from openward.simulate.accounts import account
from openward.simulate.baseline import Array, Baseline, Outcome, Shock
from openward.simulate.caliendo_parro import rebalance, solve
from openward.simulate.kernel import sweep
from openward.simulate.precondition import direction, precondition
from openward.simulate.shocked import build_world, fill
from openward.simulate.solved import at_rest

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results" / "caliendo_parro.csv"
REPEATS = 30
Row = tuple[str, ...]
CASES = ("cp-31x40", "world-80x50", "random-80x50", "random-195x150")


def main() -> None:
    as_written = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=as_written)
    shared = Path(os.environ.get("OPENWARD_SHARED", HERE.parent.parent / "shared"))
    parser.add_argument("--data", type=Path, default=shared / "data")
    parser.add_argument("--only", choices=CASES)
    parser.add_argument("--in-process", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.in_process:
        print(json.dumps(measure(options.only, options.data)))
        return
    rows: list[Row] = []
    for case in (options.only,) if options.only else CASES:
        found = run_alone(case, options.data)
        rows += found
        for row in found:
            print(*row, sep="\t", flush=True)
    if rows and not options.only:
        RESULTS.parent.mkdir(exist_ok=True)
        with RESULTS.open("w", newline="", encoding="utf-8") as file:
            table = csv.writer(file, lineterminator="\n")
            table.writerow(("benchmark", "case", "value", "unit", "runs", "goal"))
            table.writerows(rows)


def run_alone(case: str, data: Path) -> list[Row]:
    command = [sys.executable, __file__, "--only", case, "--data", str(data), "--in-process"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        print(f"{case}: {done.stderr.strip().splitlines()[-1]}", file=sys.stderr)
        return []
    return [tuple(row) for row in json.loads(done.stdout)]


def measure(case: str, data: Path) -> list[Row]:
    baseline, tariffs, goal = CASE[case](data)
    tolerance = 1e-9 if case == "random-195x150" else 1e-10
    deficits = np.zeros(len(baseline.economies)) if case == "cp-31x40" else None
    reset_peak()

    def counterfactual(before: Baseline) -> Outcome:
        return solve(before, Shock(case, tariffs=tariffs), tolerance=tolerance)

    def both() -> tuple[Baseline, Outcome]:
        before = rebalance(baseline, deficits=deficits, tolerance=tolerance)
        return before, counterfactual(before)

    before, outcome = both()
    peak = peak_megabytes()
    repeats = 3 if case == "random-195x150" else 15
    seconds = [timed(both) for _ in range(repeats)]
    second = [timed(lambda: counterfactual(before)) for _ in range(repeats)]
    sweep_s, step_s, megabytes = iteration(outcome, tariffs)
    bandwidth = best_bandwidth()
    large = case == "random-195x150"
    figures: list[tuple[str, float, str, int, float | str]] = [
        ("two solves", statistics.median(seconds), "s", repeats, goal),
        ("two solves, best", min(seconds), "s", repeats, goal),
        ("counterfactual", statistics.median(second), "s", repeats, ""),
        ("sweeps of the counterfactual", outcome.iterations, "sweeps", 1, 50),
        ("residual", outcome.residual, "of value added", 1, 1e-8),
        ("sweep, best", sweep_s, "s", REPEATS, ""),
        ("iteration, best", step_s, "s", REPEATS, ""),
        ("read per sweep", megabytes, "MB", 1, ""),
        ("memory bandwidth, best", bandwidth, "GB/s", 4, ""),
        ("sweep over bandwidth bound", sweep_s / (megabytes / bandwidth / 1e3), "ratio", REPEATS, 3),
        ("peak memory of the process", peak, "MB", 1, 600 if large else 1000),
    ]
    return [
        ("caliendo_parro", f"{case}: {name}", f"{value:.4g}", unit, str(runs), str(target))
        for name, value, unit, runs, target in figures
    ]


def iteration(outcome: Outcome, tariffs: Array) -> tuple[float, float, float]:
    """Seconds of a sweep, of a sweep with its preconditioned step, and megabytes a sweep reads."""
    before = outcome.baseline
    accounts = account(before)
    change = fill(before, Shock(tariffs=tariffs), stop_factor=np.inf)
    world = build_world(before, accounts, change, index_to_gdp=None)
    state = at_rest(accounts)
    swept = sweep(world, state)
    inverse = precondition(world, swept)

    def step() -> None:
        swept = sweep(world, state)
        direction(
            world,
            inverse,
            price_gap=swept.log_price - state.log_price,
            output_gap=swept.output - state.output,
            output=state.output,
            swept=swept,
        )

    sweeps = [timed(lambda: sweep(world, state)) for _ in range(REPEATS)]
    steps = [timed(step) for _ in range(REPEATS)]
    megabytes = (world.sector_bytes() + world.use.nbytes) / 1e6
    return min(sweeps), min(steps), megabytes


def best_bandwidth() -> float:
    """Best of copy, scale, triad and read on 320 MB arrays, in GB/s (MB per ms)."""
    n = 40_000_000
    a, b, c = np.ones(n), np.ones(n), np.ones(n)
    kernels: tuple[tuple[int, Callable[[], object]], ...] = (
        (16, lambda: np.copyto(a, b)),
        (16, lambda: np.multiply(b, 3.0, out=a)),
        (24, lambda: np.add(b, c, out=a)),
        (8, lambda: np.dot(b, b)),
    )
    best = 0.0
    for size, kernel in kernels:
        kernel()
        best = max(best, *(size * n / timed(kernel) / 1e9 for _ in range(4)))
    return best


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def reset_peak() -> None:
    """Forget the peak of making the input (Linux)."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        print("peak memory includes making the input", file=sys.stderr)


def peak_megabytes() -> float:
    status = Path("/proc/self/status")
    if not status.exists():
        import resource

        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    line = next(row for row in status.read_text(encoding="ascii").splitlines() if row.startswith("VmHWM"))
    return float(line.split()[1]) / 1e3


def cp1993(data: Path) -> tuple[Baseline, Array, float]:
    from openward.simulate.cp1993 import nafta_tariffs, read_baseline

    return read_baseline(data), nafta_tariffs(data), 0.03


def world2022(data: Path) -> tuple[Baseline, Array, float]:
    from openward.observe.worldpack import load_world
    from openward.simulate.calibrate import calibrate

    pack = load_world()
    N, J = len(pack.economies), len(pack.sectors)
    rng = np.random.default_rng(1)
    goods = np.array([code[0] in "ABC" for code in pack.sectors])
    rates = rng.gamma(1.0, 0.06, (N, 1, J)) * goods * np.ones((1, N, 1))
    rates[np.arange(N), np.arange(N)] = 0.0
    baseline = calibrate(pack, rates, theta=np.linspace(2.0, 12.0, J))
    after = rates.copy()
    after[pack.economies.index("CHN"), ::2] = 0.0
    return baseline, after, 0.1


def random_world(N: int, J: int, goal: float) -> Callable[[Path], tuple[Baseline, Array, float]]:
    def make(data: Path) -> tuple[Baseline, Array, float]:
        rng = np.random.default_rng(7)
        size = rng.lognormal(0, 1.5, N)
        home, goods = np.arange(N), np.arange(J) < 0.6 * J
        flows = rng.lognormal(0, 1.5, (N, N, J))
        flows *= rng.random((N, N, J)) > 0.3
        flows *= size[:, None, None] * size[None, :, None] * np.where(goods, 0.02, 0.001)
        flows[home, home] = size[:, None] * size.sum() * 0.05 * rng.lognormal(0, 0.5, (N, J))
        rates = rng.gamma(1.0, 0.07, (N, 1, J)) * rng.random((N, N, 1)) * goods
        rates[home, home] = 0.0
        value_added = rng.uniform(0.3, 0.7, (N, J))
        use = rng.gamma(0.3, 1.0, (N, J, J))
        use *= ((1.0 - value_added) / use.sum(axis=1))[:, None, :]
        final = rng.gamma(0.5, 1.0, (N, J))
        final /= final.sum(axis=1, keepdims=True)
        baseline = Baseline(
            name=f"random {N}x{J}",
            year=0,
            currency="none",
            scale=1.0,
            source="seed 7",
            licence="none",
            economies=tuple(f"E{n:03d}" for n in range(N)),
            sectors=tuple(f"S{j:03d}" for j in range(J)),
            tradable=np.ones(J, dtype=np.bool_),
            flows=flows,
            tariffs=rates,
            value_added=value_added,
            use=use,
            final=final,
            theta=rng.uniform(2.0, 12.0, J),
            deficits=np.zeros(N),
        )
        after = rates.copy()
        after[: N // 4, : N // 4] = 0.0
        return baseline, after, goal

    return make


CASE: dict[str, Callable[[Path], tuple[Baseline, Array, float]]] = {
    "cp-31x40": cp1993,
    "world-80x50": world2022,
    "random-80x50": random_world(80, 50, 0.1),
    "random-195x150": random_world(195, 150, 1.2),
}


if __name__ == "__main__":
    main()

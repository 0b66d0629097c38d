"""Optimal, Nash and agreed tariffs of seven economies in 44 sectors: seconds, and that they are best.

    OMP_NUM_THREADS=2 python benchmarks/optimal_tariffs.py [--data DIR]

Published code of the same kind takes 85 minutes for seven unilateral optima at 7 x 33. Each optimum here has
two first points, a second-order check (Lanczos) and the world solved anew at every step; times include all of
that. Random search tries tariffs near the optimum and anywhere between 0 and 100 %. Results go to
benchmarks/results/optimal_tariffs.csv.
"""

from __future__ import annotations

import argparse
import csv
import os
import time
from pathlib import Path

import numpy as np

from openward.reproduce.tradewar_2017 import read_baseline
from openward.simulate.gradient.derivative import gradients
from openward.simulate.gradient.goal import welfare_of
from openward.simulate.optimal.cooperative import agreed_tariffs
from openward.simulate.optimal.lab import Lab
from openward.simulate.optimal.nash import nash_tariffs
from openward.simulate.optimal.unilateral import BestTariffs, best_tariffs

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results" / "optimal_tariffs.csv"
TRIES = 100


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    shared = Path(os.environ.get("OPENWARD_SHARED", HERE.parent.parent / "shared"))
    parser.add_argument("--data", type=Path, default=shared / "data")
    baseline = read_baseline(parser.parse_args().data)
    rows: list[tuple[str, float, str, str]] = []

    def note(case: str, value: float, unit: str, goal: str = "") -> None:
        rows.append((case, value, unit, goal))
        print(f"{case:60s} {value:12.4g} {unit} {goal}")

    for closure in ("balanced", "fixed"):
        began = time.perf_counter()
        lab = Lab(baseline, closure=closure)
        found = [best_tariffs(lab, economy) for economy in baseline.economies]
        note(f"seven unilateral optima, {closure} trade", time.perf_counter() - began, "s", "60")
        note(f"largest gradient norm, {closure}", max(f.gradient_norm for f in found), "", "1e-8")
        note(f"largest scaled curvature, {closure}", max(f.largest_curvature for f in found), "", "<0")
        note(f"largest spread between starts, {closure}", max(f.spread for f in found), "", "")
        note(f"random points that beat an optimum, {closure}", beaten(lab, found), f"of {7 * TRIES}", "0")
        for one in found:
            n = lab.index(one.economy)
            note(f"mean optimal tariff {one.economy}, {closure}", 100 * one.mean_tariff, "%")
            note(f"real income {one.economy}, {closure}", one.real_income_pct[n], "%")
    lab = Lab(baseline, closure="balanced")
    nash = nash_tariffs(lab, baseline.economies)
    note("Nash tariffs, two starts, verified", nash.seconds, "s")
    note("Nash: gradient norm", nash.gradient_norm, "", "1e-8")
    note("Nash: largest gain from a best reply", nash.largest_gain, "log points", "0")
    agreed = agreed_tariffs(lab, baseline.economies, disagreement=nash.tariffs)
    note("agreed tariffs (Nash bargaining)", agreed.seconds, "s")
    note("agreed: gradient norm", agreed.gradient_norm, "", "1e-8")
    note("agreed: least gain over Nash", 100 * float(np.expm1(agreed.gain.min())), "%", ">0")
    for name in baseline.economies:
        n = lab.index(name)
        note(f"Nash real income {name}", nash.real_income_pct[n], "%")
        note(f"agreed real income {name}", agreed.real_income_pct[n], "%")
    point = lab.at(nash.tariffs)
    lab.gradients(point, [welfare_of(lab.world, "CHN")])
    times = []
    for _ in range(15):
        began = time.perf_counter()
        gradients(point.world, [welfare_of(lab.world, "CHN")], closure="balanced")
        times.append(time.perf_counter() - began)
    note("one gradient to all 2,156 cells", float(np.median(times)), "s")
    with RESULTS.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("benchmark", "case", "value", "unit", "goal"))
        writer.writerows(
            ("optimal_tariffs", case, f"{value:.4g}", unit, goal) for case, value, unit, goal in rows
        )


def beaten(lab: Lab, found: list[BestTariffs]) -> int:
    """Count random points that are better for the economy than its optimum."""
    rng = np.random.default_rng(1)
    count = 0
    for one in found:
        n = lab.index(one.economy)
        lab.start_over()
        best = lab.at(one.all_tariffs).log_real_income[n]
        for k in range(TRIES):
            tried = one.all_tariffs.copy()
            size = (0.01, 0.1, 0.5)[k % 3]
            near = one.tariffs * rng.uniform(1 - size, 1 + size, one.tariffs.shape)
            tried[n] = rng.uniform(0.0, 1.0, near.shape) * (one.tariffs > 0) if k % 4 == 3 else near
            count += int(lab.at(tried).log_real_income[n] > best)
    return count


if __name__ == "__main__":
    main()

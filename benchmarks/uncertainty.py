"""Time the draws of a study: exact solutions of three laws on the world of 80 economies x 50 industries.

    python benchmarks/uncertainty.py

A thousand joint draws with two processes, then the variance shares on top of them (200 pairs per source), and
a check that one process gives the same bits. Results go to benchmarks/results/uncertainty.csv.
"""

from __future__ import annotations

import csv
import os
import resource
import time
from datetime import date
from pathlib import Path

from openward.book import load, load_reform
from openward.impact.law import law_step
from openward.impact.uncertainty import run_draws
from openward.impact.uncertainty_chain import central, make_chain, solve_point
from openward.impact.worlds import read_laws
from openward.observe.worldpack import load_world
from openward.simulate.draws import elasticity_draws

RESULTS = Path(__file__).resolve().parent / "results" / "uncertainty.csv"
REFORM = "africa-zero-tariff"
DRAWS, FEW, SEED = 1000, 40, 1


def main() -> None:
    book, pack = load("chn"), load_world()
    step = law_step(book, load_reform(REFORM), from_law=None)
    laws = read_laws(book, step.before, step.after, pack=pack, on=step.on)
    days = (date(pack.year, 7, 1), step.on, step.on)
    chain = make_chain(
        book, step.before, step.after, laws, pack=pack, days=days, closure="fixed", name=REFORM
    )
    spread = elasticity_draws("caliendo-parro", sectors=pack.sectors)
    busy = os.getloadavg()[0]
    began = time.perf_counter()
    solve_point(chain, central(chain, spread.theta))
    one = time.perf_counter() - began

    def run(draws: int, workers: int) -> object:
        return run_draws(chain, spread, draws=draws, seed=SEED, parties=frozenset(), workers=workers)

    same = True
    alone, shared = run(FEW, 1), run(FEW, 2)
    for name in ("economies", "world", "world_sources"):
        same = same and getattr(alone, name) == getattr(shared, name)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    found = run_draws(chain, spread, draws=DRAWS, seed=SEED, parties=frozenset(), workers=2)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    solved = found.draws + 3 * found.pairs + 1
    rows = [
        ("uncertainty", "one point: calibration, two exact solutions", f"{one:.3f}", "s", ""),
        ("uncertainty", f"{solved:,} exact points, two processes", f"{found.seconds:.1f}", "s", ""),
        (
            "uncertainty",
            f"of that: {DRAWS:,} joint draws (by count)",
            f"{found.seconds * DRAWS / solved:.1f}",
            "s",
            "60",
        ),
        (
            "uncertainty",
            f"{DRAWS:,} joint draws, processor time of each of two cores",
            f"{spent * DRAWS / solved / 2:.1f}",
            "s",
            "60",
        ),
        ("uncertainty", "other work on the machine: load average at the start", f"{busy:.1f}", "", ""),
        ("uncertainty", "one and two processes give the same bits", "yes" if same else "no", "", "yes"),
    ]
    with RESULTS.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("benchmark", "case", "value", "unit", "goal"))
        writer.writerows(rows)
    for row in rows:
        print(*row, sep="  ")


if __name__ == "__main__":
    main()

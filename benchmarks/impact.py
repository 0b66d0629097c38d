"""Time and memory of the main job: a reform file in, its outcome and its page out.

    python benchmarks/impact.py

The law, its shock and both solutions are timed warm in this process; the command is timed as a whole process,
cold, five times, with the peak memory the operating system saw. Results go to benchmarks/results/impact.csv.
"""

from __future__ import annotations

import csv
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from openward.book import load, load_reform
from openward.impact.law import law_step
from openward.impact.worlds import read_laws, solve_worlds
from openward.observe.worldpack import load_world
from openward.simulate.elasticities import elasticities

RESULTS = Path(__file__).resolve().parent / "results" / "impact.csv"
REFORM = "africa-zero-tariff"
WARM, COLD = 7, 5
Row = tuple[str, str, str, str, int, str]


def main() -> None:
    rows = [*warm(), *cold()]
    RESULTS.parent.mkdir(exist_ok=True)
    with RESULTS.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(("benchmark", "case", "value", "unit", "runs", "goal"))
        writer.writerows(rows)
    for row in rows:
        print(*row, sep="  ")


def warm() -> list[Row]:
    """Time what stands between a reform file and the outcome of the model, inputs read before."""
    book, pack, theta = load("chn"), load_world(), elasticities("caliendo-parro")
    reading, solving = [], []
    for _ in range(WARM + 1):
        began = time.perf_counter()
        step = law_step(book, load_reform(REFORM), from_law=None)
        laws = read_laws(book, step.before, step.after, pack=pack, on=step.on)
        read = time.perf_counter()
        solve_worlds(pack, laws, theta=theta, closure="fixed", name=REFORM)
        reading.append(read - began)
        solving.append(time.perf_counter() - read)
    law, world = statistics.median(reading[1:]), statistics.median(solving[1:])
    return [
        ("impact", "reform file to outcome, warm", f"{law + world:.3f}", "s", WARM, "1"),
        ("impact", "of that: three laws of 80 x 80 x 50", f"{law:.3f}", "s", WARM, ""),
        ("impact", "of that: calibration, two solutions", f"{world:.3f}", "s", WARM, ""),
    ]


def cold() -> list[Row]:
    """Time the command from nothing to its JSON and its page."""
    seconds = []
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "openward", "impact", REFORM, "--format", "json", "--quiet"]
        for _ in range(COLD):
            began = time.perf_counter()
            subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, env=dict(os.environ))
            seconds.append(time.perf_counter() - began)
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return [
        (
            "impact",
            "command, cold, with page and stress test",
            f"{statistics.median(seconds):.2f}",
            "s",
            COLD,
            "8",
        ),
        ("impact", "command, peak memory", f"{peak:.0f}", "MB", COLD, "1024"),
    ]


if __name__ == "__main__":
    main()

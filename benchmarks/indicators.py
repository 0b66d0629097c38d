"""Speed and memory of the whole set of trade indicators, of many years, and of the complexity set.

    python benchmarks/indicators.py [--only NAME] [--years 28]

The year is the seeded one of the shared folder (``bench/generate.py baci``: 11 M rows, 226 economies, 5,000
products). Each row runs in a process of its own, on all cores. pandas and Polars do the same work in plain
group-by and join style, file to result, in the same run. The many years are variants of the one: another year
number, values scaled, one row in a hundred left out. Results go to benchmarks/results/indicators.csv.

The bound of the whole set is the decoded bytes of the four columns it needs, written and read once, over the
best bandwidth NumPy reaches in the same process.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results" / "indicators.csv"
SHARED = Path(os.environ.get("OPENWARD_SHARED", HERE.parent.parent / "shared"))
CASES = ("openward", "openward-text", "polars", "pandas", "years", "complexity")
Row = tuple[str, ...]


def main() -> None:
    as_written = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=as_written)
    parser.add_argument("--only", choices=CASES)
    parser.add_argument("--years", type=int, default=28)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--in-process", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.in_process:
        print(json.dumps(CASE[options.only](options.folder, options.years)))
        return
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as name:
        folder = options.folder or Path(name)
        if not (folder / "baci.parquet").is_file():
            command = [sys.executable, str(SHARED / "bench" / "generate.py"), "baci"]
            subprocess.run([*command, str(folder / "baci.parquet")], check=True)
        for case in (options.only,) if options.only else CASES:
            command = [sys.executable, __file__, "--only", case, "--folder", str(folder), "--in-process"]
            done = subprocess.run(
                [*command, "--years", str(options.years)], stdout=subprocess.PIPE, text=True, check=False
            )
            if done.returncode == 0:
                found = [tuple(row) for row in json.loads(done.stdout.splitlines()[-1])]
                rows += found
                for row in found:
                    print(*row, sep="\t", flush=True)
    if rows and not options.only:
        with RESULTS.open("w", newline="", encoding="utf-8") as file:
            table = csv.writer(file, lineterminator="\n")
            table.writerow(("benchmark", "case", "value", "unit", "runs", "goal"))
            table.writerows(rows)


def row(case: str, value: float, unit: str, runs: int, goal: float | str = "") -> Row:
    return ("indicators", case, f"{value:.4g}", unit, str(runs), str(goal))


def ours(folder: Path, years: int) -> list[Row]:
    from openward.indicators.whole_set import whole_set

    path = folder / "baci.parquet"
    first = timed(lambda: whole_set(path))
    peak = peak_megabytes()
    seconds = [timed(lambda: whole_set(path)) for _ in range(5)]
    rows = pl.scan_parquet(path).select(pl.len()).collect().item()
    megabytes = rows * (2 + 2 + 4 + 8) / 1e6
    bandwidth = best_bandwidth()
    bound = 2 * megabytes / bandwidth / 1e3
    return [
        row("whole set: first", first, "s", 1, 2),
        row("whole set", statistics.median(seconds), "s", 5, 2),
        row("whole set: peak memory", peak, "MB", 1, 1000),
        row("whole set: decoded", megabytes, "MB", 1),
        row("whole set: memory bandwidth, best", bandwidth, "GB/s", 4),
        row("whole set: over bandwidth bound", statistics.median(seconds) / bound, "ratio", 5),
    ]


def ours_text(folder: Path, years: int) -> list[Row]:
    from openward.indicators.whole_set import whole_set

    path = folder / "trade.parquet"
    if not path.is_file():
        named = pl.scan_parquet(folder / "baci.parquet").select(
            pl.col("t").alias("year"),
            pl.format("E{}", "i").alias("exporter"),
            pl.format("E{}", "j").alias("importer"),
            pl.col("k").cast(pl.String).str.zfill(6).alias("product"),
            pl.col("v").alias("value"),
        )
        command = [sys.executable, "-c", WRITE, json.dumps(named.serialize(format="json")), str(path)]
        subprocess.run(command, check=True)
    first = timed(lambda: whole_set(path))
    peak = peak_megabytes()
    seconds = [timed(lambda: whole_set(path)) for _ in range(5)]
    return [
        row("whole set, codes as text: first", first, "s", 1, 2),
        row("whole set, codes as text", statistics.median(seconds), "s", 5, 2),
        row("whole set, codes as text: peak memory", peak, "MB", 1, 1000),
    ]


WRITE = """
import io, json, sys
import polars as pl
pl.LazyFrame.deserialize(io.StringIO(json.loads(sys.argv[1])), format="json").sink_parquet(sys.argv[2])
"""


def by_polars(folder: Path, years: int) -> list[Row]:
    path = folder / "baci.parquet"
    first = timed(lambda: plain_polars(path))
    return [
        row(
            "polars: whole set",
            statistics.median([first, *(timed(lambda: plain_polars(path)) for _ in "ab")]),
            "s",
            3,
        ),
        row("polars: peak memory", peak_megabytes(), "MB", 1),
    ]


def by_pandas(folder: Path, years: int) -> list[Row]:
    path = folder / "baci.parquet"
    first = timed(lambda: plain_pandas(path))
    return [
        row(
            "pandas: whole set",
            statistics.median([first, *(timed(lambda: plain_pandas(path)) for _ in "ab")]),
            "s",
            3,
        ),
        row("pandas: peak memory", peak_megabytes(), "MB", 1),
    ]


def plain_polars(path: Path) -> tuple[Any, ...]:
    d = pl.read_parquet(path)
    x = d.group_by("i", "k").agg(x=pl.col("v").sum())
    x = x.with_columns(
        rca=pl.col("x") / pl.col("x").sum().over("i") / (pl.col("x").sum().over("k") / pl.col("x").sum())
    )
    share = pl.col("v") / pl.col("v").sum().over("j", "k")
    m = (
        d.with_columns(s=share)
        .group_by("j", "k")
        .agg(m=pl.col("v").sum(), hhi=(pl.col("s") ** 2).sum(), top=pl.col("s").max())
    )
    both = m.join(x, left_on=["j", "k"], right_on=["i", "k"], how="full", coalesce=True).fill_null(0.0)
    both = both.with_columns(
        gl=1 - (pl.col("x") - pl.col("m")).abs() / (pl.col("x") + pl.col("m")),
        flag=(pl.col("hhi") > 0.4) & (pl.col("m") > pl.col("x")),
    )
    pair = d.group_by("i", "j").agg(v=pl.col("v").sum())
    bought = pair.group_by("j").agg(m=pl.col("v").sum())
    own = bought.rename({"j": "i", "m": "own"})
    pair = (
        pair.join(bought, on="j")
        .join(own, on="i", how="left")
        .with_columns(
            intensity=pl.col("v")
            / pl.col("v").sum().over("i")
            / (pl.col("m") / (pl.col("v").sum() - pl.col("own")))
        )
    )
    wide = x.with_columns(a=(pl.col("rca") >= 1).cast(pl.Float64)).pivot(on="k", index="i", values="a")
    return both, pair, index_of(wide.drop("i").fill_null(0.0).to_numpy())


def plain_pandas(path: Path) -> tuple[Any, ...]:
    import pandas as pd

    d = pd.read_parquet(path)
    x = d.groupby(["i", "k"], as_index=False)["v"].sum().rename(columns={"v": "x"})
    of_economy, of_product = (x.groupby(key)["x"].transform("sum") for key in ("i", "k"))
    x["rca"] = x["x"] / of_economy / (of_product / x["x"].sum())
    d["s"] = d["v"] / d.groupby(["j", "k"])["v"].transform("sum")
    d["s2"] = d["s"] ** 2
    m = d.groupby(["j", "k"], as_index=False).agg(m=("v", "sum"), hhi=("s2", "sum"), top=("s", "max"))
    both = m.merge(x, left_on=["j", "k"], right_on=["i", "k"], how="outer").fillna(0.0)
    both["gl"] = 1 - (both["x"] - both["m"]).abs() / (both["x"] + both["m"])
    both["flag"] = (both["hhi"] > 0.4) & (both["m"] > both["x"])
    pair = d.groupby(["i", "j"], as_index=False)["v"].sum()
    bought = pair.groupby("j")["v"].sum()
    others = pair["v"].sum() - pair["i"].map(bought)
    pair["intensity"] = pair["v"] / pair.groupby("i")["v"].transform("sum") / (pair["j"].map(bought) / others)
    wide = x.assign(a=(x["rca"] >= 1).astype(float)).pivot(index="i", columns="k", values="a").fillna(0.0)
    return both, pair, index_of(wide.to_numpy())


def index_of(m: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    k = m.sum(axis=1)
    values, vectors = np.linalg.eig((m / k[:, None]) @ (m / m.sum(axis=0)).T)
    v = vectors[:, np.argsort(-values.real)[1]].real
    v *= np.sign(np.corrcoef(v, k)[0, 1])
    return np.asarray((v - v.mean()) / v.std(ddof=1))


def many_years(folder: Path, years: int) -> list[Row]:
    from openward.indicators.whole_set_years import Progress, whole_sets

    paths = []
    for n in range(years):
        path = folder / f"year{n:02d}.parquet"
        if not path.is_file():
            subprocess.run([sys.executable, "-c", VARY, str(folder), str(n)], check=True)
        paths.append(path)

    def tell(at: Progress) -> None:
        print(f"{at.done}/{at.total} {at.year}: {at.rows:,} rows", file=sys.stderr, flush=True)

    began, rows = time.perf_counter(), 0
    for found in whole_sets(paths, progress=tell):
        rows += found.rows
    seconds = time.perf_counter() - began
    return [
        row(f"{years} years", seconds, "s", 1),
        row(f"{years} years: rows", rows, "rows", 1),
        row(f"{years} years: rate", rows / seconds, "rows/s", 1),
        row(f"{years} years: peak memory", peak_megabytes(), "MB", 1, 4000),
    ]


VARY = """
import sys
import polars as pl
folder, n = sys.argv[1], int(sys.argv[2])
rows = pl.scan_parquet(folder + "/baci.parquet").filter((pl.col("k") + pl.col("j") + pl.col("i")) % 100 != n)
varied = rows.with_columns(t=pl.lit(1996 + n, dtype=pl.Int16), v=pl.col("v") * (1 + 0.03 * n))
varied.sink_parquet(f"{folder}/year{n:02d}.parquet", compression="lz4")
"""


def complexity_set(folder: Path, years: int) -> list[Row]:
    from openward.indicators.complexity import (
        advantage_matrix,
        density,
        eigenvalue_complexity,
        outlook,
        proximity,
    )
    from openward.indicators.whole_set import whole_set

    m = advantage_matrix(rca=whole_set(folder / "baci.parquet").rca)

    def whole() -> None:
        worth = eigenvalue_complexity(advantage=m).products
        near = proximity(advantage=m)
        omega = density(advantage=m, closeness=near)
        outlook(advantage=m, closeness=near, product_complexity=worth, near=omega)

    seconds = [timed(whole) for _ in range(5)]
    return [
        row("ECI, PCI, proximity, density, COI, 226 x 5,000", statistics.median(seconds), "s", 5, 1),
        row("ECI, PCI, proximity, density, COI, best", min(seconds), "s", 5, 1),
        row("of that: ECI and PCI", best(lambda: eigenvalue_complexity(advantage=m)), "s", 3),
        row("of that: proximity", best(lambda: proximity(advantage=m)), "s", 3),
        row("complexity set: peak memory", peak_megabytes(), "MB", 1),
    ]


def best_bandwidth() -> float:
    """Best of copy and read on 320 MB arrays, in GB/s."""
    n = 40_000_000
    a, b = np.ones(n), np.ones(n)
    copy = min(timed(lambda: np.copyto(a, b)) for _ in range(4))
    read = min(timed(lambda: float(b.dot(b))) for _ in range(4))
    return max(16 * n / copy, 8 * n / read) / 1e9


def best(work: Callable[[], object]) -> float:
    return min(timed(work) for _ in range(3))


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def peak_megabytes() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return float(next(line for line in status if line.startswith("VmHWM")).split()[1]) / 1e3


CASE: dict[str, Callable[[Path, int], list[Row]]] = {
    "openward": ours,
    "openward-text": ours_text,
    "polars": by_polars,
    "pandas": by_pandas,
    "years": many_years,
    "complexity": complexity_set,
}


if __name__ == "__main__":
    main()

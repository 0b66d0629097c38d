"""The tariff lines of China with all rates at hand: MFN, added duties, RCEP cuts, reference weights."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from book_tables import convert, mean, nomenclature, reference_imports
from openward.codes.correlation import correlation
from openward.codes.industries import industries

MFN_CHANGES = (
    ("2018a", "2018-01-01", ()),
    ("2018b", "2018-05-01", ("mfn_2018_05_01_pharma",)),
    ("2018c", "2018-07-01", ("mfn_2018_07_01_consumer_autos_ita",)),
    ("2018d", "2018-11-01", ("mfn_2018_11_01_industrial",)),
    ("2019a", "2019-01-01", ("temp_mfn_2019_01_01",)),
)
ADDED = (
    ("2018-04-02", "ret232_2018_04_02"),
    ("2018-07-06", "ret301_2018_07_06_34b"),
    ("2018-08-23", "ret301_2018_08_23_16b"),
    ("2018-09-24", "ret301_2018_09_24_60b"),
    ("2019-01-01", "ret_suspend_autos_2019_01_01"),
    ("2019-06-01", "ret301_2019_06_01_increase"),
)
RCEP_YEARS = range(1, 22)


@dataclass(frozen=True)
class Line:
    """A tariff line of eight digits (HS2017) with all its rates, percent or percentage points."""

    hs8: str
    sector: str
    weight: float
    mfn: dict[str, float]
    added: dict[str, float]
    base_2014: float
    staged: tuple[float, ...]

    @property
    def code(self) -> str:
        """Name of the class the line is in."""
        return "free" if self.mfn["2019a"] == 0 else "dutiable"


def read_table(shared: Path) -> pl.DataFrame:
    """Read the table of 2018-2019, ten digits to eight, and check that the changes add up."""
    table = pl.read_csv(
        shared / "data/tariff/cn/cn_tariff_hs10_2018_2019.csv",
        schema_overrides={"hs10": pl.String},
        infer_schema_length=None,
    )
    changes = [name for _, _, names in MFN_CHANGES for name in names]
    gap = pl.col("mfn_2018_01_01") + pl.sum_horizontal(changes) - pl.col("mfn_2019_06_01")
    added = pl.col("mfn_2019_06_01") + pl.sum_horizontal(n for _, n in ADDED) - pl.col("us_rate_2019_06_01")
    worst = table.select(pl.max_horizontal(gap.abs().max(), added.abs().max())).item()
    if worst > 1e-3:
        raise SystemExit(f"the changes do not add up to mid-2019: {worst} points on a line")
    return (
        table.group_by(pl.col("hs10").str.slice(0, 8).alias("hs8"))
        .agg(pl.col(pl.Float64, pl.Int64).mean())
        .sort("hs8")
    )


def read_schedule(shared: Path) -> tuple[Callable[[str], float], Callable[[str], Sequence[float | None]]]:
    """Give the base rate of 2014 and the staged rates (percent; None: excluded) of a line of HS2017.

    A line of the same eight digits answers for itself; else the mean of the lines of its
    subheading in HS2012; else of its heading.
    """
    table = pl.read_parquet(shared / "data/economy/rcep_china_asean_schedule.parquet")
    years = [f"y{n}" for n in RCEP_YEARS]
    to_2012 = nomenclature(shared, "hs5_hs4")
    rows: dict[str, list[tuple[float, ...]]] = defaultdict(list)
    for hs8, start, *cuts in table.select("hs8", "base_rate", *years).iter_rows():
        # An excluded line (U) keeps the MFN rate: no cut, which the rule "the lower of the two" needs to see.
        row = (start, *(float("inf") if cut is None else cut for cut in cuts))
        for key in {hs8, hs8[:6], hs8[:4]}:
            rows[key].append(row)

    def found(hs8: str) -> list[tuple[float, ...]]:
        return rows.get(hs8) or rows.get(to_2012.get(hs8[:6], "")) or rows.get(hs8[:4]) or []

    def base(hs8: str) -> float:
        got = found(hs8)
        return 100 * sum(r[0] for r in got) / len(got)

    def staged(hs8: str) -> Sequence[float | None]:
        got = found(hs8)
        means = (sum(r[1 + k] for r in got) / len(got) for k in range(len(RCEP_YEARS)))
        return [None if rate == float("inf") else 100 * rate for rate in means]

    return base, staged


def read_lines(shared: Path) -> list[Line]:
    """Join the table, the schedule and the weights on tariff lines."""
    table, (base, staged) = read_table(shared), read_schedule(shared)
    sector = correlation("HS2017")
    weights = convert(reference_imports(shared), nomenclature(shared, "hs6_hs5"))
    count: dict[str, int] = defaultdict(int)
    for hs8 in table["hs8"]:
        count[hs8[:6]] += 1
    lines = []
    for row in table.iter_rows(named=True):
        hs8 = row["hs8"]
        mfn, rate = {}, row["mfn_2018_01_01"]
        for name, _, changes in MFN_CHANGES:
            rate += sum(row[c] for c in changes)
            mfn[name] = 0.0 if abs(rate) < 1e-4 else rate
        added, total = {}, 0.0
        for day, column in ADDED:
            total += row[column]
            added[day] = total
        lower = tuple(mfn["2019a"] if r is None else min(r, mfn["2019a"]) for r in staged(hs8))
        weight = weights.get(hs8[:6], 0.0) / count[hs8[:6]]
        lines.append(Line(hs8, sector[hs8[:6]], weight, mfn, added, base(hs8), lower))
    return lines


def classes(lines: Sequence[Line]) -> Iterator[tuple[str, str, list[Line]]]:
    """Give the lines of every industry and class, in the order of the industries."""
    for industry in industries():
        for code in ("free", "dutiable"):
            inside = [line for line in lines if line.sector == industry.code and line.code == code]
            if inside:
                yield industry.code, code, inside


def average(lines: Sequence[Line], rate: Callable[[Line], float]) -> float:
    """Mean over lines at reference weights."""
    return mean([rate(line) for line in lines], [line.weight for line in lines])


def staging(shared: Path) -> dict[str, list[float]]:
    """Give the part of the base rate left by industry and RCEP year; excluded lines keep all of it."""
    base, staged = read_schedule(shared)
    lines = read_lines(shared)
    out = {}
    for industry in industries():
        inside = [line for line in lines if line.sector == industry.code]
        total = average(inside, lambda line: line.base_2014) if inside else 0.0
        if total:
            weights = [line.weight for line in inside]
            cuts = [[base(line.hs8) if r is None else r for r in staged(line.hs8)] for line in inside]
            left = [mean(year, weights) for year in zip(*cuts, strict=True)]
            out[industry.code] = [min(1.0, rate / total) for rate in left]
    return out

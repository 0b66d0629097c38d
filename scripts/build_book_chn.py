"""Compute the tables of the book of China from the data at hand.

    python scripts/build_book_chn.py --shared DIR [--out DIR]

writes `lines.csv`, `measures/mfn.csv`, `measures/rcep.csv`, `measures/usa-2018-2019.csv`. The rest of the
book is written by hand. Method and limits: `docs/book.md`.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import polars as pl

from book_tables import convert, mean, nomenclature, percent, reference_imports, write_measures, write_table
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
CARRIED = "2020-01-01"
NEXT_ROUND = "2019-09-01"
RCEP_YEARS = range(1, 22)
SHARE_SOURCE = (
    "reference weights: US imports for consumption 2024 by HS6; simple mean over 8-digit lines inside"
)


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
    for hs8, base, *cuts in table.select("hs8", "base_rate", *years).iter_rows():
        # An excluded line (U) keeps the MFN rate: no cut, which the rule "the lower of the two" needs to see.
        row = (base, *(float("inf") if cut is None else cut for cut in cuts))
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


def line_rows(lines: Sequence[Line]) -> Iterator[tuple[str, str, str, str, int, str]]:
    """Rows of lines.csv: the share of each class in its industry; shares of an industry sum to one."""
    for industry in industries():
        inside = [line for line in lines if line.sector == industry.code]
        if not inside:
            continue
        free = [line for line in inside if line.code == "free"]
        share = round(average(inside, lambda line: float(line.code == "free")), 6)
        for code, part, number in (
            ("free", share, len(free)),
            ("dutiable", 1 - share, len(inside) - len(free)),
        ):
            if number:
                yield "CHN", industry.code, code, f"{part:.6f}", number, SHARE_SOURCE


def steps(spans: Sequence[tuple[str, str, str, str, float]]) -> list[tuple[str, str, str, str, str]]:
    """Turn (name, from, to, status, rate) into rows with duty sentences; equal neighbors become one."""
    out: list[tuple[str, str, str, str, str]] = []
    for name, start, end, status, rate in spans:
        duty = percent(rate)
        if out and out[-1][3:] == (status, duty):
            out[-1] = (out[-1][0], out[-1][1], end, status, duty)
        else:
            out.append((name, start, end, status, duty))
    return out


def mfn_rows(lines: Sequence[Line]) -> Iterator[dict[str, str]]:
    """One measure for each industry, class and vintage."""
    for sector, code, inside in classes(lines):
        number = len(inside)
        spans = [
            ("2014", "2012-01-01", "2018-01-01", "unverified", average(inside, lambda line: line.base_2014)),
        ]
        ends = [*(start for _, start, _ in MFN_CHANGES[1:]), CARRIED]
        for (name, start, _), end in zip(MFN_CHANGES, ends, strict=True):
            spans.append((name, start, end, "official", average(inside, lambda line, n=name: line.mfn[n])))
        spans.append(("2019b", CARRIED, "", "unverified", spans[-1][4]))
        notes = {
            "2014": f"mean over {number} lines; base of the RCEP schedule (2014) for 2012-2017",
            "2019b": f"mean over {number} lines; mid-2019 carried forward",
        }
        for name, start, end, status, duty in steps(spans):
            yield {
                "id": f"chn-mfn-{name}-{sector}-{code}",
                "instrument": "mfn-duty",
                "imposed_by": "CHN",
                "flow": "import",
                "sectors": f"{sector}/{code}",
                "duty": duty,
                "from": start,
                "to": end,
                "act": "chn-customs-tariff",
                "status": status,
                "note": notes.get(name, f"mean over {number} lines"),
            }


def rcep_rows(lines: Sequence[Line]) -> Iterator[dict[str, str]]:
    """Staged cuts for ASEAN, and the same as a stand-in for the parties whose schedule is not at hand."""
    groups = (
        ("asean", "JPN;KOR;AUS;NZL", "official", "line by line the lower of schedule and MFN"),
        ("proxy", "ASEAN", "unverified", "schedule for ASEAN stands in"),
    )
    for name, exclude, status, note in groups:
        for sector, code, inside in classes(lines):
            if code == "free":
                continue
            spans = [
                (
                    str(2021 + year),
                    f"{2021 + year}-01-01",
                    f"{2022 + year}-01-01" if year < max(RCEP_YEARS) else "",
                    status,
                    average(inside, lambda line, k=year - 1: line.staged[k]),
                )
                for year in RCEP_YEARS
            ]
            for year, start, end, _, duty in steps(spans):
                yield {
                    "id": f"chn-rcep-{name}-{year}-{sector}-{code}",
                    "instrument": "preferential-duty",
                    "imposed_by": "CHN",
                    "flow": "import",
                    "partners": "RCEP",
                    "exclude": exclude,
                    "sectors": f"{sector}/{code}",
                    "duty": duty,
                    "conditions": "origin=RCEP;membership=RCEP",
                    "from": start,
                    "to": end,
                    "act": "rcep-2020",
                    "article": "2.4, Annex I",
                    "status": status,
                    "note": note,
                }


def retaliation_rows(lines: Sequence[Line]) -> Iterator[dict[str, str]]:
    """Duties added on goods of the United States, in steps."""
    days = [day for day, _ in ADDED]
    for sector, code, inside in classes(lines):
        spans = []
        for day, end in pairwise([*days, NEXT_ROUND]):
            spans.append((day, day, end, "official", average(inside, lambda line, d=day: line.added[d])))
        spans.append((NEXT_ROUND, NEXT_ROUND, "", "unverified", spans[-1][4]))
        for name, start, end, status, duty in steps(spans):
            if duty == "0 %":
                continue
            carried = "mid-2019 carried forward: the round of 2019-09-01 and exclusions since are not at hand"
            yield {
                "id": f"chn-usa-{name}-{sector}-{code}",
                "instrument": "retaliatory-duty",
                "imposed_by": "CHN",
                "flow": "import",
                "partners": "USA",
                "sectors": f"{sector}/{code}",
                "duty": duty,
                "from": start,
                "to": end,
                "act": "chn-tc-usa-2018",
                "status": status,
                "note": carried if status == "unverified" else f"mean over {len(inside)} lines",
            }


def build(shared: Path, out: Path) -> None:
    """Write all computed tables."""
    lines = read_lines(shared)
    write_table(
        out / "lines.csv", ("economy", "sector", "code", "share", "lines", "source"), line_rows(lines)
    )
    for name, rows in (
        ("mfn", mfn_rows(lines)),
        ("rcep", rcep_rows(lines)),
        ("usa-2018-2019", retaliation_rows(lines)),
    ):
        number = write_measures(out / f"measures/{name}.csv", rows)
        print(f"{name}: {number} measures")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=Path(__file__).parents[1] / "src/openward/books/chn")
    arguments = parser.parse_args()
    build(arguments.shared, arguments.out)

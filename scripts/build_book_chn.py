"""Compute the tables of the book of China from the data at hand.

    python scripts/build_book_chn.py --shared DIR [--out DIR]

writes `lines.csv`, `measures/mfn.csv`, `measures/rcep.csv`, `measures/usa-2018-2019.csv`. The rest of the
book is written by hand. Method and limits: `docs/book.md`.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path

from book_tables import percent, write_measures, write_table
from china_lines import ADDED, MFN_CHANGES, RCEP_YEARS, Line, average, classes, read_lines
from openward.codes.industries import industries

CARRIED = "2020-01-01"
NEXT_ROUND = "2019-09-01"
SHARE_SOURCE = (
    "reference weights: US imports for consumption 2024 by HS6; simple mean over 8-digit lines inside"
)


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


def _mfn(vintage: str) -> Callable[[Line], float]:
    return lambda line: line.mfn[vintage]


def _staged(year: int) -> Callable[[Line], float]:
    return lambda line: line.staged[year - 1]


def _added(day: str) -> Callable[[Line], float]:
    return lambda line: line.added[day]


def mfn_rows(lines: Sequence[Line]) -> Iterator[dict[str, str]]:
    """One measure for each industry, class and vintage."""
    for sector, code, inside in classes(lines):
        number = len(inside)
        spans = [
            ("2014", "2012-01-01", "2018-01-01", "unverified", average(inside, lambda line: line.base_2014)),
        ]
        ends = [*(start for _, start, _ in MFN_CHANGES[1:]), CARRIED]
        for (name, start, _), end in zip(MFN_CHANGES, ends, strict=True):
            spans.append((name, start, end, "official", average(inside, _mfn(name))))
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
                    average(inside, _staged(year)),
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
            spans.append((day, day, end, "official", average(inside, _added(day))))
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

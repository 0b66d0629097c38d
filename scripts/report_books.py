"""Write the computed tables of `docs/book.md`: China's tariff by industry, and the cross-check against WITS.

python scripts/report_books.py --shared DIR
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl

from book_tables import mean, nomenclature
from china_lines import Line, average, read_lines
from openward.book import load
from openward.book.model import Instrument
from openward.codes import tables
from openward.codes.industries import industries
from openward.determine.table import rate_table
from openward.observe.worldpack import load_world

DOCS = Path(__file__).parents[1] / "docs/book.md"
VINTAGES = {2014: "2014", 2018: "2018a", 2019: "2019a", 2020: "2019a"}
GROUPS = {
    "All Products": "all",
    "Raw materials": "raw",
    "Intermediate goods": "intermediate",
    "Consumer goods": "consumer",
    "Capital goods": "capital",
}


def china_table(lines: list[Line]) -> Iterator[str]:
    """Lines of the table of China's MFN tariff by industry."""
    yield "| industry | lines | free 2019, share of imports | dutiable mean 2019 | mean 2014 | mean 2019 |"
    yield "|---|---|---|---|---|---|"
    for industry in industries():
        inside = [line for line in lines if line.sector == industry.code]
        if inside:
            paying = [line for line in inside if line.code == "dutiable"]
            values = (
                100 * average(inside, lambda line: float(line.code == "free")),
                average(paying, lambda line: line.mfn["2019a"]),
                average(inside, lambda line: line.base_2014),
                average(inside, lambda line: line.mfn["2019a"]),
            )
            cells = [f"{values[0]:.1f} %", *(f"{value:.2f} %" for value in values[1:])]
            yield f"| {industry.code} {industry.name} | {len(inside)} | {' | '.join(cells)} |"


def wits(shared: Path) -> dict[tuple[str, int], float]:
    """WITS weighted averages of China by product group and year."""
    table = (
        pl.read_parquet(shared / "data/economy/wits_trade_summary.parquet")
        .with_columns(pl.col("economy", "product_group", "indicator").cast(pl.String))
        .filter(pl.col("economy") == "CHN", pl.col("indicator") == "Weighted Average (%)")
    )
    return {(g, y): v for g, y, v in table.select("product_group", "year", "value").iter_rows()}


def stages(shared: Path) -> dict[str, str]:
    """Stage of processing of every HS2017 subheading, by its first BEC class."""
    stage = {row["bec"]: row["stage"] for row in tables.rows("bec_stage.csv")}
    bec = nomenclature(shared, "hs5_bec4")
    return {hs6: stage[code.ljust(3, "0")] for hs6, code in bec.items() if code.ljust(3, "0") in stage}


def applied(on: date) -> float:
    """Average applied rate of China at imports of 2022, preferences in, retaliation out; percent."""
    pack, book = load_world(), load("chn")
    kept = {k: m for k, m in book.measures.items() if m.instrument is not Instrument.RETALIATORY_DUTY}
    book = replace(book, measures=kept)
    table = rate_table(book, on=on, economies=tuple(pack.economies), sectors=tuple(pack.sectors))
    n = table.economies.index("CHN")
    goods = [j for j, industry in enumerate(industries()) if industry.goods]
    rates = (table.rates[n] * table.shares[n]).sum(-1)[:, goods]
    imports = np.array(pack.flows)[n][:, goods]
    imports[n] = 0
    return float(100 * (rates * imports).sum() / imports.sum())


def _rate(line: Line, vintage: str) -> float:
    return line.mfn.get(vintage, line.base_2014)


def check_table(lines: list[Line], shared: Path) -> Iterator[str]:
    """Lines of the table that holds the book against WITS."""
    pack, found, stage = load_world(), wits(shared), stages(shared)
    n = list(pack.economies).index("CHN")
    flows = np.array(pack.flows)[n]
    flows[n] = 0
    imports = dict(zip(pack.sectors, flows.sum(0), strict=True))
    yield "| year | goods | MFN, reference weights | MFN, China's imports 2022 | applied, same | WITS |"
    yield "|---|---|---|---|---|---|"
    for year, name in VINTAGES.items():
        for group, wanted in GROUPS.items():
            inside = [line for line in lines if wanted in ("all", stage.get(line.hs8[:6]))]
            cells = [f"{mean([_rate(x, name) for x in inside], [x.weight for x in inside]):.2f}"]
            if wanted == "all":
                rates = {
                    code: mean([_rate(x, name) for x in part], [x.weight for x in part])
                    for code in imports
                    if (part := [line for line in lines if line.sector == code])
                }
                weights = [imports[code] for code in rates]
                cells += [f"{mean(list(rates.values()), weights):.2f}", f"{applied(date(year, 7, 1)):.2f}"]
            else:
                cells += ["", ""]
            yield f"| {year} | {wanted} | {' | '.join(cells)} | {found[group, year]:.2f} |"


def outliers(shared: Path) -> Iterator[str]:
    """Lines of the table of economies whose year taken stands out from the year before in the source."""
    table = (
        pl.read_parquet(shared / "data/economy/wits_trade_summary.parquet")
        .with_columns(pl.col("economy", "product_group", "indicator").cast(pl.String))
        .filter(pl.col("indicator") == "Weighted Average (%)", pl.col("product_group") != "All Products")
    )
    values = {(e, g, y): v for e, _, g, _, _, y, v in table.iter_rows()}
    yield "| economy | goods | taken | median of the five readings before |"
    yield "|---|---|---|---|"
    path = Path(__file__).parents[1] / "src/openward/books/world/tables/stage_rates.csv"
    with path.open(encoding="utf-8", newline="") as source:
        for row in csv.DictReader(source):
            code, year = "EUN" if row["economy"] == "EU27" else row["economy"], int(row["year"])
            for group in list(GROUPS)[1:]:
                past = [v for (e, g, y), v in sorted(values.items()) if (e, g) == (code, group) and y < year][
                    -5:
                ]
                value, usual = values[code, group, year], float(np.median(past))
                if abs(value - usual) > 4 and not usual / 1.5 < value < 1.5 * usual:
                    yield f"| {row['economy']} | {GROUPS[group]} | {value:.2f} % ({year}) | {usual:.2f} % |"


def put(name: str, lines: Iterator[str]) -> None:
    """Replace a marked block of the page."""
    begin, end = f"<!-- computed: {name} -->\n", "<!-- end -->"
    head, rest = DOCS.read_text(encoding="utf-8").split(begin)
    _, tail = rest.split(end, 1)
    DOCS.write_text(head + begin + "\n".join(lines) + "\n" + end + tail, encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shared", type=Path, required=True)
    arguments = parser.parse_args()
    tariff = read_lines(arguments.shared)
    put("china by industry", china_table(tariff))
    put("china against wits", check_table(tariff, arguments.shared))
    put("averages that stand out", outliers(arguments.shared))

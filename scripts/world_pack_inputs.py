"""Write the two small cited tables that build_world_pack.py reads, from a folder with the full sources.

Usage: python scripts/world_pack_inputs.py --data DIR
DIR holds economy/wdi_openness_panel.parquet and economy/wiod2011_{Z,F}.parquet and
economy/icio2022_nodes.parquet.
"""

from __future__ import annotations

import argparse
import csv
import math
from pathlib import Path

import polars as pl

from openward.observe.proof import limited
from openward.observe.reconstruct import home_preference
from openward.observe.wiod import read_wiod

INPUTS = Path(__file__).parent / "inputs"
YEAR, OLDEST = 2022, 2019

# Several WIOD industries: geometric mean of their ratios.
WIOD_OF = {
    "A01": "c1", "A02": "c1", "A03": "c1",
    "B05": "c2", "B06": "c2", "B07": "c2", "B08": "c2", "B09": "c2",
    "C10T12": "c3", "C13T15": "c4 c5", "C16": "c6", "C17_18": "c7", "C19": "c8", "C20": "c9", "C21": "c9",
    "C22": "c10", "C23": "c11", "C24A": "c12", "C24B": "c12", "C25": "c12", "C26": "c14", "C27": "c14",
    "C28": "c13", "C29": "c15", "C301": "c15", "C302T309": "c15", "C31T33": "c16",
    "D": "c17", "E": "c17", "F": "c18", "G": "c19 c20 c21", "H49": "c23", "H50": "c24", "H51": "c25",
    "H52": "c26", "H53": "c27", "I": "c22", "J58T60": "c7 c34", "J61": "c27", "J62_63": "c30", "K": "c28",
    "L": "c29", "M": "c30", "N": "c30", "O": "c31", "P": "c32", "Q": "c33", "R": "c34", "S": "c34", "T": "",
}  # fmt: skip


def write_home_preference(data: Path) -> None:
    table = read_wiod(data / "economy")
    ratio = limited(home_preference(intermediate=table.intermediate, final=table.final))
    by_code = dict(zip(table.industries, ratio, strict=True))
    with (INPUTS / "home_preference.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["industry", "ratio", "wiod_industries", "source"])
        for industry, codes in WIOD_OF.items():
            logs = [math.log(by_code[code]) for code in codes.split()]
            mean = math.exp(sum(logs) / len(logs)) if logs else 1.0
            source = "WIOD 2013 release, 2011 (CC BY 4.0); our calculation" if logs else "no counterpart: 1"
            rows.writerow([industry, f"{mean:.3f}", codes, source])


def write_balances(data: Path) -> None:
    panel = pl.read_parquet(data / "economy" / "wdi_openness_panel.parquet")
    economies = pl.read_parquet(data / "economy" / "icio2022_nodes.parquet")["iso3"].unique()
    latest = (
        panel.select("iso3", "year", exports="exports_percent_of_gdp", imports="imports_percent_of_gdp")
        .drop_nulls()
        .filter(pl.col("iso3").is_in(economies.to_list()), pl.col("year").is_between(OLDEST, YEAR))
        .sort("iso3", "year")
        .group_by("iso3", maintain_order=True)
        .last()
    )
    with (INPUTS / "balances.csv").open("w", newline="", encoding="utf-8") as file:
        rows = csv.writer(file, lineterminator="\n")
        rows.writerow(["economy", "year", "exports_pct_gdp", "imports_pct_gdp", "source"])
        for economy, year, exports, imports in latest.iter_rows():
            rows.writerow(
                [
                    economy,
                    year,
                    f"{exports:.4f}",
                    f"{imports:.4f}",
                    "World Bank WDI via Gapminder (CC BY 4.0)",
                ]
            )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True)
    data = parser.parse_args().data
    INPUTS.mkdir(exist_ok=True)
    write_home_preference(data)
    write_balances(data)


if __name__ == "__main__":
    main()

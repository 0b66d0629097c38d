"""Build the dated groups of `src/openward/codes/data/groups` that follow from shared facts.

Usage: python scripts/build_groups.py SHARED_DIR [OUT_DIR]

RCEP, China's agreements and the batches of least developed countries come from the cited fact tables;
DESTA groups from the treaty list of Duer, Baccini and Elsig (2014). Which treaties become groups is
decided row by row in `desta_decisions.csv`; endings that the list lacks stand in `desta_endings.csv`.
The other families (`cptpp.csv`, `asean.csv`, `eu27.csv` ...) are kept by hand.
"""

from __future__ import annotations

import csv
import re
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

from build_codes import DATA, read, text

HEADER = ("group", "economy", "from", "to", "precision", "source", "status")
Row = tuple[str, str, str, str, str, str, str]
LAST_YEAR = 2020  # the treaty list ends there
AGREEMENTS = {
    "Asia-Pacific Trade Agreement (China accession)": "APTA",
    "Mainland-Hong Kong CEPA": "CEPA-HKG",
    "Mainland-Macao CEPA": "CEPA-MAC",
    "China-ASEAN (goods)": "CHN-ASEAN",
    "ECFA (Taiwan)": "ECFA",
}
# other parties joined the Bangkok Agreement, renamed APTA, on other days than China (own knowledge)
APTA_FROM = dict.fromkeys(("BGD", "IND", "KOR", "LAO", "LKA"), "1976-06-17") | {"MNG": "2021-01-01"}


def facts(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle, delimiter="\t"))


def alpha3() -> dict[str, str]:
    return {row["iso2"]: row["code"] for row in read(DATA / "economies.csv")}


def sure(source: str) -> str:
    """A stored official page is official; own knowledge, news pages and copies of Wikipedia are not."""
    official = re.search(r"^stored$|gov\.cn|Tariff Commission Announcement|forumchinaplp", source)
    doubtful = re.search(r"domain knowledge|\bdk\b", source)
    return "official" if official and not doubtful else "unverified"


def rcep(shared: Path) -> list[Row]:
    code = alpha3()
    rows: list[Row] = [
        (
            "RCEP",
            code[f["iso2"]],
            f["entry_into_force"],
            "",
            "day",
            f"cn_rcep_members: {f['source']}",
            sure(f["source"]),
        )
        for f in facts(shared / "facts/cn_rcep_members.tsv")
    ]
    return sorted(rows)


def agreements(shared: Path) -> list[Row]:
    code = alpha3()
    rows: list[Row] = []
    for f in facts(shared / "facts/cn_fta_list.tsv"):
        if f["agreement"] == "RCEP":
            continue
        partners = [code[p] for p in f["partners_iso2"].split(";")]
        group = AGREEMENTS.get(f["agreement"], f"CHN-{partners[0]}")
        source = f"cn_fta_list: {f['source']}"
        status = sure(f["source"])
        for economy in sorted({"CHN", *partners}):
            if group == "APTA" and economy in APTA_FROM:
                row = (
                    group,
                    economy,
                    APTA_FROM[economy],
                    "",
                    "day",
                    f"{source}; day: own knowledge",
                    "unverified",
                )
                rows.append(row)
            else:
                rows.append((group, economy, f["in_force"], "", "day", source, status))
    return sorted(rows)


def batches(shared: Path) -> list[Row]:
    code = alpha3()
    rows: list[Row] = []
    number = 0
    for f in facts(shared / "facts/cn_ldc_africa_programmes.tsv"):
        if "98%" not in f["programme"]:
            continue
        number += 1
        for iso2 in f["beneficiaries"].split(";"):
            source = f"cn_ldc_africa_programmes: {f['source']}; listed with the start of the programme"
            rows.append((f"LDC98-{number}", code[iso2], f["from"], "", "day", source, sure(f["source"])))
    return sorted(rows)


def first_years(entries: pl.DataFrame) -> dict[str, tuple[int, bool]]:
    """Give each member's first year and whether it is that of entry into force (else of signature)."""
    found: dict[str, tuple[int, bool]] = {}
    joining = entries.filter(
        pl.col("entry_type").cast(pl.String).is_in(["base_treaty", "accession", "protocol or amendment"])
    )
    for row in joining.sort("year_signed").iter_rows(named=True):
        base = row["entry_type"] != "accession"
        force, signed = row["year_force"], row["year_signed"]
        if row["iso3"] and row["iso3"] not in found and (force or not base):
            found[row["iso3"]] = (max(force, signed), True) if force else (signed, False)
    return found


def treaty(
    number: int, entries: pl.DataFrame, union: Mapping[str, tuple[str, str]], endings: Mapping[str, str]
) -> list[Row]:
    """Date the members of one treaty.

    The European Union is a party through all its members while they are in its customs union; a state
    that joins the Union leaves its own treaties on that day.
    """
    years = first_years(entries)
    by_union = {"FRA", "DEU"} <= set(years)
    start = min(year for year, _ in years.values())
    group = f"DESTA-{number}"
    rows: list[Row] = []
    for economy in sorted(set(years) | (set(union) if by_union else set())):
        year, in_force = years.get(economy, (start, True))
        begins = f"{year}-01-01"
        ends = endings.get(economy, endings.get("*", ""))
        source = f"DESTA {number}: {'year of entry into force' if in_force else 'year of signature'}"
        if economy in union:
            joined, left = union[economy]
            if by_union:
                begins = max(f"{start}-01-01", joined)
                source = f"DESTA {number}: year of entry into force; bound as a member of the European Union"
                ends = min(filter(None, (ends, left)), default="")
            else:
                ends = min(filter(None, (ends, joined)))
        if ends and ends <= begins:
            continue
        precision = "day" if economy in union and begins == union[economy][0] else "year"
        rows.append((group, economy, begins, ends, precision, source, "unverified"))
        if by_union and economy == "GBR" and not endings:
            rolled = f"DESTA {number}: assumed to be carried over by the United Kingdom"
            rows.append((group, economy, max(begins, ends), "", "day", rolled, "unverified"))
    return rows


def world(shared: Path) -> list[str]:
    """Give the eighty economies of the inter-country input-output table."""
    nodes = pl.read_parquet(shared / "data/economy/icio2022_nodes.parquet")
    return sorted(set(nodes["iso3"].cast(pl.String)))


def desta(shared: Path) -> list[Row]:
    table = pl.read_parquet(shared / "data/economy/desta_treaty_members.parquet")
    chosen = [int(r["base_treaty"]) for r in read(DATA / "desta_decisions.csv") if r["include"] == "yes"]
    union = {r["economy"]: (r["from"], r["to"]) for r in read(DATA / "groups/eu27.csv")}
    endings: dict[int, dict[str, str]] = defaultdict(dict)
    for r in read(DATA / "desta_endings.csv"):
        endings[int(r["base_treaty"])][r["economy"]] = r["to"]
    known = world(shared)
    rows: list[Row] = []
    for number in sorted(chosen):
        entries = table.filter(
            (pl.col("base_treaty") == number)
            & pl.col("iso3").is_in(known)
            & (pl.col("year_force").is_null() | (pl.col("year_force") <= LAST_YEAR))
        )
        rows.extend(treaty(number, entries, union, endings[number]))
    return rows


def build(shared: Path) -> dict[str, str]:
    """Give every built table as file name -> CSV text."""
    return {
        "groups/rcep.csv": text(HEADER, rcep(shared)),
        "groups/china_agreements.csv": text(HEADER, agreements(shared)),
        "groups/ldc98.csv": text(HEADER, batches(shared)),
        "groups/desta.csv": text(HEADER, desta(shared)),
    }


def main(arguments: Sequence[str]) -> None:
    if len(arguments) not in (1, 2):
        raise SystemExit(__doc__)
    out = Path(arguments[1]) if len(arguments) == 2 else DATA
    for name, content in build(Path(arguments[0])).items():
        target = out / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(content, encoding="utf-8")
        print(f"{name}: {content.count(chr(10)) - 1} rows")


if __name__ == "__main__":
    main(sys.argv[1:])

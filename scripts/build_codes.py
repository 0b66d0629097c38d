"""Build the code tables of `src/openward/codes/data` from the shared source data.

Usage: python scripts/build_codes.py SHARED_DIR [OUT_DIR]

Hand-kept inputs beside the outputs (decisions, with reasons) are read, not written: `industries.csv`,
`isic3_industry.csv`, `hs_industry_exceptions.csv`, `bec_stage.csv`, `economy_names.csv`, `units.csv`,
`currency_names.csv`. Sources: country codes and HS2022 names (datasets/country-codes,
datasets/harmonized-system; ODC-PDDL 1.0), HS, ISIC and BEC tables of the R package concordance
(insongkim/concordance; MIT; United Nations and World Bank tables).
"""

from __future__ import annotations

import csv
import gzip
import io
import sys
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import polars as pl

DATA = Path(__file__).resolve().parent.parent / "src" / "openward" / "codes" / "data"
# edition -> number that the concordance package gives it
EDITIONS = {"2022": "6", "2017": "5", "2012": "4"}
CONTINENTS = {
    "AF": "Africa",
    "AN": "Antarctica",
    "AS": "Asia",
    "EU": "Europe",
    "NA": "North America",
    "OC": "Oceania",
    "SA": "South America",
}


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def text(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def economies(shared: Path) -> str:
    names = {row["code"]: row["name"] for row in read(DATA / "economy_names.csv")}
    table = pl.read_parquet(shared / "data/economy/country_codes.parquet").sort("ISO3166-1-Alpha-3")
    rows = []
    for r in table.iter_rows(named=True):
        code = r["ISO3166-1-Alpha-3"]
        name = names.get(code, r["CLDR display name"].replace("’", "'").replace(" & ", " and "))
        rows.append(
            (
                code,
                name,
                r["ISO3166-1-Alpha-2"],
                r["M49"].zfill(3),
                r["Sub-region Name"] or "Antarctica",
                CONTINENTS[r["Continent"]],
            )
        )
    return text(("code", "name", "iso2", "m49", "region", "continent"), rows)


def currencies(shared: Path) -> str:
    names = {row["code"]: row for row in read(DATA / "currency_names.csv")}
    users: dict[str, list[str]] = defaultdict(list)
    table = pl.read_parquet(shared / "data/economy/country_codes.parquet").sort("ISO3166-1-Alpha-3")
    for r in table.iter_rows(named=True):
        for code in (r["ISO4217-currency_alphabetic_code"] or "").split(","):
            if code:
                users[code].append(r["ISO3166-1-Alpha-3"])
    for code, row in names.items():
        users[code] = sorted({*users[code], *row["also"].split()})
    rows = [(c, names[c]["name"], names[c]["minor"], " ".join(users[c])) for c in sorted(users)]
    return text(("code", "name", "minor", "economies"), rows)


def hs_industry(shared: Path) -> str:
    by_class = {row["isic3"]: row["industry"] for row in read(DATA / "isic3_industry.csv")}
    exceptions = {row["prefix"]: row["industry"] for row in read(DATA / "hs_industry_exceptions.csv")}
    # a code may change its meaning, and then its industry, between editions
    editions: dict[tuple[str, str], list[str]] = defaultdict(list)
    for edition, number in EDITIONS.items():
        classes = {
            row[f"HS{number}_6d"]: row["ISIC3_4d"]
            for row in read(shared / f"data/tariff/nomenclature/concordance_hs{number}_isic3.csv")
        }
        # the HS2012 table lacks 999999, which the edition has
        for hs6 in sorted(set(classes) | {"999999"}):
            prefix = next((hs6[:n] for n in (6, 4, 2) if hs6[:n] in exceptions), None)
            industry = exceptions[prefix] if prefix else by_class[classes[hs6]]
            editions[hs6, industry].append(edition)
    rows = ((hs6, industry, " ".join(where)) for (hs6, industry), where in sorted(editions.items()))
    return text(("hs6", "industry", "editions"), rows)


def hs_names(shared: Path) -> str:
    listed: dict[str, dict[str, str]] = {}
    table = pl.read_parquet(shared / "data/economy/hs2022_names.parquet")
    listed["2022"] = {
        r["hscode"]: r["description"] for r in table.iter_rows(named=True) if len(r["hscode"]) in (2, 4, 6)
    }
    for edition in ("2017", "2012"):
        path = shared / f"data/tariff/nomenclature/concordance_hs{EDITIONS[edition]}_desc.csv"
        listed[edition] = {row["code"]: row["desc"] for row in read(path) if len(row["code"]) in (2, 4, 6)}
    where: dict[tuple[str, str], list[str]] = defaultdict(list)
    for edition, names in listed.items():
        for code, name in names.items():
            where[code, name.strip()].append(edition)
    rows = sorted((code, " ".join(editions), name) for (code, name), editions in where.items())
    return text(("code", "editions", "name"), rows)


def stage_mix(shared: Path, industry_of: dict[str, str]) -> str:
    stages = {row["bec"]: row["stage"] for row in read(DATA / "bec_stage.csv")}
    classes: dict[str, set[str]] = defaultdict(set)
    for row in read(shared / "data/tariff/nomenclature/concordance_hs6_bec4.csv"):
        if row["HS6_6d"]:
            classes[row["HS6_6d"]].add(row["BEC4_3d"])
    lines: defaultdict[tuple[str, str], float] = defaultdict(float)
    total: defaultdict[str, float] = defaultdict(float)
    for hs6, bec in sorted(classes.items()):
        for one in sorted(bec):
            weight = 1 / len(bec)
            lines[industry_of[hs6], stages[one]] += weight
            total[industry_of[hs6]] += weight
    order = ["raw", "intermediate", "consumer", "capital"]
    rows = []
    for code in [row["code"] for row in read(DATA / "industries.csv") if row["code"] in total]:
        for stage in order:
            if (code, stage) in lines:
                n = lines[code, stage]
                rows.append((code, stage, f"{n:.4g}", f"{n / total[code]:.6f}"))
    return text(("industry", "stage", "lines", "share"), rows)


def build(shared: Path) -> dict[str, str]:
    """Give every built table as file name -> CSV text."""
    hs = hs_industry(shared)
    in_2022 = {r["hs6"]: r["industry"] for r in csv.DictReader(io.StringIO(hs)) if "2022" in r["editions"]}
    return {
        "economies.csv": economies(shared),
        "currencies.csv": currencies(shared),
        "hs_industry.csv": hs,
        "hs_names.csv.gz": hs_names(shared),
        "stage_mix.csv": stage_mix(shared, in_2022),
    }


def main(arguments: Sequence[str]) -> None:
    if len(arguments) not in (1, 2):
        raise SystemExit(__doc__)
    out = Path(arguments[1]) if len(arguments) == 2 else DATA
    for name, content in build(Path(arguments[0])).items():
        target = out / name
        target.parent.mkdir(parents=True, exist_ok=True)
        data = content.encode()
        target.write_bytes(gzip.compress(data, 9, mtime=0) if name.endswith(".gz") else data)
        print(f"{name}: {content.count(chr(10)) - 1} rows")


if __name__ == "__main__":
    main(sys.argv[1:])

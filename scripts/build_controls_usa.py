"""Reduce the export control tables of the United States to what a determination reads.

    python scripts/build_controls_usa.py --shared DIR [--out DIR]

writes `ear_entries.csv`, `ear_controls.csv`, `ear_exceptions.csv`, `ear_chart.csv`, `ear_groups.csv`: 15 CFR
parts 738, 740 and 774 as of the day in their first line (works of the United States government, public
domain).
"""

from __future__ import annotations

import argparse
import csv
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from openward.codes.economies import economies

OUT = Path(__file__).resolve().parents[1] / "src/openward/books/usa/tables"
SPELLED = {
    "bahamas, the": "BHS", "the bahamas": "BHS", "bosnia & herzegovina": "BIH",
    "bosnia and herzegovina": "BIH", "burma": "MMR", "china (prc)": "CHN",
    "congo (democratic republic of the)": "COD",
    "congo (democratic republic of)": "COD", "congo (republic of the)": "COG", "cote d'ivoire": "CIV",
    "cote d'lvoire": "CIV", "czech republic": "CZE", "gambia, the": "GMB", "korea, north": "PRK",
    "korea, south": "KOR", "kosovo": "XKX", "laos": "LAO", "macau": "MAC", "seycheles": "SYC",
    "taiwan": "TWN",
    "micronesia (federated state of)": "FSM", "micronesia, federated states of": "FSM", "vietnam": "VNM",
    "saint kitts & nevis": "KNA", "saint lucia": "LCA", "saint vincent and the grenadines": "VCT",
    "st. vincent and the grenadines": "VCT", "sao tome & principe": "STP", "sao tome and principe": "STP",
    "sint maarten (the dutch two-fifths of the island of saint martin)": "SXM",
    "south sudan, republic of": "SSD", "trinidad & tobago": "TTO",
}  # fmt: skip
# 15 CFR 738.3(b) and footnote 5: territories that follow another row.
INHERITED = {"HKG": "CHN", "LIE": "CHE", "CYM": "GBR"}
LONGEST = 240


def code(name: str) -> str:
    """Give the economy of a country name of the regulations."""
    known = {one.name.lower(): key for key, one in economies().items()}
    return SPELLED.get(name.lower()) or known[name.lower()]


def cut(text: str | None) -> str:
    """Shorten a text at a word."""
    plain = " ".join((text or "").split())
    return plain if len(plain) <= LONGEST else plain[:LONGEST].rsplit(" ", 1)[0] + " ..."


def write(path: Path, source: str, header: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Write a table whose first line says its source."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(f"# {source}\n")
        table = csv.writer(file, lineterminator="\n")
        table.writerow(header)
        table.writerows(rows)


def read(folder: Path, name: str) -> Any:
    """Read one of the tables as collected."""
    return json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))


def build(shared: Path, out: Path) -> None:
    """Write the five tables."""
    folder = shared / "data/controls/us_ear"
    ccl, chart, groups = (read(folder, name) for name in ("ccl", "country-chart", "country-groups"))
    source = f"{ccl['citation']}, eCFR of {ccl['ecfrIssueDate']}"
    entries = ccl["entries"]
    write(out / "ear_entries.csv", source, ("eccn", "reasons", "heading"),
          ([e["eccn"], e["reasonForControl"] or "", cut(e["heading"])] for e in entries))  # fmt: skip
    write(out / "ear_controls.csv", source, ("eccn", "control", "chart"),
          ([e["eccn"], cut(c["control"]), cut(c["countryChart"])]
           for e in entries for c in e["countryChart"]))  # fmt: skip
    write(out / "ear_exceptions.csv", source, ("eccn", "symbol", "text"),
          ([e["eccn"], symbol, cut(text)] for e in entries
           for symbol, text in e["licenceExceptionFlags"].items()
           if text.strip().upper().rstrip(".") != "N/A"))  # fmt: skip
    source = f"{chart['citation']}, eCFR of {chart['ecfrIssueDate']}"
    rows = {code(name): (";".join(row["marks"]), "") for name, row in chart["countries"].items()}
    rows |= {code(name): ("", row["pointer"]) for name, row in chart["embargoed"].items()}
    rows |= {territory: rows[parent] for territory, parent in INHERITED.items()}
    write(out / "ear_chart.csv", source, ("economy", "marks", "embargo"),
          ([economy, *row] for economy, row in sorted(rows.items())))  # fmt: skip
    source = f"{groups['citation']}, eCFR of {groups['ecfrIssueDate']}"
    members = {(group, code(name)) for group, names in groups["groups"].items() for name in names}
    members |= {
        (group, territory)
        for group, economy in members
        for territory, of in INHERITED.items()
        if of == economy
    }
    write(out / "ear_groups.csv", source, ("group", "economy"), (list(one) for one in sorted(members)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    build(options.shared, options.out)

"""Write the items of China's negative lists for foreign investment from the facts at hand.

    python scripts/build_investment.py --shared DIR [--out DIR]

writes `measures/investment-items.csv`: one measure for each clause of an item in each of the three editions
whose items are at hand. The table of facts says which edition holds which item;
`inputs/chn_investment_clauses.csv` is our reading of each text (activity, industries, what must hold). Every
row is unverified, as the facts are.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from book_tables import write_table

INPUTS = Path(__file__).resolve().parent / "inputs"
OUT = Path(__file__).resolve().parents[1] / "src/openward/books/chn"
Row = Mapping[str, str]
COLUMNS = (
    *(
        "id",
        "instrument",
        "imposed_by",
        "flow",
        "sectors",
        "hint_only",
        "conditions",
        "number",
        "unit",
        "text",
    ),
    *("from", "to", "act", "article", "zone", "status", "note"),
)
# Column of the facts -> id of the edition, kind of edition, its days, its act, its zone.
EDITIONS = {
    "national_2021": ("chn-fdi-2021", "national", "2022-01-01", "2024-11-01", "fdi-list-2021", ""),
    "ftz_2021": ("chn-fdi-2021-zones", "zones", "2022-01-01", "", "fdi-list-2021-zones", "pilot-zones"),
    "national_2024": ("chn-fdi-2024", "national", "2024-11-01", "", "fdi-list-2024", ""),
}
# The list of the pilot zones holds both in one item: 28 rows, 27 items.
ONE_ITEM = {"market_survey", "social_survey"}


def items(facts: Iterable[Row], clauses: Iterable[Row]) -> Iterator[dict[str, str]]:
    """Give the measures, edition by edition, in the order of the facts."""
    read = list(clauses)
    listed = list(facts)
    missing = {row["key"] for row in listed} - {row["key"] for row in read}
    if missing:
        raise SystemExit(f"no clause is written for {', '.join(sorted(missing))}")
    for column, edition in EDITIONS.items():
        for fact in listed:
            if fact[column] != "1":
                continue
            for clause in read:
                if clause["key"] == fact["key"] and clause["editions"] in {"all", edition[1]}:
                    if (
                        column == "ftz_2021"
                        and clause["key"] == "market_survey"
                        and clause["clause"] == "general"
                    ):
                        continue
                    yield measure(fact, clause, *edition)


def measure(
    fact: Row, clause: Row, prefix: str, kind: str, start: str, end: str, act: str, zone: str
) -> dict[str, str]:
    """Give one clause as a row of the book."""
    name = "-".join(part for part in (fact["key"].replace("_", "-"), clause["clause"]) if part)
    conditions = [f"fact=activity == '{clause['activity']}'"]
    if clause["requires"]:
        conditions.append(f"requirement={clause['requires']}")
    joined = kind == "zones" and fact["key"] in ONE_ITEM
    return {
        "id": f"{prefix}-{name}",
        "instrument": clause["instrument"],
        "imposed_by": "CHN",
        "flow": "inward-investment",
        "sectors": clause["sectors"],
        "hint_only": "true",
        "conditions": "; ".join(conditions),
        "number": clause["number"],
        "unit": clause["unit"],
        "text": f"{clause['text']} {fact['measure_text_zh']}",
        "from": start,
        "to": end,
        "act": act,
        "article": "market-and-social-survey" if joined else fact["key"].replace("_", "-"),
        "zone": zone,
        "status": "unverified",
        "note": f"GB/T 4754 section {fact['gbt4754_division']}; item numbers and official text not read",
    }


def read(path: Path, delimiter: str) -> list[dict[str, str]]:
    """Read a table."""
    with path.open(encoding="utf-8", newline="") as source:
        if delimiter == "\t":
            return list(csv.DictReader(source, delimiter=delimiter, quoting=csv.QUOTE_NONE))
        return list(csv.DictReader(source, delimiter=delimiter))


def main() -> None:
    """Write the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, required=True, help="folder with facts/")
    parser.add_argument("--out", type=Path, default=OUT, help="folder of the book")
    arguments = parser.parse_args()
    facts = read(arguments.shared / "facts/cn_fdi_negative_list_items.tsv", "\t")
    rows = list(items(facts, read(INPUTS / "chn_investment_clauses.csv", ",")))
    write_table(
        arguments.out / "measures/investment-items.csv",
        COLUMNS,
        ([row[name] for name in COLUMNS] for row in rows),
    )
    print(f"{len(rows)} clauses")


if __name__ == "__main__":
    main()

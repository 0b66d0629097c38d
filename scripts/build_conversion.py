"""Build ``codes/data/hs_changes.csv``: subheadings that changed between HS2012, HS2017 and HS2022.

    python scripts/build_conversion.py SHARED

The workbook of the European Union's correlation is read with xlrd (``pip install xlrd``).
"""

from __future__ import annotations

import csv
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

SCRIPTS = Path(__file__).resolve().parent
DATA = SCRIPTS.parent / "src" / "openward" / "codes" / "data"
Pairs = set[tuple[str, str]]


def concordance(path: Path, newer: str, older: str) -> Pairs:
    """Read (old, new) pairs from a table of the United Nations."""
    with path.open(encoding="utf-8") as lines:
        return {(row[f"{older}_6d"], row[f"{newer}_6d"]) for row in csv.DictReader(lines)}


def workbook(path: Path) -> Pairs:
    """Read (old, new) pairs from the correlation of combined nomenclatures, cut to six digits."""
    import xlrd

    sheet = xlrd.open_workbook(str(path)).sheet_by_index(0)
    pairs: Pairs = set()
    for k in range(sheet.nrows):
        old, _, new = (str(cell).replace(" ", "") for cell in sheet.row_values(k)[:3])
        if old.isdecimal() and new.isdecimal() and len(old) == len(new) == 8:
            pairs.add((old[:6], new[:6]))
    return pairs


def changed(pairs: Pairs) -> list[tuple[str, str]]:
    """Give the pairs of codes that are not the same code with the same content."""
    olds, news = Counter(old for old, _ in pairs), Counter(new for _, new in pairs)
    return sorted((old, new) for old, new in pairs if old != new or olds[old] > 1 or news[new] > 1)


def build(shared: Path) -> dict[str, str]:
    """Give the text of the table by file name."""
    folder = shared / "data" / "tariff" / "nomenclature"
    first = concordance(folder / "concordance_hs5_hs4.csv", "HS5", "HS4")
    second = concordance(folder / "concordance_hs6_hs5.csv", "HS6", "HS5")
    second |= workbook(shared / "data" / "tariff" / "uk_eu" / "CorrelationCN2021toCN2022Rev21Oct.xls")
    rows = ["older,newer,old,new"]
    rows += [f"HS2012,HS2017,{old},{new}" for old, new in changed(first)]
    rows += [f"HS2017,HS2022,{old},{new}" for old, new in changed(second)]
    return {"hs_changes.csv": "\n".join(rows) + "\n"}


def main(arguments: Sequence[str]) -> None:
    """Write the table."""
    for name, content in build(Path(arguments[0])).items():
        (DATA / name).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])

"""Write China's controlled items and listings of parties from the facts at hand.

    python scripts/build_controls_chn.py --shared DIR [--out DIR]

writes `measures/control-items.csv` and `measures/listings.csv`. Both come from machine-made extracts of
notices, so every row is unverified; `docs/export-control.md` says what is missing. Policies, catch-all and
acts are written by hand (`measures/controls.yaml`, `acts.csv`).
"""

from __future__ import annotations

import argparse
import csv
import html
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path

import polars as pl

from book_tables import COLUMNS, write_table

INPUTS = Path(__file__).resolve().parent / "inputs"
OUT = Path(__file__).resolve().parents[1] / "src/openward/books/chn"
Row = Mapping[str, str]
EXTRA = ("parties", "hint_only", "events")
# Announcement 70 of 2025 suspended 55 and 56 before they came into force, through 2026-11-10.
SUSPENDED = "suspend 2025-11-07 chn-mofcom-2025-70 until 2026-11-11"
LISTS = {
    "cn-export-control-watchlist": ("control-list", "管控名单"),
    "export_control_list": ("control-list", "管控名单"),
    "List of Export Controls": ("control-list", "管控名单"),
    "cn-attention-list": ("watch-list", "关注名单"),
    "watch_list": ("watch-list", "关注名单"),
    "cn-unreliable-entity-list": ("unreliable-entities", "不可靠实体清单"),
    "unreliable_entity_list": ("unreliable-entities", "不可靠实体清单"),
    "UEL": ("unreliable-entities", "不可靠实体清单"),
}
LIST_ACTS = {
    "control-list": "chn-list-control",
    "watch-list": "chn-list-watch",
    "unreliable-entities": "chn-list-unreliable",
}
ARTICLES = {
    "control-list": "Dual-use Regulations 28-29",
    "watch-list": "Dual-use Regulations 26",
    "unreliable-entities": "",
}
# What the registry left on a name, or cut off it.
_AROUND = re.compile(r"^参与对台湾地区军售的(?:美国)?|(?:及其分支机构)?等\d*家?(?:外国)?实体$|及其分支机构$")
_BOTH = re.compile(r"^(?P<one>[^（）]+)（(?P<other>[^（）]+)）$")
MENDED = {"空间与安全集团": "波音防务、空间与安全集团"}
PARTS = {"波音防务"}
_LEGAL = re.compile(
    r"\b(?:inc|llc|ltd|co|corp|corporation|company|limited|partnership|technologies)\b\.?", re.I
)


def clean(text: str) -> str:
    """Take the preamble, the number and the reference code off the text of an item."""
    text = html.unescape(text)
    if text.startswith("根据"):
        text = re.split(
            r"(?:[：:；]|）。|\))\s*(?:一、)?\s*(?:（[一二三]）[^。]*。)?\s*\d+[.．]|[：:]\s*(?:一、|（一）)",
            text,
        )[-1]
    return re.sub(r"^(?:（[一二三四五六七]）)+", "", text).strip().rstrip("。")


def rules() -> list[Row]:
    """Read the conditions written by hand."""
    text = (INPUTS / "chn_control_conditions.csv").read_text(encoding="utf-8")
    return list(csv.DictReader(line for line in text.splitlines() if not line.startswith("#")))


def items(shared: Path) -> Iterator[dict[str, str]]:
    """Give one measure for each item of an announcement."""
    path = shared / "facts/cn_export_control_items_hs.csv"
    gathered: dict[tuple[str, str], dict[str, list[str]]] = {}
    dates: dict[str, tuple[str, bool]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            one = gathered.setdefault(
                (row["announcement"], clean(row["description"])), {"hs": [], "code": []}
            )
            one["hs"].append(row["hs_code"])
            one["code"].append(row["control_code"])
            dates[row["announcement"]] = row["effective"], "suspended" in row["status_note"]
    written = rules()
    number: dict[str, int] = {}
    for (announcement, text), one in gathered.items():
        number[announcement] = number.get(announcement, 0) + 1
        rule = next((r for r in written if r["announcement"] == announcement and r["contains"] in text), None)
        codes = rule["products"] if rule and rule["products"] else ";".join(sorted(set(one["hs"])))
        condition = rule["condition"].replace("; ", ", ") if rule else ""
        effective, suspended = dates[announcement]
        control = next((code for code in one["code"] if code), "")
        yield {
            "id": f"chn-ec-{announcement}-{number[announcement]:02d}",
            "instrument": "licence",
            "imposed_by": "CHN",
            "flow": "export",
            "products": codes,
            "edition": f"CN{announcement[:4]}",
            "conditions": f"fact={condition}" if condition else "",
            "from": effective,
            "act": f"chn-mofcom-{announcement}",
            "article": control,
            "status": "unverified",
            "text": text,
            "hint_only": "true",
            "events": SUSPENDED if suspended else "",
        }


def key(name: str) -> str:
    """Give what tells a listed name: letters and digits without legal forms."""
    return re.sub(r"[^a-z0-9\u4e00-\u9fff]", "", _LEGAL.sub("", name.lower().replace("&", "and")))


def named(text: str) -> list[str]:
    """Give the names in a cell, without what surrounds them: ``甲公司（A Inc.）`` holds two."""
    plain = _AROUND.sub("", " ".join(text.replace(";", ",").split()))
    plain = MENDED.get(plain, plain)
    both = _BOTH.match(plain)
    return [both["one"].strip(), both["other"].strip()] if both else [plain] if plain else []


def listed(shared: Path) -> Iterator[tuple[str, str, list[str]]]:
    """Give list, day and names of every party: those of the registry, then those only a fact names."""
    frame = pl.read_parquet(shared / "data/economy/entity_lists_cn_jp.parquet")
    rows = frame.filter(pl.col("list_id").str.starts_with("cn")).sort("date_added", "list_id", "id")
    seen: dict[tuple[str, str], set[str]] = {}
    for row in rows.iter_rows(named=True):
        cells = [row["entity_name"], *(row["aliases"] or "").split("|")]
        names = list(dict.fromkeys(name for cell in cells for name in named(cell)))
        if names and not PARTS & set(names):
            seen.setdefault((row["list_id"], row["date_added"]), set()).update(map(key, names))
            yield row["list_id"], row["date_added"], names
    known = {(LISTS[name][0], on): keys for (name, on), keys in seen.items()}
    with (shared / "facts/cn_entity_list_events.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            text = (
                (row["name_en"] or row["name_zh"]).replace("(", "（").replace(")", "）").replace(" （", "（")
            )
            names = named(text)
            if not {key(name) for name in names} & known.get((LISTS[row["list"]][0], row["date"]), set()):
                yield row["list"], row["date"], names


def listings(shared: Path) -> Iterator[dict[str, str]]:
    """Give one measure for each party on each list, with its events."""
    later = list(changes(shared))
    numbers = announcements(shared)
    used: set[int] = set()
    serial: dict[tuple[str, str], int] = {}
    for source, on, names in listed(shared):
        kind, title = LISTS[source]
        act = LIST_ACTS[kind]
        events = [f"add {on} {act}"]
        for place, change in enumerate(later):
            same = {key(change["name"]), key(change["chinese_name"])} & {key(name) for name in names}
            if same and LISTS[change["list"]][0] == kind and place not in used and change["listed"] == on:
                used.add(place)
                events.append(change["written"])
                names += [change["name"]] if change["name"] not in names else []
        serial[kind, on] = serial.get((kind, on), 0) + 1
        number = numbers.get((kind, on), "")
        yield {
            "id": f"chn-{kind}-{on}-{serial[kind, on]:02d}",
            "instrument": "entity-listing",
            "imposed_by": "CHN",
            "flow": "export",
            "from": on,
            "act": act,
            "article": ARTICLES[kind],
            "status": "unverified",
            "note": f"announcement {number}" if number else "announcement number not at hand",
            "text": title,
            "parties": ";".join(dict.fromkeys(names)),
            "events": ";".join(events),
        }
    for place, change in enumerate(later):
        if place not in used:
            print("event without listing:", change["name"], change["list"], change["listed"], change["event"])


def changes(shared: Path) -> Iterator[dict[str, str]]:
    """Give the suspensions and ends of November 2025, each with its event as tables write it."""
    with (shared / "facts/cn_listing_events_2025-11.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            written = f"{row['event']} {row['event_date']} chn-mofcom-listings-2025-11"
            if row["until"]:
                written += f" until {date.fromisoformat(row['until']) + timedelta(days=1)}"
            yield row | {"written": written}


def announcements(shared: Path) -> dict[tuple[str, str], str]:
    """Give the numbers of announcements by list and day, where a fact names one."""
    found: dict[tuple[str, str], str] = {}
    with (shared / "facts/cn_entity_list_events.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            if row["announcement"]:
                found[LISTS[row["list"]][0], row["date"]] = row["announcement"]
    return found


def write(path: Path, rows: Iterable[Row]) -> int:
    """Write measures with the columns that say something."""
    listed = list(rows)
    columns = [name for name in (*COLUMNS, *EXTRA) if any(row.get(name) for row in listed)]
    write_table(path, columns, ([row.get(name, "") for name in columns] for row in listed))
    return len(listed)


def build(shared: Path, out: Path) -> None:
    """Write both tables."""
    print("items", write(out / "measures/control-items.csv", items(shared)))
    print("listings", write(out / "measures/listings.csv", listings(shared)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--shared", type=Path, required=True)
    parser.add_argument("--out", type=Path, default=OUT)
    options = parser.parse_args()
    build(options.shared, options.out)

"""Negative lists, listing events and European working tables."""

from __future__ import annotations

import csv
import random
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from openward.book.force import Listed, listing_state
from openward.book.importers import Imported, export_rows, import_file
from openward.book.importers.negative_list import COLUMNS
from openward.book.model import Instrument
from openward.codes.terms import Status

Row = dict[str, str]


def read(path: Path, delimiter: str = ",") -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file, delimiter=delimiter))


def rejected(done: Imported) -> str:
    return (done.folder / "tables" / "rejected.csv").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def lists(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Imported:
    path = shared / "facts" / "cn_fdi_negative_list_items.tsv"
    return import_file("cn-negative-list", path, tmp_path_factory.mktemp("lists") / "book")


def test_items_by_edition(lists: Imported, shared: Path) -> None:
    source = read(shared / "facts" / "cn_fdi_negative_list_items.tsv", "\t")
    assert lists.rows["imported"] == len(source) == 31
    counts = {m.act: m.effect.items for m in lists.book.measures.values() if m.effect.items is not None}
    assert counts == {"fdi-list-2021": 31, "fdi-list-2021-zones": 27, "fdi-list-2024": 29}
    assert lists.notes == ("ftz_2021: 28 rows are 27 items (market_survey and social_survey are one there)",)
    assert {m.status for m in lists.book.measures.values()} == {Status.UNVERIFIED}


def test_negative_lists_go_there_and_back(lists: Imported, shared: Path) -> None:
    source = read(shared / "facts" / "cn_fdi_negative_list_items.tsv", "\t")
    out = export_rows("cn-negative-list", lists.book)
    assert out == sorted(
        ({k: " ".join(v.split()) for k, v in r.items()} for r in source), key=lambda r: r["key"]
    )


def test_caps_and_the_zones_own_rules(lists: Imported) -> None:
    caps = {
        m.id: m.effect.number for m in lists.book.measures.values() if m.instrument is Instrument.EQUITY_CAP
    }
    assert caps["fdi-list-2024-telecom-max-foreign-share"] == 50
    assert caps["fdi-list-2024-wheat-maize-seed-min-chinese-share"] == 66
    assert caps["fdi-list-2021-zones-social-survey-min-chinese-share"] == 33
    assert caps["fdi-list-2021-air-transport-max-single-foreign-share"] == 25
    assert "fdi-list-2021-social-survey-prohibit" in lists.book.measures
    assert "fdi-list-2021-zones-social-survey-prohibit" not in lists.book.measures
    assert "fdi-list-2021-zones-fishing-prohibit" not in lists.book.measures


def test_odd_items_are_set_aside(tmp_path: Path) -> None:
    good = dict(zip(COLUMNS, ("a", "A", "禁止", "prohibit", "", "1", "0", "1", "x"), strict=True))
    rows = [
        good,
        good | {"key": "b", "gbt4754_division": "Z"},
        good | {"key": "c", "action": "forbid"},
        good | {"key": "d", "action": "max_foreign_share", "parameter": "half"},
        good | {"key": "e", "national_2021": "yes"},
        good | {"key": "f", "national_2021": "0", "national_2024": "0"},
    ]
    path = tmp_path / "in.tsv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, delimiter="\t")
        writer.writeheader()
        writer.writerows(rows)
    done = import_file("cn-negative-list", path, tmp_path / "book")
    assert done.rejected == 4
    assert done.nothing == {"in no edition": 1}
    for words in ("no section 'Z'", "unknown action 'forbid'", "does not state one share", "neither 0 nor 1"):
        assert words in rejected(done)


def test_listing_events_and_back(shared: Path, tmp_path: Path) -> None:
    path = shared / "facts" / "cn_listing_events_2025-11.csv"
    done = import_file("listing-events", path, tmp_path / "book")
    source = read(path)
    assert done.rows["imported"] == len(source) == 52
    key = repr
    assert sorted(export_rows("listing-events", done.book), key=key) == sorted(source, key=key)
    before, meanwhile, after = (
        Counter(listing_state(m, on).state for m in done.book.measures.values())
        for on in (date(2025, 11, 9), date(2025, 11, 10), date(2026, 11, 10))
    )
    assert before == {Listed.IN_FORCE: 52}
    assert meanwhile == {Listed.STOPPED: 25, Listed.SUSPENDED: 27}
    assert after[Listed.UNRESOLVED] == meanwhile[Listed.SUSPENDED]


def test_conflicting_extracts_are_set_aside(tmp_path: Path) -> None:
    head = "name,chinese_name,list,listed,event,event_date,until,basis,official_url,evidence\n"
    rows = [
        "Acme,甲,UEL,2025-04-04,suspend,2025-11-10,2026-11-10,b,http://x/1187.html,e",
        "Acme,甲,UEL,2025-04-04,stop,2025-11-10,,b,http://x/1187.html,e",
        "Acme,甲,UEL,2025-03-04,stop,2026-01-10,,b,http://x/1188.html,e",
        "Beta,乙,Gray list,2025-03-04,stop,2026-01-10,,b,http://x/1188.html,e",
        "Beta,乙,UEL,2025-03-04,stop,2026-01-10,2027-01-01,b,http://x/1188.html,e",
    ]
    path = tmp_path / "in.csv"
    path.write_text(head + "\n".join(rows) + "\n", encoding="utf-8")
    done = import_file("listing-events", path, tmp_path / "book")
    assert done.rows["imported"] == 1
    assert rejected(done).count("two extracts conflict") == 2
    assert "Gray list" in rejected(done)


@pytest.mark.parametrize(("name", "rows"), [("norway_duties", 1402), ("iceland_duties", 1260)])
def test_preferences_of_one_country(shared: Path, tmp_path: Path, name: str, rows: int) -> None:
    path = shared / "data" / "tariff" / "uk_eu" / f"{name}.csv"
    done = import_file("eu-preferences", path, tmp_path / "book")
    assert done.rows["imported"] == rows
    source = {(r.get("Commodity") or r["Real comm code"], r["Date from"]): r for r in read(path)}
    out = export_rows("eu-preferences", done.book)
    assert len(out) == rows
    for row in out:
        mine = source[row["Commodity"], row["Date from"]]
        assert row["Date to"] == mine["Date to"]
        for part in ("Specific", "Ceiling", "Minimum", "Specific 2"):
            assert " ".join(mine[part].split()) in " ".join(row["Duty"].split())
        assert row["Duty"].startswith(mine["Ad valorem"].strip())


def test_generalised_preferences(shared: Path, tmp_path: Path) -> None:
    folder = shared / "data" / "tariff" / "uk_eu"
    areas = folder / "duty_calculator" / "uk" / "geographical_areas.json"
    done = import_file("eu-gsp", folder / "gsp_2027.csv", tmp_path / "plus", areas=areas)
    with (folder / "gsp_2027.csv").open(encoding="utf-8-sig", newline="") as file:
        source = sorted(tuple(row) for row in csv.reader(file))
    out = export_rows("eu-gsp", done.book)
    assert sorted((r["Area"], r["Commodity"], r["Ad valorem"]) for r in out) == source
    assert "ARM" in done.book.members("AREA-2027", date(2019, 6, 1))
    assert any("no economy here" in note for note in done.notes)


def test_exclusions_of_the_general_framework(shared: Path, tmp_path: Path) -> None:
    folder = shared / "data" / "tariff" / "uk_eu"
    lines = (folder / "gsp_2019_hs8.csv").read_text(encoding="utf-8-sig").splitlines(keepends=True)
    sample = [lines[0], *random.Random(7).sample(lines[1:-1], 500)]
    path = tmp_path / "gsp.csv"
    path.write_text("".join(sample), encoding="utf-8")
    areas = folder / "duty_calculator" / "uk" / "geographical_areas.json"
    done = import_file("eu-gsp", path, tmp_path / "book", areas=areas)
    rows = {r["HS8 (numeric)"].zfill(8): {" ".join(k.split()): v for k, v in r.items()} for r in read(path)}
    out = [r for r in export_rows("eu-gsp", done.book) if r["Area"] == "2020"]
    assert len(out) == sum(bool(r["General framework"].strip()) for r in rows.values())
    for row in out:
        mine = rows[row["Commodity"][:8]]
        assert row["Exclusions"] == mine["General framework Country exclusions"].strip()
        assert Decimal(row["Ad valorem"]) == Decimal(mine["General framework"].replace("%", "").strip())


def test_without_the_areas_nothing_is_guessed(shared: Path, tmp_path: Path) -> None:
    from openward.errors import InputError

    path = shared / "data" / "tariff" / "uk_eu" / "gsp_2027.csv"
    with pytest.raises(InputError, match="no row of 7692"):
        import_file("eu-gsp", path, tmp_path / "book")

"""The tables of items and listings are what the scripts write from the facts, and the facts are all there."""

from __future__ import annotations

import csv
import re
import runpy
from datetime import date
from pathlib import Path

import pytest

from openward.book import load
from openward.book.model import Instrument
from openward.codes.ranges import covers
from openward.codes.terms import Status
from openward.determine.control.parties import list_effects, listed_as
from openward.determine.kleene import Truth

REPOSITORY = Path(__file__).resolve().parents[3]
BOOK = load("chn")


@pytest.mark.parametrize(("script", "book"), [("build_controls_chn", "chn"), ("build_controls_usa", "usa")])
def test_rebuilding_gives_what_ships(
    script: str, book: str, shared: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.syspath_prepend(str(REPOSITORY / "scripts"))
    runpy.run_path(str(REPOSITORY / f"scripts/{script}.py"))["build"](shared, tmp_path)
    built = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.csv"))
    assert built
    ships = REPOSITORY / "src/openward/books" / book
    for path in built:
        kept = ships / path if (ships / path).exists() else ships / "tables" / path
        assert (tmp_path / path).read_bytes() == kept.read_bytes(), path


def test_every_code_of_every_announcement_is_in_the_book(shared: Path) -> None:
    with (shared / "facts/cn_export_control_items_hs.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            measures = [
                one for one in BOOK.measures.values() if one.act == f"chn-mofcom-{row['announcement']}"
            ]
            ranges = [r for one in measures if one.scope.products for r in one.scope.products.ranges]
            assert any(covers(one, row["hs_code"]) for one in ranges), row
            assert {one.valid.start.isoformat() for one in measures if one.id.startswith("chn-ec-")} == {
                row["effective"]
            }


def test_what_comes_from_extracts_is_unverified() -> None:
    for measure in BOOK.measures.values():
        if measure.id.startswith("chn-ec-20") or measure.instrument is Instrument.ENTITY_LISTING:
            assert measure.status is Status.UNVERIFIED, measure.id


def test_listings_are_histories_with_known_acts_and_effects() -> None:
    listings = [one for one in BOOK.measures.values() if one.instrument is Instrument.ENTITY_LISTING]
    assert len(listings) == 243
    for listing in listings:
        assert listing.events[0].kind == "add"
        assert listing.events[0].on == listing.valid.start
        assert {event.act for event in listing.events} <= set(BOOK.acts)
        assert listing.act in list_effects()
    kinds = [event.kind for listing in listings for event in listing.events]
    assert (kinds.count("suspend"), kinds.count("stop")) == (27, 25)


def test_every_listing_that_a_fact_names_is_found_on_its_day(shared: Path) -> None:
    with (shared / "facts/cn_entity_list_events.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert len(rows) == 87
    for row in rows:
        name = re.sub(r"\s*[(（].*", "", row["name_en"] or row["name_zh"])
        found = [
            one for one in listed_as(BOOK, name, date.fromisoformat(row["date"])) if one.same is Truth.TRUE
        ]
        kinds = {one.effect.code.replace("-", "_") for one in found}
        wanted = row["list"].replace("export_", "").replace("entity_list", "entities")
        assert wanted in kinds, row

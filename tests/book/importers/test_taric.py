"""Measures and components as TARIC stores them."""

from __future__ import annotations

import csv
import json
import random
from collections import Counter
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from openward.book.importers import Imported, export_rows, import_file
from openward.book.importers.published import check_published
from openward.book.importers.taric_cells import day
from openward.book.model import Condition, Instrument
from openward.errors import InputError, MissingDataError

Row = dict[str, str]
MEASURE = {
    "measure_sid": "1",
    "measure_type_id": "103",
    "geographical_area_id": "1011",
    "goods_nomenclature_item_id": "0101210000",
    "validity_start_date": "13/04/2019",
    "validity_end_date": "",
    "measure_generating_regulation_id": "M1900010",
    "ordernumber": "",
    "stopped_flag": "f",
    "additional_code_type_id": "",
    "additional_code_id": "",
}
COMPONENT = {
    "measure_sid": "1",
    "goods_nomenclature_item_id": "0101210000",
    "duty_expression_id": "01",
    "duty_amount": "5.5",
    "monetary_unit_code": "",
    "measurement_unit_code": "",
    "measurement_unit_qualifier_code": "",
}


def read(path: Path) -> list[Row]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@cache
def tables(shared: Path) -> tuple[list[Row], dict[tuple[str, str], list[Row]]]:
    folder = shared / "data" / "tariff" / "uk_eu"
    held: dict[tuple[str, str], list[Row]] = {}
    for row in read(folder / "mfn_2019_components.csv"):
        held.setdefault((row["measure_sid"], row["goods_nomenclature_item_id"]), []).append(row)
    return read(folder / "mfn_2019_measures.csv"), held


def imported(folder: Path, measures: list[Row], components: list[Row], **options: object) -> Imported:
    for name, rows in (("measures", measures), ("components", components)):
        with (folder / f"my_{name}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    return import_file("taric", folder / "my_measures.csv", folder / "book", **options)


def amount(text: str) -> str:
    return f"{Decimal(text).normalize():f}" if text else ""


@given(seed=st.integers(0, 10**6))
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_round_trip_on_samples(shared: Path, seed: int) -> None:
    measures, components = tables(shared)
    sample = random.Random(seed).sample(measures, 300)
    held = [c for m in sample for c in components[m["measure_sid"], m["goods_nomenclature_item_id"]]]
    with TemporaryDirectory() as folder:
        done = imported(Path(folder), sample, held)
        out = export_rows("taric", done.book)
    assert done.rows["imported"] == len(sample)
    of = {(m["measure_sid"], m["goods_nomenclature_item_id"]): m for m in sample}
    wanted = []
    for component in held:
        measure = of[component["measure_sid"], component["goods_nomenclature_item_id"]]
        row = {name: {**measure, **component}[name] for name in out[0]}
        row["validity_start_date"] = day(row["validity_start_date"]).isoformat()
        wanted.append(row | {"duty_amount": amount(row["duty_amount"])})
    key = repr
    assert sorted(out, key=key) == sorted(wanted, key=key)


def test_types_areas_quotas_and_days(tmp_path: Path) -> None:
    rows = [
        MEASURE,
        MEASURE | {"measure_sid": "2", "measure_type_id": "142", "geographical_area_id": "NO"},
        MEASURE
        | {
            "measure_sid": "3",
            "measure_type_id": "143",
            "geographical_area_id": "2020",
            "ordernumber": "091234",
        },
        MEASURE | {"measure_sid": "4", "measure_type_id": "105", "validity_end_date": "31/12/2019"},
        MEASURE | {"measure_sid": "5", "measure_type_id": "142", "geographical_area_id": "2027"},
        MEASURE | {"measure_sid": "6", "measure_type_id": "999"},
        MEASURE | {"measure_sid": "7", "stopped_flag": "t"},
        MEASURE | {"measure_sid": "8", "goods_nomenclature_item_id": "01012100"},
        MEASURE | {"measure_sid": "9", "validity_start_date": "2019-31-12"},
        MEASURE | {"measure_sid": "10"},
    ]
    held = [COMPONENT | {"measure_sid": str(k)} for k in range(1, 10)]
    held[7] |= {"goods_nomenclature_item_id": "01012100"}
    areas = tmp_path / "areas.json"
    child = {"id": "IN", "description": "India", "children_geographical_areas": []}
    areas.write_text(
        json.dumps([{"id": "2020", "description": "GSP", "children_geographical_areas": [child]}])
    )
    done = imported(tmp_path, rows, held, areas=areas, imposed_by="GBR")
    book = done.book
    assert done.rows == {"imported": 4, "in part": 0, "rejected": 6, "nothing": 0}
    two, three, four = (book.measures[f"taric-{k}"] for k in (2, 3, 4))
    assert two.scope.partners == ("NOR",)
    assert two.conditions == (Condition("origin", "NOR"),)
    assert three.instrument is Instrument.TARIFF_QUOTA
    assert Condition("quota", "inside 091234") in three.conditions
    assert book.members("AREA-2020", date(2019, 6, 1)) == {"IND"}
    assert four.conditions == (Condition("fact", "authorised_use"),)
    assert four.valid.end == date(2020, 1, 1)
    told = " ".join(row["reason"] for row in read(done.folder / "tables" / "rejected.csv"))
    for words in ("area 2027", "type '999'", "stopped", "'01012100'", "not a date", "no component"):
        assert words in told


def test_a_broken_table_of_components_stops_it(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        imported(tmp_path, [MEASURE], [COMPONENT | {"duty_amount": "five"}])
    (tmp_path / "my_components.csv").unlink()
    with pytest.raises(MissingDataError):
        import_file("taric", tmp_path / "my_measures.csv", tmp_path / "book")
    with pytest.raises(MissingDataError):
        import_file("taric", tmp_path / "my_measures.csv", tmp_path / "book", areas=tmp_path / "no.json")


@pytest.mark.slow
def test_the_real_measures_and_what_they_break(shared: Path) -> None:
    report = check_published("eu-mfn", shared)
    assert not report.failed
    assert sum(row["sets"] for row in report.tables["Component sets"]) == 15794
    broken = Counter(
        {row["rule"]: row["findings"] for row in report.tables["Rules that the real data breaks"]}
    )
    assert broken["NIG202"] == 220
    assert broken["ME8"] == 12
    assert all(row["example"] for row in report.tables["Rules that the real data breaks"])

"""Every duty string of the tariffs at hand is read, or refused with its place; components all evaluate."""

from __future__ import annotations

import csv
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from openward.book.duty import (
    Basis,
    CoverageReport,
    component_sets,
    coverage,
    evaluate,
    from_columns,
    from_components,
    kind_of,
    parse,
    to_components,
)

COLUMNS = {
    "General Rate of Duty": (13_611, 0),
    "Special Rate of Duty": (9_861, 5),
    "Column 2 Rate of Duty": (13_251, 3),
    "Additional Duties": (512, 0),
}


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def us_rows(shared: Path) -> list[dict[str, str]]:
    return _rows(shared / "data/tariff/us_hts/hts_2025_basic_edition.csv")


def _stable(report: CoverageReport, texts: list[str]) -> None:
    refused = {one.text for one in report.rejected}
    for text in set(texts) - refused:
        duty = parse(text, report.dialect)
        assert parse(str(duty)) == duty
    for one in report.rejected:
        assert 1 <= one.at <= len(one.text) + 1
        assert one.kind
        assert one.expected


@pytest.mark.parametrize("column", COLUMNS)
def test_the_united_states_tariff(us_rows: list[dict[str, str]], column: str) -> None:
    texts = [row[column] for row in us_rows if row[column].strip()]
    report = coverage(texts, "us-hts")
    print(f"{column}: {report}")
    assert (report.total, report.rejected_count) == COLUMNS[column]
    assert report.rejected_share <= 0.005
    _stable(report, texts)


def test_no_rate_of_the_united_states_comes_to_nothing_unless_it_says_so(
    us_rows: list[dict[str, str]],
) -> None:
    texts = {row[column] for row in us_rows for column in COLUMNS if row[column].strip()}
    report = coverage(texts, "us-hts")
    for text in texts - {one.text for one in report.rejected}:
        found = evaluate(parse(text, "us-hts"))
        if found.total == 0:
            assert text.strip() in ("Free", "No additional duty")


def test_kinds_agree_with_another_reading_of_the_united_states_tariff(shared: Path) -> None:
    rows = _rows(shared / "data/tariff/us_hts/mfn_rates_2025.csv")
    assert len(rows) == 13_073
    pairs = Counter((row["rate_type"], kind_of(parse(row["rate_raw"], "us-hts"))) for row in rows)
    print(dict(pairs))
    assert pairs["free", "free"] == 5_825
    assert pairs["ad_valorem", "ad_valorem"] == 5_917
    # What the other reading calls specific without an amount is the duty of another line, or conditional.
    assert {ours for theirs, ours in pairs if theirs == "specific"} == {
        "specific",
        "reference",
        "compound",
        "bounded",
        "choice",
        "part",
    }
    assert {ours for theirs, ours in pairs if theirs == "compound"} == {"compound", "choice"}
    for row in rows:
        if row["rate_type"] == "ad_valorem":
            assert float(evaluate(parse(row["rate_raw"], "us-hts")).ad_valorem) == pytest.approx(
                float(row["mfn_rate"])
            )


def test_every_component_set_of_the_european_tariff_evaluates(shared: Path) -> None:
    folder = shared / "data/tariff/uk_eu"
    measures = {
        (row["measure_sid"], row["goods_nomenclature_item_id"])
        for row in _rows(folder / "mfn_2019_measures.csv")
    }
    rows = _rows(folder / "mfn_2019_components.csv")
    sets = component_sets(rows)
    assert (len(measures), len(rows)) == (15_793, 15_971)
    assert measures <= set(sets)
    basis = Basis(
        value=Decimal(1000),
        currency="EUR",
        quantities={"KGM": Decimal(500), "LTR": Decimal(400)},
        contents={"alcohol": Decimal("0.4")},
    )
    for key, components in sets.items():
        duty = from_components(components)
        assert to_components(duty) == components
        assert parse(str(duty)) == duty
        total = evaluate(duty, basis).total
        assert total is not None, key
        assert (total == 0) == all(component.amount == 0 for component in components)


@pytest.mark.parametrize(
    ("name", "count"), [("gsp_1032", 9_511), ("gsp_2005", 9_511), ("gsp_2020", 7_638), ("gsp_2027", 7_692)]
)
def test_general_preferences(shared: Path, name: str, count: int) -> None:
    path = shared / f"data/tariff/uk_eu/{name}.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rates = [row[2] for row in csv.reader(file)]
    assert len(rates) == count
    for rate in rates:
        assert evaluate(from_columns(rate)).ad_valorem == Decimal(rate) / 100


def test_general_preferences_by_framework(shared: Path) -> None:
    rows = _rows(shared / "data/tariff/uk_eu/gsp_2019_hs8.csv")
    columns = [name for name in rows[0] if name.strip() and "framework" in name and "exclusions" not in name]
    texts = [row[name] for row in rows for name in columns if row[name].strip()]
    report = coverage(texts, "taric")
    assert report.total == 7_638 + 7_692 + 9_511
    assert report.rejected == ()


@pytest.mark.parametrize(("name", "count", "more"), [("norway", 1_402, 109), ("iceland", 1_260, 15)])
def test_preferences_in_columns(shared: Path, name: str, count: int, more: int) -> None:
    rows = _rows(shared / f"data/tariff/uk_eu/{name}_duties.csv")
    kinds: Counter[str] = Counter()
    for row in rows:
        duty = from_columns(
            row["Ad valorem"],
            specific=row["Specific"],
            minimum=row["Minimum"],
            ceiling=row["Ceiling"],
            specific_2=row["Specific 2"],
        )
        assert parse(str(duty)) == duty
        kinds[kind_of(duty)] += 1
    assert kinds.total() == len(rows) == count
    assert kinds.total() - kinds["free"] - kinds["ad_valorem"] == more


def test_the_british_draft_schedule(shared: Path) -> None:
    rows = _rows(shared / "data/tariff/uk_eu/uk_draft_mfn_schedule_2019.csv")
    texts = [row["Duty"] for row in rows if row["Duty"]]
    report = coverage(texts, "uk")
    assert (report.total, report.rejected) == (10_272, ())
    _stable(report, texts)

"""Doctored copies of real tables: every fault is found and named; the tables as they are, are not refused."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openward.observe.audit import Audit, Finding, Severity, audit
from openward.observe.audit.reference import slipped
from openward.observe.auditing import audit_all
from openward.observe.dictionary import dataset
from openward.observe.loading import world_reference
from openward.observe.tables import read

Doctor = Callable[[pl.DataFrame], pl.DataFrame]


@pytest.fixture(scope="module")
def total(shared: Path) -> pl.DataFrame:
    """BACI totals of 2018 to 2020."""
    return (
        read("trade-total", shared / "data").frame.filter(pl.col("year").is_in([2018, 2019, 2020])).collect()
    )


@pytest.fixture(scope="module")
def trade(shared: Path) -> pl.DataFrame:
    """Trade by SITC section in 2015."""
    return read("trade", shared / "data").frame.filter(year=2015).collect()


def look(frame: pl.DataFrame, name: str = "trade-total", classification: str | None = None) -> Audit:
    years = [part.lazy() for _, part in frame.group_by("year", maintain_order=True)]
    return audit(
        years,
        of=dataset(name),
        where="t",
        classification=classification,
        reference=world_reference(),
    )


def refused(report: Audit) -> set[str]:
    return {finding.kind for finding in report.refused}


def of_kind(report: Audit, kind: str) -> Finding:
    (first, *_) = (finding for finding in report.findings if finding.kind == kind)
    return first


def test_real_tables_are_not_refused(shared: Path) -> None:
    for data in (None, shared / "data"):
        for report in audit_all(data):
            assert report.refused == ()
            assert report.rows > 0


def swapped(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.rename({"exporter": "importer", "importer": "exporter"}).select(frame.columns)


def total_of_partners(code: str) -> Doctor:
    def doctor(frame: pl.DataFrame) -> pl.DataFrame:
        parts = frame.filter(pl.col("importer") != code)
        sums = parts.group_by("year", "exporter").agg(pl.col("value").sum())
        return pl.concat([parts, sums.with_columns(importer=pl.lit(code)).select(frame.columns)])

    return doctor


def negative(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.with_columns(
        pl.when((pl.col("exporter") == "CHN") & (pl.col("importer") == "USA"))
        .then(-pl.col("value"))
        .otherwise("value")
        .alias("value")
    )


@pytest.mark.parametrize(
    ("doctor", "kind", "says"),
    [
        (swapped, "orientation", "exporter and importer are swapped"),
        (lambda f: f.with_columns(pl.col("value") * 1e3), "unit", "look like USD"),
        (lambda f: f.with_columns(pl.col("value") / 1e3), "unit", "look like million USD"),
        (lambda f: f.with_columns(pl.col("value") / 1e6), "unit", "look like billion USD"),
        (total_of_partners("WLD"), "totals", "the sum over economies is filed among them, as WLD"),
        (total_of_partners("ATA"), "totals", "ATA equals the sum of the others"),
        (lambda f: pl.concat([f, f.head(7)]), "duplicates", "7 rows repeat a key"),
        (
            lambda f: pl.concat([f, f.head(7).with_columns(pl.col("value") * 1.1)]),
            "duplicates",
            "as when two vintages are put into one file",
        ),
        (negative, "negative", "1 values below 0: 2018 CHN USA"),
        (
            lambda f: f.with_columns(exporter=pl.col("exporter").replace("DEU", "EU27")),
            "unknown-code",
            "EU27",
        ),
        (
            lambda f: f.with_columns(value=pl.when(pl.int_range(pl.len()) < 4).then(None).otherwise("value")),
            "empty-cells",
            "4 cells are empty",
        ),
    ],
)
def test_a_fault_that_refuses(total: pl.DataFrame, doctor: Doctor, kind: str, says: str) -> None:
    frame = doctor(total.filter(year=2020)) if kind != "negative" else doctor(total)
    report = look(frame)
    assert kind in refused(report)
    assert any(says in finding.message for finding in report.refused if finding.kind == kind)
    assert all(finding.hint and finding.where for finding in report.findings)


def test_one_reporter_alone_swapped(total: pl.DataFrame) -> None:
    """Only one direction is there to compare: the evidence is weaker, and the finding a warning."""
    exports = total.filter(exporter="CHN", year=2020)
    assert "orientation" not in {finding.kind for finding in look(exports).findings}
    found = of_kind(look(swapped(exports)), "orientation")
    assert found.severity is Severity.WARN
    assert "may be swapped" in found.message


def test_what_many_years_show_is_said_once(total: pl.DataFrame) -> None:
    (found,) = look(negative(total)).refused
    assert (found.rows, found.where) == (3, "t: 2018: value")
    assert "2 more like it, in t: 2019: value, t: 2020: value" in found.message


def test_missing_years_and_vanished_economies_are_named(total: pl.DataFrame) -> None:
    gap = of_kind(look(total.filter(pl.col("year") != 2019)), "missing-year")
    assert gap.severity is Severity.WARN
    assert "no rows for 2019 between 2018 and 2020" in gap.message
    lost = look(total.filter((pl.col("year") != 2019) | (pl.col("exporter") != "VNM")))
    assert "VNM in 2019" in of_kind(lost, "missing-year").message


def test_half_a_year_is_named(total: pl.DataFrame) -> None:
    last = total.filter(year=2020)
    cut = pl.concat([total.filter(pl.col("year") < 2020), last.head(last.height // 2)])
    found = of_kind(look(cut), "half-file")
    assert found.where == "t: 2020"
    assert "% of the year beside it" in found.message


def test_self_trade_is_counted(total: pl.DataFrame) -> None:
    home = total.filter(year=2020).head(2).with_columns(importer=pl.col("exporter"))
    one = home.head(1).with_columns(value=pl.lit(5.0))
    report = look(pl.concat([total.filter(year=2020), one]))
    found = of_kind(report, "self-trade")
    assert (found.rows, found.severity) == (1, Severity.WARN)
    assert report.refused == ()


def test_a_product_that_is_the_sum_of_the_others(trade: pl.DataFrame) -> None:
    sums = trade.group_by("year", "exporter", "importer").agg(pl.col("value").sum())
    for code, says in (
        ("TOTAL", "the sum over products is filed among them"),
        ("S", "S equals the sum of the others"),
    ):
        more = sums.with_columns(product=pl.lit(code), quantity=pl.lit(None, pl.Float64)).select(
            trade.columns
        )
        report = look(pl.concat([trade, more]), "trade", "SITC1 sections")
        assert any(says in finding.message for finding in report.refused)


def harmonized(codes: list[str]) -> pl.DataFrame:
    size = len(codes)
    return pl.DataFrame(
        {
            "year": pl.Series([2022] * size, dtype=pl.Int32),
            "exporter": ["CHN"] * size,
            "importer": ["USA"] * size,
            "product": codes,
            "value": [float(n + 1) for n in range(size)],
            "quantity": pl.Series([None] * size, dtype=pl.Float64),
        }
    )


def test_zeros_that_were_lost() -> None:
    found = of_kind(look(harmonized(["10121", "020110", "851712"]), "trade", "HS2022"), "leading-zeros")
    assert found.severity is Severity.REFUSE
    assert "such as 10121" in found.message
    assert "010121" in found.message
    assert "leading-zeros" not in refused(look(harmonized(["1", "2", "3"]), "trade", "SITC1 sections"))


def test_chapters_among_their_subheadings() -> None:
    frame = harmonized(["010121", "010129", "020110", "01", "02"])
    sums = frame.with_columns(value=pl.Series([1.0, 2.0, 4.0, 3.0, 4.0]))
    assert "2 codes of 2 digits equal the sum" in of_kind(look(sums, "trade", "HS2022"), "totals").message
    assert of_kind(look(frame, "trade", "HS2022"), "mixed-levels").severity is Severity.WARN


def test_macro_in_percent_or_in_dollars(shared: Path) -> None:
    macro = read("macro", shared / "data").frame.collect()

    def check(frame: pl.DataFrame) -> set[str]:
        report = audit([frame.lazy()], of=dataset("macro"), where="m")
        return {finding.where for finding in report.refused if finding.kind == "unit"}

    assert check(macro) == set()
    assert check(macro.with_columns(pl.col("exports_ratio") * 100)) == {"m: exports_ratio"}
    assert "m: gdp" in check(macro.with_columns(pl.col("gdp") * 1e6))
    assert check(macro.with_columns(pl.col("goods_exports") / 1e3)) == {"m: goods_exports"}


def monthly(*, cif: float, months: tuple[int, ...] = (1, 2, 3)) -> pl.DataFrame:
    codes = ["CHN", "USA", "DEU", "JPN", "VNM", "BRA"]
    rows = [
        (date(2024, month, 1), here, flow, there, "010121", cif * 100.0 if flow == "import" else 100.0, None)
        for month in months
        for here in codes
        for there in codes
        if here != there
        for flow in ("import", "export")
    ]
    names = list(dataset("trade-monthly").columns)
    return pl.DataFrame(rows, schema=names, orient="row").with_columns(pl.col("quantity").cast(pl.Float64))


@pytest.mark.parametrize(("cif", "kind"), [(1.06, None), (0.9, "orientation"), (2.5, "mirror-gap")])
def test_both_sides_of_a_flow(cif: float, kind: str | None) -> None:
    report = audit([monthly(cif=cif).lazy()], of=dataset("trade-monthly"), where="m")
    assert {finding.kind for finding in report.findings} == ({kind} if kind else set())


def test_missing_months() -> None:
    frame = monthly(cif=1.06, months=(1, 4))
    report = audit([frame.lazy()], of=dataset("trade-monthly"), where="m")
    assert "no rows for 2 months: 2024-02, 2024-03" in of_kind(report, "missing-year").message


def test_large_flows_far_from_the_reference_are_named(total: pl.DataFrame) -> None:
    pair = (pl.col("exporter") == "CHN") & (pl.col("importer") == "USA")
    frame = total.filter(year=2020).with_columns(pl.when(pair).then(pl.col("value") / 40).otherwise("value"))
    assert "CHN to USA" in of_kind(look(frame), "mirror-gap").message


@settings(max_examples=50, deadline=None)
@given(growth=st.floats(0.12, 8.0), power=st.sampled_from([-6, -3, 0, 3, 6]))
def test_growth_is_no_slip_and_a_slip_is_no_growth(growth: float, power: int) -> None:
    assert slipped(growth * 10.0**power) == power


def test_without_a_reference_the_audit_says_what_it_could_not_do(total: pl.DataFrame) -> None:
    report = audit([total.filter(year=2020).lazy()], of=dataset("trade-total"), where="t")
    assert report.skipped == ("orientation, unit: no trade to compare with",)

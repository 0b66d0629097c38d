from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType
from typing import Any

import narwhals as nw
import polars as pl
import pytest
from tests.small_books import book

from openward.book.edits import Reform, Repeal
from openward.book.loading import load
from openward.book.model import Book, Effect, Flow, Instrument, ListingEvent, Measure, ProductScope, Scope
from openward.book.reform import apply
from openward.codes.products import products
from openward.codes.terms import Interval
from openward.errors import InputError, MissingDataError
from openward.indicators.restrictiveness.counts import (
    negative_list_items,
    restrictions_in_force,
    trade_facilitation,
)
from openward.indicators.restrictiveness.nontariff import ntm_coverage, ntm_frequency, ntm_prevalence
from openward.indicators.restrictiveness.touched import share_of_days, subheadings

ON = date(2023, 12, 31)
K = sum(len(code) == 6 for code in products("HS2022"))


def licence(name: str, *ranges: str, edition: str = "HS2022", **fields: Any) -> Measure:
    """Make a licence on imports of some products."""
    scope = Scope(
        products=ProductScope(edition, ranges) if ranges else None, partners=fields.pop("partners", ())
    )
    return replace(
        Measure(
            id=name,
            instrument=Instrument.LICENCE,
            imposed_by="CHN",
            flow=Flow.IMPORT,
            scope=scope,
            effect=Effect(text="licence"),
            valid=Interval(date(2020, 1, 1)),
            act="act",
        ),
        **fields,
    )


def value(frame: Any) -> float:
    """Give the one value of a result."""
    found = frame.collect().to_native()
    assert found.height == 1
    return float(found["value"][0])


def test_frequency_counts_subheadings_once() -> None:
    law = book(licence("a", "010121", "010129"), licence("b", "0101210010"), licence("c"))
    assert value(ntm_frequency(book=law, on=ON)) == pytest.approx(2 / K)
    assert value(ntm_frequency(book=law, on=ON, flow="export")) == 0.0


def test_prevalence_weighs_days() -> None:
    half = licence("b", "010121", valid=Interval(date(2023, 7, 2)))  # 183 of the 365 days of 2023
    law = book(licence("a", "010121"), half)
    assert value(ntm_prevalence(book=law, on=ON)) == pytest.approx((1 + 183 / 365) / K)
    with pytest.raises(InputError, match="the period from"):
        ntm_prevalence(book=law, on=ON, since=date(2024, 2, 1))


def test_a_suspended_measure_does_not_count_while_it_is() -> None:
    events = (
        ListingEvent("add", date(2020, 1, 1), "act"),
        ListingEvent("suspend", date(2023, 1, 11), "act"),
        ListingEvent("resume", date(2023, 1, 21), "act"),
    )
    law = book(licence("a", "010121", events=events))
    whole = law.measures["a"]
    assert share_of_days(law, whole, since=date(2023, 1, 1), until=date(2023, 1, 31)) == pytest.approx(
        20 / 30
    )
    assert value(ntm_frequency(book=law, on=date(2023, 1, 15))) == 0.0
    assert value(ntm_frequency(book=law, on=date(2023, 1, 21))) == pytest.approx(1 / K)


def _trade(*rows: tuple[str, str, float]) -> Any:
    frame = pl.DataFrame(
        [(2022, i, "CHN", k, v) for i, k, v in rows],
        schema=["year", "exporter", "importer", "product", "value"],
        orient="row",
    )
    return nw.from_native(frame.lazy())


def test_coverage_looks_at_partners() -> None:
    law = book(licence("a", "0101", partners=("USA",)), licence("b", "020110"))
    bought = _trade(
        ("USA", "010121", 10.0), ("DEU", "010121", 30.0), ("DEU", "020110", 20.0), ("DEU", "870380", 40.0)
    )
    assert value(ntm_coverage(book=law, on=ON, trade=bought)) == pytest.approx(0.30)
    with pytest.raises(MissingDataError, match="coverage needs trade by subheading"):
        ntm_coverage(book=law, on=ON, trade=_trade(("USA", "A01", 1.0)))


def test_codes_of_other_editions_are_carried() -> None:
    # 8541 40 (photosensitive devices) was split into 8541 41, 42, 43 and 49 in HS2022.
    assert set(subheadings(ProductScope("CN2019", ("85414020",)), (), "HS2022")) >= {"854142", "854143"}
    with pytest.raises(MissingDataError, match="cannot be carried"):
        subheadings(ProductScope("HS2002", ("8541",)), (), "HS2022")


def test_chinas_export_controls_grow_and_a_reform_shrinks_them() -> None:
    law = load("chn")

    def frequency(of: Book, on: date) -> float:
        return value(ntm_frequency(book=of, on=on, flow="export"))

    days = (date(2023, 6, 1), date(2023, 12, 1), date(2024, 12, 5), date(2025, 12, 1))
    found = [frequency(law, day) for day in days]
    assert found[0] == 0.0
    assert found == sorted(found)
    graphite = Reform(
        "free-graphite",
        (Repeal("chn-ec-2023-39-01", date(2024, 2, 1)), Repeal("chn-ec-2023-39-02", date(2024, 2, 1))),
    )
    assert frequency(apply(law, graphite), date(2024, 3, 1)) == 0.0 < frequency(law, date(2024, 3, 1))


def test_lists_get_shorter_edition_by_edition() -> None:
    law = load("chn")
    lengths = []
    for year in (2017, 2018, 2019, 2020, 2022, 2024):
        frame = negative_list_items(book=law, on=date(year, 12, 1)).collect().to_native()
        national = frame.filter(
            pl.col("list").str.starts_with("chn-fdi-"),
            pl.col("zone") == "",
            pl.col("flow") == "inward-investment",
        )
        lengths.append(national["value"].to_list())
    assert lengths == [[93.0], [48.0], [40.0], [33.0], [31.0], [29.0]]


def test_restrictions_are_counted_by_instrument() -> None:
    law = book(
        licence("a", "0101"),
        licence("b", "0102", imposed_by="USA"),
        licence("c", "0103", flow=Flow.EXPORT, instrument=Instrument.PROHIBITION),
    )
    frame = restrictions_in_force(book=law, on=ON).collect().to_native()
    assert frame.rows() == [("CHN", "export", "prohibition", 1.0), ("CHN", "import", "licence", 1.0)]
    none = replace(law, measures=MappingProxyType({}))
    assert restrictions_in_force(book=none, on=ON).collect().to_native().is_empty()


def test_facilitation_is_scored_from_data_only() -> None:
    law = book()
    with pytest.raises(MissingDataError, match="scores of trade facilitation are not in the book"):
        trade_facilitation(book=law, on=ON)
    scored = trade_facilitation(book=law, on=ON, scores={"CHN": {"fees": 1.5, "documents": 1.0}})
    assert value(scored) == pytest.approx(0.625)
    with pytest.raises(InputError, match="outside 0 to 2: CHN"):
        trade_facilitation(book=law, on=ON, scores={"CHN": {"fees": 3.0}})
    with pytest.raises(InputError, match="not scored on the same areas"):
        trade_facilitation(book=law, on=ON, scores={"CHN": {"fees": 1.0}, "USA": {"documents": 1.0}})

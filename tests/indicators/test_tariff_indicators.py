"""Tariff indicators read off books: small ones by hand, China's by its sources, and what reforms do."""

from __future__ import annotations

import csv
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any

import narwhals as nw
import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.small_books import book, measure

from openward.book.loading import load
from openward.book.model import Book
from openward.book.reform import apply
from openward.book.reform_files import load_reform
from openward.codes.industries import industries
from openward.errors import InputError, MissingDataError
from openward.indicators.restrictiveness import averages, profile, protection, room
from openward.observe.input_output_world import world_table

ON = date(2023, 1, 1)
INDUSTRIES = tuple(one.code for one in industries() if one.goods)


def value(frame: Any, **keys: str) -> float:
    """Give the one value of a result."""
    found = frame.collect().to_native()
    for key, wanted in keys.items():
        found = found.filter(pl.col(key) == wanted)
    assert found.height == 1, found
    return float(found["value"][0])


def trade(*rows: tuple[str, str, str, float], year: int = 2022) -> Any:
    """Make a trade table of (importer, exporter, product, value)."""
    frame = pl.DataFrame(
        [(year, i, n, k, v) for n, i, k, v in rows],
        schema=["year", "exporter", "importer", "product", "value"],
        orient="row",
    )
    return nw.from_native(frame.lazy())


def small(*more: Any, lines: Any = ()) -> Book:
    """Make China's book: 5 % on all goods, 20 % on cars, cars of Japan at 8 %."""
    return book(
        measure("all", duty="5 %", sectors=[k for k in INDUSTRIES if k != "C29"]),
        measure("cars", duty="20 %", sectors=["C29"]),
        measure("japan", "preferential-duty", "8 %", sectors=["C29"], partners=["JPN"]),
        *more,
        lines=lines,
    )


def test_simple_average_counts_each_line_once() -> None:
    assert value(averages.simple_average_tariff(book=small(), on=ON)) == pytest.approx(
        (26 * 0.05 + 0.20) / 27
    )


def test_classes_count_by_their_lines() -> None:
    split = book(
        measure("zero", duty="0 %", sectors=["A01/free"]),
        measure("ten", duty="10 %", sectors=["A01/dutiable"]),
        measure("rest", duty="10 %", sectors=[k for k in INDUSTRIES if k != "A01"]),
    )
    # A01: 10 lines free, 30 dutiable; B06: 3 + 2; the other 25 industries stand as one line each.
    assert value(averages.simple_average_tariff(book=split, on=ON)) == pytest.approx(0.1 * 60 / 70)
    assert value(profile.duty_free_lines(book=split, on=ON)) == pytest.approx(10 / 70)


def test_weighted_and_effective_averages_part_over_preferences() -> None:
    bought = trade(("CHN", "JPN", "C29", 60.0), ("CHN", "USA", "C29", 20.0), ("CHN", "USA", "A02", 20.0))
    at = {"book": small(), "on": ON, "trade": bought}
    assert value(averages.weighted_average_tariff(**at)) == pytest.approx(0.8 * 0.20 + 0.2 * 0.05)
    effective = 0.6 * 0.08 + 0.2 * 0.20 + 0.2 * 0.05
    assert value(averages.effective_tariff(**at)) == pytest.approx(effective)
    assert value(averages.weighted_average_tariff(**at, basis="applied")) == pytest.approx(effective)
    half = 0.6 * 0.14 + 0.2 * 0.20 + 0.2 * 0.05
    assert value(averages.effective_tariff(**at, utilization=0.5)) == pytest.approx(half)
    by_partner = averages.effective_tariff_by_partner(**at)
    assert value(by_partner, partner="JPN") == pytest.approx(0.08)
    assert value(by_partner, partner="USA") == pytest.approx(0.125)
    assert value(protection.overall_restrictiveness(**at)) == pytest.approx(effective)
    assert value(protection.welfare_restrictiveness(**at)) == pytest.approx(
        np.sqrt(0.6 * 0.08**2 + 0.2 * 0.2**2 + 0.2 * 0.05**2)
    )


def test_elasticities_shift_the_index_and_must_be_whole() -> None:
    bought = trade(("CHN", "USA", "C29", 50.0), ("CHN", "USA", "A02", 50.0))
    at = {"book": small(), "on": ON, "trade": bought}
    given_ = dict.fromkeys(INDUSTRIES, 1.0) | {"C29": 3.0}
    assert value(protection.overall_restrictiveness(**at, elasticities=given_)) == pytest.approx(
        0.75 * 0.20 + 0.25 * 0.05
    )
    with pytest.raises(InputError, match="no import demand elasticity for A01"):
        protection.overall_restrictiveness(**at, elasticities={"C29": 1.0})


def test_products_are_placed_in_industries() -> None:
    bought = trade(("CHN", "USA", "870380", 50.0), ("CHN", "USA", "270900", 50.0))
    assert value(averages.weighted_average_tariff(book=small(), on=ON, trade=bought)) == pytest.approx(0.125)
    with pytest.raises(InputError, match="no known industry"):
        averages.weighted_average_tariff(book=small(), on=ON, trade=trade(("CHN", "USA", "001122", 1.0)))


def test_weights_are_of_the_last_year_not_after_the_day() -> None:
    both = nw.from_native(
        pl.concat(
            [
                trade(("CHN", "USA", "C29", 1.0), year=2020).to_native().collect(),
                trade(("CHN", "USA", "A02", 1.0), year=2025).to_native().collect(),
            ]
        ).lazy()
    )
    assert value(averages.weighted_average_tariff(book=small(), on=ON, trade=both)) == pytest.approx(0.20)
    with pytest.raises(MissingDataError, match="no year 2022"):
        averages.weighted_average_tariff(book=small(), on=ON, trade=both, year=2022)


def test_peaks_dispersion_and_free_trade() -> None:
    at = {"book": small(), "on": ON}
    assert value(profile.international_tariff_peaks(**at)) == pytest.approx(1 / 27)
    assert value(profile.domestic_tariff_peaks(**at)) == pytest.approx(1 / 27)
    mean = (26 * 0.05 + 0.20) / 27
    sd = np.sqrt((26 * (0.05 - mean) ** 2 + (0.20 - mean) ** 2) / 27)
    assert value(profile.tariff_dispersion(**at)) == pytest.approx(sd)
    assert value(profile.tariff_variation(**at)) == pytest.approx(sd / mean)
    free = small(measure("free", "preferential-duty", "0 %", partners=["SEN"]))
    bought = trade(("CHN", "SEN", "A01", 30.0), ("CHN", "USA", "A01", 70.0))
    assert value(profile.duty_free_trade(book=free, on=ON, trade=bought)) == pytest.approx(0.3)


def test_overhang_needs_bound_rates() -> None:
    at = {"book": small(), "on": ON}
    with pytest.raises(MissingDataError, match="bound rates are not in the book"):
        room.bound_overhang(**at)
    mean = (26 * 0.05 + 0.20) / 27
    assert value(room.bound_overhang(**at, bound={"CHN": 0.10})) == pytest.approx(0.10 - mean)
    each = dict.fromkeys(INDUSTRIES, 0.06) | {"C29": 0.25}
    assert value(room.bound_overhang(**at, bound={"CHN": each})) == pytest.approx((26 * 0.01 + 0.05) / 27)
    with pytest.raises(InputError, match="no bound rate of CHN for D"):
        room.bound_overhang(**at, bound={"CHN": {k: 0.1 for k in INDUSTRIES if k != "D"}})


def test_escalation_is_zero_under_a_uniform_tariff_and_positive_where_finished_goods_pay_more() -> None:
    uniform = book(measure("all", duty="5 %"), lines=())
    assert value(room.tariff_escalation(book=uniform, on=ON)) == pytest.approx(0.0, abs=1e-15)
    assert value(room.tariff_escalation(book=small(), on=ON)) > 0


def test_an_economy_whose_tariff_is_not_known_is_left_out() -> None:
    part = book(measure("one", duty="5 %", sectors=["C29"]), lines=())
    assert averages.simple_average_tariff(book=part, on=ON).collect().to_native().is_empty()


def test_effective_protection_of_the_shipped_world() -> None:
    """A uniform tariff on goods protects no industry of goods by more than itself where inputs are goods."""
    table = world_table()
    found = protection.effective_rate_of_protection(
        book=load("chn"), on=date(2023, 7, 1), input_output=table, economies=["CHN"]
    )
    frame = found.collect().to_native()
    assert frame.filter(pl.col("sector") == "F")["value"][0] < 0  # construction: duty on inputs only
    assert frame.filter(pl.col("sector") == "C29")["value"][0] > 0.2
    none = replace(load("chn"), measures=MappingProxyType({"zero": measure("zero", duty="0 %")}))
    zero = protection.effective_rate_of_protection(
        book=none, on=date(2023, 7, 1), input_output=table, economies=["CHN"]
    )
    assert zero.collect().to_native()["value"].abs().max() == 0.0


duty = st.integers(0, 40)


@settings(max_examples=25, deadline=None)
@given(st.lists(duty, min_size=4, max_size=4), st.integers(0, 3), st.integers(0, 40))
def test_lowering_a_duty_never_raises_an_average(rates: list[int], which: int, cut: int) -> None:
    sectors = (["A01"], ["B06"], ["C29"], [k for k in INDUSTRIES if k not in ("A01", "B06", "C29")])
    bought = trade(*[("CHN", "USA", group[0], 10.0 + k) for k, group in enumerate(sectors)])

    def law(duties: list[int]) -> Book:
        rules = enumerate(zip(duties, sectors, strict=True))
        return book(*[measure(f"m{k}", duty=f"{d} %", sectors=group) for k, (d, group) in rules])

    after = [max(0, d - cut) if k == which else d for k, d in enumerate(rates)]
    before_law, after_law = law(rates), law(after)
    measures: list[Callable[[Book], float]] = [
        lambda b: value(averages.simple_average_tariff(book=b, on=ON)),
        lambda b: value(averages.weighted_average_tariff(book=b, on=ON, trade=bought)),
        lambda b: value(averages.effective_tariff(book=b, on=ON, trade=bought)),
        lambda b: value(protection.welfare_restrictiveness(book=b, on=ON, trade=bought)),
        lambda b: -value(profile.duty_free_lines(book=b, on=ON)),
        lambda b: value(profile.international_tariff_peaks(book=b, on=ON)),
    ]
    for one in measures:
        assert one(after_law) <= one(before_law) + 1e-12


irrelevant = st.sampled_from(
    (
        measure("past", duty="40 %", start=date(2020, 1, 1), end=date(2021, 1, 1)),
        measure("future", duty="40 %", start=date(2024, 1, 1)),
        measure("other", duty="40 %", by="USA"),
        measure("absent", "retaliatory-duty", "40 %", partners=["DEU"]),
    )
)


@given(irrelevant)
def test_an_irrelevant_measure_changes_nothing(extra: Any) -> None:
    bought = trade(("CHN", "JPN", "C29", 60.0), ("CHN", "USA", "A01", 40.0))
    for function in (
        averages.simple_average_tariff,
        profile.tariff_dispersion,
        profile.international_tariff_peaks,
        room.tariff_escalation,
    ):
        assert value(function(book=small(extra), on=ON)) == value(function(book=small(), on=ON))
    for weighed in (averages.effective_tariff, protection.welfare_restrictiveness, profile.duty_free_trade):
        assert value(weighed(book=small(extra), on=ON, trade=bought)) == value(
            weighed(book=small(), on=ON, trade=bought)
        )


def test_the_cuts_of_2018_lower_the_tariff_of_china() -> None:
    law = load("chn")
    before = value(averages.simple_average_tariff(book=law, on=date(2018, 6, 30)))
    after = value(averages.simple_average_tariff(book=law, on=date(2018, 12, 31)))
    # The State Council's figures are 9.8 % before the cuts of July and November 2018 and 7.5 % after; lines
    # behind the book count duties without an ad valorem rate as zero, so it stands a little lower.
    assert 0.09 < before < 0.10
    assert 0.065 < after < 0.08


def test_duties_on_the_united_states_stand_out() -> None:
    bought = trade(*[("CHN", p, "C26", 1.0) for p in ("USA", "DEU", "VNM")])
    found = averages.effective_tariff_by_partner(book=load("chn"), on=date(2019, 6, 30), trade=bought)
    assert value(found, partner="USA") > value(found, partner="DEU") > value(found, partner="VNM") == 0.0


def test_lines_of_an_imported_schedule(shared: Path) -> None:
    """China's tariff of January 2018 line by line; averages over classes hide its peaks."""
    path = shared / "data/tariff/cn/cn_tariff_hs10_2018_2019.csv"
    if not path.is_file():
        pytest.skip("no tariff lines of China in the shared data")
    rates: dict[str, list[float]] = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rates.setdefault(row["hs10"][:8], []).append(float(row["mfn_2018_01_01"]))
    schedule = book(
        *[
            measure(f"l{code}", duty=f"{np.mean(found):.4f} %", products=(code,))
            for code, found in rates.items()
        ],
        lines=(),
    )
    on = date(2020, 6, 1)
    mean = value(averages.simple_average_tariff(book=schedule, on=on, detail="lines"))
    assert mean == pytest.approx(np.mean([np.mean(r) for r in rates.values()]) / 100, abs=1e-6)
    assert 0.09 < mean < 0.10
    peaks = value(profile.international_tariff_peaks(book=schedule, on=on, detail="lines"))
    over = np.mean([np.mean(r) > 15.0 for r in rates.values()])
    assert peaks == pytest.approx(over, abs=2e-3)
    assert 0.1 < peaks < 0.2


def test_shipped_reforms_move_the_effective_tariff() -> None:
    """Joining the CPTPP lowers it, 25 points on the United States raise it; neither before its day."""
    law = load("chn")
    bought = trade(*[("CHN", p, k, 1.0) for p in ("CAN", "MEX", "USA", "DEU") for k in ("C20", "C29")])

    def tariff_on(of: Book, on: date) -> float:
        return value(averages.effective_tariff(book=of, on=on, trade=bought))

    joined = apply(law, load_reform("cptpp-accession"))
    assert tariff_on(joined, date(2027, 1, 1)) < tariff_on(law, date(2027, 1, 1)) - 0.01
    assert tariff_on(joined, date(2026, 12, 31)) == tariff_on(law, date(2026, 12, 31))
    raised = apply(law, load_reform("us-reciprocal-25"))
    # A quarter of the imports pay 25 points more.
    gap = tariff_on(raised, date(2026, 11, 10)) - tariff_on(law, date(2026, 11, 10))
    assert gap == pytest.approx(0.25 / 4)

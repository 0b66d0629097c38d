"""The shipped reforms: they load, break no rule, and move what they say."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from test_rates import PACK, SECTORS

from openward.book import load, load_reform, shipped_reforms
from openward.book.documents import measure_document
from openward.book.reform import Add, application, freeze
from openward.book.rules import errors
from openward.codes.industries import industries
from openward.determine.table import RateTable, rate_table

LAST = {
    "africa-zero-tariff": date(2026, 5, 1),
    "cptpp-accession": date(2027, 1, 1),
    "rcep-undone": date(2027, 1, 1),
    "us-reciprocal-25": date(2026, 11, 10),
}


def before_and_after(name: str, from_law: date) -> tuple[RateTable, RateTable]:
    law = freeze(load("chn"), from_law)
    new = application(law, load_reform(name)).book
    one, two = (rate_table(b, on=LAST[name], economies=PACK, sectors=SECTORS) for b in (law, new))
    return one, two


def day_before(name: str) -> date:
    return date.fromordinal(LAST[name].toordinal() - 1)


def moved(name: str, from_law: date | None = None) -> set[tuple[str, str]]:
    one, two = before_and_after(name, from_law or day_before(name))
    changed = (np.abs(one.rates - two.rates) > 1e-12).any(axis=(2, 3))
    return {(PACK[i], PACK[j]) for i, j in zip(*np.nonzero(changed), strict=True)}


def test_four_ship() -> None:
    assert set(shipped_reforms()) == set(LAST)


@pytest.mark.parametrize("name", LAST)
def test_a_reform_is_titled_and_breaks_no_rule(name: str) -> None:
    reform = load_reform(name)
    assert {"en", "zh"} <= set(reform.title)
    assert {"en", "zh"} <= set(reform.description)
    law = freeze(load("chn"), day_before(name))
    assert errors(application(law, reform).book) == ()


def test_the_book_holds_the_african_programme_word_for_word() -> None:
    book = load("chn")
    for edit in load_reform("africa-zero-tariff").edits:
        assert isinstance(edit, Add)
        assert measure_document(book.measures[edit.measure.id]) == measure_document(edit.measure)


def test_africa_moves_those_that_are_not_least_developed() -> None:
    assert moved("africa-zero-tariff") == {
        ("CHN", e) for e in ("CIV", "CMR", "EGY", "MAR", "NGA", "TUN", "ZAF")
    }


def test_the_whole_african_programme_moves_least_developed_countries_too() -> None:
    partners = {p for _, p in moved("africa-zero-tariff", date(2022, 8, 31))}
    assert {"AGO", "COD", "SEN", "BGD", "STP", "CIV"} <= partners
    assert not {"KHM", "LAO", "MMR"} & partners  # free under the agreement with ASEAN already


def test_africa_does_not_move_crude_oil() -> None:
    one, two = before_and_after("africa-zero-tariff", date(2022, 8, 31))
    oil = SECTORS.index("B06")
    change = ((one.rates - two.rates) * one.shares[:, None])[PACK.index("CHN"), :, oil].sum(axis=-1)
    assert np.abs(change).max() < 1e-6


def test_cptpp_moves_pairs_without_an_agreement() -> None:
    partners = ("CAN", "MEX", "JPN", "GBR")
    found = moved("cptpp-accession")
    assert {(p, "CHN") for p in partners} | {("CHN", p) for p in partners} == found


def test_rcep_binds_between_japan_china_and_korea() -> None:
    assert moved("rcep-undone") == {("CHN", "JPN"), ("JPN", "CHN"), ("JPN", "KOR"), ("KOR", "JPN")}


def test_escalation_adds_25_points_on_goods() -> None:
    assert moved("us-reciprocal-25") == {("CHN", "USA"), ("USA", "CHN")}
    one, two = before_and_after("us-reciprocal-25", day_before("us-reciprocal-25"))
    goods = [j for j, industry in enumerate(industries()) if industry.goods]
    for importer, partner in (("CHN", "USA"), ("USA", "CHN")):
        n, i = PACK.index(importer), PACK.index(partner)
        change = (two.rates - one.rates)[n, i][goods]
        assert change[one.shares[n][goods] > 0] == pytest.approx(0.25)

"""Every partner, industry and day since 2012 has a rate, or the answer names the missing fact."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from openward.book import load
from openward.codes.economies import economies
from openward.codes.industries import industries
from openward.determine.rate import applied_rate
from openward.determine.table import RateTable, rate_table
from openward.observe.worldpack import load_world

PACK = tuple(load_world().economies)
SECTORS = tuple(i.code for i in industries())


def table(on: date) -> RateTable:
    return rate_table(load("chn"), on=on, economies=PACK, sectors=SECTORS)


@pytest.mark.parametrize("year", range(2012, 2027))
@pytest.mark.parametrize("month", [1, 5, 12])
def test_china_has_every_rate(year: int, month: int) -> None:
    found = table(date(year, month, 1))
    assert "CHN" not in {m.importer for m in found.missing}
    assert found.known[PACK.index("CHN")].all()


@pytest.mark.parametrize("year", range(2012, 2027))
def test_others_lack_a_rate_where_the_source_has_none(year: int) -> None:
    found = table(date(year, 7, 1))
    assert {m.importer for m in found.missing} == {"COD", "LAO", "TWN"}
    assert np.isfinite(found.rates).all()
    assert all(m.fact for m in found.missing)


def test_china_has_a_rate_for_every_economy_on_earth() -> None:
    codes = tuple(economies())
    book, on = load("chn"), date(2025, 6, 1)
    found = rate_table(book, on=on, economies=codes, sectors=("A01", "C26", "C29"))
    assert found.known[codes.index("CHN")].all()


def rate(importer: str, partner: str, sector: str, on: date) -> float:
    found = applied_rate(load("chn"), importer=importer, partner=partner, sector=sector, on=on).rate
    assert found is not None
    return found


def test_dated_facts_show_in_rates() -> None:
    assert rate("CHN", "CIV", "C10T12", date(2026, 4, 30)) > 0.05
    assert rate("CHN", "CIV", "C10T12", date(2026, 5, 1)) == 0
    assert rate("CHN", "SEN", "C10T12", date(2024, 11, 30)) > 0.05
    assert rate("CHN", "SEN", "C10T12", date(2024, 12, 1)) == 0
    assert rate("CHN", "KOR", "C29", date(2015, 12, 19)) == pytest.approx(0.1923)
    assert rate("CHN", "KOR", "C29", date(2015, 12, 20)) == 0
    assert rate("CHN", "JPN", "C13T15", date(2021, 12, 31)) > rate("CHN", "JPN", "C13T15", date(2022, 1, 1))
    assert (
        rate("HRV", "DEU", "C29", date(2013, 6, 30)) > 0 or rate("HRV", "DEU", "C29", date(2013, 7, 1)) == 0
    )


def test_cars_of_the_united_states_were_suspended() -> None:
    book = load("chn")
    for day, added in ((date(2018, 12, 31), True), (date(2019, 1, 2), False)):
        found = applied_rate(book, importer="CHN", partner="USA", sector="C29", on=day)
        mfn = applied_rate(book, importer="CHN", partner="DEU", sector="C29", on=day)
        assert found.rate is not None
        assert mfn.rate is not None
        assert (found.rate - mfn.rate > 0.15) == added


def test_rcep_never_raises_a_rate() -> None:
    for sector in ("A01", "C10T12", "C20", "C29"):
        for year in range(2022, 2027):
            day = date(year, 6, 1)
            assert rate("CHN", "JPN", sector, day) <= rate("CHN", "DEU", sector, day) + 1e-12


@pytest.mark.parametrize(
    ("partner", "sector", "on", "measure"),
    [
        ("BGD", "C13T15", date(2015, 1, 1), "chn-ldc-earlier"),
        ("TWN", "C26", date(2026, 1, 1), "chn-ecfa"),
        ("IND", "C20", date(2026, 1, 1), "chn-apta"),
        ("USA", "B06", date(2026, 1, 1), "chn-usa-2025-02-10"),
    ],
)
def test_a_preference_without_a_rate_is_named(partner: str, sector: str, on: date, measure: str) -> None:
    found = applied_rate(load("chn"), importer="CHN", partner=partner, sector=sector, on=on)
    assert found.rate is not None
    assert measure in {a.measure for a in found.alternatives} | {n.split(":")[0] for n in found.notes}

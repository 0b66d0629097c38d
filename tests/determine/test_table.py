"""The compiled table says what the interpreter says, and what must not matter does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openward.book import load
from openward.book.model import Book
from openward.codes.terms import Interval
from openward.determine.rate import applied_rate
from openward.determine.table import RateTable, rate_table
from openward.errors import InputError, IntegrityError, UnknownCodeError
from openward.observe.worldpack import load_world
from small_books import (
    DAYS,
    ECONOMIES,
    SECTORS,
    book,
    measure,
    mfn_for_all,
    random_books,
    random_measure,
    with_measures,
)

on_days = st.sampled_from(DAYS)


def table(law: Book, on: date) -> RateTable:
    return rate_table(law, on=on, economies=ECONOMIES, sectors=SECTORS)


def same(one: RateTable, other: RateTable) -> bool:
    arrays = ("rates", "known", "shares", "lines", "unverified", "assumed", "preferred")
    return (
        all(np.array_equal(getattr(one, a), getattr(other, a)) for a in arrays)
        and one.missing == other.missing
    )


def try_table(law: Book, on: date) -> RateTable | None:
    try:
        return table(law, on)
    except IntegrityError:
        return None


def interpret(law: Book, on: date, got: RateTable | None) -> None:
    """Compare every cell; where the table refused, some cell must refuse."""
    refused = False
    for n, importer in enumerate(ECONOMIES):
        for i, partner in enumerate(ECONOMIES):
            for j, sector in enumerate(SECTORS):
                try:
                    answer = applied_rate(law, importer=importer, partner=partner, sector=sector, on=on)
                except IntegrityError:
                    refused = True
                    continue
                if got is None:
                    continue
                for k, line in enumerate(answer.lines):
                    assert got.known[n, i, j, k] == (line.rate is not None), (importer, partner, sector, line)
                    assert got.rates[n, i, j, k] == (line.rate or 0.0), (importer, partner, sector, line)
                    assert got.shares[n, j, k] == line.share
                    assert got.lines[n, j, k] == line.lines
                assert got.whole()[n, i, j] == (answer.rate is not None)
                if answer.rate is not None:
                    assert got.average()[n, i, j] == pytest.approx(answer.rate, abs=1e-15)
                assert got.unverified[n, i, j] == bool(answer.unverified), (importer, partner, sector)
                assert got.assumed[n, i, j] == any(" covers " in text for text in answer.assumptions)
    assert refused == (got is None)


@settings(max_examples=60, deadline=None)
@given(random_books(), on_days)
def test_compiled_equals_interpreter(law: Book, on: date) -> None:
    interpret(law, on, try_table(law, on))


@settings(max_examples=60, deadline=None)
@given(random_books(), on_days)
def test_group_scope_equals_its_members(law: Book, on: date) -> None:
    def flat(codes: tuple[str, ...]) -> tuple[str, ...]:
        named: set[str] = set()
        for code in codes:
            named |= law.members(code, on) if code in law.groups() else {code}
        return tuple(sorted(named)) or (("MAC",) if codes else ())

    listed = {
        name: replace(
            m, scope=replace(m.scope, partners=flat(m.scope.partners), exclude=flat(m.scope.exclude))
        )
        for name, m in law.measures.items()
    }
    one, other = try_table(law, on), try_table(with_measures(law, listed), on)
    assert (one is None and other is None) or (one is not None and other is not None and same(one, other))


@settings(max_examples=40, deadline=None)
@given(random_books(most=8), st.data(), on_days)
def test_a_later_change_leaves_earlier_dates_alone(law: Book, data: st.DataObject, on: date) -> None:
    later = data.draw(random_measure("later"))
    later = replace(later, valid=Interval(on + timedelta(days=1), later.valid.end))
    before = try_table(law, on)
    after = try_table(with_measures(law, {**law.measures, "later": later}), on)
    assert (before is None and after is None) or (
        before is not None and after is not None and same(before, after)
    )


@settings(max_examples=40, deadline=None)
@given(random_books(most=8), on_days, st.data())
def test_splitting_a_validity_changes_nothing(law: Book, on: date, data: st.DataObject) -> None:
    if not law.measures:
        return
    name = data.draw(st.sampled_from(sorted(law.measures)))
    cut = data.draw(st.sampled_from(DAYS))
    whole = law.measures[name]
    parts = {
        f"{name}{suffix}": replace(whole, id=f"{name}{suffix}", valid=whole.valid.clip(valid))
        for suffix, valid in (("", Interval(date.min, cut)), ("+", Interval(cut)))
    }
    split = with_measures(law, {**law.measures, **parts})
    one, other = try_table(law, on), try_table(split, on)
    assert (one is None and other is None) or (one is not None and other is not None and same(one, other))


@settings(max_examples=40, deadline=None)
@given(random_books(most=8), on_days)
def test_an_irrelevant_measure_changes_nothing(law: Book, on: date) -> None:
    idle = (
        measure("idle-partner", "preferential-duty", "0 %", partners=["BRA"]),
        measure("idle-importer", "mfn-duty", "1 %", by="IND"),
        measure("idle-service", "retaliatory-duty", "9 %", sectors=["K"]),
        measure("idle-over", "mfn-duty", "1 %", start=DAYS[0], end=DAYS[0]),
        measure("idle-group", "preferential-duty", "0 %", partners=["LDC-CHN"], exclude=["SEN"]),
    )
    more = with_measures(law, {**law.measures, **{m.id: m for m in idle}})
    one, other = try_table(law, on), try_table(more, on)
    assert (one is None) == (other is None)
    if one is not None and other is not None:
        # A preference on an economy outside the table leaves no mark on those inside.
        assert same(one, other)


def test_the_order_of_measures_is_irrelevant() -> None:
    measures = [*mfn_for_all(), measure("p", "preferential-duty", "0 %", partners=["EU27"])]
    assert same(table(book(*measures), DAYS[1]), table(book(*reversed(measures)), DAYS[1]))


def test_services_and_domestic_goods_pay_nothing() -> None:
    got = table(book(*mfn_for_all()), DAYS[1])
    own = np.arange(len(ECONOMIES))
    assert not got.rates[:, :, SECTORS.index("K")].any()
    assert not got.rates[own, own].any()
    assert got.known.all()
    assert got.shares.sum(axis=2) == pytest.approx(1.0)


def test_missing_rates_are_listed_not_zeroed() -> None:
    law = book(
        *(m for m in mfn_for_all() if m.imposed_by != "SEN"),
        measure("s", duty="2 CNY/KGM", by="FRA", sectors=["C29"]),
    )
    got = table(law, DAYS[1])
    assert not got.known[ECONOMIES.index("SEN"), 0, 0, 0]
    assert {(m.importer, m.sector, m.fact) for m in got.missing} == {
        ("SEN", "A01", "no base duty in the book"),
        ("SEN", "B06", "no base duty in the book"),
        ("SEN", "C29", "no base duty in the book"),
        ("FRA", "C29", "a duty in force has no ad valorem rate"),
    }
    assert all(len(m.partners) == len(ECONOMIES) - 1 for m in got.missing)


def test_what_the_table_refuses() -> None:
    law = book(*mfn_for_all())
    with pytest.raises(InputError, match="before the book"):
        table(law, date(2011, 12, 31))
    with pytest.raises(UnknownCodeError, match="CHX"):
        rate_table(law, on=DAYS[1], economies=("CHX",), sectors=SECTORS)
    with pytest.raises(UnknownCodeError, match="C99"):
        rate_table(law, on=DAYS[1], economies=ECONOMIES, sectors=("C99",))
    twice = book(measure("one", sectors=["A01"]), measure("two", sectors=["A01"]))
    with pytest.raises(IntegrityError, match="one and two"):
        table(twice, DAYS[1])


def test_the_shipped_book_on_a_sample_of_cells() -> None:
    law, pack = load("chn"), load_world()
    draw = np.random.default_rng(7)
    for on in (date(2013, 5, 1), date(2022, 7, 1), date(2026, 5, 1)):
        got = rate_table(law, on=on, economies=pack.economies, sectors=pack.sectors)
        assert {m.importer for m in got.missing} == {"COD", "LAO", "TWN"}
        for _ in range(25):
            n, i = draw.integers(len(pack.economies), size=2)
            j = draw.integers(27)
            n = pack.economies.index("CHN") if draw.random() < 0.5 else n
            importer, partner, sector = pack.economies[n], pack.economies[i], pack.sectors[j]
            answer = applied_rate(law, importer=importer, partner=partner, sector=sector, on=on)
            for k, line in enumerate(answer.lines):
                assert got.known[n, i, j, k] == (line.rate is not None)
                assert got.rates[n, i, j, k] == (line.rate or 0.0), (importer, partner, sector, on)
            assert got.unverified[n, i, j] == bool(answer.unverified)

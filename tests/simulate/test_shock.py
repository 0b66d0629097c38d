"""Two laws become a shock: what moves, what stays exactly, what is counted."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings

from openward.book.edits import Add, Reform
from openward.book.model import Book, Measure
from openward.determine.table import RateTable, rate_table
from openward.errors import InputError, IntegrityError
from openward.simulate.baseline import Baseline
from openward.simulate.lines import advance_shares, reference_shares, revenue_rates
from openward.simulate.shock import chain_shock, shock_between, shock_from
from small_books import DAYS, ECONOMIES, SECTORS, book, measure, mfn_for_all, random_books

N, J = len(ECONOMIES), len(SECTORS)
ON = DAYS[4]
CHN, CIV, SEN = (ECONOMIES.index(code) for code in ("CHN", "CIV", "SEN"))
ZERO = measure("zero", "preferential-duty", "0 %", partners=["CIV"])
BASE = (
    *(m for m in mfn_for_all() if m.imposed_by != "CHN"),
    measure("free", duty="0 %", sectors=["A01/free", "B06/free"]),
    measure("dutiable", duty="20 %", sectors=["A01/dutiable", "B06/dutiable", "C29"]),
)


def table(*measures: Measure, on: date = ON) -> RateTable:
    return rate_table(book(*measures), on=on, economies=ECONOMIES, sectors=SECTORS)


def baseline(law: RateTable) -> Baseline:
    flows = np.ones((N, N, J))
    flows[CHN, CIV, SECTORS.index("C29")] = 0.0
    return Baseline(
        name="small",
        year=2022,
        currency="USD",
        scale=1e6,
        source="made up",
        licence="CC0",
        economies=ECONOMIES,
        sectors=SECTORS,
        tradable=np.ones(J, dtype=bool),
        flows=flows,
        tariffs=revenue_rates(law),
        value_added=np.ones((N, J)),
        use=np.zeros((N, J, J)),
        final=np.full((N, J), 1 / J),
        theta=np.array([8.11, 51.08, 4.0, 8.22]),
        deficits=np.zeros(N),
    )


def test_identical_laws_move_nothing_exactly() -> None:
    law = table(*BASE)
    world = baseline(law)
    shock = shock_between(law, table(*BASE), world)
    assert shock.price_wedge is not None
    assert shock.tariffs is not None
    assert (shock.price_wedge == 1.0).all()
    assert np.array_equal(shock.tariffs, world.tariffs)


def test_a_preference_moves_its_cells_alone() -> None:
    before, after = table(*BASE), table(*BASE, ZERO)
    world = baseline(before)
    law = chain_shock(before, after, world, shares=reference_shares(before))
    moved = [(ECONOMIES[n], ECONOMIES[i], SECTORS[j]) for n, i, j in np.argwhere(law.changed)]
    # Crude oil enters free: the dutiable class of B06 has no imports, so nothing moves there.
    assert moved == [("CHN", "CIV", "A01"), ("CHN", "CIV", "C29")]
    assert law.no_trade == 1
    assert (law.unknown, law.unknown_lines) == (0, 0)
    wedge = law.shock.price_wedge
    assert wedge is not None
    assert (wedge[~law.changed] == 1.0).all()
    shares = np.array([0.25, 0.75 * 1.2]) / 1.15
    expected = (shares[0] + shares[1] * 1.2**8.11) ** (-1 / 8.11)
    assert wedge[CHN, CIV, 0] == pytest.approx(expected)
    assert wedge[CHN, CIV, 2] == pytest.approx(1 / 1.2)
    assert law.shock.tariffs is not None
    assert law.shock.tariffs[CHN, CIV, 0] == pytest.approx(0.0)


def test_baseline_rates_are_the_average_at_net_weights() -> None:
    law = table(*BASE)
    assert revenue_rates(law) == pytest.approx(law.average(), abs=1e-15)


def test_shares_are_carried_from_law_to_law() -> None:
    year, a = table(*BASE), table(*BASE, ZERO)
    added = measure("added", "retaliatory-duty", "30 %", partners=["CIV"], sectors=["A01/dutiable"])
    b = table(*BASE, ZERO, added)
    world = baseline(year)
    first = chain_shock(year, a, world, shares=reference_shares(year))
    assert np.array_equal(
        first.shares, advance_shares(reference_shares(year), before=year, after=a, theta=world.theta)
    )
    assert first.shock.tariffs is not None
    rebased = replace(world, tariffs=first.shock.tariffs)
    second = chain_shock(a, b, rebased, shares=first.shares)
    direct = chain_shock(year, b, world, shares=reference_shares(year))
    one, two, whole = first.shock.price_wedge, second.shock.price_wedge, direct.shock.price_wedge
    assert one is not None
    assert two is not None
    assert whole is not None
    assert one * two == pytest.approx(whole, rel=1e-12)
    assert second.shock.tariffs == pytest.approx(direct.shock.tariffs, abs=1e-12)
    stale = chain_shock(a, b, rebased, shares=reference_shares(a)).shock.price_wedge
    assert stale is not None
    assert stale[CHN, CIV, 0] != pytest.approx(two[CHN, CIV, 0], rel=1e-6)


def test_unknown_rates_are_held_unchanged_and_counted() -> None:
    before = table(*BASE)
    gone = table(*(m for m in BASE if m.id != "dutiable"))
    law = chain_shock(before, gone, baseline(before), shares=reference_shares(before))
    assert not law.changed.any()
    assert law.unknown == 2 * (N - 1)
    assert law.unknown_lines == 32
    back = chain_shock(gone, before, baseline(gone), shares=reference_shares(gone))
    assert not back.changed.any()


def test_a_reform_is_a_shock() -> None:
    law = book(*BASE)
    world = baseline(table(*BASE))
    shock = shock_from(Reform("zero", (Add(ZERO),)), law, world, ON)
    same = shock_between(table(*BASE), table(*BASE, ZERO), world)
    assert shock.name == "zero"
    assert np.array_equal(np.asarray(shock.tariffs), np.asarray(same.tariffs))
    empty = shock_from(Reform("nothing"), law, world, ON)
    assert np.array_equal(np.asarray(empty.tariffs), world.tariffs)


def test_tables_and_baseline_must_agree() -> None:
    law = table(*BASE)
    other = replace(baseline(law), economies=tuple(reversed(ECONOMIES)))
    with pytest.raises(InputError, match="same economies"):
        shock_between(law, law, other)


@settings(max_examples=30, deadline=None)
@given(random_books(), random_books())
def test_any_two_laws_give_a_finite_shock(one: Book, other: Book) -> None:
    try:
        before, after = (rate_table(law, on=ON, economies=ECONOMIES, sectors=SECTORS) for law in (one, other))
    except IntegrityError:
        return
    law = chain_shock(before, after, baseline(before), shares=reference_shares(before))
    for array in (law.shock.tariffs, law.shock.price_wedge, law.shares):
        assert array is not None
        assert np.isfinite(array).all()
    assert law.shares.sum(axis=3) == pytest.approx(1.0)
    assert (np.asarray(law.shock.price_wedge) > 0).all()
    assert not law.changed[np.arange(N), np.arange(N)].any()

"""Decompositions of exports: values by hand, identities on random tables, methods against each other."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from openward.errors import InputError
from openward.indicators.value_added.accounts import Accounts, accounts, inverse_of, table_accounts
from openward.indicators.value_added.borin_mancini import borin_mancini
from openward.indicators.value_added.extraction import extracted_output, miroudot_ye
from openward.indicators.value_added.kww import kww
from openward.indicators.value_added.participation import chain_trade, vertical_specialization
from openward.indicators.value_added.wwz import wwz
from openward.observe.input_output_wiod import read_wiod_archive, read_wiod_table


def made_up(seed: int, economies: int = 3, sizes: tuple[int, ...] = (2, 3, 1), gaps: float = 0.2) -> Accounts:
    """A table with economies of unequal numbers of industries, empty cells and one idle industry."""
    rng = np.random.default_rng(seed)
    at = np.repeat(np.arange(economies), sizes[:economies])
    n = len(at)
    Z = rng.lognormal(0.0, 1.0, (n, n)) * (rng.random((n, n)) > gaps)
    F = rng.lognormal(1.0, 1.0, (n, economies)) + 0.1
    Z[1], Z[:, 1], F[1] = 0.0, 0.0, 0.0
    F[np.arange(n), at] += np.maximum(0.0, 1.2 * Z.sum(axis=0) - Z.sum(axis=1) - F.sum(axis=1))
    output = Z.sum(axis=1) + F.sum(axis=1)
    return accounts(
        Z=Z, F=F, output=output, value_added=output - Z.sum(axis=0), node_economy=at.astype(np.intp)
    )


def two_economies() -> Accounts:
    """Each economy makes 10: home sells 4 of it as inputs abroad, abroad sells 2 of them back."""
    Z = np.array([[0.0, 4.0], [2.0, 0.0]])
    F = np.array([[6.0, 0.0], [0.0, 8.0]])
    return accounts(
        Z=Z,
        F=F,
        output=np.array([10.0, 10.0]),
        value_added=np.array([8.0, 6.0]),
        node_economy=np.array([0, 1]),
    )


def test_two_economies_by_hand() -> None:
    # A = [[0, .4], [.2, 0]], B = [[1, .4], [.2, 1]] / .92, v = (.8, .6), L = 1
    ready = two_economies()
    parts = borin_mancini(accounts=ready, approach="source")
    assert parts.exports[0, 1] == pytest.approx(4.0)
    assert parts.dva[0, 1] == pytest.approx(0.8 * 4)
    assert parts.ddc[0, 1] == pytest.approx(0.8 / 0.92 * 4 - 3.2)
    assert parts.fva[0, 1] == pytest.approx(0.6 * 0.2 * 4)
    assert parts.fdc[0, 1] == pytest.approx(0.6 * 0.2 / 0.92 * 4 - 0.48)
    # absorbed abroad: v_0 B_01 Y_11 = .8 * .4 / .92 * 8
    assert parts.vax[0, 1] == pytest.approx(0.8 * 0.4 / 0.92 * 8)
    assert parts.davax[0, 1] == pytest.approx(0.8 * 0.4 * 8)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_parts_sum_to_gross_exports_in_every_method(seed: int) -> None:
    ready = made_up(seed)
    size = ready.E.max()
    for approach in ("source", "sink"):
        parts = borin_mancini(accounts=ready, approach=approach)
        whole = parts.dva + parts.ddc + parts.fva + parts.fdc
        np.testing.assert_allclose(whole, ready.E, atol=1e-9 * size)
        np.testing.assert_allclose(parts.vax + parts.ref, parts.dva, atol=1e-9 * size)
    np.testing.assert_allclose(sum(wwz(accounts=ready).values()), ready.E, atol=1e-9 * size)
    by_economy = ready.by_economy(ready.E).sum(axis=1)
    np.testing.assert_allclose(sum(kww(accounts=ready).values()), by_economy, rtol=1e-9)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_methods_agree_where_they_measure_the_same(seed: int) -> None:
    ready = made_up(seed)
    close = {"rtol": 1e-8, "atol": 1e-9 * ready.E.max()}
    source, sink = (borin_mancini(accounts=ready, approach=a) for a in ("source", "sink"))
    nine, sixteen = kww(accounts=ready), wwz(accounts=ready)

    def total(values: np.ndarray) -> np.ndarray:
        return ready.by_economy(values).sum(axis=1)

    vax = nine["DVA_FIN"] + nine["DVA_INT"] + nine["DVA_INTrex"]
    np.testing.assert_allclose(total(source.vax), vax, **close)
    np.testing.assert_allclose(total(source.ref), nine["RDV_FIN"] + nine["RDV_INT"], **close)
    np.testing.assert_allclose(total(source.ddc), nine["DDC"], **close)
    for name in ("dva", "vax", "ref", "ddc", "fva", "fdc"):
        np.testing.assert_allclose(total(getattr(source, name)), total(getattr(sink, name)), **close)
    domestic = sum(values for name, values in sixteen.items() if name.startswith(("DVA", "RDV")))
    np.testing.assert_allclose(total(domestic), total(source.dva), **close)
    foreign = sixteen["ODC"] + sixteen["MDC"]
    np.testing.assert_allclose(total(foreign), nine["FDC"], **close)
    assert (total(source.davax) <= total(source.vax) + 1e-9).all()
    for at in range(len(ready.starts)):
        country = miroudot_ye(accounts=ready, exporter=at)
        for name in ("exports", "dva", "ddc", "fva", "fdc"):
            assert getattr(country, name) == pytest.approx(
                total(getattr(source, name))[at], rel=1e-8, abs=1e-9
            )


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_vax_is_value_added_in_final_demand_abroad(seed: int) -> None:
    ready = made_up(seed)
    absorbed = ready.v[:, None] * np.linalg.solve(np.eye(len(ready.x)) - ready.A, ready.Y)
    vax = ready.by_economy(ready.abroad(absorbed)).sum(axis=1)
    parts = borin_mancini(accounts=ready, approach="sink")
    np.testing.assert_allclose(ready.by_economy(parts.vax).sum(axis=1), vax, rtol=1e-9)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_bilateral_perimeter_is_an_extraction_of_that_flow(seed: int) -> None:
    ready = made_up(seed)
    without = ready.A.copy()
    home, abroad = ready.block(0), ready.block(1)
    without[home, abroad] = 0.0
    content = ready.v @ inverse_of(without)[:, home]
    local = ready.v[home] @ inverse_of(without)[home, home]
    found = miroudot_ye(accounts=ready, exporter=0, importer=1)
    e = ready.E[home, 1]
    assert found.dva == pytest.approx(local @ e)
    assert found.dva + found.fva == pytest.approx(content @ e)
    assert found.dva + found.ddc + found.fva + found.fdc == pytest.approx(e.sum())


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_extraction_equals_a_new_inverse(seed: int) -> None:
    ready = made_up(seed)
    sellers, buyers = np.array([0, 2]), np.array([3, 4, 5])
    without = ready.A.copy()
    without[np.ix_(sellers, buyers)] = 0.0
    found = extracted_output(accounts=ready, sellers=sellers, buyers=buyers, final=ready.Y)
    np.testing.assert_allclose(found, inverse_of(without) @ ready.Y, rtol=1e-9, atol=1e-9)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_participation_identities(seed: int) -> None:
    ready = made_up(seed)
    flows = chain_trade(accounts=ready)
    assert (flows.backward >= -1e-9).all()
    assert (flows.forward >= -1e-9).all()
    assert (flows.backward + flows.forward <= flows.exports + 1e-9).all()
    vs = vertical_specialization(accounts=ready)
    assert vs.backward.sum() == pytest.approx(vs.forward.sum())


def test_scaling_and_order_of_economies_change_nothing() -> None:
    ready = made_up(7)
    scaled = accounts(
        Z=ready.A * ready.x[None, :] * 1e3,
        F=ready.Y * 1e3,
        output=ready.x * 1e3,
        value_added=ready.v * ready.x * 1e3,
        node_economy=ready.economy,
    )
    ours, theirs = (kww(accounts=a) for a in (ready, scaled))
    for term, values in ours.items():
        np.testing.assert_allclose(theirs[term], 1e3 * values)


def test_output_off_the_row_is_refused() -> None:
    ready = two_economies()
    with pytest.raises(InputError, match="off the sum of the row by up to 1"):
        accounts(
            Z=ready.A * 10,
            F=ready.Y,
            output=ready.x + 1.0,
            value_added=ready.v * 10,
            node_economy=ready.economy,
        )


@pytest.mark.parametrize("year", [1995, 2000, 2005, 2008, 2011])
def test_wiod_parts_sum_to_exports(shared: Path, year: int) -> None:
    if year == 2011:
        table = read_wiod_table(shared / "data" / "economy").table
    else:
        pytest.importorskip("rdata", reason="R archives need the package rdata")
        table = read_wiod_archive(shared / "data" / "simulation" / "wiod" / f"wiot_{year}.RData").table
    assert table.year == year
    ready = table_accounts(table)
    exports = ready.by_economy(ready.E).sum(axis=1)
    assert ready.residual < 1e-12
    np.testing.assert_allclose(sum(kww(accounts=ready).values()), exports, rtol=1e-9)
    np.testing.assert_allclose(
        sum(wwz(accounts=ready).values()), ready.E, rtol=1e-9, atol=1e-9 * exports.min()
    )
    parts = [borin_mancini(accounts=ready, approach=a) for a in ("source", "sink")]
    for part in parts:
        whole = part.dva + part.ddc + part.fva + part.fdc
        np.testing.assert_allclose(ready.by_economy(whole).sum(axis=1), exports, rtol=1e-9)
        np.testing.assert_allclose(whole, ready.E, rtol=1e-9, atol=1e-9 * exports.min())
    for name in ("dva", "fva"):
        first, last = (ready.by_economy(getattr(part, name)).sum(axis=1) for part in parts)
        np.testing.assert_allclose(first, last, rtol=1e-9)

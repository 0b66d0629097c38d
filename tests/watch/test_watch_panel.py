"""Bad rows are named; gaps, short histories and changed units never become silent zeros."""

from __future__ import annotations

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from watch_fixture import FIRST, monthly, steady

from openward.errors import InputError, MissingDataError
from openward.watch.history import history
from openward.watch.of_flow import volume_change
from openward.watch.panel import WORLD, month_after, panel
from openward.watch.rules import rule


def test_all_partners_are_the_sum_of_partners() -> None:
    frame = monthly({("250410", "JPN"): [1, 2, 0], ("250410", "KOR"): [3, 0, 5]})
    found = panel(frame)
    total = next(k for k, one in enumerate(found.series) if one.partner == WORLD)
    assert found.quantity[total] / 1e6 == pytest.approx([4, 2, 5])
    assert found.value[total] / 1e6 == pytest.approx([8, 4, 10])
    japan = next(k for k, one in enumerate(found.series) if one.partner == "JPN")
    assert found.reported[japan].tolist() == [True, True, False]


def test_a_month_that_comes_twice_is_refused_by_name() -> None:
    frame = monthly({("250410", "JPN"): [1, 2]}).collect()
    with pytest.raises(InputError, match="2 rows share") as raised:
        panel(pl.concat([frame, frame.head(1)]).lazy())
    assert "2018-01-01 JPN 250410" in raised.value.where


def test_every_fault_is_reported() -> None:
    frame = monthly({("250410", "JPN"): [1, 2]}).with_columns(
        pl.lit(-1.0).alias("value"), pl.col("month").dt.offset_by("3d")
    )
    with pytest.raises(InputError) as raised:
        panel(frame)
    assert "first day" in str(raised.value)
    assert "negative" in str(raised.value)


def test_nothing_watched_is_said() -> None:
    with pytest.raises(MissingDataError, match="no row"):
        panel(monthly({("250410", "JPN"): [1, 2]}), products=["811292"])


def test_a_gap_in_the_table_is_no_stop() -> None:
    volumes = steady(60)
    volumes[30] = 0
    volumes[59] = 10
    gapped = panel(monthly({("250410", "JPN"): volumes}))
    assert gapped.gaps == (month_after(FIRST, 30),)
    assert any("2020-07" in note and "gap" in note for note in gapped.notes)
    seen = gapped.until(month_after(FIRST, 30))
    found, _ = volume_change(seen, rule("stop"))
    assert found == []


def test_no_trade_while_others_report_is_a_stop() -> None:
    volumes = steady(60)
    volumes[59] = 0
    frame = monthly({("250410", "JPN"): volumes, ("250410", "KOR"): steady(60, seed=2, level=100)})
    found, _ = volume_change(panel(frame), rule("stop"))
    assert [one.series.partner for one in found] == ["JPN"]
    assert "0.0 t in 2022-12" in found[0].sentence
    last = found[0].evidence[-1]
    assert last["reported"] is False
    assert last["quantity_kg"] is None


def test_a_short_history_is_named() -> None:
    past = history(panel(monthly({("250410", "JPN"): steady(14)})), months=60)
    assert past.rows.size == 0
    assert "14 months is too short" in past.notes[0]


def test_an_irregular_series_is_named() -> None:
    volumes = steady(60)
    volumes[::3] = 0
    frame = monthly({("811292", "JPN"): volumes, ("811292", "KOR"): steady(60, seed=3)})
    past = history(panel(frame), months=60)
    assert any("to JPN" in n or "from JPN" in n for n in past.notes)
    assert all("too irregular" in n for n in past.notes)


def test_a_change_of_unit_is_named_and_the_series_watched_by_value() -> None:
    frame = monthly({("250410", "JPN"): steady(60)}).with_columns(
        pl.when(pl.col("month") >= date(2021, 6, 1))
        .then(pl.col("quantity") / 1000)
        .otherwise("quantity")
        .alias("quantity")
    )
    past = history(panel(frame), months=60)
    assert past.by_value.all()
    assert any("unit of quantity" in note for note in past.notes)
    found, _ = volume_change(panel(frame), rule("stop"))
    assert found == []


def test_a_missing_weight_is_mended_by_name() -> None:
    frame = monthly({("250410", "JPN"): steady(60)}).with_columns(
        pl.when(pl.col("month") != date(2022, 12, 1)).then("quantity").alias("quantity")
    )
    past = history(panel(frame), months=60)
    assert any("no weight in 2022-12" in note for note in past.notes)
    found, _ = volume_change(panel(frame), rule("stop"))
    assert found == []


@given(cut=st.integers(36, 59), seed=st.integers(0, 5))
@settings(max_examples=15, deadline=None)
def test_the_past_does_not_know_the_future(cut: int, seed: int) -> None:
    volumes = steady(60, seed=seed)
    changed = volumes.copy()
    changed[cut + 1 :] *= 40
    month = month_after(FIRST, cut)
    one = history(panel(monthly({("250410", "JPN"): volumes})).until(month), months=60)
    other = history(panel(monthly({("250410", "JPN"): changed})).until(month), months=60)
    assert np.array_equal(one.log_volume, other.log_volume)

"""The back-test: scores by hand, and a threshold that the test span cannot move."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from watch_fixture import FIRST, monthly, steady

from openward.errors import InputError, UnknownCodeError
from openward.watch.backtest import Label, Spoken, backtest, choose, episodes, score
from openward.watch.backtests import backtests
from openward.watch.case_list import Wave, score_waves
from openward.watch.panel import month_after, panel
from openward.watch.rules import rule

SPLIT = month_after(FIRST, 60)
PRODUCTS = [f"7208{k:02d}" for k in range(12)]
STOP = rule("stop", materiality=0.0)


def month(k: int) -> date:
    return month_after(FIRST, k)


def said(product: str, k: int, statistic: float = 9.0) -> Spoken:
    return Spoken(product, "WLD", month(k), statistic)


def test_scores_by_hand() -> None:
    labels = [Label("A", month(10), month(8), month(11)), Label("B", month(20), month(19), month(21))]
    alerts = [said("A", 9), said("A", 11), said("B", 15), said("C", 9)]
    found = score(alerts, labels, months=24)
    assert (found.alerts, found.true_alerts, found.labels, found.found) == (4, 2, 2, 1)
    assert (found.precision, found.recall, found.lead_months) == (0.5, 0.5, 1.0)
    assert found.false_per_month == pytest.approx(2 / 24)
    none = score([], [], months=5)
    assert (none.precision, none.recall, none.lead_months) == (None, None, None)


def test_episodes_go_on_over_three_quiet_months() -> None:
    spoken = [said("A", 1), said("A", 4), said("A", 8), said("A", 12, 3.0), said("A", 13)]
    assert [one.month for one in episodes(spoken, threshold=5.0)] == [month(1), month(8), month(13)]


def volumes(seed: int) -> dict[tuple[str, str], np.ndarray]:
    made = {}
    for k, product in enumerate(PRODUCTS):
        one = steady(72, seed=100 * seed + k, noise=0.3)
        one[40 + k] *= 0.2
        made[product, "JPN"] = one
    return made


@given(seed=st.integers(0, 3), factor=st.floats(0.01, 50))
@settings(max_examples=4, deadline=None)
def test_the_test_span_cannot_move_the_threshold(seed: int, factor: float) -> None:
    one = volumes(seed)
    other = {key: np.concatenate([v[:60], v[60:] * factor]) for key, v in one.items()}
    labels = [Label(p, month(40 + k), month(40 + k), month(41 + k)) for k, p in enumerate(PRODUCTS)]
    later = [Label(PRODUCTS[0], month(65), month(65), month(66))]
    chosen = [
        backtest(
            "x", panel(monthly(v)), STOP, labels=known, first=month(38), split=SPLIT, false_per_month=0.1
        ).threshold
        for v, known in ((one, labels), (other, labels), (other, [*labels, *later]))
    ]
    assert len(set(chosen)) == 1


def test_a_label_of_the_test_span_is_refused() -> None:
    seen = panel(monthly(volumes(1)))
    ahead = [Label(PRODUCTS[0], month(65), month(65), month(66))]
    with pytest.raises(InputError, match="end of the training span"):
        choose(seen.until(month(59)), STOP, labels=ahead, first=month(38), false_per_month=0.1)


def test_the_budget_holds_on_the_training_span() -> None:
    seen = panel(monthly(volumes(2))).until(month(59))
    low = choose(seen, STOP, labels=[], first=month(38), false_per_month=5.0)
    high = choose(seen, STOP, labels=[], first=month(38), false_per_month=0.05)
    assert low < high


def test_waves_by_hand() -> None:
    waves = [
        Wave("7208", date(2000, 1, 1), frozenset({"JPN", "KOR"})),
        Wave("7208", date(2001, 1, 1), frozenset({"CHN"})),
        Wave("7208", date(2001, 6, 1), frozenset({"CHN"})),
        Wave("8501", date(2000, 1, 1), frozenset({"CHN"})),
    ]
    found = score_waves(waves, first=date(2000, 1, 1), last=date(2001, 12, 1), least=2)
    # The first wave names two, and China comes within a year; the two later name three, and nobody new comes.
    assert (found.alerts, found.true_alerts) == (3, 1)
    assert (found.labels, found.found) == (4, 2)
    assert found.lead_months == 17.0
    assert found.false_per_month == pytest.approx(2 / 24)


def test_an_unknown_back_test() -> None:
    with pytest.raises(UnknownCodeError, match="no back-test"):
        list(backtests("tea-leaves", data=None, seed=1))


@pytest.mark.slow
def test_planted_surges_are_found_after_the_split() -> None:
    surge, _ = backtests("synthetic", data=None, seed=12)
    assert surge.score is not None
    assert surge.score.recall is not None
    assert surge.score.recall > 0.4
    assert surge.score.lead_months is not None
    assert -8 <= surge.score.lead_months <= 0

from __future__ import annotations

from dataclasses import replace
from datetime import date
from types import MappingProxyType

import polars as pl
import pytest

from openward.book.edits import Reform, Repeal
from openward.book.loading import load
from openward.book.model import Effect, Flow, Instrument, Measure, Scope
from openward.book.reform import apply
from openward.codes.terms import Interval
from openward.indicators.restrictiveness.services import (
    SERVICES,
    answers,
    service_scores,
    services_restrictiveness,
    services_restrictiveness_by_sector,
)

ON = date(2024, 12, 1)


def rule(instrument: Instrument, flow: Flow, *sectors: str) -> Measure:
    """Make a rule on a service."""
    return Measure(
        id=f"{instrument}-{flow}",
        instrument=instrument,
        imposed_by="CHN",
        flow=flow,
        scope=Scope(sectors=sectors),
        effect=Effect(text="rule"),
        valid=Interval(date(2020, 1, 1)),
        act="act",
    )


def test_what_is_closed_answers_for_what_would_condition_it() -> None:
    yes = answers("K", entry={("K", "x"): 1.0}, measures=())
    assert yes == {"equity-closed", "equity-minority", "equity-partial", "personnel", "licence"}
    assert answers("K", entry={("K", "x"): 0.5}, measures=()) == {"equity-minority", "equity-partial"}
    assert answers("K", entry={("K", "x"): 0.52}, measures=()) == {
        "equity-minority",
        "equity-partial",
        "personnel",
    }
    assert answers("K", entry={("K", "x"): 0.25}, measures=()) == {"equity-partial"}
    assert answers("K", entry={("L", "x"): 1.0}, measures=()) == frozenset()
    closed = rule(Instrument.SERVICES_PROHIBITION, Flow.SERVICES_MODE_1, "K")
    assert answers("K", entry={}, measures=(closed,)) == {"cross-border-closed", "cross-border-condition"}


def test_china_by_industry() -> None:
    found = service_scores(load("chn"), on=ON, economy="CHN", zone="none")
    assert set(found) == set(SERVICES)
    # Closed activities, and a condition on supply across the border (gateway).
    assert found["J61"] == pytest.approx(0.20 + 0.15 + 0.10 + 0.10 + 0.05 + 0.10)
    assert found["K"] == pytest.approx(0.05)  # licences of banks and insurers alone
    assert found["F"] == 0.0
    assert all(0.0 <= value <= 1.0 for value in found.values())


def test_the_mean_and_the_rows_agree() -> None:
    law = load("chn")
    rows = services_restrictiveness_by_sector(book=law, on=ON).collect().to_native()
    mean = services_restrictiveness(book=law, on=ON).collect().to_native()["value"][0]
    assert rows.filter(pl.col("economy") == "CHN")["value"].mean() == pytest.approx(mean)


def test_a_reform_moves_it_and_a_new_ban_closes() -> None:
    law = load("chn")
    reform = Reform("gateway", (Repeal("chn-services-cross-border-telecom", date(2025, 1, 1)),))
    later = date(2025, 2, 1)
    open_ = service_scores(apply(law, reform), on=later, economy="CHN", zone="none")
    assert open_["J61"] == pytest.approx(
        service_scores(law, on=later, economy="CHN", zone="none")["J61"] - 0.1
    )
    ban = rule(Instrument.SERVICES_PROHIBITION, Flow.SERVICES_MODE_4, "I")
    more = replace(law, measures=MappingProxyType({**law.measures, ban.id: ban}))
    assert service_scores(more, on=ON, economy="CHN", zone="none")["I"] == pytest.approx(0.10)

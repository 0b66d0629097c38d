"""Each rule over tables on a small table where the answer is known."""

from __future__ import annotations

import numpy as np
import pytest
from watch_fixture import monthly, steady

from openward.errors import InputError, UnknownCodeError
from openward.watch.of_flow import cheap_export_surge, long_rise, price_drop, volume_change
from openward.watch.of_share import concentration, share_drift, single_supplier, undercutting
from openward.watch.panel import panel
from openward.watch.rules import rule


def test_import_surge_speaks_for_the_partner_that_surges() -> None:
    risen = steady(60)
    risen[-6:] *= 2
    frame = monthly({("720810", "VNM"): risen, ("720810", "JPN"): steady(60, seed=2)})
    found, _ = volume_change(panel(frame), rule("import-surge"))
    assert "VNM" in [one.series.partner for one in found]
    assert "JPN" not in [one.series.partner for one in found]
    vietnam = next(one for one in found if one.series.partner == "VNM")
    assert len(vietnam.evidence) == 12
    assert "at or below about" in vietnam.clears


def test_what_clears_an_alert_clears_it() -> None:
    risen = steady(60)
    risen[-1] *= 3
    seen = panel(monthly({("720810", "VNM"): risen}, flow="export"))
    found, _ = volume_change(seen, rule("stock-up"))
    limit = float(found[0].clears.split("about ")[1].split(" t")[0].replace(",", "")) / 1e3
    for factor, speaks in ((0.97, False), (1.03, True)):
        moved = risen.copy()
        moved[-1] = limit * factor
        again, _ = volume_change(panel(monthly({("720810", "VNM"): moved}, flow="export")), rule("stock-up"))
        assert bool(again) is speaks


def test_materiality_gates() -> None:
    risen = steady(60)
    risen[-6:] *= 3
    seen = panel(monthly({("720810", "VNM"): risen}, scale=1.0))
    assert volume_change(seen, rule("import-surge"))[0] == []
    assert volume_change(seen, rule("import-surge", materiality=0.0))[0]


def test_import_rules_are_silent_on_exports() -> None:
    risen = steady(60)
    risen[-6:] *= 3
    seen = panel(monthly({("720810", "VNM"): risen}, flow="export"))
    assert volume_change(seen, rule("import-surge"))[0] == []


def test_a_small_rise_that_lasts_adds_up() -> None:
    risen = steady(72)
    risen[-12:] *= 1.15
    seen = panel(monthly({("720810", "VNM"): risen}))
    assert long_rise(seen, rule("import-surge-cusum"))[0]
    assert not long_rise(panel(monthly({("720810", "VNM"): steady(72)})), rule("import-surge-cusum"))[0]


def test_price_drop() -> None:
    price = list(3 * np.exp(np.random.default_rng(4).normal(scale=0.03, size=60)))
    price[-3:] = [2.0, 2.0, 2.0]
    seen = panel(monthly({("720810", "VNM"): steady(60)}, price=price))
    found, _ = price_drop(seen, rule("price-drop"))
    assert "unit value 2.0" in found[0].sentence


def test_cheap_export_surge_needs_both() -> None:
    risen = steady(60)
    risen[-6:] *= 2
    falling = [3.0] * 54 + [2.0] * 6
    both = panel(monthly({("720810", "USA"): risen}, price=falling, flow="export"))
    dear = panel(monthly({("720810", "USA"): risen}, flow="export"))
    assert cheap_export_surge(both, rule("cheap-export-surge"))[0]
    assert cheap_export_surge(dear, rule("cheap-export-surge"))[0] == []


def crowd(months: int) -> dict[tuple[str, str], list[float]]:
    """Another product from ten partners: the table is all trade."""
    codes = ("AUS", "BRA", "CAN", "DEU", "FRA", "GBR", "IDN", "IND", "ITA", "USA")
    return {("010121", code): [1.0] * months for code in codes}


def test_a_table_of_two_partners_has_no_shares() -> None:
    frame = monthly({("260300", "CHL"): [9.0] * 24, ("260300", "PER"): [1.0] * 24})
    for monitor, name in (
        (share_drift, "share-drift"),
        (concentration, "concentration"),
        (single_supplier, "single-supplier"),
        (undercutting, "undercutting"),
    ):
        found, notes = monitor(panel(frame), rule(name))
        assert found == []
        assert "the table holds 2 partners" in notes[0]


def test_shares_by_hand() -> None:
    china = [6.0] * 12 + [9.0] * 12
    others = [4.0] * 12 + [1.0] * 12
    frame = monthly({("260300", "CHL"): china, ("260300", "PER"): others, **crowd(24)})
    seen = panel(frame, products=["2603"])
    drift, _ = share_drift(seen, rule("share-drift"))
    assert [(one.series.partner, round(one.statistic, 6)) for one in drift] == [("CHL", 0.3)]
    dense, _ = concentration(seen, rule("concentration"))
    assert dense[0].statistic == pytest.approx(0.9**2 + 0.1**2)
    single, _ = single_supplier(seen, rule("single-supplier"))
    assert [(one.series.partner, round(one.statistic, 6)) for one in single] == [("CHL", 0.9)]


def test_concentration_wants_every_partner() -> None:
    frame = monthly({("260300", "CHL"): [9.0] * 12, ("260300", "PER"): [1.0] * 12, **crowd(12)})
    assert concentration(panel(frame, partners=["CHL"], products=["2603"]), rule("concentration"))[0] == []


def test_undercutting_by_hand() -> None:
    cheap = monthly({("720810", "VNM"): [5.0] * 12}, price=1.0).collect()
    dear = monthly({("720810", "JPN"): [5.0] * 12, **crowd(12)}, price=2.0).collect()
    found, _ = undercutting(panel(cheap.vstack(dear).lazy(), products=["7208"]), rule("undercutting"))
    assert [(one.series.partner, one.statistic) for one in found] == [("VNM", pytest.approx(0.5))]


def test_rules_know_their_parameters() -> None:
    assert rule("stop", threshold=12).threshold == 12.0
    with pytest.raises(UnknownCodeError, match="no rule"):
        rule("stpo")
    with pytest.raises(InputError, match="no parameter"):
        rule("stop", treshold=3)
    with pytest.raises(InputError, match="no number"):
        rule("stop", threshold="high")

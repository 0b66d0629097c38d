"""Outcomes in the form of openward.outcome/1."""

from __future__ import annotations

import json

from openward.simulate.baseline import Shock
from openward.simulate.caliendo_parro import solve
from openward.simulate.outcome_json import outcome_dict
from small_worlds import draw_shock, make_world

TOP = {
    *("model", "closure", "numeraire", "converged", "iterations", "residual", "seconds", "baseline", "shock"),
    *("economies", "bilateral", "industries"),
}
ECONOMY = {
    *("economy", "real_income_pct", "first_order", "path_integrated_pct", "real_wage_pct", "price_index_pct"),
    *("tariff_revenue_before", "tariff_revenue_after", "exports_pct", "imports_pct"),
}


def test_the_contract_is_kept_and_nothing_is_not_a_number() -> None:
    world = make_world(5, economies=3, sectors=3)
    outcome = solve(world, draw_shock(world, 5), path_steps=2)
    table = outcome_dict(outcome, include_bilateral=True, include_sectors=True)
    assert set(table) >= TOP
    assert json.loads(json.dumps(table, allow_nan=False)) == table
    for row in table["economies"]:
        assert set(row) >= ECONOMY
        assert set(row["first_order"]) == {"terms_of_trade_pct", "volume_of_trade_pct", "total_pct"}
    assert len(table["industries"]) == 9
    by_sector = [row for row in table["bilateral"] if "sector" in row]
    in_all = [row for row in table["bilateral"] if "sector" not in row]
    assert abs(sum(r["after"] for r in by_sector) - sum(r["after"] for r in in_all)) < 1e-9
    assert all(row["importer"] != row["exporter"] for row in table["bilateral"])


def test_a_change_of_nothing_is_null_with_a_reason() -> None:
    world = make_world(5, economies=3, sectors=3)
    table = solve(world, draw_shock(world, 5)).as_dict()
    idle = next(r for r in table["industries"] if (r["economy"], r["sector"]) == ("E0", "S0"))
    assert idle["output_pct"] is None
    assert idle["reasons"]["output_pct"] == "no output before"
    alone = make_world(1, economies=1, sectors=2)
    row = solve(alone, Shock()).as_dict()["economies"][0]
    assert row["exports_pct"] is None
    assert row["reasons"] == {"exports_pct": "no exports before", "imports_pct": "no imports before"}
    assert row["path_integrated_pct"] is None

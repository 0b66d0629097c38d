"""The main job on the shipped book and world: what the law decides, and what follows."""

from __future__ import annotations

import json
from datetime import date

import numpy as np
import pytest

from openward.book import load, load_reform
from openward.book.reform import Reform
from openward.book.reform_files import read_reform
from openward.errors import InputError, MissingDataError, UsageError
from openward.impact.decompose import decompose
from openward.impact.law import law_step
from openward.impact.result import EconomyRow, Impact
from openward.impact.run import study
from openward.report.impact_json import impact_dict

NOT_LEAST_DEVELOPED = ("CIV", "CMR", "EGY", "MAR", "NGA", "TUN", "ZAF")


@pytest.fixture(scope="module")
def africa() -> Impact:
    return study("africa-zero-tariff")


def _row(impact: Impact, economy: str) -> EconomyRow:
    return next(row for row in impact.opening.economies if row.economy == economy)


def test_the_law_decides_who_is_touched(africa: Impact) -> None:
    assert (africa.law.from_law, africa.law.on) == (date(2026, 4, 30), date(2026, 5, 1))
    first, second = africa.law.edits
    assert not first.effective
    assert "2024-12-01" in first.why_not
    assert {"AGO", "COD", "SEN"} <= {partner for partner, _ in first.partners_without_effect}
    assert second.effective
    assert second.partners == NOT_LEAST_DEVELOPED
    stays = dict(second.partners_without_effect)
    assert all("since 2024-12-01" in stays[partner] for partner in ("AGO", "COD", "SEN"))
    assert africa.law.no_effect == (1,)


def test_lines_at_mfn_zero_do_not_move(africa: Impact) -> None:
    crude = [change for change in africa.law.rate_changes if change.sector == "B06"]
    assert all(change.before < 1e-4 for change in crude)
    assert africa.law.touched_trade_musd < sum(change.trade_musd for change in africa.law.rate_changes)
    oil = africa.outcome.baseline.sectors.index("B06")
    china = africa.outcome.baseline.economies.index("CHN")
    nigeria = africa.outcome.baseline.economies.index("NGA")
    before = africa.outcome.baseline.tariffs[china, nigeria, oil]
    assert abs(africa.outcome.after.tariffs[china, nigeria, oil] - before) < 1e-6


def test_who_gains_and_who_pays(africa: Impact) -> None:
    for code in NOT_LEAST_DEVELOPED:
        assert 0 < _row(africa, code).real_income_pct < 1
    # Preference erosion: those already at zero now share the market.
    assert any(_row(africa, code).real_income_pct < 0 for code in ("AGO", "COD", "SEN"))
    china = _row(africa, "CHN")
    assert china.revenue_after_musd < china.revenue_before_musd
    assert china.trade_created_musd > 0
    assert abs(china.real_income_pct) < 0.05
    assert africa.reliability.converged
    assert africa.reliability.residual < 1e-8


def test_the_path_closes_the_gap_between_the_two_welfare_figures(africa: Impact) -> None:
    for row in africa.opening.economies:
        assert row.path_integrated_pct is not None
        first_order = row.terms_of_trade_pct + row.volume_of_trade_pct
        assert (
            abs(row.path_integrated_pct - row.real_income_pct)
            <= abs(first_order - row.real_income_pct) + 1e-6
        )


def test_sums_equal_their_parts(africa: Impact) -> None:
    rows = africa.opening.economies
    assert np.isclose(sum(row.trade_created_musd for row in rows), africa.opening.trade_created_musd)
    outcome = africa.outcome
    assert np.isclose(outcome.baseline.deficits.sum(), 0, atol=1e-3)
    exports = outcome.after.flows.sum(axis=0)
    value_added = (outcome.after.value_added * exports).sum()
    assert np.isclose(value_added, (outcome.baseline.value_added * outcome.baseline.flows.sum(axis=0)).sum())


def test_an_earlier_law_measures_the_whole_programme() -> None:
    whole = study("africa-zero-tariff", from_law=date(2022, 8, 31), stress="none")
    assert all(edit.effective for edit in whole.law.edits)
    assert {"AGO", "COD", "SEN"} <= set(whole.law.edits[0].partners)
    assert _row(whole, "AGO").real_income_pct > 0
    assert whole.safeguards.stress == ()


@pytest.mark.parametrize("name", ["cptpp-accession", "rcep-undone", "us-reciprocal-25"])
def test_the_other_shipped_reforms(name: str) -> None:
    impact = study(name, stress="none")
    assert any(edit.effective for edit in impact.law.edits)
    assert impact.reliability.residual < 1e-8
    assert all(np.isfinite(row.real_income_pct) for row in impact.opening.economies)


def test_an_empty_reform_changes_nothing_exactly() -> None:
    impact = study(Reform("nothing", ()), stress="none")
    assert impact.law.rate_changes == ()
    for row in impact.opening.economies:
        assert row.real_income_pct == row.real_wage_pct == row.price_index_pct == 0.0
        assert row.terms_of_trade_pct == row.volume_of_trade_pct == row.low_pct == row.high_pct == 0.0
        assert row.revenue_before_musd == row.revenue_after_musd
        assert row.exports_pct in (0.0, None)
    assert impact.safeguards.falling == impact.safeguards.rising == impact.safeguards.dependency == ()
    assert (impact.outcome.price_hat == 1).all()


def test_the_order_of_edits_and_a_second_run_change_nothing(africa: Impact) -> None:
    script = load_reform("africa-zero-tariff")
    turned = Reform(script.name, script.edits[::-1], script.title, script.description, script.source)
    assert turned.hash == script.hash
    again = study(turned, stress="none")
    for one, other in zip(africa.opening.economies, again.opening.economies, strict=True):
        assert abs(one.real_income_pct - other.real_income_pct) < 1e-9


def test_json_holds_no_nan_and_all_five_parts(africa: Impact) -> None:
    document = json.loads(json.dumps(impact_dict(africa), allow_nan=False))
    assert document["schema"] == "openward.impact/1"
    assert {"reform", "hash", "law", "opening", "safeguards", "reliability", "reproduce"} <= set(document)
    assert {"from", "on", "edits", "touched", "no_effect"} <= set(document["law"])


def test_the_python_lines_of_the_page_give_the_same_figures(
    africa: Impact, capsys: pytest.CaptureFixture[str]
) -> None:
    exec(africa.reproduce.python, {})
    printed = dict(line.split()[:2] for line in capsys.readouterr().out.splitlines())
    assert printed["ZAF"] == f"{_row(africa, 'ZAF').real_income_pct:+.4f}"


def test_days_that_cannot_be() -> None:
    with pytest.raises(MissingDataError, match="before data"):
        study("africa-zero-tariff", from_law=date(2011, 12, 31))
    with pytest.raises(InputError, match="last edit"):
        study("africa-zero-tariff", from_law=date(2026, 5, 1))
    with pytest.raises(UsageError, match="stress"):
        study("africa-zero-tariff", stress="some")  # type: ignore[arg-type]


def test_frozen_law_stands_still() -> None:
    step = law_step(load("chn"), load_reform("africa-zero-tariff"), from_law=date(2022, 8, 31))
    assert "chn-ldc100" not in step.before.measures
    assert all(m.valid.start <= date(2022, 8, 31) for m in step.before.measures.values())
    assert "chn-afr53-zero" in step.after.measures


UNVALUED = {
    "a repealed base duty": "repeal: {measure: chn-mfn-2019b-C29-dutiable, from: 2026-06-01}",
    "a ban of one heading": (
        "add: {id: t, instrument: prohibition, imposed_by: CHN, flow: import, act: chn-tc-2026,"
        " scope: {partners: [USA], products: {edition: HS2022, ranges: ['1201']}}, effect: {text: banned},"
        " valid: {from: 2026-06-01}}"
    ),
    "a licence": (
        "add: {id: t, instrument: licence, imposed_by: CHN, flow: import, act: chn-tc-2026,"
        " scope: {partners: [USA], sectors: [A01]}, effect: {text: asked for}, valid: {from: 2026-06-01}}"
    ),
    "one heading": (
        "add: {id: t, instrument: preferential-duty, imposed_by: CHN, flow: import, act: chn-tc-2026,"
        " scope: {partners: [BRA], products: {edition: HS2022, ranges: ['1201']}}, effect: {duty: 0 %},"
        " valid: {from: 2026-06-01}}"
    ),
    "a specific duty": (
        "add: {id: t, instrument: retaliatory-duty, imposed_by: CHN, flow: import, act: chn-tc-2026,"
        " scope: {partners: [USA], sectors: [A01]}, effect: {duty: 10 CNY/KGM}, valid: {from: 2026-06-01}}"
    ),
}


def _reform(*edits: str) -> Reform:
    listed = "\n".join(f"  - {edit}" for edit in edits)
    head = "schema: openward.reform/1\nname: t\ntitle: {en: T}\nsource: {act: chn-tc-2026, url: ''}\nedits:\n"
    return read_reform(head + listed)


@pytest.mark.parametrize("case", UNVALUED)
def test_what_has_no_number_is_refused_not_read_as_zero(case: str) -> None:
    with pytest.raises(InputError, match="unknown, not zero"):
        study(_reform(UNVALUED[case]), stress="none")


BAN = (
    "add: {id: t, instrument: prohibition, imposed_by: CHN, flow: import, act: chn-tc-2026,"
    " scope: {partners: [USA], sectors: [A01]}, effect: {text: banned}, valid: {from: 2026-06-01}}"
)


def test_what_reads_rates_alone_refuses_a_ban() -> None:
    with pytest.raises(InputError, match="prohibits 1 flows"):
        study(_reform(BAN), stress="none", draws=2)
    with pytest.raises(InputError, match="prohibits 1 flows"):
        decompose(_reform(BAN))


def test_a_ban_of_an_industry_stops_the_flow() -> None:
    impact = study(_reform(BAN), stress="none")
    world, after = impact.outcome.baseline, impact.outcome.after
    china, states = world.economies.index("CHN"), world.economies.index("USA")
    farm = world.sectors.index("A01")
    assert world.flows[china, states, farm] > 1000
    assert after.flows[china, states, farm] == 0
    assert np.count_nonzero((after.flows == 0) & (world.flows > 0)) == 1
    edit = impact.law.edits[0]
    assert edit.effective
    assert not edit.unvalued
    assert edit.partners == ("USA",)
    assert impact.law.touched_partners == ("USA",)
    assert edit.trade_musd == pytest.approx(impact.law.touched_trade_musd)
    assert _row(impact, "CHN").real_income_pct < 0
    assert _row(impact, "USA").real_income_pct < 0
    assert "prohibited" in impact.headline
    assert impact.reliability.residual < 1e-8
    assert any(a.kind == "prohibition" for a in impact.reliability.assumptions)
    impact_dict(impact)


def test_beside_a_valued_edit_it_is_named() -> None:
    cut = (
        "add: {id: u, instrument: preferential-duty, imposed_by: CHN, flow: import, act: chn-tc-2026,"
        " scope: {partners: [BRA]}, effect: {duty: 0 %}, valid: {from: 2026-06-01}}"
    )
    impact = study(_reform(UNVALUED["a specific duty"], cut), stress="none")
    assert [edit.effective for edit in impact.law.edits] == [False, True]
    assert {rate.partner for rate in impact.law.unvalued} == {"USA"}
    assert {change.partner for change in impact.law.rate_changes} == {"BRA"}
    assert sum(a.kind == "not valued" for a in impact.reliability.assumptions) == 2


def test_edits_that_cancel_change_nothing() -> None:
    cut = (
        "add: {id: u, instrument: preferential-duty, imposed_by: CHN, flow: import, act: chn-tc-2026,"
        " scope: {partners: [BRA]}, effect: {duty: 0 %}, valid: {from: 2026-06-01}}"
    )
    impact = study(_reform(cut, "repeal: {measure: u, from: 2026-07-01}"), stress="none")
    assert impact.law.rate_changes == ()
    assert "cancel" in impact.headline
    assert all(row.real_income_pct == 0 for row in impact.opening.economies)


def test_a_measure_that_starts_later_cannot_be_repealed_before() -> None:
    with pytest.raises(InputError, match="starts on 2026-05-01"):
        study(_reform("repeal: {measure: chn-afr53-zero, from: 2020-01-01}"))


def test_a_one_sided_accession_says_so() -> None:
    impact = study(_reform("join: {economy: IND, group: RCEP, from: 2027-01-01}"), stress="none")
    assert any(a.kind == "missing" and a.subject == "IND" for a in impact.reliability.assumptions)

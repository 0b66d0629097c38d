"""Put the five parts together."""

from __future__ import annotations

from openward.codes.economies import economies
from openward.impact.result import Impact
from openward.report.blocks import Fact, Part
from openward.report.numbers import decimals_for, money, percent
from openward.report.parts.law import law_part
from openward.report.parts.opening import opening_part, purse_row
from openward.report.parts.opening_figures import ranked
from openward.report.parts.reliability import reliability_part, reproduce_part
from openward.report.parts.safeguards import safeguards_part


def five_parts(impact: Impact) -> tuple[Part, ...]:
    """Give the five parts in the order they are read."""
    names = economy_names() | {r.economy: r.name for r in impact.opening.economies}
    return (
        law_part(impact.law, names, year=impact.outcome.baseline.year),
        opening_part(impact, names),
        safeguards_part(impact, names),
        reliability_part(impact, names),
        reproduce_part(impact),
    )


def economy_names() -> dict[str, str]:
    """Give the names of all economies by their codes."""
    return {code: e.name for code, e in economies().items()}


def headline_facts(impact: Impact) -> tuple[Fact, ...]:
    """Give the key figures that stand under the headline."""
    rows = ranked(impact.opening.economies)
    places = decimals_for([r.real_income_pct for r in rows])
    best, worst, purse = rows[0], rows[-1], purse_row(impact)
    facts = [
        Fact("Trade touched", money(impact.law.touched_trade_musd), "a year"),
        Fact("World real income", percent(impact.opening.world_real_income_pct), "exact change"),
    ]
    if best.real_income_pct > 0:
        facts.append(Fact("Largest gain", percent(best.real_income_pct, places), best.name))
    if worst.real_income_pct < 0:
        facts.append(Fact("Largest loss", percent(worst.real_income_pct, places), worst.name))
    diverted = money(impact.opening.trade_diverted_musd)
    facts.append(
        Fact("Trade created", money(impact.opening.trade_created_musd), f"a year; {diverted} diverted")
    )
    change = purse.revenue_after_musd - purse.revenue_before_musd
    facts.append(Fact("Tariff revenue", money(change, signed=True), f"{purse.name}, a year"))
    return tuple(facts)

"""An injury file as a sentence, rows and JSON."""

from __future__ import annotations

from fractions import Fraction

from openward.calculate.exact import plain, rounded
from openward.calculate.injury.run import InjuryResult


def sentence(result: InjuryResult) -> str:
    """Say what the table shows, and that a number is no finding."""
    said = [f"{result.triage.worse} of {result.triage.judged} factors with figures got worse"]
    if result.prices is not None:
        said.append(f"undercutting {_pct(result.prices.undercutting)} %")
        said.append(f"underselling {_pct(result.prices.underselling)} %")
    if result.not_given:
        said.append(f"nothing given on {', '.join(result.not_given)} (ADA art 3.4 asks for all fifteen)")
    return "; ".join(said) + "."


def factor_rows(result: InjuryResult) -> list[dict[str, str]]:
    """Give the factor table."""
    return [
        {
            "factor": row.factor.name,
            **{period: "" if value is None else plain(value) for period, value in row.values},
            "unit": row.unit,
            "change_pct": "" if row.change is None else _pct(row.change),
            "turns": str(row.turns),
            "trend": row.trend,
            "finding": row.finding,
        }
        for row in result.table
    ]


def cause_rows(result: InjuryResult) -> list[dict[str, str]]:
    """Give the table of other causes."""
    rows = []
    for row in result.causes:
        cause = row.cause
        rows.append(
            {
                "other cause (art 3.5)": row.factor,
                "before": "" if cause is None or cause.before is None else plain(cause.before),
                "after": "" if cause is None or cause.after is None else plain(cause.after),
                "unit": "" if cause is None else cause.unit,
                "set apart": "not examined" if cause is None else cause.separated,
                "breaks the link": "" if cause is None else "yes" if cause.breaks_the_link else "no",
            }
        )
    return rows


def as_dict(result: InjuryResult) -> dict[str, object]:
    """Give the whole result for JSON."""
    prices = result.prices
    score = result.triage.score
    return {
        "schema": "openward.injury-result/1",
        "sentence": sentence(result),
        "factors": factor_rows(result),
        "not_given": list(result.not_given),
        "prices_pct": None
        if prices is None
        else {
            "undercutting": _pct(prices.undercutting),
            "undercutting_positive_only": _pct(prices.undercutting_positive_only),
            "underselling": _pct(prices.underselling),
        },
        "causes": cause_rows(result),
        "cumulation": [
            {
                "economy": one.economy,
                "cumulated": one.cumulated,
                "share_pct": _pct(one.share),
                "why_not": list(one.why_not),
            }
            for one in result.cumulated
        ],
        "triage": {"score": None if score is None else plain(score), "warning": result.triage.warning},
        "steps": [step.as_dict() for step in result.steps],
    }


def _pct(value: Fraction) -> str:
    return str(rounded(100 * value, 1))

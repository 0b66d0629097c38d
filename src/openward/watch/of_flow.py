"""Monitors of a series against its own past: surge, long small rise, price drop, stop, jump."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from openward.watch.finding import Finding, amount, evidence_rows
from openward.watch.history import History, history
from openward.watch.panel import Panel
from openward.watch.rules import Rule
from openward.watch.surge import WindowEffect, window_effect

Floats = NDArray[np.float64]
Found = tuple[list[Finding], tuple[str, ...]]


def volume_change(panel: Panel, rule: Rule) -> Found:
    """Find series whose volume changed towards ``rise`` (import-surge, stop, stock-up)."""
    past = _past(panel, rule)
    if not past.rows.size:
        return [], past.notes
    effect = window_effect(log_volume=past.log_volume, window=rule.window)
    evidence = effect.evidence(rise=rule.options["rise"])
    hits = _hits(panel, rule, past, evidence, before=rule.options["rise"] < 1)
    return [_volume_finding(panel, rule, past, effect, k, evidence[k]) for k in hits], past.notes


def cheap_export_surge(panel: Panel, rule: Rule) -> Found:
    """Find exports that surge while their unit value falls below ``price`` of what its past says."""
    past = _past(panel, rule)
    if not past.rows.size:
        return [], past.notes
    effect = window_effect(log_volume=past.log_volume, window=rule.window)
    price = window_effect(log_volume=past.log_price, window=rule.window)
    evidence = effect.evidence(rise=rule.options["rise"])
    falling = past.has_price & (price.effect <= np.log(rule.options["price"]))
    hits = _hits(panel, rule, past, np.where(falling, evidence, -np.inf), before=False)
    found = []
    for k in hits:
        one = _volume_finding(panel, rule, past, effect, k, evidence[k])
        told = f"{one.sentence}; the unit value is {np.exp(price.effect[k]) - 1:+.0%} against its past"
        found.append(Finding(one.series, one.statistic, told, one.clears, one.evidence))
    return found, past.notes


def price_drop(panel: Panel, rule: Rule) -> Found:
    """Find series whose unit value fell towards ``rise`` times what its trend and season say."""
    past = _past(panel, rule)
    if not past.has_price.any():
        return [], past.notes
    effect = window_effect(log_volume=past.log_price, window=rule.window)
    evidence = np.where(past.has_price, effect.evidence(rise=rule.options["rise"]), -np.inf)
    found = []
    for k in _hits(panel, rule, past, evidence, before=False):
        row = int(past.rows[k])
        usual = float(np.exp(effect.expected[k].mean()))
        now = usual * float(np.exp(effect.effect[k]))
        limit = usual * float(np.exp(_limit(effect, rule, k)))
        told = (
            f"{panel.series[row]}: unit value {now:.2f} USD/kg over {_span(panel, rule)} where trend and "
            f"season say {usual:.2f} ({now / usual - 1:+.0%})"
        )
        clears = f"a mean unit value of {limit:.2f} USD/kg or more over {_months(rule)}"
        found.append(Finding(panel.series[row], float(evidence[k]), told, clears, _rows(panel, rule, row)))
    return found, past.notes


def cusum(*, excess: Floats, slack: float) -> Floats:
    """Add up what exceeds the slack since the last low: ``S[t] = max(0, S[t-1] + x[t] - slack)``.

    Parameters
    ----------
    excess : array [S, W]
        Standardized deviations.
    slack : float
        Half the change one wants to see, in standard deviations.

    Returns
    -------
    array [S]
        At the last month (Page 1954, equation of the one-sided scheme).
    """
    total = np.zeros(excess.shape[0])
    for t in range(excess.shape[1]):
        total = np.maximum(0.0, total + excess[:, t] - slack)
    return total


def long_rise(panel: Panel, rule: Rule) -> Found:
    """Find series whose small excesses over their past add up (CUSUM over the window)."""
    past = _past(panel, rule)
    if not past.rows.size:
        return [], past.notes
    effect = window_effect(log_volume=past.log_volume, window=rule.window)
    # Noise with memory wanders: its sum has the variance of independent noise times (1 + rho) / (1 - rho).
    wander = np.sqrt((1 + effect.rho) / (1 - effect.rho))
    excess = (past.log_volume[:, -rule.window :] - effect.expected) / (effect.scale * wander)[:, None]
    total = cusum(excess=excess, slack=rule.options["slack"])
    found = []
    for k in _hits(panel, rule, past, total, before=False):
        row = int(past.rows[k])
        usual = float(np.exp(effect.expected[k]).mean())
        now = float(np.exp(past.log_volume[k, -rule.window :]).mean())
        by_value = bool(past.by_value[k])
        told = (
            f"{panel.series[row]}: {amount(now, by_value=by_value)} a month over {_span(panel, rule)} "
            f"where trend and season say {amount(usual, by_value=by_value)}, adding up to {total[k]:.1f}"
        )
        clears = f"the sum falls below {rule.threshold:g}: months at or below trend and season take it down"
        found.append(Finding(panel.series[row], float(total[k]), told, clears, _rows(panel, rule, row)))
    return found, past.notes


def _past(panel: Panel, rule: Rule) -> History:
    return history(panel, months=int(rule.options["history"]))


def _hits(panel: Panel, rule: Rule, past: History, statistic: Floats, *, before: bool) -> Iterator[int]:
    """Rows at or above the threshold, of the rule's flow, material, and not inside a gap of the table."""
    if any(month in panel.gaps for month in panel.months[-rule.window :]):
        return
    # A flow that stopped is measured by what it was: a year before the window.
    end = len(panel.months) - rule.window if before else len(panel.months)
    start = end - 12 if before else end - rule.window
    size = panel.value[past.rows, start:end].mean(axis=1)
    for k in np.flatnonzero((statistic >= rule.threshold) & (size >= rule.materiality)):
        if rule.flow in ("any", panel.series[int(past.rows[k])].flow):
            yield int(k)


def _volume_finding(
    panel: Panel, rule: Rule, past: History, effect: WindowEffect, k: int, evidence: float
) -> Finding:
    row, by_value = int(past.rows[k]), bool(past.by_value[k])
    usual = float(np.exp(effect.expected[k]).mean())
    published = (panel.value if by_value else panel.quantity)[row, -rule.window :]
    now = float(published.mean())
    limit = usual * float(np.exp(_limit(effect, rule, k)))
    every = "" if rule.window == 1 else " a month"
    told = (
        f"{panel.series[row]}: {amount(now, by_value=by_value)}{every} in {_span(panel, rule)} "
        f"where trend and season say {amount(usual, by_value=by_value)} ({now / usual - 1:+.0%})"
    )
    side = "at or below" if rule.options["rise"] > 1 else "at or above"
    clears = f"{side} about {amount(limit, by_value=by_value)}{every} over {_months(rule)}"
    return Finding(panel.series[row], float(evidence), told, clears, _rows(panel, rule, row))


def _limit(effect: WindowEffect, rule: Rule, k: int) -> float:
    """Effect at which the evidence equals the threshold: b = threshold s^2 / d + d / 2."""
    d = float(np.log(rule.options["rise"]))
    return rule.threshold * float(effect.error[k]) ** 2 / d + d / 2


def _rows(panel: Panel, rule: Rule, row: int) -> tuple[Mapping[str, Any], ...]:
    return evidence_rows(panel, row, rule.window)


def _span(panel: Panel, rule: Rule) -> str:
    first, last = panel.months[-rule.window], panel.months[-1]
    return f"{last:%Y-%m}" if rule.window == 1 else f"{first:%Y-%m} to {last:%Y-%m}"


def _months(rule: Rule) -> str:
    return "a month" if rule.window == 1 else f"{rule.window} months"

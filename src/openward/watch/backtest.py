"""How good a rule is on history: threshold from a training span, score on a test span it has never seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from openward.errors import InputError
from openward.watch.panel import Panel, month_after
from openward.watch.replay import HOLD, MONITORS
from openward.watch.rules import Rule

GRID = (2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0, 14.0, 20.0, 30.0)


@dataclass(frozen=True, slots=True)
class Label:
    """Something that truly happened: an alert on the product from `first` to `last` sees it.

    `on` is the month of the event: an alert before it has a lead.
    """

    product: str
    on: date
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Spoken:
    """A rule above the lowest threshold on one product in one month."""

    product: str
    partner: str
    month: date
    statistic: float


@dataclass(frozen=True, slots=True)
class Score:
    """Alerts against labels.

    Attributes
    ----------
    alerts, true_alerts, labels, found : int
    precision, recall : float or None
        None where there is no alert, or no label.
    lead_months : float or None
        Median over the labels found: months from the first true alert to the event; below zero it came after.
    false_per_month : float
    """

    alerts: int
    true_alerts: int
    labels: int
    found: int
    precision: float | None
    recall: float | None
    lead_months: float | None
    false_per_month: float


@dataclass(frozen=True, slots=True)
class Report:
    """One back-test: the rule, the spans, the threshold chosen on the first, the score on the second."""

    name: str
    rule: str
    train: str
    test: str
    threshold: float | None
    score: Score | None
    notes: tuple[str, ...] = ()

    def row(self) -> dict[str, Any]:
        """Give the report as one row of a table."""
        head = {"name": self.name, "rule": self.rule, "train": self.train, "test": self.test}
        if self.score is None:
            names = ("alerts", "precision", "recall", "lead_months", "false_per_month")
            return head | {"threshold": self.threshold} | dict.fromkeys(names)
        one = self.score
        return head | {
            "threshold": self.threshold,
            "alerts": one.alerts,
            "precision": one.precision,
            "recall": one.recall,
            "lead_months": one.lead_months,
            "false_per_month": one.false_per_month,
        }


def speak(panel: Panel, rule: Rule, *, first: date) -> tuple[Spoken, ...]:
    """Run a rule over every month from `first` on what was there by then."""
    found = []
    for month in (m for m in panel.months if m >= first):
        findings, _ = MONITORS[rule.name](panel.until(month), rule)
        found += [Spoken(f.series.product, f.series.partner, month, f.statistic) for f in findings]
    return tuple(found)


def episodes(spoken: Sequence[Spoken], *, threshold: float) -> tuple[Spoken, ...]:
    """Give the first month of every run at or above a threshold; up to `HOLD` quiet months go on."""
    last: dict[tuple[str, str], date] = {}
    found = []
    for one in sorted(spoken, key=lambda s: s.month):
        if one.statistic < threshold:
            continue
        key = (one.product, one.partner)
        if key not in last or last[key] < month_after(one.month, -HOLD):
            found.append(one)
        last[key] = one.month
    return tuple(found)


def score(alerts: Sequence[Spoken], labels: Sequence[Label], *, months: int) -> Score:
    """Count alerts that see a label, labels that are seen, and the months between."""
    true, leads = set(), []
    for label in labels:
        hits = [k for k, one in enumerate(alerts) if _sees(one, label)]
        true.update(hits)
        if hits:
            earliest = min(alerts[k].month for k in hits)
            leads.append((label.on.year - earliest.year) * 12 + label.on.month - earliest.month)
    return Score(
        alerts=len(alerts),
        true_alerts=len(true),
        labels=len(labels),
        found=len(leads),
        precision=len(true) / len(alerts) if alerts else None,
        recall=len(leads) / len(labels) if labels else None,
        lead_months=float(np.median(leads)) if leads else None,
        false_per_month=(len(alerts) - len(true)) / months,
    )


def choose(
    train: Panel,
    rule: Rule,
    *,
    labels: Sequence[Label],
    first: date,
    false_per_month: float,
    grid: Sequence[float] = GRID,
) -> float:
    """Choose the lowest threshold of a grid that keeps false alarms within a budget on a training span.

    Parameters
    ----------
    train : Panel
        Ends with the training span: give ``panel.until(last training month)``.
    labels : sequence of Label
        Of the training span only.
    first : date
        First month that counts.
    false_per_month : float
        Budget of false alarms a month, all series together.

    Raises
    ------
    InputError
        A label reaches beyond the panel's last month: the test span would be seen.
    """
    ahead = [label for label in labels if max(label.on, label.last) > train.months[-1]]
    if ahead:
        raise InputError(
            f"{len(ahead)} labels lie after {train.months[-1]}, the end of the training span",
            hint="thresholds are chosen without a look at the test span: leave these labels out",
        )
    spoken = speak(train, replace(rule, threshold=min(grid)), first=first)
    months = sum(1 for month in train.months if month >= first)
    for threshold in sorted(grid):
        if (
            score(episodes(spoken, threshold=threshold), labels, months=months).false_per_month
            <= false_per_month
        ):
            return threshold
    return max(grid)


def backtest(
    name: str,
    panel: Panel,
    rule: Rule,
    *,
    labels: Sequence[Label],
    first: date,
    split: date,
    false_per_month: float,
    grid: Sequence[float] = GRID,
    notes: tuple[str, ...] = (),
) -> Report:
    """Choose a threshold on ``[first, split)`` and score it on the months from `split` on.

    A label counts in the span that holds its whole window. One across the split counts in neither, and the
    alerts of the test span that see it are neither true nor false.
    """
    cut = month_after(split, -1)
    threshold = choose(
        panel.until(cut),
        rule,
        labels=[one for one in labels if first <= one.first and max(one.last, one.on) <= cut],
        first=first,
        false_per_month=false_per_month,
        grid=grid,
    )
    # HOLD months before the split are replayed: an episode of the training span is not a new alert.
    spoken = speak(panel, replace(rule, threshold=threshold), first=month_after(split, -HOLD))
    tested = [one for one in labels if one.first >= split]
    across = [one for one in labels if one.first < split <= one.last]
    alerts = [
        one
        for one in episodes(spoken, threshold=threshold)
        if one.month >= split and not any(_sees(one, label) for label in across)
    ]
    months = sum(1 for month in panel.months if month >= split)
    return Report(
        name=name,
        rule=rule.name,
        train=f"{first:%Y-%m} to {cut:%Y-%m}",
        test=f"{split:%Y-%m} to {panel.months[-1]:%Y-%m}",
        threshold=threshold,
        score=score(alerts, tested, months=months),
        notes=notes,
    )


def _sees(alert: Spoken, label: Label) -> bool:
    return alert.product == label.product and label.first <= alert.month <= label.last

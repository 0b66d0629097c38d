"""Run the monitors month by month, each month on what was there by then."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType

from openward.book.model import Book
from openward.errors import UnknownCodeError
from openward.watch.alert import Alert, Standing
from openward.watch.finding import Finding
from openward.watch.of_flow import Found, cheap_export_surge, long_rise, price_drop, volume_change
from openward.watch.of_share import SHARE_MONITORS
from openward.watch.panel import Panel, Series, month_after
from openward.watch.rules import Rule
from openward.watch.standing import announced_by, in_force_on, measures_touching

HOLD = 3
"""Quiet months after which the same rule on the same series is a new alert, not the old one going on."""

MONITORS: Mapping[str, Callable[[Panel, Rule], Found]] = MappingProxyType(
    {
        "import-surge": volume_change,
        "import-surge-cusum": long_rise,
        "price-drop": price_drop,
        "export-price-drop": price_drop,
        "stop": volume_change,
        "stock-up": volume_change,
        "cheap-export-surge": cheap_export_surge,
        **SHARE_MONITORS,
    }
)


@dataclass(frozen=True, slots=True)
class Replay:
    """Alerts of a replay, and what could not be watched.

    Attributes
    ----------
    alerts : tuple of Alert
        By month, rule and subject.
    notes : tuple of str
        As of the last month.
    """

    alerts: tuple[Alert, ...]
    notes: tuple[str, ...]


def replay(
    panel: Panel, *, rules: Sequence[Rule], book: Book | None, first: date, last: date | None = None
) -> Replay:
    """Run rules over every month from `first` to `last`.

    What a month says depends on the months up to it alone, so a run that stops and is taken up again gives
    what one run gives. The months of `HOLD` before `first` are replayed to know what was already speaking.

    Parameters
    ----------
    panel : Panel
    rules : sequence of Rule
    book : Book, optional
        The law set beside the alerts; without it ``stock-up`` is silent, since nothing is announced.
    first : date
        First month that may raise an alert.
    last : date, optional
        The panel's last month by default.
    """
    end = last or panel.months[-1]
    from_ = month_after(first, -HOLD)
    speaking: dict[tuple[str, Series], date] = {}
    alerts: list[Alert] = []
    notes = dict.fromkeys(panel.notes)
    for month in (m for m in panel.months if from_ <= m <= end):
        seen = panel.until(month)
        for rule in rules:
            findings, told = _monitor(rule)(seen, rule)
            if month == end:
                notes |= dict.fromkeys(told)
            for finding in findings:
                alert = _alert(finding, rule, seen, book)
                if alert is None:
                    continue
                key = (rule.name, finding.series)
                before = speaking.get(key)
                speaking[key] = month
                if month >= first and (before is None or before < month_after(month, -HOLD)):
                    alerts.append(alert)
    return Replay(tuple(sorted(alerts, key=_order)), tuple(notes))


def _monitor(rule: Rule) -> Callable[[Panel, Rule], Found]:
    if rule.name not in MONITORS:
        raise UnknownCodeError(f"rule {rule.name!r} reads no table", hint="known are " + ", ".join(MONITORS))
    return MONITORS[rule.name]


def _order(alert: Alert) -> tuple[date, str, tuple[str, ...]]:
    return alert.on, alert.rule, tuple(alert.subject.values())


def _alert(finding: Finding, rule: Rule, panel: Panel, book: Book | None) -> Alert | None:
    month, series = panel.months[-1], finding.series
    known = month_after(month) - timedelta(days=1)
    touching = list(measures_touching(book, series, known)) if book is not None else []
    ahead = month_after(month, 1 + int(rule.options.get("ahead", 6)))
    coming = announced_by(book, touching, known=known, until=ahead) if book is not None else ()
    standing = in_force_on(book, touching, known) if book is not None else ()
    if rule.name == "stock-up" and not coming:
        return None
    return Alert(
        rule=rule.name,
        family=rule.family,
        subject={
            "reporter": series.reporter,
            "flow": series.flow,
            "product": series.product,
            "partner": series.partner,
        },
        on=month,
        sentence=finding.sentence + _law(standing, coming) + ".",
        statistic=finding.statistic,
        threshold=rule.threshold,
        meaning=rule.statistic,
        window=(panel.months[-rule.window], month),
        evidence=finding.evidence,
        in_force=standing,
        announced=coming,
        clears=finding.clears,
        notes=() if book is None else _covered(book, known),
    )


def _law(standing: Sequence[Standing], coming: Sequence[Standing]) -> str:
    told = [f"; announced: {one.measure} from {one.since}" for one in coming[:1]]
    told += [f"; in force: {one.measure} since {one.since}" for one in standing[:1]]
    return "".join(told)


def _covered(book: Book, on: date) -> tuple[str, ...]:
    if book.covered_from <= on <= book.covered_to:
        return ()
    return (f"the book covers {book.covered_from} to {book.covered_to}: what it lacks on {on} is not known",)

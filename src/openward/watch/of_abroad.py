"""Monitors of what others do: foreign measures, risk where we hold, listings of our parties."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from openward.book.force import in_force
from openward.book.model import Book, Instrument
from openward.book.sentences import citation, show
from openward.watch.alert import Alert, Standing
from openward.watch.feeds import CountryEvent, Notice
from openward.watch.of_law import law_alerts
from openward.watch.panel import Panel
from openward.watch.spec import WatchSpec

SUNSET_YEARS = 5
"""A definitive duty ends then unless a review says otherwise (Anti-Dumping Agreement, art. 11.3)."""


def foreign_alerts(
    notices: Sequence[Notice], spec: WatchSpec, *, panel: Panel | None, after: date, to: date
) -> tuple[Alert, ...]:
    """Give new foreign measures against the watch's economy, and those whose five years run out.

    The exposure is the value exported to the imposing economy in the twelve months up to the notice, of the
    products named, with their share in all exports of these products; absent where no table has them.
    """
    mine = [one for one in notices if one.against == spec.economy and one.on <= to and _watched(one, spec)]
    found = []
    if spec.has("foreign-measure"):
        found += [_foreign(one, panel) for one in mine if after < one.on]
    if spec.has("foreign-expiry"):
        gone = {(one.imposed_by, one.title) for one in mine if one.kind == "withdrawn"}
        horizon = to + timedelta(days=spec.law_horizon_days)
        for one in mine:
            end = _years_after(one.on, SUNSET_YEARS)
            live = one.kind == "definitive" and (one.imposed_by, one.title) not in gone
            if live and to < end <= horizon:
                found.append(_sunset(one, end, panel))
    return tuple(found)


def overseas_alerts(
    events: Sequence[CountryEvent], book: Book, spec: WatchSpec, *, after: date, to: date
) -> tuple[Alert, ...]:
    """Give country events where something is held, listings of its parties, changes on what it trades.

    ``holding-control``: a measure on a product of a holding, between the book's economy and the holding's,
    began, ended or had an event on the days after `after` up to `to`.
    """
    found = []
    if spec.has("country-risk"):
        for event in events:
            held = [one for one in spec.holdings if one.economy == event.economy]
            if held and event.severity >= spec.least_severity and after < event.on <= to:
                found.append(_risk(event, [(one.name, one.value) for one in held], spec.least_severity))
    if spec.has("holding-listed"):
        found += _listed(book, spec, to)
    if spec.has("holding-control"):
        found += _controlled(book, spec, after=after, to=to)
    return tuple(found)


def exposure(panel: Panel, notice: Notice) -> tuple[float, float] | None:
    """Give the value at stake in USD over twelve months, and its share in all exports of the products."""
    months = [t for t, month in enumerate(panel.months) if month <= notice.on][-12:]
    if not months or not notice.products:
        return None
    value = total = 0.0
    for row, one in enumerate(panel.series):
        touched = any(one.product.startswith(c) or c.startswith(one.product) for c in notice.products)
        if one.flow != "export" or one.reporter != notice.against or not touched:
            continue
        amount = float(panel.value[row, months].sum())
        value += amount if one.partner == notice.imposed_by else 0.0
        total += amount if one.partner == "WLD" else 0.0
    return (value, value / total) if total > 0 else None


def _watched(notice: Notice, spec: WatchSpec) -> bool:
    if not spec.products or not notice.products:
        return True
    return any(
        one.startswith(code) or code.startswith(one) for one in notice.products for code in spec.products
    )


def _foreign(notice: Notice, panel: Panel | None) -> Alert:
    at_stake = exposure(panel, notice) if panel is not None else None
    told = (
        f"; {at_stake[0]:,.0f} USD exported there in twelve months, {at_stake[1]:.0%} of all"
        if at_stake
        else ""
    )
    return _abroad(
        "foreign-measure",
        {"imposed_by": notice.imposed_by, "title": notice.title, "kind": notice.kind},
        notice.on,
        f"{notice.imposed_by} on {notice.on}: {notice.instrument} ({notice.kind}) on {notice.title} against "
        f"{notice.against}{told}.",
        evidence=({"on": str(notice.on), "products": " ".join(notice.products), "source": notice.source},),
        clears="a notice of withdrawal, or a decision how to answer",
        notes=_unsaid(notice, at_stake),
    )


def _unsaid(notice: Notice, at_stake: tuple[float, float] | None) -> tuple[str, ...]:
    notes = () if at_stake else ("exposure not known: no monthly exports of these products at hand",)
    return notes if notice.products else (*notes, "the notice names no code: it may be about other products")


def _sunset(notice: Notice, end: date, panel: Panel | None) -> Alert:
    at_stake = exposure(panel, notice) if panel is not None else None
    return _abroad(
        "foreign-expiry",
        {"imposed_by": notice.imposed_by, "title": notice.title, "kind": "sunset"},
        end,
        f"{notice.imposed_by}: {notice.instrument} on {notice.title} reaches five years on {end}; it ends "
        "unless a review is opened before.",
        evidence=({"on": str(notice.on), "products": " ".join(notice.products), "source": notice.source},),
        clears="a notice of withdrawal, or of a review",
        notes=_unsaid(notice, at_stake),
    )


def _risk(event: CountryEvent, held: Sequence[tuple[str, float]], least: int) -> Alert:
    names = ", ".join(f"{name} ({value:,.0f} USD)" for name, value in held)
    return _abroad(
        "country-risk",
        {"economy": event.economy, "kind": event.kind, "title": event.title},
        event.on,
        f"{event.economy} on {event.on}: {event.title} ({event.kind}, severity {event.severity}); "
        f"held there: {names}.",
        evidence=({"on": str(event.on), "severity": event.severity, "source": event.source},),
        clears="an event that ends it, or a decision on the holding",
        statistic=float(event.severity),
        threshold=float(least),
    )


def _listed(book: Book, spec: WatchSpec, to: date) -> list[Alert]:
    found = []
    parties = {party.casefold(): one.name for one in spec.holdings for party in one.parties}
    for measure in in_force(book, to):
        if measure.instrument is not Instrument.ENTITY_LISTING:
            continue
        for party in measure.scope.parties:
            holding = parties.get(party.casefold())
            if holding is None:
                continue
            standing = Standing(measure.id, show(measure), measure.valid.start, citation(measure, book))
            found.append(
                _abroad(
                    "holding-listed",
                    {"holding": holding, "measure": measure.id, "party": party},
                    measure.valid.start,
                    f"{party}, a party of {holding}, is listed: {show(measure)}",
                    evidence=({"measure": measure.id, "party": party},),
                    clears="the listing is removed or suspended, or the party leaves the holding",
                    in_force=(standing,),
                    notes=("names are compared as written; openward screen finds near names",),
                )
            )
    return found


def _controlled(book: Book, spec: WatchSpec, *, after: date, to: date) -> list[Alert]:
    found = []
    change: tuple[dict[str, str], ...] = ({"rule": "law-change"},)
    for one in spec.holdings:
        if not one.products:
            continue
        about = {"products": one.products, "partners": (one.economy,), "parties": (), "flow": "any"}
        for alert in law_alerts(book, spec.model_copy(update={**about, "rules": change}), after=after, to=to):
            told = f"{one.name} in {one.economy}: {alert.sentence}"
            subject = {**alert.subject, "holding": one.name}
            found.append(
                replace(alert, rule="holding-control", family="overseas", subject=subject, sentence=told)
            )
    return found


def _abroad(
    rule: str,
    subject: dict[str, str],
    on: date,
    sentence: str,
    *,
    evidence: tuple[dict[str, object], ...],
    clears: str,
    statistic: float = 1.0,
    threshold: float = 1.0,
    in_force: tuple[Standing, ...] = (),
    notes: tuple[str, ...] = (),
) -> Alert:
    family = "trade friction" if rule.startswith("foreign") else "overseas"
    meaning = "severity of the event" if rule == "country-risk" else "events that touch what is watched"
    return Alert(
        rule,
        family,
        subject,
        on,
        sentence,
        statistic,
        threshold,
        meaning,
        (on, on),
        evidence,
        in_force,
        (),
        clears,
        notes,
    )


def _years_after(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 3, 1)

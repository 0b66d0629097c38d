"""Monitors of the book: what changed on what is watched, what is about to end, what is about to lapse."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from openward.book.force import effective_validity
from openward.book.model import Book, Instrument, Measure
from openward.book.sentences import citation, show
from openward.codes.ranges import touches
from openward.watch.alert import Alert, Standing
from openward.watch.spec import WatchSpec
from openward.watch.standing import covers_partner

FAMILY = "law"


def watched_measures(book: Book, spec: WatchSpec, on: date) -> Iterator[Measure]:
    """Give the measures that touch what a watch names: a product, a partner, or a party.

    Products and partners narrow each other; a party is enough by itself. A measure on all products counts
    only where the watch names no product.
    """
    names = {name.casefold() for name in spec.parties}
    for measure in book.measures.values():
        if names & {party.casefold() for party in measure.scope.parties}:
            yield measure
            continue
        if spec.flow != "any" and measure.flow.value != spec.flow:
            continue
        products = measure.scope.products
        ranges = products.ranges if products is not None else ()
        if spec.products and not any(touches(r, code) for r in ranges if r != "*" for code in spec.products):
            continue
        if spec.partners and not any(_between(book, measure, code, on) for code in spec.partners):
            continue
        if spec.products or spec.partners:
            yield measure


def law_alerts(book: Book, spec: WatchSpec, *, after: date, to: date) -> tuple[Alert, ...]:
    """Give the law alerts of the days after `after` up to and including `to`.

    ``law-change``: a measure begins, ends, or has an event on one of these days. ``law-expiry``: a measure's
    own end comes within the watch's horizon after `to`. ``suspension-lapse``: a suspension's stated end does,
    or has passed with no event since (renewal not known).
    """
    found: list[Alert] = []
    for measure in watched_measures(book, spec, to):
        valid = effective_validity(book, measure)
        if spec.has("law-change"):
            found += [
                _change(book, measure, day, what) for day, what in _changes(measure, valid.end, after, to)
            ]
        horizon = to + timedelta(days=spec.law_horizon_days)
        if (
            spec.has("law-expiry")
            and valid.start <= to
            and valid.end is not None
            and to < valid.end <= horizon
        ):
            found.append(_ending(book, measure, valid.end, to))
        if spec.has("suspension-lapse"):
            lapse = _lapse(measure, to)
            if lapse is not None and lapse <= horizon:
                found.append(_lapsing(book, measure, lapse, to))
    return tuple(found)


def _between(book: Book, measure: Measure, partner: str, on: date) -> bool:
    imposes = measure.imposed_by == partner or partner in book.members(measure.imposed_by, on)
    return imposes or (bool(measure.scope.partners) and covers_partner(book, measure, partner, on))


def _changes(measure: Measure, end: date | None, after: date, to: date) -> Iterator[tuple[date, str]]:
    if after < measure.valid.start <= to:
        yield measure.valid.start, "begins"
    if end is not None and after < end <= to:
        yield end, "ends"
    for event in measure.events:
        # The day a listing begins is told once, as the beginning of the measure.
        if after < event.on <= to and not (event.kind == "add" and event.on == measure.valid.start):
            until = f" until {event.until}" if event.until else ""
            yield event.on, f"{event.kind}{until} ({event.act})"


def _lapse(measure: Measure, on: date) -> date | None:
    past = sorted((event for event in measure.events if event.on <= on), key=lambda event: event.on)
    return past[-1].until if past and past[-1].kind == "suspend" else None


def _change(book: Book, measure: Measure, day: date, what: str) -> Alert:
    return _alert(
        book,
        measure,
        rule="law-change",
        on=day,
        as_of=day,
        sentence=f"On {day}: {measure.id} {what}: {show(measure)}",
        meaning="changes of the book on this day",
        clears="nothing: it is a fact of law; clear it when it has been dealt with",
    )


def _ending(book: Book, measure: Measure, end: date, on: date) -> Alert:
    remedy = measure.instrument in {Instrument.ANTI_DUMPING_DUTY, Instrument.COUNTERVAILING_DUTY}
    note = "an expiry review, where asked for in time, keeps it in force meanwhile" if remedy else ""
    return _alert(
        book,
        measure,
        rule="law-expiry",
        on=end,
        as_of=on,
        sentence=f"{measure.id} ends on {end} unless it is prolonged: {show(measure)}",
        meaning="measures that end within the horizon",
        clears="a recorded prolongation, or the day itself",
        notes=(note,) if note else (),
    )


def _lapsing(book: Book, measure: Measure, lapse: date, on: date) -> Alert:
    passed = lapse <= on
    told = (
        "has reached its stated end; whether it was renewed is not known" if passed else "is about to lapse"
    )
    return _alert(
        book,
        measure,
        rule="suspension-lapse",
        on=lapse,
        as_of=on,
        sentence=f"The suspension of {measure.id} until {lapse} {told}: {show(measure)}",
        meaning="suspensions whose stated end is within the horizon or past",
        clears="a recorded renewal, resumption, stop or removal",
    )


def _alert(
    book: Book,
    measure: Measure,
    *,
    rule: str,
    on: date,
    as_of: date,
    sentence: str,
    meaning: str,
    clears: str,
    notes: tuple[str, ...] = (),
) -> Alert:
    end = effective_validity(book, measure).end
    stands = measure.valid.start <= as_of and (end is None or as_of < end)
    standing = Standing(measure.id, show(measure), measure.valid.start, citation(measure, book))
    row = {
        "measure": measure.id,
        "from": measure.valid.start.isoformat(),
        "to": end.isoformat() if end else None,
    }
    events = tuple(
        {"event": event.kind, "on": event.on.isoformat(), "act": event.act, "until": str(event.until or "")}
        for event in measure.events
    )
    return Alert(
        rule=rule,
        family=FAMILY,
        subject={"measure": measure.id, "imposed_by": measure.imposed_by, "flow": measure.flow.value},
        on=on,
        sentence=sentence,
        statistic=1.0,
        threshold=1.0,
        meaning=meaning,
        window=(min(on, as_of), max(on, as_of)),
        evidence=(row, *events),
        in_force=(standing,) if stands else (),
        announced=() if stands or measure.valid.start <= as_of else (standing,),
        clears=clears,
        notes=notes,
    )

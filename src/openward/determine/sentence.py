"""The answer in one sentence."""

from __future__ import annotations

from datetime import date

from openward.book.model import Book, Instrument, Measure
from openward.determine.scope import rate_of
from openward.determine.step import percent

_ADDED = {
    Instrument.ANTI_DUMPING_DUTY: "anti-dumping",
    Instrument.COUNTERVAILING_DUTY: "countervailing",
    Instrument.SAFEGUARD_DUTY: "safeguard",
    Instrument.RETALIATORY_DUTY: "additional",
}
_BASES = (Instrument.MFN_DUTY, Instrument.GENERAL_DUTY, Instrument.PROVISIONAL_DUTY)


def say(
    book: Book,
    importer: str,
    partner: str,
    sector: str,
    on: date,
    *,
    rate: float | None,
    base: float | None,
    applied: tuple[Measure, ...],
    added: float | None,
    missing: tuple[str, ...],
) -> str:
    """Give the sentence that answers what an importer applied to a partner's goods on a day.

    ``added`` is what all additional duties come to together, averaged over the line classes like ``rate``.
    """
    goods = f"{sector} goods of {partner or 'unknown origin'} on {on.isoformat()}"
    if rate is None:
        return f"The book cannot say what {importer} applied to {goods}: {'; '.join(missing)}."
    more = [m for m in applied if m.instrument in _ADDED]
    chosen = [m for m in applied if m.instrument is Instrument.PREFERENTIAL_DUTY]
    grounds = [_named(book, m) for m in chosen] or [
        f"the {_kind(m)} rate" for m in applied if m.instrument in _BASES
    ]
    if more and added is not None:
        label = " and ".join(dict.fromkeys(_ADDED[m.instrument] for m in more))
        grounds.append(f"plus {label} {_sum(more, added)}")
    why = f" ({', '.join(dict.fromkeys(grounds))})" if grounds else ""
    differs = base is not None and percent(base) != percent(rate)
    instead = f", instead of {percent(base)} MFN" if base is not None and differs else ""
    return f"{importer} applied {percent(rate)} to {goods}{why}{instead}."


def _sum(more: list[Measure], added: float) -> str:
    if len(more) == 1:
        rate = rate_of(more[0])
        part = rate is not None and percent(rate) != percent(added)
        return f"duty of {percent(added)}{' on average' if part else ''}"
    return f"duties of {percent(added)} in all"


def no_duty(importer: str, partner: str, sector: str) -> str:
    """Give the sentence for what customs duties do not reach."""
    if importer == partner:
        return f"No customs duty falls on what {importer} buys from itself."
    return f"No customs duty falls on services: {sector} is a service industry."


def _kind(measure: Measure) -> str:
    return {
        Instrument.MFN_DUTY: "MFN",
        Instrument.GENERAL_DUTY: "general",
        Instrument.PROVISIONAL_DUTY: "provisional",
    }[measure.instrument]


def _named(book: Book, measure: Measure) -> str:
    act = book.acts.get(measure.act)
    return act.title if act is not None else measure.id

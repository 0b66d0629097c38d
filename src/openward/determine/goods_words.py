"""How a goods decision is said: one sentence first."""

from __future__ import annotations

from openward.book.model import Book, Instrument
from openward.book.query import party_name
from openward.determine.average import AVERAGE
from openward.determine.charge import percent_text, rounded
from openward.determine.decision import Question
from openward.determine.outcomes import Ways
from openward.determine.tally import BASE, Applied, act_title, shown

_KINDS = {
    Instrument.MFN_DUTY: "the MFN rate",
    Instrument.GENERAL_DUTY: "the general rate",
    Instrument.PROVISIONAL_DUTY: "the provisional rate",
    Instrument.TARIFF_QUOTA: "the rate inside the tariff quota",
}


def sentence_of(book: Book, question: Question, ways: Ways) -> str:
    """Say what is due, by which measure and rule, and what it is instead of or turns on."""
    lead = ways.lead
    goods = f"{_origin(question)} under {question.hs} on {question.on.isoformat()}"
    if not lead.taken:
        return f"The book has no duty of {party_name(question.importer)} on goods {goods}."
    total, currency = lead.total, ways.line.basis.currency
    due = "no duty" if total.rate == 0 else shown(total)
    if total.rate is None:
        due = "a duty that cannot be worked out yet" if total.amount is None else "duty"
    if total.amount and currency:
        money = rounded(total.amount, currency)
        due = (
            f"{due}, {money.amount} {money.currency}"
            if total.rate is not None
            else f"{money.amount} {money.currency}"
        )
    said = f"{party_name(question.importer)} charges {due} on goods {goods}: {_grounds(book, ways)}"
    return f"{said}.{_condition(ways)}"


def _origin(question: Question) -> str:
    return f"of {party_name(question.origin)}" if question.origin else "of unknown origin"


def _grounds(book: Book, ways: Ways) -> str:
    lead = ways.lead
    parts = [_kind(book, a) for a in lead.applied]
    grounds = parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}"
    base = next((a for a in lead.applied if a.part == BASE), None)
    averaged = base is not None and base.id.startswith(AVERAGE)
    if base is not None and base.rule.article and not averaged:
        regime = act_title(book, ways.line.regime.act)
        grounds += f" ({regime}, art. {base.rule.article})"
    above = [
        percent_text(rate)
        for rate in sorted(
            lost.charge.rate
            for lost in lead.lost
            if lost.candidate.measure.instrument is Instrument.PREFERENTIAL_DUTY
            and lost.charge.rate is not None
        )
    ]
    if (
        base is not None
        and base.candidate.measure.instrument is Instrument.MFN_DUTY
        and above
        and lead.chosen
    ):
        words = "rate" if len(above) == 1 else "rates"
        grounds += f", below the agreement {words} of {' and '.join(above)}"
    return grounds


def _kind(book: Book, applied: Applied) -> str:
    measure = applied.candidate.measure
    if measure.id.startswith(AVERAGE):
        sector = measure.id.removeprefix(AVERAGE)
        return f"the average over the lines of industry {sector}, not the line's own rate"
    if measure.instrument is Instrument.PREFERENTIAL_DUTY:
        return f"the rate of {act_title(book, measure.act)}"
    words = _KINDS.get(measure.instrument)
    if words is not None:
        return words
    rate = "" if applied.charge.rate is None else f" of {percent_text(applied.charge.rate)}"
    return f"{measure.instrument.value.replace('-', ' ')}{rate}"


def _condition(ways: Ways) -> str:
    if not ways.unresolved:
        return ""
    first = ways.unresolved[0]
    more = f" ({len(ways.unresolved) - 1} more below)" if len(ways.unresolved) > 1 else ""
    return f" Unresolved: {first.fact}; if true {first.if_true}, if false {first.if_false}{more}."

"""Where the book has no duty for the line: the average over the lines of its industry, said to be one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from types import MappingProxyType

from openward.book.model import Book, Effect, Flow, Instrument, Measure, Scope
from openward.codes.terms import Interval
from openward.determine.answer import AppliedRate
from openward.determine.candidates import LINE, Candidate, Field
from openward.determine.charge import Basis, Charge, percent_text
from openward.determine.decision import Question, Unresolved
from openward.determine.goods_facts import Asked, not_excluded
from openward.determine.needs import NO_CLAIM
from openward.determine.precedence import Regime
from openward.determine.rate import applied_rate
from openward.determine.scope import is_import_duty, names_lines
from openward.determine.shelves import groups_on
from openward.determine.tally import Applied, Line, Tally

AVERAGE = "average:"
"""How the id of an average begins."""
PREFERENTIAL = Instrument.PREFERENTIAL_DUTY


@dataclass(frozen=True, slots=True)
class Average:
    """The averages of an industry with and without preferences, as bases for a line."""

    line: Line
    claimed: AppliedRate
    unclaimed: AppliedRate
    claims: bool
    rule: Regime

    def start(self, claimed: bool) -> Tally:
        """Give a running duty that holds the average."""
        answer = self.claimed if claimed and self.claims else self.unclaimed
        rate = in_decimals(answer.rate)
        value = self.line.basis.value
        missing = () if rate is not None else answer.missing or ("no duty of the industry in the book",)
        amount = None if rate is None or value is None else rate * value.amount
        charge = Charge(rate, amount, missing)
        if rate is None and not answer.measures:
            return Tally(notes=list(answer.missing))
        run = Tally(taken=True, notes=list(answer.assumptions))
        run.applied = [Applied(_pseudo(self.line, answer), charge, self.rule.rules[0])]
        run.steps = list(answer.trace)
        return run

    def unresolved(self, narrower: tuple[Measure, ...], hs: str) -> tuple[Unresolved, ...]:
        """Say that the line's own rate is not known, and what preferences change."""
        found = [self._own_rate(hs)] if self.claimed.measures else []
        named = {code: m for m in narrower if m.instrument is Instrument.MFN_DUTY for code in _codes(m, hs)}
        for code, m in sorted(named.items()):
            found.append(
                Unresolved(
                    f"line:{code}",
                    f"{hs} is shorter than the tariff's lines",
                    f"{m.effect.duty} before preferences and additional duties ({m.id}): ask for {code}",
                    f"another line of {hs}",
                    (m.id,),
                )
            )
        if self.claims and self.claimed.rate != self.unclaimed.rate:
            about = self.claimed.measures
            found.append(
                Unresolved(
                    "originating",
                    "a preference is claimed, its rules of origin are met and a proof is shown",
                    _printed(self.claimed),
                    _printed(self.unclaimed),
                    about,
                )
            )
        return tuple(found)

    def _own_rate(self, hs: str) -> Unresolved:
        lines = sum(line.lines for line in self.claimed.lines)
        over = f"{lines:,} lines" if lines else "the lines"
        return Unresolved(
            "rate of the line",
            f"the book states no duty for {hs} itself: the answer is the average over {over} of industry"
            f" {self.claimed.sector}",
            "the line's own rate takes the place of the average",
            f"{_printed(self.claimed if self.claims else self.unclaimed)}, which a single line need not pay",
        )


def average_of(
    book: Book, question: Question, what: Asked, field: Field, regime: Regime, basis: Basis
) -> Average:
    """Work out the averages of the industry of a code.

    Only measures that name lines stay candidates: broad ones are in the average already.
    """
    kept = replace(field, candidates=tuple(c for c in field.candidates if c.level >= LINE))
    line = Line(book, regime, kept, basis, question.hs)

    def ask(law: Book) -> AppliedRate:
        return applied_rate(
            law,
            importer=question.importer,
            partner=what.partner,
            sector=what.sector,
            on=question.on,
            not_excluded=not_excluded(question),
        )

    own = duties_of(book, question.importer, question.on)
    claimed = ask(own)
    plain = claimed
    if any(own.measures[m].instrument is PREFERENTIAL for m in claimed.measures):
        others = {k: m for k, m in own.measures.items() if m.instrument is not PREFERENTIAL}
        plain = ask(replace(own, measures=MappingProxyType(others)))
    refused = question.claim.strip().casefold() in NO_CLAIM or question.facts.get("originating") is False
    return Average(line, claimed, plain, not refused, regime)


def duties_of(book: Book, importer: str, on: date) -> Book:
    """Give the book with nothing but an importer's broad duties of a day; those asked last are kept."""
    key = id(book), importer, on
    found = _kept.get(key)
    if found is not None and found[0] is book:
        return found[1]
    groups = groups_on(book, on)
    own = {
        name: m
        for name, m in book.measures.items()
        if is_import_duty(m, on) and not names_lines(m) and importer in groups.members(m.imposed_by)
    }
    made = replace(book, measures=MappingProxyType(own))
    if len(_kept) >= KEPT:
        _kept.clear()
    _kept[key] = book, made
    return made


KEPT = 64
_kept: dict[tuple[int, str, date], tuple[Book, Book]] = {}


def _pseudo(line: Line, answer: AppliedRate) -> Candidate:
    measure = Measure(
        id=f"{AVERAGE}{answer.sector}",
        instrument=Instrument.MFN_DUTY,
        imposed_by=answer.importer,
        flow=Flow.IMPORT,
        scope=Scope(sectors=(answer.sector,)),
        effect=Effect(),
        valid=Interval(answer.on),
        act=f"average over the lines of {answer.sector}: {', '.join(answer.measures) or 'no measures'}",
    )
    return Candidate(measure, 1)


def _codes(measure: Measure, hs: str) -> tuple[str, ...]:
    products = measure.scope.products
    return () if products is None else tuple(one for one in products.ranges if one.startswith(hs))


def in_decimals(rate: float | None) -> Decimal | None:
    """Give an average as a decimal; averages are floats, and nine digits are more than they hold."""
    return None if rate is None else Decimal(f"{rate:.9f}".rstrip("0").rstrip("."))


def _printed(answer: AppliedRate) -> str:
    rate = in_decimals(answer.rate)
    told = "not known" if rate is None else percent_text(rate)
    return f"{told} on average ({', '.join(answer.measures) or 'no measures'})"

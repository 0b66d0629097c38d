"""Rules about acts (ROIMB) and about when things were recorded (RT)."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from openward.book.known import key
from openward.book.model import LegalAct, Measure, Record
from openward.book.rules.base import ActRule, Finding, MeasureRule, Rule, Severity
from openward.book.rules.index import Index


class PublishedBeforeForce(ActRule):
    """An act is signed, then published, then in force; one that takes effect earlier is looked at."""

    number = "ROIMB201"
    severity = Severity.WARNING
    hint = "check the dates; a retroactive act is rare"

    def breaks(self, act: LegalAct) -> Iterator[str]:
        """Say dates that run backwards."""
        dates = (("signed", act.signed), ("published", act.published), ("in force", act.in_force))
        known = [(name, day) for name, day in dates if day is not None]
        for (one, day), (other, later) in pairwise(known):
            if later < day:
                yield f"is {other} on {later}, before it is {one} on {day}"


class RepealedAfterForce(ActRule):
    """An act is repealed after it enters into force."""

    number = "ROIMB202"
    hint = "correct a date"

    def breaks(self, act: LegalAct) -> Iterator[str]:
        """Say acts that end before they begin."""
        if act.repealed is not None and act.in_force is not None and act.repealed <= act.in_force:
            yield f"is repealed on {act.repealed} and in force from {act.in_force}"


class ArticlesOnce(ActRule):
    """An act lists each of its articles once."""

    number = "ROIMB203"
    hint = "take one away"

    def breaks(self, act: LegalAct) -> Iterator[str]:
        """Say articles that come twice."""
        numbers = [article.number for article in act.articles]
        for number in sorted({one for one in numbers if numbers.count(one) > 1}):
            yield f"lists article {number} twice"


class ArticleExists(MeasureRule):
    """An article that a measure cites is one of its act, where the act lists its articles."""

    number = "ROIMB204"
    hint = "correct the article, or list it in the act"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say articles that the act does not list; a paragraph is found under its article."""
        act = index.book.acts.get(measure.act)
        if act is None or not act.articles or not measure.article:
            return
        listed = {article.number for article in act.articles}
        whole = measure.article.partition("(")[0].partition(".")[0].strip()
        if measure.article not in listed and whole not in listed:
            yield f"cites article {measure.article}, which {act.id} does not list"


class ActUnderItsId(Rule):
    """An act is filed under its own id."""

    number = "ROIMB205"

    def findings(self, index: Index) -> Iterator[Finding]:
        """Give acts under another key."""
        for name, act in index.book.acts.items():
            if act.id != name:
                yield self.about(
                    act.id,
                    sentence=f"the act {act.id} is filed under {name!r}",
                    hint="give each act its own id",
                )


class RecordedAfterPublished(MeasureRule):
    """A measure is not recorded before its act was published."""

    number = "RT201"
    hint = "correct the day of the record, or of publication"

    def breaks(self, measure: Measure, index: Index) -> Iterator[str]:
        """Say records from before the act."""
        act = index.book.acts.get(measure.act)
        if act is None or act.published is None or measure.recorded is None:
            return
        if measure.recorded < act.published:
            yield f"was recorded on {measure.recorded}, its act published on {act.published}"


class WithdrawnAfterRecorded(Rule):
    """A record is withdrawn after it was recorded."""

    number = "RT202"

    def findings(self, index: Index) -> Iterator[Finding]:
        """Give records that were withdrawn before they were known."""
        for record in _records(index):
            known, gone = record.recorded, record.withdrawn
            if known is not None and gone is not None and gone <= known:
                yield self.about(
                    *key(record)[1:],
                    sentence=f"{_name(record)} was recorded on {known} and withdrawn on {gone}",
                    hint="a record is known on at least one day",
                )


class OneRecordADay(Rule):
    """On any day one record is known under one key."""

    number = "RT203"

    def findings(self, index: Index) -> Iterator[Finding]:
        """Give keys with two records known on one day."""
        gathered: dict[tuple[str, ...], list[Record]] = {}
        wanted = {key(record) for record in index.book.records}
        for record in _records(index) if wanted else ():
            if key(record) in wanted:
                gathered.setdefault(key(record), []).append(record)
        for name, several in gathered.items():
            several.sort(key=lambda r: (r.recorded is not None, r.recorded, r.withdrawn is None))
            for one, other in pairwise(several):
                if one.withdrawn is None or other.recorded is None or other.recorded < one.withdrawn:
                    yield self.about(
                        *name[1:],
                        sentence=f"two records of {_name(one)} are known on {other.recorded or one.recorded}",
                        hint="withdraw the earlier on the day the later is recorded",
                    )


def _records(index: Index) -> Iterator[Record]:
    book = index.book
    yield from book.records
    yield from book.measures.values()
    yield from book.acts.values()
    yield from book.quotas.values()
    yield from book.memberships


def _name(record: Record) -> str:
    return " ".join(key(record)[1:])

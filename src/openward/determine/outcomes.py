"""One line under every assumption that matters: the lead, facts with both outcomes, ways to pay."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from openward.book.model import Instrument
from openward.book.query import show
from openward.determine.candidates import Candidate
from openward.determine.charge import rounded
from openward.determine.decision import Unresolved
from openward.determine.kleene import Truth
from openward.determine.needs import Need, NeedKind
from openward.determine.order import cited
from openward.determine.shelves import CONTROLS, TAXES
from openward.determine.tally import Conflict, Line, Tally, act_title, rank, shown, tally

Start = Callable[[bool], Tally]
"""Gives a base already found; the argument says whether preferences are claimed."""
RELIEFS = (Instrument.PREFERENTIAL_DUTY, Instrument.TARIFF_QUOTA, Instrument.PROVISIONAL_DUTY)


@dataclass(frozen=True, slots=True)
class Way:
    """A lawful way to pay, and what it requires."""

    name: str
    tally: Tally
    requires: tuple[str, ...]
    measures: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ways:
    """The lead, what would change it, and every way to pay."""

    line: Line
    lead: Tally
    assumed: Mapping[str, bool]
    unresolved: tuple[Unresolved, ...]
    ways: tuple[Way, ...]


def explore(line: Line, start: Start | None = None) -> Ways:
    """Work out the lead and its alternatives.

    Parameters
    ----------
    line : Line
    start : callable, optional
        Gives the base where the book has none for the line.
    """
    book = _Explorer(line, start)
    assumed = book.lead_assumptions()
    lead = book.run(assumed)
    unresolved = (*book.conflicts(lead, assumed), *book.turning(lead, assumed))
    return Ways(line, lead, assumed, unresolved, tuple(book.ways(assumed)))


class _Explorer:
    def __init__(self, line: Line, start: Start | None) -> None:
        self.line, self.start = line, start
        duties = [c for c in line.field.candidates if c.measure.instrument not in TAXES | CONTROLS]
        self.candidates = duties
        self.needs: dict[str, Need] = {}
        self.adds: set[str] = set()
        self.by_fact: dict[str, list[Candidate]] = {}
        additions = line.regime.additions()
        for c in sorted(duties, key=lambda c: c.measure.instrument not in additions):
            for need in c.open_needs():
                self.needs.setdefault(need.fact, need)
                self.by_fact.setdefault(need.fact, []).append(c)
                if c.measure.instrument in additions:
                    self.adds.add(need.fact)

    def run(self, assumed: Mapping[str, bool], prefer: tuple[str, ...] = ()) -> Tally:
        begun = None
        if self.start is not None:
            claimed = any(value for fact, value in assumed.items() if fact.startswith("originating"))
            begun = self.start(claimed or not self._origins())
        return tally(self.line, assumed, prefer=prefer, start=begun)

    def _origins(self) -> list[str]:
        return [fact for fact, need in self.needs.items() if need.kind is NeedKind.ORIGIN]

    def lead_assumptions(self) -> dict[str, bool]:
        """Assume every open fact one way (table in :mod:`openward.determine.goods`)."""
        assumed: dict[str, bool] = {}
        for fact, need in self.needs.items():
            if need.kind is NeedKind.ORIGIN:
                assumed[fact] = True
            elif need.kind in (NeedKind.QUOTA, NeedKind.ZONE, NeedKind.CODE):
                assumed[fact] = False
            else:
                assumed[fact] = need.sense is (fact in self.adds)
        codes = [
            fact for fact, need in self.needs.items() if need.kind is NeedKind.CODE and fact in self.adds
        ]
        if codes:
            dearest = max(codes, key=lambda fact: (rank(self.run(assumed | {fact: True}).total)[1], fact))
            assumed[dearest] = True
        return assumed

    def turning(self, lead: Tally, assumed: Mapping[str, bool]) -> Iterator[Unresolved]:
        """Give the facts that change what is due, each with both outcomes."""
        origins_told = False
        for fact, need in self.needs.items():
            other = self.run(self._flipped(fact, need, assumed))
            if _same(lead, other):
                continue
            origins_told = origins_told or need.kind is NeedKind.ORIGIN
            yes, no = (lead, other) if assumed[fact] else (other, lead)
            about = tuple(c.measure.id for c in self.by_fact[fact])
            yield Unresolved(fact, self._why(fact, need), self.words(yes), self.words(no), about)
        origins = self._origins()
        if origins and not origins_told:
            none = self.run({**assumed, **dict.fromkeys(origins, False)})
            if not _same(lead, none):
                about = tuple(c.measure.id for fact in origins for c in self.by_fact[fact])
                why = " or ".join(dict.fromkeys(self.needs[fact].why for fact in origins))
                yield Unresolved("originating", why, self.words(lead), self.words(none), about)

    def _flipped(self, fact: str, need: Need, assumed: Mapping[str, bool]) -> dict[str, bool]:
        flipped = {**assumed, fact: not assumed[fact]}
        if need.kind is NeedKind.CODE and flipped[fact]:
            # Goods have one additional code.
            flipped |= {f: False for f, n in self.needs.items() if n.kind is NeedKind.CODE and f != fact}
        return flipped

    def _why(self, fact: str, need: Need) -> str:
        names = ", ".join(c.measure.id for c in self.by_fact[fact])
        return f"{names}: {need.why}"

    def conflicts(self, lead: Tally, assumed: Mapping[str, bool]) -> Iterator[Unresolved]:
        """Give each pair of measures that no rule ranks, with both texts and both outcomes."""
        for conflict in lead.conflicts:
            second = self.run(assumed, (conflict.second.measure.id,))
            yield Unresolved(
                f"which applies: {conflict.first.measure.id} or {conflict.second.measure.id}",
                self._texts(conflict),
                f"{conflict.first.measure.id}: {self.words(lead)}",
                f"{conflict.second.measure.id}: {self.words(second)}",
                (conflict.first.measure.id, conflict.second.measure.id),
            )

    def _texts(self, conflict: Conflict) -> str:
        book = self.line.book
        told = [f"{show(c.measure)} [{cited(book, c.measure)}]" for c in (conflict.first, conflict.second)]
        return (
            f"both are in force for the line and no rule ranks them ({conflict.rule}): {told[0]}; {told[1]}"
        )

    def ways(self, assumed: Mapping[str, bool]) -> Iterator[Way]:
        """Give every way to pay: without any relief, then each relief alone."""
        plain = {
            fact: assumed[fact] if fact in self.adds else not need.sense for fact, need in self.needs.items()
        }
        blind = _without_known(self.line, RELIEFS)
        first = tally(blind, plain, start=None if self.start is None else self.start(False))
        if first.applied:
            base = first.applied[0].candidate
            yield Way(self._name(base), first, (), (base.measure.id,))
        for c in self.candidates:
            if c.measure.instrument not in RELIEFS or c.barrier() or not c.needs:
                continue
            own = {need.fact: need.sense for need in c.needs if need.truth is Truth.UNKNOWN}
            requires = tuple(need.why for need in c.needs)
            if c.measure.effect.duty is None:
                if c.measure.instrument is Instrument.PROVISIONAL_DUTY:
                    yield Way(c.measure.effect.text or c.measure.id, Tally(), requires, (c.measure.id,))
                continue
            run = tally(
                _only(self.line, c), {**plain, **own}, start=None if self.start is None else self.start(False)
            )
            if any(a.candidate is c for a in run.applied):
                yield Way(self._name(c), run, requires, (c.measure.id,))

    def _name(self, c: Candidate) -> str:
        words = c.measure.instrument.value.replace("-", " ").replace("mfn", "MFN")
        return f"{words}: {act_title(self.line.book, c.measure.act)}"

    def words(self, run: Tally) -> str:
        """Print an outcome: rate, amount where there is one, measures."""
        total, currency = run.total, self.line.basis.currency
        if not run.taken:
            return "no base duty in the book"
        amount = ""
        if total.amount and currency:
            money = rounded(total.amount, currency)
            amount = f", {money.amount} {money.currency}"
        return f"{shown(total)}{amount} ({', '.join(a.id for a in run.applied)})"


def _same(one: Tally, other: Tally) -> bool:
    return (one.total.rate, one.total.amount) == (other.total.rate, other.total.amount)


def _only(line: Line, kept: Candidate) -> Line:
    """Leave one relief; provisional rates of a quota stay with it."""
    return _filtered(line, lambda c: c is kept or c.measure.instrument not in RELIEFS or _of_quota(c))


def _without_known(line: Line, reliefs: tuple[Instrument, ...]) -> Line:
    """Leave out reliefs that turn on something, known or not; unconditional ones are part of every way."""
    return _filtered(line, lambda c: c.measure.instrument not in reliefs or not c.needs)


def _of_quota(c: Candidate) -> bool:
    return c.measure.instrument is Instrument.PROVISIONAL_DUTY and (
        not c.needs or any(need.kind is NeedKind.QUOTA for need in c.needs)
    )


def _filtered(line: Line, wanted: Callable[[Candidate], bool]) -> Line:
    from dataclasses import replace

    field = replace(line.field, candidates=tuple(c for c in line.field.candidates if wanted(c)))
    return replace(line, field=field)


def saving(lead: Tally, other: Tally) -> Decimal | None:
    """What another way saves against the lead, in money; None where one amount is not known."""
    one, two = lead.total.amount, other.total.amount
    return None if one is None or two is None else one - two

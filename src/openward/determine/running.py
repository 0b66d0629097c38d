"""The running duty of one line: what is applied, what lost and why, and the reader of one rule at work."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as each
from decimal import Decimal

from openward.book.model import Book, Instrument
from openward.determine.candidates import LINE, Candidate, Field
from openward.determine.charge import NOTHING, Basis, Charge, charge_of, percent_text
from openward.determine.kleene import Truth
from openward.determine.order import cited
from openward.determine.precedence import PrecedenceRule, Regime
from openward.determine.scope import doubt
from openward.determine.step import Step

BASE, ADDED = "base", "added"


@dataclass(frozen=True, slots=True)
class Applied:
    """A measure at work: what it charges, by which rule, as the rate itself or on top of it."""

    candidate: Candidate
    charge: Charge
    rule: PrecedenceRule
    part: str = BASE

    @property
    def id(self) -> str:
        """Id of the measure."""
        return self.candidate.measure.id


@dataclass(frozen=True, slots=True)
class Lost:
    """A measure that could have applied, its charge, and why another took its place."""

    candidate: Candidate
    charge: Charge
    reason: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two measures that both apply, disagree, and that no rule ranks."""

    first: Candidate
    second: Candidate
    rule: str


@dataclass(slots=True)
class Tally:
    """The running duty of one line while the rules are read."""

    applied: list[Applied] = each(default_factory=list)
    lost: list[Lost] = each(default_factory=list)
    conflicts: list[Conflict] = each(default_factory=list)
    steps: list[Step] = each(default_factory=list)
    notes: list[str] = each(default_factory=list)
    taken: bool = False
    chosen: bool = False
    general: bool = False
    silenced: set[Instrument] = each(default_factory=set)
    gone: set[str] = each(default_factory=set)

    @property
    def total(self) -> Charge:
        """The sum of what is charged; not known while there is no base."""
        if not self.taken:
            return Charge(None, None)
        total = NOTHING
        for one in self.applied:
            total = total + one.charge
        return total


@dataclass(frozen=True, slots=True)
class Line:
    """One line with everything the rules need.

    ``charges`` keeps what each measure comes to on the basis, worked out once. ``suspected`` holds additional
    duties on goods of economies in which origin cannot be excluded.
    """

    book: Book
    regime: Regime
    field: Field
    basis: Basis
    name: str
    suspected: tuple[Candidate, ...] = ()
    charges: dict[str, Charge] = each(default_factory=dict, compare=False)


@dataclass(frozen=True, slots=True)
class Reader:
    """One line under some assumptions, as the rules read it."""

    line: Line
    assumed: Mapping[str, bool]
    prefer: tuple[str, ...]

    def holding(self, instruments: Iterable[Instrument]) -> list[Candidate]:
        """Give the candidates of some instruments that apply."""
        return [c for c in self.line.field.of(*instruments) if c.applies(self.assumed) is Truth.TRUE]

    def charge(self, candidate: Candidate) -> Charge:
        """Give what a measure comes to."""
        known, name = self.line.charges, candidate.measure.id
        if name not in known:
            known[name] = charge_of(candidate.measure.effect.duty, self.line.basis)
        return known[name]

    def one(self, run: Tally, rule: PrecedenceRule, found: Sequence[Candidate]) -> Candidate | None:
        """Give the single most specific; a draw between different duties is a conflict."""
        if not found:
            return None
        top = max(c.level for c in found)
        first, *others = sorted(
            (c for c in found if c.level == top), key=lambda c: (doubt(c.measure), c.measure.id)
        )
        for other in others:
            if other.measure.effect.duty != first.measure.effect.duty:
                run.conflicts.append(Conflict(first, other, rule.id))
                if other.measure.id in self.prefer:
                    first = other
        return first

    def cheapest(self, run: Tally, found: Sequence[Candidate]) -> tuple[Candidate, Charge] | None:
        """Give the lowest of several; of equal ones the surer, then the older."""
        charged = [(c, self.charge(c)) for c in narrowest(found)]
        known = [(c, charge) for c, charge in charged if c.measure.effect.duty is not None]
        if not known:
            return None
        best = min(
            known, key=lambda x: (*rank(x[1]), doubt(x[0].measure), x[0].measure.valid.start, x[0].measure.id)
        )
        if rank(best[1]) > (0, Decimal(0)):
            run.notes += [
                f"{c.measure.id} could not be compared: {', '.join(charge.missing)}"
                for c, charge in known
                if c is not best[0] and rank(charge)[0]
            ]
        return best

    def article(self, rule: PrecedenceRule) -> str:
        """Print the act and article of a rule."""
        title = act_title(self.line.book, self.line.regime.act)
        return f" ({title}, art. {rule.article})" if rule.article else ""

    def step(
        self, run: Tally, rule: PrecedenceRule, candidate: Candidate, before: Charge, *, first: bool
    ) -> None:
        """Note what a rule did."""
        subject = f"{self.line.name}: {'no rate yet' if first else shown(before)}"
        text = f"{rule.text or rule.id}{self.article(rule)}"
        measure = candidate.measure
        run.steps.append(Step(text, measure.id, subject, shown(run.total), cited(self.line.book, measure)))

    def take(self, run: Tally, rule: PrecedenceRule, candidate: Candidate, reason: str) -> None:
        """Let a measure take the place of what was applied."""
        before, first = run.total, not run.applied
        run.lost += [Lost(a.candidate, a.charge, reason) for a in run.applied]
        run.applied = [Applied(candidate, self.charge(candidate), rule)]
        run.lost = [one for one in run.lost if one.candidate is not candidate]
        run.taken = True
        self.step(run, rule, candidate, before, first=first)


def act_title(book: Book, act_id: str) -> str:
    """Give the title of an act, else its id."""
    act = book.acts.get(act_id)
    return act.title if act is not None else act_id


def rank(charge: Charge) -> tuple[int, Decimal]:
    """Order charges by rate (by amount that is the same: one value); those without one come last."""
    if charge.rate is not None:
        return 0, charge.rate
    return (0, Decimal(0)) if charge.amount == 0 else (1, Decimal(0))


def shown(charge: Charge) -> str:
    """Print a charge: its rate, else that it is not known."""
    return percent_text(charge.rate) if charge.rate is not None else "not known"


def narrowest(found: Sequence[Candidate]) -> list[Candidate]:
    """Leave out broad measures of an act that states the line, and broader codes of one act."""
    top: dict[tuple[Instrument, str], int] = {}
    for c in found:
        key = c.measure.instrument, c.measure.act
        top[key] = max(top.get(key, 0), c.level)
    return [c for c in found if c.level >= LINE or c.level == top[c.measure.instrument, c.measure.act]]

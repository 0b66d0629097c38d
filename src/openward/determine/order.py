"""The interpreter of precedence: one line of one partner on one day, rule by rule, with its trace.

The compiled path (:mod:`openward.determine.fill`) does the same on arrays; tests hold the two equal.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from openward.book.model import Book, Instrument, LineClass, Measure
from openward.determine.precedence import PrecedenceRule, Regime, RuleKind
from openward.determine.scope import WHOLE, doubt, rate_of, specificity
from openward.determine.step import Step, percent
from openward.errors import IntegrityError

Measures = tuple[Measure, ...]


@dataclass(frozen=True, slots=True)
class Alternative:
    """A measure in force that was not applied, and why."""

    measure: str
    rate: float | None
    reason: str


@dataclass(frozen=True, slots=True)
class Facts:
    """What the rules are applied to: the duties that fit one line class, by instrument.

    ``suspected`` holds the additional duties on goods of economies in which origin cannot be excluded.
    """

    line: LineClass
    measures: Mapping[Instrument, Measures]
    suspected: Measures = ()


@dataclass(slots=True)
class Running:
    """The running rate of one line while the rules are read; ``rate`` is None while unknown or not valued."""

    rate: float | None = None
    taken: bool = False
    chosen: bool = False
    base: float | None = None
    unadded: float | None = None
    applied: list[Measure] = field(default_factory=list)
    replaced: list[Measure] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    alternatives: list[Alternative] = field(default_factory=list)
    assumptions: list[str] = field(default_factory=list)


def cited(book: Book, measure: Measure) -> str:
    """Print the act and article of a measure."""
    act = book.acts.get(measure.act)
    title = act.title if act is not None else measure.act
    return f"{title}, art. {measure.article}" if measure.article else title


def in_words(reason: str, measure: Measure) -> str:
    """Add what a measure says in words to the reason why it was not applied."""
    return f"{reason}: {measure.effect.text}" if measure.effect.text else reason


def resolve(book: Book, regime: Regime, facts: Facts) -> Running:
    """Apply the rules of a regime to the duties that fit one line.

    Raises
    ------
    IntegrityError
        Where two equally specific duties of an instrument that allows only one are in force.
    """
    run = Running()
    for rule in regime.rules:
        _VERBS[rule.kind](_Reader(book, regime, facts, rule), run)
    if not run.taken:
        base = regime.rules[0].instruments[0]
        run.missing.append(f"no {_words(base)} of {facts.line.economy} on {facts.line.sector} in the book")
    return run


@dataclass(frozen=True, slots=True)
class _Reader:
    """One rule at work on one line."""

    book: Book
    regime: Regime
    facts: Facts
    rule: PrecedenceRule

    def one(self) -> Measure | None:
        """Give the single most specific duty of the rule's instrument."""
        found = self.facts.measures.get(self.rule.instruments[0], ())
        if not found:
            return None
        sector = self.facts.line.sector
        top = max(specificity(m, sector) for m in found)
        narrow = sorted(m.id for m in found if specificity(m, sector) == top)
        if len(narrow) > 1:
            raise overlap(narrow[0], narrow[1])
        return self.book.measures[narrow[0]]

    def all(self) -> list[Measure]:
        """Give every duty of the rule's instruments, by id."""
        found = [m for i in self.rule.instruments for m in self.facts.measures.get(i, ())]
        return sorted(found, key=lambda m: m.id)

    def step(self, run: Running, measure: Measure, before: float | None) -> None:
        article = f" ({self.regime.act}, art. {self.rule.article})" if self.rule.article else ""
        text = f"{self.rule.text or self.rule.id}{article}"
        line = self.facts.line
        place = line.sector if line.code == WHOLE else f"{line.sector}/{line.code}"
        subject = f"{place}: {_printed(before) if run.steps else 'no rate yet'}"
        run.steps.append(Step(text, measure.id, subject, _printed(run.rate), cited(self.book, measure)))

    def not_valued(self, run: Running, measure: Measure) -> None:
        duty = measure.effect.duty
        fact = "its rate is not in the book" if duty is None else f"a unit value is needed for {str(duty)!r}"
        run.missing.append(f"{measure.id}: {fact}")


def overlap(first: str, second: str) -> IntegrityError:
    """Two duties of which only one may be in force."""
    return IntegrityError(
        f"{first} and {second} are both in force for the same lines and partners",
        hint="end one where the other begins, or narrow its scope (`openward book check` lists all overlaps)",
        where=first,
    )


def _set(reader: _Reader, run: Running, measure: Measure) -> None:
    before, run.rate, run.taken = run.rate, rate_of(measure), True
    run.applied = [measure]
    if run.rate is None:
        reader.not_valued(run, measure)
    reader.step(run, measure, before)


def _base(reader: _Reader, run: Running) -> None:
    measure = reader.one()
    if measure is not None:
        _set(reader, run, measure)
        run.base = run.rate


def _replace(reader: _Reader, run: Running) -> None:
    measure = reader.one()
    if measure is not None and run.taken and not run.chosen:
        _leave(run, "a rate that replaces it applies")
        run.missing.clear()
        _set(reader, run, measure)


def _otherwise(reader: _Reader, run: Running) -> None:
    measure = reader.one()
    if measure is None:
        return
    if run.taken:
        run.alternatives.append(
            Alternative(measure.id, rate_of(measure), "only for goods without a base rate")
        )
    else:
        _set(reader, run, measure)


def _lowest(reader: _Reader, run: Running) -> None:
    unknown = [m for m in reader.all() if m.effect.duty is None]
    unvalued = [m for m in reader.all() if m.effect.duty is not None and rate_of(m) is None]
    # Of equal rates the surer, then the older: a newcomer that changes nothing is not cited.
    ranked = sorted(
        (rate, doubt(m), m.valid.start, m.id, m) for m in reader.all() if (rate := rate_of(m)) is not None
    )
    run.alternatives += [Alternative(m.id, None, in_words("its rate is not in the book", m)) for m in unknown]
    best = ranked[0][-1] if ranked else None
    if best is None and not unvalued:
        return
    if unvalued and (best is None or rate_of(best) != 0):
        best = unvalued[0]
    assert best is not None
    _leave(run, "a preference takes its place")
    run.missing.clear()
    run.chosen = True
    _set(reader, run, best)
    for other in [m for *_, m in ranked] + unvalued:
        if other is not best:
            same = run.rate is not None and rate_of(other) == run.rate
            reason = f"gives the same rate as {best.id}" if same else "not the lowest preference"
            run.alternatives.append(Alternative(other.id, rate_of(other), reason))


def _cap(reader: _Reader, run: Running) -> None:
    measure = reader.one()
    if measure is None or not run.chosen or run.rate is None:
        return
    if any(reader.facts.measures.get(i) for i in reader.rule.unless):
        return
    limit = rate_of(measure)
    if limit is None:
        if run.rate != 0:
            run.assumptions.append(
                f"{measure.id} could not be compared with {percent(run.rate)}: no ad valorem rate"
            )
    elif limit < run.rate:
        _leave(run, "a lower rate applies")
        run.alternatives = [a for a in run.alternatives if a.measure != measure.id]
        _set(reader, run, measure)


def _quota(reader: _Reader, run: Running) -> None:
    reason = "inside the tariff quota only: whether the goods are inside is not in the question"
    run.alternatives += [Alternative(m.id, rate_of(m), reason) for m in reader.all()]


def _exclude(reader: _Reader, run: Running) -> None:
    acts = (*reader.rule.acts, *reader.rule.over)
    if any(m.act in acts for m in reader.all()):
        run.assumptions.append(f"{reader.rule.id}: decided line by line, not in an average over an industry")


def _floor(reader: _Reader, run: Running) -> None:
    for measure in reader.all():
        if measure.act not in reader.rule.acts:
            continue
        before, floor = run.rate, rate_of(measure)
        if floor is None:
            reader.not_valued(run, measure)
        if floor is None or before is None:
            run.rate = None
            run.applied.append(measure)
        elif before < floor:
            run.rate = floor
            run.applied.append(measure)
        else:
            run.alternatives.append(Alternative(measure.id, floor, "the rate is not below this floor"))
            continue
        reader.step(run, measure, before)


def _add(reader: _Reader, run: Running) -> None:
    run.unadded = run.rate
    for measure in reader.all():
        if measure.act in reader.regime.floors():
            continue
        before, rate = run.rate, rate_of(measure)
        run.applied.append(measure)
        if rate is None:
            reader.not_valued(run, measure)
        run.rate = None if rate is None or run.rate is None else run.rate + rate
        reader.step(run, measure, before)


def _higher(reader: _Reader, run: Running) -> None:
    if not reader.facts.suspected or run.unadded is None:
        return
    rates = [(rate, m.id, m) for m in reader.facts.suspected if (rate := rate_of(m)) is not None]
    before = run.rate
    if rates:
        highest, _, measure = max(rates)
        run.rate = run.unadded + highest
        run.applied.append(measure)
        reader.step(run, measure, before)
    general = reader.one()
    rate = rate_of(general) if general is not None else None
    if general is not None and rate is not None and run.rate is not None and rate > run.rate:
        run.alternatives = [a for a in run.alternatives if a.measure != general.id]
        before, run.rate, run.applied = run.rate, rate, [general]
        reader.step(run, general, before)


def _leave(run: Running, reason: str) -> None:
    run.alternatives += [Alternative(m.id, rate_of(m), reason) for m in run.applied]
    run.replaced += run.applied
    run.applied = []


def _printed(rate: float | None) -> str:
    return "not known" if rate is None else percent(rate)


def _words(instrument: Instrument) -> str:
    return instrument.value.replace("-", " ").replace("mfn", "MFN")


_VERBS: dict[RuleKind, Callable[[_Reader, Running], None]] = {
    RuleKind.BASE: _base,
    RuleKind.REPLACE: _replace,
    RuleKind.OTHERWISE: _otherwise,
    RuleKind.LOWEST: _lowest,
    RuleKind.CAP: _cap,
    RuleKind.QUOTA: _quota,
    RuleKind.EXCLUDE: _exclude,
    RuleKind.FLOOR: _floor,
    RuleKind.ADD: _add,
    RuleKind.HIGHER: _higher,
}

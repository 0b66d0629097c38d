"""The applied rate of one importer on one partner's industry on one day: the interpreter."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from openward.book.model import Book, Instrument, LineClass, Measure
from openward.codes.economies import economy
from openward.codes.industries import industry
from openward.codes.terms import Status
from openward.determine.answer import AppliedRate, LineRate
from openward.determine.groups import GroupsOn
from openward.determine.order import Alternative, Facts, Running, in_words, resolve
from openward.determine.precedence import Regime, RuleKind, precedence_on
from openward.determine.scope import classes_of, coverage, fit, is_import_duty, names_lines, rate_of
from openward.determine.sentence import no_duty, say
from openward.determine.shelves import groups_on
from openward.determine.step import Step, percent
from openward.errors import InputError


def applied_rate(
    book: Book,
    *,
    importer: str,
    partner: str | None,
    sector: str,
    on: date,
    not_excluded: Sequence[str] = (),
) -> AppliedRate:
    """Say what duty an importer applied to a partner's goods of an industry on a day, and why.

    Origin rules are taken as met and every preference as claimed; both are said in the answer's assumptions.

    Parameters
    ----------
    book : Book
    importer : str
    partner : str or None
        Economy of origin; None where the origin is not known.
    sector : str
        Industry of the table.
    on : date
    not_excluded : sequence of str
        Economies in which origin cannot be excluded, though declared elsewhere (China's Tariff Law, art. 19).

    Raises
    ------
    UnknownCodeError
        An economy or industry that nobody defined.
    InputError
        A day before the book begins.
    IntegrityError
        Two duties in force of which only one can be.
    """
    for code in (importer, *not_excluded, *(() if partner is None else (partner,))):
        economy(code)
    check_day(book, on)
    if not industry(sector).goods or partner == importer:
        return _without_duty(importer, partner or "", sector, on)
    groups, regime = groups_on(book, on), precedence_on(book, importer, on)
    duties = [
        m
        for m in book.measures.values()
        if is_import_duty(m, on) and importer in groups.members(m.imposed_by)
    ]
    finer = [m for m in duties if names_lines(m)]
    if finer:
        duties = [m for m in duties if not names_lines(m)]
    rows = []
    for line in classes_of(book, importer, sector):
        facts, near = _facts(duties, regime, line, groups, partner, not_excluded)
        run = resolve(book, regime, facts)
        run.alternatives += near
        rows.append((line, run))
    answer = _answer(book, regime, groups, partner or "", on, rows)
    inside = sum(coverage(m.scope.products, sector) == "part" for m in finer)
    if not inside:
        return answer
    told = (
        f"{inside} measures in force state single tariff lines of {sector}; this average does not hold them"
    )
    return replace(answer, notes=(*answer.notes, told))


def check_day(book: Book, on: date) -> None:
    """Refuse a day before the book begins.

    Raises
    ------
    InputError
    """
    if on < book.covered_from:
        raise InputError(
            f"{on.isoformat()} lies before the book {book.name!r} begins",
            hint=f"ask for a day from {book.covered_from.isoformat()} on",
            where="on",
        )


def _facts(
    duties: Sequence[Measure],
    regime: Regime,
    line: LineClass,
    groups: GroupsOn,
    partner: str | None,
    not_excluded: Sequence[str],
) -> tuple[Facts, list[Alternative]]:
    """Sort the duties in force into those that fit a line, and those that nearly do."""
    fitting: dict[Instrument, list[Measure]] = defaultdict(list)
    near: list[Alternative] = []
    named = regime.instruments()
    suspected = [
        m
        for m in duties
        for other in not_excluded
        if m.instrument in _additions(regime)
        and fit(m, importer=line.economy, partner=other, line=line, groups=groups).applies
    ]
    for measure in duties:
        found = fit(measure, importer=line.economy, partner=partner, line=line, groups=groups)
        if found.applies and measure.instrument in named:
            fitting[measure.instrument].append(measure)
        elif found.applies or found.why_not:
            reason = found.why_not or f"no rule in force on {groups.on.isoformat()} names its instrument"
            near.append(Alternative(measure.id, rate_of(measure), in_words(reason, measure)))
    return Facts(line, {k: tuple(v) for k, v in fitting.items()}, tuple(dict.fromkeys(suspected))), near


def _additions(regime: Regime) -> frozenset[Instrument]:
    return frozenset(i for rule in regime.rules if rule.kind is RuleKind.ADD for i in rule.instruments)


def _answer(
    book: Book,
    regime: Regime,
    groups: GroupsOn,
    partner: str,
    on: date,
    rows: list[tuple[LineClass, Running]],
) -> AppliedRate:
    lines = tuple(
        LineRate(c.code, c.share, c.lines, run.rate, tuple(m.id for m in run.applied)) for c, run in rows
    )
    counted = [(c, run) for c, run in rows if c.share > 0]
    rate = _average([(c.share, run.rate) for c, run in counted])
    base = _average([(c.share, run.base) for c, run in counted])
    applied = tuple({m.id: m for _, run in counted if run.rate is not None for m in run.applied}.values())
    importer, sector = rows[0][0].economy, rows[0][0].sector
    trace = [step for _, run in rows for step in run.steps]
    if len(rows) > 1:
        trace.append(_averaging(sector, lines, rate, rows[0][0].source))
    missing = tuple(dict.fromkeys(fact for _, run in counted for fact in run.missing))
    used = {m for line in lines for m in line.measures}
    alternatives = {a.measure: a for _, run in rows for a in run.alternatives if a.measure not in used}
    return AppliedRate(
        importer=importer,
        partner=partner,
        sector=sector,
        on=on,
        rate=rate,
        base_rate=base,
        lines=lines,
        sentence=say(
            book,
            importer,
            partner,
            sector,
            on,
            rate=rate,
            base=base,
            applied=applied,
            added=_average([(c.share, _added(run)) for c, run in counted]),
            missing=missing,
        ),
        trace=tuple(trace),
        unverified=tuple(m.id for m in applied if m.status is Status.UNVERIFIED),
        assumptions=_assumptions(book, groups, partner, applied, rows),
        missing=missing,
        alternatives=tuple(alternatives.values()),
        notes=_notes(book, regime, on, [run for _, run in counted]),
    )


def _added(run: Running) -> float | None:
    """Give what additional duties put on top; None where a rate is not known."""
    return None if run.rate is None or run.unadded is None else run.rate - run.unadded


def _average(parts: list[tuple[float, float | None]]) -> float | None:
    total = 0.0
    for share, rate in parts:
        if rate is None:
            return None
        total += share * rate
    return total


def _averaging(sector: str, lines: tuple[LineRate, ...], rate: float | None, source: str) -> Step:
    parts = [
        f"{line.code} {'?' if line.rate is None else percent(line.rate)} x {line.share:.3f}" for line in lines
    ]
    printed = "not known" if rate is None else percent(rate)
    return Step(
        "average over the line classes by their share of imports", "", " + ".join(parts), printed, source
    )


def _assumptions(
    book: Book,
    groups: GroupsOn,
    partner: str,
    applied: tuple[Measure, ...],
    rows: list[tuple[LineClass, Running]],
) -> tuple[str, ...]:
    said = [text for _, run in rows for text in run.assumptions]
    for measure in applied:
        for condition in measure.conditions:
            if condition.kind == "origin":
                said.append(
                    f"goods meet the rules of origin of {measure.id} ({condition.value}) and claim it"
                )
            elif condition.kind == "coverage":
                said.append(
                    f"{measure.id} covers {condition.value}; it is applied to every line of the class"
                )
            elif condition.kind == "quota":
                said.append(
                    f"{measure.id} is subject to a quantity ({condition.value}); taken as not exhausted"
                )
        for group in groups.through(measure.scope.partners, partner):
            if groups.unverified(group, partner):
                said.append(f"{partner} counts as a member of {group}: unverified")
    return tuple(dict.fromkeys(said))


def _notes(book: Book, regime: Regime, on: date, runs: list[Running]) -> tuple[str, ...]:
    notes = [regime.note] if regime.note else []
    shaky = [m.id for run in runs for m in run.replaced if m.status is Status.UNVERIFIED]
    if shaky:
        notes.append(f"the rate it takes the place of is unverified: {', '.join(shaky)}")
    if on > book.covered_to:
        notes.append(
            f"the book was recorded up to {book.covered_to.isoformat()}:"
            f" this is the law of {on.isoformat()} as known then"
        )
    return tuple(notes)


def _without_duty(importer: str, partner: str, sector: str, on: date) -> AppliedRate:
    sentence = no_duty(importer, partner, sector)
    domestic = importer == partner
    rule = (
        "goods do not cross a customs border" if domestic else "customs duties fall on goods, not on services"
    )
    step = Step(rule, "", f"{sector} of {partner or 'unknown origin'}", percent(0.0), "")
    return AppliedRate(importer, partner, sector, on, 0.0, 0.0, (), sentence, (step,))

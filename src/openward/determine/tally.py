"""Precedence on one tariff line: the dated rules of an economy applied to the measures that fall on it.

The same ``precedence.yaml`` that orders industry averages (:mod:`openward.determine.order`), on exact
decimals, on amounts where value and quantity are known, and with quotas, exclusions and floors, which only a
single line has.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal

from openward.book.model import Instrument
from openward.determine.candidates import LINE, Candidate
from openward.determine.charge import Charge
from openward.determine.needs import NeedKind
from openward.determine.precedence import PrecedenceRule, RuleKind
from openward.determine.quota import draws_on
from openward.determine.running import (
    ADDED,
    BASE,
    Applied,
    Conflict,
    Line,
    Lost,
    Reader,
    Tally,
    act_title,
    narrowest,
    rank,
    shown,
)

__all__ = [
    "ADDED",
    "BASE",
    "Applied",
    "Conflict",
    "Line",
    "Lost",
    "Tally",
    "act_title",
    "rank",
    "shown",
    "tally",
]


def tally(
    line: Line, assumed: Mapping[str, bool], *, prefer: Sequence[str] = (), start: Tally | None = None
) -> Tally:
    """Apply the rules of the regime, some facts assumed.

    Parameters
    ----------
    line : Line
    assumed : mapping
        Facts the question does not give, assumed true or false; a measure that still turns on an unknown
        fact does not apply.
    prefer : sequence of str
        Measures to take where two conflict.
    start : Tally, optional
        A base already found (an industry average): rules that find a base are then skipped.
    """
    run = start if start is not None else Tally()
    reader = Reader(line, assumed, tuple(prefer))
    for rule in line.regime.rules:
        _VERBS[rule.kind](reader, run, rule)
    return run


def _stated(candidate: Candidate) -> bool:
    return candidate.measure.effect.duty is not None


def _inside_only(candidate: Candidate) -> bool:
    return any(draw.inside for draw in draws_on(candidate.measure))


def _base(reader: Reader, run: Tally, rule: PrecedenceRule) -> None:
    if run.taken:
        return
    found = reader.one(run, rule, [c for c in reader.holding(rule.instruments) if not _inside_only(c)])
    if found is not None:
        reader.take(run, rule, found, "")


def _replace(reader: Reader, run: Tally, rule: PrecedenceRule) -> None:
    found = [c for c in reader.holding(rule.instruments) if not _inside_only(c) and _stated(c)]
    if not run.taken or run.chosen:
        return
    one = reader.one(run, rule, found)
    if one is not None:
        reader.take(run, rule, one, "a rate that replaces it applies")


def _otherwise(reader: Reader, run: Tally, rule: PrecedenceRule) -> None:
    found = reader.one(run, rule, reader.holding(rule.instruments))
    if found is None:
        return
    if run.taken:
        run.lost.append(Lost(found, reader.charge(found), "only for goods without a base rate"))
    else:
        reader.take(run, rule, found, "")


def _lowest(reader: Reader, run: Tally, rule: PrecedenceRule) -> None:
    found = [c for c in reader.holding(rule.instruments) if not _inside_only(c) or c.level < LINE]
    for c in found:
        if c.measure.effect.duty is None:
            text = c.measure.effect.text
            run.lost.append(Lost(c, reader.charge(c), text or "its rate is not in the book"))
    best = reader.cheapest(run, found)
    if best is None:
        return
    reader.take(run, rule, best[0], "a preference takes its place")
    run.chosen = True
    for c in found:
        if c is not best[0] and c.measure.effect.duty is not None:
            charge = reader.charge(c)
            same = charge.rate == best[1].rate and charge.amount == best[1].amount
            reason = f"gives the same rate as {best[0].measure.id}" if same else "not the lowest preference"
            run.lost.append(Lost(c, charge, reason))


def _cap(reader: Reader, run: Tally, rule: PrecedenceRule) -> None:
    if not run.chosen or any(not _inside_only(c) for c in reader.holding(rule.unless)):
        return
    found = reader.one(
        run, rule, [c for c in reader.holding(rule.instruments) if not _inside_only(c) and _stated(c)]
    )
    if found is None:
        return
    limit, now = reader.charge(found), run.total
    if rank(limit)[0] or rank(now)[0]:
        run.notes.append(
            f"{found.measure.id} could not be compared with the preference: {', '.join(limit.missing)}"
        )
    elif rank(limit) < rank(now):
        lower = f"{found.measure.id} ({shown(limit)}) is lower{reader.article(rule)}"
        reader.take(run, rule, found, lower)
        run.lost = [
            Lost(one.candidate, one.charge, lower)
            if one.candidate.measure.instrument is Instrument.PREFERENTIAL_DUTY
            and rank(limit) < rank(one.charge)
            else one
            for one in run.lost
        ]


def _quota(reader: Reader, run: Tally, rule: PrecedenceRule) -> None:
    best = reader.cheapest(run, reader.holding(rule.instruments))
    if best is None:
        return
    own = {draw.order_number for draw in draws_on(best[0].measure)}
    temporary = [
        c
        for c in reader.holding((Instrument.PROVISIONAL_DUTY,))
        if any(draw.inside and draw.order_number in own for draw in draws_on(c.measure))
    ]
    reader.take(run, rule, best[0], "the goods are inside a tariff quota")
    replaced = reader.one(run, rule, temporary)
    if replaced is not None:
        reader.take(run, rule, replaced, "the quota rate has a provisional rate")
    run.chosen = True
    run.silenced |= set(rule.excludes)
    for c in reader.holding(rule.excludes):
        run.lost.append(Lost(c, reader.charge(c), f"not on goods inside a quota{reader.article(rule)}"))


def _exclude(reader: Reader, run: Tally, rule: PrecedenceRule) -> None:
    found = [c for c in reader.holding(rule.instruments) if c.measure.id not in run.gone]
    winners = [c for c in found if c.measure.act in rule.acts]
    if not winners:
        return
    for loser in [c for c in found if c.measure.act in rule.over]:
        if loser.measure.act in rule.acts:
            continue
        run.gone.add(loser.measure.id)
        reason = f"excluded where {winners[0].measure.id} applies{reader.article(rule)}"
        run.lost.append(Lost(loser, reader.charge(loser), reason))


def _floor(reader: Reader, run: Tally, rule: PrecedenceRule) -> None:
    for c in reader.holding(rule.instruments):
        if c.measure.act not in rule.acts or c.measure.id in run.gone:
            continue
        run.gone.add(c.measure.id)
        floor, now = reader.charge(c), run.total
        if rank(floor)[0] or rank(now)[0]:
            missing = tuple(dict.fromkeys(floor.missing + now.missing)) or ("the rate it is compared with",)
            run.applied.append(Applied(c, Charge(None, None, missing), rule, ADDED))
            continue
        more = Charge(
            None if floor.rate is None or now.rate is None else max(Decimal(0), floor.rate - now.rate),
            None
            if floor.amount is None or now.amount is None
            else max(Decimal(0), floor.amount - now.amount),
        )
        if 0 in (more.rate, more.amount):
            run.lost.append(Lost(c, floor, f"the rate is not below its floor of {shown(floor)}"))
            continue
        run.applied.append(Applied(c, more, rule, ADDED))
        reader.step(run, rule, c, now, first=False)


def _add(reader: Reader, run: Tally, rule: PrecedenceRule) -> None:
    for c in narrowest(reader.holding(rule.instruments)):
        if c.measure.id in run.gone or c.measure.instrument in run.silenced:
            continue
        if c.measure.effect.duty is None and any(need.kind is NeedKind.TEXT for need in c.needs):
            text = c.measure.effect.text
            run.lost.append(
                Lost(c, reader.charge(c), f"its rate is not in the book{': ' + text if text else ''}")
            )
            continue
        before = run.total
        run.applied.append(Applied(c, reader.charge(c), rule, ADDED))
        reader.step(run, rule, c, before, first=len(run.applied) == 1)


def _higher(reader: Reader, run: Tally, rule: PrecedenceRule) -> None:
    suspected = [(c, charge) for c in reader.line.suspected if (charge := reader.charge(c)).valued]
    if not suspected or not run.taken:
        return
    before = run.total
    highest = max(suspected, key=lambda x: (rank(x[1])[1], x[0].measure.id))
    run.applied = [a for a in run.applied if a.part == BASE] + [Applied(*highest, rule, ADDED)]
    reader.step(run, rule, highest[0], before, first=False)
    general = reader.one(run, rule, reader.holding(rule.instruments))
    if general is not None and rank(reader.charge(general)) > rank(run.total):
        reader.take(run, rule, general, f"{general.measure.id} is higher{reader.article(rule)}")


_VERBS: dict[RuleKind, Callable[[Reader, Tally, PrecedenceRule], None]] = {
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

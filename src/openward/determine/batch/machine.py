"""The rules of precedence on arrays: what is due where only code, origin, day and claim matter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from openward.determine.batch.compiled import Compiled
from openward.determine.batch.engines import Find
from openward.determine.batch.kinds import BASES
from openward.determine.batch.lookups import Additions, Lookups, Rows
from openward.determine.batch.table import NONE
from openward.determine.precedence import PrecedenceRule, Regime, RuleKind

Small = NDArray[np.int32]
Mask = NDArray[np.bool_]


FINDING = (RuleKind.BASE, RuleKind.REPLACE, RuleKind.OTHERWISE)
_ORDER = {**dict.fromkeys(FINDING, 0), RuleKind.LOWEST: 1, RuleKind.CAP: 2, RuleKind.ADD: 3}
"""Rules on arrays are read in this order; a regime in another is left to the interpreter."""


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What the rules come to; positions of variants, -1 where there is none.

    Attributes
    ----------
    plain : int32 array
        The duty without any preference that turns on a claim.
    claimed : int32 array
        The duty with the best preference, claimed and proven.
    second : int32 array
        The duty where that one preference is not to be had.
    best : int32 array
        The best preference, whether or not it applies in the end.
    additions : tuple of Additions
        Duties that are added.
    hard : bool array
        Rows for the interpreter; what the others hold is not meant for them.
    """

    plain: Small
    claimed: Small
    second: Small
    best: Small
    additions: tuple[Additions, ...]
    hard: Mask


def determine(compiled: Compiled, rows: Rows, find: Find) -> Found:
    """Apply the rules in force on each row's day.

    Parameters
    ----------
    compiled : Compiled
    rows : Rows
    find : callable
        The look-up of an engine.
    """
    starts = np.array([day for day, _ in compiled.regimes], dtype=np.int32)
    era = np.searchsorted(starts, rows.day, side="right") - 1
    eras = np.unique(era)
    if len(eras) == 1:
        return _under(compiled, compiled.regimes[int(eras[0])][1], rows, find)
    out = _nothing(len(rows))
    additions: list[Additions] = []
    for one in eras:
        at = np.flatnonzero(era == one)
        part = _under(compiled, compiled.regimes[int(one)][1], rows.where(at), find)
        for name in ("plain", "claimed", "second", "best", "hard"):
            getattr(out, name)[at] = getattr(part, name)
        additions += [found.placed(at, len(rows)) for found in part.additions]
    return Found(out.plain, out.claimed, out.second, out.best, tuple(additions), out.hard)


def regular(regime: Regime) -> bool:
    """True where the rules stand as arrays read them: base, preference, caps, additions."""
    places = [_ORDER[rule.kind] for rule in regime.rules if rule.kind in _ORDER]
    return places == sorted(places) and places.count(_ORDER[RuleKind.LOWEST]) <= 1


def _nothing(size: int) -> Found:
    none = np.full(size, NONE, dtype=np.int32)
    return Found(none, none.copy(), none.copy(), none.copy(), (), np.ones(size, dtype=np.bool_))


def _under(compiled: Compiled, regime: Regime | None, rows: Rows, find: Find) -> Found:
    if regime is None or not len(rows) or not regular(regime):
        return _nothing(len(rows))
    under = getattr(find, "under", None)
    if under is not None and (rows.claim < 0).all():
        found: Found = under(compiled, regime, rows)
        return found
    look = Lookups(compiled, rows, find)
    base, best = _base(compiled, regime.rules, look), np.full(len(rows), NONE, dtype=np.int32)
    plain, claimed, second = base.copy(), base.copy(), base.copy()
    additions: list[Additions] = []
    for rule in regime.rules:
        # Quotas, exclusions and floors concern measures that are not plain; `higher` needs a fact.
        if rule.kind is RuleKind.LOWEST:
            best, other, free = look.lowest(rule.instruments)
            for duty, picked in ((plain, free), (claimed, best), (second, other)):
                np.copyto(duty, picked, where=picked >= 0)
        elif rule.kind is RuleKind.CAP:
            _cap(compiled, rule, look, (plain, claimed, second), (free, best, other))
        elif rule.kind is RuleKind.ADD:
            additions += look.additions(rule.instruments)
    stated = np.zeros(len(rows), dtype=np.bool_)
    for instrument in BASES:
        stated |= look.one(instrument) >= 0
    hard = look.hard() | (base < 0) | ~stated
    return Found(plain, claimed, second, best, tuple(additions), hard)


def _base(compiled: Compiled, rules: Sequence[PrecedenceRule], look: Lookups) -> Small:
    base = np.full(len(look.rows), NONE, dtype=np.int32)
    for rule in rules:
        if rule.kind in FINDING:
            found = look.one(rule.instruments[0])
            open_ = base >= 0 if rule.kind is RuleKind.REPLACE else base < 0
            np.copyto(base, found, where=open_ & (found >= 0))
    return base


def _cap(
    compiled: Compiled, rule: PrecedenceRule, look: Lookups, duties: Sequence[Small], picked: Sequence[Small]
) -> None:
    """Let a lower duty take the place of a preference."""
    found = look.one(rule.instruments[0])
    able = found >= 0
    for instrument in rule.unless:
        able &= look.one(instrument) == NONE
    rate = compiled.variants.rate
    if not len(rate):
        return
    for duty, preference in zip(duties, picked, strict=True):
        np.copyto(duty, found, where=able & (preference >= 0) & (rate[found] < rate[duty]))

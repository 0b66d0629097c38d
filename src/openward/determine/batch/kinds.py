"""Which measures tables can answer for, and which only the interpreter can."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from decimal import Decimal

from openward.book.duty import AdValorem
from openward.book.model import Instrument, Measure
from openward.determine.precedence import Regime, RuleKind
from openward.determine.scope import IMPORT_DUTIES
from openward.determine.shelves import is_line_level

SCALE = 10**9
"""Rates are held as whole billionths, so that sums and comparisons are exact."""
_LARGEST = 10**6
BASES = frozenset({Instrument.MFN_DUTY, Instrument.GENERAL_DUTY})
PLAIN_CONDITIONS = frozenset({"origin", "membership"})


def scaled(rate: Decimal) -> int | None:
    """Give a rate in billionths; None where that is not exact."""
    whole = rate * SCALE
    if rate > _LARGEST or whole != whole.to_integral_value():
        return None
    return int(whole)


def plain_rate(measure: Measure) -> int | None:
    """Give the ad valorem rate of a measure in billionths; None where its duty is anything else."""
    duty = measure.effect.duty
    if not isinstance(duty, AdValorem) or duty.of or duty.exact is not None:
        return None
    return scaled(duty.rate)


def acts_by_line(measures: Iterable[Measure]) -> frozenset[tuple[Instrument, str]]:
    """Give (instrument, act) of measures that name lines: broad ones of the same act give way there."""
    return frozenset((m.instrument, m.act) for m in measures if is_line_level(m))


def ranked_acts(regimes: Iterable[Regime]) -> frozenset[str]:
    """Give the acts whose measures exclude others or are floors."""
    special = (RuleKind.EXCLUDE, RuleKind.FLOOR)
    rules = [rule for regime in regimes for rule in regime.rules if rule.kind in special]
    return frozenset(act for rule in rules for act in (*rule.acts, *rule.over))


def is_plain(
    measure: Measure, *, by_line: Collection[tuple[Instrument, str]], ranked: Collection[str]
) -> bool:
    """True where a measure turns on importer, origin, code, day and claim only, at a rate on the value."""
    scope = measure.scope
    if measure.instrument not in IMPORT_DUTIES or measure.instrument is Instrument.TARIFF_QUOTA:
        return False
    if scope.sectors or scope.parties or scope.end_uses or scope.hint_only or scope.additional_codes:
        return False
    if measure.zone or measure.effect.quota or measure.events or measure.act in ranked:
        return False
    kinds = [condition.kind for condition in measure.conditions]
    if not PLAIN_CONDITIONS.issuperset(kinds):
        return False
    if kinds.count("origin") > (measure.instrument is Instrument.PREFERENTIAL_DUTY):
        return False
    broad = not is_line_level(measure)
    if broad and (measure.instrument in BASES or (measure.instrument, measure.act) in by_line):
        return False
    return plain_rate(measure) is not None

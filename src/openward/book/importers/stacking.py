"""Add up dated measures line by line: what a line pays on a day, and the averages of its subheading.

A small reading of the order of duties, for tables of one importer with MFN, provisional and additional duties
only; a question about one transaction goes to the decision engine.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from openward.book.duty import AdValorem
from openward.book.force import Listed, listing_state
from openward.book.model import Instrument, Measure

_ADDED = {
    Instrument.RETALIATORY_DUTY,
    Instrument.ANTI_DUMPING_DUTY,
    Instrument.COUNTERVAILING_DUTY,
    Instrument.SAFEGUARD_DUTY,
}
Line = tuple[str, str]
_NONE = Decimal(0)


@dataclass(slots=True)
class Stack:
    """What is in force on a line on one day, as fractions; ``base`` is None where no rate is stated."""

    base: Decimal | None = None
    provisional: Decimal | None = None
    added: Decimal = Decimal(0)

    @property
    def mfn(self) -> Decimal | None:
        """Rate of a partner without additional duties."""
        return self.base if self.provisional is None else self.provisional

    @property
    def total(self) -> Decimal | None:
        """Rate with the additional duties on top."""
        return None if self.mfn is None else self.mfn + self.added


def stacks(measures: Iterable[Measure], on: date, *, partner: str) -> dict[Line, Stack]:
    """Give what stands on every line on a day for goods of a partner.

    Parameters
    ----------
    measures : iterable of Measure
        Of one importer, each on one code; ad valorem.
    on : date
    partner : str
        Economy; measures that name other partners are left out.
    """
    found: dict[Line, Stack] = {}
    for measure, line, rate in _lines(measures, partner):
        if _applies(measure, on):
            _take(found.setdefault(line, Stack()), measure, rate)
    return found


def averages(measures: Iterable[Measure], dates: Sequence[date], *, partner: str) -> list[dict[str, Any]]:
    """Give simple means over the lines of each subheading on each day, in percent.

    Returns
    -------
    list of dict
        ``hs6``, ``on``, ``lines``, ``mfn_pct``, ``<partner>_pct`` (mean), ``<partner>_max_pct``.
    """
    every = tuple(_lines(measures, partner))
    rows: list[dict[str, Any]] = []
    for on in dates:
        found: dict[Line, Stack] = {}
        for measure, line, rate in every:
            if _applies(measure, on):
                _take(found.setdefault(line, Stack()), measure, rate)
        rows += _by_subheading(found, on, partner.lower())
    return sorted(rows, key=lambda row: (row["hs6"], row["on"]))


def _lines(measures: Iterable[Measure], partner: str) -> Iterator[tuple[Measure, Line, Decimal]]:
    for measure in measures:
        scope, duty = measure.scope, measure.effect.duty
        if not isinstance(duty, AdValorem) or scope.products is None:
            continue
        if scope.partners and partner not in scope.partners:
            continue
        yield measure, (scope.products.ranges[0], "".join(scope.additional_codes)), duty.rate


def _applies(measure: Measure, on: date) -> bool:
    if on not in measure.valid:
        return False
    return not measure.events or listing_state(measure, on).state is Listed.IN_FORCE


def _take(stack: Stack, measure: Measure, rate: Decimal) -> None:
    if measure.instrument is Instrument.MFN_DUTY:
        stack.base = rate
    elif measure.instrument is Instrument.PROVISIONAL_DUTY:
        stack.provisional = rate
    elif measure.instrument in _ADDED:
        stack.added += rate


def _by_subheading(found: Mapping[Line, Stack], on: date, partner: str) -> Iterator[dict[str, Any]]:
    grouped: dict[str, list[tuple[Decimal, Decimal]]] = {}
    for (code, _), stack in found.items():
        if stack.mfn is not None and stack.total is not None:
            grouped.setdefault(code.ljust(6, "0")[:6], []).append((stack.mfn, stack.total))
    for hs6, lines in grouped.items():
        mfn, total = ([pair[k] for pair in lines] for k in (0, 1))
        yield {
            "hs6": hs6,
            "on": on,
            "lines": len(lines),
            "mfn_pct": _percent(sum(mfn, _NONE) / len(lines)),
            f"{partner}_pct": _percent(sum(total, _NONE) / len(lines)),
            f"{partner}_max_pct": _percent(max(total)),
        }


def _percent(rate: Decimal) -> str:
    shown = f"{round(rate * 100, 6):f}"
    return shown.rstrip("0").rstrip(".") if "." in shown else shown

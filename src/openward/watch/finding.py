"""What a monitor of tables reports for one series and one month, before the law is set beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from openward.watch.panel import Panel, Series


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule at or above its threshold in the last month of a panel.

    Attributes
    ----------
    series : Series
    statistic : float
    sentence, clears : str
    evidence : tuple of mapping
        Months of the window with the year before, USD and kg as published.
    """

    series: Series
    statistic: float
    sentence: str
    clears: str
    evidence: tuple[Mapping[str, Any], ...]


def evidence_rows(panel: Panel, row: int, window: int) -> tuple[Mapping[str, Any], ...]:
    """Give the rows of the window (four months at least), and of the same months a year before."""
    last, shown = len(panel.months), max(window, 4)
    wanted = [t for t in (*range(last - shown - 12, last - 12), *range(last - shown, last)) if t >= 0]
    return tuple(
        {
            "month": panel.months[t].isoformat(),
            "value_usd": float(panel.value[row, t]),
            "quantity_kg": float(panel.quantity[row, t]) if panel.quantity[row, t] > 0 else None,
            "reported": bool(panel.reported[row, t]),
        }
        for t in sorted(set(wanted))
    )


def amount(value: float, *, by_value: bool) -> str:
    """Write a volume: tonnes, or million USD."""
    return f"{value / 1e6:,.2f} million USD" if by_value else f"{value / 1e3:,.1f} t"

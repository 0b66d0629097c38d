"""A score that puts alerts in order where an industry's figures are given; it decides nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from openward.errors import InputError, InputErrors, MissingDataError, OpenwardError
from openward.watch.feeds import read_rows

COLUMNS = ("month", "product", "output", "capacity", "price", "employment", "source")
FIGURES = ("output", "capacity", "price", "employment")
CAUTION = (
    "triage only: it orders alerts for a reader; whether there is injury is for the table of all factors of "
    "article 3.4 of the Anti-Dumping Agreement, of which these are four"
)


@dataclass(frozen=True, slots=True)
class IndustryMonth:
    """Figures of a domestic industry (``openward.industry/1``, CSV); None where not given.

    ``output`` and ``capacity`` in the industry's own unit, ``price`` in its own currency, ``employment`` in
    persons.
    """

    month: date
    product: str
    figures: Mapping[str, float | None]
    source: str


@dataclass(frozen=True, slots=True)
class Triage:
    """How an industry moved over a year, and the score.

    Attributes
    ----------
    score : float
        Mean over the figures at hand of the fall, 0 (no fall) to 1 (a fall by 20 percent or more).
    moves : mapping
        Change of each figure as a fraction, and of ``capacity_use`` in its own points as a fraction.
    missing : tuple of str
        Figures not given for both years.
    caution : str
    """

    score: float
    moves: Mapping[str, float]
    missing: tuple[str, ...]
    caution: str = CAUTION


def read_industry(path: Path) -> tuple[IndustryMonth, ...]:
    """Read the figures of an industry; every fault is collected and raised once."""
    faults: list[OpenwardError] = []
    found: dict[tuple[str, date], IndustryMonth] = {}
    for number, row in read_rows(path, COLUMNS):
        at = f"{path}:{number}"
        try:
            month = date.fromisoformat(row["month"])
            figures = {name: float(row[name]) if row[name].strip() else None for name in FIGURES}
        except ValueError as error:
            faults.append(
                InputError(str(error), where=at, hint="dates as YYYY-MM-01, numbers without spaces")
            )
            continue
        bad = [name for name, value in figures.items() if value is not None and not 0 <= value < float("inf")]
        if bad or month.day != 1 or not row["source"].strip():
            what = f"{bad[0]} is negative or infinite" if bad else "no first day of a month, or no source"
            faults.append(InputError(what, where=at, hint="see docs/watch.md"))
        if (row["product"], month) in found:
            faults.append(InputError(f"{row['product']} twice in {month}", where=at, hint="leave one out"))
        found[row["product"], month] = IndustryMonth(month, row["product"], figures, row["source"])
    if faults:
        raise InputErrors(faults)
    return tuple(found[key] for key in sorted(found))


def triage(rows: Sequence[IndustryMonth], *, product: str, month: date, window: int = 6) -> Triage:
    """Compare the means of `window` months up to `month` with the same months a year before.

    A figure counts where every month of both windows has it: a mean over other months is another mean.

    Raises
    ------
    MissingDataError
        No figure is given for both.
    """
    own = {(one.month.year * 12 + one.month.month): one for one in rows if product.startswith(one.product)}
    last = month.year * 12 + month.month
    now = [own.get(k) for k in range(last - window + 1, last + 1)]
    before = [own.get(k - 12) for k in range(last - window + 1, last + 1)]
    moves: dict[str, float] = {}
    missing: list[str] = []
    for name in FIGURES:
        was, is_ = _mean(before, name), _mean(now, name)
        if was is None or is_ is None or was == 0:
            missing.append(name)
        elif name != "capacity":
            moves[name] = is_ / was - 1
    uses = [_mean(months, "output", over="capacity") for months in (before, now)]
    if uses[0] is not None and uses[1] is not None:
        moves["capacity_use"] = uses[1] - uses[0]
    if not moves:
        raise MissingDataError(
            f"no figure of the industry of {product} for {window} months up to {month:%Y-%m} "
            "and a year before",
            hint=f"columns are {', '.join(COLUMNS)}",
        )
    score = sum(min(max(-move / 0.2, 0.0), 1.0) for move in moves.values()) / len(moves)
    return Triage(score, moves, tuple(missing))


def _mean(months: Sequence[IndustryMonth | None], name: str, *, over: str | None = None) -> float | None:
    total = below = 0.0
    for one in months:
        value = one.figures[name] if one is not None else None
        base = one.figures[over] if one is not None and over is not None else 1.0
        if value is None or base is None:
            return None
        total += value
        below += base
    return total / below if below > 0 else None

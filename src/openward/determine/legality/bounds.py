"""Rates above what was bound (GATT II:1), against a table the user brings: bound rates are not shipped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from openward.book import duty as duties
from openward.book.fields import product_range
from openward.book.model import Book, Instrument, Measure
from openward.book.rows import REQUIRED, Column, listed, read_table
from openward.codes.economies import economy
from openward.codes.groups import GROUP_NAMES
from openward.codes.industries import industry
from openward.codes.ranges import range_set
from openward.determine.legality.change import Change
from openward.determine.legality.finding import LegalFinding, Severity, finding
from openward.determine.scope import rate_of
from openward.determine.step import percent
from openward.errors import InputError, InputErrors, OpenwardError

SUBJECT = frozenset({Instrument.MFN_DUTY, Instrument.PROVISIONAL_DUTY})
ADDED = frozenset({Instrument.RETALIATORY_DUTY})


def _imposer(text: str) -> str:
    return text if text in GROUP_NAMES else economy(text).code


_COLUMNS = {
    "economy": Column(_imposer, REQUIRED),
    "products": Column(lambda text: tuple(product_range(one) for one in listed(text)), ()),
    "sector": Column(lambda text: industry(text).code, ""),
    "bound": Column(duties.parse, REQUIRED),
    "source": Column(),
}


@dataclass(frozen=True, slots=True)
class Bound:
    """A bound rate of an economy (or of a group as one), on products or (an average) on a sector."""

    economy: str
    products: tuple[str, ...]
    sector: str
    rate: Decimal
    source: str
    where: str


def load_bounds(path: Path) -> tuple[Bound, ...]:
    """Read a table of bound rates.

    Parameters
    ----------
    path : Path
        CSV with ``economy``, ``products`` (ranges, ``;`` between) or ``sector``, ``bound`` (a duty sentence),
        ``source``.

    Raises
    ------
    InputErrors
        All that is wrong in it.
    """
    errors: list[OpenwardError] = []
    found: list[Bound] = []
    for row in read_table(path, path.name, _COLUMNS, errors):
        values = row.values
        rate = duties.ad_valorem_equivalent(values["bound"], unit_values={})
        if bool(values["products"]) == bool(values["sector"]):
            errors.append(InputError("give products or a sector", hint="one of the two", where=row.where))
        elif rate is None:
            errors.append(
                InputError("the bound is no ad valorem rate", hint="write such as 10 %", where=row.where)
            )
        else:
            named = (values["economy"], values["products"], values["sector"])
            found.append(Bound(*named, rate, values["source"], row.where))
    if errors:
        raise InputErrors(errors)
    return tuple(found)


def above_bound(changes: tuple[Change, ...], book: Book, bounds: tuple[Bound, ...]) -> Iterator[LegalFinding]:
    """Hold every rate that goes up against the bound one."""
    for change in changes:
        measure = change.after
        if measure is None or measure.instrument not in SUBJECT | ADDED or change.raises is False:
            continue
        if change.binds:
            yield _held(change, measure, book, bounds)


def _held(change: Change, measure: Measure, book: Book, bounds: tuple[Bound, ...]) -> LegalFinding:
    rows = [row for row in bounds if row.economy == change.imposer and _meets(row, measure)]
    own = rate_of(measure)
    if not rows or own is None:
        return _not_known(change, at_hand=bool(rows))
    over = [one for row in rows if (one := _over(change, measure, row, own, book)) is not None]
    if not over:
        return finding(
            "bound-rate",
            Severity.IN_ORDER,
            f"{change.name} of {change.imposer} stays within the {len(rows)} bound rates that it meets.",
            ("gatt-ii-1",),
            edits=(change.place,),
            measures=(change.name,),
            unknown=("bound rates of goods that the table does not hold",),
            figures={"least_bound": float(min(row.rate for row in rows))},
        )
    worst = max(over, key=lambda one: (one.sure, one.rate - one.row.rate))
    where = worst.row.sector or ", ".join(worst.row.products)
    told = f"{percent(float(worst.rate))} against a bound {percent(float(worst.row.rate))} on {where}"
    average = "" if worst.sure else " on average, so that some lines may be"
    return finding(
        "bound-rate",
        Severity.BREACH if worst.sure else Severity.DOUBT,
        f"{change.name} of {change.imposer} comes{average} above the bound rate: {told}.",
        ("gatt-ii-1", "gatt-xxviii"),
        edits=(change.place,),
        measures=(change.name,),
        unknown=() if worst.sure else ("rates and bounds line by line",),
        figures={"above_by": float(worst.rate - worst.row.rate)},
    )


@dataclass(frozen=True, slots=True)
class _Over:
    """A rate above a bound; ``sure`` where both are those of single goods."""

    row: Bound
    rate: Decimal
    sure: bool


def _over(change: Change, measure: Measure, row: Bound, own: float, book: Book) -> _Over | None:
    low, high = _bases(book, change, row) if measure.instrument in ADDED else (0.0, 0.0)
    least, most = (Decimal(str(own)) + Decimal(str(base)) for base in (low, high))
    if most <= row.rate:
        return None
    return _Over(row, most, sure=least > row.rate and not row.sector)


def _not_known(change: Change, *, at_hand: bool) -> LegalFinding:
    why = "its duty needs unit values" if at_hand else f"the schedule of {change.imposer} is not at hand"
    missing = "unit values of the goods" if at_hand else f"bound rates of {change.imposer}: give a table"
    return finding(
        "bound-rate",
        Severity.UNKNOWN,
        f"Whether {change.name} of {change.imposer} stays within bound rates is not known: {why}.",
        ("gatt-ii-1",),
        edits=(change.place,),
        measures=(change.name,),
        unknown=(missing,),
    )


def _meets(row: Bound, measure: Measure) -> bool:
    scope = measure.scope
    if row.sector:
        return not scope.sectors or row.sector in {sector.partition("/")[0] for sector in scope.sectors}
    if scope.products is None or scope.sectors:
        return False
    reached = range_set(scope.products.ranges, scope.exclude_products)
    return any(reached.touches(one.partition("-")[0]) for one in row.products)


def _bases(book: Book, change: Change, row: Bound) -> tuple[float, float]:
    """Give the least and the greatest base duty on what a row is about; zero where the book knows none."""
    found = [
        rate
        for m in book.measures.values()
        if m.instrument is Instrument.MFN_DUTY
        and m.imposed_by == change.imposer
        and change.start in m.valid
        and _same_goods(m, row)
        and (rate := rate_of(m)) is not None
    ]
    return (min(found), max(found)) if found else (0.0, 0.0)


def _same_goods(measure: Measure, row: Bound) -> bool:
    if row.sector:
        return row.sector in {sector.partition("/")[0] for sector in measure.scope.sectors}
    if measure.scope.products is None or measure.scope.sectors:
        return False
    reached = range_set(measure.scope.products.ranges, measure.scope.exclude_products)
    return any(reached.covers(one.partition("-")[0]) for one in row.products)

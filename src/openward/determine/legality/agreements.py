"""Does an agreement cover substantially all the trade, within ten years (GATT XXIV:8(b))?

Measured on the applied rates of the book after the reform, on the day it starts and ten years later, over
goods: trade by the flows of the world pack, lines by the counts of tariff lines where the book has them.
Inside an industry the importer's own split into free and dutiable lines is used for every partner.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np

from openward.book.edits import Join, Leave
from openward.book.model import Book
from openward.codes.groups import GROUP_NAMES
from openward.determine.groups import GroupsOn
from openward.determine.legality.change import Change
from openward.determine.legality.finding import LegalFinding, Severity, finding
from openward.determine.legality.most_favored import is_agreement, share
from openward.determine.table import rate_table
from openward.observe.worldpack import WorldPack

YEARS = 10
ENOUGH = 0.9
"""Nothing lays down a figure; nine tenths of trade is what members commonly claim."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """How much of the trade between pairs is free of duty on a day.

    Attributes
    ----------
    on : date
    trade : float
        Flows between the pairs, millions of US dollars.
    free, unknown : float
        Shares of it that enter at zero, and whose rate is not known.
    lines_free : float or None
        Share of the importers' tariff lines at zero, where lines were counted.
    counted : tuple of str
        Importers whose lines were counted.
    """

    on: date
    trade: float
    free: float
    unknown: float
    lines_free: float | None
    counted: tuple[str, ...]


def coverage(book: Book, pack: WorldPack, pairs: frozenset[tuple[str, str]], *, on: date) -> Coverage | None:
    """Measure the trade of (importer, exporter) pairs that enters free on a day; None where there is none."""
    table = rate_table(book, on=on, economies=pack.economies, sectors=pack.sectors)
    at = {code: k for k, code in enumerate(pack.economies)}
    chosen = np.zeros((len(at), len(at)), dtype=bool)
    for importer, exporter in pairs:
        if importer in at and exporter in at:
            chosen[at[importer], at[exporter]] = True
    flows = pack.flows * pack.scale / 1e6 * chosen[:, :, None] * table.goods
    total = float(flows.sum())
    if not total:
        return None
    free = (table.rates == 0.0) & table.known
    weight = table.shares[:, None]
    within = np.where(free, weight, 0.0).sum(axis=3)
    blind = np.where(table.known, 0.0, weight).sum(axis=3)
    counts = (table.lines[:, None] * chosen[:, :, None, None] * table.goods[:, None]).astype(float)
    lines = float(counts.sum())
    counted = tuple(code for code, k in at.items() if counts[k].sum())
    return Coverage(
        on,
        total,
        float((flows * within).sum() / total),
        float((flows * blind).sum() / total),
        float((counts * free).sum() / lines) if lines else None,
        counted,
    )


def pairs_of(members: frozenset[str], newcomers: frozenset[str]) -> frozenset[tuple[str, str]]:
    """Give the pairs that an accession makes: newcomers with every member, both ways."""
    return frozenset(
        pair
        for one in newcomers
        for other in members
        if one != other
        for pair in ((one, other), (other, one))
    )


def agreements(
    changes: tuple[Change, ...],
    joins: tuple[tuple[int, str, str, date], ...],
    book: Book,
    pack: WorldPack,
) -> Iterator[LegalFinding]:
    """Judge the agreements that a reform makes or enters.

    Parameters
    ----------
    changes : tuple of Change
    joins : tuple of (place, economy, group, start)
    book : Book
        After the reform.
    pack : WorldPack
    """
    entered: dict[str, tuple[list[int], list[str], set[str], date]] = {}
    for place, code, group, start in joins:
        sheet = entered.setdefault(group, ([], [], set(), start))
        sheet[0].append(place)
        sheet[2].add(code)
    for group, (places, ids, newcomers, start) in entered.items():
        members = GroupsOn(book, start).members(group)
        ids += [c.name for c in changes if group in c.measure.scope.partners]
        places += [c.place for c in changes if group in c.measure.scope.partners]
        pairs = pairs_of(members, frozenset(newcomers))
        yield _judged(GROUP_NAMES.get(group, group), pairs, start, tuple(places), tuple(ids), book, pack)
    for change in changes:
        if (
            change.after is None
            or not is_agreement(change)
            or set(change.measure.scope.partners) & entered.keys()
        ):
            continue
        if change.after.instrument.value != "preferential-duty":
            continue
        both = frozenset(
            pair for i in change.imposers for p in change.partners if i != p for pair in ((i, p), (p, i))
        )
        title = change.act.title if change.act is not None else change.name
        yield _judged(title, both, change.start, (change.place,), (change.name,), book, pack)


def _judged(
    name: str,
    pairs: frozenset[tuple[str, str]],
    start: date,
    places: tuple[int, ...],
    ids: tuple[str, ...],
    book: Book,
    pack: WorldPack,
) -> LegalFinding:
    now = coverage(book, pack, pairs, on=start)
    later = coverage(book, pack, pairs, on=start.replace(year=start.year + YEARS, day=min(start.day, 28)))
    common = ("gatt-xxiv-5", "gatt-xxiv-8b", "enabling-2c")
    if now is None or later is None:
        return finding(
            "agreement",
            Severity.UNKNOWN,
            f"{name}: its coverage is not known, no trade between its members is at hand.",
            common,
            edits=places,
            measures=ids,
            unknown=("trade between the members", "schedules of all members"),
        )
    lines = (
        ""
        if later.lines_free is None
        else f" and {share(later.lines_free)} of lines ({', '.join(later.counted)})"
    )
    blind = f"; the rate on {share(later.unknown)} of it is not known" if later.unknown > 0 else ""
    if later.free >= ENOUGH:
        severity, verdict = Severity.IN_ORDER, "substantially all the trade, on any reading in use"
    elif later.free + later.unknown >= ENOUGH:
        severity, verdict = Severity.UNKNOWN, "enough only if what is not known is free"
    else:
        severity, verdict = Severity.DOUBT, "less than members commonly claim as substantially all"
    figures: dict[str, float | str] = {
        "trade_musd": round(later.trade, 1),
        "trade_year": str(pack.year),
        "free_at_start": now.free,
        "free_after_ten_years": later.free,
        "not_known": later.unknown,
    }
    if later.lines_free is not None:
        figures["lines_free_after_ten_years"] = later.lines_free
    return finding(
        "agreement",
        severity,
        f"{name}: {share(now.free)} of the trade it covers enters free at the start, {share(later.free)} "
        f"after {YEARS} years{lines}{blind}: {verdict}.",
        common,
        edits=places,
        measures=ids,
        unknown=(
            "no figure is laid down for substantially all trade",
            "restrictive regulations of commerce other than duties",
            "schedules that are not at hand: the book takes them as zero",
            "whether all parties are developing, so that the Enabling Clause serves instead",
        ),
        figures=figures,
    )


def departures(moves: tuple[tuple[int, Join | Leave], ...]) -> Iterator[LegalFinding]:
    """Say what leaving an agreement does to other promises: nothing, a preference is not bound in the WTO."""
    left: dict[str, list[int]] = {}
    for place, move in moves:
        if isinstance(move, Leave):
            left.setdefault(move.group, []).append(place)
    for group, places in left.items():
        yield finding(
            "agreement",
            Severity.IN_ORDER,
            f"{GROUP_NAMES.get(group, group)}: those who leave go back to most-favored-nation rates or "
            "to other agreements; a preference is not bound in a schedule of the WTO.",
            ("gatt-ii-1", "pacta"),
            edits=tuple(places),
            unknown=("commitments of the agreement that outlive it",),
        )

"""How many rules there are: measures by instrument, items of negative lists; scores of trade facilitation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date

from openward.book.force import in_force
from openward.book.model import Book, Instrument
from openward.determine.shelves import groups_on
from openward.errors import InputError, MissingDataError
from openward.indicators.catalogue import Frame, indicator
from openward.indicators.restrictiveness.rows import long_form
from openward.indicators.restrictiveness.schedule import economies_asked

NOT_RESTRICTIVE = frozenset(
    {
        Instrument.MFN_DUTY,
        Instrument.PREFERENTIAL_DUTY,
        Instrument.CONSUMPTION_TAX,
        Instrument.VALUE_ADDED_TAX,
        Instrument.PILOT_ZONE,
        Instrument.INVESTMENT_OPENING,
        Instrument.NEGATIVE_LIST,
    }
)
"""Instruments that open, tax at home too, or are the ordinary tariff; lists are counted by their items."""
HIGHEST_FACILITATION = 2.0


@indicator(
    "restrictions-in-force",
    title="Restrictions in force by instrument",
    group="restrictiveness",
    kind="book",
    definition="Number of measures in force that restrict a flow, by flow and instrument.",
    formula=r"N_{nfk} = \#\{m : m \text{ in force},\ flow(m) = f,\ instrument(m) = k\}",
    inputs=("book",),
    keys=("economy", "flow", "instrument"),
    unit="measures",
    reference="As the stock of interventions in Global Trade Alert (Evenett 2009), over measures of the book",
    traps=(
        "a count of records: one law may be one measure or a hundred; a listing counts as much as a ban",
        "what the book does not hold is not counted: compare days of one book, not economies",
    ),
)
def restrictions_in_force(*, book: Book, on: date, economies: Sequence[str] | None = None) -> Frame:
    """Count measures in force; a suspended listing does not count."""
    groups = groups_on(book, on)
    stock = [m for m in in_force(book, on) if m.instrument not in NOT_RESTRICTIVE]
    rows = []
    for n in economies_asked(book, economies):
        counted = Counter(
            (m.flow.value, m.instrument.value) for m in stock if n in groups.members(m.imposed_by)
        )
        rows += [(n, flow, kind, float(number)) for (flow, kind), number in sorted(counted.items())]
    return long_form(("economy", "flow", "instrument"), rows)


@indicator(
    "negative-list-items",
    title="Items of the negative lists",
    group="restrictiveness",
    kind="book",
    definition="Number of items of each edition of a negative list in force.",
    formula=r"N_{l} = \text{items of edition } l",
    inputs=("book",),
    keys=("economy", "list", "flow", "zone"),
    unit="items",
    reference="The lists themselves; counts as published with each edition",
    traps=(
        "editions merge and split items: the length falls faster, or slower, than the restrictions",
        "a list for all investors (market access) does not discriminate; it stands beside the others",
    ),
)
def negative_list_items(*, book: Book, on: date, economies: Sequence[str] | None = None) -> Frame:
    """Give the length of every list in force; an empty zone is nationwide."""
    groups = groups_on(book, on)
    lists = [m for m in in_force(book, on) if m.instrument is Instrument.NEGATIVE_LIST]
    rows = [
        (n, m.id, m.flow.value, m.zone, None if m.effect.items is None else float(m.effect.items))
        for n in economies_asked(book, economies)
        for m in lists
        if n in groups.members(m.imposed_by)
    ]
    return long_form(("economy", "list", "flow", "zone"), rows)


@indicator(
    "trade-facilitation",
    title="Trade facilitation",
    group="restrictiveness",
    kind="book",
    definition="Mean score of the trade facilitation areas over the highest score.",
    formula=r"F = \frac{1}{2K}\sum_k f_k,\quad f_k \in [0, 2]",
    inputs=("book",),
    keys=("economy",),
    unit="0 hard to 1 easy",
    reference="Moise, Orliac and Minor (2011), OECD Trade Policy Papers 118 (indicators scored from 0 to 2)",
    traps=(
        "scores are not in the book: they are given as `scores`, by economy and area; without them "
        "the answer is that data are missing, not a number",
        "higher is easier, unlike the other indicators of this group",
    ),
)
def trade_facilitation(
    *,
    book: Book,
    on: date,
    economies: Sequence[str] | None = None,
    scores: Mapping[str, Mapping[str, float]] | None = None,
) -> Frame:
    """Average the areas; economies must be scored on the same ones."""
    if not scores:
        raise MissingDataError(
            "scores of trade facilitation are not in the book and none were given",
            where=f"scores, {on}",
            hint="give the OECD indicators, 0 to 2: scores={'CHN': {'fees': 1.8, 'documents': 1.6}}",
        )
    areas = {frozenset(found) for found in scores.values()}
    outside = sorted({n for n, found in scores.items() if any(not 0 <= f <= 2 for f in found.values())})
    if len(areas) > 1 or outside:
        raise InputError(
            f"scores outside 0 to 2: {', '.join(outside)}"
            if outside
            else "economies are not scored on the same areas",
            where="scores",
            hint="score every economy on the same areas, from 0 to 2",
        )
    asked = [n for n in economies_asked(book, economies) if scores.get(n)]
    rows = [(n, sum(scores[n].values()) / len(scores[n]) / HIGHEST_FACILITATION) for n in asked]
    return long_form(("economy",), rows)

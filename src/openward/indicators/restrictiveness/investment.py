"""How closed an economy is to foreign direct investment, from the items of its negative lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Literal

from openward.book.force import in_force
from openward.book.model import Book, Flow, Instrument, Measure
from openward.determine.investment.editions import (
    NOWHERE,
    PILOT,
    RESTRICTIONS,
    Item,
    item_of,
    pilot_zones,
)
from openward.determine.shelves import groups_on
from openward.errors import MissingDataError
from openward.indicators.catalogue import Frame, indicator
from openward.indicators.restrictiveness.rows import long_form
from openward.indicators.restrictiveness.schedule import economies_asked
from openward.indicators.restrictiveness.scoring import (
    Reading,
    breadth,
    investment_groups,
    investment_scores,
    oecd_groups,
)

Covered = Literal["all", "oecd"]
Scores = dict[tuple[str, str], float]
REFERENCE = "Kalinova, Palerm and Thomsen (2010), OECD Working Papers on International Investment 2010/03"
OWN = (
    "an item closes an activity, not an industry: its score is scaled by the part of the industry the "
    "activity makes up, our own judgement (data/fdi_breadth.csv), so levels are not those the OECD prints"
)
ITEMS = (
    "items are at hand for the editions the book holds item by item; for others the command says so and stops"
)
SECURITY = (
    "security review, prudential licences and anything beyond the law are not scored, as in the OECD index"
)


@indicator(
    "fdi-restrictiveness-by-sector",
    title="Restrictiveness of foreign investment by industry",
    group="restrictiveness",
    kind="book",
    definition=(
        "Scores of the restrictions on foreign equity, key personnel and operation in an industry, summed "
        "over activities and capped at one."
    ),
    formula=(
        r"R_j = \min\Big(1, \sum_{a \in j} b_a \min\big(1, \sum_{r} \max_{m \in a,\, area(m)=r} s_m\big)\Big)"
    ),
    inputs=("book",),
    keys=("economy", "sector"),
    unit="0 open to 1 closed",
    reference=REFERENCE,
    traps=(OWN, ITEMS, SECURITY),
)
def fdi_restrictiveness_by_sector(
    *, book: Book, on: date, economies: Sequence[str] | None = None, zone: str = NOWHERE
) -> Frame:
    """Score every industry; ``zone`` is the place of the investment, ``none`` outside all zones."""
    rows = [
        (n, sector, value)
        for n in economies_asked(book, economies)
        for sector, value in sector_scores(book, on=on, economy=n, zone=zone).items()
    ]
    return long_form(("economy", "sector"), rows)


@indicator(
    "fdi-restrictiveness",
    title="Restrictiveness of foreign investment",
    group="restrictiveness",
    kind="book",
    definition="Mean over groups of industries of the restrictiveness of foreign investment.",
    formula=r"R = \frac{1}{G}\sum_g \frac{1}{J_g}\sum_{j \in g} R_j",
    inputs=("book",),
    keys=("economy",),
    unit="0 open to 1 closed",
    reference=REFERENCE + " (simple average over sectors)",
    traps=(
        OWN,
        "28 groups of industries, 20 of them near the sectors of the OECD (covered='oecd' keeps to them)",
        "groups count alike, whatever their size",
        ITEMS,
        SECURITY,
    ),
)
def fdi_restrictiveness(
    *,
    book: Book,
    on: date,
    economies: Sequence[str] | None = None,
    zone: str = NOWHERE,
    covered: Covered = "all",
) -> Frame:
    """Average industries within groups, then groups."""
    rows = []
    for n in economies_asked(book, economies):
        groups: dict[str, list[float]] = defaultdict(list)
        for sector, value in sector_scores(book, on=on, economy=n, zone=zone).items():
            group = investment_groups()[sector]
            if covered == "all" or group in oecd_groups():
                groups[group].append(value)
        means = [sum(values) / len(values) for values in groups.values()]
        rows.append((n, sum(means) / len(means)))
    return long_form(("economy",), rows)


def sector_scores(book: Book, *, on: date, economy: str, zone: str) -> Mapping[str, float]:
    """Give the score of every industry that can be invested in.

    Raises
    ------
    MissingDataError
        The book holds no rules on investment for the economy, or of an edition only the number of items.
    """
    found = dict.fromkeys(investment_groups(), 0.0)
    for (sector, activity), score in activity_scores(book, on=on, economy=economy, zone=zone).items():
        if sector in found:
            found[sector] += breadth(activity) * score
    return {sector: min(1.0, value) for sector, value in found.items()}


def activity_scores(book: Book, *, on: date, economy: str, zone: str) -> Scores:
    """Give the score of every restricted activity by industry and activity, before its breadth.

    Where several editions may be relied on (the national one, a zone's), the most favorable counts for each
    activity.
    """
    measures = tuple(_inward(book, on, economy))
    lists = [m for m in measures if m.instrument is Instrument.NEGATIVE_LIST]
    items = [item_of(m) for m in measures if m.instrument in RESTRICTIONS]
    if not lists and not items:
        raise MissingDataError(
            f"the book holds no rules on investment in {economy} on {on}",
            where=f"book {book.name}",
            hint="a book with investment items is needed",
        )
    acts = {m.act for m in lists}
    scores: list[Scores] = []
    for edition in lists:
        if not _reaches(book, edition.zone, zone, on):
            continue
        own = [item for item in items if item.measure.act == edition.act]
        if not own:
            raise MissingDataError(
                f"of {edition.id} the book has the number of items ({edition.effect.items}), not the items",
                where=f"book {book.name}, {on}",
                hint="ask for a day under an edition that is at hand item by item (China: from 2022-01-01)",
            )
        scores.append(_scores(own))
    loose = [i for i in items if i.measure.act not in acts and _reaches(book, i.measure.zone, zone, on)]
    best = _most_favorable(scores)
    for cell, value in _scores(loose).items():
        best[cell] = max(best.get(cell, 0.0), value)
    opened = {
        (sector, item_of(m).activity)
        for m in measures
        if m.instrument is Instrument.INVESTMENT_OPENING and m.zone and m.zone == zone
        for sector in m.scope.sectors
    }
    return {cell: value for cell, value in best.items() if cell not in opened}


def _inward(book: Book, on: date, economy: str) -> Iterator[Measure]:
    groups = groups_on(book, on)
    for m in in_force(book, on):
        if m.flow is not Flow.INWARD_INVESTMENT or m.scope.parties or m.scope.partners:
            continue
        if economy in groups.members(m.imposed_by):
            yield m


def _reaches(book: Book, listed: str, zone: str, on: date) -> bool:
    return not listed or listed == zone or (listed == PILOT and zone in pilot_zones(book, on))


def _scores(items: Sequence[Item]) -> Scores:
    """Add the areas of each activity, of each area the highest score; capped at one."""
    table = investment_scores()
    areas: dict[tuple[str, str], dict[str, float]] = defaultdict(dict)
    for item in items:
        for reading in table.readings:
            if not _fits(reading, item):
                continue
            area, score = table.areas[reading.score], table.scores[reading.score]
            for sector in item.measure.scope.sectors or tuple(investment_groups()):
                held = areas[sector, item.activity]
                held[area] = max(held.get(area, 0.0), score)
    return {cell: min(1.0, sum(found.values())) for cell, found in areas.items()}


def _fits(reading: Reading, item: Item) -> bool:
    measure = item.measure
    if reading.instrument not in {"*", measure.instrument.value}:
        return False
    required = " and ".join(c.value for c in measure.conditions if c.kind == "requirement")
    if reading.requires and reading.requires not in required.split(" and "):
        return False
    cap = None if measure.effect.number is None else float(measure.effect.number)
    if reading.below is not None:
        return cap is not None and cap < reading.below
    if reading.at_least is not None:
        return cap is not None and reading.at_least <= cap < 100.0
    return True


def _most_favorable(editions: Sequence[Scores]) -> Scores:
    """Give for each cell the lowest score over editions; an edition that does not name it leaves it open."""
    if not editions:
        return {}
    shared = set(editions[0]).intersection(*editions[1:])
    return {cell: min(edition[cell] for edition in editions) for cell in shared}

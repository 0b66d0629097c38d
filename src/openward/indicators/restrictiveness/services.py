"""How restricted services from abroad are: yes or no questions with hierarchy, weighted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from openward.book.force import in_force
from openward.book.model import Book, Flow, Instrument, Measure
from openward.codes.industries import industries
from openward.determine.investment.editions import NOWHERE
from openward.determine.shelves import groups_on
from openward.indicators.catalogue import Frame, indicator
from openward.indicators.restrictiveness.investment import Scores, activity_scores
from openward.indicators.restrictiveness.rows import long_form
from openward.indicators.restrictiveness.schedule import economies_asked
from openward.indicators.restrictiveness.scoring import investment_scores, services_scores

OUTSIDE = frozenset({"O", "T"})
"""Public administration and households: not services that are traded by rule."""
SERVICES = tuple(one.code for one in industries() if not one.goods and one.code not in OUTSIDE)
REFERENCE = (
    "Geloso Grosso, Gonzales, Miroudot, Nordas, Rouzet and Ueno (2015), OECD Trade Policy Papers 177 "
    "(method: binary scores, hierarchy, weights); questions and weights are our own"
)
LISTS = (
    "negative lists of which the book has the number of items only (cross-border services of China, 2024) "
    "answer no question: a lower bound; negative-list-items counts them"
)
_ACROSS = {
    (Instrument.SERVICES_PROHIBITION, Flow.SERVICES_MODE_1): "cross-border-closed",
    (Instrument.SERVICES_CONDITION, Flow.SERVICES_MODE_1): "cross-border-condition",
    (Instrument.SERVICES_PROHIBITION, Flow.SERVICES_MODE_2): "consumption-abroad",
    (Instrument.SERVICES_CONDITION, Flow.SERVICES_MODE_2): "consumption-abroad",
    (Instrument.SERVICES_PROHIBITION, Flow.SERVICES_MODE_4): "people-closed",
    (Instrument.SERVICES_CONDITION, Flow.SERVICES_MODE_4): "people-condition",
    (Instrument.LICENCE, Flow.INWARD_INVESTMENT): "licence",
}


@indicator(
    "services-restrictiveness-by-sector",
    title="Restrictiveness of services by industry",
    group="restrictiveness",
    kind="book",
    definition="Weighted share of questions on entry, people and supply across the border answered yes.",
    formula=r"S_j = \sum_q w_q\, y_{jq},\quad y_{jq} \in \{0, 1\},\quad \sum_q w_q = 1",
    inputs=("book",),
    keys=("economy", "sector"),
    unit="0 open to 1 closed",
    reference=REFERENCE,
    traps=(
        "binary: one closed activity answers for its whole industry, and a reform moves the score only when "
        "the last restriction of its kind goes",
        LISTS,
        "few questions, own weights: compare days and reforms, not levels with the OECD's index",
    ),
)
def services_restrictiveness_by_sector(
    *, book: Book, on: date, economies: Sequence[str] | None = None, zone: str = NOWHERE
) -> Frame:
    """Score every industry of services."""
    rows = [
        (n, sector, value)
        for n in economies_asked(book, economies)
        for sector, value in service_scores(book, on=on, economy=n, zone=zone).items()
    ]
    return long_form(("economy", "sector"), rows)


@indicator(
    "services-restrictiveness",
    title="Restrictiveness of services",
    group="restrictiveness",
    kind="book",
    definition="Mean over industries of services of their restrictiveness.",
    formula=r"S = \frac{1}{J}\sum_j S_j",
    inputs=("book",),
    keys=("economy",),
    unit="0 open to 1 closed",
    reference=REFERENCE,
    traps=("industries count alike, whatever their size", LISTS),
)
def services_restrictiveness(
    *, book: Book, on: date, economies: Sequence[str] | None = None, zone: str = NOWHERE
) -> Frame:
    """Average the industries of services."""
    rows = []
    for n in economies_asked(book, economies):
        found = service_scores(book, on=on, economy=n, zone=zone)
        rows.append((n, sum(found.values()) / len(found)))
    return long_form(("economy",), rows)


def service_scores(book: Book, *, on: date, economy: str, zone: str) -> Mapping[str, float]:
    """Give the score of every industry of services.

    Raises
    ------
    MissingDataError
        As :func:`~openward.indicators.restrictiveness.investment.activity_scores`.
    """
    entry = activity_scores(book, on=on, economy=economy, zone=zone)
    measures = tuple(_measures(book, on, economy, zone))
    weights = services_scores().weights
    return {
        sector: sum(weights[name] for name in answers(sector, entry=entry, measures=measures))
        for sector in SERVICES
    }


def answers(sector: str, *, entry: Scores, measures: Sequence[Measure]) -> frozenset[str]:
    """Give the questions answered yes for an industry, with all that follow from them."""
    score = investment_scores().scores
    yes: set[str] = set()
    for (where, _), value in entry.items():
        if where != sector:
            continue
        equity = max((score[n] for n in _EQUITY if score[n] <= value + 1e-12), default=0.0)
        yes |= {n for n in _EQUITY if score[n] == equity}
        if value - equity > 1e-12:
            yes.add("personnel")
    for m in measures:
        if not m.scope.sectors or sector in m.scope.sectors:
            yes.add(_ACROSS[m.instrument, m.flow])
    implied = services_scores().hierarchy
    for name in ("equity-closed", "equity-minority", "cross-border-closed", "people-closed"):
        if name in yes:
            yes |= set(implied[name])
    return frozenset(yes)


_EQUITY = ("equity-closed", "equity-minority", "equity-partial")


def _measures(book: Book, on: date, economy: str, zone: str) -> Iterator[Measure]:
    groups = groups_on(book, on)
    for m in in_force(book, on):
        if (m.instrument, m.flow) not in _ACROSS or m.scope.parties or m.zone not in {"", zone}:
            continue
        if economy in groups.members(m.imposed_by):
            yield m

"""The editions of the negative lists in force on a day, their items, and the openings beside them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from openward.book.model import Book, Flow, Instrument, Measure
from openward.determine.facts import Condition, parse

NOWHERE = "none"
"""The zone of an investment outside all zones; an empty zone is not known."""
PILOT = "pilot-zones"
RESTRICTIONS = frozenset(
    {Instrument.INVESTMENT_PROHIBITION, Instrument.EQUITY_CAP, Instrument.CONTROL_REQUIREMENT}
)


@dataclass(frozen=True, slots=True)
class Item:
    """A clause of an item: the activity it is about, and what must hold (None: nothing opens it)."""

    measure: Measure
    activity: str
    requires: Condition | None

    @property
    def text(self) -> str:
        """The clause in words."""
        return self.measure.effect.text


@dataclass(frozen=True, slots=True)
class Edition:
    """An edition of the list, or an opening, with its items.

    Attributes
    ----------
    measure : Measure
        The edition as counted, or the opening.
    items : tuple of Item
    at_hand : bool
        False where the book knows the number of items only.
    opening : bool
        True where it opens one activity and says nothing of others.
    """

    measure: Measure
    items: tuple[Item, ...]
    at_hand: bool = True
    opening: bool = False

    @property
    def zone(self) -> str:
        """Where it may be relied on; empty: everywhere."""
        return self.measure.zone


def item_of(measure: Measure) -> Item:
    """Read the activity and the requirement of a measure."""
    facts = [c.value for c in measure.conditions if c.kind == "fact"]
    requires = [c.value for c in measure.conditions if c.kind == "requirement"]
    condition = _parsed(" and ".join(f"({text})" for text in requires)) if requires else None
    return Item(measure, _activity(" ".join(facts)), condition)


def editions_on(book: Book, on: date) -> tuple[Edition, ...]:
    """Give the editions for foreign investment in force on a day: national, then zones, then openings."""
    items: dict[str, list[Item]] = {}
    lists: list[Measure] = []
    openings: list[Edition] = []
    for measure in book.measures.values():
        if measure.flow is not Flow.INWARD_INVESTMENT or on not in measure.valid or measure.scope.parties:
            continue
        if measure.instrument in RESTRICTIONS:
            items.setdefault(measure.act, []).append(item_of(measure))
        elif measure.instrument is Instrument.NEGATIVE_LIST:
            lists.append(measure)
        elif measure.instrument is Instrument.INVESTMENT_OPENING:
            openings.append(Edition(measure, (item_of(measure),), opening=True))
    found = [Edition(m, tuple(items.get(m.act, ())), at_hand=m.act in items) for m in lists]
    return (*sorted(found, key=lambda e: (bool(e.zone), e.zone, e.measure.id)), *openings)


def pilot_zones(book: Book, on: date | None = None) -> frozenset[str]:
    """Give the pilot zones, on a day or ever."""
    return frozenset(
        m.zone
        for m in book.measures.values()
        if m.instrument is Instrument.PILOT_ZONE and (on is None or on in m.valid)
    )


def places(book: Book) -> frozenset[str]:
    """Give every place that a question may name."""
    openings = (m.zone for m in book.measures.values() if m.instrument is Instrument.INVESTMENT_OPENING)
    return pilot_zones(book) | frozenset(openings) | {NOWHERE}


def reaches(edition: Edition, place: str, pilots: frozenset[str]) -> bool:
    """Tell whether an investor in a place may rely on an edition (one without zone serves everywhere)."""
    zone = edition.zone
    return not zone or zone == place or (zone == PILOT and place in pilots)


@lru_cache(maxsize=4096)
def _parsed(text: str) -> Condition:
    return parse(text)


def _activity(text: str) -> str:
    name, sign, value = text.partition("==")
    return value.strip(" '\"") if sign and name.strip() == "activity" else ""

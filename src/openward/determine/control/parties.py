"""Whether a party of a transaction is listed, on which list, with which effect, and how sure that is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from typing import TYPE_CHECKING

import yaml

from openward.book.model import Book, Instrument, Measure
from openward.determine.control.listing import Standing, State, standing
from openward.determine.decision import Verdict
from openward.determine.kleene import Truth
from openward.determine.screening.fold import fold
from openward.determine.screening.lists import listed_parties
from openward.determine.screening.party import spellings

if TYPE_CHECKING:
    from openward.determine.screening.screener import Screener

WATCH = "watch-list"
EXACT_ONLY = "only names written the same were compared: install openward[screening] to find other spellings"


@dataclass(frozen=True, slots=True)
class ListEffect:
    """What being on a list means."""

    id: str
    code: str
    name: str
    goods: str
    verdict: Verdict
    effect: str
    citation: str


@dataclass(frozen=True, slots=True)
class ListedAs:
    """A party of a transaction that is, or may be, on a list.

    Attributes
    ----------
    asked, found : str
        The name asked about and the listed name.
    measure : Measure
        The listing, with its events.
    effect : ListEffect
    standing : Standing
        State of the listing on the day.
    same : Truth
        TRUE where the names are written the same, UNKNOWN where they are alike.
    score : float
        How alike, 1 for the same.
    reasons : tuple of str
    """

    asked: str
    found: str
    measure: Measure
    effect: ListEffect
    standing: Standing
    same: Truth
    score: float
    reasons: tuple[str, ...]

    @property
    def binds(self) -> Truth:
        """Whether the effect of the list falls on the party on the day."""
        if self.standing.state is State.IN_FORCE:
            return self.same
        return self.same & Truth.UNKNOWN if self.standing.state is State.RENEWAL_UNKNOWN else Truth.FALSE


@cache
def list_effects() -> Mapping[str, ListEffect]:
    """Give what the lists mean, by act of the listing or code of the list."""
    text = (files("openward") / "determine/control/list_effects.yaml").read_text(encoding="utf-8")
    rows = yaml.load(text, Loader=yaml.CSafeLoader)["lists"]
    return {row["id"]: ListEffect(**(row | {"verdict": Verdict(row["verdict"])})) for row in rows}


def listed_as(book: Book, name: str, on: date) -> tuple[ListedAs, ...]:
    """Give the listings of a book that a name meets, the certain ones first.

    Parameters
    ----------
    book : Book
    name : str
    on : date

    Returns
    -------
    tuple of ListedAs
        Also listings that are suspended or ended: their state says so. Where the name is that of a listed
        party, other names that are only alike are those of other parties and left out.
    """
    exact = {found.measure.id: found for found in _exact(book, name, on)}
    alike = [found for found in _alike(book, name, on) if found.measure.id not in exact]
    found = (*exact.values(), *alike)
    certain = tuple(one for one in found if one.same is Truth.TRUE)
    return certain or found


@cache
def can_screen() -> bool:
    """Tell whether the packages that find other spellings are installed."""
    return all(find_spec(module) is not None for module in ("sklearn", "rapidfuzz", "opencc", "pypinyin"))


def _exact(book: Book, name: str, on: date) -> Iterator[ListedAs]:
    wanted = {fold(one) for one in spellings(name)} - {""}
    for measure in book.measures.values():
        if measure.instrument is not Instrument.ENTITY_LISTING:
            continue
        for listed in measure.scope.parties:
            if any(fold(one) in wanted for one in spellings(listed)):
                yield _found(name, listed, measure, on, Truth.TRUE, 1.0, ("written the same",))
                break


def _alike(book: Book, name: str, on: date) -> Iterator[ListedAs]:
    if not can_screen():
        return
    for hit in _screener(book).screen_name(name):
        measure = book.measures[hit.party.id]
        reasons = tuple(str(reason) for reason in hit.reasons)
        same = Truth.TRUE if hit.score >= 1 else Truth.UNKNOWN
        yield _found(name, hit.found, measure, on, same, hit.score, reasons)


def _found(
    name: str, listed: str, measure: Measure, on: date, same: Truth, score: float, reasons: tuple[str, ...]
) -> ListedAs:
    effect = list_effects()[measure.act]
    return ListedAs(name, listed, measure, effect, standing(measure, on), same, score, reasons)


_BUILT: dict[int, tuple[Mapping[str, Measure], Screener]] = {}


def _screener(book: Book) -> Screener:
    """Index the listings of a book once; the last book asked is kept."""
    from openward.determine.screening.screener import Screener

    kept = _BUILT.get(id(book.measures))
    if kept is None or kept[0] is not book.measures:
        _BUILT.clear()
        _BUILT[id(book.measures)] = kept = (book.measures, Screener(listed_parties(book)))
    return kept[1]

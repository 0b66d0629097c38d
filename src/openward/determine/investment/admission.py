"""Admission of one activity in one place: most restrictive item of an edition, most favorable edition."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum

from openward.determine.decision import Fact, Verdict
from openward.determine.facts import Condition, Every
from openward.determine.investment.editions import Edition, Item, reaches
from openward.determine.kleene import Truth


class Admission(IntEnum):
    """How an edition treats an activity, from the most favorable to the least."""

    FREE = 0
    LIMITED = 1
    OPEN_QUESTION = 2
    CLOSED = 3

    @property
    def verdict(self) -> Verdict:
        """The verdict it leads to."""
        return _VERDICTS[self]


_VERDICTS = {
    Admission.FREE: Verdict.FREE,
    Admission.LIMITED: Verdict.CAPPED,
    Admission.OPEN_QUESTION: Verdict.UNRESOLVED,
    Admission.CLOSED: Verdict.PROHIBITED,
}


@dataclass(frozen=True, slots=True)
class Missing:
    """What would have to be known: a condition, and the item that turns on it (None: items not at hand)."""

    fact: str
    item: Item | None


@dataclass(frozen=True, slots=True)
class Ruling:
    """What one edition says of an activity."""

    edition: Edition
    admission: Admission
    items: tuple[Item, ...] = ()
    missing: tuple[Missing, ...] = ()


def within(edition: Edition, activity: str, facts: Mapping[str, Fact]) -> Ruling | None:
    """Apply the most restrictive item of an edition; None where an opening is about something else.

    Raises
    ------
    InputError
        A fact is of another kind or unit than the text compares it with.
    """
    if not edition.at_hand:
        return Ruling(
            edition, Admission.OPEN_QUESTION, missing=(Missing(f"listed in {edition.measure.act}", None),)
        )
    about = [item for item in edition.items if item.activity == activity]
    if not about:
        return None if edition.opening else Ruling(edition, Admission.FREE)
    treated = [(item, _treated(item, facts, opening=edition.opening)) for item in about]
    worst = max(admission for _, admission in treated)
    decisive = tuple(item for item, admission in treated if admission is worst)
    missing: tuple[Missing, ...] = ()
    if worst is Admission.OPEN_QUESTION:
        missing = tuple(
            Missing(str(part), item) for item in decisive for part in unknown_parts(item.requires, facts)
        )
    return Ruling(edition, worst, decisive, missing)


def across(rulings: Iterable[Ruling]) -> Ruling:
    """Take the most favorable edition; of equals one whose items are at hand, else the first."""
    return min(rulings, key=lambda ruling: (ruling.admission, not ruling.edition.at_hand))


def rulings(
    editions: Iterable[Edition],
    *,
    activity: str,
    place: str,
    pilots: frozenset[str],
    facts: Mapping[str, Fact],
) -> tuple[Ruling, ...]:
    """Give what each edition that reaches the place says of the activity."""
    reached = (within(edition, activity, facts) for edition in editions if reaches(edition, place, pilots))
    return tuple(ruling for ruling in reached if ruling is not None)


def unknown_parts(condition: Condition | None, facts: Mapping[str, Fact]) -> tuple[Condition, ...]:
    """Give the parts of a condition that are not known."""
    if condition is None:
        return ()
    parts = condition.parts if isinstance(condition, Every) else (condition,)
    return tuple(part for part in parts if part.evaluate(facts) is Truth.UNKNOWN)


def _treated(item: Item, facts: Mapping[str, Fact], *, opening: bool) -> Admission:
    if item.requires is None:
        return Admission.FREE if opening else Admission.CLOSED
    truth = item.requires.evaluate(facts)
    if truth is Truth.UNKNOWN:
        return Admission.OPEN_QUESTION
    if truth is Truth.FALSE:
        return Admission.CLOSED
    return Admission.FREE if opening else Admission.LIMITED

"""Who counts as listed because of who owns them: the rules are data, applied to a fixed point.

Shares are never multiplied through a chain. A company owned to the threshold by parties that count becomes a
party that counts, and its own holdings are then added in full.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files

import yaml

from openward.codes.terms import Interval, Status
from openward.errors import InputError, UnknownCodeError


@dataclass(frozen=True, slots=True)
class Holding:
    """``owner`` holds ``share`` (a fraction) of ``owned``."""

    owner: str
    owned: str
    share: Decimal


@dataclass(frozen=True, slots=True)
class OwnershipRule:
    """A rule of one law on ownership by listed parties.

    Attributes
    ----------
    id : str
    jurisdiction : str
    lists : tuple of str
        The lists whose parties count.
    threshold : Decimal
        Share from which (``inclusive``) or above which ownership counts.
    inclusive, aggregate, cascade : bool
        Whether the threshold itself counts; whether shares of several listed owners are added; whether a
        company that counts makes its own holdings count.
    effect, citation : str
    valid : tuple of Interval
        Days on which it applies.
    status : Status
    """

    id: str
    jurisdiction: str
    lists: tuple[str, ...]
    threshold: Decimal
    inclusive: bool
    aggregate: bool
    cascade: bool
    effect: str
    citation: str
    valid: tuple[Interval, ...]
    status: Status
    unknown_from: date | None = None

    def reaches(self, share: Decimal) -> bool:
        """Tell whether a share counts."""
        return share >= self.threshold if self.inclusive else share > self.threshold

    def in_force(self, on: date) -> bool | None:
        """Tell whether the rule applies on a day; None where its renewal is not known."""
        if self.unknown_from is not None and on >= self.unknown_from:
            return None
        return any(on in days for days in self.valid)


@dataclass(frozen=True, slots=True)
class Reached:
    """A party that counts as listed: the share that made it so, and the owners whose shares were added."""

    party: str
    share: Decimal
    owners: tuple[Holding, ...]
    round: int


def reached(rule: OwnershipRule, listed: Iterable[str], holdings: Sequence[Holding]) -> Mapping[str, Reached]:
    """Give the parties that count as listed through ownership, beyond those that are listed.

    Parameters
    ----------
    rule : OwnershipRule
    listed : iterable of str
    holdings : sequence of Holding

    Raises
    ------
    InputError
        A share is not in ``[0, 1]``, or holdings of one company sum to more than the whole.
    """
    by_owned = _by_owned(holdings)
    named = frozenset(listed)
    counting = set(named)
    found: dict[str, Reached] = {}
    number = 0
    while True:
        number += 1
        new = {}
        for owned, several in by_owned.items():
            if owned in counting:
                continue
            holders = [one for one in several if one.owner in counting and one.owner != owned]
            shares = [one.share for one in holders]
            share = sum(shares, Decimal(0)) if rule.aggregate else max(shares, default=Decimal(0))
            if holders and rule.reaches(share):
                kept = holders if rule.aggregate else [one for one in holders if one.share == share]
                new[owned] = Reached(owned, share, tuple(kept), number)
        found |= new
        if not rule.cascade or not new:
            return found
        counting |= new.keys()


def _by_owned(holdings: Sequence[Holding]) -> dict[str, list[Holding]]:
    by_owned: dict[str, list[Holding]] = {}
    for one in holdings:
        if not 0 <= one.share <= 1:
            raise InputError(
                f"{one.owner} is said to hold {one.share} of {one.owned}",
                hint="give shares as fractions between 0 and 1",
                where="ownership",
            )
        by_owned.setdefault(one.owned, []).append(one)
    for owned, several in by_owned.items():
        total = sum((one.share for one in several), Decimal(0))
        if total > 1:
            raise InputError(
                f"the holdings of {owned} sum to {total}", hint="state each holding once", where="ownership"
            )
    return by_owned


@cache
def ownership_rules() -> Mapping[str, OwnershipRule]:
    """Give the rules that ship, by id."""
    text = (files("openward") / "determine/control/ownership.yaml").read_text(encoding="utf-8")
    document = yaml.load(text, Loader=yaml.CSafeLoader)
    return {row["id"]: _rule(row) for row in document["rules"]}


def ownership_rule(rule_id: str) -> OwnershipRule:
    """Give a rule.

    Raises
    ------
    UnknownCodeError
        There is none of that id.
    """
    found = ownership_rules().get(rule_id)
    if found is None:
        raise UnknownCodeError(
            f"no ownership rule {rule_id!r}", hint="one of " + ", ".join(ownership_rules())
        )
    return found


def _rule(row: Mapping[str, object]) -> OwnershipRule:
    values = dict(row)
    spans = values.pop("valid")
    assert isinstance(spans, list)
    return OwnershipRule(
        id=str(values["id"]),
        jurisdiction=str(values["jurisdiction"]),
        lists=tuple(str(one) for one in _listed(values["lists"])),
        threshold=Decimal(str(values["threshold"])),
        inclusive=values["inclusive"] is True,
        aggregate=values["aggregate"] is True,
        cascade=values["cascade"] is True,
        effect=str(values["effect"]),
        citation=str(values["citation"]),
        valid=tuple(Interval(span["from"], span.get("to")) for span in spans),
        status=Status(str(values.get("status", "official"))),
        unknown_from=_day(values.get("unknown_from")),
    )


def _listed(value: object) -> list[object]:
    assert isinstance(value, list)
    return value


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None

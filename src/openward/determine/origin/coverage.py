"""How much of a scheme can be decided, and from what: an honest count."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from openward.determine.origin.rule import (
    Allowance,
    AnotherGood,
    ByGood,
    Leaf,
    MaterialsObtained,
    MaxForeign,
    MaxForeignWeight,
    MinRegional,
    Named,
    Noted,
    Process,
    Proviso,
    Rule,
    Selection,
    Shift,
    leaves,
)
from openward.determine.origin.scheme import Scheme


class Decidable(StrEnum):
    """What a rule can be decided from."""

    BILL = "from the bill"
    FACTS = "with named facts"
    UNREAD = "unread"


@dataclass(frozen=True, slots=True)
class Coverage:
    """Counts of one scheme.

    ``bill``: codes, origins, values and weights decide. ``facts``: the structure is read, and a process, a
    condition
    or what a material is must be stated. ``unread``: the text is kept whole and stands or falls with one
    statement.
    """

    scheme: str
    ranges: int
    rules: int
    bill: int
    facts: int
    unread: int

    @property
    def share_bill(self) -> float:
        """Share of rules that the bill of materials alone decides."""
        return self.bill / self.rules if self.rules else 0.0

    @property
    def share_read(self) -> float:
        """Share of rules whose text is resolved into a tree."""
        return (self.bill + self.facts) / self.rules if self.rules else 0.0

    def row(self) -> dict[str, str | int]:
        """Give the row of a table."""
        return {
            "scheme": self.scheme,
            "ranges": self.ranges,
            "rules": self.rules,
            "from the bill": self.bill,
            "with named facts": self.facts,
            "unread": self.unread,
            "bill %": f"{100 * self.share_bill:.1f}",
            "read %": f"{100 * self.share_read:.1f}",
        }


def decidable(rule: Rule) -> Decidable:
    """Say what a rule can be decided from."""
    kinds = {_leaf(leaf) for leaf in leaves(rule)}
    if Decidable.UNREAD in kinds:
        return Decidable.UNREAD
    if Decidable.FACTS in kinds or _told_apart(rule):
        return Decidable.FACTS
    return Decidable.BILL


def _told_apart(rule: Rule) -> bool:
    return isinstance(rule, ByGood) or (isinstance(rule, Noted) and _told_apart(rule.rule))


def _leaf(leaf: Leaf) -> Decidable:
    match leaf:
        case Proviso(_, unread):
            return Decidable.UNREAD if unread else Decidable.FACTS
        case Process():
            return Decidable.FACTS
        case Shift():
            return _shift(leaf)
        case Allowance(shift, _, of):
            return max(_shift(shift), _selected(of), key=list(Decidable).index)
        case (
            MaterialsObtained(of) | MaxForeign(_, _, of) | MaxForeignWeight(_, of) | MinRegional(_, _, _, of)
        ):
            return _selected(of)
        case _:
            return Decidable.BILL


def _selected(of: Selection) -> Decidable:
    return Decidable.FACTS if of.description or of.excluding_description else Decidable.BILL


def _shift(shift: Shift) -> Decidable:
    worded = any(
        isinstance(s, AnotherGood) or (isinstance(s, Named) and s.description) for s in shift.sources
    )
    barred = any(each.description or each.when for each in shift.excepting)
    return Decidable.FACTS if worded or barred else Decidable.BILL


def coverage(scheme: Scheme) -> Coverage:
    """Count the rules of a scheme as published, one by one."""
    kinds = [decidable(rule) for entry in scheme.entries for rule in entry.read]
    count = {kind: kinds.count(kind) for kind in Decidable}
    return Coverage(
        scheme.name,
        len(scheme.entries),
        len(kinds),
        count[Decidable.BILL],
        count[Decidable.FACTS],
        count[Decidable.UNREAD],
    )


def total(rows: Iterable[Coverage]) -> Coverage:
    """Add up the counts of several schemes."""
    held = list(rows)
    return Coverage(
        "all",
        sum(r.ranges for r in held),
        sum(r.rules for r in held),
        sum(r.bill for r in held),
        sum(r.facts for r in held),
        sum(r.unread for r in held),
    )
